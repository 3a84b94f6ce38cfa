// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What programs ask about stream capture, in both APIs. No stream can be capturing: beginning a
// capture is not supported yet.
#include "runtime/cuda/driver.h"

using namespace acc::cuda;
namespace rt = acc::rt;

namespace {

/// Throws Error(InvalidHandle) when the stream does not exist, Error(InvalidValue) without
/// `status`.
template <typename Status>
void capture_status(ApiContext& context, cudaStream_t stream, Status* status, Status none) {
    require(status, "captureStatus");
    stream_of(home_of(context, stream), stream);
    *status = none;
}

/// Exchanges the calling thread's mode for potentially unsafe calls during captures.
template <typename Mode>
void exchange_mode(Mode* mode) {
    require(mode, "mode");
    if (static_cast<unsigned>(*mode) > cudaStreamCaptureModeRelaxed)
        rt::fail(rt::Status::InvalidValue, "capture mode {} does not exist",
                 static_cast<unsigned>(*mode));
    const auto wanted = static_cast<unsigned char>(*mode);
    *mode = static_cast<Mode>(thread_state().capture_mode);
    thread_state().capture_mode = wanted;
}

} // namespace

ACC_API cudaError_t cudaStreamIsCapturing(cudaStream_t stream, cudaStreamCaptureStatus* status) {
    return guard(__func__,
                 [&] { capture_status(current(), stream, status, cudaStreamCaptureStatusNone); });
}

ACC_API cudaError_t cudaStreamGetCaptureInfo(cudaStream_t stream, cudaStreamCaptureStatus* status,
                                             unsigned long long*, cudaGraph_t*,
                                             const cudaGraphNode_t**, size_t*) {
    return guard(__func__,
                 [&] { capture_status(current(), stream, status, cudaStreamCaptureStatusNone); });
}

ACC_API cudaError_t cudaStreamGetCaptureInfo_v2(cudaStream_t stream,
                                                cudaStreamCaptureStatus* status,
                                                unsigned long long*, cudaGraph_t*,
                                                const cudaGraphNode_t**, size_t*) {
    return guard(__func__,
                 [&] { capture_status(current(), stream, status, cudaStreamCaptureStatusNone); });
}

ACC_API cudaError_t cudaStreamGetCaptureInfo_v3(cudaStream_t stream,
                                                cudaStreamCaptureStatus* status,
                                                unsigned long long*, cudaGraph_t*,
                                                const cudaGraphNode_t**, const cudaGraphEdgeData**,
                                                size_t*) {
    return guard(__func__,
                 [&] { capture_status(current(), stream, status, cudaStreamCaptureStatusNone); });
}

ACC_API cudaError_t cudaThreadExchangeStreamCaptureMode(cudaStreamCaptureMode* mode) {
    return guard(__func__, [&] { exchange_mode(mode); });
}

ACC_API CUresult cuStreamIsCapturing(CUstream stream, CUstreamCaptureStatus* status) {
    return driver_guard(__func__, [&] {
        capture_status(driver_current(), stream, status, CU_STREAM_CAPTURE_STATUS_NONE);
    });
}

ACC_API CUresult cuStreamGetCaptureInfo_v2(CUstream stream, CUstreamCaptureStatus* status,
                                           cuuint64_t*, CUgraph*, const CUgraphNode**, size_t*) {
    return driver_guard(__func__, [&] {
        capture_status(driver_current(), stream, status, CU_STREAM_CAPTURE_STATUS_NONE);
    });
}

ACC_API CUresult cuStreamGetCaptureInfo_v3(CUstream stream, CUstreamCaptureStatus* status,
                                           cuuint64_t*, CUgraph*, const CUgraphNode**,
                                           const CUgraphEdgeData**, size_t*) {
    return driver_guard(__func__, [&] {
        capture_status(driver_current(), stream, status, CU_STREAM_CAPTURE_STATUS_NONE);
    });
}

ACC_API CUresult cuThreadExchangeStreamCaptureMode(CUstreamCaptureMode* mode) {
    return driver_guard(__func__, [&] { exchange_mode(mode); });
}
