// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Turns a device fault record into the error code CUDA documents and a text a person can act on.
#pragma once

#include <optional>
#include <string>

#include "runtime/core/backend.h"
#include "runtime/core/status.h"

namespace acc::rt {

class Context;

struct FaultReport {
    Status status = Status::LaunchFailure;
    std::string text;
};

/// `reason` counts when there is no fault record.
FaultReport make_fault_report(Context& context, const std::optional<acc_fault_record>& fault,
                              StopReason reason);

} // namespace acc::rt
