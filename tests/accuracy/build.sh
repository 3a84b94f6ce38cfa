#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# usage: build.sh NVCC FOLDER [VARIANT...]
#
# Builds the measuring program as FOLDER/VARIANT with NVCC (ours, or NVIDIA's on a machine with a GPU; ACCURACY_ARCH is
# then its architecture). Variants: default, fast (-use_fast_math), ftz (-ftz=true), div (-prec-div=false), sqrt
# (-prec-sqrt=false), nofma (-fmad=false). Needs MPFR (Debian: libmpfr-dev). NVCC_LAUNCHER: words before the compiler's
# name, as ccache is one.
set -eu
nvcc=$1 folder=$2
shift 2
[ $# -gt 0 ] || set -- default
source=$(dirname "$0")
host=$folder/objects
mkdir -p "$host"

# The references, once for all variants.
host_objects=
for file in format references exact samples bounds measurement; do
    options="-std=c++17 -O2"
    [ $file != exact ] || options="$options -frounding-math"
    # shellcheck disable=SC2086 # several words
    ${CXX:-c++} ${CXXFLAGS:-} $options -c "$source/$file.cpp" -o "$host/$file.o"
    host_objects="$host_objects $host/$file.o"
done

for variant; do
    case $variant in
    default) flags= ;;
    fast) flags="-use_fast_math -DACCURACY_FAST -DACCURACY_FTZ" ;;
    ftz) flags="-ftz=true -DACCURACY_FTZ" ;;
    div) flags="-prec-div=false -DACCURACY_DIV" ;;
    sqrt) flags="-prec-sqrt=false -DACCURACY_SQRT" ;;
    nofma) flags="-fmad=false" ;;
    *) echo "no variant $variant" >&2 && exit 2 ;;
    esac
    objects=
    for file in main floats doubles halves exacts; do
        object=$host/$variant-$file.o
        # shellcheck disable=SC2086
        ${NVCC_LAUNCHER:-} "$nvcc" -std=c++17 -O2 -arch="${ACCURACY_ARCH:-sm_80}" $flags "-DACCURACY_VARIANT=\"$variant\"" \
            -c -MD -MF "$object.d" "$source/$file.cu" -o "$object"
        objects="$objects $object"
    done
    # shellcheck disable=SC2086
    "$nvcc" $objects $host_objects -o "$folder/$variant" -lmpfr -lgmp
done
