// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the ACC and the OpenCL benchmark programs share, so that they do the same work and measure
// it in the same way: problem sizes, inputs, clocks, and one line of JSON per measurement on stdout
// (read by bench.py).
//
// A *lane operation* is one operation of one thread, e.g. one fused multiply-add.

#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include <time.h>

namespace bench {

// Problem sizes. Work-group sizes are part of the kernels: 256, 16x16, 256, 32x8, 256, 256.
constexpr int saxpy_elements = 1 << 22;
constexpr float saxpy_factor = 0.5f;
constexpr int sgemm_size = 512;            // n of n x n; a multiple of the tile, 16
constexpr int nbody_bodies = 4096;         // a multiple of the tile, 256
constexpr int mandelbrot_size = 1024;      // pixels on a side
constexpr int mandelbrot_iterations = 256; // most iterations of a pixel
constexpr int reduction_elements = 1 << 22;
constexpr int reduction_groups = 256; // each leaves one partial sum
constexpr int fma_groups = 64;        // of 256 threads
constexpr int fma_rounds = 256;       // loop turns of a thread
constexpr int fma_per_round = 64;     // operations in one turn
constexpr size_t copy_bytes = size_t{64} << 20;
constexpr int launch_batch = 256; // launches that are enqueued before the next wait

// Seconds. CPU time is that of all threads of this process.
inline double seconds_of(clockid_t clock) {
    timespec now;
    clock_gettime(clock, &now);
    return now.tv_sec + now.tv_nsec * 1e-9;
}
inline double cpu_seconds() {
    return seconds_of(CLOCK_PROCESS_CPUTIME_ID);
}
inline double wall_seconds() {
    return seconds_of(CLOCK_MONOTONIC);
}

// `count` numbers in [low, high), the same on every machine (splitmix64).
inline std::vector<float> random_floats(size_t count, float low, float high, uint64_t seed) {
    std::vector<float> values(count);
    for (float& value : values) {
        uint64_t z = seed += 0x9e3779b97f4a7c15u;
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
        z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
        z ^= z >> 31;
        value = low + (high - low) * static_cast<float>(z >> 40) * 0x1p-24f;
    }
    return values;
}

// A position-dependent sum of a result, and the sum of magnitudes that a tolerance is relative to.
struct Checksum {
    double sum = 0;
    double scale = 0;
};

template <typename T>
Checksum checksum(const std::vector<T>& values) {
    Checksum result;
    for (size_t i = 0; i < values.size(); ++i) {
        const double weighted = static_cast<double>(values[i]) * (1 + i % 7);
        result.sum += weighted;
        result.scale += std::fabs(weighted);
    }
    return result;
}

// Seconds for one repetition.
struct Timing {
    long repetitions = 0;
    double cpu = 0;
    double wall = 0;
};

// Runs `work` once to warm up (compilers, page tables, caches), once to see how long it takes, and
// then about `seconds` long. `finish` waits until all work given so far is done.
template <typename Work, typename Finish>
Timing measure(double seconds, Work work, Finish finish) {
    work();
    finish();
    double begin = wall_seconds();
    work();
    finish();
    const double once = std::max(wall_seconds() - begin, 1e-9);

    Timing timing;
    timing.repetitions = std::clamp(std::lround(seconds / once), 1L, 1000000L);
    const double cpu_begin = cpu_seconds();
    begin = wall_seconds();
    for (long i = 0; i < timing.repetitions; ++i)
        work();
    finish();
    timing.wall = (wall_seconds() - begin) / timing.repetitions;
    timing.cpu = (cpu_seconds() - cpu_begin) / timing.repetitions;
    return timing;
}

// Enqueueing alone: batches of `work`, with an unmeasured wait after each.
template <typename Work, typename Finish>
Timing measure_enqueue(double seconds, Work work, Finish finish) {
    work();
    finish();
    Timing timing;
    const double end = wall_seconds() + seconds;
    while (wall_seconds() < end) {
        const double cpu_begin = cpu_seconds(), begin = wall_seconds();
        for (int i = 0; i < launch_batch; ++i)
            work();
        timing.wall += wall_seconds() - begin;
        timing.cpu += cpu_seconds() - cpu_begin;
        timing.repetitions += launch_batch;
        finish();
    }
    timing.wall /= timing.repetitions;
    timing.cpu /= timing.repetitions;
    return timing;
}

// One line for bench.py. `work` is the amount of work in one repetition, counted in `unit`.
inline void report(const char* name, const Timing& timing, double work, const char* unit,
                   const Checksum* check = nullptr) {
    std::printf("{\"name\": \"%s\", \"repetitions\": %ld, \"cpu\": %.9g, \"wall\": %.9g, "
                "\"work\": %.9g, \"unit\": \"%s\"",
                name, timing.repetitions, timing.cpu, timing.wall, work, unit);
    if (check) std::printf(", \"checksum\": %.17g, \"scale\": %.17g", check->sum, check->scale);
    std::printf("}\n");
    std::fflush(stdout);
}

// A single number that is not a time, e.g. bytes of resident memory.
inline void report_value(const char* name, double value, const char* unit) {
    std::printf("{\"name\": \"%s\", \"value\": %.9g, \"unit\": \"%s\"}\n", name, value, unit);
    std::fflush(stdout);
}

// Bytes of this process in memory now.
inline double resident_bytes() {
    std::FILE* file = std::fopen("/proc/self/statm", "r");
    long total = 0, resident = 0;
    if (!file || std::fscanf(file, "%ld %ld", &total, &resident) != 2) resident = 0;
    if (file) std::fclose(file);
    return resident * 4096.0;
}

// The inputs of each suite and the work that one repetition does.
struct Inputs {
    static std::vector<float> saxpy_x() { return random_floats(saxpy_elements, -1, 1, 1); }
    static std::vector<float> saxpy_y() { return random_floats(saxpy_elements, -1, 1, 2); }
    static std::vector<float> sgemm_a() {
        return random_floats(size_t{sgemm_size} * sgemm_size, -1, 1, 3);
    }
    static std::vector<float> sgemm_b() {
        return random_floats(size_t{sgemm_size} * sgemm_size, -1, 1, 4);
    }
    static std::vector<float> nbody_bodies_xyzm() {
        return random_floats(size_t{4} * nbody_bodies, 0, 1, 5);
    }
    static std::vector<float> reduction() { return random_floats(reduction_elements, 0, 1, 6); }
};

constexpr double saxpy_work = 12.0 * saxpy_elements;                      // bytes read and written
constexpr double sgemm_work = 2.0 * sgemm_size * sgemm_size * sgemm_size; // flop
constexpr double nbody_work = 1.0 * nbody_bodies * nbody_bodies;          // interactions
constexpr double reduction_work = 4.0 * reduction_elements;               // bytes read
constexpr double fma_work = 256.0 * fma_groups * fma_rounds * fma_per_round; // lane operations

// The command line of both programs: `PROGRAM SUITE SECONDS`.
struct Options {
    std::string suite;
    double seconds = 0.3;
};

inline Options parse_options(int argc, char** argv) {
    if (argc < 2) {
        std::fprintf(stderr, "usage: %s SUITE [SECONDS]\n", argv[0]);
        std::exit(2);
    }
    Options options;
    options.suite = argv[1];
    if (argc > 2) options.seconds = std::atof(argv[2]);
    return options;
}

} // namespace bench
