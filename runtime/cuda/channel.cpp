// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/cuda/api.h"

ACC_API cudaChannelFormatDesc cudaCreateChannelDesc(int x, int y, int z, int w,
                                                    cudaChannelFormatKind kind) {
    return {x, y, z, w, kind};
}
