// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// accc as a function. main() is one of its callers.
#pragma once

#include "compiler/driver/Diagnostics.h"
#include "compiler/driver/Environment.h"
#include "compiler/driver/RunningJobs.h"

#include <functional>
#include <string>
#include <vector>

namespace acc::driver {

/// What a run of the command uses of the process around it.
struct CommandHost {
    Environment environment; ///< what it and the programs that it starts see
    DiagnosticSink sink;     ///< everything that accc writes to standard error
    std::function<void(const std::string&)> output; ///< --help, --version: standard output
    RunningJobs& jobs;                              ///< to end the run from another thread
    bool colour = false;                            ///< a terminal shows the diagnostics
};

/// Runs accc with a whole command line. Returns the exit status: 0, or 1 after any error; with
/// --run the program's. Several runs may be under way in one process.
int run_command(const std::vector<std::string>& argv, const CommandHost& host);

} // namespace acc::driver
