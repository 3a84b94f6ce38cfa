// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <functional>
#include <vector>

namespace acc::model::test {

using Clock = std::chrono::steady_clock;

inline double cpu_seconds() {
    timespec t{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) * 1e-9;
}

/// Runs `operation` repeatedly and prints the median time and the mean CPU time of one.
inline void measure(const char* name, int rounds, const std::function<void()>& operation,
                    int per_round = 1) {
    for (int i = 0; i < rounds / 10 + 1; i++)
        operation();
    std::vector<double> times;
    double cpu = cpu_seconds();
    for (int i = 0; i < rounds; i++) {
        auto begin = Clock::now();
        operation();
        times.push_back(std::chrono::duration<double, std::micro>(Clock::now() - begin).count() /
                        per_round);
    }
    cpu = (cpu_seconds() - cpu) * 1e6 / rounds / per_round;
    std::sort(times.begin(), times.end());
    std::printf("%-44s median %8.3f us   p90 %8.3f us   cpu %8.3f us\n", name,
                times[times.size() / 2], times[times.size() * 9 / 10], cpu);
}

} // namespace acc::model::test
