// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Device lambdas passed from the host, with captures.
// Options: --extended-lambda
#include "../common/check.h"

template <class F>
__global__ void apply(F f, int* out, int n) {
    const int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < n) out[i] = f(i);
}

int main() {
    Buffer<int> out(500), table(500);
    for (int i = 0; i < 500; ++i)
        table[i] = i * i;
    table.upload();
    const int offset = 17;
    const double factor = 0.5;
    const int* values = table.device();
    apply<<<4, 128>>>([=] __device__(int i) { return values[499 - i] + offset; }, out.device(),
                      500);
    SYNC();
    out.download();
    for (int i = 0; i < 500; ++i)
        EXPECT(out[i] == (499 - i) * (499 - i) + offset, "lambda %d", i);
    apply<<<4, 128>>>([=] __host__ __device__(int i) { return (int)(i * factor); }, out.device(),
                      500);
    SYNC();
    out.download();
    for (int i = 0; i < 500; ++i)
        EXPECT(out[i] == (int)(i * 0.5), "second lambda %d", i);
    return finish();
}
