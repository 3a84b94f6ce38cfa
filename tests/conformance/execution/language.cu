// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// C++ in device code: templates, variadic templates, lambdas, constexpr, operators, classes with
// state, unions, references.
#include "../common/check.h"

template <class T, int N>
struct Vec {
    T v[N];
    __host__ __device__ T& operator[](int i) { return v[i]; }
    __host__ __device__ const T& operator[](int i) const { return v[i]; }
    __host__ __device__ friend Vec operator+(const Vec& a, const Vec& b) {
        Vec r;
        for (int i = 0; i < N; ++i)
            r[i] = a[i] + b[i];
        return r;
    }
    __host__ __device__ T dot(const Vec& o) const {
        T sum = T();
        for (int i = 0; i < N; ++i)
            sum += v[i] * o.v[i];
        return sum;
    }
};

__host__ __device__ constexpr int power(int base, int exponent) {
    return exponent == 0 ? 1 : base * power(base, exponent - 1);
}

template <class T>
__host__ __device__ T total(T value) {
    return value;
}
template <class T, class... Rest>
__host__ __device__ T total(T value, Rest... rest) {
    return value + total<T>(rest...);
}

template <class F>
__global__ void apply(F f, int* out, int n) {
    const int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < n) out[i] = f(i);
}

template <class T>
struct Functor {
    T scale;
    __host__ __device__ int operator()(int i) const { return (int)(scale * i); }
};

class Counter {
  public:
    __device__ Counter() : count_(0) {}
    __device__ ~Counter() { *sink = count_; }
    __device__ Counter& operator+=(int by) {
        count_ += by;
        return *this;
    }
    int* sink = nullptr;

  private:
    int count_;
};

union Bits {
    float f;
    unsigned u;
};

enum class Colour : unsigned char { Red = 3, Green = 5 };

__global__ void mixed(int* out) {
    Vec<double, 3> a = {{1, 2, 3}}, b = {{4, 5, 6}};
    const Vec<double, 3> c = a + b;
    out[0] = (int)c.dot(a);
    constexpr int k = power(3, 7);
    out[1] = k;
    out[2] = total(1, 2, 3, 4, 5);
    {
        Counter counter;
        counter.sink = &out[3];
        (counter += 5) += 6;
    }
    Bits bits;
    bits.f = 1.0f;
    out[4] = (int)(bits.u >> 23);
    int x = 4;
    int& ref = x;
    ref += 3;
    out[5] = x;
    auto add = [&](int by) { return x + by; };
    out[6] = add(10);
    out[7] = (int)Colour::Green + static_cast<int>(Colour::Red);
    int sum = 0;
    for (int v : {1, 2, 3})
        sum += v;
    out[8] = sum;
}

int main() {
    Buffer<int> out(1000);
    mixed<<<1, 1>>>(out.device());
    SYNC();
    out.download();
    const int expected[9] = {5 * 1 + 7 * 2 + 9 * 3, 2187, 15, 11, 127, 7, 17, 8, 6};
    for (int i = 0; i < 9; ++i)
        EXPECT(out[i] == expected[i], "value %d: %d", i, out[i]);
    apply<<<8, 128>>>(Functor<double>{2.5}, out.device(), 1000);
    SYNC();
    out.download();
    for (int i = 0; i < 1000; ++i)
        EXPECT(out[i] == (int)(2.5 * i), "functor %d", i);
    return finish();
}
