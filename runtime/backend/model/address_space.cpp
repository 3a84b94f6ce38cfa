// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sys/mman.h>

#include "runtime/backend/model/backend.h"
#include "runtime/core/status.h"

namespace acc::rt {
namespace {

/// Device addresses per context. Only reserved: costs no memory.
constexpr uint64_t kWindowBytes = 256ull << 30;
constexpr uint64_t kWindowAlign = 1ull << 30;

class ModelAddressSpace final : public AddressSpaceHandle {
public:
    explicit ModelAddressSpace(ModelBackend& backend) : backend_(backend), table_(backend), vmid_(backend.take_vmid()) {
        reserve();
        if (!backend_.chip().vm_enable(vmid_, table_.root(), base_, kWindowBytes)) {
            munmap(reserved_, reserved_bytes_);
            backend_.return_vmid(vmid_);
            fail(Status::OutOfMemory, "the device cannot reserve an address window of {} bytes (is the process's address space limited?)",
                 kWindowBytes);
        }
    }

    ~ModelAddressSpace() override {
        while (!backend_.chip().vm_disable(vmid_)) {} // false: a queue is still stopping
        munmap(reserved_, reserved_bytes_);
        backend_.return_vmid(vmid_);
    }

    uint64_t base() const override { return base_; }
    uint64_t bytes() const override { return kWindowBytes; }

    void map(uint64_t va, const std::shared_ptr<MemoryObject>& memory, uint64_t offset, uint64_t bytes, MapFlags flags) override {
        const auto& object = static_cast<const ModelMemory&>(*memory);
        uint64_t pte = object.domain() == Domain::System ? ACC_PTE_SYSTEM : 0;
        pte |= flags.write ? ACC_PTE_WRITE : 0;
        pte |= flags.execute ? ACC_PTE_EXEC : 0;
        std::lock_guard lock(mutex_);
        uint64_t at = va, skip = offset, left = bytes;
        for (const Extent& extent : object.extents()) {
            if (skip >= extent.bytes) {
                skip -= extent.bytes;
                continue;
            }
            const uint64_t piece = std::min(left, extent.bytes - skip);
            table_.map(at, extent.offset + skip, piece, pte);
            if (flags.host_visible)
                map_for_host(at, object.domain(), extent.offset + skip, piece);
            at += piece;
            left -= piece;
            skip = 0;
            if (left == 0)
                break;
        }
        backend_.chip().tlb_invalidate(vmid_, va, bytes);
    }

    void unmap(uint64_t va, uint64_t bytes) override {
        std::lock_guard lock(mutex_);
        table_.unmap(va, bytes);
        backend_.chip().tlb_invalidate(vmid_, va, bytes);
        // Host views at the device's address, if there were any, go too.
        mmap(reinterpret_cast<void*>(va), bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED | MAP_NORESERVE, -1, 0);
    }

    std::unique_ptr<HardwareQueue> create_queue(uint64_t ring, uint32_t packets, uint64_t control, uint32_t priority) override {
        return make_model_queue(backend_, vmid_, ring, packets, control, priority);
    }

    std::optional<acc_fault_record> take_fault() override { return backend_.take_fault(vmid_); }

private:
    void reserve() {
        reserved_bytes_ = kWindowBytes + kWindowAlign;
        reserved_ = mmap(nullptr, reserved_bytes_, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
        if (reserved_ == MAP_FAILED) {
            backend_.return_vmid(vmid_);
            fail(Status::OutOfMemory, "{} bytes of address space cannot be reserved (is the process's address space limited?)", reserved_bytes_);
        }
        base_ = (reinterpret_cast<uint64_t>(reserved_) + kWindowAlign - 1) & ~(kWindowAlign - 1);
    }

    void map_for_host(uint64_t va, Domain domain, uint64_t offset, uint64_t bytes) {
        MappedFile& file = domain == Domain::Vram ? backend_.vram() : backend_.system();
        if (mmap(reinterpret_cast<void*>(va), bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED | MAP_NORESERVE, file.fd(),
                 static_cast<off_t>(offset)) == MAP_FAILED)
            fail(Status::OutOfMemory, "{} bytes cannot be mapped into the process", bytes);
    }

    ModelBackend& backend_;
    PageTable table_;
    const uint32_t vmid_;
    std::mutex mutex_; // protects table_
    void* reserved_ = nullptr;
    uint64_t reserved_bytes_ = 0;
    uint64_t base_ = 0;
};

} // namespace

std::unique_ptr<AddressSpaceHandle> make_model_address_space(ModelBackend& backend) { return std::make_unique<ModelAddressSpace>(backend); }

} // namespace acc::rt
