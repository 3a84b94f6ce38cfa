#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# Running needs the C and C++ libraries, and the toolkit's lib64/ when the program was linked with -cudart shared, nothing
# else: what libaccrt.so is linked against, and programs in a folder that holds only that (needs root: chroot; the first
# half runs without).
# usage: only-lib64.sh BIN_FOLDER LIB_FOLDER SOURCE.cu WORK_FOLDER
set -eu
bin=$1 lib=$2 source=$3 work=$4

needed=$(readelf -d "$lib/libaccrt.so" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p')
for name in $needed; do
    case $name in
    libstdc++.so.6 | libm.so.6 | libgcc_s.so.1 | libc.so.6 | ld-linux-x86-64.so.2) ;;
    *)
        [ -z "${ACC_SANITIZED:-}" ] || continue # a sanitizer brings its own
        echo "libaccrt.so needs $name, which is not part of every system"
        exit 1
        ;;
    esac
done

[ -z "${ACC_SANITIZED:-}" ] || exit 77
rm -rf "$work"
mkdir -p "$work/root/lib64"
"$bin/accc" "$source" -o "$work/root/program"
"$bin/accc" -cudart shared "$source" -o "$work/root/program_shared"
if [ "$(id -u)" != 0 ] || ! chroot "$work/root" /none 2>&1 | grep -q "No such file"; then
    echo "skipped: a chroot needs root"
    exit 77
fi
for name in libstdc++.so.6 libm.so.6 libgcc_s.so.1 libc.so.6 ld-linux-x86-64.so.2; do
    path=$(ldd "$lib/libaccrt.so" | sed -n "s|^[^/]*\(/[^ ]*/$name\) (0x.*|\1|p" | head -n 1)
    cp -L "$path" "$work/root/lib64/"
done
env -i LD_LIBRARY_PATH=/lib64 ACC_MODEL_VRAM_MIB=256 "$(command -v chroot)" "$work/root" /program
cp -a "$lib"/lib*.so* "$work/root/lib64/"
exec env -i LD_LIBRARY_PATH=/lib64 ACC_MODEL_VRAM_MIB=256 "$(command -v chroot)" "$work/root" /program_shared
