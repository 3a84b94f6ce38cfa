// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/nvrtc/program.h"

#include "common/handle_numbers/handle_numbers.h"

namespace acc::nvrtc {
namespace {

/// Never destroyed: other static objects may compile when the process ends.
common::HandleNumbers<nvrtcProgram, Program>& programs() {
    static auto& all = *new common::HandleNumbers<nvrtcProgram, Program>;
    return all;
}

} // namespace

nvrtcProgram add(std::shared_ptr<Program> program) {
    return programs().add(std::move(program));
}

std::shared_ptr<Program> find(nvrtcProgram handle) {
    return programs().find(handle);
}

bool remove(nvrtcProgram handle) {
    return programs().remove(handle);
}

} // namespace acc::nvrtc
