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
