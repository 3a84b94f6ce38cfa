// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/driver/MissingFeatures.h"

#include <filesystem>
#include <string_view>

namespace acc::driver {
namespace {

struct Feature {
    std::string_view start; ///< of the header's or the function's name
    std::string_view what;
};

constexpr Feature kHeaders[] = {
    {"nvPTXCompiler.h", "the PTX compiler library"},
    {"nvblas", "NVBLAS"},
    {"cufftw", "cuFFTW"},
    {"cufftMp", "cuFFTMp"},
    {"cusparseLt", "cuSPARSELt"},
    {"cusolverMg", "cuSOLVERMg"},
    {"cusolverMp", "cuSOLVERMp"},
    {"cutensor", "cuTENSOR"},
    {"npp", "NPP"},
    {"nvjpeg.h", "nvJPEG"},
    {"cupti", "CUPTI"},
    {"cuda_egl_interop.h", "EGL interoperability"},
    {"cuda_vdpau_interop.h", "VDPAU interoperability"},
    {"cudaGL.h", "OpenGL interoperability"},
    {"cudaEGL.h", "EGL interoperability"},
    {"cudaVDPAU.h", "VDPAU interoperability"},
};

/// What the names of libraries, and of their functions, begin with.
constexpr Feature kLibraries[] = {
    {"nvblas", "NVBLAS"},
    {"cufftw", "cuFFTW"},
    {"cufftMp", "cuFFTMp"},
    {"cusparseLt", "cuSPARSELt"},
    {"cusolverMg", "cuSOLVERMg"},
    {"cusolverMp", "cuSOLVERMp"},
    {"cutensor", "cuTENSOR"},
    {"npp", "NPP"},
    {"nvjpeg", "nvJPEG"},
    {"cupti", "CUPTI"},
    {"nvptxcompiler", "the PTX compiler library"},
};

/// Libraries that are there: what the names of their functions begin with, and the option.
constexpr Feature kPresent[] = {
    {"cublasLt", "-lcublasLt"}, {"cublas", "-lcublas"},       {"curand", "-lcurand"},
    {"cufft", "-lcufft"},       {"cusparse", "-lcusparse"},   {"nvrtc", "-lnvrtc"},
    {"cudnn", "-lcudnn"},       {"nvJitLink", "-lnvJitLink"}, {"cusolver", "-lcusolver"},
    {"nccl", "-lnccl"},         {"nvFatbin", "-lnvfatbin"},
};

struct Package {
    std::string_view start; ///< of the header's name
    std::string_view what;
    const char* folder; ///< there when the package is installed
};

/// Headers of Debian packages, which compile as they are.
constexpr Package kPackages[] = {
    {"thrust/", "Thrust (Debian package libthrust-dev)", "/usr/include/thrust"},
    {"cub/", "CUB (Debian package libcub-dev)", "/usr/include/cub"},
    {"cuda/", "libcu++ (Debian package libcu++-dev)", "/usr/include/cuda/std"},
    {"nv/target", "libcu++ (Debian package libcu++-dev)", "/usr/include/nv"},
};

/// The first word between single quotes.
std::string_view quoted(std::string_view text) {
    size_t open = text.find('\'');
    if (open == std::string_view::npos) return {};
    size_t close = text.find('\'', open + 1);
    if (close == std::string_view::npos) return {};
    return text.substr(open + 1, close - open - 1);
}

template <size_t N>
std::string_view find(const Feature (&table)[N], std::string_view name) {
    for (const Feature& feature : table)
        if (name.starts_with(feature.start)) return feature.what;
    return {};
}

std::string_view missing_library(std::string_view error) {
    for (std::string_view start : {"unable to find library -l", "cannot find -l"})
        if (size_t at = error.find(start); at != std::string_view::npos)
            return find(kLibraries, error.substr(at + start.size()));
    return {};
}

/// The name after "undefined symbol: " or "undefined reference to `", C's spelling.
std::string_view undefined_name(std::string_view error) {
    for (std::string_view start : {"undefined symbol: ", "undefined reference to `"})
        if (size_t at = error.find(start); at != std::string_view::npos)
            return error.substr(at + start.size());
    return {};
}

/// cuInit, cuMemAlloc_v2; not cudaMalloc or cublasCreate.
bool is_driver_function(std::string_view name) {
    return name.size() > 2 && name.starts_with("cu") && name[2] >= 'A' && name[2] <= 'Z' &&
           name.find_first_of(":(<") == std::string_view::npos;
}

/// A header that is named as one of a package, and was not found.
std::string missing_package(std::string_view header) {
    for (const Package& package : kPackages) {
        if (!header.starts_with(package.start)) continue;
        std::error_code ignored;
        const bool there = std::filesystem::exists(package.folder, ignored);
        return std::string(package.what) +
               (there ? ": the installed release has no such file" : ": not installed") +
               "; or name a copy of CCCL with -I";
    }
    return {};
}

std::string_view missing_feature(std::string_view error) {
    const std::string_view name = quoted(error);
    if (error.find("' file not found") != std::string_view::npos) return find(kHeaders, name);
    return {};
}

std::string not_there(std::string_view what) {
    if (what.empty()) return {};
    return std::string(what) +
           ": not in this toolkit yet; docs/status.md lists what works and what comes next";
}

} // namespace

std::string missing_feature_hint(const std::string& error) {
    const std::string_view text = error;
    if (text.find("' file not found") != std::string_view::npos)
        if (std::string hint = missing_package(quoted(text)); !hint.empty()) return hint;
    return not_there(missing_feature(text));
}

std::string link_hint(const std::string& line) {
    if (std::string_view what = missing_library(line); !what.empty()) return not_there(what);
    const std::string_view name = undefined_name(line);
    if (is_driver_function(name))
        return "functions of the driver API (cu...) are in libcuda: link with -lcuda";
    if (std::string_view what = find(kLibraries, name); !what.empty()) return not_there(what);
    if (std::string_view option = find(kPresent, name); !option.empty())
        return std::string(name.substr(0, name.find_first_of("'(\n"))) +
               " is a function of a library: link with " + std::string(option);
    return {};
}

std::string device_code_hint(const std::string& diagnostic) {
    if (diagnostic.find("call to __host__ function from __") == std::string::npos ||
        diagnostic.find("not viable") == std::string::npos)
        return {};
    return "device code calls only functions marked __device__ (or __host__ __device__), and "
           "constexpr ones with --expt-relaxed-constexpr; containers, strings and streams of the "
           "C++ library are for the host, cuda::std has some for both";
}

} // namespace acc::driver
