// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What makers and getters of descriptors share.
#pragma once

#include "runtime/lib/sparse/descriptors.h"

#include <new>

namespace acc::sparse {

template <class... P>
bool any_null(P*... pointers) {
    return (... || (pointers == nullptr));
}

/// Descriptors of constant data hold the same pointers; functions that write take the others.
inline void* writable(const void* pointer) {
    return const_cast<void*>(pointer);
}
template <class D>
D** place_of(D** place) {
    return place;
}
template <class D>
D** place_of(const D** place) {
    return const_cast<D**>(place);
}

template <class D>
cusparseStatus_t create(D** place, const D& values) {
    if (place == nullptr) return CUSPARSE_STATUS_INVALID_VALUE;
    *place = new (std::nothrow) D(values);
    return *place == nullptr ? CUSPARSE_STATUS_ALLOC_FAILED : CUSPARSE_STATUS_SUCCESS;
}

/// A getter of one member.
template <class D, class M, class P>
cusparseStatus_t member(const D* descriptor, M D::* which, P* place) {
    if (any_null(descriptor, place)) return CUSPARSE_STATUS_INVALID_VALUE;
    *place = descriptor->*which;
    return CUSPARSE_STATUS_SUCCESS;
}

} // namespace acc::sparse
