// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/cuda/registration.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "runtime/core/demangle.h"
#include "runtime/core/status.h"
#include "runtime/cuda/library.h"
#include "runtime/cuda/runtime.h"

namespace acc::cuda {

using rt::Status;

// ---- the process's fat binaries
// -----------------------------------------------------------------------------------

Registry& Registry::get() {
    static Registry* const registry = new Registry;
    return *registry;
}

FatBinary* Registry::add(const void* image, std::string origin) {
    std::lock_guard lock(mutex_);
    auto binary = std::make_unique<FatBinary>();
    binary->image = image;
    binary->origin = std::move(origin);
    binaries_.push_back(std::move(binary));
    return binaries_.back().get();
}

void Registry::insert(FatBinary& binary, Entry entry) {
    entries_[entry.key] = entry;
    binary.keys.push_back(entry.key);
    table_.store(nullptr, std::memory_order_release);
}

void Registry::add_kernel(FatBinary& binary, const void* stub, const char* name) {
    std::lock_guard lock(mutex_);
    KernelEntry& kernel = binary.kernels.emplace_back();
    kernel.binary = &binary;
    kernel.name = name;
    insert(binary, {stub, &kernel, nullptr, nullptr});
}

void Registry::add_variable(FatBinary& binary, void* shadow, const char* name, size_t bytes) {
    std::lock_guard lock(mutex_);
    VariableEntry& variable = binary.variables.emplace_back();
    variable = {&binary, name, shadow, bytes};
    insert(binary, {shadow, nullptr, &variable, nullptr});
}

void Registry::add_reference(FatBinary& binary, ReferenceEntry entry) {
    std::lock_guard lock(mutex_);
    entry.binary = &binary;
    ReferenceEntry& reference = binary.references.emplace_back(std::move(entry));
    insert(binary, {reference.host, nullptr, nullptr, &reference});
}

void Registry::complete(FatBinary& binary) {
    if (binary.variables.empty()) return;
    const auto [image, bytes] = rt::select_image(binary.image, 0);
    rt::for_managed_initials(
        image, bytes, [&](std::string_view name, const void* value, size_t size) {
            for (VariableEntry& variable : binary.variables)
                if (variable.name == name)
                    std::memcpy(variable.shadow, value, std::min(size, variable.bytes));
        });
}

VariableEntry* Registry::variable_at(const void* address) {
    std::lock_guard lock(mutex_);
    for (const auto& [key, entry] : entries_)
        if (entry.variable != nullptr &&
            reinterpret_cast<uint64_t>(address) - reinterpret_cast<uint64_t>(key) <
                entry.variable->bytes)
            return entry.variable;
    return nullptr;
}

const void* Registry::stub_of(const ApiContext& context, const rt::Kernel& kernel) {
    std::lock_guard lock(mutex_);
    for (const auto& [key, entry] : entries_) {
        if (entry.kernel == nullptr) continue;
        const BoundKernel* bound = entry.kernel->bound.load(std::memory_order_acquire);
        if (bound != nullptr && bound->context == &context && bound->kernel == &kernel) return key;
    }
    return nullptr;
}

void Registry::remove(FatBinary& binary) {
    std::lock_guard lock(mutex_);
    for (const void* key : binary.keys) {
        auto it = entries_.find(key);
        if (it != entries_.end() && it->second.binary() == &binary) entries_.erase(it);
    }
    table_.store(nullptr, std::memory_order_release);
}

Registry::Table* Registry::rebuild() {
    std::lock_guard lock(mutex_);
    if (Table* table = table_.load(std::memory_order_acquire)) return table;
    auto table = std::make_unique<Table>();
    const size_t slots = std::bit_ceil(std::max<size_t>(entries_.size() * 2, 16));
    table->shift = 64 - static_cast<unsigned>(std::countr_zero(slots));
    table->slots.resize(slots);
    for (const auto& [key, entry] : entries_) {
        if (key == nullptr) continue;
        size_t i = slot_of(*table, key);
        while (table->slots[i].key != nullptr)
            i = (i + 1) & (slots - 1);
        table->slots[i] = entry;
    }
    tables_.push_back(std::move(table));
    table_.store(tables_.back().get(), std::memory_order_release);
    return tables_.back().get();
}

// ---- what a context has loaded
// ------------------------------------------------------------------------------------

LoadedBinaries::~LoadedBinaries() {
    for (auto& [entry, bound] : kernels_) {
        const BoundKernel* expected = bound.get();
        entry->bound.compare_exchange_strong(expected, nullptr);
    }
}

rt::Module& LoadedBinaries::module(ApiContext& context, FatBinary& binary) {
    auto it = modules_.find(&binary);
    if (it != modules_.end()) return *it->second;
    const auto [image, bytes] = rt::select_image(binary.image, 0);
    rt::Module& module = context.core.load_module(image, bytes, binary.origin);
    try {
        for (const VariableEntry& entry : binary.variables) {
            const rt::Variable* variable = module.variable(entry.name);
            if (variable != nullptr && (variable->flags & ACC_STO_MANAGED) != 0)
                module.attach_managed(*variable, entry.shadow, entry.bytes);
        }
        module.check_managed();
        modules_.emplace(&binary, &module);
    } catch (...) {
        context.core.discard_module(&module);
        throw;
    }
    return module;
}

const BoundKernel& LoadedBinaries::bind(ApiContext& context, KernelEntry& entry) {
    std::lock_guard lock(mutex_);
    auto& bound = kernels_[&entry];
    if (!bound) {
        rt::Kernel* kernel = module(context, *entry.binary).kernel(entry.name);
        if (kernel == nullptr)
            rt::fail(Status::InvalidKernel, "kernel {} is not in the device code of {}",
                     rt::demangled(entry.name), entry.binary->origin);
        bound = std::make_unique<BoundKernel>(BoundKernel{&context, kernel});
    }
    entry.bound.store(bound.get(), std::memory_order_release);
    return *bound;
}

rt::Variable LoadedBinaries::variable(ApiContext& context, const VariableEntry& entry) {
    std::lock_guard lock(mutex_);
    const rt::Variable* variable = module(context, *entry.binary).variable(entry.name);
    if (variable == nullptr)
        rt::fail(Status::InvalidSymbol, "variable {} is not in the device code of {}", entry.name,
                 entry.binary->origin);
    if ((variable->flags & ACC_STO_MANAGED) == 0) return *variable;
    const auto storage = context.core.host_memory().find(entry.shadow);
    if (!storage) // not while its module is loaded
        rt::fail(Status::InvalidSymbol, "managed variable {} has no storage", entry.name);
    return {storage->va + (reinterpret_cast<uint64_t>(entry.shadow) - storage->host), entry.bytes,
            variable->flags};
}

uint64_t LoadedBinaries::reference(ApiContext& context, const ReferenceEntry& entry) {
    std::lock_guard lock(mutex_);
    const rt::Variable* variable = module(context, *entry.binary).variable(entry.name);
    return variable != nullptr ? variable->va : 0;
}

void LoadedBinaries::drop(ApiContext& context, FatBinary& binary) {
    context.references.drop(binary);
    rt::Module* module = nullptr;
    {
        std::lock_guard lock(mutex_);
        auto it = modules_.find(&binary);
        if (it == modules_.end()) return;
        for (KernelEntry& entry : binary.kernels) {
            entry.bound.store(nullptr, std::memory_order_release);
            kernels_.erase(&entry);
        }
        module = it->second;
        modules_.erase(it);
    }
    drop_handles(*module);
    context.core.retire_module(module);
}

rt::Kernel& kernel_of(ApiContext& context, const void* stub) {
    KernelEntry* entry = Registry::get().find_kernel(stub);
    if (entry == nullptr && Libraries::is_kernel(stub))
        return Libraries::get().find_kernel(stub)->in(context);
    if (entry == nullptr)
        rt::fail(Status::InvalidKernel,
                 "{} is not a kernel of this program (not a __global__ function, or compiled "
                 "without accc)",
                 stub);
    const BoundKernel* bound = entry->bound.load(std::memory_order_acquire);
    if (bound == nullptr || bound->context != &context) [[unlikely]]
        bound = &context.binaries.bind(context, *entry);
    return *bound->kernel;
}

rt::Variable variable_of(ApiContext& context, const void* shadow) {
    VariableEntry* entry = shadow != nullptr ? Registry::get().find_variable(shadow) : nullptr;
    if (entry == nullptr)
        rt::fail(Status::InvalidSymbol,
                 "{} is not a __device__ or __constant__ variable of this program", shadow);
    return context.binaries.variable(context, *entry);
}

} // namespace acc::cuda
