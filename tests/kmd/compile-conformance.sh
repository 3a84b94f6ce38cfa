#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# usage: compile-conformance.sh BUILD_FOLDER
#
# Makes those conformance programs of the guest's jobs that are missing or older than what they are made from. When the
# conformance tests have just run, nothing is left to do and the guest runs the very same files.
set -euo pipefail
build=$1
root=$(cd "$(dirname "$0")/../.." && pwd)
out=$build/tests/conformance
export ACC_COMPILE_ONLY=yes

# stale PROGRAM SOURCE...: whether it has to be compiled again.
stale() {
    local program=$1 source
    shift
    for source in "$@" "$build/bin/accc" "$build/lib64/acc"; do
        [ "$program" -nt "$source" ] || return 0
    done
    return 1
}

for source in "$root"/tests/conformance/*/*.cu; do
    group=$(basename "$(dirname "$source")")
    case $group in units | driver_api | plugin) continue ;; esac
    program=$out/$group/$(basename "$source" .cu)
    grep -qE "[[:space:]]$program([[:space:]]|\$)" "$build/tests/kmd/conformance.jobs" || continue
    ! stale "$program" "$source" || printf '%s\0%s\0' "$source" "$program"
done | xargs -0 -r -n 2 -P "$(nproc)" "$root/tests/conformance/compile-and-run.sh" "$build/bin"
for group in units driver_api plugin; do
    ! stale "$out/$group/$group" "$root/tests/conformance/$group"/*.c* ||
        "$root/tests/conformance/$group/compile-and-run.sh" "$build/bin" "$root/tests/conformance/$group" "$out/$group"
done
