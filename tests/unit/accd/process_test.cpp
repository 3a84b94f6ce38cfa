// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The command line, and the processes around QEMU; a shell script stands in for QEMU.
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <linux/close_range.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "driver/accd/src/options.h"
#include "driver/accd/src/supervisor.h"
#include "tests/unit/accd/bus.h"

namespace acc::accd::test {
namespace {

using testing::Contains;
using testing::HasSubstr;

std::string parse(std::vector<std::string> words, Options& out) {
    std::vector<char*> argv = {const_cast<char*>("accd")};
    for (std::string& word : words)
        argv.push_back(word.data());
    return parse_options(static_cast<int>(argv.size()), argv.data(), out);
}

TEST(OptionsTest, Everything) {
    Options o;
    EXPECT_EQ(parse({"--devices", "2", "--slot", "7", "--compute-units", "3", "--vram-mib", "512",
                     "--ram-mib", "2048", "--pid-file", "p", "--stats", "--", "qemu", "--devices"},
                    o),
              "");
    EXPECT_EQ(o.devices, 2u);
    EXPECT_EQ(o.slot, 7u);
    EXPECT_EQ(o.compute_units, 3u);
    EXPECT_EQ(o.vram_mib, 512u);
    EXPECT_EQ(o.ram_mib, 2048u);
    EXPECT_EQ(o.pid_file, "p");
    EXPECT_TRUE(o.stats);
    EXPECT_EQ(o.qemu, (std::vector<std::string>{"qemu", "--devices"}));
}

TEST(OptionsTest, MistakesAreNamed) {
    auto mistake = [](std::vector<std::string> words) {
        Options o;
        return parse(std::move(words), o);
    };
    EXPECT_THAT(mistake({"--devices", "5", "--", "q"}), HasSubstr("1 to 4"));
    EXPECT_THAT(mistake({"--devices", "two", "--", "q"}), HasSubstr("'two'"));
    EXPECT_THAT(mistake({"--vram-mib", "300", "--", "q"}), HasSubstr("power of two"));
    EXPECT_THAT(mistake({"--colour", "red", "--", "q"}), HasSubstr("--colour"));
    EXPECT_THAT(mistake({"--devices"}), HasSubstr("--devices"));
    EXPECT_THAT(mistake({"--slot", "30", "--devices", "3", "--", "q"}), HasSubstr("slots"));
    EXPECT_THAT(mistake({"--devices", "1"}), HasSubstr("no QEMU"));
}

TEST(OptionsTest, QemuGetsTheDevices) {
    Options o;
    ASSERT_EQ(parse({"--devices", "2", "--", "qemu", "-smp", "2"}, o), "");
    auto words = qemu_arguments(o, {11, 12}, {21, 22}, 31);
    EXPECT_EQ(words.front(), "qemu");
    EXPECT_THAT(words, Contains("x-pci-proxy-dev,fd=11,addr=5.0,multifunction=on"));
    EXPECT_THAT(words, Contains("x-pci-proxy-dev,fd=12,addr=6.0,multifunction=on"));
    EXPECT_THAT(words, Contains("ivshmem-plain,memdev=accd-vram1,addr=6.1"));
    EXPECT_THAT(words, Contains(HasSubstr("mem-path=/proc/self/fd/22")));
    EXPECT_THAT(words, Contains("socket,id=qtest,fd=31"));
    EXPECT_EQ(words.back(), "2");
}

/// Runs accd's supervisor in a child with a script instead of QEMU.
class ProcessTest : public testing::Test {
  protected:
    ProcessTest() {
        char name[] = "/tmp/accd-test-XXXXXX";
        folder_ = mkdtemp(name);
    }
    ~ProcessTest() override { std::filesystem::remove_all(folder_); }

    pid_t start(const std::string& script) {
        std::ofstream(folder_ + "/qemu") << "#!/bin/bash\ncd " << folder_ << "\n" << script << "\n";
        chmod((folder_ + "/qemu").c_str(), 0755);
        Options o;
        o.vram_mib = 16;
        o.compute_units = 1;
        o.pid_file = folder_ + "/pid";
        o.qemu = {folder_ + "/qemu"};
        pid_t pid = fork();
        if (pid == 0) {
            close_range(3, ~0u, CLOSE_RANGE_CLOEXEC); // what the test itself was given
            int quiet = open("/dev/null", O_WRONLY);
            dup2(quiet, 2);
            _exit(supervise(o));
        }
        return pid;
    }
    static int wait(pid_t pid) {
        int status = 0;
        waitpid(pid, &status, 0);
        return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
    }
    int run(const std::string& script) { return wait(start(script)); }
    pid_t number(const char* file) {
        pid_t pid = 0;
        std::ifstream(folder_ + "/" + file) >> pid;
        return pid;
    }
    pid_t wait_for_number(const char* file) {
        for (int i = 0; i < 2000; i++, usleep(10000))
            if (pid_t pid = number(file)) return pid;
        return 0;
    }
    static bool ends(pid_t pid) {
        for (int i = 0; i < 2000; i++, usleep(10000))
            if (kill(pid, 0) != 0 || zombie(pid)) return true;
        return false;
    }
    static bool zombie(pid_t pid) {
        std::ifstream stat("/proc/" + std::to_string(pid) + "/stat");
        std::string number, name, state;
        stat >> number >> name >> state;
        return state == "Z";
    }
    std::string folder_;
};

TEST_F(ProcessTest, StatusIsQemus) {
    EXPECT_EQ(run("exit 0"), 0);
    EXPECT_EQ(run("exit 7"), 7);
    EXPECT_EQ(run("kill -SEGV $$"), 128 + SIGSEGV);
}

TEST_F(ProcessTest, QemuInheritsItsDescriptorsAndNoOthers) {
    // One connection and qtest; VRAM.
    EXPECT_EQ(run("n=0; for f in /proc/$$/fd/*; do case $(readlink $f) in socket:*) n=$((n+1));; "
                  "/memfd:*) n=$((n+10));; esac; done; exit $n"),
              12);
    EXPECT_EQ(run("size=0; for a in \"$@\"; do case $a in *mem-path=*) f=${a##*mem-path=};"
                  "size=$(stat -L -c %s /proc/$$/fd/${f##*/}); esac; done; [ $size = 16777216 ]"),
              0);
}

TEST_F(ProcessTest, AQemuThatDoesNotExist) {
    Options o;
    o.vram_mib = 16;
    o.compute_units = 1;
    o.qemu = {"/no/such/qemu"};
    pid_t pid = fork();
    if (pid == 0) _exit(supervise(o));
    EXPECT_EQ(wait(pid), 125);
}

TEST_F(ProcessTest, QemuOutlivesTheDevices) {
    pid_t accd = start("echo $$ > qemu-pid; while [ ! -e go ]; do sleep 0.02; done; exit 5");
    pid_t devices = wait_for_number("pid");
    ASSERT_GT(devices, 0);
    ASSERT_GT(wait_for_number("qemu-pid"), 0);
    kill(devices, SIGKILL);
    EXPECT_TRUE(ends(devices));
    EXPECT_EQ(kill(number("qemu-pid"), 0), 0);
    std::ofstream(folder_ + "/go") << "go";
    EXPECT_EQ(wait(accd), 5);
}

TEST_F(ProcessTest, NothingOutlivesTheSupervisor) {
    pid_t accd = start("echo $$ > qemu-pid; exec sleep 600");
    pid_t devices = wait_for_number("pid"), qemu = wait_for_number("qemu-pid");
    ASSERT_GT(devices, 0);
    ASSERT_GT(qemu, 0);
    kill(accd, SIGKILL);
    EXPECT_EQ(wait(accd), -SIGKILL);
    EXPECT_TRUE(ends(devices));
    EXPECT_TRUE(ends(qemu));
}

TEST_F(ProcessTest, TerminationIsPassedOn) {
    pid_t accd = start(
        "trap 'echo 1 > asked; exit 0' TERM; echo $$ > qemu-pid; while :; do sleep 0.02; done");
    ASSERT_GT(wait_for_number("qemu-pid"), 0);
    kill(accd, SIGTERM);
    EXPECT_EQ(wait(accd), 128 + SIGTERM);
    EXPECT_EQ(number("asked"), 1);
}

} // namespace
} // namespace acc::accd::test
