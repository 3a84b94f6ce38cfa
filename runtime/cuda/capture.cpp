// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Stream capture, in both APIs.
#include "runtime/core/capture.h"

#include "runtime/cuda/driver.h"
#include "runtime/cuda/graphs.h"
#include "runtime/cuda/streams.h"

namespace acc::cuda {

using rt::Capture;
using rt::fail;
using rt::Status;

void check_capture_safe() {
    Capture::check_unsafe(static_cast<Capture::Mode>(thread_state().capture_mode));
}

namespace {

Capture::Mode mode_of(unsigned mode) {
    if (mode > cudaStreamCaptureModeRelaxed)
        fail(Status::InvalidValue, "capture mode {} does not exist", mode);
    return static_cast<Capture::Mode>(mode);
}

void begin(ApiContext& current, cudaStream_t stream, unsigned mode) {
    Capture::begin(find_stream(current, stream), mode_of(mode));
}

void begin_to(ApiContext& current, cudaStream_t stream, cudaGraph_t into,
              const cudaGraphNode_t* nodes, const cudaGraphEdgeData* data, size_t count,
              unsigned mode) {
    rt::Stream& on = find_stream(current, stream);
    rt::Graph& graph = graph_of(into);
    if (&graph.context() != &on.context())
        fail(Status::InvalidValue, "the graph is of another context than the stream");
    auto first = edges_of(nodes, data, count);
    for (const rt::GraphEdge& edge : first)
        if (&edge.node->graph != &graph)
            fail(Status::InvalidValue, "a dependency is a node of another graph");
    Capture::begin(on, mode_of(mode), &graph, std::move(first));
}

/// `graph` null: only for a capture into a graph that the program has.
void end(ApiContext& current, cudaStream_t stream, cudaGraph_t* graph) {
    rt::Stream& on = find_stream(current, stream);
    std::lock_guard lock(rt::graphs_mutex()); // so long is the capture there
    const rt::CaptureMember* member = Capture::of(on);
    if (member == nullptr || member->of().makes_graph()) require(graph, "pGraph");
    if (graph != nullptr) *graph = nullptr;
    Capture::Ended ended = Capture::end(on);
    if (ended.graph == nullptr) fail(ended.why, "the capture gives no graph");
    if (graph == nullptr) return;
    *graph = ended.made ? handle_of(home_of(*ended.graph).graphs.keep(std::move(ended.made)))
                        : handle_of(*ended.graph);
}

/// The stream's part in a capture, null when there is none. Throws Error(StreamCaptureImplicit)
/// when the answer for the legacy stream would depend on others. The caller holds graphs_mutex(),
/// unless no stream captures.
rt::CaptureMember* member_of(ApiContext& current, cudaStream_t stream) {
    rt::Stream& on = find_stream(current, stream);
    if (on.kind() == rt::StreamKind::Legacy) Capture::check_implicit(on.context(), false);
    return Capture::of(on);
}

cudaStreamCaptureStatus status_of(const rt::CaptureMember* member) {
    if (member == nullptr) return cudaStreamCaptureStatusNone;
    return member->of().status() == Capture::Status::Active ? cudaStreamCaptureStatusActive
                                                            : cudaStreamCaptureStatusInvalidated;
}

template <typename S>
void capture_status(ApiContext& current, cudaStream_t stream, S* status) {
    require(status, "captureStatus");
    std::unique_lock lock(rt::graphs_mutex(), std::defer_lock);
    if (Capture::any()) lock.lock();
    *status = static_cast<S>(status_of(member_of(current, stream)));
}

/// What the answers point to: the calling thread's last ones.
struct Answer {
    std::vector<cudaGraphNode_t> nodes;
    std::vector<cudaGraphEdgeData> data;
};

/// `wants_data`: the form of the question has room for edge data.
template <typename S, typename Id>
void capture_info(ApiContext& current, cudaStream_t stream, S* status, Id* id, cudaGraph_t* graph,
                  const cudaGraphNode_t** nodes, const cudaGraphEdgeData** data, size_t* count,
                  bool wants_data) {
    require(status, "captureStatus");
    std::unique_lock lock(rt::graphs_mutex(), std::defer_lock);
    if (Capture::any()) lock.lock();
    const rt::CaptureMember* member = member_of(current, stream);
    *status = static_cast<S>(status_of(member));
    if (*status != static_cast<S>(cudaStreamCaptureStatusActive)) return;
    if (id != nullptr) *id = member->of().id();
    if (graph != nullptr) *graph = handle_of(member->of().graph());
    if (count != nullptr) *count = member->tail().size();
    if (nodes == nullptr) {
        if (data != nullptr) fail(Status::InvalidValue, "edge data is asked for without the nodes");
        return;
    }
    static thread_local Answer answer;
    answer = {};
    for (const rt::GraphEdge& edge : member->tail()) {
        answer.nodes.push_back(handle_of(*edge.node));
        answer.data.push_back(from_core(edge.data));
        if (!edge.data.plain() && (data == nullptr || !wants_data))
            fail(Status::LossyQuery, "a dependency has edge data, for which there is no array");
    }
    *nodes = answer.nodes.data();
    if (data != nullptr) *data = answer.data.data();
}

void update_dependencies(ApiContext& current, cudaStream_t stream, const cudaGraphNode_t* nodes,
                         const cudaGraphEdgeData* data, size_t count, unsigned flags) {
    check_flags(flags, cudaStreamSetCaptureDependencies, "dependencies of a capture");
    std::lock_guard lock(rt::graphs_mutex()); // so long is the capture there
    rt::CaptureMember* member = member_of(current, stream);
    if (member == nullptr) fail(Status::IllegalState, "the stream is not capturing");
    member->of().check();
    const auto edges = edges_of(nodes, data, count);
    for (const rt::GraphEdge& edge : edges)
        if (&edge.node->graph != &member->of().graph())
            fail(Status::InvalidValue, "a dependency is a node of another graph");
    if ((flags & cudaStreamSetCaptureDependencies) != 0) member->set_tail({});
    member->wait_for(edges);
}

/// Exchanges the calling thread's mode for potentially unsafe calls during captures.
template <typename Mode>
void exchange_mode(Mode* mode) {
    require(mode, "mode");
    const auto wanted = static_cast<unsigned char>(mode_of(static_cast<unsigned>(*mode)));
    *mode = static_cast<Mode>(thread_state().capture_mode);
    thread_state().capture_mode = wanted;
}

const cudaGraphEdgeData* runtime_form(const CUgraphEdgeData* data) {
    static_assert(sizeof *data == sizeof(cudaGraphEdgeData));
    return reinterpret_cast<const cudaGraphEdgeData*>(data);
}

} // namespace
} // namespace acc::cuda

using namespace acc::cuda;

ACC_API cudaError_t cudaStreamBeginCapture(cudaStream_t stream, cudaStreamCaptureMode mode) {
    return graph_guard(__func__, [&] { begin(current(), stream, mode); });
}

ACC_API cudaError_t cudaStreamBeginCaptureToGraph(cudaStream_t stream, cudaGraph_t graph,
                                                  const cudaGraphNode_t* nodes,
                                                  const cudaGraphEdgeData* data, size_t count,
                                                  cudaStreamCaptureMode mode) {
    return graph_guard(__func__,
                       [&] { begin_to(current(), stream, graph, nodes, data, count, mode); });
}

ACC_API cudaError_t cudaStreamEndCapture(cudaStream_t stream, cudaGraph_t* graph) {
    return graph_guard(__func__, [&] { end(current(), stream, graph); });
}

ACC_API cudaError_t cudaStreamIsCapturing(cudaStream_t stream, cudaStreamCaptureStatus* status) {
    return graph_guard(__func__, [&] { capture_status(current(), stream, status); });
}

ACC_API cudaError_t cudaStreamGetCaptureInfo(cudaStream_t stream, cudaStreamCaptureStatus* status,
                                             unsigned long long* id, cudaGraph_t* graph,
                                             const cudaGraphNode_t** nodes, size_t* count) {
    return graph_guard(__func__, [&] {
        capture_info(current(), stream, status, id, graph, nodes, nullptr, count, false);
    });
}

ACC_API cudaError_t cudaStreamGetCaptureInfo_v2(cudaStream_t stream,
                                                cudaStreamCaptureStatus* status,
                                                unsigned long long* id, cudaGraph_t* graph,
                                                const cudaGraphNode_t** nodes, size_t* count) {
    return graph_guard(__func__, [&] {
        capture_info(current(), stream, status, id, graph, nodes, nullptr, count, false);
    });
}

ACC_API cudaError_t cudaStreamGetCaptureInfo_v3(cudaStream_t stream,
                                                cudaStreamCaptureStatus* status,
                                                unsigned long long* id, cudaGraph_t* graph,
                                                const cudaGraphNode_t** nodes,
                                                const cudaGraphEdgeData** data, size_t* count) {
    return graph_guard(__func__, [&] {
        capture_info(current(), stream, status, id, graph, nodes, data, count, true);
    });
}

ACC_API cudaError_t cudaStreamUpdateCaptureDependencies(cudaStream_t stream, cudaGraphNode_t* nodes,
                                                        size_t count, unsigned flags) {
    return graph_guard(
        __func__, [&] { update_dependencies(current(), stream, nodes, nullptr, count, flags); });
}

ACC_API cudaError_t cudaStreamUpdateCaptureDependencies_v2(cudaStream_t stream,
                                                           cudaGraphNode_t* nodes,
                                                           const cudaGraphEdgeData* data,
                                                           size_t count, unsigned flags) {
    return graph_guard(__func__,
                       [&] { update_dependencies(current(), stream, nodes, data, count, flags); });
}

ACC_API cudaError_t cudaThreadExchangeStreamCaptureMode(cudaStreamCaptureMode* mode) {
    return guard(__func__, [&] { exchange_mode(mode); });
}

ACC_API CUresult cuStreamBeginCapture_v2(CUstream stream, CUstreamCaptureMode mode) {
    return driver_graph_guard(__func__, [&] { begin(driver_current(), stream, mode); });
}

ACC_API CUresult cuStreamBeginCaptureToGraph(CUstream stream, CUgraph graph,
                                             const CUgraphNode* nodes, const CUgraphEdgeData* data,
                                             size_t count, CUstreamCaptureMode mode) {
    return driver_graph_guard(__func__, [&] {
        begin_to(driver_current(), stream, graph, nodes, runtime_form(data), count, mode);
    });
}

ACC_API CUresult cuStreamEndCapture(CUstream stream, CUgraph* graph) {
    return driver_graph_guard(__func__, [&] { end(driver_current(), stream, graph); });
}

ACC_API CUresult cuStreamIsCapturing(CUstream stream, CUstreamCaptureStatus* status) {
    return driver_graph_guard(__func__, [&] { capture_status(driver_current(), stream, status); });
}

ACC_API CUresult cuStreamGetCaptureInfo_v2(CUstream stream, CUstreamCaptureStatus* status,
                                           cuuint64_t* id, CUgraph* graph,
                                           const CUgraphNode** nodes, size_t* count) {
    return driver_graph_guard(__func__, [&] {
        capture_info(driver_current(), stream, status, id, graph, nodes, nullptr, count, false);
    });
}

ACC_API CUresult cuStreamGetCaptureInfo_v3(CUstream stream, CUstreamCaptureStatus* status,
                                           cuuint64_t* id, CUgraph* graph,
                                           const CUgraphNode** nodes, const CUgraphEdgeData** data,
                                           size_t* count) {
    return driver_graph_guard(__func__, [&] {
        capture_info(driver_current(), stream, status, id, graph, nodes,
                     reinterpret_cast<const cudaGraphEdgeData**>(data), count, true);
    });
}

ACC_API CUresult cuStreamUpdateCaptureDependencies(CUstream stream, CUgraphNode* nodes,
                                                   size_t count, unsigned flags) {
    return driver_graph_guard(__func__, [&] {
        update_dependencies(driver_current(), stream, nodes, nullptr, count, flags);
    });
}

ACC_API CUresult cuStreamUpdateCaptureDependencies_v2(CUstream stream, CUgraphNode* nodes,
                                                      const CUgraphEdgeData* data, size_t count,
                                                      unsigned flags) {
    return driver_graph_guard(__func__, [&] {
        update_dependencies(driver_current(), stream, nodes, runtime_form(data), count, flags);
    });
}

ACC_API CUresult cuThreadExchangeStreamCaptureMode(CUstreamCaptureMode* mode) {
    return driver_guard(__func__, [&] { exchange_mode(mode); });
}
