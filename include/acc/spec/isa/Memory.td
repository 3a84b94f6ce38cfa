// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// ACC1 memory: loads 0x500, stores 0x540, atomics 0x580, fences and caches 0x640, asynchronous copies 0x660.
//
// Address = base a + (ext(b) << scale) + imm. Base: 64 bits for generic, global and const, 32 bits for shared and
// local (their windows; the sum is modulo 2^32). b is a 32-bit index (rz when there is none). An access must be aligned
// to its size (128-bit accesses to 16 bytes); a misaligned address traps.

class MemOp<bits<12> c, string m, dag o, dag i, list<Mod> mods, string p> : Op<c, m, o, i, mods, p> { let Group = "Memory"; }
def MScale : Mod<"scale", 0, 3, [], "the index is shifted left by 0..4; larger values are reserved"> { let Max = 4; }
def MIdx   : Mod<"idx", 3, 1, ["", "uidx"], "index sign-extended (default) or zero-extended">;
def MCacheLd : Mod<"cop", 4, 3, ["", "cg", "cs", "lu", "cv", "nc"], "cache hint: all levels, global level, streaming, last use, volatile, non-coherent read-only">;
def MCacheSt : Mod<"cop", 4, 3, ["", "cg", "cs", "wt"], "cache hint: write back, global level, streaming, write through">;
def MSemLd : Mod<"sem", 8, 3, ["", "volatile", "relaxed", "acquire", "mmio"], "memory ordering (PTX); default weak">;
def MSemSt : Mod<"sem", 8, 3, ["", "volatile", "relaxed", "release", "mmio"], "memory ordering (PTX); default weak">;
def MScope : Mod<"scope", 11, 2, ["", "cta", "gpu", "sys"], "scope of a strong operation; must be set (not default) when sem is relaxed, acquire or release">;
def LdScopeRule : ModRule<"sem", ["relaxed", "acquire"], "scope">;
def StScopeRule : ModRule<"sem", ["relaxed", "release"], "scope">;

class Space<string n, OperandClass base, int i> { string Name = n; OperandClass Base = base; int Index = i; }
def SpGeneric : Space<"generic", R64, 0>;
def SpGlobal  : Space<"global", R64, 1>;
def SpShared  : Space<"shared", R32, 2>;
def SpLocal   : Space<"local", R32, 3>;
def SpConst   : Space<"const", R64, 4>;
class Width<string n, OperandClass r, int bytes, int i> { string Name = n; OperandClass R = r; int Bytes = bytes; int Index = i; }
def WU8 : Width<"u8", R32, 1, 0>;
def WS8 : Width<"s8", R32, 1, 1>;
def WU16 : Width<"u16", R32, 2, 2>;
def WS16 : Width<"s16", R32, 2, 3>;
def W32 : Width<"b32", R32, 4, 4>;
def W64 : Width<"b64", R64, 8, 5>;
def W128 : Width<"b128", R128, 16, 6>;

foreach s = [SpGeneric, SpGlobal, SpShared, SpLocal, SpConst] in
foreach w = [WU8, WS8, WU16, WS16, W32, W64, W128] in
def LD_#s.Name#_#w.Name : MemOp<!add(0x500, !shl(s.Index, 3), w.Index), "ld."#s.Name#"."#w.Name, (outs w.R:$rd), (ins s.Base:$ra, R32:$rb, Off:$imm),
    [MScale, MIdx, MCacheLd, MSemLd, MScope], "load; u8 and u16 zero-extend, s8 and s16 sign-extend to 32 bits"> {
  let MayLoad = 1; let MemBytes = w.Bytes; let Space = s.Name; let Rules = [LdScopeRule];
}
def WB8 : Width<"b8", R32, 1, 0>;
def WB16 : Width<"b16", R32, 2, 2>;
foreach s = [SpGeneric, SpGlobal, SpShared, SpLocal] in
foreach w = [WB8, WB16, W32, W64, W128] in
def ST_#s.Name#_#w.Name : MemOp<!add(0x540, !shl(s.Index, 3), w.Index), "st."#s.Name#"."#w.Name, (outs), (ins s.Base:$ra, R32:$rb, w.R:$rc, Off:$imm),
    [MScale, MIdx, MCacheSt, MSemSt, MScope], "store of c (the low bits for b8 and b16)"> {
  let MayStore = 1; let MemBytes = w.Bytes; let Space = s.Name; let Rules = [StScopeRule];
}

// Atomics (through a generic address in any space; local memory has no opcodes of its own, since one thread sees it): rd = old value; memory = old op c. rd = rz is a reduction without result. cas: compare with b, store c.
def MSemAt : Mod<"sem", 8, 2, ["", "acquire", "release", "acq_rel"], "ordering; default relaxed">;
def MScopeAt : Mod<"scope", 11, 2, ["gpu", "cta", "sys"], "scope; default gpu">;
class AtomType<string n, OperandClass r, int bytes> { string Name = n; OperandClass R = r; int Bytes = bytes; }
class AtomRow<string op, int index, string type, OperandClass r, int bytes> { string AtomOp = op; int Index = index; string Type = type; OperandClass R = r; int Bytes = bytes; }
defvar AtomRows = [
  AtomRow<"add", 0, "b32", R32, 4>, AtomRow<"add", 1, "b64", R64, 8>, AtomRow<"add", 2, "f32", F32, 4>, AtomRow<"add", 3, "f64", F64, 8>,
  AtomRow<"add", 4, "f16", R32, 2>, AtomRow<"add", 5, "bf16", R32, 2>, AtomRow<"add", 6, "f16x2", R32, 4>, AtomRow<"add", 7, "bf16x2", R32, 4>,
  AtomRow<"min", 8, "s32", R32, 4>, AtomRow<"min", 9, "u32", R32, 4>, AtomRow<"min", 10, "s64", R64, 8>, AtomRow<"min", 11, "u64", R64, 8>,
  AtomRow<"max", 12, "s32", R32, 4>, AtomRow<"max", 13, "u32", R32, 4>, AtomRow<"max", 14, "s64", R64, 8>, AtomRow<"max", 15, "u64", R64, 8>,
  AtomRow<"and", 16, "b32", R32, 4>, AtomRow<"and", 17, "b64", R64, 8>, AtomRow<"or", 18, "b32", R32, 4>, AtomRow<"or", 19, "b64", R64, 8>,
  AtomRow<"xor", 20, "b32", R32, 4>, AtomRow<"xor", 21, "b64", R64, 8>, AtomRow<"exch", 22, "b32", R32, 4>, AtomRow<"exch", 23, "b64", R64, 8>,
  AtomRow<"inc", 24, "u32", R32, 4>, AtomRow<"dec", 25, "u32", R32, 4>, AtomRow<"exch", 26, "b128", R128, 16>,
  AtomRow<"min", 32, "f32", F32, 4>, AtomRow<"max", 33, "f32", F32, 4>, AtomRow<"min", 34, "f64", F64, 8>, AtomRow<"max", 35, "f64", F64, 8>];
foreach s = [SpGeneric, SpGlobal, SpShared] in {
foreach a = AtomRows in
def ATOM_#s.Name#_#a.AtomOp#_#a.Type : MemOp<!add(0x580, !shl(s.Index, 6), a.Index), "atom."#s.Name#"."#a.AtomOp#"."#a.Type,
    (outs a.R:$rd), (ins s.Base:$ra, a.R:$rc, Off:$imm), [MSemAt, MScopeAt],
    "atomically: rd = old; memory = old "#a.AtomOp#" c. inc: old >= c ? 0 : old + 1. dec: (old = 0 or old > c) ? c : old - 1. Packed formats are atomic per element. Float add rounds to nearest even and keeps subnormals"> {
  let MayLoad = 1; let MayStore = 1; let SideEffects = 1; let MemBytes = a.Bytes; let Space = s.Name;
}
foreach w = [Width<"b16", R32, 2, 27>, Width<"b32", R32, 4, 28>, Width<"b64", R64, 8, 29>, Width<"b128", R128, 16, 30>] in
def ATOM_#s.Name#_cas_#w.Name : MemOp<!add(0x580, !shl(s.Index, 6), w.Index), "atom."#s.Name#".cas."#w.Name,
    (outs w.R:$rd), (ins s.Base:$ra, w.R:$rb, w.R:$rc, Off:$imm), [MSemAt, MScopeAt],
    "atomically: rd = old; when old = b, memory = c"> {
  let MayLoad = 1; let MayStore = 1; let SideEffects = 1; let MemBytes = w.Bytes; let Space = s.Name;
}
}

// Fences and cache control.
def FENCE : MemOp<0x640, "fence", (outs), (ins), [Mod<"fsem", 0, 2, ["acq_rel", "sc", "acquire", "release"], "kind">, Mod<"fscope", 2, 2, ["cta", "gpu", "sys", "cluster"], "scope">,
              Mod<"fproxy", 4, 3, ["", "async", "alias", "generic"], "proxy fence">], "orders this thread's memory operations before it with those after it, as seen by the scope"> { let SideEffects = 1; let MayLoad = 1; let MayStore = 1; }
def PREFETCH : MemOp<0x641, "prefetch", (outs), (ins R64:$ra, R32:$rb, Off:$imm), [MScale, MIdx, Mod<"plevel", 4, 2, ["l1", "l2", "l2last", "l2normal"], "cache level and priority">],
              "hint that the line at the global or generic address will be used; never faults"> { let SideEffects = 1; }
def DISCARD : MemOp<0x642, "discard", (outs), (ins R64:$ra, R32:$rb, Off:$imm), [MScale, MIdx], "the 128-byte line at the address need not be written back; its content becomes undefined"> { let SideEffects = 1; let MayStore = 1; }

// Asynchronous copies global to shared, 4, 8 or 16 bytes per thread; groups per thread, in order.
def CPASYNC : MemOp<0x660, "cp.async", (outs), (ins R32:$ra, R64:$rb, R32:$rc, Off:$imm),
    [Mod<"cpsize", 0, 2, ["b4", "b8", "b16"], "bytes">, Mod<"cpc", 2, 1, ["ca", "cg"], "cache level">, Mod<"cpsrc", 3, 1, ["", "zfill"], "c is the number of source bytes to copy, the rest is zero; otherwise c is rz">],
    "shared[a + imm] = global[b], asynchronously; misaligned addresses trap"> { let SideEffects = 1; let MayLoad = 1; let MayStore = 1; }
def CPCOMMIT : MemOp<0x661, "cp.async.commit_group", (outs), (ins), [], "closes the thread's current group"> { let SideEffects = 1; }
def CPWAIT : MemOp<0x662, "cp.async.wait_group", (outs), (ins I32:$imm), [], "waits until at most imm of the thread's groups are pending"> { let SideEffects = 1; let MayLoad = 1; let MayStore = 1; }
def CPWAITALL : MemOp<0x663, "cp.async.wait_all", (outs), (ins), [], "waits for all of the thread's copies"> { let SideEffects = 1; let MayLoad = 1; let MayStore = 1; }
def CPMBARRIER : MemOp<0x664, "cp.async.mbarrier.arrive", (outs), (ins R32:$ra, Off:$imm), [Mod<"noinc", 0, 1, ["", "noinc"], "do not raise the pending count first">],
    "arrive on the shared mbarrier when all prior copies of the thread are done"> { let SideEffects = 1; let MayLoad = 1; let MayStore = 1; }
// Bulk copies by the copy engine of the compute unit; sizes in bytes, multiples of 16. Destinations in shared memory and mbarriers may be another
// block's of the cluster.
def CPBULK_G2S : MemOp<0x668, "cp.async.bulk.shared.global", (outs), (ins R32:$ra, R64:$rb, R64:$rc, Off:$imm), [],
    "shared[a + imm] = global[b]; c = {mbarrier address in shared, bytes}: completes bytes on the mbarrier"> { let SideEffects = 1; let MayLoad = 1; let MayStore = 1; }
def CPBULK_S2G : MemOp<0x669, "cp.async.bulk.global.shared", (outs), (ins R64:$ra, R32:$rb, R32:$rc, Off:$imm), [], "global[a + imm] = shared[b], c bytes; part of the thread's bulk group"> { let SideEffects = 1; let MayLoad = 1; let MayStore = 1; }
def CPBULKCOMMIT : MemOp<0x66a, "cp.async.bulk.commit_group", (outs), (ins), [], "closes the thread's current bulk group"> { let SideEffects = 1; }
def CPBULKWAIT : MemOp<0x66b, "cp.async.bulk.wait_group", (outs), (ins I32:$imm), [Mod<"bread", 0, 1, ["", "read"], "wait only for the source reads">], "waits until at most imm bulk groups are pending"> { let SideEffects = 1; let MayLoad = 1; let MayStore = 1; }
def CPBULK_S2S : MemOp<0x66c, "cp.async.bulk.shared.shared", (outs), (ins R32:$ra, R32:$rb, R64:$rc, Off:$imm), [],
    "shared[a + imm] = shared[b]; c = {mbarrier address in shared, bytes}: completes bytes on the mbarrier"> { let SideEffects = 1; let MayLoad = 1; let MayStore = 1; }

// mbarrier objects: 8 bytes, 8-byte aligned, in shared memory.
class MbarOp<bits<12> c, string m, dag o, dag i, list<Mod> mods, string p> : MemOp<c, "mbarrier."#m, o, i, mods, p> { let SideEffects = 1; let MayLoad = 1; let MayStore = 1; let Space = "shared"; let MemBytes = 8; }
def MBAR_INIT : MbarOp<0x670, "init", (outs), (ins R32:$ra, R32:$rc, Off:$imm), [], "initialises with expected count c (1 .. 2^20 - 1)">;
def MBAR_INVAL : MbarOp<0x671, "inval", (outs), (ins R32:$ra, Off:$imm), [], "the memory may be used for other things">;
def MBAR_ARRIVE : MbarOp<0x672, "arrive", (outs R64:$rd), (ins R32:$ra, R32:$rc, Off:$imm), [Mod<"drop", 0, 1, ["", "drop"], "also lower the expected count">, Mod<"noc", 1, 1, ["", "nocomplete"], "must not complete the phase">], "arrives c times; rd = phase token before">;
def MBAR_EXPECT : MbarOp<0x673, "expect_tx", (outs), (ins R32:$ra, R32:$rc, Off:$imm), [], "adds c bytes to the phase's expected transactions">;
def MBAR_COMPLETE : MbarOp<0x674, "complete_tx", (outs), (ins R32:$ra, R32:$rc, Off:$imm), [], "c bytes of transactions are done">;
def MBAR_TEST : MbarOp<0x675, "test_wait", (outs PD:$pd), (ins R32:$ra, R64:$rc, Off:$imm), [], "pd = the phase of token c is complete">;
def MBAR_TESTPAR : MbarOp<0x676, "test_wait.parity", (outs PD:$pd), (ins R32:$ra, R32:$rc, Off:$imm), [], "pd = the phase with parity c is complete">;
def MBAR_TRY : MbarOp<0x677, "try_wait", (outs PD:$pd), (ins R32:$ra, R64:$rc, Off:$imm), [], "as test_wait, but may suspend the thread for a bounded time">;
def MBAR_TRYPAR : MbarOp<0x678, "try_wait.parity", (outs PD:$pd), (ins R32:$ra, R32:$rc, Off:$imm), [], "as test_wait.parity, but may suspend the thread for a bounded time">;
def MBAR_PENDING : MemOp<0x679, "mbarrier.pending_count", (outs R32:$rd), (ins R64:$rc), [], "rd = pending count in token c">;
