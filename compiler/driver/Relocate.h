// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <string>

namespace acc::driver {

/// Writes into lib64/libaccrt_link.so, the library that `g++ ... -lcudart` links, the path of the
/// libaccrt.so beside it, if it holds another one because the toolkit was copied or moved
/// (docs/decisions/0009). A toolkit that cannot be written to stays as it is.
void record_place(const std::string& toolkit_root);

} // namespace acc::driver
