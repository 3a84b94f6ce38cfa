// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Forms of a launch: braces for grid, block, bytes and stream; a space inside of the brackets; all
// of them in templates and beside shifts and stream operators.
#include <cuda_runtime.h>

#include <cstdio>
#include <ostream>
#include <sstream>

struct Text {};
std::ostream& operator<<(std::ostream& to, Text) {
    return to << "text";
}
template <typename T>
struct Box {
    T value;
};
template <typename T>
std::ostream& operator<<(std::ostream& to, Box<T> box) {
    return to << box.value;
}

template <int N>
struct Number {
    static const int value = N;
};

// What the launch was, packed: grid x, y, block x, y, z.
__global__ void shape(int* out) {
    if (threadIdx.x == blockDim.x - 1 && blockIdx.x == gridDim.x - 1)
        *out = int(((((gridDim.x * 10 + gridDim.y) * 10 + blockDim.x) * 10) + blockDim.y) * 10 +
                   blockDim.z);
}
template <typename T>
__global__ void shape_of(int* out, T) {
    *out = int(((((gridDim.x * 10 + gridDim.y) * 10 + blockDim.x) * 10) + blockDim.y) * 10 +
               blockDim.z);
}

static int* device;
static int failures;
static void expect(const char* what, int want) {
    int have = -1;
    if (cudaMemcpy(&have, device, sizeof have, cudaMemcpyDeviceToHost) != cudaSuccess ||
        have != want) {
        std::printf("FAIL %s: %d, expected %d\n", what, have, want);
        ++failures;
    }
    cudaMemset(device, 0, sizeof have);
}

template <typename T>
void in_template(T n) {
    shape_of<T><<<{1, 1}, {n, n}>>>(device, n);
    expect("braces in a template", 11331);
    shape_of<T><<<dim3(2, 1), n>>>(device, n);
    expect("spaces in a template", 21311);
}

int main() {
    cudaMalloc(&device, sizeof(int));
    int n = 4;
    shape<<<1, {4, 2, 3}>>>(device);
    expect("block", 11423);
    shape<<<{2, 3}, {4}>>>(device);
    expect("grid and block", 23411);
    shape<<<{}, {}, {64}, {0}>>>(device);
    expect("empty", 11111);
    shape<<<{2u}, {(unsigned)n, 2u}, n * 4, nullptr>>>(device);
    expect("variables", 21421);
    shape<<<2, 3>>>(device);
    expect("spaces", 21311);
    shape<<<dim3{1, 2}, Number<Number<3>::value>::value>>>(device);
    expect("one space, nested template arguments", 12311);
    shape<<<(n >> 1), {unsigned(n) >> 1, 3}>>>(device);
    expect("shifts", 21231);
    if (n > 3) shape<<<{1}, {2}>>>(device), n <<= 1;
    expect("in an expression", 11211);
    in_template(3);

    std::ostringstream stream;
    stream << Text() << (n << 1);
    operator<< <int>(stream, Box<int>{7});
    if (stream.str() != "text167") {
        std::printf("FAIL stream operators: %s\n", stream.str().c_str());
        ++failures;
    }
    if (failures == 0) std::puts("PASS");
    return failures != 0;
}
