// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/lib/solver/sparse_structure.h"

#include <algorithm>
#include <set>

namespace acc::solver {
namespace {

using Neighbours = std::vector<std::vector<int>>;

/// Of the rows of A + A^T, without themselves, in order.
Neighbours neighbours_of(const Structure& a) {
    Neighbours result(static_cast<size_t>(a.n));
    for (int r = 0; r < a.n; ++r)
        for (int k = a.offsets[size_t(r)]; k < a.offsets[size_t(r) + 1]; ++k) {
            const int c = a.columns[size_t(k)];
            if (c == r) continue;
            result[size_t(r)].push_back(c);
            result[size_t(c)].push_back(r);
        }
    for (std::vector<int>& list : result) {
        std::sort(list.begin(), list.end());
        list.erase(std::unique(list.begin(), list.end()), list.end());
    }
    return result;
}

/// The number of the walk that reached each row last: one array for all walks, which would cost
/// its size each otherwise.
using Stamps = std::vector<unsigned>;

/// Appends what can be reached from `start`, nearest first and those of few neighbours first.
void walk(const Neighbours& all, int start, unsigned stamp, Stamps& seen, Order& order) {
    const auto degree = [&](int r) { return all[size_t(r)].size(); };
    size_t next = order.size();
    order.push_back(start);
    seen[size_t(start)] = stamp;
    for (; next < order.size(); ++next) {
        const size_t first = order.size();
        for (int c : all[size_t(order[next])])
            if (seen[size_t(c)] != stamp) {
                seen[size_t(c)] = stamp;
                order.push_back(c);
            }
        std::stable_sort(order.begin() + long(first), order.end(),
                         [&](int x, int y) { return degree(x) < degree(y); });
    }
}

/// A row at the end of its component: walked to from `start` twice, the last that is reached.
int far_end(const Neighbours& all, int start, unsigned& stamp, Stamps& seen) {
    for (int turn = 0; turn < 2; ++turn) {
        Order reached;
        walk(all, start, ++stamp, seen, reached);
        start = reached.back();
    }
    return start;
}

} // namespace

bool read_structure(int n, int nnz, const int* offsets, const int* columns, int base,
                    Structure* result) {
    result->n = n;
    result->offsets.resize(size_t(n) + 1);
    result->columns.resize(size_t(nnz));
    for (int i = 0; i <= n; ++i) {
        result->offsets[size_t(i)] = offsets[i] - base;
        if (i > 0 && result->offsets[size_t(i)] < result->offsets[size_t(i) - 1]) return false;
    }
    if (result->offsets.front() != 0 || result->offsets.back() != nnz) return false;
    for (int k = 0; k < nnz; ++k) {
        result->columns[size_t(k)] = columns[k] - base;
        if (columns[k] < base || columns[k] - base >= n) return false;
    }
    return true;
}

Order narrow_order(const Structure& a) {
    const Neighbours all = neighbours_of(a);
    Stamps placed(all.size()), seen(all.size());
    unsigned stamp = 0;
    Order order;
    for (int r = 0; r < a.n; ++r)
        if (placed[size_t(r)] == 0) walk(all, far_end(all, r, stamp, seen), 1, placed, order);
    std::reverse(order.begin(), order.end());
    return order;
}

Order least_degree_order(const Structure& a) {
    Neighbours left = neighbours_of(a);
    std::set<std::pair<size_t, int>> queue;
    for (int r = 0; r < a.n; ++r)
        queue.emplace(left[size_t(r)].size(), r);
    Order order;
    std::vector<int> merged;
    while (!queue.empty()) {
        const int r = queue.begin()->second;
        queue.erase(queue.begin());
        order.push_back(r);
        const std::vector<int> clique = std::move(left[size_t(r)]);
        for (int c : clique) {
            std::vector<int>& mine = left[size_t(c)];
            queue.erase({mine.size(), c});
            merged.clear();
            std::set_union(mine.begin(), mine.end(), clique.begin(), clique.end(),
                           std::back_inserter(merged));
            std::erase_if(merged, [&](int x) { return x == r || x == c; });
            mine = merged;
            queue.emplace(mine.size(), c);
        }
    }
    return order;
}

Order inverse_of(const Order& order) {
    Order inverse(order.size());
    for (size_t i = 0; i < order.size(); ++i)
        inverse[size_t(order[i])] = int(i);
    return inverse;
}

Band band_of(const Structure& a, const Order& inverse) {
    Band band;
    for (int r = 0; r < a.n; ++r)
        for (int k = a.offsets[size_t(r)]; k < a.offsets[size_t(r) + 1]; ++k) {
            const int i = inverse[size_t(r)], j = inverse[size_t(a.columns[size_t(k)])];
            band.lower = std::max(band.lower, i - j);
            band.upper = std::max(band.upper, j - i);
        }
    return band;
}

} // namespace acc::solver
