; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
; Matrix instructions of PTX that there are not, by their name and what is wrong.
; REQUIRES: acc-frontend
; RUN: not acc-frontend --passes=switch-target,inline-ptx %s 2>&1 | FileCheck %s
target triple = "nvptx64-nvidia-cuda"
define void @errors(i32 %a, i64 %p) {
; CHECK: inline PTX 'mma.sync.aligned.m16n8k16.col.row.f32.f16.f16.f32 {{.*}}': '.col.row': A is given by rows
  call i32 asm sideeffect "mma.sync.aligned.m16n8k16.col.row.f32.f16.f16.f32 {$0,$0,$0,$0}, {$1,$1,$1,$1}, {$1,$1}, {$1,$1,$1,$1};", "=r,r"(i32 %a)
; CHECK: inline PTX 'mma.sync.aligned.m16n8k32.row.col.f32.f16.f16.f32 {{.*}}': the modifier '.m16n8k32' is not supported here
  call i32 asm sideeffect "mma.sync.aligned.m16n8k32.row.col.f32.f16.f16.f32 {$0,$0,$0,$0}, {$1,$1,$1,$1}, {$1,$1}, {$1,$1,$1,$1};", "=r,r"(i32 %a)
; CHECK: inline PTX 'mma.sync.aligned.m16n8k16.row.col.f32.f16.f16.f32 {{.*}}': an operand of 3 registers instead of 4
  call i32 asm sideeffect "mma.sync.aligned.m16n8k16.row.col.f32.f16.f16.f32 {$0,$0,$0,$0}, {$1,$1,$1}, {$1,$1}, {$1,$1,$1,$1};", "=r,r"(i32 %a)
; CHECK: inline PTX 'mma.sync.aligned.m16n8k16.row.col.satfinite.f32.f16.f16.f32 {{.*}}': the modifier '.satfinite' is not supported here
  call i32 asm sideeffect "mma.sync.aligned.m16n8k16.row.col.satfinite.f32.f16.f16.f32 {$0,$0,$0,$0}, {$1,$1,$1,$1}, {$1,$1}, {$1,$1,$1,$1};", "=r,r"(i32 %a)
; CHECK: inline PTX 'mma.sync.aligned.m16n8k32.row.col.f32.e3m2.e4m3.f32 {{.*}}': the modifier '.e3m2' is not supported here
  call i32 asm sideeffect "mma.sync.aligned.m16n8k32.row.col.f32.e3m2.e4m3.f32 {$0,$0,$0,$0}, {$1,$1,$1,$1}, {$1,$1}, {$1,$1,$1,$1};", "=r,r"(i32 %a)
; CHECK: inline PTX 'mma.sp.sync.aligned.m16n8k32.row.col.f32.f16.f16.f32 {{.*}}': the modifier '.sp' is not supported here
  call i32 asm sideeffect "mma.sp.sync.aligned.m16n8k32.row.col.f32.f16.f16.f32 {$0,$0,$0,$0}, {$1,$1,$1,$1}, {$1,$1,$1,$1}, {$1,$1,$1,$1}, $1, 0;", "=r,r"(i32 %a)
; CHECK: inline PTX 'mma.sync.aligned.m8n8k4.row.col.f16.f16.f16.f32 {{.*}}': an f16 result of f32 accumulators
  call i32 asm sideeffect "mma.sync.aligned.m8n8k4.row.col.f16.f16.f16.f32 {$0,$0,$0,$0}, {$1,$1}, {$1,$1}, {$1,$1,$1,$1,$1,$1,$1,$1};", "=r,r"(i32 %a)
; CHECK: inline PTX 'ldmatrix.sync.aligned.m8n8.x3.shared.b16 {{.*}}': the modifier '.x3' is not supported here
  call i32 asm sideeffect "ldmatrix.sync.aligned.m8n8.x3.shared.b16 {$0,$0,$0}, [$1];", "=r,r"(i32 %a)
; CHECK: inline PTX 'ldmatrix.sync.aligned.m8n8.x2.global.b16 {{.*}}': the modifier '.global' is not supported here
  call i32 asm sideeffect "ldmatrix.sync.aligned.m8n8.x2.global.b16 {$0,$0}, [$1];", "=r,l"(i64 %p)
; CHECK: inline PTX 'wmma.load.a.sync.aligned.col.m8n8k32.s4 {{.*}}': the modifier '.col' is not supported here
  call i32 asm sideeffect "wmma.load.a.sync.aligned.col.m8n8k32.s4 $0, [$1];", "=r,l"(i64 %p)
; CHECK: inline PTX 'wmma.mma.sync.aligned.row.col.m16n16k16.s32.s8.u8.s32 {{.*}}': the modifier
  call i32 asm sideeffect "wmma.mma.sync.aligned.row.col.m16n16k16.s32.s8.u8.s32 {$0,$0,$0,$0,$0,$0,$0,$0}, {$1,$1}, {$1,$1}, {$1,$1,$1,$1,$1,$1,$1,$1};", "=r,r"(i32 %a)
  ret void
}
