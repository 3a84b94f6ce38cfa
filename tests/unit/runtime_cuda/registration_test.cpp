// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The entry points that compiled host code calls, with device code made here: what goes wrong when
// the code is loaded is said, and costs nothing.
#include <cuda.h>
#include <sys/mman.h>

#include <vector>

#include "acc/spec/acc_code_object.h"
#include "compiler/object/linker.h"
#include "tests/unit/object/object_maker.h"
#include "tests/unit/runtime_cuda/expect.h"

extern "C" {
void** __cudaRegisterFatBinary(void* fat_binary);
void __cudaRegisterFatBinaryEnd(void** handle);
void __cudaUnregisterFatBinary(void** handle);
void __cudaRegisterFunction(void** handle, const char* stub, char* device_name, const char* name,
                            int threads, void* tid, void* bid, void* bdim, void* gdim, int* warp);
void __cudaRegisterVar(void** handle, char* shadow, char* device_name, const char* name,
                       int external, size_t bytes, int constant, int global);
}

namespace cuda_test {
namespace {

/// Device code with the kernel `kernel_a` and the managed variable `table`.
struct Code {
    std::vector<uint8_t> image = acc::object::link_code_object(
        acc::object::test::sample().maker.write());
    struct {
        uint32_t magic = ACC_FATBIN_WRAPPER_MAGIC, version = 1;
        const void* data = nullptr;
        void* unused = nullptr;
    } wrapper;
    char stub = 0;
    void** handle = nullptr;

    Code() {
        wrapper.data = image.data();
        handle = __cudaRegisterFatBinary(&wrapper);
        __cudaRegisterFunction(handle, &stub, nullptr, "kernel_a", -1, nullptr, nullptr, nullptr,
                               nullptr, nullptr);
    }
    ~Code() { __cudaUnregisterFatBinary(handle); }
    Code(const Code&) = delete;
    void variable(void* shadow) {
        __cudaRegisterVar(handle, static_cast<char*>(shadow), nullptr, "table", 0, 16, 0, 0);
        __cudaRegisterFatBinaryEnd(handle);
    }
    /// Loads the code, as a launch does.
    cudaError_t load() const {
        cudaFuncAttributes attributes{};
        return cudaFuncGetAttributes(&attributes, &stub);
    }
};

size_t free_memory() {
    size_t available = 0;
    EXPECT_CUDA_OK(cudaMemGetInfo(&available, nullptr));
    return available;
}

using Registration = Clean;

TEST_F(Registration, CodeThatCannotBeLoadedLeavesNoMemoryBehind) {
    void* shared = mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    ASSERT_CUDA_OK(cudaFree(nullptr));
    {
        Code code;
        code.variable(shared); // cannot be shared with the device
        EXPECT_CUDA(cudaErrorNotSupported, code.load());
        const size_t before = free_memory();
        for (int i = 0; i < 10; ++i)
            EXPECT_CUDA(cudaErrorNotSupported, code.load());
        EXPECT_EQ(free_memory(), before);
    }
    munmap(shared, 4096);
}

TEST_F(Registration, AManagedVariableWithoutStorageIsNamedBeforeAKernelUsesIt) {
    Code code;
    EXPECT_CUDA(cudaErrorInvalidKernelImage, code.load());
}

TEST_F(Registration, AManagedVariableIsManagedMemoryUntilItsLibraryGoes) {
    static char storage[16];
    cudaPointerAttributes attributes{};
    {
        Code code;
        code.variable(storage);
        // Before any kernel was launched.
        ASSERT_CUDA_OK(cudaPointerGetAttributes(&attributes, storage + 3));
        EXPECT_EQ(attributes.type, cudaMemoryTypeManaged);
        EXPECT_EQ(attributes.hostPointer, storage + 3);
        void* symbol = nullptr;
        ASSERT_CUDA_OK(cudaGetSymbolAddress(&symbol, static_cast<const void*>(storage)));
        EXPECT_EQ(attributes.devicePointer, static_cast<char*>(symbol) + 3);
        ASSERT_CUDA_OK(cudaPointerGetAttributes(&attributes, static_cast<char*>(symbol) + 5));
        EXPECT_EQ(attributes.type, cudaMemoryTypeManaged);
        EXPECT_EQ(attributes.hostPointer, storage + 5);
        EXPECT_CUDA_OK(cudaMemPrefetchAsync(storage, 16, 0, nullptr));
        EXPECT_CUDA_OK(cudaMemAdvise(storage, 16, cudaMemAdviseSetReadMostly, 0));
        EXPECT_CUDA_OK(cudaStreamAttachMemAsync(nullptr, storage, 0, cudaMemAttachGlobal));
        EXPECT_CUDA(cudaErrorInvalidValue, cudaMemPrefetchAsync(storage, 17, 0, nullptr));
        EXPECT_CUDA(cudaErrorHostMemoryNotRegistered, cudaHostUnregister(storage));
        EXPECT_CUDA_OK(cudaGetSymbolAddress(&symbol, static_cast<const void*>(storage)));
        EXPECT_CUDA(cudaErrorHostMemoryAlreadyRegistered, cudaHostRegister(storage, 16, 0));
    }
    ASSERT_CUDA_OK(cudaPointerGetAttributes(&attributes, storage));
    EXPECT_EQ(attributes.type, cudaMemoryTypeUnregistered);
    EXPECT_CUDA_OK(cudaHostRegister(storage, 16, 0));
    EXPECT_CUDA_OK(cudaHostUnregister(storage));
}

// In a threadsafe death test the child starts from main, so nothing has used the runtime there.
TEST(RegistrationDeathTest, AProgramThatDoesNotUseTheDeviceDoesNotOpenIt) {
    testing::GTEST_FLAG(death_test_style) = "threadsafe";
    EXPECT_EXIT(
        {
            {
                Code code;
            }
            CUdevice device = -1; // opening devices would have initialised the driver API
            std::exit(cuDeviceGet(&device, 0) == CUDA_ERROR_NOT_INITIALIZED ? 0 : 1);
        },
        testing::ExitedWithCode(0), "");
}

} // namespace
} // namespace cuda_test
