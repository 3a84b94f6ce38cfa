// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/cuda/device_properties.h"

#include <cstring>

#include "acc/spec/acc_mmu.h"
#include "runtime/core/array.h"

namespace acc::cuda {
namespace {

// The chip's memory system is the host's; these describe the figure programs use to size their
// tiles and to print peak rates.
constexpr int kMemoryClockKhz = 1'000'000;
constexpr int kMemoryBusBits = 256;
constexpr int kL2Bytes = 4 << 20;
constexpr size_t kConstantBytes = 64 << 10;
constexpr int kSharedReserved = 1024; // the architecture keeps the last KiB of a compute unit's
                                      // shared memory

void set_limits(cudaDeviceProp& p) {
    p.sharedMemPerBlock = ACC_SHARED_PER_BLOCK;
    p.sharedMemPerBlockOptin = ACC_SHARED_PER_BLOCK_OPTIN;
    p.sharedMemPerMultiprocessor = ACC_SHARED_PER_CU;
    p.reservedSharedMemPerBlock = kSharedReserved;
    p.regsPerBlock = ACC_REGS_PER_CU;
    p.regsPerMultiprocessor = ACC_REGS_PER_CU;
    p.warpSize = ACC_WARP_SIZE;
    p.maxThreadsPerBlock = ACC_MAX_THREADS_PER_BLOCK;
    p.maxThreadsPerMultiProcessor = ACC_MAX_THREADS_PER_CU;
    p.maxBlocksPerMultiProcessor = ACC_MAX_BLOCKS_PER_CU;
    const int block[3] = {ACC_MAX_BLOCK_X, ACC_MAX_BLOCK_Y, ACC_MAX_BLOCK_Z};
    const int grid[3] = {static_cast<int>(ACC_MAX_GRID_X), static_cast<int>(ACC_MAX_GRID_Y),
                         static_cast<int>(ACC_MAX_GRID_Z)};
    std::memcpy(p.maxThreadsDim, block, sizeof block);
    std::memcpy(p.maxGridSize, grid, sizeof grid);
}

void set_memory(cudaDeviceProp& p, const rt::DeviceInfo& info) {
    p.totalGlobalMem = info.vram_bytes;
    p.totalConstMem = kConstantBytes;
    p.memPitch = kMaxPitch;
    p.memoryClockRate = kMemoryClockKhz;
    p.memoryBusWidth = kMemoryBusBits;
    p.l2CacheSize = kL2Bytes;
    p.globalL1CacheSupported = 1;
    p.localL1CacheSupported = 1;
    p.unifiedAddressing = 1;
    p.canMapHostMemory = 1;
    p.managedMemory = 1;
    p.concurrentManagedAccess = 1; // system memory that both sides map: no migration, no exclusion
    p.directManagedMemAccessFromHost = 1;
    p.hostNativeAtomicSupported = 1;
    p.hostRegisterSupported = 1;
    p.memoryPoolsSupported = 1;
}

/// Attributes that only the driver API has names for.
constexpr int kCanTex2DGather = 44, kVirtualMemoryManagement = 102;

/// The sizes that a property has of a limit; two sizes may be a width and a number of layers.
template <size_t N>
void put(int (&to)[N], const rt::Extent& limit) {
    const bool layers = N == 2 && limit.height == 0;
    const uint64_t sizes[] = {limit.width, layers ? limit.depth : limit.height, limit.depth};
    for (size_t i = 0; i < N; ++i)
        to[i] = static_cast<int>(sizes[i]);
}

void set_textures(cudaDeviceProp& p) {
    namespace limits = rt::limits;
    p.textureAlignment = limits::kTextureMemoryAlign;
    p.texturePitchAlignment = limits::kTexturePitchAlign;
    p.surfaceAlignment = limits::kTextureAlign;
    p.maxTexture1D = limits::kTexture1D.width;
    p.maxTexture1DMipmap = limits::kTexture1DMipmapped.width;
    p.maxTexture1DLinear = limits::kTexture1DLinear;
    put(p.maxTexture2D, limits::kTexture2D);
    put(p.maxTexture2DMipmap, limits::kTexture2DMipmapped);
    put(p.maxTexture2DLinear, limits::kTexture2DLinear);
    p.maxTexture2DLinear[2] = limits::kTexture2DLinearPitch;
    put(p.maxTexture2DGather, limits::kTexture2DGather);
    put(p.maxTexture3D, limits::kTexture3D);
    put(p.maxTexture3DAlt, limits::kTexture3D);
    p.maxTextureCubemap = limits::kTextureCubemap.width;
    put(p.maxTexture1DLayered, limits::kTexture1DLayered);
    put(p.maxTexture2DLayered, limits::kTexture2DLayered);
    p.maxTextureCubemapLayered[0] = limits::kTextureCubemapLayered.width;
    p.maxTextureCubemapLayered[1] = limits::kTextureCubemapLayered.depth;
    p.maxSurface1D = limits::kSurface1D.width;
    put(p.maxSurface2D, limits::kSurface2D);
    put(p.maxSurface3D, limits::kSurface3D);
    put(p.maxSurface1DLayered, limits::kSurface1DLayered);
    put(p.maxSurface2DLayered, limits::kSurface2DLayered);
    p.maxSurfaceCubemap = limits::kSurfaceCubemap.width;
    p.maxSurfaceCubemapLayered[0] = limits::kSurfaceCubemapLayered.width;
    p.maxSurfaceCubemapLayered[1] = limits::kSurfaceCubemapLayered.depth;
}

std::optional<int> texture_attribute(const cudaDeviceProp& p, int attribute) {
    switch (attribute) {
    case cudaDevAttrMaxTexture1DWidth: return p.maxTexture1D;
    case cudaDevAttrMaxTexture1DMipmappedWidth: return p.maxTexture1DMipmap;
    case cudaDevAttrMaxTexture1DLinearWidth: return p.maxTexture1DLinear;
    case cudaDevAttrMaxTexture2DWidth: return p.maxTexture2D[0];
    case cudaDevAttrMaxTexture2DHeight: return p.maxTexture2D[1];
    case cudaDevAttrMaxTexture2DMipmappedWidth: return p.maxTexture2DMipmap[0];
    case cudaDevAttrMaxTexture2DMipmappedHeight: return p.maxTexture2DMipmap[1];
    case cudaDevAttrMaxTexture2DLinearWidth: return p.maxTexture2DLinear[0];
    case cudaDevAttrMaxTexture2DLinearHeight: return p.maxTexture2DLinear[1];
    case cudaDevAttrMaxTexture2DLinearPitch: return p.maxTexture2DLinear[2];
    case kCanTex2DGather: return 1;
    case cudaDevAttrMaxTexture2DGatherWidth: return p.maxTexture2DGather[0];
    case cudaDevAttrMaxTexture2DGatherHeight: return p.maxTexture2DGather[1];
    case cudaDevAttrMaxTexture3DWidth: return p.maxTexture3D[0];
    case cudaDevAttrMaxTexture3DHeight: return p.maxTexture3D[1];
    case cudaDevAttrMaxTexture3DDepth: return p.maxTexture3D[2];
    case cudaDevAttrMaxTexture3DWidthAlt: return p.maxTexture3DAlt[0];
    case cudaDevAttrMaxTexture3DHeightAlt: return p.maxTexture3DAlt[1];
    case cudaDevAttrMaxTexture3DDepthAlt: return p.maxTexture3DAlt[2];
    case cudaDevAttrMaxTextureCubemapWidth: return p.maxTextureCubemap;
    case cudaDevAttrMaxTexture1DLayeredWidth: return p.maxTexture1DLayered[0];
    case cudaDevAttrMaxTexture1DLayeredLayers: return p.maxTexture1DLayered[1];
    case cudaDevAttrMaxTexture2DLayeredWidth: return p.maxTexture2DLayered[0];
    case cudaDevAttrMaxTexture2DLayeredHeight: return p.maxTexture2DLayered[1];
    case cudaDevAttrMaxTexture2DLayeredLayers: return p.maxTexture2DLayered[2];
    case cudaDevAttrMaxTextureCubemapLayeredWidth: return p.maxTextureCubemapLayered[0];
    case cudaDevAttrMaxTextureCubemapLayeredLayers: return p.maxTextureCubemapLayered[1];
    default: return std::nullopt;
    }
}

std::optional<int> surface_attribute(const cudaDeviceProp& p, int attribute) {
    switch (attribute) {
    case cudaDevAttrMaxSurface1DWidth: return p.maxSurface1D;
    case cudaDevAttrMaxSurface2DWidth: return p.maxSurface2D[0];
    case cudaDevAttrMaxSurface2DHeight: return p.maxSurface2D[1];
    case cudaDevAttrMaxSurface3DWidth: return p.maxSurface3D[0];
    case cudaDevAttrMaxSurface3DHeight: return p.maxSurface3D[1];
    case cudaDevAttrMaxSurface3DDepth: return p.maxSurface3D[2];
    case cudaDevAttrMaxSurface1DLayeredWidth: return p.maxSurface1DLayered[0];
    case cudaDevAttrMaxSurface1DLayeredLayers: return p.maxSurface1DLayered[1];
    case cudaDevAttrMaxSurface2DLayeredWidth: return p.maxSurface2DLayered[0];
    case cudaDevAttrMaxSurface2DLayeredHeight: return p.maxSurface2DLayered[1];
    case cudaDevAttrMaxSurface2DLayeredLayers: return p.maxSurface2DLayered[2];
    case cudaDevAttrMaxSurfaceCubemapWidth: return p.maxSurfaceCubemap;
    case cudaDevAttrMaxSurfaceCubemapLayeredWidth: return p.maxSurfaceCubemapLayered[0];
    case cudaDevAttrMaxSurfaceCubemapLayeredLayers: return p.maxSurfaceCubemapLayered[1];
    default: return std::nullopt;
    }
}

} // namespace

cudaDeviceProp properties_of(const Device& device) {
    const rt::DeviceInfo& info = device.backend->info();
    cudaDeviceProp p{};
    std::strncpy(p.name, info.name.c_str(), sizeof p.name - 1);
    std::memcpy(p.uuid.bytes, info.uuid, sizeof p.uuid.bytes);
    p.major = kComputeMajor;
    p.minor = kComputeMinor;
    p.multiProcessorCount = static_cast<int>(info.compute_units);
    p.clockRate = static_cast<int>(info.clock_khz);
    p.pciDomainID = static_cast<int>(info.pci_domain);
    p.pciBusID = static_cast<int>(info.pci_bus);
    p.pciDeviceID = static_cast<int>(info.pci_device);
    p.computeMode = cudaComputeModeDefault;
    p.deviceOverlap = 1;
    p.asyncEngineCount = 2;
    p.concurrentKernels = 1;
    p.streamPrioritiesSupported = 1;
    p.cooperativeLaunch = 1;
    p.clusterLaunch = 1;
    p.computePreemptionSupported = 1;
    p.singleToDoublePrecisionPerfRatio = 2;
    p.tccDriver = 1; // no display
    p.unifiedFunctionPointers = 0;
    if (device.backend->bus() != nullptr) { // processes find each other's memory (docs/runtime.md)
        p.ipcEventSupported = 1;
        p.memoryPoolSupportedHandleTypes = cudaMemHandleTypePosixFileDescriptor;
    }
    set_limits(p);
    set_memory(p, info);
    set_textures(p);
    return p;
}

std::optional<int> attribute_of(const Device& device, int attribute) {
    const cudaDeviceProp p = properties_of(device);
    switch (attribute) {
    case cudaDevAttrMaxThreadsPerBlock: return p.maxThreadsPerBlock;
    case cudaDevAttrMaxBlockDimX: return p.maxThreadsDim[0];
    case cudaDevAttrMaxBlockDimY: return p.maxThreadsDim[1];
    case cudaDevAttrMaxBlockDimZ: return p.maxThreadsDim[2];
    case cudaDevAttrMaxGridDimX: return p.maxGridSize[0];
    case cudaDevAttrMaxGridDimY: return p.maxGridSize[1];
    case cudaDevAttrMaxGridDimZ: return p.maxGridSize[2];
    case cudaDevAttrMaxSharedMemoryPerBlock: return static_cast<int>(p.sharedMemPerBlock);
    case cudaDevAttrTotalConstantMemory: return static_cast<int>(p.totalConstMem);
    case cudaDevAttrWarpSize: return p.warpSize;
    case cudaDevAttrMaxPitch: return static_cast<int>(p.memPitch);
    case cudaDevAttrMaxRegistersPerBlock: return p.regsPerBlock;
    case cudaDevAttrClockRate: return p.clockRate;
    case cudaDevAttrTextureAlignment: return static_cast<int>(p.textureAlignment);
    case cudaDevAttrTexturePitchAlignment: return static_cast<int>(p.texturePitchAlignment);
    case cudaDevAttrSurfaceAlignment: return static_cast<int>(p.surfaceAlignment);
    case cudaDevAttrGpuOverlap: return p.deviceOverlap;
    case cudaDevAttrMultiProcessorCount: return p.multiProcessorCount;
    case cudaDevAttrKernelExecTimeout: return p.kernelExecTimeoutEnabled;
    case cudaDevAttrIntegrated: return p.integrated;
    case cudaDevAttrCanMapHostMemory: return p.canMapHostMemory;
    case cudaDevAttrComputeMode: return p.computeMode;
    case cudaDevAttrConcurrentKernels: return p.concurrentKernels;
    case cudaDevAttrEccEnabled: return p.ECCEnabled;
    case cudaDevAttrPciBusId: return p.pciBusID;
    case cudaDevAttrPciDeviceId: return p.pciDeviceID;
    case cudaDevAttrPciDomainId: return p.pciDomainID;
    case cudaDevAttrTccDriver: return p.tccDriver;
    case cudaDevAttrMemoryClockRate: return p.memoryClockRate;
    case cudaDevAttrGlobalMemoryBusWidth: return p.memoryBusWidth;
    case cudaDevAttrL2CacheSize: return p.l2CacheSize;
    case cudaDevAttrMaxThreadsPerMultiProcessor: return p.maxThreadsPerMultiProcessor;
    case cudaDevAttrAsyncEngineCount: return p.asyncEngineCount;
    case cudaDevAttrUnifiedAddressing: return p.unifiedAddressing;
    case cudaDevAttrComputeCapabilityMajor: return p.major;
    case cudaDevAttrComputeCapabilityMinor: return p.minor;
    case cudaDevAttrStreamPrioritiesSupported: return p.streamPrioritiesSupported;
    case cudaDevAttrGlobalL1CacheSupported: return p.globalL1CacheSupported;
    case cudaDevAttrLocalL1CacheSupported: return p.localL1CacheSupported;
    case cudaDevAttrMaxSharedMemoryPerMultiprocessor:
        return static_cast<int>(p.sharedMemPerMultiprocessor);
    case cudaDevAttrMaxRegistersPerMultiprocessor: return p.regsPerMultiprocessor;
    case cudaDevAttrManagedMemory: return p.managedMemory;
    case cudaDevAttrIsMultiGpuBoard: return p.isMultiGpuBoard;
    case cudaDevAttrMultiGpuBoardGroupID: return p.multiGpuBoardGroupID;
    case cudaDevAttrHostNativeAtomicSupported: return p.hostNativeAtomicSupported;
    case cudaDevAttrSingleToDoublePrecisionPerfRatio: return p.singleToDoublePrecisionPerfRatio;
    case cudaDevAttrPageableMemoryAccess: return p.pageableMemoryAccess;
    case cudaDevAttrConcurrentManagedAccess: return p.concurrentManagedAccess;
    case cudaDevAttrComputePreemptionSupported: return p.computePreemptionSupported;
    case cudaDevAttrCanUseHostPointerForRegisteredMem: return p.canUseHostPointerForRegisteredMem;
    case cudaDevAttrCooperativeLaunch: return p.cooperativeLaunch;
    case cudaDevAttrClusterLaunch: return p.clusterLaunch;
    case cudaDevAttrMaxSharedMemoryPerBlockOptin: return static_cast<int>(p.sharedMemPerBlockOptin);
    case cudaDevAttrHostRegisterSupported: return p.hostRegisterSupported;
    case cudaDevAttrPageableMemoryAccessUsesHostPageTables:
        return p.pageableMemoryAccessUsesHostPageTables;
    case cudaDevAttrDirectManagedMemAccessFromHost: return p.directManagedMemAccessFromHost;
    case cudaDevAttrMaxBlocksPerMultiprocessor: return p.maxBlocksPerMultiProcessor;
    case cudaDevAttrMaxPersistingL2CacheSize: return p.persistingL2CacheMaxSize;
    case cudaDevAttrMaxAccessPolicyWindowSize: return p.accessPolicyMaxWindowSize;
    case cudaDevAttrReservedSharedMemoryPerBlock:
        return static_cast<int>(p.reservedSharedMemPerBlock);
    case cudaDevAttrMemoryPoolsSupported: return p.memoryPoolsSupported;
    case kVirtualMemoryManagement: return 1;
    case cudaDevAttrMemoryPoolSupportedHandleTypes:
        return static_cast<int>(p.memoryPoolSupportedHandleTypes);
    case cudaDevAttrIpcEventSupport: return p.ipcEventSupported;
    case cudaDevAttrMemSyncDomainCount: return 1;
    case cudaDevAttrNumaId: return -1;
    case cudaDevAttrHostNumaId: return -1;
    default: break;
    }
    if (const auto value = texture_attribute(p, attribute)) return value;
    if (const auto value = surface_attribute(p, attribute)) return value;
    // Every other attribute is of a feature that is not there (interoperability, say): 0.
    return attribute > 0 && attribute < cudaDevAttrMax ? std::optional<int>(0) : std::nullopt;
}

} // namespace acc::cuda
