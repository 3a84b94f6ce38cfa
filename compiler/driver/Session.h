// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The jobs of one run of accc, and their order.
#pragma once

#include "compiler/driver/Commands.h"
#include "compiler/driver/DeviceCompiler.h"
#include "compiler/driver/Process.h"
#include "compiler/driver/StepTimes.h"

#include <functional>

namespace acc::driver {

/// What a session uses of the run that it belongs to.
struct SessionHost {
    const Environment& tools;   ///< for compilers and linkers
    const Environment& program; ///< for --run: what accc itself was started with
    RunningJobs& jobs;
    Reporter& reporter;
};

/// The lines at the top of -v and --dryrun, which build systems read to find the toolkit.
std::string environment_text(const Toolkit& toolkit, unsigned arch, const Environment& environment);

class Session {
  public:
    /// Throws std::system_error when there is no room for temporary files.
    Session(const Toolkit& toolkit, const Invocation& invocation, const SessionHost& host);
    /// Does everything; returns the exit status.
    int run();

  private:
    // One input each; false after an error, which has been reported.
    bool preprocess(const Input& input);
    bool compile_device_only(const Input& input, unsigned index);
    bool write_ptx_file(const TranslationUnit& unit);
    bool check_syntax(const Input& input);
    bool compile(const Input& input, unsigned index, std::string& object);
    bool compile_cuda(const TranslationUnit& unit);
    bool compile_ptx(const TranslationUnit& unit);
    bool compile_to_host_source(const TranslationUnit& unit);
    bool embed(const TranslationUnit& unit, const std::vector<uint8_t>& fat_binary);
    bool compile_to(const TranslationUnit& unit);

    // All inputs.
    bool compile_all(std::vector<std::string>& objects);
    bool device_link(std::vector<std::string>& objects, const std::string& output);
    bool make_output(const std::string& name,
                     const std::function<bool(const std::string& path)>& make);
    bool make_library(const std::vector<std::string>& objects);
    bool has_openmp(const std::vector<std::string>& objects) const;
    bool link(std::vector<std::string>& objects);
    int run_program(const std::string& file);

    TranslationUnit make_unit(const Input& input, unsigned index) const;
    std::string output_name(const std::string& input, const std::string& ending) const;
    std::vector<uint8_t> device_fat_binary(const TranslationUnit& unit);
    std::vector<uint8_t> code_container(const std::vector<uint8_t>& code,
                                        const DeviceCompiler& compiler);
    /// Runs a program; `step` and the files are what -time says of it.
    bool execute(const Command& command, const std::string& step, const std::string& input,
                 const std::string& output);
    bool read_standard_input();
    int run_phases();
    std::string arch_text() const;
    int finish(Process& process);
    void show(const std::string& line);
    bool fail(const std::string& message);
    bool report(const DeviceCompiler& compiler);

    const Toolkit& toolkit_;
    Invocation invocation_; ///< standard input among the inputs is a file here
    SessionHost host_;
    WorkDirectory work_;
    StepTimes times_;
};

} // namespace acc::driver
