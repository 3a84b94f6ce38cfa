// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The C++ interface of the runtime: everything a .cu file sees without an #include of its own. accc
// includes it first.
#pragma once
#define __CUDA_RUNTIME_H__ // programs test this name

#if !defined(__CUDACC_RTC__)
#include "acc_impl/host_includes.h"
#endif

#include "channel_descriptor.h"
#include "cuda_runtime_api.h"
#include "driver_functions.h"
#include "library_types.h"
#include "vector_functions.h"

#if defined(__CUDA__) && defined(__clang__)
#include "acc_impl/device.h"
#endif

#if defined(__cplusplus) && !defined(__CUDACC_RTC__)
#include "acc_impl/runtime_templates.h"
#endif
