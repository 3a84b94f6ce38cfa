#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# usage: compile-and-run.sh BIN_FOLDER SOURCE_FOLDER OUTPUT_FOLDER
set -eu
bin=$1 sources=$2 out=$3
mkdir -p "$out"
"$bin/accc" -cubin "$sources/kernels.cu" -o "$out/kernels.cubin"
"$bin/accc" -cubin "$sources/references.cu" -o "$out/references.cubin"
"$bin/accc" "$sources/main.cpp" -o "$out/driver_api" -lcuda
"$bin/accc" -ptx "$sources/kernels.cu" -o "$out/kernels.ptx"
[ -z "${ACC_COMPILE_ONLY:-}" ] || exit 0
"$out/driver_api" "$out/kernels.cubin" "$out/references.cubin"
exec "$out/driver_api" "$out/kernels.ptx"
