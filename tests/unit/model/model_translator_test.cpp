// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The translator's library (driver/model/src/translator_library.h): found, or refused with a
// reason.
#include <dlfcn.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <system_error>

#include "driver/model/src/translator_library.h"

namespace acc::model {
namespace {

TEST(TranslatorLibrary, IsTheOneThatTheEnvironmentNames) {
    setenv("ACC_MODEL_TRANSLATOR", ACC_TEST_TRANSLATOR_LIBRARY, 1);
    EXPECT_NE(load_translator(), nullptr);
}

TEST(TranslatorLibrary, ThatIsMissingIsNamed) {
    setenv("ACC_MODEL_TRANSLATOR", "/nowhere/libaccjit.so", 1);
    try {
        load_translator();
        FAIL() << "no exception";
    } catch (const std::system_error& e) {
        EXPECT_NE(std::string(e.what()).find("/nowhere/libaccjit.so"), std::string::npos)
            << e.what();
    }
}

TEST(TranslatorLibrary, RefusesARuntimeOfAnotherVersion) {
    void* library = dlopen(ACC_TEST_TRANSLATOR_LIBRARY, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
    ASSERT_NE(library, nullptr) << dlerror();
    const auto make = reinterpret_cast<MakeTranslator>(dlsym(library, kMakeTranslator));
    ASSERT_NE(make, nullptr);
    EXPECT_EQ(make(kTranslationVersion + 1), nullptr);
    EXPECT_EQ(make(0), nullptr);
}

} // namespace
} // namespace acc::model
