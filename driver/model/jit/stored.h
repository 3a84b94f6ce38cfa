// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A translation as bytes, and the key that it is kept under: all that decides what it is.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "common/disk_cache/disk_cache.h"
#include "driver/model/jit/program.h"

namespace acc::model::jit {

/// What of this process decides what a translation is: the library, and the host.
/// Empty when the library does not know which it is: then nothing is kept.
std::string identity(const std::string& host);

DiskCache::Key key_of(const Program& program, const LaunchSize& size, const std::string& identity);

/// What is not in the program: all of a Translation but its addresses and `code`.
std::vector<uint8_t> to_bytes(const Translation& translation, std::span<const char> object);

/// The opposite: fills the translation. The object file, which lies in `bytes`; empty when they
/// do not describe a translation of the program.
std::span<const char> from_bytes(std::span<const uint8_t> bytes, const Program& program,
                                 const LaunchSize& size, Translation& translation);

} // namespace acc::model::jit
