// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What is in a CUtensorMap: the runtime writes it (cuTensorMapEncode*), the device library's tensor
// copies read it. Programs see 128 bytes.
#pragma once

#define ACC_TENSOR_MAP_MAGIC 0x4d545341u // "ASTM"

enum { ACC_TENSOR_TILED = 0, ACC_TENSOR_IM2COL = 1 };

struct acc_tensor_map {
    unsigned long long address;   // of element 0 in global memory
    unsigned long long stride[4]; // bytes, of dimensions 1 to 4
    unsigned last[5];             // elements of each dimension, less one
    unsigned short box[5];        // tiled: elements that the box spans in each dimension
    unsigned char step[5];        // every so many-th of them is copied
    unsigned char rank;
    unsigned char type;       // CUtensorMapDataType
    unsigned char element;    // bytes
    unsigned char interleave; // CUtensorMapInterleave
    unsigned char swizzle;    // CUtensorMapSwizzle
    unsigned char nan_fill;   // elements outside of the tensor are NaN, else 0
    unsigned char mode;       // ACC_TENSOR_*
    short lower[3], upper[3]; // im2col: corners of the pixels' box, width first
    unsigned short channels;  // im2col: of a pixel
    unsigned short pixels;    // im2col: of a column
    unsigned char reserved[24];
    unsigned magic;
};
