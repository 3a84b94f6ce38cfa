// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A compilation in a process of its own (compiler/interface/acc_rtc.h): whatever a source does to
// the compiler, this process only reads that it ended.
#include <dlfcn.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <optional>

#include "compiler/interface/acc_compiler.h"
#include "compiler/interface/acc_rtc.h"
#include "runtime/nvrtc/program.h"

extern char** environ;

namespace acc::nvrtc {
namespace {

/// How often somebody who may cancel is asked.
constexpr int kCallbackMilliseconds = 20;

class Descriptor {
  public:
    explicit Descriptor(int fd) : fd_(fd) {}
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor() { reset(); }
    int get() const { return fd_; }
    void reset() {
        if (fd_ >= 0) close(fd_);
        fd_ = -1;
    }

  private:
    int fd_;
};

// ---- where the compiler is

/// The folder of a file with a slash; "" without one.
std::string folder_of(const std::string& file) {
    const size_t slash = file.rfind('/');
    return slash == std::string::npos ? "" : file.substr(0, slash + 1);
}

/// The folder of the library or program that a function is in.
std::string folder_of(void* function) {
    Dl_info info{};
    if (dladdr(function, &info) == 0 || !info.dli_fname) return {};
    char* real = realpath(info.dli_fname, nullptr);
    const std::string folder = folder_of(std::string(real ? real : info.dli_fname));
    free(real);
    return folder;
}

/// "" when there is none beside this lib64. Without a folder, as for a program that was found by
/// its bare name, it would be one of whoever the current folder belongs to.
std::string program_beside(const std::string& folder) {
    if (folder.empty()) return {};
    const std::string program = folder + "../bin/" ACC_RTC_PROGRAM;
    return access(program.c_str(), X_OK) == 0 ? program : std::string();
}

/// "" when there is none. In a program with the static archive the shared library, which its run
/// path leads to, tells where the toolkit is.
std::string compiler_program() {
    if (const char* compiler = std::getenv("ACC_COMPILER"))
        return program_beside(folder_of(std::string(compiler)));
    std::string found = program_beside(folder_of(reinterpret_cast<void*>(&program_beside)));
    if (!found.empty()) return found;
    if (void* library = dlopen("libnvrtc.so.12", RTLD_NOW | RTLD_LOCAL)) {
        if (void* function = dlsym(library, "nvrtcVersion"))
            found = program_beside(folder_of(function));
        dlclose(library);
    }
    return found;
}

// ---- records

void add_record(std::string& to, uint32_t kind, const void* data, size_t bytes) {
    const acc_rtc_record record{kind, 0, bytes};
    to.append(reinterpret_cast<const char*>(&record), sizeof(record));
    to.append(static_cast<const char*>(data), bytes);
}

void add_record(std::string& to, uint32_t kind, const std::string& text) {
    add_record(to, kind, text.data(), text.size());
}

std::string request_of(const Program& program, const std::vector<std::string>& options) {
    std::string bytes;
    const uint32_t version = ACC_RTC_VERSION;
    add_record(bytes, ACC_RTC_VERSION_RECORD, &version, sizeof(version));
    add_record(bytes, ACC_RTC_NAME, program.name);
    add_record(bytes, ACC_RTC_TEXT, program.text);
    for (const Header& header : program.headers) {
        add_record(bytes, ACC_RTC_HEADER_NAME, header.name);
        add_record(bytes, ACC_RTC_HEADER_TEXT, header.text);
    }
    for (const std::string& option : options)
        add_record(bytes, ACC_RTC_OPTION, option);
    for (const std::string& expression : program.expressions)
        add_record(bytes, ACC_RTC_EXPRESSION, expression);
    return bytes;
}

nvrtcResult status_of(const std::string& number) {
    uint32_t status = ACC_RTC_BROKEN;
    if (number.size() == sizeof(status)) std::memcpy(&status, number.data(), sizeof(status));
    switch (status) {
    case ACC_RTC_OK: return NVRTC_SUCCESS;
    case ACC_RTC_INVALID_OPTION: return NVRTC_ERROR_INVALID_OPTION;
    case ACC_RTC_COMPILATION: return NVRTC_ERROR_COMPILATION;
    default: return NVRTC_ERROR_INTERNAL_ERROR;
    }
}

/// False when it is not a whole reply.
bool read_reply(const std::string& bytes, Result& result) {
    for (size_t at = 0; bytes.size() - at >= sizeof(acc_rtc_record);) {
        acc_rtc_record record;
        std::memcpy(&record, bytes.data() + at, sizeof(record));
        at += sizeof(record);
        if (record.bytes > bytes.size() - at) return false;
        std::string text = bytes.substr(at, record.bytes);
        at += record.bytes;
        switch (record.kind) {
        case ACC_RTC_STATUS: result.status = status_of(text); break;
        case ACC_RTC_LOG: result.log = std::move(text); break;
        case ACC_RTC_PTX: result.ptx = std::move(text); break;
        case ACC_RTC_CODE: result.code = std::move(text); break;
        case ACC_RTC_IR: result.ir = std::move(text); break;
        case ACC_RTC_LOWERED_NAME: result.lowered.push_back(std::move(text)); break;
        case ACC_RTC_END: return at == bytes.size();
        default: break;
        }
    }
    return false;
}

// ---- the process

/// -1 when it cannot be started. No signal is blocked in it or ignored.
pid_t start(const std::string& program, int socket) {
    posix_spawn_file_actions_t files;
    posix_spawnattr_t attributes;
    posix_spawn_file_actions_init(&files);
    posix_spawnattr_init(&attributes);
    posix_spawn_file_actions_adddup2(&files, socket, STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&files, socket, STDOUT_FILENO);
    sigset_t none, usual;
    sigemptyset(&none);
    sigfillset(&usual);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &usual);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    const char* arguments[] = {program.c_str(), nullptr};
    pid_t pid = -1;
    if (posix_spawn(&pid, program.c_str(), &files, &attributes, const_cast<char**>(arguments),
                    environ) != 0)
        pid = -1;
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&files);
    return pid;
}

/// A compiler that ended early does not end this process: no SIGPIPE.
void send_all(int socket, const std::string& bytes) {
    for (size_t at = 0; at < bytes.size();) {
        const ssize_t n = send(socket, bytes.data() + at, bytes.size() - at, MSG_NOSIGNAL);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) break;
        at += static_cast<size_t>(n);
    }
    shutdown(socket, SHUT_WR);
}

/// Nothing: somebody cancelled.
std::optional<std::string> receive_all(int socket, const FlowCallback& flow) {
    std::string all;
    char part[65536];
    for (;;) {
        if (flow.function) {
            if (flow.function(flow.payload, nullptr) == 1) return std::nullopt;
            pollfd wait{socket, POLLIN, 0};
            if (poll(&wait, 1, kCallbackMilliseconds) == 0) continue;
        }
        const ssize_t n = recv(socket, part, sizeof(part), 0);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return all;
        all.append(part, static_cast<size_t>(n));
    }
}

/// How the process ended, for people. A program may collect all its children itself: then nobody
/// knows.
std::string end_of(pid_t pid) {
    int status = 0;
    pid_t done;
    while ((done = waitpid(pid, &status, 0)) < 0 && errno == EINTR) {
    }
    if (done < 0) return "ended";
    if (WIFSIGNALED(status)) return "was ended by signal " + std::to_string(WTERMSIG(status));
    return "ended with status " + std::to_string(WEXITSTATUS(status));
}

Result failed(nvrtcResult status, const std::string& why) {
    Result result;
    result.status = status;
    result.log = "nvrtc: error: " + why + "\n";
    return result;
}

} // namespace

Result compile(const Program& program, const std::vector<std::string>& options) {
    const std::string compiler = compiler_program();
    if (compiler.empty())
        return failed(NVRTC_ERROR_INTERNAL_ERROR,
                      "the compiler was not found: bin/" ACC_RTC_PROGRAM
                      " of the toolkit; ACC_COMPILER can name lib64/" ACC_COMPILER_LIBRARY
                      " of one");
    int sockets[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets) != 0)
        return failed(NVRTC_ERROR_OUT_OF_MEMORY, "no socket can be made");
    Descriptor own(sockets[0]), theirs(sockets[1]);
    const pid_t pid = start(compiler, theirs.get());
    if (pid < 0) return failed(NVRTC_ERROR_INTERNAL_ERROR, compiler + " cannot be started");
    theirs.reset();
    send_all(own.get(), request_of(program, options));
    const std::optional<std::string> reply = receive_all(own.get(), program.flow);
    if (!reply) kill(pid, SIGTERM);
    own.reset();
    const std::string end = end_of(pid);
    if (!reply) return failed(NVRTC_ERROR_CANCELLED, "cancelled");
    Result result;
    if (read_reply(*reply, result)) return result;
    return failed(NVRTC_ERROR_INTERNAL_ERROR, "the compiler " + end + " before it was finished");
}

} // namespace acc::nvrtc
