// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <string>

namespace acc::driver {

/// One line for an error that names a header or function of CUDA that this toolkit does not have
/// yet: what it is, and where the list is. Empty for every other error. A header of that name which
/// the user brings is found by clang and never comes here.
std::string missing_feature_hint(const std::string& error);

} // namespace acc::driver
