// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A graph as text for Graphviz.
#include <fmt/format.h>

#include <cstdio>

#include "runtime/core/demangle.h"
#include "runtime/cuda/graphs.h"

namespace acc::cuda {

using rt::fail;
using rt::Status;

const char* name_of_type(int type) {
    switch (type) {
    case CU_GRAPH_NODE_TYPE_KERNEL: return "KERNEL";
    case CU_GRAPH_NODE_TYPE_MEMCPY: return "MEMCPY";
    case CU_GRAPH_NODE_TYPE_MEMSET: return "MEMSET";
    case CU_GRAPH_NODE_TYPE_HOST: return "HOST";
    case CU_GRAPH_NODE_TYPE_GRAPH: return "GRAPH";
    case CU_GRAPH_NODE_TYPE_EMPTY: return "EMPTY";
    case CU_GRAPH_NODE_TYPE_WAIT_EVENT: return "EVENT_WAIT";
    case CU_GRAPH_NODE_TYPE_EVENT_RECORD: return "EVENT_RECORD";
    case CU_GRAPH_NODE_TYPE_MEM_ALLOC: return "MEM_ALLOC";
    case CU_GRAPH_NODE_TYPE_MEM_FREE: return "MEM_FREE";
    case CU_GRAPH_NODE_TYPE_BATCH_MEM_OP: return "BATCH_MEM_OP";
    case CU_GRAPH_NODE_TYPE_CONDITIONAL: return "CONDITIONAL";
    default: return "?";
    }
}

namespace {

class Dot {
  public:
    explicit Dot(unsigned flags) : flags_(flags) {}
    std::string text(rt::Graph& graph) {
        text_ = "digraph dot {\n";
        body(graph, "graph_1");
        return text_ + "}\n";
    }

  private:
    bool wants(unsigned flag) const {
        return (flags_ & (flag | cudaGraphDebugDotFlagsVerbose)) != 0;
    }

    static std::string quoted(const std::string& text) {
        std::string safe;
        for (const char c : text) {
            if (c == '"' || c == '\\' || c == '{' || c == '}' || c == '|' || c == '<' || c == '>')
                safe += '\\';
            safe += c;
        }
        return safe;
    }

    std::string kernel(const rt::node::Kernel& node, rt::Context& context) const {
        const bool known = context.has(node.launch.kernel);
        std::string text = known ? rt::demangled(node.launch.kernel->name) : "(unloaded)";
        const acc_packet_dispatch& p = node.launch.packet;
        if (wants(cudaGraphDebugDotFlagsKernelNodeParams))
            text += fmt::format("\\ngrid ({}, {}, {}) block ({}, {}, {}) shared {}", p.grid[0],
                                p.grid[1], p.grid[2], p.block[0], p.block[1], p.block[2],
                                p.dynamic_shared);
        if (wants(cudaGraphDebugDotFlagsKernelNodeAttributes))
            text += fmt::format("\\npriority {} cooperative {}", node.priority,
                                (p.header.flags & ACC_PKT_F_COOPERATIVE) != 0 ? 1 : 0);
        return text;
    }

    std::string copy(const rt::node::Copy& node, rt::Graph& graph) const {
        const cudaMemcpy3DParms p = params_of(home_of(graph), node);
        constexpr const char* kKinds[] = {"HtoH", "HtoD", "DtoH", "DtoD", "default"};
        std::string text = kKinds[static_cast<unsigned>(p.kind) % 5];
        if (wants(cudaGraphDebugDotFlagsMemcpyNodeParams))
            text += fmt::format("\\n{} to {}, ({}, {}, {})", p.srcPtr.ptr, p.dstPtr.ptr,
                                p.extent.width, p.extent.height, p.extent.depth);
        return text;
    }

    std::string details(rt::GraphNode& node) const {
        if (const auto* work = node.as<rt::node::Kernel>())
            return kernel(*work, node.graph.context());
        if (const auto* work = node.as<rt::node::Copy>())
            return work->form || work->work ? copy(*work, node.graph) : "";
        if (const auto* fill = node.as<rt::node::Fill>();
            fill != nullptr && wants(cudaGraphDebugDotFlagsMemsetNodeParams)) {
            const cudaMemsetParams p = params_of(*fill);
            return fmt::format("{} value {:#x}, {} x {} elements of {}", p.dst, p.value, p.width,
                               p.height, p.elementSize);
        }
        if (const auto* host = node.as<rt::node::Host>();
            host != nullptr && wants(cudaGraphDebugDotFlagsHostNodeParams))
            return fmt::format("function {} data {}", reinterpret_cast<void*>(host->function),
                               host->data);
        if (const auto* conditional = node.as<rt::node::Conditional>()) {
            constexpr const char* kNames[] = {"IF", "WHILE", "SWITCH"};
            return kNames[static_cast<int>(conditional->condition)];
        }
        return "";
    }

    void body(rt::Graph& graph, const std::string& name) {
        text_ += fmt::format("subgraph cluster_{} {{\nlabel=\"{}\"\n", name, name);
        graph.for_nodes([&](rt::GraphNode& node) {
            const std::string details = quoted(this->details(node));
            text_ += fmt::format("\"{}_node_{}\"[style=\"solid\" shape=\"rectangle\" "
                                 "label=\"{}\\n{}{}{}",
                                 name, node.place, node.place, name_of_type(type_of(node.what)),
                                 details.empty() ? "" : "\\n", details);
            if (wants(cudaGraphDebugDotFlagsHandles))
                text_ += fmt::format("\\nnode {}", static_cast<void*>(handle_of(node)));
            text_ += "\"];\n";
            unsigned inner = 0;
            rt::for_inner(node, [&](rt::Graph& deeper) {
                body(deeper, fmt::format("{}_{}_{}", name, node.place, inner++));
            });
        });
        graph.for_nodes([&](rt::GraphNode& node) {
            for (const rt::GraphEdge& edge : node.after)
                text_ += fmt::format("\"{}_node_{}\" -> \"{}_node_{}\";\n", name, node.place, name,
                                     edge.node->place);
        });
        text_ += "}\n";
    }

    const unsigned flags_;
    std::string text_;
};

} // namespace

void print_dot(cudaGraph_t handle, const char* path, unsigned flags) {
    require(path, "path");
    const std::string text = Dot(flags).text(graph_of(handle));
    std::FILE* file = std::fopen(path, "w");
    if (file == nullptr) fail(Status::OperatingSystem, "{} cannot be written", path);
    const bool written = std::fwrite(text.data(), 1, text.size(), file) == text.size();
    if (std::fclose(file) != 0 || !written)
        fail(Status::OperatingSystem, "{} cannot be written", path);
}

} // namespace acc::cuda
