// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "native.h"

void run_saxpy(bench::Session& session) {
    const bench::Saxpy p(session.scale());
    Array<float> out(p.y);
    auto launch = [&] {
        const float* x = p.x.data();
        float* y = out.get();
#pragma omp parallel for simd schedule(static)
        for (int i = 0; i < p.n; ++i)
            y[i] = p.a * x[i] + y[i];
    };
    session.run(p, launch, out);
}
