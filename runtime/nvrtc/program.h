// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// An nvrtcProgram: a source, its headers, and what its compilations gave.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "nvrtc.h"

namespace acc::nvrtc {

struct Header {
    std::string name, text;
};

/// What one compilation gave.
struct Result {
    nvrtcResult status = NVRTC_ERROR_INTERNAL_ERROR;
    std::string log, ptx, code, ir;
    std::vector<std::string> lowered; ///< one for each name expression
};

struct FlowCallback {
    int (*function)(void*, void*) = nullptr;
    void* payload = nullptr;
};

struct Program {
    std::string name, text;
    std::vector<Header> headers;

    std::mutex lock; ///< everything below: one compilation at a time
    std::vector<std::string> expressions;
    bool compiled = false; ///< once, well or not
    Result result;
    std::map<std::string, std::string> lowered; ///< nodes stay where they are: callers hold texts
    FlowCallback flow;
};

/// Handles of programs that live. A handle that is none is found out, not followed.
nvrtcProgram add(std::shared_ptr<Program> program);
/// Null: there is none.
std::shared_ptr<Program> find(nvrtcProgram handle);
bool remove(nvrtcProgram handle);

/// Asks a process of the compiler (compile.cpp). Nothing is thrown; without a compiler the result
/// is an internal error whose log says what is missing.
Result compile(const Program& program, const std::vector<std::string>& options);

} // namespace acc::nvrtc
