// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "device.h"

void run_fft(bench::Session& session) {
    const bench::Fft p(session.scale());
    open_device(session, "blocks");
    Buffer<float> in(p.in), roots(p.roots), out(p.in.size());
    session.run(p, Launch("fft", {size_t(p.batch)}, {256}, in.get(), roots.get(), out.get()), out);
}

void run_bitonic(bench::Session& session) {
    const bench::Bitonic p(session.scale());
    open_device(session, "blocks");
    Buffer<uint32_t> in(p.in), out(p.in.size());
    session.run(p, Launch("bitonic", {size_t(p.parts)}, {512}, in.get(), out.get()), out);
}

void run_alignment(bench::Session& session) {
    const bench::Alignment p(session.scale());
    open_device(session, "blocks");
    Buffer<int8_t> a(p.a), b(p.b);
    Buffer<int> best(p.pairs);
    const Launch launch("alignment", {size_t(p.pairs)}, {size_t(p.size)}, p.match, p.mismatch,
                        p.gap, a.get(), b.get(), best.get());
    session.run(p, launch, best);
}
