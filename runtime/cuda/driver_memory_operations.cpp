// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Waits for values in memory and writes of them, in stream order.
#include "runtime/core/copy.h"
#include "runtime/cuda/graphs.h"

namespace acc::cuda {

using rt::fail;
using rt::Status;

namespace {

uint32_t condition_of(unsigned flags) {
    if ((flags & CU_STREAM_WAIT_VALUE_FLUSH) != 0)
        fail(Status::NotSupported, "flushing remote writes after a wait is not supported");
    switch (flags) {
    case CU_STREAM_WAIT_VALUE_GEQ: return ACC_WAIT_GEQ;
    case CU_STREAM_WAIT_VALUE_EQ: return ACC_WAIT_EQ;
    case CU_STREAM_WAIT_VALUE_AND: return ACC_WAIT_AND;
    case CU_STREAM_WAIT_VALUE_NOR: return ACC_WAIT_NOR;
    default: fail(Status::InvalidValue, "wait flags {:#x} do not exist", flags);
    }
}

void check_word(rt::Context& context, CUdeviceptr address, uint32_t bytes) {
    if (address % bytes != 0)
        fail(Status::InvalidValue, "{:#x} is not a multiple of {}", address, bytes);
    rt::check_device_range(context, pointer_of(address), bytes);
}

rt::Work wait_work(rt::Context& context, CUdeviceptr address, uint64_t value, unsigned flags,
                   uint32_t bytes) {
    const uint32_t condition = condition_of(flags);
    check_word(context, address, bytes);
    return {rt::work::Wait{address, value, condition, bytes}};
}

/// By default a write comes after all writes before it, which packets do anyway.
rt::Work write_work(rt::Context& context, CUdeviceptr address, uint64_t value, unsigned flags,
                    uint32_t bytes) {
    check_flags(flags, CU_STREAM_WRITE_VALUE_NO_MEMORY_BARRIER, "a write of a value");
    check_word(context, address, bytes);
    return {rt::work::Signal{address, value, bytes}};
}

rt::Work work_of(rt::Context& context, const CUstreamBatchMemOpParams& p) {
    switch (p.operation) {
    case CU_STREAM_MEM_OP_WAIT_VALUE_32:
        return wait_work(context, p.waitValue.address, p.waitValue.value, p.waitValue.flags, 4);
    case CU_STREAM_MEM_OP_WAIT_VALUE_64:
        return wait_work(context, p.waitValue.address, p.waitValue.value64, p.waitValue.flags, 8);
    case CU_STREAM_MEM_OP_WRITE_VALUE_32:
        return write_work(context, p.writeValue.address, p.writeValue.value, p.writeValue.flags, 4);
    case CU_STREAM_MEM_OP_WRITE_VALUE_64:
        return write_work(context, p.writeValue.address, p.writeValue.value64, p.writeValue.flags,
                          8);
    case CU_STREAM_MEM_OP_BARRIER: return {rt::work::Barrier{}};
    case CU_STREAM_MEM_OP_FLUSH_REMOTE_WRITES:
        fail(Status::NotSupported, "flushing remote writes is not supported");
    default:
        fail(Status::InvalidValue, "memory operation {} does not exist",
             static_cast<int>(p.operation));
    }
}

/// More than CUDA takes in a batch.
constexpr unsigned kMostOperations = 256;

void submit(CUstream stream, const CUstreamBatchMemOpParams* params, unsigned count) {
    rt::Stream& on = find_stream(driver_current(), stream);
    on.submit(memory_operations(on.context(), params, count));
}

void submit(CUstream stream, CUstreamBatchMemOpType type, CUdeviceptr address, uint64_t value,
            unsigned flags) {
    CUstreamBatchMemOpParams p{};
    p.waitValue.operation = type; // writes have the same members
    p.waitValue.address = address;
    p.waitValue.value64 = value;
    p.waitValue.flags = flags;
    submit(stream, &p, 1);
}

} // namespace

std::vector<rt::Work> memory_operations(rt::Context& context,
                                        const CUstreamBatchMemOpParams* params, unsigned count) {
    require(params, "paramArray");
    if (count == 0 || count > kMostOperations)
        fail(Status::InvalidValue, "{} memory operations in a batch; 1 to {} are possible", count,
             kMostOperations);
    std::vector<rt::Work> works;
    for (unsigned i = 0; i < count; ++i)
        works.push_back(work_of(context, params[i]));
    return works;
}

} // namespace acc::cuda

using namespace acc::cuda;

ACC_API CUresult cuStreamWaitValue32_v2(CUstream stream, CUdeviceptr address, cuuint32_t value,
                                        unsigned flags) {
    return driver_guard(
        __func__, [&] { submit(stream, CU_STREAM_MEM_OP_WAIT_VALUE_32, address, value, flags); });
}

ACC_API CUresult cuStreamWaitValue64_v2(CUstream stream, CUdeviceptr address, cuuint64_t value,
                                        unsigned flags) {
    return driver_guard(
        __func__, [&] { submit(stream, CU_STREAM_MEM_OP_WAIT_VALUE_64, address, value, flags); });
}

ACC_API CUresult cuStreamWriteValue32_v2(CUstream stream, CUdeviceptr address, cuuint32_t value,
                                         unsigned flags) {
    return driver_guard(
        __func__, [&] { submit(stream, CU_STREAM_MEM_OP_WRITE_VALUE_32, address, value, flags); });
}

ACC_API CUresult cuStreamWriteValue64_v2(CUstream stream, CUdeviceptr address, cuuint64_t value,
                                         unsigned flags) {
    return driver_guard(
        __func__, [&] { submit(stream, CU_STREAM_MEM_OP_WRITE_VALUE_64, address, value, flags); });
}

ACC_API CUresult cuStreamBatchMemOp_v2(CUstream stream, unsigned count,
                                       CUstreamBatchMemOpParams* params, unsigned flags) {
    return driver_guard(__func__, [&] {
        check_flags(flags, 0, "a batch of memory operations");
        submit(stream, params, count);
    });
}
