#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# usage: show-result.sh RESULTS JOB
# Shows what a job of a tier printed in the guest and exits as it did.
results=$1 job=$2
[ ! -f "$results/$job.log" ] || cat "$results/$job.log"
if ! read -r status seconds 2>/dev/null <"$results/$job.status"; then
    echo "$job: no result" >&2
    exit 1
fi
case $status in
*[!0-9]* | '')
    echo "$job did not run: the guest ended before" >&2
    exit 1
    ;;
esac
echo "$job: exit status $status after $seconds s in the guest"
exit "$status"
