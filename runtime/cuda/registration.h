// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Device code that is part of the program: fat binaries register themselves before main (and when a
// library is opened); each context loads a fat binary when one of its kernels or variables is first
// used.
#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "runtime/core/module.h"

namespace acc::rt {
class Context;
}

namespace acc::cuda {

class ApiContext;
struct FatBinary;

/// A kernel as one context knows it.
struct BoundKernel {
    const ApiContext* context = nullptr;
    rt::Kernel* kernel = nullptr;
};

/// A __global__ function of the program: the address of its host stub stands for it.
struct KernelEntry {
    FatBinary* binary = nullptr;
    std::string name; ///< mangled
    /// The last context's binding: with one context, which is nearly always, the whole lookup.
    std::atomic<const BoundKernel*> bound{nullptr};
};

/// A __device__, __constant__ or __managed__ variable: the address of its host shadow stands for
/// it. A __managed__ variable's shadow is its storage: the device is given the shadow's pages.
struct VariableEntry {
    FatBinary* binary = nullptr;
    std::string name; ///< mangled
    void* shadow = nullptr;
    size_t bytes = 0;
};

/// A texture or surface reference: the address of its description on the host stands for it.
struct ReferenceEntry {
    FatBinary* binary = nullptr;
    std::string name;           ///< mangled
    const void* host = nullptr; ///< textureReference or surfaceReference
    unsigned dimensions = 0;    ///< cudaTextureType*, cudaSurfaceType*
    bool normalized = false;    ///< integers are read as fractions
    bool surface = false;
};

struct FatBinary {
    const void* image = nullptr; ///< container or code object; its size is in its header
    std::string origin;          ///< file it came from, for messages
    std::deque<KernelEntry> kernels;
    std::deque<VariableEntry> variables;
    std::deque<ReferenceEntry> references;
    std::vector<const void*> keys; ///< host addresses that stand for them
};

/// Every fat binary of the process. Lookups take no lock: they read a table that registration
/// replaces.
class Registry {
  public:
    /// Never destroyed: libraries unregister while the process exits.
    static Registry& get();

    FatBinary* add(const void* image, std::string origin);
    void add_kernel(FatBinary& binary, const void* stub, const char* name);
    void add_variable(FatBinary& binary, void* shadow, const char* name, size_t bytes);
    /// `entry` without its binary.
    void add_reference(FatBinary& binary, ReferenceEntry entry);
    /// All of the binary's kernels and variables are known: gives managed variables their initial
    /// values. Throws Error.
    void complete(FatBinary& binary);
    /// Forgets the binary; contexts unload it. The structure stays: another thread may be looking
    /// at it.
    void remove(FatBinary& binary);

    /// Null when no kernel / variable / reference has this address.
    KernelEntry* find_kernel(const void* stub) {
        Entry* entry = find(stub);
        return entry != nullptr ? entry->kernel : nullptr;
    }
    VariableEntry* find_variable(const void* shadow) {
        Entry* entry = find(shadow);
        return entry != nullptr ? entry->variable : nullptr;
    }
    ReferenceEntry* find_reference(const void* host) {
        Entry* entry = host != nullptr ? find(host) : nullptr;
        return entry != nullptr ? entry->reference : nullptr;
    }

    /// The stub of a kernel as the context has it; null when it is none of a fat binary. Goes
    /// through all of them.
    const void* stub_of(const ApiContext& context, const rt::Kernel& kernel);

    /// The variable whose shadow contains the address. Goes through all of them.
    VariableEntry* variable_at(const void* address);

  private:
    struct Entry {
        const void* key = nullptr;
        KernelEntry* kernel = nullptr;
        VariableEntry* variable = nullptr;
        ReferenceEntry* reference = nullptr;

        const FatBinary* binary() const {
            if (kernel != nullptr) return kernel->binary;
            return variable != nullptr ? variable->binary : reference->binary;
        }
    };
    /// Open addressing, at most half full, never changed once published.
    struct Table {
        unsigned shift = 0;
        std::vector<Entry> slots;
    };
    static size_t slot_of(const Table& table, const void* key) {
        return (reinterpret_cast<uint64_t>(key) * 0x9e3779b97f4a7c15ull) >> table.shift;
    }
    Entry* find(const void* key) {
        Table* table = table_.load(std::memory_order_acquire);
        if (table == nullptr) [[unlikely]]
            table = rebuild();
        for (size_t i = slot_of(*table, key);; i = (i + 1) & (table->slots.size() - 1)) {
            Entry& entry = table->slots[i];
            if (entry.key == key) return &entry;
            if (entry.key == nullptr) return nullptr;
        }
    }
    Table* rebuild();
    void insert(FatBinary& binary, Entry entry);

    std::atomic<Table*> table_{nullptr}; ///< null: to be rebuilt
    std::mutex mutex_;                   // protects what follows
    std::unordered_map<const void*, Entry> entries_;
    std::vector<std::unique_ptr<FatBinary>> binaries_;
    std::vector<std::unique_ptr<Table>> tables_; ///< old ones too: a reader may still hold one
};

/// The fat binaries that one context has loaded.
class LoadedBinaries {
  public:
    ~LoadedBinaries();

    /// Loads the fat binary when needed. Throws Error(InvalidKernel, InvalidImage, NoKernelImage).
    const BoundKernel& bind(ApiContext& context, KernelEntry& entry);
    /// As above; Error(InvalidSymbol).
    rt::Variable variable(ApiContext& context, const VariableEntry& entry);
    /// The device's variable of a reference, 0 when the device code has none. Throws as above.
    uint64_t reference(ApiContext& context, const ReferenceEntry& entry);
    /// Unloads a fat binary whose library goes away. Waits for nothing: a kernel of it may never
    /// end.
    void drop(ApiContext& context, FatBinary& binary);

  private:
    rt::Module& module(ApiContext& context, FatBinary& binary);

    std::mutex mutex_; // protects what follows
    std::unordered_map<const FatBinary*, rt::Module*> modules_;
    std::unordered_map<KernelEntry*, std::unique_ptr<BoundKernel>> kernels_;
};

/// The kernel that a host stub stands for, in this context. Throws Error(InvalidKernel,
/// InvalidImage, NoKernelImage).
rt::Kernel& kernel_of(ApiContext& context, const void* stub);

/// Where the variable that a host shadow stands for is in this context. Throws Error(InvalidSymbol,
/// …).
rt::Variable variable_of(ApiContext& context, const void* shadow);

} // namespace acc::cuda
