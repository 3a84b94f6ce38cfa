// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "device.h"

void run_attention(bench::Session& session) {
    const bench::Attention p(session.scale());
    open_device(session, "attention");
    Buffer<bench::Half> q(p.q), k(p.k), v(p.v), out(p.q.size());
    const Launch launch("attention", {size_t(p.length), size_t(p.heads)}, {128}, p.length, p.factor,
                        q.get(), k.get(), v.get(), out.get());
    session.run(p, launch, out);
}
