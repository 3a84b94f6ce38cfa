// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/driver/Driver.h"

#include "compiler/driver/Arguments.h"
#include "compiler/driver/Commands.h"
#include "compiler/driver/Session.h"

#include "llvm/Support/Program.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>

namespace acc::driver {
namespace {

int fatal(const Invocation& invocation, const std::string& message) {
    fprintf(stderr, "%s fatal   : %s\n", invocation.program.c_str(), message.c_str());
    return 1;
}

/// Rules between options and inputs that no single option can check.
std::string check(const Invocation& invocation) {
    if (invocation.inputs.empty())
        return "No input files specified; use option --help for more information";
    bool one_output_each = invocation.phase == Phase::Compile ||
                           invocation.phase == Phase::DeviceOnly;
    if (one_output_each && !invocation.output.empty() && invocation.inputs.size() > 1)
        return "A single input file is required for a non-link phase when an outputfile is "
               "specified";
    for (const Input& input : invocation.inputs)
        if (!std::filesystem::exists(input.path))
            return "Could not open input file '" + input.path + "' (No such file or directory)";
    if (invocation.phase == Phase::DeviceOnly)
        for (const Input& input : invocation.inputs)
            if (input.language != Language::Cuda)
                return "'" + input.path +
                       "' is no CUDA source; -cubin and -fatbin take .cu files (or -x cu)";
    return {};
}

void warn_about_host_compiler(Invocation& invocation) {
    if (invocation.host_compiler.empty()) return;
    // As with nvcc, a directory stands for the g++ in it.
    if (std::filesystem::is_directory(invocation.host_compiler)) invocation.host_compiler += "/g++";
    if (llvm::sys::findProgramByName(invocation.host_compiler)) return;
    fprintf(stderr, "%s warning : host compiler '%s' was not found; clang is used\n",
            invocation.program.c_str(), invocation.host_compiler.c_str());
    invocation.host_compiler.clear();
}

/// libcudart and libcuda named by their path in another toolkit: ours instead.
void use_own_runtime(const Toolkit& toolkit, Invocation& invocation) {
    for (Input& input : invocation.inputs) {
        std::filesystem::path path = input.path;
        std::string name = path.filename().string();
        bool runtime = name.starts_with("libcudart") || name.starts_with("libcudadevrt") ||
                       name.starts_with("libcuda.so");
        if (input.language == Language::Object && runtime &&
            is_foreign_toolkit_path(toolkit, path.parent_path().string()))
            input.path = toolkit.library + "/libaccrt.so";
    }
}

void warn_about_openmp(const Toolkit& toolkit, const Invocation& invocation) {
    bool wanted = std::find(invocation.host_flags.begin(), invocation.host_flags.end(),
                            "-fopenmp") != invocation.host_flags.end();
    if (wanted && !toolkit.gcc_include.empty() && !invocation.quiet_warnings)
        fprintf(stderr,
                "%s warning : clang has no OpenMP runtime here (Debian package libomp-22-dev); "
                "parallel regions will run on one thread\n",
                invocation.program.c_str());
}

} // namespace

int run_driver(const std::vector<std::string>& argv) {
    Invocation invocation;
    invocation.program = std::filesystem::path(argv[0]).filename().string();
    // Build systems that link by themselves (CMake) call the program that they see in the verbose
    // output, with options of the host's linker.
    invocation.as_linker = invocation.program == kLinkerName;
    invocation.forward_unknown = invocation.as_linker;
    std::string error;
    std::vector<std::string> arguments = expand_arguments(argv, error);
    if (!error.empty()) return fatal(invocation, error);
    std::optional<std::string> problem = parse_command_line(arguments, invocation);
    if (invocation.print_and_exit) {
        fputs(invocation.print_and_exit->c_str(), stdout);
        return 0;
    }

    Toolkit toolkit;
    if (error = find_toolkit(argv[0], toolkit); !error.empty()) return fatal(invocation, error);
    scrub_environment(toolkit);
    // Before errors too: build systems ask with an input that does not exist.
    if (invocation.verbose || invocation.dry_run)
        print_environment(toolkit, invocation.device.arch());
    if (problem) return fatal(invocation, *problem);
    use_own_runtime(toolkit, invocation);
    if (error = check(invocation); !error.empty()) return fatal(invocation, error);
    for (const std::string& note : invocation.notes)
        fprintf(stderr, "%s note    : %s\n", invocation.program.c_str(), note.c_str());
    warn_about_host_compiler(invocation);
    warn_about_openmp(toolkit, invocation);
    try {
        return Session(toolkit, invocation).run();
    } catch (const std::exception& exception) {
        return fatal(invocation, exception.what());
    }
}

} // namespace acc::driver
