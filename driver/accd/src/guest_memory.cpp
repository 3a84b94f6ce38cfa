// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "driver/accd/src/guest_memory.h"

#include <algorithm>
#include <sys/mman.h>
#include <sys/stat.h>

#include "acc/spec/acc_mmu.h"
#include "driver/accd/src/log.h"

namespace acc::accd {

namespace {
constexpr unsigned kMostComplaints = 50;
} // namespace

bool GuestMemory::Region::same_as(const Region& other) const {
    return gpa == other.gpa && bytes == other.bytes && offset == other.offset &&
           device == other.device && inode == other.inode;
}

GuestMemory::~GuestMemory() {
    for (auto& region : regions_)
        retired_.push_back(std::move(region));
    drop_retired();
}

/// What is wrong with a region, or "" and `out` filled.
std::string GuestMemory::complaint(const MemoryRegion& in, Region& out) {
    struct stat file{};
    if (in.bytes == 0) return "empty";
    if (in.gpa % ACC_PAGE_BYTES || in.bytes % ACC_PAGE_BYTES || in.offset % ACC_PAGE_BYTES)
        return "not whole pages";
    if (in.gpa + in.bytes < in.gpa || in.offset < 0) return "beyond the address space";
    if (!in.file || fstat(in.file.get(), &file) != 0 || !S_ISREG(file.st_mode))
        return "not a file that can be mapped";
    // Memory beyond the end of a file would be a SIGBUS in the device's threads.
    auto size = static_cast<uint64_t>(file.st_size), offset = static_cast<uint64_t>(in.offset);
    if (offset > size || in.bytes > size - offset) return "beyond the end of its file";
    out.gpa = in.gpa;
    out.bytes = in.bytes;
    out.offset = offset;
    out.device = file.st_dev;
    out.inode = file.st_ino;
    return "";
}

std::vector<GuestMemory::Range> GuestMemory::set_regions(std::vector<MemoryRegion> incoming) {
    std::sort(incoming.begin(), incoming.end(),
              [](const auto& a, const auto& b) { return a.gpa < b.gpa; });
    std::vector<std::unique_ptr<Region>> now;
    for (MemoryRegion& in : incoming) {
        auto region = std::make_unique<Region>();
        std::string wrong = complaint(in, *region);
        if (wrong.empty() && !now.empty() && now.back()->end() > in.gpa)
            wrong = "overlaps another region";
        if (!wrong.empty()) {
            if (complaints_++ >= kMostComplaints) continue; // a guest can cause many
            log("guest memory at 0x%llx, %llu bytes, is ignored: %s",
                static_cast<unsigned long long>(in.gpa), static_cast<unsigned long long>(in.bytes),
                wrong.c_str());
            continue;
        }
        region->file = std::move(in.file);
        now.push_back(std::move(region));
    }
    std::lock_guard lock(mutex_);
    std::vector<Range> changed;
    for (auto& region : now) {
        auto same = std::find_if(regions_.begin(), regions_.end(),
                                 [&](const auto& old) { return old && old->same_as(*region); });
        if (same != regions_.end())
            region = std::move(*same); // keeps its mapping
        else
            changed.push_back({region->gpa, region->bytes});
    }
    for (auto& old : regions_) {
        if (!old) continue;
        changed.push_back({old->gpa, old->bytes});
        if (old->host) retired_.push_back(std::move(old));
    }
    regions_ = std::move(now);
    return changed;
}

void GuestMemory::drop_retired() {
    std::lock_guard lock(mutex_);
    for (auto& region : retired_)
        if (region->host) munmap(region->host, region->bytes);
    retired_.clear();
}

/// The region that holds a bus address, or null.
const GuestMemory::Region* GuestMemory::at(uint64_t bus) const {
    auto after = std::upper_bound(regions_.begin(), regions_.end(), bus,
                                  [](uint64_t a, const auto& r) { return a < r->gpa; });
    if (after == regions_.begin()) return nullptr;
    const Region* region = std::prev(after)->get();
    return bus < region->end() ? region : nullptr;
}

bool GuestMemory::map_pieces(uint64_t bus, uint64_t bytes, uint8_t* to, int protection) const {
    while (bytes > 0) {
        const Region* region = at(bus);
        if (!region) return false;
        uint64_t within = bus - region->gpa, n = std::min(bytes, region->bytes - within);
        if (mmap(to, n, protection, MAP_SHARED | MAP_FIXED, region->file.get(),
                 static_cast<off_t>(region->offset + within)) == MAP_FAILED)
            return false;
        bus += n;
        to += n;
        bytes -= n;
    }
    return true;
}

bool GuestMemory::map(uint64_t bus, uint64_t bytes, void* at, bool writable) {
    std::lock_guard lock(mutex_);
    bool mapped = bus_master_.load(std::memory_order_relaxed) && bus + bytes >= bus &&
                  map_pieces(bus, bytes, static_cast<uint8_t*>(at),
                             PROT_READ | (writable ? PROT_WRITE : 0));
    // The device takes refused ranges apart down to single pages, so pages are what can be counted.
    if (!mapped && bytes == ACC_PAGE_BYTES) refused_.fetch_add(1, std::memory_order_relaxed);
    return mapped;
}

uint8_t* GuestMemory::host_address(uint64_t bus, uint64_t bytes) {
    std::lock_guard lock(mutex_);
    if (!bus_master_.load(std::memory_order_relaxed)) return nullptr;
    auto* region = const_cast<Region*>(at(bus));
    if (!region || bytes > region->end() - bus) return nullptr;
    if (!region->host) {
        void* all = mmap(nullptr, region->bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_NORESERVE,
                         region->file.get(), static_cast<off_t>(region->offset));
        if (all == MAP_FAILED) return nullptr;
        region->host = static_cast<uint8_t*>(all);
    }
    return region->host + (bus - region->gpa);
}

} // namespace acc::accd
