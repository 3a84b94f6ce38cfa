// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "driver/accd/src/supervisor.h"

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "driver/accd/src/device_process.h"
#include "driver/accd/src/log.h"
#include "driver/accd/src/unique_fd.h"

namespace acc::accd {

namespace {

constexpr int kOwnFailure = 125;

struct Pair {
    UniqueFd ours, theirs; ///< the device process's end, the other's
};

bool make_pair(Pair& out) {
    int fds[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) != 0) return false;
    out.ours = UniqueFd(fds[0]);
    out.theirs = UniqueFd(fds[1]);
    return true;
}

/// The signals that the supervisor waits for instead of dying from.
sigset_t waited_signals() {
    sigset_t set;
    sigemptyset(&set);
    for (int s : {SIGCHLD, SIGTERM, SIGHUP, SIGINT})
        sigaddset(&set, s);
    return set;
}

/// In a child: dies with the supervisor.
void become_child(pid_t supervisor) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != supervisor) _exit(kOwnFailure); // it died before the line above
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, nullptr);
}

/// Receives the files that back VRAM; false when the device process gave up.
bool receive_files(int control, std::vector<UniqueFd>& files) {
    char byte;
    iovec part{&byte, 1};
    alignas(cmsghdr) char space[CMSG_SPACE(sizeof(int) * kMaxDevices)];
    msghdr message{};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    message.msg_control = space;
    message.msg_controllen = sizeof space;
    ssize_t n;
    do
        n = recvmsg(control, &message, MSG_CMSG_CLOEXEC);
    while (n < 0 && errno == EINTR);
    cmsghdr* header = n == 1 ? CMSG_FIRSTHDR(&message) : nullptr;
    if (!header) return false;
    for (size_t i = 0; i < (header->cmsg_len - CMSG_LEN(0)) / sizeof(int); i++) {
        int fd;
        std::memcpy(&fd, CMSG_DATA(header) + i * sizeof fd, sizeof fd);
        files.emplace_back(fd);
    }
    return true;
}

[[noreturn]] void exec_qemu(const Options& options, const std::vector<Pair>& pairs,
                            const std::vector<UniqueFd>& files, const Pair& qtest) {
    std::vector<int> connections, vram;
    for (const Pair& pair : pairs)
        connections.push_back(pair.theirs.get());
    for (const UniqueFd& file : files)
        vram.push_back(file.get());
    for (const std::vector<int>& list : {connections, vram, {qtest.theirs.get()}})
        for (int fd : list)
            fcntl(fd, F_SETFD, 0); // inherited
    std::vector<std::string> texts = qemu_arguments(options, connections, vram, qtest.theirs.get());
    std::vector<char*> argv;
    for (std::string& text : texts)
        argv.push_back(text.data());
    argv.push_back(nullptr);
    execvp(argv[0], argv.data());
    log("%s cannot be started: %s", argv[0], std::strerror(errno));
    _exit(kOwnFailure);
}

int exit_status(int status) {
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

/// Waits until QEMU has ended, passing on signals that ask us to end. Returns our exit status.
int wait_for_qemu(pid_t qemu, pid_t& devices) {
    const sigset_t set = waited_signals();
    int asked = 0;
    for (;;) {
        int status;
        pid_t pid;
        while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
            if (pid == qemu) return asked ? 128 + asked : exit_status(status);
            if (pid == devices) {
                log("the device process has ended (status %d); the guest sees no device any more",
                    exit_status(status));
                devices = -1;
            }
        }
        int signal = sigwaitinfo(&set, nullptr);
        if (signal != SIGTERM && signal != SIGHUP)
            continue; // the terminal's ^C reaches QEMU itself
        asked = signal;
        kill(qemu, SIGTERM);
    }
}

/// The device process ends by itself when its connections have; one that does not is killed.
void end_devices(pid_t devices) {
    const sigset_t set = waited_signals();
    for (int i = 0; i < 20 && devices > 0; i++) {
        if (waitpid(devices, nullptr, WNOHANG) == devices) return;
        const timespec pause{0, 100'000'000};
        sigtimedwait(&set, nullptr, &pause);
    }
    if (devices <= 0) return;
    kill(devices, SIGKILL);
    waitpid(devices, nullptr, 0);
}

bool write_pid_file(const std::string& path, pid_t pid) {
    FILE* file = std::fopen(path.c_str(), "w");
    if (!file) return false;
    std::fprintf(file, "%d\n", static_cast<int>(pid));
    return std::fclose(file) == 0;
}

} // namespace

std::vector<std::string> qemu_arguments(const Options& options, const std::vector<int>& connections,
                                        const std::vector<int>& vram, int qtest) {
    const std::string ram = std::to_string(options.ram_mib) + "M";
    std::vector<std::string> out = {options.qemu.front()};
    // Multi-threaded TCG lets one vCPU's access arrive while QEMU has dropped its lock within
    // another's, and discards it.
    out.insert(out.end(), {"-accel", "tcg,thread=single", "-m", ram});
    // The device maps the guest's memory, so it must be a file.
    out.insert(out.end(), {"-object", "memory-backend-memfd,id=accd-ram,share=on,size=" + ram,
                           "-machine", "pc,memory-backend=accd-ram"});
    // QEMU looks its qtest character device up by this very name.
    out.insert(out.end(), {"-chardev", "socket,id=qtest,fd=" + std::to_string(qtest), "-qtest",
                           "chardev:qtest", "-qtest-log", "none"});
    for (size_t i = 0; i < connections.size(); i++) {
        const std::string slot = std::to_string(options.slot + i),
                          id = "accd-vram" + std::to_string(i);
        out.insert(out.end(), {"-object",
                               "memory-backend-file,id=" + id +
                                   ",share=on,size=" + std::to_string(options.vram_mib) +
                                   "M,mem-path=/proc/self/fd/" + std::to_string(vram[i]),
                               "-device",
                               "x-pci-proxy-dev,fd=" + std::to_string(connections[i]) +
                                   ",addr=" + slot + ".0,multifunction=on",
                               "-device", "ivshmem-plain,memdev=" + id + ",addr=" + slot + ".1"});
    }
    out.insert(out.end(), options.qemu.begin() + 1, options.qemu.end());
    return out;
}

int supervise(const Options& options) {
    std::vector<Pair> pairs(options.devices);
    Pair control, qtest;
    bool made = make_pair(control) && make_pair(qtest);
    for (Pair& pair : pairs)
        made = made && make_pair(pair);
    if (!made) {
        log("no sockets: %s", std::strerror(errno));
        return kOwnFailure;
    }
    const sigset_t set = waited_signals();
    sigprocmask(SIG_BLOCK, &set, nullptr);
    const pid_t self = getpid();

    pid_t devices = fork();
    if (devices == 0) {
        become_child(self);
        signal(SIGINT, SIG_IGN); // the terminal's ^C is for QEMU
        std::vector<UniqueFd> ours;
        for (Pair& pair : pairs) {
            ours.push_back(std::move(pair.ours));
            pair.theirs.reset();
        }
        control.theirs.reset();
        qtest.theirs.reset();
        int status = run_devices(options, std::move(control.ours), std::move(ours),
                                 std::move(qtest.ours));
        std::fflush(nullptr);
        _exit(status);
    }
    control.ours.reset();
    qtest.ours.reset();
    for (Pair& pair : pairs)
        pair.ours.reset();
    std::vector<UniqueFd> files;
    if (devices < 0 || !receive_files(control.theirs.get(), files)) {
        if (devices < 0) log("no process: %s", std::strerror(errno));
        end_devices(devices);
        return kOwnFailure;
    }
    if (!options.pid_file.empty() && !write_pid_file(options.pid_file, devices)) {
        log("%s cannot be written: %s", options.pid_file.c_str(), std::strerror(errno));
        pairs.clear();
        end_devices(devices);
        return kOwnFailure;
    }
    pid_t qemu = fork();
    if (qemu == 0) {
        become_child(self);
        exec_qemu(options, pairs, files, qtest);
    }
    pairs.clear(); // otherwise nobody would notice that QEMU has closed its ends
    files.clear();
    qtest.theirs.reset();
    int status = kOwnFailure;
    if (qemu > 0)
        status = wait_for_qemu(qemu, devices);
    else
        log("no process: %s", std::strerror(errno));
    end_devices(devices);
    return status;
}

} // namespace acc::accd
