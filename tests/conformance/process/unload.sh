#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# usage: unload.sh LIB_FOLDER SOURCE.cpp PROGRAM
set -eu
mkdir -p "$(dirname "$3")"
# shellcheck disable=SC2086
${CXX:-c++} ${CXXFLAGS:-} "$2" -o "$3" -ldl
[ -z "${ACC_COMPILE_ONLY:-}" ] || exit 0
exec "$3" "$1/libaccrt.so"
