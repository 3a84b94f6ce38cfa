// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/cuda/handles.h"

#include "runtime/core/module.h"
#include "runtime/cuda/driver_texref.h"
#include "runtime/cuda/image_objects.h"
#include "runtime/cuda/library.h"
#include "runtime/cuda/runtime.h"

namespace acc::cuda {
namespace {

template <typename T>
void drop_all(const ApiContext& owner) {
    HandleTable<T>::get().drop_if([&](const T&, const ApiContext* of) { return of == &owner; });
}

} // namespace

void drop_handles(const ApiContext& owner) {
    drop_all<rt::Stream>(owner);
    drop_all<rt::Event>(owner);
    drop_all<rt::Kernel>(owner);
    drop_all<rt::Module>(owner);
    drop_all<rt::Pool>(owner);
    drop_all<rt::Array>(owner);
    drop_all<rt::Image>(owner);
    drop_all<DriverReference>(owner);
    drop_all<rt::GraphNode>(owner);
    drop_all<rt::Graph>(owner);
    drop_all<rt::GraphExec>(owner);
    ImageObjects::get().forget(owner);
    Libraries::get().forget(owner);
}

void drop_handles(const rt::Module& module) {
    HandleTable<rt::Kernel>::get().drop_if(
        [&](const rt::Kernel& kernel, const ApiContext*) { return kernel.module == &module; });
    HandleTable<DriverReference>::get().drop_if([&](DriverReference& reference, const ApiContext*) {
        const bool of_it = reference.module == &module;
        if (of_it) reference.end();
        return of_it;
    });
    HandleTable<rt::Module>::get().drop_if(
        [&](const rt::Module& have, const ApiContext*) { return &have == &module; });
}

} // namespace acc::cuda
