// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/driver/Toolkit.h"

#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/BinaryFormat/Magic.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Program.h"

namespace acc::driver {
namespace {

namespace fs = llvm::sys::fs;
namespace path = llvm::sys::path;

std::string join(llvm::StringRef a, llvm::StringRef b) {
    llvm::SmallString<256> joined(a);
    path::append(joined, b);
    return std::string(joined);
}

std::string real_path(llvm::StringRef file) {
    llvm::SmallString<256> real;
    return fs::real_path(file, real) ? std::string() : std::string(real);
}

std::string find_llvm_tool(const char* versioned, const char* plain) {
    if (auto found = llvm::sys::findProgramByName(versioned)) return *found;
    std::string packaged = join("/usr/lib/llvm-22/bin", plain);
    return fs::can_execute(packaged) ? packaged : std::string();
}

/// clang's own (Debian package libomp-22-dev).
std::string find_clang_openmp() {
    const std::string library = "/usr/lib/llvm-22/lib/libomp.so";
    return fs::exists(library) && fs::exists("/usr/lib/llvm-22/lib/clang/22/include/omp.h")
               ? library
               : std::string();
}

/// The include directory of the newest GCC that has omp.h.
std::string find_gcc_openmp() {
    for (int version = 20; version >= 8; --version) {
        std::string directory = "/usr/lib/gcc/x86_64-linux-gnu/" + std::to_string(version) +
                                "/include";
        if (fs::exists(join(directory, "omp.h"))) return directory;
    }
    return {};
}

/// Takes foreign toolkits out of a list of directories.
void scrub_variable(const Toolkit& toolkit, const char* name, Environment& environment) {
    const char* value = environment.get(name);
    if (!value) return;
    std::string text = value;
    llvm::SmallVector<llvm::StringRef> parts;
    llvm::StringRef(text).split(parts, ':');
    llvm::erase_if(
        parts, [&](llvm::StringRef part) { return is_foreign_toolkit_path(toolkit, part.str()); });
    environment.set(name, llvm::join(parts, ":"));
}

} // namespace

std::string toolkit_of_program(const std::string& program_path) {
    static const int anchor = 0;
    std::string program = fs::getMainExecutable(program_path.c_str(), const_cast<int*>(&anchor));
    std::string real = real_path(program);
    llvm::StringRef bin = path::parent_path(real.empty() ? program : real);
    return std::string(path::parent_path(bin));
}

std::string find_toolkit(const std::string& root, Toolkit& toolkit) {
    toolkit.root = root;
    toolkit.include = join(toolkit.root, "include");
    toolkit.library = join(toolkit.root, "lib64");
    toolkit.device_library = join(toolkit.library, "acc/devicelib.bc");
    toolkit.dialect = join(toolkit.library, "acc/dialect.so");
    toolkit.static_runtime = join(toolkit.library, "libcudart_static.a");
    llvm::file_magic magic;
    if (llvm::identify_magic(toolkit.static_runtime, magic) || magic != llvm::file_magic::archive)
        toolkit.static_runtime.clear();
    toolkit.clang = find_llvm_tool("clang++-22", "clang++");
    toolkit.archiver = find_llvm_tool("llvm-ar-22", "llvm-ar");
    toolkit.openmp_library = find_clang_openmp();
    if (toolkit.openmp_library.empty()) toolkit.gcc_include = find_gcc_openmp();
    if (toolkit.clang.empty())
        return "clang++-22 was not found; install the Debian packages clang-22 and lld-22";
    return {};
}

bool is_own_library_path(const Toolkit& toolkit, const std::string& directory) {
    std::string real = real_path(directory);
    return !real.empty() && (real == real_path(toolkit.library) ||
                             real == real_path(join(toolkit.library, "stubs")));
}

bool is_foreign_toolkit_path(const Toolkit& toolkit, const std::string& directory) {
    if (directory.empty()) return false;
    std::string real = real_path(directory);
    if (real.empty() || real == real_path(toolkit.include) || real == real_path(toolkit.library))
        return false;
    bool headers = fs::exists(join(real, "cuda_runtime_api.h")) &&
                   fs::exists(join(real, "crt/host_defines.h"));
    bool libraries = fs::exists(join(real, "libcudart.so")) ||
                     fs::exists(join(real, "libcudart_static.a"));
    if (headers && fs::exists(join(real, "__acc_cuda_wrapper.h")))
        return false; // another copy of ours
    if (libraries && fs::exists(join(real, "libaccrt.so"))) return false;
    // System directories hold much else; there only our order on the command line decides.
    bool system = real == "/usr/include" || real == "/usr/lib" || real == "/lib" ||
                  real.starts_with("/usr/lib/x86_64");
    return (headers || libraries) && !system;
}

Environment tool_environment(const Toolkit& toolkit, Environment environment) {
    for (const char* name :
         {"CUDA_PATH", "CUDA_HOME", "CUDA_ROOT", "CUDA_INC_PATH", "CUDA_LIB_PATH"})
        environment.unset(name);
    for (const char* name : {"CPATH", "C_INCLUDE_PATH", "CPLUS_INCLUDE_PATH", "LIBRARY_PATH"})
        scrub_variable(toolkit, name, environment);
    return environment;
}

} // namespace acc::driver
