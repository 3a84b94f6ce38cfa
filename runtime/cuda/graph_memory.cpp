// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Memory that graphs allocate and free.
#include "runtime/core/graph_memory.h"

#include <unordered_set>

#include "runtime/cuda/graphs.h"
#include "runtime/cuda/memory.h"

namespace acc::cuda {

using rt::fail;
using rt::Status;

namespace {

/// How many nodes are looked at for memory that the graph has freed before.
constexpr size_t kMostVisited = 256;

/// Memory that the graph frees before a node with these dependencies: its addresses serve again.
std::shared_ptr<rt::GraphBlock> freed_before(const rt::Graph& graph,
                                             std::span<const rt::GraphEdge> before, size_t bytes) {
    std::vector<const rt::GraphNode*> next;
    std::unordered_set<const rt::GraphNode*> seen;
    for (const rt::GraphEdge& edge : before)
        next.push_back(edge.node);
    for (size_t i = 0; i < next.size() && i < kMostVisited; ++i) {
        const auto* freed = next[i]->as<rt::node::Free>();
        if (freed != nullptr && freed->block->allocated_by == graph.id() &&
            freed->block->freed_there && freed->block->freed_by == next[i]->id && // else a branch
                                                                                  // beside it has
                                                                                  // the addresses
            freed->block->bytes() >= bytes && freed->block->bytes() / 2 <= bytes)
            return freed->block;
        for (const rt::GraphEdge& edge : next[i]->before)
            if (seen.insert(edge.node).second) next.push_back(edge.node);
    }
    return nullptr;
}

void check_pool(ApiContext& context, const cudaMemPoolProps& props) {
    if (props.allocType != cudaMemAllocationTypePinned ||
        props.location.type != cudaMemLocationTypeDevice)
        fail(Status::InvalidValue, "a graph allocates device memory only");
    Runtime::get().device(props.location.id);
    if (props.location.id != context.core.device())
        fail(Status::NotSupported, "a graph allocates memory of its own device only");
    if (props.handleTypes != cudaMemHandleTypeNone)
        fail(Status::NotSupported, "memory of a graph cannot be shared with other processes");
}

} // namespace

rt::NodeWhat alloc_node(rt::Graph& graph, std::span<const rt::GraphEdge> before,
                        const cudaMemAllocNodeParams& params) {
    ApiContext& context = home_of(graph);
    check_pool(context, params.poolProps);
    if (params.bytesize == 0) fail(Status::InvalidValue, "an allocation of 0 bytes");
    if (params.accessDescCount != 0) require(params.accessDescs, "accessDescs");
    for (size_t i = 0; i < params.accessDescCount; ++i)
        Runtime::get().device(params.accessDescs[i].location.id);
    if (graph.owner != nullptr)
        fail(Status::NotSupported, "a graph inside of a node cannot allocate memory");
    auto block = freed_before(graph, before, params.bytesize);
    if (!block) block = context.core.graph_memory().reserve(params.bytesize);
    block->allocated_by = graph.id();
    block->freed_there = false;
    return rt::node::Alloc{std::move(block), params.bytesize};
}

cudaMemAllocNodeParams params_of(ApiContext& context, const rt::node::Alloc& alloc) {
    cudaMemAllocNodeParams params{};
    params.poolProps.allocType = cudaMemAllocationTypePinned;
    params.poolProps.location = {cudaMemLocationTypeDevice, context.core.device()};
    params.bytesize = alloc.bytes;
    params.dptr = reinterpret_cast<void*>(alloc.block->va());
    return params;
}

rt::NodeWhat free_node(rt::Graph& graph, uint64_t address) {
    auto block = home_of(graph).core.graph_memory().find(address);
    if (!block) fail(Status::InvalidValue, "{:#x} is no allocation of a graph", address);
    if (graph.owner != nullptr)
        fail(Status::NotSupported, "a graph inside of a node cannot free memory");
    const bool own = block->allocated_by == graph.id();
    if (block->freed_there || (own && block->freed_elsewhere))
        fail(Status::InvalidValue, "a graph frees the allocation at {:#x} already", address);
    (own ? block->freed_there : block->freed_elsewhere) = true;
    return rt::node::Free{address, std::move(block)};
}

void freed(rt::GraphNode& node) {
    node.as<rt::node::Free>()->block->freed_by = node.id;
}

void* allocate_in_capture(ApiContext& context, rt::CaptureMember& member, size_t bytes) {
    std::lock_guard lock(rt::graphs_mutex());
    cudaMemAllocNodeParams params{};
    params.poolProps.allocType = cudaMemAllocationTypePinned;
    params.poolProps.location = {cudaMemLocationTypeDevice, context.core.device()};
    params.bytesize = bytes;
    rt::GraphNode& node = member.add(alloc_node(member.of().graph(), member.tail(), params));
    return reinterpret_cast<void*>(node.as<rt::node::Alloc>()->block->va());
}

void free_in_capture(rt::CaptureMember& member, void* pointer) {
    std::lock_guard lock(rt::graphs_mutex());
    try {
        member.of().check();
        freed(member.add(free_node(member.of().graph(), reinterpret_cast<uint64_t>(pointer))));
    } catch (const rt::Error&) {
        member.of().invalidate();
        throw;
    }
}

bool free_graph_memory(ApiContext& context, void* pointer, rt::Stream* stream) {
    rt::GraphMemory& memory = context.core.graph_memory();
    const auto block = memory.find(reinterpret_cast<uint64_t>(pointer));
    if (!block) return false;
    if (block->freed_there)
        fail(Status::InvalidValue, "the graph that allocates {} frees it", pointer);
    if (!memory.in_use(*block))
        fail(Status::InvalidValue, "the graph's memory at {} is not allocated", pointer);
    memory.release(block, stream != nullptr ? rt::Point{stream->shared_queue(), stream->mark()}
                                            : rt::Point{});
    return true;
}

namespace {

rt::GraphMemory& memory_of(int device) {
    return Runtime::get().open(Runtime::get().device(device).primary).core.graph_memory();
}

} // namespace

void get_graph_memory(int device, int attribute, void* value) {
    require(value, "value");
    rt::GraphMemory& memory = memory_of(device);
    uint64_t bytes = 0;
    switch (attribute) {
    case cudaGraphMemAttrUsedMemHigh: bytes = memory.used_high(); break;
    case cudaGraphMemAttrUsedMemCurrent:
    case cudaGraphMemAttrReservedMemCurrent: bytes = memory.bytes(); break;
    case cudaGraphMemAttrReservedMemHigh: bytes = memory.reserved_high(); break;
    default: fail(Status::InvalidValue, "graph memory attribute {} does not exist", attribute);
    }
    std::memcpy(value, &bytes, sizeof bytes);
}

void set_graph_memory(int device, int attribute, const void* value) {
    require(value, "value");
    rt::GraphMemory& memory = memory_of(device);
    uint64_t wanted = 0;
    std::memcpy(&wanted, value, sizeof wanted);
    const bool high = attribute == cudaGraphMemAttrUsedMemHigh ||
                      attribute == cudaGraphMemAttrReservedMemHigh;
    if (!high || wanted != 0)
        fail(Status::InvalidValue, "only the high watermarks can be set, and only to 0");
    attribute == cudaGraphMemAttrUsedMemHigh ? memory.reset_used_high()
                                             : memory.reset_reserved_high();
}

void trim_graph_memory(int device) {
    memory_of(device).trim();
}

} // namespace acc::cuda

using namespace acc::cuda;
namespace rt = acc::rt;

ACC_API cudaError_t cudaGraphAddMemAllocNode(cudaGraphNode_t* node, cudaGraph_t handle,
                                             const cudaGraphNode_t* before, size_t count,
                                             cudaMemAllocNodeParams* params) {
    return graph_guard(__func__, [&] {
        require(node, "pGraphNode");
        require(params, "nodeParams");
        rt::Graph& graph = graph_of(handle);
        const auto edges = edges_of(before, nullptr, count);
        graph.check(edges);
        rt::GraphNode& made = graph.add(alloc_node(graph, edges, *params), edges);
        params->dptr = reinterpret_cast<void*>(made.as<rt::node::Alloc>()->block->va());
        *node = handle_of(made);
    });
}

ACC_API cudaError_t cudaGraphMemAllocNodeGetParams(cudaGraphNode_t node,
                                                   cudaMemAllocNodeParams* params) {
    return graph_guard(__func__, [&] {
        require(params, "params_out");
        *params = params_of(home_of(node_of(node).graph), node_as<rt::node::Alloc>(node));
    });
}

ACC_API cudaError_t cudaGraphAddMemFreeNode(cudaGraphNode_t* node, cudaGraph_t handle,
                                            const cudaGraphNode_t* before, size_t count,
                                            void* pointer) {
    return graph_guard(__func__, [&] {
        require(node, "pGraphNode");
        rt::Graph& graph = graph_of(handle);
        const auto edges = edges_of(before, nullptr, count);
        graph.check(edges);
        rt::GraphNode& made = graph.add(free_node(graph, reinterpret_cast<uint64_t>(pointer)),
                                        edges);
        freed(made);
        *node = handle_of(made);
    });
}

ACC_API cudaError_t cudaGraphMemFreeNodeGetParams(cudaGraphNode_t node, void* pointer) {
    return graph_guard(__func__, [&] {
        require(pointer, "dptr_out");
        const uint64_t address = node_as<rt::node::Free>(node).address;
        std::memcpy(pointer, &address, sizeof address);
    });
}

ACC_API cudaError_t cudaDeviceGraphMemTrim(int device) {
    return guard(__func__, [&] { trim_graph_memory(device); });
}

ACC_API cudaError_t cudaDeviceGetGraphMemAttribute(int device, cudaGraphMemAttributeType attribute,
                                                   void* value) {
    return guard(__func__, [&] { get_graph_memory(device, attribute, value); });
}

ACC_API cudaError_t cudaDeviceSetGraphMemAttribute(int device, cudaGraphMemAttributeType attribute,
                                                   void* value) {
    return guard(__func__, [&] { set_graph_memory(device, attribute, value); });
}
