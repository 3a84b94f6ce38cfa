// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "device.h"

void run_raytrace(bench::Session& session) {
    const bench::Raytrace p(session.scale());
    open_device(session, "raytrace");
    Buffer<float> spheres(p.spheres), out(size_t(p.n) * p.n);
    const Range groups{divide_up(p.n, 16), divide_up(p.n, 8)};
    session.run(p, Launch("raytrace", groups, {16, 8}, spheres.get(), p.n, p.bounces, out.get()),
                out);
}
