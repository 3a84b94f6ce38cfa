// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Recurrent networks, forward and backward: products of matrices for all steps at once where they
// do not depend on each other, and a step after the other where they do.
#include "runtime/lib/dnn/recurrent.h"

#include "runtime/lib/common/api.h"
#include "runtime/lib/dnn/kernels/convolve.h"
#include "runtime/lib/dnn/kernels/rows.h"

namespace acc::dnn {
namespace {

/// A matrix with the strides of its rows and columns.
struct Values {
    Array array;
    int64_t row = 0, column = 1;
};

/// d[m][n] = sum over k of a[m][k] b[n][k] + beta d[m][n].
cudaError_t multiply(cudaStream_t stream, int64_t m, int64_t n, int64_t k, const Values& a,
                     const Values& b, const Values& d, double beta) {
    Convolution p;
    p.m = unsigned(m);
    p.n = unsigned(n);
    p.k = unsigned(k);
    p.a = {a.array, 0, a.row, {{a.column}}};
    p.b.array = b.array;
    p.b.n_stride = b.row;
    p.b.k_stride = b.column;
    p.d = {d.array, 0, d.row, {{d.column}}};
    p.z = p.d;
    p.beta = beta;
    return launch_convolution(stream, p);
}

/// `count` numbers; zeros without a source.
cudaError_t copy(cudaStream_t stream, const Array& to, const Array& from, int64_t count) {
    if (to.data == nullptr) return cudaSuccess;
    Elementwise e;
    e.box = {1, {count}, count};
    e.out = to;
    e.out_strides.of[0] = e.in_strides[0].of[0] = 1;
    e.inputs = 1;
    e.in[0] = from;
    return launch_elementwise(stream, e);
}

/// What all passes know: sizes, lengths, memory.
class Pass {
  public:
    Pass(cudnnHandle_t handle, const cudnnRNNStruct& rnn, const cudnnRNNDataStruct& x,
         const void* weights, void* work, void* tape)
        : stream(handle->stream), n(rnn), time(x.time), batch(x.batch), layout(n, time, batch),
          weights_(weights), work_(static_cast<char*>(work)), tape_(static_cast<char*>(tape)) {}

    Array weight(int64_t at) const {
        return {const_cast<char*>(static_cast<const char*>(weights_)) +
                    at * int64_t(size_of(n.type)),
                n.type};
    }
    /// Of the program's [layers and directions][batch][hidden].
    Array state(const void* data, int index) const {
        if (data == nullptr) return {nullptr, n.type};
        return {const_cast<char*>(static_cast<const char*>(data)) +
                    index * state_size() * int64_t(size_of(n.type)),
                n.type};
    }
    void* work(size_t at, int64_t number = 0) const {
        return work_ + at + size_t(number) * layout.value;
    }
    void* tape(size_t at, int64_t number = 0) const {
        return tape_ + at + size_t(number) * layout.value;
    }
    Array inner(void* data) const { return {data, n.compute}; }
    int64_t state_size() const { return int64_t(batch) * n.hidden; }
    int64_t rows() const { return int64_t(time) * batch; }
    int64_t gate_rows() const { return int64_t(n.gates) * n.hidden; }
    int64_t out_size() const { return int64_t(n.hidden) * n.directions; }
    const int* lengths() const { return lengths_; }
    void* layer_input(int layer) const {
        return tape(layer == 0 ? layout.first_input : layout.out[size_t(layer) - 1]);
    }

    /// The lengths are the program's, or come from the descriptor.
    cudaError_t set_lengths(const int32_t* given, const cudnnRNNDataStruct& x) {
        lengths_ = given;
        if (given != nullptr) return cudaSuccess;
        auto* place = static_cast<int*>(work(layout.lengths));
        lengths_ = place;
        return launch_lengths(stream, x.lengths.data(), batch, place);
    }

    RowCopy rows_of(const cudnnRNNDataStruct& d, const void* data, void* inside) const {
        RowCopy c;
        c.layout = d.layout == CUDNN_RNN_DATA_LAYOUT_SEQ_MAJOR_PACKED       ? Sequence::Packed
                   : d.layout == CUDNN_RNN_DATA_LAYOUT_BATCH_MAJOR_UNPACKED ? Sequence::BatchFirst
                                                                            : Sequence::TimeFirst;
        c.time = time;
        c.batch = batch;
        c.size = d.size;
        c.lengths = lengths_;
        c.data = {const_cast<void*>(data), n.type};
        c.inner = inner(inside);
        c.padding = d.padding;
        return c;
    }

    /// A step's pointers that both directions of a pass use.
    Step step(int layer, int direction, int t) const {
        const auto index = size_t(layer * n.directions + direction);
        const int64_t row = int64_t(t) * batch;
        Step s;
        s.cell = n.cell;
        s.wide = n.compute == Element::F64;
        s.t = t;
        s.batch = batch;
        s.hidden = n.hidden;
        s.lengths = lengths_;
        s.kept = tape(layout.kept[index], row * kept_of(n.cell) * n.hidden);
        s.cells = tape(layout.cells[index], row * n.hidden);
        s.out_stride = out_size();
        s.out = tape(layout.out[size_t(layer)], row * out_size() + int64_t(direction) * n.hidden);
        return s;
    }

    cudaStream_t stream;
    Network n;
    int time, batch;
    Layout layout;

  private:
    const void* weights_;
    char *work_, *tape_;
    const int* lengths_ = nullptr;
};

/// One direction of a layer, forward.
cudaError_t forward(const Pass& p, int layer, int direction, const void* hx, void* hy,
                    const void* cx, void* cy) {
    const Network& n = p.n;
    const int index = layer * n.directions + direction;
    const auto w = n.weights(layer, direction);
    const int64_t in = n.in_size(layer), rows = p.gate_rows();
    const Array of_input = p.inner(p.work(p.layout.of_input)),
                of_state = p.inner(p.work(p.layout.of_state)), h = p.inner(p.work(p.layout.h)),
                c = p.inner(p.work(p.layout.c));
    cudaError_t error = multiply(p.stream, rows, p.rows(), in, {p.weight(w.input), in},
                                 {p.inner(p.layer_input(layer)), in}, {of_input, 1, rows}, 0);
    if (error == cudaSuccess) error = copy(p.stream, h, p.state(hx, index), p.state_size());
    if (error == cudaSuccess && n.cell == Cell::Lstm)
        error = copy(p.stream, c, p.state(cx, index), p.state_size());
    for (int i = 0; i < p.time && error == cudaSuccess; ++i) {
        const int t = direction == 0 ? i : p.time - 1 - i;
        error = multiply(p.stream, rows, p.batch, n.hidden, {p.weight(w.recurrent), n.hidden},
                         {h, n.hidden}, {of_state, 1, rows}, 0);
        if (error != cudaSuccess) break;
        Step s = p.step(layer, direction, t);
        if (n.input_bias) s.input_bias = p.weight(w.input_bias);
        if (n.recurrent_bias) s.recurrent_bias = p.weight(w.recurrent_bias);
        s.of_input = p.work(p.layout.of_input, int64_t(t) * p.batch * rows);
        s.of_state = of_state.data;
        s.h = h.data;
        s.c = c.data;
        error = launch_step(p.stream, s);
    }
    if (error == cudaSuccess) error = copy(p.stream, p.state(hy, index), h, p.state_size());
    if (error == cudaSuccess && n.cell == Cell::Lstm)
        error = copy(p.stream, p.state(cy, index), c, p.state_size());
    return error;
}

/// The initial and final states of a gradient's pass.
struct States {
    const void *hx, *cx, *dhy, *dcy;
    void *dhx, *dcx;
};

/// One direction of a layer, backward: `slope` is of its output; adds to `below`, of its input.
cudaError_t backward(const Pass& p, int layer, int direction, const States& given,
                     const void* slope, void* below, bool adds) {
    const Network& n = p.n;
    const int index = layer * n.directions + direction;
    const auto w = n.weights(layer, direction);
    const int64_t in = n.in_size(layer), rows = p.gate_rows();
    const Array dh = p.inner(p.work(p.layout.h)), dc = p.inner(p.work(p.layout.c));
    cudaError_t error = copy(p.stream, dh, p.state(given.dhy, index), p.state_size());
    if (error == cudaSuccess) error = copy(p.stream, dc, p.state(given.dcy, index), p.state_size());
    for (int i = p.time - 1; i >= 0 && error == cudaSuccess; --i) {
        const int t = direction == 0 ? i : p.time - 1 - i, before = direction == 0 ? t - 1 : t + 1;
        Step s = p.step(layer, direction, t);
        s.slope = static_cast<const char*>(slope) +
                  (int64_t(t) * p.batch * p.out_size() + int64_t(direction) * n.hidden) *
                      int64_t(p.layout.value);
        s.dh = dh.data;
        s.dc = dc.data;
        s.previous_t = before;
        if (before >= 0 && before < p.time) {
            const Step other = p.step(layer, direction, before);
            s.previous_cells = other.cells;
            s.previous_out = other.out;
        }
        s.first_h = p.state(given.hx, index);
        s.first_c = p.state(given.cx, index);
        s.of_input_slope = p.tape(p.layout.to_input[size_t(index)], int64_t(t) * p.batch * rows);
        s.of_state_slope = p.tape(p.layout.to_state[size_t(index)], int64_t(t) * p.batch * rows);
        error = launch_step_gradient(p.stream, s);
        if (error == cudaSuccess)
            error = multiply(p.stream, n.hidden, p.batch, rows,
                             {p.weight(w.recurrent), 1, n.hidden},
                             {p.inner(s.of_state_slope), rows}, {dh, 1, n.hidden}, 1);
    }
    if (error == cudaSuccess) error = copy(p.stream, p.state(given.dhx, index), dh, p.state_size());
    if (error == cudaSuccess && n.cell == Cell::Lstm)
        error = copy(p.stream, p.state(given.dcx, index), dc, p.state_size());
    if (error == cudaSuccess)
        error = multiply(p.stream, in, p.rows(), rows, {p.weight(w.input), 1, in},
                         {p.inner(p.tape(p.layout.to_input[size_t(index)])), rows},
                         {p.inner(below), 1, in}, adds ? 1 : 0);
    return error;
}

/// Sums over all steps of a bias's gradient.
cudaError_t add_up(const Pass& p, void* slopes, const Array& to, double beta) {
    Reduction r;
    r.outer = {1, {p.gate_rows()}, p.gate_rows()};
    r.inner = {1, {p.rows()}, p.rows()};
    r.in.array = p.inner(slopes);
    r.in.outer.of[0] = 1;
    r.in.inner.of[0] = p.gate_rows();
    r.out.array = to;
    r.out.outer.of[0] = 1;
    r.beta = beta;
    return launch_reduction(p.stream, r);
}

cudaError_t weight_gradients(const Pass& p, int layer, int direction, const void* hx, double beta) {
    const Network& n = p.n;
    const int index = layer * n.directions + direction;
    const auto w = n.weights(layer, direction);
    const int64_t in = n.in_size(layer), rows = p.gate_rows();
    void* const to_input = p.tape(p.layout.to_input[size_t(index)]);
    void* const to_state = p.tape(p.layout.to_state[size_t(index)]);
    PreviousStates before;
    before.wide = n.compute == Element::F64;
    before.backward = direction == 1;
    before.time = p.time;
    before.batch = p.batch;
    before.hidden = n.hidden;
    before.lengths = p.lengths();
    before.out = p.step(layer, direction, 0).out;
    before.out_stride = p.out_size();
    before.first = p.state(hx, index);
    before.to = p.work(p.layout.previous);
    cudaError_t error = launch_previous_states(p.stream, before);
    if (error == cudaSuccess)
        error = multiply(p.stream, rows, in, p.rows(), {p.inner(to_input), 1, rows},
                         {p.inner(p.layer_input(layer)), 1, in}, {p.weight(w.input), in}, beta);
    if (error == cudaSuccess)
        error = multiply(p.stream, rows, n.hidden, p.rows(), {p.inner(to_state), 1, rows},
                         {p.inner(before.to), 1, n.hidden}, {p.weight(w.recurrent), n.hidden},
                         beta);
    if (error == cudaSuccess && n.input_bias)
        error = add_up(p, to_input, p.weight(w.input_bias), beta);
    if (error == cudaSuccess && n.recurrent_bias)
        error = add_up(p, to_state, p.weight(w.recurrent_bias), beta);
    return error;
}

/// What the three functions check alike.
cudnnStatus_t check(const cudnnRNNStruct* rnn, const cudnnRNNDataStruct* x,
                    const cudnnRNNDataStruct* y, size_t weight_size, const void* weights,
                    size_t work_size, const void* work) {
    if (rnn == nullptr || x == nullptr || y == nullptr) return null_pointer("a descriptor");
    if (!rnn->is_set || !x->is_set || !y->is_set)
        return fail(CUDNN_STATUS_BAD_PARAM, "a descriptor was not set");
    const Network n(*rnn);
    if (x->type != rnn->type || y->type != rnn->type)
        return fail(CUDNN_STATUS_BAD_PARAM, "network, x and y have different types");
    if (x->size != n.input || y->size != n.hidden * n.directions || x->time != y->time ||
        x->batch != y->batch || x->lengths != y->lengths || x->layout != y->layout)
        return fail(CUDNN_STATUS_BAD_PARAM, "x and y are not the network's");
    if (weights == nullptr || weight_size < size_t(n.weight_count()) * size_of(n.type))
        return fail(CUDNN_STATUS_BAD_PARAM, "%zu bytes of weights", weight_size);
    if (work == nullptr || work_size < Layout(n, x->time, x->batch).work)
        return fail(CUDNN_STATUS_BAD_PARAM, "%zu bytes of workspace", work_size);
    return CUDNN_STATUS_SUCCESS;
}

cudnnStatus_t check_reserve(const cudnnRNNStruct& rnn, const cudnnRNNDataStruct& x, size_t size,
                            const void* reserve) {
    if (reserve == nullptr || size < Layout(Network(rnn), x.time, x.batch).tape)
        return fail(CUDNN_STATUS_BAD_PARAM, "%zu bytes of reserve space", size);
    if (rnn.dropout != nullptr && rnn.dropout->rate > 0 && rnn.layers > 1)
        return fail(CUDNN_STATUS_NOT_SUPPORTED, "dropout between layers");
    return CUDNN_STATUS_SUCCESS;
}

} // namespace
} // namespace acc::dnn

using namespace acc::dnn;

ACC_LIBRARY_API cudnnStatus_t
cudnnRNNForward(cudnnHandle_t handle, cudnnRNNDescriptor_t rnn_desc, cudnnForwardMode_t fwd_mode,
                const int32_t dev_seq_lengths[], cudnnRNNDataDescriptor_t x_desc, const void* x,
                cudnnRNNDataDescriptor_t y_desc, void* y, cudnnTensorDescriptor_t, const void* hx,
                void* hy, cudnnTensorDescriptor_t, const void* cx, void* cy,
                size_t weight_space_size, const void* weight_space, size_t work_space_size,
                void* work_space, size_t reserve_space_size, void* reserve_space) {
    return guard(__func__, handle, [&] {
        auto status = check(rnn_desc, x_desc, y_desc, weight_space_size, weight_space,
                            work_space_size, work_space);
        if (failed(status)) return status;
        if (x == nullptr || y == nullptr) return null_pointer("x or y");
        void* tape = reserve_space;
        if (fwd_mode == CUDNN_FWD_MODE_TRAINING) {
            status = check_reserve(*rnn_desc, *x_desc, reserve_space_size, reserve_space);
            if (failed(status)) return status;
        } else {
            const Layout layout(Network(*rnn_desc), x_desc->time, x_desc->batch);
            if (work_space_size < layout.work + layout.tape)
                return fail(CUDNN_STATUS_BAD_PARAM, "%zu bytes of workspace", work_space_size);
            tape = static_cast<char*>(work_space) + layout.work;
        }
        Pass p(handle, *rnn_desc, *x_desc, weight_space, work_space, tape);
        cudaError_t error = p.set_lengths(dev_seq_lengths, *x_desc);
        if (error == cudaSuccess)
            error = launch_row_copy(p.stream, p.rows_of(*x_desc, x, p.layer_input(0)));
        for (int l = 0; l < p.n.layers; ++l)
            for (int d = 0; d < p.n.directions && error == cudaSuccess; ++d)
                error = forward(p, l, d, hx, hy, cx, cy);
        if (error == cudaSuccess) {
            RowCopy c = p.rows_of(*y_desc, y, p.layer_input(p.n.layers));
            c.outward = true;
            c.writes_padding = y_desc->fills;
            error = launch_row_copy(p.stream, c);
        }
        return status_of(error);
    });
}

ACC_LIBRARY_API cudnnStatus_t cudnnRNNBackwardData_v8(
    cudnnHandle_t handle, cudnnRNNDescriptor_t rnn_desc, const int32_t dev_seq_lengths[],
    cudnnRNNDataDescriptor_t y_desc, const void*, const void* dy, cudnnRNNDataDescriptor_t x_desc,
    void* dx, cudnnTensorDescriptor_t, const void* hx, const void* dhy, void* dhx,
    cudnnTensorDescriptor_t, const void* cx, const void* dcy, void* dcx, size_t weight_space_size,
    const void* weight_space, size_t work_space_size, void* work_space, size_t reserve_space_size,
    void* reserve_space) {
    return guard(__func__, handle, [&] {
        auto status = check(rnn_desc, x_desc, y_desc, weight_space_size, weight_space,
                            work_space_size, work_space);
        if (failed(status)) return status;
        status = check_reserve(*rnn_desc, *x_desc, reserve_space_size, reserve_space);
        if (failed(status)) return status;
        if (dy == nullptr || dx == nullptr) return null_pointer("dy or dx");
        Pass p(handle, *rnn_desc, *x_desc, weight_space, work_space, reserve_space);
        void *slope = p.work(p.layout.slope_a), *below = p.work(p.layout.slope_b);
        cudaError_t error = p.set_lengths(dev_seq_lengths, *x_desc);
        if (error == cudaSuccess) error = launch_row_copy(p.stream, p.rows_of(*y_desc, dy, slope));
        const States states = {hx, cx, dhy, dcy, dhx, dcx};
        for (int l = p.n.layers - 1; l >= 0 && error == cudaSuccess; --l) {
            for (int d = 0; d < p.n.directions && error == cudaSuccess; ++d)
                error = backward(p, l, d, states, slope, below, d > 0);
            std::swap(slope, below);
        }
        if (error == cudaSuccess) {
            RowCopy c = p.rows_of(*x_desc, dx, slope);
            c.outward = true;
            c.padding = 0;
            c.writes_padding = true;
            error = launch_row_copy(p.stream, c);
        }
        return status_of(error);
    });
}

ACC_LIBRARY_API cudnnStatus_t cudnnRNNBackwardWeights_v8(
    cudnnHandle_t handle, cudnnRNNDescriptor_t rnn_desc, cudnnWgradMode_t add_grad,
    const int32_t dev_seq_lengths[], cudnnRNNDataDescriptor_t x_desc, const void*,
    cudnnTensorDescriptor_t, const void* hx, cudnnRNNDataDescriptor_t y_desc, const void*,
    size_t weight_space_size, void* dweight_space, size_t work_space_size, void* work_space,
    size_t reserve_space_size, void* reserve_space) {
    return guard(__func__, handle, [&] {
        auto status = check(rnn_desc, x_desc, y_desc, weight_space_size, dweight_space,
                            work_space_size, work_space);
        if (failed(status)) return status;
        status = check_reserve(*rnn_desc, *x_desc, reserve_space_size, reserve_space);
        if (failed(status)) return status;
        if (add_grad != CUDNN_WGRAD_MODE_ADD && add_grad != CUDNN_WGRAD_MODE_SET)
            return fail(CUDNN_STATUS_BAD_PARAM, "no gradient mode %d", int(add_grad));
        Pass p(handle, *rnn_desc, *x_desc, dweight_space, work_space, reserve_space);
        cudaError_t error = p.set_lengths(dev_seq_lengths, *x_desc);
        for (int l = 0; l < p.n.layers; ++l)
            for (int d = 0; d < p.n.directions && error == cudaSuccess; ++d)
                error = weight_gradients(p, l, d, hx, add_grad == CUDNN_WGRAD_MODE_ADD ? 1 : 0);
        return status_of(error);
    });
}
