// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The calling convention of docs/isa/abi.md. Kernels have their own: parameters come from the kernarg buffer and are
// lowered by hand.

def CCArg32 : CCAssignToReg<!foreach(i, !range(4, 24), !cast<Register>("R"#i))>;
def CCArg64 : CCAssignToReg<!foreach(i, !range(2, 12), !cast<Register>("D"#i))>;

def CC_ACC : CallingConv<[
  CCIfType<[i1, i8, i16], CCPromoteToType<i32>>,
  CCIfType<[i32, f32], CCArg32>,
  CCIfType<[i64, f64], CCArg64>,
  CCIfType<[i32, f32], CCAssignToStack<4, 4>>,
  CCIfType<[i64, f64], CCAssignToStack<8, 8>>
]>;

// Variable arguments: all on the stack, each at the next multiple of its size, as clang's va_arg reads them; the
// smaller ones are assignVariable's (ACCISelCall.cpp).
def CC_ACC_VarArg : CallingConv<[
  CCIfType<[i1, i8, i16], CCPromoteToType<i32>>,
  CCIfType<[i32, f32], CCAssignToStack<4, 4>>,
  CCIfType<[i64, f64], CCAssignToStack<8, 8>>
]>;

def RetCC_ACC : CallingConv<[
  CCIfType<[i1, i8, i16], CCPromoteToType<i32>>,
  CCIfType<[i32, f32], CCArg32>,
  CCIfType<[i64, f64], CCArg64>
]>;

// The link register is in the list so that a function that calls saves it.
def CSR_ACC : CalleeSavedRegs<(add D1, (sequence "R%u", 24, 39), P4, P5, P6)>;
def CSR_None : CalleeSavedRegs<(add)>;
