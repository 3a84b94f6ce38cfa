// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "driver/model/src/check/shadow.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/mman.h>
#include <system_error>
#include <unistd.h>

namespace acc::model {

namespace {
constexpr uint64_t kPage = ACC_PAGE_BYTES;
} // namespace

Shadow::Shadow(Vm& original) : original_(original) {
    pagemap_ = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
    if (pagemap_ < 0)
        throw std::system_error(errno, std::generic_category(),
                                "ACC_MODEL_EXEC=check reads /proc/self/pagemap");
    space.base = original.base;
    space.bytes = original.bytes;
    void* window = map_harmless(nullptr, space.bytes);
    void* perm = map_harmless(nullptr, space.bytes / kPage);
    if (window != MAP_FAILED) space.window = static_cast<uint8_t*>(window);
    if (perm != MAP_FAILED) perm_ = static_cast<uint8_t*>(perm);
    space.perm = perm_;
    if (space.window && perm_) return;
    clear();
    throw std::bad_alloc();
}

Shadow::~Shadow() {
    clear();
}

void Shadow::clear() {
    if (space.window) munmap(space.window, space.bytes);
    if (perm_) munmap(perm_, space.bytes / kPage);
    close(pagemap_);
}

bool Shadow::refresh(std::string& why) {
    if (const uint64_t code = original_.code_epoch.load(); code != seen_code_) {
        seen_code_ = code;
        space.code_epoch.fetch_add(1);
    }
    const uint64_t permissions = original_.permission_epoch.load();
    if (permissions == seen_permissions_) {
        discard();
        return true;
    }
    seen_permissions_ = 0; // until all of it is there
    for (const Vm::WindowPiece& old : pieces_) {
        map_harmless(space.window + (old.va - space.base), old.bytes);
        std::memset(perm_ + (old.va - space.base) / kPage, 0, old.bytes / kPage);
    }
    pieces_.clear();
    auto pieces = original_.pieces();
    if (!pieces) {
        why = "the host allows no more mappings";
        return false;
    }
    pieces_ = std::move(*pieces);
    for (const Vm::WindowPiece& piece : pieces_) {
        const uint64_t at = piece.va - space.base;
        if (!original_.map_copy(piece, space.window + at)) {
            why = "memory of the host that cannot be mapped privately";
            return false;
        }
        std::memcpy(perm_ + at / kPage, original_.perm + at / kPage, piece.bytes / kPage);
    }
    space.permission_epoch.fetch_add(1);
    seen_permissions_ = permissions;
    return true;
}

void Shadow::discard() {
    for (const Vm::WindowPiece& piece : pieces_)
        madvise(space.window + (piece.va - space.base), piece.bytes, MADV_DONTNEED);
}

/// The host says of each page whether it is (still) the file's.
void Shadow::written_pages(const Vm::WindowPiece& piece, PageSet& set) const {
    constexpr uint64_t kPresent = 1ull << 63, kSwapped = 1ull << 62, kOfFile = 1ull << 61;
    constexpr uint64_t kAtOnce = 4096;
    const uint64_t first = (piece.va - space.base) / kPage, count = piece.bytes / kPage;
    const uint64_t host = reinterpret_cast<uint64_t>(space.window) / kPage + first;
    std::vector<uint64_t> entries(std::min(count, kAtOnce));
    for (uint64_t done = 0; done < count;) {
        const uint64_t want = std::min(count - done, kAtOnce);
        const ssize_t got = pread(pagemap_, entries.data(), want * 8,
                                  static_cast<off_t>((host + done) * 8));
        if (got <= 0) throw std::system_error(errno, std::generic_category(), "/proc/self/pagemap");
        for (uint64_t i = 0; i < static_cast<uint64_t>(got) / 8; ++i)
            if ((entries[i] & (kPresent | kSwapped)) && !(entries[i] & kOfFile)) {
                const uint64_t page = first + done + i;
                const uint8_t* here = space.window + page * kPage;
                if (std::memcmp(here, original_page(page), kPage) == 0) continue;
                set.pages.push_back(page);
                set.bytes.insert(set.bytes.end(), here, here + kPage);
            }
        done += static_cast<uint64_t>(got) / 8;
    }
}

PageSet Shadow::changed() const {
    PageSet set;
    for (const Vm::WindowPiece& piece : pieces_)
        written_pages(piece, set);
    return set;
}

} // namespace acc::model
