// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A process whose address space or file size is limited gets an error, not a signal. (What the log
// says about the limit is ours: tests/lit/driver/limits.cu.)
#include "../common/check.h"

#include <sys/resource.h>

int with_limit(int resource, rlim_t bytes) {
    const pid_t child = fork();
    if (child == 0) {
        const rlimit limit{bytes, bytes};
        setrlimit((__rlimit_resource_t)resource, &limit);
        std::freopen("/dev/null", "w", stderr);
        void* memory = nullptr;
        const cudaError_t error = cudaMalloc(&memory, 1 << 20);
        // Either is right: it works within the limit, or says that it does not.
        _exit(error == cudaSuccess || cudaGetLastError() == error ? 0 : 1);
    }
    int status = 0;
    waitpid(child, &status, 0);
    return status;
}

int main() {
    EXPECT(with_limit(RLIMIT_FSIZE, 1 << 20) == 0);
    EXPECT(with_limit(RLIMIT_FSIZE, 0) == 0);
    EXPECT(with_limit(RLIMIT_AS, rlim_t(4) << 30) == 0);
    return finish();
}
