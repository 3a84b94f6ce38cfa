// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the translator keeps on disk (common/disk_cache/disk_cache.h): given back as it was stored,
// or not at all; whatever is wrong with files, folders or the disk.
#include <dirent.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include "common/disk_cache/disk_cache.h"

namespace acc {
namespace {

namespace fs = std::filesystem;
using Content = std::vector<uint8_t>;

DiskCache::Key key(uint8_t n) {
    return DiskCache::hash({&n, 1});
}
Content content(size_t bytes, uint8_t seed = 1) {
    Content c(bytes);
    for (size_t i = 0; i < bytes; ++i)
        c[i] = static_cast<uint8_t>(i * 7 + seed);
    return c;
}

class Cache : public testing::Test {
  protected:
    Cache() {
        char name[] = "/tmp/acc-cache-test-XXXXXX";
        root = mkdtemp(name);
        folder = root / "some" / "where";
    }
    ~Cache() override { fs::remove_all(root); }

    DiskCache cache(uint64_t limit = 1 << 20) const { return {folder.string(), limit}; }
    std::vector<fs::path> files() const {
        std::vector<fs::path> all;
        if (fs::exists(folder))
            for (const auto& entry : fs::directory_iterator(folder))
                all.push_back(entry.path());
        return all;
    }
    /// The one file, of this content.
    fs::path store_one(const Content& c = content(100)) {
        cache().store(key(1), c);
        EXPECT_EQ(files().size(), 1u);
        return files().at(0);
    }
    static Content bytes_of(const fs::path& file) {
        std::ifstream in(file, std::ios::binary);
        return {std::istreambuf_iterator<char>(in), {}};
    }
    static void write(const fs::path& file, const Content& bytes) {
        std::ofstream(file, std::ios::binary)
            .write(reinterpret_cast<const char*>(bytes.data()),
                   static_cast<std::streamsize>(bytes.size()));
    }

    fs::path root, folder;
};

TEST_F(Cache, GivesBackWhatWasStored) {
    EXPECT_FALSE(cache().contains(key(1)));
    EXPECT_EQ(cache().load(key(1)), std::nullopt);
    cache().store(key(1), content(100));
    cache().store(key(2), content(0));
    EXPECT_TRUE(cache().contains(key(1)));
    EXPECT_EQ(cache().load(key(1)), content(100));
    EXPECT_EQ(cache().load(key(2)), content(0));
    EXPECT_EQ(cache().load(key(3)), std::nullopt);
    cache().store(key(1), content(50, 9));
    EXPECT_EQ(cache().load(key(1)), content(50, 9));
    EXPECT_EQ(files().size(), 2u);
}

TEST_F(Cache, IsForTheUserAlone) {
    const fs::path file = store_one();
    EXPECT_EQ(fs::status(file).permissions(), fs::perms::owner_read | fs::perms::owner_write);
    EXPECT_EQ(fs::status(folder).permissions(), fs::perms::owner_all);
}

TEST_F(Cache, NoticesDamageAtEveryByte) {
    const fs::path file = store_one();
    const Content good = bytes_of(file);
    for (size_t i = 0; i < good.size(); ++i)
        for (uint8_t flip : {1, 128, 255}) {
            Content bad = good;
            bad[i] ^= flip;
            write(file, bad);
            ASSERT_EQ(cache().load(key(1)), std::nullopt) << "byte " << i;
        }
    for (size_t n = 0; n < good.size(); ++n) {
        write(file, {good.begin(), good.begin() + static_cast<std::ptrdiff_t>(n)});
        ASSERT_EQ(cache().load(key(1)), std::nullopt) << n << " bytes";
    }
    Content longer = good;
    longer.push_back(0);
    write(file, longer);
    EXPECT_EQ(cache().load(key(1)), std::nullopt);
    cache().store(key(1), content(100)); // made anew
    EXPECT_EQ(cache().load(key(1)), content(100));
}

TEST_F(Cache, AnEntryUnderAnotherNameIsNone) {
    const fs::path file = store_one();
    cache().store(key(2), content(10));
    for (const fs::path& other : files())
        if (other != file) fs::copy_file(file, other, fs::copy_options::overwrite_existing);
    EXPECT_EQ(cache().load(key(2)), std::nullopt);
    EXPECT_NE(cache().load(key(1)), std::nullopt);
}

TEST_F(Cache, FilesThatOthersMayWriteAreNone) {
    const fs::path file = store_one();
    for (mode_t mode : {0620, 0602, 0666}) {
        chmod(file.c_str(), mode);
        EXPECT_EQ(cache().load(key(1)), std::nullopt) << mode;
    }
    chmod(file.c_str(), 0644);
    EXPECT_NE(cache().load(key(1)), std::nullopt);
}

TEST_F(Cache, FoldersThatOthersMayWriteAreNone) {
    store_one();
    for (mode_t mode : {0770, 0707, 01777}) {
        chmod(folder.c_str(), mode);
        EXPECT_EQ(cache().load(key(1)), std::nullopt) << mode;
        EXPECT_FALSE(cache().contains(key(1)));
        cache().store(key(2), content(10));
        EXPECT_EQ(files().size(), 1u);
    }
}

TEST_F(Cache, WhatAnotherUserOwnsIsNone) {
    if (geteuid() != 0) GTEST_SKIP() << "only root can give files away";
    const fs::path file = store_one();
    ASSERT_EQ(chown(file.c_str(), 12345, 12345), 0);
    EXPECT_EQ(cache().load(key(1)), std::nullopt);
    ASSERT_EQ(chown(file.c_str(), 0, 0), 0);
    EXPECT_NE(cache().load(key(1)), std::nullopt);
    ASSERT_EQ(chown(folder.c_str(), 12345, 12345), 0);
    EXPECT_EQ(cache().load(key(1)), std::nullopt);
    cache().store(key(2), content(10));
    EXPECT_EQ(files().size(), 1u);
}

TEST_F(Cache, LinksAndPipesAreNone) {
    const fs::path file = store_one();
    fs::rename(file, root / "moved");
    fs::create_symlink(root / "moved", file);
    EXPECT_EQ(cache().load(key(1)), std::nullopt);
    fs::remove(file);
    ASSERT_EQ(mkfifo(file.c_str(), 0600), 0); // nobody waits for a writer
    EXPECT_EQ(cache().load(key(1)), std::nullopt);
    fs::remove(file);
    fs::rename(root / "moved", file);
    fs::rename(folder, root / "elsewhere");
    fs::create_symlink(root / "elsewhere", folder);
    EXPECT_EQ(cache().load(key(1)), std::nullopt);
}

TEST_F(Cache, WithoutAFolderThereIsNothing) {
    for (const char* place : {"/dev/null/x", "/proc/self/x", ""}) {
        const DiskCache none(place, 1 << 20);
        none.store(key(1), content(10));
        EXPECT_EQ(none.load(key(1)), std::nullopt);
    }
}

TEST_F(Cache, ALimitOfTheProcessIsNoSignal) {
    store_one();
    const pid_t child = fork();
    if (child == 0) {
        const struct rlimit most{150, 150};
        setrlimit(RLIMIT_FSIZE, &most);
        cache().store(key(2), content(1000));
        _exit(cache().load(key(1)) && !cache().load(key(2)) ? 0 : 1);
    }
    int status = 0;
    waitpid(child, &status, 0);
    EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << status;
    EXPECT_EQ(files().size(), 1u);
}

/// In a child with file systems of its own: `disk` is mounted as the folder.
int with_disk(const fs::path& folder, const char* options, unsigned long flags,
              bool (*good)(const DiskCache&)) {
    fs::create_directories(folder);
    const pid_t child = fork();
    if (child == 0) {
        if (unshare(CLONE_NEWNS) != 0 && unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0) _exit(77);
        if (mount("", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 ||
            mount("tmpfs", folder.c_str(), "tmpfs", 0, options) != 0)
            _exit(77);
        DiskCache(folder.string(), 1 << 20).store(key(1), content(100));
        if (flags && mount("", folder.c_str(), nullptr, MS_REMOUNT | flags, nullptr) != 0)
            _exit(77);
        _exit(good({folder.string(), 1 << 20}) ? 0 : 1);
    }
    int status = 0;
    waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

TEST_F(Cache, AFullDiskKeepsWhatItHas) {
    const int code = with_disk(folder, "mode=700,size=12k", 0, [](const DiskCache& cache) {
        cache.store(key(2), content(100'000));
        size_t files = 0;
        for ([[maybe_unused]] const auto& entry : fs::directory_iterator(cache.folder()))
            ++files;
        return cache.load(key(1)) == content(100) && !cache.load(key(2)) && files == 1;
    });
    if (code == 77) GTEST_SKIP() << "no file system can be mounted here";
    EXPECT_EQ(code, 0);
}

TEST_F(Cache, AReadOnlyDiskCanBeRead) {
    const int code = with_disk(folder, "mode=700", MS_RDONLY, [](const DiskCache& cache) {
        cache.store(key(2), content(100));
        return cache.load(key(1)) == content(100) && !cache.load(key(2));
    });
    if (code == 77) GTEST_SKIP() << "no file system can be mounted here";
    EXPECT_EQ(code, 0);
}

/// Each entry is as one of the processes has stored it.
TEST_F(Cache, ProcessesShareIt) {
    constexpr uint8_t kProcesses = 4;
    std::vector<pid_t> children;
    for (uint8_t p = 0; p < kProcesses; ++p) {
        children.push_back(fork());
        if (children.back() != 0) continue;
        bool good = true;
        for (unsigned turn = 0; turn < 300; ++turn) {
            const uint8_t k = turn % 5;
            cache(40'000).store(key(k), content(10'000 + p, p)); // some are evicted
            const auto found = cache().load(key(static_cast<uint8_t>((k + 3) % 5)));
            good = good &&
                   (!found ||
                    *found == content(found->size(), static_cast<uint8_t>(found->size() - 10'000)));
        }
        _exit(good ? 0 : 1);
    }
    for (pid_t child : children) {
        int status = 0;
        waitpid(child, &status, 0);
        EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    }
    for (const fs::path& file : files())
        EXPECT_TRUE(file.filename().string().ends_with(".entry")) << file;
}

void set_age(const fs::path& file, time_t seconds) {
    const struct timespec then{time(nullptr) - seconds, 0}, times[] = {then, then};
    ASSERT_EQ(utimensat(AT_FDCWD, file.c_str(), times, 0), 0);
}

TEST_F(Cache, TheLongestUnusedGoFirst) {
    std::map<uint8_t, fs::path> file;
    for (uint8_t k = 0; k < 4; ++k) {
        const std::vector<fs::path> before = files();
        cache().store(key(k), content(1000));
        for (const fs::path& f : files())
            if (std::find(before.begin(), before.end(), f) == before.end()) file[k] = f;
        set_age(file[k], 10'000 - 1000 * k);
    }
    write(folder / "not-ours", content(5000));
    write(folder / "new-1", content(5000));
    write(folder / "new-2", content(5000));
    set_age(folder / "new-1", 10'000);
    EXPECT_NE(cache().load(key(0)), std::nullopt); // it is used: now 1 is the oldest
    const uint64_t each = fs::file_size(file[0]);
    cache(4 * each).store(key(9), content(1000));
    EXPECT_TRUE(fs::exists(file[0]));
    EXPECT_FALSE(fs::exists(file[1]));
    EXPECT_FALSE(fs::exists(file[2])); // some room, too
    EXPECT_TRUE(fs::exists(file[3]));
    EXPECT_NE(cache().load(key(9)), std::nullopt);
    EXPECT_TRUE(fs::exists(folder / "not-ours"));
    EXPECT_FALSE(fs::exists(folder / "new-1")); // a process ended while it wrote
    EXPECT_TRUE(fs::exists(folder / "new-2"));  // perhaps it is writing
}

TEST_F(Cache, WhatIsLargerThanAllIsNotKept) {
    cache(500).store(key(1), content(1000));
    EXPECT_TRUE(files().empty());
}

TEST(CachePlace, IsWhatTheEnvironmentSays) {
    const std::vector<const char*> names{
        "ACC_MODEL_TRANSLATOR_CACHE", "CUDA_CACHE_DISABLE", "CUDA_CACHE_PATH",
        "CUDA_CACHE_MAXSIZE",         "XDG_CACHE_HOME",     "HOME"};
    struct Case {
        std::map<std::string, std::string> set;
        std::string folder; ///< "": none
        uint64_t limit = 256 << 20;
    };
    const std::string home = "/h/.cache/acc/translations";
    for (const Case& c : std::vector<Case>{
             {{}, ""},
             {{{"HOME", "/h"}}, home},
             {{{"HOME", "h"}}, ""},
             {{{"HOME", "/h"}, {"XDG_CACHE_HOME", "/x"}}, "/x/acc/translations"},
             {{{"HOME", "/h"}, {"XDG_CACHE_HOME", "x"}}, home},
             {{{"HOME", "/h"}, {"CUDA_CACHE_PATH", "/c"}}, "/c/acc-translations"},
             {{{"HOME", "/h"}, {"CUDA_CACHE_DISABLE", "1"}}, ""},
             {{{"HOME", "/h"}, {"CUDA_CACHE_DISABLE", "0"}}, home},
             {{{"HOME", "/h"}, {"ACC_MODEL_TRANSLATOR_CACHE", "off"}}, ""},
             {{{"CUDA_CACHE_DISABLE", "1"}, {"ACC_MODEL_TRANSLATOR_CACHE", "/a"}}, "/a"},
             {{{"HOME", "/h"}, {"CUDA_CACHE_MAXSIZE", "1000"}}, home, 1000},
             {{{"HOME", "/h"}, {"CUDA_CACHE_MAXSIZE", "99999999999"}}, home, uint64_t{4} << 30},
             {{{"HOME", "/h"}, {"CUDA_CACHE_MAXSIZE", "many"}}, home}}) {
        for (const char* name : names)
            unsetenv(name);
        for (const auto& [name, value] : c.set)
            setenv(name.c_str(), value.c_str(), 1);
        const std::optional<DiskCache> cache = DiskCache::from_environment(
            {"ACC_MODEL_TRANSLATOR_CACHE", "translations"});
        EXPECT_EQ(cache ? cache->folder() : "", c.folder);
        if (cache) EXPECT_EQ(cache->limit(), c.limit);
    }
}

} // namespace
} // namespace acc
