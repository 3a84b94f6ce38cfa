// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Code objects and fat binaries. Generated from it: acc_code_object.h (`generate.py code_object`),
// docs/host-interface/code-objects.md.
include "Schema.td"

def : Header<"ACC_SPEC_CODE_OBJECT_H", "Code objects and fat binaries">;

def : Note<[{
The ACC code object: an ELF64 little-endian file of type ET_DYN with e_machine ACC_ELF_MACHINE.

A loader reserves one contiguous range of device addresses for all PT_LOAD segments (the "image"; addresses in the
file are offsets from its start, p_vaddr, 4096-aligned segments), copies the segments there, zero-fills p_memsz -
p_filesz, and applies the relocations of .rela.dyn. Segments: text R+X, read-only data R (holds .acc.kernels and
.rodata), data R+W (.data, .constant, .bss). Sections the tools read: .dynsym/.dynstr (global functions, kernels and
variables), .acc.kernels (array of acc_kernel_descriptor, allocated, read by the command processor), .acc.params
(array of acc_kernel_param, not allocated), .note.gnu.build-id, .debug_* (DWARF 5, not allocated).

Plain C, no other headers but stdint, so that the kernel module, firmware and tools can include it.
}]>;
def : Constant<"ACC_ELF_MACHINE", "0xACC1u", "in the unassigned range; nobody else's">;
def : Constant<"ACC_ELF_OSABI", "0x40u">;
def : Constant<"ACC_ELF_ABIVERSION", "1u">;

def : Note<"e_flags: the instruction set the code is for, and features it needs.">;
def : Constant<"ACC_EF_ARCH_MASK", "0xffu">;
def : Constant<"ACC_EF_ARCH_ACC1", "0x01u">;
def : Constant<"ACC_EF_SM_MASK", "0xffff00u", "bits 23:8: the -arch number it was compiled for (__CUDA_ARCH__ / 10), 0 = unknown">;
def : Constant<"ACC_EF_SM_SHIFT", "8u">;

def : Note<[{
The compute capability that the device reports, 10 * major + minor: of several architectures in a program the newest
up to it is compiled.
}]>;
def : Constant<"ACC_COMPUTE_CAPABILITY", "80u">;

def : Note<"Relocations of .rela.dyn (also used in relocatable files between compiler and linker step).">;
def Relocation : Enumeration<"R_ACC_">;
def : Value<Relocation, "NONE", 0>;
def : Value<Relocation, "ABS64", 1, "8 bytes at P = S + A (data, or bits 127:64 of a movi.b64)">;
def : Value<Relocation, "ABS32", 2, "4 bytes at P = S + A, must fit unsigned (shared and local offsets; immediates)">;
def : Value<Relocation, "REL32", 3, "4 bytes at P = S + A - P, P = address of the field; must fit signed">;
def : Value<Relocation, "PC32", 4, "imm field of a branch, call or lea.pc: S + A - (instruction + 16); P = address of the imm field (instruction + 8)">;
def : Value<Relocation, "RELATIVE64", 5, "8 bytes at P = image base + A (only in .rela.dyn)">;
def : Value<Relocation, "ABS64_LO", 6, "4 bytes at P = low word of S + A">;
def : Value<Relocation, "ABS64_HI", 7, "4 bytes at P = high word of S + A">;
def : Value<Relocation, "REL64", 8, "8 bytes at P = S + A - P (the entry field of a kernel descriptor)">;

def : Note<"st_other bits of symbols in .dynsym.">;
def SymbolOther : FlagSet<"ACC_STO_", 2, "u">;
def : Flag<SymbolOther, "KERNEL", 4, "function symbol that has a descriptor of the same name">;
def : Flag<SymbolOther, "CONSTANT", 5, "__constant__ variable">;
def : Flag<SymbolOther, "MANAGED", 6, "__managed__ variable: a pointer slot the runtime fills">;
def : Constant<"ACC_KERNEL_DESCRIPTOR_MAGIC", "0x44434341u", "\"ACCD\"">;

def : Note<[{
Kernel descriptor, 64 bytes, 64-byte aligned. The command processor reads it through the queue's address space.
}]>;
def KernelFlag : FlagSet<"ACC_KD_", 4, "u">;
def KernelDescriptor : Struct<"acc_kernel_descriptor", 64>;
def : Member<KernelDescriptor, "u32", "magic", 0> { let Is = "ACC_KERNEL_DESCRIPTOR_MAGIC"; }
def : Member<KernelDescriptor, "u16", "version", 4> { let Is = "1"; }
def : Member<KernelDescriptor, "u16", "flags", 6> { let Known = KernelFlag; }
def : Member<KernelDescriptor, "i64", "entry", 8, "entry point minus address of this descriptor, multiple of 16">;
def : Member<KernelDescriptor, "u32", "name", 16, "offset of the kernel's symbol name in .dynstr (tools only)">;
def : Member<KernelDescriptor, "u16", "num_regs", 20, "registers used: 1 + highest register number"> { let Max = "255"; }
def : Member<KernelDescriptor, "u16", "num_barriers", 22, "named barriers used: 1 + highest number"> { let Max = "ACC_NUM_BARRIERS"; }
def : Member<KernelDescriptor, "u32", "shared_bytes", 24, "static shared memory"> { let Max = "ACC_SHARED_PER_BLOCK_OPTIN"; }
def : Member<KernelDescriptor, "u32", "local_bytes", 28, "local memory per thread the kernel and its known callees need; excludes dynamic stack"> { let Max = "ACC_MAX_LOCAL_PER_THREAD"; }
def : Member<KernelDescriptor, "u32", "kernarg_bytes", 32, "size of the parameter buffer">;
def : Member<KernelDescriptor, "u32", "max_threads", 36, "largest block it may be launched with (launch bounds), 0 = 1024"> { let Max = "ACC_MAX_THREADS_PER_BLOCK"; }
def : Member<KernelDescriptor, "u32", "reqd_block", 40, "required block size, 0 = any", 3> { let Max = "ACC_MAX_THREADS_PER_BLOCK"; }
def : Member<KernelDescriptor, "u8", "min_blocks", 52, "blocks per compute unit it was compiled for, 0 = unknown">;
def : Member<KernelDescriptor, "u8", "cluster", 53, "required cluster size in blocks, 0 = none", 3> { let Max = "ACC_MAX_CLUSTER_BLOCKS"; }
def : Member<KernelDescriptor, "u32", "param_index", 56, "first entry in .acc.params">;
def : Member<KernelDescriptor, "u32", "param_count", 60, "entries in .acc.params">;

def : Flag<KernelFlag, "DYNAMIC_STACK", 0, "recursion or indirect calls: needs the configured stack size on top of local_bytes">;
def : Flag<KernelFlag, "USES_GRID_BARRIER", 1>;
def : Flag<KernelFlag, "USES_HOSTCALL", 2, "printf and friends">;
def : Flag<KernelFlag, "USES_HEAP", 3, "device malloc">;
def : Flag<KernelFlag, "LAUNCHES", 4, "may launch kernels: the command processor looks for launch records (acc_queue.h)">;

def : Note<"One parameter of a kernel: its place in the kernarg buffer.">;
def KernelParam : Struct<"acc_kernel_param", 16>;
def : Member<KernelParam, "u32", "offset", 0, "bytes from the start of the buffer, aligned to align">;
def : Member<KernelParam, "u32", "size", 4, "bytes">;
def : Member<KernelParam, "u32", "align", 8, "bytes, power of two">;
def : Member<KernelParam, "u32", "kind", 12, "ACC_PARAM_*">;

def ParamKind : Enumeration<"ACC_PARAM_">;
def : Value<ParamKind, "VALUE", 0>;
def : Value<ParamKind, "POINTER", 1, "a device pointer: sanitizers and reports look at it">;

def : Note<[{
Fat binary: what the host object embeds (section .nv_fatbin), and what module-load calls accept
}]>;
def : Constant<"ACC_FATBIN_MAGIC", "0x4e49424641434341ull", "\"ACCAFBIN\" in memory">;
def : Constant<"ACC_FATBIN_VERSION", "1u">;

def FatbinHeader : Struct<"acc_fatbin_header", 40>;
def : Member<FatbinHeader, "u64", "magic", 0, "ACC_FATBIN_MAGIC">;
def : Member<FatbinHeader, "u32", "version", 8, "ACC_FATBIN_VERSION">;
def : Member<FatbinHeader, "u32", "count", 12, "number of entries that follow">;
def : Member<FatbinHeader, "u64", "total_size", 16, "bytes of the whole container, header included">;
def : Member<FatbinHeader, "u8", "build_id", 24, "hash over all entries", 16>;

def FatbinEntry : Struct<"acc_fatbin_entry", 32>;
def : Member<FatbinEntry, "u32", "kind", 0, "ACC_FATBIN_*">;
def : Member<FatbinEntry, "u32", "arch", 4, "ACC_EF_ARCH_* for code objects; the -arch number (e.g. 80) for IR and PTX">;
def : Member<FatbinEntry, "u64", "offset", 8, "bytes from the header's start, 64-byte aligned">;
def : Member<FatbinEntry, "u64", "size", 16, "bytes">;
def : Member<FatbinEntry, "u64", "reserved", 24, "0">;

def FatbinKind : Enumeration<"ACC_FATBIN_">;
def : Value<FatbinKind, "CODE_OBJECT", 1>;
def : Value<FatbinKind, "IR", 2, "LLVM bitcode, for whole-program linking of relocatable device code">;
def : Value<FatbinKind, "PTX", 3>;

def : Note<"The wrapper that the host compiler emits around the container (facts of the CUDA host ABI).">;
def : Constant<"ACC_FATBIN_WRAPPER_MAGIC", "0x466243b1u">;
