// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What device code asks the runtime: devices, attributes, kernels, texts of errors, memory. The
// host's runtime has written down what it knows (docs/dynamic-parallelism.md).
#include "launch.h"

extern "C" void* malloc(unsigned long bytes);
extern "C" void free(void* pointer);

namespace {

using Word = const __attribute__((address_space(1))) int;
/// Words of the tables; then an attribute for each number, then the errors, then texts.
enum TableWord : u32 { kVersion, kDevice, kDevices, kAttributes, kErrors, kHeader };
constexpr int kNoAttribute = int(0x80000000);

LOCAL Word* tables() {
    Area* area = launch_area();
    return area ? (Word*)area->tables : nullptr;
}

cudaError_t tell(int* to, TableWord which) {
    Word* table = tables();
    if (!to) return failed(kInvalidValue);
    if (!table) return failed(kNotSupported);
    *to = table[which];
    return kSuccess;
}

/// An error's name (1) or text (2), or null.
const char* text_of(cudaError_t error, u32 which) {
    Word* table = tables();
    if (!table) return "unknown error";
    Word* row = table + kHeader + table[kAttributes];
    for (int i = 0; i < table[kErrors]; ++i, row += 3)
        if (row[0] == error) return (const char*)(u64(table) + u32(row[which]));
    return which == 1 ? "unrecognized error code" : "unrecognized error code";
}

LOCAL Descriptor* kernel_of(const void* func) {
    Descriptor* kernel = (Descriptor*)u64(func);
    return kernel && kernel->magic == ACC_KERNEL_DESCRIPTOR_MAGIC ? kernel : nullptr;
}

LOCAL u32 fixed_shared(Descriptor* kernel) {
    return (kernel->shared_bytes + 15) & ~15u;
}

/// cudaFuncAttributes.
struct FunctionAttributes {
    unsigned long shared_bytes, constant_bytes, local_bytes;
    int max_threads, registers, ptx_version, binary_version, cache_mode;
    int most_dynamic_shared, carveout;
    int cluster[6];
    int reserved[16];
};

} // namespace

extern "C" cudaError_t cudaGetDevice(int* device) {
    return tell(device, kDevice);
}
extern "C" cudaError_t cudaGetDeviceCount(int* count) {
    return tell(count, kDevices);
}
extern "C" cudaError_t cudaRuntimeGetVersion(int* version) {
    return tell(version, kVersion);
}

extern "C" cudaError_t cudaDeviceGetAttribute(int* value, int attribute, int device) {
    Word* table = tables();
    if (!value) return failed(kInvalidValue);
    if (!table) return failed(kNotSupported);
    if (device != table[kDevice])
        return failed(device < 0 || device >= table[kDevices] ? kInvalidDevice : kNotSupported);
    if (attribute < 0 || attribute >= table[kAttributes] ||
        table[kHeader + attribute] == kNoAttribute)
        return failed(kInvalidValue);
    *value = table[kHeader + attribute];
    return kSuccess;
}

extern "C" cudaError_t cudaDeviceGetLimit(unsigned long* value, int limit) {
    enum { kStackSize, kPrintfSize, kHeapSize, kPendingLaunches = 4 };
    Area* area = launch_area();
    if (!value) return failed(kInvalidValue);
    if (!area) return failed(kNotSupported);
    using Word64 = const __attribute__((address_space(1))) u64;
    auto* heap = (Word64*)__acc_sr_heap();
    auto* messages = (Word64*)__acc_sr_printf();
    switch (limit) {
    case kStackSize: *value = area->stack_bytes; break;
    case kPrintfSize: *value = messages ? messages[1] : 0; break;
    case kHeapSize: *value = heap[1] - heap[0]; break;
    case kPendingLaunches: *value = area->pools[kLaunches].most; break;
    default: return failed(kNotSupported);
    }
    return kSuccess;
}
extern "C" cudaError_t cudaDeviceGetCacheConfig(int* config) {
    *config = 0; // no preference: there is nothing to configure
    return kSuccess;
}
extern "C" cudaError_t cudaDeviceGetSharedMemConfig(int* config) {
    *config = 1; // banks of four bytes
    return kSuccess;
}

extern "C" const char* cudaGetErrorName(cudaError_t error) {
    return text_of(error, 1);
}
extern "C" const char* cudaGetErrorString(cudaError_t error) {
    return text_of(error, 2);
}

extern "C" cudaError_t cudaFuncGetAttributes(FunctionAttributes* to, const void* func) {
    Descriptor* kernel = kernel_of(func);
    if (!to) return failed(kInvalidValue);
    if (!kernel) return failed(kInvalidDeviceFunction);
    *to = {};
    to->shared_bytes = kernel->shared_bytes;
    to->local_bytes = kernel->local_bytes;
    u32 threads = kernel->max_threads ? kernel->max_threads : ACC_MAX_THREADS_PER_BLOCK;
    while (threads > 0 && acc_blocks_per_cu(kernel->num_regs, threads, fixed_shared(kernel)) == 0)
        threads = (threads - 1) / ACC_WARP_SIZE * ACC_WARP_SIZE;
    to->max_threads = int(threads);
    to->registers = kernel->num_regs;
    to->ptx_version = to->binary_version = ACC_COMPUTE_CAPABILITY;
    to->cache_mode = 1;
    const u32 fixed = fixed_shared(kernel);
    to->most_dynamic_shared = fixed < ACC_SHARED_PER_BLOCK ? int(ACC_SHARED_PER_BLOCK - fixed) : 0;
    to->carveout = -1;
    return kSuccess;
}

extern "C" cudaError_t
cudaOccupancyMaxActiveBlocksPerMultiprocessorWithFlags(int* blocks, const void* func, int threads,
                                                       unsigned long dynamic_shared, u32 flags) {
    Descriptor* kernel = kernel_of(func);
    if (!blocks || threads <= 0 || flags > 1) return failed(kInvalidValue);
    if (!kernel) return failed(kInvalidDeviceFunction);
    const u64 shared = fixed_shared(kernel) + dynamic_shared;
    const bool fits = (kernel->max_threads == 0 || u32(threads) <= kernel->max_threads) &&
                      shared <= ACC_SHARED_PER_BLOCK_OPTIN;
    *blocks = fits ? int(acc_blocks_per_cu(kernel->num_regs, u32(threads), u32(shared))) : 0;
    return kSuccess;
}
extern "C" cudaError_t cudaOccupancyMaxActiveBlocksPerMultiprocessor(int* blocks, const void* func,
                                                                     int threads,
                                                                     unsigned long dynamic_shared) {
    return cudaOccupancyMaxActiveBlocksPerMultiprocessorWithFlags(blocks, func, threads,
                                                                  dynamic_shared, 0);
}

extern "C" cudaError_t cudaMalloc(void** to, unsigned long bytes) {
    if (!to) return failed(kInvalidValue);
    *to = bytes ? malloc(bytes) : nullptr;
    return *to || bytes == 0 ? kSuccess : failed(kMemoryAllocation);
}
extern "C" cudaError_t cudaFree(void* pointer) {
    free(pointer);
    return kSuccess;
}
