// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A failed device assertion stops the kernel, gives cudaErrorAssert from then on, and says where it
// was.
#include "../common/check.h"

#undef NDEBUG
#include <cassert>

__global__ void checked(const int* data, int n) {
    const int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < n) assert(data[i] >= 0 && "no negative number");
}

static int run(int bad) {
    dup2(1, 2); // the message goes to standard error
    Buffer<int> data(100, 1);
    if (bad >= 0) {
        data[bad] = -1;
        data.upload();
    }
    checked<<<4, 32>>>(data.device(), 100);
    const cudaError_t first = cudaDeviceSynchronize();
    const cudaError_t second = cudaDeviceSynchronize();
    void* p;
    const cudaError_t third = cudaMalloc(&p, 16);
    if (bad < 0) return first == cudaSuccess && third == cudaSuccess ? 0 : 1;
    return first == cudaErrorAssert && second == cudaErrorAssert && third == cudaErrorAssert ? 0
                                                                                             : 1;
}

int main() {
    const ChildResult good = run_child([] { return run(-1); });
    EXPECT(good.code == 0 && good.out.find("ssertion") == std::string::npos, "%s",
           good.out.c_str());
    const ChildResult bad = run_child([] { return run(70); });
    EXPECT(bad.code == 0, "code %d", bad.code);
    EXPECT(bad.out.find("assertion.cu") != std::string::npos, "%s", bad.out.c_str());
    EXPECT(bad.out.find("block: [2,0,0], thread: [6,0,0]") != std::string::npos, "%s",
           bad.out.c_str());
    EXPECT(bad.out.find("data[i] >= 0") != std::string::npos, "%s", bad.out.c_str());
    return finish();
}
