// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Loops over rows, matrices, bodies, graphs.
// Inputs/cost.py says what the limits mean.
// REQUIRES: accc, accdevicelib, accc-objdump
// RUN: accc -arch=sm_80 -cubin -Xptxas -v %s -o %t.cubin 2> %t.resources
// RUN: accc-objdump -d %t.cubin > %t.listing
// RUN: /usr/bin/python3 %S/Inputs/cost.py %s %t.listing %t.resources

// a is read with i as the index; of b four rows are bases with one index. Two loads, the work, and for four of them an
// index and three for the loop.
// COST: 64 instructions, 29 registers, 4.00 per ffma.f32
extern "C" __global__ void sgemm_naive(int m, int n, int k, const float* a, const float* b, float* c) {
  int row = blockIdx.y * blockDim.y + threadIdx.y;
  int column = blockIdx.x * blockDim.x + threadIdx.x;
  if (row >= m || column >= n)
    return;
  float sum = 0;
  for (int i = 0; i < k; ++i)
    sum += a[row * k + i] * b[i * n + column];
  c[row * n + column] = sum;
}

// Both tiles are read with constant offsets, those of a four words at a time: a load and a quarter, the work, the
// loop is unrolled whole; three with the loads of the tiles and the barriers.
// COST: 75 instructions, 33 registers, 3.00 per ffma.f32
extern "C" __global__ void sgemm_tiled(int n, const float* a, const float* b, float* c) {
  __shared__ float tile_a[16][16], tile_b[16][16];
  int tx = threadIdx.x, ty = threadIdx.y;
  int row = blockIdx.y * 16 + ty, column = blockIdx.x * 16 + tx;
  float sum = 0;
  for (int k0 = 0; k0 < n; k0 += 16) {
    tile_a[ty][tx] = a[row * n + k0 + tx];
    tile_b[ty][tx] = b[(k0 + ty) * n + column];
    __syncthreads();
    for (int k = 0; k < 16; ++k)
      sum += tile_a[ty][k] * tile_b[k][tx];
    __syncthreads();
  }
  c[row * n + column] = sum;
}

// Four by four results a thread, leading dimensions as parameters of 64 bits.
// 16 products need 8 loads (1.5 each); the pointers are advanced once for two rows.
// Three values of the other way through lie in local memory during the unrolled loop.
// COST: 234 instructions, 64 registers, 1.66 per ffma.f32, 20 spilled
extern "C" __global__ void sgemm_blocked(const float* a, const float* b, float* c, size_t lda, size_t ldb, size_t ldc,
                                         int k) {
  size_t row = (blockIdx.y * blockDim.y + threadIdx.y) * 4, column = (blockIdx.x * blockDim.x + threadIdx.x) * 4;
  float sum[4][4] = {};
  for (int i = 0; i < k; ++i)
    for (int y = 0; y < 4; ++y)
      for (int x = 0; x < 4; ++x)
        sum[y][x] += a[(row + y) * lda + i] * b[i * ldb + column + x];
  for (int y = 0; y < 4; ++y)
    for (int x = 0; x < 4; ++x)
      c[(row + y) * ldc + column + x] = sum[y][x];
}

// As struct_parameter: the row is the base.
// COST: 52 instructions, 20 registers, 3.75 per ffma.f32
extern "C" __global__ void matrix_vector(const float* a, const float* x, float* y, int rows, int columns) {
  int row = blockIdx.x * blockDim.x + threadIdx.x;
  if (row < rows) {
    float sum = 0;
    for (int j = 0; j < columns; ++j)
      sum += a[row * columns + j] * x[j];
    y[row] = sum;
  }
}

// Three loads, the work, a quarter of three for the loop.
// COST: 61 instructions, 21 registers, 4.75 per ffma.f32
extern "C" __global__ void spmv_csr(int rows, const int* starts, const int* columns, const float* values,
                                    const float* x, float* y) {
  int row = blockIdx.x * blockDim.x + threadIdx.x;
  if (row < rows) {
    float sum = 0;
    for (int j = starts[row]; j < starts[row + 1]; ++j)
      sum += values[j] * x[columns[j]];
    y[row] = sum;
  }
}

// 15 for a body with its load, and a quarter of three for the loop.
// COST: 94 instructions, 32 registers, 15.75 per rsqrt.approx.f32
extern "C" __global__ void n_body(int n, const float4* bodies, float4* out) {
  __shared__ float4 tile[256];
  int i = blockIdx.x * 256 + threadIdx.x;
  float4 mine = bodies[i];
  float ax = 0, ay = 0, az = 0;
  for (int first = 0; first < n; first += 256) {
    tile[threadIdx.x] = bodies[first + threadIdx.x];
    __syncthreads();
    for (int j = 0; j < 256; ++j) {
      float4 other = tile[j];
      float dx = other.x - mine.x, dy = other.y - mine.y, dz = other.z - mine.z;
      float inverse = rsqrtf(dx * dx + dy * dy + dz * dz + 0.01f);
      float weight = other.w * inverse * inverse * inverse;
      ax += dx * weight;
      ay += dy * weight;
      az += dz * weight;
    }
    __syncthreads();
  }
  out[i] = make_float4(ax, ay, az, 0.0f);
}

// The two exits of the loop; five for the next point, three for the condition and the copy that the old x costs.
// COST: 45 instructions, 17 registers, 13.00 per fsetp.f32.geu
extern "C" __global__ void mandelbrot(int width, int height, int limit, float step, int* out) {
  int px = blockIdx.x * blockDim.x + threadIdx.x, py = blockIdx.y * blockDim.y + threadIdx.y;
  if (px >= width || py >= height)
    return;
  float cx = px * step - 2.0f, cy = py * step - 1.5f, x = 0, y = 0;
  int i = 0;
  while (i < limit && x * x + y * y < 4.0f) {
    float next = x * x - y * y + cx;
    y = 2.0f * x * y + cy;
    x = next;
    ++i;
  }
  out[py * width + px] = i;
}

// Two comparisons for the direction; the stores are under one branch.
// COST: 26 instructions, 11 registers
extern "C" __global__ void bitonic_step(unsigned* data, int j, int k, int n) {
  int i = blockIdx.x * blockDim.x + threadIdx.x, other = i ^ j;
  if (other > i && other < n) {
    unsigned a = data[i], b = data[other];
    if ((i & k) == 0 ? a > b : a < b) {
      data[i] = b;
      data[other] = a;
    }
  }
}

struct Node {
  int first, count;
};
// The bounds of the loop are loaded again where a store may have changed them.
// COST: 44 instructions, 22 registers, 3.75 per ld.global.b32
extern "C" __global__ void bfs_level(const Node* nodes, const int* edges, const bool* frontier, bool* next,
                                     const bool* visited, int* cost, int n) {
  int id = blockIdx.x * blockDim.x + threadIdx.x;
  if (id < n && frontier[id])
    for (int i = nodes[id].first; i < nodes[id].first + nodes[id].count; ++i) {
      int to = edges[i];
      if (!visited[to]) {
        cost[to] = cost[id] + 1;
        next[to] = true;
      }
    }
}

// Each of the three conditions guards a load and a store or a minimum, without a branch but for one of two
// conditions.
// COST: 36 instructions, 14 registers
extern "C" __global__ void path_step(const int* wall, const int* from, int* to, int columns, int row) {
  __shared__ int previous[258];
  int x = blockIdx.x * 256 + threadIdx.x, t = threadIdx.x + 1;
  if (x < columns)
    previous[t] = from[x];
  if (threadIdx.x == 0 && x > 0)
    previous[0] = from[x - 1];
  if (threadIdx.x == 255 && x + 1 < columns)
    previous[257] = from[x + 1];
  __syncthreads();
  if (x < columns) {
    int least = previous[t];
    if (x > 0)
      least = min(least, previous[t - 1]);
    if (x + 1 < columns)
      least = min(least, previous[t + 1]);
    to[x] = least + wall[row * columns + x];
  }
}

// Five comparators of keys with their values, each a comparison, two selections, a minimum and a maximum; no branch.
// COST: 50 instructions, 18 registers
extern "C" __global__ void sort_pairs(int* keys, int* values) {
  int i = (blockIdx.x * blockDim.x + threadIdx.x) * 4;
  int k[4], v[4];
  for (int j = 0; j < 4; ++j)
    k[j] = keys[i + j], v[j] = values[i + j];
  auto exchange = [&](int a, int b) {
    if (k[a] > k[b]) {
      int t = k[a], u = v[a];
      k[a] = k[b], k[b] = t, v[a] = v[b], v[b] = u;
    }
  };
  exchange(0, 1), exchange(2, 3), exchange(0, 2), exchange(1, 3), exchange(1, 2);
  for (int j = 0; j < 4; ++j)
    keys[i + j] = k[j], values[i + j] = v[j];
}

// Two loads, six for the distance, its comparison, a selection for each of five values, index, comparison, branch.
// COST: 46 instructions, 31 registers, 17.00 per fsetp.f32.lt
extern "C" __global__ void nearest_point(const float4* points, int n, float4 q, int* out, float4* best) {
  float least = 1e30f, x = 0, y = 0, z = 0;
  int index = -1;
  for (int j = threadIdx.x; j < n; j += blockDim.x) {
    float4 p = points[j];
    float dx = p.x - q.x, dy = p.y - q.y, dz = p.z - q.z, d = dx * dx + dy * dy + dz * dz;
    if (d < least) {
      least = d, x = p.x, y = p.y, z = p.z;
      index = j;
    }
  }
  out[threadIdx.x] = index;
  best[threadIdx.x] = make_float4(x, y, z, least);
}

__device__ inline float4 operator*(float a, float4 b) { return make_float4(a * b.x, a * b.y, a * b.z, a * b.w); }
__device__ inline void operator+=(float4& a, float4 b) { a.x += b.x, a.y += b.y, a.z += b.z, a.w += b.w; }
// Operators on vectors leave nothing behind: four products with their sums need two loads, and a quarter of three for the
// loop: 1.69 each.
// COST: 69 instructions, 32 registers, 1.69 per ffma.f32
extern "C" __global__ void vector_operators(const float4* in, const float* weights, float4* out, int n) {
  float4 sum = make_float4(0, 0, 0, 0);
  for (int i = 0; i < n; ++i)
    sum += weights[i] * in[i];
  out[threadIdx.x] = sum;
}

// Distances of points to centres, both as arrays of features (k-means).
// Two loads, a difference, the work, and for four features an index and three for the loop.
// COST: 75 instructions, 35 registers, 5.00 per ffma.f32
extern "C" __global__ void nearest_centre(const float* points, const float* centres, int* out, int n, int k,
                                          int features) {
  int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i >= n)
    return;
  float best = 3e38f;
  int index = -1;
  for (int c = 0; c < k; ++c) {
    float distance = 0;
    for (int f = 0; f < features; ++f) {
      float d = points[f * n + i] - centres[c * features + f];
      distance += d * d;
    }
    if (distance < best) {
      best = distance;
      index = c;
    }
  }
  out[i] = index;
}
