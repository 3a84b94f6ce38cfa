// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The driver API from a plain C++ program: modules from a file and from memory, functions, launches
// in both forms of arguments, globals, copies, streams, host functions.
//
// usage: driver_api KERNELS.cubin
#include <cuda.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <vector>

static int failures = 0;

#define CHECK(call)                                                                                \
    do {                                                                                           \
        const CUresult result_ = (call);                                                           \
        if (result_ != CUDA_SUCCESS) {                                                             \
            const char* name_ = nullptr;                                                           \
            cuGetErrorName(result_, &name_);                                                       \
            std::printf("%s:%d: %s: %s\n", __FILE__, __LINE__, #call, name_ ? name_ : "?");        \
            std::exit(2);                                                                          \
        }                                                                                          \
    } while (0)

#define EXPECT(condition)                                                                          \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            std::printf("%s:%d: not true: %s\n", __FILE__, __LINE__, #condition);                  \
            ++failures;                                                                            \
        }                                                                                          \
    } while (0)

struct Pair {
    int a;
    double b;
};

static void module_from_a_file(const char* path) {
    CUmodule module, of;
    CUfunction axpy;
    CHECK(cuModuleLoad(&module, path));
    CHECK(cuModuleGetFunction(&axpy, module, "axpy"));
    EXPECT(cuModuleGetFunction(&axpy, module, "no_such_kernel") == CUDA_ERROR_NOT_FOUND);
    CHECK(cuModuleGetFunction(&axpy, module, "axpy"));
    CHECK(cuFuncGetModule(&of, axpy));
    EXPECT(of == module);

    const int n = 1000;
    std::vector<float> x(n), y(n), got(n);
    for (int i = 0; i < n; ++i) {
        x[i] = (float)i;
        y[i] = (float)(2 * i);
    }
    CUdeviceptr dx, dy, scale;
    size_t bytes = 0;
    CHECK(cuMemAlloc(&dx, n * sizeof(float)));
    CHECK(cuMemAlloc(&dy, n * sizeof(float)));
    CHECK(cuMemcpyHtoD(dx, x.data(), n * sizeof(float)));
    CHECK(cuMemcpyHtoD(dy, y.data(), n * sizeof(float)));
    CHECK(cuModuleGetGlobal(&scale, &bytes, module, "scale"));
    EXPECT(bytes == sizeof(int));
    EXPECT(cuModuleGetGlobal(&scale, &bytes, module, "nothing") == CUDA_ERROR_NOT_FOUND);
    CHECK(cuModuleGetGlobal(&scale, &bytes, module, "scale"));
    const int five = 5;
    CHECK(cuMemcpyHtoD(scale, &five, sizeof five));

    float a = 0.5f;
    int count = n;
    void* arguments[] = {&count, &a, &dx, &dy};
    CHECK(cuLaunchKernel(axpy, (n + 127) / 128, 1, 1, 128, 1, 1, 0, nullptr, arguments, nullptr));
    CHECK(cuMemcpyDtoH(got.data(), dy, n * sizeof(float)));
    for (int i = 0; i < n; ++i)
        EXPECT(got[i] == 0.5f * x[i] + y[i] * 5 + (float)(i % 4 + 1));
    EXPECT(cuLaunchKernel(axpy, 1, 1, 1, 2000, 1, 1, 0, nullptr, arguments, nullptr) ==
           CUDA_ERROR_INVALID_VALUE);
    EXPECT(cuLaunchKernel(axpy, 0, 1, 1, 32, 1, 1, 0, nullptr, arguments, nullptr) ==
           CUDA_ERROR_INVALID_VALUE);
    CHECK(cuMemFree(dx));
    CHECK(cuMemFree(dy));
    CHECK(cuModuleUnload(module));
}

static void module_from_memory(const char* path) {
    std::ifstream file(path, std::ios::binary);
    std::vector<char> image{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    image.push_back('\0'); // PTX is a string
    CUmodule module;
    CUfunction mixed, sum;
    CHECK(cuModuleLoadData(&module, image.data()));
    CHECK(cuModuleGetFunction(&mixed, module, "mixed"));
    CHECK(cuModuleGetFunction(&sum, module, "shared_sum"));

    // arguments as one packed buffer, each at its alignment
    CUdeviceptr out;
    CHECK(cuMemAlloc(&out, 64));
    struct {
        char c;
        Pair p;
        short s;
        CUdeviceptr out;
    } packed = {1, {20, 0.5}, 300, out};
    size_t bytes = sizeof packed;
    void* extra[] = {CU_LAUNCH_PARAM_BUFFER_POINTER, &packed, CU_LAUNCH_PARAM_BUFFER_SIZE, &bytes,
                     CU_LAUNCH_PARAM_END};
    CHECK(cuLaunchKernel(mixed, 1, 1, 1, 1, 1, 1, 0, nullptr, nullptr, extra));
    double value = 0;
    CHECK(cuMemcpyDtoH(&value, out, sizeof value));
    EXPECT(value == 321.5);

    int registers = 0, threads = 0, blocks = 0;
    CHECK(cuFuncGetAttribute(&registers, CU_FUNC_ATTRIBUTE_NUM_REGS, sum));
    CHECK(cuFuncGetAttribute(&threads, CU_FUNC_ATTRIBUTE_MAX_THREADS_PER_BLOCK, sum));
    EXPECT(registers > 0 && threads == 1024);
    CHECK(cuOccupancyMaxActiveBlocksPerMultiprocessor(&blocks, sum, 256, 1024));
    EXPECT(blocks > 0);
    CHECK(cuFuncSetAttribute(sum, CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES, 100 * 1024));
    CHECK(cuFuncSetCacheConfig(sum, CU_FUNC_CACHE_PREFER_SHARED));
    void* arguments[] = {&out};
    CUstream stream;
    CHECK(cuStreamCreate(&stream, CU_STREAM_NON_BLOCKING));
    CHECK(cuLaunchKernel(sum, 1, 1, 1, 1024, 1, 1, 100 * 1024, stream, arguments, nullptr));
    int got = 0;
    CHECK(cuMemcpyDtoHAsync(&got, out, sizeof got, stream));
    CHECK(cuStreamSynchronize(stream));
    EXPECT(got == 1023 * 1024 / 2);
    int called = 0;
    CHECK(cuLaunchHostFunc(stream, [](void* data) { *static_cast<int*>(data) = 1; }, &called));
    CHECK(cuStreamSynchronize(stream));
    EXPECT(called == 1);
    CHECK(cuStreamDestroy(stream));
    CHECK(cuMemFree(out));
    CHECK(cuModuleUnload(module));
}

static void rectangles() {
    CUdeviceptr memory;
    size_t pitch = 0;
    CHECK(cuMemAllocPitch(&memory, &pitch, 100, 20, 4));
    CHECK(cuMemsetD2D8(memory, pitch, 1, 100, 20));
    CHECK(cuMemsetD2D32(memory, pitch, 0x02020202, 10, 5));
    std::vector<unsigned char> host(100 * 20);
    CUDA_MEMCPY2D copy;
    std::memset(&copy, 0, sizeof copy);
    copy.srcMemoryType = CU_MEMORYTYPE_DEVICE;
    copy.srcDevice = memory;
    copy.srcPitch = pitch;
    copy.dstMemoryType = CU_MEMORYTYPE_HOST;
    copy.dstHost = host.data();
    copy.dstPitch = 100;
    copy.WidthInBytes = 100;
    copy.Height = 20;
    CHECK(cuMemcpy2D(&copy));
    for (int y = 0; y < 20; ++y)
        for (int x = 0; x < 100; ++x)
            EXPECT(host[y * 100 + x] == (x < 40 && y < 5 ? 2 : 1));
    CHECK(cuMemFree(memory));
}

/// Handles of what is gone, and of another kind, are invalid for ever, also when new objects take
/// the old ones' place.
static void stale_handles(const char* path) {
    std::vector<CUmodule> old_modules;
    std::vector<CUfunction> old_functions;
    for (int round = 0; round < 20; ++round) {
        CUmodule module;
        CUfunction function;
        CHECK(cuModuleLoad(&module, path));
        CHECK(cuModuleGetFunction(&function, module, "mixed"));
        for (size_t i = 0; i < old_modules.size(); ++i) {
            int registers;
            CUmodule of;
            EXPECT(cuModuleGetFunction(&function, old_modules[i], "mixed") ==
                   CUDA_ERROR_INVALID_HANDLE);
            EXPECT(cuModuleUnload(old_modules[i]) == CUDA_ERROR_INVALID_HANDLE);
            EXPECT(cuFuncGetAttribute(&registers, CU_FUNC_ATTRIBUTE_NUM_REGS, old_functions[i]) ==
                   CUDA_ERROR_INVALID_HANDLE);
            EXPECT(cuFuncGetModule(&of, old_functions[i]) == CUDA_ERROR_INVALID_HANDLE);
            EXPECT(cuLaunchKernel(old_functions[i], 1, 1, 1, 1, 1, 1, 0, nullptr, nullptr,
                                  nullptr) == CUDA_ERROR_INVALID_HANDLE);
        }
        EXPECT(cuModuleUnload((CUmodule)function) == CUDA_ERROR_INVALID_HANDLE);
        EXPECT(cuLaunchKernel((CUfunction)module, 1, 1, 1, 1, 1, 1, 0, nullptr, nullptr, nullptr) ==
               CUDA_ERROR_INVALID_HANDLE);
        CHECK(cuModuleUnload(module));
        old_modules.push_back(module);
        old_functions.push_back(function);
    }
    // A function of a context that is not current, and of one that is gone.
    CUdevice device;
    CUcontext other, popped;
    CUmodule module;
    CUfunction function;
    CHECK(cuCtxGetDevice(&device));
    CHECK(cuCtxCreate(&other, 0, device));
    CHECK(cuModuleLoad(&module, path));
    CHECK(cuModuleGetFunction(&function, module, "mixed"));
    CHECK(cuCtxPopCurrent(&popped));
    EXPECT(cuLaunchKernel(function, 1, 1, 1, 1, 1, 1, 0, nullptr, nullptr, nullptr) ==
           CUDA_ERROR_INVALID_HANDLE);
    CHECK(cuCtxDestroy(other));
    EXPECT(cuLaunchKernel(function, 1, 1, 1, 1, 1, 1, 0, nullptr, nullptr, nullptr) ==
           CUDA_ERROR_INVALID_HANDLE);
    EXPECT(cuModuleUnload(module) == CUDA_ERROR_INVALID_HANDLE);
}

static void host_memory() {
    unsigned* host;
    CUdeviceptr device, managed;
    CHECK(cuMemAllocHost((void**)&host, 4096));
    CHECK(cuMemHostGetDevicePointer(&device, host, 0));
    CHECK(cuMemsetD32(device, 77, 1024));
    CHECK(cuCtxSynchronize());
    EXPECT(host[0] == 77 && host[1023] == 77);
    CHECK(cuMemAllocManaged(&managed, 4096, CU_MEM_ATTACH_GLOBAL));
    CHECK(cuMemcpyDtoD(managed, device, 4096));
    CHECK(cuCtxSynchronize());
    EXPECT(((unsigned*)managed)[500] == 77);
    CHECK(cuMemFree(managed));
    CHECK(cuMemFreeHost(host));
}

#if CUDA_VERSION < 13000
/// References of a module: bound to an array, to memory, painted on.
static void references(const char* path) {
    CUmodule module;
    CUfunction look, look_bytes, paint;
    CUtexref picture, again, bytes;
    CUsurfref canvas;
    CHECK(cuModuleLoad(&module, path));
    // A compiler of CUDA 12 knows no references.
    if (cuModuleGetFunction(&look, module, "look") == CUDA_ERROR_NOT_FOUND) return;
    CHECK(cuModuleGetFunction(&look_bytes, module, "look_bytes"));
    CHECK(cuModuleGetFunction(&paint, module, "paint"));
    CHECK(cuModuleGetTexRef(&picture, module, "picture"));
    CHECK(cuModuleGetTexRef(&again, module, "picture"));
    CHECK(cuModuleGetTexRef(&bytes, module, "bytes"));
    CHECK(cuModuleGetSurfRef(&canvas, module, "canvas"));
    EXPECT(picture == again && picture != bytes);
    EXPECT(cuModuleGetTexRef(&again, module, "nothing") == CUDA_ERROR_NOT_FOUND);
    CUarray array;
    CUDA_ARRAY3D_DESCRIPTOR desc = {};
    desc.Width = 8;
    desc.Height = 3;
    desc.Format = CU_AD_FORMAT_FLOAT;
    desc.NumChannels = 1;
    desc.Flags = CUDA_ARRAY3D_SURFACE_LDST;
    CHECK(cuArray3DCreate(&array, &desc));
    float host[24], got[8];
    for (int i = 0; i < 24; ++i)
        host[i] = i * 0.5f;
    CUDA_MEMCPY2D copy = {};
    copy.srcMemoryType = CU_MEMORYTYPE_HOST;
    copy.srcHost = host;
    copy.srcPitch = 32;
    copy.dstMemoryType = CU_MEMORYTYPE_ARRAY;
    copy.dstArray = array;
    copy.WidthInBytes = 32;
    copy.Height = 3;
    CHECK(cuMemcpy2D(&copy));
    CUdeviceptr out, memory;
    CHECK(cuMemAlloc(&out, 32));
    CHECK(cuTexRefSetArray(picture, array, CU_TRSA_OVERRIDE_FORMAT));
    void* to[] = {&out};
    CHECK(cuLaunchKernel(look, 1, 1, 1, 8, 1, 1, 0, nullptr, to, nullptr));
    CHECK(cuMemcpyDtoH(got, out, 32));
    for (int i = 0; i < 8; ++i)
        EXPECT(got[i] == (8 + i) * 0.5f);
    // Modes that change while it is bound count from the next launch on.
    CHECK(cuTexRefSetFlags(picture, CU_TRSF_NORMALIZED_COORDINATES));
    CHECK(cuTexRefSetAddressMode(picture, 0, CU_TR_ADDRESS_MODE_CLAMP));
    CHECK(cuLaunchKernel(look, 1, 1, 1, 8, 1, 1, 0, nullptr, to, nullptr));
    CHECK(cuMemcpyDtoH(got, out, 32));
    EXPECT(got[0] == 20 * 0.5f && got[7] == 23 * 0.5f); // (0.5, 1.5) is the middle of the last row

    unsigned char values[8] = {9, 8, 7, 6, 5, 4, 3, 250};
    int numbers[8];
    CHECK(cuMemAlloc(&memory, 64));
    CHECK(cuMemcpyHtoD(memory, values, 8));
    CHECK(cuTexRefSetAddress(nullptr, bytes, memory, 8));
    CHECK(cuTexRefSetFormat(bytes, CU_AD_FORMAT_UNSIGNED_INT8, 1));
    CHECK(cuTexRefSetFlags(bytes, CU_TRSF_READ_AS_INTEGER));
    CHECK(cuLaunchKernel(look_bytes, 1, 1, 1, 8, 1, 1, 0, nullptr, to, nullptr));
    CHECK(cuMemcpyDtoH(numbers, out, 32));
    for (int i = 0; i < 8; ++i)
        EXPECT(numbers[i] == values[i]);

    float value = 100;
    void* with[] = {&value};
    CUarray bound;
    CHECK(cuSurfRefSetArray(canvas, array, 0));
    CHECK(cuSurfRefGetArray(&bound, canvas));
    EXPECT(bound == array);
    CHECK(cuLaunchKernel(paint, 1, 1, 1, 8, 1, 1, 0, nullptr, with, nullptr));
    CHECK(cuMemcpyAtoH(got, array, 0, 32)); // the first row
    EXPECT(got[7] == 3.5f);
    copy.srcMemoryType = CU_MEMORYTYPE_ARRAY;
    copy.srcArray = array;
    copy.dstMemoryType = CU_MEMORYTYPE_HOST;
    copy.dstHost = host;
    copy.dstPitch = 32;
    CHECK(cuMemcpy2D(&copy));
    for (int i = 0; i < 8; ++i)
        EXPECT(host[16 + i] == 100.0f + i && host[8 + i] == (8 + i) * 0.5f);
    CHECK(cuArrayDestroy(array));
    CHECK(cuMemFree(memory));
    CHECK(cuMemFree(out));
    CHECK(cuModuleUnload(module));
    EXPECT(cuTexRefSetFlags(picture, 0) == CUDA_ERROR_INVALID_HANDLE);
    EXPECT(cuSurfRefGetArray(&bound, canvas) == CUDA_ERROR_INVALID_HANDLE);
}
#else
static void references(const char*) {} // this CUDA has none
#endif

int main(int argc, char** argv) {
    if (argc != 2 && argc != 3) return 2;
    int device_count = 0;
    EXPECT(cuDeviceGetCount(&device_count) == CUDA_ERROR_NOT_INITIALIZED);
    CHECK(cuInit(0));
    CHECK(cuDeviceGetCount(&device_count));
    EXPECT(device_count >= 1);
    CUdevice device;
    CUcontext context, current;
    CHECK(cuDeviceGet(&device, 0));
    void* unused;
    EXPECT(cuMemAllocHost(&unused, 16) == CUDA_ERROR_INVALID_CONTEXT); // none is current yet
    CHECK(cuDevicePrimaryCtxRetain(&context, device));
    CHECK(cuCtxSetCurrent(context));
    CHECK(cuCtxGetCurrent(&current));
    EXPECT(current == context);
    module_from_a_file(argv[1]);
    module_from_memory(argv[1]);
    stale_handles(argv[1]);
    rectangles();
    if (argc == 3) references(argv[2]);
    host_memory();
    CHECK(cuDevicePrimaryCtxRelease(device));
    std::printf(failures ? "FAIL: %d\n" : "PASS\n", failures);
    return failures ? 1 : 0;
}
