// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// OpenGL's buffers and images as device memory; the prototypes are in cuda_runtime_api.h. The
// functions say that they are not supported: programs that can do without go on without.
#pragma once
#include <GL/gl.h>

#include "cuda_runtime_api.h"
