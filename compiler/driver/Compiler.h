// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The compiler as a library: source text or IR in, a code object and diagnostics out. For run-time
// compilation and the PTX loader; accc uses the parts below it (Session.h, DeviceCompiler.h).
//
//   acc::driver::Compiler compiler("/opt/acc");
//   acc::driver::CompileResult result = compiler.compile_source(
//       {"saxpy.cu", text}, {{"common.h", header}}, {"-arch=sm_80", "--use_fast_math"});
//   if (!result.ok) for (const auto& diagnostic : result.diagnostics) log(diagnostic.text);
//
// A Compiler holds only constants. Any number of threads may use one, or several, at once. It
// changes nothing of the process: not its environment, directory, signals or standard streams. It
// reads the environment (PATH, TMPDIR, CPATH, ...) when it is made. clang runs as a child process,
// so that what happens to it is an error of that compilation and no more.
#pragma once

#include "compiler/driver/Diagnostics.h"
#include "compiler/driver/Environment.h"
#include "compiler/driver/Toolkit.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace acc::driver {

/// A file that exists only in memory.
struct MemoryFile {
    /// As messages call it. For a header: what #include names, a relative path without "..".
    std::string name;
    std::string text;
};

struct CompileResult {
    bool ok = false;
    /// What the loader takes (acc_code_object.h). Empty on failure.
    std::vector<uint8_t> code_object;
    /// Everything that was said, in order; warnings when ok, too. On failure at least one Error.
    std::vector<Diagnostic> diagnostics;
};

class Compiler {
  public:
    /// toolkit_root: the folder that holds include/ and lib64/. If something is missing there, each
    /// compilation fails and says what.
    explicit Compiler(const std::string& toolkit_root,
                      const Environment& environment = Environment::of_process());

    /// CUDA source to a code object with all its kernels and variables. Headers are searched by
    /// their names before any directory. `options` are accc's (README.md), those that concern the
    /// compilation of device code: -I, -D, -U, -std, -arch, -use_fast_math, --fmad, -maxrregcount,
    /// -G, -w, -Werror, ...; an option that asks for something else is an error.
    CompileResult compile_source(const MemoryFile& source, const std::vector<MemoryFile>& headers,
                                 const std::vector<std::string>& options) const;

    /// LLVM IR as clang makes it for nvptx64 (bitcode, or text) to a code object. `name` is for
    /// messages; options as above.
    CompileResult compile_ir(std::string_view ir, const std::string& name,
                             const std::vector<std::string>& options) const;

  private:
    Toolkit toolkit_;
    Environment environment_;
    std::string problem_; ///< why the toolkit cannot be used; empty = it can
};

} // namespace acc::driver
