// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The CUDA side of the benchmarks: plain CUDA, compiled by accc (and by any other CUDA compiler).
// ../pocl/bench_pocl.cpp is its mirror.
//
// usage: bench_acc SUITE [SECONDS]

#include "../harness.h"
#include "kernels.cuh"

#include <cuda_runtime.h>

#define CHECK(call)                                                                                \
    do {                                                                                           \
        cudaError_t error_ = (call);                                                               \
        if (error_ != cudaSuccess) {                                                               \
            std::fprintf(stderr, "%s:%d: %s: %s\n", __FILE__, __LINE__, #call,                     \
                         cudaGetErrorString(error_));                                              \
            std::exit(1);                                                                          \
        }                                                                                          \
    } while (0)

namespace {

using bench::Checksum;
using bench::Options;

// Device memory that holds `count` elements for the life of the object.
template <typename T>
class Buffer {
  public:
    explicit Buffer(size_t count) : count_(count) { CHECK(cudaMalloc(&data_, count * sizeof(T))); }
    explicit Buffer(const std::vector<T>& values) : Buffer(values.size()) { write(values); }
    ~Buffer() { cudaFree(data_); }
    Buffer(const Buffer&) = delete;
    Buffer& operator=(const Buffer&) = delete;

    void write(const std::vector<T>& values) {
        CHECK(cudaMemcpy(data_, values.data(), count_ * sizeof(T), cudaMemcpyHostToDevice));
    }
    std::vector<T> read() const {
        std::vector<T> values(count_);
        CHECK(cudaMemcpy(values.data(), data_, count_ * sizeof(T), cudaMemcpyDeviceToHost));
        return values;
    }
    T* get() const { return data_; }

  private:
    size_t count_;
    T* data_ = nullptr;
};

void finish() {
    CHECK(cudaGetLastError());
    CHECK(cudaDeviceSynchronize());
}

// Measures `launch`, then computes the checksum of `out`, which one launch must leave complete.
template <typename T, typename Launch>
void run(const char* name, const Options& options, Launch launch, const Buffer<T>& out, double work,
         const char* unit) {
    const bench::Timing timing = bench::measure(options.seconds, launch, finish);
    const Checksum check = bench::checksum(out.read());
    bench::report(name, timing, work, unit, &check);
}

void run_saxpy(const Options& options) {
    const int n = bench::saxpy_elements;
    Buffer<float> x(bench::Inputs::saxpy_x()), y(bench::Inputs::saxpy_y());
    auto launch = [&] { saxpy<<<n / 256, 256>>>(n, bench::saxpy_factor, x.get(), y.get()); };
    const bench::Timing timing = bench::measure(options.seconds, launch, finish);
    // In place: the result depends on the number of repetitions, so the check starts afresh.
    y.write(bench::Inputs::saxpy_y());
    launch();
    finish();
    const Checksum check = bench::checksum(y.read());
    bench::report("saxpy", timing, bench::saxpy_work, "byte", &check);
}

void run_sgemm(const Options& options) {
    const int n = bench::sgemm_size;
    Buffer<float> a(bench::Inputs::sgemm_a()), b(bench::Inputs::sgemm_b()), c(size_t(n) * n);
    const dim3 grid(n / 16, n / 16), block(16, 16);
    run(
        "sgemm", options, [&] { sgemm<<<grid, block>>>(n, a.get(), b.get(), c.get()); }, c,
        bench::sgemm_work, "flop");
}

void run_nbody(const Options& options) {
    const int n = bench::nbody_bodies;
    Buffer<float> bodies(bench::Inputs::nbody_bodies_xyzm()), out(size_t{4} * n);
    auto launch = [&] {
        nbody<<<n / 256, 256>>>(n, reinterpret_cast<const float4*>(bodies.get()),
                                reinterpret_cast<float4*>(out.get()));
    };
    run("nbody", options, launch, out, bench::nbody_work, "interaction");
}

void run_mandelbrot(const Options& options) {
    const int n = bench::mandelbrot_size;
    Buffer<int> out(size_t(n) * n);
    const dim3 grid(n / 32, n / 8), block(32, 8);
    run(
        "mandelbrot", options,
        [&] { mandelbrot<<<grid, block>>>(n, bench::mandelbrot_iterations, 3.0f / n, out.get()); },
        out, double(n) * n, "pixel");
}

void run_reduction(const Options& options) {
    const int n = bench::reduction_elements, groups = bench::reduction_groups;
    Buffer<float> values(bench::Inputs::reduction()), sums(groups);
    run(
        "reduction", options,
        [&] { reduction<<<groups, 256>>>(n, groups, values.get(), sums.get()); }, sums,
        bench::reduction_work, "byte");
}

void run_fma(const Options& options) {
    Buffer<float> out(size_t{256} * bench::fma_groups);
    run(
        "fma", options,
        [&] { fma_loop<<<bench::fma_groups, 256>>>(bench::fma_rounds, 0.5f, 1.25f, out.get()); },
        out, bench::fma_work, "lane operation");
}

/// A graph of `nodes` empty kernels: one after the other, or each alone.
cudaGraphExec_t empty_nodes(int nodes, bool chain) {
    cudaGraph_t graph;
    CHECK(cudaGraphCreate(&graph, 0));
    cudaKernelNodeParams params{};
    params.func = reinterpret_cast<void*>(empty);
    params.gridDim = dim3(1);
    params.blockDim = dim3(32);
    cudaGraphNode_t last = nullptr;
    for (int i = 0; i < nodes; ++i)
        CHECK(cudaGraphAddKernelNode(&last, graph, &last, chain && i > 0 ? 1 : 0, &params));
    cudaGraphExec_t exec;
    CHECK(cudaGraphInstantiate(&exec, graph, 0));
    CHECK(cudaGraphDestroy(graph));
    return exec;
}

/// Launches of graphs of empty kernels, beside the same kernels in a stream.
void run_graphs(const Options& options) {
    const struct {
        const char* name;
        int nodes;
        bool chain;
    } graphs[] = {{"launch.graph-100", 100, true},
                  {"launch.graph-100-wide", 100, false},
                  {"launch.graph-10000", 10000, true},
                  {"launch.graph-100000", 100000, true}};
    auto stream = [] {
        for (int i = 0; i < 100; ++i)
            empty<<<1, 32>>>();
    };
    bench::report("launch.stream-100", bench::measure(options.seconds, stream, finish), 100,
                  "node");
    for (const auto& graph : graphs) {
        cudaGraphExec_t exec = empty_nodes(graph.nodes, graph.chain);
        auto launch = [=] { CHECK(cudaGraphLaunch(exec, 0)); };
        bench::report(graph.name, bench::measure(options.seconds, launch, finish), graph.nodes,
                      "node");
        if (graph.nodes == 100 && graph.chain)
            bench::report("launch.graph-100-enqueue",
                          bench::measure_enqueue(options.seconds, launch, finish), 100, "node");
        CHECK(cudaGraphExecDestroy(exec));
    }
}

void run_launch(const Options& options) {
    auto launch = [] { empty<<<1, 32>>>(); };
    auto launch_and_wait = [&] {
        launch();
        finish();
    };
    bench::report("launch.enqueue", bench::measure_enqueue(options.seconds, launch, finish), 1,
                  "launch");
    bench::report("launch.batched", bench::measure(options.seconds, launch, finish), 1, "launch");
    bench::report("launch.wait", bench::measure(options.seconds, launch_and_wait, finish), 1,
                  "launch");
    run_graphs(options);
}

void run_copy(const Options& options) {
    const size_t bytes = bench::copy_bytes;
    std::vector<char> host(bytes, 1);
    Buffer<char> a(bytes), b(bytes);
    char* pinned;
    CHECK(cudaMallocHost(&pinned, bytes));
    std::memset(pinned, 1, bytes);
    auto copy = [&](const char* name, void* to, const void* from, cudaMemcpyKind kind) {
        auto work = [=] { CHECK(cudaMemcpy(to, from, bytes, kind)); };
        bench::report(name, bench::measure(options.seconds, work, finish), double(bytes), "byte");
    };
    copy("copy.to-device", a.get(), host.data(), cudaMemcpyHostToDevice);
    copy("copy.to-host", host.data(), a.get(), cudaMemcpyDeviceToHost);
    copy("copy.on-device", b.get(), a.get(), cudaMemcpyDeviceToDevice);
    copy("copy.pinned-to-device", a.get(), pinned, cudaMemcpyHostToDevice);
    copy("copy.device-to-pinned", pinned, a.get(), cudaMemcpyDeviceToHost);
    CHECK(cudaFreeHost(pinned));
}

void run_memory(const Options&) {
    CHECK(cudaFree(nullptr)); // creates the context
    CHECK(cudaDeviceSynchronize());
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
            suite.run(options);
            return 0;
        }
    }
    std::fprintf(stderr, "%s: no suite '%s'\n", argv[0], options.suite.c_str());
    return 2;
}
