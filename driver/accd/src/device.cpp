// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "driver/accd/src/device.h"

#include "acc/spec/acc_regs.h"

namespace acc::accd {

namespace {

constexpr uint32_t kClockKhz = 1'000'000; ///< the model's sr_clock counts nanoseconds
constexpr uint64_t kVaWindow = 1ull << 40;
constexpr auto kResetRetry = std::chrono::milliseconds(10);
constexpr uint32_t kMsixTableBytes = ACC_MSIX_VECTORS * 16, kMsixPendingBytes = 8;

uint64_t ones(unsigned bytes) {
    return ~0ull >> (64 - 8 * bytes);
}

bool within(uint32_t offset, uint32_t base, uint32_t bytes) {
    return offset >= base && offset - base < bytes;
}

} // namespace

Device::Device(const DeviceConfig& config, InterruptSender& sender)
    : msix_(sender), interrupts_(msix_), chip_(model::Chip::create(config.chip, memory_, this)),
      queues_(*chip_, interrupts_), spaces_(*chip_, queues_), faults_(*chip_),
      uuid_{config.uuid[0], config.uuid[1]}, sender_(sender) {
    sender_.add(msix_);
}

Device::~Device() {
    queues_.stop();
    spaces_.stop();
    sender_.remove(msix_);
}

// --- The bus -----------------------------------------------------------------------------------

uint32_t Device::config_read(uint32_t offset, unsigned bytes) {
    return config_.read(offset, bytes);
}

void Device::config_write(uint32_t offset, uint32_t value, unsigned bytes) {
    ConfigSpace::Effects effects = config_.write(offset, value, bytes);
    if (effects.function_reset)
        function_reset();
    else if (effects.controls_changed)
        push_controls();
}

void Device::set_memory(std::vector<MemoryRegion> regions) {
    for (const GuestMemory::Range& range : memory_.set_regions(std::move(regions)))
        spaces_.bus_changed(range.gpa, range.bytes);
}

void Device::bus_reset() {
    function_reset();
}

void Device::push_controls() {
    if (memory_.set_bus_master(config_.bus_master())) spaces_.bus_changed(0, 0);
    msix_.set_controls(config_.msix_enabled(), config_.msix_masked(), config_.bus_master());
}

/// Whether an access hits BAR 0, and where.
bool Device::decodes(uint64_t address, unsigned bytes, uint32_t& offset) const {
    uint64_t from_base = address - config_.bar0();
    if (!config_.memory_enabled() || from_base > ACC_BAR0_BYTES - bytes) return false;
    offset = static_cast<uint32_t>(from_base);
    return true;
}

bool Device::in_msix(uint32_t offset, unsigned bytes) const {
    return (bytes == 4 || bytes == 8) && offset % bytes == 0 &&
           (within(offset, ACC_MSIX_TABLE, kMsixTableBytes) ||
            within(offset, ACC_MSIX_PBA, kMsixPendingBytes));
}

uint64_t Device::bad_access() {
    bus_errors_.fetch_add(1, std::memory_order_relaxed);
    return ~0ull;
}

uint64_t Device::bar_read(uint64_t address, unsigned bytes) {
    uint32_t offset;
    if (!decodes(address, bytes, offset)) return ones(bytes);
    if (in_msix(offset, bytes))
        return offset < ACC_MSIX_PBA ? msix_.read_table(offset - ACC_MSIX_TABLE, bytes)
                                     : msix_.read_pending(offset - ACC_MSIX_PBA, bytes);
    RegisterPlace place = find_register(offset);
    if (!place.row || place.row->bits != 8 * bytes) return bad_access() & ones(bytes);
    return place.row->access == Access::wo ? 0 : read_register(place);
}

void Device::bar_write(uint64_t address, uint64_t value, unsigned bytes) {
    uint32_t offset;
    if (!decodes(address, bytes, offset)) return;
    value &= ones(bytes);
    if (in_msix(offset, bytes)) {
        if (offset < ACC_MSIX_PBA) msix_.write_table(offset - ACC_MSIX_TABLE, value, bytes);
        return; // pending bits: software must not write them, and nothing happens when it does
    }
    RegisterPlace place = find_register(offset);
    bool writable = place.row && place.row->bits == 8 * bytes && place.row->access != Access::ro &&
                    place.row->access != Access::rc;
    if (!writable)
        bad_access();
    else if (!resetting_)
        write_register(place, value);
}

// --- Registers ---------------------------------------------------------------------------------

uint64_t Device::read_register(const RegisterPlace& place) {
    const Register id = place.row->id;
    switch (place.row->block) {
    case Block::DEV: return read_dev(id);
    case Block::IRQ: return interrupts_.read(id, place.index);
    case Block::FAULTS: return faults_.read(id, place.index);
    case Block::INJECT: return read_inject(id);
    case Block::VM: return spaces_.read(id, place.instance);
    case Block::QUEUE: return queues_.read(id, place.instance);
    case Block::DOORBELL: break;
    }
    return 0;
}

void Device::write_register(const RegisterPlace& place, uint64_t value) {
    const Register id = place.row->id;
    switch (place.row->block) {
    case Block::DEV:
        if (id == Register::DEV_RESET && value == ACC_DEV_RESET_KEY) begin_reset();
        break;
    case Block::IRQ: interrupts_.write(id, value); break;
    case Block::FAULTS: faults_.pop(); break; // POP is the only one that can be written
    case Block::INJECT: write_inject(id, value); break;
    case Block::VM: spaces_.write(id, place.instance, value); break;
    case Block::QUEUE: queues_.write(id, place.instance, value); break;
    case Block::DOORBELL: queues_.doorbell(place.instance, value); break;
    }
}

uint64_t Device::read_dev(Register id) const {
    switch (id) {
    case Register::DEV_ID: return ACC_DEV_ID_MAGIC;
    case Register::DEV_VERSION:
        return 1u << ACC_DEV_VERSION_MAJOR_SHIFT | 1u << ACC_DEV_VERSION_MINOR_SHIFT;
    case Register::DEV_VRAM_BYTES: return chip_->vram_bytes();
    case Register::DEV_COMPUTE_UNITS: return chip_->compute_units();
    case Register::DEV_QUEUES: return model::kMaxQueues;
    case Register::DEV_ADDRESS_SPACES: return model::kMaxAddressSpaces;
    case Register::DEV_CLOCK_KHZ: return kClockKhz;
    case Register::DEV_UUID_LO: return uuid_[0];
    case Register::DEV_UUID_HI: return uuid_[1];
    case Register::DEV_VA_WINDOW_BYTES: return kVaWindow;
    case Register::DEV_APERTURE: return ACC_DEV_APERTURE_COMPANION;
    case Register::DEV_TIMESTAMP: return chip_->timestamp_ns();
    case Register::DEV_STATUS:
        return resetting_ ? ACC_DEV_STATUS_RESETTING_MASK : ACC_DEV_STATUS_READY_MASK;
    case Register::DEV_BUS_ERRORS: return bus_errors_;
    case Register::DEV_DMA_ERRORS: return static_cast<uint32_t>(memory_.refused());
    case Register::DEV_ECC_CORRECTED: return chip_->counters().ecc_corrected;
    case Register::DEV_ECC_UNCORRECTED: return chip_->counters().ecc_uncorrected;
    case Register::DEV_PACKETS: return chip_->counters().packets;
    case Register::DEV_DISPATCHES: return chip_->counters().dispatches;
    case Register::DEV_BLOCKS: return chip_->counters().blocks;
    case Register::DEV_BYTES_COPIED: return chip_->counters().bytes_copied;
    default: return 0;
    }
}

// --- Injection ---------------------------------------------------------------------------------

uint64_t Device::read_inject(Register id) const {
    return id == Register::INJECT_UNLOCK ? uint64_t{inject_unlocked_} : inject_argument_.load();
}

void Device::write_inject(Register id, uint64_t value) {
    if (id == Register::INJECT_UNLOCK) {
        inject_unlocked_ = value == ACC_INJECT_UNLOCK_KEY;
    } else if (id == Register::INJECT_ARGUMENT) {
        inject_argument_ = value;
    } else if (!inject_unlocked_ || !inject(static_cast<uint32_t>(value), inject_argument_)) {
        bad_access();
    }
}

/// False: no such command, or an argument out of range.
bool Device::inject(uint32_t command, uint64_t argument) {
    switch (command) {
    case ACC_INJECT_COMMAND_HANG_QUEUE:
        return argument < model::kMaxQueues &&
               chip_->inject_queue_hang(static_cast<uint32_t>(argument));
    case ACC_INJECT_COMMAND_HANG_DEVICE:
        queues_.hang();
        chip_->inject_device_hang();
        return true;
    case ACC_INJECT_COMMAND_LOSE_INTERRUPTS: msix_.lose(argument); return true;
    case ACC_INJECT_COMMAND_POISON_PAGE: return chip_->poison_vram(argument);
    case ACC_INJECT_COMMAND_SCRUB_PAGE:
        if (argument >= chip_->vram_bytes()) return false;
        chip_->unpoison_vram(argument);
        return true;
    case ACC_INJECT_COMMAND_CORRECTED_ECC: chip_->inject_corrected_ecc(argument); return true;
    case ACC_INJECT_COMMAND_VANISH: vanished_ = true; return true;
    default: return false;
    }
}

// --- Reset -------------------------------------------------------------------------------------

void Device::function_reset() {
    config_.reset();
    msix_.reset();
    push_controls();
    begin_reset();
}

/// Registers keep answering; the chip is stopped on the command thread.
void Device::begin_reset() {
    if (resetting_.exchange(true)) return;
    queues_.begin_reset();
    spaces_.begin_reset();
    queues_.run_first([this] { reset_chip(); });
}

void Device::reset_chip() {
    if (chip_->device_reset())
        end_reset();
    else
        queues_.run_later([this] { reset_chip(); }, kResetRetry);
}

void Device::end_reset() {
    // The chip is quiet: nothing sets anything any more.
    faults_.reset();
    interrupts_.reset();
    msix_.lose(0);
    inject_unlocked_ = false;
    inject_argument_ = 0;
    memory_.drop_retired();
    spaces_.end_reset();
    queues_.end_reset();
    resetting_ = false;
}

void Device::stop() {
    msix_.reset();
    memory_.set_bus_master(false); // what is mapped goes with the reset
    begin_reset();
}

} // namespace acc::accd
