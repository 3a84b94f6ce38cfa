// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Operation graphs: descriptors with attributes, operations, plans.
#pragma once

#include "runtime/lib/dnn/descriptors.h"

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace acc::dnn::graph {

/// The values of an attribute: bytes, or other descriptors.
struct Attribute {
    cudnnBackendAttributeType_t type;
    int64_t count = 0;
    std::vector<char> bytes;
    std::vector<std::shared_ptr<struct Descriptor>> descriptors;
};

struct Descriptor {
    explicit Descriptor(cudnnBackendDescriptorType_t t) : type(t) {}

    cudnnBackendDescriptorType_t type;
    bool finalized = false;
    std::map<cudnnBackendAttributeName_t, Attribute> attributes;

    const Attribute* find(cudnnBackendAttributeName_t name) const;
    /// The first value, or what is taken without one.
    template <class T>
    T get(cudnnBackendAttributeName_t name, T otherwise) const {
        const Attribute* a = find(name);
        if (a == nullptr || a->bytes.size() < sizeof(T)) return otherwise;
        T value;
        __builtin_memcpy(&value, a->bytes.data(), sizeof(T));
        return value;
    }
    template <class T>
    std::vector<T> all(cudnnBackendAttributeName_t name) const {
        const Attribute* a = find(name);
        if (a == nullptr) return {};
        std::vector<T> values(a->bytes.size() / sizeof(T));
        __builtin_memcpy(values.data(), a->bytes.data(), values.size() * sizeof(T));
        return values;
    }
    /// A float or double.
    double real(cudnnBackendAttributeName_t name, double otherwise) const;
    /// The descriptor, or null.
    std::shared_ptr<Descriptor> child(cudnnBackendAttributeName_t name) const;
};

using Reference = std::shared_ptr<Descriptor>;

/// What a descriptor may hold.
struct AttributeRow {
    cudnnBackendDescriptorType_t descriptor;
    cudnnBackendAttributeName_t name;
    cudnnBackendAttributeType_t type;
    bool required;
};
/// The row, or null.
const AttributeRow* row_of(cudnnBackendDescriptorType_t descriptor,
                           cudnnBackendAttributeName_t name);
/// Whether there are descriptors of this type here.
bool is_known(cudnnBackendDescriptorType_t descriptor);
/// The first required attribute that is not there; or null.
const AttributeRow* missing_row(const Descriptor& descriptor);
/// The type of the descriptors that an attribute holds; -1: of several types.
int child_type(cudnnBackendAttributeName_t name);
/// Whether values of `given` are taken where the row names `wanted`.
bool fits(cudnnBackendAttributeType_t wanted, cudnnBackendAttributeType_t given);
size_t size_of(cudnnBackendAttributeType_t type);

/// Tensors of the graph and where they are while a plan runs.
struct Place {
    void* data = nullptr;  ///< on the device
    bool by_value = false; ///< `value` instead
    double value = 0;
};
using Places = std::map<int64_t, Place>;

/// The tensor as descriptors of the other interface have it.
Tensor tensor_of(const Descriptor& tensor);
int64_t id_of(const Descriptor& tensor);

/// An operation's tensors: what it reads, what it writes.
struct Tensors {
    std::vector<Reference> in, out;
};
Tensors tensors_of(const Descriptor& operation);

/// An error for an operation that no kernel is there for.
cudnnStatus_t check_operation(const Descriptor& operation);
/// Launches it.
cudnnStatus_t run_operation(const Descriptor& operation, const Places& places, cudaStream_t stream);

/// The operations of a graph so that each follows those whose results it reads.
cudnnStatus_t in_order(const Descriptor& graph, std::vector<Reference>& operations);

/// Bytes for the tensors that are virtual, and where in them each is.
size_t workspace_of(const Descriptor& graph, std::map<int64_t, size_t>* offsets);

} // namespace acc::dnn::graph
