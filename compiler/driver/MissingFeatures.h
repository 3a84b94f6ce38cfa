// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <string>

namespace acc::driver {

/// One line for an error that names a header or function of CUDA that this toolkit does not have
/// yet: what it is, and where the list is. Empty for every other error. A header of that name which
/// the user brings is found by clang and never comes here.
std::string missing_feature_hint(const std::string& error);

/// The same for a line of a linker, which names a library or a function that it did not find; also
/// for functions that another library has. Linkers' lines are no diagnostics in clang's form.
std::string link_hint(const std::string& line);

/// One line for clang's note that a call in device code found a function of the host only.
std::string device_code_hint(const std::string& note);

} // namespace acc::driver
