// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Graphs as both APIs do them. Handles of graphs, nodes and executable graphs are the same in
// both; so are edge data and the numbers of node types. What is wrong with a handle or an argument
// is an invalid value, as documented.
#pragma once

#include <cstring>
#include <mutex>
#include <optional>
#include <span>
#include <vector>

#include "runtime/core/capture.h"
#include "runtime/core/graph_conditional.h"
#include "runtime/core/graph_exec.h"
#include "runtime/cuda/driver.h"
#include "runtime/cuda/runtime.h"

namespace acc::cuda {

rt::GraphExec& exec_of(cudaGraphExec_t exec);

/// The edges of both APIs, with the lock of graphs held.
template <typename F>
cudaError_t graph_guard(const char* function, F&& body) noexcept {
    return guard(function, [&] {
        std::lock_guard lock(rt::graphs_mutex());
        return body();
    });
}
/// As above for what concerns an executable graph, whose lock goes first.
template <typename F>
cudaError_t exec_guard(const char* function, cudaGraphExec_t exec, F&& body) noexcept {
    return guard(function, [&] {
        std::lock_guard exec_lock(exec_of(exec).mutex());
        std::lock_guard lock(rt::graphs_mutex());
        return body();
    });
}
template <typename F>
CUresult driver_exec_guard(const char* function, cudaGraphExec_t exec, F&& body) noexcept {
    return driver_guard(function, [&] {
        std::lock_guard exec_lock(exec_of(exec).mutex());
        std::lock_guard lock(rt::graphs_mutex());
        return body();
    });
}
template <typename F>
CUresult driver_graph_guard(const char* function, F&& body) noexcept {
    return driver_guard(function, [&] {
        std::lock_guard lock(rt::graphs_mutex());
        return body();
    });
}

rt::Graph& graph_of(cudaGraph_t graph);
rt::GraphNode& node_of(cudaGraphNode_t node);
/// The context that they belong to.
ApiContext& home_of(const rt::Graph& graph);
/// Handles go with the graph.
cudaGraph_t handle_of(rt::Graph& graph);
cudaGraphNode_t handle_of(rt::GraphNode& node);

template <typename T>
T& node_as(cudaGraphNode_t handle) {
    T* what = node_of(handle).as<T>();
    if (what == nullptr) rt::fail(rt::Status::InvalidValue, "the node is of another type");
    return *what;
}

/// CUDA's number of the node's type.
int type_of(const rt::NodeWhat& what);
const char* name_of_type(int type);

// ---- structure (graph.cpp)

void create_graph(ApiContext& context, cudaGraph_t* graph, unsigned flags);
void destroy_graph(cudaGraph_t graph);
void clone_graph(cudaGraph_t* clone, cudaGraph_t original);
void find_in_clone(cudaGraphNode_t* node, cudaGraphNode_t original, cudaGraph_t clone);
void list_nodes(cudaGraph_t graph, cudaGraphNode_t* nodes, size_t* count, bool roots);
/// `data` null: throws Error(LossyQuery) when there is some.
void list_edges(cudaGraph_t graph, cudaGraphNode_t* from, cudaGraphNode_t* to,
                cudaGraphEdgeData* data, size_t* count);
void list_neighbours(cudaGraphNode_t node, cudaGraphNode_t* nodes, cudaGraphEdgeData* data,
                     size_t* count, bool after);
void add_dependencies(cudaGraph_t graph, const cudaGraphNode_t* from, const cudaGraphNode_t* to,
                      const cudaGraphEdgeData* data, size_t count);
void remove_dependencies(cudaGraph_t graph, const cudaGraphNode_t* from, const cudaGraphNode_t* to,
                         const cudaGraphEdgeData* data, size_t count);
void destroy_node(cudaGraphNode_t node);
void print_dot(cudaGraph_t graph, const char* path, unsigned flags);

inline rt::EdgeData to_core(const cudaGraphEdgeData& data) {
    rt::EdgeData core;
    static_assert(sizeof core == sizeof data);
    std::memcpy(&core, &data, sizeof core);
    return core;
}
inline cudaGraphEdgeData from_core(const rt::EdgeData& data) {
    cudaGraphEdgeData api;
    std::memcpy(&api, &data, sizeof api);
    return api;
}
/// Throws Error(InvalidValue) for types and ports that do not exist.
std::vector<rt::GraphEdge> edges_of(const cudaGraphNode_t* nodes, const cudaGraphEdgeData* data,
                                    size_t count);

// ---- nodes (graph_nodes.cpp, graph_copies.cpp, graph_memory.cpp)

/// Adds a node to a graph of the program's.
cudaGraphNode_t add_node(rt::Graph& graph, const cudaGraphNode_t* before,
                         const cudaGraphEdgeData* data, size_t count, rt::NodeWhat what);

/// The node that does what `f` does to a stream; nothing when it does nothing.
template <typename F>
std::optional<rt::NodeWhat> recorded(ApiContext& context, F&& f) {
    rt::NodeRecorder recorder;
    rt::Stream scratch(context.core, rt::StreamKind::NonBlocking, 0,
                       context.core.legacy_stream().shared_queue(), 0);
    scratch.record_to(recorder);
    f(scratch);
    if (recorder.nodes().empty()) return std::nullopt;
    return recorder.nodes().front();
}

/// `like`: the node whose attributes it keeps, null for none.
rt::NodeWhat kernel_node(ApiContext& context, const cudaKernelNodeParams& params,
                         const rt::node::Kernel* like);
rt::NodeWhat kernel_node(ApiContext& context, const CUDA_KERNEL_NODE_PARAMS& params,
                         const rt::node::Kernel* like);
void get_params(cudaGraphNode_t node, cudaKernelNodeParams& params);
void get_params(cudaGraphNode_t node, CUDA_KERNEL_NODE_PARAMS& params);
void set_attribute(rt::GraphNode& node, int id, const cudaLaunchAttributeValue& value);
void get_attribute(const rt::node::Kernel& kernel, int id, cudaLaunchAttributeValue& value);
void copy_attributes(rt::GraphNode& to, const rt::node::Kernel& from);

rt::NodeWhat copy_node(ApiContext& context, const cudaMemcpy3DParms& params);
rt::NodeWhat copy_node(ApiContext& context, const CUDA_MEMCPY3D& params);
rt::NodeWhat copy_node(ApiContext& context, void* dst, const void* src, size_t bytes,
                       cudaMemcpyKind kind);
rt::NodeWhat to_symbol_node(ApiContext& context, const void* symbol, const void* src, size_t bytes,
                            size_t offset, cudaMemcpyKind kind);
rt::NodeWhat from_symbol_node(ApiContext& context, void* dst, const void* symbol, size_t bytes,
                              size_t offset, cudaMemcpyKind kind);
cudaMemcpy3DParms params_of(ApiContext& context, const rt::node::Copy& copy);
CUDA_MEMCPY3D driver_params_of(ApiContext& context, const rt::node::Copy& copy);

rt::NodeWhat fill_node(ApiContext& context, const cudaMemsetParams& params);
cudaMemsetParams params_of(const rt::node::Fill& fill);

rt::NodeWhat host_node(cudaHostFn_t function, void* data);
rt::NodeWhat child_node(rt::Graph& graph);
std::shared_ptr<rt::Event> shared_event(ApiContext& context, cudaEvent_t event);
/// Throws Error(InvalidHandle) when it was destroyed.
cudaEvent_t handle_of(const std::shared_ptr<rt::Event>& event);

/// The address is in the node. Throws Error(InvalidValue, NotSupported, OutOfMemory).
rt::NodeWhat alloc_node(rt::Graph& graph, std::span<const rt::GraphEdge> before,
                        const cudaMemAllocNodeParams& params);
cudaMemAllocNodeParams params_of(ApiContext& context, const rt::node::Alloc& alloc);
rt::NodeWhat free_node(rt::Graph& graph, uint64_t address);
/// That node is in its graph now.
void freed(rt::GraphNode& node);
/// A conditional node with bodies of its own.
rt::NodeWhat conditional_node(rt::Graph& graph, const cudaConditionalNodeParams& params);
/// The handles of a conditional node's bodies, an array that lives as long as the node.
cudaGraph_t* body_handles(rt::GraphNode& node);
void create_conditional(cudaGraph_t graph, cudaGraphConditionalHandle* handle, unsigned initial,
                        unsigned flags);

/// Waits and writes, by their descriptions. Throws Error(InvalidValue, NotSupported).
std::vector<rt::Work> memory_operations(rt::Context& context,
                                        const CUstreamBatchMemOpParams* params, unsigned count);

/// Any type, as cudaGraphAddNode and cuGraphAddNode have it; out parameters are written after
/// the node is there.
cudaGraphNode_t add_any(rt::Graph& graph, const cudaGraphNode_t* before,
                        const cudaGraphEdgeData* data, size_t count, cudaGraphNodeParams& params);
cudaGraphNode_t add_any(rt::Graph& graph, const cudaGraphNode_t* before,
                        const cudaGraphEdgeData* data, size_t count, CUgraphNodeParams& params);
/// What SetParams makes of a node. Throws Error(NotSupported) for types that cannot be changed.
rt::NodeWhat any_node(rt::GraphNode& node, const cudaGraphNodeParams& params);
rt::NodeWhat any_node(rt::GraphNode& node, const CUgraphNodeParams& params);

/// The node does that from now on; the type stays.
void set_what(rt::GraphNode& node, rt::NodeWhat what);

// ---- executable graphs (graph_exec.cpp)

struct Instantiated {
    int result = cudaGraphInstantiateSuccess; ///< cudaGraphInstantiateResult
    rt::GraphNode* node = nullptr;            ///< that it is about
};
/// Throws Error(InvalidValue, NotSupported); `told` says more.
cudaGraphExec_t instantiate(cudaGraph_t graph, unsigned long long flags, unsigned long long known,
                            Instantiated& told);
void destroy_exec(cudaGraphExec_t exec);
void launch_exec(ApiContext& current, cudaGraphExec_t exec, cudaStream_t stream);
void upload_exec(ApiContext& current, cudaGraphExec_t exec, cudaStream_t stream);
/// As above for one that was made just now: it is destroyed when it cannot be uploaded.
void upload_new(ApiContext& current, cudaGraphExec_t& handle, cudaStream_t stream);
/// The executable graph's node for the program's; throws Error(InvalidValue).
rt::GraphNode& own_node(rt::GraphExec& exec, cudaGraphNode_t node);
template <typename T>
rt::GraphNode& own_node_as(rt::GraphExec& exec, cudaGraphNode_t node) {
    rt::GraphNode& own = own_node(exec, node);
    if (own.as<T>() == nullptr) rt::fail(rt::Status::InvalidValue, "the node is of another type");
    return own;
}
/// Throws Error(InvalidValue) when an executable graph's node cannot become that.
void set_exec(rt::GraphExec& exec, rt::GraphNode& own, rt::NodeWhat what);
void enable_node(cudaGraphExec_t exec, cudaGraphNode_t node, bool enabled);
bool node_enabled(cudaGraphExec_t exec, cudaGraphNode_t node);
/// Throws Error(GraphExecUpdateFailure) after `info` is written.
void update_exec(cudaGraphExec_t exec, cudaGraph_t graph, cudaGraphExecUpdateResultInfo* info);
void update_child(cudaGraphExec_t exec, cudaGraphNode_t node, cudaGraph_t child);

// ---- memory (graph_memory.cpp)

/// Frees memory that a graph has allocated: after the stream's work, or at once when that is null.
/// False when the address is not a graph's.
bool free_graph_memory(ApiContext& context, void* pointer, rt::Stream* stream);
/// cudaMallocAsync and cudaFreeAsync in a stream that captures.
void* allocate_in_capture(ApiContext& context, rt::CaptureMember& member, size_t bytes);
void free_in_capture(rt::CaptureMember& member, void* pointer);
void get_graph_memory(int device, int attribute, void* value);
void set_graph_memory(int device, int attribute, const void* value);
void trim_graph_memory(int device);

// ---- user objects (user_object.cpp)

cudaUserObject_t create_user_object(void* data, cudaHostFn_t destroy, unsigned references,
                                    unsigned flags);
void retain_user_object(cudaUserObject_t object, unsigned count);
void release_user_object(cudaUserObject_t object, unsigned count);
void retain_for_graph(cudaGraph_t graph, cudaUserObject_t object, unsigned count, unsigned flags);
void release_of_graph(cudaGraph_t graph, cudaUserObject_t object, unsigned count);

} // namespace acc::cuda
