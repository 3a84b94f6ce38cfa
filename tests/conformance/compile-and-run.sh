#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# usage: compile-and-run.sh BIN_FOLDER SOURCE.cu PROGRAM [ARGUMENT...]
# Options for accc stand in the source: // Options: --extended-lambda
# The compilation's result is kept between clones, as ccache does (cmake/cached_accc.py).
set -eu
bin=$1 source=$2 program=$3
shift 3
root=$(cd "$(dirname "$0")/../.." && pwd)
options=$(sed -n 's|^// Options: ||p' "$source")
# shellcheck disable=SC2086 # several words
/usr/bin/python3 "$root/cmake/cached_accc.py" --root "$root" --build "$bin/.." \
    "$bin/accc" $options -c -MD -MF "$program.d" "$source" -o "$program.o"
# shellcheck disable=SC2086
"$bin/accc" $options "$program.o" -o "$program"
rm -f "$program.o"
[ -z "${ACC_COMPILE_ONLY:-}" ] || exit 0
exec "$program" "$@"
