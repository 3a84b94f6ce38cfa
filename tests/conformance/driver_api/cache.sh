#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# usage: cache.sh PROGRAM FOLDER: a program that compiles PTX, with its results kept in FOLDER: a second run uses them,
# damaged ones are found out and made again, a folder that cannot be written only costs time, "off" and CUDA's variables hold.
set -euo pipefail
program=$1
folder=$2
rm -rf "$folder"
mkdir -p "$folder"
cd "$folder"
unset CUDA_CACHE_DISABLE CUDA_CACHE_PATH CUDA_CACHE_MAXSIZE ACC_COMPILER_CACHE
export HOME=$folder/home ACC_MODEL_TRANSLATOR_CACHE=off
count() { find "$1" -name '*.entry' 2>/dev/null | wc -l; }
check() { [ "$2" "$3" "$4" ] || { echo "$1: $2 $3 $4"; exit 1; }; }

"$program"
check "kept in the home folder" "$(count home/.cache/acc/compiled)" -ge 1
ACC_COMPILER_CACHE=$folder/own "$program"
entries=$(count own)
check "kept where it is said" "$entries" -ge 1
# Used, not made again: the time of writing stays.
before=$(find own -name '*.entry' -printf '%T@ %p\n' | sort)
ACC_COMPILER_CACHE=$folder/own "$program"
check "unchanged" "$before" = "$(find own -name '*.entry' -printf '%T@ %p\n' | sort)"
for entry in own/*.entry; do
    printf 'damage' | dd of="$entry" bs=1 seek=200 conv=notrunc status=none
done
cp -r own damaged
ACC_COMPILER_CACHE=$folder/own "$program"
check "as many as before" "$(count own)" -eq "$entries"
for entry in own/*.entry; do
    ! cmp -s "$entry" "damaged/${entry#own/}" || { echo "$entry is damaged still"; exit 1; }
done
ACC_COMPILER_CACHE=off CUDA_CACHE_PATH=$folder/off "$program"
CUDA_CACHE_DISABLE=1 CUDA_CACHE_PATH=$folder/off "$program"
check "nothing when off" "$(count off)" -eq 0
CUDA_CACHE_PATH=$folder/path "$program"
check "CUDA_CACHE_PATH" "$(count path/acc-compiled)" -ge 1
ACC_COMPILER_CACHE=/proc/none "$program"
