// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "driver/model/jit/compile.h"

#include "driver/model/jit/dots.h"
#include "driver/model/jit/keep.h"
#include "driver/model/jit/meetings.h"
#include "driver/model/jit/split.h"
#include "driver/model/jit/spread.h"
#include "driver/model/jit/tiles.h"

#include <llvm/Analysis/AliasAnalysis.h>
#include <llvm/Analysis/AssumptionCache.h>
#include <llvm/Analysis/BasicAliasAnalysis.h>
#include <llvm/Analysis/BlockFrequencyInfo.h>
#include <llvm/Analysis/BranchProbabilityInfo.h>
#include <llvm/Analysis/CycleAnalysis.h>
#include <llvm/Analysis/LastRunTrackingAnalysis.h>
#include <llvm/Analysis/LoopAnalysisManager.h>
#include <llvm/Analysis/LoopInfo.h>
#include <llvm/Analysis/MemorySSA.h>
#include <llvm/Analysis/OptimizationRemarkEmitter.h>
#include <llvm/Analysis/PostDominators.h>
#include <llvm/Analysis/ProfileSummaryInfo.h>
#include <llvm/Analysis/ScalarEvolution.h>
#include <llvm/Analysis/ScopedNoAliasAA.h>
#include <llvm/Analysis/TargetLibraryInfo.h>
#include <llvm/Analysis/TargetTransformInfo.h>
#include <llvm/Analysis/TypeBasedAliasAnalysis.h>
#include <llvm/ExecutionEngine/Orc/JITTargetMachineBuilder.h>
#include <llvm/IR/IRBuilder.h>
#include <llvm/IR/LegacyPassManager.h>
#include <llvm/Support/CommandLine.h>
#include <llvm/Support/MemoryBuffer.h>
#include <llvm/Support/TargetSelect.h>
#include <llvm/Support/raw_ostream.h>
#include <llvm/Transforms/IPO/AlwaysInliner.h>
#include <llvm/Transforms/InstCombine/InstCombine.h>
#include <llvm/Transforms/Scalar/EarlyCSE.h>
#include <llvm/Transforms/Scalar/LICM.h>
#include <llvm/Transforms/Scalar/LoopPassManager.h>
#include <llvm/Transforms/Scalar/SROA.h>
#include <llvm/Transforms/Scalar/SimplifyCFG.h>

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

/// The analyses that the passes below ask for. PassBuilder would register them, and with them all
/// passes that LLVM has: the library would be half as large again, and take longer to load than
/// many a kernel to translate.
void add_analyses(FunctionAnalysisManager& functions, ModuleAnalysisManager& modules,
                  LoopAnalysisManager& loops, TargetMachine& target) {
    functions.registerPass([&] { return target.getTargetIRAnalysis(); });
    functions.registerPass(
        [&] { return TargetLibraryAnalysis(TargetLibraryInfoImpl(target.getTargetTriple())); });
    functions.registerPass([] {
        AAManager aliases;
        aliases.registerFunctionAnalysis<BasicAA>();
        aliases.registerFunctionAnalysis<ScopedNoAliasAA>();
        aliases.registerFunctionAnalysis<TypeBasedAA>();
        return aliases;
    });
    functions.registerPass([] { return BasicAA(); });
    functions.registerPass([] { return ScopedNoAliasAA(); });
    functions.registerPass([] { return TypeBasedAA(); });
    functions.registerPass([] { return AssumptionAnalysis(); });
    functions.registerPass([] { return BlockFrequencyAnalysis(); });
    functions.registerPass([] { return BranchProbabilityAnalysis(); });
    functions.registerPass([] { return CycleAnalysis(); });
    functions.registerPass([] { return DominatorTreeAnalysis(); });
    functions.registerPass([] { return LastRunTrackingAnalysis(); });
    functions.registerPass([] { return LoopAnalysis(); });
    functions.registerPass([] { return MemorySSAAnalysis(); });
    functions.registerPass([] { return OptimizationRemarkEmitterAnalysis(); });
    functions.registerPass([] { return PostDominatorTreeAnalysis(); });
    functions.registerPass([] { return ScalarEvolutionAnalysis(); });
    functions.registerPass([] { return PassInstrumentationAnalysis(); });
    modules.registerPass([] { return PassInstrumentationAnalysis(); });
    modules.registerPass([] { return ProfileSummaryAnalysis(); });
    loops.registerPass([] { return PassInstrumentationAnalysis(); });
    modules.registerPass([&] { return FunctionAnalysisManagerModuleProxy(functions); });
    functions.registerPass([&] { return ModuleAnalysisManagerFunctionProxy(modules); });
    functions.registerPass([&] { return LoopAnalysisManagerFunctionProxy(loops); });
    loops.registerPass([&] { return FunctionAnalysisManagerLoopProxy(functions); });
}

/// What the emitter's IR needs: variables to registers, vectors of the host's size, and the rest
/// cheaply.
ModulePassManager first_passes() {
    FunctionPassManager passes;
    passes.addPass(SROAPass(SROAOptions::ModifyCFG));
    passes.addPass(EarlyCSEPass());
    ModulePassManager all;
    all.addPass(AlwaysInlinerPass());
    all.addPass(createModuleToFunctionPassAdaptor(std::move(passes)));
    return all;
}

ModulePassManager passes() {
    FunctionPassManager passes;
    passes.addPass(SimplifyCFGPass());
    passes.addPass(createFunctionToLoopPassAdaptor(LICMPass(LICMOptions()), true));
    passes.addPass(EarlyCSEPass(true));
    passes.addPass(InstCombinePass());
    passes.addPass(SimplifyCFGPass());
    ModulePassManager all;
    all.addPass(createModuleToFunctionPassAdaptor(std::move(passes)));
    return all;
}

/// False: it cannot be made so.
bool optimise(Module& module, TargetMachine& target, bool has_masks) {
    LoopAnalysisManager loops;
    FunctionAnalysisManager functions;
    ModuleAnalysisManager modules;
    add_analyses(functions, modules, loops, target);
    first_passes().run(module, modules);
    for (Function& function : module)
        if (!function.isDeclaration() && !make_meetings(function)) return false;
    for (Function& function : module)
        if (!function.isDeclaration())
            split_vectors(function, has_masks ? kPieceLanes : kPieceLanes / 2);
    functions.clear();
    passes().run(module, modules);
    for (Function& function : module)
        if (!function.isDeclaration()) {
            gather_corrections(function);
            divide_loops(function, has_masks);
            if (!has_masks) spread_lanes(function);
        }
    return true;
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

bool Compiler::has_gathers() const {
    return !has_masks() && has("avx2");
}

bool Compiler::has_halves() const {
    return has_masks() || has("f16c");
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
    if (!optimise(module, *target_, has_masks())) return {};
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
