// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Selection of llvm.nvvm.* intrinsics, by name. The warp shuffles and other intrinsics whose operands need work are
// selected in C++ (ACCISelNvvm.cpp).
include "ACCPatternsNvvmMath.td"

// ---- special registers
class SRegPat<Intrinsic i, int n> { Intrinsic I = i; int N = n; }
foreach X = [
  SRegPat<int_nvvm_read_ptx_sreg_tid_x, SR_tid_x>, SRegPat<int_nvvm_read_ptx_sreg_ntid_x, SR_ntid_x>,
  SRegPat<int_nvvm_read_ptx_sreg_ctaid_x, SR_ctaid_x>, SRegPat<int_nvvm_read_ptx_sreg_nctaid_x, SR_nctaid_x>,
  SRegPat<int_nvvm_read_ptx_sreg_tid_y, SR_tid_y>, SRegPat<int_nvvm_read_ptx_sreg_ntid_y, SR_ntid_y>,
  SRegPat<int_nvvm_read_ptx_sreg_ctaid_y, SR_ctaid_y>, SRegPat<int_nvvm_read_ptx_sreg_nctaid_y, SR_nctaid_y>,
  SRegPat<int_nvvm_read_ptx_sreg_tid_z, SR_tid_z>, SRegPat<int_nvvm_read_ptx_sreg_ntid_z, SR_ntid_z>,
  SRegPat<int_nvvm_read_ptx_sreg_ctaid_z, SR_ctaid_z>, SRegPat<int_nvvm_read_ptx_sreg_nctaid_z, SR_nctaid_z>,
  SRegPat<int_nvvm_read_ptx_sreg_laneid, SR_laneid>, SRegPat<int_nvvm_read_ptx_sreg_warpid, SR_warpid>,
  SRegPat<int_nvvm_read_ptx_sreg_nwarpid, SR_nwarpid>, SRegPat<int_nvvm_read_ptx_sreg_smid, SR_smid>,
  SRegPat<int_nvvm_read_ptx_sreg_nsmid, SR_nsmid>, SRegPat<int_nvvm_read_ptx_sreg_lanemask_eq, SR_lanemask_eq>,
  SRegPat<int_nvvm_read_ptx_sreg_lanemask_lt, SR_lanemask_lt>, SRegPat<int_nvvm_read_ptx_sreg_lanemask_le, SR_lanemask_le>,
  SRegPat<int_nvvm_read_ptx_sreg_lanemask_gt, SR_lanemask_gt>, SRegPat<int_nvvm_read_ptx_sreg_lanemask_ge, SR_lanemask_ge>,
  SRegPat<int_nvvm_read_ptx_sreg_warpsize, SR_warpsize>,
  SRegPat<int_nvvm_read_ptx_sreg_total_smem_size, SR_total_shared>,
  SRegPat<int_nvvm_read_ptx_sreg_cluster_ctarank, SR_cluster_ctarank>,
  SRegPat<int_nvvm_read_ptx_sreg_cluster_nctarank, SR_cluster_nctarank>,
  SRegPat<int_nvvm_read_ptx_sreg_clusterid_x, SR_clusterid_x>, SRegPat<int_nvvm_read_ptx_sreg_nclusterid_x, SR_nclusterid_x>,
  SRegPat<int_nvvm_read_ptx_sreg_clusterid_y, SR_clusterid_y>, SRegPat<int_nvvm_read_ptx_sreg_nclusterid_y, SR_nclusterid_y>,
  SRegPat<int_nvvm_read_ptx_sreg_clusterid_z, SR_clusterid_z>, SRegPat<int_nvvm_read_ptx_sreg_nclusterid_z, SR_nclusterid_z>,
  SRegPat<int_nvvm_read_ptx_sreg_cluster_ctaid_x, SR_cluster_ctaid_x>, SRegPat<int_nvvm_read_ptx_sreg_cluster_nctaid_x, SR_cluster_nctaid_x>,
  SRegPat<int_nvvm_read_ptx_sreg_cluster_ctaid_y, SR_cluster_ctaid_y>, SRegPat<int_nvvm_read_ptx_sreg_cluster_nctaid_y, SR_cluster_nctaid_y>,
  SRegPat<int_nvvm_read_ptx_sreg_cluster_ctaid_z, SR_cluster_ctaid_z>, SRegPat<int_nvvm_read_ptx_sreg_cluster_nctaid_z, SR_cluster_nctaid_z>
] in
  def : Pat<(i32 (X.I)), (MOVSR X.N)>;
def : Pat<(i32 (int_nvvm_read_ptx_sreg_dynamic_smem_size)),
          (ISUB_rr (i32 (MOVSR SR_total_shared)), (i32 (MOVSR SR_dyn_shared)))>;
def : Pat<(i32 (int_nvvm_read_ptx_sreg_gridid)), (MOVSR SR_gridid)>;
def : Pat<(i32 (int_nvvm_read_ptx_sreg_clock)), (MOVSR_v SR_clock)>;
def : Pat<(i64 (int_nvvm_read_ptx_sreg_clock64)), (MOVSR64_v SR_clock)>;
def : Pat<(i64 (int_nvvm_read_ptx_sreg_globaltimer)), (MOVSR64_v SR_globaltimer)>;
def : Pat<(i32 (int_nvvm_read_ptx_sreg_globaltimer_lo)), (MOVSR_v SR_globaltimer)>;

// ---- barriers of a block: all = every thread (count rz); "aligned" makes no difference here
foreach A = ["", "_aligned"] in {
  defvar All = !cast<Intrinsic>("int_nvvm_barrier_cta_sync"#A#"_all");
  defvar Count = !cast<Intrinsic>("int_nvvm_barrier_cta_sync"#A#"_count");
  defvar Arrive = !cast<Intrinsic>("int_nvvm_barrier_cta_arrive"#A#"_count");
  def : Pat<(All i32:$b), (BAR_SYNC_rr $b, (i32 RZ))>;
  def : Pat<(All (i32 imm:$b)), (BAR_SYNC_ir imm:$b, (i32 RZ))>;
  def : Pat<(Count i32:$b, i32:$c), (BAR_SYNC_rr $b, $c)>;
  def : Pat<(Count (i32 imm:$b), i32:$c), (BAR_SYNC_ir imm:$b, $c)>;
  def : Pat<(Arrive i32:$b, i32:$c), (BAR_ARRIVE_rr $b, $c)>;
  def : Pat<(Arrive (i32 imm:$b), i32:$c), (BAR_ARRIVE_ir imm:$b, $c)>;
}
multiclass BarRed<string Op, ValueType T, string I> {
  defvar RR = !cast<Instruction>(I#"_rr");
  defvar IR = !cast<Instruction>(I#"_ir");
  foreach A = ["", "_aligned"] in {
    defvar All = !cast<Intrinsic>("int_nvvm_barrier_cta_red_"#Op#A#"_all");
    defvar Count = !cast<Intrinsic>("int_nvvm_barrier_cta_red_"#Op#A#"_count");
    def : Pat<(T (All i32:$b, (psrc i1:$p, i32:$n))), (RR $b, (i32 RZ), $p, $n)>;
    def : Pat<(T (All (i32 imm:$b), (psrc i1:$p, i32:$n))), (IR imm:$b, (i32 RZ), $p, $n)>;
    def : Pat<(T (Count i32:$b, i32:$c, (psrc i1:$p, i32:$n))), (RR $b, $c, $p, $n)>;
    def : Pat<(T (Count (i32 imm:$b), i32:$c, (psrc i1:$p, i32:$n))), (IR imm:$b, $c, $p, $n)>;
  }
}
defm : BarRed<"popc", i32, "BAR_RED_POPC">;
defm : BarRed<"and", i1, "BAR_RED_AND">;
defm : BarRed<"or", i1, "BAR_RED_OR">;
def : Pat<(int_nvvm_barrier_cluster_arrive), (BAR_CLUSTER_ARRIVE)>;
def : Pat<(int_nvvm_barrier_cluster_arrive_aligned), (BAR_CLUSTER_ARRIVE)>;
def : Pat<(int_nvvm_barrier_cluster_arrive_relaxed), (BAR_CLUSTER_ARRIVE BAR_CLUSTER_ARRIVE_csem_relaxed)>;
def : Pat<(int_nvvm_barrier_cluster_arrive_relaxed_aligned), (BAR_CLUSTER_ARRIVE BAR_CLUSTER_ARRIVE_csem_relaxed)>;
def : Pat<(int_nvvm_barrier_cluster_wait), (BAR_CLUSTER_WAIT)>;
def : Pat<(int_nvvm_barrier_cluster_wait_aligned), (BAR_CLUSTER_WAIT)>;

// ---- fences; membar is PTX's name for fence.sc
defvar FenceSc = FENCE_fsem_sc;
def : Pat<(int_nvvm_membar_cta), (FENCE FenceSc)>;
def : Pat<(int_nvvm_membar_gl), (FENCE !or(FenceSc, FENCE_fscope_gpu))>;
def : Pat<(int_nvvm_membar_sys), (FENCE !or(FenceSc, FENCE_fscope_sys))>;
def : Pat<(int_nvvm_fence_sc_cluster), (FENCE !or(FenceSc, FENCE_fscope_cluster))>;
def : Pat<(int_nvvm_fence_proxy_alias), (FENCE FENCE_fproxy_alias)>;
foreach P = ["", "_global", "_shared_cta", "_shared_cluster"] in
  def : Pat<(!cast<Intrinsic>("int_nvvm_fence_proxy_async"#P)), (FENCE FENCE_fproxy_async)>;
def : Pat<(int_nvvm_fence_mbarrier_init_release_cluster), (FENCE !or(FENCE_fsem_release, FENCE_fscope_cluster))>;

// ---- warp
multiclass Masked<Intrinsic I, ValueType T, string R, int Mods = -1> {
  if !eq(Mods, -1) then {
    def : Pat<(T (I i32:$m, (psrc i1:$p, i32:$n))), (!cast<Instruction>(R#"_r") $p, $n, $m)>;
    def : Pat<(T (I (i32 imm:$m), (psrc i1:$p, i32:$n))), (!cast<Instruction>(R#"_i") $p, $n, imm:$m)>;
  } else {
    def : Pat<(T (I T:$a, i32:$m)), (!cast<Instruction>(R#"_rr") $a, $m, Mods)>;
    def : Pat<(T (I T:$a, (i32 imm:$m))), (!cast<Instruction>(R#"_ri") $a, imm:$m, Mods)>;
  }
}
defm : Masked<int_nvvm_vote_all_sync, i1, "VOTE_ALL">;
defm : Masked<int_nvvm_vote_any_sync, i1, "VOTE_ANY">;
defm : Masked<int_nvvm_vote_uni_sync, i1, "VOTE_UNI">;
defm : Masked<int_nvvm_vote_ballot_sync, i32, "BALLOT">;
defm : Masked<int_nvvm_redux_sync_add, i32, "REDUX", MRed_add>;
defm : Masked<int_nvvm_redux_sync_min, i32, "REDUX", MRed_min_s32>;
defm : Masked<int_nvvm_redux_sync_max, i32, "REDUX", MRed_max_s32>;
defm : Masked<int_nvvm_redux_sync_umin, i32, "REDUX", MRed_min_u32>;
defm : Masked<int_nvvm_redux_sync_umax, i32, "REDUX", MRed_max_u32>;
defm : Masked<int_nvvm_redux_sync_and, i32, "REDUX", MRed_and>;
defm : Masked<int_nvvm_redux_sync_or, i32, "REDUX", MRed_or>;
defm : Masked<int_nvvm_redux_sync_xor, i32, "REDUX", MRed_xor>;
foreach Nan = [0, 1] in
  foreach Abs = [0, 1] in {
    defvar S = !if(Abs, "_abs", "")#!if(Nan, "_NaN", "");
    defvar M = !or(!if(Nan, REDUX_rnan_nan, REDUX_rnan_default), !if(Abs, REDUX_rabs_abs, REDUX_rabs_default));
    defm : Masked<!cast<Intrinsic>("int_nvvm_redux_sync_fmin"#S), f32, "REDUX", !or(MRed_fmin, M)>;
    defm : Masked<!cast<Intrinsic>("int_nvvm_redux_sync_fmax"#S), f32, "REDUX", !or(MRed_fmax, M)>;
  }
def : Pat<(i32 (int_nvvm_match_any_sync_i32 i32:$m, i32:$a)), (MATCH_ANY_rr $a, $m)>;
def : Pat<(i32 (int_nvvm_match_any_sync_i64 i32:$m, i64:$a)), (MATCH_ANY64_rr $a, $m)>;
def : Pat<(i32 (int_nvvm_match_any_sync_i32 (i32 imm:$m), i32:$a)), (MATCH_ANY_ri $a, imm:$m)>;
def : Pat<(i32 (int_nvvm_match_any_sync_i64 (i32 imm:$m), i64:$a)), (MATCH_ANY64_ri $a, imm:$m)>;
def : Pat<(i32 (int_nvvm_activemask)), (ACTIVEMASK)>;
def : Pat<(int_nvvm_bar_warp_sync i32:$m), (WARPSYNC_r $m)>;
def : Pat<(int_nvvm_bar_warp_sync (i32 imm:$m)), (WARPSYNC_i imm:$m)>;

// ---- threads
def : Pat<(int_nvvm_exit), (EXIT_INLINE)>;
def : Pat<(int_nvvm_nanosleep i32:$n), (NANOSLEEP_r $n)>;
def : Pat<(int_nvvm_nanosleep (i32 imm:$n)), (NANOSLEEP_i imm:$n)>;

// ---- address spaces: the top byte of a generic pointer; shared and local offsets have 32 bits
def : Pat<(i1 (int_nvvm_isspacep_shared i64:$p)), (ISETPU32_ri (i32 (EXTRACT_SUBREG $p, sub1)), 0x01000000, MICmp_eq)>;
def : Pat<(i1 (int_nvvm_isspacep_shared_cluster i64:$p)), (ISETPU32_ri (i32 (EXTRACT_SUBREG $p, sub1)), 0x01000000, MICmp_eq)>;
def : Pat<(i1 (int_nvvm_isspacep_local i64:$p)), (ISETPU32_ri (i32 (EXTRACT_SUBREG $p, sub1)), 0x02000000, MICmp_eq)>;
def : Pat<(i1 (int_nvvm_isspacep_global i64:$p)), (ISETPU32_ri (i32 (EXTRACT_SUBREG $p, sub1)), 0x01000000, MICmp_lt)>;
// Constants are global memory, so no pointer is only constant: an unsigned compare that never holds.
def : Pat<(i1 (int_nvvm_isspacep_const i64:$p)), (ISETPU32_ri (i32 (EXTRACT_SUBREG $p, sub1)), 0, MICmp_lt)>;

// ---- cache hints and asynchronous copies
def : Pat<(int_nvvm_prefetch_L1 i64:$p), (PREFETCH $p, (i32 RZ), 0, PREFETCH_plevel_l1)>;
def : Pat<(int_nvvm_prefetch_L2 i64:$p), (PREFETCH $p, (i32 RZ), 0, PREFETCH_plevel_l2)>;
def : Pat<(int_nvvm_prefetch_global_L1 i64:$p), (PREFETCH $p, (i32 RZ), 0, PREFETCH_plevel_l1)>;
def : Pat<(int_nvvm_prefetch_global_L2 i64:$p), (PREFETCH $p, (i32 RZ), 0, PREFETCH_plevel_l2)>;
def : Pat<(int_nvvm_prefetch_global_L2_evict_last i64:$p), (PREFETCH $p, (i32 RZ), 0, PREFETCH_plevel_l2last)>;
def : Pat<(int_nvvm_prefetch_global_L2_evict_normal i64:$p), (PREFETCH $p, (i32 RZ), 0, PREFETCH_plevel_l2normal)>;
class AsyncCopy<string n, int m> { string N = n; int M = m; }
foreach X = [AsyncCopy<"ca_shared_global_4", CPASYNC_cpsize_b4>, AsyncCopy<"ca_shared_global_8", CPASYNC_cpsize_b8>,
             AsyncCopy<"ca_shared_global_16", CPASYNC_cpsize_b16>,
             AsyncCopy<"cg_shared_global_16", !or(CPASYNC_cpsize_b16, CPASYNC_cpc_cg)>] in {
  def : Pat<(!cast<Intrinsic>("int_nvvm_cp_async_"#X.N) i32:$d, i64:$s), (CPASYNC $d, $s, (i32 RZ), 0, X.M)>;
  def : Pat<(!cast<Intrinsic>("int_nvvm_cp_async_"#X.N#"_s") i32:$d, i64:$s, i32:$n),
            (CPASYNC $d, $s, $n, 0, !or(X.M, CPASYNC_cpsrc_zfill))>;
}
def : Pat<(int_nvvm_cp_async_bulk_commit_group), (CPBULKCOMMIT)>;
def : Pat<(int_nvvm_cp_async_bulk_wait_group timm:$n), (CPBULKWAIT timm:$n)>;
def : Pat<(int_nvvm_cp_async_bulk_wait_group_read timm:$n), (CPBULKWAIT timm:$n, CPBULKWAIT_bread_read)>;
def : Pat<(int_nvvm_cp_async_commit_group), (CPCOMMIT)>;
def : Pat<(int_nvvm_cp_async_wait_group timm:$n), (CPWAIT timm:$n)>;
def : Pat<(int_nvvm_cp_async_wait_all), (CPWAITALL)>;

// ---- mbarriers in shared memory, the block's or another's of the cluster; every operation is ordered
def : Pat<(int_nvvm_mbarrier_init_shared i32:$a, i32:$n), (MBAR_INIT $a, $n, 0)>;
def : Pat<(int_nvvm_mbarrier_inval_shared i32:$a), (MBAR_INVAL $a, 0)>;
def : Pat<(int_nvvm_mbarrier_arrive_shared i32:$a), (MBAR_ARRIVE $a, (i32 (MOV_i 1)), 0, MBAR_ARRIVE_drop_default)>;
def : Pat<(int_nvvm_mbarrier_arrive_drop_shared i32:$a), (MBAR_ARRIVE $a, (i32 (MOV_i 1)), 0, MBAR_ARRIVE_drop_drop)>;
def : Pat<(int_nvvm_mbarrier_arrive_noComplete_shared i32:$a, i32:$n),
          (MBAR_ARRIVE $a, $n, 0, MBAR_ARRIVE_noc_nocomplete)>;
def : Pat<(int_nvvm_mbarrier_arrive_drop_noComplete_shared i32:$a, i32:$n),
          (MBAR_ARRIVE $a, $n, 0, !or(MBAR_ARRIVE_drop_drop, MBAR_ARRIVE_noc_nocomplete))>;
def : Pat<(i1 (int_nvvm_mbarrier_test_wait_shared i32:$a, i64:$t)), (MBAR_TEST $a, $t, 0)>;
def : Pat<(i32 (int_nvvm_mbarrier_pending_count i64:$t)), (MBAR_PENDING $t)>;
def : Pat<(int_nvvm_cp_async_mbarrier_arrive_shared i32:$a), (CPMBARRIER $a, 0, CPMBARRIER_noinc_default)>;
def : Pat<(int_nvvm_cp_async_mbarrier_arrive_noinc_shared i32:$a), (CPMBARRIER $a, 0, CPMBARRIER_noinc_noinc)>;
foreach S = ["scope_cta_space_cta", "scope_cluster_space_cta"] in {
  def : Pat<(!cast<Intrinsic>("int_nvvm_mbarrier_expect_tx_"#S) i32:$a, i32:$n), (MBAR_EXPECT $a, $n, 0)>;
  def : Pat<(!cast<Intrinsic>("int_nvvm_mbarrier_complete_tx_"#S) i32:$a, i32:$n), (MBAR_COMPLETE $a, $n, 0)>;
  // A relaxed test only reads to LLVM; the front end asks for the ordered one.
  def : Pat<(i1 (!cast<Intrinsic>("int_nvvm_mbarrier_test_wait_"#S) i32:$a, i64:$t)), (MBAR_TEST $a, $t, 0)>;
  def : Pat<(i1 (!cast<Intrinsic>("int_nvvm_mbarrier_test_wait_parity_"#S) i32:$a, i32:$t)), (MBAR_TESTPAR $a, $t, 0)>;
  def : Pat<(i1 (!cast<Intrinsic>("int_nvvm_mbarrier_try_wait_"#S) i32:$a, i64:$t)), (MBAR_TRY $a, $t, 0)>;
  def : Pat<(i1 (!cast<Intrinsic>("int_nvvm_mbarrier_try_wait_parity_"#S) i32:$a, i32:$t)), (MBAR_TRYPAR $a, $t, 0)>;
  foreach R = ["", "relaxed_"] in {
    def : Pat<(!cast<Intrinsic>("int_nvvm_mbarrier_arrive_"#R#S) i32:$a, i32:$n), (MBAR_ARRIVE $a, $n, 0, MBAR_ARRIVE_drop_default)>;
    def : Pat<(!cast<Intrinsic>("int_nvvm_mbarrier_arrive_drop_"#R#S) i32:$a, i32:$n),
              (MBAR_ARRIVE $a, $n, 0, MBAR_ARRIVE_drop_drop)>;
  }
}
