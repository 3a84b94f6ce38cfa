// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/driver/StepTimes.h"

#include <cstdio>

namespace acc::driver {

void StepTimes::add(Clock::time_point began, const std::string& source, const std::string& step,
                    const std::string& input, const std::string& output, const std::string& arch) {
    const std::chrono::duration<double, std::milli> taken = Clock::now() - began;
    char milliseconds[32];
    snprintf(milliseconds, sizeof milliseconds, "%.4f", taken.count());
    std::lock_guard lock(mutex_);
    lines_.push_back(source + " , " + step + " , " + input + " , " + output + " , " + arch +
                     " , accc , " + milliseconds + " , ms\n");
}

std::string StepTimes::write(const std::string& file) const {
    const bool terminal = file == "-";
    FILE* out = terminal ? stdout : fopen(file.c_str(), "a");
    if (!out) return "cannot write " + file;
    if (terminal || (fseek(out, 0, SEEK_END) == 0 && ftell(out) == 0))
        fputs(
            "source file name , phase name , phase input files , phase output file , arch , tool, "
            "metric , unit\n",
            out);
    for (const std::string& line : lines_)
        fputs(line.c_str(), out);
    const bool ok = ferror(out) == 0;
    if (!terminal && fclose(out) != 0) return "cannot write " + file;
    return ok ? std::string() : "cannot write " + file;
}

} // namespace acc::driver
