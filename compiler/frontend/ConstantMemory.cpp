// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// __constant__ variables: only the host writes them, and there is room for 64 KiB. As with nvcc, an
// assignment to a scalar variable is an error; any other store that is seen to go there is a
// warning, and the program traps when it gets to it.
#include "compiler/frontend/Passes.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Analysis/ValueTracking.h"
#include "llvm/Demangle/Demangle.h"
#include "llvm/IR/DebugInfoMetadata.h"
#include "llvm/IR/DiagnosticInfo.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/Module.h"

using namespace llvm;

namespace acc::frontend {
namespace {

constexpr unsigned kConstant = 4;
constexpr uint64_t kMostBytes = 64 * 1024;

/// What the host can write: literals and tables of the compiler are in the same space.
bool is_user_constant(const GlobalVariable& variable) {
    return variable.getAddressSpace() == kConstant && variable.isExternallyInitialized();
}

/// Where an instruction writes, or nothing.
const Value* written_by(const Instruction& instruction) {
    if (auto* store = dyn_cast<StoreInst>(&instruction)) return store->getPointerOperand();
    if (auto* update = dyn_cast<AtomicRMWInst>(&instruction)) return update->getPointerOperand();
    if (auto* swap = dyn_cast<AtomicCmpXchgInst>(&instruction)) return swap->getPointerOperand();
    if (auto* memory = dyn_cast<AnyMemIntrinsic>(&instruction)) return memory->getRawDest();
    return nullptr;
}

bool is_constant_memory(const Value* pointer) {
    return pointer->getType()->getPointerAddressSpace() == kConstant ||
           getUnderlyingObject(pointer)->getType()->getPointerAddressSpace() == kConstant;
}

/// "'name'" of the variable that a pointer points into, as far as it is known.
std::string name_of(const Value* pointer) {
    const auto* variable = dyn_cast<GlobalVariable>(getUnderlyingObject(pointer));
    return variable ? " '" + demangle(variable->getName()) + "'" : std::string();
}

/// The place in the function that the store was inlined into: it may be in a header.
DebugLoc place_of(const Instruction& instruction) {
    const DILocation* location = instruction.getDebugLoc();
    while (location && location->getInlinedAt())
        location = location->getInlinedAt();
    return DebugLoc(location);
}

void trap_instead(Instruction& instruction) {
    IRBuilder<> builder(&instruction);
    builder.CreateIntrinsic(Intrinsic::trap, {});
    if (!instruction.use_empty())
        instruction.replaceAllUsesWith(PoisonValue::get(instruction.getType()));
    instruction.eraseFromParent();
}

std::string size_text(uint64_t bytes) {
    return (Twine(bytes) + " bytes (0x" + Twine::utohexstr(bytes) + ")").str();
}

} // namespace

PreservedAnalyses ConstantAssignmentsPass::run(Module& module, ModuleAnalysisManager&) {
    // clang calls them constant, and the optimiser would remove every store before it is reported.
    for (GlobalVariable& variable : module.globals())
        if (is_user_constant(variable)) variable.setConstant(false);
    for (Function& function : module)
        for (Instruction& instruction : instructions(function)) {
            auto* store = dyn_cast<StoreInst>(&instruction);
            if (!store) continue;
            auto* variable = dyn_cast<GlobalVariable>(
                store->getPointerOperand()->stripPointerCasts());
            if (!variable || !is_user_constant(*variable) ||
                store->getValueOperand()->getType() != variable->getValueType())
                continue;
            module.getContext().diagnose(DiagnosticInfoUnsupported(
                function,
                "cannot assign to '" + demangle(variable->getName()) +
                    "': a __constant__ variable is written by the host (cudaMemcpyToSymbol)",
                store->getDebugLoc()));
        }
    return PreservedAnalyses::none();
}

PreservedAnalyses ConstantStoresPass::run(Module& module, ModuleAnalysisManager&) {
    for (Function& function : module)
        for (Instruction& instruction : make_early_inc_range(instructions(function))) {
            const Value* pointer = written_by(instruction);
            if (!pointer || !is_constant_memory(pointer)) continue;
            module.getContext().diagnose(DiagnosticInfoUnsupported(
                function,
                "a store to constant memory" + name_of(pointer) +
                    ": the program traps here; a __constant__ variable is written by the host",
                place_of(instruction), DS_Warning));
            trap_instead(instruction);
        }
    return PreservedAnalyses::none();
}

PreservedAnalyses ConstantSizePass::run(Module& module, ModuleAnalysisManager&) {
    const DataLayout& layout = module.getDataLayout();
    SmallVector<std::pair<uint64_t, GlobalVariable*>> variables;
    uint64_t total = 0;
    for (GlobalVariable& variable : module.globals()) {
        if (!is_user_constant(variable) || variable.isDeclaration()) continue;
        const uint64_t bytes = layout.getTypeAllocSize(variable.getValueType());
        total = alignTo(total, variable.getAlign().valueOrOne()) + bytes;
        variables.push_back({bytes, &variable});
    }
    if (total <= kMostBytes) return PreservedAnalyses::all();
    llvm::sort(variables, [](auto& a, auto& b) {
        return a.first != b.first ? a.first > b.first : a.second->getName() < b.second->getName();
    });
    constexpr size_t shown = 8;
    std::string text;
    for (auto& [bytes, variable] : ArrayRef(variables).take_front(shown))
        text += (text.empty() ? "" : ", ") + ("'" + demangle(variable->getName())) + "' " +
                std::to_string(bytes);
    if (variables.size() > shown)
        text += " and " + std::to_string(variables.size() - shown) + " smaller ones";
    module.getContext().diagnose(DiagnosticInfoGeneric(
        "too much constant memory: the __constant__ variables take " + size_text(total) +
        ", at most " + size_text(kMostBytes) + " are possible: " + text));
    return PreservedAnalyses::all();
}

} // namespace acc::frontend
