// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "runtime/lib/fft/schedule.h"

#include <cufftXt.h>

#include <map>
#include <memory>
#include <utility>

namespace acc::fft {

/// What a precision's executions need: constants, and the steps for each direction and form of
/// rows.
template <class T>
struct Engine {
    explicit Engine(bool dry = false) : tables(dry) {}
    Tables<T> tables;
    std::map<std::pair<bool, bool>, std::unique_ptr<Schedule<T>>> schedules; ///< (inverse, in
                                                                             ///< place)
};

/// What a handle stands for.
struct Plan {
    bool made = false;
    Problem problem;
    /// Of a real transform without embeddings: rows of reals are padded when it is in place.
    bool padded_in_place = false;
    cudaStream_t stream = nullptr;
    bool auto_allocate = true;
    void* own_work = nullptr;
    void* user_work = nullptr;
    size_t work_size = 0;
    Callback load, store;
    std::unique_ptr<Engine<float>> floats;
    std::unique_ptr<Engine<double>> doubles;
    int devices = 0; ///< as many as cufftXtSetGPUs named
    int device = 0;  ///< the one that it named
    long long patient_jit = 0, host_threads = 1;

    Plan() = default;
    Plan(const Plan&) = delete;
    Plan& operator=(const Plan&) = delete;
    ~Plan();
    /// Runs the transform. The direction of complex ones: CUFFT_FORWARD or CUFFT_INVERSE.
    cufftResult execute(void* in, void* out, bool inverse);
    /// After a change of callbacks.
    void forget_schedules();
    /// Bytes of the input and of the output, from the first element to the last.
    size_t in_size() const;
    size_t out_size(bool in_place) const;
};

/// The parameters of a plan, as cufftXtMakePlanMany has them.
struct Request {
    int rank;
    const long long *n, *inembed, *onembed; ///< embeddings may be null
    long long istride, idist, ostride, odist, batch;
    cudaDataType in, out;
};

/// The problem of a request.
cufftResult make_problem(const Request& request, Problem* problem, bool* padded_in_place);
/// Bytes of work area for a problem, whichever direction.
cufftResult work_size_of(const Problem& problem, bool padded_in_place, size_t* size);
/// Makes the plan of a handle.
cufftResult make_plan(cufftHandle handle, const Request& request, size_t* work_size);
/// The types of a cufftType; false: no such type.
bool types_of(cufftType type, cudaDataType* in, cudaDataType* out);

/// A new handle; the plan of one (null: there is none).
cufftResult new_handle(cufftHandle* handle);
std::shared_ptr<Plan> plan_of(cufftHandle handle);

} // namespace acc::fft
