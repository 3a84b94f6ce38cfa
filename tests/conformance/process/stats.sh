#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# usage: stats.sh PROGRAM: ACC_MODEL_TRANSLATOR_STATS says at the program's end what ran as host code.
set -eu
"$1" >/dev/null
said=$(ACC_MODEL_TRANSLATOR_STATS=- "$1" 2>&1 >/dev/null)
case $said in *unknown*) exit 1 ;; *": translated, "*" instructions"*) ;; *) exit 1 ;; esac
