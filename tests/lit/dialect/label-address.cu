// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// nvcc 13.0 refuses addresses of labels in device code, and takes them in host code.
// REQUIRES: accc, accdevicelib
// RUN: accc -arch=sm_80 -c %s -o %t.o
// RUN: not accc -arch=sm_80 -DTABLE -c %s -o %t.o 2>&1 | FileCheck --check-prefix=TABLE %s
// RUN: not accc -arch=sm_80 -DCHOICE -c %s -o %t.o 2>&1 | FileCheck --check-prefix=CHOICE %s
// RUN: not accc -arch=sm_80 -DKEPT -c %s -o %t.o 2>&1 | FileCheck --check-prefix=KEPT %s
int host(int n) {
  static void* const labels[] = {&&one, &&two};
  goto* labels[n];
one:
  return 1;
two:
  return 2;
}
#ifdef TABLE
// TABLE: label-address.cu:[[#@LINE+1]]:{{.*}}the address of a label (&&label) in device code
__device__ int table(int n) {
  static void* const labels[] = {&&one, &&two};
  goto* labels[n];
one:
  return 1;
two:
  return 2;
}
#endif
#ifdef CHOICE
__device__ int choice(int n) {
  // CHOICE: label-address.cu:[[#@LINE+1]]:{{.*}}the address of a label (&&label) in device code
  void* label = n ? &&one : &&two;
  goto* label;
one:
  return 1;
two:
  return 2;
}
#endif
#ifdef KEPT
__device__ void* kept() {
  // KEPT: label-address.cu:[[#@LINE+1]]:{{.*}}the address of a label (&&label) in device code
  return &&here;
here:
  return nullptr;
}
#endif
