// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The same sequences made on the host, for generators of curandCreateGeneratorHost.
#include "runtime/lib/rand/directions.h"
#include "runtime/lib/rand/mtgp32.h"
#include "runtime/lib/rand/source.h"

#include <algorithm>
#include <bit>
#include <vector>

namespace acc::rand {
namespace {

/// Calls the body with the group of the distribution.
template <class Body>
void for_group(Kind kind, Body body) {
    switch (group_of(kind)) {
    case Group::plain: body.template operator()<Group::plain>(); return;
    case Group::normal: body.template operator()<Group::normal>(); return;
    case Group::poisson: body.template operator()<Group::poisson>(); return;
    }
}

template <class State>
class Streams : public Source {
    std::vector<State> states_;
    unsigned long long place_;

  public:
    explicit Streams(const Settings& s) : states_(kStreams), place_(s.offset) {
        const bool seeded = s.ordering == CURAND_ORDERING_PSEUDO_SEEDED;
        for (unsigned int i = 0; i < kStreams; ++i)
            init_stream(&states_[i], s.seed, seeded, i, stream_place(s.offset, i));
    }
    curandStatus_t fill(const Distribution& d, void* out, size_t n, cudaStream_t) override {
        for_group(d.kind, [&]<Group G> {
            for (size_t i = 0; i < n; ++i)
                store<G>(d, &states_[(place_ + i) % kStreams], out, i);
        });
        place_ += n;
        return CURAND_STATUS_SUCCESS;
    }
};

class Philox : public Source {
    unsigned long long seed_, place_;

  public:
    explicit Philox(const Settings& s) : seed_(s.seed), place_(s.offset) {}
    curandStatus_t fill(const Distribution& d, void* out, size_t n, cudaStream_t) override {
        const size_t words = n * philox_words(d.kind);
        for_group(d.kind, [&]<Group G> {
            for (size_t group = 0; group < (words + 3) / 4; ++group)
                store_philox<G>(d, seed_, place_, group, out, n);
        });
        place_ += words;
        return CURAND_STATUS_SUCCESS;
    }
};

class Mtgp32 : public Source {
    std::vector<curandStateMtgp32_t> states_;
    unsigned long long place_ = 0;

  public:
    explicit Mtgp32(const Settings& s) : states_(kSets) {
        seed_mtgp32(s.seed, const_cast<mtgp32_kernel_params_t*>(&mtgp32_parameters()),
                    states_.data());
    }
    curandStatus_t fill(const Distribution& d, void* out, size_t n, cudaStream_t) override {
        for_group(d.kind, [&]<Group G> {
            for (size_t i = 0; i < n; ++i, ++place_)
                store_word<G>(d, curand(&states_[place_ / kSetChunk % kSets]), out, i);
        });
        return CURAND_STATUS_SUCCESS;
    }
};

class Mt19937 : public Source {
    uint32_t mt_[kTwisterWords];
    int used_ = 0;

    void next_state() {
        for (int k = 0; k < kTwisterWords; ++k)
            mt_[k] = twist(mt_[k], mt_[(k + 1) % kTwisterWords],
                           mt_[(k + kTwisterMiddle) % kTwisterWords]);
    }

  public:
    explicit Mt19937(const Settings& s) { seed_twister(s.seed, mt_); }
    curandStatus_t fill(const Distribution& d, void* out, size_t n, cudaStream_t) override {
        for_group(d.kind, [&]<Group G> {
            for (size_t i = 0; i < n; ++i) {
                if (used_ == 0) next_state();
                store_word<G>(d, temper(mt_[used_]), out, i);
                used_ = (used_ + 1) % kTwisterWords;
            }
        });
        return CURAND_STATUS_SUCCESS;
    }
};

template <class Bits, class Word>
class Sobol : public Source {
    unsigned int dimensions_;
    unsigned long long place_;
    std::vector<Bits> vectors_, constants_;

  public:
    explicit Sobol(const Settings& s)
        : dimensions_(s.dimensions), place_(s.offset),
          vectors_(direction_vectors<Bits>(dimensions_, is_scrambled(s.type))),
          constants_(dimensions_) {
        if (is_scrambled(s.type)) constants_ = scramble_constants<Bits>(dimensions_);
    }
    curandStatus_t fill(const Distribution& d, void* out, size_t n, cudaStream_t) override {
        const size_t count = n / dimensions_;
        for_group(d.kind, [&]<Group G> {
            for (unsigned int dimension = 0; dimension < dimensions_; ++dimension)
                fill_dimension<G>(d, dimension, count, out);
        });
        place_ += count;
        return CURAND_STATUS_SUCCESS;
    }

  private:
    template <Group G>
    void fill_dimension(const Distribution& d, unsigned int dimension, size_t count, void* out) {
        constexpr int bits = 8 * sizeof(Bits);
        const Bits* v = &vectors_[size_t{dimension} * bits];
        Bits point = sobol_point<Bits>(v, constants_[dimension], place_);
        for (size_t i = 0; i < count; ++i) {
            store_word<G>(d, static_cast<Word>(point), out, dimension * count + i);
            point ^= v[std::min(std::countr_one(place_ + i), bits - 1)];
        }
    }
};

} // namespace

std::unique_ptr<Source> make_host_source(const Settings& s, curandStatus_t*) {
    switch (s.type) {
    case CURAND_RNG_PSEUDO_MRG32K3A: return std::make_unique<Streams<curandStateMRG32k3a_t>>(s);
    case CURAND_RNG_PSEUDO_PHILOX4_32_10: return std::make_unique<Philox>(s);
    case CURAND_RNG_PSEUDO_MTGP32: return std::make_unique<Mtgp32>(s);
    case CURAND_RNG_PSEUDO_MT19937: return std::make_unique<Mt19937>(s);
    case CURAND_RNG_QUASI_SOBOL32:
    case CURAND_RNG_QUASI_SCRAMBLED_SOBOL32: return std::make_unique<Sobol<uint32_t, uint32_t>>(s);
    case CURAND_RNG_QUASI_SOBOL64:
    case CURAND_RNG_QUASI_SCRAMBLED_SOBOL64:
        return std::make_unique<Sobol<uint64_t, unsigned long long>>(s);
    default: return std::make_unique<Streams<curandStateXORWOW_t>>(s);
    }
}

} // namespace acc::rand
