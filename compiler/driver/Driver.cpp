// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/driver/Driver.h"

#include "compiler/driver/Arguments.h"
#include "compiler/driver/Commands.h"
#include "compiler/driver/GpuArch.h"
#include "compiler/driver/Ptxas.h"
#include "compiler/driver/Relocate.h"
#include "compiler/driver/Session.h"

#include "llvm/Support/Program.h"

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <utility>

namespace acc::driver {
namespace {

/// Rules between options and inputs that no single option can check.
std::string check(const Invocation& invocation) {
    if (!invocation.program_file.empty()) return {};
    if (invocation.inputs.empty())
        return "No input files specified; use option --help for more information";
    bool one_output_each = invocation.phase == Phase::Compile ||
                           invocation.phase == Phase::DeviceOnly;
    if (one_output_each && !invocation.output.empty() && invocation.inputs.size() > 1)
        return "A single input file is required for a non-link phase when an outputfile is "
               "specified";
    // Scripts ask --dryrun for the libraries with the name of a file that is not there.
    for (const Input& input : invocation.inputs)
        if (input.path != "-" && !invocation.dry_run && !std::filesystem::exists(input.path))
            return "Could not open input file '" + input.path + "' (No such file or directory)";
    if (invocation.phase == Phase::DeviceOnly)
        for (const Input& input : invocation.inputs) {
            if (input.language == Language::Ptx && invocation.device_format == DeviceFormat::Ptx)
                return "'" + input.path + "' is PTX already";
            if (input.language != Language::Cuda && input.language != Language::Ptx)
                return "'" + input.path +
                       "' is no device code; -cubin and -fatbin take .cu and .ptx files (or -x cu)";
        }
    return {};
}

/// g++-12 for gcc-12, clang++ for clang, c++ for cc: it links C++. The same when it is no C
/// compiler or has no such neighbour.
std::string cxx_of(const std::string& compiler) {
    const std::filesystem::path path = compiler;
    std::string name = path.filename().string();
    for (const auto& [c, cxx] : {std::pair("gcc", "g++"), {"clang", "clang++"}, {"cc", "c++"}}) {
        const std::string_view end = std::string_view(name).substr(
            std::min(name.size(), strlen(c)));
        if (!name.starts_with(c) || (!end.empty() && end[0] != '-')) continue;
        std::string other = (path.parent_path() / (cxx + std::string(end))).string();
        if (llvm::sys::findProgramByName(other)) return other;
    }
    return compiler;
}

void find_host_compiler(Invocation& invocation, Reporter& reporter) {
    if (invocation.host_compiler.empty()) return;
    // As with nvcc, a directory stands for the g++ in it.
    if (std::filesystem::is_directory(invocation.host_compiler)) invocation.host_compiler += "/g++";
    invocation.host_compiler = cxx_of(invocation.host_compiler);
    if (llvm::sys::findProgramByName(invocation.host_compiler)) return;
    reporter.fatal("'-ccbin': host compiler '" + invocation.host_compiler + "' was not found");
}

/// libcudart and libcuda named by a path, in another toolkit or in ours: our archive, or libaccrt
/// itself, which the run path then finds. Then no other runtime is added.
void use_own_runtime(const Toolkit& toolkit, Invocation& invocation) {
    std::error_code ignored;
    for (Input& input : invocation.inputs) {
        std::filesystem::path path = input.path;
        std::string name = path.filename().string();
        bool device = name.starts_with("libcudadevrt");
        bool runtime = name.starts_with("libcudart") || name.starts_with("libcuda.so");
        if (input.language != Language::Object || (!runtime && !device)) continue;
        std::string folder = std::filesystem::absolute(path, ignored).parent_path().string();
        if (!is_own_library_path(toolkit, folder) && !is_foreign_toolkit_path(toolkit, folder))
            continue;
        bool archive = name.ends_with(".a") && !toolkit.static_runtime.empty();
        input.path = device    ? toolkit.library + "/libcudadevrt.a"
                     : archive ? toolkit.static_runtime
                               : toolkit.library + "/libaccrt.so";
        if (runtime) invocation.runtime = CudaRuntime::None;
    }
}

void warn_about_openmp(const Toolkit& toolkit, const Invocation& invocation, Reporter& reporter) {
    bool wanted = std::find(invocation.host_flags.begin(), invocation.host_flags.end(),
                            "-fopenmp") != invocation.host_flags.end();
    if (wanted && !toolkit.gcc_include.empty() && !invocation.quiet_warnings)
        reporter.warning("clang has no OpenMP runtime here (Debian package libomp-22-dev); "
                         "parallel regions will run on one thread");
}

/// acc has one instruction set: such code runs, but it may expect what only newer devices have.
void note_newer_architecture(const Invocation& invocation, Reporter& reporter) {
    const unsigned arch = invocation.device.arch();
    bool cuda = false;
    for (const Input& input : invocation.inputs)
        cuda |= input.language == Language::Cuda;
    if (!cuda || arch <= kDefaultArch || invocation.quiet_warnings || !invocation.notes.empty())
        return;
    reporter.note(
        "sm_" + std::to_string(arch) + " is newer than the device, whose compute capability is " +
        std::to_string(kDefaultArch / 10) + "." + std::to_string(kDefaultArch % 10) +
        "; the code runs on it all the same, with __CUDA_ARCH__ " + std::to_string(arch * 10));
}

/// -dc prepares code; machine code is made by the link.
void note_late_resources(const Invocation& invocation, Reporter& reporter) {
    if (invocation.device.resource_usage && invocation.device.relocatable &&
        invocation.phase == Phase::Compile && !invocation.quiet_warnings)
        reporter.note("registers are given to relocatable device code when it is linked; "
                      "-Xptxas -v (or -Xnvlink -v) at the link prints them");
}

} // namespace

int run_command(const std::vector<std::string>& argv, const CommandHost& host) {
    Invocation invocation;
    invocation.program = std::filesystem::path(argv[0]).filename().string();
    invocation.colour = host.colour;
    // Build systems that link by themselves (CMake) call the program that they see in the verbose
    // output, with options of the host's linker.
    invocation.as_linker = invocation.program == kLinkerName;
    invocation.forward_unknown = invocation.as_linker;
    Reporter reporter(host.sink, invocation.program, host.colour);
    const std::string root = toolkit_of_program(argv[0]);
    record_place(root);
    auto fatal = [&](const std::string& message) {
        reporter.fatal(message);
        return 1;
    };
    std::string error;
    const bool assembler = invocation.program == kAssemblerName;
    std::vector<std::string> arguments = // NVCC_APPEND_FLAGS is not for ptxas
        expand_arguments(argv, assembler ? Environment() : host.environment, error);
    if (error.empty() && assembler) arguments = arguments_of_ptxas(arguments, error);
    if (!error.empty()) return fatal(error);
    std::optional<std::string> problem = parse_command_line(arguments, invocation);
    if (invocation.print_and_exit) {
        host.output(*invocation.print_and_exit);
        return 0;
    }
    if (const char* ccbin = host.environment.get("NVCC_CCBIN");
        ccbin && invocation.host_compiler.empty())
        invocation.host_compiler = ccbin;
    if (invocation.strict_warnings) reporter.warnings_are_errors();

    Toolkit toolkit;
    if (error = find_toolkit(root, toolkit); !error.empty()) return fatal(error);
    const Environment tools = tool_environment(toolkit, host.environment);
    // Before errors too: build systems ask with an input that does not exist.
    if (invocation.verbose || invocation.dry_run)
        reporter.remark(environment_text(toolkit, invocation.device.arch(), tools));
    if (problem) return fatal(*problem);
    if (std::optional<Command> query = query_command(toolkit, invocation);
        query && !invocation.as_linker) {
        if (invocation.dry_run) return 0;
        Process process(*query, tools, host.jobs, false);
        return process.wait();
    }
    use_own_runtime(toolkit, invocation);
    if (error = check(invocation); !error.empty()) return fatal(error);
    for (const std::string& note : invocation.notes)
        reporter.note(note);
    note_newer_architecture(invocation, reporter);
    note_late_resources(invocation, reporter);
    find_host_compiler(invocation, reporter);
    warn_about_openmp(toolkit, invocation, reporter);
    if (reporter.errors()) return 1;
    try {
        return Session(toolkit, invocation, {tools, host.environment, host.jobs, reporter}).run();
    } catch (const std::exception& exception) {
        return fatal(exception.what());
    }
}

} // namespace acc::driver
