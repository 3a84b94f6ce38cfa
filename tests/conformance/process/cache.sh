#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# usage: cache.sh PROGRAM FOLDER: what one process translates the next one takes from disk, unless it is damaged.
set -eu
program=$1 folder=$2
rm -rf "$folder"
export ACC_MODEL_TRANSLATOR_CACHE="$folder/cache"
mkdir -p "$folder"

# run NAME: leaves the program's output in FOLDER/NAME.out, how many kernels were translated in `made` and taken in `taken`
run() {
    rm -f "$folder/stats"
    ACC_MODEL_TRANSLATOR_STATS=$folder/stats "$program" >"$folder/$1.out" 2>&1
    taken=$(grep -c ': translated, .* from disk$' "$folder/stats" || true)
    made=$(($(grep -c ': translated, ' "$folder/stats" || true) - taken))
    cmp "$folder/first.out" "$folder/$1.out"
}
fail() {
    echo "$1: $made translated, $taken from disk" >&2
    exit 1
}

run first
all=$made
[ "$all" -gt 0 ] && [ "$taken" -eq 0 ] || fail "the first process"
run second
[ "$made" -eq 0 ] && [ "$taken" -eq "$all" ] || fail "the second process"
for file in "$folder"/cache/*; do
    bytes=$(wc -c <"$file")
    printf 'damage' | dd of="$file" bs=1 seek=$((bytes / 2)) conv=notrunc 2>/dev/null
done
run damaged
[ "$made" -eq "$all" ] && [ "$taken" -eq 0 ] || fail "damaged files"
run mended
[ "$made" -eq 0 ] && [ "$taken" -eq "$all" ] || fail "the files after that"
chmod 777 "$folder/cache"
run writable
[ "$made" -eq "$all" ] && [ "$taken" -eq 0 ] || fail "a folder that others may write"
