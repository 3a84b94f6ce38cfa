// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/isa/disassemble.h"

#include <bit>
#include <charconv>
#include <cmath>
#include <cstdio>

#include "compiler/isa/syntax.h"

namespace acc::isa {
namespace {

std::string hex(uint64_t value) {
    char text[24];
    std::snprintf(text, sizeof text, "0x%llx", static_cast<unsigned long long>(value));
    return text;
}

std::string reg_name(unsigned n) {
    return n == kZeroReg ? "rz" : "r" + std::to_string(n);
}
std::string pred_name(unsigned n, bool negated = false) {
    return (negated ? "!" : "") + (n == kTruePred ? std::string("pt") : "p" + std::to_string(n));
}

/// Small numbers in decimal, bit patterns in hexadecimal.
std::string integer(int64_t value, bool wide = false) {
    if (value >= -65536 && value <= 65536) return std::to_string(value);
    return hex(wide ? static_cast<uint64_t>(value) : static_cast<uint32_t>(value));
}

/// A decimal that reads back to the same value and looks like a float; infinities and NaNs as
/// `bits`.
template <typename T>
std::string floating(T value, uint32_t bits) {
    if (!std::isfinite(value)) return hex(bits);
    char text[40];
    const auto end = std::to_chars(text, text + sizeof text, value).ptr;
    std::string result(text, end);
    if (result.find_first_of(".e") == std::string::npos) result += ".0";
    return result;
}

class Printer {
  public:
    Printer(const DecodedInst& inst, uint64_t pc, const Symbolizer& symbolize)
        : inst_(inst), row_(inst.row()), pc_(pc), symbolize_(symbolize), shape_(shape_of(row_)) {}

    std::string print() {
        if (inst_.guard != kTruePred || inst_.guard_negated)
            text_ += "@" + pred_name(inst_.guard, inst_.guard_negated) + " ";
        text_ += row_.mnemonic;
        print_suffixes();
        print_numbers();
        print_destinations();
        for (const DecodedOperand& operand : inst_.operands)
            if (!operand.info->is_out) print_source(operand);
        return text_ + comment_;
    }

  private:
    void print_suffixes() {
        for (const ModInfo& mod : row_.mods())
            if (!mod.numeric) {
                const char* suffix = kModValues[mod.first_value + mod.field().get(inst_.mods)];
                if (*suffix) text_ += std::string(".") + suffix;
            }
    }

    void print_numbers() {
        std::string list;
        for (const ModInfo& mod : row_.mods())
            if (const uint32_t value = mod.field().get(inst_.mods);
                mod.numeric && value != 0 && &mod != shape_.scale)
                list += (list.empty() ? "" : ", ") + std::string(mod.name) + "=" + integer(value);
        if (!list.empty()) text_ += "{" + list + "}";
    }

    void print_destinations() {
        bool first = true;
        for (const DecodedOperand& operand : inst_.operands) {
            if (!operand.info->is_out) continue;
            const bool predicate = operand.info->kind == OperandKind::PredOut;
            if (!first && predicate && operand.reg == kTruePred) continue;
            if (first)
                separate();
            else
                text_ += "|";
            text_ += predicate ? pred_name(operand.reg) : reg_name(operand.reg);
            first = false;
        }
    }

    void separate() {
        text_ += separated_ ? ", " : " ";
        separated_ = true;
    }

    void print_source(const DecodedOperand& operand) {
        const OperandInfo& info = *operand.info;
        if (&info == shape_.index || &info == shape_.offset) return; // inside the brackets
        if (&info == shape_.optional_pred && operand.reg == kTruePred && !operand.negated) return;
        separate();
        if (&info == shape_.base)
            print_address(operand);
        else if (operand.is_imm)
            print_immediate(operand);
        else if (info.kind == OperandKind::PredIn)
            text_ += pred_name(operand.reg, operand.negated);
        else
            text_ += reg_name(operand.reg);
    }

    void print_address(const DecodedOperand& base) {
        text_ += "[" + reg_name(base.reg);
        if (shape_.index) {
            const unsigned index = static_cast<unsigned>(get(inst_.word, shape_.index->field));
            const unsigned scale = shape_.scale->field().get(inst_.mods);
            if (index != kZeroReg || scale != 0) text_ += " + " + reg_name(index);
            if (scale != 0) text_ += "<<" + std::to_string(scale);
        }
        const int64_t offset = static_cast<int32_t>(get(inst_.word, Field::imm));
        if (offset != 0) text_ += (offset < 0 ? " - " : " + ") + std::to_string(std::abs(offset));
        text_ += "]";
    }

    void print_immediate(const DecodedOperand& operand) {
        const uint32_t bits = static_cast<uint32_t>(operand.imm);
        switch (operand.info->imm) {
        case ImmKind::F32: text_ += floating(std::bit_cast<float>(bits), bits); break;
        case ImmKind::F64Hi:
            text_ += floating(std::bit_cast<double>(uint64_t{bits} << 32), bits);
            break;
        case ImmKind::B32: text_ += hex(bits); break;
        case ImmKind::SReg: text_ += std::string("sr_") + kSpecialRegs[bits].name; break;
        case ImmKind::S64: text_ += integer(operand.imm, true); break;
        case ImmKind::PcRel:
            print_target(pc_ + kWordBytes + static_cast<uint64_t>(operand.imm));
            break;
        default: text_ += integer(operand.imm); break;
        }
    }

    void print_target(uint64_t target) {
        text_ += hex(target);
        const std::string name = symbolize_ ? symbolize_(target) : "";
        if (!name.empty()) comment_ = " // " + name;
    }

    const DecodedInst& inst_;
    const RowInfo& row_;
    uint64_t pc_;
    const Symbolizer& symbolize_;
    Shape shape_;
    std::string text_, comment_;
    bool separated_ = false;
};

} // namespace

std::string to_text(const DecodedInst& inst, uint64_t pc, const Symbolizer& symbolize) {
    return Printer(inst, pc, symbolize).print();
}

std::string disassemble(Word word, uint64_t pc, const Symbolizer& symbolize) {
    const DecodedInst inst = decode(word);
    if (inst.validity.ok()) return to_text(inst, pc, symbolize);
    return ".word " + hex(word.lo) + ", " + hex(word.hi) + " // " + explain(word, inst.validity);
}

} // namespace acc::isa
