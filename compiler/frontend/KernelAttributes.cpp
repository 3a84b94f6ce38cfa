// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/frontend/Passes.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Demangle/Demangle.h"
#include "llvm/IR/DiagnosticInfo.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/Module.h"

using namespace llvm;

namespace acc::frontend {
namespace {

/// A function of the machine and the attribute of the kernels that reach it.
constexpr struct {
    const char* function;
    const char* attribute;
} kFeatures[] = {
    {"__acc_sr_printf", "acc-hostcall"}, {"__acc_hostcall", "acc-hostcall"},
    {"__acc_sr_heap", "acc-heap"},       {"__acc_bar_grid", "acc-grid-barrier"},
    {"__acc_submit", "acc-launches"},
};

bool calls_indirectly(const Function& function) {
    return any_of(instructions(function), [](const Instruction& instruction) {
        auto* call = dyn_cast<CallBase>(&instruction);
        return call && call->isIndirectCall();
    });
}

/// Is the function's address taken here? Kernels are launched by theirs, not called; the lists of
/// what is to be kept do not count.
bool takes_address(const Function& function, const Use& use) {
    if (function.getCallingConv() == CallingConv::PTX_Kernel) return false;
    auto* call = dyn_cast<CallBase>(use.getUser());
    if (call && call->isCallee(&use)) return false;
    return !(isa<Constant>(use.getUser()) && all_of(use.getUser()->users(), [](const User* user) {
                 auto* global = dyn_cast<GlobalVariable>(user);
                 return global && global->getName().starts_with("llvm.");
             }));
}

/// Every function from which `start` may be reached. A function whose address is taken may be
/// called by whoever calls something that is known at run time only, wherever the address comes
/// from: an argument, memory, the table of a class.
SmallPtrSet<Function*, 16> callers_of(Function* start) {
    SmallPtrSet<Function*, 16> reached;
    SmallVector<Value*> work = {start};
    SmallPtrSet<Value*, 32> seen;
    bool by_address = false;
    const auto reach = [&](Function& function) {
        if (reached.insert(&function).second) work.push_back(&function);
    };
    while (!work.empty()) {
        Value* value = work.pop_back_val();
        if (!seen.insert(value).second) continue;
        auto* callee = dyn_cast<Function>(value);
        for (const Use& use : value->uses()) {
            if (callee && !by_address && takes_address(*callee, use)) {
                by_address = true;
                for (Function& function : *start->getParent())
                    if (calls_indirectly(function)) reach(function);
            }
            if (auto* instruction = dyn_cast<Instruction>(use.getUser()))
                reach(*instruction->getFunction());
            else
                work.push_back(use.getUser());
        }
    }
    return reached;
}

/// Functions that the backend turns into instructions.
bool is_machine_function(StringRef name) {
    return name.starts_with("__acc_sr_") || name.starts_with("__acc_op.") ||
           name.starts_with("__acc_warp.") || name.starts_with("__acc_tex.") ||
           name.starts_with("__acc_surf.") || name == "__acc_trap" || name == "__acc_hostcall" ||
           name.starts_with("__acc_bar_") || name.starts_with("__acc_bulk_");
}

/// Follows "is used but not defined".
constexpr const char* kAdvice =
    " (if another file defines it: compile both with -rdc=true and link both with accc)";

void report_undefined(Function& function) {
    for (User* user : function.users()) {
        auto* call = dyn_cast<Instruction>(user);
        Function* where = call ? call->getFunction() : nullptr;
        std::string message = "device function '" + demangle(function.getName()) +
                              "' is used but not defined" + kAdvice;
        if (where)
            function.getContext().diagnose(
                DiagnosticInfoUnsupported(*where, message, call->getDebugLoc()));
        else
            function.getContext().diagnose(DiagnosticInfoGeneric(message));
        return;
    }
}

/// A kernel that launches others counts as one that prints when any does: which ones it launches
/// may be known at run time only.
void print_for_children(Module& module) {
    const auto prints = [](const Function& f) { return f.hasFnAttribute("acc-hostcall"); };
    if (none_of(module, prints)) return;
    for (Function& function : module)
        if (function.hasFnAttribute("acc-launches")) function.addFnAttr("acc-hostcall");
}

} // namespace

PreservedAnalyses KernelAttributesPass::run(Module& module, ModuleAnalysisManager&) {
    for (const auto& feature : kFeatures)
        if (Function* function = module.getFunction(feature.function))
            for (Function* caller : callers_of(function))
                if (caller->getCallingConv() == CallingConv::PTX_Kernel)
                    caller->addFnAttr(feature.attribute);
    print_for_children(module);
    for (Function& function : make_early_inc_range(module)) {
        if (!function.isDeclaration() || function.isIntrinsic() ||
            is_machine_function(function.getName()))
            continue;
        if (function.use_empty())
            function.eraseFromParent();
        else
            report_undefined(function);
    }
    for (GlobalVariable& global : module.globals())
        if (global.isDeclaration() && !global.use_empty() && !global.getName().starts_with("llvm."))
            module.getContext().diagnose(
                DiagnosticInfoGeneric("device variable '" + demangle(global.getName()) +
                                      "' is used but not defined" + kAdvice));
    return PreservedAnalyses::none();
}

} // namespace acc::frontend
