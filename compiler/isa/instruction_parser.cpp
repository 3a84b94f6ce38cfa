// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The parser follows the row: once the mnemonic is known, every operand's place and kind is. It
// stops at the first mistake.
#include "compiler/isa/instruction_parser.h"

#include <bit>
#include <charconv>
#include <unordered_map>

#include "compiler/isa/decode.h"
#include "compiler/isa/syntax.h"

namespace acc::isa {
namespace {

const std::unordered_map<std::string_view, const RowInfo*>& mnemonics() {
    static const auto* map = [] {
        auto* result = new std::unordered_map<std::string_view, const RowInfo*>;
        for (const RowInfo& row : kRows)
            result->emplace(row.mnemonic, &row);
        return result;
    }();
    return *map;
}

class Parser {
  public:
    Parser(std::span<const Token> tokens, uint64_t pc, const Labels& labels)
        : tokens_(tokens), pc_(pc), labels_(labels) {}

    ParsedInst run() {
        const bool ok = peek().text == ".word" ? raw_word() : instruction();
        if (!ok) return {false, {}, error_};
        return {true, word_, {}};
    }

  private:
    // ---- tokens
    const Token& peek() const { return tokens_[at_]; }
    const Token& take() { return tokens_[at_ + 1 < tokens_.size() ? at_++ : at_]; }
    bool accept(char punct) {
        if (!peek().is(punct)) return false;
        take();
        return true;
    }
    bool fail(const Token& where, std::string message) {
        error_.column = where.column;
        error_.message = where.kind == TokenKind::Bad ? std::string(where.text)
                                                      : std::move(message);
        return false;
    }
    bool fail(std::string message) { return fail(peek(), std::move(message)); }
    bool expect(char punct) {
        return accept(punct) || fail(std::string("expected '") + punct + "'");
    }
    bool expect_end() {
        return peek().kind == TokenKind::End || fail("expected the end of the instruction");
    }

    // ---- the whole
    bool raw_word() {
        take();
        uint64_t lo = 0, hi = 0;
        if (!unsigned_integer(lo) || !expect(',') || !unsigned_integer(hi)) return false;
        word_ = {lo, hi};
        return expect_end();
    }

    bool instruction() {
        const Token& start = peek();
        if (!guard() || !mnemonic() || !numbers() || !destinations()) return false;
        for (const OperandInfo& operand : row_->operands())
            if (!operand.is_out && !source(operand)) return false;
        if (!expect_end()) return false;
        if (!row_->has(kWide64)) set(word_, Field::mods, mods_);
        const Validity validity = validate(word_);
        return validity.ok() || fail(start, explain(word_, validity));
    }

    bool guard() {
        set(word_, Field::guard, kTruePred);
        if (!accept('@')) return true;
        set(word_, Field::gneg, accept('!'));
        unsigned n = 0;
        if (!predicate(n)) return false;
        set(word_, Field::guard, n);
        return true;
    }

    // ---- mnemonic and modifiers
    bool mnemonic() {
        if (peek().kind != TokenKind::Name) return fail("expected an instruction");
        const Token token = take();
        std::string_view name = token.text;
        for (;; name = name.substr(0, name.rfind('.'))) {
            if (const auto found = mnemonics().find(name); found != mnemonics().end()) {
                row_ = found->second;
                break;
            }
            if (name.rfind('.') == std::string_view::npos)
                return fail(token, "unknown instruction '" + std::string(token.text) + "'");
        }
        shape_ = shape_of(*row_);
        set(word_, Field::opcode, static_cast<uint64_t>(row_->opcode));
        return suffixes(token, token.text.substr(name.size()));
    }

    /// `rest` is empty or starts with the dot.
    bool suffixes(const Token& token, std::string_view rest) {
        uint32_t seen = 0;
        while (!rest.empty()) {
            rest.remove_prefix(1);
            const std::string_view suffix = rest.substr(0, rest.find('.'));
            rest.remove_prefix(suffix.size());
            if (!suffix_value(token, suffix, seen)) return false;
        }
        for (unsigned i = 0; i < row_->num_mods; ++i) {
            const ModInfo& mod = row_->mods()[i];
            if (!mod.numeric && *kModValues[mod.first_value] && !(seen >> i & 1))
                return fail(token,
                            std::string(row_->mnemonic) + " needs one of " + suffix_list(mod));
        }
        return true;
    }

    bool suffix_value(const Token& token, std::string_view suffix, uint32_t& seen) {
        for (unsigned i = 0; i < row_->num_mods; ++i) {
            const ModInfo& mod = row_->mods()[i];
            for (uint32_t value = 0; !mod.numeric && value <= mod.max; ++value) {
                if (suffix.empty() || kModValues[mod.first_value + value] != suffix) continue;
                if (seen >> i & 1)
                    return fail(token, "only one of " + suffix_list(mod) + " can be given");
                seen |= 1u << i;
                mods_ |= mod.field().of(value);
                return true;
            }
        }
        return fail(token, std::string(row_->mnemonic) + " has no modifier '." +
                               std::string(suffix) + "'");
    }

    static std::string suffix_list(const ModInfo& mod) {
        std::string list;
        for (uint32_t value = 0; value <= mod.max; ++value)
            if (const char* name = kModValues[mod.first_value + value]; *name)
                list += (list.empty() ? "." : ", .") + std::string(name);
        return list;
    }

    bool numbers() {
        if (!accept('{')) return true;
        uint32_t seen = 0;
        do {
            if (!number(seen)) return false;
        } while (accept(','));
        return expect('}');
    }

    bool number(uint32_t& seen) {
        const Token token = take();
        if (token.kind != TokenKind::Name)
            return fail(token, "expected the name of a numeric modifier");
        for (unsigned i = 0; i < row_->num_mods; ++i) {
            const ModInfo& mod = row_->mods()[i];
            if (!mod.numeric || &mod == shape_.scale || mod.name != token.text) continue;
            if (seen >> i & 1)
                return fail(token, "'" + std::string(token.text) + "' is given twice");
            seen |= 1u << i;
            return expect('=') && modifier_number(mod);
        }
        return fail(token, std::string(row_->mnemonic) + " has no numeric modifier '" +
                               std::string(token.text) + "'");
    }

    bool modifier_number(const ModInfo& mod) {
        const Token token = peek();
        uint64_t value = 0;
        if (!unsigned_integer(value)) return false;
        if (value > mod.max)
            return fail(token, std::string(mod.name) + " is at most " + std::to_string(mod.max));
        mods_ |= mod.field().of(static_cast<uint32_t>(value));
        return true;
    }

    // ---- operands
    bool separator() {
        if (!any_operand_) {
            any_operand_ = true;
            return true;
        }
        return expect(',');
    }

    bool destinations() {
        bool first = true;
        for (const OperandInfo& operand : row_->operands()) {
            if (!operand.is_out) continue;
            const bool predicate_out = operand.kind == OperandKind::PredOut;
            if (first ? !separator() : !accept('|')) {
                if (first) return false;
                set(word_, operand.field, kTruePred); // left out: discarded
                continue;
            }
            first = false;
            if (predicate_out ? !predicate_operand(operand) : !register_operand(operand))
                return false;
        }
        return true;
    }

    bool source(const OperandInfo& operand) {
        if (&operand == shape_.index || &operand == shape_.offset)
            return true; // read with the address
        if (&operand == shape_.optional_pred && peek().kind == TokenKind::End) {
            set(word_, operand.field, kTruePred);
            return true;
        }
        if (!separator()) return false;
        if (&operand == shape_.base) return address(operand);
        if (operand.kind == OperandKind::PredIn) {
            set(word_, operand.field == Field::ps ? Field::psneg : Field::pqneg, accept('!'));
            return predicate_operand(operand);
        }
        if (operand.kind == OperandKind::Imm) return immediate(operand);
        if (operand.imm == ImmKind::None || is_register(peek())) return register_operand(operand);
        if (get(word_, Field::form) != 0)
            return fail("an instruction has room for one immediate; this one already has it");
        set(word_, Field::form, imm_form(operand));
        return immediate(operand);
    }

    static bool is_register(const Token& token) {
        return token.kind == TokenKind::Name && token.text.size() > 1 && token.text[0] == 'r' &&
               (token.text == "rz" || (token.text[1] >= '0' && token.text[1] <= '9'));
    }

    bool register_operand(const OperandInfo& operand) {
        const Token token = take();
        unsigned n = kZeroReg;
        if (!is_register(token)) return fail(token, "expected a register (r0..r254, rz)");
        if (token.text != "rz") {
            const char* last = token.text.data() + token.text.size();
            const auto [end, error] = std::from_chars(token.text.data() + 1, last, n);
            if (error != std::errc() || end != last || n > kMaxReg)
                return fail(token,
                            "there is no register '" + std::string(token.text) + "': r0..r254, rz");
        }
        if (!valid_group(n, operand.regs)) {
            const std::string size = std::to_string(operand.regs);
            return fail(token, "r" + std::to_string(n) + " cannot start a group of " + size +
                                   " registers: a multiple of " + size +
                                   " that ends at r254 or before, or rz");
        }
        set(word_, operand.field, n);
        return true;
    }

    bool predicate(unsigned& n) {
        const Token token = take();
        if (token.kind == TokenKind::Name && token.text == "pt")
            n = kTruePred;
        else if (token.kind == TokenKind::Name && token.text.size() == 2 && token.text[0] == 'p' &&
                 token.text[1] >= '0' && token.text[1] <= '6')
            n = static_cast<unsigned>(token.text[1] - '0');
        else
            return fail(token, "expected a predicate (p0..p6, pt)");
        return true;
    }

    bool predicate_operand(const OperandInfo& operand) {
        unsigned n = 0;
        if (!predicate(n)) return false;
        set(word_, operand.field, n);
        return true;
    }

    /// [base], [base + index<<scale + offset], every part but the base may be missing.
    bool address(const OperandInfo& base) {
        if (!expect('[') || !register_operand(base)) return false;
        if (shape_.index) {
            set(word_, shape_.index->field, kZeroReg);
            if (peek().is('+') && at_ + 1 < tokens_.size() && is_register(tokens_[at_ + 1])) {
                take();
                if (!register_operand(*shape_.index) || !index_scale()) return false;
            }
        }
        int64_t offset = 0;
        if (peek().is('+') || peek().is('-')) {
            const bool negative = take().is('-');
            if (!integer_in_range(offset, INT32_MIN, INT32_MAX, negative)) return false;
        }
        set(word_, Field::imm, static_cast<uint64_t>(offset));
        return expect(']');
    }

    bool index_scale() { return !accept('<') || modifier_number(*shape_.scale); }

    // ---- immediates
    bool unsigned_integer(uint64_t& value) {
        const Token token = take();
        if (token.kind != TokenKind::Integer) return fail(token, "expected a number");
        value = token.integer;
        return true;
    }

    bool integer_in_range(int64_t& value, int64_t low, int64_t high, bool negative) {
        const Token token = peek();
        uint64_t magnitude = 0;
        if (!unsigned_integer(magnitude)) return false;
        const uint64_t limit = negative ? ~static_cast<uint64_t>(low) + 1
                                        : static_cast<uint64_t>(high);
        if (magnitude > limit) return fail(token, "the number does not fit in 32 bits");
        value = static_cast<int64_t>(negative ? ~magnitude + 1 : magnitude);
        return true;
    }

    bool immediate(const OperandInfo& operand) {
        switch (operand.imm) {
        case ImmKind::F32: return float_immediate<float>();
        case ImmKind::F64Hi: return float_immediate<double>();
        case ImmKind::SReg: return special_register();
        case ImmKind::PcRel: return target();
        case ImmKind::S64: return wide_immediate();
        case ImmKind::SExt64: return int_immediate(INT32_MAX);
        default: return int_immediate(UINT32_MAX);
        }
    }

    /// A hexadecimal number of 32 bits is a bit pattern for sign-extended immediates, too.
    bool int_immediate(int64_t high) {
        const bool negative = accept('-');
        int64_t value = 0;
        if (!integer_in_range(value, INT32_MIN, peek().hex ? UINT32_MAX : high, negative))
            return false;
        set(word_, Field::imm, static_cast<uint64_t>(value));
        return true;
    }

    bool wide_immediate() {
        if (peek().kind == TokenKind::Name) return label(word_.hi);
        const bool negative = accept('-');
        uint64_t value = 0;
        if (!unsigned_integer(value)) return false;
        word_.hi = negative ? ~value + 1 : value;
        return true;
    }

    template <typename T>
    bool float_immediate() {
        const bool negative = accept('-');
        const Token token = take();
        if (token.kind == TokenKind::Integer && token.hex && !negative &&
            token.integer <= UINT32_MAX) {
            set(word_, Field::imm, token.integer);
            return true;
        }
        if (token.kind != TokenKind::Float)
            return fail(token,
                        "expected a floating-point number such as 1.0, or its 32 bits as 0x...");
        T value = 0;
        const auto result = std::from_chars(token.text.data(),
                                            token.text.data() + token.text.size(), value);
        if (result.ec != std::errc()) return fail(token, "the number is out of range");
        return set_float(token, negative ? -value : value);
    }

    bool set_float(const Token&, float value) {
        set(word_, Field::imm, std::bit_cast<uint32_t>(value));
        return true;
    }
    bool set_float(const Token& token, double value) {
        const uint64_t bits = std::bit_cast<uint64_t>(value);
        if (bits & low_bits(32))
            return fail(token,
                        "this f64 needs more than its high word; an immediate has only that");
        set(word_, Field::imm, bits >> 32);
        return true;
    }

    bool special_register() {
        const Token token = take();
        for (const SpecialRegInfo& special : kSpecialRegs)
            if (token.kind == TokenKind::Name && token.text.starts_with("sr_") &&
                token.text.substr(3) == special.name) {
                set(word_, Field::imm, special.number);
                return true;
            }
        return fail(token, "expected a special register such as sr_tid_x");
    }

    bool target() {
        const Token token = peek();
        uint64_t address = 0;
        if (token.kind == TokenKind::Name ? !label(address) : !unsigned_integer(address))
            return false;
        const int64_t distance = static_cast<int64_t>(address - pc_ - kWordBytes);
        if (distance < INT32_MIN || distance > INT32_MAX)
            return fail(token, "the target is more than 2 GiB away");
        set(word_, Field::imm, static_cast<uint64_t>(distance));
        return true;
    }

    bool label(uint64_t& address) {
        const Token token = take();
        const auto found = labels_.find(token.text);
        if (found == labels_.end())
            return fail(token, "undefined label '" + std::string(token.text) + "'");
        address = found->second;
        if (peek().is('+') || peek().is('-')) {
            const bool negative = take().is('-');
            uint64_t offset = 0;
            if (!unsigned_integer(offset)) return false;
            address += negative ? ~offset + 1 : offset;
        }
        return true;
    }

    std::span<const Token> tokens_;
    size_t at_ = 0;
    uint64_t pc_;
    const Labels& labels_;
    const RowInfo* row_ = nullptr;
    Shape shape_;
    Word word_;
    uint32_t mods_ = 0;
    bool any_operand_ = false;
    AsmError error_;
};

} // namespace

ParsedInst parse_instruction(std::span<const Token> tokens, uint64_t pc, const Labels& labels) {
    return Parser(tokens, pc, labels).run();
}

} // namespace acc::isa
