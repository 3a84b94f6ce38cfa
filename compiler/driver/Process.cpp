// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/driver/Process.h"

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>

namespace acc::driver {
namespace {

bool needs_quotes(const std::string& word) {
    static const char plain[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+=./:,@%^";
    return word.empty() || word.find_first_not_of(plain) != std::string::npos;
}

std::string read_all(int file) {
    std::string text;
    char buffer[4096];
    lseek(file, 0, SEEK_SET);
    for (ssize_t n; (n = read(file, buffer, sizeof buffer)) > 0;)
        text.append(buffer, size_t(n));
    return text;
}

} // namespace

std::string shell_text(const Command& command) {
    std::string line;
    for (const std::string& word : command) {
        if (!line.empty()) line += ' ';
        if (!needs_quotes(word)) {
            line += word;
            continue;
        }
        line += '"';
        for (char c : word) {
            if (c == '"' || c == '\\' || c == '$' || c == '`') line += '\\';
            line += c;
        }
        line += '"';
    }
    return line;
}

Process::Process(const Command& command, const Environment& environment, RunningJobs& jobs,
                 bool capture)
    : jobs_(jobs) {
    std::vector<char*> argv;
    for (const std::string& word : command)
        argv.push_back(const_cast<char*>(word.c_str()));
    argv.push_back(nullptr);

    if (capture) error_file_ = memfd_create("accc-errors", MFD_CLOEXEC);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    if (error_file_ >= 0) posix_spawn_file_actions_adddup2(&actions, error_file_, STDERR_FILENO);
    // The program that uses this library may have blocked signals; its children have not.
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    sigset_t none;
    sigemptyset(&none);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
    int error = ECANCELED;
    pid_ = jobs_.start([&] {
        int pid = -1;
        error = posix_spawnp(&pid, argv[0], &actions, &attributes, argv.data(),
                             environment.pointers().data());
        return error == 0 ? pid : -1;
    });
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    if (pid_ < 0) errors_ = std::string(argv[0]) + ": error: " + strerror(error) + "\n";
}

Process::~Process() {
    wait();
    if (error_file_ >= 0) close(error_file_);
}

int Process::wait() {
    if (pid_ < 0) return status_;
    int raw = jobs_.wait_for(pid_);
    pid_ = -1;
    status_ = WIFEXITED(raw) ? WEXITSTATUS(raw) : 128 + WTERMSIG(raw);
    if (error_file_ >= 0) errors_ += read_all(error_file_);
    return status_;
}

WorkDirectory::WorkDirectory(const std::string& keep_in, const Environment& environment,
                             RunningJobs& jobs)
    : jobs_(jobs) {
    if (!keep_in.empty()) {
        std::filesystem::create_directories(keep_in);
        directory_ = keep_in;
        return;
    }
    const char* base = environment.get("TMPDIR");
    std::string name = std::string(base && *base ? base : "/tmp") + "/accc-XXXXXX";
    if (!mkdtemp(name.data()))
        throw std::system_error(errno, std::generic_category(),
                                "cannot make a temporary directory like " + name);
    directory_ = name;
    remove_ = true;
    jobs_.add_directory(directory_);
}

WorkDirectory::~WorkDirectory() {
    if (!remove_) return;
    std::error_code ignored;
    std::filesystem::remove_all(directory_, ignored);
    jobs_.remove_directory(directory_);
}

std::string WorkDirectory::file(const std::string& source, unsigned index,
                                const std::string& ending) const {
    std::string stem = std::filesystem::path(source).stem().string();
    if (index > 0) stem += "-" + std::to_string(index);
    return directory_ + "/" + stem + ending;
}

} // namespace acc::driver
