// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Device printf: what a child process prints is compared with the host's own formatting.
#include "../common/check.h"

#include <cwchar>

#define ALL_FORMATS(print)                                                                         \
    print("%d %i %u %x %X %o %c|\n", -42, 17, 4000000000u, 0xbeef, 0xBEEF, 8, 'z');                \
    print("%5d|%-5d|%05d|%+d|% d|%#x|%.3d|\n", 42, 42, 42, 42, 42, 255, 7);                        \
    print("%ld %lld %llu %lx %hd %hhd|\n", -5000000000l, -9000000000000000000ll,                   \
          18000000000000000000ull, 0xabcdef0123l, (short)-3, (char)5);                             \
    print("%f %e %g %G %.2f %10.3f|%-10.1f|%+.0f|\n", 3.14159, 31415.9, 0.0001, 1e20, 2.718, 1.5,  \
          2.25, 3.0);                                                                              \
    print("%a %F|\n", 1.0, 2.0);                                                                   \
    print("%s and %10s and %-6s| %.2s|\n", "text", "right", "left", "cut");                        \
    print("100%% of %d%%\n", 50);                                                                  \
    print("%*d|%-*d|%.*f|\n", 6, 42, 6, 42, 2, 1.23456);                                           \
    print("no arguments\n");                                                                       \
    print("%s", "");                                                                               \
    print("%lc %lf|\n", (wint_t)'w', 2.5);                                                         \
    print("%zu %p\n", (size_t)123, (void*)0x1234);

__global__ void formats(){ALL_FORMATS(printf)}

__global__ void many(int rounds) {
    for (int i = 0; i < rounds; ++i)
        printf("[%d %d %d]\n", (int)blockIdx.x, (int)threadIdx.x, i);
}

// Strings that are gone when the host prints.
__global__ void strings() {
    __shared__ char shared[8];
    char local[2][6];
    for (int i = 0; i < 5; ++i) {
        shared[i] = (char)('a' + i);
        local[0][i] = (char)('A' + i);
        local[1][i] = (char)('0' + i + (int)threadIdx.x);
    }
    shared[5] = local[0][5] = local[1][3] = 0;
    printf("%d %s %c%lc %-8s|%lld %.2s %s %*d\n", 1, shared, 'x', (wint_t)'y', local[0], 2ll,
           local[1], "constant", 3, 4);
    local[0][0] = shared[0] = 0;
    printf("[%s%s%s]\n", shared, local[0], &local[1][1]);
}

__global__ void result(int* out) {
    out[0] = printf("%d %d\n", 1, 2);
    out[1] = printf("nothing\n");
}

static std::string expected;
template <class... A>
static void append(const char* format, A... arguments) {
    char line[1000];
    std::snprintf(line, sizeof line, format, arguments...);
    expected += line;
}

int main() {
    ALL_FORMATS(append)
    const ChildResult once = run_child([] {
        formats<<<1, 1>>>();
        return cudaDeviceSynchronize() == cudaSuccess ? 0 : 1;
    });
    EXPECT(once.code == 0);
    EXPECT(once.out == expected, "printed:\n%s\nexpected:\n%s", once.out.c_str(), expected.c_str());

    const ChildResult gone = run_child([] {
        strings<<<1, 1>>>();
        return cudaDeviceSynchronize() == cudaSuccess ? 0 : 1;
    });
    EXPECT(gone.out == "1 abcde xy ABCDE   |2 01 constant   4\n[12]\n", "%s", gone.out.c_str());

    // The lines of one thread come in order, and each whole; those of different threads in any
    // order.
    const ChildResult all = run_child([] {
        many<<<3, 40>>>(5);
        return cudaDeviceSynchronize() == cudaSuccess ? 0 : 1;
    });
    int next[3][40] = {}, lines = 0;
    for (size_t at = 0; at < all.out.size();) {
        int block = -1, thread = -1, round = -1, used = 0;
        const bool whole = std::sscanf(all.out.c_str() + at, "[%d %d %d]\n%n", &block, &thread,
                                       &round, &used) == 3 &&
                           used > 0;
        EXPECT(whole, "line %d is torn", lines);
        if (!whole) break;
        EXPECT(block >= 0 && block < 3 && thread >= 0 && thread < 40 &&
               round == next[block][thread]++);
        at += (size_t)used;
        ++lines;
    }
    EXPECT(lines == 600, "%d lines", lines);

    // Output reaches the program's own at every kind of synchronisation, in order.
    const ChildResult mixed = run_child([] {
        cudaEvent_t event;
        cudaEventCreate(&event);
        int* p;
        cudaMalloc(&p, 16);
        std::printf("a\n");
        many<<<1, 1>>>(1);
        cudaStreamSynchronize(0);
        std::printf("b\n");
        many<<<1, 1>>>(1);
        cudaEventRecord(event);
        cudaEventSynchronize(event);
        std::printf("c\n");
        many<<<1, 1>>>(1);
        int host[4];
        cudaMemcpy(host, p, 16, cudaMemcpyDeviceToHost);
        std::printf("d\n");
        return 0;
    });
    EXPECT(mixed.out == "a\n[0 0 0]\nb\n[0 0 0]\nc\n[0 0 0]\nd\n", "%s", mixed.out.c_str());

    const ChildResult returned = run_child([] {
        Buffer<int> out(2);
        result<<<1, 1>>>(out.device());
        SYNC();
        out.download();
        return out[0] * 10 + out[1];
    });
    EXPECT(returned.code == 20, "printf returned %d", returned.code); // the number of arguments
    return finish();
}
