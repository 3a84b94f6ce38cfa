// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// ACC1 control flow 0x001, barriers 0x800, clusters 0x840; special registers. Opcode 0x000 is never assigned: the zero word traps.

class CtlOp<bits<12> c, string m, dag o, dag i, list<Mod> mods, string p> : Op<c, m, o, i, mods, p> { let Group = "Control"; }
def NOP  : CtlOp<0x001, "nop", (outs), (ins), [], "nothing"> { let SideEffects = 1; }
def BRA  : CtlOp<0x002, "bra", (outs), (ins Rel:$imm), [], "pc = next + imm"> { let IsBranch = 1; let IsTerminator = 1; }
def BRX  : CtlOp<0x003, "brx", (outs), (ins R64:$ra, Off:$imm), [], "pc = a + imm"> { let IsBranch = 1; let IsTerminator = 1; }
def CALL : CtlOp<0x004, "call", (outs R64:$rd), (ins Rel:$imm), [], "rd = address of the next instruction; pc = next + imm. The ABI's link register is r2:r3"> { let IsCall = 1; let SideEffects = 1; }
def CALLX : CtlOp<0x005, "callx", (outs R64:$rd), (ins R64:$ra, Off:$imm), [], "rd = address of the next instruction; pc = a + imm"> { let IsCall = 1; let SideEffects = 1; }
def RET  : CtlOp<0x006, "ret", (outs), (ins R64:$ra), [], "pc = a (return; the ABI's link register is r2:r3)"> { let IsReturn = 1; let IsTerminator = 1; }
def EXIT : CtlOp<0x007, "exit", (outs), (ins), [], "the thread ends"> { let IsReturn = 1; let IsTerminator = 1; let SideEffects = 1; }
def TRAP : CtlOp<0x008, "trap", (outs), (ins I32:$imm), [], "fault `trap instruction` with code imm; the ABI assigns: 0 __trap, 1 assertion, 2 unreachable, 3 device malloc"> { let SideEffects = 1; }
def BRK  : CtlOp<0x009, "brk", (outs), (ins I32:$imm), [], "breakpoint: a debugger stops here; without one it is a trap"> { let SideEffects = 1; }
def NANOSLEEP : CtlOp<0x00a, "nanosleep", (outs), (ins RI32:$rb), [], "suspends the thread for about b nanoseconds (at most 1 ms); a hint that other threads should run"> { let SideEffects = 1; }
def YIELD : CtlOp<0x00b, "yield", (outs), (ins), [], "a hint that other threads should run"> { let SideEffects = 1; }
def HOSTCALL : CtlOp<0x00c, "hostcall", (outs), (ins R64:$ra, I32:$imm), [], "publishes the message at global address a to the host service imm (printf buffers, assertions); ordered like a release store at sys scope"> { let SideEffects = 1; let MayLoad = 1; let MayStore = 1; }

// CTA barriers: 16 per block, numbered 0..15. b = number of the barrier, c = number of threads taking part (a multiple of 32;
// rz or 0 = all threads of the block). Exited threads do not count towards a whole-block barrier.
class BarOp<bits<12> c, string m, dag o, dag i, list<Mod> mods, string p> : CtlOp<c, m, o, i, mods, p> { let Group = "Barriers"; let IsBlockSync = 1; let SideEffects = 1; let MayLoad = 1; let MayStore = 1; }
def BAR_SYNC   : BarOp<0x800, "bar.sync", (outs), (ins RI32:$rb, R32:$rc), [], "waits until the expected number of threads has arrived; orders their memory operations">;
def BAR_ARRIVE : BarOp<0x801, "bar.arrive", (outs), (ins RI32:$rb, R32:$rc), [], "arrives without waiting; the count must be given">;
def BAR_RED_POPC : BarOp<0x802, "bar.red.popc", (outs R32:$rd), (ins RI32:$rb, R32:$rc, PS:$ps), [], "bar.sync; rd = number of threads with ps true">;
def BAR_RED_AND : BarOp<0x803, "bar.red.and", (outs PD:$pd), (ins RI32:$rb, R32:$rc, PS:$ps), [], "bar.sync; pd = ps is true in all threads">;
def BAR_RED_OR : BarOp<0x804, "bar.red.or", (outs PD:$pd), (ins RI32:$rb, R32:$rc, PS:$ps), [], "bar.sync; pd = ps is true in a thread">;
// Grid barrier of cooperative dispatches; traps in others.
def BAR_GRID : BarOp<0x810, "bar.grid", (outs), (ins), [], "waits until every thread of the grid has arrived; orders their memory operations at gpu scope">;
// Clusters: blocks that run together and reach each other's shared memory (docs/isa/abi.md, address spaces). The barrier has two halves;
// with `cta` it is the block's own, another one. A thread that has arrived waits before it arrives again; threads that exit count as arrived.
class SplitBarOp<bits<12> c, string m, list<Mod> mods, string p> : BarOp<c, m, (outs), (ins), !listconcat(mods, [Mod<"cspan", 2, 1, ["", "cta"], "the barrier of the block alone">]), p>;
def BAR_CLUSTER_ARRIVE : SplitBarOp<0x840, "bar.cluster.arrive", [Mod<"csem", 0, 2, ["", "relaxed", "release"], "ordering">], "arrives at the cluster barrier; a second time before wait is a fault">;
def BAR_CLUSTER_WAIT : SplitBarOp<0x841, "bar.cluster.wait", [], "waits until every thread of the cluster has arrived, or exited; a thread that has not arrived itself does not wait">;
def MAPA : CtlOp<0x842, "mapa", (outs R64:$rd), (ins R32:$ra, RI32:$rb), [], "rd = generic address of shared address a in block b of the cluster: 0x01000000:00000000 + (b + 1) << 24 + a[23:0]; of a b that is no block of the cluster an address where nothing is"> { let Group = "Barriers"; }

// ---- special registers
def SR_TID_X : SpecialReg<0, "tid_x", 32, "thread index in the block, x">;
def SR_TID_Y : SpecialReg<1, "tid_y", 32, "thread index in the block, y">;
def SR_TID_Z : SpecialReg<2, "tid_z", 32, "thread index in the block, z">;
def SR_NTID_X : SpecialReg<3, "ntid_x", 32, "block size, x">;
def SR_NTID_Y : SpecialReg<4, "ntid_y", 32, "block size, y">;
def SR_NTID_Z : SpecialReg<5, "ntid_z", 32, "block size, z">;
def SR_CTAID_X : SpecialReg<6, "ctaid_x", 32, "block index in the grid, x">;
def SR_CTAID_Y : SpecialReg<7, "ctaid_y", 32, "block index in the grid, y">;
def SR_CTAID_Z : SpecialReg<8, "ctaid_z", 32, "block index in the grid, z">;
def SR_NCTAID_X : SpecialReg<9, "nctaid_x", 32, "grid size, x">;
def SR_NCTAID_Y : SpecialReg<10, "nctaid_y", 32, "grid size, y">;
def SR_NCTAID_Z : SpecialReg<11, "nctaid_z", 32, "grid size, z">;
def SR_LANEID : SpecialReg<12, "laneid", 32, "lane in the warp, 0..31">;
def SR_WARPID : SpecialReg<13, "warpid", 32, "warp in the block">;
def SR_NWARPID : SpecialReg<14, "nwarpid", 32, "warps per block slot: 32">;
def SR_SMID : SpecialReg<15, "smid", 32, "compute unit">;
def SR_NSMID : SpecialReg<16, "nsmid", 32, "number of compute units">;
def SR_GRIDID : SpecialReg<17, "gridid", 64, "number of the dispatch">;
def SR_LANEMASK_EQ : SpecialReg<18, "lanemask_eq", 32, "1 << lane">;
def SR_LANEMASK_LT : SpecialReg<19, "lanemask_lt", 32, "lanes below this one">;
def SR_LANEMASK_LE : SpecialReg<20, "lanemask_le", 32, "lanes below and this one">;
def SR_LANEMASK_GT : SpecialReg<21, "lanemask_gt", 32, "lanes above this one">;
def SR_LANEMASK_GE : SpecialReg<22, "lanemask_ge", 32, "lanes above and this one">;
def SR_CLOCK : SpecialReg<23, "clock", 64, "cycle counter of the compute unit">;
def SR_GLOBALTIMER : SpecialReg<24, "globaltimer", 64, "nanoseconds of the device's clock, as the timestamp packet stores them; the origin is unspecified">;
def SR_KERNARG : SpecialReg<25, "kernarg", 64, "address of the kernel's parameters">;
def SR_DYN_SHARED : SpecialReg<26, "dyn_shared", 32, "offset of the dynamic shared memory">;
def SR_TOTAL_SHARED : SpecialReg<27, "total_shared", 32, "shared memory of the block, static and dynamic, in bytes">;
def SR_LOCAL_SIZE : SpecialReg<28, "local_size", 32, "local memory of the thread in bytes; the stack starts at its end">;
def SR_PRINTF : SpecialReg<29, "printf", 64, "address of the queue's host message buffer, 0 when there is none">;
def SR_CLUSTER_CTAID : SpecialReg<30, "cluster_ctarank", 32, "rank of the block in its cluster">;
def SR_CLUSTER_NCTAID : SpecialReg<31, "cluster_nctarank", 32, "blocks in the cluster">;
def SR_HEAP : SpecialReg<32, "heap", 64, "address of the device heap's control block, 0 when there is none">;
def SR_WARPSIZE : SpecialReg<33, "warpsize", 32, "32">;
def SR_COOPERATIVE : SpecialReg<34, "cooperative", 32, "1 in a cooperative dispatch">;
def SR_CLUSTER_NCTAID_X : SpecialReg<35, "cluster_nctaid_x", 32, "cluster size in blocks, x">;
def SR_CLUSTER_NCTAID_Y : SpecialReg<36, "cluster_nctaid_y", 32, "cluster size in blocks, y">;
def SR_CLUSTER_NCTAID_Z : SpecialReg<37, "cluster_nctaid_z", 32, "cluster size in blocks, z">;
def SR_CLUSTER_CTAID_X : SpecialReg<38, "cluster_ctaid_x", 32, "block index in the cluster, x">;
def SR_CLUSTER_CTAID_Y : SpecialReg<39, "cluster_ctaid_y", 32, "block index in the cluster, y">;
def SR_CLUSTER_CTAID_Z : SpecialReg<40, "cluster_ctaid_z", 32, "block index in the cluster, z">;
def SR_CLUSTERID_X : SpecialReg<41, "clusterid_x", 32, "cluster index in the grid, x">;
def SR_CLUSTERID_Y : SpecialReg<42, "clusterid_y", 32, "cluster index in the grid, y">;
def SR_CLUSTERID_Z : SpecialReg<43, "clusterid_z", 32, "cluster index in the grid, z">;
def SR_NCLUSTERID_X : SpecialReg<44, "nclusterid_x", 32, "grid size in clusters, x">;
def SR_NCLUSTERID_Y : SpecialReg<45, "nclusterid_y", 32, "grid size in clusters, y">;
def SR_NCLUSTERID_Z : SpecialReg<46, "nclusterid_z", 32, "grid size in clusters, z">;
def SR_IS_CLUSTER : SpecialReg<47, "is_explicit_cluster", 32, "1 in a dispatch whose packet or kernel names a cluster size">;
