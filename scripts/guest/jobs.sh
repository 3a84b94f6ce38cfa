# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# shellcheck shell=sh
#
# Runs in the guest once its root is the host's: loads acc.ko, runs the jobs one after the other, unloads acc.ko.
# Lines on the control channel (fd 9): `begin N`, `end N STATUS SECONDS`, `module loaded|unloaded|…`, `done`.
here=/run/acc
. $here/guest.conf
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
bb=$here/busybox
exec 9>"/dev/$CONTROL_PORT" </dev/null

say() {
    echo "$*" >&9
}

uptime_now() {
    $bb cut -d' ' -f1 /proc/uptime
}

load_modules() {
    for module in $DRIVER_MODULES; do
        $bb insmod "$here/modules/$module" $([ "$module" = acc.ko ] && echo "$MODULE_ARGS") ||
            { say "module failed $module"; return 1; }
    done
    [ -z "$DRIVER_MODULES" ] || say "module loaded $(uptime_now)"
    # A card's node is made by devtmpfs at once; anyone may use it, as udev's render rule has it.
    $bb chmod 666 /dev/dri/renderD* 2>/dev/null
    return 0
}

# unload: what the rule "the module unloads at any time when unused" means here.
unload_modules() {
    $bb grep '^acc ' /proc/modules >$here/acc.base || return 0
    # What the last program held may be given back by work that still waits to run: a second is enough for that.
    n=0
    until $bb rmmod acc 2>$here/rmmod.log; do
        n=$((n + 1))
        [ $n -lt 20 ] || { say "module busy $($bb tr '\n' ' ' <$here/rmmod.log)"; return 0; }
        $bb usleep 50000
    done
    say "module unloaded $(uptime_now)"
}

# Leaks are only looked for where the kernel can (scripts/vm --kasan): the second scan reports what the first one
# saw too, because an object that was just freed or is in a register is not a leak.
scan_for_leaks() {
    [ -e /sys/kernel/debug/kmemleak ] || return 0
    echo scan >/sys/kernel/debug/kmemleak
    $bb sleep "$LEAK_PAUSE"
    echo scan >/sys/kernel/debug/kmemleak
    $bb cat /sys/kernel/debug/kmemleak >$here/leaks
    # The module is gone: without its address, nobody could tell which of its functions the report means.
    [ ! -s $here/leaks ] || $bb cat $here/leaks $here/acc.base >&9
    say "leaks scanned $(uptime_now)"
}

run_jobs() {
    n=0
    while [ -f "$here/jobs/$n" ]; do
        say "begin $n"
        before=$(uptime_now)
        # This timeout ends all processes of the job's group; those that left the group are ended below.
        $bb setsid /usr/bin/timeout -s KILL "$JOB_TIMEOUT" /bin/bash "$here/jobs/$n" <"$here/stdin" >&7 2>&8 9>&-
        status=$?
        kill -KILL -1 2>/dev/null # everything but this process, which is the first
        say "end $n $status $before $(uptime_now)"
        n=$((n + 1))
    done
}

interactive_shell() {
    cd "$HOST_CWD" || cd /
    say "shell"
    export HOME=/root TERM="$GUEST_TERM"
    $bb stty -F "/dev/$SHELL_TTY" $SHELL_SIZE
    $bb setsid -c /bin/bash -l <"/dev/$SHELL_TTY" >"/dev/$SHELL_TTY" 2>&1 9>&-
}

exec 7>"/dev/$OUT_PORT"
if [ "$ERR_PORT" = "$OUT_PORT" ]; then exec 8>&7; else exec 8>"/dev/$ERR_PORT"; fi
load_modules
if [ "$SHELL_WANTED" = yes ]; then interactive_shell; else run_jobs; fi
unload_modules
scan_for_leaks
say "done $(uptime_now)"
exec 7>&- 8>&-
$bb sync
$bb usleep 50000
$bb poweroff -f
