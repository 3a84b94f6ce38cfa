// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The functions of operation graphs. A program's descriptor refers to one that others may refer to,
// too, so that it may be destroyed while they are used.
#include "runtime/lib/common/api.h"
#include "runtime/lib/dnn/graph.h"

#include <algorithm>
#include <cstring>
#include <cuda_bf16.h>
#include <cuda_fp16.h>
#include <new>

namespace acc::dnn::graph {

const Attribute* Descriptor::find(cudnnBackendAttributeName_t name) const {
    const auto found = attributes.find(name);
    return found == attributes.end() ? nullptr : &found->second;
}

double Descriptor::real(cudnnBackendAttributeName_t name, double otherwise) const {
    const Attribute* a = find(name);
    if (a == nullptr) return otherwise;
    return a->type == CUDNN_TYPE_FLOAT ? double(get<float>(name, 0)) : get<double>(name, 0);
}

Reference Descriptor::child(cudnnBackendAttributeName_t name) const {
    const Attribute* a = find(name);
    return a == nullptr || a->descriptors.empty() ? nullptr : a->descriptors[0];
}

Tensor tensor_of(const Descriptor& descriptor) {
    Tensor t;
    t.type = descriptor.get(CUDNN_ATTR_TENSOR_DATA_TYPE, CUDNN_DATA_FLOAT);
    const auto sizes = descriptor.all<int64_t>(CUDNN_ATTR_TENSOR_DIMENSIONS),
               strides = descriptor.all<int64_t>(CUDNN_ATTR_TENSOR_STRIDES);
    t.dims = int(sizes.size());
    std::copy(sizes.begin(), sizes.end(), t.size);
    std::copy(strides.begin(), strides.end(), t.stride);
    return t;
}

int64_t id_of(const Descriptor& tensor) {
    return tensor.get<int64_t>(CUDNN_ATTR_TENSOR_UNIQUE_ID, 0);
}

namespace {

struct Handle {
    Reference descriptor;
};
Handle* handle_of(cudnnBackendDescriptor_t given) {
    return static_cast<Handle*>(given);
}

cudnnStatus_t check_tensor_descriptor(const Descriptor& d) {
    const auto sizes = d.all<int64_t>(CUDNN_ATTR_TENSOR_DIMENSIONS),
               strides = d.all<int64_t>(CUDNN_ATTR_TENSOR_STRIDES);
    if (sizes.empty() || sizes.size() > CUDNN_DIM_MAX || sizes.size() != strides.size())
        return fail(CUDNN_STATUS_BAD_PARAM, "%zu dimensions and %zu strides", sizes.size(),
                    strides.size());
    if (const auto status = check_sizes(int(sizes.size()), sizes.data()); failed(status))
        return status;
    constexpr int64_t kFarthest = int64_t(1) << 44; // keeps bytes and their sums within int64_t
    int64_t last = 0;
    for (size_t i = 0; i < sizes.size(); ++i) {
        if (strides[i] < 0)
            return fail(CUDNN_STATUS_BAD_PARAM, "a stride of %lld", (long long)strides[i]);
        if (sizes[i] > 1 && strides[i] > (kFarthest - last) / (sizes[i] - 1))
            return fail(CUDNN_STATUS_NOT_SUPPORTED, "a tensor of more than 2^44 places");
        last += (sizes[i] - 1) * strides[i];
    }
    if (d.get(CUDNN_ATTR_TENSOR_IS_VIRTUAL, false) && d.get(CUDNN_ATTR_TENSOR_IS_BY_VALUE, false))
        return fail(CUDNN_STATUS_BAD_PARAM, "a tensor that is virtual and given by value");
    const auto type = d.get(CUDNN_ATTR_TENSOR_DATA_TYPE, CUDNN_DATA_FLOAT);
    if (element_of(type) == Element::None)
        return fail(CUDNN_STATUS_NOT_SUPPORTED_DATA_TYPE, "data type %d", int(type));
    if (d.get<int64_t>(CUDNN_ATTR_TENSOR_VECTOR_COUNT, 1) != 1 ||
        d.get(CUDNN_ATTR_TENSOR_REORDERING_MODE, CUDNN_TENSOR_REORDERING_NONE) !=
            CUDNN_TENSOR_REORDERING_NONE)
        return fail(CUDNN_STATUS_NOT_SUPPORTED_LAYOUT, "vectorised or reordered tensors");
    return CUDNN_STATUS_SUCCESS;
}

/// Whether a finished descriptor makes sense; values that follow from others are set.
cudnnStatus_t complete(Descriptor& d) {
    if (const AttributeRow* row = missing_row(d))
        return fail(CUDNN_STATUS_BAD_PARAM, "a descriptor of type %d without its attribute %d",
                    int(d.type), int(row->name));
    switch (d.type) {
    case CUDNN_BACKEND_TENSOR_DESCRIPTOR: return check_tensor_descriptor(d);
    case CUDNN_BACKEND_OPERATIONGRAPH_DESCRIPTOR: {
        std::vector<Reference> operations;
        for (const Reference& o : d.find(CUDNN_ATTR_OPERATIONGRAPH_OPS)->descriptors)
            if (const auto status = check_operation(*o); failed(status)) return status;
        return in_order(d, operations);
    }
    case CUDNN_BACKEND_ENGINE_DESCRIPTOR:
        if (const auto index = d.get<int64_t>(CUDNN_ATTR_ENGINE_GLOBAL_INDEX, 0); index != 0)
            return fail(CUDNN_STATUS_NOT_SUPPORTED, "engine %lld: there is one, 0",
                        (long long)index);
        return CUDNN_STATUS_SUCCESS;
    case CUDNN_BACKEND_VARIANT_PACK_DESCRIPTOR:
        if (d.find(CUDNN_ATTR_VARIANT_PACK_UNIQUE_IDS)->count !=
            d.find(CUDNN_ATTR_VARIANT_PACK_DATA_POINTERS)->count)
            return fail(CUDNN_STATUS_BAD_PARAM, "as many pointers as ids are needed");
        return CUDNN_STATUS_SUCCESS;
    default: return CUDNN_STATUS_SUCCESS;
    }
}

/// The one engine for a graph, with its configuration.
Reference configuration_for(const Reference& operation_graph) {
    const auto holding = [](cudnnBackendDescriptorType_t type, cudnnBackendAttributeName_t name,
                            const Reference& child) {
        auto d = std::make_shared<Descriptor>(type);
        d->attributes[name] = {CUDNN_TYPE_BACKEND_DESCRIPTOR, 1, {}, {child}};
        d->finalized = true;
        return d;
    };
    const auto engine = holding(CUDNN_BACKEND_ENGINE_DESCRIPTOR, CUDNN_ATTR_ENGINE_OPERATION_GRAPH,
                                operation_graph);
    engine->attributes[CUDNN_ATTR_ENGINE_GLOBAL_INDEX] = {
        CUDNN_TYPE_INT64, 1, std::vector<char>(8), {}};
    return holding(CUDNN_BACKEND_ENGINECFG_DESCRIPTOR, CUDNN_ATTR_ENGINECFG_ENGINE, engine);
}

Attribute integer(int64_t value) {
    Attribute a = {CUDNN_TYPE_INT64, 1, std::vector<char>(sizeof value), {}};
    std::memcpy(a.bytes.data(), &value, sizeof value);
    return a;
}

/// The graph that a plan, a configuration or an engine is for.
Reference graph_behind(const Descriptor& d) {
    switch (d.type) {
    case CUDNN_BACKEND_EXECUTION_PLAN_DESCRIPTOR:
        return graph_behind(*d.child(CUDNN_ATTR_EXECUTION_PLAN_ENGINE_CONFIG));
    case CUDNN_BACKEND_ENGINECFG_DESCRIPTOR:
        return graph_behind(*d.child(CUDNN_ATTR_ENGINECFG_ENGINE));
    default: return d.child(CUDNN_ATTR_ENGINE_OPERATION_GRAPH);
    }
}

/// What was set, or what follows from it. Nothing: no values.
Attribute value_of(const Descriptor& d, const AttributeRow& row) {
    switch (row.name) {
    case CUDNN_ATTR_ENGINEHEUR_RESULTS:
        return {CUDNN_TYPE_BACKEND_DESCRIPTOR,
                1,
                {},
                {configuration_for(d.child(CUDNN_ATTR_ENGINEHEUR_OPERATION_GRAPH))}};
    case CUDNN_ATTR_OPERATIONGRAPH_ENGINE_GLOBAL_COUNT: return integer(1);
    case CUDNN_ATTR_EXECUTION_PLAN_WORKSPACE_SIZE:
    case CUDNN_ATTR_ENGINECFG_WORKSPACE_SIZE:
        return integer(int64_t(workspace_of(*graph_behind(d), nullptr)));
    case CUDNN_ATTR_ENGINECFG_SHARED_MEMORY_USED: return integer(0);
    default: break;
    }
    const Attribute* a = d.find(row.name);
    return a != nullptr ? *a : Attribute{row.type, 0, {}, {}};
}

cudnnStatus_t set(Descriptor& d, cudnnBackendAttributeName_t name, cudnnBackendAttributeType_t type,
                  int64_t count, const void* values) {
    if (d.finalized)
        return fail(CUDNN_STATUS_NOT_INITIALIZED, "the descriptor is finalized already");
    const AttributeRow* row = row_of(d.type, name);
    if (row == nullptr)
        return fail(CUDNN_STATUS_NOT_SUPPORTED, "attribute %d of a descriptor of type %d",
                    int(name), int(d.type));
    if (!fits(row->type, type))
        return fail(CUDNN_STATUS_BAD_PARAM_ATTRIBUTE_TYPE, "attribute %d has type %d, not %d",
                    int(name), int(row->type), int(type));
    if (count < (row->required ? 1 : 0) || (count > 0 && values == nullptr))
        return fail(CUDNN_STATUS_BAD_PARAM, "%lld elements", (long long)count);
    constexpr int64_t kMostValues = 1 << 16;
    if (count > kMostValues)
        return fail(CUDNN_STATUS_BAD_PARAM, "%lld elements: the most is %lld", (long long)count,
                    (long long)kMostValues);
    Attribute a = {type, count, {}, {}};
    if (type == CUDNN_TYPE_BACKEND_DESCRIPTOR) {
        const auto* given = static_cast<const cudnnBackendDescriptor_t*>(values);
        for (int64_t i = 0; i < count; ++i) {
            const Handle* child = handle_of(given[i]);
            if (child == nullptr) return null_pointer("a descriptor");
            if (!child->descriptor->finalized)
                return fail(CUDNN_STATUS_BAD_PARAM_NOT_FINALIZED,
                            "attribute %d: descriptor %lld was not finalized", int(name),
                            (long long)i);
            const int wanted = child_type(name);
            if (wanted >= 0 && child->descriptor->type != wanted)
                return fail(CUDNN_STATUS_BAD_PARAM_DESCRIPTOR_TYPE,
                            "attribute %d: descriptor %lld has type %d, not %d", int(name),
                            (long long)i, int(child->descriptor->type), wanted);
            a.descriptors.push_back(child->descriptor);
        }
    } else {
        const auto* bytes = static_cast<const char*>(values);
        a.bytes.assign(bytes, bytes + size_t(count) * size_of(type));
    }
    d.attributes[name] = std::move(a);
    return CUDNN_STATUS_SUCCESS;
}

cudnnStatus_t get(const Descriptor& d, cudnnBackendAttributeName_t name,
                  cudnnBackendAttributeType_t type, int64_t requested, int64_t* count,
                  void* values) {
    if (!d.finalized) return fail(CUDNN_STATUS_NOT_INITIALIZED, "the descriptor was not finalized");
    const AttributeRow* row = row_of(d.type, name);
    if (row == nullptr)
        return fail(CUDNN_STATUS_NOT_SUPPORTED, "attribute %d of a descriptor of type %d",
                    int(name), int(d.type));
    const Attribute a = value_of(d, *row);
    if (a.count > 0 ? type != a.type : !fits(row->type, type))
        return fail(CUDNN_STATUS_BAD_PARAM_ATTRIBUTE_TYPE, "attribute %d has type %d, not %d",
                    int(name), int(a.type), int(type));
    if (requested < 0) return fail(CUDNN_STATUS_BAD_PARAM, "requestedElementCount is negative");
    if (count != nullptr) *count = a.count;
    const int64_t many = std::min(requested, a.count);
    if (many == 0 || values == nullptr) return CUDNN_STATUS_SUCCESS;
    if (type != CUDNN_TYPE_BACKEND_DESCRIPTOR) {
        std::memcpy(values, a.bytes.data(), size_t(many) * size_of(type));
        return CUDNN_STATUS_SUCCESS;
    }
    // Descriptors of the program's, made for that, become what is asked for.
    auto* given = static_cast<cudnnBackendDescriptor_t*>(values);
    for (int64_t i = 0; i < many; ++i) {
        Handle* handle = handle_of(given[i]);
        if (handle == nullptr) return null_pointer("a descriptor");
        if (handle->descriptor->type != a.descriptors[size_t(i)]->type)
            return fail(CUDNN_STATUS_BAD_PARAM_DESCRIPTOR_TYPE, "descriptor %lld has type %d",
                        (long long)i, int(handle->descriptor->type));
        handle->descriptor = a.descriptors[size_t(i)];
    }
    return CUDNN_STATUS_SUCCESS;
}

/// A number in host memory.
bool read_value(cudnnDataType_t type, const void* at, double& value) {
    switch (element_of(type)) {
    case Element::F32: value = double(*static_cast<const float*>(at)); return true;
    case Element::F64: value = *static_cast<const double*>(at); return true;
    case Element::I32: value = *static_cast<const int*>(at); return true;
    case Element::I64: value = double(*static_cast<const int64_t*>(at)); return true;
    case Element::F16: value = double(__half2float(*static_cast<const __half*>(at))); return true;
    case Element::BF16:
        value = double(__bfloat162float(*static_cast<const __nv_bfloat16*>(at)));
        return true;
    default: return false;
    }
}

/// Where the tensors of an operation are.
cudnnStatus_t add_places(const Descriptor& operation, const std::map<int64_t, void*>& given,
                         const std::map<int64_t, size_t>& offsets, char* workspace,
                         Places& places) {
    const Tensors tensors = tensors_of(operation);
    for (const auto* list : {&tensors.in, &tensors.out})
        for (const Reference& t : *list) {
            Place place;
            const int64_t id = id_of(*t);
            place.by_value = t->get(CUDNN_ATTR_TENSOR_IS_BY_VALUE, false);
            if (t->get(CUDNN_ATTR_TENSOR_IS_VIRTUAL, false)) {
                place.data = workspace + offsets.at(id);
            } else {
                const auto found = given.find(id);
                if (found == given.end() || found->second == nullptr)
                    return fail(CUDNN_STATUS_BAD_PARAM, "the variant pack has no tensor %lld",
                                (long long)id);
                place.data = found->second;
            }
            if (place.by_value && !read_value(tensor_of(*t).type, place.data, place.value))
                return fail(CUDNN_STATUS_NOT_SUPPORTED_DATA_TYPE, "tensor %lld by value",
                            (long long)id);
            places[id] = place;
        }
    return CUDNN_STATUS_SUCCESS;
}

cudnnStatus_t execute(cudnnHandle_t handle, const Descriptor& plan, const Descriptor& pack) {
    const Reference operation_graph = graph_behind(plan);
    std::map<int64_t, size_t> offsets;
    const size_t size = workspace_of(*operation_graph, &offsets);
    auto* workspace = static_cast<char*>(
        pack.get<void*>(CUDNN_ATTR_VARIANT_PACK_WORKSPACE, nullptr));
    if (size > 0 && workspace == nullptr)
        return fail(CUDNN_STATUS_BAD_PARAM_NULL_POINTER, "no workspace: %zu bytes are needed",
                    size);
    const auto ids = pack.all<int64_t>(CUDNN_ATTR_VARIANT_PACK_UNIQUE_IDS);
    const auto pointers = pack.all<void*>(CUDNN_ATTR_VARIANT_PACK_DATA_POINTERS);
    std::map<int64_t, void*> given;
    for (size_t i = 0; i < ids.size(); ++i)
        given[ids[i]] = pointers[i];
    std::vector<Reference> operations;
    if (const auto status = in_order(*operation_graph, operations); failed(status)) return status;
    Places places;
    for (const Reference& operation : operations) {
        const auto status = add_places(*operation, given, offsets, workspace, places);
        if (failed(status)) return status;
    }
    for (const Reference& operation : operations)
        if (const auto status = run_operation(*operation, places, handle->stream); failed(status))
            return status;
    return CUDNN_STATUS_SUCCESS;
}

} // namespace
} // namespace acc::dnn::graph

using namespace acc::dnn;
using namespace acc::dnn::graph;

ACC_LIBRARY_API cudnnStatus_t cudnnBackendCreateDescriptor(
    cudnnBackendDescriptorType_t descriptor_type, cudnnBackendDescriptor_t* descriptor) {
    return guard(__func__, [&] {
        if (descriptor == nullptr) return null_pointer("the descriptor's place");
        if (!is_known(descriptor_type))
            return fail(CUDNN_STATUS_NOT_SUPPORTED, "descriptors of type %d", int(descriptor_type));
        auto* handle = new (std::nothrow) Handle;
        if (handle == nullptr) return CUDNN_STATUS_ALLOC_FAILED;
        handle->descriptor = std::make_shared<Descriptor>(descriptor_type);
        *descriptor = handle;
        return CUDNN_STATUS_SUCCESS;
    });
}

ACC_LIBRARY_API cudnnStatus_t cudnnBackendDestroyDescriptor(cudnnBackendDescriptor_t descriptor) {
    delete handle_of(descriptor);
    return CUDNN_STATUS_SUCCESS;
}

ACC_LIBRARY_API cudnnStatus_t cudnnBackendInitialize(cudnnBackendDescriptor_t descriptor) {
    return guard(__func__, [&] {
        if (descriptor == nullptr) return null_pointer("the descriptor");
        Handle* handle = handle_of(descriptor);
        handle->descriptor = std::make_shared<Descriptor>(handle->descriptor->type);
        return CUDNN_STATUS_SUCCESS;
    });
}

ACC_LIBRARY_API cudnnStatus_t cudnnBackendFinalize(cudnnBackendDescriptor_t descriptor) {
    return guard(__func__, [&] {
        if (descriptor == nullptr) return null_pointer("the descriptor");
        Descriptor& d = *handle_of(descriptor)->descriptor;
        const auto status = complete(d);
        if (!failed(status)) d.finalized = true;
        return status;
    });
}

ACC_LIBRARY_API cudnnStatus_t cudnnBackendSetAttribute(cudnnBackendDescriptor_t descriptor,
                                                       cudnnBackendAttributeName_t attribute_name,
                                                       cudnnBackendAttributeType_t attribute_type,
                                                       int64_t element_count,
                                                       const void* array_of_elements) {
    return guard(__func__, [&] {
        if (descriptor == nullptr) return null_pointer("the descriptor");
        return set(*handle_of(descriptor)->descriptor, attribute_name, attribute_type,
                   element_count, array_of_elements);
    });
}

ACC_LIBRARY_API cudnnStatus_t cudnnBackendGetAttribute(cudnnBackendDescriptor_t const descriptor,
                                                       cudnnBackendAttributeName_t attribute_name,
                                                       cudnnBackendAttributeType_t attribute_type,
                                                       int64_t requested_element_count,
                                                       int64_t* element_count,
                                                       void* array_of_elements) {
    return guard(__func__, [&] {
        if (descriptor == nullptr) return null_pointer("the descriptor");
        return graph::get(*handle_of(descriptor)->descriptor, attribute_name, attribute_type,
                          requested_element_count, element_count, array_of_elements);
    });
}

ACC_LIBRARY_API cudnnStatus_t cudnnBackendExecute(cudnnHandle_t handle,
                                                  cudnnBackendDescriptor_t execution_plan,
                                                  cudnnBackendDescriptor_t variant_pack) {
    return guard(__func__, handle, [&] {
        if (execution_plan == nullptr || variant_pack == nullptr)
            return null_pointer("the plan or the variant pack");
        const Descriptor& plan = *handle_of(execution_plan)->descriptor;
        const Descriptor& pack = *handle_of(variant_pack)->descriptor;
        if (plan.type != CUDNN_BACKEND_EXECUTION_PLAN_DESCRIPTOR ||
            pack.type != CUDNN_BACKEND_VARIANT_PACK_DESCRIPTOR)
            return fail(CUDNN_STATUS_BAD_PARAM_DESCRIPTOR_TYPE, "not a plan and a variant pack");
        if (!plan.finalized || !pack.finalized)
            return fail(CUDNN_STATUS_BAD_PARAM_NOT_FINALIZED, "plan or pack was not finalized");
        return execute(handle, plan, pack);
    });
}
