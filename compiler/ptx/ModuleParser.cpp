// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/ptx/ModuleParser.h"

#include "compiler/ptx/BodyParser.h"
#include "compiler/ptx/DeclarationParser.h"
#include "compiler/ptx/Expressions.h"

using namespace llvm;

namespace acc::ptx {
namespace {

constexpr size_t kMostStatements = size_t{1} << 24; // of one function

/// Comments become blanks; lines stay where they are.
std::string without_comments(StringRef text) {
    std::string result(text);
    for (size_t i = 0; i + 1 < result.size();) {
        StringRef rest = StringRef(result).substr(i);
        size_t end = i + 1;
        if (rest.starts_with("//"))
            end = std::min(result.find('\n', i), result.size());
        else if (rest.starts_with("/*"))
            end = std::min(result.find("*/", i + 2), result.size() - 2) + 2;
        else if (rest.starts_with("\""))
            end = std::min(result.find('"', i + 1), result.size() - 1) + 1;
        if (!rest.starts_with("\""))
            for (size_t at = end - i > 1 ? i : end; at < end; ++at)
                if (result[at] != '\n') result[at] = ' ';
        i = end;
    }
    return result;
}

class ModuleParser {
  public:
    ModuleParser(StringRef text, ModuleSink& sink) : cursor_(text, true), sink_(sink) {}

    void run() {
        while (!cursor_.at_end()) {
            StringRef directive = cursor_.peek();
            if (cursor_.consume(';')) continue;
            if (!seen_version_ && directive != ".version")
                fail("a module must begin with .version");
            if (!header(directive)) item(directive);
        }
        if (!seen_version_) fail("there is nothing in the module; it must begin with .version");
    }

  private:
    // ---- places

    /// Of what comes next.
    unsigned line() {
        cursor_.skip();
        return line_here();
    }
    unsigned line_here() {
        const char* here = cursor_.rest().begin();
        line_ += unsigned(StringRef(counted_, size_t(here - counted_)).count('\n'));
        counted_ = here;
        return line_;
    }
    [[noreturn]] void fail(const std::string& text) { throw Problem{line_here(), text}; }
    void check(const std::string& error) {
        if (!error.empty()) fail(error);
    }
    void expect(char c) {
        if (!cursor_.consume(c))
            fail(std::string("expected '") + c + "' at '" +
                 cursor_.rest().take_front(30).split('\n').first.str() + "'");
    }

    uint64_t integer() {
        Operand value;
        if (!is_constant(cursor_)) fail("expected a number");
        check(parse_constant(cursor_, value));
        if (value.kind != Operand::Integer) fail("expected an integer, not " + value.name);
        return uint64_t(value.integer);
    }

    StringRef string() {
        expect('"');
        size_t end = cursor_.rest().find('"');
        if (end == StringRef::npos) fail("a string without its end");
        StringRef text = cursor_.rest().take_front(end);
        cursor_.advance(end + 1);
        return text;
    }

    // ---- directives that say what the module is

    /// False when it is none of them.
    bool header(StringRef directive) {
        if (directive == ".version")
            version();
        else if (directive == ".target")
            target();
        else if (directive == ".address_size")
            address_size();
        else if (directive == ".file")
            file();
        else if (directive == ".section")
            section();
        else if (directive == ".pragma")
            pragma();
        else
            return false;
        return true;
    }

    void version() {
        cursor_.word();
        StringRef number = cursor_.word();
        unsigned major = 0, minor = 0;
        auto [before, after] = number.split('.');
        if (before.getAsInteger(10, major) || after.getAsInteger(10, minor))
            fail("'" + number.str() + "' is no version of PTX");
        if (major < 1 || major > 9)
            fail("version " + number.str() + " of PTX is not known here, 1.0 to 9.9 are");
        seen_version_ = true;
    }

    void target() {
        cursor_.word();
        do {
            StringRef name = cursor_.word();
            if (name != "debug" && name != "map_f64_to_f32" && !name.starts_with("texmode_") &&
                !name.starts_with("sm_") && !name.starts_with("compute_"))
                fail("the target '" + name.str() + "' is not known");
        } while (cursor_.consume(','));
    }

    void address_size() {
        cursor_.word();
        if (integer() != 64) fail("addresses must have 64 bits");
    }

    /// .file 1 "x.cu"[, time, size]
    void file() {
        cursor_.word();
        const unsigned number = unsigned(integer());
        sink_.file(number, string());
        while (cursor_.consume(','))
            integer();
    }

    /// DWARF that PTX carries along: lines come from .loc.
    void section() {
        cursor_.word();
        cursor_.word();
        expect('{');
        size_t end = cursor_.rest().find('}');
        if (end == StringRef::npos) fail("a section without its '}'");
        cursor_.advance(end + 1);
    }

    void pragma() {
        cursor_.word();
        do
            string();
        while (cursor_.consume(','));
        expect(';');
    }

    // ---- variables and functions

    void item(StringRef directive) {
        if (is_variable(cursor_)) {
            const unsigned at = line();
            std::vector<Variable> variables;
            check(parse_variables(cursor_, variables));
            expect(';');
            for (Variable& variable : variables) {
                variable.line = at;
                sink_.variable(variable);
            }
            return;
        }
        if (directive == ".alias") {
            cursor_.word();
            StringRef name = cursor_.word();
            expect(',');
            sink_.alias(name, cursor_.word());
            expect(';');
            return;
        }
        function();
    }

    void function() {
        FunctionHead head;
        head.line = line();
        StringRef word;
        while (word = cursor_.word(), word != ".entry" && word != ".func")
            if (word == ".visible")
                head.linkage = Linkage::Visible;
            else if (word == ".extern")
                head.linkage = Linkage::Extern;
            else if (word == ".weak")
                head.linkage = Linkage::Weak;
            else if (word.empty())
                fail("expected a directive at '" +
                     cursor_.rest().take_front(30).split('\n').first.str() + "'");
            else
                fail("the directive '" + word.str() + "' is not supported here");
        head.is_entry = word == ".entry";
        while (cursor_.peek() == ".attribute") { // .unified: an address that other devices share
            cursor_.word();
            expect('(');
            cursor_.advance(std::min(cursor_.rest().find(')'), cursor_.rest().size()));
            expect(')');
        }
        if (!head.is_entry) check(parse_parameters(cursor_, head.signature.results));
        head.name = cursor_.word().str();
        if (head.name.empty() || head.name[0] == '.') fail("expected the function's name");
        // Dots are our own functions' and LLVM's.
        if (StringRef(head.name).contains('.')) fail("'" + head.name + "' is no name");
        check(parse_parameters(cursor_, head.signature.parameters));
        while (cursor_.peek().starts_with("."))
            bound(head);
        if (cursor_.consume(';')) return sink_.function(head, nullptr);
        Program body;
        this->body(head, body);
        sink_.function(head, &body);
    }

    void dimensions(std::array<uint64_t, 3>& values) {
        for (uint64_t& value : values) {
            value = integer();
            if (!cursor_.consume(',')) return;
        }
        fail("more than three dimensions");
    }

    void bound(FunctionHead& head) {
        LaunchBounds& bounds = head.bounds;
        StringRef word = cursor_.word();
        if (word == ".maxntid")
            dimensions(bounds.max_threads);
        else if (word == ".reqntid")
            dimensions(bounds.required_threads);
        else if (word == ".reqnctapercluster")
            dimensions(bounds.cluster);
        else if (word == ".minnctapersm" || word == ".maxnctapersm")
            (word[2] == 'i' ? bounds.min_blocks : ignored_) = integer();
        else if (word == ".maxnreg")
            bounds.max_registers = integer();
        else if (word == ".maxclusterrank")
            bounds.max_cluster = integer();
        else if (word == ".abi_preserve" || word == ".abi_preserve_control")
            integer();
        else if (word == ".noreturn")
            head.signature.no_return = true;
        else if (word == ".pragma") {
            do
                string();
            while (cursor_.consume(','));
            expect(';');
        } else if (word != ".explicitcluster" && word != ".unique" && word != ".blocksareclusters")
            fail("the directive '" + word.str() + "' is not supported here");
    }

    // ---- bodies

    /// .loc 1 23 5[, function_name $L, inlined_at 1 2 3]
    void place() {
        cursor_.word();
        place_.file = unsigned(integer());
        place_.line = unsigned(integer());
        place_.column = unsigned(integer());
        while (cursor_.consume(',')) {
            StringRef word = cursor_.word();
            if (word == "function_name") {
                cursor_.word();
                if (cursor_.consume('+')) integer();
            } else if (word == "inlined_at") {
                for (int i = 0; i < 3; ++i)
                    integer();
            } else {
                fail("'" + word.str() + "' is not supported in .loc");
            }
        }
    }

    void body(const FunctionHead& head, Program& program) {
        expect('{');
        place_ = {};
        Scopes scopes(program);
        parameters(head, scopes);
        while (true) {
            parse_labels(cursor_, scopes, program);
            if (cursor_.at_end()) fail("the function '" + head.name + "' has no '}'");
            if (cursor_.consume('{')) {
                if (!scopes.open()) fail("scopes nest too deeply");
            } else if (cursor_.consume('}')) {
                if (!scopes.close()) return;
            } else if (cursor_.peek() == ".loc") {
                place();
            } else if (cursor_.peek() == ".file") {
                file();
            } else {
                piece(scopes, program);
            }
        }
    }

    void piece(Scopes& scopes, Program& program) {
        const unsigned at = line();
        const size_t end = cursor_.rest().find(';');
        if (end == StringRef::npos) fail("expected ';'");
        if (program.statements.size() == kMostStatements) fail("the function is too long");
        StringRef text = cursor_.rest().take_front(end);
        std::string error = parse_piece({text, true, at, place_}, scopes, program);
        if (!error.empty()) fail("'" + text.rtrim().str() + "': " + error);
        cursor_.advance(end + 1);
    }

    /// Names of parameters are variables, or registers, of the function: results first.
    void parameters(const FunctionHead& head, Scopes& scopes) {
        for (const auto* list : {&head.signature.results, &head.signature.parameters})
            for (const Parameter& parameter : *list)
                check(parameter.is_register
                          ? scopes.declare(parameter.variable.type, parameter.variable.name, 0)
                          : scopes.declare(parameter.variable));
    }

    Cursor cursor_;
    ModuleSink& sink_;
    const char* counted_ = cursor_.rest().begin(); ///< where lines are counted to
    unsigned line_ = 1;
    Place place_;
    uint64_t ignored_ = 0;
    bool seen_version_ = false;
};

} // namespace

void parse_module_text(StringRef text, ModuleSink& sink) {
    // Strings of the driver API end with a zero byte.
    std::string plain = without_comments(text.take_until([](char c) { return c == 0; }));
    ModuleParser(plain, sink).run();
}

} // namespace acc::ptx
