// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The command lines of the programs that accc runs.
#pragma once

#include "compiler/driver/Invocation.h"
#include "compiler/driver/Process.h"
#include "compiler/driver/Toolkit.h"

#include <optional>

namespace acc::driver {

/// One source and the files it turns into.
struct TranslationUnit {
    Input input;
    std::string module_id; ///< the same for the device and the host side: names of internal kernels
                           ///< contain it
    std::string bitcode;   ///< device IR from clang
    std::string device;    ///< placeholder of the fat binary, until the real one is put into the
                           ///< object
    std::string object;    ///< host object with the fat binary in it, as it is written
    std::string output;    ///< its name for the user: the target of dependency rules
};

/// clang: CUDA source to device IR, not optimised.
Command device_command(const Toolkit&, const Invocation&, const TranslationUnit&);

/// clang: __acc_rtc.h, precompiled for sources that are compiled at run time with these options.
Command precompile_command(const Toolkit&, const Invocation&, const std::string& output);

/// clang: CUDA source to a host object that carries `unit.device`.
Command host_command(const Toolkit&, const Invocation&, const TranslationUnit&);

/// Host compiler: a question about itself (-Xcompiler --version), which build systems ask beside a
/// source that need not exist. Nothing when none is asked.
std::optional<Command> query_command(const Toolkit&, const Invocation&);

/// Host compiler: C or C++ source to an object.
Command plain_command(const Toolkit&, const Invocation&, const TranslationUnit&);

/// -E, -M, -MM: clang on the host side of a CUDA source, to standard output or a file.
Command preprocess_command(const Toolkit&, const Invocation&, const Input&,
                           const std::string& output);

/// The compiler of .c and .cpp files, which links, too: -ccbin's, else clang.
std::string host_compiler(const Toolkit&, const Invocation&);

/// A flag of -Xcompiler, which is GCC's or clang's, for the compiler at the front of the command.
/// Without an OpenMP runtime for clang, GCC's serves the calls of omp.h, and parallel regions run
/// on one thread.
void append_host_flag(Command& command, const Toolkit&, const std::string& flag);

/// Name of accc when it stands for the host's linker; a link beside accc.
constexpr const char* kLinkerName = "accc-link";

/// What -v shows for a link: the same as a call of accc-link, with the toolkit's library
/// directories spelled as in the line
/// `#$ LIBRARIES=`, by which CMake recognises it.
std::string link_text(const Toolkit&, const Invocation&, const std::vector<std::string>& objects,
                      const std::string& output);
/// `"-L<lib64/stubs>" "-L<lib64>"`
std::string libraries_text(const Toolkit&);

/// `openmp`: parallel regions that clang compiled are among the objects.
Command link_command(const Toolkit&, const Invocation&, const std::vector<std::string>& objects,
                     const std::string& output, bool openmp);
Command archive_command(const Toolkit&, const Invocation&, const std::vector<std::string>& objects,
                        const std::string& output);

} // namespace acc::driver
