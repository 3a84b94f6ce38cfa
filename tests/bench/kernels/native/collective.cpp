// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "native.h"

void run_reduction(bench::Session& session) {
    const bench::Reduction p(session.scale());
    Array<float> out(1);
    auto launch = [&] {
        const float* in = p.in.data();
        float sum = 0;
#pragma omp parallel for simd reduction(+ : sum) schedule(static)
        for (int i = 0; i < p.n; ++i)
            sum += in[i];
        out.get()[0] = sum;
    };
    session.run(p, launch, out);
}
