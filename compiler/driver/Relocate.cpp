// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/driver/Relocate.h"

#include "compiler/object/bytes.h"
#include "compiler/object/error.h"

#include "llvm/BinaryFormat/ELF.h"

#include <cstring>
#include <filesystem>
#include <fstream>
#include <optional>
#include <unistd.h>
#include <vector>

namespace fs = std::filesystem;
using namespace llvm::ELF;

namespace acc::driver {
namespace {

/// Where a text lies in a file, and how long it may become.
struct Place {
    size_t offset;
    size_t room;
};

/// The DT_SONAME of a shared library. Throws object::Error when the file is damaged.
std::optional<Place> find_soname(object::Bytes file) {
    const auto header = object::read<Elf64_Ehdr>(file, 0, "ELF header");
    const auto section = [&](uint64_t index) {
        return object::read<Elf64_Shdr>(file, header.e_shoff + index * sizeof(Elf64_Shdr),
                                        "section header");
    };
    for (uint64_t i = 0; i < header.e_shnum; ++i) {
        const Elf64_Shdr dynamic = section(i);
        if (dynamic.sh_type != SHT_DYNAMIC) continue;
        const Elf64_Shdr strings = section(dynamic.sh_link);
        const auto text = object::slice(file, strings.sh_offset, strings.sh_size, "names");
        for (uint64_t at = 0; at + sizeof(Elf64_Dyn) <= dynamic.sh_size; at += sizeof(Elf64_Dyn)) {
            const auto entry = object::read<Elf64_Dyn>(file, dynamic.sh_offset + at, "entry");
            if (entry.d_tag != DT_SONAME) continue;
            const size_t start = size_t(entry.d_un.d_val);
            // A shorter name than an earlier one is followed by more than one zero.
            size_t end = start + object::string_at(text, start, "soname").size();
            while (end + 1 < text.size() && text[end + 1] == 0)
                ++end;
            return Place{size_t(strings.sh_offset) + start, end - start};
        }
    }
    return std::nullopt;
}

/// A new file takes the old one's place at once: others may be linking.
void replace(const std::string& path, const std::vector<char>& contents) {
    const std::string fresh = path + "." + std::to_string(getpid());
    std::error_code ignored;
    std::ofstream out(fresh, std::ios::binary);
    out.write(contents.data(), std::streamsize(contents.size()));
    out.close();
    if (out) fs::permissions(fresh, fs::status(path, ignored).permissions(), ignored);
    if (out) fs::rename(fresh, path, ignored);
    fs::remove(fresh, ignored);
}

/// The soname is a path: the library's name is kept, the folder becomes `folder`.
void record_place_in(const std::string& path, const std::string& folder) {
    std::ifstream in(path, std::ios::binary);
    if (!in) return;
    std::vector<char> file((std::istreambuf_iterator<char>(in)), {});
    try {
        const auto place = find_soname(
            {reinterpret_cast<const uint8_t*>(file.data()), file.size()});
        if (!place) return;
        char* text = file.data() + place->offset;
        const std::string wanted = folder + "/" + fs::path(text).filename().string();
        if (wanted == text || wanted.size() > place->room) return;
        std::memset(text, 0, place->room);
        std::memcpy(text, wanted.data(), wanted.size());
    } catch (const object::Error&) {
        return; // not what we built; the linker will say so
    }
    replace(path, file);
}

} // namespace

void record_place(const std::string& toolkit_root) {
    const std::string folder = toolkit_root + "/lib64";
    std::error_code ignored; // a build without the runtime has no such folder
    for (const fs::directory_entry& entry : fs::directory_iterator(folder, ignored)) {
        const std::string name = entry.path().filename().string();
        if (name.starts_with("lib") && name.ends_with("_link.so"))
            record_place_in(folder + "/" + name, folder);
    }
}

} // namespace acc::driver
