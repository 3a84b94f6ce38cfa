// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "device.h"

void run_stencil2d(bench::Session& session) {
    const bench::Stencil2d p(session.scale());
    open_device(session, "stencil");
    Buffer<float> in(p.in), out(p.in.size());
    const Launch launch("stencil2d", {divide_up(p.n, 32), divide_up(p.n, 8)}, {32, 8}, p.n, p.rate,
                        in.get(), out.get());
    session.run(p, launch, out);
}
