// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/ptx/DeclarationParser.h"

#include "compiler/ptx/Expressions.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/ADT/bit.h"
#include "llvm/Support/MathExtras.h"

using namespace llvm;

namespace acc::ptx {

unsigned bytes_of_type(const std::string& type) {
    return StringSwitch<unsigned>(type)
        .Cases({"b8", "u8", "s8", "e4m3", "e5m2"}, 1)
        .Cases({"b16", "u16", "s16", "f16", "bf16", "e4m3x2", "e5m2x2"}, 2)
        .Cases({"b32", "u32", "s32", "f32", "f16x2", "bf16x2", "tf32"}, 4)
        .Cases({"b64", "u64", "s64", "f64"}, 8)
        .Case("b128", 16)
        .Default(0);
}

uint64_t Variable::element_bytes() const {
    return uint64_t{bytes_of_type(type)} * vector;
}

namespace {

constexpr uint64_t kMostBytes = uint64_t{1} << 36;
constexpr uint64_t kMostInitialBytes = uint64_t{1} << 30; // of a variable that begins as anything
constexpr uint64_t kMostParameterBytes = 32764;           // of a launch
constexpr size_t kMostDimensions = 16;

std::string at(const Cursor& cursor) {
    return " at '" + cursor.rest().trim().take_front(40).str() + "'";
}

std::string integer(Cursor& cursor, uint64_t& value) {
    Operand constant;
    if (!is_constant(cursor)) return "expected a number" + at(cursor);
    if (std::string error = parse_constant(cursor, constant); !error.empty()) return error;
    if (constant.kind != Operand::Integer) return "expected an integer, not " + constant.name;
    value = uint64_t(constant.integer);
    return {};
}

bool linkage_of(StringRef word, Linkage& linkage) {
    static constexpr std::pair<const char*, Linkage> rows[] = {{".visible", Linkage::Visible},
                                                               {".extern", Linkage::Extern},
                                                               {".weak", Linkage::Weak},
                                                               {".common", Linkage::Common}};
    for (auto [name, value] : rows)
        if (word == name) {
            linkage = value;
            return true;
        }
    return false;
}

bool space_of(StringRef word, Space& space) {
    static constexpr std::pair<const char*, Space> rows[] = {{".global", Space::Global},
                                                             {".const", Space::Const},
                                                             {".shared", Space::Shared},
                                                             {".local", Space::Local},
                                                             {".param", Space::Param}};
    for (auto [name, value] : rows)
        if (word == name) {
            space = value;
            return true;
        }
    return false;
}

class VariableParser {
  public:
    explicit VariableParser(Cursor& cursor) : cursor_(cursor) {}

    /// Everything before the name.
    std::string head(Variable& variable, bool& is_register) {
        bool space = false;
        while (variable.type.empty()) {
            StringRef word = cursor_.word();
            Operand ignored;
            if (linkage_of(word, variable.linkage)) continue;
            if (!space && (space_of(word, variable.space) || word == ".reg")) {
                is_register = word == ".reg";
                space = true;
            } else if (word == ".align") {
                if (std::string error = alignment(variable.alignment); !error.empty()) return error;
            } else if (word == ".v2" || word == ".v4" || word == ".v8") {
                variable.vector = unsigned(word[2] - '0');
            } else if (word == ".attribute") {
                if (std::string error = attribute(variable); !error.empty()) return error;
            } else if (StringRef type = word;
                       type.consume_front(".") && (bytes_of_type(type.str()) || type == "pred")) {
                variable.type = type.str();
            } else {
                return word.empty() ? "expected a type" + at(cursor_)
                                    : "'" + word.str() + "' is not supported in a declaration";
            }
        }
        return {};
    }

    /// Behind a parameter's type: .ptr .global .align 16
    std::string pointer() {
        while (cursor_.peek().starts_with(".")) {
            StringRef word = cursor_.word();
            uint64_t ignored = 0;
            Space space;
            if (word == ".align") {
                if (std::string error = alignment(ignored); !error.empty()) return error;
            } else if (word != ".ptr" && !space_of(word, space)) {
                return "'" + word.str() + "' is not supported in a parameter";
            }
        }
        return {};
    }

    std::string name(Variable& variable) {
        StringRef word = cursor_.word();
        if (word.empty() || isDigit(word[0]) || word[0] == '.')
            return "expected a name" + at(cursor_);
        // Dots are our own functions' and LLVM's.
        if (word.contains('.')) return "'" + word.str() + "' is no name";
        variable.name = word.str();
        SmallVector<uint64_t> dimensions;
        while (cursor_.consume('[')) {
            uint64_t size = 0;
            if (dimensions.size() == kMostDimensions) return "too many dimensions";
            if (cursor_.starts_with(']'))
                variable.unsized = true;
            else if (std::string error = integer(cursor_, size); !error.empty())
                return error;
            if (!cursor_.consume(']')) return "expected ']'" + at(cursor_);
            dimensions.push_back(size);
        }
        if (std::string error = count(variable, dimensions); !error.empty()) return error;
        if (!cursor_.consume("=", "==")) return {};
        if (std::string error = initialiser(variable, dimensions); !error.empty()) return error;
        return {};
    }

  private:
    std::string alignment(uint64_t& value) {
        if (std::string error = integer(cursor_, value); !error.empty()) return error;
        if (!isPowerOf2_64(value) || value > 4096)
            return "an alignment must be a power of two, at most 4096";
        return {};
    }

    std::string attribute(Variable& variable) {
        if (!cursor_.consume('(')) return "expected '(' after .attribute";
        StringRef what = cursor_.word();
        if (what != ".managed") return "the attribute '" + what.str() + "' is not supported";
        variable.managed = true;
        return cursor_.consume(')') ? std::string() : "expected ')'" + at(cursor_);
    }

    std::string count(Variable& variable, ArrayRef<uint64_t> dimensions) {
        if (dimensions.empty()) return {};
        uint64_t total = 1;
        for (uint64_t size : dimensions) {
            if (size && total > kMostBytes / size) return "the array is too large";
            total *= size;
        }
        if (total > kMostBytes / std::max<uint64_t>(variable.element_bytes(), 1))
            return "the array is too large";
        variable.count = total;
        return {};
    }

    std::string initialiser(Variable& variable, SmallVector<uint64_t> dimensions) {
        if (variable.vector > 1) dimensions.push_back(variable.vector);
        // x[] = {...} takes its size from the list.
        const bool open = variable.unsized && dimensions.size() == 1;
        if (variable.unsized && !open) return "only the size of a plain list may be left out";
        if (open) dimensions[0] = kMostInitialBytes;
        if (!open && variable.bytes() > kMostInitialBytes)
            return "'" + variable.name + "' is too large to have an initial value";
        next_ = 0;
        uint64_t most = 1;
        for (uint64_t size : dimensions)
            most *= size;
        if (std::string error = values(variable, dimensions, most); !error.empty()) return error;
        if (!open) return {};
        variable.unsized = false;
        variable.count = next_;
        return {};
    }

    /// A list for the outermost of the dimensions, or a value. Shorter lists leave zeros, which
    /// take no room here; missing inner braces are as in C.
    std::string values(Variable& variable, ArrayRef<uint64_t> dimensions, uint64_t most) {
        if (dimensions.empty() || !cursor_.consume('{')) return value(variable, most);
        const uint64_t start = next_;
        uint64_t inner = 1;
        for (uint64_t size : dimensions.drop_front())
            inner *= size;
        const uint64_t room = inner * dimensions[0];
        while (!cursor_.consume('}')) {
            const uint64_t before = next_;
            const bool braces = cursor_.starts_with('{');
            if (std::string error = values(variable, dimensions.drop_front(), most); !error.empty())
                return error;
            if (braces && dimensions.size() > 1) next_ = before + inner;
            if (next_ - start > room)
                return "the initialiser has more values than '" + variable.name + "'";
            if (!cursor_.consume(',') && !cursor_.starts_with('}'))
                return "expected ',' or '}' in the initialiser" + at(cursor_);
        }
        return {};
    }

    std::string value(Variable& variable, uint64_t most) {
        if (next_ >= most) return "the initialiser has more values than '" + variable.name + "'";
        Initial initial;
        initial.index = next_++;
        if (!is_constant(cursor_)) {
            if (std::string error = symbol(initial); !error.empty()) return error;
        } else {
            Operand constant;
            if (std::string error = parse_constant(cursor_, constant); !error.empty()) return error;
            if (std::string error = bits_of(constant, variable.type, initial.bits); !error.empty())
                return error;
            if (cursor_.consume('(')) { // 0xFF00(symbol)
                initial.mask = initial.bits;
                initial.bits = 0;
                if (std::string error = symbol(initial); !error.empty()) return error;
                if (!cursor_.consume(')')) return "expected ')'" + at(cursor_);
            }
        }
        variable.initials.push_back(std::move(initial));
        return {};
    }

    /// x, x + 4, generic(x), generic(x) + 4
    std::string symbol(Initial& initial) {
        StringRef word = cursor_.word();
        if (word == "generic") {
            if (!cursor_.consume('(')) return "expected '(' after generic";
            initial.is_generic = true;
            word = cursor_.word();
            if (!cursor_.consume(')')) return "expected ')'" + at(cursor_);
        }
        if (word.empty()) return "expected a value" + at(cursor_);
        initial.symbol = word.str();
        const bool plus = cursor_.consume('+');
        if (!plus && !cursor_.starts_with('-')) return {};
        return integer(cursor_, initial.bits);
    }

    /// Types and constants that go together, as ptxas has them.
    static std::string bits_of(const Operand& constant, StringRef type, uint64_t& bits) {
        const bool integer = constant.kind == Operand::Integer;
        const bool real = type == "f32" || type == "f64";
        const bool words = type == "b32" || type == "b64";
        const bool narrow = !real && bytes_of_type(type.str()) &&
                            !StringRef("usb").contains(type[0]);
        if (narrow || type.starts_with("bf") || (integer ? real : !real && !words))
            return "the constant " + constant.name + " cannot be the value of a '." + type.str() +
                   "' variable";
        bits = integer ? uint64_t(constant.integer) : constant.float_bits;
        if (integer) return {};
        if (constant.is_double && type.ends_with("32"))
            bits = bit_cast<uint32_t>(float(bit_cast<double>(bits)));
        if (!constant.is_double && type == "f64")
            bits = bit_cast<uint64_t>(double(bit_cast<float>(uint32_t(bits))));
        return {};
    }

    Cursor& cursor_;
    uint64_t next_ = 0; ///< the element that the next value is of
};

} // namespace

std::string parse_registers(Cursor& cursor, Scopes& scopes) {
    const std::string bad = "bad register declaration";
    unsigned vector = 1;
    StringRef type = cursor.word();
    if (type == ".v2" || type == ".v4") {
        vector = unsigned(type[2] - '0');
        type = cursor.word();
    }
    if (!type.consume_front(".") || type.empty()) return bad;
    do {
        uint64_t count = 0;
        StringRef name = cursor.word();
        if (name.empty() || isDigit(name[0])) return bad;
        if (cursor.consume('<')) {
            if (cursor.word().getAsInteger(10, count) || !count || !cursor.consume('>')) return bad;
        }
        if (std::string error = scopes.declare(type, name, count, vector); !error.empty())
            return error;
    } while (cursor.consume(','));
    return {};
}

bool is_variable(Cursor cursor) {
    Space space;
    Linkage linkage;
    for (StringRef word; !(word = cursor.word()).empty();) {
        if (space_of(word, space)) return true;
        if (!linkage_of(word, linkage)) return false;
    }
    return false;
}

std::string parse_variables(Cursor& cursor, std::vector<Variable>& variables) {
    VariableParser parser(cursor);
    Variable head;
    bool is_register = false;
    if (std::string error = parser.head(head, is_register); !error.empty()) return error;
    if (is_register || head.type == "pred") return "a variable cannot have this type";
    do {
        variables.push_back(head);
        if (std::string error = parser.name(variables.back()); !error.empty()) return error;
    } while (cursor.consume(','));
    return {};
}

std::string parse_parameters(Cursor& cursor, std::vector<Parameter>& parameters) {
    constexpr size_t kMost = 4096;
    uint64_t bytes = 0;
    if (!cursor.consume('(') || cursor.consume(')')) return {};
    do {
        if (parameters.size() == kMost) return "too many parameters";
        VariableParser parser(cursor);
        Parameter& parameter = parameters.emplace_back();
        Variable& variable = parameter.variable;
        variable.space = Space::Param;
        if (std::string error = parser.head(variable, parameter.is_register); !error.empty())
            return error;
        if (std::string error = parser.pointer(); !error.empty()) return error;
        if (variable.space != Space::Param) return "a parameter must be .param or .reg";
        if (variable.type == "pred") return "a predicate cannot be a parameter";
        if (std::string error = parser.name(variable); !error.empty()) return error;
        if (!variable.initials.empty()) return "a parameter cannot have an initialiser";
        bytes = alignTo(bytes, variable.align()) + variable.bytes();
        if (bytes > kMostParameterBytes)
            return "more than " + std::to_string(kMostParameterBytes) + " bytes of parameters";
    } while (cursor.consume(','));
    return cursor.consume(')') ? std::string() : "expected ')'" + at(cursor);
}

std::string parse_prototype(Cursor& cursor, Signature& signature) {
    if (std::string error = parse_parameters(cursor, signature.results); !error.empty())
        return error;
    if (cursor.word().empty()) return "expected '_'" + at(cursor);
    if (std::string error = parse_parameters(cursor, signature.parameters); !error.empty())
        return error;
    signature.no_return = cursor.peek() == ".noreturn";
    if (signature.no_return) cursor.word();
    return {};
}

} // namespace acc::ptx
