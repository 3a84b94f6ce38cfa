// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A loaded code object: its image in device memory, kernels and variables.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "acc/spec/acc_code_object.h"
#include "runtime/core/backend.h"
#include "runtime/core/host_memory.h"
#include "runtime/core/memory.h"

namespace acc::object {
class CodeObject;
}

namespace acc::rt {

class Context;
class Module;

class Kernel {
  public:
    Module* module = nullptr;
    std::string name;
    uint64_t descriptor_va = 0;
    acc_kernel_descriptor descriptor{};
    std::vector<acc_kernel_param> params;
    uint32_t sm = 0; ///< the -arch number that it was compiled for, 0 when the code does not say
    /// Dynamic shared memory a launch may ask for without cudaFuncSetAttribute having raised it.
    std::atomic<uint32_t> max_dynamic_shared{0};
    std::atomic<int> preferred_carveout{-1};
    std::atomic<bool> large_clusters{false}; ///< more than ACC_PORTABLE_CLUSTER_BLOCKS allowed
};

struct Variable {
    uint64_t va = 0;
    uint64_t bytes = 0;
    uint8_t flags = 0; ///< ACC_STO_*
};

struct SourceLine {
    std::string file;
    unsigned line = 0;
};

class Module {
  public:
    /// Loads a code object (an ELF image). Throws Error(InvalidImage, NoKernelImage, OutOfMemory).
    Module(Context& context, const void* image, size_t bytes, std::string name);
    ~Module();
    Module(const Module&) = delete;

    const std::string& name() const { return name_; }
    uint64_t base() const { return window_.va(); }
    uint64_t bytes() const { return window_.bytes(); }
    bool contains(uint64_t va) const { return va - base() < bytes(); }

    /// By (mangled) name; null when there is none.
    Kernel* kernel(std::string_view name);
    const Variable* variable(std::string_view name) const;
    bool has(const Kernel* kernel) const;
    /// The kernel whose descriptor is at the address.
    const Kernel* kernel_at(uint64_t descriptor_va) const;
    /// Where the instruction at `pc` comes from, from the code object's line table.
    std::optional<SourceLine> line_at(uint64_t pc) const;
    /// Function symbol around `pc` and the distance from its start.
    std::optional<std::pair<std::string, uint64_t>> function_at(uint64_t pc) const;
    /// Host view of [va, va + bytes) in the image (for format strings); null when not inside.
    const uint8_t* host_view(uint64_t va, uint64_t bytes) const;
    /// Gives a __managed__ variable (whose slot is `variable`) the program's own storage. Throws
    /// Error.
    void attach_managed(const Variable& variable, void* storage, uint64_t bytes);
    /// Throws Error(InvalidImage) naming a __managed__ variable that has no storage.
    void check_managed() const;
    /// The program's storage of managed variables goes away, before the module does.
    void leave_managed();
    /// Bytes from `va` to the end of the image.
    uint64_t bytes_after(uint64_t va) const { return contains(va) ? base() + bytes() - va : 0; }

  private:
    struct Text;
    void load_segments();
    void relocate();
    void map_segments();
    void read_kernels();
    void read_symbols();

    Context& context_;
    std::string name_;
    std::vector<uint8_t> file_; // the ELF image, for symbols and lines
    std::unique_ptr<object::CodeObject> object_;
    std::shared_ptr<MemoryObject> memory_;
    Window window_;
    std::unordered_map<uint64_t, HostMemory::Managed> managed_; // by address of the slot
    std::unordered_map<std::string, std::unique_ptr<Kernel>> kernels_;
    std::unordered_map<std::string, Variable> variables_;
};

/// Calls `f` with the name and the initial value of each managed variable of a code object (those
/// without one are zero). Throws Error(InvalidImage).
void for_managed_initials(const void* image, size_t bytes,
                          const std::function<void(std::string_view, const void*, size_t)>& f);

/// The kernels of a code object, without loading it. Throws Error(InvalidImage).
std::vector<std::string> kernel_names(const void* image, size_t bytes);

/// From a fat binary or a bare code object: the ELF image for this device. Throws
/// Error(InvalidImage, NoKernelImage).
std::pair<const void*, size_t> select_image(const void* data, size_t bytes);

} // namespace acc::rt
