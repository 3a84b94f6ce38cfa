#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# signal.sh NAME STATUS: sends a signal to accc while clang reads header.h (../signals.test).
set -u
export TMPDIR=$PWD/tmp
fail() {
    echo "signal.sh $*"
    exit 1
}
echo old >x.o
# Background jobs ignore SIGINT unless told otherwise.
env --default-signal=INT,HUP,TERM accc -c x.cu -o x.o 2>/dev/null &
exec 3>header.h # returns when clang has opened the other end
kill -s "$1" $!
wait $!
status=$?
[ "$status" = "$2" ] || fail "$1: status $status, expected $2"
[ -z "$(ls -A tmp)" ] || fail "$1: left behind: $(ls tmp)"
[ ! -e x.o ] || fail "$1: x.o is still there"
trap '' PIPE
# Writing fails when nobody has the other end open any more.
if echo x >&3; then fail "$1: a compiler is still reading"; fi 2>/dev/null
exit 0
