#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# However a program and its plug-ins got the runtime (the archive, the library), the process has one.
# usage: run.sh BIN_FOLDER LIB_FOLDER SOURCE_FOLDER WORK_FOLDER
set -eu
bin=$1 lib=$2 source=$3 work=$4
mkdir -p "$work"
cd "$work"
for kind in static shared; do
    "$bin/accc" -cudart "$kind" "$source/program.cu" -o "program_$kind" -ldl
    "$bin/accc" -cudart "$kind" -shared -Xcompiler -fPIC "$source/plugin.cu" -o "plugin_$kind.so"
done
cp plugin_static.so other_static.so
# What is linked with the archive offers no runtime to others.
if nm -D --defined-only plugin_static.so | grep -w cudaMalloc; then exit 1; fi
# The same by g++, which has its own idea of where constructors and notes go, and throws away what nobody uses.
"$bin/accc" -c -Xcompiler -fPIC "$source/program.cu" -o program.o
g++ -Wl,--gc-sections program.o "$lib/libcudart_static.a" -lrt -lpthread -ldl -o program_gxx
strip program_gxx
# shellcheck disable=SC2086
${CXX:-c++} ${CXXFLAGS:-} "$source/host.cpp" -o host -ldl

for program in program_static program_shared program_gxx; do
    for plugin in plugin_static.so plugin_shared.so; do
        echo "$program $plugin"
        "./$program" "./$plugin" "$lib/libcuda.so.1"
    done
done
./host ./plugin_static.so ./other_static.so
./host ./plugin_static.so ./plugin_shared.so
./host ./plugin_shared.so ./plugin_static.so

# shellcheck disable=SC2086
${CXX:-c++} ${CXXFLAGS:-} "$source/older.cpp" -o older -ldl
./older "$lib/libaccrt.so" 2>said
grep -q "cudaFree is not in the runtime that serves this process" said
