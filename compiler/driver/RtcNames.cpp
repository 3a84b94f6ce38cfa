// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/driver/RtcNames.h"

#include "llvm/IR/CallingConv.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/GlobalVariable.h"
#include "llvm/Transforms/Utils/ModuleUtils.h"

using namespace llvm;

namespace acc::driver {
namespace {

std::string variable(size_t index) {
    return "__acc_name_" + std::to_string(index);
}

} // namespace

std::string name_expression_source(const std::vector<std::string>& expressions) {
    std::string text = "\n#line 1 \"" + std::string(kNameExpressions) + "\"\n";
    for (size_t i = 0; i < expressions.size(); ++i) {
        std::string expression = expressions[i];
        for (char& c : expression)
            if (c == '\n' || c == '\r') c = ' ';
        const size_t start = expression.find_first_not_of(" \t");
        // An address already, or a cast to one.
        const bool address = start != std::string::npos &&
                             (expression[start] == '&' || expression[start] == '(');
        text += "extern \"C\" { __device__ auto " + variable(i) + " = " + (address ? "" : "&") +
                expression + "; }\n";
    }
    return text;
}

void show_static_names(Module& module) {
    constexpr unsigned kGlobal = 1, kConstant = 4; // address spaces of nvptx
    for (GlobalVariable& variable : module.globals()) {
        const unsigned space = variable.getAddressSpace();
        // Those of functions (_ZZ) have no name that a program could say.
        if (!variable.hasInternalLinkage() || (space != kGlobal && space != kConstant) ||
            variable.getName().starts_with("_ZZ"))
            continue;
        variable.setExternallyInitialized(true);
        appendToUsed(module, {&variable}); // or its elements become variables of their own
        StringRef name = variable.getName();
        unsigned length = 0;
        if (name.consume_front("_ZL") && !name.consumeInteger(10, length) &&
            length == name.size() && !module.getNamedValue(name))
            variable.setName(name.str());
    }
    for (Function& function : module) {
        StringRef name = function.getName();
        if (function.getCallingConv() == CallingConv::PTX_Kernel && name.consume_front("_ZL") &&
            !module.getNamedValue(("_Z" + name).str()))
            function.setName("_Z" + name.str());
    }
}

std::vector<std::string> take_lowered_names(Module& module, size_t count) {
    std::vector<std::string> names(count);
    for (size_t i = 0; i < count; ++i) {
        GlobalVariable* holder = module.getGlobalVariable(variable(i), true);
        if (!holder) continue;
        if (holder->hasInitializer())
            if (auto* value = dyn_cast<GlobalValue>(
                    holder->getInitializer()->stripPointerCastsAndAliases()))
                names[i] = value->getName().str();
        removeFromUsedLists(module,
                            [&](Constant* used) { return used->stripPointerCasts() == holder; });
        holder->replaceAllUsesWith(PoisonValue::get(holder->getType()));
        holder->eraseFromParent();
    }
    return names;
}

} // namespace acc::driver
