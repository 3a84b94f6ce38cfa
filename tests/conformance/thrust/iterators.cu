// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Thrust's containers, fancy iterators, tuples, policies, random numbers and errors.
// Options: --extended-lambda
#include "../common/check.h"

#include <thrust/complex.h>
#include <thrust/device_free.h>
#include <thrust/device_malloc.h>
#include <thrust/device_ptr.h>
#include <thrust/device_vector.h>
#include <thrust/execution_policy.h>
#include <thrust/fill.h>
#include <thrust/functional.h>
#include <thrust/gather.h>
#include <thrust/generate.h>
#include <thrust/host_vector.h>
#include <thrust/iterator/constant_iterator.h>
#include <thrust/iterator/counting_iterator.h>
#include <thrust/iterator/discard_iterator.h>
#include <thrust/iterator/permutation_iterator.h>
#include <thrust/iterator/reverse_iterator.h>
#include <thrust/iterator/transform_iterator.h>
#include <thrust/iterator/zip_iterator.h>
#include <thrust/random.h>
#include <thrust/reduce.h>
#include <thrust/scan.h>
#include <thrust/scatter.h>
#include <thrust/sequence.h>
#include <thrust/sort.h>
#include <thrust/system/cuda/execution_policy.h>
#include <thrust/system/cuda/vector.h>
#include <thrust/system_error.h>
#include <thrust/transform.h>
#include <thrust/transform_reduce.h>
#include <thrust/tuple.h>
#include <thrust/universal_vector.h>

#include <random>

namespace {

struct Twice {
    __host__ __device__ int operator()(int x) const { return 2 * x; }
};

struct Dot {
    template <class Tuple>
    __host__ __device__ float operator()(const Tuple& t) const {
        return thrust::get<0>(t) * thrust::get<1>(t);
    }
};

struct Blend {
    float weight;
    template <class Tuple>
    __host__ __device__ void operator()(Tuple t) const {
        thrust::get<2>(t) = weight * thrust::get<0>(t) + thrust::get<1>(t);
    }
};

struct Roll {
    __host__ __device__ unsigned operator()(unsigned i) const {
        thrust::minstd_rand engine;
        engine.discard(i);
        return engine();
    }
};

void containers() {
    thrust::host_vector<int> h(10, 3);
    h[4] = 17;
    thrust::device_vector<int> d = h;
    d[5] = 8;
    d.push_back(99);
    EXPECT(d.size() == 11 && d[4] == 17 && d[5] == 8 && d.back() == 99 && d.front() == 3);
    d.insert(d.begin() + 2, 4, 1);
    d.erase(d.begin());
    EXPECT(d.size() == 14 && d[1] == 1 && d[5] == 3);
    std::vector<int> plain(d.size());
    thrust::copy(d.begin(), d.end(), plain.begin());
    EXPECT(plain[13] == 99);
    thrust::device_vector<int> e(plain);
    EXPECT(e == d);
    e.swap(d);
    thrust::universal_vector<int> u(5, 6);
    thrust::transform(thrust::device, u.begin(), u.end(), u.begin(), Twice());
    EXPECT(u[4] == 12);

    thrust::device_ptr<int> memory = thrust::device_malloc<int>(100);
    thrust::sequence(memory, memory + 100);
    EXPECT(memory[42] == 42 && thrust::reduce(memory, memory + 100) == 4950);
    thrust::device_free(memory);

    int* raw = nullptr;
    CHECK(cudaMalloc(&raw, 64 * sizeof(int)));
    const thrust::device_ptr<int> wrapped = thrust::device_pointer_cast(raw);
    thrust::fill(wrapped, wrapped + 64, 5);
    EXPECT(thrust::reduce(thrust::device, raw, raw + 64) == 320);
    EXPECT(thrust::raw_pointer_cast(wrapped) == raw);
    CHECK(cudaFree(raw));
}

void iterators() {
    const int n = 1000;
    thrust::counting_iterator<int> first(1), last = first + n;
    EXPECT(thrust::reduce(thrust::device, first, last) == n * (n + 1) / 2);
    auto doubled = thrust::make_transform_iterator(first, Twice());
    EXPECT(thrust::reduce(thrust::device, doubled, doubled + n) == n * (n + 1));
    thrust::device_vector<float> x(n), y(n, 2.0f), z(n);
    thrust::sequence(x.begin(), x.end());
    auto pairs = thrust::make_zip_iterator(thrust::make_tuple(x.begin(), y.begin()));
    EXPECT(thrust::transform_reduce(pairs, pairs + n, Dot(), 0.0f, thrust::plus<float>()) ==
           float(n * (n - 1)));
    auto triples = thrust::make_zip_iterator(thrust::make_tuple(x.begin(), y.begin(), z.begin()));
    thrust::for_each(triples, triples + n, Blend{3.0f});
    EXPECT(z[10] == 32.0f && z[999] == 2999.0f);

    thrust::device_vector<int> map(n), values(n), gathered(n), scattered(n);
    thrust::sequence(values.begin(), values.end());
    thrust::transform(first, last, map.begin(), [n] __host__ __device__(int i) { return n - i; });
    thrust::gather(map.begin(), map.end(), values.begin(), gathered.begin());
    thrust::scatter(values.begin(), values.end(), map.begin(), scattered.begin());
    EXPECT(gathered[0] == n - 1 && gathered[n - 1] == 0 && gathered == scattered);
    auto permuted = thrust::make_permutation_iterator(values.begin(), map.begin());
    EXPECT(thrust::equal(permuted, permuted + n, thrust::make_reverse_iterator(values.end())));
    const auto runs = thrust::reduce_by_key(thrust::make_constant_iterator(1),
                                            thrust::make_constant_iterator(1) + n, values.begin(),
                                            thrust::make_discard_iterator(), gathered.begin());
    EXPECT(runs.second - gathered.begin() == 1 && gathered[0] == n * (n - 1) / 2);

    // A sort of pairs moves two vectors through one iterator.
    thrust::device_vector<int> keys(n), payload(n);
    thrust::transform(first, last, keys.begin(),
                      [] __host__ __device__(int i) { return i * 7919 % 1009; });
    thrust::sequence(payload.begin(), payload.end());
    auto rows = thrust::make_zip_iterator(thrust::make_tuple(keys.begin(), payload.begin()));
    thrust::sort(rows, rows + n);
    thrust::host_vector<int> k = keys, p = payload;
    bool sorted = true, together = true;
    for (int i = 0; i < n; ++i) {
        sorted = sorted && (i == 0 || k[i - 1] < k[i]);
        together = together && k[i] == (p[i] + 1) * 7919 % 1009;
    }
    EXPECT(sorted && together);
}

void random_numbers() {
    thrust::device_vector<unsigned> rolled(100);
    thrust::transform(thrust::counting_iterator<unsigned>(0),
                      thrust::counting_iterator<unsigned>(100), rolled.begin(), Roll());
    const thrust::host_vector<unsigned> seen = rolled;
    std::minstd_rand engine; // the same recurrence, from the C++ standard
    for (unsigned value : seen)
        EXPECT(value == engine());
}

__global__ void inside(const int* in, int* out, int n) {
    // Algorithms on the threads' own data, in device code.
    int local[16];
    thrust::copy(thrust::seq, in, in + n, local);
    thrust::sort(thrust::seq, local, local + n);
    thrust::inclusive_scan(thrust::seq, local, local + n, out);
    out[n] = thrust::reduce(thrust::seq, local, local + n, 0);
}

void policies() {
    cudaStream_t stream;
    CHECK(cudaStreamCreate(&stream));
    thrust::device_vector<int> d(5000, 1), out(5000);
    thrust::inclusive_scan(thrust::cuda::par.on(stream), d.begin(), d.end(), out.begin());
    thrust::transform(thrust::cuda::par_nosync.on(stream), out.begin(), out.end(), out.begin(),
                      Twice());
    CHECK(cudaStreamSynchronize(stream));
    EXPECT(out[4999] == 10000);
    CHECK(cudaStreamDestroy(stream));

    const int values[] = {5, 3, 9, 1, 7};
    thrust::device_vector<int> in(values, values + 5), result(6);
    inside<<<1, 1>>>(thrust::raw_pointer_cast(in.data()), thrust::raw_pointer_cast(result.data()),
                     5);
    SYNC();
    EXPECT(result[0] == 1 && result[2] == 9 && result[4] == 25 && result[5] == 25);

    thrust::host_vector<int> on_host(values, values + 5);
    thrust::sort(thrust::host, on_host.begin(), on_host.end());
    EXPECT(on_host[0] == 1 && on_host[4] == 9);
}

void complex_numbers() {
    thrust::device_vector<thrust::complex<double>> c(10, thrust::complex<double>(1.0, 2.0));
    const thrust::complex<double> sum = thrust::reduce(c.begin(), c.end(),
                                                       thrust::complex<double>(0.0, 0.0));
    EXPECT(sum.real() == 10.0 && sum.imag() == 20.0);
    thrust::transform(c.begin(), c.end(), c.begin(), c.begin(),
                      thrust::multiplies<thrust::complex<double>>());
    const thrust::complex<double> square = c[3];
    EXPECT(square == thrust::complex<double>(-3.0, 4.0) && thrust::abs(square) == 5.0);
}

void errors() {
    bool caught = false;
    try {
        thrust::device_vector<char> huge(size_t(1) << 46);
    } catch (const std::bad_alloc&) {
        caught = true;
    }
    EXPECT(caught);
    cudaGetLastError();
    caught = false;
    try {
        throw thrust::system_error(cudaErrorInvalidValue, thrust::cuda_category(), "here");
    } catch (const thrust::system_error& error) {
        caught = std::string(error.what()).find("here") != std::string::npos &&
                 error.code().value() == cudaErrorInvalidValue;
    }
    EXPECT(caught);
}

} // namespace

int main() {
    containers();
    iterators();
    random_numbers();
    policies();
    complex_numbers();
    errors();
    return finish();
}
