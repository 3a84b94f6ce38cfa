; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
; Atomics of 128 bits: compare-and-swap and exchange; loads and stores are made of them.
; RUN: acc-llc %s | FileCheck %s
target triple = "nvptx64-nvidia-cuda"

; CHECK-LABEL: cas:
; CHECK: atom.global.cas.b128.acquire.cta
define i128 @cas(ptr addrspace(1) %p, i128 %c, i128 %n) {
  %r = cmpxchg ptr addrspace(1) %p, i128 %c, i128 %n syncscope("block") acquire monotonic
  %o = extractvalue { i128, i1 } %r, 0
  ret i128 %o
}

; CHECK-LABEL: exch:
; CHECK: atom.shared.exch.b128
define i128 @exch(ptr addrspace(3) %p, i128 %n) {
  %o = atomicrmw xchg ptr addrspace(3) %p, i128 %n syncscope("device") monotonic
  ret i128 %o
}

; CHECK-LABEL: load:
; CHECK: atom.global.cas.b128
define i128 @load(ptr addrspace(1) %p) {
  %o = load atomic i128, ptr addrspace(1) %p syncscope("device") monotonic, align 16
  ret i128 %o
}

; CHECK-LABEL: store:
; CHECK: atom.global.exch.b128
define void @store(ptr addrspace(1) %p, i128 %n) {
  store atomic i128 %n, ptr addrspace(1) %p syncscope("device") monotonic, align 16
  ret void
}
