// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/ptx/StatementParser.h"

#include "compiler/ptx/Expressions.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"

using namespace llvm;

namespace acc::ptx {
namespace {

constexpr size_t kMostParts = 4096;

} // namespace

std::string StatementParser::expected(const char* what) const {
    return std::string("expected ") + what + " at '" + cursor_.rest().trim().str() + "'";
}

std::string StatementParser::parse(Statement& statement) {
    statement.scope = scopes_.current();
    if (cursor_.consume('@')) {
        Operand guard;
        if (std::string error = simple(guard); !error.empty()) return error;
        statement.guard = guard;
    }
    StringRef opcode = cursor_.word();
    if (opcode.empty()) return expected("an instruction");
    split(opcode, statement);
    while (!cursor_.at_end()) {
        Operand parsed;
        if (std::string error = operand(parsed, statement.opcode); !error.empty()) return error;
        statement.operands.push_back(std::move(parsed));
        if (!cursor_.consume(',')) {
            if (cursor_.at_end()) return {};
            return expected("','");
        }
        if (cursor_.at_end()) return "expected an operand after ','";
    }
    return {};
}

/// shared::cta and the like are one modifier.
void StatementParser::split(StringRef opcode, Statement& statement) {
    SmallVector<StringRef> parts;
    opcode.split(parts, '.', -1, false);
    statement.opcode = parts.empty() ? opcode.str() : parts[0].str();
    if (!parts.empty())
        for (StringRef part : drop_begin(parts))
            statement.modifiers.push_back(part.str());
    while (cursor_.rest().starts_with(":")) {
        cursor_.advance(cursor_.rest().starts_with("::") ? 2 : 1);
        SmallVector<StringRef> pieces;
        cursor_.word().split(pieces, '.', -1, false);
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

std::string StatementParser::operand(Operand& result, StringRef opcode) {
    if (cursor_.consume('[')) return address(result);
    if (cursor_.consume('{')) {
        result.kind = Operand::Vector;
        if (std::string error = list(result, '}'); !error.empty()) return error;
        return pair(result);
    }
    if (opcode == "call" && cursor_.consume('(')) {
        result.kind = Operand::List;
        return cursor_.consume(')') ? std::string() : list(result, ')');
    }
    // Before a name it is no part of a number.
    if (opcode == "vmad" && cursor_.starts_with('-')) {
        const StringRef next = cursor_.rest().drop_front().ltrim();
        if (!next.empty() && !isDigit(next.front())) result.minus = cursor_.consume('-');
    }
    if (std::string error = simple(result); !error.empty()) return error;
    if (result.kind == Operand::Special || result.kind == Operand::Variable) { // x + 4
        Operand added;
        if (std::string error = distance(added); !error.empty()) return error;
        if (added.kind != Operand::Integer && added.kind != Operand::Special)
            return "'" + added.name + "' cannot be added to '" + result.name + "'";
        result.integer = added.integer;
    }
    return pair(result);
}

/// What may follow an operand: | and a second one.
std::string StatementParser::pair(Operand& result) {
    if (!cursor_.consume('|')) return {};
    Operand pair;
    pair.kind = Operand::Pair;
    pair.parts.resize(2);
    std::string error = simple(pair.parts[1]);
    pair.parts[0] = std::move(result);
    result = std::move(pair);
    return error;
}

std::string StatementParser::list(Operand& result, char end) {
    do {
        if (result.parts.size() == kMostParts) return "too many operands in one list";
        result.parts.emplace_back();
        if (std::string error = simple(result.parts.back()); !error.empty()) return error;
    } while (cursor_.consume(','));
    return cursor_.consume(end) ? std::string() : std::string("expected '") + end + "'";
}

std::string StatementParser::address(Operand& result) {
    result.kind = Operand::Address;
    result.parts.resize(2);
    result.parts[1].kind = Operand::Integer;
    if (std::string error = simple(result.parts[0]); !error.empty()) return error;
    if (cursor_.consume(',')) return image(result);
    if (std::string error = distance(result.parts[1]); !error.empty()) return error;
    return cursor_.consume(']') ? std::string() : std::string("expected ']'");
}

/// What follows [object,
std::string StatementParser::image(Operand& result) {
    result.kind = Operand::Image;
    result.parts.pop_back(); // no offset
    do {
        if (result.parts.size() == kMostParts) return "too many operands in one list";
        result.parts.emplace_back();
        Operand& part = result.parts.back();
        const bool several = cursor_.consume('{');
        if (several) part.kind = Operand::Vector;
        std::string error = several ? list(part, '}') : simple(part);
        if (!error.empty()) return error;
    } while (cursor_.consume(','));
    return cursor_.consume(']') ? std::string() : std::string("expected ']'");
}

/// + or - and a constant, or nothing. [r+%0] with an "n" operand is an address, too.
std::string StatementParser::distance(Operand& result) {
    const bool plus = cursor_.consume('+');
    if (!plus && !cursor_.starts_with('-')) return {};
    if (plus && !is_constant(cursor_)) return simple(result);
    return parse_constant(cursor_, result);
}

/// $3, a name or a constant.
std::string StatementParser::simple(Operand& result) {
    if (cursor_.consume('!')) result.negated = true;
    if (!cursor_.dollar() && cursor_.consume('$')) return asm_operand(result);
    if (is_constant(cursor_)) return parse_constant(cursor_, result);
    return named(result);
}

std::string StatementParser::named(Operand& result) {
    StringRef name = cursor_.word();
    if (name.empty()) return expected("an operand");
    result.name = name.str();
    if (name == "_") {
        result.kind = Operand::Discard;
        return {};
    }
    if (scopes_.find(name, result)) return {};
    const auto [base, parts] = name.rsplit('.');
    Operand whole;
    if (selector(whole, parts) && scopes_.find(base, whole)) {
        whole.name = base.str();
        result = std::move(whole);
        return {};
    }
    result.kind = Operand::Special;
    return {};
}

/// b0 to b3, h0, h1 of words; digits for each of two halves (0 to 3) or four bytes (0 to 7).
bool StatementParser::selector(Operand& result, StringRef text) {
    const bool bytes = text.starts_with("b");
    const StringRef digits = text.drop_front(std::min<size_t>(text.size(), 1));
    if ((!bytes && !text.starts_with("h")) || digits.empty() || digits.size() > (bytes ? 4u : 2u) ||
        digits.find_first_not_of(bytes ? "01234567" : "0123") != StringRef::npos)
        return false;
    result.selector = text.str();
    return true;
}

/// $0 or ${0:x}, whose letter chooses a spelling that does not matter here.
std::string StatementParser::asm_operand(Operand& result) {
    result.kind = Operand::Asm;
    const bool braces = cursor_.consume('{');
    StringRef digits = cursor_.rest().take_while(isDigit);
    if (digits.empty() || digits.getAsInteger(10, result.index))
        return "expected an operand number after '%'";
    cursor_.advance(digits.size());
    if (braces) {
        size_t end = cursor_.rest().find('}');
        if (end == StringRef::npos) return "expected '}' after the operand number";
        cursor_.advance(end + 1);
    }
    if (cursor_.rest().starts_with(".")) {
        const StringRef parts = cursor_.word().drop_front();
        if (!selector(result, parts)) return "'." + parts.str() + "' selects no part of an operand";
    }
    result.name = "%" + std::to_string(result.index);
    return {};
}

} // namespace acc::ptx
