// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Between the interpreter and a translator of device code to host code, which lives in a library of
// its own (driver/model/jit). The interpreter owns blocks, scheduling, barriers and faults.
// Translated code runs warps from the kernel's entry; whatever it has no host code for it asks of
// the interpreter, through TranslatedBlock, instruction by instruction; and at any point it can
// hand a warp's threads over to the interpreter, which goes on with them.
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "acc/spec/isa_validate.h"
#include "driver/model/src/exec.h"
#include "driver/model/src/indirect_targets.h"

namespace acc::model {

/// Where an access of TranslatedPlace::bytes bytes may start: at low + (i <<
/// TranslatedPlace::shift) for i < starts, in one piece of device memory that has been found
/// accessible. starts = 0: none yet. Kept per place in the code.
struct AccessRange {
    uint64_t low, starts;
    /// Where TranslatedPlace::indexed: the address is base + (index << scale), and 1 << shift the
    /// size of an element. Good indices, as 32 bits, are from + i for i < count. Code sets base,
    /// and with it count to 0: none are known.
    uint64_t base;
    uint32_t from, count;
};

/// What the services that translated code calls return. When there is a fault, or the dispatch is
/// being stopped, they do not return at all: the code's stack is given up.
enum TranslatedStatus : uint32_t {
    kContinue = 0,
    kHandOver = 1, ///< store what is live, call hand_over for every group of threads, then return
                   ///< kHandOver
};

/// Bytes before and behind a block's shared memory that can be loaded.
inline constexpr uint64_t kSharedRoom = 16 << 10;

struct TranslatedWarp;
inline constexpr unsigned kMaxBases = 64;
inline constexpr unsigned kMostGangWarps = 8;

/// A block in translated code. Offsets are part of the contract, here and in TranslatedWarp:
/// translated code reads the members directly. Only what is marked so changes while the code runs.
struct TranslatedBlock {
    uint64_t window_offset; ///< host address = device address + this
    uint8_t* shared;
    AccessRange* ranges;       ///< one per place; the services change them
    const uint8_t* parameters; ///< host address of the parameters, all of which can be read
    uint64_t entry;            ///< address of the kernel's first instruction
    uint64_t kernarg, printf_buffer, heap, grid_id;
    uint32_t index[3], grid[3];
    uint32_t compute_unit, num_compute_units;
    uint32_t cooperative;
    void (*keep)();       ///< Translation::keep
    const void* products; ///< Translation::products
    uint32_t lanes_ended; ///< written: threads have ended before their warp, and no service knows
    uint32_t position;    ///< written by code that returns kHandOver: which of the gangs it was
    // Written: arguments of `segment` and `hand_over`.
    uint32_t masks[kMostGangWarps]; ///< lanes, of each warp of the gang
    uint64_t bases[kMaxBases]; ///< first those of the place's RowSources, which are put into the
                               ///< rows, as what else is live has been; then of its ranges

    // Services. `place` is the index of the instruction in Translation::places.
    /// Executes the instruction for the lanes of mask: operands and results are in the rows.
    void (*execute)(TranslatedWarp*, uint32_t place, uint32_t mask);
    /// The same for a texture fetch (TEX) from one image, whose address is given. wanted: registers
    /// of the result that somebody reads, as bits.
    void (*texture)(TranslatedWarp*, uint32_t place, uint32_t mask, uint64_t image,
                    uint32_t wanted);
    /// The same for an access to memory, after which ranges[place] may be what was accessed. a, b,
    /// c are the bases that the place's RowSources name; they are put into the rows first.
    void (*access)(TranslatedWarp*, uint32_t place, uint32_t mask, uint64_t a, uint64_t b,
                   uint64_t c);
    /// Executes the place's instructions, an access first, under their own guards, of the gang
    /// whose first warp this is. Around the addresses behind those of the sources, ranges are
    /// looked for.
    void (*segment)(TranslatedWarp*, uint32_t place);
    /// __syncthreads of all lanes that are live. Returns when they may go on.
    /// The warp is the first of a gang.
    void (*meet)(TranslatedWarp*, uint32_t place);
    /// The same for another instruction that waits for others: mask must be all lanes that are
    /// live, else the answer is kHandOver. Returns when they may go on.
    uint32_t (*wait)(TranslatedWarp*, uint32_t place, uint32_t mask);
    /// The same for a warp operation: kHandOver when members are not in mask.
    uint32_t (*warp_operation)(TranslatedWarp*, uint32_t place, uint32_t mask);
    /// Threads end. For Stacks::Each; else the code takes them out of `live` itself.
    void (*exit_lanes)(TranslatedWarp*, uint32_t mask);
    // Addresses of code are counted from the kernel's entry on.
    /// The counter of jumps back has run out, at `pc`, of the gang whose first warp this is.
    /// how: kPoll*; without kPollTogether the answer may be kHandOver. Sets fuel.
    uint32_t (*poll)(TranslatedWarp*, uint64_t pc, uint32_t how);
    /// The threads stand at the place, their registers and predicates are in the rows, or in
    /// `bases`. Of the gang whose first warp this is.
    void (*hand_over)(TranslatedWarp*, uint32_t place);
};

struct TranslatedWarp {
    uint8_t* local;               ///< of the warp, interleaved by words
    char* registers;              ///< row of r0: 32 words of 4 bytes for each register
    uint32_t* predicates;         ///< lane mask of p0; the others follow at kPredicateStride words
    const uint32_t* thread_index; ///< 3 rows of 32 words: x, y, z
    uint32_t number;              ///< in the block
    uint32_t live;                ///< threads that exist and have not exited
    uint32_t fuel;                ///< what the counter of jumps back starts with; poll changes it
};
inline constexpr unsigned kPredicateStride = 8; ///< words, as the interpreter keeps them
/// Bytes from a register's row of a warp to that of the next one, in a kernel of so many registers:
/// an odd number of rows, so that equal registers fall into different sets of the host's caches.
constexpr uint64_t warp_stride(uint32_t num_regs) {
    return ((16 + uint64_t{num_regs}) | 1) * 128;
}

/// Runs `count` gangs of a block, one after the other, until their threads have ended (kContinue)
/// or those of one have been handed over; then the ones behind it have not been run. A gang is
/// Translation::warps warps that run side by side; `warps` has those of all gangs.
using TranslatedCode = uint32_t (*)(TranslatedBlock*, TranslatedWarp* const* warps, uint32_t count);

/// Rows of an operand that are a base and a step for each bit of the lane's number.
struct RowSource {
    uint16_t reg;  ///< the first one
    uint16_t bits; ///< 32 or 64
    int64_t step[8];
};
inline constexpr unsigned kMaxRowSources = 3;

/// What the services are asked for: an instruction, or `count` of them that stand one after the
/// other. Or only a range.
struct TranslatedPlace {
    uint64_t pc = 0;                  ///< from the kernel's entry on
    std::vector<RowSource> sources{}; ///< at most kMaxRowSources where `access` is asked
    uint64_t bytes = 1;               ///< of an access: see AccessRange
    unsigned shift = 0;               ///< likewise
    unsigned count = 1;
    bool own_guards = false;        ///< the instructions' guards are not in the mask
    std::vector<uint32_t> ranges{}; ///< places of those that a segment's accesses are in; with
                                    ///< the sources at most kMaxBases
    bool writes = false;            ///< of a range: it must be writable, else readable
    bool indexed = false;           ///< of a range: accesses have a base and an index of 32 bits
    bool index_signed = true;
    unsigned scale = 0;
};

/// Of a loop that polls: no threads of the gang wait elsewhere, or these do not wait for them; it
/// waits for other threads, by the look of it; some do wait elsewhere, but are hardly waited for.
inline constexpr uint32_t kPollTogether = 1, kPollSpins = 2, kPollPatient = 4;

/// How a kernel's warps share a host thread.
enum class Stacks : uint8_t {
    None, ///< a warp runs to its end: code needs no stack of its own
    One,  ///< a warp may be interrupted, but none waits for another: one stack for the block
    Each, ///< warps wait for each other, or may: a stack for each
};

/// What host code depends on besides the instructions.
struct LaunchSize {
    std::array<uint32_t, 3> block;
    uint32_t threads; ///< of a block
    uint32_t num_regs, kernarg_bytes, shared_bytes, dyn_shared_offset, local_bytes;
    auto operator<=>(const LaunchSize&) const = default;
    static LaunchSize of(const Launch& launch) {
        return {{launch.block[0], launch.block[1], launch.block[2]},
                launch.threads,
                launch.kernel.num_regs,
                launch.kernel.kernarg_bytes,
                launch.shared_bytes,
                launch.dyn_shared_offset,
                launch.local_bytes};
    }
};

/// An instruction as it was read.
struct CodeWord {
    uint64_t pc; ///< from the kernel's entry on
    isa::Word word;
};

/// The instruction at pc as it is in code memory now. Nothing when it cannot be executed, or is not
/// in the window. A page that changes moves AddressSpace::code_epoch.
inline std::optional<isa::Word> read_code(const AddressSpace& vm, uint64_t pc) {
    const uint64_t offset = pc - vm.base;
    if (pc % isa::kWordBytes || offset >= vm.bytes || vm.bytes - offset < isa::kWordBytes)
        return std::nullopt;
    constexpr uint8_t wanted = kPermRead | kPermExec;
    const uint8_t perm = vm.perm[offset >> ACC_PAGE_SHIFT];
    if ((perm & (wanted | kPermPoison | kPermIndirect)) != wanted) return std::nullopt;
    return isa::load_word(vm.window + offset);
}

/// A kernel for one size of block, wherever its code lies.
struct Translation {
    TranslatedCode code_entry = nullptr;
    std::vector<TranslatedPlace> places;
    std::vector<CodeWord> code; ///< what was translated
    Stacks stacks = Stacks::Each;
    unsigned warps = 1;             ///< of a gang; divides those of the block
    void (*keep)() = nullptr;       ///< what translated code calls services through
    const void* products = nullptr; ///< functions of the translator's own that it calls
    bool from_disk = false;         ///< another process has made it
    virtual ~Translation() = default;
};

/// Why there is no host code for a kernel.
enum class Refusal : uint8_t {
    None,
    TooLarge,   ///< it would take too long
    Unreadable, ///< some of its code is no code memory
    Unsettled,  ///< the analysis of its values did not come to an end
    Compiler,   ///< LLVM made none
};

/// A kernel whose code has been read, to be translated: what takes long, and needs nothing of the
/// launch.
class TranslationJob {
  public:
    virtual ~TranslationJob() = default;
    virtual size_t instructions() const = 0;
    /// Another process has done the work, in all likelihood.
    virtual bool is_kept() const { return false; }
    /// That, at once, whatever else is being translated. Null: it cannot be used.
    virtual std::shared_ptr<const Translation> take_kept() { return nullptr; }
    /// Null: the interpreter runs it, and `why` says why.
    virtual std::shared_ptr<const Translation> run(Refusal& why) = 0;
};

/// Makes translations. Called by several threads at once.
class Translator {
  public:
    virtual ~Translator() = default;
    /// Reads the code of the launch's kernel, and of where it has jumped through registers. Null:
    /// the interpreter runs it, and `why` says why.
    virtual std::unique_ptr<TranslationJob> read(const Launch& launch,
                                                 const IndirectTargets& targets, Refusal& why) = 0;
};

class Translations;
/// The interpreter, with host code for the kernels that `translations` has (null: none). simd as
/// for the other make_interpreter.
std::unique_ptr<Executor> make_interpreter(const char* simd,
                                           std::unique_ptr<Translations> translations);

/// Grows with every change of this header: programs with a static runtime may find the translator
/// of another version.
inline constexpr uint32_t kTranslationVersion = 24;
/// The one symbol of the translator's library. Null when it is of another version, or cannot work
/// on this host.
using MakeTranslator = Translator* (*)(uint32_t version);
inline constexpr const char* kMakeTranslator = "acc_make_translator";

} // namespace acc::model
