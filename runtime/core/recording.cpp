// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/core/recording.h"

#include <cstring>

#include "runtime/core/status.h"

namespace acc::rt {
namespace {

bool leaves_the_context(const Work& work) {
    if (const auto* copy = std::get_if<work::Copy>(&work.what))
        return copy->to.foreign != nullptr || copy->from.foreign != nullptr;
    if (const auto* rect = std::get_if<work::CopyRect>(&work.what))
        return rect->to.foreign != nullptr || rect->from.foreign != nullptr;
    return false;
}

} // namespace

void KernelArguments::write(uint8_t* to) const {
    if (packed != nullptr) {
        std::memcpy(to, packed, bytes);
        return;
    }
    for (size_t i = 0; i < where.size(); ++i)
        std::memcpy(to + where[i].offset, separate[i], where[i].size);
}

void Recording::keep(KernelArguments& arguments) {
    auto buffer = std::make_unique<uint8_t[]>(arguments.bytes);
    arguments.write(buffer.get());
    arguments = {arguments.bytes, buffer.get(), nullptr, {}};
    buffers_.push_back(std::move(buffer));
}

void Recording::keep(work::HostCall& call) {
    call.function = &functions_.emplace_back(*call.function);
}

void Recording::record(std::span<const Work> works) {
    for (const Work& work : works)
        if (leaves_the_context(work))
            fail(Status::NotSupported, "copies between two devices cannot be recorded");
    std::lock_guard lock(mutex_);
    for (const Work& work : works) {
        works_.push_back(work);
        if (auto* launch = std::get_if<work::Launch>(&works_.back().what)) keep(launch->arguments);
        if (auto* call = std::get_if<work::HostCall>(&works_.back().what)) keep(*call);
    }
}

} // namespace acc::rt
