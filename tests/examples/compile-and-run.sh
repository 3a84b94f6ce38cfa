#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# usage: compile-and-run.sh BIN_FOLDER SOURCE.cu PROGRAM [ARGUMENT...]
set -eu
bin=$1 source=$2 program=$3
shift 3
"$bin/accc" "$source" -o "$program"
exec "$program" "$@"
