// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Descriptors of recurrent networks and of their data; the sizes of what they need.
#include "runtime/lib/common/api.h"
#include "runtime/lib/dnn/recurrent.h"

#include <algorithm>
#include <cuda_bf16.h>
#include <cuda_fp16.h>

namespace acc::dnn {

Network::Network(const cudnnRNNStruct& n)
    : cell(n.mode == CUDNN_LSTM       ? Cell::Lstm
           : n.mode == CUDNN_GRU      ? Cell::Gru
           : n.mode == CUDNN_RNN_TANH ? Cell::Tanh
                                      : Cell::Relu),
      gates(gates_of(cell)), directions(n.direction == CUDNN_BIDIRECTIONAL ? 2 : 1),
      layers(n.layers), input(n.input), hidden(n.hidden),
      input_bias(n.bias == CUDNN_RNN_DOUBLE_BIAS || n.bias == CUDNN_RNN_SINGLE_INP_BIAS),
      recurrent_bias(n.bias == CUDNN_RNN_DOUBLE_BIAS || n.bias == CUDNN_RNN_SINGLE_REC_BIAS),
      type(element_of(n.type)), compute(type == Element::F64 ? Element::F64 : Element::F32) {}

Network::Weights Network::weights(int layer, int direction) const {
    const int64_t rows = int64_t(gates) * hidden;
    const auto size = [&](int l) {
        return rows * (in_size(l) + hidden + (input_bias ? 1 : 0) + (recurrent_bias ? 1 : 0));
    };
    int64_t at = size(layer) * direction;
    for (int l = 0; l < layer; ++l)
        at += size(l) * directions;
    Weights w;
    w.input = at;
    w.recurrent = w.input + rows * in_size(layer);
    w.input_bias = w.recurrent + rows * hidden;
    w.recurrent_bias = w.input_bias + (input_bias ? rows : 0);
    w.end = w.recurrent_bias + (recurrent_bias ? rows : 0);
    return w;
}

Layout::Layout(const Network& n, int time, int batch) : value(size_of(n.compute)) {
    size_t at = 0;
    const auto take = [&](int64_t count, size_t each) {
        const size_t begin = at;
        at += (size_t(count) * each + 255) / 256 * 256;
        return begin;
    };
    const int64_t rows = int64_t(time) * batch, wide = int64_t(n.hidden) * n.directions;
    first_input = take(rows * n.input, value);
    for (int l = 0; l < n.layers; ++l)
        out.push_back(take(rows * wide, value));
    for (int i = 0; i < n.layers * n.directions; ++i) {
        kept.push_back(take(rows * kept_of(n.cell) * n.hidden, value));
        cells.push_back(n.cell == Cell::Lstm ? take(rows * n.hidden, value) : at);
        to_input.push_back(take(rows * n.gates * n.hidden, value));
        to_state.push_back(take(rows * n.gates * n.hidden, value));
    }
    tape = at;
    at = 0;
    const int64_t widest = std::max<int64_t>(n.input, wide);
    lengths = take(batch, sizeof(int));
    of_input = take(rows * n.gates * n.hidden, value);
    of_state = take(int64_t(batch) * n.gates * n.hidden, value);
    h = take(int64_t(batch) * n.hidden, value);
    c = take(int64_t(batch) * n.hidden, value);
    slope_a = take(rows * widest, value);
    slope_b = take(rows * widest, value);
    previous = take(rows * n.hidden, value);
    work = at;
}

namespace {

cudnnStatus_t check(const cudnnRNNStruct* rnn) {
    if (rnn == nullptr) return null_pointer("rnnDesc");
    if (!rnn->is_set) return fail(CUDNN_STATUS_BAD_PARAM, "the network was not set");
    return CUDNN_STATUS_SUCCESS;
}

cudnnStatus_t set_clip(cudnnRNNDescriptor_t rnn, cudnnRNNClipMode_t mode, cudnnNanPropagation_t nan,
                       double low, double high) {
    if (rnn == nullptr) return null_pointer("rnnDesc");
    if (mode != CUDNN_RNN_CLIP_NONE && mode != CUDNN_RNN_CLIP_MINMAX)
        return fail(CUDNN_STATUS_BAD_PARAM, "no clip mode %d", int(mode));
    if (mode == CUDNN_RNN_CLIP_MINMAX) return fail(CUDNN_STATUS_NOT_SUPPORTED, "clipping of cells");
    rnn->clip = mode;
    rnn->clip_nan = nan;
    rnn->clip_low = low;
    rnn->clip_high = high;
    return CUDNN_STATUS_SUCCESS;
}

cudnnStatus_t get_clip(cudnnRNNDescriptor_t rnn, cudnnRNNClipMode_t* mode,
                       cudnnNanPropagation_t* nan, double* low, double* high) {
    if (rnn == nullptr) return null_pointer("rnnDesc");
    give(mode, rnn->clip);
    give(nan, rnn->clip_nan);
    give(low, rnn->clip_low);
    give(high, rnn->clip_high);
    return CUDNN_STATUS_SUCCESS;
}

/// A value of a data type in host memory.
double padding_of(cudnnDataType_t type, const void* at) {
    switch (type) {
    case CUDNN_DATA_DOUBLE: return *static_cast<const double*>(at);
    case CUDNN_DATA_HALF: return double(__half2float(*static_cast<const __half*>(at)));
    case CUDNN_DATA_BFLOAT16:
        return double(__bfloat162float(*static_cast<const __nv_bfloat16*>(at)));
    default: return double(*static_cast<const float*>(at));
    }
}

bool is_float(cudnnDataType_t type) {
    return type == CUDNN_DATA_FLOAT || type == CUDNN_DATA_DOUBLE || type == CUDNN_DATA_HALF ||
           type == CUDNN_DATA_BFLOAT16;
}

} // namespace
} // namespace acc::dnn

using namespace acc::dnn;

ACC_LIBRARY_API cudnnStatus_t cudnnCreateRNNDescriptor(cudnnRNNDescriptor_t* rnn_desc) {
    return create(__func__, rnn_desc);
}
ACC_LIBRARY_API cudnnStatus_t cudnnDestroyRNNDescriptor(cudnnRNNDescriptor_t rnn_desc) {
    return destroy(rnn_desc);
}

ACC_LIBRARY_API cudnnStatus_t cudnnSetRNNDescriptor_v8(
    cudnnRNNDescriptor_t rnn_desc, cudnnRNNAlgo_t algo, cudnnRNNMode_t cell_mode,
    cudnnRNNBiasMode_t bias_mode, cudnnDirectionMode_t dir_mode, cudnnRNNInputMode_t input_mode,
    cudnnDataType_t data_type, cudnnDataType_t math_prec, cudnnMathType_t math_type,
    int32_t input_size, int32_t hidden_size, int32_t proj_size, int32_t num_layers,
    cudnnDropoutDescriptor_t dropout_desc, uint32_t aux_flags) {
    return guard(__func__, [&] {
        if (rnn_desc == nullptr) return null_pointer("rnnDesc");
        if (algo < 0 || algo >= CUDNN_RNN_ALGO_COUNT || cell_mode < CUDNN_RNN_RELU ||
            cell_mode > CUDNN_GRU || bias_mode < CUDNN_RNN_NO_BIAS ||
            bias_mode > CUDNN_RNN_SINGLE_REC_BIAS || dir_mode < CUDNN_UNIDIRECTIONAL ||
            dir_mode > CUDNN_BIDIRECTIONAL || input_mode < CUDNN_LINEAR_INPUT ||
            input_mode > CUDNN_SKIP_INPUT)
            return fail(CUDNN_STATUS_BAD_PARAM, "an algorithm or mode that there is not");
        if (input_size <= 0 || hidden_size <= 0 || num_layers <= 0 || proj_size > hidden_size)
            return fail(CUDNN_STATUS_BAD_PARAM, "sizes %d, %d, %d, %d layers", input_size,
                        hidden_size, proj_size, num_layers);
        if (input_mode == CUDNN_SKIP_INPUT)
            return fail(CUDNN_STATUS_NOT_SUPPORTED, "CUDNN_SKIP_INPUT");
        if (proj_size != hidden_size && proj_size != 0)
            return fail(CUDNN_STATUS_NOT_SUPPORTED, "projections");
        if (!is_float(data_type))
            return fail(CUDNN_STATUS_NOT_SUPPORTED, "networks of data type %d", int(data_type));
        *rnn_desc = {.is_set = true,
                     .algo = algo,
                     .mode = cell_mode,
                     .bias = bias_mode,
                     .direction = dir_mode,
                     .input_mode = input_mode,
                     .type = data_type,
                     .precision = math_prec,
                     .math = math_type,
                     .input = input_size,
                     .hidden = hidden_size,
                     .projected = proj_size,
                     .layers = num_layers,
                     .dropout = dropout_desc,
                     .flags = aux_flags};
        return CUDNN_STATUS_SUCCESS;
    });
}

ACC_LIBRARY_API cudnnStatus_t cudnnGetRNNDescriptor_v8(
    cudnnRNNDescriptor_t rnn_desc, cudnnRNNAlgo_t* algo, cudnnRNNMode_t* cell_mode,
    cudnnRNNBiasMode_t* bias_mode, cudnnDirectionMode_t* dir_mode, cudnnRNNInputMode_t* input_mode,
    cudnnDataType_t* data_type, cudnnDataType_t* math_prec, cudnnMathType_t* math_type,
    int32_t* input_size, int32_t* hidden_size, int32_t* proj_size, int32_t* num_layers,
    cudnnDropoutDescriptor_t* dropout_desc, uint32_t* aux_flags) {
    return guard(__func__, [&] {
        if (const auto status = check(rnn_desc); failed(status)) return status;
        give(algo, rnn_desc->algo);
        give(cell_mode, rnn_desc->mode);
        give(bias_mode, rnn_desc->bias);
        give(dir_mode, rnn_desc->direction);
        give(input_mode, rnn_desc->input_mode);
        give(data_type, rnn_desc->type);
        give(math_prec, rnn_desc->precision);
        give(math_type, rnn_desc->math);
        give(input_size, rnn_desc->input);
        give(hidden_size, rnn_desc->hidden);
        give(proj_size, rnn_desc->projected);
        give(num_layers, rnn_desc->layers);
        give(dropout_desc, rnn_desc->dropout);
        give(aux_flags, rnn_desc->flags);
        return CUDNN_STATUS_SUCCESS;
    });
}

ACC_LIBRARY_API cudnnStatus_t cudnnRNNSetClip_v8(cudnnRNNDescriptor_t rnn_desc,
                                                 cudnnRNNClipMode_t clip_mode,
                                                 cudnnNanPropagation_t clip_nan_opt, double lclip,
                                                 double rclip) {
    return guard(__func__,
                 [&] { return set_clip(rnn_desc, clip_mode, clip_nan_opt, lclip, rclip); });
}
ACC_LIBRARY_API cudnnStatus_t cudnnRNNSetClip_v9(cudnnRNNDescriptor_t rnn_desc,
                                                 cudnnRNNClipMode_t clip_mode, double lclip,
                                                 double rclip) {
    return guard(__func__, [&] {
        return set_clip(rnn_desc, clip_mode, CUDNN_NOT_PROPAGATE_NAN, lclip, rclip);
    });
}
ACC_LIBRARY_API cudnnStatus_t cudnnRNNGetClip_v8(cudnnRNNDescriptor_t rnn_desc,
                                                 cudnnRNNClipMode_t* clip_mode,
                                                 cudnnNanPropagation_t* clip_nan_opt, double* lclip,
                                                 double* rclip) {
    return guard(__func__,
                 [&] { return get_clip(rnn_desc, clip_mode, clip_nan_opt, lclip, rclip); });
}
ACC_LIBRARY_API cudnnStatus_t cudnnRNNGetClip_v9(cudnnRNNDescriptor_t rnn_desc,
                                                 cudnnRNNClipMode_t* clip_mode, double* lclip,
                                                 double* rclip) {
    return guard(__func__, [&] { return get_clip(rnn_desc, clip_mode, nullptr, lclip, rclip); });
}

/// Nothing is compiled for a batch.
ACC_LIBRARY_API cudnnStatus_t cudnnBuildRNNDynamic(cudnnHandle_t handle,
                                                   cudnnRNNDescriptor_t rnn_desc, int mini_batch) {
    return guard(__func__, handle, [&] {
        if (mini_batch <= 0) return fail(CUDNN_STATUS_BAD_PARAM, "a batch of %d", mini_batch);
        return check(rnn_desc);
    });
}

ACC_LIBRARY_API cudnnStatus_t cudnnGetRNNTempSpaceSizes(
    cudnnHandle_t handle, cudnnRNNDescriptor_t rnn_desc, cudnnForwardMode_t fwd_mode,
    cudnnRNNDataDescriptor_t x_desc, size_t* work_space_size, size_t* reserve_space_size) {
    return guard(__func__, handle, [&] {
        if (const auto status = check(rnn_desc); failed(status)) return status;
        if (x_desc == nullptr || !x_desc->is_set)
            return fail(CUDNN_STATUS_BAD_PARAM, "xDesc was not set");
        const Layout layout(Network(*rnn_desc), x_desc->time, x_desc->batch);
        const bool trains = fwd_mode == CUDNN_FWD_MODE_TRAINING;
        give(work_space_size, layout.work + (trains ? 0 : layout.tape));
        give(reserve_space_size, trains ? layout.tape : 0);
        return CUDNN_STATUS_SUCCESS;
    });
}

ACC_LIBRARY_API cudnnStatus_t cudnnGetRNNWeightSpaceSize(cudnnHandle_t handle,
                                                         cudnnRNNDescriptor_t rnn_desc,
                                                         size_t* weight_space_size) {
    return guard(__func__, handle, [&] {
        if (const auto status = check(rnn_desc); failed(status)) return status;
        if (weight_space_size == nullptr) return null_pointer("weightSpaceSize");
        const Network network(*rnn_desc);
        *weight_space_size = size_t(network.weight_count()) * size_of(network.type);
        return CUDNN_STATUS_SUCCESS;
    });
}

ACC_LIBRARY_API cudnnStatus_t cudnnGetRNNWeightParams(
    cudnnHandle_t handle, cudnnRNNDescriptor_t rnn_desc, int32_t pseudo_layer,
    size_t weight_space_size, const void* weight_space, int32_t lin_layer_id,
    cudnnTensorDescriptor_t m_desc, void** m_addr, cudnnTensorDescriptor_t b_desc, void** b_addr) {
    return guard(__func__, handle, [&] {
        if (const auto status = check(rnn_desc); failed(status)) return status;
        const Network n(*rnn_desc);
        if (weight_space == nullptr || m_addr == nullptr || b_addr == nullptr ||
            m_desc == nullptr || b_desc == nullptr)
            return null_pointer("the weight space or a result");
        if (pseudo_layer < 0 || pseudo_layer >= n.layers * n.directions || lin_layer_id < 0 ||
            lin_layer_id >= 2 * n.gates ||
            weight_space_size < size_t(n.weight_count()) * size_of(n.type))
            return fail(CUDNN_STATUS_INVALID_VALUE, "layer %d, matrix %d, %zu bytes", pseudo_layer,
                        lin_layer_id, weight_space_size);
        const int layer = pseudo_layer / n.directions, gate = lin_layer_id % n.gates;
        const bool recurrent = lin_layer_id >= n.gates;
        const auto w = n.weights(layer, pseudo_layer % n.directions);
        const int64_t columns = recurrent ? n.hidden : n.in_size(layer);
        auto* const bytes = static_cast<char*>(const_cast<void*>(weight_space));
        const auto at = [&](int64_t element) -> void* {
            return bytes + element * int64_t(size_of(n.type));
        };
        const int64_t matrix[] = {1, n.hidden, columns}, vector[] = {1, n.hidden, 1};
        *m_addr = at((recurrent ? w.recurrent : w.input) + gate * n.hidden * columns);
        *m_desc = packed_tensor(rnn_desc->type, CUDNN_TENSOR_NCHW, 3, matrix);
        const bool has_bias = recurrent ? n.recurrent_bias : n.input_bias;
        *b_addr = has_bias
                      ? at((recurrent ? w.recurrent_bias : w.input_bias) + int64_t(gate) * n.hidden)
                      : nullptr;
        *b_desc = has_bias ? packed_tensor(rnn_desc->type, CUDNN_TENSOR_NCHW, 3, vector) : Tensor{};
        return CUDNN_STATUS_SUCCESS;
    });
}

ACC_LIBRARY_API cudnnStatus_t
cudnnCreateRNNDataDescriptor(cudnnRNNDataDescriptor_t* rnn_data_desc) {
    return create(__func__, rnn_data_desc);
}
ACC_LIBRARY_API cudnnStatus_t
cudnnDestroyRNNDataDescriptor(cudnnRNNDataDescriptor_t rnn_data_desc) {
    return destroy(rnn_data_desc);
}

ACC_LIBRARY_API cudnnStatus_t
cudnnSetRNNDataDescriptor(cudnnRNNDataDescriptor_t rnn_data_desc, cudnnDataType_t data_type,
                          cudnnRNNDataLayout_t layout, int max_seq_length, int batch_size,
                          int vector_size, const int seq_length_array[], void* padding_fill) {
    return guard(__func__, [&] {
        if (rnn_data_desc == nullptr || seq_length_array == nullptr)
            return null_pointer("the descriptor or seqLengthArray");
        if (!is_float(data_type))
            return fail(CUDNN_STATUS_NOT_SUPPORTED, "sequences of data type %d", int(data_type));
        if (layout < CUDNN_RNN_DATA_LAYOUT_SEQ_MAJOR_UNPACKED ||
            layout > CUDNN_RNN_DATA_LAYOUT_BATCH_MAJOR_UNPACKED)
            return fail(CUDNN_STATUS_BAD_PARAM, "no layout %d", int(layout));
        if (max_seq_length <= 0 || batch_size <= 0 || vector_size <= 0)
            return fail(CUDNN_STATUS_BAD_PARAM, "sizes %d, %d, %d", max_seq_length, batch_size,
                        vector_size);
        for (int i = 0; i < batch_size; ++i) {
            if (seq_length_array[i] < 0 || seq_length_array[i] > max_seq_length)
                return fail(CUDNN_STATUS_BAD_PARAM, "sequence %d has length %d", i,
                            seq_length_array[i]);
            if (layout == CUDNN_RNN_DATA_LAYOUT_SEQ_MAJOR_PACKED && i > 0 &&
                seq_length_array[i] > seq_length_array[i - 1])
                return fail(CUDNN_STATUS_BAD_PARAM, "packed sequences are in order of length");
        }
        *rnn_data_desc = {.is_set = true,
                          .type = data_type,
                          .layout = layout,
                          .time = max_seq_length,
                          .batch = batch_size,
                          .size = vector_size,
                          .lengths = {seq_length_array, seq_length_array + batch_size},
                          .padding = padding_fill == nullptr ? 0
                                                             : padding_of(data_type, padding_fill),
                          .fills = padding_fill != nullptr};
        return CUDNN_STATUS_SUCCESS;
    });
}

ACC_LIBRARY_API cudnnStatus_t cudnnGetRNNDataDescriptor(
    cudnnRNNDataDescriptor_t rnn_data_desc, cudnnDataType_t* data_type,
    cudnnRNNDataLayout_t* layout, int* max_seq_length, int* batch_size, int* vector_size,
    int array_length_requested, int seq_length_array[], void*) {
    return guard(__func__, [&] {
        if (rnn_data_desc == nullptr || !rnn_data_desc->is_set)
            return fail(CUDNN_STATUS_BAD_PARAM, "the descriptor was not set");
        give(data_type, rnn_data_desc->type);
        give(layout, rnn_data_desc->layout);
        give(max_seq_length, rnn_data_desc->time);
        give(batch_size, rnn_data_desc->batch);
        give(vector_size, rnn_data_desc->size);
        if (seq_length_array != nullptr)
            std::copy_n(rnn_data_desc->lengths.begin(),
                        std::min(std::max(array_length_requested, 0), rnn_data_desc->batch),
                        seq_length_array);
        return CUDNN_STATUS_SUCCESS;
    });
}
