// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tests/unit/runtime_drm/fake_kernel.h"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>

namespace acc::rt::drm::test {
namespace {

constexpr uint64_t kPage = 4096;

class FakeFile final : public DeviceFile {
  public:
    explicit FakeFile(FakeKernel& kernel) : kernel_(kernel) {}
    int control(unsigned long request, void* argument) override {
        return kernel_.control(request, argument);
    }
    void* map(void* at, uint64_t bytes, int protection, uint64_t offset) override {
        return kernel_.map(at, bytes, protection, offset);
    }

  private:
    FakeKernel& kernel_;
};

} // namespace

FakeKernel::FakeKernel() : memory_fd_(memfd_create("fake-device", MFD_CLOEXEC)) {
    if (memory_fd_ < 0 || ftruncate(memory_fd_, off_t{1} << 40) != 0) throw std::bad_alloc();
    info.hw_version = 1 << 16;
    info.compute_units = 4;
    info.clock_khz = 1000;
    info.page_bytes = kPage;
    info.va_bits = 48;
    info.va_window_bytes = 1ull << 40;
    info.max_priority = 2;
    on_wait = [](const Wait& wait) {
        *reinterpret_cast<uint64_t*>(wait.address) = wait.value;
        return 0;
    };
}

FakeKernel::~FakeKernel() {
    close(memory_fd_);
}

std::unique_ptr<DeviceFile> FakeKernel::open() {
    return std::make_unique<FakeFile>(*this);
}

std::unique_ptr<DrmBackend> FakeKernel::backend(uint32_t max_priority, uint64_t max_window) {
    return std::make_unique<DrmBackend>(DeviceInfo{}, max_priority, max_window,
                                        [this] { return open(); });
}

void FakeKernel::fail_next(unsigned long request, std::initializer_list<int> errors) {
    failures_[request].insert(failures_[request].end(), errors);
}

unsigned FakeKernel::count(unsigned long request) const {
    return static_cast<unsigned>(std::count(calls.begin(), calls.end(), request));
}

uint64_t FakeKernel::doorbell(uint32_t queue) const {
    uint64_t value = 0;
    if (pread(memory_fd_, &value, sizeof value,
              static_cast<off_t>(queues.at(queue).doorbell_offset)) != sizeof value)
        throw std::bad_alloc();
    return value;
}

void* FakeKernel::map(void* at, uint64_t bytes, int protection, uint64_t offset) {
    const bool known = std::any_of(buffers.begin(), buffers.end(),
                                   [&](const auto& b) {
                                       return b.second.offset == offset && bytes <= b.second.bytes;
                                   }) ||
                       std::any_of(queues.begin(), queues.end(), [&](const auto& q) {
                           return q.second.doorbell_offset == offset && bytes == kPage;
                       });
    if (map_fails || !known) {
        errno = known ? ENOMEM : EINVAL;
        return nullptr;
    }
    void* mapped = mmap(at, bytes, protection, MAP_SHARED | (at != nullptr ? MAP_FIXED : 0),
                        memory_fd_, static_cast<off_t>(offset));
    return mapped == MAP_FAILED ? nullptr : mapped;
}

uint64_t FakeKernel::take_offset(uint64_t bytes) {
    const uint64_t offset = next_offset_;
    next_offset_ += (bytes + kPage - 1) / kPage * kPage + kPage;
    return offset;
}

int FakeKernel::query(drm_acc_dev_query& query) {
    const void* answer = nullptr;
    uint32_t have = 0;
    const drm_acc_dev_timestamp time{.device_ns = 77, .cpu_ns = 5};
    switch (query.type) {
    case DRM_ACC_DEV_QUERY_INFO: answer = &info, have = driver_info_bytes; break;
    case DRM_ACC_DEV_QUERY_MEMORY: answer = &memory, have = sizeof memory; break;
    case DRM_ACC_DEV_QUERY_TIMESTAMP: answer = &time, have = sizeof time; break;
    default: return -EINVAL;
    }
    auto* out = reinterpret_cast<uint8_t*>(query.pointer);
    std::memset(out, 0, query.size);
    std::memcpy(out, answer, std::min(have, query.size));
    query.size = std::min(have, query.size);
    return 0;
}

int FakeKernel::create_buffer(drm_acc_bo_create& create) {
    if (create.bytes == 0 || create.pad != 0 || create.exclusive_vm_id != 0) return -EINVAL;
    create.bytes = (create.bytes + kPage - 1) / kPage * kPage;
    create.handle = next_id_++;
    buffers[create.handle] = {create.bytes, take_offset(create.bytes), create.flags};
    return 0;
}

int FakeKernel::create_queue(drm_acc_queue_create& create) {
    if (!vms.contains(create.vm_id)) return -ENOENT;
    if (create.priority > info.max_priority) return -EACCES;
    create.queue_id = next_id_++;
    create.doorbell_offset = take_offset(kPage);
    Queue& queue = queues[create.queue_id];
    queue.create = create;
    queue.doorbell_offset = create.doorbell_offset;
    return 0;
}

int FakeKernel::bind(drm_acc_vm_bind& bind) {
    if (!vms.contains(bind.vm_id) || bind.ops.stride != sizeof(drm_acc_vm_bind_op) ||
        bind.ops.count == 0 || bind.ops.count > 65536)
        return -EINVAL;
    const auto* ops = reinterpret_cast<const drm_acc_vm_bind_op*>(bind.ops.array);
    bind_sizes.push_back(bind.ops.count);
    for (uint32_t i = 0; i < bind.ops.count; ++i) {
        if (i == bind_stop) {
            bind_stop = UINT32_MAX;
            bind.ops.count = i;
            return -bind_error;
        }
        if (ops[i].type == DRM_ACC_VM_BIND_OP_MAP &&
            (!buffers.contains(ops[i].bo_handle) ||
             ops[i].bo_offset + ops[i].bytes > buffers[ops[i].bo_handle].bytes))
            return -EINVAL;
        binds.push_back(ops[i]);
    }
    return 0;
}

int FakeKernel::get_faults(drm_acc_fault_get& get) {
    const uint32_t room = fault_delay == 0 ? get.faults.count : 0;
    fault_delay -= fault_delay != 0;
    auto* out = reinterpret_cast<uint8_t*>(get.faults.array);
    for (get.faults.count = 0; get.faults.count < room && !faults.empty(); ++get.faults.count) {
        std::memcpy(out + size_t{get.faults.count} * get.faults.stride, &faults.front(),
                    std::min<size_t>(get.faults.stride, sizeof(drm_acc_fault)));
        faults.pop_front();
    }
    return 0;
}

int FakeKernel::wait_fence(const drm_acc_wait_fence& wait) {
    if (wait.flags != 0 || wait.fences.count != 1 ||
        wait.fences.stride != sizeof(drm_acc_user_fence))
        return -EINVAL;
    Wait one{*reinterpret_cast<const drm_acc_user_fence*>(wait.fences.array), wait.deadline_ns};
    return on_wait(one);
}

int FakeKernel::control(unsigned long request, void* argument) {
    calls.push_back(request);
    if (gone) return -ENODEV;
    if (auto& errors = failures_[request]; !errors.empty()) {
        const int error = errors.front();
        errors.pop_front();
        return -error;
    }
    switch (request) {
    case DRM_IOCTL_ACC_DEV_QUERY: return query(*static_cast<drm_acc_dev_query*>(argument));
    case DRM_IOCTL_ACC_BO_CREATE: return create_buffer(*static_cast<drm_acc_bo_create*>(argument));
    case DRM_IOCTL_ACC_QUEUE_CREATE:
        return create_queue(*static_cast<drm_acc_queue_create*>(argument));
    case DRM_IOCTL_ACC_VM_BIND: return bind(*static_cast<drm_acc_vm_bind*>(argument));
    case DRM_IOCTL_ACC_FAULT_GET: return get_faults(*static_cast<drm_acc_fault_get*>(argument));
    case DRM_IOCTL_ACC_WAIT_FENCE: return wait_fence(*static_cast<drm_acc_wait_fence*>(argument));
    case DRM_IOCTL_GEM_CLOSE:
        return buffers.erase(static_cast<drm_gem_close*>(argument)->handle) != 0 ? 0 : -EINVAL;
    case DRM_IOCTL_ACC_VM_DESTROY:
        return vms.erase(static_cast<drm_acc_vm_destroy*>(argument)->vm_id) != 0 ? 0 : -ENOENT;
    case DRM_IOCTL_ACC_QUEUE_DESTROY:
        return queues.erase(static_cast<drm_acc_queue_destroy*>(argument)->queue_id) != 0 ? 0
                                                                                          : -ENOENT;
    case DRM_IOCTL_ACC_VM_CREATE: {
        auto& create = *static_cast<drm_acc_vm_create*>(argument);
        create.vm_id = next_id_++;
        vms[create.vm_id] = create;
        return 0;
    }
    case DRM_IOCTL_ACC_BO_MMAP_OFFSET: {
        auto& place = *static_cast<drm_acc_bo_mmap_offset*>(argument);
        const auto buffer = buffers.find(place.handle);
        if (buffer == buffers.end()) return -ENOENT;
        place.offset = buffer->second.offset;
        return 0;
    }
    case DRM_IOCTL_ACC_QUEUE_GET_STATE: {
        auto& state = *static_cast<drm_acc_queue_get_state*>(argument);
        state.state = queues.at(state.queue_id).state;
        return 0;
    }
    case DRM_IOCTL_ACC_QUEUE_SET_PROPERTY: {
        const auto& set = *static_cast<drm_acc_queue_set_property*>(argument);
        queues.at(set.queue_id).properties[set.property] = set.value;
        return 0;
    }
    default: return -ENOTTY;
    }
}

} // namespace acc::rt::drm::test
