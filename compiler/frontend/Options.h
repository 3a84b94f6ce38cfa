// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

namespace acc::frontend {

/// Options of nvcc that change device code.
struct DeviceFlags {
    bool flush_denormals = false; ///< --ftz
    bool precise_divide = true;   ///< --prec-div
    bool precise_sqrt = true;     ///< --prec-sqrt
    bool debug = false;           ///< -G: no optimisation
    unsigned arch = 80;           ///< __CUDA_ARCH__ / 10
    unsigned max_registers = 0;   ///< -maxrregcount, 0 = no limit
};

} // namespace acc::frontend
