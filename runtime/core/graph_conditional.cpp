// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/core/graph_conditional.h"

#include "runtime/core/context.h"
#include "runtime/core/graph_program.h"

namespace acc::rt {
namespace {

constexpr uint64_t kWordBytes = 64; ///< a cache line of its own

Allocation make_word(Context& context) {
    const Allocation word = context.memory().allocate(MemoryKind::Internal, kWordBytes, kWordBytes);
    std::atomic_ref(*reinterpret_cast<uint64_t*>(word.host)).store(0);
    return word;
}

} // namespace

ConditionalHandle::ConditionalHandle(Context& context, std::optional<uint32_t> initial)
    : context_(context), initial_(initial), word_(make_word(context)) {}

ConditionalHandle::~ConditionalHandle() {
    context_.memory().release(word_.va, MemoryKind::Internal);
}

uint32_t ConditionalHandle::value() const {
    return std::atomic_ref(*reinterpret_cast<uint32_t*>(word_.host))
        .load(std::memory_order_acquire);
}

ConditionalRun::ConditionalRun(const node::Conditional& node, Stream& side,
                               std::vector<std::shared_ptr<GraphProgram>> bodies)
    : context_(side.context()), handle_(node.handle), condition_(node.condition),
      bodies_(std::move(bodies)), side_(side), word_(make_word(context_)) {}

ConditionalRun::~ConditionalRun() {
    context_.memory().release(word_.va, MemoryKind::Internal);
}

work::Wait ConditionalRun::prepare(Stream& stream) {
    std::lock_guard lock(mutex_);
    waiting_.push_back(stream.shared_queue());
    return {word_.va, ++prepared_};
}

void ConditionalRun::forgo() {
    std::lock_guard lock(mutex_);
    waiting_.pop_back();
    --prepared_;
}

void ConditionalRun::begin() {
    ran_ = false;
    step();
}

/// The body that runs now; null when the node is done.
GraphProgram* ConditionalRun::choose() const {
    const uint32_t value = handle_->value();
    switch (condition_) {
    case node::Condition::While: return value != 0 ? bodies_[0].get() : nullptr;
    case node::Condition::If:
        if (ran_) return nullptr;
        if (value != 0) return bodies_[0].get();
        return bodies_.size() > 1 ? bodies_[1].get() : nullptr;
    case node::Condition::Switch: break;
    }
    return !ran_ && value < bodies_.size() ? bodies_[value].get() : nullptr;
}

void ConditionalRun::finish() {
    std::atomic_ref(*reinterpret_cast<uint64_t*>(word_.host))
        .store(++done_, std::memory_order_release);
    std::lock_guard lock(mutex_);
    UserQueue& queue = *waiting_.front();
    queue.hardware().doorbell(queue.last()); // the device looks at the word again
    waiting_.pop_front();
}

void ConditionalRun::step() {
    try {
        GraphProgram* body = choose();
        if (body == nullptr) {
            finish();
            return;
        }
        ran_ = true;
        body->submit(side_);
        const std::function<void()> next = [self = shared_from_this()] { self->step(); };
        side_.submit(Work{work::HostCall{&next, false, true}});
    } catch (const Error& error) {
        // Unless the context is lost, and with it what waits for this, nobody else says it.
        context_.fail_with(error);
        finish();
    }
}

} // namespace acc::rt
