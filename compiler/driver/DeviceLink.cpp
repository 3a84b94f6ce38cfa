// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/driver/DeviceLink.h"

#include "llvm/Bitcode/BitcodeWriter.h"
#include "llvm/Frontend/Offloading/OffloadWrapper.h"
#include "llvm/Frontend/Offloading/Utility.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/Module.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/raw_ostream.h"
#include "llvm/TargetParser/Host.h"
#include "llvm/TargetParser/Triple.h"
#include "llvm/Transforms/Utils/BasicBlockUtils.h"

using namespace llvm;

namespace acc::driver {

namespace {

void define(Module& module, const std::string& name) {
    LLVMContext& context = module.getContext();
    auto* type = FunctionType::get(Type::getVoidTy(context), false);
    auto* function = Function::Create(type, GlobalValue::ExternalLinkage, name, module);
    function->setVisibility(GlobalValue::HiddenVisibility);
    ReturnInst::Create(context, BasicBlock::Create(context, "", function));
}

Function* internal_function(Module& module, const char* name, Type* result,
                            ArrayRef<Type*> parameters) {
    return Function::Create(FunctionType::get(result, parameters, false),
                            GlobalValue::InternalLinkage, name, module);
}

/// int compare(const char** a, const char** b) { return strcmp(*a, *b); }
Function* make_compare(Module& module) {
    IRBuilder<> builder(module.getContext());
    Type* pointer = builder.getPtrTy();
    FunctionCallee strcmp = module.getOrInsertFunction("strcmp", builder.getInt32Ty(), pointer,
                                                       pointer);
    Function* function = internal_function(module, ".acc.compare", builder.getInt32Ty(),
                                           {pointer, pointer});
    builder.SetInsertPoint(BasicBlock::Create(module.getContext(), "", function));
    builder.CreateRet(
        builder.CreateCall(strcmp, {builder.CreateLoad(pointer, function->getArg(0)),
                                    builder.CreateLoad(pointer, function->getArg(1))}));
    return function;
}

/// bool is_own(const char* name): one of `names` (sorted)?
Function* make_is_own(Module& module, const std::set<std::string>& names) {
    IRBuilder<> builder(module.getContext());
    Type* pointer = builder.getPtrTy();
    Type* size = builder.getInt64Ty();
    FunctionCallee bsearch = module.getOrInsertFunction("bsearch", pointer, pointer, pointer, size,
                                                        size, pointer);
    Function* function = internal_function(module, ".acc.is_own", builder.getInt1Ty(), {pointer});
    builder.SetInsertPoint(BasicBlock::Create(module.getContext(), "", function));
    std::vector<Constant*> texts;
    for (const std::string& name : names)
        texts.push_back(builder.CreateGlobalString(name, ".acc.name"));
    auto* table_type = ArrayType::get(pointer, texts.size());
    auto* table = new GlobalVariable(module, table_type, true, GlobalValue::InternalLinkage,
                                     ConstantArray::get(table_type, texts), ".acc.names");
    Value* key = builder.CreateAlloca(pointer);
    builder.CreateStore(function->getArg(0), key);
    Value* found = builder.CreateCall(bsearch, {key, table, builder.getInt64(names.size()),
                                                builder.getInt64(8), make_compare(module)});
    builder.CreateRet(builder.CreateIsNotNull(found));
    return function;
}

/// A program may hold several device links (one in each of its libraries), and each sees the
/// entries of all units: it must register its own and leave the others alone.
void register_own_names_only(Module& module, const std::set<std::string>& names) {
    std::vector<CallInst*> calls;
    for (Function& function : module)
        for (Instruction& instruction : instructions(function))
            if (auto* call = dyn_cast<CallInst>(&instruction))
                if (const Function* callee = call->getCalledFunction();
                    callee && callee->getName().starts_with("__cudaRegister") &&
                    call->arg_size() > 3)
                    calls.push_back(call);
    Function* is_own = make_is_own(module, names);
    for (CallInst* call : calls) {
        IRBuilder<> builder(call);
        // Kernels, variables, textures: all have the device's name in the same place.
        Value* own = builder.CreateCall(is_own, {call->getArgOperand(3)});
        Instruction* then = SplitBlockAndInsertIfThen(own, call->getIterator(), false);
        call->moveBefore(then->getIterator());
    }
}

} // namespace

std::string registration_module(const DeviceProgram& program, const std::string& name,
                                std::string& error) {
    LLVMContext context;
    Module module(name, context);
    module.setTargetTriple(Triple(sys::getDefaultTargetTriple()));
    module.setDataLayout(
        "e-m:e-p270:32:32-p271:32:32-p272:64:64-i64:64-i128:128-f80:128-n8:16:32:64-S128");
    auto entries = offloading::getOffloadEntryArray(module);
    ArrayRef<char> image(reinterpret_cast<const char*>(program.fat_binary.data()),
                         program.fat_binary.size());
    if (Error failure = offloading::wrapCudaBinary(module, image, entries, "", true)) {
        error = toString(std::move(failure));
        return {};
    }
    register_own_names_only(module, program.names);
    for (const std::string& reference : program.references)
        define(module, reference);
    std::string bitcode;
    raw_string_ostream stream(bitcode);
    WriteBitcodeToFile(module, stream);
    return bitcode;
}

std::vector<std::string> device_link_inputs(const Invocation& invocation,
                                            const std::vector<std::string>& objects) {
    std::vector<std::string> files = objects;
    for (const LinkWord& word : invocation.link_line) {
        const std::string& flag = word.flag;
        if (!flag.starts_with("-l")) continue;
        std::string name = flag.starts_with("-l:") ? flag.substr(3) : "lib" + flag.substr(2) + ".a";
        for (const std::string& directory : invocation.library_paths) {
            std::string file = directory + "/" + name;
            if (sys::fs::exists(file)) {
                files.push_back(file);
                break;
            }
        }
    }
    return files;
}

} // namespace acc::driver
