#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# usage: kill-device.sh KMD_GONE
#
# The device's process on the host is killed while programs in the guest use the device (kmd_gone, which otherwise
# asks the device to vanish): its programs get clean errors, the module unloads, the kernel's log stays clean.
set -uo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

# shellcheck disable=SC2086 # several options in one variable
"$root/scripts/vm" --no-build --env ACC_KMD_GUEST=1 --env ACC_KMD_KILLED_FROM_OUTSIDE=1 --accd-args "--pid-file $folder/pid" \
    ${ACC_VM_OPTIONS:-} "$1" >"$folder/log" 2>&1 &
guest=$!
while kill -0 "$guest" 2>/dev/null && ! grep -q 'ready: the device may die now' "$folder/log"; do sleep 0.1; done
killed=no
kill -9 "$(cat "$folder/pid")" && killed=yes
wait "$guest"
status=$?
cat "$folder/log"
[ "$killed" = yes ] || { echo "no device process was killed" >&2 && exit 1; }
exit "$status"
