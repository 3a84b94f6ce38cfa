// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Barriers, fences, clocks and traps. __syncthreads() itself is a clang builtin.
#pragma once
// clang-format off: a table of one-line functions

#define __ACC_DEV static __device__ __forceinline__ __attribute__((__nodebug__))

__ACC_DEV int __syncthreads_count(int predicate) { return __nvvm_bar0_popc(predicate); }
__ACC_DEV int __syncthreads_and(int predicate) { return __nvvm_bar0_and(predicate); }
__ACC_DEV int __syncthreads_or(int predicate) { return __nvvm_bar0_or(predicate); }
__ACC_DEV void __barrier_sync(unsigned id) { __nvvm_barrier_sync(id); }
__ACC_DEV void __barrier_sync_count(unsigned id, unsigned count) { __nvvm_barrier_sync_cnt(id, count); }

__ACC_DEV void __threadfence_block() { __nvvm_membar_cta(); }
__ACC_DEV void __threadfence() { __nvvm_membar_gl(); }
__ACC_DEV void __threadfence_system() { __nvvm_membar_sys(); }

__ACC_DEV void __nanosleep(unsigned ns) { __nvvm_nanosleep(ns); }
__ACC_DEV void __trap() { __builtin_trap(); }
__ACC_DEV void __brkpt() { __builtin_debugtrap(); }
__ACC_DEV void __brkpt(int) { __builtin_debugtrap(); }
__ACC_DEV void __prof_trigger(int) {} // counts for a profiler, which there is none

/// Cycle counters of the compute unit; clock() keeps the low 32 bits.
__ACC_DEV clock_t clock() { return (clock_t)(int)__nvvm_read_ptx_sreg_clock(); }
__ACC_DEV long long clock64() { return __nvvm_read_ptx_sreg_clock64(); }

// Programmatic dependent launch: the kernels before this one are complete when it starts, with that launch attribute, too, so
// there is nothing to wait for and nothing to trigger.
__ACC_DEV void cudaGridDependencySynchronize() {}
__ACC_DEV void cudaTriggerProgrammaticLaunchCompletion() {}

#undef __ACC_DEV
