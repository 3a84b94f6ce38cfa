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

void Recorder::refuse(const char* what) {
    fail(Status::StreamCaptureUnsupported, "{}: the stream is recording its work", what);
}

void Recording::keep(Work& work, Own& own) {
    if (auto* launch = std::get_if<work::Launch>(&work.what)) {
        auto buffer = std::make_unique<uint8_t[]>(launch->arguments.bytes);
        launch->arguments.write(buffer.get());
        launch->arguments = {launch->arguments.bytes, buffer.get(), nullptr, {}};
        own.arguments = std::move(buffer);
    }
    if (auto* call = std::get_if<work::HostCall>(&work.what)) {
        own.function = std::make_unique<std::function<void()>>(*call->function);
        call->function = own.function.get();
    }
}

void Recording::record(std::span<const Work> works) {
    for (const Work& work : works)
        if (leaves_the_context(work))
            fail(Status::NotSupported, "copies between two devices cannot be recorded");
    std::lock_guard lock(mutex_);
    works_.reserve(works_.size() + works.size());
    for (const Work& work : works)
        keep(works_.emplace_back(work), own_.emplace_back());
}

void Recording::replace(size_t index, const Work& work) {
    Work& place = works_[index];
    const bool ordered = place.ordered, signal = place.signal;
    place = work;
    place.ordered = ordered;
    place.signal = signal;
    keep(place, own_[index]);
}

} // namespace acc::rt
