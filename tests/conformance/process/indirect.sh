#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# usage: indirect.sh PROGRAM: of each kernel of execution/indirect, the last translation knows all functions that
# the kernel calls through pointers: no warp is handed over to the interpreter.
set -eu
said=$(ACC_MODEL_TRANSLATOR_STATS=- "$1" 2>&1 >/dev/null)
printf '%s\n' "$said" | awk '
    /^kernel at/ { kernel = $3; handed[kernel] = 0; made[kernel]++ }
    /handed over/ { handed[kernel] = 1; ever = 1 }
    END {
        for (k in handed) {
            if (handed[k]) { print k ": warps of the last translation are handed over"; bad = 1 }
            if (made[k] > 17) { print k ": " made[k] " translations"; bad = 1 }
        }
        if (!ever) { print "no kernel was handed over at first"; bad = 1 }
        exit bad
    }'
