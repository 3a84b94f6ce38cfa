// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The tools of CUDA's toolkit under their names.
// REQUIRES: accc, accdevicelib, acc-cuda-tools
// RUN: rm -rf %t && mkdir %t && cd %t && accc -arch=sm_75 -c %s -o x.o && accc -arch=sm_75 -cubin %s -o x.cubin
// RUN: %toolkit/bin/cuobjdump --version | FileCheck --check-prefix=VERSION %s
// RUN: %toolkit/bin/nvlink -V | FileCheck --check-prefix=VERSION %s
// VERSION: Cuda compilation tools, release {{[0-9]+\.[0-9]+}}, V
// RUN: for tool in bin2c cu++filt cuobjdump fatbinary nvdisasm nvlink nvprune; do for help in --help -h; do %toolkit/bin/$tool $help | grep -q "usage: $tool" || exit 1; done; done
// RUN: %toolkit/bin/cuobjdump --help | FileCheck --check-prefix=HELP %s
// HELP: usage: cuobjdump [OPTION...] FILE...
// HELP: -sass, --dump-sass
//
// RUN: %toolkit/bin/cuobjdump -lelf x.o | FileCheck --check-prefix=LIST %s
// LIST: ELF file    1: x.1.sm_75.cubin
// RUN: %toolkit/bin/cuobjdump -xelf all x.o && cmp x.1.sm_75.cubin x.cubin
// RUN: %toolkit/bin/cuobjdump -sass x.o | FileCheck --check-prefix=SASS %s
// RUN: %toolkit/bin/cuobjdump --dump-sass --function kernel x.cubin | FileCheck --check-prefix=SASS %s
// SASS: arch = sm_75
// SASS: kernel
// SASS: st.global
// RUN: %toolkit/bin/cuobjdump -res-usage x.o | FileCheck --check-prefix=USAGE %s
// USAGE: Function kernel:
// USAGE-NEXT: REG:{{[0-9]+}} STACK:0 SHARED:0 LOCAL:0 CONSTANT[0]:8
// RUN: %toolkit/bin/cuobjdump x.o | FileCheck --check-prefix=SUMMARY %s
// SUMMARY: Fatbin elf code:
// SUMMARY: arch = sm_75
// SUMMARY-NOT: st.global
// RUN: not %toolkit/bin/cuobjdump -ptx x.o 2>&1 | FileCheck --check-prefix=PTX %s
// PTX: cuobjdump fatal   : option '-ptx': programs of acc hold machine code and no PTX
// RUN: not %toolkit/bin/cuobjdump --foo x.o 2>&1 | FileCheck --check-prefix=UNKNOWN %s
// UNKNOWN: cuobjdump fatal   : unknown option '-foo'
// RUN: echo text > text && not %toolkit/bin/cuobjdump -sass text 2>&1 | FileCheck --check-prefix=NONE %s
// NONE: 'text' does not contain device code
//
// RUN: %toolkit/bin/nvdisasm -hex -c x.cubin | FileCheck --check-prefix=DISASM %s
// DISASM: st.global
// RUN: not %toolkit/bin/nvdisasm x.o 2>&1 | FileCheck --check-prefix=NOCUBIN %s
// NOCUBIN: 'x.o' is no code object of acc
//
// RUN: %toolkit/bin/fatbinary --create=x.fatbin -64 --image3=kind=elf,sm=75,file=x.cubin && accc -arch=sm_75 -fatbin %s -o y.fatbin && cmp x.fatbin y.fatbin
// RUN: not %toolkit/bin/fatbinary --create=z.fatbin --image3=kind=ptx,sm=75,file=x.ptx 2>&1 | FileCheck --check-prefix=IMAGE %s
// IMAGE: fatbinary fatal   : image 'kind=ptx,sm=75,file=x.ptx': programs of acc hold machine code and no PTX
// RUN: %toolkit/bin/nvprune -arch sm_75 x.o -o pruned.o && cmp x.o pruned.o
//
// RUN: printf 'abcde' > five && %toolkit/bin/bin2c -c -n five -l --padd 0 five > five.c && clang++-22 -x c++ -c five.c -o five.o
// RUN: %toolkit/bin/bin2c five | FileCheck --check-prefix=BIN2C %s
// BIN2C: unsigned char imageBytes[] = {
// BIN2C-NEXT: 0x61,0x62,0x63,0x64,0x65
// RUN: FileCheck --check-prefix=BIN2CL %s < five.c
// BIN2CL: const unsigned char five[] = {
// BIN2CL-NEXT: 0x61,0x62,0x63,0x64,0x65,0x00
// BIN2CL: {{^}}unsigned int fiveLength = 6;
// RUN: echo 'extern "C" unsigned int fiveLength; int main() { return fiveLength != 6; }' > length.cpp && clang++-22 length.cpp five.o -o length && ./length
// RUN: not %toolkit/bin/bin2c -a wide five 2>&1 | FileCheck --check-prefix=BIN2CA %s
// BIN2CA: bin2c fatal   : 'wide' is no number
// RUN: not %toolkit/bin/bin2c -p 1,-2 five 2>&1 | FileCheck --check-prefix=BIN2CP %s
// BIN2CP: bin2c fatal   : '-2' is no number
// RUN: %toolkit/bin/bin2c --type int five | FileCheck --check-prefix=BIN2CI %s
// BIN2CI: 0x64636261,0x00000065
//
// RUN: %toolkit/bin/cu++filt _Z6kernelPi | FileCheck --check-prefix=FILT %s
// RUN: echo "in _Z6kernelPi:" | %toolkit/bin/cu++filt | FileCheck --check-prefix=FILT2 %s
// FILT: kernel(int*)
// FILT2: in kernel(int*):
// Names of templates can be very long.
// RUN: (printf _Z; head -c 1000000 /dev/zero | tr '\0' x; echo) > long && %toolkit/bin/cu++filt < long > long2 && cmp long long2
//
// What cannot be had says so.
// RUN: not %toolkit/bin/nvlink x.o -o linked.cubin 2>&1 | FileCheck --check-prefix=NVLINK %s
// NVLINK: nvlink fatal   : device code of acc is linked by nvcc -dlink
extern "C" __global__ void kernel(int* p) { *p = 1; }
