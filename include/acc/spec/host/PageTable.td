// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Page tables, address tags, limits. Generated from it: acc_mmu.h (`generate.py mmu`), docs/host-interface/memory.md.
include "Schema.td"

def : Header<"ACC_SPEC_MMU_H", "Page tables, addresses and limits">;

def : Note<[{
GPU page tables: 48-bit virtual addresses, four levels of 512 eight-byte entries, 4 KiB pages, tables in VRAM. Level
3 (root) is indexed by va[47:39], 2 by va[38:30], 1 by va[29:21], 0 by va[20:12]. A level-1 entry with LARGE set
maps 2 MiB. Translations may be cached, the invalid ones too: after any change software invalidates the range
(register VM_COMMAND, or the driver's call) before it relies on it.
}]>;
def : Constant<"ACC_VA_BITS", "48">;
def : Constant<"ACC_PAGE_SHIFT", "12">;
def : Constant<"ACC_PAGE_BYTES", "4096u">;
def : Constant<"ACC_LARGE_PAGE_SHIFT", "21">;
def : Constant<"ACC_LARGE_PAGE_BYTES", "(1u << 21)">;
def : Constant<"ACC_PT_LEVELS", "4">;
def : Constant<"ACC_PT_ENTRIES", "512">;

def Pte : FlagSet<"ACC_PTE_", 3, "ull">;
def PteValid : Flag<Pte, "VALID", 0>;
def PteWrite : Flag<Pte, "WRITE", 1>;
def PteExec : Flag<Pte, "EXEC", 2>;
def PteSystem : Flag<Pte, "SYSTEM", 3, "bus address: system memory, or another device's VRAM aperture; otherwise an offset in VRAM">;
def PteLarge : Flag<Pte, "LARGE", 4, "level 1 only: maps 2 MiB">;
def PtePoison : Flag<Pte, "POISON", 5, "accesses fault with ACC_FAULT_ECC">;
def PteAddress : Flag<Pte, "ADDR_MASK", 12, "where the page or the next table is", 40>;
def : Unused<Pte, "RESERVED_MASK", 64, "must be zero">;
def : Union<[PteValid, PteAddress], "TABLE_MASK", "all that an entry may have which points to a table: tables are in VRAM and have no permissions">;

def : Note<"Generic address tags (bits 63:56) and apertures.">;
def : Constant<"ACC_AS_TAG_SHIFT", "56">;
def : Constant<"ACC_AS_TAG_GLOBAL", "0x00u">;
def : Constant<"ACC_AS_TAG_SHARED", "0x01u">;
def : Constant<"ACC_AS_TAG_LOCAL", "0x02u">;
def : Constant<"ACC_SHARED_APERTURE", "0x0100000000000000ull">;
def : Constant<"ACC_LOCAL_APERTURE", "0x0200000000000000ull">;

def : Note<"Architectural limits of ACC1 (device properties report them).">;
def : Constant<"ACC_WARP_SIZE", "32">;
def : Constant<"ACC_MAX_THREADS_PER_BLOCK", "1024">;
def : Constant<"ACC_MAX_BLOCK_X", "1024">;
def : Constant<"ACC_MAX_BLOCK_Y", "1024">;
def : Constant<"ACC_MAX_BLOCK_Z", "64">;
def : Constant<"ACC_MAX_GRID_X", "0x7fffffffu">;
def : Constant<"ACC_MAX_GRID_Y", "65535u">;
def : Constant<"ACC_MAX_GRID_Z", "65535u">;
def : Constant<"ACC_MAX_THREADS_PER_CU", "2048">;
def : Constant<"ACC_MAX_BLOCKS_PER_CU", "32">;
def : Constant<"ACC_REGS_PER_CU", "65536">;
def : Constant<"ACC_SHARED_PER_CU", "(228 * 1024)">;
def : Constant<"ACC_SHARED_PER_BLOCK", "49152", "without opting in">;
def : Constant<"ACC_SHARED_PER_BLOCK_OPTIN", "(227 * 1024)">;
def : Constant<"ACC_MAX_LOCAL_PER_THREAD", "(512 * 1024)">;
def : Constant<"ACC_NUM_BARRIERS", "16">;
def : Constant<"ACC_MAX_CLUSTER_BLOCKS", "16", "8 unless a program asks for more">;
def : Constant<"ACC_PORTABLE_CLUSTER_BLOCKS", "8">;
