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

void run_scan(bench::Session& session) {
    const bench::Scan p(session.scale());
    open_device(session, "collective");
    Buffer<int> in(p.in), out(p.n);
    // Scans go down the levels until one block is left, sums are added on the way back.
    std::vector<Launch> launches, adds;
    cl_mem from = in.get(), to = out.get();
    for (int n = p.n;;) {
        const int blocks = static_cast<int>(divide_up(n, p.per_group));
        const Buffer<int> sums(blocks); // the device's memory stays
        launches.emplace_back("scan_blocks", Range{size_t(blocks)}, Range{256}, n, from, to,
                              sums.get());
        if (blocks == 1) break;
        adds.emplace_back("scan_add", Range{size_t(blocks)}, Range{256}, n, to, sums.get());
        from = to = sums.get();
        n = blocks;
    }
    launches.insert(launches.end(), adds.rbegin(), adds.rend());
    auto launch = [&] {
        for (const Launch& one : launches)
            one();
    };
    session.run(p, launch, out);
}

void run_histogram(bench::Session& session) {
    const bench::Histogram p(session.scale());
    open_device(session, "collective");
    Buffer<uint32_t> in(p.in), bins(256);
    const Launch count("histogram", {size_t(p.groups)}, {256}, p.words, in.get(), bins.get());
    auto launch = [&] {
        const cl_uint zero = 0;
        CHECK(clEnqueueFillBuffer(device.queue, bins.get(), &zero, sizeof zero, 0,
                                  256 * sizeof zero, 0, nullptr, nullptr));
        count();
    };
    session.run(p, launch, bins);
}
