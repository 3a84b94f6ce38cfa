// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/cuda/memcpy.h"
#include "runtime/cuda/runtime.h"

using namespace acc::cuda;
namespace rt = acc::rt;

namespace {

/// Address of `bytes` bytes at `offset` in the variable. Throws Error(InvalidSymbol, InvalidValue).
void* part_of(ApiContext& context, const void* symbol, size_t bytes, size_t offset) {
    const rt::Variable variable = variable_of(context, symbol);
    if (offset > variable.bytes || bytes > variable.bytes - offset)
        rt::fail(rt::Status::InvalidValue, "{} bytes at offset {} are not inside the variable's {}",
                 bytes, offset, variable.bytes);
    return reinterpret_cast<void*>(variable.va + offset);
}

void check_direction(cudaMemcpyKind kind, cudaMemcpyKind with_host) {
    if (kind != with_host && kind != cudaMemcpyDeviceToDevice && kind != cudaMemcpyDefault)
        rt::fail(rt::Status::InvalidMemcpyKind,
                 "copy direction {} does not fit a copy of a variable", static_cast<int>(kind));
}

void to_symbol(const void* symbol, const void* src, size_t bytes, size_t offset,
               cudaMemcpyKind kind, cudaStream_t stream, bool async) {
    check_direction(kind, cudaMemcpyHostToDevice);
    ApiContext& context = current();
    void* dst = part_of(context, symbol, bytes, offset);
    (async ? rt::copy_async : rt::copy)(stream_of(context, stream), dst, src, bytes, to_core(kind));
}

void from_symbol(void* dst, const void* symbol, size_t bytes, size_t offset, cudaMemcpyKind kind,
                 cudaStream_t stream, bool async) {
    check_direction(kind, cudaMemcpyDeviceToHost);
    ApiContext& context = current();
    const void* src = part_of(context, symbol, bytes, offset);
    (async ? rt::copy_async : rt::copy)(stream_of(context, stream), dst, src, bytes, to_core(kind));
}

} // namespace

ACC_API cudaError_t cudaGetSymbolAddress(void** pointer, const void* symbol) {
    return guard(__func__, [&] {
        require(pointer, "devPtr");
        *pointer = reinterpret_cast<void*>(variable_of(current(), symbol).va);
    });
}

ACC_API cudaError_t cudaGetSymbolSize(size_t* bytes, const void* symbol) {
    return guard(__func__, [&] {
        require(bytes, "size");
        *bytes = variable_of(current(), symbol).bytes;
    });
}

ACC_API cudaError_t cudaMemcpyToSymbol(const void* symbol, const void* src, size_t bytes,
                                       size_t offset, cudaMemcpyKind kind) {
    return guard(__func__, [&] { to_symbol(symbol, src, bytes, offset, kind, nullptr, false); });
}

ACC_API cudaError_t cudaMemcpyToSymbolAsync(const void* symbol, const void* src, size_t bytes,
                                            size_t offset, cudaMemcpyKind kind,
                                            cudaStream_t stream) {
    return guard(__func__, [&] { to_symbol(symbol, src, bytes, offset, kind, stream, true); });
}

ACC_API cudaError_t cudaMemcpyFromSymbol(void* dst, const void* symbol, size_t bytes, size_t offset,
                                         cudaMemcpyKind kind) {
    return guard(__func__, [&] { from_symbol(dst, symbol, bytes, offset, kind, nullptr, false); });
}

ACC_API cudaError_t cudaMemcpyFromSymbolAsync(void* dst, const void* symbol, size_t bytes,
                                              size_t offset, cudaMemcpyKind kind,
                                              cudaStream_t stream) {
    return guard(__func__, [&] { from_symbol(dst, symbol, bytes, offset, kind, stream, true); });
}
