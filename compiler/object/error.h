// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <stdexcept>
#include <string>

namespace acc::object {

/// Malformed or unsuitable input; the text says what is wrong and where.
class Error : public std::runtime_error {
  public:
    enum class Kind {
        Malformed, ///< not a well-formed file of its kind
        WrongArch, ///< well-formed, but for another device
    };
    explicit Error(const std::string& what, Kind kind = Kind::Malformed)
        : std::runtime_error(what), kind_(kind) {}
    Kind kind() const { return kind_; }

  private:
    Kind kind_;
};

} // namespace acc::object
