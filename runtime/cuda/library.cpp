// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/cuda/library.h"

#include <algorithm>

#include "runtime/core/module.h"

namespace acc::cuda {
namespace {

[[noreturn]] void fail_gone(const char* what) {
    rt::fail(rt::Status::InvalidHandle, "{} does not exist (its library was unloaded?)", what);
}

} // namespace

// ---- a library

Library::Library(const void* image, size_t bytes, std::string name, JitOptions options)
    : name_(std::move(name)) {
    std::vector<uint8_t> compiled;
    const auto [code, size] = code_of(image, bytes, options, compiled);
    const auto* start = static_cast<const uint8_t*>(code);
    code_.assign(start, start + size);
    kernels_ = rt::kernel_names(code_.data(), code_.size());
}

rt::Module& Library::module_in(ApiContext& context) {
    const std::lock_guard lock(mutex_);
    const auto known = modules_.find(&context);
    if (known != modules_.end()) return *known->second;
    rt::Module& module = context.core.load_module(code_.data(), code_.size(), name_);
    try {
        module.check_managed();
        modules_[&context] = &module;
    } catch (...) {
        context.core.discard_module(&module);
        throw;
    }
    return module;
}

const rt::Variable& Library::variable_in(ApiContext& context, const char* name) {
    const rt::Variable* variable = module_in(context).variable(name);
    if (variable == nullptr)
        rt::fail(rt::Status::NoSuchName, "library {} has no variable '{}'", name_, name);
    return *variable;
}

void Library::fail_no_managed(const char* name) const {
    rt::fail(rt::Status::NoSuchName, "library {} has no managed variable '{}'", name_, name);
}

void Library::fail_no_unified(const char* symbol) const {
    rt::fail(rt::Status::NoSuchName, "library {} has no unified function '{}'", name_, symbol);
}

bool Library::has(const rt::Module& module) {
    const std::lock_guard lock(mutex_);
    return std::any_of(modules_.begin(), modules_.end(),
                       [&](const auto& known) { return known.second == &module; });
}

void Library::unload() {
    // Waits for devices, so without the lock.
    while (const auto pin = any_context()) {
        pin->synchronize();
        const auto module = take_module(*pin.get());
        if (module == nullptr) continue; // another thread was first
        drop_handles(*module);
        pin->unload_module(module);
    }
}

/// One that has the library loaded. Those that end take it with them.
rt::Context::Pin Library::any_context() {
    const std::lock_guard lock(mutex_);
    while (!modules_.empty()) {
        // It is there: it would have to forget the library before it goes.
        if (auto pin = rt::Context::pin(modules_.begin()->first->core)) return pin;
        modules_.erase(modules_.begin());
    }
    return {};
}

rt::Module* Library::take_module(const rt::Context& context) {
    const std::lock_guard lock(mutex_);
    const auto it = std::find_if(modules_.begin(), modules_.end(),
                                 [&](const auto& one) { return &one.first->core == &context; });
    if (it == modules_.end()) return nullptr;
    rt::Module* const taken = it->second;
    modules_.erase(it);
    return taken;
}

void Library::forget(const ApiContext& context) {
    const std::lock_guard lock(mutex_);
    modules_.erase(const_cast<ApiContext*>(&context));
}

rt::Kernel& LibraryKernel::in(ApiContext& context) const {
    if (stub != nullptr) return kernel_of(context, stub);
    const std::shared_ptr<Library> of = library.lock();
    if (!of) fail_gone("the kernel");
    rt::Kernel* kernel = of->module_in(context).kernel(name);
    if (kernel == nullptr) fail_gone("the kernel");
    return *kernel;
}

// ---- all of them

Libraries& Libraries::get() {
    static auto* const all = new Libraries;
    return *all;
}

void* Libraries::add(std::shared_ptr<Library> library) {
    const std::lock_guard lock(mutex_);
    const uint64_t handle = kLibrary << kShift | number();
    libraries_[handle] = std::move(library);
    return reinterpret_cast<void*>(handle);
}

std::shared_ptr<Library> Libraries::find(const void* library) {
    const std::lock_guard lock(mutex_);
    const auto found = libraries_.find(reinterpret_cast<uint64_t>(library));
    if (found == libraries_.end()) fail_gone("the library");
    return found->second;
}

void Libraries::remove(const void* library) {
    const std::shared_ptr<Library> dying = find(library);
    dying->unload(); // when it cannot be, the library stays
    const std::lock_guard lock(mutex_);
    const auto handle = reinterpret_cast<uint64_t>(library);
    if (libraries_.erase(handle) == 0) fail_gone("the library");
    for (const auto& [name, kernel] : of_library_[handle]) {
        kernels_.erase(kernel);
        library_of_.erase(kernel);
    }
    of_library_.erase(handle);
}

void* Libraries::kernel(const void* library, const std::string& name) {
    const std::shared_ptr<Library> of = find(library);
    if (std::find(of->kernels().begin(), of->kernels().end(), name) == of->kernels().end())
        rt::fail(rt::Status::NoSuchName,
                 "library {} has no kernel '{}' (names of C++ kernels are mangled)", of->name(),
                 name);
    const std::lock_guard lock(mutex_);
    uint64_t& handle = of_library_[reinterpret_cast<uint64_t>(library)][name];
    if (handle == 0) {
        handle = kKernel << kShift | number();
        kernels_[handle] = std::make_shared<LibraryKernel>(LibraryKernel{of, name, nullptr});
        library_of_[handle] = reinterpret_cast<uint64_t>(library);
    }
    return reinterpret_cast<void*>(handle);
}

void* Libraries::kernel_of_stub(const void* stub, std::string name) {
    const std::lock_guard lock(mutex_);
    uint64_t& handle = of_stub_[stub];
    if (handle == 0) {
        handle = kKernel << kShift | number();
        kernels_[handle] = std::make_shared<LibraryKernel>(
            LibraryKernel{{}, std::move(name), stub});
    }
    return reinterpret_cast<void*>(handle);
}

std::shared_ptr<const LibraryKernel> Libraries::find_kernel(const void* kernel) {
    const std::lock_guard lock(mutex_);
    const auto found = kernels_.find(reinterpret_cast<uint64_t>(kernel));
    if (found == kernels_.end()) fail_gone("the kernel");
    return found->second;
}

void* Libraries::library_of(const void* kernel) {
    const std::lock_guard lock(mutex_);
    const auto found = library_of_.find(reinterpret_cast<uint64_t>(kernel));
    if (found == library_of_.end()) fail_gone("the library of the kernel");
    return reinterpret_cast<void*>(found->second);
}

void Libraries::forget(const ApiContext& context) {
    const std::lock_guard lock(mutex_);
    for (const auto& [handle, library] : libraries_)
        library->forget(context);
}

bool Libraries::has(const rt::Module& module) {
    const std::lock_guard lock(mutex_);
    return std::any_of(libraries_.begin(), libraries_.end(),
                       [&](const auto& known) { return known.second->has(module); });
}

} // namespace acc::cuda
