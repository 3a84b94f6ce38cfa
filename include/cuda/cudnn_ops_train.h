// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A name of cudnn_ops.h in earlier versions.
#pragma once
#include "cudnn_ops.h"
