// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "device.h"

void run_sha256(bench::Session& session) {
    const bench::Sha256 p(session.scale());
    open_device(session, "hash");
    Buffer<uint32_t> in(p.in), out(size_t{8} * p.messages);
    const Launch launch("sha256", {divide_up(p.messages, 128)}, {128}, p.messages, p.words,
                        in.get(), out.get());
    session.run(p, launch, out);
}
