// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Copy and fill nodes.
#include "runtime/cuda/array.h"
#include "runtime/cuda/graphs.h"
#include "runtime/cuda/memcpy.h"
#include "runtime/cuda/memory.h"

namespace acc::cuda {

using rt::fail;
using rt::Status;

namespace {

rt::NodeWhat node_with(std::optional<rt::NodeWhat> what, const rt::node::CopyForm& form) {
    if (!what) what = rt::node::Copy{};
    std::get<rt::node::Copy>(*what).form = form;
    return std::move(*what);
}

rt::node::CopySide side_of(cudaArray_t array, const cudaPos& at, const cudaPitchedPtr& memory) {
    return {array, memory.ptr, memory.pitch, memory.xsize, memory.ysize, at.x, at.y, at.z};
}

/// A row of plain memory.
rt::node::CopySide row_at(const void* memory, size_t bytes) {
    return {nullptr, const_cast<void*>(memory), bytes, bytes, 1, 0, 0, 0};
}

rt::node::CopyForm row(const void* dst, const void* src, size_t bytes, cudaMemcpyKind kind) {
    return {row_at(dst, bytes), row_at(src, bytes), bytes, 1, 1, kind};
}

/// The program's own pointer to one side of a captured copy.
void* program_pointer(ApiContext& context, const rt::Place& place) {
    if (place.va == 0) return place.host;
    const PointerInfo info = describe(context, reinterpret_cast<void*>(place.va));
    return info.known && info.host != nullptr ? info.host : reinterpret_cast<void*>(place.va);
}

cudaMemcpyKind kind_of(const rt::Place& to, const rt::Place& from) {
    if (to.device) return from.device ? cudaMemcpyDeviceToDevice : cudaMemcpyHostToDevice;
    return from.device ? cudaMemcpyDeviceToHost : cudaMemcpyHostToHost;
}

/// What the program could have said to get the captured copy.
rt::node::CopyForm form_of(ApiContext& context, const rt::node::Copy& node) {
    if (node.form) return *node.form;
    if (const auto* copy = std::get_if<rt::work::Copy>(&node.work->what))
        return row(program_pointer(context, copy->to), program_pointer(context, copy->from),
                   copy->bytes, kind_of(copy->to, copy->from));
    const auto& rect = std::get<rt::work::CopyRect>(node.work->what);
    return {{nullptr, program_pointer(context, rect.to), rect.to_pitch, rect.width, rect.to_slice,
             0, 0, 0},
            {nullptr, program_pointer(context, rect.from), rect.from_pitch, rect.width,
             rect.from_slice, 0, 0, 0},
            rect.width,
            rect.height,
            rect.depth,
            kind_of(rect.to, rect.from)};
}

size_t element_of(const void* array) {
    return array != nullptr ? array_of(array).shape.format.bytes() : 1;
}

/// One side as the driver's structure has it; `x` there is in bytes.
template <typename Host>
rt::node::CopySide driver_side(size_t x, size_t y, size_t z, CUmemorytype type, Host* host,
                               CUdeviceptr device, CUarray array, size_t pitch, size_t height,
                               size_t width, size_t rows) {
    if (type == CU_MEMORYTYPE_ARRAY) return {array, nullptr, 0, 0, 0, x / element_of(array), y, z};
    void* memory = type == CU_MEMORYTYPE_HOST ? const_cast<void*>(static_cast<const void*>(host))
                                              : pointer_of(device);
    return {nullptr, memory, pitch != 0 ? pitch : width, width, height != 0 ? height : rows, x,
            y,       z};
}

} // namespace

rt::NodeWhat copy_node(ApiContext& context, const cudaMemcpy3DParms& p) {
    const rt::node::CopyForm form{side_of(p.dstArray, p.dstPos, p.dstPtr),
                                  side_of(p.srcArray, p.srcPos, p.srcPtr),
                                  p.extent.width,
                                  p.extent.height,
                                  p.extent.depth,
                                  p.kind};
    return node_with(recorded(context, [&](rt::Stream& on) { copy_volume(on, p, true); }), form);
}

rt::NodeWhat copy_node(ApiContext& context, const CUDA_MEMCPY3D& p) {
    const auto to = driver_side(p.dstXInBytes, p.dstY, p.dstZ, p.dstMemoryType, p.dstHost,
                                p.dstDevice, p.dstArray, p.dstPitch, p.dstHeight, p.WidthInBytes,
                                p.Height);
    const auto from = driver_side(p.srcXInBytes, p.srcY, p.srcZ, p.srcMemoryType, p.srcHost,
                                  p.srcDevice, p.srcArray, p.srcPitch, p.srcHeight, p.WidthInBytes,
                                  p.Height);
    const size_t element = std::max(element_of(to.array), element_of(from.array));
    const rt::node::CopyForm form{to,       from,    p.WidthInBytes / element,
                                  p.Height, p.Depth, cudaMemcpyDefault};
    return node_with(recorded(context, [&](rt::Stream& on) { copy_volume(on, p, true); }), form);
}

rt::NodeWhat copy_node(ApiContext& context, void* dst, const void* src, size_t bytes,
                       cudaMemcpyKind kind) {
    const rt::CopyKind direction = to_core(kind);
    return node_with(
        recorded(context, [&](rt::Stream& on) { rt::copy_async(on, dst, src, bytes, direction); }),
        row(dst, src, bytes, kind));
}

rt::NodeWhat to_symbol_node(ApiContext& context, const void* symbol, const void* src, size_t bytes,
                            size_t offset, cudaMemcpyKind kind) {
    return node_with(recorded(context,
                              [&](rt::Stream& on) {
                                  copy_to_symbol(context, on, symbol, src, bytes, offset, kind,
                                                 true);
                              }),
                     row(symbol_part(context, symbol, bytes, offset), src, bytes, kind));
}

rt::NodeWhat from_symbol_node(ApiContext& context, void* dst, const void* symbol, size_t bytes,
                              size_t offset, cudaMemcpyKind kind) {
    return node_with(recorded(context,
                              [&](rt::Stream& on) {
                                  copy_from_symbol(context, on, dst, symbol, bytes, offset, kind,
                                                   true);
                              }),
                     row(dst, symbol_part(context, symbol, bytes, offset), bytes, kind));
}

cudaMemcpy3DParms params_of(ApiContext& context, const rt::node::Copy& copy) {
    const rt::node::CopyForm form = form_of(context, copy);
    const auto array = [](const rt::node::CopySide& side) {
        return static_cast<cudaArray_t>(const_cast<void*>(side.array));
    };
    const auto position = [](const rt::node::CopySide& side) {
        return cudaPos{side.x, side.y, side.z};
    };
    const auto memory = [](const rt::node::CopySide& side) {
        return cudaPitchedPtr{side.memory, side.pitch, side.row_bytes, side.rows};
    };
    return {array(form.from),
            position(form.from),
            memory(form.from),
            array(form.to),
            position(form.to),
            memory(form.to),
            {form.width, form.height, form.depth},
            static_cast<cudaMemcpyKind>(form.kind)};
}

CUDA_MEMCPY3D driver_params_of(ApiContext& context, const rt::node::Copy& copy) {
    const rt::node::CopyForm form = form_of(context, copy);
    CUDA_MEMCPY3D p{};
    const auto type = [&](const rt::node::CopySide& side) {
        if (side.array != nullptr) return CU_MEMORYTYPE_ARRAY;
        const PointerInfo info = describe(context, side.memory);
        return info.known && info.kind != rt::MemoryKind::Pinned ? CU_MEMORYTYPE_DEVICE
                                                                 : CU_MEMORYTYPE_HOST;
    };
    const auto array = [](const rt::node::CopySide& side) {
        return static_cast<CUarray>(const_cast<void*>(side.array));
    };
    p.srcMemoryType = type(form.from);
    p.srcXInBytes = form.from.x * element_of(form.from.array);
    p.srcY = form.from.y;
    p.srcZ = form.from.z;
    p.srcArray = array(form.from);
    if (p.srcMemoryType == CU_MEMORYTYPE_HOST) p.srcHost = form.from.memory;
    if (p.srcMemoryType == CU_MEMORYTYPE_DEVICE)
        p.srcDevice = reinterpret_cast<CUdeviceptr>(form.from.memory);
    p.srcPitch = form.from.pitch;
    p.srcHeight = form.from.rows;
    p.dstMemoryType = type(form.to);
    p.dstXInBytes = form.to.x * element_of(form.to.array);
    p.dstY = form.to.y;
    p.dstZ = form.to.z;
    p.dstArray = array(form.to);
    if (p.dstMemoryType == CU_MEMORYTYPE_HOST) p.dstHost = form.to.memory;
    if (p.dstMemoryType == CU_MEMORYTYPE_DEVICE)
        p.dstDevice = reinterpret_cast<CUdeviceptr>(form.to.memory);
    p.dstPitch = form.to.pitch;
    p.dstHeight = form.to.rows;
    p.WidthInBytes = form.width * std::max(element_of(form.to.array), element_of(form.from.array));
    p.Height = form.height;
    p.Depth = form.depth;
    return p;
}

rt::NodeWhat fill_node(ApiContext& context, const cudaMemsetParams& params) {
    const unsigned element = params.elementSize;
    if (element != 1 && element != 2 && element != 4)
        fail(Status::InvalidValue, "a fill with elements of {} bytes (1, 2 or 4)", element);
    size_t width = 0;
    if (__builtin_mul_overflow(params.width, size_t{element}, &width))
        fail(Status::InvalidValue, "a fill of {} elements of {} bytes", params.width, element);
    const uint64_t mask = (uint64_t{1} << 8 * element) - 1;
    auto what = recorded(context, [&](rt::Stream& on) {
        rt::fill(on, params.dst, static_cast<uint32_t>(params.value & mask), element, width,
                 params.height, params.height > 1 ? params.pitch : width, true);
    });
    if (!what) what = rt::node::Fill{};
    auto& fill = std::get<rt::node::Fill>(*what);
    fill.memory = params.dst;
    return std::move(*what);
}

cudaMemsetParams params_of(const rt::node::Fill& fill) {
    if (!fill.work) return {fill.memory, 0, 0, 1, 0, 0};
    const rt::work::Fill& work = *fill.work;
    return {
        fill.memory, work.pitch, work.value, work.element_bytes, work.width / work.element_bytes,
        work.height};
}

} // namespace acc::cuda

using namespace acc::cuda;
namespace rt = acc::rt;

namespace {

/// Adds the node that `make` makes for the graph's context.
template <typename F>
cudaError_t add(const char* function, cudaGraphNode_t* node, cudaGraph_t handle,
                const cudaGraphNode_t* before, size_t count, F&& make) {
    return graph_guard(function, [&] {
        require(node, "pGraphNode");
        rt::Graph& graph = graph_of(handle);
        *node = add_node(graph, before, nullptr, count, make(home_of(graph)));
    });
}

template <typename T, typename F>
cudaError_t set(const char* function, cudaGraphNode_t node, F&& make) {
    return graph_guard(function, [&] {
        node_as<T>(node);
        set_what(node_of(node), make(home_of(node_of(node).graph)));
    });
}

template <typename T, typename F>
cudaError_t set_in(const char* function, cudaGraphExec_t handle, cudaGraphNode_t node, F&& make) {
    return exec_guard(function, handle, [&] {
        rt::GraphExec& exec = exec_of(handle);
        rt::GraphNode& own = own_node_as<T>(exec, node);
        set_exec(exec, own, make(home_of(exec.graph())));
    });
}

} // namespace

ACC_API cudaError_t cudaGraphAddMemcpyNode(cudaGraphNode_t* node, cudaGraph_t graph,
                                           const cudaGraphNode_t* before, size_t count,
                                           const cudaMemcpy3DParms* params) {
    return add(__func__, node, graph, before, count, [&](ApiContext& context) {
        require(params, "pCopyParams");
        return copy_node(context, *params);
    });
}

ACC_API cudaError_t cudaGraphAddMemcpyNode1D(cudaGraphNode_t* node, cudaGraph_t graph,
                                             const cudaGraphNode_t* before, size_t count, void* dst,
                                             const void* src, size_t bytes, cudaMemcpyKind kind) {
    return add(__func__, node, graph, before, count,
               [&](ApiContext& context) { return copy_node(context, dst, src, bytes, kind); });
}

ACC_API cudaError_t cudaGraphAddMemcpyNodeToSymbol(cudaGraphNode_t* node, cudaGraph_t graph,
                                                   const cudaGraphNode_t* before, size_t count,
                                                   const void* symbol, const void* src,
                                                   size_t bytes, size_t offset,
                                                   cudaMemcpyKind kind) {
    return add(__func__, node, graph, before, count, [&](ApiContext& context) {
        return to_symbol_node(context, symbol, src, bytes, offset, kind);
    });
}

ACC_API cudaError_t cudaGraphAddMemcpyNodeFromSymbol(cudaGraphNode_t* node, cudaGraph_t graph,
                                                     const cudaGraphNode_t* before, size_t count,
                                                     void* dst, const void* symbol, size_t bytes,
                                                     size_t offset, cudaMemcpyKind kind) {
    return add(__func__, node, graph, before, count, [&](ApiContext& context) {
        return from_symbol_node(context, dst, symbol, bytes, offset, kind);
    });
}

ACC_API cudaError_t cudaGraphMemcpyNodeGetParams(cudaGraphNode_t node, cudaMemcpy3DParms* params) {
    return graph_guard(__func__, [&] {
        require(params, "pNodeParams");
        *params = params_of(home_of(node_of(node).graph), node_as<rt::node::Copy>(node));
    });
}

ACC_API cudaError_t cudaGraphMemcpyNodeSetParams(cudaGraphNode_t node,
                                                 const cudaMemcpy3DParms* params) {
    return set<rt::node::Copy>(__func__, node, [&](ApiContext& context) {
        require(params, "pNodeParams");
        return copy_node(context, *params);
    });
}

ACC_API cudaError_t cudaGraphMemcpyNodeSetParams1D(cudaGraphNode_t node, void* dst, const void* src,
                                                   size_t bytes, cudaMemcpyKind kind) {
    return set<rt::node::Copy>(__func__, node, [&](ApiContext& context) {
        return copy_node(context, dst, src, bytes, kind);
    });
}

ACC_API cudaError_t cudaGraphMemcpyNodeSetParamsToSymbol(cudaGraphNode_t node, const void* symbol,
                                                         const void* src, size_t bytes,
                                                         size_t offset, cudaMemcpyKind kind) {
    return set<rt::node::Copy>(__func__, node, [&](ApiContext& context) {
        return to_symbol_node(context, symbol, src, bytes, offset, kind);
    });
}

ACC_API cudaError_t cudaGraphMemcpyNodeSetParamsFromSymbol(cudaGraphNode_t node, void* dst,
                                                           const void* symbol, size_t bytes,
                                                           size_t offset, cudaMemcpyKind kind) {
    return set<rt::node::Copy>(__func__, node, [&](ApiContext& context) {
        return from_symbol_node(context, dst, symbol, bytes, offset, kind);
    });
}

ACC_API cudaError_t cudaGraphExecMemcpyNodeSetParams(cudaGraphExec_t exec, cudaGraphNode_t node,
                                                     const cudaMemcpy3DParms* params) {
    return set_in<rt::node::Copy>(__func__, exec, node, [&](ApiContext& context) {
        require(params, "pNodeParams");
        return copy_node(context, *params);
    });
}

ACC_API cudaError_t cudaGraphExecMemcpyNodeSetParams1D(cudaGraphExec_t exec, cudaGraphNode_t node,
                                                       void* dst, const void* src, size_t bytes,
                                                       cudaMemcpyKind kind) {
    return set_in<rt::node::Copy>(__func__, exec, node, [&](ApiContext& context) {
        return copy_node(context, dst, src, bytes, kind);
    });
}

ACC_API cudaError_t cudaGraphExecMemcpyNodeSetParamsToSymbol(cudaGraphExec_t exec,
                                                             cudaGraphNode_t node,
                                                             const void* symbol, const void* src,
                                                             size_t bytes, size_t offset,
                                                             cudaMemcpyKind kind) {
    return set_in<rt::node::Copy>(__func__, exec, node, [&](ApiContext& context) {
        return to_symbol_node(context, symbol, src, bytes, offset, kind);
    });
}

ACC_API cudaError_t cudaGraphExecMemcpyNodeSetParamsFromSymbol(cudaGraphExec_t exec,
                                                               cudaGraphNode_t node, void* dst,
                                                               const void* symbol, size_t bytes,
                                                               size_t offset, cudaMemcpyKind kind) {
    return set_in<rt::node::Copy>(__func__, exec, node, [&](ApiContext& context) {
        return from_symbol_node(context, dst, symbol, bytes, offset, kind);
    });
}

ACC_API cudaError_t cudaGraphAddMemsetNode(cudaGraphNode_t* node, cudaGraph_t graph,
                                           const cudaGraphNode_t* before, size_t count,
                                           const cudaMemsetParams* params) {
    return add(__func__, node, graph, before, count, [&](ApiContext& context) {
        require(params, "pMemsetParams");
        return fill_node(context, *params);
    });
}

ACC_API cudaError_t cudaGraphMemsetNodeGetParams(cudaGraphNode_t node, cudaMemsetParams* params) {
    return graph_guard(__func__, [&] {
        require(params, "pNodeParams");
        *params = params_of(node_as<rt::node::Fill>(node));
    });
}

ACC_API cudaError_t cudaGraphMemsetNodeSetParams(cudaGraphNode_t node,
                                                 const cudaMemsetParams* params) {
    return set<rt::node::Fill>(__func__, node, [&](ApiContext& context) {
        require(params, "pNodeParams");
        return fill_node(context, *params);
    });
}

ACC_API cudaError_t cudaGraphExecMemsetNodeSetParams(cudaGraphExec_t exec, cudaGraphNode_t node,
                                                     const cudaMemsetParams* params) {
    return set_in<rt::node::Fill>(__func__, exec, node, [&](ApiContext& context) {
        require(params, "pNodeParams");
        return fill_node(context, *params);
    });
}
