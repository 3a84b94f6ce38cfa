// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The kernels of ../acc/simulation.cu.

kernel void nbody(int n, float softening, global const float4* bodies,
                  global float4* accelerations) {
    local float4 tile[256];
    int i = get_global_id(0), t = get_local_id(0);
    float4 me = bodies[i];
    float ax = 0, ay = 0, az = 0;
    for (int start = 0; start < n; start += 256) {
        tile[t] = bodies[start + t];
        barrier(CLK_LOCAL_MEM_FENCE);
        for (int j = 0; j < 256; ++j) {
            float4 other = tile[j];
            float dx = other.x - me.x;
            float dy = other.y - me.y;
            float dz = other.z - me.z;
            float inverse = rsqrt(dx * dx + dy * dy + dz * dz + softening);
            float strength = other.w * inverse * inverse * inverse;
            ax += dx * strength;
            ay += dy * strength;
            az += dz * strength;
        }
        barrier(CLK_LOCAL_MEM_FENCE);
    }
    accelerations[i] = (float4)(ax, ay, az, 0);
}
