; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
; What is not known is named, with the statement as the programmer wrote it. Nothing is ignored.
; REQUIRES: acc-frontend
; RUN: not acc-frontend --passes=switch-target,inline-ptx %s 2>&1 | FileCheck %s
target triple = "nvptx64-nvidia-cuda"
define i32 @errors(i32 %a, i64 %p, float %f) {
; CHECK: inline PTX 'frob.u32 %0, %1': instruction 'frob' is not supported
  %r = call i32 asm "frob.u32 $0, $1;", "=r,r"(i32 %a)
; CHECK: inline PTX 'mov.u32 %0, %nosuch': register '%nosuch' is not known
  %s = call i32 asm "mov.u32 $0, %nosuch;", "=r"()
; CHECK: inline PTX 'bra done': there is no label 'done' here
  call void asm sideeffect "bra done;", ""()
; CHECK: inline PTX 'add.u32 %0, %1': expected 3 operands
  %t = call i32 asm "add.u32 $0, $1;", "=r,r"(i32 %a)
; CHECK: inline PTX 'mov.u32 %0 %1': expected ','
  %u = call i32 asm "mov.u32 $0 $1;", "=r,r"(i32 %a)
; CHECK: inline PTX 'mov.u32 %0, %7': operand number out of range
  %v = call i32 asm "mov.u32 $0, $7;", "=r,r"(i32 %a)

; Modifiers that a form does not have.
; CHECK: inline PTX 'add.relu.s32 %0, %1, %1': the modifier '.relu' is not supported here
  call i32 asm "add.relu.s32 $0, $1, $1;", "=r,r"(i32 %a)
; CHECK: inline PTX 'mad.lo.sat.s32 %0, %1, %1, %1': the modifier '.sat' is not supported here
  call i32 asm "mad.lo.sat.s32 $0, $1, $1, $1;", "=r,r"(i32 %a)
; CHECK: inline PTX 'min.ftz.s32 %0, %1, %1': the modifier '.ftz' is not supported here
  call i32 asm "min.ftz.s32 $0, $1, $1;", "=r,r"(i32 %a)
; CHECK: inline PTX 'ld.global.v16.u32 %0, [%1]': the modifier '.v16' is not supported here
  call i32 asm "ld.global.v16.u32 $0, [$1];", "=r,l"(i64 %p)
; CHECK: inline PTX 'setp.lo.s32 p, %1, %1': the modifier '.lo' is not supported here
  call i32 asm "{.reg .pred p; setp.lo.s32 p, $1, $1;}", "=r,r"(i32 %a)
; CHECK: inline PTX 'max.xorsign.f32 %0, %1, %1': it needs one of .abs
  call float asm "max.xorsign.f32 $0, $1, $1;", "=f,f"(float %f)
; CHECK: inline PTX 'shf.l.b32 %0, %1, %1, %1': it needs one of .wrap, .clamp
  call i32 asm "shf.l.b32 $0, $1, $1, $1;", "=r,r"(i32 %a)
; CHECK: inline PTX 'cvt.rn.relu.f16.f64 %0, %1': the modifier '.relu' is not supported here
  call i16 asm "cvt.rn.relu.f16.f64 $0, $1;", "=h,d"(double 1.0)
; CHECK: inline PTX 'mul.u32 %0, %1, %1': it needs one of .lo, .hi
  call i32 asm "mul.u32 $0, $1, $1;", "=r,r"(i32 %a)

; Operands that a form does not have.
; CHECK: inline PTX 'discard.global.L2 [%0], 64': a line of another size than 128 bytes
  call void asm sideeffect "discard.global.L2 [$0], 64;", "l"(i64 %p)
; CHECK: inline PTX 'ld.global.u32 %0, [%1], %1': an operand that needs .L2::cache_hint
  call i32 asm "ld.global.u32 $0, [$1], $1;", "=r,l"(i64 %p)
; CHECK: inline PTX 'setp.lt.s32 p, %1, %1, p': a fourth operand goes with .and, .or or .xor
  call i32 asm "{.reg .pred p; setp.lt.s32 p, $1, $1, p;}", "=r,r"(i32 %a)
; CHECK: inline PTX 'cp.async.cg.shared.global [%0], [%1], 8': the size of the copy must be 16
  call void asm sideeffect "cp.async.cg.shared.global [$0], [$1], 8;", "r,l"(i32 %a, i64 %p)
; CHECK: inline PTX 'cp.async.wait_group %0': the number of groups must be a constant
  call void asm sideeffect "cp.async.wait_group $0;", "r"(i32 %a)
; CHECK: inline PTX 'lop3.b32 %0, %1, %1, %1, %1': the truth table must be a constant
  call i32 asm "lop3.b32 $0, $1, $1, $1, $1;", "=r,r"(i32 %a)

; Operands of the wrong kind.
; CHECK: inline PTX 'add.f32 %0, %1, 1': the integer 1 as a floating-point operand
  call float asm "add.f32 $0, $1, 1;", "=f,f"(float %f)
; CHECK: inline PTX 'mov.u32 %0, t': register 't' is not known
  call i32 asm "{{.reg .u32 t;} mov.u32 $0, t;}", "=r"()
; CHECK: inline PTX 'mov.u32 %1, 3': writing to the input operand %1
  call i32 asm "mov.u32 $1, 3;", "=r,r"(i32 %a)
; CHECK: inline PTX 'selp.u32 %0, %1, %1, %1': '%1' is not a predicate register
  call i32 asm "selp.u32 $0, $1, $1, $1;", "=r,r"(i32 %a)
; CHECK: inline PTX 'add.u32 %0, %1, !%1': '!' before a value that is no predicate
  call i32 asm "add.u32 $0, $1, !$1;", "=r,r"(i32 %a)
; CHECK: inline PTX 'mul.wide.u32 %0, %1, %1': destination '%0' is narrower than the result
  call i32 asm "mul.wide.u32 $0, $1, $1;", "=r,r"(i32 %a)
; CHECK: inline PTX 'mov.b64 {%0, %0, %0}, %1': a vector of 3 for 64 bits
  call i32 asm "mov.b64 {$0, $0, $0}, $1;", "=r,l"(i64 %p)
; CHECK: inline PTX 'ld.u32 %0, %1': an address is written in brackets
  call i32 asm "ld.u32 $0, $1;", "=r,l"(i64 %p)

; Text that is no PTX.
; CHECK: inline PTX a '{' without its '}'
  call void asm sideeffect "{ .reg .u32 t;", ""()
; CHECK: inline PTX '.reg .u32 t, t': register 't' is declared twice
  call void asm sideeffect ".reg .u32 t, t;", ""()
; CHECK: inline PTX '.reg .u32 t<99999999>': too many registers
  call void asm sideeffect ".reg .u32 t<99999999>;", ""()
; CHECK: inline PTX '.loc 1 2 3': the directive '.loc' is not supported here
  call void asm sideeffect ".loc 1 2 3;", ""()
; CHECK: inline PTX 'ret': an asm statement cannot return from its function
  call void asm sideeffect "again: bra again; ret;", ""()
; CHECK: inline PTX the label 'twice' is there twice
  call void asm sideeffect "twice: bra twice; twice: bra twice;", ""()
; CHECK: inline PTX 'mov.u32 %0, 0x1g': bad number '0x1g'
  call i32 asm "mov.u32 $0, 0x1g;", "=r"()
; CHECK: inline PTX register 'v' of type '.quux' is not supported
  call void asm sideeffect ".reg .quux v;", ""()
  ret i32 %r
}
