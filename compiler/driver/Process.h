// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Running other programs, and the temporary files between them.
#pragma once

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
    /// Starts it; a failure to start is reported by wait(). Standard output is inherited, and
    /// standard error too unless `capture`.
    explicit Process(const Command& command, bool capture = true);
    Process(const Process&) = delete;
    Process& operator=(const Process&) = delete;
    ~Process();

    /// Waits and returns the exit status; 127 when it could not be started, 128 + n when signal n
    /// killed it.
    int wait();
    /// What it wrote to standard error; valid after wait().
    const std::string& errors() const { return errors_; }

  private:
    int pid_ = -1;
    int error_file_ = -1;
    int status_ = 127;
    std::string errors_;
};

/// Directory for the intermediate files of one run, removed at the end unless they are kept.
class WorkDirectory {
  public:
    /// keep_in: empty = a fresh directory that is removed again. Throws std::system_error when it
    /// cannot be made.
    explicit WorkDirectory(const std::string& keep_in);
    WorkDirectory(const WorkDirectory&) = delete;
    WorkDirectory& operator=(const WorkDirectory&) = delete;
    ~WorkDirectory();

    /// Removes the directory now, if it is one to remove.
    void remove();

    /// Path of an intermediate file for a source: <directory>/<stem of source><ending>. Two sources
    /// with the same stem (a/x.cu b/x.cu) get different names by `index`.
    std::string file(const std::string& source, unsigned index, const std::string& ending) const;

  private:
    std::string directory_;
    bool remove_ = false;
};

} // namespace acc::driver
