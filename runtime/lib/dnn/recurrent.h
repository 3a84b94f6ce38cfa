// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Descriptors of recurrent networks, and where their parameters and tapes are.
#pragma once

#include "runtime/lib/dnn/descriptors.h"
#include "runtime/lib/dnn/dropout.h"
#include "runtime/lib/dnn/kernels/recurrent.h"

struct cudnnRNNStruct {
    bool is_set = false;
    cudnnRNNAlgo_t algo = CUDNN_RNN_ALGO_STANDARD;
    cudnnRNNMode_t mode = CUDNN_RNN_RELU;
    cudnnRNNBiasMode_t bias = CUDNN_RNN_DOUBLE_BIAS;
    cudnnDirectionMode_t direction = CUDNN_UNIDIRECTIONAL;
    cudnnRNNInputMode_t input_mode = CUDNN_LINEAR_INPUT;
    cudnnDataType_t type = CUDNN_DATA_FLOAT, precision = CUDNN_DATA_FLOAT;
    cudnnMathType_t math = CUDNN_DEFAULT_MATH;
    int input = 0, hidden = 0, projected = 0, layers = 0;
    cudnnDropoutDescriptor_t dropout = nullptr;
    uint32_t flags = 0;
    cudnnRNNClipMode_t clip = CUDNN_RNN_CLIP_NONE;
    cudnnNanPropagation_t clip_nan = CUDNN_NOT_PROPAGATE_NAN;
    double clip_low = 0, clip_high = 0;
};

struct cudnnRNNDataStruct {
    bool is_set = false;
    cudnnDataType_t type = CUDNN_DATA_FLOAT;
    cudnnRNNDataLayout_t layout = CUDNN_RNN_DATA_LAYOUT_SEQ_MAJOR_UNPACKED;
    int time = 0, batch = 0, size = 0;
    std::vector<int> lengths;
    double padding = 0;
    bool fills = false;
};

namespace acc::dnn {

/// Sizes of a network, and where its matrices are in the weight space, in elements.
struct Network {
    explicit Network(const cudnnRNNStruct& given);

    Cell cell;
    int gates, directions, layers, input, hidden;
    bool input_bias, recurrent_bias;
    Element type;    ///< of data and weights
    Element compute; ///< F32 or F64

    int64_t in_size(int layer) const { return layer == 0 ? input : int64_t(hidden) * directions; }
    /// Of a layer's direction: W, R, and the two biases.
    struct Weights {
        int64_t input, recurrent, input_bias, recurrent_bias, end;
    };
    Weights weights(int layer, int direction) const;
    int64_t weight_count() const { return weights(layers - 1, directions - 1).end; }
};

/// What a forward pass leaves for its gradient, and memory of the passes, in bytes.
struct Layout {
    Layout(const Network& network, int time, int batch);

    size_t value; ///< bytes of a number
    // Tape:
    size_t first_input;
    std::vector<size_t> out;                ///< of layers: [time][batch][directions][hidden]
    std::vector<size_t> kept, cells;        ///< of layers and directions
    std::vector<size_t> to_input, to_state; ///< gradients that the backward pass leaves
    size_t tape;
    // Workspace:
    size_t lengths, of_input, of_state, h, c, slope_a, slope_b, previous;
    size_t work;
};

} // namespace acc::dnn
