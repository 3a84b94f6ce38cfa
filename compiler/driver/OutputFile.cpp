// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/driver/OutputFile.h"

#include "compiler/driver/RunningJobs.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <unistd.h>
#include <vector>

namespace fs = std::filesystem;

namespace acc::driver {
namespace {

bool is_regular_or_absent(const std::string& path) {
    std::error_code ignored;
    fs::file_status status = fs::status(path, ignored);
    return !fs::exists(status) || fs::is_regular_file(status);
}

/// Writes the contents of a file to something that exists.
std::string pour(const std::string& from, const std::string& to) {
    int in = open(from.c_str(), O_RDONLY | O_CLOEXEC);
    int out = open(to.c_str(), O_WRONLY | O_TRUNC | O_CLOEXEC);
    std::vector<char> buffer(1 << 16);
    bool ok = in >= 0 && out >= 0;
    for (ssize_t n; ok && (n = read(in, buffer.data(), buffer.size())) != 0;) {
        ok = n > 0;
        for (ssize_t done = 0; ok && done < n;) {
            ssize_t written = write(out, buffer.data() + done, size_t(n - done));
            ok = written > 0;
            done += written;
        }
    }
    std::string error = ok ? "" : "cannot write " + to + ": " + strerror(errno);
    if (in >= 0) close(in);
    if (out >= 0 && close(out) != 0 && ok) error = "cannot write " + to + ": " + strerror(errno);
    return error;
}

} // namespace

void remove_regular_file(const std::string& path) {
    std::error_code ignored;
    if (!fs::is_regular_file(fs::status(path, ignored))) return;
    fs::remove(path, ignored);
}

OutputFile::OutputFile(const std::string& path, const std::string& spare, RunningJobs& jobs)
    : name_(path), spare_(spare), jobs_(jobs), in_place_(is_regular_or_absent(path)) {
    if (in_place_) jobs_.add_output(name_);
}

OutputFile::~OutputFile() {
    if (!in_place_) return;
    jobs_.remove_output(name_);
    if (!complete_) remove_regular_file(name_);
}

std::string OutputFile::commit() {
    std::string error = in_place_ ? std::string() : pour(spare_, name_);
    complete_ = error.empty();
    return error;
}

} // namespace acc::driver
