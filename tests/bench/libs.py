# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Speed of the libraries against the host's own, on one core, in one run: `scripts/bench libs`.

usage: libs.py --blas PROGRAM [--sizes N,N...] [--rounds N]

The program runs both sides of each case and prints `NAME N OURS THEIRS`, CPU seconds of the best round; this prints a table.
"""
import argparse
import os
import subprocess


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--blas", required=True)
    parser.add_argument("--sizes", default="64,256,512,768,1024")
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    environment = dict(os.environ, OPENBLAS_NUM_THREADS="1", ACC_MODEL_EXEC="jit", ACC_MODEL_TRANSLATOR_CACHE="off")
    print(f"{'case':12} {'n':>6} {'GFLOP/s':>9} {'OpenBLAS':>9} {'ratio':>6}")
    for size in options.sizes.split(","):
        run = subprocess.run([options.blas, size, str(options.rounds)], env=environment, check=True, stdout=subprocess.PIPE, encoding="utf-8")
        for line in run.stdout.splitlines():
            name, n, flops, ours, theirs = line.split()
            print(f"{name:12} {n:>6} {float(flops) / float(ours) * 1e-9:9.1f} {float(flops) / float(theirs) * 1e-9:9.1f} {float(theirs) / float(ours):6.2f}")


if __name__ == "__main__":
    main()
