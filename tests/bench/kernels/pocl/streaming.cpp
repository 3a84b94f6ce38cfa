// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "device.h"

void run_saxpy(bench::Session& session) {
    const bench::Saxpy p(session.scale());
    open_device(session, "streaming");
    Buffer<float> x(p.x), y(p.y);
    session.run(p, Launch("saxpy", {divide_up(p.n, 256)}, {256}, p.n, p.a, x.get(), y.get()), y);
}
