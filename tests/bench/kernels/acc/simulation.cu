// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Kernels that mostly compute, in float.

#include "device.h"

namespace {

// Tiles of 256 bodies pass through shared memory.
__global__ void nbody(int n, float softening, const float4* bodies, float4* accelerations) {
    __shared__ float4 tile[256];
    int i = blockIdx.x * 256 + threadIdx.x;
    float4 me = bodies[i];
    float ax = 0, ay = 0, az = 0;
    for (int start = 0; start < n; start += 256) {
        tile[threadIdx.x] = bodies[start + threadIdx.x];
        __syncthreads();
        for (int j = 0; j < 256; ++j) {
            float4 other = tile[j];
            float dx = other.x - me.x;
            float dy = other.y - me.y;
            float dz = other.z - me.z;
            float inverse = rsqrtf(dx * dx + dy * dy + dz * dz + softening);
            float strength = other.w * inverse * inverse * inverse;
            ax += dx * strength;
            ay += dy * strength;
            az += dz * strength;
        }
        __syncthreads();
    }
    accelerations[i] = make_float4(ax, ay, az, 0);
}

} // namespace

void run_nbody(bench::Session& session) {
    const bench::Nbody p(session.scale());
    Buffer<float> bodies(p.bodies), out(p.bodies.size());
    auto launch = [&] {
        nbody<<<p.n / 256, 256>>>(p.n, p.softening, reinterpret_cast<const float4*>(bodies.get()),
                                  reinterpret_cast<float4*>(out.get()));
    };
    session.run(p, launch, out);
}
