// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Spheres, mirrors and shadows; a thread for each pixel.

#include "device.h"

namespace {

struct Sphere {
    float x, y, z, radius, colour, mirror, unused[2];
};

struct Vector {
    float x, y, z;
};
__device__ Vector operator+(Vector a, Vector b) {
    return {a.x + b.x, a.y + b.y, a.z + b.z};
}
__device__ Vector operator-(Vector a, Vector b) {
    return {a.x - b.x, a.y - b.y, a.z - b.z};
}
__device__ Vector operator*(float s, Vector a) {
    return {s * a.x, s * a.y, s * a.z};
}
__device__ float dot(Vector a, Vector b) {
    return a.x * b.x + a.y * b.y + a.z * b.z;
}
__device__ Vector unit(Vector a) {
    return rsqrtf(dot(a, a)) * a;
}

__constant__ Sphere spheres[bench::Raytrace::count];

// The first sphere that the ray meets, and how far away; -1: none.
__device__ int first_hit(Vector origin, Vector direction, float& distance) {
    int hit = -1;
    distance = 1e30f;
    for (int i = 0; i < bench::Raytrace::count; ++i) {
        Sphere s = spheres[i];
        Vector to = Vector{s.x, s.y, s.z} - origin;
        float along = dot(to, direction);
        float inside = s.radius * s.radius - dot(to, to) + along * along;
        if (inside <= 0) continue;
        float at = along - sqrtf(inside);
        if (at > 1e-3f && at < distance) {
            distance = at;
            hit = i;
        }
    }
    return hit;
}

__global__ void raytrace(int n, int bounces, float* out) {
    int px = blockIdx.x * blockDim.x + threadIdx.x;
    int py = blockIdx.y * blockDim.y + threadIdx.y;
    if (px >= n || py >= n) return;
    const Vector light = unit({-1.0f, 1.5f, -1.0f});
    Vector origin = {0, 0, -4};
    Vector direction = unit({(px + 0.5f) / n * 2 - 1, 1 - (py + 0.5f) / n * 2, 1.5f});
    float brightness = 0, weight = 1;
    for (int bounce = 0; bounce <= bounces; ++bounce) {
        float distance;
        int hit = first_hit(origin, direction, distance);
        if (hit < 0) {
            brightness += weight * (0.2f + 0.1f * direction.y);
            break;
        }
        Sphere s = spheres[hit];
        Vector point = origin + distance * direction;
        Vector normal = (1.0f / s.radius) * (point - Vector{s.x, s.y, s.z});
        float shine = dot(normal, light);
        float unused;
        if (shine > 0 && first_hit(point, light, unused) >= 0) shine = 0;
        brightness += weight * s.colour * (0.1f + 0.9f * fmaxf(shine, 0));
        weight *= s.mirror;
        origin = point;
        direction = direction - (2 * dot(direction, normal)) * normal;
    }
    out[py * n + px] = brightness;
}

} // namespace

void run_raytrace(bench::Session& session) {
    const bench::Raytrace p(session.scale());
    Buffer<float> out(size_t(p.n) * p.n);
    CHECK(cudaMemcpyToSymbol(spheres, p.spheres.data(), p.spheres.size() * sizeof(float)));
    const dim3 block(16, 8), grid(divide_up(p.n, 16), divide_up(p.n, 8));
    session.run(p, [&] { raytrace<<<grid, block>>>(p.n, p.bounces, out.get()); }, out);
}
