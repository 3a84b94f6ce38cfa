// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The ACC1 instruction set: the one source from which the decoder, assembler, disassembler, the LLVM backend's
// instruction records and docs/isa/ are generated.
include "Schema.td"
include "Control.td"
include "Integer.td"
include "Float.td"
include "Convert.td"
include "Memory.td"
include "Warp.td"
include "Texture.td"
