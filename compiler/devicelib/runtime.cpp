// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What compiled code calls behind the user's back: printf, assertions, the device heap, memory
// functions.
#include "runtime.h"

#define SYSTEM __ATOMIC_RELAXED

namespace {

using Global = __attribute__((address_space(1))) void;
using GlobalWord = __attribute__((address_space(1))) u64;
using GlobalHalf = __attribute__((address_space(1))) u32;

LOCAL GlobalWord* word(u64 address, u64 offset) {
    return (GlobalWord*)(address + offset);
}
LOCAL GlobalHalf* half(u64 address, u64 offset) {
    return (GlobalHalf*)(address + offset);
}

constexpr u64 kAlign = 16;

/// Reserves room for a message with `bytes` of arguments; returns its address, or 0 when it is
/// dropped.
LOCAL u64 reserve(u32 bytes, u32& total) {
    u64 buffer = __acc_sr_printf();
    if (buffer == 0) return 0;
    total = u32((sizeof(MessageHeader) + bytes + kAlign - 1) & ~(kAlign - 1));
    u64 start = __scoped_atomic_fetch_add(
        word(buffer, __builtin_offsetof(MessageBuffer, write_offset)), u64(total), SYSTEM,
        __MEMORY_SCOPE_SYSTEM);
    if (start + total > *word(buffer, __builtin_offsetof(MessageBuffer, capacity))) {
        __scoped_atomic_fetch_add(word(buffer, __builtin_offsetof(MessageBuffer, dropped)), 1ull,
                                  SYSTEM, __MEMORY_SCOPE_SYSTEM);
        return 0;
    }
    return buffer + sizeof(MessageBuffer) + start;
}

LOCAL void publish(u64 at, u32 total, u32 kind, u64 format, u32 bytes) {
    *half(at, __builtin_offsetof(MessageHeader, kind)) = kind;
    *word(at, __builtin_offsetof(MessageHeader, format)) = format;
    *half(at, __builtin_offsetof(MessageHeader, argument_bytes)) = bytes;
    __scoped_atomic_store_n(half(at, 0), total, __ATOMIC_RELEASE, __MEMORY_SCOPE_SYSTEM);
}

LOCAL void copy_words(u64 to, const char* from, u32 bytes) {
    // clang aligns the argument buffer for its largest member; 4 bytes is the least.
    for (u32 i = 0; i < bytes; i += 4)
        *half(to, i) = *(const u32*)(from + i);
}

} // namespace

/// Returns 0, or -1 when the message was dropped. bytes: size of the packed arguments, a multiple
/// of 4.
extern "C" __attribute__((noinline)) int __acc_printf(const char* format, const char* arguments,
                                                      u32 bytes) {
    u32 total = 0;
    u64 at = reserve(bytes, total);
    if (at == 0) return -1;
    copy_words(at + sizeof(MessageHeader), arguments, bytes);
    publish(at, total, kPrintf, u64(format), bytes);
    return 0;
}

namespace {

/// Bytes of a string that a message takes along, with its end; 0: the host can read it where it is.
LOCAL u32 own_bytes(const char* text) {
    constexpr u32 kLongest = 1024;
    constexpr u64 kShared = 1, kLocal = 2; // top byte of a generic pointer
    if (u64(text) >> 56 != kShared && u64(text) >> 56 != kLocal) return 0;
    u32 length = 0;
    while (length < kLongest && text[length] != 0)
        ++length;
    return length + 1;
}

LOCAL void copy_string(u64 to, const char* from, u32 bytes) {
    for (u32 i = 0; i + 1 < bytes; ++i)
        *(__attribute__((address_space(1))) char*)(to + i) = from[i];
    *(__attribute__((address_space(1))) char*)(to + bytes - 1) = 0;
}

} // namespace

/// The same, where the 8-byte words of the arguments that `strings` has a bit for are strings:
/// those in shared and local memory, which are gone when the host reads, lie behind the arguments.
extern "C" __attribute__((noinline)) int
__acc_printf_strings(const char* format, const char* arguments, u32 bytes, u64 strings) {
    u32 total = 0, texts = 0;
    for (u64 left = strings; left; left &= left - 1)
        texts += own_bytes(((const char* const*)arguments)[__builtin_ctzll(left)]);
    u64 at = reserve(bytes + texts, total);
    if (at == 0) return -1;
    const u64 body = at + sizeof(MessageHeader);
    copy_words(body, arguments, bytes);
    u32 place = bytes;
    for (u64 left = strings; left; left &= left - 1) {
        const u32 i = u32(__builtin_ctzll(left));
        const char* text = ((const char* const*)arguments)[i];
        const u32 length = own_bytes(text);
        if (length == 0) continue;
        copy_string(body + place, text, length);
        *half(body, 8 * i) = place;
        *half(body, 8 * i + 4) = kInMessage;
        place += length;
    }
    publish(at, total, kPrintf, u64(format), bytes);
    return 0;
}

extern "C" __attribute__((noinline, noreturn)) void
__assertfail(const char* message, const char* file, u32 line, const char* function, unsigned long) {
    u32 total = 0;
    u64 at = reserve(sizeof(AssertArguments), total);
    if (at != 0) {
        u64 to = at + sizeof(MessageHeader);
        *word(to, __builtin_offsetof(AssertArguments, message)) = u64(message);
        *word(to, __builtin_offsetof(AssertArguments, file)) = u64(file);
        *word(to, __builtin_offsetof(AssertArguments, function)) = u64(function);
        const int numbers[] = {int(line),
                               __nvvm_read_ptx_sreg_ctaid_x(),
                               __nvvm_read_ptx_sreg_ctaid_y(),
                               __nvvm_read_ptx_sreg_ctaid_z(),
                               __nvvm_read_ptx_sreg_tid_x(),
                               __nvvm_read_ptx_sreg_tid_y(),
                               __nvvm_read_ptx_sreg_tid_z()};
#pragma unroll
        for (int i = 0; i < 7; ++i)
            *half(to, __builtin_offsetof(AssertArguments, line) + 4 * i) = u32(numbers[i]);
        publish(at, total, kAssert, 0, sizeof(AssertArguments));
    }
    __acc_trap(kTrapAssert);
}

extern "C" void __cxa_pure_virtual() {
    __acc_trap(2);
}

// ---- heap: size classes of powers of two, each with a lock-free list of free blocks (R. Treiber,
// 1986; the change counter in the
// ---- upper 16 bits of the list head keeps a thread from linking a block that has come and gone
// meanwhile).

namespace {

constexpr u64 kAddressMask = 0xffffffffffffull;

LOCAL GlobalWord* list_head(u64 heap, u32 size_class) {
    return word(heap, __builtin_offsetof(Heap, free_lists) + 8ull * size_class);
}

LOCAL u64 pop(u64 heap, u32 size_class) {
    GlobalWord* head = list_head(heap, size_class);
    u64 old = __scoped_atomic_load_n(head, __ATOMIC_ACQUIRE, __MEMORY_SCOPE_DEVICE);
    while (u64 block = old & kAddressMask) {
        // Another thread may own the block by now; then this reads something meaningless and the
        // exchange fails.
        u64 next = __scoped_atomic_load_n(word(block, __builtin_offsetof(BlockHeader, next)),
                                          __ATOMIC_RELAXED, __MEMORY_SCOPE_DEVICE);
        u64 replacement = (next & kAddressMask) | ((old & ~kAddressMask) + (1ull << 48));
        if (__scoped_atomic_compare_exchange_n(head, &old, replacement, false, __ATOMIC_ACQUIRE,
                                               __ATOMIC_ACQUIRE, __MEMORY_SCOPE_DEVICE))
            return block;
    }
    return 0;
}

LOCAL void push(u64 heap, u32 size_class, u64 block) {
    GlobalWord* head = list_head(heap, size_class);
    u64 old = __scoped_atomic_load_n(head, __ATOMIC_RELAXED, __MEMORY_SCOPE_DEVICE);
    u64 replacement;
    do {
        __scoped_atomic_store_n(word(block, __builtin_offsetof(BlockHeader, next)),
                                old & kAddressMask, __ATOMIC_RELAXED, __MEMORY_SCOPE_DEVICE);
        replacement = block | ((old & ~kAddressMask) + (1ull << 48));
    } while (!__scoped_atomic_compare_exchange_n(head, &old, replacement, false, __ATOMIC_RELEASE,
                                                 __ATOMIC_RELAXED, __MEMORY_SCOPE_DEVICE));
}

/// Takes fresh memory from the end of what was used so far; 0 when the heap is full.
LOCAL u64 extend(u64 heap, u64 bytes) {
    u64 begin = *word(heap, __builtin_offsetof(Heap, begin)),
        size = *word(heap, __builtin_offsetof(Heap, end)) - begin;
    GlobalWord* used = word(heap, __builtin_offsetof(Heap, used));
    u64 old = __scoped_atomic_load_n(used, __ATOMIC_RELAXED, __MEMORY_SCOPE_DEVICE);
    do {
        if (bytes > size || old > size - bytes) return 0;
    } while (!__scoped_atomic_compare_exchange_n(used, &old, old + bytes, false, __ATOMIC_RELAXED,
                                                 __ATOMIC_RELAXED, __MEMORY_SCOPE_DEVICE));
    return begin + old;
}

} // namespace

extern "C" __attribute__((noinline)) void* malloc(unsigned long bytes) {
    u64 heap = __acc_sr_heap();
    if (heap == 0 || bytes == 0 || bytes >> 40) return nullptr;
    u64 need = bytes + sizeof(BlockHeader);
    u32 size_class = need <= 32 ? 0 : 59 - u32(__builtin_clzll(need - 1)); // ceil(log2(need)) - 5
    u64 block = pop(heap, size_class);
    if (block == 0) block = extend(heap, 32ull << size_class);
    if (block == 0) return nullptr;
    *half(block, __builtin_offsetof(BlockHeader, size_class)) = size_class;
    *half(block, __builtin_offsetof(BlockHeader, state)) = kInUse;
    return (void*)(Global*)(block + sizeof(BlockHeader));
}

extern "C" __attribute__((noinline)) void free(void* pointer) {
    if (!pointer) return;
    u64 heap = __acc_sr_heap(), block = u64(pointer) - sizeof(BlockHeader);
    u64 begin = heap ? *word(heap, __builtin_offsetof(Heap, begin)) : 0,
        end = heap ? *word(heap, __builtin_offsetof(Heap, end)) : 0;
    if (block < begin || block >= end || block % 16)
        return __acc_trap(kTrapHeap); // not from malloc
    u32 size_class = *half(block, __builtin_offsetof(BlockHeader, size_class));
    u32 expected = kInUse;
    bool owned = __scoped_atomic_compare_exchange_n(
        half(block, __builtin_offsetof(BlockHeader, state)), &expected, kFree, false,
        __ATOMIC_RELAXED, __ATOMIC_RELAXED, __MEMORY_SCOPE_DEVICE);
    if (!owned || size_class >= kHeapClasses)
        return __acc_trap(kTrapHeap); // freed twice, or overwritten
    push(heap, size_class, block);
}

// ---- operator new and delete; as in CUDA they return null when the heap is full
// --------------------------------------------

#define ALLOCATION(suffix)                                                                         \
    extern "C" void* _Zn##suffix##m(unsigned long bytes) {                                         \
        return malloc(bytes ? bytes : 1);                                                          \
    }                                                                                              \
    extern "C" void* _Zn##suffix##mRKSt9nothrow_t(unsigned long bytes, const void*) {              \
        return malloc(bytes ? bytes : 1);                                                          \
    }
#define RELEASE(suffix)                                                                            \
    extern "C" void _Zd##suffix##Pv(void* pointer) {                                               \
        free(pointer);                                                                             \
    }                                                                                              \
    extern "C" void _Zd##suffix##Pvm(void* pointer, unsigned long) {                               \
        free(pointer);                                                                             \
    }
ALLOCATION(w) // operator new
ALLOCATION(a) // operator new[]
RELEASE(l)    // operator delete
RELEASE(a)    // operator delete[]

// ---- memory functions under their C names, for code that calls them through a pointer or a
// declaration of its own ----------

extern "C" void* memcpy(void* to, const void* from, unsigned long bytes) {
    for (unsigned long i = 0; i < bytes; ++i)
        ((volatile char*)to)[i] = ((const char*)from)[i];
    return to;
}
extern "C" void* memmove(void* to, const void* from, unsigned long bytes) {
    if (u64(to) <= u64(from)) return memcpy(to, from, bytes);
    for (unsigned long i = bytes; i-- > 0;)
        ((volatile char*)to)[i] = ((const char*)from)[i];
    return to;
}
extern "C" void* memset(void* to, int value, unsigned long bytes) {
    for (unsigned long i = 0; i < bytes; ++i)
        ((volatile char*)to)[i] = char(value);
    return to;
}
