// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The translator's library, loaded when it is there.
#pragma once

#include <memory>

#include "driver/model/src/translation.h"

namespace acc::model {

/// The translator of libaccjit.so: the one that ACC_MODEL_TRANSLATOR names; else beside the library
/// or program that holds the model, or where the linker finds it. Throws
/// std::system_error with what went wrong when there is none that works here.
std::unique_ptr<Translator> load_translator();

} // namespace acc::model
