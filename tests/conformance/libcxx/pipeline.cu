// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// cuda::memcpy_async with barriers and pipelines: copies of every alignment into shared memory,
// several in flight, by one thread, by a block, and by some warps for the others.
#include "../common/check.h"

#include <cooperative_groups.h>

#include <cuda/barrier>
#include <cuda/pipeline>

namespace {

namespace cg = cooperative_groups;

constexpr int kThreads = 64, kBatches = 5;

/// What a kernel makes of a batch: each thread reads another's element.
__host__ __device__ int made_of(int element, int batch) {
    return element * 3 + batch;
}

std::vector<int> input() {
    std::vector<int> values(kThreads * kBatches);
    for (size_t i = 0; i < values.size(); ++i)
        values[i] = int(i * 7919 % 100003);
    return values;
}

/// Element i of batch b is made of element 63 - i of the batch.
void check(const char* kernel, Buffer<int>& out, const std::vector<int>& in) {
    SYNC();
    out.download();
    for (int i = 0; i < kThreads * kBatches; ++i) {
        const int batch = i / kThreads, other = batch * kThreads + kThreads - 1 - i % kThreads;
        EXPECT(out[i] == made_of(in[other], batch), "%s, element %d: %d", kernel, i, out[i]);
    }
}

__global__ void with_barrier(const int* in, int* out) {
    __shared__ cuda::barrier<cuda::thread_scope_block> barrier;
    __shared__ int batch[kThreads];
    auto block = cg::this_thread_block();
    if (threadIdx.x == 0) init(&barrier, kThreads);
    block.sync();
    for (int b = 0; b < kBatches; ++b) {
        const int* from = in + b * kThreads;
        if (b % 2 == 0)
            cuda::memcpy_async(block, batch, from, cuda::aligned_size_t<16>(sizeof batch), barrier);
        else
            cuda::memcpy_async(batch + threadIdx.x, from + threadIdx.x, sizeof(int), barrier);
        barrier.arrive_and_wait();
        out[b * kThreads + threadIdx.x] = made_of(batch[kThreads - 1 - threadIdx.x], b);
        block.sync();
    }
}

/// A pipeline of each thread's own; batches in flight wait for one another.
__global__ void of_a_thread(const int* in, int* out) {
    constexpr int kStages = 3;
    __shared__ int batch[kStages][kThreads];
    auto pipeline = cuda::make_pipeline();
    const int me = int(threadIdx.x);
    auto fetch = [&](int b) {
        pipeline.producer_acquire();
        if (b < kBatches)
            cuda::memcpy_async(&batch[b % kStages][me], in + b * kThreads + me, sizeof(int),
                               pipeline);
        pipeline.producer_commit();
    };
    for (int b = 0; b < kStages - 1; ++b)
        fetch(b);
    for (int b = 0; b < kBatches; ++b) {
        fetch(b + kStages - 1);
        cuda::pipeline_consumer_wait_prior<kStages - 1>(pipeline);
        __syncthreads();
        out[b * kThreads + me] = made_of(batch[b % kStages][kThreads - 1 - me], b);
        __syncthreads();
        pipeline.consumer_release();
    }
}

/// A pipeline of the block: everybody copies and everybody uses.
__global__ void of_a_block(const int* in, int* out) {
    constexpr int kStages = 2;
    __shared__ cuda::pipeline_shared_state<cuda::thread_scope_block, kStages> state;
    __shared__ int batch[kStages][kThreads];
    auto block = cg::this_thread_block();
    auto pipeline = cuda::make_pipeline(block, &state);
    int fetched = 0;
    for (int b = 0; b < kBatches; ++b) {
        for (; fetched < kBatches && fetched < b + kStages; ++fetched) {
            pipeline.producer_acquire();
            cuda::memcpy_async(block, batch[fetched % kStages], in + fetched * kThreads,
                               cuda::aligned_size_t<8>(sizeof batch[0]), pipeline);
            pipeline.producer_commit();
        }
        pipeline.consumer_wait();
        out[b * kThreads + threadIdx.x] = made_of(batch[b % kStages][kThreads - 1 - threadIdx.x],
                                                  b);
        block.sync();
        pipeline.consumer_release();
    }
}

/// The first warp copies for the others.
__global__ void of_roles(const int* in, int* out) {
    constexpr int kStages = 2;
    __shared__ cuda::pipeline_shared_state<cuda::thread_scope_block, kStages> state;
    __shared__ int batch[kStages][kThreads];
    auto block = cg::this_thread_block();
    const bool producer = threadIdx.x < 32;
    auto pipeline = cuda::make_pipeline(
        block, &state, producer ? cuda::pipeline_role::producer : cuda::pipeline_role::consumer);
    for (int b = 0; b < kBatches; ++b) {
        if (producer) {
            pipeline.producer_acquire();
            const int i = int(threadIdx.x) * 2;
            cuda::memcpy_async(&batch[b % kStages][i], in + b * kThreads + i,
                               cuda::aligned_size_t<8>(2 * sizeof(int)), pipeline);
            pipeline.producer_commit();
        } else {
            pipeline.consumer_wait();
            const int i = int(threadIdx.x) - 32;
            out[b * kThreads + i] = made_of(batch[b % kStages][kThreads - 1 - i], b);
            pipeline.consumer_release();
        }
    }
    pipeline.quit();
}

/// Bytes at any address, which no asynchronous copy can do.
__global__ void unaligned(const char* in, char* out) {
    __shared__ cuda::barrier<cuda::thread_scope_block> barrier;
    __shared__ char bytes[64];
    if (threadIdx.x == 0) init(&barrier, blockDim.x);
    __syncthreads();
    cuda::memcpy_async(cg::this_thread_block(), bytes + 1, in + 3, 37, barrier);
    barrier.arrive_and_wait();
    if (threadIdx.x < 37) out[threadIdx.x] = bytes[threadIdx.x + 1];
}

void check_unaligned() {
    Buffer<char> in(64), out(37);
    for (int i = 0; i < 64; ++i)
        in[i] = char(i * 5 + 1);
    in.upload();
    unaligned<<<1, 64>>>(in.device(), out.device());
    SYNC();
    out.download();
    for (int i = 0; i < 37; ++i)
        EXPECT(out[i] == char((i + 3) * 5 + 1), "byte %d", i);
}

} // namespace

int main() {
    const std::vector<int> values = input();
    Buffer<int> in(values);
    // The one with roles has a warp more, which copies.
    struct {
        const char* name;
        void (*kernel)(const int*, int*);
        int threads;
    } kernels[] = {{"barrier", with_barrier, kThreads},
                   {"thread", of_a_thread, kThreads},
                   {"block", of_a_block, kThreads},
                   {"roles", of_roles, kThreads + 32}};
    for (auto& entry : kernels) {
        Buffer<int> out(values.size());
        entry.kernel<<<1, entry.threads>>>(in.device(), out.device());
        check(entry.name, out, values);
    }
    check_unaligned();
    return finish();
}
