// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/frontend/Annotations.h"
#include "compiler/frontend/Passes.h"

#include "llvm/IR/Constants.h"
#include "llvm/IR/Module.h"

using namespace llvm;

namespace acc::frontend {

void for_each_annotation(Module& module,
                         function_ref<void(GlobalValue&, StringRef, const Constant*)> visit) {
    GlobalVariable* list = module.getNamedGlobal("llvm.global.annotations");
    auto* entries = list ? dyn_cast<ConstantArray>(list->getInitializer()) : nullptr;
    if (!entries) return;
    for (Value* operand : entries->operands()) {
        auto* entry = dyn_cast<ConstantStruct>(operand);
        if (!entry || entry->getNumOperands() < 5) continue;
        auto* what = dyn_cast<GlobalValue>(entry->getOperand(0)->stripPointerCasts());
        auto* text = dyn_cast<GlobalVariable>(entry->getOperand(1)->stripPointerCasts());
        auto* data = text && text->hasInitializer()
                         ? dyn_cast<ConstantDataSequential>(text->getInitializer())
                         : nullptr;
        auto* values = dyn_cast<GlobalVariable>(entry->getOperand(4)->stripPointerCasts());
        if (what && data && data->isCString())
            visit(*what, data->getAsCString(),
                  values && values->hasInitializer() ? values->getInitializer() : nullptr);
    }
}

/// __cluster_dims__: clang knows the attribute, and has no code for it on this target. One to three
/// numbers.
PreservedAnalyses ClusterSizesPass::run(Module& module, ModuleAnalysisManager&) {
    for_each_annotation(module, [](GlobalValue& what, StringRef text, const Constant* values) {
        auto* kernel = dyn_cast<Function>(&what);
        if (!kernel || text != "acc.cluster_dims" || !values) return;
        std::string size;
        for (unsigned i = 0; i < 3; ++i) {
            auto* number = dyn_cast_or_null<ConstantInt>(values->getAggregateElement(i));
            size += (i ? "," : "") + std::to_string(number ? number->getZExtValue() : 1);
        }
        kernel->addFnAttr("nvvm.cluster_dim", size);
    });
    return PreservedAnalyses::none();
}

} // namespace acc::frontend
