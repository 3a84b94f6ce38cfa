// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/frontend/PtxText.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringExtras.h"

#include <cstring>

using namespace llvm;

namespace acc::frontend::ptx {
namespace {

bool is_name(char c) {
    return isAlnum(c) || c == '_' || c == '%' || c == '.';
}

/// Removes // and /* */ comments.
std::string strip_comments(StringRef text) {
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
        if (i < text.size()) result += text[i];
    }
    return result;
}

class StatementParser {
  public:
    explicit StatementParser(StringRef text) : rest_(text) {}

    std::string parse(Statement& statement) {
        statement.text = rest_.trim().str();
        if (consume('@')) {
            Operand guard;
            if (std::string error = operand(guard); !error.empty()) return error;
            statement.guard = guard;
        }
        StringRef opcode = word();
        if (opcode.empty()) return "expected an instruction at '" + rest_.str() + "'";
        SmallVector<StringRef> parts;
        opcode.split(parts, '.', -1, false);
        statement.opcode = parts[0].str();
        for (StringRef part : drop_begin(parts))
            statement.modifiers.push_back(part.str());
        // ::cta and the like belong to the modifier in front.
        while (rest_.starts_with("::")) {
            rest_ = rest_.drop_front(2);
            StringRef more = word();
            SmallVector<StringRef> pieces;
            more.split(pieces, '.', -1, false);
            for (auto [i, piece] : enumerate(pieces))
                if (i == 0 && !statement.modifiers.empty())
                    statement.modifiers.back() += ("::" + piece).str();
                else
                    statement.modifiers.push_back(piece.str());
        }
        while (!rest_.trim().empty()) {
            Operand parsed;
            if (std::string error = operand(parsed); !error.empty()) return error;
            statement.operands.push_back(parsed);
            if (!consume(',') && !rest_.trim().empty())
                return "expected ',' at '" + rest_.str() + "'";
        }
        return {};
    }

  private:
    bool consume(char c) {
        rest_ = rest_.ltrim();
        if (!rest_.starts_with(StringRef(&c, 1))) return false;
        rest_ = rest_.drop_front();
        return true;
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

    std::string list(Operand& result, char end) {
        do {
            Operand part;
            if (std::string error = operand(part); !error.empty()) return error;
            result.parts.push_back(part);
        } while (consume(','));
        return consume(end) ? std::string() : std::string("expected '") + end + "'";
    }

    std::string operand(Operand& result) {
        std::string error = primary(result);
        if (error.empty() && consume('|')) {
            Operand pair, second;
            pair.kind = Operand::Pair;
            error = primary(second);
            pair.parts = {result, second};
            result = pair;
        }
        return error;
    }

    std::string primary(Operand& result) {
        if (consume('!')) result.negated = true;
        if (consume('[')) {
            result.kind = Operand::Address;
            return address(result);
        }
        if (consume('{')) {
            result.kind = Operand::Vector;
            return list(result, '}');
        }
        if (consume('$')) {
            result.kind = Operand::Asm;
            bool braces = consume('{'); // ${0:h}: modifiers do not matter here
            if (rest_.consumeInteger(10, result.index))
                return "expected an operand number after '$'";
            if (braces) rest_ = rest_.drop_front(std::min(rest_.find('}') + 1, rest_.size()));
            return {};
        }
        bool minus = consume('-');
        rest_ = rest_.ltrim();
        if (!rest_.empty() && isDigit(rest_[0])) return number(result, minus);
        StringRef name = word();
        if (name.empty() || minus) return "expected an operand at '" + rest_.str() + "'";
        result.kind = name == "_" ? Operand::Discard : Operand::Register;
        result.name = name.str();
        return {};
    }

    std::string address(Operand& result) {
        Operand base;
        if (std::string error = primary(base); !error.empty()) return error;
        result.parts.push_back(base);
        if (consume('+')) {
            Operand offset;
            if (std::string error = primary(offset); !error.empty()) return error;
            if (offset.kind == Operand::Asm)
                result.parts.push_back(offset);
            else
                result.integer = offset.integer;
        }
        return consume(']') ? std::string() : std::string("expected ']'");
    }

    std::string number(Operand& result, bool minus) {
        StringRef text = word();
        if (text.size() == 10 && (text.starts_with("0f") || text.starts_with("0F"))) {
            result.kind = Operand::Float;
            return text.drop_front(2).getAsInteger(16, result.float_bits)
                       ? "bad number '" + text.str() + "'"
                       : std::string();
        }
        if (text.size() == 18 && (text.starts_with("0d") || text.starts_with("0D"))) {
            result.kind = Operand::Float;
            result.is_double = true;
            return text.drop_front(2).getAsInteger(16, result.float_bits)
                       ? "bad number '" + text.str() + "'"
                       : std::string();
        }
        if (text.contains('.')) {
            double value;
            if (text.getAsDouble(value)) return "bad number '" + text.str() + "'";
            value = minus ? -value : value;
            result.kind = Operand::Float;
            result.is_double = true;
            memcpy(&result.float_bits, &value, sizeof value);
            return {};
        }
        uint64_t value;
        text.consume_back("U");
        if (text.getAsInteger(0, value)) return "bad number '" + text.str() + "'";
        result.kind = Operand::Integer;
        result.integer = minus ? -int64_t(value) : int64_t(value);
        return {};
    }

    StringRef rest_;
};

/// .reg .u32 a, b<4>
std::string parse_declaration(StringRef text, Program& program) {
    StringRef type, names;
    std::tie(type, names) = text.trim().split(' ');
    type = type.trim();
    SmallVector<StringRef> list;
    names.split(list, ',');
    for (StringRef name : list) {
        Declaration declaration;
        declaration.type = type.drop_front(type.starts_with(".")).str();
        name = name.trim();
        size_t angle = name.find('<');
        if (angle != StringRef::npos &&
            name.drop_front(angle + 1).drop_back().getAsInteger(10, declaration.count))
            return "bad register declaration '" + text.str() + "'";
        declaration.name = name.take_front(angle).str();
        if (declaration.name.empty()) return "bad register declaration '" + text.str() + "'";
        program.registers.push_back(declaration);
    }
    return {};
}

} // namespace

bool Statement::has(StringRef modifier) const {
    return is_contained(modifiers, modifier);
}

std::string parse(StringRef raw, Program& program) {
    std::string text = strip_comments(raw);
    // Scopes { } only limit names; vectors use braces too, so that only braces at the edges of
    // statements are dropped.
    SmallVector<StringRef> pieces;
    StringRef(text).split(pieces, ';');
    for (StringRef piece : pieces) {
        piece = piece.trim();
        while (piece.starts_with("{") || piece.starts_with("}"))
            piece = piece.drop_front().trim();
        if (piece.empty()) continue;
        if (piece.consume_front(".reg")) {
            if (std::string error = parse_declaration(piece, program); !error.empty()) return error;
            continue;
        }
        std::string unescaped;
        for (size_t i = 0; i < piece.size(); ++i) {
            unescaped += piece[i];
            if (piece[i] == '$' && i + 1 < piece.size() && piece[i + 1] == '$') ++i;
        }
        Statement statement;
        std::string error = StatementParser(unescaped).parse(statement);
        if (!error.empty()) return "in '" + piece.str() + "': " + error;
        program.statements.push_back(statement);
    }
    return {};
}

} // namespace acc::frontend::ptx
