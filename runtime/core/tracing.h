// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Whether the log has the level `trace` (log.h has what writes it).
#pragma once

namespace acc::rt {

extern const bool g_tracing;

} // namespace acc::rt
