// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// How calls become programs. Sums are made where they stay: each rank gets all operands of its
// slice and adds them up in the order of ranks, so neither time nor scheduling changes a bit.
#include "runtime/lib/ccl/group.h"
#include "runtime/lib/ccl/kernels.h"

#include <algorithm>

namespace acc::ccl {
namespace {

class Plan {
  public:
    explicit Plan(const ncclComm& comm)
        : ranks_(uint32_t(comm.ranks)), queues_(2 * size_t(comm.ranks) * 2) {}

    void send(int step, int to, const void* from, size_t bytes) {
        // A segment has one type for both ways; what is sent is only read.
        add(step, size_t(to), const_cast<void*>(from), bytes);
    }
    void receive(int step, int from, void* to, size_t bytes) {
        add(step, ranks_ + size_t(from), to, bytes);
    }
    void reduce(const void* operand, void* result, size_t bytes) {
        reduces_ = true;
        operand_ = operand;
        result_ = result;
        bytes_ = bytes;
    }
    /// The first step's operands are multiplied; a sum is of this kind.
    void operate(int op, const Scalar& scalar) {
        op_ = op;
        scalar_ = scalar;
    }
    bool empty() const { return segments_ == 0 && (!reduces_ || bytes_ == 0); }
    bool reduces() const { return reduces_ || scalar_.used; }

    Program* write(Programs& programs, bool keep) const {
        const size_t tables = 2 * (2 * size_t(ranks_) + 2) * sizeof(uint32_t);
        Program* program = programs.claim(sizeof(Program) + tables + segments_ * sizeof(Segment),
                                          keep);
        auto* first = reinterpret_cast<uint32_t*>(program + 1);
        auto* segment = reinterpret_cast<Segment*>(reinterpret_cast<char*>(first) + tables);
        program->steps = steps_;
        program->scalar = scalar_;
        for (uint32_t s = 0; s < 2; ++s) {
            Step& step = program->step[s];
            step = Step{};
            step.first = first;
            step.segments = segment;
            uint32_t count = 0;
            for (size_t q = 0; q < 2 * size_t(ranks_); ++q) {
                *first++ = count;
                for (const Segment& one : queues_[s * 2 * ranks_ + q])
                    segment[count++] = one;
            }
            *first++ = count;
            ++first; // segments are aligned
            segment += count;
        }
        Step& step = program->step[0];
        step.scaled = scalar_.used;
        step.reduces = reduces_;
        step.op = op_;
        step.operand = static_cast<const char*>(operand_);
        step.result = static_cast<char*>(result_);
        step.bytes = bytes_;
        return program;
    }

  private:
    void add(int step, size_t queue, void* memory, size_t bytes) {
        if (bytes == 0) return;
        queues_[size_t(step) * 2 * ranks_ + queue].push_back({static_cast<char*>(memory), bytes});
        ++segments_;
        if (uint32_t(step) >= steps_) steps_ = uint32_t(step) + 1;
    }

    uint32_t ranks_;
    std::vector<std::vector<Segment>> queues_; ///< of the first step, of the second
    size_t segments_ = 0;
    uint32_t steps_ = 1;
    bool reduces_ = false;
    int op_ = ncclSum;
    Scalar scalar_;
    const void* operand_ = nullptr;
    void* result_ = nullptr;
    size_t bytes_ = 0;
};

const char* at(const void* memory, size_t offset) {
    return static_cast<const char*>(memory) + offset;
}
char* at(void* memory, size_t offset) {
    return static_cast<char*>(memory) + offset;
}

/// Which elements of a vector a rank adds up.
struct Slice {
    size_t begin, size;
    Slice(size_t count, int ranks, int rank)
        : begin(count / size_t(ranks) * size_t(rank) +
                std::min(size_t(rank), count % size_t(ranks))),
          size(count / size_t(ranks) + (size_t(rank) < count % size_t(ranks) ? 1 : 0)) {}
};

void copy(void* to, const void* from, size_t bytes, cudaStream_t stream) {
    if (to == from || bytes == 0) return;
    check(cudaMemcpyAsync(to, from, bytes, cudaMemcpyDefault, stream), "a copy within the rank");
}

/// What a collective sends and receives; the own part is copied in the stream.
void plan(const ncclComm& comm, const Operation& call, Plan& plan) {
    const int n = comm.ranks, me = comm.rank;
    const size_t size = size_of(call.type), bytes = call.count * size;
    const bool root = me == call.root;
    const auto others = [&](auto body) {
        for (int distance = 1; distance < n; ++distance)
            body((me + distance) % n);
    };
    switch (call.call) {
    case Call::all_reduce: {
        const Slice mine(call.count, n, me);
        plan.reduce(at(call.from, mine.begin * size), at(call.to, mine.begin * size),
                    mine.size * size);
        others([&](int r) {
            const Slice its(call.count, n, r);
            plan.send(0, r, at(call.from, its.begin * size), its.size * size);
            plan.send(1, r, at(call.to, mine.begin * size), mine.size * size);
            plan.receive(1, r, at(call.to, its.begin * size), its.size * size);
        });
        return;
    }
    case Call::reduce_scatter:
        plan.reduce(at(call.from, size_t(me) * bytes), call.to, bytes);
        others([&](int r) { plan.send(0, r, at(call.from, size_t(r) * bytes), bytes); });
        return;
    case Call::reduce:
        if (root)
            plan.reduce(call.from, call.to, bytes);
        else
            plan.send(0, call.root, call.from, bytes);
        return;
    case Call::broadcast:
        if (root) {
            copy(call.to, call.from, bytes, call.stream);
            others([&](int r) { plan.send(0, r, call.from, bytes); });
        } else {
            plan.receive(0, call.root, call.to, bytes);
        }
        return;
    case Call::all_gather:
        copy(at(call.to, size_t(me) * bytes), call.from, bytes, call.stream);
        others([&](int r) {
            plan.send(0, r, call.from, bytes);
            plan.receive(0, r, at(call.to, size_t(r) * bytes), bytes);
        });
        return;
    case Call::all_to_all:
        copy(at(call.to, size_t(me) * bytes), at(call.from, size_t(me) * bytes), bytes,
             call.stream);
        others([&](int r) {
            plan.send(0, r, at(call.from, size_t(r) * bytes), bytes);
            plan.receive(0, r, at(call.to, size_t(r) * bytes), bytes);
        });
        return;
    case Call::gather:
        if (root) {
            copy(at(call.to, size_t(me) * bytes), call.from, bytes, call.stream);
            others([&](int r) { plan.receive(0, r, at(call.to, size_t(r) * bytes), bytes); });
        } else {
            plan.send(0, call.root, call.from, bytes);
        }
        return;
    case Call::scatter:
        if (root) {
            copy(call.to, at(call.from, size_t(me) * bytes), bytes, call.stream);
            others([&](int r) { plan.send(0, r, at(call.from, size_t(r) * bytes), bytes); });
        } else {
            plan.receive(0, call.root, call.to, bytes);
        }
        return;
    case Call::send: plan.send(0, call.root, call.from, bytes); return;
    case Call::receive: plan.receive(0, call.root, call.to, bytes); return;
    }
}

/// The capture that a stream takes part in; 0: none.
unsigned long long capture_of(cudaStream_t stream) {
    cudaStreamCaptureStatus status = cudaStreamCaptureStatusNone;
    unsigned long long id = 0;
    check(cudaStreamGetCaptureInfo(stream, &status, &id), "the stream");
    return status == cudaStreamCaptureStatusActive ? id : 0;
}

/// `stream` waits for the last program of its kind, captured or not.
void follow(const LastLaunch& last, cudaStream_t stream, unsigned long long capture) {
    if (last.any && stream != last.stream && capture == last.capture)
        check(cudaStreamWaitEvent(stream, last.event, 0), "the order of streams");
}

/// What follows waits for what is in `stream` now.
void mark(LastLaunch& last, cudaStream_t stream, unsigned long long capture) {
    last.any = false; // should this fail
    check(cudaEventRecord(last.event, stream), "the order of streams");
    last.any = true;
    last.stream = stream;
    last.capture = capture;
}

/// One program at a time: those of other streams wait for the last one.
void launch(ncclComm& comm, const Plan& plan, ncclDataType_t type, cudaStream_t stream) {
    if (plan.empty()) return;
    const unsigned long long capture = capture_of(stream);
    LastLaunch& last = capture != 0 ? comm.captured : comm.eager;
    follow(last, stream, capture);
    Program* program = plan.write(comm.programs, capture != 0);
    const cudaError_t error = launch_program(plan.reduces(), type, &comm.block->fabric(), program,
                                             stream);
    if (error != cudaSuccess) poke(&program->busy, 0u);
    check(error, "the launch");
    mark(last, stream, capture);
}

void run_alone(const Operation& call) {
    const size_t bytes = call.count * size_of(call.type);
    if (call.scalar.used && call.count != 0)
        check(launch_scale(call.type, call.scalar, call.from, call.to, call.count, call.stream),
              "the launch");
    else
        copy(call.to, call.from, bytes, call.stream);
}

void run_collective(ncclComm& comm, const Operation& call) {
    if (comm.ranks == 1) return run_alone(call);
    Plan steps(comm);
    steps.operate(call.op, call.scalar);
    plan(comm, call, steps);
    launch(comm, steps, call.type, call.stream);
}

/// Sends to the own rank and receives from it belong together in the order of the calls.
void copy_to_self(const std::vector<Operation>& sends, const std::vector<Operation>& receives) {
    if (sends.size() != receives.size())
        fail(ncclInvalidUsage, "%zu sends to the own rank, but %zu receives from it, in a group",
             sends.size(), receives.size());
    for (size_t i = 0; i < sends.size(); ++i) {
        const size_t bytes = sends[i].count * size_of(sends[i].type);
        if (bytes != receives[i].count * size_of(receives[i].type))
            fail(ncclInvalidUsage,
                 "a send of %zu bytes to the own rank meets a receive of another size", bytes);
        copy(receives[i].to, sends[i].from, bytes, receives[i].stream);
    }
}

/// All sends and receives of a group, at once.
void run_messages(ncclComm& comm, const std::vector<Operation>& calls) {
    std::vector<cudaStream_t> streams;
    std::vector<Operation> sends, receives;
    Plan steps(comm);
    for (const Operation& call : calls) {
        if (std::find(streams.begin(), streams.end(), call.stream) == streams.end())
            streams.push_back(call.stream);
        if (call.root != comm.rank)
            plan(comm, call, steps);
        else
            (call.call == Call::send ? sends : receives).push_back(call);
    }
    const cudaStream_t first = streams[0];
    const unsigned long long capture = capture_of(first);
    LastLaunch& last = capture != 0 ? comm.captured : comm.eager;
    const auto join = [&](cudaStream_t before, cudaStream_t after) {
        check(cudaEventRecord(last.event, before), "the order of streams");
        check(cudaStreamWaitEvent(after, last.event, 0), "the order of streams");
    };
    if (streams.size() > 1) {
        follow(last, first, capture);
        last.any = false; // its event is used below
        for (size_t i = 1; i < streams.size(); ++i)
            join(streams[i], first);
        mark(last, first, capture); // `first` has waited, whether or not a program comes
    }
    std::vector<Operation> own = receives;
    for (Operation& one : own)
        one.stream = first;
    copy_to_self(sends, own);
    launch(comm, steps, ncclUint8, first);
    for (size_t i = 1; i < streams.size(); ++i)
        join(first, streams[i]);
}

bool is_message(const Operation& call) {
    return call.call == Call::send || call.call == Call::receive;
}

} // namespace

void enqueue(ncclComm& comm, const std::vector<Operation>& operations) {
    const std::lock_guard lock(comm.mutex);
    if (comm.ended || comm.aborted)
        fail(ncclInvalidUsage, "the communicator was aborted or destroyed meanwhile");
    const Quietly quietly(comm.device);
    std::vector<Operation> messages;
    for (const Operation& call : operations)
        if (is_message(call))
            messages.push_back(call);
        else
            run_collective(comm, call);
    if (!messages.empty()) run_messages(comm, messages);
}

} // namespace acc::ccl
