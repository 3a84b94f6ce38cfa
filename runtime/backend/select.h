// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which backend serves this process. The only place that knows them all.
#pragma once

#include <string>

#include "runtime/backend/drm/nodes.h"

namespace acc::rt {

enum class BackendKind { Model, Drm };

struct Selection {
    BackendKind kind = BackendKind::Model;
    std::string error;   ///< why there is no device although one was asked for or is there; empty
                         ///< when all is well
    std::string warning; ///< what a person should know although it works
};

/// `wanted` is ACC_BACKEND's value or null. A card that is there and cannot be used is an error and
/// never replaced by the model: the program would run a hundred times slower and nobody would know
/// why. Throws Error(SystemNotReady) when `wanted` is unknown.
Selection select_backend(const char* wanted, const drm::Survey& machine);

} // namespace acc::rt
