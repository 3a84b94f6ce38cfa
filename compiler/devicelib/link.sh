#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# Links the device library. usage: link.sh LLVM_BIN LIBCLC.bc OUTPUT.bc OWN.bc...
set -eu
bin=$1 libclc=$2 output=$3
shift 3
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$bin/llvm-link" "$@" -o "$work/own.bc"
# What our own sources define is public.
public=$("$bin/llvm-nm" --defined-only --extern-only --format=just-symbols "$work/own.bc" | sort -u | paste -sd, -)
"$bin/llvm-link" --only-needed "$work/own.bc" "$libclc" -o "$work/all.bc"
mkdir -p "$(dirname "$output")"
"$bin/opt" -passes='internalize,globaldce,default<O2>,strip-dead-prototypes' -internalize-public-api-list="$public" "$work/all.bc" -o "$output"
