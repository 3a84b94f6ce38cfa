// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/cuda/memcpy.h"
#include "runtime/cuda/runtime.h"

using namespace acc::cuda;
namespace rt = acc::rt;

namespace acc::cuda {
namespace {

void check_direction(cudaMemcpyKind kind, cudaMemcpyKind with_host) {
    if (kind != with_host && kind != cudaMemcpyDeviceToDevice && kind != cudaMemcpyDefault)
        rt::fail(rt::Status::InvalidMemcpyKind,
                 "copy direction {} does not fit a copy of a variable", static_cast<int>(kind));
}

} // namespace

void* symbol_part(ApiContext& context, const void* symbol, size_t bytes, size_t offset) {
    const rt::Variable variable = variable_of(context, symbol);
    if (offset > variable.bytes || bytes > variable.bytes - offset)
        rt::fail(rt::Status::InvalidValue, "{} bytes at offset {} are not inside the variable's {}",
                 bytes, offset, variable.bytes);
    return reinterpret_cast<void*>(variable.va + offset);
}

void copy_to_symbol(ApiContext& context, rt::Stream& on, const void* symbol, const void* src,
                    size_t bytes, size_t offset, cudaMemcpyKind kind, bool async) {
    check_direction(kind, cudaMemcpyHostToDevice);
    void* dst = symbol_part(context, symbol, bytes, offset);
    (async ? rt::copy_async : rt::copy)(on, dst, src, bytes, to_core(kind));
}

void copy_from_symbol(ApiContext& context, rt::Stream& on, void* dst, const void* symbol,
                      size_t bytes, size_t offset, cudaMemcpyKind kind, bool async) {
    check_direction(kind, cudaMemcpyDeviceToHost);
    const void* src = symbol_part(context, symbol, bytes, offset);
    (async ? rt::copy_async : rt::copy)(on, dst, src, bytes, to_core(kind));
}

} // namespace acc::cuda

namespace {

void to_symbol(const void* symbol, const void* src, size_t bytes, size_t offset,
               cudaMemcpyKind kind, cudaStream_t stream, bool async) {
    ApiContext& context = current();
    copy_to_symbol(context, stream_of(context, stream), symbol, src, bytes, offset, kind, async);
}

void from_symbol(void* dst, const void* symbol, size_t bytes, size_t offset, cudaMemcpyKind kind,
                 cudaStream_t stream, bool async) {
    ApiContext& context = current();
    copy_from_symbol(context, stream_of(context, stream), dst, symbol, bytes, offset, kind, async);
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
