// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <cuda.h>

#include "tests/unit/runtime_cuda/expect.h"

namespace cuda_test {
namespace {

struct StreamAttributes : Clean {
    cudaStream_t stream = nullptr, other = nullptr;
    cudaLaunchAttributeValue value{};
    void SetUp() override {
        ASSERT_CUDA_OK(cudaStreamCreateWithPriority(&stream, cudaStreamNonBlocking, -1));
        ASSERT_CUDA_OK(cudaStreamCreate(&other));
    }
    void TearDown() override {
        EXPECT_CUDA_OK(cudaStreamDestroy(stream));
        EXPECT_CUDA_OK(cudaStreamDestroy(other));
        Clean::TearDown();
    }
};

TEST_F(StreamAttributes, WhatIsThereBeforeAnythingIsSet) {
    ASSERT_CUDA_OK(cudaStreamGetAttribute(stream, cudaLaunchAttributePriority, &value));
    EXPECT_EQ(value.priority, -1);
    ASSERT_CUDA_OK(
        cudaStreamGetAttribute(stream, cudaLaunchAttributeSynchronizationPolicy, &value));
    EXPECT_EQ(value.syncPolicy, cudaSyncPolicyAuto);
    ASSERT_CUDA_OK(cudaStreamGetAttribute(stream, cudaLaunchAttributeAccessPolicyWindow, &value));
    EXPECT_EQ(value.accessPolicyWindow.num_bytes, 0u);
    ASSERT_CUDA_OK(cudaStreamGetAttribute(stream, cudaLaunchAttributeMemSyncDomainMap, &value));
    EXPECT_EQ(value.memSyncDomainMap.remote, 1);
}

TEST_F(StreamAttributes, AreKeptAndCopied) {
    value.accessPolicyWindow = {&value, 4096, 0.5f, cudaAccessPropertyPersisting,
                                cudaAccessPropertyStreaming};
    ASSERT_CUDA_OK(cudaStreamSetAttribute(stream, cudaLaunchAttributeAccessPolicyWindow, &value));
    ASSERT_CUDA_OK(cudaStreamCopyAttributes(other, stream));
    cudaLaunchAttributeValue seen{};
    ASSERT_CUDA_OK(cudaStreamGetAttribute(other, cudaLaunchAttributeAccessPolicyWindow, &seen));
    EXPECT_EQ(seen.accessPolicyWindow.base_ptr, &value);
    EXPECT_EQ(seen.accessPolicyWindow.num_bytes, 4096u);
    EXPECT_EQ(seen.accessPolicyWindow.missProp, cudaAccessPropertyStreaming);
    CUstreamAttrValue driver{};
    ASSERT_EQ(CUDA_SUCCESS,
              cuStreamGetAttribute(other, CU_STREAM_ATTRIBUTE_ACCESS_POLICY_WINDOW, &driver));
    EXPECT_EQ(driver.accessPolicyWindow.hitRatio, 0.5f);
    driver = {};
    driver.syncPolicy = CU_SYNC_POLICY_YIELD;
    ASSERT_EQ(CUDA_SUCCESS,
              cuStreamSetAttribute(other, CU_STREAM_ATTRIBUTE_SYNCHRONIZATION_POLICY, &driver));
    ASSERT_EQ(CUDA_SUCCESS, cuStreamCopyAttributes(stream, other));
    ASSERT_CUDA_OK(cudaStreamGetAttribute(stream, cudaLaunchAttributeSynchronizationPolicy, &seen));
    EXPECT_EQ(seen.syncPolicy, cudaSyncPolicyYield);
}

TEST_F(StreamAttributes, NothingPersistsInTheCache) {
    EXPECT_CUDA_OK(cudaCtxResetPersistingL2Cache());
    EXPECT_EQ(CUDA_SUCCESS, cuCtxResetPersistingL2Cache());
}

TEST_F(StreamAttributes, BadOnesAreRefused) {
    EXPECT_CUDA(cudaErrorInvalidValue,
                cudaStreamGetAttribute(stream, cudaLaunchAttributeCooperative, &value));
    EXPECT_CUDA(cudaErrorInvalidValue,
                cudaStreamSetAttribute(stream, static_cast<cudaLaunchAttributeID>(99), &value));
    EXPECT_CUDA(cudaErrorInvalidValue,
                cudaStreamSetAttribute(stream, cudaLaunchAttributePriority, nullptr));
    EXPECT_CUDA(cudaErrorInvalidValue,
                cudaStreamGetAttribute(stream, cudaLaunchAttributePriority, nullptr));
    value.accessPolicyWindow = {nullptr, 0, 1.5f, cudaAccessPropertyNormal,
                                cudaAccessPropertyNormal};
    EXPECT_CUDA(cudaErrorInvalidValue,
                cudaStreamSetAttribute(stream, cudaLaunchAttributeAccessPolicyWindow, &value));
    value.accessPolicyWindow = {nullptr, 0, 1.f, cudaAccessPropertyNormal,
                                cudaAccessPropertyPersisting};
    EXPECT_CUDA(cudaErrorInvalidValue,
                cudaStreamSetAttribute(stream, cudaLaunchAttributeAccessPolicyWindow, &value));
    value = {};
    EXPECT_CUDA(cudaErrorInvalidValue,
                cudaStreamSetAttribute(stream, cudaLaunchAttributeSynchronizationPolicy, &value));
    EXPECT_CUDA(cudaErrorInvalidResourceHandle,
                cudaStreamCopyAttributes(reinterpret_cast<cudaStream_t>(0x77), stream));
}

} // namespace
} // namespace cuda_test
