// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tests/kmd/process.h"

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "tests/kmd/device.h"
#include "tests/kmd/kernels.h"

namespace acc::kmd {

Line::Line(Line&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
Line::~Line() {
    if (fd_ >= 0) ::close(fd_);
}

void Line::send(uint64_t value) const {
    (void)!::send(fd_, &value, sizeof value, MSG_NOSIGNAL);
}

bool Line::pending() const {
    pollfd p{.fd = fd_, .events = POLLIN, .revents = 0};
    return poll(&p, 1, 0) > 0;
}

std::optional<uint64_t> Line::receive(double seconds) const {
    pollfd p{.fd = fd_, .events = POLLIN, .revents = 0};
    uint64_t value = 0;
    if (poll(&p, 1, static_cast<int>(seconds * 1000)) <= 0) return std::nullopt;
    if (recv(fd_, &value, sizeof value, MSG_WAITALL) != sizeof value) return std::nullopt;
    return value;
}

Child::Child(const std::function<void(Line&)>& body) : line_(start(body, pid_)) {}

int Child::start(const std::function<void(Line&)>& body, pid_t& pid) {
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends))
        throw Failure("socketpair", errno);
    std::fflush(nullptr);
    pid = fork();
    if (pid < 0) throw Failure("fork", errno);
    if (pid > 0) {
        ::close(ends[1]);
        return ends[0];
    }
    // A test program that is killed takes its children along.
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    ::close(ends[0]);
    int status = 0;
    {
        Line line(ends[1]);
        try {
            body(line);
        } catch (const std::exception& e) {
            std::fprintf(stderr, "child process: %s\n", e.what());
            status = 1;
        }
    }
    if (testing::Test::HasFailure()) status = 1;
    std::fflush(nullptr);
    _exit(status);
}

Child::~Child() {
    if (pid_ > 0) kill();
}

void Child::kill() {
    ::kill(pid_, SIGKILL);
    join();
}

int Child::join() {
    int status = 0;
    while (waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
    }
    pid_ = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

// --- Neighbour
// ------------------------------------------------------------------------------------------------------------

namespace {
constexpr uint64_t kReport = 1, kStop = 2;
// A computation takes a few milliseconds of device time: long enough that every attack falls into
// one.
constexpr uint32_t kBlocks = 4, kThreads = 64, kRounds = 400, kWords = kBlocks * kThreads;
} // namespace

Neighbour::Neighbour(unsigned index) : child_([index](Line& line) { body(line, index); }) {
    if (!child_.line().receive(2 * kPatience)) throw Failure("the neighbour did not start", ETIME);
}

void Neighbour::body(Line& line, unsigned index) {
    Client client(index);
    const Code code = client.code(kLongComputation);
    Buffer out = client.allocate(kWords * 4, DRM_ACC_BO_SYSTEM);
    std::vector<uint32_t> expected(kWords);
    for (uint32_t i = 0; i < kWords; i++)
        expected[i] = long_computation(i, kRounds);
    Report report;
    uint64_t last = 0;
    for (;;) {
        std::memset(out.at(), 0, kWords * 4);
        if (client.launch(code, {out.va, kRounds}, kBlocks, kThreads) != 0) {
            // Once its own queue is lost there is nothing more to compute.
            report.failed_waits++;
            pause_ms(1);
        }
        const uint64_t now = now_ns();
        for (uint32_t i = 0; i < kWords; i++)
            report.wrong_words += out.at()[i] != expected[i];
        if (last == 0)
            line.send(0);
        else
            report.longest_gap_ns = std::max(report.longest_gap_ns, now - last);
        last = now;
        report.completions++;
        if (!line.pending()) continue;
        const auto command = line.receive();
        if (!command) return;
        for (uint64_t v :
             {report.completions, report.wrong_words, report.failed_waits, report.longest_gap_ns})
            line.send(v);
        if (*command == kStop) return;
        report = {};
        // The time it takes to talk is not the device's.
        last = now_ns();
    }
}

Neighbour::Report Neighbour::ask(uint64_t command) {
    child_.line().send(command);
    Report r;
    for (uint64_t* field : {&r.completions, &r.wrong_words, &r.failed_waits, &r.longest_gap_ns}) {
        const auto value = child_.line().receive(2 * kPatience);
        if (!value) throw Failure("the neighbour does not answer", ETIME);
        *field = *value;
    }
    return r;
}

Neighbour::Report Neighbour::report() {
    return ask(kReport);
}

Neighbour::Report Neighbour::stop() {
    Report r = ask(kStop);
    EXPECT_EQ(child_.join(), 0);
    return r;
}

void Neighbour::expect_goes_on() {
    for (int i = 0; i < 3; i++) // each report waits for one computation, at most its patience
        expect_unharmed(report());
}

void Neighbour::expect_unharmed(const Report& report) {
    std::printf("neighbour: %llu computations, at most %.1f ms apart\n",
                static_cast<unsigned long long>(report.completions),
                static_cast<double>(report.longest_gap_ns) / 1e6);
    EXPECT_GT(report.completions, 0u);
    EXPECT_EQ(report.wrong_words, 0u);
    EXPECT_EQ(report.failed_waits, 0u);
}

} // namespace acc::kmd
