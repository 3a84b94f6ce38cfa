// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Handles, versions, statuses, what was said of an error, descriptors of tensors and filters.
#include "rig.h"

#include <cudnn_adv_infer.h>
#include <cudnn_backend.h>
#include <cudnn_cnn_train.h>
#include <cudnn_ops_infer.h>

namespace dnn_test {
namespace {

TEST(Handle, WithoutOneFunctionsSaySo) {
    ACC_BAD(cudnnCreate(nullptr));
    EXPECT_EQ(cudnnDestroy(nullptr), CUDNN_STATUS_NOT_INITIALIZED);
    EXPECT_EQ(cudnnSetStream(nullptr, nullptr), CUDNN_STATUS_NOT_INITIALIZED);
    cudaStream_t stream;
    EXPECT_EQ(cudnnGetStream(nullptr, &stream), CUDNN_STATUS_NOT_INITIALIZED);
}

TEST_F(Dnn, SettingsAreKept) {
    cudaStream_t stream, got = nullptr;
    ASSERT_EQ(cudaStreamCreate(&stream), cudaSuccess);
    ACC_OK(cudnnSetStream(handle_, stream));
    ACC_OK(cudnnGetStream(handle_, &got));
    EXPECT_EQ(got, stream);
    ACC_BAD(cudnnGetStream(handle_, nullptr));
    cudnnStatus_t status = CUDNN_STATUS_BAD_PARAM;
    ACC_OK(cudnnQueryRuntimeError(handle_, &status, CUDNN_ERRQUERY_BLOCKING, nullptr));
    EXPECT_EQ(status, CUDNN_STATUS_SUCCESS);
    ASSERT_EQ(cudaStreamDestroy(stream), cudaSuccess);
}

TEST(Version, IsTheHeaders) {
    EXPECT_EQ(cudnnGetVersion(), size_t(CUDNN_VERSION));
    EXPECT_EQ(cudnnGetCudartVersion(), size_t(CUDART_VERSION));
    EXPECT_GE(cudnnGetMaxDeviceVersion(), 900u);
    int major = 0, minor = 0, patch = 0;
    ACC_OK(cudnnGetProperty(MAJOR_VERSION, &major));
    ACC_OK(cudnnGetProperty(MINOR_VERSION, &minor));
    ACC_OK(cudnnGetProperty(PATCH_LEVEL, &patch));
    EXPECT_EQ(major * 10000 + minor * 100 + patch, CUDNN_VERSION);
    EXPECT_EQ(cudnnGetProperty(libraryPropertyType(9), &major), CUDNN_STATUS_INVALID_VALUE);
    ACC_BAD(cudnnGetProperty(MAJOR_VERSION, nullptr));
    ACC_OK(cudnnGraphVersionCheck());
    ACC_OK(cudnnOpsVersionCheck());
    ACC_OK(cudnnCnnVersionCheck());
    ACC_OK(cudnnAdvVersionCheck());
}

TEST(Status, HasAName) {
    EXPECT_STREQ(cudnnGetErrorString(CUDNN_STATUS_SUCCESS), "CUDNN_STATUS_SUCCESS");
    EXPECT_STREQ(cudnnGetErrorString(CUDNN_STATUS_BAD_PARAM), "CUDNN_STATUS_BAD_PARAM");
    EXPECT_STREQ(cudnnGetErrorString(CUDNN_STATUS_NOT_SUPPORTED), "CUDNN_STATUS_NOT_SUPPORTED");
    EXPECT_NE(cudnnGetErrorString(cudnnStatus_t(7)), nullptr);
}

std::string g_said;

TEST(Status, ErrorsAreExplained) {
    cudnnCallback_t old = nullptr;
    ACC_OK(cudnnGetCallback(nullptr, nullptr, &old));
    EXPECT_EQ(old, nullptr);
    ACC_OK(cudnnSetCallback(CUDNN_SEV_ERROR_EN, nullptr,
                            [](cudnnSeverity_t, void*, const cudnnDebug_t*, const char* message) {
                                g_said = message;
                            }));
    Descriptor<cudnnTensorDescriptor_t> t(cudnnCreateTensorDescriptor,
                                          cudnnDestroyTensorDescriptor);
    ACC_BAD(cudnnSetTensor4dDescriptor(t, CUDNN_TENSOR_NCHW, CUDNN_DATA_FLOAT, 1, 0, 2, 3));
    ACC_OK(cudnnSetCallback(0, nullptr, nullptr));
    char text[256] = "";
    cudnnGetLastErrorString(text, sizeof text);
    EXPECT_STREQ(text, "cudnnSetTensor4dDescriptor: CUDNN_STATUS_BAD_PARAM: dimension 1 is 0");
    EXPECT_EQ(g_said, text);
    char end[5] = "....";
    cudnnGetLastErrorString(end, sizeof end);
    EXPECT_STREQ(end, "cudn");
}

TEST(Status, FunctionsThatAreNotThereSaySo) {
    cudnnFusedOpsPlan_t plan = nullptr;
    ACC_NONE(cudnnCreateFusedOpsPlan(&plan, CUDNN_FUSED_SCALE_BIAS_ACTIVATION_WGRAD));
}

TEST(TensorDescriptor, HoldsWhatIsSet) {
    Descriptor<cudnnTensorDescriptor_t> t(cudnnCreateTensorDescriptor,
                                          cudnnDestroyTensorDescriptor);
    cudnnDataType_t type;
    int dims = 0, size[8] = {}, stride[8] = {};
    ACC_BAD(cudnnGetTensorNdDescriptor(t, 8, &type, &dims, size, stride)); // not set yet
    ACC_OK(cudnnSetTensor4dDescriptor(t, CUDNN_TENSOR_NHWC, CUDNN_DATA_HALF, 2, 3, 4, 5));
    int n, c, h, w, ns, cs, hs, ws;
    ACC_OK(cudnnGetTensor4dDescriptor(t, &type, &n, &c, &h, &w, &ns, &cs, &hs, &ws));
    EXPECT_EQ(type, CUDNN_DATA_HALF);
    EXPECT_EQ((Sizes{n, c, h, w, ns, cs, hs, ws}), (Sizes{2, 3, 4, 5, 60, 1, 15, 3}));
    size_t bytes = 0;
    ACC_OK(cudnnGetTensorSizeInBytes(t, &bytes));
    EXPECT_EQ(bytes, 2u * 3 * 4 * 5 * 2);
    ACC_OK(cudnnSetTensor4dDescriptorEx(t, CUDNN_DATA_FLOAT, 2, 3, 4, 5, 100, 30, 7, 1));
    ACC_OK(cudnnGetTensorSizeInBytes(t, &bytes));
    EXPECT_EQ(bytes, (100u + 2 * 30 + 3 * 7 + 4 + 1) * 4);
    const int five[] = {2, 3, 4, 5, 6};
    ACC_OK(cudnnSetTensorNdDescriptorEx(t, CUDNN_TENSOR_NCHW, CUDNN_DATA_DOUBLE, 5, five));
    ACC_OK(cudnnGetTensorNdDescriptor(t, 3, &type, &dims, size, stride));
    EXPECT_EQ(dims, 5);
    EXPECT_EQ((Sizes{size[0], size[1], size[2], size[3], stride[2]}), (Sizes{2, 3, 4, 0, 30}));
    ACC_BAD(cudnnGetTensor4dDescriptor(t, &type, &n, &c, &h, &w, &ns, &cs, &hs, &ws));
}

TEST(TensorDescriptor, RefusesWhatIsNone) {
    Descriptor<cudnnTensorDescriptor_t> t(cudnnCreateTensorDescriptor,
                                          cudnnDestroyTensorDescriptor);
    ACC_BAD(cudnnCreateTensorDescriptor(nullptr));
    ACC_BAD(cudnnSetTensor4dDescriptor(nullptr, CUDNN_TENSOR_NCHW, CUDNN_DATA_FLOAT, 1, 1, 1, 1));
    ACC_BAD(cudnnSetTensor4dDescriptor(t, cudnnTensorFormat_t(9), CUDNN_DATA_FLOAT, 1, 1, 1, 1));
    ACC_BAD(cudnnSetTensor4dDescriptor(t, CUDNN_TENSOR_NCHW, cudnnDataType_t(99), 1, 1, 1, 1));
    ACC_BAD(cudnnSetTensor4dDescriptor(t, CUDNN_TENSOR_NCHW, CUDNN_DATA_FLOAT, -1, 1, 1, 1));
    ACC_NONE(
        cudnnSetTensor4dDescriptor(t, CUDNN_TENSOR_NCHW, CUDNN_DATA_FLOAT, 1 << 16, 1 << 16, 1, 1));
    ACC_NONE(cudnnSetTensor4dDescriptor(t, CUDNN_TENSOR_NCHW_VECT_C, CUDNN_DATA_FLOAT, 1, 4, 1, 1));
    ACC_NONE(cudnnSetTensor4dDescriptor(t, CUDNN_TENSOR_NCHW, CUDNN_DATA_INT8x4, 1, 4, 1, 1));
    const int sizes[9] = {1, 1, 1, 1, 1, 1, 1, 1, 1};
    ACC_NONE(cudnnSetTensorNdDescriptor(t, CUDNN_DATA_FLOAT, 9, sizes, sizes));
    ACC_NONE(cudnnSetTensorNdDescriptor(t, CUDNN_DATA_FLOAT, 2, sizes, sizes));
    ACC_BAD(cudnnSetTensorNdDescriptor(t, CUDNN_DATA_FLOAT, 4, nullptr, sizes));
    ACC_OK(cudnnDestroyTensorDescriptor(nullptr));
}

TEST(FilterDescriptor, HoldsWhatIsSet) {
    Descriptor<cudnnFilterDescriptor_t> f(cudnnCreateFilterDescriptor,
                                          cudnnDestroyFilterDescriptor);
    cudnnDataType_t type;
    cudnnTensorFormat_t format;
    int k, c, h, w, dims, size[5];
    ACC_OK(cudnnSetFilter4dDescriptor(f, CUDNN_DATA_FLOAT, CUDNN_TENSOR_NHWC, 6, 3, 2, 1));
    ACC_OK(cudnnGetFilter4dDescriptor(f, &type, &format, &k, &c, &h, &w));
    EXPECT_EQ(format, CUDNN_TENSOR_NHWC);
    EXPECT_EQ((Sizes{k, c, h, w}), (Sizes{6, 3, 2, 1}));
    size_t bytes = 0;
    ACC_OK(cudnnGetFilterSizeInBytes(f, &bytes));
    EXPECT_EQ(bytes, 6u * 3 * 2 * 4);
    const int five[] = {6, 3, 2, 2, 2};
    ACC_OK(cudnnSetFilterNdDescriptor(f, CUDNN_DATA_DOUBLE, CUDNN_TENSOR_NCHW, 5, five));
    ACC_OK(cudnnGetFilterNdDescriptor(f, 5, &type, &format, &dims, size));
    EXPECT_EQ(dims, 5);
    EXPECT_EQ(size[4], 2);
    ACC_BAD(cudnnGetFilter4dDescriptor(f, &type, &format, &k, &c, &h, &w));
    ACC_BAD(cudnnSetFilter4dDescriptor(f, CUDNN_DATA_FLOAT, CUDNN_TENSOR_NCHW, 0, 1, 1, 1));
}

} // namespace
} // namespace dnn_test
