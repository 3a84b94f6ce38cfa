// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Libraries: code of the whole process (CUlibrary, cudaLibrary_t), which each context loads when it
// first uses it, and their kernels (CUkernel, cudaKernel_t), which stand for one function in each
// context. Handles are numbers that are never given twice.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "runtime/cuda/jit.h"
#include "runtime/cuda/runtime.h"

namespace acc::cuda {

class Library;

/// A kernel in whichever context uses it.
struct LibraryKernel {
    std::weak_ptr<Library> library; ///< empty: the program's own kernel behind `stub`
    std::string name;
    const void* stub = nullptr;

    /// Throws Error(InvalidHandle): its library has been unloaded; and as loading does.
    rt::Kernel& in(ApiContext& context) const;
};

class Library {
  public:
    /// The code object in an image, which need not stay. Throws as code_of.
    Library(const void* image, size_t bytes, std::string name, JitOptions options);

    const std::string& name() const { return name_; }
    const std::vector<std::string>& kernels() const { return kernels_; }
    /// Loads it when needed. Throws Error(InvalidImage, OutOfMemory, …).
    rt::Module& module_in(ApiContext& context);
    /// Throws Error(NoSuchName).
    const rt::Variable& variable_in(ApiContext& context, const char* name);
    bool has(const rt::Module& module);
    /// Throw Error(NoSuchName). A library whose code has managed variables cannot be loaded, so
    /// none has any; no device has functions that hosts can call, too.
    [[noreturn]] void fail_no_managed(const char* name) const;
    [[noreturn]] void fail_no_unified(const char* symbol) const;
    /// From every context. Throws Error when one has failed: what it has stays.
    void unload();
    /// A context that ends has unloaded its modules itself.
    void forget(const ApiContext& context);

  private:
    rt::Context::Pin any_context();
    rt::Module* take_module(const rt::Context& context);

    std::string name_;
    std::vector<uint8_t> code_;
    std::vector<std::string> kernels_;
    std::mutex mutex_; // protects modules_
    std::unordered_map<ApiContext*, rt::Module*> modules_;
};

/// Those of the process. Throws Error(InvalidHandle) for handles of nothing.
class Libraries {
  public:
    static Libraries& get(); ///< never destroyed

    void* add(std::shared_ptr<Library> library);
    std::shared_ptr<Library> find(const void* library);
    /// Ends the library and its kernels.
    void remove(const void* library);
    /// The handle of a kernel, the same each time. Throws Error(NoSuchName).
    void* kernel(const void* library, const std::string& name);
    /// That of one of the program's own kernels.
    void* kernel_of_stub(const void* stub, std::string name);
    std::shared_ptr<const LibraryKernel> find_kernel(const void* kernel);
    /// Its library; throws Error(InvalidHandle) when it has none.
    void* library_of(const void* kernel);
    void forget(const ApiContext& context);
    /// The module is a library's, which unloads it.
    bool has(const rt::Module& module);

    static bool is_kernel(const void* handle) {
        return reinterpret_cast<uint64_t>(handle) >> kShift == kKernel;
    }

  private:
    // Kinds of their own, beside those of HandleTable.
    static constexpr unsigned kShift = 60;
    static constexpr uint64_t kLibrary = 14, kKernel = 15;

    uint64_t number() { return ++last_ << 4; }

    std::mutex mutex_; // protects all of it
    uint64_t last_ = 0;
    std::unordered_map<uint64_t, std::shared_ptr<Library>> libraries_;
    std::unordered_map<uint64_t, std::shared_ptr<LibraryKernel>> kernels_;
    std::unordered_map<uint64_t, std::unordered_map<std::string, uint64_t>> of_library_;
    std::unordered_map<const void*, uint64_t> of_stub_;
    std::unordered_map<uint64_t, uint64_t> library_of_;
};

} // namespace acc::cuda
