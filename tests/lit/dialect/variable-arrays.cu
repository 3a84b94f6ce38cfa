// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// nvcc 13.0 accepts: arrays whose size is known at run time, with initial values, as g++ has them.
// REQUIRES: accc, accdevicelib, accrt
// RUN: accc -arch=sm_80 -std=c++17 %s -o %t 2>&1 | count 0
// RUN: %t | FileCheck %s
// RUN: not accc -arch=sm_80 -std=c++17 -DFLAT -c %s -o %t.o 2>&1 | FileCheck --check-prefix FLAT %s
#include <cstdio>
struct Pair {
    int first;
    float second;
};
__global__ void kernel() {}
int one() {
    return 1;
}
template <class T>
T of_template(int n) {
    int a[n] = {T(4), T(5)};
    return T(a[0] * 10 + a[1] + a[n - 1]);
}
int main() {
    int n = one() + 2;
    const int rows = 2;
    float table[rows][n * 2] = {{1, 2, 3.5f}, {4, one() + 4, (float)(1 * 6)}};
    int behind = 9;
    int list[n] = {7, 8};
    const double fixed[n][2] = {{0.5, 1.5}, {2.5}};
    Pair pairs[n] = {{1, 2.0f}, {3, 4.0f}};
    unsigned zeros[n] = {};
    const char* names[n] = {"a,b", "c"};
    kernel<<<1, 1>>>();
    int plain[3] = {1, 2, 3};
    int later[n];
    later[0] = later[1] = later[2] = 9;
    Pair pair[2];
    pair[1] = {5, 6.0f}; // no declaration of `later`
    for (int i = 0; i < 2; i++) {
        int again[n] = {i};
        printf("again %d %d %d\n", again[0], again[1], again[2]);
        again[1] = again[2] = 5;
    }
    // CHECK: again 0 0 0
    // CHECK: again 1 0 0
    printf("table %g %g %g %g %g %g %g %g\n", table[0][0], table[0][2], table[0][3], table[0][5],
           table[1][0], table[1][1], table[1][2], table[1][5]);
    // CHECK: table 1 3.5 0 0 4 5 6 0
    printf("list %d %d %d %d\n", list[0], list[1], list[2], behind); // CHECK: list 7 8 0 9
    printf("fixed %g %g %g %g %g\n", fixed[0][0], fixed[0][1], fixed[1][0], fixed[1][1], fixed[2][1]);
    // CHECK: fixed 0.5 1.5 2.5 0 0
    printf("pairs %d %g %d\n", pairs[0].first, pairs[1].second, pairs[2].first); // CHECK: pairs 1 4 0
    printf("names %s %s %d\n", names[0], names[1], names[2] == nullptr);        // CHECK: names a,b c 1
    printf("later %d %d %d\n", later[0], later[2], pair[1].first); // CHECK: later 9 9 5
    printf("%u %d %d\n", zeros[2], plain[2], of_template<int>(2));               // CHECK: 0 3 50
#ifdef FLAT
    // FLAT: [[#@LINE+1]]:{{[0-9]+}}: error: variable-sized object may not be initialized
    int flat[2][n] = {1, 2};
    // FLAT: [[#@LINE+1]]:{{[0-9]+}}: error: variable-sized object may not be initialized
    int several[n] = {1, 2}, more = several[0];
    // FLAT: [[#@LINE+1]]:{{[0-9]+}}: error: variable-sized object may not be initialized
    int twice[n] = {1, 2}, two[n] = {3};
    // FLAT: [[#@LINE+1]]:{{[0-9]+}}: error: variable-sized object may not be initialized
    int nested[n] = {[&] { int inner[n] = {6}; return inner[0]; }()};
    // FLAT: [[#@LINE+1]]:{{[0-9]+}}: error: variable-sized object may not be initialized
    int Pair::*members[n] = {&Pair::first};
    // FLAT: [[#@LINE+1]]:{{[0-9]+}}: error: variable-sized object may not be initialized
    for (int header[n] = {1}; header[0]; header[0] = 0) {
    }
#endif
}
