// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The runtime against hostile programs: mutated code objects that it accepts are launched, and
// random sequences of API calls with good, stale and senseless arguments are made. Each seed runs
// in a child process, which must end by itself; what the calls return does not matter.
#include <cuda.h>
#include <cuda_runtime_api.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <thread>

#include "compiler/object/code_object.h"
#include "compiler/object/error.h"
#include "tests/fuzz/api_sequence.h"
#include "tests/fuzz/mutate.h"
#include "tests/fuzz/seeds.h"

namespace acc::fuzz {
namespace {

uint64_t number(const char* name, uint64_t fallback) {
    const char* text = std::getenv(name);
    return text != nullptr ? std::strtoull(text, nullptr, 10) : fallback;
}

/// Seeds of each test: enough for a look in a minute.
uint64_t seeds_per_test() {
    return number("ACC_FUZZ_SEQUENCES", 40);
}

/// The first seed or input: to go back to one that failed.
uint64_t first_seed() {
    return number("ACC_FUZZ_FIRST", 0);
}

/// Runs `body` in a child; its wait status. A child that hangs is ended by the alarm's signal.
int in_child(const std::function<void()>& body) {
    const pid_t child = fork();
    if (child == 0) {
        setenv("ACC_MODEL_VRAM_MIB", "1024", 0); // what is allocated here is filled, too
        alarm(120);
        if (std::freopen("/dev/null", "w", stderr) == nullptr ||
            std::freopen("/dev/null", "w", stdout) == nullptr)
            _exit(1);
        body();
        std::exit(0); // with the runtime's own end
    }
    int status = 0;
    waitpid(child, &status, 0);
    return status;
}

/// Launches every kernel of an accepted code object; false when one does not end soon (mutated code
/// may loop for ever).
bool launch_all(const std::vector<uint8_t>& image, CUmodule module) {
    const object::CodeObject code{object::Bytes(image)};
    for (const object::KernelInfo& kernel : code.kernels()) {
        CUfunction function = nullptr;
        const std::string name(kernel.name);
        if (cuModuleGetFunction(&function, module, name.c_str()) != CUDA_SUCCESS) continue;
        std::vector<uint8_t> parameters(std::min<size_t>(kernel.descriptor.kernarg_bytes, 1 << 20));
        size_t bytes = parameters.size();
        void* extra[] = {CU_LAUNCH_PARAM_BUFFER_POINTER, parameters.data(),
                         CU_LAUNCH_PARAM_BUFFER_SIZE, &bytes, CU_LAUNCH_PARAM_END};
        if (cuLaunchKernel(function, 2, 1, 1, 32, 1, 1, 0, nullptr, nullptr, extra) != CUDA_SUCCESS)
            continue;
        for (int tries = 0; cuStreamQuery(nullptr) == CUDA_ERROR_NOT_READY; ++tries) {
            if (tries == 100) return false;
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
        }
    }
    return true;
}

/// A new context for each input: a fault ends the one before.
bool load_and_launch(const std::vector<uint8_t>& image) {
    CUcontext context = nullptr;
    CUmodule module = nullptr;
    if (cuCtxCreate(&context, 0, 0) != CUDA_SUCCESS) return false;
    const bool ended = cuModuleLoadData(&module, image.data()) != CUDA_SUCCESS ||
                       launch_all(image, module);
    if (ended) cuCtxDestroy(context);
    return ended;
}

bool accepted(const std::vector<uint8_t>& image) {
    try {
        const object::CodeObject code{object::Bytes(image)};
        return true;
    } catch (const object::Error&) {
        return false;
    }
}

TEST(ApiFuzz, AcceptedCodeObjectsHarmNobody) {
    const auto pool = seeds("code_object");
    auto* next = static_cast<uint64_t*>(
        mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
    const uint64_t count = 50 * seeds_per_test();
    *next = first_seed();
    while (*next < count) {
        const uint64_t first = *next;
        const int status = in_child([&] {
            cuInit(0);
            while (*next < count) {
                const uint64_t n = (*next)++;
                alarm(120);
                auto image = Mutator(n * 0x9e3779b97f4a7c15 + 7).mutate(pool[n % pool.size()]);
                // The load call takes no length, so what claims more than there is would be this
                // program's mistake; what is accepted does not.
                if (!accepted(image)) continue;
                if (!load_and_launch(image)) return;
            }
        });
        ASSERT_EQ(status, 0) << "input " << *next - 1 << " (child from " << first << ")";
    }
    munmap(next, 4096);
}

TEST(ApiFuzz, RandomCallsHarmNobody) {
    const auto images = seeds("code_object");
    for (uint64_t seed = first_seed(); seed < seeds_per_test(); ++seed) {
        const int status = in_child([&] { ApiSequence(seed, images).run(400); });
        EXPECT_EQ(status, 0) << "seed " << seed;
    }
}

} // namespace
} // namespace acc::fuzz
