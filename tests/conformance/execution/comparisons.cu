// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Numbers of threads, and what is made of them, compared with constants at and around their bounds:
// the size of the block decides what each comparison says.
#include "../common/check.h"

#include <vector>

namespace {

constexpr int kLess = 1, kLessOrEqual = 2, kGreater = 4, kGreaterOrEqual = 8, kEqual = 16;

template <class T>
__host__ __device__ int compared(T x, T y) {
    return (x < y ? kLess : 0) | (x <= y ? kLessOrEqual : 0) | (x > y ? kGreater : 0) |
           (x >= y ? kGreaterOrEqual : 0) | (x == y ? kEqual : 0);
}

// Each comparison is a branch of its own, with something that is not done twice behind it.
template <int Bound>
__global__ void compare(int* out) {
    const int t = threadIdx.x, i = t * 4 + 3;
    int* mine = out + t * 4;
    mine[0] = compared<int>(t, Bound);
    mine[1] = compared<unsigned>(t, Bound);
    mine[2] = compared<int>(i, Bound) + compared<unsigned>(i, Bound) * 32;
    int steps = 0;
    for (int k = t; k < Bound; k += blockDim.x)
        steps = steps * 3 + atomicAdd(mine + 3, k + 1);
    if (t < Bound) __syncwarp(__activemask());
    for (int k = 0; k < 5; ++k)
        if (t + k * 64 <= Bound) steps += k;
    mine[3] = steps;
}

template <int Bound>
void test() {
    for (int threads : {64, 40, 128}) {
        int* d_out;
        CHECK(cudaMalloc(&d_out, 128 * 4 * sizeof(int)));
        CHECK(cudaMemset(d_out, 0, 128 * 4 * sizeof(int)));
        compare<Bound><<<1, threads>>>(d_out);
        std::vector<int> out(128 * 4);
        CHECK(cudaMemcpy(out.data(), d_out, out.size() * sizeof(int), cudaMemcpyDeviceToHost));
        int wrong = 0;
        for (int t = 0; t < threads; ++t) {
            const int i = t * 4 + 3;
            int steps = 0, sum = 0;
            for (int k = t; k < Bound; k += threads) {
                steps = static_cast<int>(steps * 3u + sum);
                sum += k + 1;
            }
            for (int k = 0; k < 5; ++k)
                if (t + k * 64 <= Bound) steps += k;
            wrong += out[t * 4] != compared<int>(t, Bound);
            wrong += out[t * 4 + 1] != compared<unsigned>(t, Bound);
            wrong += out[t * 4 + 2] != compared<int>(i, Bound) + compared<unsigned>(i, Bound) * 32;
            wrong += out[t * 4 + 3] != steps;
        }
        EXPECT(wrong == 0, "with %d, %d threads: %d wrong", Bound, threads, wrong);
        CHECK(cudaFree(d_out));
    }
}

} // namespace

int main() {
    test<-1>();
    test<0>();
    test<1>();
    test<39>();
    test<40>();
    test<62>();
    test<63>();
    test<64>();
    test<65>();
    test<127>();
    test<128>();
    test<254>();
    test<255>();
    test<256>();
    test<320>();
    return finish();
}
