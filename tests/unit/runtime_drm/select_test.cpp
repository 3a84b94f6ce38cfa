// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which nodes are devices of ours, and which backend serves a process.
#include "runtime/backend/select.h"

#include <gmock/gmock.h>

#include "runtime/core/status.h"
#include "tests/unit/runtime_drm/fake_kernel.h"

namespace acc::rt::drm::test {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

/// A machine with two cards, listed in the wrong order.
struct Machine {
    FakeKernel first, second;
    System system;

    Machine() {
        first.info.compute_units = 8;
        second.info.compute_units = 16;
        system.list = [] {
            return std::vector<Node>{{"/dev/dri/renderD128", 0, 7, 0, 0},
                                     {"/dev/dri/renderD129", 0, 3, 2, 0}};
        };
        system.driver = [](const std::string&) { return Driver{"acc", 2, 0}; };
        system.open = [this](const std::string& path) {
            return (path == "/dev/dri/renderD129" ? first : second).open();
        };
    }
};

TEST(Survey, DevicesComeByPciAddress) {
    Machine machine;
    machine.first.memory = {.vram_total = 123 << 12, .vram_used = 0};
    machine.first.info.uuid[15] = 9;
    const Survey found = survey(machine.system);
    ASSERT_EQ(found.devices.size(), 2u);
    EXPECT_THAT(found.refused, IsEmpty());
    EXPECT_EQ(found.devices[0].path, "/dev/dri/renderD129");
    EXPECT_EQ(found.devices[0].info.compute_units, 8u);
    EXPECT_EQ(found.devices[0].info.vram_bytes, 123u << 12);
    EXPECT_EQ(found.devices[0].info.uuid[15], 9);
    EXPECT_EQ(found.devices[0].info.pci_bus, 3u);
    EXPECT_EQ(found.devices[0].info.pci_device, 2u);
    EXPECT_EQ(found.devices[0].max_priority, 2u);
    EXPECT_EQ(found.devices[1].info.compute_units, 16u);
}

TEST(Survey, SomebodyElsesDriverIsNoDeviceOfOurs) {
    Machine machine;
    machine.system.driver = [](const std::string& path) {
        return Driver{path == "/dev/dri/renderD128" ? "vfio" : "acc", 2, 0};
    };
    const Survey found = survey(machine.system);
    EXPECT_EQ(found.devices.size(), 1u);
    EXPECT_THAT(found.refused, IsEmpty());
}

TEST(Survey, ANodeThatCannotBeOpenedIsNamedWithWhatToDo) {
    Machine machine;
    machine.system.open = [](const std::string&) {
        errno = EACCES;
        return nullptr;
    };
    const Survey found = survey(machine.system);
    EXPECT_THAT(found.devices, IsEmpty());
    ASSERT_EQ(found.refused.size(), 2u);
    EXPECT_THAT(found.refused[0], HasSubstr("/dev/dri/renderD129"));
    EXPECT_THAT(found.refused[0], HasSubstr("Permission denied"));
    EXPECT_THAT(found.refused[0], HasSubstr("group"));
}

TEST(Survey, ADeviceThatSpeaksAnotherInterfaceIsRefused) {
    Machine machine;
    machine.first.info.hw_version = 2 << 16 | 1;
    machine.second.info.page_bytes = 65536;
    const Survey found = survey(machine.system);
    EXPECT_THAT(found.devices, IsEmpty());
    ASSERT_EQ(found.refused.size(), 2u);
    EXPECT_THAT(found.refused[0], HasSubstr("2.1"));
    EXPECT_THAT(found.refused[1], HasSubstr("65536"));
}

TEST(Survey, AKernelDriverOfAnotherVersionIsRefused) {
    Machine machine;
    machine.system.driver = [](const std::string& path) {
        return path == "/dev/dri/renderD128" ? Driver{"acc", 1, 7} : Driver{"acc", 2, 3};
    };
    const Survey found = survey(machine.system);
    EXPECT_EQ(found.devices.size(), 1u) << "a newer minor version only adds";
    ASSERT_EQ(found.refused.size(), 1u);
    EXPECT_THAT(found.refused[0], HasSubstr("1.7"));
    EXPECT_THAT(found.refused[0], HasSubstr("acc.ko"));
}

TEST(Survey, ADeviceThatDoesNotAnswerIsRefusedAndTheOtherServes) {
    Machine machine;
    machine.first.remove_device();
    const Survey found = survey(machine.system);
    EXPECT_EQ(found.devices.size(), 1u);
    EXPECT_EQ(found.refused.size(), 1u);
}

TEST(Survey, OfThisMachineNeverFails) {
    EXPECT_NO_THROW(survey(System{}));
}

Survey some(unsigned usable, unsigned refused) {
    Survey made;
    made.devices.resize(usable);
    made.refused.assign(refused, "/dev/dri/renderD128 cannot be opened: Permission denied");
    return made;
}

TEST(SelectBackend, TheDriverWhenADeviceIsThereElseTheModel) {
    EXPECT_EQ(select_backend(nullptr, some(0, 0)).kind, BackendKind::Model);
    EXPECT_EQ(select_backend("", some(0, 0)).kind, BackendKind::Model);
    EXPECT_EQ(select_backend(nullptr, some(1, 0)).kind, BackendKind::Drm);
    EXPECT_THAT(select_backend(nullptr, some(0, 0)).error, IsEmpty());
    EXPECT_THAT(select_backend(nullptr, some(1, 0)).error, IsEmpty());
}

TEST(SelectBackend, ADeviceThatCannotBeUsedIsNeverReplacedByTheModel) {
    const Selection made = select_backend(nullptr, some(0, 1));
    EXPECT_EQ(made.kind, BackendKind::Drm);
    EXPECT_THAT(made.error, HasSubstr("/dev/dri/renderD128"));
    EXPECT_THAT(made.error, HasSubstr("ACC_BACKEND=model"));
}

TEST(SelectBackend, OneOfTwoThatCannotBeUsedIsAWarning) {
    const Selection made = select_backend(nullptr, some(1, 1));
    EXPECT_EQ(made.kind, BackendKind::Drm);
    EXPECT_THAT(made.error, IsEmpty());
    EXPECT_THAT(made.warning, HasSubstr("Permission denied"));
}

TEST(SelectBackend, TheUserDecides) {
    EXPECT_EQ(select_backend("model", some(1, 1)).kind, BackendKind::Model);
    EXPECT_THAT(select_backend("model", some(1, 1)).warning, IsEmpty());
    EXPECT_EQ(select_backend("drm", some(1, 0)).kind, BackendKind::Drm);
    const Selection none = select_backend("drm", some(0, 0));
    EXPECT_EQ(none.kind, BackendKind::Drm);
    EXPECT_THAT(none.error, HasSubstr("acc"));
}

TEST(SelectBackend, AnUnknownNameIsAnErrorThatNamesTheKnownOnes) {
    for (const char* unknown : {"DRM", "cuda", "model ", "drm,model"}) {
        try {
            select_backend(unknown, some(1, 0));
            ADD_FAILURE() << unknown;
        } catch (const Error& error) {
            EXPECT_EQ(error.status(), Status::SystemNotReady);
            EXPECT_THAT(error.what(), HasSubstr("model"));
            EXPECT_THAT(error.what(), HasSubstr("drm"));
        }
    }
}

} // namespace
} // namespace acc::rt::drm::test
