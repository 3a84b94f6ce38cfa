// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Jacobi's methods: two-sided for eigenvalues of Hermitian matrices, one-sided (Hestenes) for
// singular values. A sweep is n - 1 rounds of disjoint pairs (a tournament); the pairs of a round
// are rotated side by side.
#include "runtime/lib/solver/kernels/block.cuh"

namespace acc::solver {
namespace {

/// Pair i of a round among n players (n even; the last may not be there): the first sits still.
__device__ void pair_of(int64_t n, int64_t round, int64_t i, int64_t* p, int64_t* q) {
    const auto seat = [&](int64_t s) { return s == 0 ? 0 : (s - 1 + round) % (n - 1) + 1; };
    const int64_t a = seat(i), b = seat(n - 1 - i);
    *p = a < b ? a : b;
    *q = a < b ? b : a;
}

/// Columns p and q become c p - s conj(w) q and s w p + c q.
template <class T>
struct Rotation {
    Real<T> c, s;
    T w;
};

/// Makes (app h; conj(h) aqq) diagonal.
template <class T>
__device__ Rotation<T> rotation_of(Real<T> app, Real<T> aqq, T h) {
    using R = Real<T>;
    const R size = lib::magnitude(h);
    const R tau = (aqq - app) / (2 * size);
    const R t = (tau >= 0 ? R(1) : R(-1)) / ((tau < 0 ? -tau : tau) + sqrt(1 + tau * tau));
    const R c = 1 / sqrt(1 + t * t);
    return {c, t * c, (R(1) / size) * h};
}

template <class T>
__device__ void rotate(const Rotation<T>& r, T& p, T& q) {
    const T old = p;
    p = r.c * old - r.s * (lib::conj(r.w) * q);
    q = r.s * (r.w * old) + r.c * q;
}

/// The place of each of n values in order (ties by number), for `descending` or ascending order.
template <class R>
__device__ int64_t rank_of(const R* values, int64_t n, int64_t i, bool descending) {
    int64_t rank = 0;
    for (int64_t j = 0; j < n; ++j) {
        const bool before = descending ? values[j] > values[i] : values[j] < values[i];
        rank += before || (values[j] == values[i] && j < i);
    }
    return rank;
}

/// The larger of `largest` and the value's parts.
template <class T>
__device__ Real<T> larger_part(Real<T> largest, T value) {
    const Real<T> re = lib::real(value), im = lib::imag(value);
    const Real<T> part = (re < 0 ? -re : re) > (im < 0 ? -im : im) ? (re < 0 ? -re : re)
                                                                   : (im < 0 ? -im : im);
    return part > largest ? part : largest;
}

/// work: the full matrix b (n n), vectors v (n n), rotations of a round, values.
template <class T>
__global__ void eigen_kernel(JacobiOptions options, bool upper, int64_t n, Matrices<T> matrices,
                             Real<T>* ws, T* works, int64_t work_size, int* info) {
    using R = Real<T>;
    T* a = matrix_of(matrices, blockIdx.x);
    const int64_t ld = matrices.ld, even = n + n % 2;
    T* b = works + blockIdx.x * work_size;
    T* v = b + n * n;
    auto* rotations = reinterpret_cast<Rotation<T>*>(v + n * n);
    R* values = reinterpret_cast<R*>(rotations + even / 2);
    R* w = ws + blockIdx.x * n;
    R largest = 0;
    for (int64_t e = threadIdx.x; e < n * n; e += kThreads) {
        const int64_t r = e % n, c = e / n;
        const T value = r == c                    ? T(lib::real(a[r + c * ld]))
                        : (upper ? r < c : r > c) ? a[r + c * ld]
                                                  : lib::conj(a[c + r * ld]);
        b[e] = value;
        v[e] = T(R(r == c));
        largest = larger_part(largest, value);
    }
    largest = largest_of_block(largest);
    const R scale = scale_for(largest, false), back = scale_for(largest, true);
    R norm = 0;
    for (int64_t e = threadIdx.x; e < n * n; e += kThreads)
        norm += lib::square(b[e] = scale * b[e]);
    norm = sqrt(sum_of_block(norm));
    const R tolerance = options.tolerance > 0 ? R(options.tolerance) : Epsilon<R>::value();
    // What is this small changes no bit of a value; dividing by it could overflow.
    const R nothing = R(1e-3) * Epsilon<R>::value() * norm / R(n) + Epsilon<R>::tiny();
    R left = 0;
    int sweep = 0;
    bool done = false;
    for (; sweep <= options.max_sweeps; ++sweep) {
        left = 0;
        for (int64_t e = threadIdx.x; e < n * n; e += kThreads)
            if (e % n != e / n) left += lib::square(b[e]);
        left = sqrt(sum_of_block(left));
        done = left <= tolerance * norm || !(norm > 0);
        if (done || sweep == options.max_sweeps) break;
        for (int64_t round = 0; round < even - 1; ++round) {
            for (int64_t i = threadIdx.x; i < even / 2; i += kThreads) {
                int64_t p, q;
                pair_of(even, round, i, &p, &q);
                const T h = q < n ? b[p + q * n] : T(0);
                rotations[i] = lib::magnitude(h) <= nothing
                                   ? Rotation<T>{R(1), R(0), T(1)}
                                   : rotation_of<T>(lib::real(b[p + p * n]),
                                                    lib::real(b[q + q * n]), h);
            }
            __syncthreads();
            for (int64_t i = warp(); i < even / 2; i += kWarps) {
                int64_t p, q;
                pair_of(even, round, i, &p, &q);
                const Rotation<T> r = rotations[i];
                if (r.s == 0) continue;
                for (int64_t k = lane(); k < n; k += 32) {
                    rotate(r, b[k + p * n], b[k + q * n]);
                    if (options.vectors) rotate(r, v[k + p * n], v[k + q * n]);
                }
            }
            __syncthreads();
            for (int64_t i = warp(); i < even / 2; i += kWarps) {
                int64_t p, q;
                pair_of(even, round, i, &p, &q);
                Rotation<T> r = rotations[i];
                if (r.s == 0) continue;
                r.w = lib::conj(r.w);
                for (int64_t k = lane(); k < n; k += 32)
                    rotate(r, b[p + k * n], b[q + k * n]);
                __syncwarp();
                if (lane() == 0) b[p + q * n] = b[q + p * n] = T(0);
            }
            __syncthreads();
        }
    }
    for (int64_t i = threadIdx.x; i < n; i += kThreads)
        values[i] = lib::real(b[i + i * n]);
    __syncthreads();
    for (int64_t i = warp(); i < n; i += kWarps) {
        const int64_t to = options.sort ? rank_of(values, n, i, false) : i;
        if (lane() == 0) w[to] = back * values[i];
        for (int64_t k = lane(); k < n && options.vectors; k += 32)
            a[k + to * ld] = v[k + i * n];
    }
    if (threadIdx.x != 0) return;
    if (info != nullptr) info[blockIdx.x] = done ? 0 : int(n + 1);
    if (options.result != nullptr && blockIdx.x == 0)
        *options.result = {double(norm > 0 ? left / norm : R(0)), sweep};
}

/// Fills columns of u (rows x columns) whose values are zero, and those beyond `from`, with unit
/// vectors orthogonal to the others: the unit vector that is farthest from them, made orthogonal
/// twice.
template <class T>
__device__ void complete(T* u, int64_t ld, int64_t rows, int64_t columns, int64_t from) {
    using R = Real<T>;
    __shared__ int64_t best_row;
    for (int64_t j = from; j < columns; ++j) {
        if (threadIdx.x == 0) {
            R best = -1;
            for (int64_t r = 0; r < rows; ++r) {
                R left = 1;
                for (int64_t k = 0; k < j; ++k)
                    left -= lib::square(u[r + k * ld]);
                if (left > best) best = left, best_row = r;
            }
        }
        __syncthreads();
        T* column = u + j * ld;
        for (int64_t r = threadIdx.x; r < rows; r += kThreads)
            column[r] = T(R(r == best_row));
        __syncthreads();
        for (int turn = 0; turn < 2; ++turn)
            for (int64_t k = 0; k < j; ++k) {
                const T* other = u + k * ld;
                R re = 0, im = 0;
                for (int64_t r = threadIdx.x; r < rows; r += kThreads) {
                    const T part = lib::conj(other[r]) * column[r];
                    re += lib::real(part);
                    im += lib::imag(part);
                }
                re = sum_of_block(re);
                im = sum_of_block(im);
                T dot;
                if constexpr (is_complex<T>)
                    dot = T(re, im);
                else
                    dot = re;
                for (int64_t r = threadIdx.x; r < rows; r += kThreads)
                    column[r] -= dot * other[r];
                __syncthreads();
            }
        R size = 0;
        for (int64_t r = threadIdx.x; r < rows; r += kThreads)
            size += lib::square(column[r]);
        size = sqrt(sum_of_block(size));
        for (int64_t r = threadIdx.x; r < rows; r += kThreads)
            column[r] = (R(1) / size) * column[r];
        __syncthreads();
    }
}

template <class T>
__device__ void put(const Vectors<T>& to, T* data, int64_t row, int64_t column, T value) {
    if (to.transposed)
        data[column + row * to.ld] = lib::conj(value);
    else
        data[row + column * to.ld] = value;
}

/// Rounds of rotations on the columns of g (m x n), the same on v's (n x n), until they are
/// orthogonal. Gives the number of sweeps, and what was left.
template <class T>
__device__ bool orthogonalise(const JacobiOptions& options, T* g, T* v, int64_t m, int64_t n,
                              int* sweeps, Real<T>* left) {
    using R = Real<T>;
    __shared__ int rotated;
    const int64_t even = n + n % 2;
    const R tolerance = options.tolerance > 0
                            ? R(options.tolerance)
                            : 4 * Epsilon<R>::value() * R(m < 16 ? 4 : sqrt(R(m)));
    R worst = 0;
    for (int sweep = 0; sweep < options.max_sweeps; ++sweep) {
        __syncthreads();
        if (threadIdx.x == 0) rotated = 0;
        __syncthreads();
        worst = 0;
        for (int64_t round = 0; round < even - 1; ++round) {
            for (int64_t i = warp(); i < even / 2; i += kWarps) {
                int64_t p, q;
                pair_of(even, round, i, &p, &q);
                if (q >= n) continue;
                T *gp = g + p * m, *gq = g + q * m;
                R a = 0, b = 0;
                T h(0);
                for (int64_t k = lane(); k < m; k += 32) {
                    a += lib::square(gp[k]);
                    b += lib::square(gq[k]);
                    h += lib::conj(gp[k]) * gq[k];
                }
                a = sum_of_warp(a);
                b = sum_of_warp(b);
                h = sum_of_warp(h);
                const R size = lib::magnitude(h), limit = sqrt(a) * sqrt(b);
                if (!(size > tolerance * limit) || size < Epsilon<R>::tiny()) continue;
                worst = size / limit > worst ? size / limit : worst;
                const Rotation<T> r = rotation_of<T>(a, b, h);
                for (int64_t k = lane(); k < m; k += 32)
                    rotate(r, gp[k], gq[k]);
                for (int64_t k = lane(); k < n; k += 32)
                    rotate(r, v[k + p * n], v[k + q * n]);
                if (lane() == 0) rotated = 1;
            }
            __syncthreads();
        }
        *sweeps = sweep + 1;
        *left = worst;
        if (rotated == 0) return true;
    }
    return n < 2;
}

/// work: g (rows x columns), v, then u and another v in their order, then values.
template <class T>
__global__ void singular_kernel(JacobiOptions options, int64_t m, int64_t n, Matrices<T> matrices,
                                Real<T>* ss, Vectors<T> u_to, Vectors<T> v_to, T* works,
                                int64_t work_size, int* info) {
    using R = Real<T>;
    // A wide matrix is worked on as its conjugate transpose: left and right change places.
    const bool wide = m < n;
    const int64_t rows = wide ? n : m, columns = wide ? m : n;
    const T* a = matrix_of(matrices, blockIdx.x);
    T* g = works + blockIdx.x * work_size;
    T* v = g + rows * columns;
    T* u = v + columns * columns;
    R* values = reinterpret_cast<R*>(u + rows * rows);
    R* s = ss + blockIdx.x * columns;
    R largest = 0;
    for (int64_t e = threadIdx.x; e < rows * columns; e += kThreads) {
        const int64_t r = e % rows, c = e / rows;
        g[e] = wide ? lib::conj(a[c + r * matrices.ld]) : a[r + c * matrices.ld];
        largest = larger_part(largest, g[e]);
    }
    largest = largest_of_block(largest);
    const R scale = scale_for(largest, false), back = scale_for(largest, true);
    R size = 0;
    for (int64_t e = threadIdx.x; e < rows * columns; e += kThreads)
        size += lib::square(g[e] = scale * g[e]);
    for (int64_t e = threadIdx.x; e < columns * columns; e += kThreads)
        v[e] = T(R(e % columns == e / columns));
    size = sqrt(sum_of_block(size));
    int sweeps = 0;
    R left = 0;
    const bool done = orthogonalise(options, g, v, rows, columns, &sweeps, &left);
    __syncthreads();
    for (int64_t c = warp(); c < columns; c += kWarps) {
        R sum = 0;
        for (int64_t r = lane(); r < rows; r += 32)
            sum += lib::square(g[r + c * rows]);
        sum = sqrt(sum_of_warp(sum));
        if (lane() == 0) values[c] = sum;
    }
    __syncthreads();
    // Values that are nothing beside the rest have no direction of their own.
    const R nothing = Epsilon<R>::value() * size * R(rows) * R(0.5);
    const bool vectors = u_to.data != nullptr || v_to.data != nullptr;
    int64_t there = 0;
    for (int64_t c = 0; c < columns; ++c)
        there += values[c] > nothing;
    for (int64_t c = warp(); c < columns; c += kWarps) {
        const int64_t by_size = rank_of(values, columns, c, true);
        const int64_t to = options.sort ? by_size : c;
        if (lane() == 0) s[to] = back * values[c];
        if (!vectors) continue;
        if (by_size < there)
            for (int64_t r = lane(); r < rows; r += 32)
                u[r + by_size * rows] = (R(1) / values[c]) * g[r + c * rows];
    }
    __syncthreads();
    const Vectors<T> left_to = wide ? v_to : u_to, right_to = wide ? u_to : v_to;
    if (vectors) {
        const int64_t wanted = left_to.data == nullptr ? there : left_to.columns;
        complete(u, rows, rows, wanted, there < wanted ? there : wanted);
        T* left_data = left_to.data + blockIdx.x * left_to.stride;
        T* right_data = right_to.data + blockIdx.x * right_to.stride;
        // Of each column c: its vectors, at the place of its value.
        for (int64_t c = warp(); c < rows; c += kWarps) {
            const int64_t by_size = c < columns ? rank_of(values, columns, c, true) : c;
            const int64_t to = options.sort ? by_size : c;
            if (left_to.data != nullptr && to < left_to.columns)
                for (int64_t r = lane(); r < rows; r += 32)
                    put(left_to, left_data, r, to, u[r + by_size * rows]);
            if (right_to.data != nullptr && c < columns && to < right_to.columns)
                for (int64_t r = lane(); r < columns; r += 32)
                    put(right_to, right_data, r, to, v[r + c * columns]);
        }
    }
    if (threadIdx.x != 0) return;
    if (info != nullptr) info[blockIdx.x] = done ? 0 : int(columns + 1);
    if (options.result != nullptr && blockIdx.x == 0) *options.result = {double(left), sweeps};
}

} // namespace

int64_t eigen_work(int64_t n) {
    // Rotations and values: three numbers at most for each row, in the widest alignment.
    return 2 * n * n + 4 * (n + 2);
}

int64_t singular_work(int64_t m, int64_t n) {
    const int64_t rows = m < n ? n : m, columns = m < n ? m : n;
    return rows * columns + columns * columns + rows * rows + columns + 1;
}

template <class T>
cudaError_t launch_eigen(cudaStream_t stream, const JacobiOptions& options, bool upper, int64_t n,
                         Matrices<T> a, Real<T>* w, T* work, int* info) {
    if (a.count == 0) return cudaSuccess;
    return lib::launch(eigen_kernel<T>, unsigned(a.count), kThreads, stream, options, upper, n, a,
                       w, work, eigen_work(n), info);
}

template <class T>
cudaError_t launch_singular(cudaStream_t stream, const JacobiOptions& options, int64_t m, int64_t n,
                            Matrices<T> a, Real<T>* s, Vectors<T> u, Vectors<T> v, T* work,
                            int* info) {
    if (a.count == 0) return cudaSuccess;
    return lib::launch(singular_kernel<T>, unsigned(a.count), kThreads, stream, options, m, n, a, s,
                       u, v, work, singular_work(m, n), info);
}

#define ACC_INSTANCES(T)                                                                           \
    template cudaError_t launch_eigen<T>(cudaStream_t, const JacobiOptions&, bool, int64_t,        \
                                         Matrices<T>, Real<T>*, T*, int*);                         \
    template cudaError_t launch_singular<T>(cudaStream_t, const JacobiOptions&, int64_t, int64_t,  \
                                            Matrices<T>, Real<T>*, Vectors<T>, Vectors<T>, T*,     \
                                            int*);
ACC_FOR_TYPES(ACC_INSTANCES)

} // namespace acc::solver
