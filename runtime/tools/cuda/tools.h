// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The programs of CUDA's toolkit that build files call beside nvcc, as far as acc code has what
// they work on. One program serves all names; what cannot be had fails with its name and what to do
// instead.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

namespace acc::tools {

/// Something is wrong with the command line, or cannot be had.
struct Refusal : std::runtime_error {
    using std::runtime_error::runtime_error;
};

using Arguments = std::vector<std::string>;

int bin2c(const Arguments&);     ///< a file as an array in C
int cuobjdump(const Arguments&); ///< what is in a file with device code
int nvdisasm(const Arguments&);  ///< instructions of a code object
int fatbinary(const Arguments&); ///< code objects into a fat binary
int nvprune(const Arguments&);   ///< a copy: acc code is the same for all architectures
int cu_filt(const Arguments&);   ///< C++ names as written in the source
int nvlink(const Arguments&);    ///< refuses: nvcc -dlink does it

/// Throws Refusal when it cannot be read or written.
std::vector<uint8_t> read_file(const std::string& name);
void write_file(const std::string& name, const void* data, size_t bytes);

/// Reads options of the form -name, --name, each perhaps with a value (=value, or the next word).
class Options {
  public:
    explicit Options(const Arguments& words) : words_(words) {}
    /// The next word; false at the end. An option's dashes and "=value" are taken off.
    bool next();
    bool is_option() const { return option_; }
    const std::string& name() const { return name_; } ///< the option's, or the file
    bool is(const char* long_name, const char* short_name) const {
        return name_ == long_name || name_ == short_name;
    }
    std::string value(); ///< Throws Refusal when there is none.
    [[noreturn]] void unknown() const;

  private:
    const Arguments& words_;
    size_t at_ = 0;
    bool option_ = false, has_value_ = false;
    std::string name_, value_;
};

} // namespace acc::tools
