// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "driver/model/jit/compile.h"

#include "driver/model/jit/dots.h"
#include "driver/model/jit/keep.h"
#include "driver/model/jit/split.h"
#include "driver/model/jit/tiles.h"

#include <llvm/ExecutionEngine/Orc/JITTargetMachineBuilder.h>
#include <llvm/IR/IRBuilder.h>
#include <llvm/IR/LegacyPassManager.h>
#include <llvm/Passes/PassBuilder.h>
#include <llvm/Support/CommandLine.h>
#include <llvm/Support/MemoryBuffer.h>
#include <llvm/Support/TargetSelect.h>
#include <llvm/Support/raw_ostream.h>

#include <cstdlib>
#include <stdexcept>

namespace acc::model::jit {

using namespace llvm;

namespace {

template <class T>
T get(Expected<T> value) {
    if (!value) throw std::runtime_error(toString(value.takeError()));
    return std::move(*value);
}

/// What the emitter's IR needs: variables to registers, vectors of the host's size, and the rest
/// cheaply.
constexpr const char* kFirstPasses = "always-inline,function(sroa,early-cse)";
constexpr const char* kPasses =
    "function(simplifycfg,"
    "loop-mssa(licm),early-cse<memssa>,instcombine<no-verify-fixpoint>,simplifycfg)";

void optimise(Module& module, TargetMachine& target) {
    LoopAnalysisManager loops;
    FunctionAnalysisManager functions;
    CGSCCAnalysisManager sccs;
    ModuleAnalysisManager modules;
    PassBuilder passes(&target);
    passes.registerModuleAnalyses(modules);
    passes.registerCGSCCAnalyses(sccs);
    passes.registerFunctionAnalyses(functions);
    passes.registerLoopAnalyses(loops);
    passes.crossRegisterProxies(loops, functions, sccs, modules);
    const auto run = [&](const char* text) {
        ModulePassManager pipeline;
        cantFail(passes.parsePassPipeline(pipeline, text));
        pipeline.run(module, modules);
    };
    run(kFirstPasses);
    for (Function& function : module)
        if (!function.isDeclaration()) split_vectors(function);
    functions.clear();
    run(kPasses);
    for (Function& function : module)
        if (!function.isDeclaration()) {
            gather_corrections(function);
            divide_loops(function);
        }
}

/// Of the options of LLVM, which is this library's own.
void set_options() {
    // After each change CodeGenPrepare looks again at what has changed, not at the whole function.
    const char* options[] = {"accjit", "-cgpp-huge-func=0"};
    [[maybe_unused]] static const bool once = cl::ParseCommandLineOptions(2, options, "", &nulls());
}

} // namespace

Compiler::Compiler() {
    set_options();
    InitializeNativeTarget();
    InitializeNativeTargetAsmPrinter();
    InitializeNativeTargetAsmParser(); // of call_keeping
    orc::JITTargetMachineBuilder builder = get(orc::JITTargetMachineBuilder::detectHost());
    builder.setCodeGenOptLevel(CodeGenOptLevel::Less);
    // Constants lie beside the code. (By default, code for a JIT names them by 64-bit addresses.)
    builder.setRelocationModel(Reloc::PIC_);
    builder.setCodeModel(CodeModel::Small);
    target_ = get(builder.createTargetMachine());
    jit_ = get(orc::LLJITBuilder().create());
}

bool Compiler::has(const char* feature) const {
    const std::string features = target_->getTargetFeatureString().str() + ",";
    return features.find(std::string("+") + feature + ",") != std::string::npos;
}

bool Compiler::has_masks() const {
    return has("avx512f");
}

bool Compiler::has_range() const {
    return has_masks() && has("avx512dq");
}

bool Compiler::has_dots() const {
    return has(has_masks() ? "avx512vnni" : "avxvnni");
}

void (*Compiler::keeper() const)() {
    return register_keeper(target_->getTargetFeatureString());
}

void Compiler::set_layout(Module& module) const {
    module.setDataLayout(target_->createDataLayout());
    module.setTargetTriple(target_->getTargetTriple());
}

std::string Compiler::host() const {
    return target_->getTargetTriple().str() + ' ' + target_->getTargetCPU().str() + ' ' +
           target_->getTargetFeatureString().str();
}

HostCode::~HostCode() {
    consumeError(library_.getExecutionSession().removeJITDylib(library_));
}

void dump(const std::string& file, StringRef text) {
    const char* folder = std::getenv("ACC_MODEL_TRANSLATOR_DUMP");
    if (!folder) return;
    std::error_code error;
    raw_fd_ostream out(std::string(folder) + "/" + file, error);
    if (error)
        errs() << "ACC_MODEL_TRANSLATOR_DUMP: " << folder << "/" << file << ": " << error.message()
               << "\n";
    else
        out << text;
}
static void dump_module(const std::string& file, const Module& module) {
    if (!std::getenv("ACC_MODEL_TRANSLATOR_DUMP")) return;
    std::string text;
    raw_string_ostream(text) << module;
    dump(file, text);
}

SmallVector<char, 0> Compiler::compile(Module& module, const std::string& name) {
    dump_module(name + ".ll", module);
    optimise(module, *target_);
    dump_module(name + ".opt.ll", module);
    SmallVector<char, 0> object;
    {
        raw_svector_ostream out(object);
        legacy::PassManager generator;
        if (target_->addPassesToEmitFile(generator, out, nullptr, CodeGenFileType::ObjectFile))
            return {};
        generator.run(module);
    }
    dump(name + ".o", StringRef(object.data(), object.size()));
    return object;
}

std::unique_ptr<HostCode> Compiler::link(ArrayRef<char> object) {
    auto library = jit_->createJITDylib(std::to_string(linked_++));
    if (!library) {
        consumeError(library.takeError());
        return nullptr;
    }
    auto host = std::make_unique<HostCode>(*library);
    auto code = MemoryBuffer::getMemBufferCopy(StringRef(object.data(), object.size()));
    if (Error added = jit_->addObjectFile(*library, std::move(code))) {
        consumeError(std::move(added));
        return nullptr;
    }
    auto symbol = jit_->lookup(*library, kFunction);
    if (!symbol) {
        consumeError(symbol.takeError());
        return nullptr;
    }
    host->set_entry(symbol->toPtr<TranslatedCode>());
    return host;
}

} // namespace acc::model::jit
