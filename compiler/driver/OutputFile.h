// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The file that a run is asked for. Removed when the run fails; never when it is not a regular file
// (a device, a pipe): that is written to.
#pragma once

#include <string>

namespace acc::driver {

class RunningJobs;

/// Removes a regular file or a symbolic link to one; leaves everything else alone.
void remove_regular_file(const std::string& path);

class OutputFile {
  public:
    /// spare: where the contents go first when `path` exists and is no regular file.
    OutputFile(const std::string& path, const std::string& spare, RunningJobs& jobs);
    OutputFile(const OutputFile&) = delete;
    OutputFile& operator=(const OutputFile&) = delete;
    /// Removes what is there unless commit() succeeded.
    ~OutputFile();

    /// Where to write.
    const std::string& path() const { return in_place_ ? name_ : spare_; }
    /// The file is complete. Returns an error text or nothing.
    std::string commit();

  private:
    std::string name_;
    std::string spare_;
    RunningJobs& jobs_;
    bool in_place_;
    bool complete_ = false;
};

} // namespace acc::driver
