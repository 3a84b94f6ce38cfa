// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What programs ask before a convolution: which algorithm, how much workspace, how fast.
#include "runtime/lib/dnn/algorithms.h"

#include "runtime/lib/common/api.h"
#include "runtime/lib/dnn/convolution.h"

#include <algorithm>

namespace acc::dnn {
namespace {

/// Of each of the three: types, the names there are, which of them come first, and the function.
struct Forward {
    using Algo = cudnnConvolutionFwdAlgo_t;
    using Perf = cudnnConvolutionFwdAlgoPerf_t;
    static constexpr int kCount = CUDNN_CONVOLUTION_FWD_ALGO_COUNT;
    static constexpr Algo kListed[] = {CUDNN_CONVOLUTION_FWD_ALGO_IMPLICIT_PRECOMP_GEMM,
                                       CUDNN_CONVOLUTION_FWD_ALGO_IMPLICIT_GEMM,
                                       CUDNN_CONVOLUTION_FWD_ALGO_GEMM};
    /// Documented as a name that nothing stands behind.
    static constexpr int kMissing = CUDNN_CONVOLUTION_FWD_ALGO_DIRECT;
};
struct BackwardData {
    using Algo = cudnnConvolutionBwdDataAlgo_t;
    using Perf = cudnnConvolutionBwdDataAlgoPerf_t;
    static constexpr int kCount = CUDNN_CONVOLUTION_BWD_DATA_ALGO_COUNT;
    static constexpr Algo kListed[] = {CUDNN_CONVOLUTION_BWD_DATA_ALGO_1,
                                       CUDNN_CONVOLUTION_BWD_DATA_ALGO_0};
    static constexpr int kMissing = -1;
};
struct BackwardFilter {
    using Algo = cudnnConvolutionBwdFilterAlgo_t;
    using Perf = cudnnConvolutionBwdFilterAlgoPerf_t;
    static constexpr int kCount = CUDNN_CONVOLUTION_BWD_FILTER_ALGO_COUNT;
    static constexpr Algo kListed[] = {CUDNN_CONVOLUTION_BWD_FILTER_ALGO_1,
                                       CUDNN_CONVOLUTION_BWD_FILTER_ALGO_0,
                                       CUDNN_CONVOLUTION_BWD_FILTER_ALGO_3};
    static constexpr int kMissing = -1;
};

template <class Kind>
cudnnStatus_t check(typename Kind::Algo algo) {
    if (int(algo) < 0 || int(algo) >= Kind::kCount)
        return fail(CUDNN_STATUS_BAD_PARAM, "no convolution algorithm %d", int(algo));
    if (int(algo) == Kind::kMissing)
        return fail(CUDNN_STATUS_NOT_SUPPORTED, "convolution algorithm %d", int(algo));
    return CUDNN_STATUS_SUCCESS;
}

cudnnStatus_t check_descriptors(const cudnnConvolutionStruct* convolution, const Tensor* x,
                                const cudnnFilterStruct* w, const Tensor* y) {
    if (convolution == nullptr) return null_pointer("the convolution");
    for (const auto status :
         {check_tensor(x, "x's descriptor"), check_filter(w, "the filter's descriptor"),
          check_tensor(y, "y's descriptor")})
        if (failed(status)) return status;
    return check_convolution(*convolution, *x, tensor_of(*w), *y);
}

/// The algorithms that are listed, with one time for all.
template <class Kind>
cudnnStatus_t list(const cudnnConvolutionStruct& convolution, float time, int requested,
                   int* returned, typename Kind::Perf* results) {
    if (returned == nullptr || results == nullptr)
        return null_pointer("returnedAlgoCount or perfResults");
    if (requested < 1) return fail(CUDNN_STATUS_BAD_PARAM, "requestedAlgoCount is %d", requested);
    *returned = std::min(requested, int(std::size(Kind::kListed)));
    for (int i = 0; i < *returned; ++i) {
        results[i] = {};
        results[i].algo = Kind::kListed[i];
        results[i].status = CUDNN_STATUS_SUCCESS;
        results[i].time = time;
        results[i].memory = 0;
        results[i].determinism = CUDNN_DETERMINISTIC;
        results[i].mathType = convolution.math_type;
    }
    return CUDNN_STATUS_SUCCESS;
}

/// Milliseconds that the convolution takes on the handle's stream.
cudnnStatus_t measure(cudnnHandle_t handle, Convolution c, float& time) {
    cudaEvent_t begin = nullptr, end = nullptr;
    cudaError_t error = cudaEventCreate(&begin);
    if (error == cudaSuccess) error = cudaEventCreate(&end);
    if (error == cudaSuccess) error = cudaEventRecord(begin, handle->stream);
    if (error == cudaSuccess) error = launch_convolution(handle->stream, c);
    if (error == cudaSuccess) error = cudaEventRecord(end, handle->stream);
    if (error == cudaSuccess) error = cudaEventSynchronize(end);
    if (error == cudaSuccess) error = cudaEventElapsedTime(&time, begin, end);
    if (begin != nullptr) cudaEventDestroy(begin);
    if (end != nullptr) cudaEventDestroy(end);
    return status_of(error);
}

/// Device memory for the functions that find without being given data.
class Memory {
  public:
    explicit Memory(const Tensor& tensor) {
        int64_t last = 0;
        for (int d = 0; d < tensor.dims; ++d)
            last += (tensor.size[d] - 1) * tensor.stride[d];
        const size_t size = size_t(last + 1) * size_of(element_of(tensor.type));
        error_ = cudaMalloc(&data_, size);
        if (error_ == cudaSuccess) error_ = cudaMemset(data_, 0, size);
    }
    ~Memory() { cudaFree(data_); }
    Memory(const Memory&) = delete;
    Memory& operator=(const Memory&) = delete;
    void* data() const { return data_; }
    cudaError_t error() const { return error_; }

  private:
    void* data_ = nullptr;
    cudaError_t error_;
};

/// Finds with memory of its own: `make(x, w, y)` gives the convolution.
template <class Kind, class Make>
cudnnStatus_t find(cudnnHandle_t handle, const cudnnConvolutionStruct* convolution, const Tensor* x,
                   const cudnnFilterStruct* w, const Tensor* y, int requested, int* returned,
                   typename Kind::Perf* results, Make make) {
    if (const auto status = check_descriptors(convolution, x, w, y); failed(status)) return status;
    const Memory of_x(*x), of_w(tensor_of(*w)), of_y(*y);
    for (const Memory* memory : {&of_x, &of_w, &of_y})
        if (memory->error() != cudaSuccess) return status_of(memory->error());
    float time = 0;
    const auto status = measure(handle, make(of_x.data(), of_w.data(), of_y.data()), time);
    return failed(status) ? status : list<Kind>(*convolution, time, requested, returned, results);
}

/// The same with the program's.
template <class Kind, class Make>
cudnnStatus_t find_with(cudnnHandle_t handle, const cudnnConvolutionStruct* convolution,
                        const Tensor* x, const cudnnFilterStruct* w, const Tensor* y, int requested,
                        int* returned, typename Kind::Perf* results,
                        std::initializer_list<const void*> data, Make make) {
    if (const auto status = check_descriptors(convolution, x, w, y); failed(status)) return status;
    for (const void* pointer : data)
        if (pointer == nullptr) return null_pointer("a tensor's or the filter's data");
    float time = 0;
    const auto status = measure(handle, make(), time);
    return failed(status) ? status : list<Kind>(*convolution, time, requested, returned, results);
}

/// Without running anything the time is not known: -1, as documented.
template <class Kind>
cudnnStatus_t guess(const cudnnConvolutionStruct* convolution, const Tensor* x,
                    const cudnnFilterStruct* w, const Tensor* y, int requested, int* returned,
                    typename Kind::Perf* results) {
    const auto status = check_descriptors(convolution, x, w, y);
    return failed(status) ? status : list<Kind>(*convolution, -1, requested, returned, results);
}

/// No algorithm needs a workspace.
template <class Kind>
cudnnStatus_t workspace(const cudnnConvolutionStruct* convolution, const Tensor* x,
                        const cudnnFilterStruct* w, const Tensor* y, typename Kind::Algo algo,
                        size_t* size) {
    if (size == nullptr) return null_pointer("sizeInBytes");
    *size = 0;
    for (const auto status : {check<Kind>(algo), check_descriptors(convolution, x, w, y)})
        if (failed(status)) return status;
    return CUDNN_STATUS_SUCCESS;
}

template <class Kind>
cudnnStatus_t most(const char* function, cudnnHandle_t handle, int* count) {
    return guard(function, handle, [&] {
        if (count == nullptr) return null_pointer("count");
        *count = Kind::kCount;
        return CUDNN_STATUS_SUCCESS;
    });
}

} // namespace

cudnnStatus_t check_algorithm(cudnnConvolutionFwdAlgo_t algo) {
    return check<Forward>(algo);
}
cudnnStatus_t check_algorithm(cudnnConvolutionBwdDataAlgo_t algo) {
    return check<BackwardData>(algo);
}
cudnnStatus_t check_algorithm(cudnnConvolutionBwdFilterAlgo_t algo) {
    return check<BackwardFilter>(algo);
}

} // namespace acc::dnn

using namespace acc::dnn;

ACC_LIBRARY_API cudnnStatus_t cudnnGetConvolutionForwardAlgorithmMaxCount(cudnnHandle_t handle,
                                                                          int* count) {
    return most<Forward>(__func__, handle, count);
}
ACC_LIBRARY_API cudnnStatus_t cudnnGetConvolutionBackwardDataAlgorithmMaxCount(cudnnHandle_t handle,
                                                                               int* count) {
    return most<BackwardData>(__func__, handle, count);
}
ACC_LIBRARY_API cudnnStatus_t
cudnnGetConvolutionBackwardFilterAlgorithmMaxCount(cudnnHandle_t handle, int* count) {
    return most<BackwardFilter>(__func__, handle, count);
}

ACC_LIBRARY_API cudnnStatus_t cudnnGetConvolutionForwardAlgorithm_v7(
    cudnnHandle_t handle, const cudnnTensorDescriptor_t src_desc,
    const cudnnFilterDescriptor_t filter_desc, const cudnnConvolutionDescriptor_t conv_desc,
    const cudnnTensorDescriptor_t dest_desc, const int requested_algo_count,
    int* returned_algo_count, cudnnConvolutionFwdAlgoPerf_t* perf_results) {
    return guard(__func__, handle, [&] {
        return guess<Forward>(conv_desc, src_desc, filter_desc, dest_desc, requested_algo_count,
                              returned_algo_count, perf_results);
    });
}
ACC_LIBRARY_API cudnnStatus_t cudnnGetConvolutionBackwardDataAlgorithm_v7(
    cudnnHandle_t handle, const cudnnFilterDescriptor_t filter_desc,
    const cudnnTensorDescriptor_t diff_desc, const cudnnConvolutionDescriptor_t conv_desc,
    const cudnnTensorDescriptor_t grad_desc, const int requested_algo_count,
    int* returned_algo_count, cudnnConvolutionBwdDataAlgoPerf_t* perf_results) {
    return guard(__func__, handle, [&] {
        return guess<BackwardData>(conv_desc, grad_desc, filter_desc, diff_desc,
                                   requested_algo_count, returned_algo_count, perf_results);
    });
}
ACC_LIBRARY_API cudnnStatus_t cudnnGetConvolutionBackwardFilterAlgorithm_v7(
    cudnnHandle_t handle, const cudnnTensorDescriptor_t src_desc,
    const cudnnTensorDescriptor_t diff_desc, const cudnnConvolutionDescriptor_t conv_desc,
    const cudnnFilterDescriptor_t grad_desc, const int requested_algo_count,
    int* returned_algo_count, cudnnConvolutionBwdFilterAlgoPerf_t* perf_results) {
    return guard(__func__, handle, [&] {
        return guess<BackwardFilter>(conv_desc, src_desc, grad_desc, diff_desc,
                                     requested_algo_count, returned_algo_count, perf_results);
    });
}

ACC_LIBRARY_API cudnnStatus_t cudnnFindConvolutionForwardAlgorithm(
    cudnnHandle_t handle, const cudnnTensorDescriptor_t x_desc,
    const cudnnFilterDescriptor_t w_desc, const cudnnConvolutionDescriptor_t conv_desc,
    const cudnnTensorDescriptor_t y_desc, const int requested_algo_count, int* returned_algo_count,
    cudnnConvolutionFwdAlgoPerf_t* perf_results) {
    return guard(__func__, handle, [&] {
        return find<Forward>(handle, conv_desc, x_desc, w_desc, y_desc, requested_algo_count,
                             returned_algo_count, perf_results, [&](void* x, void* w, void* y) {
                                 return forward_of(*conv_desc, *x_desc, x, tensor_of(*w_desc), w,
                                                   *y_desc, y);
                             });
    });
}
ACC_LIBRARY_API cudnnStatus_t cudnnFindConvolutionBackwardDataAlgorithm(
    cudnnHandle_t handle, const cudnnFilterDescriptor_t w_desc,
    const cudnnTensorDescriptor_t dy_desc, const cudnnConvolutionDescriptor_t conv_desc,
    const cudnnTensorDescriptor_t dx_desc, const int requested_algo_count, int* returned_algo_count,
    cudnnConvolutionBwdDataAlgoPerf_t* perf_results) {
    return guard(__func__, handle, [&] {
        return find<BackwardData>(handle, conv_desc, dx_desc, w_desc, dy_desc, requested_algo_count,
                                  returned_algo_count, perf_results,
                                  [&](void* dx, void* w, void* dy) {
                                      return gradient_to_data(*conv_desc, *dx_desc, dx,
                                                              tensor_of(*w_desc), w, *dy_desc, dy);
                                  });
    });
}
ACC_LIBRARY_API cudnnStatus_t cudnnFindConvolutionBackwardFilterAlgorithm(
    cudnnHandle_t handle, const cudnnTensorDescriptor_t x_desc,
    const cudnnTensorDescriptor_t dy_desc, const cudnnConvolutionDescriptor_t conv_desc,
    const cudnnFilterDescriptor_t dw_desc, const int requested_algo_count, int* returned_algo_count,
    cudnnConvolutionBwdFilterAlgoPerf_t* perf_results) {
    return guard(__func__, handle, [&] {
        return find<BackwardFilter>(
            handle, conv_desc, x_desc, dw_desc, dy_desc, requested_algo_count, returned_algo_count,
            perf_results, [&](void* x, void* dw, void* dy) {
                return gradient_to_filter(*conv_desc, *x_desc, x, tensor_of(*dw_desc), dw, *dy_desc,
                                          dy);
            });
    });
}

ACC_LIBRARY_API cudnnStatus_t cudnnFindConvolutionForwardAlgorithmEx(
    cudnnHandle_t handle, const cudnnTensorDescriptor_t x_desc, const void* x,
    const cudnnFilterDescriptor_t w_desc, const void* w,
    const cudnnConvolutionDescriptor_t conv_desc, const cudnnTensorDescriptor_t y_desc, void* y,
    const int requested_algo_count, int* returned_algo_count,
    cudnnConvolutionFwdAlgoPerf_t* perf_results, void*, size_t) {
    return guard(__func__, handle, [&] {
        return find_with<Forward>(
            handle, conv_desc, x_desc, w_desc, y_desc, requested_algo_count, returned_algo_count,
            perf_results, {x, w, y},
            [&] { return forward_of(*conv_desc, *x_desc, x, tensor_of(*w_desc), w, *y_desc, y); });
    });
}
ACC_LIBRARY_API cudnnStatus_t cudnnFindConvolutionBackwardDataAlgorithmEx(
    cudnnHandle_t handle, const cudnnFilterDescriptor_t w_desc, const void* w,
    const cudnnTensorDescriptor_t dy_desc, const void* dy,
    const cudnnConvolutionDescriptor_t conv_desc, const cudnnTensorDescriptor_t dx_desc, void* dx,
    const int requested_algo_count, int* returned_algo_count,
    cudnnConvolutionBwdDataAlgoPerf_t* perf_results, void*, size_t) {
    return guard(__func__, handle, [&] {
        return find_with<BackwardData>(
            handle, conv_desc, dx_desc, w_desc, dy_desc, requested_algo_count, returned_algo_count,
            perf_results, {w, dy, dx}, [&] {
                return gradient_to_data(*conv_desc, *dx_desc, dx, tensor_of(*w_desc), w, *dy_desc,
                                        dy);
            });
    });
}
ACC_LIBRARY_API cudnnStatus_t cudnnFindConvolutionBackwardFilterAlgorithmEx(
    cudnnHandle_t handle, const cudnnTensorDescriptor_t x_desc, const void* x,
    const cudnnTensorDescriptor_t dy_desc, const void* y,
    const cudnnConvolutionDescriptor_t conv_desc, const cudnnFilterDescriptor_t dw_desc, void* dw,
    const int requested_algo_count, int* returned_algo_count,
    cudnnConvolutionBwdFilterAlgoPerf_t* perf_results, void*, size_t) {
    return guard(__func__, handle, [&] {
        return find_with<BackwardFilter>(
            handle, conv_desc, x_desc, dw_desc, dy_desc, requested_algo_count, returned_algo_count,
            perf_results, {x, y, dw}, [&] {
                return gradient_to_filter(*conv_desc, *x_desc, x, tensor_of(*dw_desc), dw, *dy_desc,
                                          y);
            });
    });
}

ACC_LIBRARY_API cudnnStatus_t cudnnGetConvolutionForwardWorkspaceSize(
    cudnnHandle_t handle, const cudnnTensorDescriptor_t x_desc,
    const cudnnFilterDescriptor_t w_desc, const cudnnConvolutionDescriptor_t conv_desc,
    const cudnnTensorDescriptor_t y_desc, cudnnConvolutionFwdAlgo_t algo, size_t* size) {
    return guard(__func__, handle,
                 [&] { return workspace<Forward>(conv_desc, x_desc, w_desc, y_desc, algo, size); });
}
ACC_LIBRARY_API cudnnStatus_t cudnnGetConvolutionBackwardDataWorkspaceSize(
    cudnnHandle_t handle, const cudnnFilterDescriptor_t w_desc,
    const cudnnTensorDescriptor_t dy_desc, const cudnnConvolutionDescriptor_t conv_desc,
    const cudnnTensorDescriptor_t dx_desc, cudnnConvolutionBwdDataAlgo_t algo, size_t* size) {
    return guard(__func__, handle, [&] {
        return workspace<BackwardData>(conv_desc, dx_desc, w_desc, dy_desc, algo, size);
    });
}
ACC_LIBRARY_API cudnnStatus_t cudnnGetConvolutionBackwardFilterWorkspaceSize(
    cudnnHandle_t handle, const cudnnTensorDescriptor_t x_desc,
    const cudnnTensorDescriptor_t dy_desc, const cudnnConvolutionDescriptor_t conv_desc,
    const cudnnFilterDescriptor_t grad_desc, cudnnConvolutionBwdFilterAlgo_t algo, size_t* size) {
    return guard(__func__, handle, [&] {
        return workspace<BackwardFilter>(conv_desc, x_desc, grad_desc, dy_desc, algo, size);
    });
}
