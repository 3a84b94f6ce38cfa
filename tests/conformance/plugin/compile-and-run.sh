#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# usage: compile-and-run.sh BIN_FOLDER SOURCE_FOLDER OUTPUT_FOLDER
# A program, and a library that it opens and closes.
set -eu
bin=$1 sources=$2 out=$3
mkdir -p "$out"
"$bin/accc" -shared -Xcompiler -fPIC "$sources/library.cu" -o "$out/library.so"
"$bin/accc" "$sources/main.cu" -o "$out/plugin" -ldl
[ -z "${ACC_COMPILE_ONLY:-}" ] || exit 0
exec "$out/plugin" "$out/library.so"
