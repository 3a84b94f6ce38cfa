// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// usage: bench_features [PEAK]
//
// Speed of what has no counterpart on other sides: products of matrices as a part of PEAK, the
// operations per second of one core in fused multiply-adds; texture fetches beside plain loads.
// Results are checked.
#include "features.cuh"

int main(int argc, char** argv) {
    measure_products(argc > 1 ? std::atof(argv[1]) : 0);
    measure_textures();
    return 0;
}
