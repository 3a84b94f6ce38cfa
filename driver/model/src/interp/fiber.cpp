// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "driver/model/src/interp/fiber.h"

#include <sys/mman.h>

#include <cstdint>
#include <new>

namespace acc::model::interp {
namespace {
constexpr size_t kStackBytes = 512 << 10, kGuardBytes = 16 << 10; // pages that are not touched cost
                                                                  // nothing
}

// Saves what a call must preserve on the stack, stores the stack pointer at *save, takes `load` for
// it and restores from there.
extern "C" void acc_model_switch(void** save, void* load);
extern "C" void acc_model_fiber_entry();
// Calls function(argument) with the stack pointer stored at *save, to which `come_back` returns;
// true when the function has returned.
extern "C" bool acc_model_call(void** save, void (*function)(void*), void* argument);
extern "C" [[noreturn]] void acc_model_come_back(void* stack);

#if defined(__x86_64__)
asm(R"(
    .macro acc_save
    pushq %rbp
    pushq %rbx
    pushq %r12
    pushq %r13
    pushq %r14
    pushq %r15
    .endm
    .macro acc_restore_and_return
    popq %r15
    popq %r14
    popq %r13
    popq %r12
    popq %rbx
    popq %rbp
    retq
    .endm
    .text
    .hidden acc_model_switch
    .globl acc_model_switch
    .type acc_model_switch,@function
acc_model_switch:
    acc_save
    movq %rsp, (%rdi)
    movq %rsi, %rsp
    acc_restore_and_return
    .size acc_model_switch, .-acc_model_switch
    .hidden acc_model_fiber_entry
    .globl acc_model_fiber_entry
    .type acc_model_fiber_entry,@function
acc_model_fiber_entry:
    movq %r12, %rdi
    callq *%r13
    ud2
    .size acc_model_fiber_entry, .-acc_model_fiber_entry
    .hidden acc_model_call
    .globl acc_model_call
    .type acc_model_call,@function
acc_model_call:
    acc_save
    subq $8, %rsp
    movq %rsp, (%rdi)
    movq %rdx, %rdi
    callq *%rsi
    movl $1, %eax
1:
    addq $8, %rsp
    acc_restore_and_return
    .size acc_model_call, .-acc_model_call
    .hidden acc_model_come_back
    .globl acc_model_come_back
    .type acc_model_come_back,@function
acc_model_come_back:
    movq %rdi, %rsp
    xorl %eax, %eax
    jmp 1b
    .size acc_model_come_back, .-acc_model_come_back
)");
#elif defined(__aarch64__)
asm(R"(
    .macro acc_save
    sub sp, sp, #160
    stp x19, x20, [sp]
    stp x21, x22, [sp, #16]
    stp x23, x24, [sp, #32]
    stp x25, x26, [sp, #48]
    stp x27, x28, [sp, #64]
    stp x29, x30, [sp, #80]
    stp d8, d9, [sp, #96]
    stp d10, d11, [sp, #112]
    stp d12, d13, [sp, #128]
    stp d14, d15, [sp, #144]
    .endm
    .macro acc_restore_and_return
    ldp x19, x20, [sp]
    ldp x21, x22, [sp, #16]
    ldp x23, x24, [sp, #32]
    ldp x25, x26, [sp, #48]
    ldp x27, x28, [sp, #64]
    ldp x29, x30, [sp, #80]
    ldp d8, d9, [sp, #96]
    ldp d10, d11, [sp, #112]
    ldp d12, d13, [sp, #128]
    ldp d14, d15, [sp, #144]
    add sp, sp, #160
    ret
    .endm
    .text
    .hidden acc_model_switch
    .globl acc_model_switch
    .type acc_model_switch,%function
acc_model_switch:
    acc_save
    mov x2, sp
    str x2, [x0]
    mov sp, x1
    acc_restore_and_return
    .size acc_model_switch, .-acc_model_switch
    .hidden acc_model_fiber_entry
    .globl acc_model_fiber_entry
    .type acc_model_fiber_entry,%function
acc_model_fiber_entry:
    mov x0, x19
    blr x20
    brk #0
    .size acc_model_fiber_entry, .-acc_model_fiber_entry
    .hidden acc_model_call
    .globl acc_model_call
    .type acc_model_call,%function
acc_model_call:
    acc_save
    mov x9, sp
    str x9, [x0]
    mov x0, x2
    blr x1
    mov w0, #1
1:
    acc_restore_and_return
    .size acc_model_call, .-acc_model_call
    .hidden acc_model_come_back
    .globl acc_model_come_back
    .type acc_model_come_back,%function
acc_model_come_back:
    mov sp, x0
    mov w0, #0
    b 1b
    .size acc_model_come_back, .-acc_model_come_back
)");
#endif

Fiber::~Fiber() {
    if (stack_) munmap(stack_, kStackBytes);
}

void Fiber::run(Fiber* self) {
    self->function_(self->argument_);
    self->done_ = true;
    self->suspend();
}

void Fiber::reserve() {
    if (stack_) return;
    void* p = mmap(nullptr, kStackBytes, PROT_READ | PROT_WRITE,
                   MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (p == MAP_FAILED) throw std::bad_alloc();
    if (mprotect(p, kGuardBytes, PROT_NONE) != 0) {
        munmap(p, kStackBytes);
        throw std::bad_alloc();
    }
    stack_ = static_cast<char*>(p);
}

void Fiber::start(void (*function)(void*), void* argument, unsigned number) {
    reserve();
    function_ = function;
    argument_ = argument;
    done_ = false;
    constexpr size_t kApart = 17 * 64, kPlaces = 32;
    auto* top = reinterpret_cast<void**>(stack_ + kStackBytes - 64 - number % kPlaces * kApart);
#if defined(__aarch64__)
    top -= 20;     // the frame that the switch takes: zeros but for these
    top[0] = this; // x19
    top[1] = reinterpret_cast<void*>(&Fiber::run);             // x20
    top[11] = reinterpret_cast<void*>(&acc_model_fiber_entry); // x30
#else
    *--top = reinterpret_cast<void*>(&acc_model_fiber_entry); // its call finds the stack aligned to
                                                              // 64
    *--top = nullptr;                                         // rbp
    *--top = nullptr;                                         // rbx
    *--top = this;                                            // r12
    *--top = reinterpret_cast<void*>(&Fiber::run);            // r13
    *--top = nullptr;                                         // r14
    *--top = nullptr;                                         // r15
#endif
    inside_ = top;
}

bool Fiber::resume() {
    acc_model_switch(&outside_, inside_);
    return done_;
}

void Fiber::switch_to(Fiber& other) {
    other.outside_ = outside_;
    acc_model_switch(&inside_, other.inside_);
}

void Fiber::suspend() {
    acc_model_switch(&inside_, outside_);
}

void Fiber::leave() {
    done_ = true;
    suspend();
    __builtin_unreachable(); // nobody resumes what is done
}

bool call_with_return(ReturnPoint& point, void (*function)(void*), void* argument) {
    return acc_model_call(&point.stack, function, argument);
}

void come_back(const ReturnPoint& point) {
    acc_model_come_back(point.stack);
}

} // namespace acc::model::interp
