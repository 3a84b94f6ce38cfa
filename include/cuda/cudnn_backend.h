// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Another name of cudnn_graph.h.
#pragma once
#include "cudnn_graph.h"
