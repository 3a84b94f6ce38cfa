// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "common/handle_numbers/handle_numbers.h"

#include <gtest/gtest.h>

#include <set>
#include <thread>
#include <vector>

namespace {

struct Opaque;
using Numbers = acc::common::HandleNumbers<Opaque*, int>;

TEST(HandleNumbers, FindWhatWasAddedUntilItIsRemoved) {
    Numbers numbers;
    Opaque* const handle = numbers.add(std::make_shared<int>(7));
    ASSERT_NE(handle, nullptr);
    EXPECT_EQ(*numbers.find(handle), 7);
    EXPECT_EQ(numbers.find(nullptr), nullptr);
    EXPECT_EQ(numbers.find(reinterpret_cast<Opaque*>(reinterpret_cast<uintptr_t>(handle) + 1)),
              nullptr);
    EXPECT_TRUE(numbers.remove(handle));
    EXPECT_EQ(numbers.find(handle), nullptr);
    EXPECT_FALSE(numbers.remove(handle));
}

TEST(HandleNumbers, ANumberIsNeverGivenTwice) {
    Numbers numbers;
    std::set<Opaque*> given;
    for (int i = 0; i < 1000; ++i) {
        Opaque* const handle = numbers.add(std::make_shared<int>(i));
        EXPECT_TRUE(given.insert(handle).second);
        numbers.remove(handle);
    }
}

TEST(HandleNumbers, WhoHasAnObjectKeepsIt) {
    Numbers numbers;
    Opaque* const handle = numbers.add(std::make_shared<int>(3));
    const std::shared_ptr<int> kept = numbers.find(handle);
    numbers.remove(handle);
    EXPECT_EQ(*kept, 3);
    EXPECT_EQ(kept.use_count(), 1);
}

/// Its end may ask for other handles: the lock is free then.
struct Nested {
    acc::common::HandleNumbers<Opaque*, Nested>* numbers = nullptr;
    Opaque* other = nullptr;
    ~Nested() {
        if (numbers != nullptr) numbers->remove(other);
    }
};

TEST(HandleNumbers, AnObjectsEndMayRemoveAnother) {
    acc::common::HandleNumbers<Opaque*, Nested> numbers;
    Opaque* const inner = numbers.add(std::make_shared<Nested>());
    auto outer = std::make_shared<Nested>();
    outer->numbers = &numbers;
    outer->other = inner;
    Opaque* const handle = numbers.add(std::move(outer));
    EXPECT_TRUE(numbers.remove(handle));
    EXPECT_EQ(numbers.find(inner), nullptr);
}

TEST(HandleNumbers, SeveralThreadsAtOnce) {
    Numbers numbers;
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t)
        threads.emplace_back([&numbers, t] {
            for (int i = 0; i < 2000; ++i) {
                Opaque* const handle = numbers.add(std::make_shared<int>(t));
                EXPECT_EQ(*numbers.find(handle), t);
                EXPECT_TRUE(numbers.remove(handle));
            }
        });
    for (std::thread& thread : threads)
        thread.join();
}

} // namespace
