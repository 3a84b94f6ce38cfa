// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the nodes of a graph do, as values: copying one copies what it does (graphs are cloned).
// Kernel arguments, which never change once they are there, are shared.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <variant>
#include <vector>

#include "runtime/core/work.h"

namespace acc::rt {

class ConditionalHandle;
class Event;
class Graph;
class GraphBlock;
class GraphNode;

/// What a dependency is about; zeros: the node waits for the end of the other.
struct EdgeData {
    uint8_t from_port = 0, to_port = 0, type = 0;
    uint8_t reserved[5] = {};
    bool operator==(const EdgeData&) const = default;
    bool plain() const { return *this == EdgeData{}; }
};

/// A dependency, seen from one of its two ends: the node at the other.
struct GraphEdge {
    GraphNode* node = nullptr;
    EdgeData data;
};

/// Values of launch attributes by number, as the program gave them.
class Attributes {
  public:
    using Value = std::array<std::byte, 64>;
    void set(int id, const Value& value);
    /// Null: never set.
    const Value* find(int id) const;

  private:
    std::vector<std::pair<int, Value>> values_;
};

namespace node {

struct Kernel {
    work::Launch launch; ///< arguments packed, in `arguments`; `kernel` may be gone meanwhile
    std::shared_ptr<const std::vector<uint8_t>> arguments;
    const void* function = nullptr; ///< the program's name for the kernel; null when captured
    bool prints = false;
    int priority = 0; ///< CUDA's
    Attributes attributes;
    std::vector<void*> pointers; ///< to each argument, for who asks
};

/// One side of a copy as the program described it.
struct CopySide {
    const void* array = nullptr; ///< handle; null: plain memory
    void* memory = nullptr;
    size_t pitch = 0, row_bytes = 0, rows = 0; ///< of plain memory
    size_t x = 0, y = 0, z = 0;
};

struct CopyForm {
    CopySide to, from;
    size_t width = 0, height = 1, depth = 1; ///< as given: elements when an array takes part
    int kind = 0;                            ///< cudaMemcpyKind
};

struct Copy {
    std::optional<Work> work;     ///< a Copy or CopyRect; nothing when an extent is 0
    std::optional<CopyForm> form; ///< nothing when captured
};

struct Fill {
    std::optional<work::Fill> work;
    void* memory = nullptr; ///< as the program named it
};

struct Host {
    void (*function)(void*) = nullptr;
    void* data = nullptr;
};

struct Child {
    std::shared_ptr<Graph> graph;
};

struct Empty {};

struct EventWait {
    std::shared_ptr<Event> event;
};

struct EventRecord {
    std::shared_ptr<Event> event;
};

struct Alloc {
    std::shared_ptr<GraphBlock> block;
    size_t bytes = 0; ///< as asked for
};

struct Free {
    uint64_t address = 0;
    std::shared_ptr<GraphBlock> block;
};

/// Waits for and writes of values, one after the other.
struct MemoryOperations {
    std::vector<Work> works;
    std::vector<std::array<uint64_t, 6>> form; ///< as the program described them
};

enum class Condition { If, While, Switch };

struct Conditional {
    std::shared_ptr<ConditionalHandle> handle;
    Condition condition = Condition::If;
    std::vector<std::shared_ptr<Graph>> bodies;
    std::vector<void*> names; ///< of the bodies, for the program
};

} // namespace node

using NodeWhat = std::variant<node::Kernel, node::Copy, node::Fill, node::Host, node::Child,
                              node::Empty, node::EventWait, node::EventRecord, node::Alloc,
                              node::Free, node::MemoryOperations, node::Conditional>;

/// The node that does what a piece of work does, with copies of its own of what the work points to.
/// `priority` is the stream's. Throws Error(NotSupported) for what cannot be repeated; nothing for
/// work that does nothing (a barrier).
std::optional<NodeWhat> node_of(const Work& work, int priority);

/// Takes the work of a stream as nodes; for those who make one node by what a stream would do.
class NodeRecorder final : public Recorder {
  public:
    void record(std::span<const Work> works) override;
    const std::vector<NodeWhat>& nodes() const { return nodes_; }

  private:
    std::vector<NodeWhat> nodes_;
};

class GraphNode {
  public:
    GraphNode(Graph& of, uint64_t number, NodeWhat does)
        : graph(of), id(number), what(std::move(does)) {}
    GraphNode(const GraphNode&) = delete;

    Graph& graph;
    const uint64_t id;   ///< no other node of the process has had it
    uint64_t origin = 0; ///< the id of the node that it is a clone of
    size_t place = 0;    ///< in its graph
    NodeWhat what;
    std::vector<GraphEdge> before, after;

    template <typename T>
    T* as() {
        return std::get_if<T>(&what);
    }
    template <typename T>
    const T* as() const {
        return std::get_if<T>(&what);
    }
};

} // namespace acc::rt
