#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# usage: relocated-toolkit.sh TOOLKIT_SHAPED_FOLDER SOURCE.cu SCRATCH_FOLDER
#
# Copies the toolkit to a path with a blank in it and uses the copy as `nvcc`: the program must build,
# run, and use the copy's libraries; every header it includes must come from the copy or from the
# system's own folders, and none from another CUDA toolkit.
set -eu
toolkit=$1 source=$2 scratch=$3

rm -rf "$scratch"
copy="$scratch/a moved toolkit"
mkdir -p "$copy"
cp -a "$toolkit/bin" "$toolkit/lib64" "$copy/"
cp -aL "$toolkit/include" "$copy/include"

"$copy/bin/nvcc" "$source" -o "$scratch/program"
"$scratch/program"

"$copy/bin/nvcc" -cudart shared "$source" -o "$scratch/program"
"$scratch/program"
ldd "$scratch/program" | grep -q "libaccrt.*$copy/lib64/" ||
    { echo "the program does not use the copy's libaccrt:"; ldd "$scratch/program"; exit 1; }

"$copy/bin/nvcc" -M "$source" >"$scratch/headers"
grep -q "$(echo "$copy" | sed 's/ /\\\\* /g').*cuda_runtime.h" "$scratch/headers" ||
    { echo "cuda_runtime.h does not come from the copy:"; cat "$scratch/headers"; exit 1; }
if grep -E '/cuda(-[0-9.]+)?/(targets|include)' "$scratch/headers"; then
    echo "headers of another CUDA toolkit were used"
    exit 1
fi
rm -rf "$scratch"
