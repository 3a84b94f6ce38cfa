// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/driver/Options.h"

#include "compiler/driver/GpuArch.h"
#include "compiler/driver/ToolOptions.h"
#include "compiler/driver/Version.h"

#include <algorithm>
#include <charconv>

namespace acc::driver {
namespace {

using I = Invocation;
using S = const std::string;
constexpr OptionKind Flag = OptionKind::Flag;
constexpr OptionKind Value = OptionKind::Value;
constexpr OptionKind List = OptionKind::List;

std::string set_phase(I& i, Phase phase) {
    i.phase = phase;
    return {};
}

std::string device_only(I& i, DeviceFormat format) {
    i.device_format = format;
    return set_phase(i, Phase::DeviceOnly);
}

/// What accc always does.
std::string always_on(I&, S&) {
    return {};
}

/// What has no meaning for acc: CommandLine.cpp notes it for -v.
std::string no_effect(I&, S&) {
    return {};
}

std::string number(S& value, unsigned& out) {
    auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), out);
    if (error != std::errc() || end != value.data() + value.size())
        return "expected a number, not '" + value + "'";
    return {};
}

/// A list element that goes to several compilers unchanged after a spelling such as "-I".
std::string source(I& i, const char* spelling, S& value) {
    i.source_flags.push_back(spelling + value);
    return {};
}

std::string source_pair(I& i, const char* spelling, S& value) {
    i.source_flags.push_back(spelling);
    i.source_flags.push_back(value);
    return {};
}

std::string host(I& i, S& flag) {
    i.host_flags.push_back(flag);
    return {};
}

std::string link(I& i, S& flag) {
    i.link_line.push_back({flag});
    return {};
}

std::string dependency(I& i, const char* spelling, S* value) {
    i.dependency_flags.push_back(spelling);
    if (value) i.dependency_flags.push_back(*value);
    return {};
}

std::string dependencies_only(I& i, bool user_only) {
    i.dependencies_user_only = user_only;
    return set_phase(i, Phase::Dependencies);
}

std::string unsupported(const char* what) {
    return what;
}

std::string language(I& i, S& value) {
    if (value == "cu")
        i.forced_language = Language::Cuda;
    else if (value == "c++")
        i.forced_language = Language::Cxx;
    else if (value == "ptx")
        i.forced_language = Language::Ptx;
    else
        i.forced_language = Language::C;
    return {};
}

std::string standard(I& i, S& value) {
    static const char* const known[] = {"c++03", "c++11",   "c++14",   "c++17",   "c++20",
                                        "c++23", "gnu++11", "gnu++14", "gnu++17", "gnu++20"};
    if (std::find(std::begin(known), std::end(known), value) == std::end(known))
        return "unknown language standard '" + value +
               "'; known: c++03, c++11, c++14, c++17, c++20, c++23";
    // Our headers need C++11, as the ones of CUDA 12 do.
    i.source_flags.push_back("-std=" + (value == "c++03" ? std::string("c++11") : value));
    return {};
}

std::string fast_math(I& i, S&) {
    i.device.flush_denormals = true;
    i.device.precise_divide = false;
    i.device.precise_sqrt = false;
    i.device.fuse_multiply_add = true;
    i.device.approximate_functions = true;
    return {};
}

std::string runtime(I& i, S& value) {
    if (value == "none")
        i.runtime = CudaRuntime::None;
    else if (value == "shared")
        i.runtime = CudaRuntime::Shared;
    else
        i.runtime = CudaRuntime::Static;
    return {};
}

std::string default_stream(I& i, S& value) {
    i.per_thread_stream = value == "per-thread";
    return {};
}

std::string library_path(I& i, S& value) {
    i.library_paths.push_back(value);
    return link(i, "-L" + value);
}

/// -Werror: nvcc's kinds of warnings.
std::string strict(I& i, S& kind) {
    static const char* const none[] = {"default-stream-launch", "ext-lambda-captures-this",
                                       "missing-launch-bounds"};
    if (kind == "all-warnings")
        i.strict_warnings = true;
    else if (kind == "cross-execution-space-call")
        i.cross_space_errors = true;
    else if (kind == "reorder" || kind == "deprecated-declarations")
        i.source_flags.push_back("-Werror=" + kind);
    else if (std::find(std::begin(none), std::end(none), kind) == std::end(none))
        return "unknown kind '" + kind +
               "'; known: all-warnings, cross-execution-space-call, default-stream-launch, "
               "deprecated-declarations, ext-lambda-captures-this, missing-launch-bounds, reorder";
    return {};
}

std::string most_registers(I& i, S& value) {
    unsigned most = 0;
    std::string error = number(value, most);
    if (error.empty()) set_most_registers(i, most);
    return error;
}

/// -diag-suppress and its kin: numbers, with or without "-D", or tags.
std::string control(I& i, const char* verb, S& name) {
    i.warning_controls.push_back(std::string(verb) + ":" + name);
    return {};
}

std::string linker_option(I& i, S& value) {
    link(i, "-Xlinker");
    return link(i, value);
}

std::string optimisation(I& i, S& level) {
    static const char* const known[] = {"", "0", "1", "2", "3", "s", "fast"};
    // As with nvcc, any number; the host compiler takes the highest that it has.
    const bool digits = level.find_first_not_of("0123456789") == std::string::npos;
    if (!digits && std::find(std::begin(known), std::end(known), level) == std::end(known))
        return "unknown level '" + level + "'; known: 0, 1, 2, 3";
    return host(i, "-O" + (level.empty() ? std::string("2") : level));
}

constexpr const char* kNoMergedPtx =
    "PTX of several units is not merged; -ptx -rdc=true writes that of one";

// Every option of nvcc 12 is here: what has no meaning for acc is accepted without an effect and
// says so.
const OptionRow kTable[] = {
    // ---- what to produce
    {"compile", "c", Flag, false, nullptr, [](I& i, S&) { return set_phase(i, Phase::Compile); }, "Compile each source to an object file."},
    {"device-c", "dc", Flag, false, nullptr,
     [](I& i, S&) { i.device.relocatable = true; return set_phase(i, Phase::Compile); },
     "Compile each source to an object file with relocatable device code (-rdc=true -c)."},
    {"device-w", "dw", Flag, false, nullptr,
     [](I& i, S&) { i.device.relocatable = false; return set_phase(i, Phase::Compile); },
     "Compile each source to an object file with executable device code (-rdc=false -c)."},
    {"device-link", "dlink", Flag, false, nullptr, [](I& i, S&) { return set_phase(i, Phase::DeviceLink); },
     "Link the device code of the inputs into an object that the host linker takes."},
    {"link", "link", Flag, false, nullptr, [](I& i, S&) { return set_phase(i, Phase::Link); }, "Compile and link (the default)."},
    {"lib", "lib", Flag, false, nullptr, [](I& i, S&) { return set_phase(i, Phase::Library); }, "Put the objects into a static library."},
    {"run", "run", Flag, false, nullptr, [](I& i, S&) { i.run = true; return std::string(); }, "Link, then run the program; or run the program that is named."},
    {"run-args", "run-args", List, false, "<arguments>", [](I& i, S& v) { i.run_arguments.push_back(v); return std::string(); }, "Arguments for --run."},
    {"preprocess", "E", Flag, false, nullptr, [](I& i, S&) { return set_phase(i, Phase::Preprocess); }, "Preprocess to standard output or -o."},
    {"cubin", "cubin", Flag, false, nullptr, [](I& i, S&) { return device_only(i, DeviceFormat::CodeObject); }, "Compile the device code to an acc code object (.cubin)."},
    {"fatbin", "fatbin", Flag, false, nullptr, [](I& i, S&) { return device_only(i, DeviceFormat::FatBinary); }, "Compile the device code to a fat binary (.fatbin)."},
    {"fdevice-syntax-only", nullptr, Flag, false, nullptr, [](I& i, S&) { return set_phase(i, Phase::SyntaxOnly); }, "Check the device code and stop."},
    {"ptx", "ptx", Flag, false, nullptr, [](I& i, S&) { return device_only(i, DeviceFormat::Ptx); }, "Compile the device code to PTX text (.ptx)."},
    {"ltoir", "ltoir", Flag, false, nullptr, [](I&, S&) { return unsupported("accc does not produce NVIDIA's LTO format; use -dc"); }, "Not supported."},
    {"relocatable-ptx", "reloc-ptx", Flag, false, nullptr, [](I&, S&) { return unsupported(kNoMergedPtx); }, "Not supported."},
    {"sanitize", "sanitize", Value, false, "<tool>", [](I&, S&) { return unsupported("accc does not instrument device code; run the program with ACC_CHECK=bounds"); }, "Not supported: ACC_CHECK=bounds finds stray accesses when the program runs."},
    {"compile-as-tools-patch", "astoolspatch", Flag, false, nullptr, [](I&, S&) { return unsupported("accc makes no patches for NVIDIA's tools"); }, "Not supported."},
    {"optix-ir", "optix-ir", Flag, false, nullptr, [](I&, S&) { return unsupported("accc does not produce OptiX IR"); }, "Not supported."},
    {"cuda", "cuda", Flag, false, nullptr, [](I& i, S&) { i.host_source = true; return set_phase(i, Phase::Compile); },
     "Compile each CUDA source to C++ for the host compiler (.cu.cpp.ii), with the device code in it."},
    {"output-file", "o", Value, false, "<file>", [](I& i, S& v) { i.output = v; return std::string(); }, "Name of the output."},
    {"output-directory", "odir", Value, false, "<directory>", [](I& i, S& v) { i.output_directory = v; return std::string(); }, "Directory for outputs without a name of their own."},

    // ---- sources
    {"x", "x", Value, true, "c|c++|cu|ptx", language, "Language of the inputs that follow; .cu files are CUDA by default, .ptx files PTX."},
    {"std", "std", Value, false, "<standard>", standard, "C++ standard (default c++17)."},
    {"define-macro", "D", List, true, "<name[=text]>", [](I& i, S& v) { return source(i, "-D", v); }, "Define a macro."},
    {"undefine-macro", "U", List, true, "<name>", [](I& i, S& v) { return source(i, "-U", v); }, "Undefine a macro."},
    {"include-path", "I", List, true, "<directory>", [](I& i, S& v) { return source(i, "-I", v); }, "Search headers here."},
    {"system-include", "isystem", List, false, "<directory>", [](I& i, S& v) { return source_pair(i, "-isystem", v); }, "Search headers here, as system headers."},
    {"pre-include", "include", List, false, "<file>", [](I& i, S& v) { return source_pair(i, "-include", v); }, "Include a file first."},
    {"ftemplate-depth", "ftemplate-depth", Value, false, "<n>", [](I& i, S& v) { return source(i, "-ftemplate-depth=", v); }, "Limit of template nesting."},
    {"ftemplate-backtrace-limit", "ftemplate-backtrace-limit", Value, false, "<n>", [](I& i, S& v) { return source(i, "-ftemplate-backtrace-limit=", v); }, "Limit of template notes in an error."},
    {"no-exceptions", "noeh", Flag, false, nullptr, [](I& i, S&) { return host(i, "-fno-exceptions"); }, "Host code without exceptions."},
    {"expt-relaxed-constexpr", "expt-relaxed-constexpr", Flag, false, nullptr, [](I& i, S&) { i.relaxed_constexpr = true; return std::string(); }, "Device code may call constexpr functions of the host. Defines __CUDACC_RELAXED_CONSTEXPR__."},
    {"extended-lambda", "extended-lambda", Flag, false, nullptr, [](I& i, S&) { i.extended_lambda = true; return std::string(); }, "Lambdas may say __device__ and __host__ __device__. Defines __CUDACC_EXTENDED_LAMBDA__."},
    {"expt-extended-lambda", "expt-extended-lambda", Flag, false, nullptr, [](I& i, S&) { i.extended_lambda = true; return std::string(); }, "Lambdas may say __device__ and __host__ __device__. Defines __CUDACC_EXTENDED_LAMBDA__."},
    {"restrict", "restrict", Flag, false, nullptr, no_effect, "Accepted, no effect."},

    // ---- dependencies
    {"generate-dependencies", "M", Flag, false, nullptr, [](I& i, S&) { return dependencies_only(i, false); }, "Print the dependencies as a make rule."},
    {"generate-nonsystem-dependencies", "MM", Flag, false, nullptr, [](I& i, S&) { return dependencies_only(i, true); }, "As -M, without system headers."},
    {"generate-dependencies-with-compile", "MD", Flag, false, nullptr, [](I& i, S&) { return dependency(i, "-MD", nullptr); }, "Write a dependency file while compiling."},
    {"generate-nonsystem-dependencies-with-compile", "MMD", Flag, false, nullptr, [](I& i, S&) { return dependency(i, "-MMD", nullptr); }, "As -MD, without system headers."},
    {"dependency-output", "MF", Value, false, "<file>", [](I& i, S& v) { return dependency(i, "-MF", &v); }, "Name of the dependency file."},
    {"dependency-target-name", "MT", Value, false, "<target>", [](I& i, S& v) { return dependency(i, "-MT", &v); }, "Target of the make rule."},
    {"generate-dependency-targets", "MP", Flag, false, nullptr, [](I& i, S&) { return dependency(i, "-MP", nullptr); }, "Add an empty rule for every header."},

    // ---- device code
    {"gpu-architecture", "arch", Value, false, "<arch>", parse_arch_option, "sm_XX, compute_XX, native, all, all-major: sets __CUDA_ARCH__ (default sm_80; below sm_50 counts as sm_50)."},
    {"gpu-code", "code", List, false, "<code>", parse_code_option, "Names of architectures; acc code is made once, for acc1."},
    {"generate-code", "gencode", Value, false, "arch=<arch>,code=<code>", parse_gencode_option, "May be repeated. Of several the newest that the device can run (sm_80) is compiled."},
    {"relocatable-device-code", "rdc", Value, false, "true|false", [](I& i, S& v) { i.device.relocatable = v == "true"; return std::string(); }, "Device code may refer to other files; it is linked at the end."},
    {"use_fast_math", "use_fast_math", Flag, false, nullptr, fast_math, "--ftz=true --prec-div=false --prec-sqrt=false and fast sin, cos, exp, ..."},
    {"ftz", "ftz", Value, false, "true|false", [](I& i, S& v) { i.device.flush_denormals = v == "true"; return std::string(); }, "Flush subnormal f32 values to zero (default false)."},
    {"prec-div", "prec-div", Value, false, "true|false", [](I& i, S& v) { i.device.precise_divide = v == "true"; return std::string(); }, "Correctly rounded f32 division (default true)."},
    {"prec-sqrt", "prec-sqrt", Value, false, "true|false", [](I& i, S& v) { i.device.precise_sqrt = v == "true"; return std::string(); }, "Correctly rounded f32 square root (default true)."},
    {"fmad", "fmad", Value, false, "true|false", [](I& i, S& v) { i.device.fuse_multiply_add = v == "true"; return std::string(); }, "Contract multiply and add (default true)."},
    {"maxrregcount", "maxrregcount", Value, false, "<n>", most_registers, "Most registers a kernel may use (at least 40)."},
    {"default-stream", "default-stream", Value, false, "legacy|null|per-thread", default_stream, "Stream of launches that name none."},
    {"resource-usage", "res-usage", Flag, false, nullptr, [](I& i, S&) { i.device.resource_usage = true; return std::string(); }, "Print registers and memory of every kernel."},
    {"device-debug", "G", Flag, false, nullptr, [](I& i, S&) { i.device.debug = true; return std::string(); }, "Debug information for device code, which is then not optimised."},
    {"generate-line-info", "lineinfo", Flag, false, nullptr, always_on, "Always on: device code carries line tables."},
    {"no-device-link", "nodlink", Flag, false, nullptr, [](I& i, S&) { i.no_device_link = true; return std::string(); }, "Skip the device link when linking."},
    {"dlink-time-opt", "dlto", Flag, false, nullptr, always_on, "Always on: relocatable device code is linked as IR."},
    {"gen-opt-lto", nullptr, Flag, false, nullptr, no_effect, "Accepted, no effect."},
    {"jump-table-density", "jtd", Value, false, "<n>", no_effect, "Accepted, no effect."},
    {"no-host-device-initializer-list", "nohdinitlist", Flag, false, nullptr, no_effect, "Accepted, no effect."},
    {"no-host-device-move-forward", "nohdmoveforward", Flag, false, nullptr, no_effect, "Accepted, no effect."},
    {"lto", "lto", Flag, false, nullptr, always_on, "Always on: relocatable device code is linked as IR."},
    {"dopt", "dopt", Value, false, "on", no_effect, "Accepted: device code is optimised unless -G."},
    {"Ofast-compile", "Ofc", Value, false, "0|min|mid|max", no_effect, "Accepted, no effect."},
    {"optimization-info", "opt-info", List, false, "inline", no_effect, "Accepted, no effect."},
    {"extra-device-vectorization", "extra-device-vectorization", Flag, false, nullptr, no_effect, "Accepted, no effect."},
    {"keep-device-functions", "keep-device-functions", Flag, false, nullptr, no_effect, "Accepted, no effect."},
    {"extensible-whole-program", "ewp", Flag, false, nullptr, no_effect, "Accepted, no effect."},
    {"entries", "e", List, false, "<entry>", no_effect, "Accepted, no effect: every kernel is compiled."},
    {"no-compress", "no-compress", Flag, false, nullptr, no_effect, "Accepted: fat binaries are never compressed."},
    {"compress-mode", "compress-mode", Value, false, "default|size|speed|balance|none", no_effect, "Accepted: fat binaries are never compressed."},
    {"split-compile", "split-compile", Value, false, "<n>", no_effect, "Accepted, no effect."},
    {"split-compile-extended", "split-compile-extended", Value, false, "<n>", no_effect, "Accepted, no effect."},
    {"source-in-ptx", "src-in-ptx", Flag, false, nullptr, no_effect, "Accepted, no effect."},
    {"static-global-template-stub", "static-global-template-stub", Value, false, "true|false", no_effect, "Accepted, no effect."},
    {"device-entity-has-hidden-visibility", "device-entity-has-hidden-visibility", Value, false, "true|false", no_effect, "Accepted, no effect."},
    {"device-stack-protector", "device-stack-protector", Value, false, "true|false", no_effect, "Accepted: a stack overflow always faults precisely."},
    {"allow-unsupported-compiler", "allow-unsupported-compiler", Flag, false, nullptr, no_effect, "Accepted, no effect."},
    {"libdevice-directory", "ldir", Value, false, "<directory>", no_effect, "Accepted: the device library of this toolkit is used."},
    {"target-directory", "target-dir", Value, false, "<name>", no_effect, "Accepted, no effect."},
    {"cudadevrt", "cudadevrt", Value, false, "none|static", no_effect, "Accepted: nothing to link."},

    // ---- host code
    {"optimize", "O", Value, true, "<level>", optimisation, "Optimisation of host code; device code is always fully optimised, unless -G."},
    {"debug", "g", Flag, false, nullptr, [](I& i, S&) { return host(i, "-g"); }, "Debug information for host code."},
    {"profile", "pg", Flag, false, nullptr, [](I& i, S&) { link(i, "-pg"); return host(i, "-pg"); }, "Host code for gprof."},
    {"compiler-options", "Xcompiler", List, false, "<options>", [](I& i, S& v) { return host(i, v); }, "Options for the host compiler and the link."},
    {"compiler-bindir", "ccbin", Value, false, "<path>", [](I& i, S& v) { i.host_compiler = v; return std::string(); }, "Compiler for .c and .cpp files and for linking; the host code of .cu files is always compiled by clang."},
    {"machine", "m", Value, true, "64", [](I&, S& v) { return v == "64" ? std::string() : "only 64-bit code is supported, not -m" + v; }, "64: the only one."},
    {"m64", "m64", Flag, false, nullptr, always_on, "Always on."},
    {"pthread", "pthread", Flag, false, nullptr, [](I& i, S&) { link(i, "-pthread"); return host(i, "-pthread"); }, "Host code with POSIX threads."},
    {"no-align-double", "no-align-double", Flag, false, nullptr, no_effect, "Accepted, no effect."},

    // ---- warnings
    {"disable-warnings", "w", Flag, false, nullptr, [](I& i, S&) { i.quiet_warnings = true; return std::string(); }, "No warnings."},
    {"Werror", "Werror", List, false, "<kind>", strict, "Warnings of this kind are errors: all-warnings, cross-execution-space-call, reorder, deprecated-declarations; other kinds of nvcc's have no warning here."},
    {"Wno-deprecated-gpu-targets", "Wno-deprecated-gpu-targets", Flag, false, nullptr, no_effect, "Accepted, no effect."},
    {"Wno-deprecated-declarations", "Wno-deprecated-declarations", Flag, false, nullptr, [](I& i, S&) { return source(i, "-Wno-deprecated-declarations", ""); }, "No warnings about deprecated declarations."},
    {"Wreorder", "Wreorder", Flag, false, nullptr, [](I& i, S&) { return source(i, "-Wreorder", ""); }, "Warn about the order of member initialisers."},
    {"Wdefault-stream-launch", "Wdefault-stream-launch", Flag, false, nullptr, no_effect, "Accepted, no effect."},
    {"Wmissing-launch-bounds", "Wmissing-launch-bounds", Flag, false, nullptr, no_effect, "Accepted, no effect."},
    {"Wext-lambda-captures-this", "Wext-lambda-captures-this", Flag, false, nullptr, no_effect, "Accepted, no effect."},
    {"diag-error", "diag-error", List, false, "<number>", [](I& i, S& v) { return control(i, "error", v); }, "Warnings with this number are errors; the numbers are those of NVIDIA's front end, and one that accc has no warning for is ignored."},
    {"diag-suppress", "diag-suppress", List, false, "<number>", [](I& i, S& v) { return control(i, "suppress", v); }, "No warnings with this number; the numbers are those of NVIDIA's front end, and one that accc has no warning for is ignored."},
    {"diag-warn", "diag-warn", List, false, "<number>", [](I& i, S& v) { return control(i, "warning", v); }, "Warnings with this number are warnings; the numbers are those of NVIDIA's front end, and one that accc has no warning for is ignored."},
    {"display-error-number", "err-no", Flag, false, nullptr, no_effect, "Accepted, no effect."},
    {"no-display-error-number", "no-err-no", Flag, false, nullptr, no_effect, "Accepted, no effect."},
    {"brief-diagnostics", "brief-diag", Value, false, "true|false", no_effect, "Accepted, no effect."},
    {"warning", "W", Value, true, "<name>", [](I& i, S& v) { return source(i, "-W", v); }, "Warnings of clang (an extension: nvcc wants -Xcompiler)."},

    // ---- linking
    {"library", "l", List, true, "<name>", [](I& i, S& v) { return link(i, "-l" + v); }, "Link a library."},
    {"library-path", "L", List, true, "<directory>", library_path, "Search libraries here."},
    {"shared", "shared", Flag, false, nullptr, [](I& i, S&) { i.shared = true; return std::string(); }, "Make a shared library."},
    {"cudart", "cudart", Value, false, "none|shared|static", runtime, "Which runtime to link: the archive (static, the default), the library (shared), or none."},
    {"linker-options", "Xlinker", List, false, "<options>", linker_option, "Options for the linker."},
    {"archive-options", "Xarchive", List, false, "<options>", [](I& i, S& v) { i.archive_flags.push_back(v); return std::string(); }, "Options for the archiver (-lib)."},
    {"archiver-binary", "arbin", Value, false, "<path>", no_effect, "Accepted: llvm-ar is used."},
    {"relocatable-link", "r", Flag, false, nullptr, [](I& i, S&) { return link(i, "-r"); }, "Make a relocatable object."},
    {"augment-host-linker-script", "aug-hls", Flag, false, nullptr, no_effect, "Accepted, no effect."},
    {"host-linker-script", "hls", Value, false, "use-lcs|gen-lcs", no_effect, "Accepted, no effect."},

    // ---- options for NVIDIA's own tools
    {"ptxas-options", "Xptxas", List, false, "<options>", assembler_option, "-v prints registers and memory of every kernel; -maxrregcount, -fmad, -g and -Werror do as accc's; ptxas' others have no effect."},
    {"cudafe-options", "Xcudafe", List, false, "<options>", front_end_option, "--diag_suppress=<number>, _error, _warning, _remark, _default and --promote_warnings; others have no effect."},
    {"nvlink-options", "Xnvlink", List, false, "<options>", device_linker_option, "As -Xptxas, for device links."},
    {"fatbinary-options", "Xfatbin", List, false, "<options>", fat_binary_option, "Accepted, no effect: fat binaries are never compressed."},

    // ---- how accc itself runs
    {"verbose", "v", Flag, false, nullptr, [](I& i, S&) { i.verbose = true; return std::string(); }, "Print the commands while running them."},
    {"dryrun", "dryrun", Flag, false, nullptr, [](I& i, S&) { i.dry_run = true; return std::string(); }, "Print the commands and do not run them."},
    {"keep", "keep", Flag, false, nullptr, [](I& i, S&) { i.keep = true; return std::string(); }, "Keep intermediate files."},
    {"save-temps", "save-temps", Flag, false, nullptr, [](I& i, S&) { i.keep = true; return std::string(); }, "Keep intermediate files."},
    {"keep-dir", "keep-dir", Value, false, "<directory>", [](I& i, S& v) { i.keep_directory = v; return std::string(); }, "Where --keep puts them (default: the current directory)."},
    {"objdir-as-tempdir", "objtemp", Flag, false, nullptr, no_effect, "Accepted, no effect."},
    {"threads", "t", Value, true, "<n>", [](I& i, S& v) { return number(v, i.threads); }, "Sources compiled at the same time (0 = as many as there are cores)."},
    {"jobs", "j", Value, true, "<n>", [](I& i, S& v) { return number(v, i.threads); }, "As --threads."},
    {"jobserver", "jobserver", Flag, false, nullptr, no_effect, "Accepted, no effect."},
    {"forward-unknown-to-host-compiler", "forward-unknown-to-host-compiler", Flag, false, nullptr, [](I& i, S&) { i.forward_unknown = true; return std::string(); }, "Options that accc does not know go to the host compiler."},
    {"forward-unknown-opts", "forward-unknown-opts", Flag, false, nullptr, [](I& i, S&) { i.forward_unknown = true; return std::string(); }, "As --forward-unknown-to-host-compiler."},
    {"forward-unknown-to-host-linker", "forward-unknown-to-host-linker", Flag, false, nullptr, [](I& i, S&) { i.forward_unknown = true; return std::string(); }, "As --forward-unknown-to-host-compiler."},
    {"dont-use-profile", "noprof", Flag, false, nullptr, no_effect, "Accepted, no effect."},
    {"use-local-env", "use-local-env", Flag, false, nullptr, no_effect, "Accepted, no effect (Windows)."},
    {"force-cl-env-setup", "force-cl-env-setup", Flag, false, nullptr, no_effect, "Accepted, no effect (Windows)."},
    {"drive-prefix", "dp", Value, false, "<prefix>", no_effect, "Accepted, no effect (Windows)."},
    {"input-drive-prefix", "idp", Value, false, "<prefix>", no_effect, "Accepted, no effect (Windows)."},
    {"dependency-drive-prefix", "ddp", Value, false, "<prefix>", no_effect, "Accepted, no effect (Windows)."},
    {"qpp-config", "qpp-config", Value, false, "<config>", no_effect, "Accepted, no effect (QNX)."},
    {"clean-targets", "clean", Flag, false, nullptr, [](I&, S&) { return unsupported("accc removes no outputs; delete them"); }, "Not supported."},
    {"options-file", "optf", List, false, "<file>", always_on, "Read options from a file; also @<file>."}, // Arguments.cpp has done it
    {"time", "time", Value, false, "<file>", [](I& i, S& v) { i.time_file = v; return std::string(); }, "Append a line with the time of each step to a file; - is standard output."},
    {"fdevice-time-trace", "fdevice-time-trace", Value, false, "<file>", [](I&, S&) { return unsupported("accc writes no trace of its compilation; -time has the time of each step"); }, "Not supported; see -time."},
    {"frandom-seed", "frandom-seed", Value, false, "<seed>", no_effect, "Accepted, no effect: output depends only on the input."},
    {"list-gpu-arch", "arch-ls", Flag, false, nullptr, [](I& i, S&) { i.print_and_exit = list_archs("compute_"); return std::string(); }, "Print the values of -arch."},
    {"list-gpu-code", "code-ls", Flag, false, nullptr, [](I& i, S&) { i.print_and_exit = list_archs("sm_"); return std::string(); }, "Print the values of -code."},
    {"version", "V", Flag, false, nullptr, [](I& i, S&) { i.print_and_exit = version_text(); return std::string(); }, "Print the version."},
    {"help", "h", Flag, false, nullptr, [](I& i, S&) { i.print_and_exit = help_text(i.program); return std::string(); }, "Print this text."},
};

} // namespace

std::span<const OptionRow> option_table() {
    return kTable;
}

bool has_no_effect(const OptionRow& row) {
    return row.action == no_effect;
}

} // namespace acc::driver
