// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One run of one kernel, the same on all sides: what is asked for, how it is measured, and how its
// result is compared. Each side is a program of session.cpp, its run_... functions (list.h) and its
// finish().
//
// The native side writes its results into a folder, the others compare theirs with them, element by
// element.

#pragma once

#include "../harness.h"

#include <string>
#include <vector>

namespace bench {

// tiny: a check of the results in milliseconds. full: what is measured.
enum class Scale { tiny, full };

// How far an element may be from the native one: absolute + relative * |native|; and the part of
// all elements that may be any distance away, where rounding decides between two right results.
struct Tolerance {
    double absolute;
    double relative;
    double outliers = 0;
};

// Waits until everything that has been launched is done.
void finish();

class Session {
  public:
    Session(int argc, char** argv);

    Scale scale() const { return scale_; }
    const std::string& kernel() const { return kernel_; }
    // Where the kernels' OpenCL sources are.
    const std::string& sources() const { return sources_; }

    // Measures `launch` and prints one line of JSON. `output` holds its result, a vector<T> that
    // read() gives; reset() puts it (and what is changed in place) into the state that one launch
    // starts from. The first launch and one after all others are compared, so that both ways of a
    // program that translates as it runs are.
    template <typename Problem, typename Launch, typename Output>
    void run(const Problem& problem, Launch launch, Output& output) {
        output.reset();
        finish();
        const Timing first = time([&] { launch(); }, 1);
        settle(output.read(), problem.tolerance);
        Timing hot;
        if (scale_ == Scale::full) {
            const double once = warm_up([&] { launch(); });
            hot = time([&] { launch(); }, std::clamp(std::lround(seconds_ / once), 2L, 100000L));
        }
        output.reset();
        finish();
        launch();
        finish();
        settle(output.read(), problem.tolerance);
        print(first, hot, problem.work(), Problem::unit);
    }

  private:
    template <typename Work>
    static Timing time(Work work, long repetitions) {
        Timing timing;
        timing.repetitions = repetitions;
        const double cpu = cpu_seconds(), wall = wall_seconds();
        for (long i = 0; i < repetitions; ++i)
            work();
        finish();
        timing.wall = (wall_seconds() - wall) / repetitions;
        timing.cpu = (cpu_seconds() - cpu) / repetitions;
        return timing;
    }

    // At least two launches, and a quarter of a second in which none was a fifth quicker than all
    // before: what is compiled behind the first launches is at work then. Returns how long the last
    // took.
    template <typename Work>
    static double warm_up(Work work) {
        double fastest = INFINITY, once = 0, since = wall_seconds();
        for (int i = 0; i < 2 || wall_seconds() < since + 0.25; ++i) {
            once = time(work, 1).wall;
            if (once < 0.8 * fastest) since = wall_seconds();
            fastest = std::min(fastest, once);
        }
        return std::max(once, 1e-6);
    }

    // Writes `values` or compares them with what was written; a difference ends the program.
    template <typename T>
    void settle(const std::vector<T>& values, Tolerance tolerance) {
        if (!expect_.empty()) {
            compare(values, load<T>(expect_ + "/" + kernel_), tolerance);
        } else if (!write_.empty()) {
            save(write_ + "/" + kernel_, values.data(), values.size() * sizeof(T));
        }
    }

    template <typename T>
    static std::vector<T> load(const std::string& path) {
        std::vector<T> values(size_of(path) / sizeof(T));
        load_bytes(path, values.data(), values.size() * sizeof(T));
        return values;
    }

    template <typename T>
    void compare(const std::vector<T>& values, const std::vector<T>& native, Tolerance tolerance) {
        if (values.size() != native.size()) fail_size(values.size(), native.size());
        double outliers = tolerance.outliers * static_cast<double>(values.size());
        for (size_t i = 0; i < values.size(); ++i) {
            const double value = static_cast<double>(values[i]);
            const double right = static_cast<double>(native[i]);
            const double limit = tolerance.absolute + tolerance.relative * std::fabs(right);
            if (!(std::fabs(value - right) <= limit) && --outliers < 0)
                fail_element(i, value, right, limit);
        }
    }

    static size_t size_of(const std::string& path);
    static void load_bytes(const std::string& path, void* to, size_t bytes);
    static void save(const std::string& path, const void* from, size_t bytes);
    [[noreturn]] void fail_size(size_t size, size_t native) const;
    [[noreturn]] void fail_element(size_t index, double value, double native, double limit) const;
    void print(const Timing& first, const Timing& hot, double work, const char* unit) const;

    std::string kernel_, sources_, write_, expect_;
    double seconds_ = 0.3;
    Scale scale_ = Scale::full;
};

} // namespace bench
