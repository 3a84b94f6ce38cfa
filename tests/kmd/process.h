// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Other processes: children that run a function, and the neighbour, a child that computes all the
// time and watches its results.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <sys/types.h>

namespace acc::kmd {

/// One end of a line between a test and its child: 64-bit numbers.
class Line {
  public:
    explicit Line(int fd) : fd_(fd) {}
    Line(Line&& other) noexcept;
    ~Line();
    void send(uint64_t value) const;
    /// The next number; nothing when the other end is gone, or after `seconds`.
    std::optional<uint64_t> receive(double seconds = 30) const;
    /// Is a number (or the end) waiting?
    bool pending() const;

  private:
    int fd_;
};

/// A child process. Its body runs right after fork(): it must open what it uses itself. Failed
/// expectations and exceptions of the body fail the test that joins it.
class Child {
  public:
    explicit Child(const std::function<void(Line&)>& body);
    Child(const Child&) = delete;
    ~Child();
    pid_t pid() const { return pid_; }
    Line& line() { return line_; }
    /// Sends SIGKILL and waits for the end.
    void kill();
    /// Waits for the end; 0, the exit status, or 128 + the signal.
    int join();

  private:
    static int start(const std::function<void(Line&)>& body, pid_t& pid);
    pid_t pid_ = -1;
    Line line_;
};

/// A process that runs a long deterministic computation over and over and compares every result bit
/// by bit.
class Neighbour {
  public:
    struct Report {
        uint64_t completions = 0, wrong_words = 0, failed_waits = 0;
        /// Longest time from one completion to the next since the last report. No test fails by it.
        uint64_t longest_gap_ns = 0;
    };
    /// Starts it on device `index`; returns when its first result is there.
    explicit Neighbour(unsigned index = 0);
    /// What happened since the start or the last report; waits until at least one more computation
    /// is over.
    Report report();
    /// Ends it; the last report.
    Report stop();
    /// Fails the test unless the report is that of an undisturbed process: results identical,
    /// nothing failed. (The longest gap is printed, for people.)
    static void expect_unharmed(const Report& report);
    /// Fails the test unless it gets on right now, while whatever the test has started is going on:
    /// some more computations, unharmed.
    void expect_goes_on();

  private:
    static void body(Line& line, unsigned index);
    Report ask(uint64_t command);
    Child child_;
};

} // namespace acc::kmd
