// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "device.h"

void run_saxpy(bench::Session& session) {
    const bench::Saxpy p(session.scale());
    open_device(session, "streaming");
    Buffer<float> x(p.x), y(p.y);
    session.run(p, Launch("saxpy", {divide_up(p.n, 256)}, {256}, p.n, p.a, x.get(), y.get()), y);
}

void run_triad(bench::Session& session) {
    const bench::Triad p(session.scale());
    open_device(session, "streaming");
    Buffer<float> b(p.b), c(p.c), a(p.n);
    session.run(p, Launch("triad", {size_t(p.groups)}, {256}, p.n, p.s, b.get(), c.get(), a.get()),
                a);
}

void run_transpose_naive(bench::Session& session) {
    const bench::Transpose p(session.scale());
    open_device(session, "streaming");
    Buffer<float> in(p.in), out(p.in.size());
    const Range groups{divide_up(p.n, 16), divide_up(p.n, 16)};
    session.run(p, Launch("transpose_naive", groups, {16, 16}, p.n, in.get(), out.get()), out);
}

void run_transpose_tiled(bench::Session& session) {
    const bench::Transpose p(session.scale());
    open_device(session, "streaming");
    Buffer<float> in(p.in), out(p.in.size());
    const Range groups{size_t(p.n / 32), size_t(p.n / 32)};
    session.run(p, Launch("transpose_tiled", groups, {32, 8}, p.n, in.get(), out.get()), out);
}
