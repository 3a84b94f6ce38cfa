// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Chip::create alone, so that programs with an executor of their own (make_chip) link without the
// interpreter.
#include "driver/model/src/exec.h"
#include "driver/model/src/machine.h"

namespace acc::model {

std::unique_ptr<Chip> Chip::create(const ChipConfig& config, BusMemory& bus, InterruptSink* sink) {
    return make_chip(config, bus, sink, make_interpreter());
}

} // namespace acc::model
