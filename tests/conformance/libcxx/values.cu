// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// libcu++ on the device: tuples, arrays, complex numbers, limits, functions and atomics.
#include "../common/check.h"

#include <cuda/atomic>
#include <cuda/std/array>
#include <cuda/std/complex>
#include <cuda/std/functional>
#include <cuda/std/limits>
#include <cuda/std/tuple>
#include <cuda/std/type_traits>
#include <cuda/std/utility>
#include <nv/target>

namespace {

template <class... T>
__host__ __device__ int sum_of(const cuda::std::tuple<T...>& values) {
    return cuda::std::get<0>(values) + cuda::std::get<1>(values) + cuda::std::get<2>(values);
}

struct Results {
    int tuple, array, largest, less, on_device;
    cuda::std::complex<double> product, quotient;
    bool same;
};

__host__ __device__ void compute(Results* r) {
    r->tuple = sum_of(cuda::std::make_tuple(1, short(20), 300LL));
    cuda::std::array<int, 4> values = {{4, 3, 2, 1}};
    cuda::std::swap(values[0], values[3]);
    r->array = values[0] * 1000 + values[1] * 100 + values[2] * 10 + values[3];
    r->largest = cuda::std::numeric_limits<int>::max();
    r->less = cuda::std::less<int>()(3, 4);
    r->same = cuda::std::is_same<cuda::std::decay<const int&>::type, int>::value;
    const cuda::std::complex<double> a(3, 4), b(1, -2);
    r->product = a * b;
    r->quotient = (a * b) / b;
    NV_IF_TARGET(NV_IS_DEVICE, (r->on_device = 1;), (r->on_device = 0;))
}

__device__ cuda::atomic<int, cuda::thread_scope_device> counter(5);

__global__ void kernel(Results* results, int* sums) {
    if (blockIdx.x == 0 && threadIdx.x == 0) compute(results);
    counter.fetch_add(1, cuda::std::memory_order_relaxed);
    cuda::atomic_ref<int, cuda::thread_scope_device> sum(sums[0]);
    sum.fetch_add(int(threadIdx.x), cuda::std::memory_order_relaxed);
    cuda::atomic_ref<int, cuda::thread_scope_system> most(sums[1]);
    most.fetch_max(int(threadIdx.x * 3 % 64), cuda::std::memory_order_acq_rel);
    cuda::atomic_thread_fence(cuda::std::memory_order_seq_cst, cuda::thread_scope_device);
}

__global__ void read_counter(int* out) {
    int expected = 5 + 4 * 64;
    out[0] = counter.compare_exchange_strong(expected, 7);
    out[1] = counter.load();
    out[2] = counter.exchange(9);
}

void check(const char* side, const Results& r, int on_device) {
    EXPECT(r.tuple == 321 && r.array == 1324 && r.less == 1 && r.same, "%s", side);
    EXPECT(r.largest == 2147483647 && r.on_device == on_device, "%s", side);
    EXPECT(r.product == cuda::std::complex<double>(11, -2), "%s", side);
    EXPECT(r.quotient == cuda::std::complex<double>(3, 4), "%s", side);
}

} // namespace

int main() {
    Buffer<Results> results(1);
    Buffer<int> sums(2), read(3);
    kernel<<<4, 64>>>(results.device(), sums.device());
    read_counter<<<1, 1>>>(read.device());
    SYNC();
    check("device", results.download()[0], 1);
    Results here;
    compute(&here);
    check("host", here, 0);
    sums.download();
    EXPECT(sums[0] == 4 * 63 * 64 / 2 && sums[1] == 63);
    read.download();
    EXPECT(read[0] == 1 && read[1] == 7 && read[2] == 7);
    return finish();
}
