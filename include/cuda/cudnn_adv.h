// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// cuDNN: recurrent networks, attention, CTC loss.
#pragma once
#define CUDNN_ADV_H_ // programs test this name

#include "cudnn_ops.h"

#define CUDNN_ADV_MAJOR CUDNN_MAJOR
#define CUDNN_ADV_MINOR CUDNN_MINOR
#define CUDNN_ADV_PATCH CUDNN_PATCHLEVEL

#define CUDNN_RNN_PADDED_IO_DISABLED 0
#define CUDNN_RNN_PADDED_IO_ENABLED (1U << 0)

#define CUDNN_SEQDATA_DIM_COUNT 4

#define CUDNN_ATTN_QUERYMAP_ALL_TO_ONE 0
#define CUDNN_ATTN_QUERYMAP_ONE_TO_ONE (1U << 0)
#define CUDNN_ATTN_DISABLE_PROJ_BIASES 0
#define CUDNN_ATTN_ENABLE_PROJ_BIASES (1U << 1)
#define CUDNN_ATTN_WKIND_COUNT 8

#ifdef __cplusplus
extern "C" {
#endif

/// What functions of each kind are told.
typedef struct cudnnRNNStruct* cudnnRNNDescriptor_t;
typedef struct cudnnRNNDataStruct* cudnnRNNDataDescriptor_t;
typedef struct cudnnSeqDataStruct* cudnnSeqDataDescriptor_t;
typedef struct cudnnAttnStruct* cudnnAttnDescriptor_t;
typedef struct cudnnCTCLossStruct* cudnnCTCLossDescriptor_t;

typedef enum {
    CUDNN_RNN_ALGO_STANDARD = 0,
    CUDNN_RNN_ALGO_PERSIST_STATIC = 1,
    CUDNN_RNN_ALGO_PERSIST_DYNAMIC = 2,
    CUDNN_RNN_ALGO_PERSIST_STATIC_SMALL_H = 3,
    CUDNN_RNN_ALGO_COUNT = 4
} cudnnRNNAlgo_t;

typedef enum { CUDNN_FWD_MODE_INFERENCE = 0, CUDNN_FWD_MODE_TRAINING = 1 } cudnnForwardMode_t;

typedef enum {
    CUDNN_RNN_RELU = 0,
    CUDNN_RNN_TANH = 1,
    CUDNN_LSTM = 2,
    CUDNN_GRU = 3
} cudnnRNNMode_t;

typedef enum {
    CUDNN_RNN_NO_BIAS = 0,
    CUDNN_RNN_SINGLE_INP_BIAS = 1,
    CUDNN_RNN_DOUBLE_BIAS = 2,
    CUDNN_RNN_SINGLE_REC_BIAS = 3
} cudnnRNNBiasMode_t;

typedef enum { CUDNN_UNIDIRECTIONAL = 0, CUDNN_BIDIRECTIONAL = 1 } cudnnDirectionMode_t;

typedef enum { CUDNN_LINEAR_INPUT = 0, CUDNN_SKIP_INPUT = 1 } cudnnRNNInputMode_t;

typedef enum { CUDNN_RNN_CLIP_NONE = 0, CUDNN_RNN_CLIP_MINMAX = 1 } cudnnRNNClipMode_t;

typedef enum {
    CUDNN_RNN_DATA_LAYOUT_SEQ_MAJOR_UNPACKED = 0,
    CUDNN_RNN_DATA_LAYOUT_SEQ_MAJOR_PACKED = 1,
    CUDNN_RNN_DATA_LAYOUT_BATCH_MAJOR_UNPACKED = 2
} cudnnRNNDataLayout_t;

typedef enum {
    CUDNN_SEQDATA_TIME_DIM = 0,
    CUDNN_SEQDATA_BATCH_DIM = 1,
    CUDNN_SEQDATA_BEAM_DIM = 2,
    CUDNN_SEQDATA_VECT_DIM = 3
} cudnnSeqDataAxis_t;

typedef enum {
    CUDNN_MH_ATTN_Q_WEIGHTS = 0,
    CUDNN_MH_ATTN_K_WEIGHTS = 1,
    CUDNN_MH_ATTN_V_WEIGHTS = 2,
    CUDNN_MH_ATTN_O_WEIGHTS = 3,
    CUDNN_MH_ATTN_Q_BIASES = 4,
    CUDNN_MH_ATTN_K_BIASES = 5,
    CUDNN_MH_ATTN_V_BIASES = 6,
    CUDNN_MH_ATTN_O_BIASES = 7
} cudnnMultiHeadAttnWeightKind_t;

typedef enum { CUDNN_WGRAD_MODE_ADD = 0, CUDNN_WGRAD_MODE_SET = 1 } cudnnWgradMode_t;

typedef enum {
    CUDNN_CTC_LOSS_ALGO_DETERMINISTIC = 0,
    CUDNN_CTC_LOSS_ALGO_NON_DETERMINISTIC = 1
} cudnnCTCLossAlgo_t;

typedef enum {
    CUDNN_LOSS_NORMALIZATION_NONE = 0,
    CUDNN_LOSS_NORMALIZATION_SOFTMAX = 1
} cudnnLossNormalizationMode_t;

typedef enum {
    CUDNN_CTC_ZERO_OOB_GRADIENTS = 0,
    CUDNN_CTC_SKIP_OOB_GRADIENTS = 1
} cudnnCTCGradMode_t;

cudnnStatus_t cudnnAdvVersionCheck(void);

/// Recurrent networks.
cudnnStatus_t cudnnCreateRNNDescriptor(cudnnRNNDescriptor_t* rnn_desc);
cudnnStatus_t cudnnDestroyRNNDescriptor(cudnnRNNDescriptor_t rnn_desc);
cudnnStatus_t cudnnSetRNNDescriptor_v8(cudnnRNNDescriptor_t rnn_desc, cudnnRNNAlgo_t algo,
                                       cudnnRNNMode_t cell_mode, cudnnRNNBiasMode_t bias_mode,
                                       cudnnDirectionMode_t dir_mode,
                                       cudnnRNNInputMode_t input_mode, cudnnDataType_t data_type,
                                       cudnnDataType_t math_prec, cudnnMathType_t math_type,
                                       int32_t input_size, int32_t hidden_size, int32_t proj_size,
                                       int32_t num_layers, cudnnDropoutDescriptor_t dropout_desc,
                                       uint32_t aux_flags);
cudnnStatus_t cudnnGetRNNDescriptor_v8(cudnnRNNDescriptor_t rnn_desc, cudnnRNNAlgo_t* algo,
                                       cudnnRNNMode_t* cell_mode, cudnnRNNBiasMode_t* bias_mode,
                                       cudnnDirectionMode_t* dir_mode,
                                       cudnnRNNInputMode_t* input_mode, cudnnDataType_t* data_type,
                                       cudnnDataType_t* math_prec, cudnnMathType_t* math_type,
                                       int32_t* input_size, int32_t* hidden_size,
                                       int32_t* proj_size, int32_t* num_layers,
                                       cudnnDropoutDescriptor_t* dropout_desc, uint32_t* aux_flags);
cudnnStatus_t cudnnRNNSetClip_v8(cudnnRNNDescriptor_t rnn_desc, cudnnRNNClipMode_t clip_mode,
                                 cudnnNanPropagation_t clip_nan_opt, double lclip, double rclip);
cudnnStatus_t cudnnRNNSetClip_v9(cudnnRNNDescriptor_t rnn_desc, cudnnRNNClipMode_t clip_mode,
                                 double lclip, double rclip);
cudnnStatus_t cudnnRNNGetClip_v8(cudnnRNNDescriptor_t rnn_desc, cudnnRNNClipMode_t* clip_mode,
                                 cudnnNanPropagation_t* clip_nan_opt, double* lclip, double* rclip);
cudnnStatus_t cudnnRNNGetClip_v9(cudnnRNNDescriptor_t rnn_desc, cudnnRNNClipMode_t* clip_mode,
                                 double* lclip, double* rclip);
cudnnStatus_t cudnnBuildRNNDynamic(cudnnHandle_t handle, cudnnRNNDescriptor_t rnn_desc,
                                   int mini_batch);
cudnnStatus_t cudnnGetRNNTempSpaceSizes(cudnnHandle_t handle, cudnnRNNDescriptor_t rnn_desc,
                                        cudnnForwardMode_t fwd_mode,
                                        cudnnRNNDataDescriptor_t x_desc, size_t* work_space_size,
                                        size_t* reserve_space_size);
cudnnStatus_t cudnnGetRNNWeightSpaceSize(cudnnHandle_t handle, cudnnRNNDescriptor_t rnn_desc,
                                         size_t* weight_space_size);
cudnnStatus_t cudnnGetRNNWeightParams(cudnnHandle_t handle, cudnnRNNDescriptor_t rnn_desc,
                                      int32_t pseudo_layer, size_t weight_space_size,
                                      const void* weight_space, int32_t lin_layer_id,
                                      cudnnTensorDescriptor_t m_desc, void** m_addr,
                                      cudnnTensorDescriptor_t b_desc, void** b_addr);
cudnnStatus_t cudnnCreateRNNDataDescriptor(cudnnRNNDataDescriptor_t* rnn_data_desc);
cudnnStatus_t cudnnDestroyRNNDataDescriptor(cudnnRNNDataDescriptor_t rnn_data_desc);
cudnnStatus_t cudnnSetRNNDataDescriptor(cudnnRNNDataDescriptor_t rnn_data_desc,
                                        cudnnDataType_t data_type, cudnnRNNDataLayout_t layout,
                                        int max_seq_length, int batch_size, int vector_size,
                                        const int seq_length_array[], void* padding_fill);
cudnnStatus_t cudnnGetRNNDataDescriptor(cudnnRNNDataDescriptor_t rnn_data_desc,
                                        cudnnDataType_t* data_type, cudnnRNNDataLayout_t* layout,
                                        int* max_seq_length, int* batch_size, int* vector_size,
                                        int array_length_requested, int seq_length_array[],
                                        void* padding_fill);
cudnnStatus_t
cudnnRNNForward(cudnnHandle_t handle, cudnnRNNDescriptor_t rnn_desc, cudnnForwardMode_t fwd_mode,
                const int32_t dev_seq_lengths[], cudnnRNNDataDescriptor_t x_desc, const void* x,
                cudnnRNNDataDescriptor_t y_desc, void* y, cudnnTensorDescriptor_t h_desc,
                const void* hx, void* hy, cudnnTensorDescriptor_t c_desc, const void* cx, void* cy,
                size_t weight_space_size, const void* weight_space, size_t work_space_size,
                void* work_space, size_t reserve_space_size, void* reserve_space);
cudnnStatus_t
cudnnRNNBackwardData_v8(cudnnHandle_t handle, cudnnRNNDescriptor_t rnn_desc,
                        const int32_t dev_seq_lengths[], cudnnRNNDataDescriptor_t y_desc,
                        const void* y, const void* dy, cudnnRNNDataDescriptor_t x_desc, void* dx,
                        cudnnTensorDescriptor_t h_desc, const void* hx, const void* dhy, void* dhx,
                        cudnnTensorDescriptor_t c_desc, const void* cx, const void* dcy, void* dcx,
                        size_t weight_space_size, const void* weight_space, size_t work_space_size,
                        void* work_space, size_t reserve_space_size, void* reserve_space);
cudnnStatus_t cudnnRNNBackwardWeights_v8(cudnnHandle_t handle, cudnnRNNDescriptor_t rnn_desc,
                                         cudnnWgradMode_t add_grad, const int32_t dev_seq_lengths[],
                                         cudnnRNNDataDescriptor_t x_desc, const void* x,
                                         cudnnTensorDescriptor_t h_desc, const void* hx,
                                         cudnnRNNDataDescriptor_t y_desc, const void* y,
                                         size_t weight_space_size, void* dweight_space,
                                         size_t work_space_size, void* work_space,
                                         size_t reserve_space_size, void* reserve_space);

/// Attention with many heads.
cudnnStatus_t cudnnCreateSeqDataDescriptor(cudnnSeqDataDescriptor_t* seq_data_desc);
cudnnStatus_t cudnnDestroySeqDataDescriptor(cudnnSeqDataDescriptor_t seq_data_desc);
cudnnStatus_t cudnnSetSeqDataDescriptor(cudnnSeqDataDescriptor_t seq_data_desc,
                                        cudnnDataType_t data_type, int nb_dims, const int dim_a[],
                                        const cudnnSeqDataAxis_t axes[],
                                        size_t seq_length_array_size, const int seq_length_array[],
                                        void* padding_fill);
cudnnStatus_t cudnnGetSeqDataDescriptor(const cudnnSeqDataDescriptor_t seq_data_desc,
                                        cudnnDataType_t* data_type, int* nb_dims,
                                        int nb_dims_requested, int dim_a[],
                                        cudnnSeqDataAxis_t axes[], size_t* seq_length_array_size,
                                        size_t seq_length_size_requested, int seq_length_array[],
                                        void* padding_fill);
cudnnStatus_t cudnnCreateAttnDescriptor(cudnnAttnDescriptor_t* attn_desc);
cudnnStatus_t cudnnDestroyAttnDescriptor(cudnnAttnDescriptor_t attn_desc);
cudnnStatus_t cudnnSetAttnDescriptor(cudnnAttnDescriptor_t attn_desc, unsigned attn_mode,
                                     int n_heads, double sm_scaler, cudnnDataType_t data_type,
                                     cudnnDataType_t compute_prec, cudnnMathType_t math_type,
                                     cudnnDropoutDescriptor_t attn_dropout_desc,
                                     cudnnDropoutDescriptor_t post_dropout_desc, int q_size,
                                     int k_size, int v_size, int q_proj_size, int k_proj_size,
                                     int v_proj_size, int o_proj_size, int qo_max_seq_length,
                                     int kv_max_seq_length, int max_batch_size, int max_beam_size);
cudnnStatus_t cudnnGetAttnDescriptor(cudnnAttnDescriptor_t attn_desc, unsigned* attn_mode,
                                     int* n_heads, double* sm_scaler, cudnnDataType_t* data_type,
                                     cudnnDataType_t* compute_prec, cudnnMathType_t* math_type,
                                     cudnnDropoutDescriptor_t* attn_dropout_desc,
                                     cudnnDropoutDescriptor_t* post_dropout_desc, int* q_size,
                                     int* k_size, int* v_size, int* q_proj_size, int* k_proj_size,
                                     int* v_proj_size, int* o_proj_size, int* qo_max_seq_length,
                                     int* kv_max_seq_length, int* max_batch_size,
                                     int* max_beam_size);
cudnnStatus_t cudnnGetMultiHeadAttnBuffers(cudnnHandle_t handle,
                                           const cudnnAttnDescriptor_t attn_desc,
                                           size_t* weight_size, size_t* work_space_size,
                                           size_t* reserve_space_size);
cudnnStatus_t cudnnGetMultiHeadAttnWeights(cudnnHandle_t handle,
                                           const cudnnAttnDescriptor_t attn_desc,
                                           cudnnMultiHeadAttnWeightKind_t w_kind,
                                           size_t weight_size, const void* weights,
                                           cudnnTensorDescriptor_t w_desc, void** w_addr);
cudnnStatus_t cudnnMultiHeadAttnForward(
    cudnnHandle_t handle, const cudnnAttnDescriptor_t attn_desc, int curr_idx,
    const int lo_win_idx[], const int hi_win_idx[], const int dev_seq_lengths_qo[],
    const int dev_seq_lengths_kv[], const cudnnSeqDataDescriptor_t q_desc, const void* queries,
    const void* residuals, const cudnnSeqDataDescriptor_t k_desc, const void* keys,
    const cudnnSeqDataDescriptor_t v_desc, const void* values,
    const cudnnSeqDataDescriptor_t o_desc, void* out, size_t weight_size, const void* weights,
    size_t work_space_size, void* work_space, size_t reserve_space_size, void* reserve_space);
cudnnStatus_t cudnnMultiHeadAttnBackwardData(
    cudnnHandle_t handle, const cudnnAttnDescriptor_t attn_desc, const int lo_win_idx[],
    const int hi_win_idx[], const int dev_seq_lengths_dqdo[], const int dev_seq_lengths_dkdv[],
    const cudnnSeqDataDescriptor_t do_desc, const void* dout,
    const cudnnSeqDataDescriptor_t dq_desc, void* dqueries, const void* queries,
    const cudnnSeqDataDescriptor_t dk_desc, void* dkeys, const void* keys,
    const cudnnSeqDataDescriptor_t dv_desc, void* dvalues, const void* values, size_t weight_size,
    const void* weights, size_t work_space_size, void* work_space, size_t reserve_space_size,
    void* reserve_space);
cudnnStatus_t cudnnMultiHeadAttnBackwardWeights(
    cudnnHandle_t handle, const cudnnAttnDescriptor_t attn_desc, cudnnWgradMode_t add_grad,
    const cudnnSeqDataDescriptor_t q_desc, const void* queries,
    const cudnnSeqDataDescriptor_t k_desc, const void* keys, const cudnnSeqDataDescriptor_t v_desc,
    const void* values, const cudnnSeqDataDescriptor_t do_desc, const void* dout,
    size_t weight_size, const void* weights, void* dweights, size_t work_space_size,
    void* work_space, size_t reserve_space_size, void* reserve_space);

/// CTC loss.
cudnnStatus_t cudnnCreateCTCLossDescriptor(cudnnCTCLossDescriptor_t* ctc_loss_desc);
cudnnStatus_t cudnnSetCTCLossDescriptor(cudnnCTCLossDescriptor_t ctc_loss_desc,
                                        cudnnDataType_t comp_type);
cudnnStatus_t cudnnSetCTCLossDescriptorEx(cudnnCTCLossDescriptor_t ctc_loss_desc,
                                          cudnnDataType_t comp_type,
                                          cudnnLossNormalizationMode_t norm_mode,
                                          cudnnNanPropagation_t grad_mode);
cudnnStatus_t cudnnSetCTCLossDescriptor_v8(cudnnCTCLossDescriptor_t ctc_loss_desc,
                                           cudnnDataType_t comp_type,
                                           cudnnLossNormalizationMode_t norm_mode,
                                           cudnnNanPropagation_t grad_mode, int max_label_length);
cudnnStatus_t cudnnSetCTCLossDescriptor_v9(cudnnCTCLossDescriptor_t ctc_loss_desc,
                                           cudnnDataType_t comp_type,
                                           cudnnLossNormalizationMode_t norm_mode,
                                           cudnnCTCGradMode_t ctc_grad_mode, int max_label_length);
cudnnStatus_t cudnnGetCTCLossDescriptor(cudnnCTCLossDescriptor_t ctc_loss_desc,
                                        cudnnDataType_t* comp_type);
cudnnStatus_t cudnnGetCTCLossDescriptorEx(cudnnCTCLossDescriptor_t ctc_loss_desc,
                                          cudnnDataType_t* comp_type,
                                          cudnnLossNormalizationMode_t* norm_mode,
                                          cudnnNanPropagation_t* grad_mode);
cudnnStatus_t cudnnGetCTCLossDescriptor_v8(cudnnCTCLossDescriptor_t ctc_loss_desc,
                                           cudnnDataType_t* comp_type,
                                           cudnnLossNormalizationMode_t* norm_mode,
                                           cudnnNanPropagation_t* grad_mode, int* max_label_length);
cudnnStatus_t cudnnGetCTCLossDescriptor_v9(cudnnCTCLossDescriptor_t ctc_loss_desc,
                                           cudnnDataType_t* comp_type,
                                           cudnnLossNormalizationMode_t* norm_mode,
                                           cudnnCTCGradMode_t* ctc_grad_mode,
                                           int* max_label_length);
cudnnStatus_t cudnnDestroyCTCLossDescriptor(cudnnCTCLossDescriptor_t ctc_loss_desc);
cudnnStatus_t cudnnCTCLoss(cudnnHandle_t handle, const cudnnTensorDescriptor_t probs_desc,
                           const void* probs, const int host_labels[],
                           const int host_label_lengths[], const int host_input_lengths[],
                           void* costs, const cudnnTensorDescriptor_t gradients_desc,
                           void* gradients, cudnnCTCLossAlgo_t algo,
                           cudnnCTCLossDescriptor_t ctc_loss_desc, void* workspace,
                           size_t work_space_size);
cudnnStatus_t cudnnCTCLoss_v8(cudnnHandle_t handle, cudnnCTCLossAlgo_t algo,
                              cudnnCTCLossDescriptor_t ctc_loss_desc,
                              const cudnnTensorDescriptor_t probs_desc, const void* probs,
                              const int labels[], const int label_lengths[],
                              const int input_lengths[], void* costs,
                              const cudnnTensorDescriptor_t gradients_desc, void* gradients,
                              size_t work_space_size, void* workspace);
cudnnStatus_t cudnnGetCTCLossWorkspaceSize(cudnnHandle_t handle,
                                           const cudnnTensorDescriptor_t probs_desc,
                                           const cudnnTensorDescriptor_t gradients_desc,
                                           const int* labels, const int* label_lengths,
                                           const int* input_lengths, cudnnCTCLossAlgo_t algo,
                                           cudnnCTCLossDescriptor_t ctc_loss_desc, size_t* size);
cudnnStatus_t cudnnGetCTCLossWorkspaceSize_v8(cudnnHandle_t handle, cudnnCTCLossAlgo_t algo,
                                              cudnnCTCLossDescriptor_t ctc_loss_desc,
                                              const cudnnTensorDescriptor_t probs_desc,
                                              const cudnnTensorDescriptor_t gradients_desc,
                                              size_t* size);

#ifdef __cplusplus
}
#endif
