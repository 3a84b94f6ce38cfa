// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Registers between blocks. A register is used for many things in a kernel; a variable is one of
// them: its occurrences at block ends that are connected by edges along which it is live. Two
// registers that always hold a 64-bit value together are one variable.
#pragma once

#include <vector>

#include "driver/model/jit/program.h"

namespace acc::model::jit {

struct Variable {
    Reg reg;       ///< the first one
    unsigned bits; ///< 1, 32 or 64
};

class Variables {
  public:
    explicit Variables(const Program& program);
    /// The variable that register r is at the start or the end of block b, where it is live.
    unsigned in(unsigned b, Reg r) const { return index_[place(b, 0, r)]; }
    unsigned out(unsigned b, Reg r) const { return index_[place(b, 1, r)]; }
    const std::vector<Variable>& all() const { return all_; }

  private:
    static size_t place(unsigned b, unsigned end, Reg r) {
        return (size_t{b} * 2 + end) * kNumRegs + r;
    }
    size_t find(size_t place);
    void connect(const Program& program);
    void pair_up(const Program& program);

    std::vector<size_t> parent_;
    std::vector<unsigned> index_;
    std::vector<Variable> all_;
};

} // namespace acc::model::jit
