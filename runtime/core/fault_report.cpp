// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/core/fault_report.h"

#include "acc/spec/acc_mmu.h"
#include "runtime/core/context.h"
#include "runtime/core/demangle.h"

namespace acc::rt {
namespace {

struct CauseRow {
    uint32_t cause;
    Status status;
    const char* what;
};

// One row per fault cause: the CUDA error it becomes and what it says.
constexpr CauseRow kCauses[] = {
    {ACC_FAULT_ILLEGAL_INSTRUCTION, Status::IllegalInstruction, "illegal instruction"},
    {ACC_FAULT_UNMAPPED, Status::IllegalAddress, "access to an address that is not mapped"},
    {ACC_FAULT_PERMISSION, Status::IllegalAddress, "access that the memory's protection forbids"},
    {ACC_FAULT_MISALIGNED, Status::MisalignedAddress, "misaligned address"},
    {ACC_FAULT_SHARED_RANGE, Status::IllegalAddress, "access beyond the block's shared memory"},
    {ACC_FAULT_LOCAL_RANGE, Status::HardwareStackError,
     "access beyond the thread's local memory (stack overflow: "
     "cudaDeviceSetLimit(cudaLimitStackSize) raises the limit; or a local array's index out of "
     "range)"},
    {ACC_FAULT_TRAP, Status::LaunchFailure, "trap instruction"},
    {ACC_FAULT_BREAKPOINT, Status::LaunchFailure, "breakpoint without a debugger"},
    {ACC_FAULT_INVALID_PC, Status::InvalidPc, "jump to an address that is not code"},
    {ACC_FAULT_WARP_OP, Status::IllegalInstruction,
     "matrix operation of a warp that is not whole: threads of it have exited"},
    {ACC_FAULT_BARRIER, Status::LaunchFailure,
     "barrier that cannot complete (wrong number or thread count)"},
    {ACC_FAULT_INVALID_PACKET, Status::LaunchFailure, "malformed packet"},
    {ACC_FAULT_INVALID_KERNEL, Status::InvalidKernel, "malformed kernel descriptor"},
    {ACC_FAULT_INVALID_LAUNCH, Status::InvalidConfiguration,
     "launch sizes beyond the device's limits"},
    {ACC_FAULT_HANG, Status::LaunchTimeout, "the kernel made no progress and was stopped"},
    {ACC_FAULT_ECC, Status::EccUncorrectable, "uncorrectable memory error"},
    {ACC_FAULT_DEADLOCK, Status::LaunchFailure,
     "deadlock: no thread of the kernel can ever run again"},
    {ACC_FAULT_IMAGE, Status::LaunchFailure,
     "texture or surface that does not exist, or is not of the kind that the function reads"},
    {ACC_FAULT_SURFACE_RANGE, Status::LaunchFailure,
     "surface access outside of the image (boundary mode trap)"},
};

bool is_check(const acc_fault_record& fault) {
    return fault.cause == ACC_FAULT_TRAP && fault.info == ACC_TRAP_CHECK;
}

CauseRow cause_row(const acc_fault_record& fault) {
    if (fault.cause == ACC_FAULT_TRAP && fault.info == ACC_TRAP_ASSERT)
        return {fault.cause, Status::Assert, "device-side assertion failed"};
    if (is_check(fault))
        return {fault.cause, Status::LaunchFailure,
                "translated code and the interpreter differ (ACC_MODEL_EXEC=check)"};
    if (fault.cause == ACC_FAULT_DEADLOCK && fault.info == ACC_DEADLOCK_WARP_OPS)
        return {fault.cause, Status::LaunchFailure,
                "deadlock: threads that one member mask names wait at different warp operations "
                "(function, mode, type and mask must be the same for all of them)"};
    for (const CauseRow& row : kCauses)
        if (row.cause == fault.cause) return row;
    return {fault.cause, Status::LaunchFailure, "unknown fault"};
}

const char* access_name(uint32_t access) {
    switch (access) {
    case ACC_ACCESS_WRITE: return "write";
    case ACC_ACCESS_EXECUTE: return "instruction fetch";
    case ACC_ACCESS_ATOMIC: return "atomic";
    default: return "read";
    }
}

bool is_memory_fault(uint32_t cause) {
    return cause == ACC_FAULT_UNMAPPED || cause == ACC_FAULT_PERMISSION ||
           cause == ACC_FAULT_MISALIGNED || cause == ACC_FAULT_SHARED_RANGE ||
           cause == ACC_FAULT_LOCAL_RANGE || cause == ACC_FAULT_ECC;
}

std::string allocation_text(const Allocation& allocation) {
    return fmt::format("{} {:#x} of {} bytes (allocation {})", to_string(allocation.kind),
                       allocation.va, allocation.bytes, allocation.serial);
}

std::string where_is(Context& context, uint64_t address) {
    const uint64_t tag = address >> ACC_AS_TAG_SHIFT;
    if (tag == ACC_AS_TAG_SHARED)
        return fmt::format("shared memory offset {:#x}", static_cast<uint32_t>(address));
    if (tag == ACC_AS_TAG_LOCAL)
        return fmt::format("local memory offset {:#x}", static_cast<uint32_t>(address));
    if (address < 4096) return "a null pointer, or an offset from one";
    MemoryManager& memory = context.memory();
    if (!memory.in_window(address))
        return "not a device address: perhaps a host pointer was passed to the kernel";
    if (const Context::Pin other = Context::pin_at(address); other && other.get() != &context)
        if (const auto theirs = other->memory().find(address))
            return fmt::format("inside {}, which belongs to device {}: this context has no access "
                               "to it ({})",
                               allocation_text(*theirs), other->device(),
                               theirs->kind == MemoryKind::Pool ? "cudaMemPoolSetAccess"
                                                                : "cudaDeviceEnablePeerAccess");
    const Surroundings found = memory.surroundings(address);
    if (found.around)
        return fmt::format("inside {}, at offset {}", allocation_text(*found.around),
                           address - found.around->va);
    if (found.freed)
        return fmt::format("inside {}, at offset {}: it was freed", allocation_text(*found.freed),
                           address - found.freed->va);
    if (!found.below && !found.above) return "no device memory is allocated";
    const uint64_t past = found.below ? address - found.below->va - found.below->bytes : UINT64_MAX;
    const uint64_t before = found.above ? found.above->va - address : UINT64_MAX;
    std::string text;
    if (found.below)
        text = fmt::format("{} bytes after the end of {}", past, allocation_text(*found.below));
    // Programs run past an end more often than before a start: that goes first.
    if (before < past)
        text += fmt::format("{}{} bytes before {}", text.empty() ? "" : ", ", before,
                            allocation_text(*found.above));
    return text;
}

std::string kernel_line(Context& context, const acc_fault_record& fault) {
    Module* module = context.module_at(fault.kernel);
    const Kernel* kernel = module != nullptr ? module->kernel_at(fault.kernel) : nullptr;
    std::string text = "\n  kernel: " +
                       (kernel != nullptr ? demangled(kernel->name) : std::string("unknown"));
    Module* code = context.module_at(fault.pc);
    if (code == nullptr)
        return text + (fault.pc != 0 ? fmt::format("\n  pc: {:#x}", fault.pc) : std::string());
    if (const auto line = code->line_at(fault.pc))
        text += fmt::format("\n  source: {}:{}", line->file, line->line);
    else
        text += "\n  source: unknown (compile with -lineinfo or -g for source lines)";
    text += fmt::format("\n  pc: {:#x}", fault.pc);
    if (const auto function = code->function_at(fault.pc))
        text += fmt::format(" ({}+{:#x})", demangled(function->first), function->second);
    return text;
}

FaultReport report_of(StopReason reason) {
    switch (reason) {
    case StopReason::Hung: return {Status::LaunchTimeout, "a queue made no progress and was reset"};
    case StopReason::DeviceReset:
        return {Status::LaunchFailure, "the device was reset; work that was running is lost"};
    case StopReason::DeviceGone:
        return {Status::DeviceUnavailable,
                "the device is gone: it was removed, or does not answer any more"};
    case StopReason::Unknown: break;
    }
    return {Status::LaunchFailure, "the device stopped a queue without saying why"};
}

} // namespace

FaultReport make_fault_report(Context& context, const std::optional<acc_fault_record>& fault,
                              StopReason reason) {
    if (!fault) return report_of(reason);
    const CauseRow row = cause_row(*fault);
    std::string text = fmt::format("device fault: {}", row.what);
    if (fault->cause == ACC_FAULT_TRAP && row.status != Status::Assert && !is_check(*fault))
        text += fmt::format(" (code {})", fault->info);
    if (fault->kernel != 0) text += kernel_line(context, *fault);
    if (fault->pc != 0) {
        text += fmt::format("\n  block: ({}, {}, {})  thread: ({}, {}, {})", fault->block[0],
                            fault->block[1], fault->block[2], fault->thread[0], fault->thread[1],
                            fault->thread[2]);
        const int lanes = __builtin_popcount(fault->lane_mask);
        if (lanes > 1) text += fmt::format("  and {} more threads of its warp", lanes - 1);
    }
    if (is_check(*fault) && fault->address != 0)
        text += fmt::format("\n  address: {:#x}\n  nearest: ", fault->address) +
                where_is(context, fault->address);
    if (is_memory_fault(fault->cause)) {
        text += fmt::format("\n  address: {:#x} ({} of {} bytes)", fault->address,
                            access_name(fault->access), fault->access_bytes);
        text += "\n  nearest: " + where_is(context, fault->address);
    }
    if (fault->cause == ACC_FAULT_INVALID_PACKET || fault->cause == ACC_FAULT_INVALID_LAUNCH ||
        fault->cause == ACC_FAULT_INVALID_KERNEL)
        text += fmt::format("\n  field at byte offset {}", fault->info);
    return {row.status, std::move(text)};
}

} // namespace acc::rt
