// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "driver/model/jit/stored.h"

#include <elf.h>
#include <link.h>

#include <algorithm>
#include <cstring>
#include <set>
#include <type_traits>

namespace acc::model::jit {
namespace {

class Writer {
  public:
    template <class T>
    void put(T x) {
        static_assert(std::is_integral_v<T> && !std::is_same_v<T, bool>);
        const auto* at = reinterpret_cast<const uint8_t*>(&x);
        bytes.insert(bytes.end(), at, at + sizeof(T));
    }
    void put_text(const std::string& text) {
        put(uint64_t{text.size()});
        bytes.insert(bytes.end(), text.begin(), text.end());
    }
    std::vector<uint8_t> bytes;
};

/// What is not there reads as zero, and makes it `failed`.
class Reader {
  public:
    explicit Reader(std::span<const uint8_t> from) : left(from) {}
    template <class T>
    T get() {
        T x{};
        failed = failed || left.size() < sizeof(T);
        if (failed) return x;
        std::memcpy(&x, left.data(), sizeof(T));
        left = left.subspan(sizeof(T));
        return x;
    }
    /// A number of things that take at least so many bytes each.
    size_t count(size_t each) {
        const auto n = get<uint32_t>();
        failed = failed || n > left.size() / each;
        return failed ? 0 : n;
    }
    bool check(bool holds) {
        failed = failed || !holds;
        return !failed;
    }
    std::span<const uint8_t> left;
    bool failed = false;
};

static_assert(sizeof(LaunchSize) == 9 * sizeof(uint32_t), "what is more belongs into the key");

void put_source(Writer& to, const RowSource& source) {
    const auto& [reg, bits, step] = source;
    to.put(reg);
    to.put(bits);
    for (int64_t s : step)
        to.put(s);
}
constexpr size_t kSourceBytes = 4 + sizeof(RowSource::step);

// All members are named, so that one more is not forgotten.
void put_place(Writer& to, const TranslatedPlace& place) {
    const auto& [pc, sources, bytes, shift, count, own_guards, ranges, writes, indexed,
                 index_signed, scale] = place;
    to.put(pc);
    to.put(bytes);
    to.put(uint32_t{shift});
    to.put(uint32_t{count});
    to.put(static_cast<uint8_t>(own_guards | writes << 1 | indexed << 2 | index_signed << 3));
    to.put(static_cast<uint8_t>(scale));
    to.put(static_cast<uint32_t>(sources.size()));
    for (const RowSource& source : sources)
        put_source(to, source);
    to.put(static_cast<uint32_t>(ranges.size()));
    for (uint32_t range : ranges)
        to.put(range);
}
constexpr size_t kLeastPlace = 34;

TranslatedPlace get_place(Reader& from, size_t num_places, uint32_t num_regs) {
    TranslatedPlace place;
    place.pc = from.get<uint64_t>();
    place.bytes = from.get<uint64_t>();
    place.shift = from.get<uint32_t>();
    place.count = from.get<uint32_t>();
    const auto flags = from.get<uint8_t>();
    place.own_guards = flags & 1;
    place.writes = flags & 2;
    place.indexed = flags & 4;
    place.index_signed = flags & 8;
    place.scale = from.get<uint8_t>();
    from.check(place.bytes > 0 && place.shift < 64 && place.scale < 32 && flags < 16);
    place.sources.resize(from.count(kSourceBytes));
    for (RowSource& source : place.sources) {
        source.reg = from.get<uint16_t>();
        source.bits = from.get<uint16_t>();
        from.check(source.bits == 32 || source.bits == 64);
        from.check(source.reg + uint32_t{source.bits} / 32 <= num_regs);
        for (int64_t& s : source.step)
            s = from.get<int64_t>();
    }
    place.ranges.resize(from.count(sizeof(uint32_t)));
    for (uint32_t& range : place.ranges) {
        range = from.get<uint32_t>();
        from.check(range < num_places);
    }
    from.check(place.sources.size() + place.ranges.size() <= kMaxBases);
    return place;
}

/// The build id that the linker has given to whatever this function is in.
std::string build_id() {
    std::string id;
    const auto look = [](dl_phdr_info* object, size_t, void* to) {
        const auto here = reinterpret_cast<uintptr_t>(&identity) - object->dlpi_addr;
        const std::span headers(object->dlpi_phdr, object->dlpi_phnum);
        if (std::none_of(headers.begin(), headers.end(), [&](const ElfW(Phdr) & h) {
                return h.p_type == PT_LOAD && here - h.p_vaddr < h.p_memsz;
            }))
            return 0;
        for (const ElfW(Phdr) & h : headers) {
            if (h.p_type != PT_NOTE) continue;
            const auto* at = reinterpret_cast<const uint8_t*>(object->dlpi_addr + h.p_vaddr);
            for (Reader notes({at, h.p_memsz}); !notes.failed && !notes.left.empty();) {
                const auto name = notes.get<uint32_t>(), bytes = notes.get<uint32_t>();
                const auto type = notes.get<uint32_t>();
                const uint64_t skip = (uint64_t{name} + 3) & ~3ull,
                               whole = (uint64_t{bytes} + 3) & ~3ull;
                if (!notes.check(skip + whole <= notes.left.size())) break;
                if (type == NT_GNU_BUILD_ID && name == 4 &&
                    !std::memcmp(notes.left.data(), "GNU", 4))
                    static_cast<std::string*>(to)->assign(
                        reinterpret_cast<const char*>(notes.left.data()) + skip, bytes);
                notes.left = notes.left.subspan(skip + whole);
            }
        }
        return 1;
    };
    dl_iterate_phdr(look, &id);
    return id;
}

} // namespace

std::string identity(const std::string& host) {
    const std::string library = build_id();
    if (library.empty()) return "";
    Writer all;
    all.put_text(library);
    all.put_text(host);
    all.put(kTranslationVersion);
    return {all.bytes.begin(), all.bytes.end()};
}

DiskCache::Key key_of(const Program& program, const LaunchSize& size, const std::string& identity) {
    Writer all;
    all.put_text(identity);
    for (uint32_t x : size.block)
        all.put(x);
    for (uint32_t x : {size.threads, size.num_regs, size.kernarg_bytes, size.shared_bytes,
                       size.dyn_shared_offset, size.local_bytes})
        all.put(x);
    all.put(program.entry_offset);
    // The rest of a program follows from these.
    for (const CodeBlock& block : program.blocks) {
        all.put(static_cast<uint8_t>(block.end));
        all.put(uint64_t{block.succ.size()});
        for (unsigned s : block.succ)
            all.put(s);
        all.put(uint64_t{block.targets.size()});
        for (uint64_t to : block.targets)
            all.put(to);
        if (block.stops_some()) // for code that is not here
            all.put_text(block.live_out.to_string());
        all.put(uint64_t{block.insts.size()});
        for (const Inst& inst : block.insts) {
            all.put(inst.pc);
            all.put(inst.word.lo);
            all.put(inst.word.hi);
            all.put(static_cast<uint8_t>((inst.row != nullptr) | inst.in_line << 1 |
                                         inst.link_kept << 2));
        }
    }
    return DiskCache::hash(all.bytes);
}

std::vector<uint8_t> to_bytes(const Translation& translation, std::span<const char> object) {
    // The rest is the process's, or the program's.
    [[maybe_unused]] const auto& [entry, places, code, stacks, warps, keep, products,
                                  from_disk] = translation;
    Writer all;
    all.put(static_cast<uint8_t>(stacks));
    all.put(uint32_t{warps});
    all.put(static_cast<uint32_t>(places.size()));
    for (const TranslatedPlace& place : places)
        put_place(all, place);
    all.bytes.insert(all.bytes.end(), object.begin(), object.end());
    return std::move(all.bytes);
}

std::span<const char> from_bytes(std::span<const uint8_t> bytes, const Program& program,
                                 const LaunchSize& size, Translation& translation) {
    std::set<uint64_t> instructions;
    for (const CodeBlock& block : program.blocks)
        for (const Inst& inst : block.insts)
            instructions.insert(inst.pc);
    Reader from(bytes);
    const auto stacks = from.get<uint8_t>();
    from.check(stacks <= static_cast<uint8_t>(Stacks::Each));
    translation.stacks = static_cast<Stacks>(stacks);
    translation.warps = from.get<uint32_t>();
    const uint32_t block_warps = (size.threads + 31) / 32;
    if (from.check(translation.warps > 0)) from.check(block_warps % translation.warps == 0);
    translation.places.clear();
    const size_t num_places = from.count(kLeastPlace);
    for (size_t i = 0; i < num_places && !from.failed; ++i) {
        const TranslatedPlace& place = translation.places.emplace_back(
            get_place(from, num_places, size.num_regs));
        from.check(place.count > 0 && place.count <= instructions.size());
        for (uint32_t n = 0; n < place.count && !from.failed; ++n)
            from.check(instructions.contains(place.pc + n * uint64_t{isa::kWordBytes}));
    }
    if (from.failed) return {};
    return {reinterpret_cast<const char*>(from.left.data()), from.left.size()};
}

} // namespace acc::model::jit
