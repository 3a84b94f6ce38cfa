// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the conformance programs share. Plain CUDA and POSIX: nvcc builds them as accc does. A
// program prints PASS and returns 0, or prints what was wrong and returns 1.
#pragma once

#include <cuda_runtime.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

/// Ends the program when a call that must work does not.
#define CHECK(call)                                                                                \
    do {                                                                                           \
        const cudaError_t status_ = (call);                                                        \
        if (status_ != cudaSuccess) {                                                              \
            std::printf("%s:%d: %s: %s\n", __FILE__, __LINE__, #call,                              \
                        cudaGetErrorString(status_));                                              \
            std::exit(2);                                                                          \
        }                                                                                          \
    } while (0)

inline int& failures() {
    static int count = 0;
    return count;
}

/// Counts a failure and goes on; the first twenty are printed.
#define EXPECT(condition, ...)                                                                     \
    do {                                                                                           \
        if (!(condition) && ++failures() <= 20) {                                                  \
            std::printf("%s:%d: not true: %s  ", __FILE__, __LINE__, #condition);                  \
            std::printf("" __VA_ARGS__);                                                           \
            std::printf("\n");                                                                     \
        }                                                                                          \
    } while (0)

/// The call must give exactly this error. Clears the last error.
#define EXPECT_ERROR(expected, call)                                                               \
    do {                                                                                           \
        const cudaError_t status_ = (call);                                                        \
        if (status_ != (expected) && ++failures() <= 20)                                           \
            std::printf("%s:%d: %s gives %s, expected %s\n", __FILE__, __LINE__, #call,            \
                        cudaGetErrorName(status_), cudaGetErrorName(expected));                    \
        cudaGetLastError();                                                                        \
    } while (0)

inline int finish() {
    if (failures() != 0)
        std::printf("FAIL: %d\n", failures());
    else
        std::printf("PASS\n");
    return failures() != 0 ? 1 : 0;
}

/// Waits for the last kernel and ends the program when it failed.
#define SYNC()                                                                                     \
    do {                                                                                           \
        CHECK(cudaGetLastError());                                                                 \
        CHECK(cudaDeviceSynchronize());                                                            \
    } while (0)

/// Device memory with a copy on the host.
template <class T>
class Buffer {
    T* device_ = nullptr;
    std::vector<T> host_;

  public:
    explicit Buffer(size_t count, T value = T()) : host_(count, value) {
        CHECK(cudaMalloc((void**)&device_, count * sizeof(T)));
        upload();
    }
    explicit Buffer(const std::vector<T>& values) : host_(values) {
        CHECK(cudaMalloc((void**)&device_, values.size() * sizeof(T)));
        upload();
    }
    Buffer(const Buffer&) = delete;
    ~Buffer() { cudaFree(device_); }
    T* device() { return device_; }
    T& operator[](size_t i) { return host_[i]; }
    size_t size() const { return host_.size(); }
    void upload() {
        CHECK(cudaMemcpy(device_, host_.data(), host_.size() * sizeof(T), cudaMemcpyHostToDevice));
    }
    std::vector<T>& download() {
        CHECK(cudaMemcpy(host_.data(), device_, host_.size() * sizeof(T), cudaMemcpyDeviceToHost));
        return host_;
    }
};

struct ChildResult {
    int code;        ///< exit code, or -signal
    std::string out; ///< what it wrote to standard output
};

/// Runs `body` in a child process and gives its exit code and output. The parent must not have used
/// the device before.
template <class F>
ChildResult run_child(F body) {
    int ends[2];
    if (pipe(ends) != 0) std::exit(2);
    std::fflush(stdout);
    const pid_t child = fork();
    if (child == 0) {
        dup2(ends[1], 1);
        close(ends[0]);
        close(ends[1]);
        const int code = body();
        std::exit(code);
    }
    close(ends[1]);
    ChildResult result = {0, ""};
    char piece[4096];
    for (ssize_t got; (got = read(ends[0], piece, sizeof piece)) > 0;)
        result.out.append(piece, (size_t)got);
    close(ends[0]);
    int status = 0;
    waitpid(child, &status, 0);
    result.code = WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
    return result;
}
