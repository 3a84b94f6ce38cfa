// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "device.h"

void run_reduction(bench::Session& session) {
    const bench::Reduction p(session.scale());
    open_device(session, "collective");
    Buffer<float> in(p.in), sums(p.groups), out(1);
    const Launch parts("reduce", {size_t(p.groups)}, {256}, p.n, in.get(), sums.get());
    const Launch whole("reduce", {1}, {256}, p.groups, sums.get(), out.get());
    auto launch = [&] {
        parts();
        whole();
    };
    session.run(p, launch, out);
}
