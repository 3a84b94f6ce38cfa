// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "device.h"

namespace {

template <typename Problem, typename T>
void run_tiled(bench::Session& session, const char* name, size_t tile) {
    const Problem p(session.scale());
    open_device(session, "dense");
    Buffer<T> a(p.a), b(p.b), c(size_t(p.n) * p.n);
    const size_t groups = p.n / tile;
    session.run(p, Launch(name, {groups, groups}, {tile, tile}, p.n, a.get(), b.get(), c.get()), c);
}

} // namespace

void run_sgemm16(bench::Session& session) {
    run_tiled<bench::Sgemm, float>(session, "sgemm16", 16);
}
