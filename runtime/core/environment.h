// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The environment variables of the runtime (environment.def). Each is read where it counts; here
// they are checked, because a name that nobody reads would be ignored without a word. The log says
// what is wrong when it is made.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace acc::rt {

/// What is wrong with an environment ("NAME=value" entries): unknown values of variables of ours,
/// and names that are nearly one of ours, or of a family of ours (ACC_MODEL_...). Other programs
/// have ACC_* variables, too (OpenACC's): those are left alone.
std::vector<std::string> environment_mistakes(const char* const* environment);

/// ACC_CHECK, read once.
struct Checks {
    bool bounds = false; ///< guard pages
    bool exact = false;  ///< not a byte between the end of an allocation and its guard page
};
const Checks& checks();

/// Fails when ACC_CHECK has a value that it does not have: a program that runs without the checks
/// which somebody asked for would look correct.
void require_known_checks();

} // namespace acc::rt
