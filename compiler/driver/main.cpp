// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// accc, also installed as nvcc: the command around the library. What belongs to a process is here:
// its streams, its environment, its signals.
#include "compiler/driver/Driver.h"
#include "compiler/driver/Rtc.h"

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <thread>
#include <unistd.h>

using namespace acc::driver;

namespace {

/// The signals that ask accc to end; without those that its parent ignores (nohup).
sigset_t ending_signals() {
    sigset_t set;
    sigemptyset(&set);
    for (int signal : {SIGINT, SIGTERM, SIGHUP, SIGQUIT}) {
        struct sigaction action;
        if (sigaction(signal, nullptr, &action) == 0 && action.sa_handler != SIG_IGN)
            sigaddset(&set, signal);
    }
    return set;
}

/// Ends the jobs of the run when a signal comes, and then the process, by that signal, as if nobody
/// had caught it.
void wait_for_signal(sigset_t set, RunningJobs& jobs) {
    int signal = 0;
    if (sigwait(&set, &signal) != 0) return;
    jobs.cancel();
    std::signal(signal, SIG_DFL);
    pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
    kill(getpid(), signal);
}

bool wants_colour() {
    const char* off = getenv("NO_COLOR");
    const char* terminal = getenv("TERM");
    return isatty(STDERR_FILENO) && !(off && *off) &&
           !(terminal && std::string_view(terminal) == "dumb");
}

bool is_called(const char* program, std::string_view name) {
    const std::string_view path = program ? program : "";
    return path.substr(path.rfind('/') + 1) == name;
}

} // namespace

int main(int argc, char** argv) {
    if (is_called(argv[0], kRtcName)) return serve_rtc(argv[0], STDIN_FILENO, STDOUT_FILENO);
    auto& jobs = *new RunningJobs; // the thread below may outlive main()
    const sigset_t set = ending_signals();
    pthread_sigmask(SIG_BLOCK, &set, nullptr); // before any thread is there
    std::thread(wait_for_signal, set, std::ref(jobs)).detach();

    CommandHost host{Environment::of_process(),
                     [](const Diagnostic& diagnostic) { fputs(diagnostic.text.c_str(), stderr); },
                     [](const std::string& text) { fputs(text.c_str(), stdout); }, jobs,
                     wants_colour()};
    int status = run_command(std::vector<std::string>(argv, argv + argc), host);
    while (jobs.cancelled()) // the signal's thread ends the process
        pause();
    return status;
}
