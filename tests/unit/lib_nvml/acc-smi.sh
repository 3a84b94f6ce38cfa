#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# What scripts ask nvidia-smi, and what a program of the toolkit says of the same device.
# usage: acc-smi.sh BIN_FOLDER SOURCE_FOLDER WORK_FOLDER
set -eu
bin=$1 source=$2 work=$3
mkdir -p "$work"
cd "$work"
unset LD_LIBRARY_PATH

expect() { # WANTED GOT
    [ "$1" = "$2" ] || { echo "wanted: $1"; echo "got:    $2"; exit 1; }
}

# The program links the library as others do, and prints name, compute capability and MiB.
"$bin/accc" "$source/says.cu" -o says -lnvidia-ml
says=$(./says)
expect "$says" "$("$bin/nvidia-smi" --query-gpu=name,compute_cap,memory.total --format=csv,noheader -i 0)"
expect "name, memory.total [MiB]" "$("$bin/nvidia-smi" --query-gpu=name,memory.total --format=csv | head -n 1)"
expect "${says##*, }" "$("$bin/nvidia-smi" --query-gpu=memory.total --format=csv,noheader,nounits -i 0) MiB"
expect "[N/A]" "$("$bin/acc-smi" --query-gpu=temperature.gpu --format=csv,noheader -i 0)"
uuid=$("$bin/acc-smi" --query-gpu=uuid --format=csv,noheader -i 0)
expect "GPU 0: ${says%, *, *} (UUID: $uuid)" "$("$bin/acc-smi" -L | head -n 1)"
expect "0" "$("$bin/acc-smi" --query-gpu=index --format=csv,noheader -i "$uuid")"
"$bin/acc-smi" -q -f details
grep -q "uuid  *: $uuid" details
"$bin/acc-smi" | grep -q "CUDA Version: 12.9"

code() { # CODE COMMAND...
    wanted=$1
    shift
    got=0
    "$@" >out 2>err || got=$?
    [ "$wanted" = "$got" ] && [ -s err ] || { echo "$*: $got, wanted $wanted"; exit 1; }
}
code 2 "$bin/acc-smi" --query-gpu=nothing --format=csv
code 2 "$bin/acc-smi" --query-gpu= --format=csv
code 2 "$bin/acc-smi" --nothing
code 2 "$bin/acc-smi" -l never
code 2 "$bin/acc-smi" --query-gpu=name --format=xml
code 6 "$bin/acc-smi" -i 77
code 6 env CUDA_VISIBLE_DEVICES= "$bin/acc-smi"
code 255 "$bin/acc-smi" -L -f /nowhere/at/all
"$bin/acc-smi" --help | grep -q query-compute-apps
for field in $("$bin/acc-smi" --help-query-gpu | sed 's/,.*//; s/ or .*//'); do
    "$bin/acc-smi" --query-gpu="$field" --format=csv,noheader >/dev/null
done
