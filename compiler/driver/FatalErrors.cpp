// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/driver/FatalErrors.h"

#include "llvm/Support/ErrorHandling.h"

#include <csetjmp>
#include <cstdio>
#include <mutex>

namespace acc::driver {
namespace {

struct Recovery;
/// The innermost survive_fatal_errors() of this thread.
thread_local Recovery* t_recovery = nullptr;

struct Recovery {
    std::jmp_buf where;
    std::string& reason;
    Recovery* outer = t_recovery;

    explicit Recovery(std::string& text) : reason(text) { t_recovery = this; }
    ~Recovery() { t_recovery = outer; } // also when the body throws
    Recovery(const Recovery&) = delete;
    Recovery& operator=(const Recovery&) = delete;
};

void on_fatal_error(void*, const char* reason, bool) {
    if (!t_recovery) { // not ours: as LLVM does without a handler; it ends the process afterwards
        fprintf(stderr, "LLVM ERROR: %s\n", reason);
        return;
    }
    t_recovery->reason = reason;
    // LLVM is built without exceptions, so this is the only way out, and the one that its own
    // CrashRecoveryContext takes.
    std::longjmp(t_recovery->where, 1);
}

} // namespace

bool survive_fatal_errors(llvm::function_ref<void()> body, std::string& reason) {
    static std::once_flag once;
    std::call_once(once, [] { llvm::install_fatal_error_handler(on_fatal_error); });
    Recovery recovery(reason);
    const bool first_time = setjmp(recovery.where) == 0;
    if (first_time) body();
    return first_time;
}

} // namespace acc::driver
