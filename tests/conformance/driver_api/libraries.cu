// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Libraries of both APIs: from PTX and from code, in memory and in a file; their kernels in every
// way to launch them, attributes, variables, enumeration, several contexts, what is gone.
#include <cuda.h>
#include <cuda_runtime.h>

#include <cstdio>
#include <cstring>
#include <set>
#include <string>
#include <vector>

#define CHECK(condition)                                                                           \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            printf("line %d: %s\n", __LINE__, #condition);                                         \
            exit(1);                                                                               \
        }                                                                                          \
    } while (0)

static const char kPtx[] = R"(
.version 7.0
.target sm_70
.address_size 64
.visible .global .align 4 .u32 offset = 5;
.visible .entry fill(.param .u64 out, .param .u32 value)
{
    .reg .b32 %r<6>;
    .reg .b64 %rd<4>;
    ld.param.u64 %rd1, [out];
    ld.param.u32 %r1, [value];
    ld.global.u32 %r2, [offset];
    add.u32 %r3, %r1, %r2;
    mov.u32 %r4, %tid.x;
    mul.wide.u32 %rd2, %r4, 4;
    add.u64 %rd3, %rd1, %rd2;
    st.global.u32 [%rd3], %r3;
    ret;
}
.visible .entry second() { ret; }
)";

__global__ void own(int* out, int value) {
    out[threadIdx.x] = value * 2;
}

static void expect(const int* device, int value) {
    int values[4] = {};
    CHECK(cudaMemcpy(values, device, sizeof(values), cudaMemcpyDeviceToHost) == cudaSuccess);
    for (int i : values)
        CHECK(i == value);
    CHECK(cudaMemset(const_cast<int*>(device), 0, sizeof(values)) == cudaSuccess);
}

static size_t shared_of(int threads) {
    return size_t(threads) * 96;
}

// As many threads as any size of whole warps would have.
static void fill_the_device(CUfunction function) {
    int units = 0, grid = 0, block = 0, blocks = 0, best = 0;
    CHECK(cuDeviceGetAttribute(&units, CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT, 0) == 0);
    CHECK(cuOccupancyMaxPotentialBlockSizeWithFlags(&grid, &block, function, shared_of, 0, 0, 0) ==
          0);
    for (int size = 32; size <= 512; size += 32) { // 48 KiB a block
        CHECK(cuOccupancyMaxActiveBlocksPerMultiprocessor(&blocks, function, size,
                                                          shared_of(size)) == 0);
        best = blocks * size > best ? blocks * size : best;
    }
    CHECK(cuOccupancyMaxActiveBlocksPerMultiprocessor(&blocks, function, block, shared_of(block)) ==
          0);
    CHECK(blocks * block == best && grid == blocks * units);
    CHECK(cuOccupancyMaxPotentialBlockSize(&grid, &block, function, nullptr, 0, 100) == 0);
    CHECK(block > 0 && block <= 100 && grid >= units);
    CHECK(cuOccupancyMaxPotentialBlockSize(&grid, &block, nullptr, nullptr, 0, 0) ==
          CUDA_ERROR_INVALID_HANDLE);
}

static void test_driver(int* out) {
    CUlibrary library;
    CHECK(cuLibraryLoadData(&library, kPtx, nullptr, nullptr, 0, nullptr, nullptr, 0) == 0);
    unsigned count = 0;
    CHECK(cuLibraryGetKernelCount(&count, library) == 0 && count == 2);
    CUkernel kernels[2], kernel, none;
    CHECK(cuLibraryEnumerateKernels(kernels, 2, library) == 0);
    std::set<std::string> names;
    for (CUkernel k : kernels) {
        const char* name;
        CUlibrary of;
        CHECK(cuKernelGetName(&name, k) == 0 && cuKernelGetLibrary(&of, k) == 0 && of == library);
        names.insert(name);
    }
    CHECK(names == (std::set<std::string>{"fill", "second"}));
    CHECK(cuLibraryGetKernel(&kernel, library, "fill") == 0);
    CHECK(kernel == kernels[0] || kernel == kernels[1]);
    CHECK(cuLibraryGetKernel(&none, library, "nobody") == CUDA_ERROR_NOT_FOUND);

    // As a function, and as what stands for one.
    int value = 10;
    void* arguments[] = {&out, &value};
    CUfunction function;
    CHECK(cuKernelGetFunction(&function, kernel) == 0);
    CHECK(cuLaunchKernel(function, 1, 1, 1, 4, 1, 1, 0, nullptr, arguments, nullptr) == 0);
    expect(out, 15);
    CHECK(cuLaunchKernel((CUfunction)kernel, 1, 1, 1, 4, 1, 1, 0, nullptr, arguments, nullptr) ==
          0);
    expect(out, 15);

    CUdeviceptr offset;
    size_t bytes;
    CHECK(cuLibraryGetGlobal(&offset, &bytes, library, "offset") == 0 && bytes == 4);
    CHECK(cuLibraryGetGlobal(&offset, &bytes, library, "nothing") == CUDA_ERROR_NOT_FOUND);
    void* shared_with_host;
    CHECK(cuLibraryGetManaged(nullptr, &bytes, library, "offset") == CUDA_ERROR_NOT_FOUND);
    CHECK(cuLibraryGetUnifiedFunction(&shared_with_host, library, "fill") == CUDA_ERROR_NOT_FOUND);
    CHECK(cuMemsetD32(offset, 100, 1) == 0);
    CHECK(cuLaunchKernel((CUfunction)kernel, 1, 1, 1, 4, 1, 1, 0, nullptr, arguments, nullptr) ==
          0);
    expect(out, 110);

    CUmodule module;
    CUdeviceptr same;
    CHECK(cuLibraryGetModule(&module, library) == 0);
    CHECK(cuModuleGetGlobal(&same, nullptr, module, "offset") == 0 && same == offset);

    int threads = 0;
    size_t at = 0, size = 0;
    CHECK(cuKernelGetAttribute(&threads, CU_FUNC_ATTRIBUTE_MAX_THREADS_PER_BLOCK, kernel, 0) == 0);
    CHECK(threads >= 128);
    CHECK(cuKernelSetAttribute(CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES, 1024, kernel, 0) ==
          0);
    CHECK(cuKernelGetAttribute(&threads, CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES, kernel,
                               0) == 0);
    CHECK(threads == 1024);
    CHECK(cuKernelGetParamInfo(kernel, 1, &at, &size) == 0 && at == 8 && size == 4);
    CHECK(cuKernelGetParamInfo(kernel, 2, &at, &size) == CUDA_ERROR_INVALID_VALUE);

    fill_the_device(function);

    CHECK(cuLibraryUnload(library) == 0);
    CHECK(cuLibraryUnload(library) == CUDA_ERROR_INVALID_HANDLE);
    CHECK(cuKernelGetFunction(&function, kernel) == CUDA_ERROR_INVALID_HANDLE);
    CHECK(cuLaunchKernel((CUfunction)kernel, 1, 1, 1, 4, 1, 1, 0, nullptr, arguments, nullptr) ==
          CUDA_ERROR_INVALID_HANDLE);
}

// Each context has variables of its own.
static void test_contexts() {
    CUlibrary library;
    CUkernel kernel;
    CHECK(cuLibraryLoadData(&library, kPtx, nullptr, nullptr, 0, nullptr, nullptr, 0) == 0);
    CHECK(cuLibraryGetKernel(&kernel, library, "fill") == 0);
    CUdeviceptr first, second, out;
    CHECK(cuLibraryGetGlobal(&first, nullptr, library, "offset") == 0);
    CHECK(cuMemsetD32(first, 1000, 1) == 0);
    CUcontext context;
#if CUDA_VERSION >= 13000
    CHECK(cuCtxCreate(&context, nullptr, 0, 0) == 0);
#else
    CHECK(cuCtxCreate(&context, 0, 0) == 0);
#endif
    CHECK(cuLibraryGetGlobal(&second, nullptr, library, "offset") == 0);
    CHECK(cuMemAlloc(&out, 16) == 0);
    int value = 1, result = 0;
    void* arguments[] = {&out, &value};
    CHECK(cuLaunchKernel((CUfunction)kernel, 1, 1, 1, 4, 1, 1, 0, nullptr, arguments, nullptr) ==
          0);
    CHECK(cuMemcpyDtoH(&result, out, 4) == 0 && result == 6);
    CHECK(cuCtxDestroy(context) == 0);
    CHECK(cuLibraryUnload(library) == 0);
}

static void test_runtime(int* out) {
    cudaLibrary_t library;
    const char* path = "libraries_test.ptx";
    FILE* file = fopen(path, "w");
    CHECK(file && fputs(kPtx, file) >= 0 && fclose(file) == 0);
    CHECK(cudaLibraryLoadFromFile(&library, "does_not_exist.ptx", nullptr, nullptr, 0, nullptr,
                                  nullptr, 0) == cudaErrorFileNotFound);
    CHECK(cudaLibraryLoadFromFile(&library, path, nullptr, nullptr, 0, nullptr, nullptr, 0) == 0);
    remove(path);
    cudaKernel_t kernel;
    CHECK(cudaLibraryGetKernel(&kernel, library, "fill") == cudaSuccess);
    int value = 20;
    void* arguments[] = {&out, &value};
    CHECK(cudaLaunchKernel(reinterpret_cast<const void*>(kernel), 1, 4, arguments, 0, nullptr) ==
          0);
    expect(out, 25);
    void* offset;
    size_t bytes;
    unsigned count;
    CHECK(cudaLibraryGetGlobal(&offset, &bytes, library, "offset") == cudaSuccess && bytes == 4);
    CHECK(cudaLibraryGetManaged(&offset, &bytes, library, "offset") == cudaErrorSymbolNotFound);
    CHECK(cudaLibraryGetUnifiedFunction(&offset, library, "fill") == cudaErrorSymbolNotFound);
    CHECK(cudaLibraryGetKernelCount(&count, library) == cudaSuccess && count == 2);
    CHECK(cudaLibraryUnload(library) == cudaSuccess);
    CHECK(cudaLibraryUnload(library) == cudaErrorInvalidResourceHandle);

    // The program's own kernels have handles, too.
    CHECK(cudaGetKernel(&kernel, reinterpret_cast<const void*>(own)) == cudaSuccess);
    CHECK(cudaLaunchKernel(reinterpret_cast<const void*>(kernel), 1, 4, arguments, 0, nullptr) ==
          0);
    expect(out, 40);
    CHECK(cudaKernelSetAttributeForDevice(kernel, cudaFuncAttributeMaxDynamicSharedMemorySize, 2048,
                                          0) == cudaSuccess);
    cudaFuncAttributes attributes;
    CHECK(cudaFuncGetAttributes(&attributes, reinterpret_cast<const void*>(own)) == cudaSuccess);
    CHECK(attributes.maxDynamicSharedSizeBytes == 2048);
}

int main() {
    int* out;
    CHECK(cudaMalloc(&out, 16) == cudaSuccess && cudaMemset(out, 0, 16) == cudaSuccess);
    test_driver(out);
    test_contexts();
    test_runtime(out);
    printf("ok\n");
    return 0;
}
