// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Expectations about errno values, with their names in the messages.
#pragma once

#include <cerrno>
#include <cstring>
#include <initializer_list>
#include <ostream>
#include <string>

#include <gtest/gtest.h>

namespace acc::kmd {

/// An errno value that prints as its name.
struct Errno {
    int code;
    friend bool operator==(Errno a, Errno b) = default;
    friend std::ostream& operator<<(std::ostream& out, Errno e) {
        return out << (e.code == 0 ? "success" : strerrorname_np(e.code));
    }
};

/// One of the values that the interface's description allows.
inline testing::AssertionResult one_of(int code, std::initializer_list<int> allowed) {
    for (int a : allowed)
        if (a == code) return testing::AssertionSuccess();
    auto result = testing::AssertionFailure() << Errno{code} << " instead of";
    for (int a : allowed)
        result << " " << Errno{a};
    return result;
}

} // namespace acc::kmd

#define EXPECT_ERRNO(call, expected) EXPECT_EQ(::acc::kmd::Errno{call}, ::acc::kmd::Errno{expected})
#define ASSERT_ERRNO(call, expected) ASSERT_EQ(::acc::kmd::Errno{call}, ::acc::kmd::Errno{expected})
