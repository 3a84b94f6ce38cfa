#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# The ways to link the library, and what a function that is not there says.
# usage: links.sh BIN_FOLDER LIB_FOLDER SOURCE_FOLDER WORK_FOLDER
set -eu
bin=$1 lib=$2 source=$3 work=$4
mkdir -p "$work"
cd "$work"
unset LD_LIBRARY_PATH
"$bin/accc" -c "$source/links.cu" -o links.o
"$bin/accc" links.o -o by_accc -lcublas
./by_accc
"$bin/accc" -cudart shared links.o -o by_accc_shared -lcublas
./by_accc_shared
"$bin/accc" links.o -o static -lcublas_static -lculibos
./static
if readelf -d static | grep -q libcublas; then echo "static: needs the shared library"; exit 1; fi
g++ links.o -L"$lib" -lcublas -lcudart -o by_gxx
./by_gxx
g++ links.o "$lib/libcublas_static.a" "$lib/libculibos.a" "$lib/libcudart_static.a" -lrt -lpthread -ldl -o static_gxx
./static_gxx
# C, and the API before the handle.
gcc -I"$bin/../include" "$source/links_legacy.c" -L"$lib" -lcublas -lcudart -o legacy
./legacy
# The two libraries, shared and static, in one program.
"$bin/accc" -c "$source/links_lt.cu" -o links_lt.o
"$bin/accc" links_lt.o -o lt -lcublasLt -lcublas
./lt
"$bin/accc" links_lt.o -o lt_static -lcublas_static -lcublasLt_static -lculibos
./lt_static
# The names of the headers are exported, with the version that programs record; nothing else is.
nm -D --defined-only "$lib/libcublas.so.12" | awk '{print $3}' >exported
grep -qx 'cublasSgemm_v2@@libcublas.so.12' exported
if grep -v '^cublas.*@@libcublas.so.12$' exported | grep -v '^libcublas.so.12'; then echo "exported, too"; exit 1; fi
