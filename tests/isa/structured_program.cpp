// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tests/isa/structured_program.h"

#include <algorithm>
#include <bit>
#include <stdexcept>

#include "compiler/isa/disassemble.h"

namespace acc::test {
namespace {

using isa::Field;
using isa::Opcode;
using isa::RowInfo;

// r0..r23 hold data. r24:r25 the thread's global memory, r26 its shared memory, r27 an index, r28
// and r29 counters of loops, r30:r31 the return address. p5 and p6 are conditions of the structure.
constexpr unsigned kDataRegs = 24, kDataPreds = 5;

enum class Kind { Plain, Access, Warp, Barrier, None };

bool is_matrix(const RowInfo& row) {
    return row.has(isa::kIsWarpOp) && row.opcode >= Opcode::LDMATRIX1;
}

/// How a row is used here. None: special() has it, it ends the thread, or gives what another
/// execution may not (clocks, who is together).
Kind kind_of(const RowInfo& row) {
    switch (row.opcode) {
    case Opcode::BAR_SYNC:
    case Opcode::BAR_RED_POPC:
    case Opcode::BAR_RED_AND:
    case Opcode::BAR_RED_OR: return Kind::Barrier;
    case Opcode::NOP:
    case Opcode::YIELD:
    case Opcode::FENCE:
    case Opcode::PREFETCH:
    case Opcode::CPCOMMIT:
    case Opcode::CPWAIT:
    case Opcode::CPWAITALL: return Kind::Plain;
    case Opcode::CPASYNC: return Kind::Access;
    case Opcode::LEAPC: // jump() has it
    case Opcode::ACTIVEMASK:
    case Opcode::MAPA: return Kind::None;
    default: break;
    }
    // Textures want records of images in memory; anything else there is a fault.
    if (std::string(row.group) == "Textures") return Kind::None;
    if (row.has(isa::kIsWarpOp)) return Kind::Warp;
    if (row.has(isa::kIsBlockSync | isa::kIsBranch | isa::kIsCall | isa::kIsReturn |
                isa::kIsTerminator))
        return Kind::None;
    if (row.space != isa::Space::None && row.mem_bytes != 0)
        return std::string(row.mnemonic).starts_with("mbarrier") ? Kind::None : Kind::Access;
    return row.has(isa::kSideEffects) ? Kind::None : Kind::Plain;
}

std::vector<const RowInfo*> rows_of(Kind kind) {
    std::vector<const RowInfo*> rows;
    for (const RowInfo& row : isa::kRows)
        if (kind_of(row) == kind) rows.push_back(&row);
    return rows;
}

} // namespace

StructuredProgram::StructuredProgram(uint64_t seed) : bits_(seed) {
    const auto warps = static_cast<uint32_t>(1 + pick(4));
    whole_warps_ = pick(4) != 0;
    shape_.block[0] = 32 * warps - (whole_warps_ ? 0 : static_cast<uint32_t>(pick(32)));
    shape_.grid[0] = 2;
    shape_.cooperative = pick(2);
    shape_.regs = 32;
    shape_.shared = kOwnBytes * 32 * warps;
    shape_.local = kOwnBytes;
    shape_.clean = true;
    head();
    const uint64_t pieces = 2 + pick(4);
    for (uint64_t i = 0; i < pieces; ++i)
        piece({});
    if (pick(6) == 0) line("@p" + std::to_string(pick(kDataPreds)) + " exit");
    tail();
    for (unsigned i = 0; i < functions_; ++i) {
        label("f" + std::to_string(i));
        function();
    }
}

/// Data of the thread's own from memory, addresses, predicates from data.
void StructuredProgram::head() {
    line("mov.sr64 r24, sr_kernarg");
    line("mov.sr r26, sr_tid_x");
    line("mov.sr r27, sr_ctaid_x");
    line("imad.b32 r27, r27, " + std::to_string(shape_.block[0]) + ", r26");
    line("shl.b32 r27, r27, 8");
    line("shl.b32 r26, r26, 7");
    line("zext.u32 r30, r27");
    line("iadd.b64 r24, r24, r30");
    line("iadd.b64 r24, r24, " + std::to_string(kThreadData));
    for (unsigned r = 0; r < kDataRegs; r += 4)
        line("ld.global.b128 r" + std::to_string(r) + ", [r24 + " + std::to_string(4 * r) + "]");
    line("r2p r" + std::to_string(pick(kDataRegs)) + ", 127");
    line("mov.b32 r27, 0");
}

void StructuredProgram::tail() {
    line("mov.sr64 r24, sr_kernarg");
    line("mov.sr r28, sr_ctaid_x");
    line("mov.sr r29, sr_tid_x");
    line("imad.b32 r28, r28, " + std::to_string(shape_.block[0]) + ", r29");
    line("shl.b32 r28, r28, 7");
    line("p2r r29");
    for (unsigned r = 0; r < kDataRegs; r += 4)
        line("st.global.b128 [r24 + r28 + " + std::to_string(kResults + 4 * r) + "], r" +
             std::to_string(r));
    line("st.global.b32 [r24 + r28 + " + std::to_string(kResults + 4 * kDataRegs) + "], r29");
    line("exit");
}

void StructuredProgram::piece(Place at) {
    const uint64_t items = 2 + pick(5);
    for (uint64_t i = 0; i < items; ++i) {
        const uint64_t what = pick(16);
        if (what == 0 && at.depth < 3)
            branch(at);
        else if (what == 1 && at.depth < 3 && at.loops < 2)
            loop(at);
        else if (what == 2 && at.calls)
            call(at);
        else if (what == 3 && at.whole)
            exchange();
        else if (what == 4 && at.calls && pick(2))
            special(at);
        else
            instruction(at.whole);
    }
}

/// Puts a condition into p5.
std::string StructuredProgram::condition(bool uniform) {
    if (uniform) {
        line("mov.sr r27, sr_ctaid_x");
        line("isetp.s32.eq p5, r27, " + std::to_string(pick(3)));
        line("mov.b32 r27, 0");
    } else if (pick(2)) {
        line("pmov p5, p" + std::to_string(pick(kDataPreds)));
    } else {
        line("mov.sr r27, sr_tid_x");
        line("and.b32 r27, r27, " + std::to_string(1 + pick(31)));
        line("isetp.s32.ne p5, r27, " + std::to_string(pick(4)));
        line("mov.b32 r27, 0");
    }
    return pick(2) ? "@p5" : "@!p5";
}

void StructuredProgram::branch(Place at) {
    const bool uniform = pick(3) == 0;
    const std::string other = new_label(), end = new_label(), guard = condition(uniform);
    ++at.depth;
    at.whole = at.whole && uniform;
    at.grid = false;
    line(guard + " bra " + other);
    piece(at);
    if (pick(2)) {
        line("bra " + end);
        label(other);
        piece(at);
        label(end);
    } else {
        label(other);
    }
}

void StructuredProgram::loop(Place at) {
    const bool uniform = pick(2);
    const std::string again = new_label(), end = new_label();
    const std::string counter = "r" + std::to_string(28 + at.loops);
    if (uniform) {
        line("mov.b32 " + counter + ", " + std::to_string(1 + pick(4)));
    } else {
        line("and.b32 " + counter + ", r" + std::to_string(pick(kDataRegs)) + ", 3");
        line("iadd.b32 " + counter + ", " + counter + ", 1");
    }
    ++at.depth;
    ++at.loops;
    at.whole = at.whole && uniform;
    at.grid = at.grid && uniform;
    label(again);
    piece(at);
    if (!at.whole && pick(3) == 0)
        line((pick(2) ? "@p" : "@!p") + std::to_string(pick(kDataPreds)) + " bra " + end);
    line("isub.b32 " + counter + ", " + counter + ", 1");
    line("isetp.s32.gt p6, " + counter + ", 0");
    line("@p6 bra " + again);
    label(end);
}

void StructuredProgram::call(Place at) {
    static_cast<void>(at);
    const std::string function = "f" + std::to_string(functions_++);
    if (pick(3) == 0) {
        line("lea.pc r30, " + function);
        line("callx r30, [r30]");
    } else {
        line("call r30, " + function);
    }
}

/// Straight on, or with a branch; may stand where threads have parted.
void StructuredProgram::function() {
    Place at;
    at.whole = at.calls = false;
    at.depth = 2;
    at.loops = 2; // the counters are the caller's
    piece(at);
    line("ret r30");
}

/// Reads what another thread has in shared memory.
void StructuredProgram::exchange() {
    const uint32_t lanes = pick(2) ? 1 : 31;
    line("bar.sync 0, rz");
    line("xor.b32 r27, r26, " + std::to_string(lanes * kOwnBytes));
    line("ld.shared.b64 r" + std::to_string(2 * pick(kDataRegs / 2)) + ", [r27 + " +
         std::to_string(8 * pick(8)) + "]");
    line("mov.b32 r27, 0");
    line("bar.sync 0, rz");
}

/// Instructions that need others around them.
void StructuredProgram::special(Place at) {
    switch (pick(5)) {
    case 0: return copies();
    case 1: return jump();
    case 2: return line("nanosleep " + std::to_string(pick(300)));
    case 3:
        if (at.whole) half_barrier();
        return;
    default:
        if (at.whole && at.grid && shape_.cooperative) line("bar.grid");
        return;
    }
}

/// Bulk copies, with an mbarrier of the thread's own.
void StructuredProgram::copies() {
    const std::string bytes = std::to_string(16 * (1 + pick(3))), at = "[r26 + 112]";
    const std::string token = "r" + std::to_string(2 * pick(kDataRegs / 2));
    line("mov.b32 r27, 1");
    line("mbarrier.init " + at + ", r27");
    line("mov.b32 r31, " + bytes);
    line("mbarrier.expect_tx " + at + ", r31");
    line("iadd.b32 r30, r26, 112");
    line("cp.async.bulk.shared.global [r26 + " + std::to_string(16 * pick(3)) + "], r24, r30");
    line("mbarrier.arrive " + token + ", " + at + ", r27");
    const std::string wait = pick(2) ? "mbarrier.try_wait" : "mbarrier.test_wait";
    const bool parity = pick(2);
    line(wait + (parity ? ".parity p" : " p") + std::to_string(pick(kDataPreds)) + ", " + at +
         ", " + (parity ? "rz" : token));
    line("mbarrier.pending_count r" + std::to_string(pick(kDataRegs)) + ", " + token);
    line("mbarrier.inval " + at);
    line("mov.b32 r27, 0");
    line("cp.async.bulk.global.shared [r24 + " + std::to_string(16 * pick(3)) + "], r26, r31");
    line("cp.async.bulk.commit_group");
    line("cp.async.bulk.wait_group 0");
}

/// Over an instruction.
void StructuredProgram::jump() {
    const std::string to = new_label();
    line("lea.pc r30, " + to);
    line("brx [r30]");
    line("trap 9");
    label(to);
}

/// The first warp arrives, the others wait.
void StructuredProgram::half_barrier() {
    line("mov.sr r27, sr_warpid");
    line("isetp.s32.eq p5, r27, 0");
    line("mov.b32 r27, " + std::to_string((shape_.block[0] + 31) / 32 * 32));
    line("@p5 bar.arrive 5, r27");
    line("@!p5 bar.sync 5, r27");
    line("mov.b32 r27, 0");
    line("bar.sync 0, rz");
}

void StructuredProgram::instruction(bool whole) {
    static const std::vector<const RowInfo*> plain = rows_of(Kind::Plain),
                                             accesses = rows_of(Kind::Access),
                                             warp = rows_of(Kind::Warp),
                                             barriers = rows_of(Kind::Barrier);
    const auto one_of = [&](const auto& rows) -> const RowInfo& {
        return *rows[pick(rows.size())];
    };
    const uint64_t what = pick(20);
    if (what < 4) return access(one_of(accesses));
    if (what < 6) return warp_operation(one_of(warp), whole);
    if (what < 7 && whole) {
        isa::Word word = random_word(one_of(barriers), 1);
        isa::set(word, Field::imm, pick(4));
        isa::set(word, Field::rc, isa::kZeroReg);
        isa::set(word, Field::guard, isa::kTruePred);
        isa::set(word, Field::gneg, 0);
        return say(word);
    }
    const RowInfo& row = one_of(plain);
    unsigned form = 0;
    do
        form = static_cast<unsigned>(pick(isa::kNumForms));
    while (!(row.forms >> form & 1));
    say(random_word(row, form));
}

/// A valid instruction of the row.
isa::Word StructuredProgram::random_word(const RowInfo& row, unsigned form) {
    for (;;) {
        isa::Word word{bits_() & row.mask[form].lo, bits_() & row.mask[form].hi};
        isa::set(word, Field::opcode, static_cast<uint64_t>(row.opcode));
        isa::set(word, Field::form, form);
        isa::set(word, Field::guard, pick(4) ? isa::kTruePred : pick(kDataPreds));
        if (isa::get(word, Field::guard) == isa::kTruePred) isa::set(word, Field::gneg, 0);
        for (const isa::OperandInfo& operand : row.operands())
            if (!(form && isa::imm_form(operand) == form)) place_operand(row, word, operand);
        if (form && pick(2)) isa::set(word, Field::imm, pick(40));
        if (!row.has(isa::kWide64)) {
            uint32_t mods = 0;
            for (const isa::ModInfo& mod : row.mods())
                mods |= mod.field().of(static_cast<uint32_t>(pick(uint64_t{mod.max} + 1)));
            isa::set(word, Field::mods, mods);
        }
        if (isa::validate(word).ok()) return word;
    }
}

void StructuredProgram::place_operand(const RowInfo& row, isa::Word& word,
                                      const isa::OperandInfo& operand) {
    static_cast<void>(row);
    switch (operand.kind) {
    case isa::OperandKind::Reg:
        isa::set(word, operand.field,
                 pick(16) == 0 ? isa::kZeroReg : pick(kDataRegs / operand.regs) * operand.regs);
        break;
    case isa::OperandKind::PredOut:
        isa::set(word, operand.field, pick(8) ? pick(kDataPreds) : isa::kTruePred);
        break;
    case isa::OperandKind::PredIn:
        isa::set(word, operand.field, pick(8) ? pick(kDataPreds) : isa::kTruePred);
        break;
    case isa::OperandKind::Imm:
        if (operand.imm == isa::ImmKind::SReg) {
            uint64_t number = 0;
            do
                number = pick(isa::kNumSpecialRegs);
            while (number == static_cast<uint64_t>(isa::SpecialReg::clock) ||
                   number == static_cast<uint64_t>(isa::SpecialReg::globaltimer) ||
                   number == static_cast<uint64_t>(isa::SpecialReg::gridid));
            isa::set(word, Field::imm, number);
        } else if (row.opcode == Opcode::R2P) {
            isa::set(word, Field::imm, pick(1u << kDataPreds)); // not the structure's
        } else if (row.opcode == Opcode::CPWAIT) {
            isa::set(word, Field::imm, pick(3));
        }
        break;
    }
}

/// The address of something in the thread's own memory, with an index in r27 or none.
void StructuredProgram::place_address(const RowInfo& row, isa::Word& word, bool index) {
    const unsigned bytes = std::max<unsigned>(row.mem_bytes, 1);
    // What is read as constant is never written.
    const unsigned first = row.space == isa::Space::Const ? kOwnBytes : 0;
    isa::set(word, Field::imm, first + pick(64 / bytes) * bytes);
    const bool window = row.space == isa::Space::Shared;
    isa::set(word, Field::ra, row.space == isa::Space::Local ? isa::kZeroReg : window ? 26u : 24u);
    if (row.has(isa::kSideEffects)) return; // atomics have no index
    isa::set(word, Field::rb, index ? 27u : isa::kZeroReg);
    uint32_t mods = static_cast<uint32_t>(isa::get(word, Field::mods));
    const uint32_t scale = index ? static_cast<uint32_t>(std::countr_zero(bytes)) : 0;
    mods = (mods & ~isa::mods::MScale.of(~0u)) | isa::mods::MScale.of(scale);
    isa::set(word, Field::mods, mods);
}

void StructuredProgram::access(const RowInfo& row) {
    isa::Word word = random_word(row, 0);
    if (row.opcode == Opcode::CPASYNC) {
        isa::set(word, Field::ra, 26);
        isa::set(word, Field::rb, 24);
        isa::set(word, Field::rc, isa::kZeroReg);
        isa::set(word, Field::imm, 16 * pick(4));
        return say(word);
    }
    const bool index = !row.has(isa::kSideEffects) && pick(3) == 0;
    if (index) line("and.b32 r27, r" + std::to_string(pick(kDataRegs)) + ", 3");
    place_address(row, word, index);
    say(word);
    if (index) line("mov.b32 r27, 0");
}

/// Where all threads are together, for all of a warp or halves of it; else for the thread itself.
void StructuredProgram::warp_operation(const RowInfo& row, bool whole) {
    if (is_matrix(row) && !(whole && whole_warps_)) return;
    const bool members = row.forms >> 2 & 1; // rc is a mask, or an immediate is
    if (is_matrix(row)) {
        isa::Word word = random_word(row, 0);
        isa::set(word, Field::guard, isa::kTruePred);
        isa::set(word, Field::gneg, 0);
        if (row.space == isa::Space::Shared) {
            isa::set(word, Field::ra, 26);
            isa::set(word, Field::imm, 16 * pick(4));
        }
        return say(word);
    }
    if (!members) return;
    isa::Word word = random_word(row, 2);
    isa::set(word, Field::guard, isa::kTruePred);
    isa::set(word, Field::gneg, 0);
    if ((!whole || !whole_warps_) && row.opcode == isa::Opcode::SHFL) {
        // What lanes have that take no part, or that there are not, is nobody's promise.
        namespace shfl = isa::mods::SHFL;
        isa::set(word, Field::mods,
                 shfl::shmode.of(shfl::shmode_bfly) | shfl::src.of(shfl::src_simm));
        isa::set(word, Field::rb, isa::kZeroReg);
    }
    if (whole && pick(3)) {
        isa::set(word, Field::imm, 0xffffffff);
        return say(word);
    }
    line(whole ? "mov.sr r27, sr_laneid" : "mov.sr r27, sr_lanemask_eq");
    if (whole) {
        line("isetp.s32.lt p5, r27, 16");
        line("mov.b32 r27, 65535");
        line("@!p5 mov.b32 r27, -65536");
    }
    isa::set(word, Field::form, 0);
    isa::set(word, Field::imm, 0);
    isa::set(word, Field::rc, 27);
    if (!isa::validate(word).ok()) return;
    say(word);
    line("mov.b32 r27, 0");
}

void StructuredProgram::say(isa::Word word) {
    line(isa::disassemble(word, 0));
}

} // namespace acc::test
