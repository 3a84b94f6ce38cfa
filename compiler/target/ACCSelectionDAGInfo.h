// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "compiler/target/ACC.h"
#include "llvm/CodeGen/SelectionDAGTargetInfo.h"

namespace llvm {

class ACCSelectionDAGInfo : public SelectionDAGTargetInfo {
public:
  bool isTargetMemoryOpcode(unsigned Opcode) const override {
    return Opcode >= ACCISD::LOAD_V2 && Opcode <= ACCISD::EXCH_128;
  }
  const char *getTargetNodeName(unsigned Opcode) const override {
    static const char *const Names[] = {"CALL",    "RET",     "EXIT",     "PC_ADDR",  "SREG",    "TEXTURE",
                                        "LOAD_V2", "LOAD_V4", "STORE_V2", "STORE_V4", "CAS_128", "EXCH_128"};
    unsigned Index = Opcode - ACCISD::CALL;
    return Index < std::size(Names) ? Names[Index] : nullptr;
  }
};

} // namespace llvm
