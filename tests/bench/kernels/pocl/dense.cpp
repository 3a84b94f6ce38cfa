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

void run_registers(bench::Session& session, const char* name, size_t tile) {
    const bench::Sgemm p(session.scale());
    open_device(session, "dense");
    Buffer<float> a(p.a), b(p.b), c(size_t(p.n) * p.n);
    const size_t groups = p.n / tile;
    session.run(p, Launch(name, {groups, groups}, {256}, p.n, a.get(), b.get(), c.get()), c);
}

void run_integers(bench::Session& session, const char* name) {
    const bench::Igemm p(session.scale());
    open_device(session, "dense");
    Buffer<int> a(p.a), b(p.b), c(size_t(p.n) * p.n);
    const size_t groups = p.n / 16;
    const Launch launch(name, {groups, groups}, {16, 16}, p.n, p.words, a.get(), b.get(), c.get());
    session.run(p, launch, c);
}

} // namespace

void run_sgemm16(bench::Session& session) {
    run_tiled<bench::Sgemm, float>(session, "sgemm16", 16);
}

void run_sgemm32(bench::Session& session) {
    run_tiled<bench::Sgemm, float>(session, "sgemm32", 32);
}

void run_sgemm64(bench::Session& session) {
    run_registers(session, "sgemm64", 64);
}

void run_sgemm128(bench::Session& session) {
    run_registers(session, "sgemm128", 128);
}

void run_dgemm(bench::Session& session) {
    run_tiled<bench::Dgemm, double>(session, "dgemm", 16);
}

void run_igemm(bench::Session& session) {
    run_integers(session, "igemm");
}

void run_igemm_columns(bench::Session& session) {
    run_integers(session, "igemm_columns");
}
