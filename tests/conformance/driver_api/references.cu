// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Texture and surface references, which CUDA had until 11, in a module that main.cpp loads.
#if CUDART_VERSION < 13000 && (defined(__ACC__) || CUDART_VERSION < 12000)
texture<float, 2> picture;
texture<unsigned char, 1> bytes;
surface<void, 2> canvas;

extern "C" __global__ void look(float* out) {
    out[threadIdx.x] = tex2D(picture, threadIdx.x + 0.5f, 1.5f);
}
extern "C" __global__ void look_bytes(int* out) {
    out[threadIdx.x] = tex1Dfetch(bytes, threadIdx.x);
}
extern "C" __global__ void paint(float value) {
    surf2Dwrite(value + threadIdx.x, canvas, threadIdx.x * 4, 2);
}
#endif
