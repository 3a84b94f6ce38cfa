// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Loading and unloading code objects: nothing stays of one that fails, and unloading waits for
// nothing when the program's part of a module goes away.
#include <gtest/gtest.h>

#include "compiler/object/linker.h"
#include "runtime/core/status.h"
#include "tests/unit/object/object_maker.h"
#include "tests/unit/runtime_core/rig.h"

namespace acc::rt::test {
namespace {

/// Device code with the kernel `kernel_a`, the managed variable `table` and the variable `counter`.
std::vector<uint8_t> image(uint32_t kernel_flags = 0) {
    object::test::Sample sample = object::test::sample();
    auto& kernels = sample.maker.data(sample.kernels);
    acc_kernel_descriptor descriptor;
    std::memcpy(&descriptor, kernels.data(), sizeof descriptor);
    descriptor.flags |= kernel_flags;
    std::memcpy(kernels.data(), &descriptor, sizeof descriptor);
    return object::link_code_object(sample.maker.write());
}

Module& load(Context& context, const std::vector<uint8_t>& file) {
    return context.load_module(file.data(), file.size(), "test");
}

TEST(Module, NothingStaysOfOneThatFailsToLoad) {
    Rig rig;
    const auto good = image(), greedy = image(ACC_KD_USES_HEAP);
    Module& first = load(rig.context, good);
    const uint64_t base = first.base();
    rig.context.unload_module(&first);
    rig.context.limits().heap_bytes = 1ull << 45; // nobody has that
    const uint64_t free = rig.backend->vram_free();
    for (int i = 0; i < 3; ++i)
        EXPECT_THROW(load(rig.context, greedy), Error);
    EXPECT_EQ(rig.backend->vram_free(), free);
    EXPECT_FALSE(rig.context.memory().find(base)); // where its segments were
    EXPECT_EQ(load(rig.context, good).base(), base);
}

TEST(Module, ARetiredOneStaysUntilTheWorkIsDone) {
    Rig rig;
    const auto file = image();
    Module& module = load(rig.context, file);
    const uint64_t counter = module.variable("counter")->va;
    std::vector<uint8_t> storage(16, 1);
    module.attach_managed(*module.variable("table"), storage.data(), storage.size());
    const uint64_t table = rig.context.host_memory().find(storage.data())->va;
    Stream& stream = rig.context.create_stream(true, 0);
    Gate gate(rig);
    gate.close(stream);
    stream.submit(fill_work(counter, 3, 8));
    stream.submit(fill_work(table, 3, 16));
    rig.context.retire_module(&module); // returns although the stream stands
    EXPECT_FALSE(rig.context.host_memory().find(storage.data()));
    EXPECT_EQ(rig.context.module_at(counter), &module); // for what its kernels print
    Module& again = load(rig.context, file);            // the library is opened again meanwhile
    again.attach_managed(*again.variable("table"), storage.data(), storage.size());
    EXPECT_NE(again.base(), module.base());
    gate.open();
    rig.context.synchronize();
    EXPECT_EQ(rig.context.module_at(counter), nullptr);
}

TEST(Module, ARetiredOneGoesAtOnceWhenTheDeviceDoesNothing) {
    Rig rig;
    Module& module = load(rig.context, image());
    const uint64_t base = module.base();
    rig.context.retire_module(&module);
    EXPECT_EQ(rig.context.module_at(base), nullptr);
    EXPECT_FALSE(rig.context.memory().find(base));
}

/// Kernels that launch nothing may still read the one that was replaced; and one that comes back is
/// not made again.
TEST(Module, ReplacedLaunchAreasStay) {
    Rig rig;
    load(rig.context, image(ACC_KD_USES_HEAP | ACC_KD_LAUNCHES));
    const uint64_t first = rig.context.memory().bytes_in_use();
    const auto limit = [&](uint64_t launches) {
        rig.context.limits().pending_launches = launches;
        rig.context.launch_limits_changed();
        return rig.context.memory().bytes_in_use();
    };
    const uint64_t both = limit(10);
    EXPECT_GT(both, first);
    for (int i = 0; i < 5; ++i) {
        EXPECT_EQ(limit(2048), both);
        EXPECT_EQ(limit(10), both);
    }
}

} // namespace
} // namespace acc::rt::test
