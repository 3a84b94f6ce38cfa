// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace acc::objdump {

/// Source files, read once when they are first asked for.
class SourceFiles {
  public:
    /// The text of a line (from 1); empty when the file is not found or shorter.
    std::string_view line(const std::string& file, unsigned number);

  private:
    std::map<std::string, std::vector<std::string>> files_;
};

/// A C++ name as written in the source; `name` itself when it is not mangled.
std::string demangled(std::string_view name);

} // namespace acc::objdump
