// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Plans: their handles, their work areas, their execution.
#include "runtime/lib/fft/plan.h"

#include "runtime/lib/common/api.h"

#include <algorithm>
#include <mutex>
#include <new>
#include <stdexcept>

namespace acc::fft {
namespace {

/// Handles are numbers that are not used twice.
struct Handles {
    std::mutex mutex;
    std::map<cufftHandle, std::shared_ptr<Plan>> plans;
    cufftHandle next = 1;
};
Handles& handles() {
    static Handles* all = new Handles; // lives as long as whoever may still destroy plans
    return *all;
}

/// The problem with rows of reals as long as rows of complex numbers, which in-place transforms
/// have.
Problem padded(Problem p) {
    Layout& reals = p.transform == Transform::to_complex ? p.in : p.out;
    reals.embed[2] = 2 * (p.length[2] / 2 + 1);
    reals.distance = reals.embed[2] * reals.extent[0] * reals.extent[1];
    return p;
}

template <class T>
const Schedule<T>& schedule_of(Engine<T>& engine, const Plan& plan, bool inverse, bool in_place) {
    const bool pad = in_place && plan.padded_in_place;
    std::unique_ptr<Schedule<T>>& schedule = engine.schedules[{inverse, pad}];
    if (!schedule)
        schedule = std::make_unique<Schedule<T>>(pad ? padded(plan.problem) : plan.problem, inverse,
                                                 plan.load, plan.store, engine.tables);
    return *schedule;
}

/// Makes all schedules of a plan, with their constants, and gives the size of the largest one's
/// work area.
template <class T>
size_t prepare(Engine<T>& engine, const Plan& plan) {
    size_t size = 0;
    for (bool inverse : {false, true}) {
        if (plan.problem.transform != Transform::complex && inverse) continue;
        size = std::max(size, schedule_of(engine, plan, inverse, false).work_size());
        if (plan.padded_in_place)
            size = std::max(size, schedule_of(engine, plan, inverse, true).work_size());
    }
    return size;
}

template <class T>
cufftResult run(Engine<T>& engine, Plan& plan, void* in, void* out, bool inverse) {
    const Schedule<T>& schedule = schedule_of(engine, plan, inverse, in == out);
    void* work = plan.user_work != nullptr ? plan.user_work : plan.own_work;
    if (schedule.work_size() > plan.work_size || work == nullptr) {
        // Callbacks need more room than the plan was made with, or nobody has given any.
        if (!plan.auto_allocate || plan.user_work != nullptr)
            if (schedule.work_size() > 0) return CUFFT_NO_WORKSPACE;
        if (schedule.work_size() > 0) {
            cudaFree(plan.own_work);
            plan.own_work = nullptr;
            if (cudaMalloc(&plan.own_work, schedule.work_size()) != cudaSuccess)
                return CUFFT_ALLOC_FAILED;
            plan.work_size = schedule.work_size();
            work = plan.own_work;
        }
    }
    return schedule.run(in, out, work, plan.stream) == cudaSuccess ? CUFFT_SUCCESS
                                                                   : CUFFT_EXEC_FAILED;
}

size_t size_of(const Layout& l) {
    const size_t element = l.element == Element::half ? 2 : l.element == Element::single ? 4 : 8;
    const unsigned long long last = (l.batch - 1) * l.distance +
                                    (((l.extent[0] - 1) * l.embed[1] + l.extent[1] - 1) *
                                         l.embed[2] +
                                     l.extent[2] - 1) *
                                        l.stride;
    return (last + 1) * element * (l.real ? 1 : 2);
}

} // namespace

Plan::~Plan() {
    cudaFree(own_work);
}

void Plan::forget_schedules() {
    if (floats) floats->schedules.clear();
    if (doubles) doubles->schedules.clear();
}

size_t Plan::in_size() const {
    return size_of(problem.in);
}
size_t Plan::out_size(bool in_place) const {
    return size_of(in_place && padded_in_place ? padded(problem).out : problem.out);
}

cufftResult Plan::execute(void* in, void* out, bool inverse) {
    if (in == nullptr || out == nullptr) return CUFFT_INVALID_VALUE;
    try {
        return doubles ? run(*doubles, *this, in, out, inverse)
                       : run(*floats, *this, in, out, inverse);
    } catch (...) {
        return CUFFT_ALLOC_FAILED;
    }
}

cufftResult work_size_of(const Problem& problem, bool padded_in_place, size_t* size) {
    if (size == nullptr) return CUFFT_INVALID_VALUE;
    Plan plan;
    plan.problem = problem;
    plan.padded_in_place = padded_in_place;
    try {
        if (problem.twice) {
            Engine<double> engine(true);
            *size = prepare(engine, plan);
        } else {
            Engine<float> engine(true);
            *size = prepare(engine, plan);
        }
    } catch (const std::length_error&) {
        return CUFFT_INVALID_SIZE;
    } catch (...) {
        return CUFFT_ALLOC_FAILED;
    }
    return CUFFT_SUCCESS;
}

cufftResult make_plan(cufftHandle handle, const Request& request, size_t* work_size) {
    const std::shared_ptr<Plan> plan = plan_of(handle);
    if (!plan || plan->made) return CUFFT_INVALID_PLAN;
    const cufftResult result = make_problem(request, &plan->problem, &plan->padded_in_place);
    if (result != CUFFT_SUCCESS) return result;
    try {
        if (plan->problem.twice) {
            plan->doubles = std::make_unique<Engine<double>>();
            plan->work_size = prepare(*plan->doubles, *plan);
        } else {
            plan->floats = std::make_unique<Engine<float>>();
            plan->work_size = prepare(*plan->floats, *plan);
        }
    } catch (const std::length_error&) {
        return CUFFT_INVALID_SIZE;
    } catch (...) {
        return CUFFT_ALLOC_FAILED;
    }
    if (plan->auto_allocate && plan->work_size > 0 &&
        cudaMalloc(&plan->own_work, plan->work_size) != cudaSuccess)
        return CUFFT_ALLOC_FAILED;
    if (work_size != nullptr) *work_size = plan->work_size;
    plan->made = true;
    return CUFFT_SUCCESS;
}

cufftResult new_handle(cufftHandle* handle) {
    if (handle == nullptr) return CUFFT_INVALID_VALUE;
    int devices = 0;
    if (cudaGetDeviceCount(&devices) != cudaSuccess || devices == 0) return CUFFT_SETUP_FAILED;
    try {
        std::lock_guard lock(handles().mutex);
        handles().plans[handles().next] = std::make_shared<Plan>();
        *handle = handles().next++;
    } catch (...) {
        return CUFFT_ALLOC_FAILED;
    }
    return CUFFT_SUCCESS;
}

std::shared_ptr<Plan> plan_of(cufftHandle handle) {
    std::lock_guard lock(handles().mutex);
    const auto found = handles().plans.find(handle);
    return found == handles().plans.end() ? nullptr : found->second;
}

} // namespace acc::fft

using namespace acc::fft;

ACC_LIBRARY_API cufftResult cufftCreate(cufftHandle* handle) {
    return new_handle(handle);
}

ACC_LIBRARY_API cufftResult cufftDestroy(cufftHandle plan) {
    std::shared_ptr<Plan> last; // ends after the lock
    std::lock_guard lock(handles().mutex);
    const auto found = handles().plans.find(plan);
    if (found == handles().plans.end()) return CUFFT_INVALID_PLAN;
    last = std::move(found->second);
    handles().plans.erase(found);
    return CUFFT_SUCCESS;
}
