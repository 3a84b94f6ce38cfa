// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The command lines of links, and which of the runtime's libraries they take.
#include "compiler/driver/Commands.h"

#include <algorithm>
#include <string_view>

namespace acc::driver {
namespace {

void append(Command& command, const std::vector<std::string>& words) {
    command.insert(command.end(), words.begin(), words.end());
}

bool has_link_flag(const Invocation& invocation, std::string_view flag) {
    for (const LinkWord& word : invocation.link_line)
        if (word.flag == flag) return true;
    return false;
}

/// Libraries of CUDA that the runtime at the end of the line stands for.
bool names_runtime(const std::string& flag) {
    return flag == "-lcudart" || flag == "-lcudart_static" || flag == "-lcudadevrt" ||
           flag == "-lcuda";
}

/// Which runtime a link takes. A name on the line is taken before the default, as with nvcc, whose
/// own library comes last; libcuda is libaccrt itself, and then there is no need of another copy. A
/// build system that links by itself names what it wants.
CudaRuntime linked_runtime(const Toolkit& toolkit, const Invocation& invocation) {
    CudaRuntime runtime = invocation.as_linker ? CudaRuntime::None : invocation.runtime;
    if (has_link_flag(invocation, "-lcudart_static")) runtime = CudaRuntime::Static;
    if (has_link_flag(invocation, "-lcudart") || has_link_flag(invocation, "-lcuda"))
        runtime = CudaRuntime::Shared;
    if (runtime == CudaRuntime::Static && toolkit.static_runtime.empty())
        return CudaRuntime::Shared;
    return runtime;
}

/// The objects and options of a link in their order; `objects` are those of the inputs, then what
/// the device link made.
void append_link_line(Command& command, const Toolkit& toolkit, const Invocation& invocation,
                      const std::vector<std::string>& objects) {
    // First, so that it is there before an archive offers an older device link of the same units.
    command.insert(command.end(), objects.begin() + std::ptrdiff_t(invocation.inputs.size()),
                   objects.end());
    // Ours first: -L of another toolkit must not win for -lcudart or -lcuda.
    command.push_back("-L" + toolkit.library);
    // nvcc puts objects before libraries; the linker of a build system keeps the order it is given.
    if (!invocation.as_linker)
        command.insert(command.end(), objects.begin(),
                       objects.begin() + std::ptrdiff_t(invocation.inputs.size()));
    for (const LinkWord& word : invocation.link_line) {
        if (word.input >= 0 && !invocation.as_linker) continue;
        if (word.input >= 0)
            command.push_back(objects[size_t(word.input)]);
        else if (!names_runtime(word.flag) &&
                 (!word.flag.starts_with("-L") ||
                  !is_foreign_toolkit_path(toolkit, word.flag.substr(2))))
            command.push_back(word.flag);
    }
    const CudaRuntime runtime = linked_runtime(toolkit, invocation);
    if (runtime == CudaRuntime::Shared) append(command, {"-laccrt", "-lpthread", "-ldl"});
    if (runtime == CudaRuntime::Static)
        append(command, {toolkit.static_runtime, "-lrt", "-lpthread", "-ldl"});
}

/// The linker takes no group inside of a group.
bool has_group(const Invocation& invocation) {
    for (const LinkWord& word : invocation.link_line)
        if (word.flag.find("--start-group") != std::string::npos || word.flag == "-Wl,-(" ||
            word.flag == "-(")
            return true;
    for (const std::string& flag : invocation.host_flags)
        if (flag.find("--start-group") != std::string::npos) return true;
    return false;
}

} // namespace

Command link_command(const Toolkit& toolkit, const Invocation& invocation,
                     const std::vector<std::string>& objects, const std::string& output,
                     bool openmp) {
    Command command = {host_compiler(toolkit, invocation)};
    if (command[0] == toolkit.clang)
        append(command, {"-fuse-ld=lld", "-Wno-unused-command-line-argument"});
    // CMake reads our library directories, for programs that it links with the C++ compiler, from
    // the call of the real linker.
    if (invocation.as_linker && invocation.verbose) command.push_back("-v");
    if (invocation.shared) command.push_back("-shared");
    // Before GCC's runtime (-lgomp, or -fopenmp of g++): the first one answers omp_get_num_threads
    // and its like, and only clang's serves the regions of both compilers.
    // GNU's ld with --as-needed, g++'s default on some systems, forgets libraries before objects.
    if (openmp && !toolkit.openmp_library.empty())
        command.push_back("-Wl,--push-state,--no-as-needed," + toolkit.openmp_library +
                          ",--pop-state");
    for (const std::string& flag : invocation.host_flags)
        append_host_flag(command, toolkit, flag);
    const bool group = !has_group(invocation);
    if (group) append(command, {"-Wl,--start-group"});
    append_link_line(command, toolkit, invocation, objects);
    if (group) append(command, {"-Wl,--end-group"});
    // Also for static programs: they may open libcuda.so.1.
    if (!has_link_flag(invocation, "-r")) command.push_back("-Wl,-rpath," + toolkit.library);
    append(command, {"-o", output});
    return command;
}

std::string libraries_text(const Toolkit& toolkit) {
    return "\"-L" + toolkit.library + "/stubs\" \"-L" + toolkit.library + "\"";
}

std::string link_text(const Toolkit& toolkit, const Invocation& invocation,
                      const std::vector<std::string>& objects, const std::string& output) {
    std::string text = shell_text({toolkit.root + "/bin/" + kLinkerName});
    if (invocation.shared) text += " -shared";
    Command words = invocation.host_flags;
    words.insert(words.end(), objects.begin(), objects.end());
    for (const LinkWord& word : invocation.link_line)
        if (word.input < 0) words.push_back(word.flag);
    if (!words.empty()) text += " " + shell_text(words);
    text += " " + libraries_text(toolkit) + " -lcudadevrt";
    if (invocation.runtime != CudaRuntime::None)
        text += invocation.runtime == CudaRuntime::Static ? " -lcudart_static" : " -lcudart";
    return text + " -lrt -lpthread -ldl -o " + shell_text({output});
}

Command archive_command(const Toolkit& toolkit, const Invocation& invocation,
                        const std::vector<std::string>& objects, const std::string& output) {
    Command command = {toolkit.archiver, "rcs"};
    append(command, invocation.archive_flags);
    command.push_back(output);
    append(command, objects);
    return command;
}

} // namespace acc::driver
