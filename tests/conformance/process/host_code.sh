#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# usage: host_code.sh PROGRAM: all kernels of the program run as host code to their ends, without the interpreter.
set -eu
said=$(ACC_MODEL_TRANSLATOR_STATS=- "$1" 2>&1)
echo "$said" | grep -v '^  accessed' || :
case $said in *"not translated"* | *"handed over"* | *"  executed "*) exit 1 ;; *": translated, "*) ;; *) exit 1 ;; esac
