// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tests/kmd/device.h"

#include <algorithm>
#include <cinttypes>
#include <climits>
#include <cstdio>
#include <ctime>
#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <xf86drm.h>

#include "compiler/isa/assemble.h"

namespace acc::kmd {

int call(int fd, unsigned long request, void* argument) {
    for (;;) {
        if (ioctl(fd, request, argument) == 0) return 0;
        if (errno != EINTR) return errno;
    }
}

uint64_t now_ns() {
    timespec t{};
    clock_gettime(CLOCK_MONOTONIC, &t);
    return static_cast<uint64_t>(t.tv_sec) * 1'000'000'000 + static_cast<uint64_t>(t.tv_nsec);
}

int64_t deadline(double seconds) {
    return static_cast<int64_t>(now_ns()) + static_cast<int64_t>(seconds * 1e9);
}

void pause_ms(unsigned milliseconds) {
    usleep(milliseconds * 1000);
}

std::vector<std::string> device_paths() {
    std::vector<std::string> paths;
    for (int number = 128; number < 192; number++) {
        std::string path = "/dev/dri/renderD" + std::to_string(number);
        const int fd = open(path.c_str(), O_RDWR | O_CLOEXEC);
        if (fd < 0) continue;
        if (drmVersion* version = drmGetVersion(fd)) {
            if (std::string_view(version->name) == "acc") paths.push_back(path);
            drmFreeVersion(version);
        }
        ::close(fd);
    }
    return paths;
}

// --- Device
// ---------------------------------------------------------------------------------------------------------------

Device::Device(unsigned index) {
    // Looking for the nodes costs dozens of opens, and they change only when a driver is bound
    // again.
    static std::vector<std::string> paths = device_paths();
    if (index < paths.size()) fd_ = open(paths[index].c_str(), O_RDWR | O_CLOEXEC);
    if (fd_ < 0) {
        paths = device_paths();
        if (index >= paths.size()) throw Failure("no device " + std::to_string(index), ENODEV);
        fd_ = open(paths[index].c_str(), O_RDWR | O_CLOEXEC);
    }
    path_ = paths[index];
    if (fd_ < 0) throw Failure("open " + path_, errno);
}

Device::~Device() {
    close();
}

void Device::close() {
    if (fd_ >= 0) ::close(fd_);
    fd_ = -1;
}

// --- Bo
// -------------------------------------------------------------------------------------------------------------------

Bo::Bo(const Device& device, uint64_t bytes, uint32_t flags, uint32_t exclusive_vm)
    : fd_(device.fd()) {
    drm_acc_bo_create create{};
    create.bytes = bytes;
    create.flags = flags;
    create.exclusive_vm_id = exclusive_vm;
    if (int e = device.call(DRM_IOCTL_ACC_BO_CREATE, create)) throw Failure("BO_CREATE", e);
    handle_ = create.handle;
    bytes_ = create.bytes;
}

Bo Bo::adopt(const Device& device, uint32_t handle, uint64_t bytes) {
    Bo bo;
    bo.fd_ = device.fd();
    bo.handle_ = handle;
    bo.bytes_ = bytes;
    return bo;
}

Bo::Bo(Bo&& other) noexcept
    : fd_(other.fd_), handle_(std::exchange(other.handle_, 0)), bytes_(other.bytes_),
      host_(std::exchange(other.host_, nullptr)) {}

Bo::~Bo() {
    close();
}

void* Bo::host() {
    if (host_) return host_;
    drm_acc_bo_mmap_offset where{};
    where.handle = handle_;
    if (int e = call(fd_, DRM_IOCTL_ACC_BO_MMAP_OFFSET, &where)) throw Failure("BO_MMAP_OFFSET", e);
    void* p = mmap(nullptr, bytes_, PROT_READ | PROT_WRITE, MAP_SHARED, fd_,
                   static_cast<off_t>(where.offset));
    if (p == MAP_FAILED) throw Failure("mmap of a buffer", errno);
    return host_ = p;
}

int Bo::export_fd() const {
    int out = -1;
    if (drmPrimeHandleToFD(fd_, handle_, DRM_CLOEXEC | DRM_RDWR, &out))
        throw Failure("PRIME_HANDLE_TO_FD", errno);
    return out;
}

void Bo::close() {
    if (host_) munmap(host_, bytes_);
    host_ = nullptr;
    if (handle_) drmCloseBufferHandle(fd_, handle_);
    handle_ = 0;
}

// --- Vm
// -------------------------------------------------------------------------------------------------------------------

Vm::Vm(const Device& device, uint64_t base, uint64_t bytes)
    : fd_(device.fd()), next_(base + kPage), end_(base + bytes) {
    drm_acc_vm_create create{};
    create.va_base = base;
    create.va_bytes = bytes;
    if (int e = device.call(DRM_IOCTL_ACC_VM_CREATE, create)) throw Failure("VM_CREATE", e);
    id_ = create.vm_id;
}

Vm::~Vm() {
    drm_acc_vm_destroy destroy{.vm_id = id_, .pad = 0};
    call(fd_, DRM_IOCTL_ACC_VM_DESTROY, &destroy);
}

uint64_t Vm::reserve(uint64_t bytes, uint64_t alignment) {
    const uint64_t va = (next_ + alignment - 1) / alignment * alignment;
    next_ = va + (bytes + kPage - 1) / kPage * kPage + kPage;
    if (next_ > end_) throw Failure("the test's address window is used up", ENOMEM);
    return va;
}

int Vm::try_bind(std::span<const drm_acc_vm_bind_op> ops, uint32_t flags, uint32_t* done) const {
    drm_acc_vm_bind bind{};
    bind.vm_id = id_;
    bind.flags = flags;
    bind.ops.stride = sizeof(drm_acc_vm_bind_op);
    bind.ops.count = static_cast<uint32_t>(ops.size());
    bind.ops.array = reinterpret_cast<uint64_t>(ops.data());
    const int e = call(fd_, DRM_IOCTL_ACC_VM_BIND, &bind);
    if (done) *done = bind.ops.count;
    return e;
}

drm_acc_vm_bind_op map_op(uint32_t bo, uint64_t va, uint64_t bytes, uint64_t offset,
                          uint32_t flags) {
    drm_acc_vm_bind_op op{};
    op.type = DRM_ACC_VM_BIND_OP_MAP;
    op.flags = flags;
    op.bo_handle = bo;
    op.bo_offset = offset;
    op.va = va;
    op.bytes = bytes;
    return op;
}

drm_acc_vm_bind_op unmap_op(uint64_t va, uint64_t bytes) {
    drm_acc_vm_bind_op op{};
    op.type = DRM_ACC_VM_BIND_OP_UNMAP;
    op.va = va;
    op.bytes = bytes;
    return op;
}

void Vm::map(const Bo& bo, uint64_t va, uint64_t bytes, uint64_t offset, uint32_t flags) {
    const drm_acc_vm_bind_op op = map_op(bo.handle(), va, bytes, offset, flags);
    if (int e = try_bind({&op, 1})) throw Failure("VM_BIND map", e);
}

void Vm::unmap(uint64_t va, uint64_t bytes) {
    const drm_acc_vm_bind_op op = unmap_op(va, bytes);
    if (int e = try_bind({&op, 1})) throw Failure("VM_BIND unmap", e);
}

drm_acc_vm_get_state Vm::state() const {
    drm_acc_vm_get_state state{};
    state.vm_id = id_;
    if (int e = call(fd_, DRM_IOCTL_ACC_VM_GET_STATE, &state)) throw Failure("VM_GET_STATE", e);
    return state;
}

std::vector<drm_acc_fault> Vm::faults() const {
    std::vector<drm_acc_fault> faults(64);
    drm_acc_fault_get get{};
    get.vm_id = id_;
    get.faults = DRM_ACC_OBJ_ARRAY(static_cast<uint32_t>(faults.size()), faults.data());
    if (int e = call(fd_, DRM_IOCTL_ACC_FAULT_GET, &get)) throw Failure("FAULT_GET", e);
    faults.resize(get.faults.count);
    return faults;
}

drm_acc_fault Vm::wait_fault(double seconds) const {
    drm_acc_fault fault{};
    for (const int64_t end = deadline(seconds);;) {
        drm_acc_fault_get get{};
        get.vm_id = id_;
        get.faults = DRM_ACC_OBJ_ARRAY(1, &fault);
        if (int e = call(fd_, DRM_IOCTL_ACC_FAULT_GET, &get)) throw Failure("FAULT_GET", e);
        if (get.faults.count == 1) return fault;
        if (static_cast<int64_t>(now_ns()) > end) throw Failure("no fault was reported", ETIME);
        pause_ms(1);
    }
}

// --- Queue
// ----------------------------------------------------------------------------------------------------------------

Queue::Queue(const Device& device, Vm& vm, Options options)
    : fd_(device.fd()), vm_(vm),
      ring_bytes_(std::max<uint64_t>(uint64_t{options.packets} * ACC_PACKET_BYTES, kPage)),
      signals_(kPage + ring_bytes_), packets_(options.packets),
      memory_(device, 2 * kPage + ring_bytes_, DRM_ACC_BO_SYSTEM) {
    va_ = vm.reserve(memory_.bytes());
    vm.map(memory_, va_, memory_.bytes());
    memory_.host();
    drm_acc_queue_create create{};
    create.vm_id = vm.id();
    create.priority = options.priority;
    create.ring_va = ring_va();
    create.control_va = control_va();
    create.ring_packets = options.packets;
    create.watchdog_ms = options.watchdog_ms;
    if (int e = call(fd_, DRM_IOCTL_ACC_QUEUE_CREATE, &create)) throw Failure("QUEUE_CREATE", e);
    id_ = create.queue_id;
    doorbell_offset_ = create.doorbell_offset;
    void* p = mmap(nullptr, kPage, PROT_WRITE, MAP_SHARED, fd_,
                   static_cast<off_t>(create.doorbell_offset));
    if (p == MAP_FAILED) {
        const int e = errno;
        destroy();
        throw Failure("mmap of the doorbell", e);
    }
    doorbell_ = static_cast<volatile uint64_t*>(p);
}

Queue::~Queue() {
    destroy();
}

void Queue::destroy() {
    if (doorbell_) munmap(const_cast<uint64_t*>(doorbell_), kPage);
    doorbell_ = nullptr;
    drm_acc_queue_destroy destroy{.queue_id = id_, .pad = 0};
    if (id_) call(fd_, DRM_IOCTL_ACC_QUEUE_DESTROY, &destroy);
    id_ = 0;
    if (memory_.handle()) {
        const drm_acc_vm_bind_op op = unmap_op(va_, memory_.bytes());
        vm_.try_bind({&op, 1});
    }
}

uint64_t Queue::put_raw(const Packet& packet) {
    auto* slot = memory_.at<Packet>(kPage + written_ % packets_ * ACC_PACKET_BYTES);
    for (unsigned i = 7; i > 0; i--)
        slot->words[i] = packet.words[i];
    // The header makes the packet valid, so it goes last.
    __atomic_store_n(&slot->words[0], packet.words[0], __ATOMIC_RELEASE);
    control().write_index = written_ + 1;
    return written_++;
}

uint64_t Queue::put(Packet packet) {
    // All packets have their signal and value in the last 16 bytes.
    if (packet.copy.signal == 0) {
        packet.copy.signal = signal_va();
        packet.copy.value = written_ + 1;
    }
    return put_raw(packet);
}

void Queue::ring() {
    // Also empties the write-combining buffers of mapped device memory.
    std::atomic_thread_fence(std::memory_order_seq_cst);
    *doorbell_ = written_;
}

uint64_t Queue::submit(const Packet& packet) {
    const uint64_t index = put(packet);
    ring();
    return index;
}

int Queue::wait_at(void* address, uint64_t value, int64_t deadline_ns) const {
    const drm_acc_user_fence fence{
        .address = reinterpret_cast<uint64_t>(address), .value = value, .queue_id = id_, .pad = 0};
    drm_acc_wait_fence wait{};
    wait.fences = DRM_ACC_OBJ_ARRAY(1, &fence);
    wait.deadline_ns = deadline_ns;
    return call(fd_, DRM_IOCTL_ACC_WAIT_FENCE, &wait);
}

int Queue::wait_for(uint64_t value, double seconds) {
    return wait_at(&signal(), value, deadline(seconds));
}

drm_acc_queue_get_state Queue::state() const {
    drm_acc_queue_get_state state{};
    state.queue_id = id_;
    if (int e = call(fd_, DRM_IOCTL_ACC_QUEUE_GET_STATE, &state))
        throw Failure("QUEUE_GET_STATE", e);
    return state;
}

// --- Code and Client
// ------------------------------------------------------------------------------------------------------

namespace {

std::vector<std::pair<uint64_t, uint64_t>> assemble_at(const std::string& text, uint64_t va) {
    const isa::Assembly assembly = isa::assemble(text, va);
    std::string errors;
    for (const isa::AsmError& e : assembly.errors)
        errors += "\n  " + e.text();
    if (!errors.empty()) throw Failure("a kernel does not assemble:" + errors, EINVAL);
    std::vector<std::pair<uint64_t, uint64_t>> words;
    for (const isa::Word& w : assembly.words)
        words.emplace_back(w.lo, w.hi);
    return words;
}

} // namespace

Code::Code(const Device& device, Vm& vm, const std::string& text, KernelOptions options)
    : bo_(device, kBytes, DRM_ACC_BO_SYSTEM), va_(vm.reserve(kBytes)) {
    load(vm, assemble_at(text, entry()), options);
}

Code::Code(const Device& device, Vm& vm, std::span<const std::pair<uint64_t, uint64_t>> words,
           KernelOptions options)
    : bo_(device, kBytes, DRM_ACC_BO_SYSTEM), va_(vm.reserve(kBytes)) {
    load(vm, words, options);
}

void Code::load(Vm& vm, std::span<const std::pair<uint64_t, uint64_t>> words,
                KernelOptions options) {
    if (words.size() > (kBytes - kEntry) / 16) throw Failure("kernel too long", E2BIG);
    acc_kernel_descriptor& k = descriptor();
    k.magic = ACC_KERNEL_DESCRIPTOR_MAGIC;
    k.version = 1;
    k.entry = kEntry;
    k.num_regs = options.registers;
    k.shared_bytes = options.shared_bytes;
    k.local_bytes = options.local_bytes;
    k.kernarg_bytes = options.kernarg_bytes;
    auto* out = bo_.at<uint64_t>(kEntry);
    for (const auto& [lo, hi] : words) {
        *out++ = lo;
        *out++ = hi;
    }
    vm.map(bo_, va_, kBytes, 0, DRM_ACC_VM_BIND_OP_MAP_EXEC | DRM_ACC_VM_BIND_OP_MAP_READONLY);
}

Buffer Client::allocate(uint64_t bytes, uint32_t flags, uint32_t map_flags) {
    Bo bo(device, bytes, flags);
    const uint64_t va = vm.reserve(bo.bytes());
    vm.map(bo, va, bo.bytes(), 0, map_flags);
    return Buffer{std::move(bo), va};
}

void Client::set_arguments(std::initializer_list<uint64_t> values) {
    std::copy(values.begin(), values.end(), arguments.at<uint64_t>());
}

int Client::launch(const Code& code, std::initializer_list<uint64_t> values, uint32_t blocks,
                   uint16_t threads) {
    set_arguments(values);
    return queue.run(dispatch(code.kernel(), arguments.va, blocks, threads));
}

} // namespace acc::kmd
