#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# usage: compile-and-run.sh BIN_FOLDER SOURCE_FOLDER OUTPUT_FOLDER
# Compiles each file by itself, links them, runs the program.
set -eu
bin=$1 sources=$2 out=$3
mkdir -p "$out"
for file in main unit_a unit_b unit_c; do
    "$bin/accc" -c "$sources/$file.cu" -o "$out/$file.o"
done
"$bin/accc" -c "$sources/plain.cpp" -o "$out/plain.o"
"$bin/accc" "$out/main.o" "$out/unit_a.o" "$out/unit_b.o" "$out/unit_c.o" "$out/plain.o" -o "$out/units"
[ -z "${ACC_COMPILE_ONLY:-}" ] || exit 0
exec "$out/units"
