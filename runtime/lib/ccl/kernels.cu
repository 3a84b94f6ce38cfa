// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// One block runs a rank's program. In each round the threads look at the rings, one thread a queue,
// then all move the chunks that can be moved, then each queue's thread says so to the other side.
// Nothing waits for one queue while another could go on, so no order of calls within a group locks.
#include "runtime/lib/ccl/kernels.h"

#include "runtime/lib/ccl/number.cuh"
#include "runtime/lib/common/launch.cuh"

namespace acc::ccl {
namespace {

struct Cursor {
    uint64_t count; ///< of chunks: the own counter of the ring
    uint64_t done;  ///< bytes of the segment
    uint32_t segment, end;
    uint32_t ready;
};

/// What a block has in shared memory: a cursor for each queue, an operand for each rank.
struct Board {
    Cursor* cursors;
    const char** operands;
};

__device__ uint64_t peek(const uint64_t* counter) {
    return *static_cast<const volatile uint64_t*>(counter);
}
__device__ uint32_t peek(const uint32_t* word) {
    return *static_cast<const volatile uint32_t*>(word);
}
template <class T>
__device__ void poke(T* word, T value) {
    *static_cast<volatile T*>(word) = value;
}

__device__ bool can_move(const Ring& ring, bool sends, uint64_t count) {
    return sends ? count - peek(ring.head) < kSlots : peek(ring.tail) > count;
}

/// Whether a chunk can be moved. A ring whose other side is gone, and that is empty (or full), is
/// the end of the program.
__device__ bool look(const Fabric& fabric, const Ring& ring, bool sends, uint64_t count) {
    if (can_move(ring, sends, count)) return true;
    if (peek(ring.dead) == 0) return false;
    __threadfence_system();
    if (can_move(ring, sends, count)) return true;
    poke(fabric.stop, uint32_t(ncclRemoteError));
    return false;
}

template <class V>
__device__ void copy_as(char* to, const char* from, uint64_t bytes) {
    for (uint64_t i = threadIdx.x; i < bytes / sizeof(V); i += kThreads)
        reinterpret_cast<V*>(to)[i] = reinterpret_cast<const V*>(from)[i];
    const uint64_t rest = bytes / sizeof(V) * sizeof(V);
    for (uint64_t i = rest + threadIdx.x; i < bytes; i += kThreads)
        to[i] = from[i];
}

__device__ void copy(char* to, const char* from, uint64_t bytes) {
    const uint64_t both = reinterpret_cast<uint64_t>(to) | reinterpret_cast<uint64_t>(from);
    if (both % 16 == 0)
        copy_as<uint4>(to, from, bytes);
    else if (both % 4 == 0)
        copy_as<uint32_t>(to, from, bytes);
    else
        copy_as<char>(to, from, bytes);
}

template <class T>
__device__ Accumulator<T> factor(const Scalar& scalar) {
    const void* at = scalar.memory != nullptr ? scalar.memory : &scalar.bits;
    return load(static_cast<const T*>(at)[0]);
}

template <class T>
__device__ void scale(char* to, const char* from, uint64_t bytes, const Scalar& scalar) {
    const Accumulator<T> by = factor<T>(scalar);
    for (uint64_t i = threadIdx.x; i < bytes / sizeof(T); i += kThreads)
        reinterpret_cast<T*>(to)[i] = store<T>(
            product(load(reinterpret_cast<const T*>(from)[i]), by));
}

template <class T, int op>
__device__ void reduce_as(const Fabric& fabric, const Program& program, const Step& step,
                          const Board& board, uint64_t at, uint64_t bytes) {
    const bool scaled = step.scaled;
    const Accumulator<T> by = scaled ? factor<T>(program.scalar) : Accumulator<T>();
    for (uint64_t i = threadIdx.x; i < bytes / sizeof(T); i += kThreads) {
        Accumulator<T> sum{};
        for (uint32_t r = 0; r < fabric.ranks; ++r) {
            Accumulator<T> value = load(reinterpret_cast<const T*>(board.operands[r])[i]);
            if (scaled && r == fabric.rank) value = load(store<T>(product(value, by)));
            sum = r == 0 ? value : combine<op>(sum, value);
        }
        if (op == ncclAvg) sum = mean(sum, fabric.ranks);
        reinterpret_cast<T*>(step.result + at)[i] = store<T>(sum);
    }
}

template <class T>
__device__ void reduce(const Fabric& fabric, const Program& program, const Step& step,
                       const Board& board, uint64_t at, uint64_t bytes) {
    switch (step.op) {
    case ncclProd: return reduce_as<T, ncclProd>(fabric, program, step, board, at, bytes);
    case ncclMax: return reduce_as<T, ncclMax>(fabric, program, step, board, at, bytes);
    case ncclMin: return reduce_as<T, ncclMin>(fabric, program, step, board, at, bytes);
    case ncclAvg: return reduce_as<T, ncclAvg>(fabric, program, step, board, at, bytes);
    default: return reduce_as<T, ncclSum>(fabric, program, step, board, at, bytes);
    }
}

__device__ const Ring& ring_of(const Fabric& fabric, uint32_t queue) {
    return queue < fabric.ranks ? fabric.out[queue] : fabric.in[queue - fabric.ranks];
}

__device__ uint64_t chunk_of(const Fabric& fabric, uint64_t left) {
    return left < fabric.slot_bytes ? left : fabric.slot_bytes;
}

__device__ void begin(const Fabric& fabric, const Step& step, const Board& board) {
    for (uint32_t q = threadIdx.x; q < 2 * fabric.ranks; q += kThreads) {
        Cursor& cursor = board.cursors[q];
        const bool sends = q < fabric.ranks, self = q % fabric.ranks == fabric.rank;
        const Ring& ring = ring_of(fabric, q);
        cursor.count = self ? 0 : peek(sends ? ring.tail : ring.head);
        cursor.done = 0;
        cursor.segment = step.first[q];
        cursor.end = step.first[q + 1];
    }
}

/// Looks at this thread's queues. Whether something is left to do in them.
__device__ bool look_all(const Fabric& fabric, const Step& step, const Board& board, bool reducing,
                         bool& any, bool& operands) {
    bool left = false;
    for (uint32_t q = threadIdx.x; q < 2 * fabric.ranks; q += kThreads) {
        Cursor& cursor = board.cursors[q];
        const Ring& ring = ring_of(fabric, q);
        const bool sends = q < fabric.ranks, self = q % fabric.ranks == fabric.rank;
        cursor.ready = 0;
        if (cursor.segment < cursor.end) {
            left = true;
            cursor.ready = look(fabric, ring, sends, cursor.count);
            if (cursor.ready) any = true;
        } else if (reducing && !sends && !self) {
            if (look(fabric, ring, false, cursor.count))
                board.operands[q - fabric.ranks] = ring.slots +
                                                   cursor.count % kSlots * fabric.slot_bytes;
            else
                operands = false;
        }
    }
    return left;
}

/// Moves the chunks that are ready; all threads.
template <class T>
__device__ void move(const Fabric& fabric, const Program& program, const Step& step,
                     const Board& board) {
    for (uint32_t q = 0; q < 2 * fabric.ranks; ++q) {
        const Cursor& cursor = board.cursors[q];
        if (!cursor.ready) continue;
        const Segment segment = step.segments[cursor.segment];
        const uint64_t bytes = chunk_of(fabric, segment.bytes - cursor.done);
        char* slot = ring_of(fabric, q).slots + cursor.count % kSlots * fabric.slot_bytes;
        char* memory = segment.memory + cursor.done;
        if (q >= fabric.ranks)
            copy(memory, slot, bytes);
        else if (step.scaled)
            scale<T>(slot, memory, bytes, program.scalar);
        else
            copy(slot, memory, bytes);
    }
}

/// Tells the other sides of what was moved; each thread for its queues.
__device__ void tell(const Fabric& fabric, const Step& step, const Board& board, bool reduced) {
    for (uint32_t q = threadIdx.x; q < 2 * fabric.ranks; q += kThreads) {
        Cursor& cursor = board.cursors[q];
        const Ring& ring = ring_of(fabric, q);
        const bool sends = q < fabric.ranks, self = q % fabric.ranks == fabric.rank;
        if (cursor.ready) {
            const uint64_t all = step.segments[cursor.segment].bytes;
            const uint64_t bytes = chunk_of(fabric, all - cursor.done);
            if (sends) {
                poke(&ring.sizes[cursor.count % kSlots], uint32_t(bytes));
                __threadfence_system();
            }
            poke(sends ? ring.tail : ring.head, ++cursor.count);
            cursor.done += bytes;
            if (cursor.done == all) {
                cursor.done = 0;
                ++cursor.segment;
            }
        } else if (reduced && !sends && !self) {
            poke(ring.head, ++cursor.count);
        }
    }
}

/// False: the communicator is at its end.
template <class T>
__device__ bool run_step(const Fabric& fabric, const Program& program, const Step& step,
                         const Board& board) {
    begin(fabric, step, board);
    uint64_t at = 0; // of the reduction
    for (;;) {
        const bool reducing = step.reduces && at < step.bytes;
        bool any = false, operands = true;
        const bool left = look_all(fabric, step, board, reducing, any, operands);
        if (!__syncthreads_or(left || reducing)) return true;
        const bool reduces = __syncthreads_and(operands) && reducing;
        __threadfence_system();
        if (!__syncthreads_or(any) && !reduces) {
            if (__syncthreads_or(threadIdx.x == 0 && peek(fabric.stop) != 0)) return false;
            __nanosleep(500);
            continue;
        }
        move<T>(fabric, program, step, board);
        const uint64_t bytes = reduces ? chunk_of(fabric, step.bytes - at) : 0;
        if (reduces) {
            if (threadIdx.x == 0) board.operands[fabric.rank] = step.operand + at;
            __syncthreads();
            reduce<T>(fabric, program, step, board, at, bytes);
            at += bytes;
        }
        __threadfence_system();
        __syncthreads();
        tell(fabric, step, board, reduces);
    }
}

template <class T>
__global__ void __launch_bounds__(kThreads) run(const Fabric* fabric, Program* program) {
    extern __shared__ uint64_t shared[];
    Board board;
    board.cursors = reinterpret_cast<Cursor*>(shared);
    board.operands = reinterpret_cast<const char**>(board.cursors + 2 * fabric->ranks);
    for (uint32_t s = 0; s < program->steps; ++s) {
        if (!run_step<T>(*fabric, *program, program->step[s], board)) break;
        __syncthreads();
    }
    __syncthreads();
    if (threadIdx.x == 0 && !program->kept) {
        __threadfence_system();
        poke(&program->busy, 0u);
    }
}

template <class T>
__global__ void scale_all(Scalar scalar, const T* operand, T* result, uint64_t count) {
    const Accumulator<T> by = factor<T>(scalar);
    for (uint64_t i = uint64_t(lib::thread_of_grid()); i < count;
         i += uint64_t(lib::threads_of_grid()))
        result[i] = store<T>(product(load(operand[i]), by));
}

/// body(T{}) with the type's element.
template <class Body>
cudaError_t with_type(ncclDataType_t type, Body body) {
    switch (type) {
    case ncclInt8: return body(int8_t{});
    case ncclUint8: return body(uint8_t{});
    case ncclInt32: return body(int32_t{});
    case ncclUint32: return body(uint32_t{});
    case ncclInt64: return body(int64_t{});
    case ncclUint64: return body(uint64_t{});
    case ncclFloat16: return body(__half{});
    case ncclFloat32: return body(float{});
    case ncclFloat64: return body(double{});
    case ncclBfloat16: return body(__nv_bfloat16{});
    case ncclFloat8e4m3: return body(__nv_fp8_e4m3{});
    case ncclFloat8e5m2: return body(__nv_fp8_e5m2{});
    default: return cudaErrorInvalidValue;
    }
}

} // namespace

cudaError_t load_kernels() {
    cudaFuncAttributes attributes;
    return cudaFuncGetAttributes(&attributes, reinterpret_cast<const void*>(&run<uint8_t>));
}

cudaError_t launch_program(bool reduces, ncclDataType_t type, const Fabric* fabric,
                           Program* program, cudaStream_t stream) {
    return with_type(reduces ? type : ncclUint8, [&](auto element) {
        using T = decltype(element);
        const size_t shared = fabric->ranks * (2 * sizeof(Cursor) + sizeof(char*));
        void* arguments[] = {&fabric, &program};
        return cudaLaunchKernel(reinterpret_cast<const void*>(&run<T>), dim3(1), dim3(kThreads),
                                arguments, shared, stream);
    });
}

cudaError_t launch_scale(ncclDataType_t type, Scalar scalar, const void* operand, void* result,
                         size_t count, cudaStream_t stream) {
    return with_type(type, [&](auto element) {
        using T = decltype(element);
        return lib::launch(scale_all<T>, dim3(lib::blocks_for(int64_t(count), 256, 1024)),
                           dim3(256), stream, scalar, static_cast<const T*>(operand),
                           static_cast<T*>(result), uint64_t(count));
    });
}

} // namespace acc::ccl
