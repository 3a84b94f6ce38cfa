// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Running other programs, and the temporary files between them.
#pragma once

#include "compiler/driver/Environment.h"
#include "compiler/driver/RunningJobs.h"

#include <string>
#include <vector>

namespace acc::driver {

using Command = std::vector<std::string>; ///< argv; [0] is the path of the program

/// The command as a line for a shell, for -v and --dryrun.
std::string shell_text(const Command& command);

/// A program started with its standard error going to a file, so that what two programs say does
/// not mix.
class Process {
  public:
    /// Starts it with this environment and no signal blocked; a failure to start is reported by
    /// wait(). Standard output is inherited, and standard error too unless `capture`.
    Process(const Command& command, const Environment& environment, RunningJobs& jobs,
            bool capture = true);
    Process(const Process&) = delete;
    Process& operator=(const Process&) = delete;
    ~Process();

    /// Waits and returns the exit status; 127 when it could not be started, 128 + n when signal n
    /// killed it.
    int wait();
    /// What it wrote to standard error; valid after wait().
    const std::string& errors() const { return errors_; }

  private:
    RunningJobs& jobs_;
    int pid_ = -1;
    int error_file_ = -1;
    int status_ = 127;
    std::string errors_;
};

/// Directory for the intermediate files of one run, removed at the end unless they are kept.
class WorkDirectory {
  public:
    /// keep_in: empty = a fresh directory below TMPDIR that is removed again. Throws
    /// std::system_error when it cannot be made.
    WorkDirectory(const std::string& keep_in, const Environment& environment, RunningJobs& jobs);
    WorkDirectory(const WorkDirectory&) = delete;
    WorkDirectory& operator=(const WorkDirectory&) = delete;
    ~WorkDirectory();

    /// Path of an intermediate file for a source: <directory>/<stem of source><ending>. Two sources
    /// with the same stem (a/x.cu b/x.cu) get different names by `index`.
    std::string file(const std::string& source, unsigned index, const std::string& ending) const;
    const std::string& path() const { return directory_; }

  private:
    RunningJobs& jobs_;
    std::string directory_;
    bool remove_ = false;
};

} // namespace acc::driver
