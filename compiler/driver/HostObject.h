// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Sections of host objects that hold device code.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace acc::driver {

/// Section that clang fills with the file of -fcuda-include-gpubinary; the runtime finds it through
/// a wrapper that points to it.
constexpr const char* kFatBinarySection = ".nv_fatbin";
/// Fat binary with device IR for a later device link; not part of linked programs.
constexpr const char* kIrSection = ".acc.ir";

/// Marks the object of a device link, so that a later link does not link the same device code
/// again.
constexpr const char* kLinkedSection = ".acc.linked";

/// Function that the host object of a relocatable unit refers to and the object of its device link
/// defines: this and the unit's module id. nvcc's objects have the same.
inline const std::string kLinkedBinary = "__cudaRegisterLinkedBinary_";

/// Replaces the contents of a section of an object file, if it has that section (clang leaves it
/// out when a source has no kernels and no device variables). Returns an error text or nothing.
std::string replace_section(const std::string& object, const char* section,
                            const std::vector<uint8_t>& contents);

/// Adds a section that linkers drop.
std::string add_excluded_section(const std::string& object, const char* section,
                                 const std::vector<uint8_t>& contents);

/// True when the file is an ELF object (and not, say, bitcode because of -flto).
bool is_elf_object(const std::string& file);

/// Device IR of one object.
struct IrUnit {
    std::string name; ///< file, or archive(member)
    std::string bitcode;
    std::vector<std::string> references; ///< the functions kLinkedBinary... that the object needs
};

/// Finds the device IR in an object, or in all members of an archive. Files without any give
/// nothing, damaged ones an error text. Sets `linked` when the file is the object of a device link.
std::string collect_ir(const std::string& file, std::vector<IrUnit>& units, bool& linked);

/// True when an object, or a member of an archive, has parallel regions that clang compiled. False
/// for a file that is neither.
bool calls_clang_openmp(const std::string& file);

} // namespace acc::driver
