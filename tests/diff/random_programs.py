#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Random programs, compiled for the host and for the device, must give the same bits.

    random_programs.py --accc <path> [--kind functions|blocks|arrays]... [--seeds 1:20] [--count 12] [--batch 1] [--keep DIR] [--flags=-G]...

Each seed is one unit of `count` kernels: functions: functions that are for host and device (functions.py), run on many inputs in
both places; blocks: kernels whose threads work together (blocks.py), compared with a reference that goes thread after thread;
arrays: loops over arrays (arrays.py). --batch units make one file, which is compiled once as C++, the reference, and once for each
--flags as device code; its program compares them all. Prints what differs, and at the end the number of kernels, each of which was
compiled in every way; exit status 0 when all agreed. A program that does not compile, crashes the compiler or takes too long is a
failure, too; of a batch that failed the units are tried one by one, and --keep leaves those that fail in DIR. --seconds ends a long
run after the batch in which the time is over.
"""
import argparse
import pathlib
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import time

import arrays
import blocks
import functions

HERE = pathlib.Path(__file__).resolve().parent
KINDS = {"functions": functions, "blocks": blocks, "arrays": arrays}


def program(kind, seeds, count):
    """A whole file with a unit for each seed."""
    module = KINDS[kind]
    units = "".join(f"namespace seed{seed} {{\n{module.unit(random.Random(seed), count, f'seed{seed}_')}}}\n" for seed in seeds)
    calls = " ".join(f"bad += seed{seed}::check();" for seed in seeds)
    return f'#include "{module.INCLUDE}"\n{units}#ifndef __CUDACC__\nint main(int count, char** files) {{ load_builds(count, files); int bad = 0; {calls} return bad != 0; }}\n#endif\n'


def execute(command, limit):
    """'' or what is wrong."""
    try:
        done = subprocess.run([str(word) for word in command], capture_output=True, text=True, errors="replace", timeout=limit)
    except subprocess.TimeoutExpired as expired:
        return f"not ready after {expired.timeout:.0f} s: {' '.join(expired.cmd)}"
    return "" if done.returncode == 0 else f"exit status {done.returncode}: {(done.stdout + done.stderr)[-2000:]}"


def build_and_run(source, options):
    """What is wrong with a file, as a list of texts."""
    # Architecture 8.0 is the first that has warp-wide reductions.
    problems, built = [], []
    for number, flags in enumerate(options.flags or [""]):
        code = source.with_suffix(f".{number}{flags.replace(' ', '')}.cubin")
        problem = execute([options.accc, "-cubin", "-arch=sm_80", "-fmad=false", "-w", "-I", HERE, *flags.split(), source, "-o", code], 600)
        problems += [f"{flags}: {problem}"] if problem else []
        built += [] if problem else [code]
    binary = source.with_suffix("")
    # Not optimised: that is cheap, and the plainest reference.
    host = ["-ccbin", options.ccbin] if options.ccbin else []
    problem = execute([options.accc, *host, "-x", "c++", "-O0", "-w", "-Xcompiler", "-ffp-contract=off,-fwrapv,-fno-strict-aliasing", "-I", HERE, source, "-o", binary, "-lcuda"], 600)
    if not problem:
        problem = execute([binary, *built], 300)
    return problems + ([problem] if problem else [])


def check(kind, seeds, options, folder):
    """The number of units that failed."""
    source = folder / f"{kind}{seeds[0]}.cu"
    source.write_text(program(kind, seeds, options.count))
    problems = build_and_run(source, options)
    if problems and len(seeds) > 1:
        return sum(check(kind, [seed], options, folder) for seed in seeds) or 1
    for problem in problems:
        print(f"{kind} {seeds[0]} {problem}", flush=True)
    if problems and options.keep:
        shutil.copy(source, options.keep)
    for file in folder.iterdir():
        file.unlink()
    return bool(problems)


def run(kind, options, folder, end):
    """(kernels, units that failed)"""
    first, last = (int(s) for s in options.seeds.split(":"))
    seeds, tried, failures = list(range(first, last + 1)), 0, 0
    for at in range(0, len(seeds), options.batch):
        if end and time.monotonic() > end:
            print(f"{kind}: stopped before seed {seeds[at]}")
            break
        batch = seeds[at:at + options.batch]
        failures += check(kind, batch, options, folder)
        tried += len(batch) * options.count
    return tried, failures


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--accc", required=True)
    parser.add_argument("--kind", choices=list(KINDS), action="append", help="again for another kind; without it all")
    parser.add_argument("--seeds", default="1:5", help="first:last")
    parser.add_argument("--count", type=int, default=12, help="kernels in a unit")
    parser.add_argument("--batch", type=int, default=1, help="units in a file")
    parser.add_argument("--ccbin", help="the host's compiler; clang++-22 takes a third of g++'s time")
    parser.add_argument("--seconds", type=float, help="end after about so long")
    parser.add_argument("--keep", help="folder for the programs that failed")
    parser.add_argument("--flags", action="append", help="more options for accc; again for another way to compile")
    options = parser.parse_args()
    if options.keep:
        pathlib.Path(options.keep).mkdir(parents=True, exist_ok=True)
    end = time.monotonic() + options.seconds if options.seconds else None
    failed = False
    for kind in options.kind or KINDS:
        with tempfile.TemporaryDirectory() as folder:
            tried, failures = run(kind, options, pathlib.Path(folder), end)
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        print(f"{kind}: {tried} kernels, {failures} units with differences, {used.ru_utime + used.ru_stime:.0f} CPU seconds", flush=True)
        failed |= failures != 0
    return failed


if __name__ == "__main__":
    sys.exit(main())
