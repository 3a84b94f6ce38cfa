// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the OpenCL side's host code is written with: the first CPU device of the platform "Portable
// Computing Language".

#pragma once

#define CL_TARGET_OPENCL_VERSION 120
#include <CL/cl.h>

#include "../problems.h"

#define CHECK(call) check_status((call), #call, __FILE__, __LINE__)

void check_status(cl_int status, const char* call, const char* file, int line);

// The process's one device with its queue and the compiled kernels.
struct Device {
    cl_context context = nullptr;
    cl_command_queue queue = nullptr;
    cl_program program = nullptr;
};
extern Device device;

// Builds FOLDER/GROUP.cl, FOLDER as the command line says. Before everything else of this file.
void open_device(const bench::Session& session, const char* group);

// Device memory with what it holds at the start: values, or bytes that no result consists of.
template <typename T>
class Buffer {
  public:
    explicit Buffer(size_t count) : Buffer(std::vector<T>(), count) {}
    explicit Buffer(const std::vector<T>& values) : Buffer(values, values.size()) {}

    void reset() {
        const cl_uchar junk = 0xcd;
        if (start_.empty())
            CHECK(clEnqueueFillBuffer(device.queue, memory_, &junk, 1, 0, count_ * sizeof(T), 0,
                                      nullptr, nullptr));
        else
            CHECK(clEnqueueWriteBuffer(device.queue, memory_, CL_TRUE, 0, count_ * sizeof(T),
                                       start_.data(), 0, nullptr, nullptr));
    }
    std::vector<T> read() const {
        std::vector<T> values(count_);
        CHECK(clEnqueueReadBuffer(device.queue, memory_, CL_TRUE, 0, count_ * sizeof(T),
                                  values.data(), 0, nullptr, nullptr));
        return values;
    }
    cl_mem get() const { return memory_; }

  private:
    Buffer(const std::vector<T>& start, size_t count) : count_(count), start_(start) {
        cl_int status;
        memory_ = clCreateBuffer(device.context, CL_MEM_READ_WRITE, count * sizeof(T), nullptr,
                                 &status);
        CHECK(status);
        reset();
    }

    size_t count_;
    std::vector<T> start_;
    cl_mem memory_ = nullptr;
};

// Numbers of groups, or of work-items in a group.
struct Range {
    size_t x, y = 1, z = 1;
};

// A kernel with its arguments and sizes bound; calling it enqueues one launch.
class Launch {
  public:
    template <typename... Arguments>
    Launch(const char* name, Range groups, Range local, Arguments... arguments)
        : Launch(name, groups, local) {
        cl_uint index = 0;
        (CHECK(clSetKernelArg(kernel_, index++, sizeof arguments, &arguments)), ...);
    }
    void operator()() const;
    // Another value for one argument of the launches that follow.
    template <typename Argument>
    void set(cl_uint index, Argument argument) const {
        CHECK(clSetKernelArg(kernel_, index, sizeof argument, &argument));
    }

  private:
    Launch(const char* name, Range groups, Range local);

    cl_kernel kernel_ = nullptr;
    size_t global_[3];
    size_t local_[3];
};

inline size_t divide_up(int a, int b) {
    return static_cast<size_t>((a + b - 1) / b);
}
