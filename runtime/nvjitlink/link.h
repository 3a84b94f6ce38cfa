// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// An nvJitLinkHandle: inputs, options and the linked code.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "nvJitLink.h"

namespace acc::jitlink {

struct Input {
    std::string name;
    bool is_ptx = false; ///< else relocatable code of accc
    std::vector<uint8_t> data;
};

class Link {
  public:
    /// Reads the options; what is wrong with them is the result, and stands in the log.
    nvJitLinkResult set_options(const std::vector<std::string>& options);
    nvJitLinkResult add(nvJitLinkInputType type, std::vector<uint8_t> data,
                        const std::string& name);
    nvJitLinkResult complete();

    const std::vector<uint8_t>& code() const { return code_; }
    std::string errors, infos;

  private:
    nvJitLinkResult add_fat_binary(const uint8_t* data, size_t bytes, const std::string& name);
    nvJitLinkResult add_host_file(const std::vector<uint8_t>& data, const std::string& name);
    nvJitLinkResult add_code(const uint8_t* data, size_t bytes, const std::string& name);
    nvJitLinkResult fail(nvJitLinkResult result, const std::string& message);

    std::vector<Input> inputs_;
    std::vector<uint8_t> code_;
    unsigned max_registers_ = 0;
    bool debug_ = false, want_ptx_ = false;
};

} // namespace acc::jitlink
