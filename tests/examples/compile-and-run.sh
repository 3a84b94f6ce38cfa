#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# usage: compile-and-run.sh BIN_FOLDER SOURCE.cu PROGRAM [ARGUMENT...]
# Options for accc stand in the source: // Options: --extended-lambda
set -eu
bin=$1 source=$2 program=$3
shift 3
options=$(sed -n 's|^// Options: ||p' "$source")
# shellcheck disable=SC2086 # several words
"$bin/accc" $options "$source" -o "$program"
[ -z "${ACC_COMPILE_ONLY:-}" ] || exit 0
exec "$program" "$@"
