// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Barriers of a block whose gangs run on one stack: where a gang comes to one, the code goes on
// with the next gang. What a gang needs behind the barrier is kept in a frame of its own.
#pragma once

namespace llvm {
class Function;
}

namespace acc::model::jit {

/// What the emitter leaves for them: calls of a function of this name, the function's attribute
/// that says how many gangs there are, and the mark on the number of the gang that runs.
inline constexpr char kMeeting[] = "acc.meeting", kGangs[] = "acc-gangs",
                      kPosition[] = "acc.position";

/// Makes the meetings of a function that has some. False: the frames would be too large.
bool make_meetings(llvm::Function& function);

} // namespace acc::model::jit
