// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Environment variables as a value: what other programs are started with. The process's own
// environment is read once and never changed.
#pragma once

#include <string>
#include <vector>

namespace acc::driver {

class Environment {
  public:
    /// An empty one.
    Environment() = default;
    /// A copy of this process's.
    static Environment of_process();

    /// Null when there is none. Valid until the next change.
    const char* get(const std::string& name) const;
    void set(const std::string& name, const std::string& value);
    void unset(const std::string& name);

    /// For posix_spawn: pointers to "NAME=value", and a null at the end. Valid until the next
    /// change.
    std::vector<char*> pointers() const;

  private:
    std::vector<std::string> entries_; ///< "NAME=value"
};

} // namespace acc::driver
