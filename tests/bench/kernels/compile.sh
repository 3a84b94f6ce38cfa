#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# usage: compile.sh ACCC PROGRAM
#
# Compiles the CUDA side as a user would.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
exec "$1" -O3 -std=c++17 "$here/session.cpp" "$here"/acc/*.cu -o "$2"
