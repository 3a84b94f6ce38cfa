// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "device.h"

void run_softmax(bench::Session& session) {
    const bench::Softmax p(session.scale());
    open_device(session, "rows");
    Buffer<float> in(p.in), out(p.in.size());
    session.run(p, Launch("softmax", {size_t(p.rows)}, {256}, p.columns, in.get(), out.get()), out);
}

void run_layernorm(bench::Session& session) {
    const bench::Layernorm p(session.scale());
    open_device(session, "rows");
    Buffer<float> in(p.in), gamma(p.gamma), beta(p.beta), out(p.in.size());
    const Launch launch("layernorm", {size_t(p.rows)}, {256}, p.columns, p.epsilon, in.get(),
                        gamma.get(), beta.get(), out.get());
    session.run(p, launch, out);
}
