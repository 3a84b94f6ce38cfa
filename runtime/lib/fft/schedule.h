// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "runtime/lib/fft/tables.h"

#include <variant>

namespace acc::fft {

enum class Transform { complex, to_complex, to_real };

/// What a plan does. Extents are those of the transform, leading ones 1.
struct Problem {
    Transform transform = Transform::complex;
    bool twice = false; ///< in double precision
    unsigned int length[3] = {1, 1, 1};
    size_t batch = 1;
    Layout in = {}, out = {};
};

/// A device function of the user's and what it is given; null: none.
struct Callback {
    void* function = nullptr;
    void* info = nullptr;
    unsigned int shared_size = 0;
};

/// The steps of one execution. The first reads the user's input, the last writes the user's output,
/// the others lie between two pieces of the work area.
template <class T>
class Schedule {
  public:
    using Step = std::variant<Pass<T>, RowsStep<T>, ChirpStep<T>, PackStep<T>>;

    /// Throws std::bad_alloc, and std::length_error where indices of 32 bits do not suffice.
    Schedule(const Problem& problem, bool inverse, const Callback& load, const Callback& store,
             Tables<T>& tables);
    /// Bytes of work area.
    size_t work_size() const;
    /// The first error of a launch.
    cudaError_t run(void* in, void* out, void* work, cudaStream_t stream) const;

  private:
    Tables<T>& tables_;
    std::vector<Step> steps_;
    size_t piece_ = 0; ///< complex numbers of a piece of the work area

    /// Transforms of `lines` lines of length * inner numbers.
    void add_transform(unsigned int length, size_t inner, size_t lines, bool inverse,
                       size_t in_distance, size_t out_distance);
    void add_passes(unsigned int length, size_t inner, size_t lines, T in_sign, T out_sign,
                    size_t in_distance, size_t out_distance);
    void add_bluestein(unsigned int length, size_t inner, size_t lines, T sign, size_t in_distance,
                       size_t out_distance);
    void add_rows(Rows kind, unsigned int length, size_t rows, size_t in_distance,
                  size_t out_distance);
    void add_pack(const Layout& layout, const Callback& callback, bool from_user,
                  size_t row_distance);
    void add_complex(const Problem& p, bool inverse, const Callback& load, const Callback& store);
    void add_to_complex(const Problem& p, const Callback& load, const Callback& store);
    void add_to_real(const Problem& p, const Callback& load, const Callback& store);
    void need(size_t numbers);
};

} // namespace acc::fft
