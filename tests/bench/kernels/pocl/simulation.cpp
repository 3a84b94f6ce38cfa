// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "device.h"

void run_nbody(bench::Session& session) {
    const bench::Nbody p(session.scale());
    open_device(session, "simulation");
    Buffer<float> bodies(p.bodies), out(p.bodies.size());
    const Launch launch("nbody", {divide_up(p.n, 256)}, {256}, p.n, p.softening, bodies.get(),
                        out.get());
    session.run(p, launch, out);
}

void run_mandelbrot(bench::Session& session) {
    const bench::Mandelbrot p(session.scale());
    open_device(session, "simulation");
    Buffer<int> out(size_t(p.n) * p.n);
    const Range groups{divide_up(p.n, 32), divide_up(p.n, 8)};
    session.run(p, Launch("mandelbrot", groups, {32, 8}, p.n, p.limit, p.step, out.get()), out);
}

void run_black_scholes(bench::Session& session) {
    const bench::BlackScholes p(session.scale());
    open_device(session, "simulation");
    Buffer<float> price(p.price), strike(p.strike), years(p.years), out(size_t{2} * p.n);
    const Launch launch("black_scholes", {divide_up(p.n, 256)}, {256}, p.n, p.rate, p.volatility,
                        price.get(), strike.get(), years.get(), out.get());
    session.run(p, launch, out);
}
