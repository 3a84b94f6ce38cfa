// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Cells of recurrent networks, one step at a time. Everything between layers is [time][batch][...]
// of the type that is computed in; what is beyond a sequence's end is zero there.
#pragma once

#include "runtime/lib/dnn/kernels/tensor.h"

namespace acc::dnn {

enum class Cell : unsigned char { Relu, Tanh, Lstm, Gru };

/// Gates that a cell's matrices have, and numbers that its gradient needs of each step.
constexpr int gates_of(Cell cell) {
    return cell == Cell::Lstm ? 4 : cell == Cell::Gru ? 3 : 1;
}
constexpr int kept_of(Cell cell) {
    return cell == Cell::Lstm || cell == Cell::Gru ? 4 : 1;
}

enum class Sequence : unsigned char { TimeFirst, Packed, BatchFirst };

/// Rows of the program's data to or from [time][batch][size].
struct RowCopy {
    Sequence layout = Sequence::TimeFirst;
    int time = 0, batch = 0, size = 0;
    const int* lengths = nullptr; ///< on the device
    Array data;                   ///< the program's
    Array inner;
    bool outward = false; ///< from inner to data
    double padding = 0;   ///< outward: what is beyond the end
    bool writes_padding = false;
};
cudaError_t launch_row_copy(cudaStream_t stream, const RowCopy& c);

/// A step of one direction of a layer. Matrices of [batch][...]; pointers of the computing type.
struct Step {
    Cell cell = Cell::Tanh;
    bool wide = false; ///< double
    int t = 0, batch = 0, hidden = 0;
    const int* lengths = nullptr;
    Array input_bias, recurrent_bias; ///< [gates][hidden], or null
    const void* of_input = nullptr;   ///< W x: [batch][gates][hidden]
    const void* of_state = nullptr;   ///< R h: the same
    void* h = nullptr;                ///< [batch][hidden], the state
    void* c = nullptr;                ///< LSTM
    void* kept = nullptr;             ///< [batch][kept][hidden]
    void* cells = nullptr;            ///< LSTM: c of this step, for its gradient
    void* out = nullptr;              ///< h of this step: rows of out_stride
    int64_t out_stride = 0;
    // Backward:
    const void* slope = nullptr; ///< of out: rows of out_stride
    void* dh = nullptr;          ///< [batch][hidden]: of h after this step, then before it
    void* dc = nullptr;
    const void* previous_cells = nullptr; ///< LSTM: of the step before, or null
    const void* previous_out = nullptr; ///< GRU: h of the step before: rows of out_stride, or null
    Array first_h, first_c;             ///< hx, cx: [batch][hidden], or null
    int previous_t = 0;                 ///< the step before; -1, or beyond the end: the first state
    void* of_input_slope = nullptr;     ///< [batch][gates][hidden]
    void* of_state_slope = nullptr;
};
cudaError_t launch_step(cudaStream_t stream, const Step& s);
cudaError_t launch_step_gradient(cudaStream_t stream, const Step& s);

/// to[t][b] = the state before step t: out of the step before, or the first state.
struct PreviousStates {
    bool wide = false, backward = false;
    int time = 0, batch = 0, hidden = 0;
    const int* lengths = nullptr;
    const void* out = nullptr;
    int64_t out_stride = 0;
    Array first;
    void* to = nullptr;
};
/// to[i] = from[i] (host memory, which is read before it returns): a graph that is captured holds
/// the numbers, whatever becomes of theirs.
cudaError_t launch_lengths(cudaStream_t stream, const int* from, int count, int* to);
cudaError_t launch_previous_states(cudaStream_t stream, const PreviousStates& p);

} // namespace acc::dnn
