// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/lib/common/launch.cuh"
#include "runtime/lib/dnn/kernels/activation.cuh"
#include "runtime/lib/dnn/kernels/element.cuh"

#include <curand_kernel.h>

namespace acc::dnn {
namespace {

/// Ops of two numbers.
template <class Acc>
__device__ __noinline__ Acc combine(Op op, Acc x, Acc y, bool propagates_nan) {
    switch (op) {
    case Op::Add: return x + y;
    case Op::AddSquare: return x + y * y;
    case Op::Sub: return x - y;
    case Op::Mul: return x * y;
    case Op::Div: return x / y;
    case Op::Min:
        if (x != x || y != y) return propagates_nan ? x + y : x != x ? y : x;
        return x < y ? x : y;
    case Op::Max:
        if (x != x || y != y) return propagates_nan ? x + y : x != x ? y : x;
        return x > y ? x : y;
    case Op::Mod: return fmod(x, y);
    case Op::Pow: return pow(x, y);
    case Op::Atan2: return atan2(x, y);
    case Op::Equal: return x == y;
    case Op::NotEqual: return x != y;
    case Op::Greater: return x > y;
    case Op::GreaterEqual: return x >= y;
    case Op::Less: return x < y;
    case Op::LessEqual: return x <= y;
    case Op::And: return x != 0 && y != 0;
    default: return x != 0 || y != 0; // Or
    }
}

/// Ops of one number that are no activations.
template <class Acc>
__device__ __noinline__ Acc change(Op op, Acc x) {
    switch (op) {
    case Op::Sqrt: return sqrt(x);
    case Op::Rsqrt: return rsqrt(x);
    case Op::Not: return 1 - x;
    case Op::Abs: return fabs(x);
    case Op::Ceil: return ceil(x);
    case Op::Floor: return floor(x);
    case Op::Cos: return cos(x);
    case Op::Sin: return sin(x);
    case Op::Tan: return tan(x);
    case Op::Exp: return exp(x);
    case Op::Log: return log(x);
    case Op::Neg: return -x;
    case Op::Erf: return erf(x);
    case Op::Reciprocal: return 1 / x;
    default: return x == 0; // LogicalNot
    }
}

/// Whether element i is dropped: a number of Philox for each element of a call.
__device__ bool is_dropped(const uint64_t* state, int64_t i, double rate) {
    curandStatePhilox4_32_10_t generator;
    curand_init(state[0], 0, state[1] + uint64_t(i), &generator);
    return double(curand(&generator)) < rate * 4294967296.0;
}

template <class Acc>
struct Inputs {
    Acc value[3];
    int64_t place[3];
};

template <class Acc>
__device__ Acc result_of(const Elementwise& e, const Inputs<Acc>& in, int64_t i) {
    const Acc x = in.value[0], y = in.value[1];
    if (e.op >= Op::ReluGradient && e.op <= Op::SoftplusGradient) {
        // dy, then y and x; where there is only one of them it is what is needed.
        const Acc at = e.inputs == 3 ? in.value[2] : y;
        return x * slope(e.op, at, y, e.parameter);
    }
    if (e.op >= Op::Relu && e.op <= Op::Softplus)
        return activate(e.op, x, e.parameter, e.propagates_nan);
    switch (e.op) {
    case Op::Identity: return x;
    case Op::Constant: return Acc(e.parameter[0]);
    case Op::Select: return in.value[2] != 0 ? x : y;
    case Op::Index: {
        Acc index = 0;
        each_coordinate(e.box, i, [&](int d, int64_t at) {
            if (d == int(e.parameter[0])) index = Acc(at);
        });
        return index;
    }
    case Op::Dropout: {
        const bool dropped = is_dropped(e.random, i, e.parameter[0]);
        static_cast<unsigned char*>(e.in[1].data)[in.place[1]] = !dropped;
        return dropped ? Acc(0) : x * Acc(1 / (1 - e.parameter[0]));
    }
    case Op::DropoutGradient: return y != 0 ? x * Acc(1 / (1 - e.parameter[0])) : Acc(0);
    default: break;
    }
    const bool is_binary = (e.op >= Op::Add && e.op <= Op::Atan2) ||
                           (e.op >= Op::Equal && e.op <= Op::Or);
    return is_binary ? combine(e.op, x, y, e.propagates_nan) : change(e.op, x);
}

template <class Acc>
__global__ void __launch_bounds__(256) elementwise_kernel(const __grid_constant__ Elementwise e) {
    for (int64_t i = lib::thread_of_grid(); i < e.box.count; i += lib::threads_of_grid()) {
        Inputs<Acc> in;
        for (int k = 0; k < 3; ++k) {
            in.value[k] = Acc(e.in_value[k]);
            if (k >= e.inputs || e.in[k].data == nullptr) continue;
            in.place[k] = offset_of(e.box, e.in_strides[k], i);
            in.value[k] = Acc(e.in_scale[k]) * load<Acc>(e.in[k], in.place[k]);
        }
        const int64_t place = offset_of(e.box, e.out_strides, i);
        Acc value = Acc(e.scale) * result_of(e, in, i);
        if (e.beta != 0) value += Acc(e.beta) * load<Acc>(e.out, place);
        store(e.out, place, value);
    }
}

__global__ void seed_kernel(uint64_t* state, uint64_t seed) {
    state[0] = seed;
    state[1] = 0;
}

__global__ void advance_kernel(uint64_t* state, uint64_t draws) {
    state[1] += draws;
}

} // namespace

cudaError_t launch_elementwise(cudaStream_t stream, const Elementwise& e) {
    bool wide = is_wide(e.out.type);
    for (int k = 0; k < e.inputs; ++k)
        wide = wide || (e.in[k].data != nullptr && is_wide(e.in[k].type));
    if (e.box.count <= 0) return cudaSuccess;
    const unsigned blocks = lib::blocks_for(e.box.count, 256, 1024);
    return lib::launch(wide ? elementwise_kernel<double> : elementwise_kernel<float>, blocks, 256,
                       stream, e);
}

cudaError_t launch_seed(cudaStream_t stream, uint64_t* state, uint64_t seed) {
    return lib::launch(seed_kernel, 1, 1, stream, state, seed);
}
cudaError_t launch_advance(cudaStream_t stream, uint64_t* state, uint64_t draws) {
    return lib::launch(advance_kernel, 1, 1, stream, state, draws);
}

} // namespace acc::dnn
