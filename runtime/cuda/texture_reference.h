// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Texture and surface references: variables of device code that hold the object bound to them
// (docs/isa/textures.md).
#pragma once

#include <mutex>
#include <unordered_map>

#include "acc/spec/acc_texture.h"

namespace acc::cuda {

class ApiContext;
struct FatBinary;
struct ImageDescription;
struct ReferenceEntry;

/// What one reference is bound to in one context.
class ReferenceSlot {
  public:
    /// `variable`: the device's variable, 0 when no device code has it.
    explicit ReferenceSlot(uint64_t variable) : variable_(variable) {}

    bool bound() const { return object_ != 0; }
    /// Kernels that are launched from here on read this. Waits for those before.
    void bind(ApiContext& context, const ImageDescription& description);
    void unbind(ApiContext& context);
    /// The variable is gone, or the context goes.
    void forget();

  private:
    void write(ApiContext& context, uint64_t object) const;

    uint64_t variable_ = 0;
    uint64_t object_ = 0;
};

/// The references of the program's own fat binaries, in one context.
class ReferenceBindings {
  public:
    void bind(ApiContext& context, const ReferenceEntry& entry, const ImageDescription& description,
              size_t offset);
    /// Nothing when it is not bound.
    void unbind(ApiContext& context, const ReferenceEntry& entry);
    /// Bytes from the address that the texture begins at to the one it was bound to. Throws
    /// Error(InvalidTextureBinding).
    size_t offset_of(const ReferenceEntry& entry);
    /// The library with this device code goes away.
    void drop(const FatBinary& binary);

  private:
    struct Binding {
        ReferenceSlot slot{0};
        size_t offset = 0;
    };
    std::mutex mutex_; // protects bindings_; whoever binds waits for the device
    std::unordered_map<const ReferenceEntry*, Binding> bindings_;
};

} // namespace acc::cuda
