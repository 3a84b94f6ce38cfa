// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/driver/MissingFeatures.h"

#include <string_view>

namespace acc::driver {
namespace {

struct Feature {
    std::string_view start; ///< of the header's or the function's name
    std::string_view what;
};

constexpr Feature kHeaders[] = {
    {"nvrtc.h", "run-time compilation (NVRTC)"},
    {"nvJitLink.h", "run-time linking (nvJitLink)"},
    {"nvPTXCompiler.h", "the PTX compiler library"},
    {"cublas", "cuBLAS"},
    {"curand_kernel.h", "cuRAND's device functions"},
    {"curand", "cuRAND"},
    {"cufft", "cuFFT"},
    {"cusparse", "cuSPARSE"},
    {"cusolver", "cuSOLVER"},
    {"cudnn", "cuDNN"},
    {"cutensor", "cuTENSOR"},
    {"npp", "NPP"},
    {"nvjpeg.h", "nvJPEG"},
    {"nccl.h", "NCCL"},
    {"nvml.h", "NVML"},
    {"cupti", "CUPTI"},
    {"cuda_egl_interop.h", "EGL interoperability"},
    {"cuda_vdpau_interop.h", "VDPAU interoperability"},
    {"cudaGL.h", "OpenGL interoperability"},
    {"cudaEGL.h", "EGL interoperability"},
    {"cudaVDPAU.h", "VDPAU interoperability"},
    {"mma.h", "warp matrix functions (nvcuda::wmma)"},
};

/// Headers of Debian packages, which compile as they are.
constexpr Feature kPackages[] = {
    {"thrust/", "Thrust (Debian package libthrust-dev)"},
    {"cub/", "CUB (Debian package libcub-dev)"},
    {"cuda/", "libcu++ (Debian package libcu++-dev)"},
    {"nv/target", "libcu++ (Debian package libcu++-dev)"},
};

constexpr Feature kNames[] = {
    {"tex1D", "texture functions"},
    {"tex2D", "texture functions"},
    {"tex3D", "texture functions"},
    {"texCubemap", "texture functions"},
    {"surf1D", "surface functions"},
    {"surf2D", "surface functions"},
    {"surf3D", "surface functions"},
    {"surfCubemap", "surface functions"},
    {"cudaTextureType", "textures"},
    {"cudaSurfaceType", "surfaces"},
    {"cudaReadMode", "textures"},
    {"nvcuda", "warp matrix functions (nvcuda::wmma)"},
    {"wmma", "warp matrix functions (nvcuda::wmma)"},
};

/// The first word between single quotes.
std::string_view quoted(std::string_view text) {
    size_t open = text.find('\'');
    if (open == std::string_view::npos) return {};
    size_t close = text.find('\'', open + 1);
    if (close == std::string_view::npos) return {};
    return text.substr(open + 1, close - open - 1);
}

bool is_unknown_name(std::string_view error) {
    for (std::string_view start :
         {"use of undeclared identifier '", "unknown type name '", "no template named '",
          "no member named '", "no matching function for call to '"})
        if (error.starts_with(start)) return true;
    return false;
}

template <size_t N>
std::string_view find(const Feature (&table)[N], std::string_view name) {
    for (const Feature& feature : table)
        if (name.starts_with(feature.start)) return feature.what;
    return {};
}

} // namespace

std::string missing_feature_hint(const std::string& error) {
    std::string_view text = error;
    std::string_view name = quoted(text);
    std::string_view what;
    if (text.find("' file not found") != std::string_view::npos) {
        if (std::string_view package = find(kPackages, name); !package.empty())
            return std::string(package) + ": not installed; or name a copy of CCCL with -I";
        what = find(kHeaders, name);
    } else if (is_unknown_name(text) || text == "expected namespace name")
        what = find(kNames, name);
    if (what.empty()) return {};
    return std::string(what) +
           ": not in this toolkit yet; docs/status.md lists what works and what comes next";
}

} // namespace acc::driver
