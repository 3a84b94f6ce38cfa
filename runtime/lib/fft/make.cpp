// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// cuFFT's ways to make a plan and to ask for the size of its work area.
#include "runtime/lib/fft/plan.h"

#include "runtime/lib/common/api.h"

#include <initializer_list>

namespace acc::fft {
namespace {

/// The parameters, with integers of 64 bits.
struct Many {
    long long n[3] = {}, inembed[3] = {}, onembed[3] = {};
    Request request = {};
};

template <class Integer>
cufftResult many(Many* many, int rank, const Integer* n, const Integer* inembed, long long istride,
                 long long idist, const Integer* onembed, long long ostride, long long odist,
                 cufftType type, long long batch) {
    if (rank < 1 || rank > 3 || n == nullptr) return CUFFT_INVALID_VALUE;
    for (int i = 0; i < rank; ++i) {
        many->n[i] = n[i];
        if (inembed != nullptr) many->inembed[i] = inembed[i];
        if (onembed != nullptr) many->onembed[i] = onembed[i];
    }
    Request& r = many->request;
    r = {rank,
         many->n,
         inembed != nullptr ? many->inembed : nullptr,
         onembed != nullptr ? many->onembed : nullptr,
         istride,
         idist,
         ostride,
         odist,
         batch,
         CUDA_C_32F,
         CUDA_C_32F};
    return types_of(type, &r.in, &r.out) ? CUFFT_SUCCESS : CUFFT_INVALID_TYPE;
}

/// Dense data of these lengths.
cufftResult dense(Many* dense, std::initializer_list<int> lengths, cufftType type, int batch) {
    return many<int>(dense, (int)lengths.size(), lengths.begin(), nullptr, 1, 0, nullptr, 1, 0,
                     type, batch);
}

cufftResult make(cufftHandle plan, const Many& many, cufftResult checked, size_t* work_size) {
    return checked != CUFFT_SUCCESS ? checked : make_plan(plan, many.request, work_size);
}

/// A handle and its plan at once.
cufftResult plan_at_once(cufftHandle* plan, const Many& many, cufftResult checked) {
    if (checked != CUFFT_SUCCESS) return checked;
    if (cufftResult result = new_handle(plan); result != CUFFT_SUCCESS) return result;
    const cufftResult result = make_plan(*plan, many.request, nullptr);
    if (result != CUFFT_SUCCESS) {
        cufftDestroy(*plan);
        *plan = CUFFT_PLAN_NULL;
    }
    return result;
}

cufftResult size(const Many& many, cufftResult checked, size_t* work_size) {
    if (checked != CUFFT_SUCCESS) return checked;
    Problem problem;
    bool padded_in_place = false;
    const cufftResult result = make_problem(many.request, &problem, &padded_in_place);
    return result != CUFFT_SUCCESS ? result : work_size_of(problem, padded_in_place, work_size);
}

cufftResult size_for(cufftHandle handle, const Many& many, cufftResult checked, size_t* work_size) {
    return plan_of(handle) ? size(many, checked, work_size) : CUFFT_INVALID_PLAN;
}

/// Whether the executing type is one that goes with those of the data.
bool executes(cudaDataType in, cudaDataType out, cudaDataType execution) {
    return execution == in || execution == out;
}

} // namespace
} // namespace acc::fft

using namespace acc::fft;

ACC_LIBRARY_API cufftResult cufftPlan1d(cufftHandle* plan, int nx, cufftType type, int batch) {
    Many m;
    const cufftResult checked = dense(&m, {nx}, type, batch);
    return plan_at_once(plan, m, checked);
}
ACC_LIBRARY_API cufftResult cufftPlan2d(cufftHandle* plan, int nx, int ny, cufftType type) {
    Many m;
    const cufftResult checked = dense(&m, {nx, ny}, type, 1);
    return plan_at_once(plan, m, checked);
}
ACC_LIBRARY_API cufftResult cufftPlan3d(cufftHandle* plan, int nx, int ny, int nz, cufftType type) {
    Many m;
    const cufftResult checked = dense(&m, {nx, ny, nz}, type, 1);
    return plan_at_once(plan, m, checked);
}
ACC_LIBRARY_API cufftResult cufftPlanMany(cufftHandle* plan, int rank, int* n, int* inembed,
                                          int istride, int idist, int* onembed, int ostride,
                                          int odist, cufftType type, int batch) {
    Many m;
    const cufftResult checked = many(&m, rank, n, inembed, istride, idist, onembed, ostride, odist,
                                     type, batch);
    return plan_at_once(plan, m, checked);
}

ACC_LIBRARY_API cufftResult cufftMakePlan1d(cufftHandle plan, int nx, cufftType type, int batch,
                                            size_t* workSize) {
    Many m;
    const cufftResult checked = dense(&m, {nx}, type, batch);
    return make(plan, m, checked, workSize);
}
ACC_LIBRARY_API cufftResult cufftMakePlan2d(cufftHandle plan, int nx, int ny, cufftType type,
                                            size_t* workSize) {
    Many m;
    const cufftResult checked = dense(&m, {nx, ny}, type, 1);
    return make(plan, m, checked, workSize);
}
ACC_LIBRARY_API cufftResult cufftMakePlan3d(cufftHandle plan, int nx, int ny, int nz,
                                            cufftType type, size_t* workSize) {
    Many m;
    const cufftResult checked = dense(&m, {nx, ny, nz}, type, 1);
    return make(plan, m, checked, workSize);
}
ACC_LIBRARY_API cufftResult cufftMakePlanMany(cufftHandle plan, int rank, int* n, int* inembed,
                                              int istride, int idist, int* onembed, int ostride,
                                              int odist, cufftType type, int batch,
                                              size_t* workSize) {
    Many m;
    const cufftResult checked = many(&m, rank, n, inembed, istride, idist, onembed, ostride, odist,
                                     type, batch);
    return make(plan, m, checked, workSize);
}
ACC_LIBRARY_API cufftResult cufftMakePlanMany64(cufftHandle plan, int rank, long long int* n,
                                                long long int* inembed, long long int istride,
                                                long long int idist, long long int* onembed,
                                                long long int ostride, long long int odist,
                                                cufftType type, long long int batch,
                                                size_t* workSize) {
    Many m;
    const cufftResult checked = many(&m, rank, n, inembed, istride, idist, onembed, ostride, odist,
                                     type, batch);
    return make(plan, m, checked, workSize);
}
ACC_LIBRARY_API cufftResult cufftXtMakePlanMany(cufftHandle plan, int rank, long long int* n,
                                                long long int* inembed, long long int istride,
                                                long long int idist, cudaDataType inputtype,
                                                long long int* onembed, long long int ostride,
                                                long long int odist, cudaDataType outputtype,
                                                long long int batch, size_t* workSize,
                                                cudaDataType executiontype) {
    if (!executes(inputtype, outputtype, executiontype)) return CUFFT_INVALID_TYPE;
    return make_plan(
        plan,
        {rank, n, inembed, onembed, istride, idist, ostride, odist, batch, inputtype, outputtype},
        workSize);
}

ACC_LIBRARY_API cufftResult cufftEstimate1d(int nx, cufftType type, int batch, size_t* workSize) {
    Many m;
    const cufftResult checked = dense(&m, {nx}, type, batch);
    return size(m, checked, workSize);
}
ACC_LIBRARY_API cufftResult cufftEstimate2d(int nx, int ny, cufftType type, size_t* workSize) {
    Many m;
    const cufftResult checked = dense(&m, {nx, ny}, type, 1);
    return size(m, checked, workSize);
}
ACC_LIBRARY_API cufftResult cufftEstimate3d(int nx, int ny, int nz, cufftType type,
                                            size_t* workSize) {
    Many m;
    const cufftResult checked = dense(&m, {nx, ny, nz}, type, 1);
    return size(m, checked, workSize);
}
ACC_LIBRARY_API cufftResult cufftEstimateMany(int rank, int* n, int* inembed, int istride,
                                              int idist, int* onembed, int ostride, int odist,
                                              cufftType type, int batch, size_t* workSize) {
    Many m;
    const cufftResult checked = many(&m, rank, n, inembed, istride, idist, onembed, ostride, odist,
                                     type, batch);
    return size(m, checked, workSize);
}

ACC_LIBRARY_API cufftResult cufftGetSize1d(cufftHandle handle, int nx, cufftType type, int batch,
                                           size_t* workSize) {
    Many m;
    const cufftResult checked = dense(&m, {nx}, type, batch);
    return size_for(handle, m, checked, workSize);
}
ACC_LIBRARY_API cufftResult cufftGetSize2d(cufftHandle handle, int nx, int ny, cufftType type,
                                           size_t* workSize) {
    Many m;
    const cufftResult checked = dense(&m, {nx, ny}, type, 1);
    return size_for(handle, m, checked, workSize);
}
ACC_LIBRARY_API cufftResult cufftGetSize3d(cufftHandle handle, int nx, int ny, int nz,
                                           cufftType type, size_t* workSize) {
    Many m;
    const cufftResult checked = dense(&m, {nx, ny, nz}, type, 1);
    return size_for(handle, m, checked, workSize);
}
ACC_LIBRARY_API cufftResult cufftGetSizeMany(cufftHandle handle, int rank, int* n, int* inembed,
                                             int istride, int idist, int* onembed, int ostride,
                                             int odist, cufftType type, int batch,
                                             size_t* workArea) {
    Many m;
    const cufftResult checked = many(&m, rank, n, inembed, istride, idist, onembed, ostride, odist,
                                     type, batch);
    return size_for(handle, m, checked, workArea);
}
ACC_LIBRARY_API cufftResult cufftGetSizeMany64(cufftHandle plan, int rank, long long int* n,
                                               long long int* inembed, long long int istride,
                                               long long int idist, long long int* onembed,
                                               long long int ostride, long long int odist,
                                               cufftType type, long long int batch,
                                               size_t* workSize) {
    Many m;
    const cufftResult checked = many(&m, rank, n, inembed, istride, idist, onembed, ostride, odist,
                                     type, batch);
    return size_for(plan, m, checked, workSize);
}
ACC_LIBRARY_API cufftResult cufftXtGetSizeMany(cufftHandle plan, int rank, long long int* n,
                                               long long int* inembed, long long int istride,
                                               long long int idist, cudaDataType inputtype,
                                               long long int* onembed, long long int ostride,
                                               long long int odist, cudaDataType outputtype,
                                               long long int batch, size_t* workSize,
                                               cudaDataType executiontype) {
    if (!executes(inputtype, outputtype, executiontype)) return CUFFT_INVALID_TYPE;
    Many m;
    m.request = {rank,    n,     inembed, onembed,   istride,   idist,
                 ostride, odist, batch,   inputtype, outputtype};
    return size_for(plan, m, CUFFT_SUCCESS, workSize);
}
