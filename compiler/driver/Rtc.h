// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Run-time compilation as libnvrtc asks for it (compiler/interface/acc_rtc.h): one source, headers
// in memory, NVRTC's options and name expressions, to PTX, code and IR.
// docs/run-time-compilation.md
#pragma once

#include "compiler/driver/Compiler.h"
#include "compiler/interface/acc_rtc.h"

#include <cstdint>
#include <string>
#include <vector>

namespace acc::driver {

/// Name of accc when it serves libnvrtc: a link beside accc.
constexpr const char* kRtcName = ACC_RTC_PROGRAM;

struct RtcRequest {
    MemoryFile source;
    std::vector<MemoryFile> headers; ///< their names may climb ("../x.h"), but not be absolute
    std::vector<std::string> options;
    std::vector<std::string> expressions; ///< name expressions
};

struct RtcReply {
    acc_rtc_status status = ACC_RTC_BROKEN;
    std::string log;
    std::string ptx;                  ///< empty where there is none (why stands in the log)
    std::vector<uint8_t> code;        ///< empty for a virtual architecture
    std::vector<uint8_t> ir;          ///< of -dlto
    std::vector<std::string> lowered; ///< one for each expression, when ok
};

RtcReply rtc_compile(const Toolkit& toolkit, const Environment& environment,
                     const RtcRequest& request);

/// What accc-rtc does: reads a request from one descriptor, writes the reply to another. Returns
/// the exit status of the process.
int serve_rtc(const std::string& program_path, int in, int out);

} // namespace acc::driver
