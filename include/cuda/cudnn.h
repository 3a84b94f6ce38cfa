// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// cuDNN: all of it.
#pragma once
#define CUDNN_H_ // programs test this name

#include "cudnn_adv.h"
#include "cudnn_cnn.h"
#include "cudnn_graph.h"
#include "cudnn_ops.h"
#include "cudnn_version.h"
