// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// __managed__ variables: one storage that host and device name alike.
#include "../common/check.h"

__managed__ int counter = 5;
__managed__ float table[1000];
static __managed__ long long hidden = -1;

__global__ void use() {
    if (threadIdx.x == 0) {
        counter += 10;
        hidden *= 3;
    }
    for (int i = threadIdx.x; i < 1000; i += blockDim.x)
        table[i] = table[i] * 2 + 1;
}

int main() {
    EXPECT(counter == 5);
    counter = 7;
    for (int i = 0; i < 1000; ++i)
        table[i] = (float)i;
    for (int round = 1; round <= 3; ++round) {
        use<<<1, 128>>>();
        SYNC();
        EXPECT(counter == 7 + 10 * round, "%d", counter);
    }
    for (int i = 0; i < 1000; ++i)
        EXPECT(table[i] == 8.0f * i + 7.0f, "table[%d] = %g", i, table[i]);
    EXPECT(hidden == -27);
    counter = 100; // the host's turn again
    use<<<1, 1>>>();
    SYNC();
    EXPECT(counter == 110);
    return finish();
}
