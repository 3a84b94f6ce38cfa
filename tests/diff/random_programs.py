#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Random programs, compiled for the host and for the device, must give the same bits.

    random_programs.py --accc <path> [--kind functions|blocks|arrays] [--seeds 1:20] [--count 12] [--keep DIR] [--flags=-G]...

Each seed is one CUDA file. functions: `count` functions that are both __host__ and __device__ (functions.py), run on many
inputs in both places. blocks: `count` kernels whose threads work together (blocks.py), compared with a reference that goes
thread after thread. arrays: `count` functions with loops over arrays (arrays.py). --flags is given once for each way
to compile; each file is built in every way. Prints what differs
and the number of kernels and functions that agreed; exit status 0 when all did. A program that does not compile, crashes
the compiler or takes too long is a failure, too. --keep leaves the programs that failed in DIR.
"""
import argparse
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile

import arrays
import blocks
import functions

HERE = pathlib.Path(__file__).resolve().parent
# Each writes a whole file: program(rng, count).
KINDS = {"functions": functions, "blocks": blocks, "arrays": arrays}


def build_and_run(source, flags, options):
    """'' or what is wrong."""
    binary = source.with_suffix("")
    # Architecture 8.0 is the first that has warp-wide reductions.
    command = [options.accc, "-arch=sm_80", "-fmad=false", "-w", "-Xcompiler", "-ffp-contract=off,-fwrapv", "-I", str(HERE), *flags.split(),
               str(source), "-o", str(binary)]
    try:
        built = subprocess.run(command, capture_output=True, text=True, timeout=300)
        if built.returncode:
            return "does not compile: " + (built.stdout + built.stderr)[-1500:]
        ran = subprocess.run([str(binary)], capture_output=True, text=True, timeout=300)
    except subprocess.TimeoutExpired as expired:
        return f"not ready after {expired.timeout:.0f} s: {expired.cmd[0]}"
    return "" if ran.returncode == 0 else f"exit status {ran.returncode}: " + ran.stdout[-1500:] + ran.stderr[-500:]


def check(seed, options, folder):
    """The number of ways in which this seed's program failed."""
    source = folder / f"{options.kind}{seed}.cu"
    source.write_text(KINDS[options.kind].program(random.Random(seed), options.count))
    failures = 0
    for flags in options.flags or [""]:
        problem = build_and_run(source, flags, options)
        if problem:
            failures += 1
            print(f"{options.kind} {seed} {flags}: {problem}", flush=True)
    if failures and options.keep:
        shutil.copy(source, options.keep)
    source.unlink()
    return failures


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--accc", required=True)
    parser.add_argument("--kind", choices=list(KINDS), default="functions")
    parser.add_argument("--seeds", default="1:5", help="first:last")
    parser.add_argument("--count", type=int, default=12, help="functions or kernels in a file")
    parser.add_argument("--keep", help="folder for the programs that failed")
    parser.add_argument("--flags", action="append", help="more options for accc; again for another way to compile")
    options = parser.parse_args()
    first, last = (int(s) for s in options.seeds.split(":"))
    if options.keep:
        pathlib.Path(options.keep).mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        failures = sum(check(seed, options, pathlib.Path(folder)) for seed in range(first, last + 1))
    tried = (last - first + 1) * options.count * len(options.flags or [""])
    print(f"{options.kind}: {tried} compiled, {failures} files with differences")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
