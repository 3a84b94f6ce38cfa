// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Sequences made on the device.
#include "runtime/lib/rand/directions.h"
#include "runtime/lib/rand/kernels.h"
#include "runtime/lib/rand/mtgp32.h"

#include <vector>

namespace acc::rand {
namespace {

/// Device memory that ends with its owner.
template <class T>
class Memory {
    T* place_ = nullptr;

  public:
    ~Memory() { cudaFree(place_); }
    Memory() = default;
    Memory(const Memory&) = delete;
    Memory& operator=(const Memory&) = delete;
    T* get() const { return place_; }
    bool allocate(size_t count) {
        return cudaMalloc(reinterpret_cast<void**>(&place_), count * sizeof(T)) == cudaSuccess;
    }
    bool hold(const T* values, size_t count) {
        return allocate(count) &&
               cudaMemcpy(place_, values, count * sizeof(T), cudaMemcpyHostToDevice) == cudaSuccess;
    }
};

curandStatus_t launched() {
    return cudaGetLastError() == cudaSuccess ? CURAND_STATUS_SUCCESS : CURAND_STATUS_LAUNCH_FAILURE;
}

/// XORWOW and MRG32k3a.
template <class State>
class Streams : public Source {
    Memory<State> states_;
    unsigned long long place_;

  public:
    explicit Streams(const Settings& s, bool* ready) : place_(s.offset) {
        *ready = states_.allocate(kStreams);
        if (*ready)
            launch_init_streams(states_.get(), s.seed, s.ordering == CURAND_ORDERING_PSEUDO_SEEDED,
                                s.offset, s.stream);
    }
    curandStatus_t fill(const Distribution& d, void* out, size_t n, cudaStream_t stream) override {
        launch_streams(states_.get(), place_, d, out, n, stream);
        place_ += n;
        return launched();
    }
};

class Philox : public Source {
    unsigned long long seed_, place_;

  public:
    explicit Philox(const Settings& s, bool* ready) : seed_(s.seed), place_(s.offset) {
        *ready = true;
    }
    curandStatus_t fill(const Distribution& d, void* out, size_t n, cudaStream_t stream) override {
        launch_philox(seed_, place_, d, out, n, stream);
        place_ += n * philox_words(d.kind);
        return launched();
    }
};

class Mtgp32 : public Source {
    Memory<curandStateMtgp32_t> states_;
    Memory<mtgp32_kernel_params_t> parameters_;
    unsigned long long place_ = 0;

  public:
    explicit Mtgp32(const Settings& s, bool* ready) {
        *ready = parameters_.hold(&mtgp32_parameters(), 1);
        if (!*ready) return;
        std::vector<curandStateMtgp32_t> states(kSets);
        seed_mtgp32(s.seed, parameters_.get(), states.data());
        *ready = states_.hold(states.data(), states.size());
    }
    curandStatus_t fill(const Distribution& d, void* out, size_t n, cudaStream_t stream) override {
        launch_mtgp32(states_.get(), place_, d, out, n, stream);
        place_ += n;
        return launched();
    }
};

class Mt19937 : public Source {
    Memory<uint32_t> state_;
    unsigned long long place_ = 0;

  public:
    explicit Mt19937(const Settings& s, bool* ready) {
        uint32_t state[kTwisterWords];
        seed_twister(s.seed, state);
        *ready = state_.hold(state, kTwisterWords);
    }
    curandStatus_t fill(const Distribution& d, void* out, size_t n, cudaStream_t stream) override {
        launch_mt19937(state_.get(), place_, d, out, n, stream);
        place_ += n;
        return launched();
    }
};

/// Bits: uint32_t or uint64_t; Word: the same as the kernels have it.
template <class Bits, class Word>
class Sobol : public Source {
    Memory<Bits> vectors_, constants_;
    unsigned int dimensions_;
    unsigned long long place_;

  public:
    explicit Sobol(const Settings& s, bool* ready) : dimensions_(s.dimensions), place_(s.offset) {
        const bool scrambled = is_scrambled(s.type);
        const std::vector<Bits> vectors = direction_vectors<Bits>(dimensions_, scrambled);
        std::vector<Bits> constants(dimensions_);
        if (scrambled) constants = scramble_constants<Bits>(dimensions_);
        *ready = vectors_.hold(vectors.data(), vectors.size()) &&
                 constants_.hold(constants.data(), constants.size());
    }
    curandStatus_t fill(const Distribution& d, void* out, size_t n, cudaStream_t stream) override {
        launch_sobol(reinterpret_cast<const Word*>(vectors_.get()),
                     reinterpret_cast<const Word*>(constants_.get()), dimensions_, place_, d, out,
                     n / dimensions_, stream);
        place_ += n / dimensions_;
        return launched();
    }
};

template <class T>
std::unique_ptr<Source> make(const Settings& settings, curandStatus_t* status) {
    bool ready = false;
    std::unique_ptr<Source> source = std::make_unique<T>(settings, &ready);
    if (!ready) {
        cudaGetLastError();
        *status = CURAND_STATUS_ALLOCATION_FAILED;
        return nullptr;
    }
    return source;
}

} // namespace

std::unique_ptr<Source> make_device_source(const Settings& settings, curandStatus_t* status) {
    switch (settings.type) {
    case CURAND_RNG_PSEUDO_MRG32K3A: return make<Streams<curandStateMRG32k3a_t>>(settings, status);
    case CURAND_RNG_PSEUDO_PHILOX4_32_10: return make<Philox>(settings, status);
    case CURAND_RNG_PSEUDO_MTGP32: return make<Mtgp32>(settings, status);
    case CURAND_RNG_PSEUDO_MT19937: return make<Mt19937>(settings, status);
    case CURAND_RNG_QUASI_SOBOL32:
    case CURAND_RNG_QUASI_SCRAMBLED_SOBOL32:
        return make<Sobol<uint32_t, uint32_t>>(settings, status);
    case CURAND_RNG_QUASI_SOBOL64:
    case CURAND_RNG_QUASI_SCRAMBLED_SOBOL64:
        return make<Sobol<uint64_t, unsigned long long>>(settings, status);
    default: return make<Streams<curandStateXORWOW_t>>(settings, status);
    }
}

} // namespace acc::rand
