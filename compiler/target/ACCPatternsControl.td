// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Selection of control flow, calls, addresses of symbols, special registers and traps. Loads, stores and atomics are
// selected in C++ (ACCISelMemory.cpp), because their records are tables over space, width and operation.

def : Pat<(br bb:$t), (BRA bb:$t)>;
def : Pat<(brcond (psrc i1:$p, i32:$n), bb:$t), (BRA_P bb:$t, $p, $n)>;
def : Pat<(ACCexit), (EXIT)>;
def : Pat<(ACCret), (RET_L)>;
def : Pat<(ACCcall tglobaladdr:$f), (CALL_D tglobaladdr:$f)>;
def : Pat<(ACCcall texternalsym:$f), (CALL_D texternalsym:$f)>;
def : Pat<(ACCcall i64:$f), (CALL_X $f)>;

// Code and data are one image: their distance is fixed, so addresses need no relocation at load time.
def : Pat<(i64 (ACCpcaddr tglobaladdr:$a)), (LEAPC_sym tglobaladdr:$a)>;
def : Pat<(i64 (ACCpcaddr texternalsym:$a)), (LEAPC_sym texternalsym:$a)>;
def : Pat<(i64 (ACCpcaddr tconstpool:$a)), (LEAPC_sym tconstpool:$a)>;
def : Pat<(i64 (ACCpcaddr tjumptable:$a)), (LEAPC_sym tjumptable:$a)>;

def : Pat<(i32 (ACCsreg timm:$n)), (MOVSR timm:$n)>;
def : Pat<(i64 (ACCsreg timm:$n)), (MOVSR64 timm:$n)>;

// Trap codes of the ABI.
def : Pat<(trap), (TRAP 0)>;
def : Pat<(debugtrap), (BRK 0)>;
def : Pat<(ubsantrap (i32 timm)), (TRAP 0)>;
