// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Cooperative groups: sets of threads that synchronise and exchange values. Needs C++11. Collective
// algorithms are in cooperative_groups/*.h. The type-erased thread_group can be any of the concrete
// groups; the others know at compile time what they are. Every sync waits for exactly the group's
// threads and orders their memory accesses.
#pragma once
#include "cuda_runtime.h"

#if defined(__CUDACC__) && __cplusplus >= 201103L

// Instructions of the machine: the barrier of a cooperative launch, the block's barrier in two
// halves; whether the launch was cooperative.
extern "C" __device__ void __acc_bar_grid();
extern "C" __device__ void __acc_bar_block_arrive();
extern "C" __device__ void __acc_bar_block_wait();
extern "C" __device__ unsigned __acc_sr_cooperative();

#define __ACC_CG static __inline__ __device__
#if !defined(__CUDA_ARCH__) || __CUDA_ARCH__ >= 900
#define _CG_HAS_CLUSTER_GROUP 1
#else
#define _CG_HAS_CLUSTER_GROUP 0
#endif

namespace cooperative_groups {

namespace details {
__ACC_CG unsigned lane() {
    return __nvvm_read_ptx_sreg_laneid();
}
__ACC_CG unsigned lanes_below() {
    return __nvvm_read_ptx_sreg_lanemask_lt();
}
__ACC_CG unsigned block_rank() {
    return (threadIdx.z * blockDim.y + threadIdx.y) * blockDim.x + threadIdx.x;
}
__ACC_CG unsigned block_threads() {
    return blockDim.x * blockDim.y * blockDim.z;
}

/// A value of any trivially copyable type moved between lanes, a 32-bit word at a time.
/// `Move(word)` does one word.
template <class T, class Move>
__ACC_CG T move_words(const T& value, Move move) {
    constexpr unsigned words = (sizeof(T) + 3) / 4;
    unsigned buffer[words] = {};
    __builtin_memcpy(buffer, &value, sizeof(T));
    for (unsigned i = 0; i < words; ++i)
        buffer[i] = move(buffer[i]);
    T result;
    __builtin_memcpy(&result, buffer, sizeof(T));
    return result;
}

template <bool Condition>
struct only_if {};
template <>
struct only_if<true> {
    typedef void type;
};
template <class T>
struct plain_type {
    typedef T type;
};
template <class T>
struct plain_type<T&> : plain_type<T> {};
template <class T>
struct plain_type<T&&> : plain_type<T> {};
template <class T>
struct plain_type<const T> : plain_type<T> {};
template <class T>
using plain = typename plain_type<T>::type;
} // namespace details

// --------------------------------------------------------------------------------------------------
// concrete groups

/// The threads of a warp named by a mask: what thread_group, coalesced_group and small tiles have
/// in common.
class __acc_masked_group {
  protected:
    unsigned members;
    __device__ explicit __acc_masked_group(unsigned mask) : members(mask) {}

  public:
    __device__ void sync() const { __syncwarp(members); }
    __device__ unsigned num_threads() const { return __popc(members); }
    __device__ unsigned size() const { return num_threads(); }
    __device__ unsigned thread_rank() const { return __popc(members & details::lanes_below()); }
    __device__ int any(int predicate) const { return __any_sync(members, predicate); }
    __device__ int all(int predicate) const { return __all_sync(members, predicate); }
    __device__ unsigned __acc_mask() const { return members; }
};

class thread_block;
class grid_group;
class cluster_group;

/// Any group. Holds what its kind needs.
class thread_group {
    friend class thread_block;
    friend class grid_group;
    friend class cluster_group;
    enum Kind { Masked, Block, Cluster, Grid };
    unsigned kind;
    unsigned mask; // Masked: members in the warp
    __device__ thread_group(Kind k, unsigned m) : kind(k), mask(m) {}

  public:
    __device__ thread_group(const __acc_masked_group& group)
        : kind(Masked), mask(group.__acc_mask()) {}
    __device__ void sync() const;
    __device__ unsigned long long num_threads() const;
    __device__ unsigned long long size() const { return num_threads(); }
    __device__ unsigned long long thread_rank() const;
    __device__ bool __acc_is_block() const { return kind == Block; }
    /// Of the others a program is ended: their threads have no mask.
    __device__ unsigned __acc_mask() const {
        if (kind != Masked) __trap();
        return mask;
    }
};

class thread_block {
  public:
    struct arrival_token {};
    __device__ operator thread_group() const { return thread_group(thread_group::Block, 0); }
    static __device__ void sync() { __syncthreads(); }
    __device__ arrival_token barrier_arrive() const {
        __acc_bar_block_arrive();
        return arrival_token();
    }
    __device__ void barrier_wait(arrival_token&&) const { __acc_bar_block_wait(); }
    static __device__ unsigned thread_rank() { return details::block_rank(); }
    static __device__ unsigned num_threads() { return details::block_threads(); }
    static __device__ unsigned size() { return details::block_threads(); }
    static __device__ dim3 group_index() { return dim3(blockIdx.x, blockIdx.y, blockIdx.z); }
    static __device__ dim3 thread_index() { return dim3(threadIdx.x, threadIdx.y, threadIdx.z); }
    static __device__ dim3 group_dim() { return dim3(blockDim.x, blockDim.y, blockDim.z); }
    static __device__ dim3 dim_threads() { return group_dim(); }
};
__ACC_CG thread_block this_thread_block() {
    return thread_block();
}

class grid_group {
  public:
    struct arrival_token {};
    /// Only in a cooperative launch; elsewhere the program traps.
    __device__ void sync() const { __acc_bar_grid(); }
    __device__ arrival_token barrier_arrive() const { return arrival_token(); }
    __device__ void barrier_wait(arrival_token&&) const { __acc_bar_grid(); }
    __device__ bool is_valid() const { return __acc_sr_cooperative() != 0; }
    __device__ operator thread_group() const { return thread_group(thread_group::Grid, 0); }
    static __device__ dim3 group_dim() { return dim3(gridDim.x, gridDim.y, gridDim.z); }
    static __device__ dim3 dim_blocks() { return group_dim(); }
    static __device__ dim3 dim_threads() {
        return dim3(gridDim.x * blockDim.x, gridDim.y * blockDim.y, gridDim.z * blockDim.z);
    }
    static __device__ dim3 thread_index() {
        return dim3(blockIdx.x * blockDim.x + threadIdx.x, blockIdx.y * blockDim.y + threadIdx.y,
                    blockIdx.z * blockDim.z + threadIdx.z);
    }
    static __device__ dim3 block_index() { return dim3(blockIdx.x, blockIdx.y, blockIdx.z); }
    static __device__ unsigned long long num_blocks() {
        return (unsigned long long)gridDim.x * gridDim.y * gridDim.z;
    }
    static __device__ unsigned long long block_rank() {
        return ((unsigned long long)blockIdx.z * gridDim.y + blockIdx.y) * gridDim.x + blockIdx.x;
    }
    static __device__ unsigned long long num_threads() {
        return num_blocks() * details::block_threads();
    }
    static __device__ unsigned long long size() { return num_threads(); }
    static __device__ unsigned long long thread_rank() {
        return block_rank() * details::block_threads() + details::block_rank();
    }
#if _CG_HAS_CLUSTER_GROUP
    static __device__ dim3 dim_clusters() { return __clusterGridDimInClusters(); }
    static __device__ unsigned long long num_clusters() {
        const dim3 clusters = dim_clusters();
        return (unsigned long long)clusters.x * clusters.y * clusters.z;
    }
    static __device__ dim3 cluster_index() { return __clusterIdx(); }
    static __device__ unsigned long long cluster_rank() {
        const dim3 clusters = dim_clusters(), index = cluster_index();
        return ((unsigned long long)index.z * clusters.y + index.y) * clusters.x + index.x;
    }
#endif
};
__ACC_CG grid_group this_grid() {
    return grid_group();
}

#if __CUDACC_VER_MAJOR__ < 13
/// The grids of a cooperative launch on several devices, of which there is one: this grid.
class multi_grid_group {
  public:
    __device__ bool is_valid() const { return grid_group().is_valid(); }
    __device__ void sync() const { grid_group().sync(); }
    __device__ unsigned long long num_threads() const { return grid_group::num_threads(); }
    __device__ unsigned long long size() const { return num_threads(); }
    __device__ unsigned long long thread_rank() const { return grid_group::thread_rank(); }
    __device__ unsigned grid_rank() const { return 0; }
    __device__ unsigned num_grids() const { return 1; }
};
__ACC_CG multi_grid_group this_multi_grid() {
    return multi_grid_group();
}
#endif

} // namespace cooperative_groups
#if _CG_HAS_CLUSTER_GROUP
#include "acc_impl/cluster_group.h"
#endif
namespace cooperative_groups {

/// The threads of a warp that execute together at the time of the call, or one of the groups that
/// a group of a warp was partitioned into.
class coalesced_group : public __acc_masked_group {
    unsigned index, groups; // which of how many groups of the parent
    template <class T>
    __device__ T from_rank(const T& value, unsigned rank) const {
        const unsigned m = members, source = __fns(m, 0, (int)rank + 1);
        return details::move_words(
            value, [m, source](unsigned word) { return __shfl_sync(m, word, (int)source); });
    }
    /// A warp ballot with the members' bits moved together, in rank order.
    __device__ unsigned pack(unsigned ballot) const {
        unsigned packed = 0, rank = 0;
        for (unsigned left = members; left; left &= left - 1, ++rank)
            packed |= ((ballot >> (__ffs((int)left) - 1)) & 1) << rank;
        return packed;
    }

  public:
    __device__ explicit coalesced_group(unsigned mask, unsigned meta_rank = 0,
                                        unsigned meta_size = 1)
        : __acc_masked_group(mask), index(meta_rank), groups(meta_size) {}
    template <class T>
    __device__ T shfl(const T& value, int rank) const {
        return from_rank(value, (unsigned)rank);
    }
    template <class T>
    __device__ T shfl_up(const T& value, unsigned delta) const {
        const unsigned rank = thread_rank();
        return from_rank(value, rank < delta ? rank : rank - delta);
    }
    template <class T>
    __device__ T shfl_down(const T& value, unsigned delta) const {
        const unsigned rank = thread_rank();
        return from_rank(value, rank + delta < size() ? rank + delta : rank);
    }
    __device__ unsigned ballot(int predicate) const {
        return pack(__ballot_sync(members, predicate));
    }
    template <class T>
    __device__ unsigned match_any(T value) const {
        return pack(__match_any_sync(members, value));
    }
    template <class T>
    __device__ unsigned match_all(T value, int& predicate) const {
        return pack(__match_all_sync(members, value, &predicate));
    }
    /// Number of groups that the parent was partitioned into, and the number of this one.
    __device__ unsigned meta_group_size() const { return groups; }
    __device__ unsigned meta_group_rank() const { return index; }
};
__ACC_CG coalesced_group coalesced_threads() {
    return coalesced_group(__activemask());
}

namespace details {
__ACC_CG unsigned tile_mask(unsigned size) {
    return (size >= 32 ? ~0u : (1u << size) - 1) << (lane() & ~(size - 1));
}
} // namespace details

namespace details {
/// What a tile within one warp can do.
template <unsigned Size, bool WithinWarp>
class tile : public __acc_masked_group {
    __device__ unsigned shift() const { return lane() & ~(Size - 1); }

  public:
    __device__ tile() : __acc_masked_group(tile_mask(Size)) {}
    static __device__ unsigned thread_rank() { return lane() & (Size - 1); }
    template <class T>
    __device__ T shfl(const T& value, int rank) const {
        const unsigned m = members;
        return move_words(value, [=](unsigned word) { return __shfl_sync(m, word, rank, Size); });
    }
    template <class T>
    __device__ T shfl_up(const T& value, unsigned delta) const {
        const unsigned m = members;
        return move_words(value,
                          [=](unsigned word) { return __shfl_up_sync(m, word, delta, Size); });
    }
    template <class T>
    __device__ T shfl_down(const T& value, unsigned delta) const {
        const unsigned m = members;
        return move_words(value,
                          [=](unsigned word) { return __shfl_down_sync(m, word, delta, Size); });
    }
    template <class T>
    __device__ T shfl_xor(const T& value, unsigned mask) const {
        const unsigned m = members;
        return move_words(value,
                          [=](unsigned word) { return __shfl_xor_sync(m, word, (int)mask, Size); });
    }
    __device__ unsigned ballot(int predicate) const {
        return __ballot_sync(members, predicate) >> shift();
    }
    template <class T>
    __device__ unsigned match_any(T value) const {
        return __match_any_sync(members, value) >> shift();
    }
    template <class T>
    __device__ unsigned match_all(T value, int& predicate) const {
        return __match_all_sync(members, value, &predicate) >> shift();
    }
};

__ACC_CG void sync_wide(unsigned size) {
    const unsigned barrier = 1 + block_rank() / size;
    if (barrier > 15) __trap();
    __barrier_sync_count(barrier, size);
}

/// A tile of several whole warps synchronises on a named barrier of the block: 1 + its rank, since
/// 0 is __syncthreads'. There are 15 of those; a block with 16 tiles of 64 threads traps at its
/// last tile's sync. Values go from warp to warp through shared memory.
template <unsigned Size>
class tile<Size, false> {
    static __device__ unsigned first_warp() { return block_rank() / Size * (Size / 32); }

  public:
    __device__ void sync() const { sync_wide(Size); }
    static __device__ unsigned thread_rank() { return block_rank() & (Size - 1); }
    /// The values that one thread of each warp (`gives`) puts in, for all threads of the tile, by
    /// their warps' ranks in the tile.
    template <class T>
    __device__ const T* from_warps(const T& value, bool gives) const {
        __shared__ alignas(T) unsigned char memory[32 * sizeof(T)];
        T* const places = (T*)memory;
        sync(); // an earlier call's readers are done
        if (gives) places[block_rank() / 32] = value;
        sync();
        return places + first_warp();
    }
    template <class T>
    __device__ T shfl(const T& value, int rank) const {
        const unsigned source = (unsigned)rank & (Size - 1);
        return from_warps(value, thread_rank() == source)[source / 32];
    }
    __device__ int any(int predicate) const {
        const int* warps = from_warps(__any_sync(~0u, predicate), lane() == 0);
        int result = 0;
        for (unsigned i = 0; i < Size / 32; ++i)
            result |= warps[i];
        return result;
    }
    __device__ int all(int predicate) const { return !any(!predicate); }
};
} // namespace details

template <unsigned Size, class Parent = void>
class thread_block_tile;

namespace details {
/// Which tile of its parent a thread is in, and how many of them the parent has. A tile's threads
/// are consecutive in the block, whatever it is a tile of.
template <unsigned Size, class Parent>
struct meta_group {
    static_assert(sizeof(Parent) == 0,
                  "tiled_partition<Size>: the parent must be a thread_block or "
                  "a thread_block_tile; for others give the size as an argument");
};
template <unsigned Size>
struct meta_group<Size, thread_block> {
    static __device__ unsigned meta_group_rank() { return block_rank() / Size; }
    static __device__ unsigned meta_group_size() { return (block_threads() + Size - 1) / Size; }
};
template <unsigned Size, unsigned ParentSize, class Grandparent>
struct meta_group<Size, thread_block_tile<ParentSize, Grandparent>> {
    static_assert(Size <= ParentSize, "tiled_partition: a tile is larger than its parent");
    static __device__ unsigned meta_group_rank() { return block_rank() % ParentSize / Size; }
    static __device__ unsigned meta_group_size() { return ParentSize / Size; }
};
/// A tile whose type does not tell its parent was made of one whose type does.
template <unsigned Size>
struct meta_group<Size, void> {
    __device__ meta_group(unsigned rank, unsigned size) : index(rank), groups(size) {}
    __device__ unsigned meta_group_rank() const { return index; }
    __device__ unsigned meta_group_size() const { return groups; }

  private:
    unsigned index, groups;
};
} // namespace details

/// Size consecutive threads of a block; Size is a power of two. Above 32 without the exchanges
/// that name neighbours, as in CUDA.
template <unsigned Size, class Parent>
class thread_block_tile : public details::tile<Size, (Size <= 32)>,
                          public details::meta_group<Size, Parent> {
    static_assert(Size >= 1 && Size <= 1024 && (Size & (Size - 1)) == 0,
                  "thread_block_tile: the size must be a power of two, at most 1024");

  public:
    __device__ thread_block_tile() = default;
    static constexpr __device__ unsigned num_threads() { return Size; }
    static constexpr __device__ unsigned size() { return Size; }
};
template <unsigned Size>
class thread_block_tile<Size, void> : public details::tile<Size, (Size <= 32)>,
                                      public details::meta_group<Size, void> {
    __device__ thread_block_tile(unsigned rank, unsigned size)
        : details::meta_group<Size, void>(rank, size) {}
    friend __device__ thread_block_tile<1, void> this_thread();

  public:
    template <class Other>
    __device__ thread_block_tile(const thread_block_tile<Size, Other>& tile)
        : details::meta_group<Size, void>(tile.meta_group_rank(), tile.meta_group_size()) {}
    static constexpr __device__ unsigned num_threads() { return Size; }
    static constexpr __device__ unsigned size() { return Size; }
};

/// The calling thread alone.
__ACC_CG thread_block_tile<1, void> this_thread() {
    return thread_block_tile<1, void>(0, 1);
}

inline __device__ void thread_group::sync() const {
    switch (kind) {
    case Masked: __syncwarp(mask); break;
    case Block: __syncthreads(); break;
#if _CG_HAS_CLUSTER_GROUP
    case Cluster: cluster_group::sync(); break;
#endif
    default: __acc_bar_grid();
    }
}
inline __device__ unsigned long long thread_group::num_threads() const {
    switch (kind) {
    case Masked: return (unsigned)__popc(mask);
    case Block: return details::block_threads();
#if _CG_HAS_CLUSTER_GROUP
    case Cluster: return cluster_group::num_threads();
#endif
    default: return grid_group::num_threads();
    }
}
inline __device__ unsigned long long thread_group::thread_rank() const {
    switch (kind) {
    case Masked: return (unsigned)__popc(mask & details::lanes_below());
    case Block: return details::block_rank();
#if _CG_HAS_CLUSTER_GROUP
    case Cluster: return cluster_group::thread_rank();
#endif
    default: return grid_group::thread_rank();
    }
}

/// Scratch memory for tiles larger than a warp in CUDA; our tiles need none.
template <unsigned MaxBlockSize = 1024>
struct block_tile_memory {};
template <unsigned MaxBlockSize>
__ACC_CG thread_block this_thread_block(block_tile_memory<MaxBlockSize>&) {
    return thread_block();
}

// -------------------------------------------------------------------------------------------------------
// partitions

template <unsigned Size, class Parent>
__ACC_CG thread_block_tile<Size, Parent> tiled_partition(const Parent&) {
    return thread_block_tile<Size, Parent>();
}
namespace details {
/// Of a group's members in a warp, those whose ranks have the caller's quotient by `size`.
__ACC_CG unsigned tile_of_mask(unsigned members, unsigned size) {
    const unsigned first = __popc(members & lanes_below()) & ~(size - 1);
    unsigned mask = 0, rank = 0;
    for (unsigned left = members; left; left &= left - 1, ++rank)
        if (rank >= first && rank - first < size) mask |= left & (0u - left);
    return mask;
}
__ACC_CG void check_tile_size(unsigned size) {
    if (size == 0 || (size & (size - 1))) __trap();
}
} // namespace details

/// Run-time sizes: a power of two (else the program traps), up to 32 for a block.
__ACC_CG thread_group tiled_partition(const thread_block&, unsigned size) {
    details::check_tile_size(size);
    if (size > 32) __trap();
    return coalesced_group(details::tile_mask(size));
}
__ACC_CG thread_group tiled_partition(const thread_group& parent, unsigned size) {
    if (parent.__acc_is_block()) return tiled_partition(thread_block(), size);
    details::check_tile_size(size);
    return coalesced_group(details::tile_of_mask(parent.__acc_mask(), size));
}
__ACC_CG coalesced_group tiled_partition(const coalesced_group& parent, unsigned size) {
    details::check_tile_size(size);
    return coalesced_group(details::tile_of_mask(parent.__acc_mask(), size),
                           parent.thread_rank() / size, (parent.size() + size - 1) / size);
}
/// The members with the same predicate; those where it is false are the first of two groups.
template <class Group>
__ACC_CG coalesced_group binary_partition(const Group& group, bool predicate) {
    const unsigned all = group.__acc_mask(), yes = __ballot_sync(all, predicate);
    if (yes == 0 || yes == all) return coalesced_group(all);
    return coalesced_group(predicate ? yes : all & ~yes, predicate, 2);
}
/// The members with the same label. The groups are numbered in the order of their first members.
template <class Group, class Label>
__ACC_CG coalesced_group labeled_partition(const Group& group, Label label) {
    const unsigned all = group.__acc_mask(), mine = __match_any_sync(all, label);
    const unsigned first = mine & (0u - mine);
    const unsigned firsts = __ballot_sync(all, (first >> details::lane()) & 1);
    return coalesced_group(mine, __popc(firsts & (first - 1)), __popc(firsts));
}

// -------------------------------------------------------------------------------------------------
// free functions

template <class Group>
__ACC_CG void sync(const Group& group) {
    group.sync();
}
template <class Group>
__ACC_CG unsigned long long thread_rank(const Group& group) {
    return group.thread_rank();
}
template <class Group>
__ACC_CG unsigned long long group_size(const Group& group) {
    return group.size();
}
/// One of the group's threads calls f.
template <class Group, class Function, class... Args>
__ACC_CG void invoke_one(const Group& group, Function&& f, Args&&... args) {
    if (group.thread_rank() == 0) ((Function&&)f)((Args&&)args...);
}
/// The same, and all get its result. For the groups that can exchange values.
template <class Group, class Function, class... Args>
__ACC_CG auto invoke_one_broadcast(const Group& group, Function&& f, Args&&... args)
    -> details::plain<decltype(((Function&&)f)((Args&&)args...))> {
    typedef details::plain<decltype(((Function&&)f)((Args&&)args...))> Result;
    alignas(Result) unsigned char memory[sizeof(Result)] = {};
    Result& result = *(Result*)memory;
    if (group.thread_rank() == 0) result = ((Function&&)f)((Args&&)args...);
    return group.shfl(result, 0);
}

template <class T>
struct plus {
    __device__ T operator()(T a, T b) const { return a + b; }
};
template <class T>
struct less {
    __device__ T operator()(T a, T b) const { return b < a ? b : a; }
};
template <class T>
struct greater {
    __device__ T operator()(T a, T b) const { return a < b ? b : a; }
};
template <class T>
struct bit_and {
    __device__ T operator()(T a, T b) const { return a & b; }
};
template <class T>
struct bit_or {
    __device__ T operator()(T a, T b) const { return a | b; }
};
template <class T>
struct bit_xor {
    __device__ T operator()(T a, T b) const { return a ^ b; }
};

/// Names of a release in which tiles larger than a warp were an experiment.
namespace experimental {
using cooperative_groups::block_tile_memory;
using cooperative_groups::coalesced_group;
using cooperative_groups::coalesced_threads;
using cooperative_groups::this_thread_block;
using cooperative_groups::thread_block;
using cooperative_groups::thread_block_tile;
using cooperative_groups::tiled_partition;
} // namespace experimental

} // namespace cooperative_groups

#undef __ACC_CG
#endif
