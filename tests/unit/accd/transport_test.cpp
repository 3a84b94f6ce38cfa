// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What arrives on the socket is not trusted: whatever it is, the device's side ends the connection
// at worst.
#include <random>

#include "tests/unit/accd/bus.h"

namespace acc::accd::test {
namespace {

struct TransportTest : testing::Test {
    Machine machine;
    Bus& bus = *machine.bus;
    /// The device must have ended the connection because of `what`.
    void expect_ended(const std::string& what) {
        EXPECT_TRUE(bus.closed());
        EXPECT_THAT(machine.hang_up(), testing::HasSubstr(what));
    }
};

using testing::HasSubstr;

TEST_F(TransportTest, OrderlyEnd) {
    EXPECT_EQ(machine.read32(ACC_DEV_ID), ACC_DEV_ID_MAGIC);
    EXPECT_EQ(machine.hang_up(), "");
}

TEST_F(TransportTest, InterruptPinDescriptorsAreTakenWithoutAReply) {
    int pipe_fds[2];
    ASSERT_EQ(pipe(pipe_fds), 0);
    ASSERT_TRUE(bus.send(6, nullptr, 0, {pipe_fds[0], pipe_fds[1]}));
    close(pipe_fds[1]);
    EXPECT_EQ(machine.read32(ACC_DEV_ID), ACC_DEV_ID_MAGIC) << "the next reply belongs to the read";
    char byte;
    EXPECT_EQ(read(pipe_fds[0], &byte, 1), 0) << "the device has closed its copies";
    close(pipe_fds[0]);
}

TEST_F(TransportTest, UnknownCommand) {
    for (int32_t command : {8, 100, -1, INT32_MIN}) {
        Machine fresh;
        fresh.bus->send(command, nullptr, 0);
        EXPECT_TRUE(fresh.bus->closed());
        EXPECT_THAT(fresh.hang_up(), HasSubstr("unknown command"));
    }
}

TEST_F(TransportTest, AReplyIsNoRequest) {
    uint64_t value = 1;
    bus.send(1, &value, sizeof value);
    expect_ended("unknown command 1");
}

TEST_F(TransportTest, SizeOfAnotherMessage) {
    BarPayload p{kBar0, 0, 4, 1};
    bus.send(5, &p, sizeof p - 1);
    expect_ended("23 bytes instead of 24");
}

TEST_F(TransportTest, HugeSize) {
    struct {
        int32_t command = 5;
        uint32_t pad = 0;
        uint64_t size = ~0ull;
    } header;
    bus.send_raw(&header, sizeof header);
    expect_ended("18446744073709551615 bytes");
}

TEST_F(TransportTest, EndWithinAHeader) {
    bus.send_raw("acc", 3);
    EXPECT_THAT(machine.hang_up(), HasSubstr("within a header"));
}

TEST_F(TransportTest, EndWithinAMessage) {
    struct {
        int32_t command = 4;
        uint32_t pad = 0;
        uint64_t size = 24;
        uint64_t part = 0;
    } message;
    bus.send_raw(&message, sizeof message);
    EXPECT_THAT(machine.hang_up(), HasSubstr("within a message"));
}

TEST_F(TransportTest, WidthsThatNoBusHas) {
    for (uint32_t bytes : {0u, 3u, 16u, ~0u}) {
        Machine fresh;
        BarPayload p{kBar0, 0, bytes, 1};
        fresh.bus->send(5, &p, sizeof p);
        EXPECT_TRUE(fresh.bus->closed());
        EXPECT_THAT(fresh.hang_up(), HasSubstr("bad width"));
    }
    ConfigPayload p{0, 0, 5};
    bus.send(3, &p, sizeof p);
    expect_ended("bad width");
}

TEST_F(TransportTest, DescriptorsWhereNoneBelong) {
    BarPayload p{kBar0, 0, 4, 1};
    bus.send(5, &p, sizeof p, {0});
    expect_ended("descriptors with a message that has none");
}

TEST_F(TransportTest, InterruptPinWithoutDescriptors) {
    bus.send(6, nullptr, 0);
    expect_ended("without two descriptors");
}

TEST_F(TransportTest, MoreDescriptorsThanAMessageHas) {
    SyncSysmemPayload p{};
    bus.send(0, &p, sizeof p, std::vector<int>(20, machine.ram.fd()));
    expect_ended("more descriptors");
}

TEST_F(TransportTest, MessagesInPieces) {
    BarPayload p{kBar0 + ACC_DEV_ID, 0, 4, 1};
    struct {
        int32_t command = 5;
        uint32_t pad = 0x55555555; // never initialised by QEMU
        uint64_t size = sizeof(BarPayload);
    } header;
    char text[sizeof header + sizeof p];
    std::memcpy(text, &header, sizeof header);
    std::memcpy(text + sizeof header, &p, sizeof p);
    for (char& byte : text)
        ASSERT_TRUE(bus.send_raw(&byte, 1));
    EXPECT_EQ(bus.reply(), ACC_DEV_ID_MAGIC);
}

/// Messages that are valid on the outside, with anything inside: the device must answer every one,
/// and still be there.
TEST_F(TransportTest, ArbitraryAccessesAreAnswered) {
    std::mt19937_64 random(20261122);
    const uint32_t widths[] = {1, 2, 4, 8};
    for (int i = 0; i < 30000; i++) {
        uint32_t bytes = widths[random() % 4];
        uint64_t address = random() % 8 == 0 ? random() : kBar0 + random() % ACC_BAR0_BYTES;
        if (random() % 2 == 0) address &= ~uint64_t{bytes - 1};
        uint64_t value = random() % 4 == 0 ? random() % 8 : random();
        bool config = random() % 16 == 0;
        // Pulling the device out is a legal wish; not here.
        if (!config && address - kBar0 == ACC_INJECT_COMMAND) continue;
        if (config) {
            if (random() % 2)
                bus.config_write(static_cast<uint32_t>(random() % 260),
                                 static_cast<uint32_t>(value), 1 + static_cast<int>(random() % 4));
            else
                bus.config_read(static_cast<uint32_t>(random() % 260),
                                1 + static_cast<int>(random() % 4));
            if (random() % 4 == 0) machine.power_on();
        } else if (random() % 2) {
            bus.write(address, value, bytes);
        } else {
            bus.read(address, bytes);
        }
    }
    machine.power_on();
    ASSERT_TRUE(machine.ready());
    EXPECT_EQ(machine.read32(ACC_DEV_ID), ACC_DEV_ID_MAGIC);
    ASSERT_TRUE(machine.reset_device());
}

/// Byte streams: valid messages with some bytes changed.
TEST_F(TransportTest, MutatedMessagesEndTheConnectionAtWorst) {
    std::mt19937_64 random(7);
    for (int round = 0; round < 60; round++) {
        Machine fresh;
        for (int i = 0; i < 20; i++) {
            char text[16 + sizeof(SyncSysmemPayload)] = {};
            const int32_t commands[] = {0, 2, 3, 4, 5, 6, 7};
            const size_t sizes[] = {sizeof(SyncSysmemPayload), 12, 12, 24, 24, 0, 0};
            size_t kind = random() % 7;
            uint64_t size = sizes[kind];
            std::memcpy(text, &commands[kind], 4);
            std::memcpy(text + 8, &size, 8);
            for (size_t b = 16; b < 16 + size; b++)
                text[b] = static_cast<char>(random() % 4 == 0 ? random() : 0);
            if (random() % 8 == 0) text[random() % (16 + size)] = static_cast<char>(random());
            std::vector<int> fds(random() % 3 == 0 ? random() % 4
                                 : kind == 5       ? 2
                                                   : 0,
                                 fresh.ram.fd());
            if (!fresh.bus->send_raw(text, 16 + size, fds)) break;
        }
        fresh.hang_up(); // joins the device's thread: it has coped
    }
}

} // namespace
} // namespace acc::accd::test
