// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Texture and surface objects as both APIs make and describe them. A handle is the device address
// of a record (docs/host-interface/textures.md); what the program gave is kept beside it.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>

#include "acc/spec/acc_texture.h"
#include "runtime/cuda/array.h"
#include "texture_types.h"

namespace acc::cuda {

/// What an object is made from, in the runtime API's terms.
struct ImageDescription {
    cudaResourceDesc resource{};
    std::optional<cudaTextureDesc> sampler; ///< none: a surface
    std::optional<cudaResourceViewDesc> view;
    /// How many dimensions those who read it give, when that is known (of a texture reference);
    /// else the image says.
    std::optional<unsigned> dimensions;
    /// The format that elements are read with, when the resource's own does not say: of an array
    /// bound to a reference. Of the same size.
    std::optional<cudaChannelFormatDesc> format;
};

/// Bytes of linear memory that begins `beyond` bytes before the `bytes` that were asked for. The
/// sum of an absurd size stays absurd.
inline size_t bytes_with(size_t beyond, size_t bytes) {
    return bytes + beyond < bytes ? SIZE_MAX : bytes + beyond;
}

/// The record for the device. Throws Error(InvalidValue, InvalidHandle, InvalidChannelDescriptor,
/// InvalidFilterSetting, NotSupported).
acc_texture record_of(ApiContext& context, const ImageDescription& description);

/// The process's texture and surface objects. References are bound to objects that the program does
/// not know.
class ImageObjects {
  public:
    /// Never destroyed, like the runtime.
    static ImageObjects& get();

    uint64_t create(ApiContext& context, const ImageDescription& description, bool hidden);
    /// Throws Error(InvalidValue) when there is no such texture (or surface) object.
    void destroy(uint64_t handle, bool surface);
    /// Ends a hidden one, if it is still there.
    void release(uint64_t handle);
    ImageDescription describe(uint64_t handle, bool surface);
    /// The image is gone: objects of it fault from here on.
    void forget(const rt::Image& image);
    /// The context is gone with its records.
    void forget(const ApiContext& context);

  private:
    struct Object {
        ApiContext* owner = nullptr;
        ImageDescription description;
        const rt::Image* image = nullptr; ///< null: plain memory
        bool hidden = false;
    };
    using Map = std::map<uint64_t, Object>;
    Map::iterator find(uint64_t handle, bool surface);

    std::mutex mutex_; // protects objects_
    Map objects_;
};

} // namespace acc::cuda
