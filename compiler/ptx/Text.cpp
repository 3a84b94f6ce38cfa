// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/ptx/Text.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringMap.h"

#include <cstring>

using namespace llvm;

namespace acc::ptx {
namespace {

/// Statements and registers of one asm text; more is no program but an attack on memory.
constexpr size_t kLargestText = size_t{1} << 20;
constexpr size_t kMostRegisters = size_t{1} << 16;
constexpr size_t kMostScopes = 64;

bool is_name(char c) {
    return isAlnum(c) || c == '_' || c == '%' || c == '.';
}

/// Without // and /* */ comments, and with one '%' for two: clang leaves "%%" in statements without
/// operands, nvcc does not.
std::string strip(StringRef text) {
    std::string result;
    for (size_t i = 0; i < text.size(); ++i) {
        if (text.substr(i).starts_with("//")) {
            i = std::min(text.find('\n', i), text.size());
        } else if (text.substr(i).starts_with("/*")) {
            size_t end = text.find("*/", i + 2);
            if (end == StringRef::npos) break;
            i = end + 1;
            result += ' ';
            continue;
        }
        if (i < text.size() && !(text[i] == '%' && result.ends_with('%'))) result += text[i];
    }
    return result;
}

/// The registers that a name means, innermost scope last.
class Scopes {
  public:
    explicit Scopes(Program& program) : program_(program) { open(); }

    void open() { scopes_.emplace_back(); }
    bool close() {
        if (scopes_.size() == 1) return false;
        scopes_.pop_back();
        return true;
    }
    size_t depth() const { return scopes_.size() - 1; }

    /// `name` or, when count is not 0, name0 ... name<count - 1>.
    std::string declare(StringRef type, StringRef name, uint64_t count) {
        Family family{unsigned(program_.registers.size()), count};
        if (program_.registers.size() + std::max<uint64_t>(count, 1) > kMostRegisters ||
            count > kMostRegisters)
            return "too many registers";
        if (!scopes_.back().try_emplace(name, family).second)
            return "register '" + name.str() + "' is declared twice";
        if (count == 0) program_.registers.push_back({type.str(), name.str()});
        for (uint64_t i = 0; i < count; ++i)
            program_.registers.push_back({type.str(), name.str() + std::to_string(i)});
        return {};
    }

    std::optional<unsigned> find(StringRef name) const {
        StringRef stem = name.rtrim("0123456789");
        for (const StringMap<Family>& scope : reverse(scopes_)) {
            auto whole = scope.find(name);
            if (whole != scope.end() && whole->second.count == 0) return whole->second.first;
            // name12 of name<20>: the digits may be partly the stem's.
            for (size_t length = stem.size(); length < name.size(); ++length) {
                auto family = scope.find(name.take_front(length));
                StringRef digits = name.drop_front(length);
                uint64_t number;
                if (family == scope.end() || (digits.size() > 1 && digits[0] == '0') ||
                    digits.getAsInteger(10, number) || number >= family->second.count)
                    continue;
                return family->second.first + unsigned(number);
            }
        }
        return std::nullopt;
    }

  private:
    struct Family {
        unsigned first;
        uint64_t count;
    };
    Program& program_;
    std::vector<StringMap<Family>> scopes_;
};

/// One statement, without its semicolon. Operands do not nest further than vectors and addresses of
/// simple operands, so that no input makes this recursive.
class StatementParser {
  public:
    StatementParser(StringRef text, const Scopes& scopes) : rest_(text), scopes_(scopes) {}

    std::string parse(Statement& statement) {
        if (consume('@')) {
            Operand guard;
            if (std::string error = simple(guard); !error.empty()) return error;
            statement.guard = guard;
        }
        StringRef opcode = word();
        if (opcode.empty()) return "expected an instruction at '" + rest_.str() + "'";
        if (consume(':') && !rest_.starts_with(":"))
            return "the label '" + opcode.str() + "': labels and branches are not supported";
        split(opcode, statement);
        while (!rest_.trim().empty()) {
            Operand parsed;
            if (std::string error = operand(parsed); !error.empty()) return error;
            statement.operands.push_back(parsed);
            if (!consume(',')) {
                if (rest_.trim().empty()) return {};
                return "expected ',' at '" + rest_.str() + "'";
            }
            if (rest_.trim().empty()) return "expected an operand after ','";
        }
        return {};
    }

  private:
    /// shared::cta and the like are one modifier.
    void split(StringRef opcode, Statement& statement) {
        SmallVector<StringRef> parts;
        opcode.split(parts, '.', -1, false);
        statement.opcode = parts.empty() ? opcode.str() : parts[0].str();
        if (!parts.empty())
            for (StringRef part : drop_begin(parts))
                statement.modifiers.push_back(part.str());
        while (rest_.consume_front(":")) {
            rest_.consume_front(":");
            SmallVector<StringRef> pieces;
            word().split(pieces, '.', -1, false);
            std::string& last = statement.modifiers.empty() ? statement.opcode
                                                            : statement.modifiers.back();
            last += "::";
            for (auto [i, piece] : enumerate(pieces))
                if (i == 0)
                    last += piece.str();
                else
                    statement.modifiers.push_back(piece.str());
        }
    }

    bool consume(char c) {
        rest_ = rest_.ltrim();
        return rest_.consume_front(StringRef(&c, 1));
    }

    StringRef word() {
        rest_ = rest_.ltrim();
        size_t length = 0;
        while (length < rest_.size() && is_name(rest_[length]))
            ++length;
        StringRef result = rest_.take_front(length);
        rest_ = rest_.drop_front(length);
        return result;
    }

    std::string operand(Operand& result) {
        if (consume('[')) return address(result);
        if (consume('{')) return vector(result);
        if (std::string error = simple(result); !error.empty()) return error;
        if (!consume('|')) return {};
        Operand pair;
        pair.kind = Operand::Pair;
        pair.parts.resize(2);
        std::string error = simple(pair.parts[1]);
        pair.parts[0] = result;
        result = pair;
        return error;
    }

    std::string vector(Operand& result) {
        result.kind = Operand::Vector;
        do {
            result.parts.emplace_back();
            if (std::string error = simple(result.parts.back()); !error.empty()) return error;
        } while (consume(','));
        return consume('}') ? std::string() : std::string("expected '}'");
    }

    std::string address(Operand& result) {
        result.kind = Operand::Address;
        result.parts.resize(2);
        result.parts[1].kind = Operand::Integer;
        if (std::string error = simple(result.parts[0]); !error.empty()) return error;
        bool plus = consume('+');
        bool minus = !plus && rest_.ltrim().starts_with("-");
        if (plus || minus)
            if (std::string error = simple(result.parts[1]); !error.empty()) return error;
        return consume(']') ? std::string() : std::string("expected ']'");
    }

    /// $3, a name or a number.
    std::string simple(Operand& result) {
        if (consume('!')) result.negated = true;
        if (consume('$')) return asm_operand(result);
        bool minus = consume('-');
        rest_ = rest_.ltrim();
        if (!rest_.empty() && (isDigit(rest_[0]) || rest_[0] == '.')) return number(result, minus);
        StringRef name = word();
        if (name.empty() || minus) return "expected an operand at '" + rest_.str() + "'";
        result.name = name.str();
        if (name == "_") {
            result.kind = Operand::Discard;
        } else if (std::optional<unsigned> found = scopes_.find(name)) {
            result.kind = Operand::Register;
            result.index = *found;
        } else {
            result.kind = Operand::Special;
        }
        return {};
    }

    /// $0 or ${0:x}, whose letter chooses a spelling that does not matter here.
    std::string asm_operand(Operand& result) {
        result.kind = Operand::Asm;
        bool braces = consume('{');
        if (rest_.empty() || !isDigit(rest_[0]) || rest_.consumeInteger(10, result.index))
            return "expected an operand number after '%'";
        if (braces) {
            size_t end = rest_.find('}');
            if (end == StringRef::npos) return "expected '}' after the operand number";
            rest_ = rest_.drop_front(end + 1);
        }
        if (rest_.starts_with("."))
            return "selectors of operands ('" + word().str() + "') are not supported";
        result.name = "%" + std::to_string(result.index);
        return {};
    }

    std::string number(Operand& result, bool minus) {
        StringRef start = rest_;
        StringRef text = word();
        StringRef lower = text.take_front(2);
        bool hex = lower.equals_insensitive("0x");
        // 1.5e-3: the sign belongs to the number.
        if (!hex && (text.ends_with("e") || text.ends_with("E")) && !rest_.empty() &&
            (rest_[0] == '-' || rest_[0] == '+')) {
            rest_ = rest_.drop_front();
            StringRef exponent = word();
            text = start.take_front(text.size() + 1 + exponent.size());
        }
        result.name = text.str();
        std::string bad = "bad number '" + text.str() + "'";
        bool single = text.size() == 10 && lower.equals_insensitive("0f");
        bool twice = text.size() == 18 && lower.equals_insensitive("0d");
        if (single || twice) {
            result.kind = Operand::Float;
            result.is_double = twice;
            if (text.drop_front(2).getAsInteger(16, result.float_bits)) return bad;
            if (minus) result.float_bits ^= uint64_t{1} << (twice ? 63 : 31);
            return {};
        }
        if (!hex && (text.contains('.') || text.contains('e') || text.contains('E'))) {
            double value;
            if (text.getAsDouble(value)) return bad;
            value = minus ? -value : value;
            result.kind = Operand::Float;
            result.is_double = true;
            memcpy(&result.float_bits, &value, sizeof value);
            return {};
        }
        uint64_t value;
        text.consume_back("U");
        if (text.getAsInteger(0, value)) return bad;
        result.kind = Operand::Integer;
        result.integer = int64_t(minus ? 0 - value : value);
        return {};
    }

    StringRef rest_;
    const Scopes& scopes_;
};

/// .reg .u32 a, b<4>
std::string parse_registers(StringRef text, Scopes& scopes) {
    std::string bad = "bad register declaration";
    text = text.ltrim();
    size_t length = text.find_first_of(" \t\r\n");
    StringRef type = text.take_front(length);
    if (!type.consume_front(".") || length == StringRef::npos) return bad;
    if (type.starts_with("v2") || type.starts_with("v4"))
        return "registers of a vector type are not supported";
    SmallVector<StringRef> list;
    text.drop_front(length).split(list, ',');
    for (StringRef name : list) {
        uint64_t count = 0;
        name = name.trim();
        if (size_t angle = name.find('<'); angle != StringRef::npos) {
            StringRef number = name.drop_front(angle + 1);
            if (!number.consume_back(">") || number.trim().getAsInteger(10, count) || !count)
                return bad;
            name = name.take_front(angle).trim();
        }
        if (name.empty() || isDigit(name[0]) || !all_of(name, is_name)) return bad;
        if (std::string error = scopes.declare(type, name, count); !error.empty()) return error;
    }
    return {};
}

std::string parse_statement(StringRef piece, Scopes& scopes, Program& program) {
    if (piece.consume_front(".reg")) return parse_registers(piece, scopes);
    if (piece.starts_with(".")) return "this directive is not supported";
    Statement statement;
    statement.text = as_written(piece);
    if (std::string error = StatementParser(piece, scopes).parse(statement); !error.empty())
        return error;
    program.statements.push_back(std::move(statement));
    return {};
}

} // namespace

std::string as_written(StringRef text) {
    std::string result;
    for (size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '$') {
            result += text[i];
        } else if (i + 1 < text.size() && text[i + 1] == '$') {
            result += '$';
            ++i;
        } else {
            result += '%';
        }
    }
    return result;
}

std::string parse(StringRef raw, Program& program) {
    if (raw.size() > kLargestText) return "the text is longer than 1 MiB";
    std::string text = strip(raw);
    StringRef rest = StringRef(text).trim();
    Scopes scopes(program);
    while (!rest.empty()) {
        // A brace where a statement may begin is a scope; elsewhere it is a vector's.
        bool opens = rest.consume_front("{");
        if (opens || rest.consume_front("}")) {
            if (opens && scopes.depth() == kMostScopes) return "scopes nest too deeply";
            if (opens)
                scopes.open();
            else if (!scopes.close())
                return "a '}' without its '{'";
            rest = rest.ltrim();
            continue;
        }
        size_t end = rest.find(';');
        StringRef piece = rest.take_front(end).trim();
        rest = rest.drop_front(std::min(end, rest.size() - 1) + 1).ltrim();
        if (end == StringRef::npos) { // the last ';' may be missing before the end of scopes
            rest = {};
            while (piece.ends_with("}") && count(piece, '{') < count(piece, '}')) {
                piece = piece.drop_back().rtrim();
                if (!scopes.close()) return "a '}' without its '{'";
            }
        }
        if (piece.empty()) continue;
        if (std::string error = parse_statement(piece, scopes, program); !error.empty())
            return "'" + as_written(piece) + "': " + error;
    }
    return scopes.depth() == 0 ? std::string() : "a '{' without its '}'";
}

} // namespace acc::ptx
