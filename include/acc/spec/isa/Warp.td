// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// ACC1 warp operations 0x680 and matrix operations 0x700. A warp operation waits until every thread of its member mask
// has reached an instruction with the same opcode, modifiers and member mask (exited threads count as arrived), not necessarily the same
// instruction: operands are each thread's own, be they registers, immediates or, of shfl, all modifiers but shmode. A thread that is
// not in its own mask does not wait: it has the members that execute the instruction together with it and, unless it votes, itself. The mask is a register or, in form 2, the immediate.

class WarpOp<bits<12> c, string m, dag o, dag i, list<Mod> mods, string p> : Op<c, m, o, i, mods, p> { let Group = "Warp"; let IsWarpOp = 1; let SideEffects = 1; }
def SHFL : WarpOp<0x680, "shfl", (outs R32:$rd, PD:$pd), (ins R32:$ra, R32:$rb, RI32:$rc),
    [Mod<"shmode", 0, 2, ["idx", "up", "down", "bfly"], "mode">, Mod<"clamp", 2, 5, [], "clamp value c[4:0] of PTX shfl">, Mod<"seg", 7, 5, [], "segment mask c[12:8] of PTX shfl">,
     Mod<"src", 12, 2, ["", "simm", "cr"], "lane or distance: low 5 bits of register b; number simmlane; cr: b[4:0] is the lane and b[12:8], b[20:16] replace clamp and seg">, Mod<"simmlane", 14, 5, [], "lane or distance when src = simm (rb is rz)">],
    "PTX shfl.sync: rd = a of the source lane, or own a when out of range; pd = in range. Member mask = c">;
def VOTE_ALL : WarpOp<0x681, "vote.all", (outs PD:$pd), (ins PS:$ps, RI32:$rc), [], "pd = ps is true in all members">;
def VOTE_ANY : WarpOp<0x682, "vote.any", (outs PD:$pd), (ins PS:$ps, RI32:$rc), [], "pd = ps is true in a member">;
def VOTE_UNI : WarpOp<0x683, "vote.uni", (outs PD:$pd), (ins PS:$ps, RI32:$rc), [], "pd = ps has one value in all members">;
def BALLOT   : WarpOp<0x684, "vote.ballot", (outs R32:$rd), (ins PS:$ps, RI32:$rc), [], "rd = bit i is ps of member i; others zero">;
def MATCH_ANY   : WarpOp<0x685, "match.any.b32", (outs R32:$rd), (ins R32:$ra, RI32:$rc), [], "rd = mask of members with the same a">;
def MATCH_ANY64 : WarpOp<0x686, "match.any.b64", (outs R32:$rd), (ins R64:$ra, RI32:$rc), [], "rd = mask of members with the same a">;
def MATCH_ALL   : WarpOp<0x687, "match.all.b32", (outs R32:$rd, PD:$pd), (ins R32:$ra, RI32:$rc), [], "rd = member mask and pd = true when all have the same a, else 0 and false">;
def MATCH_ALL64 : WarpOp<0x688, "match.all.b64", (outs R32:$rd, PD:$pd), (ins R64:$ra, RI32:$rc), [], "rd = member mask and pd = true when all have the same a, else 0 and false">;
def MRed : Mod<"rop", 0, 4, ["add", "min_s32", "max_s32", "min_u32", "max_u32", "and", "or", "xor", "fmin", "fmax"], "operation (fmin, fmax on f32)">;
def REDUX : WarpOp<0x689, "redux", (outs R32:$rd), (ins R32:$ra, RI32:$rc), [MRed, Mod<"rnan", 4, 1, ["", "nan"], "NaN operands give the canonical NaN">, Mod<"rabs", 5, 1, ["", "abs"], "absolute values (fmin, fmax)">], "rd = reduction of a over the members">;
def WARPSYNC : WarpOp<0x68a, "warpsync", (outs), (ins RI32:$rc), [], "waits for the members; orders their memory operations"> { let MayLoad = 1; let MayStore = 1; }
def ELECT : WarpOp<0x68b, "elect", (outs R32:$rd, PD:$pd), (ins RI32:$rc), [], "rd = lowest member; pd = this thread is it">;
// Not a rendezvous: the threads that happen to execute it together.
def ACTIVEMASK : Op<0x68c, "activemask", (outs R32:$rd), (ins), [], "rd = mask of the threads of the warp that execute this instruction together"> { let Group = "Warp"; let SideEffects = 1; }

// Matrix fragments in shared memory: PTX layouts. Addresses: each thread gives one row address; all 32 threads take part.
class MatMemOp<bits<12> c, string m, dag o, dag i, list<Mod> mods, string p> : WarpOp<c, m, o, i, mods, p> { let MayLoad = 1; let MayStore = 1; let Space = "shared"; }
def MTrans : Mod<"trans", 0, 1, ["", "trans"], "transposed">;
def LDMATRIX1 : MatMemOp<0x6c0, "ldmatrix.x1", (outs R32:$rd), (ins R32:$ra, Off:$imm), [MTrans], "one 8x8 matrix of 16-bit elements">;
def LDMATRIX2 : MatMemOp<0x6c1, "ldmatrix.x2", (outs R64:$rd), (ins R32:$ra, Off:$imm), [MTrans], "two 8x8 matrices of 16-bit elements">;
def LDMATRIX4 : MatMemOp<0x6c2, "ldmatrix.x4", (outs R128:$rd), (ins R32:$ra, Off:$imm), [MTrans], "four 8x8 matrices of 16-bit elements">;
def STMATRIX1 : MatMemOp<0x6c3, "stmatrix.x1", (outs), (ins R32:$ra, R32:$rc, Off:$imm), [MTrans], "one 8x8 matrix of 16-bit elements">;
def STMATRIX2 : MatMemOp<0x6c4, "stmatrix.x2", (outs), (ins R32:$ra, R64:$rc, Off:$imm), [MTrans], "two 8x8 matrices of 16-bit elements">;
def STMATRIX4 : MatMemOp<0x6c5, "stmatrix.x4", (outs), (ins R32:$ra, R128:$rc, Off:$imm), [MTrans], "four 8x8 matrices of 16-bit elements">;
def MOVMATRIX : MatMemOp<0x6c6, "movmatrix", (outs R32:$rd), (ins R32:$ra), [], "transpose of one 8x8 matrix of 16-bit elements"> { let MayLoad = 0; let MayStore = 0; let Space = ""; }

// Matrix multiply-accumulate, all 32 threads: D = A * B + C, fragments as PTX mma.sync documents them, row.col.
// Floats: each element of D is a chain of fused multiply-adds that begins with the element of C and goes through k from 0 upwards, in f64 for f64
// and in f32 for all other formats; an f16 accumulator is rounded once, at the end. A NaN is the canonical one.
class MmaOp<bits<12> c, string m, OperandClass d, OperandClass a, OperandClass b, OperandClass cc, list<Mod> mods, string p>
  : WarpOp<c, "mma."#m, (outs d:$rd), (ins a:$ra, b:$rb, cc:$rc), mods, p>;
def MSatF : Mod<"satfinite", 0, 1, ["", "satfinite"], "integer accumulation saturates">;
def MMA_f16_m16n8k8 : MmaOp<0x700, "m16n8k8.f16.f16.f16", R64, R64, R32, R64, [], "f16 inputs and accumulators">;
def MMA_f32f16_m16n8k8 : MmaOp<0x701, "m16n8k8.f32.f16.f16", R128, R64, R32, R128, [], "f16 inputs, f32 accumulators">;
def MMA_f16_m16n8k16 : MmaOp<0x702, "m16n8k16.f16.f16.f16", R64, R128, R64, R64, [], "f16 inputs and accumulators">;
def MMA_f32f16_m16n8k16 : MmaOp<0x703, "m16n8k16.f32.f16.f16", R128, R128, R64, R128, [], "f16 inputs, f32 accumulators">;
def MMA_f32bf16_m16n8k8 : MmaOp<0x704, "m16n8k8.f32.bf16.bf16", R128, R64, R32, R128, [], "bf16 inputs, f32 accumulators">;
def MMA_f32bf16_m16n8k16 : MmaOp<0x705, "m16n8k16.f32.bf16.bf16", R128, R128, R64, R128, [], "bf16 inputs, f32 accumulators">;
def MMA_f32tf32_m16n8k4 : MmaOp<0x706, "m16n8k4.f32.tf32.tf32", R128, R64, R32, R128, [], "tf32 inputs, f32 accumulators">;
def MMA_f32tf32_m16n8k8 : MmaOp<0x707, "m16n8k8.f32.tf32.tf32", R128, R128, R64, R128, [], "tf32 inputs, f32 accumulators">;
def MMA_f64_m8n8k4 : MmaOp<0x708, "m8n8k4.f64", R128, R64, R64, R128, [], "f64 inputs and accumulators">;
def MMA_f64_m16n8k4 : MmaOp<0x709, "m16n8k4.f64", R256, R128, R64, R256, [], "f64 inputs and accumulators">;
def MMA_f64_m16n8k8 : MmaOp<0x70a, "m16n8k8.f64", R256, R256, R128, R256, [], "f64 inputs and accumulators">;
def MLayA : Mod<"la", 1, 1, ["arow", "acol"], "A by rows or by columns">;
def MLayB : Mod<"lb", 2, 1, ["bcol", "brow"], "B by columns or by rows">;
def MMA_f16_m8n8k4 : MmaOp<0x70b, "m8n8k4.f16.f16.f16", R128, R64, R64, R128, [MLayA, MLayB], "four products, one for each quad pair (threads 4 * i to 4 * i + 3 and these + 16); f16 inputs and accumulators">;
def MMA_f32f16_m8n8k4 : MmaOp<0x70c, "m8n8k4.f32.f16.f16", R256, R64, R64, R256, [MLayA, MLayB], "four products, one for each quad pair (threads 4 * i to 4 * i + 3 and these + 16); f16 inputs, f32 accumulators">;
def MMA_f32f16c16_m8n8k4 : MmaOp<0x70d, "m8n8k4.f32.f16.f16.f16", R256, R64, R64, R128, [MLayA, MLayB], "the same with C in f16, whose fragment is another">;
def MI8A : Mod<"i8a", 1, 1, ["s8", "u8"], "signedness of A">;
def MI8B : Mod<"i8b", 2, 1, ["sb", "ub"], "signedness of B">;
def MMA_i8_m8n8k16 : MmaOp<0x710, "m8n8k16.s32.i8", R64, R32, R32, R64, [MSatF, MI8A, MI8B], "8-bit inputs, s32 accumulators">;
def MMA_i8_m16n8k16 : MmaOp<0x711, "m16n8k16.s32.i8", R128, R64, R32, R128, [MSatF, MI8A, MI8B], "8-bit inputs, s32 accumulators">;
def MMA_i8_m16n8k32 : MmaOp<0x712, "m16n8k32.s32.i8", R128, R128, R64, R128, [MSatF, MI8A, MI8B], "8-bit inputs, s32 accumulators">;
def MMA_i4_m8n8k32 : MmaOp<0x713, "m8n8k32.s32.i4", R64, R32, R32, R64, [MSatF, MI8A, MI8B], "4-bit inputs, s32 accumulators">;
def MMA_i4_m16n8k32 : MmaOp<0x714, "m16n8k32.s32.i4", R128, R64, R32, R128, [MSatF, MI8A, MI8B], "4-bit inputs, s32 accumulators">;
def MMA_i4_m16n8k64 : MmaOp<0x715, "m16n8k64.s32.i4", R128, R128, R64, R128, [MSatF, MI8A, MI8B], "4-bit inputs, s32 accumulators">;
def MB1Op : Mod<"b1op", 1, 1, ["xor", "and"], "bit operation before the population count">;
def MMA_b1_m8n8k128 : MmaOp<0x716, "m8n8k128.s32.b1", R64, R32, R32, R64, [MB1Op], "1-bit inputs, population count">;
def MMA_b1_m16n8k128 : MmaOp<0x717, "m16n8k128.s32.b1", R128, R64, R32, R128, [MB1Op], "1-bit inputs, population count">;
def MMA_b1_m16n8k256 : MmaOp<0x718, "m16n8k256.s32.b1", R128, R128, R64, R128, [MB1Op], "1-bit inputs, population count">;
def MF8A : Mod<"f8a", 1, 1, ["e4m3", "e5m2"], "format of A">;
def MF8B : Mod<"f8b", 2, 1, ["be4m3", "be5m2"], "format of B">;
def MMA_f32f8_m16n8k32 : MmaOp<0x720, "m16n8k32.f32.f8", R128, R128, R64, R128, [MF8A, MF8B], "8-bit float inputs, f32 accumulators">;
def MMA_f16f8_m16n8k32 : MmaOp<0x721, "m16n8k32.f16.f8", R64, R128, R64, R64, [MF8A, MF8B], "8-bit float inputs, f16 accumulators">;
// 0x730 .. 0x77f: reserved for sparse and block-scaled matrix operations.
