// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <string>

namespace acc::driver {

/// Writes into each lib64/lib*_link.so, the libraries that `g++ ... -lcudart` and its like link,
/// the path of the library beside it that it stands for, if it holds another one because the
/// toolkit was copied or moved (docs/decisions/0009). A toolkit that cannot be written to stays as
/// it is.
void record_place(const std::string& toolkit_root);

} // namespace acc::driver
