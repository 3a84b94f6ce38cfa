// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Device code may reach the same memory through pointers of different types, and a bool in memory
// may be any byte: nvcc assumes neither, and CUDA programs (CUB's sorts among them) rely on it.
#include "../common/check.h"

struct Pair {
    short first, second;
};

__global__ void overwrite(unsigned short* narrow, unsigned* wide, float* real, int* out) {
    *narrow = 7;
    *wide = 0;
    out[0] = *narrow;
    *wide = 0x40490fdb; // the bits of pi
    *real = 1.0f;
    out[1] = (int)*wide;
    *real = 2.0f;
    reinterpret_cast<Pair*>(wide)->second = 0x4080;
    out[2] = *real == 4.0f;
}

/// Values go through shared memory as bytes and come back as words, without a barrier in one
/// thread.
__global__ void through_shared(int* out) {
    __shared__ union {
        unsigned char bytes[64];
        unsigned long long alignment;
    } memory;
    unsigned* words = reinterpret_cast<unsigned*>(memory.bytes);
    words[0] = 0xffffffffu;
    for (int i = 0; i < 4; ++i)
        memory.bytes[i] = (unsigned char)(i + 1);
    out[0] = (int)words[0];
    *reinterpret_cast<double*>(memory.bytes + 8) = 1.0;
    words[3] = 0x40000000;
    out[1] = *reinterpret_cast<double*>(memory.bytes + 8) == 2.0;
}

__global__ void odd_bools(const bool* flags, int* out, int n) {
    int sum = 0;
    for (int i = 0; i < n; ++i) {
        if (flags[i]) sum += 1 << i;
        out[1 + i] = flags[i] ? 5 : 6;
    }
    out[0] = sum;
}

int main() {
    Buffer<unsigned> memory(4);
    Buffer<int> out(3);
    overwrite<<<1, 1>>>((unsigned short*)memory.device(), memory.device(), (float*)memory.device(),
                        out.device());
    SYNC();
    out.download();
    EXPECT(out[0] == 0, "%d", out[0]);
    EXPECT(out[1] == 0x3f800000, "%x", out[1]);
    EXPECT(out[2] == 1);

    through_shared<<<1, 1>>>(out.device());
    SYNC();
    out.download();
    EXPECT(out[0] == 0x04030201, "%x", out[0]);
    EXPECT(out[1] == 1);

    const unsigned char bytes[] = {0, 1, 2, 255, 0, 128};
    Buffer<unsigned char> flags(std::vector<unsigned char>(bytes, bytes + 6));
    Buffer<int> seen(7);
    odd_bools<<<1, 1>>>((const bool*)flags.device(), seen.device(), 6);
    SYNC();
    seen.download();
    EXPECT(seen[0] == 0x2e, "%x", seen[0]);
    for (int i = 0; i < 6; ++i)
        EXPECT(seen[1 + i] == (bytes[i] ? 5 : 6), "byte %d", i);
    return finish();
}
