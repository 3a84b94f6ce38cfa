// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "device.h"

namespace {

void run_spmv(bench::Session& session, const char* name, int rows_of_group) {
    const bench::Spmv p(session.scale());
    open_device(session, "sparse");
    Buffer<int> starts(p.starts), columns(p.columns);
    Buffer<float> values(p.values), x(p.x), y(p.rows);
    const Launch launch(name, {divide_up(p.rows, rows_of_group)}, {256}, p.rows, starts.get(),
                        columns.get(), values.get(), x.get(), y.get());
    session.run(p, launch, y);
}

} // namespace

void run_spmv_scalar(bench::Session& session) {
    run_spmv(session, "spmv_scalar", 256);
}

void run_spmv_warp(bench::Session& session) {
    run_spmv(session, "spmv_warp", 8);
}

void run_bfs(bench::Session& session) {
    const bench::Bfs p(session.scale());
    open_device(session, "sparse");
    Buffer<int> starts(p.starts), edges(p.edges), distances(p.vertices), changed(1);
    const Range groups{divide_up(p.vertices, 256)};
    const Launch begin("bfs_begin", groups, {256}, p.vertices, distances.get());
    const Launch next("bfs_level", groups, {256}, p.vertices, 0, starts.get(), edges.get(),
                      distances.get(), changed.get());
    auto launch = [&] {
        begin();
        cl_int again = 1;
        for (cl_int level = 0; again; ++level) {
            again = 0;
            CHECK(clEnqueueWriteBuffer(device.queue, changed.get(), CL_TRUE, 0, sizeof again,
                                       &again, 0, nullptr, nullptr));
            next.set(1, level);
            next();
            CHECK(clEnqueueReadBuffer(device.queue, changed.get(), CL_TRUE, 0, sizeof again, &again,
                                      0, nullptr, nullptr));
        }
    };
    session.run(p, launch, distances);
}
