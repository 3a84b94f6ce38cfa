// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Turns a device fault record into the error code CUDA documents and a text a person can act on.
#pragma once

#include <optional>
#include <string>

#include "runtime/core/status.h"
#include "acc/spec/acc_queue.h"

namespace acc::rt {

class Context;

struct FaultReport {
    Status status = Status::LaunchFailure;
    std::string text;
};

FaultReport make_fault_report(Context& context, const std::optional<acc_fault_record>& fault);

} // namespace acc::rt
