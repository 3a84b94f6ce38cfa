// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Dependency files, for make.
// REQUIRES: accc, accdevicelib
// RUN: rm -rf %t && mkdir %t && cd %t
// RUN: accc -MM %s | FileCheck --check-prefix=MM %s
// MM: depend.o:{{.*}}depend.cu
// MM: Inputs/header.h
// RUN: accc -MD -MP -c %s -o out.o && FileCheck --check-prefix=MD %s < out.d
// MD: out.o:{{.*}}depend.cu
// MD: Inputs/header.h
// RUN: accc -MMD -MF deps.txt -MT target -c %s -o out.o && FileCheck --check-prefix=MF %s < deps.txt
// MF: target:{{.*}}depend.cu
#include "Inputs/header.h"
