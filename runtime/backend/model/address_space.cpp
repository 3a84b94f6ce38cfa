// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sys/mman.h>

#include "runtime/backend/model/backend.h"
#include "runtime/core/resource_limit.h"
#include "runtime/core/status.h"

namespace acc::rt {
namespace {

class ModelAddressSpace final : public AddressSpaceHandle {
  public:
    explicit ModelAddressSpace(ModelBackend& backend)
        : backend_(backend), machine_(backend.machine()), table_(backend),
          vmid_(backend.take_vmid()) {
        if (!backend_.chip().vm_enable(vmid_, table_.root(), base(), bytes())) {
            backend_.return_vmid(vmid_);
            fail(limited(ResourceLimit::AddressSpace, UINT64_MAX) ? Status::SystemNotReady
                                                                  : Status::OutOfMemory,
                 "the device model cannot reserve {} bytes of address space. {}", bytes(),
                 limit_text(ResourceLimit::AddressSpace));
        }
    }

    ~ModelAddressSpace() override {
        while (!backend_.chip().vm_disable(vmid_)) {
        } // false: a queue is still stopping
        backend_.return_vmid(vmid_);
    }

    DeviceAddresses& addresses() const override { return machine_.addresses(); }

    void map(uint64_t va, const std::shared_ptr<MemoryObject>& memory, uint64_t offset,
             uint64_t bytes, MapFlags flags) override {
        const auto& object = static_cast<const ModelMemory&>(*memory);
        const ModelMemory::Seen seen = object.seen_by(backend_);
        uint64_t pte = seen.over_bus ? ACC_PTE_SYSTEM : 0;
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
            table_.map(at, seen.base + extent.offset + skip, piece, pte);
            if (flags.host_visible) map_for_host(at, object, extent.offset + skip, piece);
            at += piece;
            left -= piece;
            skip = 0;
            if (left == 0) break;
        }
        backend_.chip().tlb_invalidate(vmid_, va, bytes);
    }

    void unmap_device(uint64_t va, uint64_t bytes) override {
        std::lock_guard lock(mutex_);
        table_.unmap(va, bytes);
        backend_.chip().tlb_invalidate(vmid_, va, bytes);
    }

    std::unique_ptr<HardwareQueue> create_queue(uint64_t ring, uint32_t packets, uint64_t control,
                                                uint32_t priority) override {
        return make_model_queue(backend_, vmid_, ring, packets, control, priority);
    }

    std::optional<acc_fault_record> take_fault() override { return backend_.take_fault(vmid_); }

  private:
    static void map_for_host(uint64_t va, const ModelMemory& object, uint64_t offset,
                             uint64_t bytes) {
        const MappedFile& file = object.file();
        if (mmap(reinterpret_cast<void*>(va), bytes, PROT_READ | PROT_WRITE,
                 MAP_SHARED | MAP_FIXED | MAP_NORESERVE, file.fd(),
                 static_cast<off_t>(offset)) == MAP_FAILED)
            fail(Status::OutOfMemory, "{} bytes cannot be mapped into the process", bytes);
    }

    ModelBackend& backend_;
    Machine& machine_;
    PageTable table_;
    const uint32_t vmid_;
    std::mutex mutex_; // protects table_
};

} // namespace

std::unique_ptr<AddressSpaceHandle> make_model_address_space(ModelBackend& backend) {
    return std::make_unique<ModelAddressSpace>(backend);
}

} // namespace acc::rt
