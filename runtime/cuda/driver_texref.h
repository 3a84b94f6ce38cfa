// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the driver API's texture and surface references have been told so far.
#pragma once

#include <atomic>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "runtime/cuda/image_objects.h"
#include "runtime/cuda/texture_reference.h"

namespace acc::cuda {

class DriverReference {
  public:
    DriverReference(const rt::Module* of, uint64_t at, bool is_surface)
        : module(of), variable(at), surface_(is_surface), slot_(at) {
        // Integers of 8 and 16 bits are fractions unless the program says otherwise.
        sampler_.readMode = cudaReadModeNormalizedFloat;
        for (auto& mode : sampler_.addressMode)
            mode = cudaAddressModeClamp;
    }

    std::atomic<const rt::Module*> module; ///< null: of none (any more)
    const uint64_t variable;
    std::mutex mutex; // held by whoever uses what follows

    /// Its module goes, and the variable with it.
    void end() {
        module = nullptr;
        slot_.forget();
    }

    bool surface() const { return surface_; }
    cudaTextureDesc& sampler() { return sampler_; }
    const std::optional<rt::ElementFormat>& format() const { return format_; }
    void set_format(const rt::ElementFormat& format) { format_ = format; }
    /// Null when nothing is bound.
    const cudaResourceDesc* resource() const { return has_resource_ ? &resource_ : nullptr; }
    /// Binds, or unbinds for null. Throws Error when no texture can be made of it.
    void set_resource(ApiContext& context, const cudaResourceDesc* resource);
    /// Format or sampler are other ones.
    void changed(ApiContext& context);

  private:
    void refresh(ApiContext& context);

    const bool surface_;
    ReferenceSlot slot_;
    cudaTextureDesc sampler_{};
    std::optional<rt::ElementFormat> format_; ///< plain memory says nothing of its own
    cudaResourceDesc resource_{};
    bool has_resource_ = false;
};

/// Those of a context. They stay to its end; their handles end with the module.
class DriverReferences {
  public:
    /// Throws Error(NoSuchName).
    DriverReference& of(ApiContext& context, rt::Module& module, const std::string& name,
                        bool surface);
    DriverReference& create();

  private:
    std::mutex mutex_; // protects references_
    std::deque<std::unique_ptr<DriverReference>> references_;
};

} // namespace acc::cuda
