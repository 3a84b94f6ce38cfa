// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// cuDNN: tensors, and what is done to their elements.
#pragma once
#define CUDNN_OPS_H_ // programs test this name

#include "cudnn_graph.h"

#define CUDNN_OPS_MAJOR CUDNN_MAJOR
#define CUDNN_OPS_MINOR CUDNN_MINOR
#define CUDNN_OPS_PATCH CUDNN_PATCHLEVEL

#define CUDNN_LRN_MIN_N 1
#define CUDNN_LRN_MAX_N 16
#define CUDNN_LRN_MIN_K 1e-5
#define CUDNN_LRN_MIN_BETA 0.01
#define CUDNN_BN_MIN_EPSILON 0.0

#ifdef __cplusplus
extern "C" {
#endif

/// What functions of each kind are told.
typedef struct cudnnTensorStruct* cudnnTensorDescriptor_t;
typedef struct cudnnFilterStruct* cudnnFilterDescriptor_t;
typedef struct cudnnTensorTransformStruct* cudnnTensorTransformDescriptor_t;
typedef struct cudnnPoolingStruct* cudnnPoolingDescriptor_t;
typedef struct cudnnActivationStruct* cudnnActivationDescriptor_t;
typedef struct cudnnLRNStruct* cudnnLRNDescriptor_t;
typedef struct cudnnOpTensorStruct* cudnnOpTensorDescriptor_t;
typedef struct cudnnReduceTensorStruct* cudnnReduceTensorDescriptor_t;
typedef struct cudnnDropoutStruct* cudnnDropoutDescriptor_t;
typedef struct cudnnSpatialTransformerStruct* cudnnSpatialTransformerDescriptor_t;

typedef enum { CUDNN_TRANSFORM_FOLD = 0, CUDNN_TRANSFORM_UNFOLD = 1 } cudnnFoldingDirection_t;

typedef enum {
    CUDNN_OP_TENSOR_ADD = 0,
    CUDNN_OP_TENSOR_MUL = 1,
    CUDNN_OP_TENSOR_MIN = 2,
    CUDNN_OP_TENSOR_MAX = 3,
    CUDNN_OP_TENSOR_SQRT = 4,
    CUDNN_OP_TENSOR_NOT = 5
} cudnnOpTensorOp_t;

typedef enum {
    CUDNN_REDUCE_TENSOR_NO_INDICES = 0,
    CUDNN_REDUCE_TENSOR_FLATTENED_INDICES = 1
} cudnnReduceTensorIndices_t;

typedef enum {
    CUDNN_32BIT_INDICES = 0,
    CUDNN_64BIT_INDICES = 1,
    CUDNN_16BIT_INDICES = 2,
    CUDNN_8BIT_INDICES = 3
} cudnnIndicesType_t;

typedef enum {
    CUDNN_SOFTMAX_FAST = 0,
    CUDNN_SOFTMAX_ACCURATE = 1,
    CUDNN_SOFTMAX_LOG = 2
} cudnnSoftmaxAlgorithm_t;

typedef enum { CUDNN_SOFTMAX_MODE_INSTANCE = 0, CUDNN_SOFTMAX_MODE_CHANNEL = 1 } cudnnSoftmaxMode_t;

typedef enum {
    CUDNN_POOLING_MAX = 0,
    CUDNN_POOLING_AVERAGE_COUNT_INCLUDE_PADDING = 1,
    CUDNN_POOLING_AVERAGE_COUNT_EXCLUDE_PADDING = 2,
    CUDNN_POOLING_MAX_DETERMINISTIC = 3
} cudnnPoolingMode_t;

typedef enum { CUDNN_LRN_CROSS_CHANNEL_DIM1 = 0 } cudnnLRNMode_t;

typedef enum { CUDNN_DIVNORM_PRECOMPUTED_MEANS = 0 } cudnnDivNormMode_t;

typedef enum {
    CUDNN_BATCHNORM_PER_ACTIVATION = 0,
    CUDNN_BATCHNORM_SPATIAL = 1,
    CUDNN_BATCHNORM_SPATIAL_PERSISTENT = 2
} cudnnBatchNormMode_t;

typedef enum {
    CUDNN_BATCHNORM_OPS_BN = 0,
    CUDNN_BATCHNORM_OPS_BN_ACTIVATION = 1,
    CUDNN_BATCHNORM_OPS_BN_ADD_ACTIVATION = 2
} cudnnBatchNormOps_t;

typedef enum { CUDNN_NORM_PER_ACTIVATION = 0, CUDNN_NORM_PER_CHANNEL = 1 } cudnnNormMode_t;

typedef enum { CUDNN_NORM_ALGO_STANDARD = 0, CUDNN_NORM_ALGO_PERSIST = 1 } cudnnNormAlgo_t;

typedef enum {
    CUDNN_NORM_OPS_NORM = 0,
    CUDNN_NORM_OPS_NORM_ACTIVATION = 1,
    CUDNN_NORM_OPS_NORM_ADD_ACTIVATION = 2
} cudnnNormOps_t;

typedef enum { CUDNN_SAMPLER_BILINEAR = 0 } cudnnSamplerType_t;

cudnnStatus_t cudnnOpsVersionCheck(void);

/// Tensors: sizes and strides in elements.
cudnnStatus_t cudnnCreateTensorDescriptor(cudnnTensorDescriptor_t* tensor_desc);
cudnnStatus_t cudnnSetTensor4dDescriptor(cudnnTensorDescriptor_t tensor_desc,
                                         cudnnTensorFormat_t format, cudnnDataType_t data_type,
                                         int n, int c, int h, int w);
cudnnStatus_t cudnnSetTensor4dDescriptorEx(cudnnTensorDescriptor_t tensor_desc,
                                           cudnnDataType_t data_type, int n, int c, int h, int w,
                                           int n_stride, int c_stride, int h_stride, int w_stride);
cudnnStatus_t cudnnGetTensor4dDescriptor(const cudnnTensorDescriptor_t tensor_desc,
                                         cudnnDataType_t* data_type, int* n, int* c, int* h, int* w,
                                         int* n_stride, int* c_stride, int* h_stride,
                                         int* w_stride);
cudnnStatus_t cudnnSetTensorNdDescriptor(cudnnTensorDescriptor_t tensor_desc,
                                         cudnnDataType_t data_type, int nb_dims, const int dim_a[],
                                         const int stride_a[]);
cudnnStatus_t cudnnSetTensorNdDescriptorEx(cudnnTensorDescriptor_t tensor_desc,
                                           cudnnTensorFormat_t format, cudnnDataType_t data_type,
                                           int nb_dims, const int dim_a[]);
cudnnStatus_t cudnnGetTensorNdDescriptor(const cudnnTensorDescriptor_t tensor_desc,
                                         int nb_dims_requested, cudnnDataType_t* data_type,
                                         int* nb_dims, int dim_a[], int stride_a[]);
cudnnStatus_t cudnnGetTensorSizeInBytes(const cudnnTensorDescriptor_t tensor_desc, size_t* size);
cudnnStatus_t cudnnDestroyTensorDescriptor(cudnnTensorDescriptor_t tensor_desc);

/// Copies in another layout.
cudnnStatus_t cudnnInitTransformDest(const cudnnTensorTransformDescriptor_t transform_desc,
                                     const cudnnTensorDescriptor_t src_desc,
                                     cudnnTensorDescriptor_t dest_desc, size_t* dest_size);
cudnnStatus_t
cudnnCreateTensorTransformDescriptor(cudnnTensorTransformDescriptor_t* transform_desc);
cudnnStatus_t
cudnnSetTensorTransformDescriptor(cudnnTensorTransformDescriptor_t transform_desc,
                                  const uint32_t nb_dims, const cudnnTensorFormat_t dest_format,
                                  const int32_t pad_before_a[], const int32_t pad_after_a[],
                                  const uint32_t fold_a[], const cudnnFoldingDirection_t direction);
cudnnStatus_t cudnnGetTensorTransformDescriptor(cudnnTensorTransformDescriptor_t transform_desc,
                                                uint32_t nb_dims_requested,
                                                cudnnTensorFormat_t* dest_format,
                                                int32_t pad_before_a[], int32_t pad_after_a[],
                                                uint32_t fold_a[],
                                                cudnnFoldingDirection_t* direction);
cudnnStatus_t
cudnnDestroyTensorTransformDescriptor(cudnnTensorTransformDescriptor_t transform_desc);
cudnnStatus_t cudnnTransformTensor(cudnnHandle_t handle, const void* alpha,
                                   const cudnnTensorDescriptor_t x_desc, const void* x,
                                   const void* beta, const cudnnTensorDescriptor_t y_desc, void* y);
cudnnStatus_t cudnnTransformTensorEx(cudnnHandle_t handle,
                                     const cudnnTensorTransformDescriptor_t trans_desc,
                                     const void* alpha, const cudnnTensorDescriptor_t src_desc,
                                     const void* src_data, const void* beta,
                                     const cudnnTensorDescriptor_t dest_desc, void* dest_data);
cudnnStatus_t cudnnTransformFilter(cudnnHandle_t handle,
                                   const cudnnTensorTransformDescriptor_t trans_desc,
                                   const void* alpha, const cudnnFilterDescriptor_t src_desc,
                                   const void* src_data, const void* beta,
                                   const cudnnFilterDescriptor_t dest_desc, void* dest_data);

/// Filters: outputs, inputs, and their size.
cudnnStatus_t cudnnCreateFilterDescriptor(cudnnFilterDescriptor_t* filter_desc);
cudnnStatus_t cudnnSetFilter4dDescriptor(cudnnFilterDescriptor_t filter_desc,
                                         cudnnDataType_t data_type, cudnnTensorFormat_t format,
                                         int k, int c, int h, int w);
cudnnStatus_t cudnnGetFilter4dDescriptor(const cudnnFilterDescriptor_t filter_desc,
                                         cudnnDataType_t* data_type, cudnnTensorFormat_t* format,
                                         int* k, int* c, int* h, int* w);
cudnnStatus_t cudnnSetFilterNdDescriptor(cudnnFilterDescriptor_t filter_desc,
                                         cudnnDataType_t data_type, cudnnTensorFormat_t format,
                                         int nb_dims, const int filter_dim_a[]);
cudnnStatus_t cudnnGetFilterNdDescriptor(const cudnnFilterDescriptor_t filter_desc,
                                         int nb_dims_requested, cudnnDataType_t* data_type,
                                         cudnnTensorFormat_t* format, int* nb_dims,
                                         int filter_dim_a[]);
cudnnStatus_t cudnnGetFilterSizeInBytes(const cudnnFilterDescriptor_t filter_desc, size_t* size);
cudnnStatus_t cudnnDestroyFilterDescriptor(cudnnFilterDescriptor_t filter_desc);

/// Element by element: c = op(alpha1 a, alpha2 b) + beta c, and the like.
cudnnStatus_t cudnnAddTensor(cudnnHandle_t handle, const void* alpha,
                             const cudnnTensorDescriptor_t a_desc, const void* a, const void* beta,
                             const cudnnTensorDescriptor_t c_desc, void* c);
cudnnStatus_t cudnnCreateOpTensorDescriptor(cudnnOpTensorDescriptor_t* op_tensor_desc);
cudnnStatus_t cudnnSetOpTensorDescriptor(cudnnOpTensorDescriptor_t op_tensor_desc,
                                         cudnnOpTensorOp_t op_tensor_op,
                                         cudnnDataType_t op_tensor_comp_type,
                                         cudnnNanPropagation_t op_tensor_nan_opt);
cudnnStatus_t cudnnGetOpTensorDescriptor(const cudnnOpTensorDescriptor_t op_tensor_desc,
                                         cudnnOpTensorOp_t* op_tensor_op,
                                         cudnnDataType_t* op_tensor_comp_type,
                                         cudnnNanPropagation_t* op_tensor_nan_opt);
cudnnStatus_t cudnnDestroyOpTensorDescriptor(cudnnOpTensorDescriptor_t op_tensor_desc);
cudnnStatus_t cudnnOpTensor(cudnnHandle_t handle, const cudnnOpTensorDescriptor_t op_tensor_desc,
                            const void* alpha1, const cudnnTensorDescriptor_t a_desc, const void* a,
                            const void* alpha2, const cudnnTensorDescriptor_t b_desc, const void* b,
                            const void* beta, const cudnnTensorDescriptor_t c_desc, void* c);
cudnnStatus_t cudnnSetTensor(cudnnHandle_t handle, const cudnnTensorDescriptor_t y_desc, void* y,
                             const void* value_ptr);
cudnnStatus_t cudnnScaleTensor(cudnnHandle_t handle, const cudnnTensorDescriptor_t y_desc, void* y,
                               const void* alpha);

/// Sums, products, extremes and norms along dimensions.
cudnnStatus_t cudnnCreateReduceTensorDescriptor(cudnnReduceTensorDescriptor_t* reduce_tensor_desc);
cudnnStatus_t cudnnSetReduceTensorDescriptor(cudnnReduceTensorDescriptor_t reduce_tensor_desc,
                                             cudnnReduceTensorOp_t reduce_tensor_op,
                                             cudnnDataType_t reduce_tensor_comp_type,
                                             cudnnNanPropagation_t reduce_tensor_nan_opt,
                                             cudnnReduceTensorIndices_t reduce_tensor_indices,
                                             cudnnIndicesType_t reduce_tensor_indices_type);
cudnnStatus_t cudnnGetReduceTensorDescriptor(const cudnnReduceTensorDescriptor_t reduce_tensor_desc,
                                             cudnnReduceTensorOp_t* reduce_tensor_op,
                                             cudnnDataType_t* reduce_tensor_comp_type,
                                             cudnnNanPropagation_t* reduce_tensor_nan_opt,
                                             cudnnReduceTensorIndices_t* reduce_tensor_indices,
                                             cudnnIndicesType_t* reduce_tensor_indices_type);
cudnnStatus_t cudnnDestroyReduceTensorDescriptor(cudnnReduceTensorDescriptor_t reduce_tensor_desc);
cudnnStatus_t cudnnGetReductionIndicesSize(cudnnHandle_t handle,
                                           const cudnnReduceTensorDescriptor_t reduce_tensor_desc,
                                           const cudnnTensorDescriptor_t a_desc,
                                           const cudnnTensorDescriptor_t c_desc, size_t* size);
cudnnStatus_t cudnnGetReductionWorkspaceSize(cudnnHandle_t handle,
                                             const cudnnReduceTensorDescriptor_t reduce_tensor_desc,
                                             const cudnnTensorDescriptor_t a_desc,
                                             const cudnnTensorDescriptor_t c_desc, size_t* size);
cudnnStatus_t cudnnReduceTensor(cudnnHandle_t handle,
                                const cudnnReduceTensorDescriptor_t reduce_tensor_desc,
                                void* indices, size_t indices_size, void* workspace,
                                size_t workspace_size, const void* alpha,
                                const cudnnTensorDescriptor_t a_desc, const void* a,
                                const void* beta, const cudnnTensorDescriptor_t c_desc, void* c);

cudnnStatus_t cudnnSoftmaxForward(cudnnHandle_t handle, cudnnSoftmaxAlgorithm_t algo,
                                  cudnnSoftmaxMode_t mode, const void* alpha,
                                  const cudnnTensorDescriptor_t x_desc, const void* x,
                                  const void* beta, const cudnnTensorDescriptor_t y_desc, void* y);
cudnnStatus_t cudnnSoftmaxBackward(cudnnHandle_t handle, cudnnSoftmaxAlgorithm_t algo,
                                   cudnnSoftmaxMode_t mode, const void* alpha,
                                   const cudnnTensorDescriptor_t y_desc, const void* y,
                                   const cudnnTensorDescriptor_t dy_desc, const void* dy,
                                   const void* beta, const cudnnTensorDescriptor_t dx_desc,
                                   void* dx);

/// Windows of the last two or three dimensions.
cudnnStatus_t cudnnCreatePoolingDescriptor(cudnnPoolingDescriptor_t* pooling_desc);
cudnnStatus_t cudnnSetPooling2dDescriptor(cudnnPoolingDescriptor_t pooling_desc,
                                          cudnnPoolingMode_t mode,
                                          cudnnNanPropagation_t maxpooling_nan_opt,
                                          int window_height, int window_width, int vertical_padding,
                                          int horizontal_padding, int vertical_stride,
                                          int horizontal_stride);
cudnnStatus_t cudnnGetPooling2dDescriptor(const cudnnPoolingDescriptor_t pooling_desc,
                                          cudnnPoolingMode_t* mode,
                                          cudnnNanPropagation_t* maxpooling_nan_opt,
                                          int* window_height, int* window_width,
                                          int* vertical_padding, int* horizontal_padding,
                                          int* vertical_stride, int* horizontal_stride);
cudnnStatus_t cudnnSetPoolingNdDescriptor(cudnnPoolingDescriptor_t pooling_desc,
                                          const cudnnPoolingMode_t mode,
                                          const cudnnNanPropagation_t maxpooling_nan_opt,
                                          int nb_dims, const int window_dim_a[],
                                          const int padding_a[], const int stride_a[]);
cudnnStatus_t cudnnGetPoolingNdDescriptor(const cudnnPoolingDescriptor_t pooling_desc,
                                          int nb_dims_requested, cudnnPoolingMode_t* mode,
                                          cudnnNanPropagation_t* maxpooling_nan_opt, int* nb_dims,
                                          int window_dim_a[], int padding_a[], int stride_a[]);
cudnnStatus_t cudnnGetPoolingNdForwardOutputDim(const cudnnPoolingDescriptor_t pooling_desc,
                                                const cudnnTensorDescriptor_t input_tensor_desc,
                                                int nb_dims, int output_tensor_dim_a[]);
cudnnStatus_t cudnnGetPooling2dForwardOutputDim(const cudnnPoolingDescriptor_t pooling_desc,
                                                const cudnnTensorDescriptor_t input_tensor_desc,
                                                int* n, int* c, int* h, int* w);
cudnnStatus_t cudnnDestroyPoolingDescriptor(cudnnPoolingDescriptor_t pooling_desc);
cudnnStatus_t cudnnPoolingForward(cudnnHandle_t handle, const cudnnPoolingDescriptor_t pooling_desc,
                                  const void* alpha, const cudnnTensorDescriptor_t x_desc,
                                  const void* x, const void* beta,
                                  const cudnnTensorDescriptor_t y_desc, void* y);
cudnnStatus_t cudnnPoolingBackward(cudnnHandle_t handle,
                                   const cudnnPoolingDescriptor_t pooling_desc, const void* alpha,
                                   const cudnnTensorDescriptor_t y_desc, const void* y,
                                   const cudnnTensorDescriptor_t dy_desc, const void* dy,
                                   const cudnnTensorDescriptor_t x_desc, const void* x,
                                   const void* beta, const cudnnTensorDescriptor_t dx_desc,
                                   void* dx);

cudnnStatus_t cudnnCreateActivationDescriptor(cudnnActivationDescriptor_t* activation_desc);
cudnnStatus_t cudnnSetActivationDescriptor(cudnnActivationDescriptor_t activation_desc,
                                           cudnnActivationMode_t mode,
                                           cudnnNanPropagation_t relu_nan_opt, double coef);
cudnnStatus_t cudnnGetActivationDescriptor(const cudnnActivationDescriptor_t activation_desc,
                                           cudnnActivationMode_t* mode,
                                           cudnnNanPropagation_t* relu_nan_opt, double* coef);
cudnnStatus_t cudnnSetActivationDescriptorSwishBeta(cudnnActivationDescriptor_t activation_desc,
                                                    double swish_beta);
cudnnStatus_t cudnnGetActivationDescriptorSwishBeta(cudnnActivationDescriptor_t activation_desc,
                                                    double* swish_beta);
cudnnStatus_t cudnnDestroyActivationDescriptor(cudnnActivationDescriptor_t activation_desc);
cudnnStatus_t cudnnActivationForward(cudnnHandle_t handle,
                                     cudnnActivationDescriptor_t activation_desc, const void* alpha,
                                     const cudnnTensorDescriptor_t x_desc, const void* x,
                                     const void* beta, const cudnnTensorDescriptor_t y_desc,
                                     void* y);
cudnnStatus_t cudnnActivationBackward(cudnnHandle_t handle,
                                      cudnnActivationDescriptor_t activation_desc,
                                      const void* alpha, const cudnnTensorDescriptor_t y_desc,
                                      const void* y, const cudnnTensorDescriptor_t dy_desc,
                                      const void* dy, const cudnnTensorDescriptor_t x_desc,
                                      const void* x, const void* beta,
                                      const cudnnTensorDescriptor_t dx_desc, void* dx);

/// Local response normalisation.
cudnnStatus_t cudnnCreateLRNDescriptor(cudnnLRNDescriptor_t* norm_desc);
cudnnStatus_t cudnnSetLRNDescriptor(cudnnLRNDescriptor_t norm_desc, unsigned lrn_n,
                                    double lrn_alpha, double lrn_beta, double lrn_k);
cudnnStatus_t cudnnGetLRNDescriptor(cudnnLRNDescriptor_t norm_desc, unsigned* lrn_n,
                                    double* lrn_alpha, double* lrn_beta, double* lrn_k);
cudnnStatus_t cudnnDestroyLRNDescriptor(cudnnLRNDescriptor_t lrn_desc);
cudnnStatus_t cudnnLRNCrossChannelForward(cudnnHandle_t handle, cudnnLRNDescriptor_t norm_desc,
                                          cudnnLRNMode_t lrn_mode, const void* alpha,
                                          const cudnnTensorDescriptor_t x_desc, const void* x,
                                          const void* beta, const cudnnTensorDescriptor_t y_desc,
                                          void* y);
cudnnStatus_t cudnnDivisiveNormalizationForward(
    cudnnHandle_t handle, cudnnLRNDescriptor_t norm_desc, cudnnDivNormMode_t mode,
    const void* alpha, const cudnnTensorDescriptor_t x_desc, const void* x, const void* means,
    void* temp, void* temp2, const void* beta, const cudnnTensorDescriptor_t y_desc, void* y);
cudnnStatus_t cudnnLRNCrossChannelBackward(cudnnHandle_t handle, cudnnLRNDescriptor_t norm_desc,
                                           cudnnLRNMode_t lrn_mode, const void* alpha,
                                           const cudnnTensorDescriptor_t y_desc, const void* y,
                                           const cudnnTensorDescriptor_t dy_desc, const void* dy,
                                           const cudnnTensorDescriptor_t x_desc, const void* x,
                                           const void* beta, const cudnnTensorDescriptor_t dx_desc,
                                           void* dx);
cudnnStatus_t cudnnDivisiveNormalizationBackward(
    cudnnHandle_t handle, cudnnLRNDescriptor_t norm_desc, cudnnDivNormMode_t mode,
    const void* alpha, const cudnnTensorDescriptor_t x_desc, const void* x, const void* means,
    const void* dy, void* temp, void* temp2, const void* beta,
    const cudnnTensorDescriptor_t d_xd_means_desc, void* dx, void* d_means);

/// Batch normalisation.
cudnnStatus_t cudnnDeriveBNTensorDescriptor(cudnnTensorDescriptor_t derived_bn_desc,
                                            const cudnnTensorDescriptor_t x_desc,
                                            cudnnBatchNormMode_t mode);
cudnnStatus_t cudnnBatchNormalizationForwardInference(
    cudnnHandle_t handle, cudnnBatchNormMode_t mode, const void* alpha, const void* beta,
    const cudnnTensorDescriptor_t x_desc, const void* x, const cudnnTensorDescriptor_t y_desc,
    void* y, const cudnnTensorDescriptor_t bn_scale_bias_mean_var_desc, const void* bn_scale,
    const void* bn_bias, const void* estimated_mean, const void* estimated_variance,
    double epsilon);
cudnnStatus_t cudnnGetBatchNormalizationForwardTrainingExWorkspaceSize(
    cudnnHandle_t handle, cudnnBatchNormMode_t mode, cudnnBatchNormOps_t bn_ops,
    const cudnnTensorDescriptor_t x_desc, const cudnnTensorDescriptor_t z_desc,
    const cudnnTensorDescriptor_t y_desc, const cudnnTensorDescriptor_t bn_scale_bias_mean_var_desc,
    const cudnnActivationDescriptor_t activation_desc, size_t* size);
cudnnStatus_t cudnnGetBatchNormalizationBackwardExWorkspaceSize(
    cudnnHandle_t handle, cudnnBatchNormMode_t mode, cudnnBatchNormOps_t bn_ops,
    const cudnnTensorDescriptor_t x_desc, const cudnnTensorDescriptor_t y_desc,
    const cudnnTensorDescriptor_t dy_desc, const cudnnTensorDescriptor_t dz_desc,
    const cudnnTensorDescriptor_t dx_desc, const cudnnTensorDescriptor_t d_bn_scale_bias_desc,
    const cudnnActivationDescriptor_t activation_desc, size_t* size);
cudnnStatus_t cudnnGetBatchNormalizationTrainingExReserveSpaceSize(
    cudnnHandle_t handle, cudnnBatchNormMode_t mode, cudnnBatchNormOps_t bn_ops,
    const cudnnActivationDescriptor_t activation_desc, const cudnnTensorDescriptor_t x_desc,
    size_t* size);
cudnnStatus_t cudnnBatchNormalizationForwardTraining(
    cudnnHandle_t handle, cudnnBatchNormMode_t mode, const void* alpha, const void* beta,
    const cudnnTensorDescriptor_t x_desc, const void* x, const cudnnTensorDescriptor_t y_desc,
    void* y, const cudnnTensorDescriptor_t bn_scale_bias_mean_var_desc, const void* bn_scale,
    const void* bn_bias, double exponential_average_factor, void* result_running_mean,
    void* result_running_variance, double epsilon, void* result_save_mean,
    void* result_save_inv_variance);
cudnnStatus_t cudnnBatchNormalizationForwardTrainingEx(
    cudnnHandle_t handle, cudnnBatchNormMode_t mode, cudnnBatchNormOps_t bn_ops, const void* alpha,
    const void* beta, const cudnnTensorDescriptor_t x_desc, const void* x_data,
    const cudnnTensorDescriptor_t z_desc, const void* z_data, const cudnnTensorDescriptor_t y_desc,
    void* y_data, const cudnnTensorDescriptor_t bn_scale_bias_mean_var_desc, const void* bn_scale,
    const void* bn_bias, double exponential_average_factor, void* result_running_mean,
    void* result_running_variance, double epsilon, void* result_save_mean,
    void* result_save_inv_variance, cudnnActivationDescriptor_t activation_desc, void* workspace,
    size_t work_space_size, void* reserve_space, size_t reserve_space_size);
cudnnStatus_t cudnnBatchNormalizationBackward(
    cudnnHandle_t handle, cudnnBatchNormMode_t mode, const void* alpha_data_diff,
    const void* beta_data_diff, const void* alpha_param_diff, const void* beta_param_diff,
    const cudnnTensorDescriptor_t x_desc, const void* x, const cudnnTensorDescriptor_t dy_desc,
    const void* dy, const cudnnTensorDescriptor_t dx_desc, void* dx,
    const cudnnTensorDescriptor_t d_bn_scale_bias_desc, const void* bn_scale,
    void* d_bn_scale_result, void* d_bn_bias_result, double epsilon, const void* saved_mean,
    const void* saved_inv_variance);
cudnnStatus_t cudnnBatchNormalizationBackwardEx(
    cudnnHandle_t handle, cudnnBatchNormMode_t mode, cudnnBatchNormOps_t bn_ops,
    const void* alpha_data_diff, const void* beta_data_diff, const void* alpha_param_diff,
    const void* beta_param_diff, const cudnnTensorDescriptor_t x_desc, const void* x_data,
    const cudnnTensorDescriptor_t y_desc, const void* y_data, const cudnnTensorDescriptor_t dy_desc,
    const void* dy_data, const cudnnTensorDescriptor_t dz_desc, void* dz_data,
    const cudnnTensorDescriptor_t dx_desc, void* dx_data,
    const cudnnTensorDescriptor_t d_bn_scale_bias_desc, const void* bn_scale_data,
    const void* bn_bias_data, void* d_bn_scale_data, void* d_bn_bias_data, double epsilon,
    const void* saved_mean, const void* saved_inv_variance,
    cudnnActivationDescriptor_t activation_desc, void* work_space, size_t work_space_size,
    void* reserve_space, size_t reserve_space_size);

/// The same under later names.
cudnnStatus_t cudnnDeriveNormTensorDescriptor(cudnnTensorDescriptor_t derived_norm_scale_bias_desc,
                                              cudnnTensorDescriptor_t derived_norm_mean_var_desc,
                                              const cudnnTensorDescriptor_t x_desc,
                                              cudnnNormMode_t mode, int group_cnt);
cudnnStatus_t cudnnNormalizationForwardInference(
    cudnnHandle_t handle, cudnnNormMode_t mode, cudnnNormOps_t norm_ops, cudnnNormAlgo_t algo,
    const void* alpha, const void* beta, const cudnnTensorDescriptor_t x_desc, const void* x,
    const cudnnTensorDescriptor_t norm_scale_bias_desc, const void* norm_scale,
    const void* norm_bias, const cudnnTensorDescriptor_t norm_mean_var_desc,
    const void* estimated_mean, const void* estimated_variance,
    const cudnnTensorDescriptor_t z_desc, const void* z,
    cudnnActivationDescriptor_t activation_desc, const cudnnTensorDescriptor_t y_desc, void* y,
    double epsilon, int group_cnt);
cudnnStatus_t cudnnGetNormalizationForwardTrainingWorkspaceSize(
    cudnnHandle_t handle, cudnnNormMode_t mode, cudnnNormOps_t norm_ops, cudnnNormAlgo_t algo,
    const cudnnTensorDescriptor_t x_desc, const cudnnTensorDescriptor_t z_desc,
    const cudnnTensorDescriptor_t y_desc, const cudnnTensorDescriptor_t norm_scale_bias_desc,
    const cudnnActivationDescriptor_t activation_desc,
    const cudnnTensorDescriptor_t norm_mean_var_desc, size_t* size, int group_cnt);
cudnnStatus_t cudnnGetNormalizationBackwardWorkspaceSize(
    cudnnHandle_t handle, cudnnNormMode_t mode, cudnnNormOps_t norm_ops, cudnnNormAlgo_t algo,
    const cudnnTensorDescriptor_t x_desc, const cudnnTensorDescriptor_t y_desc,
    const cudnnTensorDescriptor_t dy_desc, const cudnnTensorDescriptor_t dz_desc,
    const cudnnTensorDescriptor_t dx_desc, const cudnnTensorDescriptor_t d_norm_scale_bias_desc,
    const cudnnActivationDescriptor_t activation_desc,
    const cudnnTensorDescriptor_t norm_mean_var_desc, size_t* size, int group_cnt);
cudnnStatus_t cudnnGetNormalizationTrainingReserveSpaceSize(
    cudnnHandle_t handle, cudnnNormMode_t mode, cudnnNormOps_t norm_ops, cudnnNormAlgo_t algo,
    const cudnnActivationDescriptor_t activation_desc, const cudnnTensorDescriptor_t x_desc,
    size_t* size, int group_cnt);
cudnnStatus_t cudnnNormalizationForwardTraining(
    cudnnHandle_t handle, cudnnNormMode_t mode, cudnnNormOps_t norm_ops, cudnnNormAlgo_t algo,
    const void* alpha, const void* beta, const cudnnTensorDescriptor_t x_desc, const void* x_data,
    const cudnnTensorDescriptor_t norm_scale_bias_desc, const void* norm_scale,
    const void* norm_bias, double exponential_average_factor,
    const cudnnTensorDescriptor_t norm_mean_var_desc, void* result_running_mean,
    void* result_running_variance, double epsilon, void* result_save_mean,
    void* result_save_inv_variance, cudnnActivationDescriptor_t activation_desc,
    const cudnnTensorDescriptor_t z_desc, const void* z_data, const cudnnTensorDescriptor_t y_desc,
    void* y_data, void* workspace, size_t work_space_size, void* reserve_space,
    size_t reserve_space_size, int group_cnt);
cudnnStatus_t cudnnNormalizationBackward(
    cudnnHandle_t handle, cudnnNormMode_t mode, cudnnNormOps_t norm_ops, cudnnNormAlgo_t algo,
    const void* alpha_data_diff, const void* beta_data_diff, const void* alpha_param_diff,
    const void* beta_param_diff, const cudnnTensorDescriptor_t x_desc, const void* x_data,
    const cudnnTensorDescriptor_t y_desc, const void* y_data, const cudnnTensorDescriptor_t dy_desc,
    const void* dy_data, const cudnnTensorDescriptor_t dz_desc, void* dz_data,
    const cudnnTensorDescriptor_t dx_desc, void* dx_data,
    const cudnnTensorDescriptor_t d_norm_scale_bias_desc, const void* norm_scale_data,
    const void* norm_bias_data, void* d_norm_scale_data, void* d_norm_bias_data, double epsilon,
    const cudnnTensorDescriptor_t norm_mean_var_desc, const void* saved_mean,
    const void* saved_inv_variance, cudnnActivationDescriptor_t activation_desc, void* work_space,
    size_t work_space_size, void* reserve_space, size_t reserve_space_size, int group_cnt);

/// Spatial transformers.
cudnnStatus_t cudnnCreateSpatialTransformerDescriptor(cudnnSpatialTransformerDescriptor_t* st_desc);
cudnnStatus_t cudnnSetSpatialTransformerNdDescriptor(cudnnSpatialTransformerDescriptor_t st_desc,
                                                     cudnnSamplerType_t sampler_type,
                                                     cudnnDataType_t data_type, const int nb_dims,
                                                     const int dim_a[]);
cudnnStatus_t cudnnDestroySpatialTransformerDescriptor(cudnnSpatialTransformerDescriptor_t st_desc);
cudnnStatus_t cudnnSpatialTfGridGeneratorForward(cudnnHandle_t handle,
                                                 const cudnnSpatialTransformerDescriptor_t st_desc,
                                                 const void* theta, void* grid);
cudnnStatus_t cudnnSpatialTfSamplerForward(cudnnHandle_t handle,
                                           cudnnSpatialTransformerDescriptor_t st_desc,
                                           const void* alpha, const cudnnTensorDescriptor_t x_desc,
                                           const void* x, const void* grid, const void* beta,
                                           cudnnTensorDescriptor_t y_desc, void* y);
cudnnStatus_t cudnnSpatialTfGridGeneratorBackward(cudnnHandle_t handle,
                                                  const cudnnSpatialTransformerDescriptor_t st_desc,
                                                  const void* dgrid, void* dtheta);
cudnnStatus_t cudnnSpatialTfSamplerBackward(cudnnHandle_t handle,
                                            cudnnSpatialTransformerDescriptor_t st_desc,
                                            const void* alpha, const cudnnTensorDescriptor_t x_desc,
                                            const void* x, const void* beta,
                                            const cudnnTensorDescriptor_t dx_desc, void* dx,
                                            const void* alpha_dgrid,
                                            const cudnnTensorDescriptor_t dy_desc, const void* dy,
                                            const void* grid, const void* beta_dgrid, void* dgrid);

/// Dropout.
cudnnStatus_t cudnnCreateDropoutDescriptor(cudnnDropoutDescriptor_t* dropout_desc);
cudnnStatus_t cudnnDestroyDropoutDescriptor(cudnnDropoutDescriptor_t dropout_desc);
cudnnStatus_t cudnnDropoutGetStatesSize(cudnnHandle_t handle, size_t* size);
cudnnStatus_t cudnnDropoutGetReserveSpaceSize(cudnnTensorDescriptor_t xdesc, size_t* size);
cudnnStatus_t cudnnSetDropoutDescriptor(cudnnDropoutDescriptor_t dropout_desc, cudnnHandle_t handle,
                                        float dropout, void* states, size_t state_size,
                                        unsigned long long seed);
cudnnStatus_t cudnnRestoreDropoutDescriptor(cudnnDropoutDescriptor_t dropout_desc,
                                            cudnnHandle_t handle, float dropout, void* states,
                                            size_t state_size, unsigned long long seed);
cudnnStatus_t cudnnGetDropoutDescriptor(cudnnDropoutDescriptor_t dropout_desc, cudnnHandle_t handle,
                                        float* dropout, void** states, unsigned long long* seed);
cudnnStatus_t cudnnDropoutForward(cudnnHandle_t handle, const cudnnDropoutDescriptor_t dropout_desc,
                                  const cudnnTensorDescriptor_t xdesc, const void* x,
                                  const cudnnTensorDescriptor_t ydesc, void* y, void* reserve_space,
                                  size_t reserve_space_size);
cudnnStatus_t cudnnDropoutBackward(cudnnHandle_t handle,
                                   const cudnnDropoutDescriptor_t dropout_desc,
                                   const cudnnTensorDescriptor_t dydesc, const void* dy,
                                   const cudnnTensorDescriptor_t dxdesc, void* dx,
                                   void* reserve_space, size_t reserve_space_size);

#ifdef __cplusplus
}
#endif
