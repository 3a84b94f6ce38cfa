// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The kernel of ../acc/raytrace.cu.

#define COUNT 24

typedef struct {
    float x, y, z, radius, colour, mirror, unused[2];
} Sphere;

int first_hit(constant const Sphere* spheres, float3 origin, float3 direction, float* distance) {
    int hit = -1;
    *distance = 1e30f;
    for (int i = 0; i < COUNT; ++i) {
        Sphere s = spheres[i];
        float3 to = (float3)(s.x, s.y, s.z) - origin;
        float along = dot(to, direction);
        float inside = s.radius * s.radius - dot(to, to) + along * along;
        if (inside <= 0) continue;
        float at = along - sqrt(inside);
        if (at > 1e-3f && at < *distance) {
            *distance = at;
            hit = i;
        }
    }
    return hit;
}

float3 unit(float3 a) {
    return rsqrt(dot(a, a)) * a;
}

kernel void raytrace(constant const Sphere* spheres, int n, int bounces, global float* out) {
    int px = get_global_id(0);
    int py = get_global_id(1);
    if (px >= n || py >= n) return;
    const float3 light = unit((float3)(-1.0f, 1.5f, -1.0f));
    float3 origin = (float3)(0, 0, -4);
    float3 direction = unit((float3)((px + 0.5f) / n * 2 - 1, 1 - (py + 0.5f) / n * 2, 1.5f));
    float brightness = 0, weight = 1;
    for (int bounce = 0; bounce <= bounces; ++bounce) {
        float distance;
        int hit = first_hit(spheres, origin, direction, &distance);
        if (hit < 0) {
            brightness += weight * (0.2f + 0.1f * direction.y);
            break;
        }
        Sphere s = spheres[hit];
        float3 point = origin + distance * direction;
        float3 normal = (1.0f / s.radius) * (point - (float3)(s.x, s.y, s.z));
        float shine = dot(normal, light);
        float unused;
        if (shine > 0 && first_hit(spheres, point, light, &unused) >= 0) shine = 0;
        brightness += weight * s.colour * (0.1f + 0.9f * fmax(shine, 0.0f));
        weight *= s.mirror;
        origin = point;
        direction = direction - (2 * dot(direction, normal)) * normal;
    }
    out[py * n + px] = brightness;
}
