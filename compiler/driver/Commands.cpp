// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/driver/Commands.h"

#include "compiler/driver/GpuArch.h"
#include "compiler/driver/HostObject.h"

#include "llvm/Support/Path.h"
#include "llvm/Support/Program.h"

#include <algorithm>
#include <string_view>

namespace acc::driver {
namespace {

void append(Command& command, std::initializer_list<const char*> words) {
    for (const char* word : words)
        command.push_back(word);
}

void append(Command& command, const std::vector<std::string>& words) {
    command.insert(command.end(), words.begin(), words.end());
}

/// -I and -isystem flags without the directories of other CUDA toolkits.
void append_source_flags(Command& command, const Toolkit& toolkit, const Invocation& invocation) {
    const std::vector<std::string>& flags = invocation.source_flags;
    for (size_t i = 0; i < flags.size(); ++i) {
        if (flags[i].starts_with("-I") && is_foreign_toolkit_path(toolkit, flags[i].substr(2)))
            continue;
        bool pair = flags[i] == "-isystem" || flags[i] == "-include";
        if (flags[i] == "-isystem" && is_foreign_toolkit_path(toolkit, flags[i + 1])) {
            ++i;
            continue;
        }
        command.push_back(flags[i]);
        if (pair) command.push_back(flags[++i]);
    }
}

bool uses_lto(const Invocation& invocation) {
    bool lto = false;
    for (const std::string& flag : invocation.host_flags) {
        if (flag == "-flto" || flag.starts_with("-flto=")) lto = true;
        if (flag == "-fno-lto") lto = false;
    }
    return lto;
}

bool uses_openmp(const Invocation& invocation) {
    return std::find(invocation.host_flags.begin(), invocation.host_flags.end(), "-fopenmp") !=
           invocation.host_flags.end();
}

/// How clang and gcc say things.
void append_diagnostic_flags(Command& command, const Invocation& invocation) {
    if (invocation.colour) command.push_back("-fdiagnostics-color=always");
    if (invocation.strict_warnings) command.push_back("-Werror");
}

/// What nvcc accepts and clang does not: by flags where clang has them, else by our plugin
/// (compiler/dialect).
void append_dialect(Command& command, const Toolkit& toolkit, const Invocation& invocation) {
    command.push_back("-fplugin=" + toolkit.dialect);
    if (invocation.quiet_warnings) command.push_back("-fplugin-arg-acc-quiet");
    if (invocation.cross_space_errors) command.push_back("-fplugin-arg-acc-cross-space-errors");
    if (invocation.relaxed_constexpr) command.push_back("-fplugin-arg-acc-relaxed-constexpr");
    if (invocation.extended_lambda) command.push_back("-fplugin-arg-acc-extended-lambda");
    for (const std::string& control : invocation.warning_controls)
        command.push_back("-fplugin-arg-acc-" + control);
    append(command, {"-Wno-error=c++11-narrowing", "-Wno-error=register",
                     "-Wno-error=return-mismatch", "-Werror=reorder-init-list", "-fgnu-keywords",
                     "-Wno-error=reserved-user-defined-literal", "-Wno-vla-cxx-extension"});
}

/// What -ccbin names decides which compiler programs see (compiler/dialect, HostCompiler).
bool is_clang(const std::string& compiler) {
    return llvm::sys::path::filename(compiler).contains("clang");
}

/// What a source sees before its first line.
void append_first_header(Command& command, const Toolkit& toolkit, const Invocation& invocation) {
    if (!invocation.run_time) {
        append(command, {"-include", "__acc_cuda_wrapper.h"});
        return;
    }
    append(command, {"-nostdinc++", "-nostdlibinc"});
    if (invocation.precompiled.empty()) {
        append(command, {"-isystem", (toolkit.include + "/acc_impl/rtc").c_str()});
    } else {
        append(command, {"-include-pch", invocation.precompiled.c_str()});
        append(command, {"-include", (toolkit.include + "/__acc_program.h").c_str()});
    }
}

/// What is the same for both sides of a CUDA source.
Command cuda_command(const Toolkit& toolkit, const Invocation& invocation) {
    // An architecture that clang does not know is one that it knows; device_command corrects
    // __CUDA_ARCH__.
    unsigned arch = std::min(invocation.device.arch(), kNewestKnown);
    Command command = {toolkit.clang, "-x", "cuda"};
    // No CUDA installation is looked for; the path only keeps clang from finding one by itself.
    command.push_back("--cuda-path=" + toolkit.root);
    append(command, {"-nocudainc", "-nocudalib", "-Xclang", "-target-sdk-version=12.8"});
    command.push_back("--cuda-gpu-arch=sm_" + std::to_string(arch));
    append(command, {"-Wno-unknown-cuda-version", "-Wno-unknown-warning-option",
                     "-Wno-unused-command-line-argument", "-Wno-ignored-optimization-argument"});
    append_diagnostic_flags(command, invocation);
    append_dialect(command, toolkit, invocation);
    append_first_header(command, toolkit, invocation);
    if (invocation.extended_lambda) command.push_back("-D__CUDACC_EXTENDED_LAMBDA__=1");
    if (invocation.relaxed_constexpr) command.push_back("-D__CUDACC_RELAXED_CONSTEXPR__=1");
    if (is_clang(invocation.host_compiler)) command.push_back("-D__ACC_HOST_COMPILER_CLANG");
    if (invocation.device.relocatable) command.push_back("-fgpu-rdc");
    // clang's driver hands the option on for HIP only; its front end takes it for CUDA, too.
    if (invocation.per_thread_stream)
        append(command, {"-DCUDA_API_PER_THREAD_DEFAULT_STREAM=1", "-Xclang",
                         "-fgpu-default-stream=per-thread"});
    if (invocation.device.approximate_functions)
        append(command, {"-D__USE_FAST_MATH__=1", "-fgpu-approx-transcendentals"});
    if (invocation.device.debug) command.push_back("-D__CUDACC_DEBUG__=1");
    append_source_flags(command, toolkit, invocation);
    // Behind the user's -isystem, where CMake names a copy of CCCL.
    append(command, {"-isystem", toolkit.include.c_str()});
    if (uses_openmp(invocation) && !toolkit.gcc_include.empty())
        append(command, {"-idirafter", toolkit.gcc_include.c_str()});
    return command;
}

/// The flags of -Xcompiler that also matter for how device code is read: nvcc's host compiler
/// preprocesses both sides. (Kokkos' nvcc_wrapper passes -isystem this way.)
void append_source_host_flags(Command& command, const std::vector<std::string>& flags) {
    static constexpr const char* kWithValue[] = {
        "-D", "-U", "-I", "-isystem", "-iquote", "-include", "-imacros", "-idirafter", "-isysroot"};
    static constexpr const char* kJoined[] = {"-std=",        "-fno-exceptions", "-fno-rtti",
                                              "-fvisibility", "-fms-extensions", "-funsigned-char"};
    for (size_t i = 0; i < flags.size(); ++i) {
        auto starts = [&](const char* prefix) { return flags[i].starts_with(prefix); };
        const bool with_value = llvm::any_of(kWithValue, starts);
        if (!with_value && llvm::none_of(kJoined, starts)) continue;
        command.push_back(flags[i]);
        if (with_value && llvm::is_contained(kWithValue, flags[i]) && i + 1 < flags.size())
            command.push_back(flags[++i]);
    }
}

/// A flag of -Xcompiler that only the link understands.
bool is_link_flag(const std::string& flag) {
    return flag.starts_with("-Wl,") || flag == "-static-libgcc" || flag == "-static-libstdc++" ||
           flag == "-rdynamic" || flag == "-export-dynamic";
}

/// Flags that only GCC knows, and that change no program's meaning: how it optimises, what it
/// prints. clang, which compiles the host code, takes the others or says what it cannot do.
bool is_gcc_only(llvm::StringRef flag) {
    static constexpr const char* kStarts[] = {"-ftree-",
                                              "-fno-tree-",
                                              "-fipa-",
                                              "-fno-ipa-",
                                              "-fvar-tracking",
                                              "-fno-var-tracking",
                                              "-fvect-cost-",
                                              "-fsimd-cost-",
                                              "-fabi-version=",
                                              "-fgnu-unique",
                                              "-fno-gnu-unique",
                                              "-freorder-",
                                              "-fno-reorder-",
                                              "-fbranch-",
                                              "-fno-branch-",
                                              "-fconserve-stack",
                                              "-fanalyzer",
                                              "-fconcepts",
                                              "-fdelete-dead-",
                                              "-fno-delete-dead-",
                                              "-fgraphite",
                                              "-floop-nest-",
                                              "-floop-parallelize",
                                              "-fschedule-",
                                              "-fno-schedule-",
                                              "-fsched-",
                                              "-fno-sched-",
                                              "-fisolate-",
                                              "-fira-",
                                              "-mveclibabi="};
    if (flag.ends_with("tree-vectorize") || flag.ends_with("tree-slp-vectorize")) return false;
    return llvm::any_of(kStarts, [&](const char* start) { return flag.starts_with(start); });
}

void append_host_flags(Command& command, const Toolkit& toolkit, const Invocation& invocation) {
    for (const std::string& flag : invocation.host_flags)
        if (!is_link_flag(flag)) append_host_flag(command, toolkit, flag);
    if (invocation.quiet_warnings) command.push_back("-w");
    append(command, invocation.dependency_flags);
}

void append_dependency_defaults(Command& command, const Invocation& invocation,
                                const TranslationUnit& unit) {
    auto has = [&](const char* flag) {
        return std::find(invocation.dependency_flags.begin(), invocation.dependency_flags.end(),
                         flag) != invocation.dependency_flags.end();
    };
    if (!has("-MD") && !has("-MMD")) return;
    std::string target = invocation.phase == Phase::Compile ? unit.output : invocation.output;
    if (!has("-MT") && !target.empty()) append(command, {"-MT", target.c_str()});
    if (!has("-MF")) {
        std::string file = (target.empty() ? unit.input.path : target);
        size_t dot = file.find_last_of("./");
        if (dot != std::string::npos && file[dot] == '.') file.resize(dot);
        append(command, {"-MF", (file + ".d").c_str()});
    }
}

} // namespace

std::string host_compiler(const Toolkit& toolkit, const Invocation& invocation) {
    if (invocation.host_compiler.empty()) return toolkit.clang;
    auto found = llvm::sys::findProgramByName(invocation.host_compiler);
    return found ? *found : toolkit.clang; // the driver has warned
}

void append_host_flag(Command& command, const Toolkit& toolkit, const std::string& flag) {
    if (command[0] != toolkit.clang)
        command.push_back(flag);
    else if (flag == "-fopenmp" && !toolkit.gcc_include.empty())
        command.push_back("-fopenmp=libgomp");
    else if (flag == "-export-dynamic")
        command.push_back("-rdynamic");
    else if (!is_gcc_only(flag))
        command.push_back(flag);
}

Command device_command(const Toolkit& toolkit, const Invocation& invocation,
                       const TranslationUnit& unit) {
    Command command = cuda_command(toolkit, invocation);
    // The newest PTX version: which builtins exist must not depend on a CUDA installation.
    append(command, {"--cuda-device-only", "--cuda-feature=+ptx90"});
    command.push_back("-cuid=" + unit.module_id);
    append(command, {"-O3", "-Xclang", "-disable-llvm-passes"});
    // What C++ allows a compiler to assume and nvcc does not, CUDA programs get wrong: that types
    // tell which accesses overlap, and that a function with a result returns one on every way.
    append(command, {"-fno-strict-aliasing", "-fno-strict-return"});
    if (unsigned arch = invocation.device.arch(); arch > kNewestKnown)
        append(command, {"-Wno-builtin-macro-redefined", "-U__CUDA_ARCH__",
                         ("-D__CUDA_ARCH__=" + std::to_string(10 * arch)).c_str()});
    command.push_back(invocation.device.debug ? "-g" : "-gline-tables-only");
    command.push_back(invocation.device.fuse_multiply_add ? "-ffp-contract=fast"
                                                          : "-ffp-contract=off");
    if (invocation.device.flush_denormals) command.push_back("-fgpu-flush-denormals-to-zero");
    append_source_host_flags(command, invocation.host_flags);
    // Warnings come from the host side, which sees the same source; both would say everything
    // twice.
    bool alone = invocation.phase == Phase::DeviceOnly || invocation.phase == Phase::SyntaxOnly;
    if (!alone || invocation.quiet_warnings) command.push_back("-w");
    if (invocation.phase == Phase::SyntaxOnly) {
        append(command, {"-fsyntax-only", unit.input.path.c_str()});
        return command;
    }
    append(command, {"-emit-llvm", "-c", unit.input.path.c_str(), "-o", unit.bitcode.c_str()});
    return command;
}

Command precompile_command(const Toolkit& toolkit, const Invocation& invocation,
                           const std::string& output) {
    Invocation header = invocation;
    header.run_time = true;
    header.precompiled.clear();
    // Nothing of the program's but what clang compares between the header and its users.
    std::erase_if(header.source_flags,
                  [](const std::string& flag) { return !flag.starts_with("-std="); });
    TranslationUnit unit;
    unit.input = {toolkit.include + "/__acc_rtc.h", Language::Cuda};
    unit.module_id = "0";
    unit.bitcode = output;
    Command command = device_command(toolkit, header, unit);
    append(command, {"-Xclang", "-emit-pch"});
    return command;
}

Command host_command(const Toolkit& toolkit, const Invocation& invocation,
                     const TranslationUnit& unit) {
    Command command = cuda_command(toolkit, invocation);
    append(command, {"--cuda-host-only"});
    command.push_back("-cuid=" + unit.module_id);
    append_host_flags(command, toolkit, invocation);
    append_dependency_defaults(command, invocation, unit);
    if (!invocation.device.relocatable)
        append(command, {"-Xclang", "-fcuda-include-gpubinary", "-Xclang", unit.device.c_str()});
    else
        command.push_back("-D__ACC_LINKED_BINARY=" + (kLinkedBinary + unit.module_id));
    // An ELF object around the IR, which can carry the device code for the device link.
    if (invocation.device.relocatable && uses_lto(invocation))
        command.push_back("-ffat-lto-objects");
    if (invocation.host_source)
        append(command, {"-S", "-fno-addrsig"}); // for the host compiler's assembler
    else
        command.push_back("-c");
    append(command, {unit.input.path.c_str(), "-o", unit.object.c_str()});
    return command;
}

std::optional<Command> query_command(const Toolkit& toolkit, const Invocation& invocation) {
    Command command = {host_compiler(toolkit, invocation)};
    for (const std::string& flag : invocation.host_flags)
        if (flag == "--version" || flag == "--help" || flag.starts_with("-dump") ||
            flag.starts_with("-print-") || flag.starts_with("--print-"))
            command.push_back(flag);
    if (command.size() == 1) return std::nullopt;
    return command;
}

Command plain_command(const Toolkit& toolkit, const Invocation& invocation,
                      const TranslationUnit& unit) {
    Command command = {host_compiler(toolkit, invocation), "-x",
                       unit.input.language == Language::C ? "c" : "c++", "-D__NVCC__=1"};
    append_diagnostic_flags(command, invocation);
    append_source_flags(command, toolkit, invocation);
    if (uses_openmp(invocation) && command[0] == toolkit.clang && !toolkit.gcc_include.empty())
        append(command, {"-idirafter", toolkit.gcc_include.c_str()});
    if (unit.input.language == Language::C)
        std::erase_if(command, [](const std::string& flag) {
            return flag.starts_with("-std=c++") || flag.starts_with("-std=gnu++");
        });
    append(command, {"-isystem", toolkit.include.c_str()});
    append_host_flags(command, toolkit, invocation);
    append_dependency_defaults(command, invocation, unit);
    append(command, {"-c", unit.input.path.c_str(), "-o", unit.object.c_str()});
    return command;
}

Command preprocess_command(const Toolkit& toolkit, const Invocation& invocation, const Input& input,
                           const std::string& output) {
    Command command;
    if (input.language == Language::Cuda) {
        command = cuda_command(toolkit, invocation);
        append(command, {"--cuda-host-only"});
    } else {
        command = {host_compiler(toolkit, invocation), "-x",
                   input.language == Language::C ? "c" : "c++", "-D__NVCC__=1"};
        append_diagnostic_flags(command, invocation);
        append_source_flags(command, toolkit, invocation);
        append(command, {"-isystem", toolkit.include.c_str()});
    }
    append_host_flags(command, toolkit, invocation);
    if (invocation.phase == Phase::Dependencies)
        command.push_back(invocation.dependencies_user_only ? "-MM" : "-M");
    else
        command.push_back("-E");
    command.push_back(input.path);
    if (!output.empty()) append(command, {"-o", output.c_str()});
    return command;
}

} // namespace acc::driver
