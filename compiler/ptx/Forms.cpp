// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/ptx/Forms.h"
#include "compiler/ptx/Matrix.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringMap.h"

using namespace llvm;

namespace acc::ptx {
namespace {

/// Lists of modifiers that many rows use.
struct Macro {
    StringRef name;
    StringRef text;
};
constexpr Macro kMacros[] = {
    {"$i", "u16|u32|u64|s16|s32|s64"},
    {"$i8", "u8|u16|u32|u64|s8|s16|s32|s64"},
    {"$b", "b16|b32|b64"},
    {"$h", "f16|f16x2|bf16|bf16x2"},
    {"$mem", "b8|b16|b32|b64|b128|u8|u16|u32|u64|s8|s16|s32|s64|f32|f64"},
    {"$rnd", "rn|rz|rm|rp"},
    {"$cmp", "eq|ne|lt|le|gt|ge"},
    {"$fcmp", "eq|ne|lt|le|gt|ge|equ|neu|ltu|leu|gtu|geu|num|nan"},
    {"$bool", "and|or|xor"},
    {"$space", "global|shared|shared::cta|shared::cluster|local"},
    {"$scope", "cta|cluster|gpu|sys"},
    {"$wspace", "global|shared|shared::cta"},
    {"$evict",
     "L1::evict_normal|L1::evict_unchanged|L1::evict_first|L1::evict_last|L1::no_allocate"},
    {"$evict2", "L2::evict_normal|L2::evict_first|L2::evict_last"},
    {"$prefetch", "L2::64B|L2::128B|L2::256B"},
};

/// A row's syntax, taken apart.
struct ParsedForm {
    struct Slot {
        SmallVector<StringRef> choices;
        bool optional = false;
    };
    SmallVector<Slot> slots;
    size_t fewest = 0, most = 0; ///< operands
    void (*lower)(Emitter&, Instruction&) = nullptr;
};

ParsedForm parse_form(StringRef syntax) {
    ParsedForm form;
    auto [head, operands] = syntax.split(" :");
    SmallVector<StringRef> words;
    head.split(words, ' ', -1, false);
    for (StringRef word : drop_begin(words)) {
        ParsedForm::Slot slot;
        slot.optional = word.consume_front("[");
        if (slot.optional) word.consume_back("]");
        SmallVector<StringRef> choices;
        word.split(choices, '|');
        for (StringRef choice : choices) {
            const Macro* macro = find_if(kMacros, [&](const Macro& m) { return m.name == choice; });
            if (macro == std::end(kMacros))
                slot.choices.push_back(choice);
            else
                macro->text.split(slot.choices, '|');
        }
        form.slots.push_back(std::move(slot));
    }
    words.clear();
    operands.split(words, ' ', -1, false);
    for (StringRef word : words) {
        ++form.most;
        form.fewest += !word.starts_with("[");
    }
    return form;
}

using FormMap = StringMap<std::vector<ParsedForm>>;

const FormMap& forms() {
    static const FormMap map = [] {
        FormMap result;
        for (std::span<const Form> rows :
             {integer_forms(), bit_forms(), float_forms(), half_forms(), conversion_forms(),
              compare_forms(), memory_forms(), atomic_forms(), mbarrier_forms(), warp_forms(),
              control_forms(), texture_forms(), matrix_forms(), wmma_forms(), video_forms(),
              cluster_forms(), tensor_forms()})
            for (const Form& row : rows) {
                StringRef syntax = row.syntax;
                ParsedForm form = parse_form(syntax);
                form.lower = row.lower;
                result[syntax.take_until([](char c) { return c == ' '; })].push_back(form);
            }
        return result;
    }();
    return map;
}

/// How far a statement fits a row.
struct Fit {
    size_t matched = 0;    ///< more when more modifiers have a slot
    std::string problem;   ///< empty: the modifiers fit
    bool operands = false; ///< so does the number of operands
};

/// Gives each modifier the first free slot that takes it: the order of modifiers of different kinds
/// does not matter, that of types does.
Fit fit(const Statement& statement, const ParsedForm& form) {
    Fit result;
    SmallVector<bool> taken(form.slots.size());
    for (const std::string& modifier : statement.modifiers) {
        size_t slot = 0;
        while (slot < taken.size() &&
               (taken[slot] || !is_contained(form.slots[slot].choices, modifier)))
            ++slot;
        if (slot < taken.size()) {
            taken[slot] = true;
            result.matched += isDigit(modifier.back()) ? 2 : 1; // types choose the form
        } else if (result.problem.empty()) {
            result.problem = "the modifier '." + modifier + "' is not supported here";
        }
    }
    for (size_t slot = 0; slot < taken.size() && result.problem.empty(); ++slot)
        if (!taken[slot] && !form.slots[slot].optional)
            result.problem = "it needs one of ." + join(form.slots[slot].choices, ", .");
    result.operands = statement.operands.size() >= form.fewest &&
                      statement.operands.size() <= form.most;
    return result;
}

std::string operand_problem(const ParsedForm& form) {
    std::string number = std::to_string(form.fewest);
    if (form.most != form.fewest) number += " to " + std::to_string(form.most);
    return "expected " + number + (form.most == 1 ? " operand" : " operands");
}

} // namespace

Instruction::Instruction(const Statement& statement, SmallVector<StringRef> modifiers)
    : statement_(statement), used_operands_(statement.operands.size()) {
    for (StringRef modifier : modifiers)
        tokens_.push_back({modifier});
}

bool Instruction::has(StringRef modifier) {
    bool found = false;
    for (Token& token : tokens_)
        if (token.text == modifier) found = token.used = true;
    return found;
}

StringRef Instruction::one_of(std::initializer_list<StringRef> modifiers) {
    for (StringRef modifier : modifiers)
        if (has(modifier)) return modifier;
    return {};
}

StringRef Instruction::nth_of(unsigned n, std::initializer_list<StringRef> modifiers) {
    for (Token& token : tokens_)
        if (is_contained(modifiers, token.text) && n-- == 0) {
            token.used = true;
            return token.text;
        }
    return {};
}

std::string Instruction::suffix(StringRef modifier, StringRef name) {
    return has(modifier) ? ("." + (name.empty() ? modifier : name)).str() : std::string();
}

void Instruction::hint(std::initializer_list<StringRef> modifiers) {
    for (StringRef modifier : modifiers)
        has(modifier);
}

Type Instruction::type(const Emitter& emitter, unsigned n) {
    for (Token& token : tokens_)
        if (Type type = emitter.type_of(token.text); type.ir && n-- == 0) {
            token.used = true;
            return type;
        }
    throw Unsupported{"a type is missing"};
}

const Operand& Instruction::operand(size_t index) {
    if (index >= count()) throw Unsupported{"too few operands"};
    used_operands_[index] = true;
    return statement_.operands[index];
}

void Instruction::check_used() const {
    for (const Token& token : tokens_)
        if (!token.used)
            throw Unsupported{"the modifier '." + token.text.str() + "' is not supported here"};
    for (size_t i = 0; i < used_operands_.size(); ++i)
        if (!used_operands_[i])
            throw Unsupported{"operand " + std::to_string(i + 1) + " is not supported here"};
}

void translate(Emitter& emitter, const Statement& statement) {
    auto found = forms().find(statement.opcode);
    if (found == forms().end())
        throw Unsupported{"instruction '" + statement.opcode + "' is not supported"};
    const ParsedForm* best = nullptr;
    Fit best_fit;
    for (const ParsedForm& form : found->second) {
        Fit now = fit(statement, form);
        auto rank = [](const Fit& f) {
            return std::tuple(f.problem.empty() && f.operands, f.problem.empty(), f.matched);
        };
        if (best && rank(now) <= rank(best_fit)) continue;
        best = &form;
        best_fit = now;
    }
    if (!best_fit.problem.empty()) throw Unsupported{best_fit.problem};
    if (!best_fit.operands) throw Unsupported{operand_problem(*best)};
    Instruction instruction(statement, to_vector_of<StringRef>(statement.modifiers));
    best->lower(emitter, instruction);
    instruction.check_used();
}

} // namespace acc::ptx
