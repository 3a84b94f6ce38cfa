#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# usage: run-tier.sh JOBS RESULTS [OPTION OF scripts/vm...] -- [COMMAND THAT PREPARES...]
#
# One boot that runs a list of jobs; how each ended lies in RESULTS afterwards (show-result.sh). Fails only when the
# guest itself fails, so that one failing job is one failing test and the others are still seen.
set -uo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
jobs=$1 results=$2
shift 2
options=()
while [ $# -gt 0 ] && [ "$1" != -- ]; do options+=("$1") && shift; done
shift

rm -rf "$results"
mkdir -p "$results"
[ $# -eq 0 ] || "$@" || { echo "preparing failed: $*" >&2 && exit 1; }
# shellcheck disable=SC2086 # several options in one variable
"$root/scripts/vm" --no-build --list "$jobs" --results "$results" "${options[@]}" ${ACC_VM_OPTIONS:-} >"$results/guest.log" 2>&1
status=$?
grep -a '^vm: ' "$results/guest.log"
[ "$status" -ne 125 ] || { cat "$results/guest.log" && exit 1; }
# A status without a result means that scripts/vm did not get as far as the guest.
[ "$status" -eq 0 ] || ls "$results"/*.status >/dev/null 2>&1 || { cat "$results/guest.log" && exit 1; }
