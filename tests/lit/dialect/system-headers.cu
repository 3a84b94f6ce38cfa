// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Deprecated names that only a header of the system uses are no business of the program.
// nvcc 13.0 accepts this.
// REQUIRES: accc, accdevicelib
// RUN: accc -arch=sm_80 -std=c++17 -Werror all-warnings -c %s -o %t.o 2>&1 | count 0
// RUN: accc -arch=sm_80 -std=c++17 -DOWN -c %s -o %t.o 2>&1 | FileCheck %s
#include <algorithm>
#include <vector>
void sort(std::vector<int>& v) { std::stable_sort(v.begin(), v.end()); }
#ifdef OWN
[[deprecated]] void old();
// CHECK: .cu:[[#@LINE+1]]:14: warning: 'old' is deprecated
void use() { old(); }
#endif
