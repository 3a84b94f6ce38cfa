// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Every exported function is a jump through a table (scripts/gen/cuda_api.py entries). When a copy
// of the runtime is loaded, before any other constructor of its image (kernels of a device link are
// registered in the first that programs may ask for, 101), it looks at all images of the process:
// where another copy serves already, the table leads there, else this one serves from now on.
#include "runtime/cuda/process_runtime.h"

#include <dlfcn.h>
#include <link.h>

#include <cstring>

#include "runtime/core/log.h"

// Written by the generator. The bodies have the names of the API with a prefix.
extern "C" {
extern const uint32_t accrt_function_count;
extern const char* const accrt_function_names[];
extern void* const accrt_function_bodies[];
extern void* const accrt_missing_functions[];
extern void* accrt_functions[];
[[gnu::visibility("hidden")]] extern acc::cuda::RuntimeCopy accrt_copy;
/// cudaErrorNotSupported, and CUDA_ERROR_NOT_SUPPORTED: the same number.
[[gnu::visibility("hidden")]] int accrt_missing(const char* function) noexcept;
}

// The note by which the other copies find this one. A linker keeps notes, and puts them where the
// loader's list of images says.
asm(R"(
    .pushsection .note.accrt, "a", @note
    .balign 4
    .long 4, 8, 1
    .asciz "ACC"
    .quad accrt_copy - .
    .popsection
)");

namespace acc::cuda {
namespace {

constexpr uint32_t kNoteType = 1;
constexpr size_t kNameBytes = 4;

struct Search {
    RuntimeCopy* serving = nullptr;
    const char* own_image = nullptr; ///< empty for the program itself
};

constexpr size_t aligned(size_t bytes, size_t alignment) {
    return (bytes + alignment - 1) & ~(alignment - 1);
}

/// The copy that a segment of notes tells of, or null.
RuntimeCopy* copy_in(const char* notes, size_t bytes, size_t alignment) {
    if (alignment != 8) alignment = 4;
    while (bytes >= sizeof(ElfW(Nhdr))) {
        ElfW(Nhdr) note;
        std::memcpy(&note, notes, sizeof note);
        const size_t contents = aligned(sizeof note + note.n_namesz, alignment);
        const size_t end = aligned(contents + note.n_descsz, alignment);
        const bool ours = note.n_type == kNoteType && note.n_namesz == kNameBytes &&
                          note.n_descsz == sizeof(int64_t) && contents + sizeof(int64_t) <= bytes &&
                          std::memcmp(notes + sizeof note, "ACC", kNameBytes) == 0;
        if (ours) {
            int64_t distance = 0;
            std::memcpy(&distance, notes + contents, sizeof distance);
            auto* copy = reinterpret_cast<RuntimeCopy*>(
                reinterpret_cast<intptr_t>(notes + contents) + distance);
            return copy;
        }
        if (end >= bytes) break;
        notes += end;
        bytes -= end;
    }
    return nullptr;
}

int look_at(dl_phdr_info* image, size_t, void* context) {
    auto& search = *static_cast<Search*>(context);
    for (unsigned i = 0; i < image->dlpi_phnum; ++i) {
        const ElfW(Phdr) & segment = image->dlpi_phdr[i];
        if (segment.p_type != PT_NOTE) continue;
        const auto* notes = reinterpret_cast<const char*>(image->dlpi_addr + segment.p_vaddr);
        RuntimeCopy* copy = copy_in(notes, segment.p_memsz, segment.p_align);
        if (copy == nullptr || copy->layout != accrt_copy.layout) continue;
        if (copy == &accrt_copy) search.own_image = image->dlpi_name;
        if (copy->serves.load(std::memory_order_acquire) != 0) search.serving = copy;
    }
    return 0;
}

/// Finds the copy that serves, or makes this one it, while the loader lets no other image do so.
int choose(dl_phdr_info*, size_t, void* context) {
    auto& search = *static_cast<Search*>(context);
    // The walk that calls this holds the loader's lock, which can be taken again by its owner.
    dl_iterate_phdr(look_at, context);
    if (search.serving == nullptr) {
        accrt_copy.serves.store(1, std::memory_order_release);
        search.serving = &accrt_copy;
    }
    return 1;
}

/// Both lists are sorted. What the other copy does not have says so when it is called.
void lead_to(const RuntimeCopy& other) {
    uint32_t there = 0;
    for (uint32_t here = 0; here < accrt_function_count; ++here) {
        int order = 1;
        while (there < *other.functions &&
               (order = std::strcmp(other.names[there], accrt_function_names[here])) < 0)
            ++there;
        const bool found = there < *other.functions && order == 0;
        accrt_functions[here] = found ? other.bodies[there] : accrt_missing_functions[here];
    }
}

void at_load() {
    Search search;
    dl_iterate_phdr(choose, &search);
    if (search.serving != &accrt_copy) {
        lead_to(*search.serving);
        return;
    }
    // Our threads live as long as the process: dlclose of the plug-in that brought this copy leaves
    // it where it is.
    if (search.own_image != nullptr && *search.own_image != 0)
        dlopen(search.own_image, RTLD_NOW | RTLD_NOLOAD | RTLD_NODELETE);
}

/// A constructor of a priority that is kept for implementations, which the attribute warns about.
[[gnu::section(".init_array.00100"), gnu::used]] void (*const load_entry)() = at_load;

} // namespace

bool this_copy_serves() noexcept {
    return accrt_copy.serves.load(std::memory_order_relaxed) != 0;
}

} // namespace acc::cuda

// Not by a constructor: at_load comes before those.
constinit acc::cuda::RuntimeCopy accrt_copy = {1, 0, &accrt_function_count, accrt_function_names,
                                               accrt_function_bodies};

int accrt_missing(const char* function) noexcept {
    constexpr int kNotSupported = 801;
    acc::rt::log().error(
        "{} is not in the runtime that serves this process: another library has brought an older "
        "one",
        function);
    return kNotSupported;
}
