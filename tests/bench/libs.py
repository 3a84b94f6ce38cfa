# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Speed of the libraries against the host's own, on one core, in one run: `scripts/bench libs`.

usage: libs.py [--blas PROGRAM] [--fft PROGRAM] [--sizes N,N...] [--rounds N]

A program runs both sides of each case and prints `NAME N FLOPS OURS THEIRS`, CPU seconds of the best round; this prints tables.
"""
import argparse
import os
import subprocess


def table(theirs_name, commands, environment):
    print(f"{'case':12} {'n':>8} {'GFLOP/s':>9} {theirs_name:>9} {'ratio':>6}")
    for command in commands:
        run = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, encoding="utf-8")
        for line in run.stdout.splitlines():
            name, n, flops, ours, theirs = line.split()
            print(f"{name:12} {n:>8} {float(flops) / float(ours) * 1e-9:9.1f} {float(flops) / float(theirs) * 1e-9:9.1f} {float(theirs) / float(ours):6.2f}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--blas")
    parser.add_argument("--fft")
    parser.add_argument("--sizes", default="64,256,512,768,1024")
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    environment = dict(os.environ, OPENBLAS_NUM_THREADS="1", ACC_MODEL_EXEC="jit", ACC_MODEL_TRANSLATOR_CACHE="off")
    rounds = str(options.rounds)
    if options.blas:
        table("OpenBLAS", [[options.blas, size, rounds] for size in options.sizes.split(",")], environment)
    if options.fft:
        table("FFTW", [[options.fft, rounds]], environment)


if __name__ == "__main__":
    main()
