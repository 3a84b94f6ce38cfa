// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Objects of the program's that graphs keep alive. They belong to no context.
#include <unordered_map>

#include "runtime/cuda/graphs.h"
#include "runtime/cuda/host_function.h"

namespace acc::cuda {

using rt::fail;
using rt::Status;

namespace {

/// The living ones; under rt::graphs_mutex(). Never destroyed, like the handles.
std::unordered_map<rt::UserObject*, std::shared_ptr<rt::UserObject>>& objects() {
    static auto* const all =
        new std::unordered_map<rt::UserObject*, std::shared_ptr<rt::UserObject>>;
    return *all;
}

std::shared_ptr<rt::UserObject> object_of(cudaUserObject_t handle) {
    rt::UserObject* found = HandleTable<rt::UserObject>::get().find(handle).object;
    if (found == nullptr) fail(Status::InvalidValue, "the user object does not exist");
    return objects().at(found);
}

void check_count(unsigned count) {
    if (count == 0 || count > INT32_MAX)
        fail(Status::InvalidValue, "{} references to a user object", count);
}

} // namespace

cudaUserObject_t create_user_object(void* data, cudaHostFn_t destroy, unsigned references,
                                    unsigned flags) {
    require(reinterpret_cast<const void*>(destroy), "destroy");
    check_count(references);
    if (flags != cudaUserObjectNoDestructorSync)
        fail(Status::InvalidValue, "a user object needs the flag cudaUserObjectNoDestructorSync");
    auto object = std::make_shared<rt::UserObject>(
        [destroy, data] { call_without_api(destroy, data); }, references);
    rt::UserObject& made = *object;
    // The last reference may go with a graph that nobody looks at: the handle goes then.
    made.when_gone([&made] {
        HandleTable<rt::UserObject>::get().forget(made);
        std::lock_guard lock(rt::graphs_mutex());
        objects().erase(&made);
    });
    objects().emplace(&made, std::move(object));
    return HandleTable<rt::UserObject>::get().of<cudaUserObject_t>(made);
}

void retain_user_object(cudaUserObject_t handle, unsigned count) {
    check_count(count);
    object_of(handle)->retain(count);
}

void release_user_object(cudaUserObject_t handle, unsigned count) {
    check_count(count);
    const auto object = object_of(handle);
    bool last = false;
    if (!object->release(count, last))
        fail(Status::InvalidValue, "the user object has fewer than {} references", count);
    if (last) object->destroy();
}

void retain_for_graph(cudaGraph_t graph, cudaUserObject_t handle, unsigned count, unsigned flags) {
    check_count(count);
    check_flags(flags, cudaGraphUserObjectMove, "a graph's reference to a user object");
    graph_of(graph).references.add(object_of(handle), count,
                                   (flags & cudaGraphUserObjectMove) != 0);
}

void release_of_graph(cudaGraph_t graph, cudaUserObject_t handle, unsigned count) {
    check_count(count);
    if (!graph_of(graph).references.remove(object_of(handle), count))
        fail(Status::InvalidValue, "the graph has fewer than {} references to the object", count);
}

} // namespace acc::cuda

using namespace acc::cuda;

ACC_API cudaError_t cudaUserObjectCreate(cudaUserObject_t* object, void* data, cudaHostFn_t destroy,
                                         unsigned references, unsigned flags) {
    return graph_guard(__func__, [&] {
        require(object, "object_out");
        *object = create_user_object(data, destroy, references, flags);
    });
}

ACC_API cudaError_t cudaUserObjectRetain(cudaUserObject_t object, unsigned count) {
    return graph_guard(__func__, [&] { retain_user_object(object, count); });
}

ACC_API cudaError_t cudaUserObjectRelease(cudaUserObject_t object, unsigned count) {
    return graph_guard(__func__, [&] { release_user_object(object, count); });
}

ACC_API cudaError_t cudaGraphRetainUserObject(cudaGraph_t graph, cudaUserObject_t object,
                                              unsigned count, unsigned flags) {
    return graph_guard(__func__, [&] { retain_for_graph(graph, object, count, flags); });
}

ACC_API cudaError_t cudaGraphReleaseUserObject(cudaGraph_t graph, cudaUserObject_t object,
                                               unsigned count) {
    return graph_guard(__func__, [&] { release_of_graph(graph, object, count); });
}

ACC_API CUresult cuUserObjectCreate(CUuserObject* object, void* data, CUhostFn destroy,
                                    unsigned references, unsigned flags) {
    return driver_graph_guard(__func__, [&] {
        require(object, "object_out");
        *object = create_user_object(data, destroy, references, flags);
    });
}

ACC_API CUresult cuUserObjectRetain(CUuserObject object, unsigned count) {
    return driver_graph_guard(__func__, [&] { retain_user_object(object, count); });
}

ACC_API CUresult cuUserObjectRelease(CUuserObject object, unsigned count) {
    return driver_graph_guard(__func__, [&] { release_user_object(object, count); });
}

ACC_API CUresult cuGraphRetainUserObject(CUgraph graph, CUuserObject object, unsigned count,
                                         unsigned flags) {
    return driver_graph_guard(__func__, [&] { retain_for_graph(graph, object, count, flags); });
}

ACC_API CUresult cuGraphReleaseUserObject(CUgraph graph, CUuserObject object, unsigned count) {
    return driver_graph_guard(__func__, [&] { release_of_graph(graph, object, count); });
}
