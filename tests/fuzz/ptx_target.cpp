// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The text of an asm statement goes through the pass as a compile does it: it gives a diagnostic,
// or IR that LLVM's verifier accepts.
#include "compiler/frontend/Passes.h"
#include "compiler/ptx/Module.h"
#include "compiler/target/acc_target.h"
#include "tests/fuzz/targets.h"

#include <cstdio>
#include <cstdlib>

#include "llvm/IR/DiagnosticInfo.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InlineAsm.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/Module.h"
#include "llvm/IR/Verifier.h"

using namespace llvm;

namespace acc::fuzz {
namespace {

struct Counter : DiagnosticHandler {
    bool handleDiagnostics(const DiagnosticInfo& info) override {
        errors += info.getSeverity() == DS_Error;
        return true;
    }
    unsigned errors = 0;
};

/// %0: "=r", %1: "=l", %2: "=f", %3: "=h", %4: "r", %5: "l", %6: "f", %7: "h", %8: "d", %9: "n"
void build(Module& module, StringRef text) {
    LLVMContext& context = module.getContext();
    Type *i32 = Type::getInt32Ty(context), *i64 = Type::getInt64Ty(context),
         *f32 = Type::getFloatTy(context), *i16 = Type::getInt16Ty(context),
         *f64 = Type::getDoubleTy(context);
    Type* result = StructType::get(context, {i32, i64, f32, i16});
    SmallVector<Type*> types = {i32, i64, f32, i16, f64};
    Function* function = Function::Create(FunctionType::get(result, types, false),
                                          Function::ExternalLinkage, "f", module);
    IRBuilder<> builder(BasicBlock::Create(context, "", function));
    SmallVector<Value*> arguments;
    for (Argument& argument : function->args())
        arguments.push_back(&argument);
    arguments.push_back(builder.getInt32(5));
    types.push_back(i32);
    InlineAsm* assembly = InlineAsm::get(FunctionType::get(result, types, false), text,
                                         "=r,=l,=f,=h,r,l,f,h,d,n,~{memory}", true);
    builder.CreateRet(builder.CreateCall(assembly, arguments));
}

} // namespace

bool ptx(Input input) {
    LLVMContext context;
    auto handler = std::make_unique<Counter>();
    Counter& counter = *handler;
    context.setDiagnosticHandler(std::move(handler));
    Module module("fuzz", context);
    module.setDataLayout(DataLayoutString);
    build(module, {reinterpret_cast<const char*>(input.data()), input.size()});
    ModuleAnalysisManager analyses;
    frontend::InlinePtxPass().run(module, analyses);
    if (counter.errors != 0) return false;
    if (verifyModule(module)) {
        std::fprintf(stderr, "fuzz: broken rule: accepted PTX gives valid IR\n");
        std::abort();
    }
    return true;
}

bool ptx_module(Input input) {
    LLVMContext context;
    std::vector<acc::ptx::Problem> problems;
    auto module = acc::ptx::parse_module(
        {reinterpret_cast<const char*>(input.data()), input.size()}, "fuzz", DataLayoutString,
        context, problems);
    for (const acc::ptx::Problem& problem : problems)
        if (StringRef(problem.text).starts_with("internal error")) {
            std::fprintf(stderr, "fuzz: broken rule: accepted PTX gives valid IR: %s\n",
                         problem.text.c_str());
            std::abort();
        }
    return module != nullptr;
}

} // namespace acc::fuzz
