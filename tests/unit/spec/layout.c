/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/*
 * The compiler lays out the structs of the generated headers as the tables say. Nothing runs: the
 * assertions are the compiler's.
 */
#include <stddef.h>

#include <acc/spec/acc_code_object.h>
#include <acc/spec/acc_mmu.h>
#include <acc/spec/acc_queue.h>
#include <acc/spec/acc_texture.h>

#define ACC_STRUCT(type, bytes) _Static_assert(sizeof(struct type) == (bytes), "size of " #type);
#define ACC_MEMBER(type, member, offset, bytes)                                                    \
    _Static_assert(offsetof(struct type, member) == (offset) &&                                    \
                       sizeof(((struct type*)0)->member) == (bytes),                               \
                   #type "." #member);
#include <acc/spec/acc_layout.inc>

_Static_assert(sizeof(union acc_packet) == ACC_PACKET_BYTES, "a packet");
