// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "common/disk_cache/disk_cache.h"

#include <llvm/Support/BLAKE3.h>

#include <dirent.h>
#include <fcntl.h>
#include <sys/auxv.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <string_view>

namespace acc {
namespace {

constexpr uint64_t kDefaultLimit = 256 << 20, kGreatestLimit = uint64_t{4} << 30;
constexpr uint64_t kMostBytes = 64 << 20; ///< of an entry
constexpr std::string_view kSuffix = ".entry", kNewPrefix = "new-";
constexpr time_t kFresh = 600; ///< seconds: so old may a new file be that is being written, and an
                               ///< entry before its use is noted again

struct Header {
    char magic[8];
    DiskCache::Key key, checksum; ///< of key, bytes and content
    uint64_t bytes;               ///< of the content, which follows
};
constexpr char kMagic[8] = {'A', 'C', 'C', 'D', 'I', 'S', 'K', '1'};

class Descriptor {
  public:
    explicit Descriptor(int fd) : fd_(fd) {}
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor() {
        if (fd_ >= 0) close(fd_);
    }
    int get() const { return fd_; }
    explicit operator bool() const { return fd_ >= 0; }

  private:
    int fd_;
};

/// Nobody but this user (and root) can have written it.
bool is_own(int fd, mode_t kind, struct stat& state) {
    return fstat(fd, &state) == 0 && (state.st_mode & S_IFMT) == kind &&
           state.st_uid == geteuid() && !(state.st_mode & (S_IWGRP | S_IWOTH));
}

/// With all above it.
void make_folder(const std::string& path) {
    for (size_t slash = path.find('/', 1); slash != std::string::npos;
         slash = path.find('/', slash + 1))
        mkdir(path.substr(0, slash).c_str(), 0700);
    mkdir(path.c_str(), 0700);
}

/// Opened anew each time: a program may close all descriptors that it does not know.
int open_folder(const std::string& path) {
    const int fd = open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    struct stat state;
    if (fd < 0 || is_own(fd, S_IFDIR, state)) return fd;
    close(fd);
    return -1;
}

std::string name_of(const DiskCache::Key& key) {
    std::string name;
    for (uint8_t byte : key)
        for (unsigned digit : {byte >> 4, byte & 15})
            name += "0123456789abcdef"[digit];
    return name.append(kSuffix);
}

int open_entry(int folder, const DiskCache::Key& key) {
    return openat(folder, name_of(key).c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
}

bool read_all(int fd, void* to, size_t bytes) {
    auto* at = static_cast<char*>(to);
    while (bytes) {
        const ssize_t n = ::read(fd, at, bytes);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return false;
        at += n;
        bytes -= static_cast<size_t>(n);
    }
    return true;
}

bool write_all(int fd, const void* from, size_t bytes) {
    const auto* at = static_cast<const char*>(from);
    while (bytes) {
        const ssize_t n = ::write(fd, at, bytes);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return false;
        at += n;
        bytes -= static_cast<size_t>(n);
    }
    return true;
}

DiskCache::Key checksum(const DiskCache::Key& key, DiskCache::Bytes content) {
    const uint64_t bytes = content.size();
    llvm::BLAKE3 hasher;
    hasher.update({key.data(), key.size()});
    hasher.update({reinterpret_cast<const uint8_t*>(&bytes), sizeof(bytes)});
    hasher.update({content.data(), content.size()});
    return hasher.final<32>();
}

/// Writing more than the process may would be a signal.
bool may_write(uint64_t bytes) {
    struct rlimit most;
    return getrlimit(RLIMIT_FSIZE, &most) == 0 &&
           (most.rlim_cur == RLIM_INFINITY || bytes <= most.rlim_cur);
}

const char* variable(const char* name) {
    const char* value = std::getenv(name);
    return value && *value ? value : nullptr;
}

std::string folder_from_environment(const DiskCache::Place& place) {
    if (const char* own = variable(place.variable)) return std::strcmp(own, "off") == 0 ? "" : own;
    const char* disabled = variable("CUDA_CACHE_DISABLE");
    if (disabled && std::strcmp(disabled, "0") != 0) return "";
    const std::string folder = place.folder;
    if (const char* path = variable("CUDA_CACHE_PATH")) return path + ("/acc-" + folder);
    const char *cache = variable("XDG_CACHE_HOME"), *home = variable("HOME");
    if (cache && *cache == '/') return cache + ("/acc/" + folder);
    return home && *home == '/' ? home + ("/.cache/acc/" + folder) : "";
}

uint64_t limit_from_environment() {
    const char* text = variable("CUDA_CACHE_MAXSIZE");
    uint64_t limit = kDefaultLimit;
    if (text) std::from_chars(text, text + std::strlen(text), limit);
    return std::min(limit, kGreatestLimit);
}

} // namespace

DiskCache::Key DiskCache::hash(Bytes bytes) {
    return llvm::BLAKE3::hash<32>({bytes.data(), bytes.size()});
}

std::optional<DiskCache> DiskCache::from_environment(const Place& place) {
    if (getauxval(AT_SECURE)) return std::nullopt;
    const std::string folder = folder_from_environment(place);
    if (folder.empty()) return std::nullopt;
    return DiskCache(folder, limit_from_environment());
}

bool DiskCache::contains(const Key& key) const {
    const Descriptor folder(open_folder(folder_));
    return folder && Descriptor(open_entry(folder.get(), key));
}

std::optional<std::vector<uint8_t>> DiskCache::load(const Key& key) const {
    const Descriptor folder(open_folder(folder_));
    if (!folder) return std::nullopt;
    const Descriptor file(open_entry(folder.get(), key));
    struct stat state;
    if (!file || !is_own(file.get(), S_IFREG, state)) return std::nullopt;
    const auto size = static_cast<uint64_t>(state.st_size);
    Header header;
    if (size < sizeof(header) || size - sizeof(header) > kMostBytes ||
        !read_all(file.get(), &header, sizeof(header)) ||
        std::memcmp(header.magic, kMagic, sizeof(kMagic)) != 0 || header.key != key ||
        header.bytes != size - sizeof(header))
        return std::nullopt;
    std::vector<uint8_t> content(header.bytes);
    if (!read_all(file.get(), content.data(), content.size()) ||
        checksum(key, content) != header.checksum)
        return std::nullopt;
    // Its time says when it was last used: the longest unused go first.
    if (time(nullptr) - state.st_mtime > kFresh) futimens(file.get(), nullptr);
    return content;
}

void DiskCache::store(const Key& key, Bytes content) const {
    const uint64_t bytes = sizeof(Header) + content.size();
    if (content.size() > kMostBytes || bytes > limit_ || !may_write(bytes)) return;
    if (access(folder_.c_str(), F_OK) != 0) make_folder(folder_);
    const Descriptor folder(open_folder(folder_));
    uint64_t number = 0;
    if (!folder || getrandom(&number, sizeof(number), GRND_NONBLOCK) != sizeof(number)) return;
    // Others see the whole file, or none.
    const std::string fresh = std::string(kNewPrefix) + std::to_string(number);
    const Descriptor file(openat(folder.get(), fresh.c_str(),
                                 O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
    if (!file) return;
    Header header{};
    std::memcpy(header.magic, kMagic, sizeof(kMagic));
    header.key = key;
    header.checksum = checksum(key, content);
    header.bytes = content.size();
    if (!write_all(file.get(), &header, sizeof(header)) ||
        !write_all(file.get(), content.data(), content.size()) ||
        renameat(folder.get(), fresh.c_str(), folder.get(), name_of(key).c_str()) != 0)
        unlinkat(folder.get(), fresh.c_str(), 0);
    evict(folder.get());
}

/// Removes the entries that have been unused for longest when there are too many, and what
/// processes have left that ended while they wrote.
void DiskCache::evict(int folder) const {
    struct Entry {
        time_t used;
        uint64_t bytes;
        std::string name;
    };
    std::vector<Entry> entries;
    uint64_t sum = 0;
    const int copy = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR* list = copy < 0 ? nullptr : fdopendir(copy);
    if (!list) {
        if (copy >= 0) close(copy);
        return;
    }
    while (const dirent* at = readdir(list)) {
        const std::string_view name = at->d_name;
        struct stat state;
        if (fstatat(folder, at->d_name, &state, AT_SYMLINK_NOFOLLOW) != 0 ||
            !S_ISREG(state.st_mode))
            continue;
        if (name.ends_with(kSuffix)) {
            entries.push_back(
                {state.st_mtime, static_cast<uint64_t>(state.st_size), std::string(name)});
            sum += entries.back().bytes;
        } else if (name.starts_with(kNewPrefix) && time(nullptr) - state.st_mtime > kFresh) {
            unlinkat(folder, at->d_name, 0);
        }
    }
    closedir(list);
    if (sum <= limit_) return;
    std::sort(entries.begin(), entries.end(),
              [](const Entry& x, const Entry& y) { return x.used < y.used; });
    // Some more than must be, so that not each new one finds the same.
    const uint64_t wanted = limit_ - limit_ / 8;
    for (const Entry& entry : entries) {
        if (sum <= wanted) break;
        if (unlinkat(folder, entry.name.c_str(), 0) == 0) sum -= entry.bytes;
    }
}

} // namespace acc
