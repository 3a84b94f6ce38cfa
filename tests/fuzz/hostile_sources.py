#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Damaged CUDA sources must end in a diagnostic or an object, never in a crash of the compiler.

    hostile_sources.py --accc <path> [--seeds 1:100] [--seconds 60] [--keep DIR] [FILE.cu ...]

Each seed takes one of the files (those of tests/lit, tests/conformance and tests/examples without FILE), changes some of its tokens
(leaves out, doubles, exchanges, replaces by one of another file) and compiles it. A signal, a stack dump, a fatal error of LLVM, or
more than two minutes are failures; --keep leaves those sources in DIR.
"""
import argparse
import pathlib
import random
import re
import subprocess
import sys
import tempfile
import time

TESTS = pathlib.Path(__file__).resolve().parents[1]
TOKEN = re.compile(r'"(?:\\.|[^"\\\n])*"|//[^\n]*|\w+|\s+|<<<|>>>|.', re.S)
CRASH = re.compile(r"PLEASE submit|Stack dump|frontend command failed|LLVM ERROR|UNREACHABLE|Assertion `|Cannot select|terminated by signal")
# What breaks compilers more often than names do.
SPICE = ["__device__", "__global__", "__shared__", "__constant__", "__host__", "<<<1, 1>>>", "<<<", ">>>", "{", "}", "(", ")", ";", "*", "&", "[0]", "[-1]", "template <class T>",
         "0xffffffffffffffff", "-1", "0", "1e400", "nullptr", "auto", "static", "extern", "volatile", "const", "struct", "union", "threadIdx", "asm(\"\")", "goto", "return",
         "decltype", "__launch_bounds__(0)", "__launch_bounds__(-1, 3)", "extern __shared__", "__managed__", "#pragma unroll\n", "#define", "\\", "'", "\"", "~", "__half", "float4"]
WAYS = [["-cubin"], ["-cubin"], ["-cubin", "-G"], ["-c"], ["-c", "-G"], ["-dc"], ["-cubin", "-maxrregcount", "16"]]


def damage(rng, text, others):
    """The text with one to six changes."""
    tokens = TOKEN.findall(text)
    for _ in range(rng.choice([1, 1, 1, 2, 3, 6])):
        at = rng.randrange(len(tokens))
        roll = rng.random()
        if roll < 0.25:
            del tokens[at:at + rng.choice([1, 1, 2, 5, 40])]
        elif roll < 0.4:
            tokens[at:at] = [rng.choice(SPICE)]
        elif roll < 0.55:
            tokens[at] = rng.choice(SPICE)
        elif roll < 0.75:
            tokens[at] = rng.choice(tokens)
        elif roll < 0.85:
            other = rng.randrange(len(tokens))
            tokens[at], tokens[other] = tokens[other], tokens[at]
        elif roll < 0.93:
            tokens[at:at] = tokens[at:at + rng.randrange(1, 30)]
        else:
            piece = TOKEN.findall(rng.choice(others).read_text(errors="replace"))
            start = rng.randrange(len(piece))
            tokens[at:at] = piece[start:start + rng.randrange(1, 60)]
        if not tokens:
            tokens = [" "]
    return "".join(tokens)


def crash(command):
    """'' or what went wrong."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, errors="replace", timeout=120)
    except subprocess.TimeoutExpired:
        return "more than two minutes"
    said = done.stdout + done.stderr
    if done.returncode not in (0, 1, 2):
        return f"exit status {done.returncode}: {said[-800:]}"
    found = CRASH.search(said)
    return said[max(0, found.start() - 300):found.end() + 800] if found else ""


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--accc", required=True)
    parser.add_argument("--seeds", default="1:100", help="first:last")
    parser.add_argument("--seconds", type=float, help="end after about so long")
    parser.add_argument("--keep", type=pathlib.Path, help="folder for the sources that failed")
    parser.add_argument("files", nargs="*", type=pathlib.Path, metavar="FILE")
    options = parser.parse_args()
    files = options.files or sorted(path for folder in ("lit", "conformance", "examples") for path in (TESTS / folder).rglob("*.cu"))
    first, last = (int(s) for s in options.seeds.split(":"))
    end = time.monotonic() + options.seconds if options.seconds else None
    tried = failures = 0
    with tempfile.TemporaryDirectory() as folder:
        source = pathlib.Path(folder) / "source.cu"
        for seed in range(first, last + 1):
            if end and time.monotonic() > end:
                break
            rng = random.Random(seed)
            original, way = rng.choice(files), rng.choice(WAYS)
            source.write_text(damage(rng, original.read_text(errors="replace"), files))
            tried += 1
            problem = crash([options.accc, *way, "-arch=sm_80", "-std=c++17", "-I", original.parent, source, "-o", folder + "/out"])
            if problem:
                failures += 1
                print(f"seed {seed}, {original}, {' '.join(way)}: {problem}", flush=True)
                if options.keep:
                    options.keep.mkdir(parents=True, exist_ok=True)
                    (options.keep / f"hostile{seed}.cu").write_text(source.read_text())
    print(f"{tried} sources to seed {first + tried - 1}, {failures} crashes")
    return failures != 0


if __name__ == "__main__":
    sys.exit(main())
