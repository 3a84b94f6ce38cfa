// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/ptx/Expressions.h"

#include <cstring>

using namespace llvm;

namespace acc::ptx {
namespace {

constexpr unsigned kDeepest = 64;

/// A number with its type: .u64 or .s64.
struct Number {
    uint64_t bits = 0;
    bool is_unsigned = false;
};

struct Operator {
    const char* text;
    const char* unless; ///< is the start of this one instead
    int rank;
};
constexpr Operator kOperators[] = {
    {"||", "", 1}, {"&&", "", 2}, {"==", "", 6}, {"!=", "", 6}, {"<<", "", 8}, {">>", "", 8},
    {"<=", "", 7}, {">=", "", 7}, {"<", "", 7},  {">", "", 7},  {"|", "", 3},  {"^", "", 4},
    {"&", "", 5},  {"+", "", 9},  {"-", "", 9},  {"*", "", 10}, {"/", "", 10}, {"%", "", 10},
};

struct Problem {
    std::string text;
};

class Evaluator {
  public:
    explicit Evaluator(Cursor& cursor) : cursor_(cursor) {}

    Number conditional(unsigned depth) {
        check(depth);
        Number condition = binary(1, depth);
        if (!cursor_.consume('?')) return condition;
        Number yes = conditional(depth + 1);
        if (!cursor_.consume(':')) throw Problem{"expected ':'"};
        Number no = conditional(depth + 1);
        return condition.bits ? yes : no;
    }

  private:
    static void check(unsigned depth) {
        if (depth > kDeepest) throw Problem{"the expression nests too deeply"};
    }

    const Operator* next() {
        cursor_.skip();
        for (const Operator& one : kOperators)
            if (cursor_.rest().starts_with(one.text)) return &one;
        return nullptr;
    }

    Number binary(int rank, unsigned depth) {
        check(depth);
        Number left = unary(depth + 1);
        for (const Operator* op; (op = next()) && op->rank >= rank;) {
            // name|p and the like are no expressions; a number is followed by one.
            cursor_.consume(StringRef(op->text));
            left = apply(op->text, left, binary(op->rank + 1, depth + 1));
        }
        return left;
    }

    static Number apply(StringRef op, Number a, Number b) {
        const bool is_unsigned = a.is_unsigned || b.is_unsigned;
        const auto sa = int64_t(a.bits), sb = int64_t(b.bits);
        auto number = [&](uint64_t bits) { return Number{bits, is_unsigned}; };
        auto truth = [](bool value) { return Number{value, false}; };
        const bool less = is_unsigned ? a.bits < b.bits : sa < sb;
        if (op == "+") return number(a.bits + b.bits);
        if (op == "-") return number(a.bits - b.bits);
        if (op == "*") return number(a.bits * b.bits);
        if (op == "&") return number(a.bits & b.bits);
        if (op == "|") return number(a.bits | b.bits);
        if (op == "^") return number(a.bits ^ b.bits);
        if (op == "<") return truth(less);
        if (op == ">=") return truth(!less);
        if (op == ">") return truth(!less && a.bits != b.bits);
        if (op == "<=") return truth(less || a.bits == b.bits);
        if (op == "==") return truth(a.bits == b.bits);
        if (op == "!=") return truth(a.bits != b.bits);
        if (op == "&&") return truth(a.bits && b.bits);
        if (op == "||") return truth(a.bits || b.bits);
        if (op == "<<") return {b.bits < 64 ? a.bits << b.bits : 0, a.is_unsigned};
        if (op == ">>") {
            const uint64_t amount = std::min<uint64_t>(b.bits, 63);
            if (!a.is_unsigned) return {uint64_t(sa >> amount), false};
            return {b.bits < 64 ? a.bits >> b.bits : 0, true};
        }
        if (b.bits == 0) throw Problem{"division by zero"};
        if (is_unsigned) return number(op == "/" ? a.bits / b.bits : a.bits % b.bits);
        if (sb == -1) return number(op == "/" ? 0 - a.bits : 0);
        return number(uint64_t(op == "/" ? sa / sb : sa % sb));
    }

    Number unary(unsigned depth) {
        check(depth);
        if (cursor_.consume('-')) {
            Number value = unary(depth + 1);
            return {0 - value.bits, value.is_unsigned};
        }
        if (cursor_.consume('+')) return unary(depth + 1);
        if (cursor_.consume('~')) {
            Number value = unary(depth + 1);
            return {~value.bits, value.is_unsigned};
        }
        if (cursor_.consume("!", "!=")) return {unary(depth + 1).bits == 0, false};
        if (!cursor_.consume('(')) return literal();
        for (const char* type : {".s64", ".u64"})
            if (cursor_.peek() == type) {
                cursor_.word();
                if (!cursor_.consume(')')) throw Problem{"expected ')'"};
                return {unary(depth + 1).bits, type[1] == 'u'};
            }
        Number value = conditional(depth + 1);
        if (!cursor_.consume(')')) throw Problem{"expected ')'"};
        return value;
    }

    Number literal() {
        StringRef word = cursor_.word();
        if (word == "WARP_SZ") return {32, false};
        StringRef text = word;
        const bool is_unsigned = text.consume_back("U");
        Number result;
        result.is_unsigned = is_unsigned;
        if (text.empty() || text.getAsInteger(0, result.bits))
            throw Problem{"bad number '" + word.str() + "'"};
        result.is_unsigned |= int64_t(result.bits) < 0;
        return result;
    }

    Cursor& cursor_;
};

/// 0f3F800000, 0d..., 1.5, 1e-3; false when it is no number of floating point.
bool parse_float(Cursor& cursor, Operand& result) {
    Cursor at = cursor;
    const bool minus = at.consume('-');
    at.skip();
    StringRef start = at.rest(), text = at.word();
    if (text.empty() || (!isDigit(text[0]) && text[0] != '.')) return false;
    StringRef head = text.take_front(2);
    const bool single = text.size() == 10 && head.equals_insensitive("0f");
    const bool twice = text.size() == 18 && head.equals_insensitive("0d");
    result.kind = Operand::Float;
    if (single || twice) {
        result.is_double = twice;
        if (text.drop_front(2).getAsInteger(16, result.float_bits)) return false;
        if (minus) result.float_bits ^= uint64_t{1} << (twice ? 63 : 31);
    } else {
        const bool other_base = head.equals_insensitive("0x") || head.equals_insensitive("0b");
        // The sign in 1.5e-3 belongs to the number.
        if (!other_base && (text.ends_with("e") || text.ends_with("E")) &&
            (at.rest().starts_with("-") || at.rest().starts_with("+"))) {
            at.advance(1);
            text = start.take_front(text.size() + 1 + at.word().size());
        }
        double value;
        if (other_base || text.find_first_of(".eE") == StringRef::npos || text.getAsDouble(value))
            return false;
        value = minus ? -value : value;
        result.is_double = true;
        memcpy(&result.float_bits, &value, sizeof value);
    }
    result.name = text.str();
    cursor = at;
    return true;
}

} // namespace

bool is_constant(Cursor cursor) {
    cursor.skip();
    StringRef rest = cursor.rest();
    if (rest.empty()) return false;
    return isDigit(rest[0]) || StringRef("-+~(").contains(rest[0]) ||
           (rest[0] == '.' && rest.size() > 1 && isDigit(rest[1]));
}

std::string parse_constant(Cursor& cursor, Operand& result) {
    cursor.skip();
    const StringRef start = cursor.rest();
    if (parse_float(cursor, result)) return {};
    try {
        result.kind = Operand::Integer;
        result.integer = int64_t(Evaluator(cursor).conditional(0).bits);
    } catch (const Problem& problem) {
        return problem.text;
    }
    result.name = start.drop_back(cursor.rest().size()).str();
    return {};
}

} // namespace acc::ptx
