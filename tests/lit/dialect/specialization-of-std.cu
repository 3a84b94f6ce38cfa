// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// nvcc 13.0 accepts this.
// std::byte's operator>> belongs to both sides; string's, of which <string> declares specialisations, does not.
// REQUIRES: accc, accdevicelib
// RUN: accc -arch=sm_80 -std=c++17 -c %s -o %t.o
#include <cstddef>
#include <string>
int size(const std::string& s) { return int(s.size()); }
