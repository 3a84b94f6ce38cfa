// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Sixteen pixels at once.
#include "native.h"

namespace {

struct Vector {
    float16 x, y, z;
};
Vector operator+(Vector a, Vector b) {
    return {a.x + b.x, a.y + b.y, a.z + b.z};
}
Vector operator-(Vector a, Vector b) {
    return {a.x - b.x, a.y - b.y, a.z - b.z};
}
Vector operator*(float16 s, Vector a) {
    return {s * a.x, s * a.y, s * a.z};
}
float16 dot(Vector a, Vector b) {
    return a.x * b.x + a.y * b.y + a.z * b.z;
}
Vector unit(Vector a) {
    return reciprocal_root(dot(a, a)) * a;
}
Vector everywhere(float x, float y, float z) {
    return {splat(x), splat(y), splat(z)};
}

// The sphere that each ray meets first, with the numbers of it that are needed; mask: whether there
// is one.
struct Hit {
    int16 mask{};
    float16 distance = splat(1e30f), x{}, y{}, z{}, radius = splat(1), colour{}, mirror{};
};

Hit first_hit(const bench::Raytrace& p, Vector origin, Vector direction) {
    Hit hit;
    for (int i = 0; i < p.count; ++i) {
        const float* s = &p.spheres[8 * i];
        const Vector to = everywhere(s[0], s[1], s[2]) - origin;
        const float16 along = dot(to, direction);
        const float16 inside = splat(s[3] * s[3]) - dot(to, to) + along * along;
        const int16 meets = inside > splat(0);
        if (!any(meets)) continue;
        const float16 at = along - __builtin_elementwise_sqrt(inside);
        const int16 nearer = meets & (at > splat(1e-3f)) & (at < hit.distance);
        hit.mask |= nearer;
        hit.distance = nearer ? at : hit.distance;
        hit.x = nearer ? splat(s[0]) : hit.x;
        hit.y = nearer ? splat(s[1]) : hit.y;
        hit.z = nearer ? splat(s[2]) : hit.z;
        hit.radius = nearer ? splat(s[3]) : hit.radius;
        hit.colour = nearer ? splat(s[4]) : hit.colour;
        hit.mirror = nearer ? splat(s[5]) : hit.mirror;
    }
    return hit;
}

// Whether each ray meets any sphere.
int16 shadowed(const bench::Raytrace& p, Vector origin, Vector direction) {
    int16 mask{};
    for (int i = 0; i < p.count; ++i) {
        const float* s = &p.spheres[8 * i];
        const Vector to = everywhere(s[0], s[1], s[2]) - origin;
        const float16 along = dot(to, direction);
        const float16 inside = splat(s[3] * s[3]) - dot(to, to) + along * along;
        mask |= (inside > splat(0)) & (along - __builtin_elementwise_sqrt(inside) > splat(1e-3f));
    }
    return mask;
}

float16 brightness_of(const bench::Raytrace& p, Vector direction) {
    const Vector light = unit(everywhere(-1.0f, 1.5f, -1.0f));
    Vector origin = everywhere(0, 0, -4);
    float16 brightness{}, weight = splat(1);
    int16 alive = lanes >= 0;
    for (int bounce = 0; bounce <= p.bounces && any(alive); ++bounce) {
        const Hit hit = first_hit(p, origin, direction);
        const int16 lost = alive & ~hit.mask;
        brightness += lost ? weight * (splat(0.2f) + splat(0.1f) * direction.y) : float16{};
        alive &= hit.mask;
        if (!any(alive)) break;
        const Vector point = origin + hit.distance * direction;
        const Vector normal = (splat(1.0f) / hit.radius) * (point - Vector{hit.x, hit.y, hit.z});
        float16 shine = dot(normal, light);
        const int16 lit = alive & (shine > splat(0));
        shine = lit ? shine : float16{};
        if (any(lit)) shine = shadowed(p, point, light) ? float16{} : shine;
        brightness += alive ? weight * hit.colour * (splat(0.1f) + splat(0.9f) * shine) : float16{};
        weight *= hit.mirror;
        origin = point;
        direction = direction - (splat(2) * dot(direction, normal)) * normal;
    }
    return brightness;
}

} // namespace

void run_raytrace(bench::Session& session) {
    const bench::Raytrace p(session.scale());
    Array<float> out(size_t(p.n) * p.n);
    auto launch = [&] {
#pragma omp parallel for schedule(dynamic, 8)
        for (int y = 0; y < p.n; ++y) {
            for (int x = 0; x < p.n; x += 16) {
                const float16 px = __builtin_convertvector(lanes + x, float16);
                const Vector direction = unit(
                    {(px + splat(0.5f)) / splat(p.n) * splat(2) - splat(1),
                     splat(1 - (y + 0.5f) / p.n * 2), splat(1.5f)});
                store(out.get() + size_t(y) * p.n + x, brightness_of(p, direction));
            }
        }
    };
    session.run(p, launch, out);
}
