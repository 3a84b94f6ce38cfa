// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Some of a warp's threads, as data says, go round a loop as often as data says, through memory
// that lies anywhere, and end: with values that are the same for all, that count with the threads,
// and that are each thread's own.
#include "../common/check.h"

constexpr int kVertices = 1000;

struct Graph {
    std::vector<int> starts{0}, edges;
    Graph() {
        for (int v = 0; v < kVertices; ++v) {
            for (int i = 0; i < v * 7 % 13; ++i)
                edges.push_back((v * 31 + i * 117) % kVertices);
            starts.push_back(static_cast<int>(edges.size()));
        }
    }
};

// Breadth-first search. Blocks are no multiple of a warp, and threads stand in rows of 10.
__global__ void level(int now, const int* starts, const int* edges, int* distances, int* changed) {
    int v = blockIdx.x * 70 + threadIdx.y * 10 + threadIdx.x;
    if (v >= kVertices || distances[v] != now) return;
    for (int i = starts[v]; i < starts[v + 1]; ++i) {
        int to = edges[i];
        if (distances[to] < 0) {
            distances[to] = now + 1;
            *changed = 1;
        }
    }
}

// Threads part before, and come to the loop from several sides with other values.
__global__ void sums(const int* kinds, const int* starts, const int* edges, const double* weights,
                     int stride, double* out, unsigned* count) {
    const int v = blockIdx.x * blockDim.x + threadIdx.x;
    if (v >= kVertices) return;
    const int kind = kinds[v];
    const bool odd = kind & 1;
    const long long far = static_cast<long long>(v) * stride;
    double sum = 0;
    if (kind == 0) {
        out[v] = -1;
        return;
    }
    if (kind == 2) sum = weights[kVertices - 1 - v];
    if (kind == 4 && v % 3) {
        atomicAdd(count, 1u);
        out[v] = -2;
        return;
    }
    for (int i = starts[v]; i < starts[v + 1]; ++i) {
        const int to = edges[i];
        if (odd && to % 2) continue;
        if (to == kVertices - 2) { // some leave in the middle
            out[v] = -3;
            return;
        }
        sum += weights[to];
        atomicAdd(count, 1u);
    }
    out[v] = sum + static_cast<double>(far);
}

// Threads that wait elsewhere while others go round, and end in a place of their own.
__global__ void apart(const int* kinds, const int* starts, const int* edges, int* distances,
                      int* out) {
    const int v = blockIdx.x * blockDim.x + threadIdx.x;
    if (v >= kVertices) return;
    const int kind = kinds[v];
    if (kind > 1) {
        for (int i = starts[v]; i < starts[v + 1]; ++i) {
            const int to = edges[i];
            if (distances[to] < 0) {
                distances[to] = kind;
                out[v] = to;
            }
        }
        asm volatile("exit;");
    }
    out[v] = v * kind;
    distances[kVertices + v] = kind;
}

static void check_apart(const Graph& g) {
    std::vector<int> kind(kVertices), distance(2 * kVertices, -1);
    for (int v = 0; v < kVertices; ++v)
        kind[v] = v * 5 % 11 % 3;
    Buffer<int> kinds(kind), starts(g.starts), edges(g.edges), distances(distance),
        out(kVertices, -1);
    apart<<<(kVertices + 99) / 100, 100>>>(kinds.device(), starts.device(), edges.device(),
                                           distances.device(), out.device());
    SYNC();
    distances.download();
    out.download();
    std::vector<bool> reached(kVertices);
    for (int v = 0; v < kVertices; ++v)
        for (int i = g.starts[v]; kind[v] > 1 && i < g.starts[v + 1]; ++i)
            reached[g.edges[i]] = true;
    for (int v = 0; v < kVertices; ++v) {
        EXPECT(distances[v] == (reached[v] ? 2 : -1), "%d: %d", v, distances[v]);
        EXPECT(distances[kVertices + v] == (kind[v] > 1 ? -1 : kind[v]), "%d", v);
        if (kind[v] < 2) EXPECT(out[v] == v * kind[v], "%d: %d", v, out[v]);
    }
}

static void check_levels(const Graph& g) {
    std::vector<int> distance(kVertices, -1);
    distance[0] = distance[5] = 0;
    Buffer<int> starts(g.starts), edges(g.edges), distances(distance), changed(1, 0);
    for (int now = 0;; ++now) {
        bool more = false;
        for (int v = 0; v < kVertices; ++v)
            for (int i = g.starts[v]; distance[v] == now && i < g.starts[v + 1]; ++i)
                if (distance[g.edges[i]] < 0) {
                    distance[g.edges[i]] = now + 1;
                    more = true;
                }
        changed[0] = 0;
        changed.upload();
        level<<<(kVertices + 69) / 70, dim3(10, 7)>>>(now, starts.device(), edges.device(),
                                                      distances.device(), changed.device());
        SYNC();
        changed.download();
        EXPECT(changed[0] == more, "level %d", now);
        if (!more) break;
    }
    distances.download();
    for (int v = 0; v < kVertices; ++v)
        EXPECT(distances[v] == distance[v], "%d: %d, expected %d", v, distances[v], distance[v]);
}

static void check_sums(const Graph& g, int block) {
    std::vector<int> kind(kVertices);
    std::vector<double> weight(kVertices), expected(kVertices);
    for (int v = 0; v < kVertices; ++v) {
        kind[v] = v * 5 % 11 % 6;
        weight[v] = v * 0.25;
    }
    constexpr int stride = 300000;
    unsigned added = 0;
    for (int v = 0; v < kVertices; ++v) {
        double sum = kind[v] == 2 ? weight[kVertices - 1 - v] : 0;
        bool left = true;
        if (kind[v] == 0)
            expected[v] = -1;
        else if (kind[v] == 4 && v % 3)
            expected[v] = -2;
        else
            left = false;
        added += kind[v] == 4 && v % 3;
        for (int i = g.starts[v]; !left && i < g.starts[v + 1]; ++i) {
            const int to = g.edges[i];
            if (kind[v] % 2 && to % 2) continue;
            if (to == kVertices - 2) {
                expected[v] = -3;
                left = true;
                break;
            }
            sum += weight[to];
            ++added;
        }
        if (!left) expected[v] = sum + static_cast<double>(v) * stride;
    }
    Buffer<int> kinds(kind), starts(g.starts), edges(g.edges);
    Buffer<double> weights(weight), out(kVertices, 0);
    Buffer<unsigned> count(1, 0);
    sums<<<(kVertices + block - 1) / block, block>>>(kinds.device(), starts.device(),
                                                     edges.device(), weights.device(), stride,
                                                     out.device(), count.device());
    SYNC();
    out.download();
    count.download();
    EXPECT(count[0] == added, "%u, expected %u", count[0], added);
    for (int v = 0; v < kVertices; ++v)
        EXPECT(out[v] == expected[v], "%d, of %d: %g, expected %g", v, block, out[v], expected[v]);
}

// The warps at the block's end alone store, each thread where its index says.
__global__ void scatter(const int* places, const int* values, int first, int* out) {
    const int t = threadIdx.x;
    if (t >= first) out[places[t]] = values[t];
}

static void check_scatter(int first) {
    constexpr int kThreads = 128;
    std::vector<int> places(kThreads), values(kThreads), expected(kThreads * 3, -1);
    for (int t = 0; t < kThreads; ++t) {
        places[t] = t * 37 % kThreads * 3;
        values[t] = t * t + 1;
        if (t >= first) expected[places[t]] = values[t];
    }
    Buffer<int> to(places), from(values), out(kThreads * 3, -1);
    scatter<<<1, kThreads>>>(to.device(), from.device(), first, out.device());
    SYNC();
    out.download();
    for (int i = 0; i < kThreads * 3; ++i)
        EXPECT(out[i] == expected[i], "%d, from %d on: %d, expected %d", i, first, out[i],
               expected[i]);
}

int main() {
    const Graph g;
    for (int first : {64, 77, 96, 127})
        check_scatter(first);
    check_levels(g);
    check_apart(g);
    check_sums(g, 128);
    check_sums(g, 45);
    return finish();
}
