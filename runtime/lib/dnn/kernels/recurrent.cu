// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/lib/common/launch.cuh"
#include "runtime/lib/dnn/kernels/element.cuh"
#include "runtime/lib/dnn/kernels/recurrent.h"

namespace acc::dnn {
namespace {

constexpr int kBlock = 128;

/// The row of the program's data, of packed data counting what is before.
__device__ int64_t row_of(const RowCopy& c, int t, int b) {
    if (c.layout == Sequence::TimeFirst) return int64_t(t) * c.batch + b;
    if (c.layout == Sequence::BatchFirst) return int64_t(b) * c.time + t;
    int64_t row = b;
    for (int i = 0; i < c.batch; ++i)
        row += c.lengths[i] < t ? c.lengths[i] : t;
    return row;
}

template <class Acc>
__global__ void __launch_bounds__(kBlock) row_copy_kernel(const __grid_constant__ RowCopy c) {
    const int64_t count = int64_t(c.time) * c.batch * c.size;
    for (int64_t i = lib::thread_of_grid(); i < count; i += lib::threads_of_grid()) {
        const int64_t row = i / c.size;
        const int t = int(row / c.batch), b = int(row % c.batch), j = int(i % c.size);
        const bool is_there = t < c.lengths[b];
        if (!c.outward) {
            store(c.inner, i, is_there ? load<Acc>(c.data, row_of(c, t, b) * c.size + j) : Acc(0));
        } else if (is_there || (c.writes_padding && c.layout != Sequence::Packed)) {
            store(c.data, row_of(c, t, b) * c.size + j,
                  is_there ? load<Acc>(c.inner, i) : Acc(c.padding));
        }
    }
}

template <class Acc>
__device__ __forceinline__ Acc logistic(Acc x) {
    return 1 / (1 + exp(-x));
}

/// W x and R h of a gate with their biases.
template <class Acc>
__device__ __forceinline__ Acc of_input(const Step& s, int64_t row, int gate, int j) {
    const int64_t at = int64_t(gate) * s.hidden + j;
    Acc value = static_cast<const Acc*>(s.of_input)[row * gates_of(s.cell) * s.hidden + at];
    if (s.input_bias.data != nullptr) value += load<Acc>(s.input_bias, at);
    return value;
}
template <class Acc>
__device__ __forceinline__ Acc of_state(const Step& s, int64_t row, int gate, int j) {
    const int64_t at = int64_t(gate) * s.hidden + j;
    Acc value = static_cast<const Acc*>(s.of_state)[row * gates_of(s.cell) * s.hidden + at];
    if (s.recurrent_bias.data != nullptr) value += load<Acc>(s.recurrent_bias, at);
    return value;
}

template <class Acc>
__global__ void __launch_bounds__(kBlock) step_kernel(const __grid_constant__ Step s) {
    const int64_t i = lib::thread_of_grid();
    if (i >= int64_t(s.batch) * s.hidden) return;
    const int64_t b = i / s.hidden;
    const int j = int(i % s.hidden);
    auto* out = static_cast<Acc*>(s.out) + b * s.out_stride + j;
    if (s.t >= s.lengths[b]) { // the state stays what it is
        *out = 0;
        return;
    }
    auto* h = static_cast<Acc*>(s.h) + i;
    auto* kept = static_cast<Acc*>(s.kept) + b * kept_of(s.cell) * s.hidden + j;
    const auto gate = [&](int g) { return of_input<Acc>(s, b, g, j) + of_state<Acc>(s, b, g, j); };
    Acc result;
    if (s.cell == Cell::Lstm) {
        auto* c = static_cast<Acc*>(s.c) + i;
        const Acc in = logistic(gate(0)), forget = logistic(gate(1)), fresh = tanh(gate(2)),
                  open = logistic(gate(3));
        const Acc cell = forget * *c + in * fresh;
        *c = cell;
        static_cast<Acc*>(s.cells)[i] = cell;
        result = open * tanh(cell);
        kept[0] = in, kept[s.hidden] = forget, kept[2 * s.hidden] = fresh,
        kept[3 * s.hidden] = open;
    } else if (s.cell == Cell::Gru) {
        const Acc reset = logistic(gate(0)), keep = logistic(gate(1));
        const Acc state = of_state<Acc>(s, b, 2, j);
        const Acc fresh = tanh(of_input<Acc>(s, b, 2, j) + reset * state);
        result = (1 - keep) * fresh + keep * *h;
        kept[0] = reset, kept[s.hidden] = keep, kept[2 * s.hidden] = fresh,
        kept[3 * s.hidden] = state;
    } else {
        const Acc sum = gate(0);
        result = s.cell == Cell::Tanh ? tanh(sum) : sum > 0 ? sum : Acc(0);
        kept[0] = result;
    }
    *h = result;
    *out = result;
}

/// A number of the step before: [batch][hidden] rows of `stride`, or of the first state.
template <class Acc>
__device__ Acc previous(const Step& s, const void* rows, int64_t stride, const Array& first,
                        int64_t b, int j) {
    if (s.previous_t >= 0 && s.previous_t < s.lengths[b])
        return static_cast<const Acc*>(rows)[b * stride + j];
    return first.data != nullptr ? load<Acc>(first, b * s.hidden + j) : Acc(0);
}

template <class Acc>
__global__ void __launch_bounds__(kBlock) step_gradient_kernel(const __grid_constant__ Step s) {
    const int64_t i = lib::thread_of_grid();
    if (i >= int64_t(s.batch) * s.hidden) return;
    const int64_t b = i / s.hidden;
    const int j = int(i % s.hidden);
    const int gates = gates_of(s.cell);
    auto* to_input = static_cast<Acc*>(s.of_input_slope) + b * gates * s.hidden + j;
    auto* to_state = static_cast<Acc*>(s.of_state_slope) + b * gates * s.hidden + j;
    const auto put = [&](int gate, Acc input, Acc state) {
        to_input[gate * s.hidden] = input;
        to_state[gate * s.hidden] = state;
    };
    if (s.t >= s.lengths[b]) {
        for (int g = 0; g < gates; ++g)
            put(g, 0, 0);
        return;
    }
    auto* dh = static_cast<Acc*>(s.dh) + i;
    const auto* kept = static_cast<const Acc*>(s.kept) + b * kept_of(s.cell) * s.hidden + j;
    const Acc slope = *dh + static_cast<const Acc*>(s.slope)[b * s.out_stride + j];
    if (s.cell == Cell::Lstm) {
        auto* dc = static_cast<Acc*>(s.dc) + i;
        const Acc in = kept[0], forget = kept[s.hidden], fresh = kept[2 * s.hidden],
                  open = kept[3 * s.hidden];
        const Acc bent = tanh(static_cast<const Acc*>(s.cells)[i]);
        const Acc before = previous<Acc>(s, s.previous_cells, s.hidden, s.first_c, b, j);
        const Acc of_cell = *dc + slope * open * (1 - bent * bent);
        const Acc d[4] = {of_cell * fresh * in * (1 - in), of_cell * before * forget * (1 - forget),
                          of_cell * in * (1 - fresh * fresh), slope * bent * open * (1 - open)};
        for (int g = 0; g < 4; ++g)
            put(g, d[g], d[g]);
        *dc = of_cell * forget;
        *dh = 0;
    } else if (s.cell == Cell::Gru) {
        const Acc reset = kept[0], keep = kept[s.hidden], fresh = kept[2 * s.hidden],
                  state = kept[3 * s.hidden];
        const Acc before = previous<Acc>(s, s.previous_out, s.out_stride, s.first_h, b, j);
        const Acc of_fresh = slope * (1 - keep) * (1 - fresh * fresh);
        const Acc of_reset = of_fresh * state * reset * (1 - reset);
        const Acc of_keep = slope * (before - fresh) * keep * (1 - keep);
        put(0, of_reset, of_reset);
        put(1, of_keep, of_keep);
        put(2, of_fresh, of_fresh * reset);
        *dh = slope * keep;
    } else {
        const Acc y = kept[0];
        const Acc d = s.cell == Cell::Tanh ? slope * (1 - y * y) : y > 0 ? slope : Acc(0);
        put(0, d, d);
        *dh = 0;
    }
}

template <class Acc>
__global__ void __launch_bounds__(kBlock)
    previous_states_kernel(const __grid_constant__ PreviousStates p) {
    const int64_t count = int64_t(p.time) * p.batch * p.hidden;
    for (int64_t i = lib::thread_of_grid(); i < count; i += lib::threads_of_grid()) {
        const int64_t row = i / p.hidden;
        const int t = int(row / p.batch), b = int(row % p.batch), j = int(i % p.hidden);
        const int before = p.backward ? t + 1 : t - 1;
        Acc value = 0;
        if (before >= 0 && before < p.lengths[b])
            value = static_cast<const Acc*>(
                p.out)[(int64_t(before) * p.batch + b) * p.out_stride + j];
        else if (p.first.data != nullptr)
            value = load<Acc>(p.first, int64_t(b) * p.hidden + j);
        static_cast<Acc*>(p.to)[i] = value;
    }
}

/// Numbers as a kernel's arguments.
struct Piece {
    int count;
    int value[256];
};
__global__ void __launch_bounds__(kBlock)
    lengths_kernel(const __grid_constant__ Piece piece, int* to) {
    for (int i = int(threadIdx.x); i < piece.count; i += kBlock)
        to[i] = piece.value[i];
}

} // namespace

cudaError_t launch_lengths(cudaStream_t stream, const int* from, int count, int* to) {
    cudaError_t error = cudaSuccess;
    Piece piece = {};
    constexpr int kMost = int(sizeof piece.value / sizeof(int));
    for (int done = 0; done < count && error == cudaSuccess; done += kMost) {
        piece.count = count - done < kMost ? count - done : kMost;
        for (int i = 0; i < piece.count; ++i)
            piece.value[i] = from[done + i];
        error = lib::launch(lengths_kernel, 1u, kBlock, stream, piece, to + done);
    }
    return error;
}
cudaError_t launch_row_copy(cudaStream_t stream, const RowCopy& c) {
    return lib::launch(is_wide(c.inner.type) ? row_copy_kernel<double> : row_copy_kernel<float>,
                       lib::blocks_for(int64_t(c.time) * c.batch * c.size, kBlock, 1024), kBlock,
                       stream, c);
}
cudaError_t launch_step(cudaStream_t stream, const Step& s) {
    return lib::launch(s.wide ? step_kernel<double> : step_kernel<float>,
                       lib::blocks_for(int64_t(s.batch) * s.hidden, kBlock), kBlock, stream, s);
}
cudaError_t launch_step_gradient(cudaStream_t stream, const Step& s) {
    return lib::launch(s.wide ? step_gradient_kernel<double> : step_gradient_kernel<float>,
                       lib::blocks_for(int64_t(s.batch) * s.hidden, kBlock), kBlock, stream, s);
}
cudaError_t launch_previous_states(cudaStream_t stream, const PreviousStates& p) {
    return lib::launch(p.wide ? previous_states_kernel<double> : previous_states_kernel<float>,
                       lib::blocks_for(int64_t(p.time) * p.batch * p.hidden, kBlock, 1024), kBlock,
                       stream, p);
}

} // namespace acc::dnn
