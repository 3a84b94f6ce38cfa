// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "driver/model/src/interp/code.h"

#include "acc/spec/isa_validate.h"
#include "driver/model/src/interp/indirect.h"

namespace acc::model::interp {

std::shared_ptr<CodeCache> CodeCaches::current(const AddressSpace& vm) {
    std::lock_guard guard(lock_);
    const uint64_t epoch = vm.code_epoch.load(std::memory_order_acquire);
    std::shared_ptr<CodeCache>& cache = caches_[vm.id];
    if (!cache || cache->epoch != epoch) cache = std::make_shared<CodeCache>(vm, epoch, variant_);
    return cache;
}

void CodeCaches::drop(uint64_t space) {
    std::lock_guard guard(lock_);
    caches_.erase(space);
}

namespace {

/// ACC_FAULT_NONE when an instruction can be fetched from `pc`.
uint32_t check_fetch(const AddressSpace& vm, uint64_t pc) {
    if (pc % 16) return ACC_FAULT_INVALID_PC;
    const uint64_t offset = pc - vm.base;
    if (offset >= vm.bytes) return ACC_FAULT_UNMAPPED;
    const uint8_t perm = vm.perm[offset >> ACC_PAGE_SHIFT];
    if (perm & kPermPoison) return ACC_FAULT_ECC;
    if (!(perm & kPermRead)) return ACC_FAULT_UNMAPPED;
    return perm & kPermExec ? ACC_FAULT_NONE : ACC_FAULT_PERMISSION;
}

Op plain_op(uint64_t pc, Handler handler) {
    Op op{};
    op.handler[0] = op.handler[1] = handler;
    op.pc = pc;
    op.d = row_offset(kScratchRow);
    op.pd = op.pe = kPredDiscard;
    op.ps = op.pq = op.guard = kPredTrue;
    return op;
}

std::unique_ptr<CodePage> make_page(const Variant& variant, const AddressSpace& vm,
                                    uint64_t address, unsigned num_regs) {
    auto page = std::make_unique<CodePage>();
    page->address = address;
    page->num_regs = num_regs;
    read_device(vm, page->bytes, address, kCodePageBytes);
    for (unsigned i = 0; i < kOpsPerPage; ++i)
        page->ops[i] = plain_op(address + i * 16, variant.undecoded);
    page->ops[kOpsPerPage] = plain_op(address + kCodePageBytes, variant.next_page);
    page->ops[kOpsPerPage].page_end = 1;
    return page;
}

const Op* bad_fetch(CodeCache& cache, uint64_t pc, uint32_t cause) {
    std::lock_guard guard(cache.lock);
    std::unique_ptr<Op>& op = cache.bad[pc];
    if (!op) {
        op = std::make_unique<Op>(plain_op(pc, cache.variant.bad_fetch));
        op->imm = cause;
    }
    return op.get();
}

CodePage* find_page(BlockState* block, uint64_t address) {
    auto& recent = block->recent_pages[address / kCodePageBytes % 16];
    if (recent.code && recent.page == address) return recent.code;
    CodeCache& cache = *block->code;
    const unsigned num_regs = block->launch->kernel.num_regs;
    std::lock_guard guard(cache.lock);
    auto& page = cache.pages[address | num_regs];
    if (!page) page = make_page(cache.variant, *block->launch->vm, address, num_regs);
    recent = {address, page.get()};
    return page.get();
}

} // namespace

const Op* fetch(BlockState* block, uint64_t pc) {
    if (const uint32_t cause = check_fetch(*block->launch->vm, pc))
        return bad_fetch(*block->code, pc, cause);
    const uint64_t address = pc & ~(kCodePageBytes - 1);
    return &find_page(block, address)->ops[(pc - address) / 16];
}

namespace {

using isa::Field;
using isa::get;

uint16_t source_offset(uint64_t reg) {
    return reg == isa::kZeroReg ? row_offset(kZeroRow) : register_offset(reg);
}
uint16_t dest_offset(uint64_t reg) {
    return reg == isa::kZeroReg ? row_offset(kScratchRow) : register_offset(reg);
}

/// Every register of every operand exists.
bool registers_exist(const isa::RowInfo& row, isa::Word word, unsigned form, unsigned num_regs) {
    for (const isa::OperandInfo& operand : row.operands()) {
        if (operand.kind != isa::OperandKind::Reg || (form && isa::imm_form(operand) == form))
            continue;
        const uint64_t first = get(word, operand.field);
        if (first != isa::kZeroReg && first + operand.regs > num_regs) return false;
    }
    return true;
}

uint64_t extend_immediate(const isa::RowInfo& row, isa::Word word, unsigned form) {
    const uint64_t imm = get(word, Field::imm);
    const auto sign_extended = static_cast<uint64_t>(
        static_cast<int64_t>(static_cast<int32_t>(imm)));
    for (const isa::OperandInfo& operand : row.operands()) {
        const bool replaced = form && isa::imm_form(operand) == form;
        if (operand.kind != isa::OperandKind::Imm && !replaced) continue;
        switch (operand.imm) {
        case isa::ImmKind::SExt64:
        case isa::ImmKind::Offset:
        case isa::ImmKind::PcRel: return sign_extended;
        case isa::ImmKind::F64Hi: return imm << 32;
        case isa::ImmKind::S64: return get(word, Field::imm64);
        default: return imm;
        }
    }
    return 0;
}

bool row_has(const isa::RowInfo& row, Field field) {
    for (const isa::OperandInfo& operand : row.operands())
        if (operand.field == field) return true;
    return false;
}

/// Accesses of which a spin loop may be built: atomics whose result is used, loads stronger than
/// weak.
bool is_strong(const isa::RowInfo& row, uint32_t mods, bool discards) {
    if (row.has(isa::kMayLoad) && row.has(isa::kMayStore)) return !discards;
    return row.has(isa::kMayLoad) && row.space != isa::Space::None &&
           isa::mods::MSemLd.get(mods) != isa::mods::MSemLd_default;
}

void fill(Op& op, const isa::RowInfo& row, isa::Word word) {
    const unsigned form = static_cast<unsigned>(get(word, Field::form));
    op.imm = extend_immediate(row, word, form);
    op.mods = row.has(isa::kWide64) ? 0 : static_cast<uint32_t>(get(word, Field::mods));
    op.d = dest_offset(get(word, Field::rd));
    op.a = source_offset(get(word, Field::ra));
    op.b = source_offset(get(word, Field::rb));
    op.c = source_offset(get(word, Field::rc));
    const auto dest_pred = [&](Field f) {
        const uint64_t p = get(word, f);
        return static_cast<uint8_t>(!row_has(row, f) || p == isa::kTruePred ? kPredDiscard : p);
    };
    op.pd = dest_pred(Field::pd);
    op.pe = dest_pred(Field::pe);
    op.ps = static_cast<uint8_t>(get(word, Field::ps));
    op.pq = static_cast<uint8_t>(get(word, Field::pq));
    op.guard = static_cast<uint8_t>(get(word, Field::guard));
    const bool discards = !row_has(row, Field::rd) || get(word, Field::rd) == isa::kZeroReg;
    op.flags = static_cast<uint8_t>(
        (get(word, Field::gneg) ? kOpGuardNeg : 0) | (get(word, Field::psneg) ? kOpPsNeg : 0) |
        (get(word, Field::pqneg) ? kOpPqNeg : 0) | (discards ? kOpDiscard : 0) |
        (get(word, Field::rb) != isa::kZeroReg ? kOpIndexed : 0) | (form == 1 ? kOpImmB : 0) |
        (form == 2 ? kOpImmC : 0) | (is_strong(row, op.mods, discards) ? kOpStrong : 0));
    op.opcode = static_cast<uint16_t>(get(word, Field::opcode));
}

/// Direct branches and calls: the absolute target, and its op when it is on this page.
void link_target(Op& op, const CodePage& page) {
    op.imm += op.pc + 16;
    const uint64_t offset = op.imm - page.address;
    op.target = offset < kCodePageBytes && offset % 16 == 0 ? &page.ops[offset / 16] : nullptr;
}

bool handles_guard_itself(const isa::RowInfo& row) {
    return row.flags & (isa::kIsBranch | isa::kIsCall | isa::kIsReturn);
}

Op decode_word(const Variant& variant, const CodePage& page, unsigned index) {
    const isa::Word word = isa::load_word(page.bytes + index * 16);
    Op op = plain_op(page.address + index * 16, variant.illegal);
    op.guard = static_cast<uint8_t>(get(word, Field::guard));
    op.flags = get(word, Field::gneg) ? kOpGuardNeg : 0;
    const isa::Validity valid = isa::validate(word);
    const unsigned form = static_cast<unsigned>(get(word, Field::form));
    const bool usable = valid.ok() && registers_exist(*valid.row, word, form, page.num_regs);
    const Bind bind = usable ? variant.bind[get(word, Field::opcode)] : nullptr;
    if (bind) {
        fill(op, *valid.row, word);
        const bool relative = valid.row->opcode == isa::Opcode::BRA ||
                              valid.row->opcode == isa::Opcode::CALL;
        if (relative) link_target(op, page);
        const auto byte = [&](Field f) { return static_cast<uint8_t>(get(word, f)); };
        bind({word.lo, word.hi, op.opcode, form, op.mods,
              static_cast<uint32_t>(get(word, Field::imm)), byte(Field::rd), byte(Field::ra),
              byte(Field::rb), byte(Field::rc)},
             op);
        if (handles_guard_itself(*valid.row)) return op;
    } else if (!valid.ok()) {
        return op; // an undefined word has no guard: it traps for every thread that reaches it
    }
    const bool guarded = op.guard != kPredTrue || (op.flags & kOpGuardNeg);
    if (guarded) {
        op.guarded = op.handler[1];
        op.handler[0] = op.handler[1] = variant.guard;
    }
    return op;
}

} // namespace

void decode(BlockState* block, const Op* op) {
    const uint64_t address = op->pc & ~(kCodePageBytes - 1);
    CodePage* page = find_page(block, address);
    const unsigned index = static_cast<unsigned>(op - page->ops);
    const Op decoded = decode_word(block->code->variant, *page, index);
    Op& place = page->ops[index];
    std::lock_guard guard(block->code->lock);
    if (place.handler[0] != block->code->variant.undecoded) return; // another worker was faster
    // Others may be reading where the op stands (pc, page_end: these stay) and execute it: the
    // handlers become visible last.
    place.target = decoded.target; // or `guarded`
    place.imm = decoded.imm;
    place.d = decoded.d, place.a = decoded.a, place.b = decoded.b, place.c = decoded.c;
    place.mods = decoded.mods;
    place.pd = decoded.pd, place.pe = decoded.pe, place.ps = decoded.ps, place.pq = decoded.pq;
    place.guard = decoded.guard;
    place.flags = decoded.flags;
    place.opcode = decoded.opcode;
    for (int i : {0, 1})
        __atomic_store_n(&place.handler[i], decoded.handler[i], __ATOMIC_RELEASE);
}

} // namespace acc::model::interp
