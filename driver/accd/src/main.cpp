// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// accd: ACC devices for a virtual machine. docs/accd.md.
#include <cstdio>

#include "driver/accd/src/log.h"
#include "driver/accd/src/supervisor.h"

int main(int argc, char** argv) {
    acc::accd::Options options;
    std::string wrong = acc::accd::parse_options(argc, argv, options);
    if (options.help) {
        std::fputs(acc::accd::kUsage, stdout);
        return 0;
    }
    if (!wrong.empty()) {
        acc::accd::log("%s", wrong.c_str());
        std::fputs(acc::accd::kUsage, stderr);
        return 125;
    }
    return acc::accd::supervise(options);
}
