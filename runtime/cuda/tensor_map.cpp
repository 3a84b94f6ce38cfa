// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Tensor maps: descriptions of tensors that kernels copy boxes of. Each argument is checked as CUDA
// documents it; what is written is acc_tensor_map, which the device library reads.
#include <acc_impl/tensor_map_layout.h>

#include <algorithm>
#include <cstring>

#include "runtime/cuda/driver.h"

using namespace acc::cuda;
namespace rt = acc::rt;

namespace {

static_assert(sizeof(acc_tensor_map) == sizeof(CUtensorMap));

template <class... Arguments>
[[noreturn]] void refuse(fmt::format_string<Arguments...> text, Arguments&&... arguments) {
    rt::fail(rt::Status::InvalidValue, "tensor map: {}",
             fmt::format(text, std::forward<Arguments>(arguments)...));
}

/// Bytes of an element; throws for a type that there is not.
unsigned element_bytes(CUtensorMapDataType type) {
    switch (type) {
    case CU_TENSOR_MAP_DATA_TYPE_UINT8: return 1;
    case CU_TENSOR_MAP_DATA_TYPE_UINT16:
    case CU_TENSOR_MAP_DATA_TYPE_FLOAT16:
    case CU_TENSOR_MAP_DATA_TYPE_BFLOAT16: return 2;
    case CU_TENSOR_MAP_DATA_TYPE_UINT32:
    case CU_TENSOR_MAP_DATA_TYPE_INT32:
    case CU_TENSOR_MAP_DATA_TYPE_FLOAT32:
    case CU_TENSOR_MAP_DATA_TYPE_FLOAT32_FTZ:
    case CU_TENSOR_MAP_DATA_TYPE_TFLOAT32:
    case CU_TENSOR_MAP_DATA_TYPE_TFLOAT32_FTZ: return 4;
    case CU_TENSOR_MAP_DATA_TYPE_UINT64:
    case CU_TENSOR_MAP_DATA_TYPE_INT64:
    case CU_TENSOR_MAP_DATA_TYPE_FLOAT64: return 8;
    default:
        rt::fail(rt::Status::NotSupported, "tensor map: elements of type {} are not supported",
                 static_cast<int>(type));
    }
}

bool is_float(CUtensorMapDataType type) {
    return type >= CU_TENSOR_MAP_DATA_TYPE_FLOAT16;
}

/// What both kinds have: the tensor, and how it lies in shared memory.
struct Common {
    CUtensorMapDataType type;
    cuuint32_t rank;
    void* address;
    const cuuint64_t *sizes, *strides;
    const cuuint32_t* steps;
    CUtensorMapInterleave interleave;
    CUtensorMapSwizzle swizzle;
    CUtensorMapL2promotion promotion;
    CUtensorMapFloatOOBfill fill;
};

void encode_sizes(acc_tensor_map& map, const Common& tensor) {
    require(tensor.sizes, "globalDim");
    require(tensor.steps, "elementStrides");
    if (tensor.rank > 1) require(tensor.strides, "globalStrides");
    for (unsigned i = 0; i < tensor.rank; ++i) {
        const uint64_t size = tensor.sizes[i], step = tensor.steps[i];
        if (size == 0 || size > uint64_t{1} << 32) refuse("dimension {} of {} elements", i, size);
        if (step == 0 || step > 8) refuse("element stride {} of dimension {}", step, i);
        map.last[i] = static_cast<unsigned>(size - 1);
        map.step[i] = static_cast<unsigned char>(step);
    }
    for (unsigned i = 0; i + 1 < tensor.rank; ++i) {
        if (tensor.strides[i] % 16 || tensor.strides[i] >= uint64_t{1} << 40)
            refuse("the stride of {} bytes of dimension {} is no multiple of 16 below 2^40",
                   tensor.strides[i], i + 1);
        map.stride[i] = tensor.strides[i];
    }
}

acc_tensor_map encode(const Common& tensor) {
    acc_tensor_map map{};
    if (tensor.rank == 0 || tensor.rank > 5) refuse("{} dimensions", tensor.rank);
    map.magic = ACC_TENSOR_MAP_MAGIC;
    map.rank = static_cast<unsigned char>(tensor.rank);
    map.type = static_cast<unsigned char>(tensor.type);
    map.element = static_cast<unsigned char>(element_bytes(tensor.type));
    map.address = reinterpret_cast<uint64_t>(tensor.address);
    if (map.address == 0 || map.address % 16)
        refuse("the address {:#x} is no multiple of 16", map.address);
    if (tensor.interleave > CU_TENSOR_MAP_INTERLEAVE_32B)
        refuse("interleave {}", static_cast<int>(tensor.interleave));
    if (tensor.interleave != CU_TENSOR_MAP_INTERLEAVE_NONE)
        rt::fail(rt::Status::NotSupported, "tensor map: interleaved layouts are not supported");
    if (tensor.swizzle > CU_TENSOR_MAP_SWIZZLE_128B_ATOM_64B)
        refuse("swizzle {}", static_cast<int>(tensor.swizzle));
    if (tensor.swizzle > CU_TENSOR_MAP_SWIZZLE_128B)
        rt::fail(rt::Status::NotSupported, "tensor map: swizzle {} is not supported",
                 static_cast<int>(tensor.swizzle));
    map.swizzle = static_cast<unsigned char>(tensor.swizzle);
    if (tensor.promotion > CU_TENSOR_MAP_L2_PROMOTION_L2_256B)
        refuse("L2 promotion {}", static_cast<int>(tensor.promotion));
    if (tensor.fill > CU_TENSOR_MAP_FLOAT_OOB_FILL_NAN_REQUEST_ZERO_FMA)
        refuse("fill {}", static_cast<int>(tensor.fill));
    map.nan_fill = tensor.fill == CU_TENSOR_MAP_FLOAT_OOB_FILL_NAN_REQUEST_ZERO_FMA;
    if (map.nan_fill && !is_float(tensor.type)) refuse("NaN as the value of integers");
    encode_sizes(map, tensor);
    return map;
}

/// Bytes of a row in shared memory that the swizzle allows.
void check_row(const acc_tensor_map& map, unsigned elements) {
    constexpr unsigned most[] = {0, 32, 64, 128};
    const unsigned bytes = elements * map.element;
    if (bytes % 16) refuse("rows of {} bytes are no multiple of 16", bytes);
    if (map.swizzle && bytes > most[map.swizzle])
        refuse("rows of {} bytes are longer than the swizzle's {}", bytes, most[map.swizzle]);
}

void write(CUtensorMap* to, const acc_tensor_map& map) {
    require(to, "tensorMap");
    if (reinterpret_cast<uintptr_t>(to) % 64) refuse("the object's address is no multiple of 64");
    std::memcpy(to, &map, sizeof map);
}

} // namespace

ACC_API CUresult cuTensorMapEncodeTiled(CUtensorMap* object, CUtensorMapDataType type,
                                        cuuint32_t rank, void* address, const cuuint64_t* sizes,
                                        const cuuint64_t* strides, const cuuint32_t* box,
                                        const cuuint32_t* steps, CUtensorMapInterleave interleave,
                                        CUtensorMapSwizzle swizzle,
                                        CUtensorMapL2promotion promotion,
                                        CUtensorMapFloatOOBfill fill) {
    return driver_guard(__func__, [&] {
        require(box, "boxDim");
        acc_tensor_map map = encode(
            {type, rank, address, sizes, strides, steps, interleave, swizzle, promotion, fill});
        map.mode = ACC_TENSOR_TILED;
        for (unsigned i = 0; i < rank; ++i) {
            if (box[i] == 0 || box[i] > 256) refuse("a box of {} in dimension {}", box[i], i);
            map.box[i] = static_cast<unsigned short>(box[i]);
        }
        check_row(map, box[0]);
        write(object, map);
    });
}

ACC_API CUresult cuTensorMapEncodeIm2col(CUtensorMap* object, CUtensorMapDataType type,
                                         cuuint32_t rank, void* address, const cuuint64_t* sizes,
                                         const cuuint64_t* strides, const int* lower,
                                         const int* upper, cuuint32_t channels, cuuint32_t pixels,
                                         const cuuint32_t* steps, CUtensorMapInterleave interleave,
                                         CUtensorMapSwizzle swizzle,
                                         CUtensorMapL2promotion promotion,
                                         CUtensorMapFloatOOBfill fill) {
    return driver_guard(__func__, [&] {
        require(lower, "pixelBoxLowerCorner");
        require(upper, "pixelBoxUpperCorner");
        if (rank < 3) refuse("{} dimensions; images have 3 to 5", rank);
        acc_tensor_map map = encode(
            {type, rank, address, sizes, strides, steps, interleave, swizzle, promotion, fill});
        map.mode = ACC_TENSOR_IM2COL;
        const unsigned spatial = rank - 2, bits = spatial == 1 ? 16 : spatial == 2 ? 8 : 5;
        const int limit = 1 << (bits - 1);
        for (unsigned i = 0; i < spatial; ++i) {
            for (const int corner : {lower[i], upper[i]})
                if (corner < -limit || corner >= limit)
                    refuse("the corner {} is not between {} and {}", corner, -limit, limit - 1);
            map.lower[i] = static_cast<short>(lower[i]);
            map.upper[i] = static_cast<short>(upper[i]);
        }
        if (channels == 0 || channels > 256) refuse("{} channels of a pixel", channels);
        if (pixels == 0 || pixels > 1024) refuse("{} pixels of a column", pixels);
        map.channels = static_cast<unsigned short>(channels);
        map.pixels = static_cast<unsigned short>(pixels);
        check_row(map, channels);
        write(object, map);
    });
}

ACC_API CUresult cuTensorMapReplaceAddress(CUtensorMap* object, void* address) {
    return driver_guard(__func__, [&] {
        require(object, "tensorMap");
        acc_tensor_map map;
        std::memcpy(&map, object, sizeof map);
        if (map.magic != ACC_TENSOR_MAP_MAGIC) refuse("the object is none");
        map.address = reinterpret_cast<uint64_t>(address);
        if (map.address == 0 || map.address % 16)
            refuse("the address {:#x} is no multiple of 16", map.address);
        write(object, map);
    });
}
