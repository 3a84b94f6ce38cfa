#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# usage: check.sh ACCC NATIVE-PROGRAM WORK-FOLDER [POCL-PROGRAM]
#
# The test that all sides agree, on small problems; with ACC_MODEL_TRANSLATOR also when it executes the kernels.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
accc=$1 native=$2 work=$3 pocl=${4:-}
mkdir -p "$work"
"$here/compile.sh" "$accc" "$work/bench_kernels_acc"
[ -z "${ACC_COMPILE_ONLY:-}" ] || exit 0
export POCL_CACHE_DIR="$work/pocl-cache"
mkdir -p "$POCL_CACHE_DIR"
set -- --check --acc "$work/bench_kernels_acc" --native "$native" --work "$work" ${pocl:+--pocl "$pocl"}
python3 "$here/../kernels.py" "$@" --exec interp
[ -z "${ACC_MODEL_TRANSLATOR:-}" ] || python3 "$here/../kernels.py" "$@" --exec jit
