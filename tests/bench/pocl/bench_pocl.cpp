// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The OpenCL side of the benchmarks: a mirror of ../acc/bench_acc.cu on the first CPU device of the
// platform "Portable Computing Language". The kernels are read from the file that ACC_BENCH_KERNELS
// names.
//
// usage: ACC_BENCH_KERNELS=kernels.cl bench_pocl SUITE [SECONDS]

#define CL_TARGET_OPENCL_VERSION 120
#include <CL/cl.h>

#include "tests/bench/harness.h"

#include <fstream>
#include <iterator>

#define CHECK(call) check_status((call), #call, __LINE__)

namespace {

using bench::Checksum;
using bench::Options;

void check_status(cl_int status, const char* call, int line) {
    if (status == CL_SUCCESS) return;
    std::fprintf(stderr, "bench_pocl.cpp:%d: %s: OpenCL error %d\n", line, call, status);
    std::exit(1);
}

// The process's one device with its queue and the compiled kernels.
struct Device {
    cl_context context = nullptr;
    cl_command_queue queue = nullptr;
    cl_program program = nullptr;
};
Device device;

cl_device_id find_pocl() {
    cl_platform_id platforms[16];
    cl_uint count = 0;
    CHECK(clGetPlatformIDs(16, platforms, &count));
    for (cl_uint i = 0; i < std::min(count, 16u); ++i) {
        char name[256] = {};
        CHECK(clGetPlatformInfo(platforms[i], CL_PLATFORM_NAME, sizeof name - 1, name, nullptr));
        cl_device_id id;
        if (std::strstr(name, "Portable Computing Language") &&
            clGetDeviceIDs(platforms[i], CL_DEVICE_TYPE_CPU, 1, &id, nullptr) == CL_SUCCESS)
            return id;
    }
    std::fprintf(stderr, "bench_pocl: no PoCL CPU device (Debian package pocl-opencl-icd)\n");
    std::exit(1);
}

void build_program(cl_device_id id) {
    const char* path = std::getenv("ACC_BENCH_KERNELS");
    std::ifstream file(path ? path : "");
    const std::string source{std::istreambuf_iterator<char>(file), {}};
    if (source.empty()) {
        std::fprintf(stderr, "bench_pocl: set ACC_BENCH_KERNELS to the kernel file\n");
        std::exit(2);
    }
    const char* text = source.c_str();
    cl_int status;
    device.program = clCreateProgramWithSource(device.context, 1, &text, nullptr, &status);
    CHECK(status);
    if (clBuildProgram(device.program, 1, &id, "", nullptr, nullptr) == CL_SUCCESS) return;
    std::vector<char> log(1 << 16);
    clGetProgramBuildInfo(device.program, id, CL_PROGRAM_BUILD_LOG, log.size() - 1, log.data(),
                          nullptr);
    std::fprintf(stderr, "%s\n", log.data());
    std::exit(1);
}

void open_device() {
    cl_device_id id = find_pocl();
    cl_int status;
    device.context = clCreateContext(nullptr, 1, &id, nullptr, nullptr, &status);
    CHECK(status);
    device.queue = clCreateCommandQueue(device.context, id, 0, &status);
    CHECK(status);
    build_program(id);
}

void finish() {
    CHECK(clFinish(device.queue));
}

// Device memory for `count` elements, for the life of the process.
template <typename T>
class Buffer {
  public:
    explicit Buffer(size_t count) : count_(count) {
        cl_int status;
        memory_ = clCreateBuffer(device.context, CL_MEM_READ_WRITE, count * sizeof(T), nullptr,
                                 &status);
        CHECK(status);
    }
    explicit Buffer(const std::vector<T>& values) : Buffer(values.size()) { write(values); }

    void write(const std::vector<T>& values) {
        CHECK(clEnqueueWriteBuffer(device.queue, memory_, CL_TRUE, 0, count_ * sizeof(T),
                                   values.data(), 0, nullptr, nullptr));
    }
    std::vector<T> read() const {
        std::vector<T> values(count_);
        CHECK(clEnqueueReadBuffer(device.queue, memory_, CL_TRUE, 0, count_ * sizeof(T),
                                  values.data(), 0, nullptr, nullptr));
        return values;
    }
    cl_mem get() const { return memory_; }

  private:
    size_t count_;
    cl_mem memory_ = nullptr;
};

// A kernel with its arguments and sizes bound; calling it enqueues one launch.
class Launch {
  public:
    template <typename... Arguments>
    Launch(const char* name, size_t groups_x, size_t groups_y, size_t local_x, size_t local_y,
           Arguments... arguments)
        : global_{groups_x * local_x, groups_y * local_y}, local_{local_x, local_y} {
        cl_int status;
        kernel_ = clCreateKernel(device.program, name, &status);
        CHECK(status);
        cl_uint index = 0;
        (CHECK(clSetKernelArg(kernel_, index++, sizeof arguments, &arguments)), ...);
    }

    void operator()() const {
        CHECK(clEnqueueNDRangeKernel(device.queue, kernel_, local_[1] > 1 ? 2 : 1, nullptr, global_,
                                     local_, 0, nullptr, nullptr));
    }

  private:
    cl_kernel kernel_ = nullptr;
    size_t global_[2];
    size_t local_[2];
};

template <typename T>
void run(const char* name, const Options& options, const Launch& launch, const Buffer<T>& out,
         double work, const char* unit) {
    const bench::Timing timing = bench::measure(options.seconds, launch, finish);
    const Checksum check = bench::checksum(out.read());
    bench::report(name, timing, work, unit, &check);
}

void run_saxpy(const Options& options) {
    const cl_int n = bench::saxpy_elements;
    const cl_float a = bench::saxpy_factor;
    Buffer<float> x(bench::Inputs::saxpy_x()), y(bench::Inputs::saxpy_y());
    const Launch launch("saxpy", n / 256, 1, 256, 1, n, a, x.get(), y.get());
    const bench::Timing timing = bench::measure(options.seconds, launch, finish);
    y.write(bench::Inputs::saxpy_y());
    launch();
    finish();
    const Checksum check = bench::checksum(y.read());
    bench::report("saxpy", timing, bench::saxpy_work, "byte", &check);
}

void run_sgemm(const Options& options) {
    const cl_int n = bench::sgemm_size;
    Buffer<float> a(bench::Inputs::sgemm_a()), b(bench::Inputs::sgemm_b()), c(size_t(n) * n);
    run("sgemm", options, Launch("sgemm", n / 16, n / 16, 16, 16, n, a.get(), b.get(), c.get()), c,
        bench::sgemm_work, "flop");
}

void run_nbody(const Options& options) {
    const cl_int n = bench::nbody_bodies;
    Buffer<float> bodies(bench::Inputs::nbody_bodies_xyzm()), out(size_t{4} * n);
    run("nbody", options, Launch("nbody", n / 256, 1, 256, 1, n, bodies.get(), out.get()), out,
        bench::nbody_work, "interaction");
}

void run_mandelbrot(const Options& options) {
    const cl_int n = bench::mandelbrot_size, limit = bench::mandelbrot_iterations;
    const cl_float step = 3.0f / n;
    Buffer<int> out(size_t(n) * n);
    run("mandelbrot", options,
        Launch("mandelbrot", n / 32, n / 8, 32, 8, n, limit, step, out.get()), out, double(n) * n,
        "pixel");
}

void run_reduction(const Options& options) {
    const cl_int n = bench::reduction_elements, groups = bench::reduction_groups;
    Buffer<float> values(bench::Inputs::reduction()), sums(groups);
    run("reduction", options,
        Launch("reduction", groups, 1, 256, 1, n, groups, values.get(), sums.get()), sums,
        bench::reduction_work, "byte");
}

void run_fma(const Options& options) {
    const cl_int rounds = bench::fma_rounds;
    const cl_float a = 0.5f, b = 1.25f;
    Buffer<float> out(size_t{256} * bench::fma_groups);
    run("fma", options, Launch("fma_loop", bench::fma_groups, 1, 256, 1, rounds, a, b, out.get()),
        out, bench::fma_work, "lane operation");
}

void run_launch(const Options& options) {
    const Launch launch("empty", 1, 1, 32, 1);
    auto launch_and_wait = [&] {
        launch();
        finish();
    };
    bench::report("launch.enqueue", bench::measure_enqueue(options.seconds, launch, finish), 1,
                  "launch");
    bench::report("launch.batched", bench::measure(options.seconds, launch, finish), 1, "launch");
    bench::report("launch.wait", bench::measure(options.seconds, launch_and_wait, finish), 1,
                  "launch");
}

void run_copy(const Options& options) {
    const size_t bytes = bench::copy_bytes;
    std::vector<char> host(bytes, 1);
    Buffer<char> a(bytes), b(bytes);
    auto write = [&] {
        CHECK(clEnqueueWriteBuffer(device.queue, a.get(), CL_TRUE, 0, bytes, host.data(), 0,
                                   nullptr, nullptr));
    };
    auto read = [&] {
        CHECK(clEnqueueReadBuffer(device.queue, a.get(), CL_TRUE, 0, bytes, host.data(), 0, nullptr,
                                  nullptr));
    };
    auto copy = [&] {
        CHECK(
            clEnqueueCopyBuffer(device.queue, a.get(), b.get(), 0, 0, bytes, 0, nullptr, nullptr));
        finish();
    };
    bench::report("copy.to-device", bench::measure(options.seconds, write, finish), double(bytes),
                  "byte");
    bench::report("copy.to-host", bench::measure(options.seconds, read, finish), double(bytes),
                  "byte");
    bench::report("copy.on-device", bench::measure(options.seconds, copy, finish), double(bytes),
                  "byte");
}

void run_memory(const Options&) {
    finish();
    bench::report_value("memory.idle-context", bench::resident_bytes(), "byte");
}

} // namespace

int main(int argc, char** argv) {
    const Options options = bench::parse_options(argc, argv);
    const struct {
        const char* name;
        void (*run)(const Options&);
    } suites[] = {
        {"saxpy", run_saxpy},           {"sgemm", run_sgemm},         {"nbody", run_nbody},
        {"mandelbrot", run_mandelbrot}, {"reduction", run_reduction}, {"fma", run_fma},
        {"launch", run_launch},         {"copy", run_copy},           {"memory", run_memory},
    };
    for (const auto& suite : suites) {
        if (options.suite == suite.name) {
            open_device();
            suite.run(options);
            return 0;
        }
    }
    std::fprintf(stderr, "%s: no suite '%s'\n", argv[0], options.suite.c_str());
    return 2;
}
