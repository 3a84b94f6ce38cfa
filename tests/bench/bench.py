# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs the ACC and the PoCL benchmark programs in turns, checks their results against each other, and reports medians.

usage: bench.py --acc PROGRAM --pocl PROGRAM --kernels FILE.cl [--json FILE] [--rounds N] [--seconds S] [SUITE...]

Suites: saxpy sgemm nbody mandelbrot reduction fma launch copy memory; all when none is named. Without --pocl only ACC
is measured. The two programs run A B A B ..., each as a fresh process, so that a slow moment of the
machine hits both. Times are per repetition, after a warm-up, without start-up; CPU time counts all threads of the process.
The ratio is PoCL's time divided by ACC's: above 1, ACC is faster. Exit code 1 when results differ or a program fails.
"""

import argparse
import json
import math
import os
import platform
import statistics
import subprocess
import sys

SUITES = ["saxpy", "sgemm", "nbody", "mandelbrot", "reduction", "fma", "launch", "copy", "memory"]

# Largest |difference of checksums| / (sum of magnitudes) that still counts as the same result. Both
# sides compute the same operations in the same order, so most results are equal to the last bit.
# nbody: rsqrt may differ in its last two bits between implementations.
TOLERANCE = {"saxpy": 0, "sgemm": 1e-7, "nbody": 1e-5, "mandelbrot": 0, "reduction": 1e-7, "fma": 1e-7}

# The suites whose geometric mean is the summary of the interpreter's (later the JIT's) speed.
GEOMEAN = ["mandelbrot", "nbody", "sgemm"]


def parse_arguments():
    parser = argparse.ArgumentParser(prog="scripts/bench", description="ACC against PoCL")
    parser.add_argument("--acc", required=True)
    parser.add_argument("--pocl")
    parser.add_argument("--kernels")
    parser.add_argument("--json", metavar="FILE", help="write every measurement to FILE")
    parser.add_argument("--rounds", type=int, default=5, help="runs of each program (default 5)")
    parser.add_argument("--seconds", type=float, default=0.3, help="time of one measurement (default 0.3)")
    parser.add_argument("suites", nargs="*", metavar="SUITE", help=" ".join(SUITES))
    arguments = parser.parse_args()
    unknown = [suite for suite in arguments.suites if suite not in SUITES]
    if unknown:
        parser.error(f"no suite {unknown[0]}; suites: {' '.join(SUITES)}")
    if arguments.rounds < 1 or arguments.seconds <= 0:
        parser.error("--rounds and --seconds must be positive")
    return arguments


def run_program(command, environment):
    """The measurements (one dictionary per printed line) of one run; raises RuntimeError with its message."""
    run = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=600, check=False)
    if run.returncode != 0:
        raise RuntimeError(f"{' '.join(command)}: exit code {run.returncode}\n{run.stderr.strip()}")
    return [json.loads(line) for line in run.stdout.splitlines() if line.startswith("{")]


def measure_suite(suite, sides, arguments, environment):
    """Runs every side in turns. Returns {side: {name: [measurement, ...]}}."""
    found = {side: {} for side in sides}
    for number in range(arguments.rounds):
        # Every other round starts with the other side.
        for side in list(sides)[:: 1 if number % 2 == 0 else -1]:
            command = [sides[side], suite, str(arguments.seconds)]
            for measurement in run_program(command, environment):
                found[side].setdefault(measurement["name"], []).append(measurement)
    return found


def median_of(measurements, key):
    return statistics.median(m[key] for m in measurements)


def summarise(name, by_side):
    """One row of the report: medians per side, ratios, and whether the results agree (None: nothing to compare)."""
    row = {"name": name, "unit": next(iter(by_side.values()))[0]["unit"]}
    for side, measurements in by_side.items():
        keys = ("value",) if "value" in measurements[0] else ("cpu", "wall")
        row[side] = {key: median_of(measurements, key) for key in keys}
        row[side]["spread"] = spread(measurements, keys[-1])
    row["work"] = next(iter(by_side.values()))[0].get("work")
    if "acc" in row and "pocl" in row and "cpu" in row["acc"]:
        row["ratio"] = {key: row["pocl"][key] / row["acc"][key] for key in ("cpu", "wall")}
    row["agree"] = agreement(name, by_side)
    return row


def spread(measurements, key):
    """(largest - smallest) / median: how much the machine disturbed the runs."""
    values = [m[key] for m in measurements]
    middle = statistics.median(values)
    return (max(values) - min(values)) / middle if middle else 0.0


def agreement(name, by_side):
    """True or False when checksums of both sides can be compared, else None."""
    checks = [m for measurements in by_side.values() for m in measurements if "checksum" in m]
    if not checks:
        return None
    first = checks[0]
    limit = TOLERANCE[name] * first["scale"]
    return all(math.isfinite(m["checksum"]) and abs(m["checksum"] - first["checksum"]) <= limit for m in checks)


def duration(seconds):
    for unit, factor in (("s", 1), ("ms", 1e3), ("us", 1e6)):
        if seconds * factor >= 1:
            return f"{seconds * factor:.3g} {unit}"
    return f"{seconds * 1e9:.3g} ns"


def rate(row):
    """ACC's work per second: of wall time for memory, of CPU time (so per core) for computing."""
    acc = row.get("acc", {})
    if "wall" not in acc:
        return ""
    if row["unit"] == "byte":
        return f"{row['work'] / acc['wall'] / 1e9:.2f} GB/s"
    if row["unit"] == "launch":
        return ""
    if row["unit"] == "node":
        return f"{acc['wall'] / row['work'] * 1e9:.0f} ns/node"
    return f"{row['work'] / acc['cpu'] / 1e9:.3g} G {row['unit']}/s/core"


def print_row(row):
    if "value" in row["acc"]:
        values = "  ".join(f"{side} {row[side]['value'] / 1e6:.1f} MB" for side in ("acc", "pocl") if side in row)
        print(f"{row['name']:24} {values}")
        return
    cells = [f"{row['name']:24}"]
    for side in ("acc", "pocl"):
        for key in ("cpu", "wall"):
            cells.append(f"{duration(row[side][key]) if side in row else '-':>9}")
    for key in ("cpu", "wall"):
        cells.append(f"{row['ratio'][key]:6.2f}" if "ratio" in row else "     -")
    cells.append({True: "same", False: "DIFFER", None: "-"}[row["agree"]].ljust(6))
    cells.append(rate(row))
    print("  ".join(cells).rstrip())


def geomean(rows, key):
    """Geometric mean of the ratios of the GEOMEAN suites, or None when one is missing."""
    ratios = [row["ratio"][key] for row in rows if row["name"] in GEOMEAN and "ratio" in row]
    return statistics.geometric_mean(ratios) if len(ratios) == len(GEOMEAN) else None


def processor():
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            return next(line.split(":", 1)[1].strip() for line in file if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor()


def main():
    arguments = parse_arguments()
    sides = {"acc": arguments.acc}
    environment = dict(os.environ)
    if arguments.pocl:
        sides["pocl"] = arguments.pocl
        environment["ACC_BENCH_KERNELS"] = arguments.kernels or ""

    print(f"{processor()}, {os.cpu_count()} cores; medians of {arguments.rounds} runs of each side, in turns; "
          "ratio = PoCL / ACC")
    print(f"{'':24}  {'acc cpu':>9}  {'acc wall':>9}  {'pocl cpu':>9}  {'pocl wall':>9}  "
          f"{'cpu x':>6}  {'wall x':>6}  result")
    rows, raw, failures = [], {}, []
    for suite in arguments.suites or SUITES:
        try:
            found = measure_suite(suite, sides, arguments, environment)
        except (RuntimeError, OSError, ValueError, subprocess.TimeoutExpired) as error:
            print(f"{suite:24}  FAILED: {error}")
            failures.append(suite)
            continue
        raw[suite] = found
        for name in found["acc"]:
            by_side = {side: found[side][name] for side in sides if name in found[side]}
            rows.append(summarise(name, by_side))
            print_row(rows[-1])
            sys.stdout.flush()
    means = {key: geomean(rows, key) for key in ("cpu", "wall")}
    if means["cpu"] is not None:
        print(f"geometric mean of {', '.join(GEOMEAN)}: {means['cpu']:.2f} x (CPU time), "
              f"{means['wall']:.2f} x (wall time)")
    if arguments.json:
        with open(arguments.json, "w", encoding="utf-8") as file:
            json.dump({"processor": processor(), "cores": os.cpu_count(), "rounds": arguments.rounds,
                       "geomean": means, "rows": rows, "raw": raw}, file, indent=1)
    differing = [row["name"] for row in rows if row["agree"] is False]
    if differing:
        print(f"results differ: {', '.join(differing)}")
    return 1 if failures or differing else 0


if __name__ == "__main__":
    sys.exit(main())
