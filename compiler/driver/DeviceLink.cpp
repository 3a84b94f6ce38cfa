// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/driver/DeviceLink.h"

#include "llvm/Bitcode/BitcodeWriter.h"
#include "llvm/Frontend/Offloading/OffloadWrapper.h"
#include "llvm/Frontend/Offloading/Utility.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/Module.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/raw_ostream.h"
#include "llvm/TargetParser/Host.h"
#include "llvm/TargetParser/Triple.h"

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

} // namespace

std::string registration_module(const std::vector<uint8_t>& fat_binary, const std::string& name,
                                const std::set<std::string>& references, std::string& error) {
    LLVMContext context;
    Module module(name, context);
    module.setTargetTriple(Triple(sys::getDefaultTargetTriple()));
    module.setDataLayout(
        "e-m:e-p270:32:32-p271:32:32-p272:64:64-i64:64-i128:128-f80:128-n8:16:32:64-S128");
    auto entries = offloading::getOffloadEntryArray(module);
    ArrayRef<char> image(reinterpret_cast<const char*>(fat_binary.data()), fat_binary.size());
    if (Error failure = offloading::wrapCudaBinary(module, image, entries, "", true)) {
        error = toString(std::move(failure));
        return {};
    }
    for (const std::string& reference : references)
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
