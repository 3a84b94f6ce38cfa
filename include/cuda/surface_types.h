// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Surface objects: a handle for unfiltered loads and stores of an array.
#pragma once
#include "driver_types.h"

#define cudaSurfaceType1D 0x01
#define cudaSurfaceType2D 0x02
#define cudaSurfaceType3D 0x03
#define cudaSurfaceTypeCubemap 0x0C
#define cudaSurfaceType1DLayered 0xF1
#define cudaSurfaceType2DLayered 0xF2
#define cudaSurfaceTypeCubemapLayered 0xFC

typedef unsigned long long cudaSurfaceObject_t;

/// The untyped part of a surface reference (removed in CUDA 12; kept so that older sources parse).
struct surfaceReference {
    struct cudaChannelFormatDesc channelDesc;
};
