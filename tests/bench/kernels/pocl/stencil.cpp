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

void run_stencil3d(bench::Session& session) {
    const bench::Stencil3d p(session.scale());
    open_device(session, "stencil");
    Buffer<float> in(p.in), out(p.in);
    const Range groups{divide_up(p.n - 2, 32), divide_up(p.n - 2, 8)};
    session.run(p, Launch("stencil3d", groups, {32, 8}, p.n, p.rate, in.get(), out.get()), out);
}

void run_conv3x3(bench::Session& session) {
    const bench::Conv3x3 p(session.scale());
    open_device(session, "stencil");
    Buffer<float> in(p.in), weights(p.weights), out(size_t(p.out_channels) * p.size * p.size);
    const Range groups{divide_up(p.size, 16), divide_up(p.size, 16), size_t(p.out_channels)};
    const Launch launch("conv3x3", groups, {16, 16}, p.size, p.in_channels, in.get(), weights.get(),
                        out.get());
    session.run(p, launch, out);
}
