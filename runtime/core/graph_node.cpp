// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/core/graph_node.h"

#include "runtime/core/module.h"
#include "runtime/core/status.h"

namespace acc::rt {
namespace {

NodeWhat node_of_launch(const work::Launch& launch, int priority) {
    node::Kernel node;
    auto arguments = std::make_shared<std::vector<uint8_t>>(launch.arguments.bytes);
    launch.arguments.write(arguments->data());
    node.launch = launch;
    node.launch.arguments = {launch.arguments.bytes, arguments->data(), nullptr, {}};
    node.arguments = std::move(arguments);
    node.prints = launch.kernel != nullptr &&
                  (launch.kernel->descriptor.flags & ACC_KD_USES_HOSTCALL) != 0;
    node.priority = priority;
    return node;
}

template <typename T>
NodeWhat node_of_copy(const Work& work, const T& copy) {
    if (copy.to.foreign != nullptr || copy.from.foreign != nullptr)
        fail(Status::NotSupported, "copies between two devices cannot be part of a graph");
    return node::Copy{work, std::nullopt};
}

NodeWhat node_of_call(const work::HostCall& call) {
    if (call.plain == nullptr)
        fail(Status::StreamCaptureUnsupported, "a stream callback cannot be part of a graph");
    return node::Host{call.plain, call.data};
}

} // namespace

void Attributes::set(int id, const Value& value) {
    for (auto& [have, old] : values_)
        if (have == id) {
            old = value;
            return;
        }
    values_.emplace_back(id, value);
}

const Attributes::Value* Attributes::find(int id) const {
    for (const auto& [have, value] : values_)
        if (have == id) return &value;
    return nullptr;
}

std::optional<NodeWhat> node_of(const Work& work, int priority) {
    return std::visit(
        [&](const auto& what) -> std::optional<NodeWhat> {
            using What = std::decay_t<decltype(what)>;
            if constexpr (std::is_same_v<What, work::Launch>) {
                return node_of_launch(what, priority);
            } else if constexpr (std::is_same_v<What, work::Copy> ||
                                 std::is_same_v<What, work::CopyRect>) {
                return node_of_copy(work, what);
            } else if constexpr (std::is_same_v<What, work::Fill>) {
                return node::Fill{what, reinterpret_cast<void*>(what.to)};
            } else if constexpr (std::is_same_v<What, work::HostCall>) {
                return node_of_call(what);
            } else if constexpr (std::is_same_v<What, work::Wait> ||
                                 std::is_same_v<What, work::Signal>) {
                return node::MemoryOperations{{work}, {}};
            } else {
                return std::nullopt;
            }
        },
        work.what);
}

void NodeRecorder::record(std::span<const Work> works) {
    for (const Work& work : works)
        if (auto node = node_of(work, 0)) nodes_.push_back(std::move(*node));
}

} // namespace acc::rt
