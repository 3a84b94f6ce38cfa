# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Shared by the scripts in this folder (sourced, not run). Sets ACC_ROOT, ACC_PRESET and the derived
# folders, and gives functions that print progress on stderr, so that stdout stays the program's own.

set -euo pipefail

ACC_ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
ACC_PRESET=${ACC_PRESET:-release}
ACC_TOOLKIT=$ACC_ROOT/build/toolkit
ACC_JOBS=${ACC_JOBS:-$(nproc)}

# Nothing here may ask a question: the scripts run without a terminal, too.
export DEBIAN_FRONTEND=noninteractive

if [ -t 2 ] && [ -z "${NO_COLOR:-}" ]; then
    acc_bold=$'\033[1m' acc_red=$'\033[31m' acc_plain=$'\033[0m'
else
    acc_bold='' acc_red='' acc_plain=''
fi

# step TEXT: one line that says what happens now, with the seconds since the script started.
step() {
    printf '%s[%3ds] %s%s\n' "$acc_bold" "$SECONDS" "$*" "$acc_plain" >&2
}

# die TEXT...: one message per argument, then exit 1.
die() {
    printf '%serror:%s %s\n' "$acc_red" "$acc_plain" "$1" >&2
    shift
    for line in "$@"; do printf '       %s\n' "$line" >&2; done
    exit 1
}

acc_build_dir() {
    printf '%s/build/%s' "$ACC_ROOT" "$ACC_PRESET"
}

# usage FILE: prints the comment block at the top of a script, without the SPDX line.
usage() {
    sed -n '2,/^[^#]/{/^#/!d;/SPDX/d;s/^# \{0,1\}//;p}' "$1"
}

# The list of CMake files and toolchain settings. CMake itself sees a changed file, but not that a
# room got its first CMakeLists.txt or that packages or the guest's kernel came (which decide whether
# tests and acc.ko are built), so a configuration is stale when this text differs.
acc_configure_key() {
    (cd "$ACC_ROOT" && printf 'preset=%s root=%s packages=%s kernels=%s\n' "$ACC_PRESET" "$ACC_ROOT" \
        "$(cd build 2>/dev/null && echo .deps-ok-*)" "$(echo "${XDG_CACHE_HOME:-$HOME/.cache}"/acc/debian-kernel-*)" &&
        cat CMakePresets.json &&
        find . -path ./build -prune -o -name CMakeLists.txt -print | LC_ALL=C sort)
}

# Configures the preset when it has never been, or when the list of rooms changed.
acc_configure() {
    local dir key
    dir=$(acc_build_dir)
    key=$(acc_configure_key)
    if [ -f "$dir/build.ninja" ] && [ -f "$dir/.acc-configured" ] &&
        [ "$(cat "$dir/.acc-configured")" = "$key" ]; then
        return
    fi
    step "configuring ($ACC_PRESET) in ${dir#"$ACC_ROOT"/}"
    mkdir -p "$dir"
    (cd "$ACC_ROOT" && cmake --preset "$ACC_PRESET" >"$dir/configure.log" 2>&1) ||
        { tail -n 40 "$dir/configure.log" >&2; die "configuring failed; the whole log is in $dir/configure.log"; }
    printf '%s\n' "$key" >"$dir/.acc-configured"
}

# Builds everything of the preset. On a terminal ninja rewrites one line; elsewhere the output of
# ninja goes to a log and a line is printed every few seconds, so that a CI log shows life.
acc_ninja() {
    local dir rc=0
    dir=$(acc_build_dir)
    step "building ($ACC_PRESET, $ACC_JOBS jobs)"
    if [ -t 2 ]; then
        NINJA_STATUS='[%f/%t, %es] ' ninja -C "$dir" -j "$ACC_JOBS" "$@" >&2 || rc=$?
    else
        NINJA_STATUS='[%f/%t, %es] ' ninja -C "$dir" -j "$ACC_JOBS" "$@" >"$dir/build.log" 2>&1 &
        local pid=$! shown='' line
        while kill -0 "$pid" 2>/dev/null; do
            for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
                sleep 0.5
                kill -0 "$pid" 2>/dev/null || break
            done
            line=$(grep -a '^\[' "$dir/build.log" | tail -n 1 || true)
            if [ -n "$line" ] && [ "$line" != "$shown" ]; then
                printf '       %.110s\n' "$line" >&2
                shown=$line
            fi
        done
        wait "$pid" || rc=$?
        [ "$rc" -eq 0 ] || grep -a -v '^\[' "$dir/build.log" | head -n 80 >&2
    fi
    [ "$rc" -eq 0 ] || die "the build failed" "repeat it with: ninja -C ${dir#"$ACC_ROOT"/}"
}
