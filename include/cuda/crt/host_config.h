// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Nothing to configure: accc is the only compiler that reads these headers as CUDA.
#pragma once
