// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Programs, temporary directories and outputs of a run.
#include "compiler/driver/OutputFile.h"
#include "compiler/driver/Process.h"

#include <gtest/gtest.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>

namespace fs = std::filesystem;

namespace acc::driver {
namespace {

class Jobs : public testing::Test {
  protected:
    Jobs() : work("", Environment::of_process(), jobs) {}
    std::string file(const char* name) const { return work.path() + "/" + name; }

    RunningJobs jobs, others;
    WorkDirectory work;
};

std::string text_of(const std::string& path) {
    std::ifstream in(path);
    return {std::istreambuf_iterator<char>(in), {}};
}

TEST_F(Jobs, AnOutputThatIsNotCompleteIsRemoved) {
    {
        OutputFile output(file("x"), file("spare"), jobs);
        std::ofstream(output.path()) << "half";
    }
    EXPECT_FALSE(fs::exists(file("x")));
    {
        OutputFile output(file("x"), file("spare"), jobs);
        std::ofstream(output.path()) << "whole";
        EXPECT_EQ(output.commit(), "");
    }
    EXPECT_EQ(text_of(file("x")), "whole");
}

TEST_F(Jobs, AnOutputThatIsNoRegularFileIsWrittenToAndStays) {
    ASSERT_EQ(mkfifo(file("pipe").c_str(), 0600), 0);
    std::string received;
    std::thread reader([&] { received = text_of(file("pipe")); });
    {
        OutputFile output(file("pipe"), file("spare"), jobs);
        EXPECT_EQ(output.path(), file("spare"));
        std::ofstream(output.path()) << "contents";
        EXPECT_EQ(output.commit(), "");
    }
    reader.join();
    EXPECT_EQ(received, "contents");
    {
        OutputFile unfinished(file("pipe"), file("spare"), jobs);
    }
    EXPECT_TRUE(fs::is_fifo(file("pipe")));
    remove_regular_file(file("pipe"));
    EXPECT_TRUE(fs::is_fifo(file("pipe")));
}

TEST_F(Jobs, ProgramsGetTheEnvironmentTheyAreGiven) {
    Environment environment = Environment::of_process();
    environment.set("ACC_TEST_VALUE", "17");
    environment.unset("HOME");
    Process process({"/bin/sh", "-c", "echo \"$ACC_TEST_VALUE ${HOME-none}\" >&2"}, environment,
                    jobs);
    EXPECT_EQ(process.wait(), 0);
    EXPECT_EQ(process.errors(), "17 none\n");
    EXPECT_EQ(getenv("ACC_TEST_VALUE"), nullptr);
}

TEST_F(Jobs, AProgramThatCannotBeStartedSaysWhy) {
    Process process({"/no/such/program"}, Environment(), jobs);
    EXPECT_EQ(process.wait(), 127);
    EXPECT_EQ(process.errors(), "/no/such/program: error: No such file or directory\n");
}

TEST_F(Jobs, CancelEndsProgramsAndTheirChildrenAndRemovesWhatIsUnfinished) {
    OutputFile output(file("x"), file("spare"), jobs);
    std::ofstream(output.path()) << "half";
    // Outside of the directory that goes: whoever holds the pipe open is alive.
    const WorkDirectory outside("", Environment::of_process(), others);
    const std::string pipe = outside.path() + "/pipe";
    ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
    Process process({"/bin/sh", "-c", "exec 3>" + pipe + "; sleep 1000 & echo started >&3; wait"},
                    Environment::of_process(), jobs);
    std::ifstream held(pipe);
    std::string line;
    std::getline(held, line);
    EXPECT_EQ(line, "started");
    int status = 0;
    std::thread waiter([&] { status = process.wait(); });
    jobs.cancel();
    waiter.join();
    EXPECT_EQ(status, 128 + SIGTERM);
    EXPECT_FALSE(fs::exists(work.path()));
    EXPECT_FALSE(std::getline(held, line)); // ends when the last of them is gone
    EXPECT_EQ(Process({"/bin/true"}, Environment(), jobs).wait(), 127); // nothing new starts
}

} // namespace
} // namespace acc::driver
