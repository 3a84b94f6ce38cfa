// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// LU factors of a sparse matrix on the host, column by column (Gilbert and Peierls): a column's
// structure is what can be reached from it in L, so that the work is proportional to the products.
#pragma once

#include "runtime/lib/common/number.cuh"
#include "runtime/lib/solver/sparse_structure.h"

#include <algorithm>
#include <vector>

namespace acc::solver {

/// A(p, :) = L U. By columns; L's rows are A's until the end, its ones are not stored.
template <class T>
struct LuFactors {
    using R = lib::Real<T>;
    struct Columns {
        std::vector<int> offsets{0}, rows;
        std::vector<T> values;
    };
    Columns l, u;           ///< u: the diagonal is a column's last
    std::vector<int> place; ///< of A's row among the pivots, or -1
    std::vector<int> pivot; ///< the row of each place
    std::vector<R> sizes;   ///< of pivots

    /// The first pivot of at most this size, or -1.
    int singular(R tolerance) const {
        for (size_t i = 0; i < sizes.size(); ++i)
            if (!(sizes[i] > tolerance)) return int(i);
        return -1;
    }

    void solve(const T* b, T* x) const {
        const int n = int(pivot.size());
        std::vector<T> y(static_cast<size_t>(n));
        for (int i = 0; i < n; ++i)
            y[size_t(i)] = b[pivot[size_t(i)]];
        for (int j = 0; j < n; ++j)
            for (int k = l.offsets[size_t(j)]; k < l.offsets[size_t(j) + 1]; ++k)
                y[size_t(place[size_t(l.rows[size_t(k)])])] -= l.values[size_t(k)] * y[size_t(j)];
        for (int j = n - 1; j >= 0; --j) {
            const int last = u.offsets[size_t(j) + 1] - 1;
            y[size_t(j)] = y[size_t(j)] / u.values[size_t(last)];
            for (int k = u.offsets[size_t(j)]; k < last; ++k)
                y[size_t(u.rows[size_t(k)])] -= u.values[size_t(k)] * y[size_t(j)];
        }
        std::copy(y.begin(), y.end(), x);
    }
};

/// The matrix by columns, from its rows.
template <class T>
typename LuFactors<T>::Columns columns_of(const Structure& a, const T* values) {
    typename LuFactors<T>::Columns c;
    c.offsets.assign(size_t(a.n) + 1, 0);
    c.rows.resize(a.columns.size());
    c.values.resize(a.columns.size());
    for (int column : a.columns)
        ++c.offsets[size_t(column) + 1];
    for (int j = 0; j < a.n; ++j)
        c.offsets[size_t(j) + 1] += c.offsets[size_t(j)];
    std::vector<int> next(c.offsets.begin(), c.offsets.end() - 1);
    for (int r = 0; r < a.n; ++r)
        for (int k = a.offsets[size_t(r)]; k < a.offsets[size_t(r) + 1]; ++k) {
            const auto at = size_t(next[size_t(a.columns[size_t(k)])]++);
            c.rows[at] = r;
            c.values[at] = values[k];
        }
    return c;
}

template <class T>
class LuMaker {
    using R = lib::Real<T>;
    const int n_;
    const double threshold_;
    LuFactors<T> f_;
    std::vector<T> x_;
    std::vector<int> mark_, order_; ///< order_: rows that were reached, in reverse

    /// Rows that are reached from `row`, those that depend on others last.
    void reach(int row, int column) {
        std::vector<std::pair<int, int>> stack{{row, 0}};
        mark_[size_t(row)] = column;
        while (!stack.empty()) {
            const int at = f_.place[size_t(stack.back().first)];
            int& next = stack.back().second;
            const int first = at < 0 ? 0 : f_.l.offsets[size_t(at)],
                      last = at < 0 ? 0 : f_.l.offsets[size_t(at) + 1];
            int found = -1;
            while (first + next < last && found < 0) {
                const int candidate = f_.l.rows[size_t(first + next++)];
                if (mark_[size_t(candidate)] != column) found = candidate;
            }
            if (found < 0) {
                order_.push_back(stack.back().first);
                stack.pop_back();
            } else {
                mark_[size_t(found)] = column;
                stack.emplace_back(found, 0);
            }
        }
    }

    /// The row of the pivot: the column's own unless it is too small beside the largest.
    int choose(int column) const {
        int best = -1, own = -1;
        R largest = -1;
        for (int r : order_) {
            if (f_.place[size_t(r)] >= 0) continue;
            const R size = lib::magnitude(x_[size_t(r)]);
            if (size > largest || best < 0) {
                largest = size;
                best = r;
            }
            if (r == column) own = r;
        }
        if (own >= 0 && lib::magnitude(x_[size_t(own)]) >= R(threshold_) * largest && largest > 0)
            return own;
        return best;
    }

    void eliminate(const typename LuFactors<T>::Columns& a, int j) {
        order_.clear();
        for (int k = a.offsets[size_t(j)]; k < a.offsets[size_t(j) + 1]; ++k)
            if (mark_[size_t(a.rows[size_t(k)])] != j) reach(a.rows[size_t(k)], j);
        for (int r : order_)
            x_[size_t(r)] = T(0);
        for (int k = a.offsets[size_t(j)]; k < a.offsets[size_t(j) + 1]; ++k)
            x_[size_t(a.rows[size_t(k)])] += a.values[size_t(k)];
        for (auto r = order_.rbegin(); r != order_.rend(); ++r) {
            const int at = f_.place[size_t(*r)];
            if (at < 0) continue;
            f_.u.rows.push_back(at);
            f_.u.values.push_back(x_[size_t(*r)]);
            for (int k = f_.l.offsets[size_t(at)]; k < f_.l.offsets[size_t(at) + 1]; ++k)
                x_[size_t(f_.l.rows[size_t(k)])] -= f_.l.values[size_t(k)] * x_[size_t(*r)];
        }
    }

  public:
    LuMaker(int n, double threshold)
        : n_(n), threshold_(threshold), x_(static_cast<size_t>(n)), mark_(size_t(n), -1) {
        f_.place.assign(size_t(n), -1);
    }
    /// A structurally singular matrix has zero pivots.
    LuFactors<T> make(const Structure& structure, const T* values) {
        const auto a = columns_of(structure, values);
        for (int j = 0; j < n_; ++j) {
            eliminate(a, j);
            int row = choose(j);
            T pivot(0);
            if (row >= 0) pivot = x_[size_t(row)];
            for (int r = 0; row < 0; ++r) // any row that is left
                if (f_.place[size_t(r)] < 0) row = r;
            f_.place[size_t(row)] = j;
            f_.pivot.push_back(row);
            f_.sizes.push_back(lib::magnitude(pivot));
            f_.u.rows.push_back(j);
            f_.u.values.push_back(pivot);
            f_.u.offsets.push_back(int(f_.u.rows.size()));
            for (int r : order_)
                if (f_.place[size_t(r)] < 0 && pivot != T(0)) {
                    f_.l.rows.push_back(r);
                    f_.l.values.push_back(x_[size_t(r)] / pivot);
                }
            f_.l.offsets.push_back(int(f_.l.rows.size()));
        }
        return std::move(f_);
    }
};

} // namespace acc::solver
