// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Every overload of the texture and surface functions, for objects and for references of before CUDA 12.
// REQUIRES: accc, accdevicelib
// RUN: accc -c -arch=sm_80 %s -o %t.o
// RUN: accc -c -arch=sm_52 -std=c++11 -rdc=true %s -o %t.o
// RUN: not accc -c -DWRONG %s -o %t.o 2>&1 | FileCheck %s
// CHECK: error: {{.*}}__acc_texel<double>
texture<float, cudaTextureType1D> buffer;
texture<float, cudaTextureType2D, cudaReadModeElementType> image(1, cudaFilterModeLinear, cudaAddressModeWrap);
static texture<uchar4, 2, cudaReadModeNormalizedFloat> colours;
texture<int2, cudaTextureType3D> volume;
texture<unsigned short, cudaTextureType1DLayered, cudaReadModeNormalizedFloat> lines;
texture<float4, cudaTextureType2DLayered> layers;
texture<float, cudaTextureTypeCubemap> sky;
texture<float, cudaTextureTypeCubemapLayered> skies;
surface<void, cudaSurfaceType2D> canvas;
surface<void, 3> block;

__global__ void references(float* out) {
    const float x = threadIdx.x;
    float s = tex1Dfetch(buffer, threadIdx.x) + tex2D(image, x, 0.5f) + tex1D(buffer, x);
    const float4 c = tex2D(colours, x, x);
    const int2 v = tex3D(volume, x, x, x);
    s += c.w + v.y + tex1DLayered(lines, x, 1) + tex2DLayered(layers, x, x, 2).z;
    s += texCubemap(sky, x, x, x) + texCubemapLayered(skies, x, x, x, 1);
    s += tex2DLod(image, x, x, x) + tex2DGrad(image, x, x, make_float2(x, x), make_float2(x, x));
    s += tex2Dgather(colours, x, x).x + tex2Dgather(image, x, x, 2).y;
    surf2Dwrite(s, canvas, threadIdx.x * 4, 1);
    surf3Dwrite(make_uchar4(1, 2, 3, 4), block, threadIdx.x * 4, 1, 2, cudaBoundaryModeZero);
    float back;
    surf2Dread(&back, canvas, threadIdx.x * 4, 1, cudaBoundaryModeClamp);
    out[threadIdx.x] = s + back + surf2Dread<float>(canvas, 0, 0);
}

__global__ void objects(cudaTextureObject_t t, cudaSurfaceObject_t u, float4* out) {
    const float x = threadIdx.x;
    bool there;
    float4 s = tex2D<float4>(t, x, x, &there);
    tex2D(&s, t, x, x);
    const short2 h = tex3D<short2>(t, x, x, x, &there);
    const uchar1 b = tex2DLayered<uchar1>(t, x, x, 1, &there);
    const signed char c = tex1DLod<signed char>(t, x, x);
    s.x += tex2DGrad<float>(t, x, x, make_float2(x, x), make_float2(x, x), &there);
    s.y += h.x + b.x + c + tex2Dgather<uint4>(t, x, x, &there, 1).w + tex2DLod<int>(t, x, x, x, &there);
    s.z += tex3DGrad<float1>(t, x, x, x, s, s).x + texCubemapLayeredLod<char4>(t, x, x, x, 1, x).z;
    surf1DLayeredwrite<double>(x, u, 8, 2);
    surfCubemapLayeredwrite(s, u, 16, 1, 7);
    s.w = there ? surfCubemapread<float>(u, 0, 1, 2) : surf1DLayeredread<longlong1>(u, 0, 1).x;
    out[threadIdx.x] = s;
}
#ifdef WRONG
__global__ void wrong(cudaTextureObject_t t, double* out) { *out = tex2D<double>(t, 0, 0); }
#endif
int main() { return 0; }
