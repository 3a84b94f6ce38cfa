// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/target/ACC.h"
#include "llvm/CodeGen/MachineFunctionPass.h"
using namespace llvm;
namespace {
class ACCGuard_ : public MachineFunctionPass {
public:
  static char ID;
  ACCGuard_() : MachineFunctionPass(ID) {}
  bool runOnMachineFunction(MachineFunction &MF) override { return false; }
};
char ACCGuard_::ID;
} // namespace
FunctionPass *llvm::createACCGuardPass() { return new ACCGuard_(); }
