// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Variables of the device in host functions: the places where nvcc 13.0 warns (#20091, #20092), and no others.
// REQUIRES: accc, accdevicelib
// RUN: accc -rdc=true --extended-lambda -c %s -o %t.o 2>&1 | FileCheck --implicit-check-not=warning: %s
// RUN: accc -rdc=true --extended-lambda -diag-suppress 20091,20092 -c %s -o %t.o 2>&1 | FileCheck --allow-empty --check-prefix=NONE %s
// RUN: accc -rdc=true --extended-lambda -w -c %s -o %t.o 2>&1 | FileCheck --allow-empty --check-prefix=NONE %s
// NONE-NOT: warning
// RUN: not accc -rdc=true --extended-lambda -Werror all-warnings -c %s -o %t.o
__device__ int d;
__constant__ float c[4];
__constant__ int k = 3;
__managed__ int managed;
struct S {
  int a[3];
};
__device__ S s;
__device__ const int known = 5;
namespace inner {
__device__ int x;
}
extern __device__ int external[];
__shared__ int shared;
template <typename T>
void by_reference(const T&);
void by_value(int);

// CHECK: :[[#@LINE+1]]:{{[0-9]+}}: warning: 'd' is a variable of the device: a host function reads another one of that name; cudaMemcpyFromSymbol gives its value [#20091-D]
int read() { return d; }
// CHECK: :[[#@LINE+1]]:{{[0-9]+}}: warning: 'c' {{.*}}reads
float element(int i) { return c[i]; }
// CHECK: :[[#@LINE+1]]:{{[0-9]+}}: warning: 'k' {{.*}}reads
int constant() { return (k); }
// CHECK: :[[#@LINE+1]]:{{[0-9]+}}: warning: 'd' {{.*}}reads
void pass() { by_value((d)); }
// CHECK: :[[#@LINE+3]]:{{[0-9]+}}: warning: 'x' {{.*}}reads
// CHECK-DAG: :[[#@LINE+2]]:{{[0-9]+}}: warning: 's' {{.*}}writes another one of that name; cudaMemcpyToSymbol sets its value [#20092-D]
// CHECK-DAG: :[[#@LINE+1]]:{{[0-9]+}}: warning: 's' {{.*}}reads
int member(int i) { return inner::x + (s.a[i] = 3, s.a[i]); }
// CHECK: :[[#@LINE+3]]:{{[0-9]+}}: warning: 'd' {{.*}}reads
// CHECK: :[[#@LINE+2]]:{{[0-9]+}}: warning: 'd' {{.*}}writes
// CHECK: :[[#@LINE+1]]:{{[0-9]+}}: warning: 'd' {{.*}}writes
void increase() { ++d, d = 2; }
// CHECK: :[[#@LINE+2]]:{{[0-9]+}}: warning: 's' {{.*}}reads
// CHECK: :[[#@LINE+1]]:{{[0-9]+}}: warning: 's' {{.*}}writes
void whole() { S w = s; s = w; }
// CHECK: :[[#@LINE+1]]:{{[0-9]+}}: warning: 'd' {{.*}}reads
int detour() { return *&d; }
// CHECK: :[[#@LINE+1]]:{{[0-9]+}}: warning: 'd' {{.*}}reads
__host__ __device__ int both() { return d; }
// CHECK: :[[#@LINE+1]]:{{[0-9]+}}: warning: 'd' {{.*}}reads
int lambda() { return [] { return d; }(); }
template <typename T>
// CHECK: :[[#@LINE+1]]:{{[0-9]+}}: warning: 'd' {{.*}}reads
int template_function() { return d + int(sizeof(T)); }
int instance() { return template_function<int>() + template_function<long>(); }
// CHECK: :[[#@LINE+1]]:{{[0-9]+}}: warning: 'external' {{.*}}reads
int other(int i) { return external[i]; }
// CHECK: :[[#@LINE+1]]:{{[0-9]+}}: warning: 'shared' {{.*}}reads
int of_block() { return shared; }

int* address() { return &d; }
float* array() { return c; }
void references() { by_reference(d), by_reference(c); }
int values() { return known + managed + int(sizeof(d + 1)); }
void symbols() { cudaMemcpyToSymbol(d, "abcd", 4), cudaMemcpyToSymbol(c, "abcd", 4); }
int behind() {
  int& r = d;
  (void)d;
  return r;
}
template <typename T>
__host__ __device__ int both_template() { return d; }
int use() { return both_template<int>(); }
template <typename T>
struct C {
  int member() { return d; }
};
int use_member() { return C<int>().member(); }
void device_lambda() {
  auto l = [] __device__ { return d; };
  (void)l;
}
__global__ void kernel() { d = k + int(c[0]) + inner::x; }
