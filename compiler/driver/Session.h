// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The jobs of one run of accc, and their order.
#pragma once

#include "compiler/driver/Commands.h"
#include "compiler/driver/DeviceCompiler.h"

#include <mutex>

namespace acc::driver {

/// The lines at the top of -v and --dryrun, which build systems read to find the toolkit.
void print_environment(const Toolkit& toolkit, unsigned arch);

class Session {
  public:
    Session(const Toolkit& toolkit, const Invocation& invocation);
    /// Does everything; returns the exit status.
    int run();

  private:
    // One input each; false after an error, which has been printed.
    bool preprocess(const Input& input);
    bool compile_device_only(const Input& input, unsigned index);
    bool check_syntax(const Input& input);
    bool compile(const Input& input, unsigned index, std::string& object);
    bool compile_cuda(const TranslationUnit& unit);
    bool embed(const TranslationUnit& unit, const std::vector<uint8_t>& fat_binary);

    // All inputs.
    bool compile_all(std::vector<std::string>& objects);
    bool device_link(std::vector<std::string>& objects, const std::string& output);
    bool make_library(const std::vector<std::string>& objects);
    bool link(std::vector<std::string>& objects);
    int run_program();

    TranslationUnit make_unit(const Input& input, unsigned index) const;
    std::string output_name(const std::string& input, const std::string& ending) const;
    std::vector<uint8_t> device_fat_binary(const TranslationUnit& unit);
    std::vector<uint8_t> code_container(const std::vector<uint8_t>& code);
    bool execute(const Command& command);
    void show(const std::string& line);
    void say(const std::string& text);
    void print_resources(const std::vector<uint8_t>& code_object);

    const Toolkit& toolkit_;
    const Invocation& invocation_;
    WorkDirectory work_;
    std::mutex output_mutex_; ///< standard error: lines of parallel compilations do not mix
};

} // namespace acc::driver
