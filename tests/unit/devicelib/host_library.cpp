// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tests/unit/devicelib/host_library.h"

#include "llvm/ADT/SetVector.h"
#include "llvm/Bitcode/BitcodeReader.h"
#include "llvm/ExecutionEngine/Orc/LLJIT.h"
#include "llvm/IR/Module.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/TargetParser/Host.h"

#include <cfenv>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>

using namespace llvm;
using namespace llvm::orc;

namespace {

/// a op b with the rounding mode of the suffix.
template <typename T, typename Operation>
T rounded(int mode, Operation operation) {
    const int old = fegetround();
    fesetround(mode);
    volatile T result = operation();
    fesetround(old);
    return result;
}
float mul_rz(float a, float b) {
    return rounded<float>(FE_TOWARDZERO, [=] {
        volatile float x = a;
        return x * b;
    });
}
uint32_t prmt(uint32_t a, uint32_t b, uint32_t selector) {
    const uint64_t bytes = uint64_t(b) << 32 | a;
    uint32_t result = 0;
    for (int i = 0; i < 4; ++i)
        result |= uint32_t(bytes >> (8 * (selector >> (4 * i) & 7)) & 0xff) << (8 * i);
    return result;
}
int64_t f2ll_rn(float a) {
    return llrintf(a);
}
int64_t d2ll_rn(double a) {
    return llrint(a);
}
int64_t f2ll_rz(float a) {
    return int64_t(a);
}
int64_t d2ll_rz(double a) {
    return int64_t(a);
}
float rsqrt(float a) {
    return 1.0f / sqrtf(a);
}
float saturate(float a) {
    return a > 0 ? (a < 1 ? a : 1) : 0;
}

/// What LLVM calls for a conversion to bf16 on a host without the instruction (libgcc has it from
/// version 13 on).
__bf16 truncsfbf2(float a) {
    uint32_t bits;
    memcpy(&bits, &a, sizeof bits);
    const bool nan = (bits & 0x7fffffff) > 0x7f800000;
    const uint16_t half = nan ? bits >> 16 | 0x40 : (bits + 0x7fff + (bits >> 16 & 1)) >> 16;
    __bf16 result;
    memcpy(&result, &half, sizeof result);
    return result;
}

struct Replacement {
    const char* intrinsic;
    void* host;
};
template <typename Function>
void* address(Function* function) {
    return reinterpret_cast<void*>(function);
}
const Replacement kReplacements[] = {
    {"llvm.nvvm.ex2.approx.f32", address<float(float)>(exp2f)},
    {"llvm.nvvm.lg2.approx.f", address<float(float)>(log2f)},
    {"llvm.nvvm.mul.rz.f", address(mul_rz)},
    {"llvm.nvvm.prmt", address(prmt)},
    {"llvm.nvvm.f2ll.rn", address(f2ll_rn)},
    {"llvm.nvvm.d2ll.rn", address(d2ll_rn)},
    {"llvm.nvvm.f2ll.rz", address(f2ll_rz)},
    {"llvm.nvvm.d2ll.rz", address(d2ll_rz)},
    {"llvm.nvvm.rsqrt.approx.f", address(rsqrt)},
    {"llvm.nvvm.saturate.f", address(saturate)},
};

[[noreturn]] void die(const std::string& what) {
    fprintf(stderr, "device library for the host: %s\n", what.c_str());
    abort();
}

void* replacement(StringRef name) {
    for (const Replacement& row : kReplacements)
        if (name == row.intrinsic) return row.host;
    return nullptr;
}

/// Drops the functions that use `what`, and those that use them.
void drop_users(Function& what) {
    SmallVector<Function*> work = {&what};
    while (!work.empty()) {
        SetVector<Function*> users;
        for (User* user : work.pop_back_val()->users())
            if (auto* instruction = dyn_cast<Instruction>(user))
                users.insert(instruction->getFunction());
        for (Function* function : users) {
            function->deleteBody();
            function->setComdat(nullptr);
            work.push_back(function);
        }
    }
}

/// Gives the module the host's target, and intrinsics of the device another name. Functions whose
/// intrinsics have no replacement above are dropped: device_function() then does not find them.
void retarget(Module& module, const DataLayout& layout, std::vector<std::string>& replaced) {
    module.setTargetTriple(Triple(sys::getProcessTriple()));
    module.setDataLayout(layout);
    for (Function& function : make_early_inc_range(module)) {
        for (const char* attribute : {"target-cpu", "target-features"})
            function.removeFnAttr(attribute);
        if (!function.getName().starts_with("llvm.nvvm.")) continue;
        std::string name = function.getName().str();
        if (replacement(name)) {
            Function* host = Function::Create(function.getFunctionType(),
                                              GlobalValue::ExternalLinkage, "host." + name, module);
            function.replaceAllUsesWith(host);
            replaced.push_back(name);
        } else {
            drop_users(function);
        }
        if (function.use_empty()) function.eraseFromParent();
    }
    for (Function& function : make_early_inc_range(module))
        if (function.isDeclaration() && function.use_empty()) function.eraseFromParent();
}

std::unique_ptr<LLJIT> make_jit() {
    InitializeNativeTarget();
    InitializeNativeTargetAsmPrinter();
    auto jit = LLJITBuilder().create();
    if (!jit) die(toString(jit.takeError()));
    auto context = std::make_unique<LLVMContext>();
    auto buffer = MemoryBuffer::getFile(ACC_DEVICELIB);
    if (!buffer) die(std::string("cannot read ") + ACC_DEVICELIB);
    auto module = parseBitcodeFile((*buffer)->getMemBufferRef(), *context);
    if (!module) die(toString(module.takeError()));
    std::vector<std::string> replaced;
    retarget(**module, (*jit)->getDataLayout(), replaced);

    SymbolMap symbols;
    symbols[(*jit)->mangleAndIntern("__truncsfbf2")] = {
        ExecutorAddr::fromPtr(&truncsfbf2), JITSymbolFlags::Exported | JITSymbolFlags::Callable};
    for (const std::string& name : replaced)
        symbols[(*jit)->mangleAndIntern("host." + name)] = {
            ExecutorAddr::fromPtr(replacement(name)),
            JITSymbolFlags::Exported | JITSymbolFlags::Callable};
    // Never called here: the host has no device memory, blocks or launches.
    for (const Function& function : **module)
        if (function.isDeclaration() && function.getName().starts_with("__acc_"))
            symbols[(*jit)->mangleAndIntern(function.getName())] = {
                ExecutorAddr::fromPtr(&abort), JITSymbolFlags::Exported | JITSymbolFlags::Callable};
    if (Error error = (*jit)->getMainJITDylib().define(absoluteSymbols(symbols)))
        die(toString(std::move(error)));
    if (Error error = (*jit)->addIRModule(ThreadSafeModule(std::move(*module), std::move(context))))
        die(toString(std::move(error)));
    return std::move(*jit);
}

} // namespace

namespace test {

void* device_function(const char* name) {
    static std::unique_ptr<LLJIT> jit = make_jit();
    auto symbol = jit->lookup(name);
    if (!symbol) die(toString(symbol.takeError()));
    return symbol->toPtr<void*>();
}

} // namespace test
