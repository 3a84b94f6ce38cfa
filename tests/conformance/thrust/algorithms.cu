// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Thrust's algorithms on the device against the C++ library's on the host, on sizes around the
// tiles that Thrust works in.
#include "../common/check.h"

#include <thrust/adjacent_difference.h>
#include <thrust/binary_search.h>
#include <thrust/copy.h>
#include <thrust/count.h>
#include <thrust/device_vector.h>
#include <thrust/extrema.h>
#include <thrust/find.h>
#include <thrust/for_each.h>
#include <thrust/functional.h>
#include <thrust/host_vector.h>
#include <thrust/inner_product.h>
#include <thrust/logical.h>
#include <thrust/merge.h>
#include <thrust/partition.h>
#include <thrust/reduce.h>
#include <thrust/remove.h>
#include <thrust/replace.h>
#include <thrust/reverse.h>
#include <thrust/scan.h>
#include <thrust/sequence.h>
#include <thrust/set_operations.h>
#include <thrust/sort.h>
#include <thrust/transform.h>
#include <thrust/transform_reduce.h>
#include <thrust/unique.h>

#include <algorithm>
#include <functional>
#include <numeric>

namespace {

struct IsEven {
    __host__ __device__ bool operator()(int x) const { return (x & 1) == 0; }
};

struct Square {
    __host__ __device__ long long operator()(int x) const { return (long long)x * x; }
};

struct AddOne {
    __host__ __device__ void operator()(int& x) const { ++x; }
};

/// A key that no radix sort knows: by the last digit, then by the number.
struct ByLastDigit {
    __host__ __device__ bool operator()(int a, int b) const {
        const int x = (a % 10 + 10) % 10, y = (b % 10 + 10) % 10;
        return x != y ? x < y : a < b;
    }
};

std::vector<int> numbers(size_t count, unsigned seed, int range) {
    std::vector<int> values(count);
    unsigned state = seed * 2654435761u + 1;
    for (int& value : values) {
        state = state * 1664525u + 1013904223u;
        value = (int)(state >> 8) % range - range / 3;
    }
    return values;
}

template <class T>
bool same(const thrust::device_vector<T>& device, const std::vector<T>& host) {
    if (device.size() != host.size()) return false;
    const thrust::host_vector<T> copy = device;
    return std::equal(host.begin(), host.end(), copy.begin());
}

void reductions(const std::vector<int>& in) {
    const thrust::device_vector<int> d(in.begin(), in.end());
    EXPECT(thrust::reduce(d.begin(), d.end()) == std::accumulate(in.begin(), in.end(), 0));
    EXPECT(thrust::reduce(d.begin(), d.end(), -5, thrust::maximum<int>()) ==
           std::max(-5, *std::max_element(in.begin(), in.end())));
    long long squares = 0;
    for (int x : in)
        squares += (long long)x * x;
    EXPECT(thrust::transform_reduce(d.begin(), d.end(), Square(), 0LL, thrust::plus<long long>()) ==
           squares);
    EXPECT(thrust::inner_product(d.begin(), d.end(), d.begin(), 0LL) == squares);
    EXPECT(thrust::count_if(d.begin(), d.end(), IsEven()) ==
           std::count_if(in.begin(), in.end(), IsEven()));
    EXPECT(thrust::max_element(d.begin(), d.end()) - d.begin() ==
           std::max_element(in.begin(), in.end()) - in.begin());
    const auto ends = thrust::minmax_element(d.begin(), d.end());
    EXPECT(ends.first - d.begin() == std::min_element(in.begin(), in.end()) - in.begin());
    const int last = in.back();
    EXPECT(thrust::find(d.begin(), d.end(), last) - d.begin() ==
           std::find(in.begin(), in.end(), last) - in.begin());
    EXPECT(!thrust::all_of(d.begin(), d.end(), IsEven()) ==
           !std::all_of(in.begin(), in.end(), IsEven()));
    // Runs of equal keys.
    std::vector<int> keys(in.size());
    for (size_t i = 0; i < keys.size(); ++i)
        keys[i] = (int)(i / 7);
    const thrust::device_vector<int> dkeys(keys.begin(), keys.end());
    thrust::device_vector<int> out_keys(in.size()), out(in.size());
    const auto new_end = thrust::reduce_by_key(dkeys.begin(), dkeys.end(), d.begin(),
                                               out_keys.begin(), out.begin());
    const size_t runs = (in.size() + 6) / 7;
    EXPECT(size_t(new_end.first - out_keys.begin()) == runs);
    std::vector<int> sums(runs, 0);
    for (size_t i = 0; i < in.size(); ++i)
        sums[i / 7] += in[i];
    out.resize(runs);
    EXPECT(same(out, sums));
}

void scans(const std::vector<int>& in) {
    const thrust::device_vector<int> d(in.begin(), in.end());
    thrust::device_vector<int> out(in.size());
    std::vector<int> expected(in.size());
    thrust::inclusive_scan(d.begin(), d.end(), out.begin());
    std::partial_sum(in.begin(), in.end(), expected.begin());
    EXPECT(same(out, expected), "%zu", in.size());
    thrust::exclusive_scan(d.begin(), d.end(), out.begin(), 4);
    int sum = 4;
    for (size_t i = 0; i < in.size(); ++i) {
        expected[i] = sum;
        sum += in[i];
    }
    EXPECT(same(out, expected), "%zu", in.size());
    thrust::inclusive_scan(d.begin(), d.end(), out.begin(), thrust::maximum<int>());
    std::partial_sum(in.begin(), in.end(), expected.begin(),
                     [](int a, int b) { return std::max(a, b); });
    EXPECT(same(out, expected), "%zu", in.size());
    thrust::adjacent_difference(d.begin(), d.end(), out.begin());
    std::adjacent_difference(in.begin(), in.end(), expected.begin());
    EXPECT(same(out, expected), "%zu", in.size());
}

void sorts(const std::vector<int>& in) {
    thrust::device_vector<int> d(in.begin(), in.end());
    std::vector<int> expected = in;
    thrust::sort(d.begin(), d.end()); // radix sort
    std::sort(expected.begin(), expected.end());
    EXPECT(same(d, expected), "%zu", in.size());
    thrust::sort(d.begin(), d.end(), thrust::greater<int>());
    std::reverse(expected.begin(), expected.end());
    EXPECT(same(d, expected), "%zu", in.size());
    thrust::sort(d.begin(), d.end(), ByLastDigit()); // merge sort
    std::sort(expected.begin(), expected.end(), ByLastDigit());
    EXPECT(same(d, expected), "%zu", in.size());

    thrust::device_vector<int> keys(in.begin(), in.end()), order(in.size());
    thrust::sequence(order.begin(), order.end());
    thrust::stable_sort_by_key(keys.begin(), keys.end(), order.begin());
    std::vector<int> wanted(in.size());
    std::iota(wanted.begin(), wanted.end(), 0);
    std::stable_sort(wanted.begin(), wanted.end(), [&](int a, int b) { return in[a] < in[b]; });
    EXPECT(same(order, wanted), "%zu", in.size());

    std::vector<double> reals(in.size());
    for (size_t i = 0; i < in.size(); ++i)
        reals[i] = in[i] * -0.37;
    thrust::device_vector<double> dreals(reals.begin(), reals.end());
    thrust::sort(dreals.begin(), dreals.end());
    std::sort(reals.begin(), reals.end());
    EXPECT(same(dreals, reals), "%zu", in.size());
}

void selections(const std::vector<int>& in) {
    const thrust::device_vector<int> d(in.begin(), in.end());
    thrust::device_vector<int> out(in.size());
    std::vector<int> expected;
    out.resize(thrust::copy_if(d.begin(), d.end(), out.begin(), IsEven()) - out.begin());
    std::copy_if(in.begin(), in.end(), std::back_inserter(expected), IsEven());
    EXPECT(same(out, expected), "%zu", in.size());

    out = d;
    out.erase(thrust::remove_if(out.begin(), out.end(), IsEven()), out.end());
    expected = in;
    expected.erase(std::remove_if(expected.begin(), expected.end(), IsEven()), expected.end());
    EXPECT(same(out, expected), "%zu", in.size());

    out = d;
    thrust::sort(out.begin(), out.end());
    out.erase(thrust::unique(out.begin(), out.end()), out.end());
    expected = in;
    std::sort(expected.begin(), expected.end());
    expected.erase(std::unique(expected.begin(), expected.end()), expected.end());
    EXPECT(same(out, expected), "%zu", in.size());

    out = d;
    const auto middle = thrust::stable_partition(out.begin(), out.end(), IsEven());
    expected = in;
    const auto wanted = std::stable_partition(expected.begin(), expected.end(), IsEven());
    EXPECT(middle - out.begin() == wanted - expected.begin());
    EXPECT(same(out, expected), "%zu", in.size());
}

void ordered_ranges(const std::vector<int>& a_in, const std::vector<int>& b_in) {
    std::vector<int> a = a_in, b = b_in;
    std::sort(a.begin(), a.end());
    std::sort(b.begin(), b.end());
    const thrust::device_vector<int> da(a.begin(), a.end()), db(b.begin(), b.end());
    thrust::device_vector<int> out(a.size() + b.size());
    std::vector<int> expected(a.size() + b.size());
    thrust::merge(da.begin(), da.end(), db.begin(), db.end(), out.begin());
    std::merge(a.begin(), a.end(), b.begin(), b.end(), expected.begin());
    EXPECT(same(out, expected));

    expected.clear();
    std::set_intersection(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(expected));
    out.resize(thrust::set_intersection(da.begin(), da.end(), db.begin(), db.end(), out.begin()) -
               out.begin());
    EXPECT(same(out, expected));

    thrust::device_vector<int> places(b.size());
    thrust::lower_bound(da.begin(), da.end(), db.begin(), db.end(), places.begin());
    expected.clear();
    for (int x : b)
        expected.push_back(int(std::lower_bound(a.begin(), a.end(), x) - a.begin()));
    EXPECT(same(places, expected));
}

void in_place(const std::vector<int>& in) {
    thrust::device_vector<int> d(in.begin(), in.end());
    std::vector<int> expected = in;
    thrust::for_each(d.begin(), d.end(), AddOne());
    thrust::transform(d.begin(), d.end(), d.begin(), d.begin(), thrust::multiplies<int>());
    thrust::replace_if(d.begin(), d.end(), IsEven(), -1);
    thrust::reverse(d.begin(), d.end());
    for (int& x : expected)
        x = (x + 1) * (x + 1) % 2 == 0 ? -1 : (x + 1) * (x + 1);
    std::reverse(expected.begin(), expected.end());
    EXPECT(same(d, expected), "%zu", in.size());
}

} // namespace

int main() {
    for (size_t count : {1u, 31u, 257u, 4096u, 10007u}) {
        const std::vector<int> in = numbers(count, unsigned(count), 1000);
        reductions(in);
        scans(in);
        sorts(in);
        selections(in);
        ordered_ranges(in, numbers(count / 2 + 3, 99, 1500));
        in_place(in);
    }
    return finish();
}
