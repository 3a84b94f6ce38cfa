// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The former name of cusparse.h.
#pragma once
#define CUSPARSE_V2_H_ // programs test this name

#include "cusparse.h"
