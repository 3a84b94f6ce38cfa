# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Measures ordinary kernels on ACC, on PoCL and as native OpenMP code, in turns; checks results; reports ratios.

usage: kernels.py --acc PROGRAM --native PROGRAM [--pocl PROGRAM] [--peak PROGRAM] --work FOLDER [--check] [--kernel NAME]... [--rounds N]
                  [--seconds S] [--exec auto|interp|jit] [--workers N] [--json FILE]

Each measurement is a fresh process of one side for one kernel; the sides take turns, so that a slow moment of the machine
hits all. Times are of one launch, after a warm-up, without start-up; CPU time counts all threads of the process. `first` is
ACC's first launch, with what is translated for it. A ratio is the other side's time divided by ACC's: above 1, ACC is faster.
--check compares the sides on small problems and measures nothing. Exit code 1 when results differ or a program fails.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile

from bench import duration, processor, spread

SIDES = ["native", "pocl", "acc"]  # the native one writes the results that the others compare with
LABELS = {"native": "native", "pocl": "PoCL"}
UNSUMMED = {"native": {"mandelbrot"}}  # left out of the geometric mean against that side


def parse_arguments(arguments=None):
    parser = argparse.ArgumentParser(prog="scripts/bench kernels")
    parser.add_argument("--acc", required=True, help=argparse.SUPPRESS)
    parser.add_argument("--native", required=True, help=argparse.SUPPRESS)
    parser.add_argument("--pocl", help=argparse.SUPPRESS)
    parser.add_argument("--peak", help=argparse.SUPPRESS)
    parser.add_argument("--work", required=True, help=argparse.SUPPRESS)
    parser.add_argument("--check", action="store_true", help="compare on small problems, measure nothing")
    parser.add_argument("--kernel", action="append", metavar="NAME", help="only this one (may be repeated)")
    parser.add_argument("--rounds", type=int, default=5, help="measurements of each side (default 5)")
    parser.add_argument("--seconds", type=float, default=0.3, help="time of one measurement (default 0.3)")
    parser.add_argument("--exec", choices=["auto", "interp", "jit"], help="how ACC executes kernels (ACC_MODEL_EXEC)")
    parser.add_argument("--workers", type=int, help="threads of each side (default: all processors)")
    parser.add_argument("--json", metavar="FILE", help="write every measurement to FILE")
    parsed = parser.parse_args(arguments)
    if parsed.rounds < 1 or parsed.seconds <= 0 or (parsed.workers is not None and parsed.workers < 1):
        parser.error("--rounds, --seconds and --workers must be positive")
    return parsed


def environment_of(arguments):
    """The environment of all programs: executor, threads, and OpenMP threads that sleep while they wait."""
    environment = dict(os.environ, OMP_WAIT_POLICY="passive")
    environment.setdefault("ACC_MODEL_TRANSLATOR_CACHE", "off")  # `first` is what translating takes
    if arguments.exec:
        environment["ACC_MODEL_EXEC"] = arguments.exec
    if arguments.workers:
        for name in ("ACC_MODEL_CUS", "OMP_NUM_THREADS", "POCL_MAX_PTHREAD_COUNT", "POCL_CPU_MAX_CU_COUNT"):
            environment[name] = str(arguments.workers)
    return environment


def list_kernels(program, environment):
    """{name: group} of a program's kernels, in its order."""
    run = subprocess.run([program, "--list"], env=environment, capture_output=True, text=True, check=True)
    return dict(line.split() for line in run.stdout.splitlines())


def command_of(side, name, arguments):
    command = [getattr(arguments, side), name, "--seconds", str(arguments.seconds)]
    command += ["--write" if side == "native" else "--expect", arguments.expected]
    if side == "pocl":
        command += ["--sources", os.path.join(os.path.dirname(os.path.abspath(__file__)), "kernels/pocl")]
    if arguments.check:
        command.append("--check")
    return command


def run_side(side, name, arguments, environment):
    """One measurement; raises RuntimeError with the program's message."""
    command = command_of(side, name, arguments)
    run = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=600, check=False)
    if run.returncode != 0:
        raise RuntimeError(f"{side}: exit code {run.returncode}: {run.stderr.strip()}")
    return json.loads(run.stdout.splitlines()[-1])


def measure(name, sides, arguments, environment):
    """{side: [measurement, ...]} of one kernel."""
    found = {side: [] for side in sides}
    for number in range(arguments.rounds):
        # Each round begins with another side; the first with the native one, which the others compare with.
        first = number % len(sides)
        for side in sides[first:] + sides[:first]:
            found[side].append(run_side(side, name, arguments, environment))
    return found


def summarise(name, by_side):
    """One row of the report: medians of each side, and the ratios to ACC's."""
    row = {"name": name, "unit": by_side["acc"][0]["unit"], "work": by_side["acc"][0]["work"]}
    for side, measurements in by_side.items():
        row[side] = {key: statistics.median(m[key] for m in measurements)
                     for key in ("cpu", "wall", "first_cpu", "first_wall")}
        row[side]["spread"] = spread(measurements, "cpu")
    for side in by_side:
        if side != "acc":
            row[f"vs_{side}"] = {key: row[side][key] / row["acc"][key] for key in ("cpu", "wall")}
    return row


def sums(rows, side):
    """Geometric means and the worst ratios against `side`; None when nothing was measured."""
    ratios = {row["name"]: row[f"vs_{side}"] for row in rows if f"vs_{side}" in row}
    if not ratios:
        return None
    counted = [ratio for name, ratio in ratios.items() if name not in UNSUMMED.get(side, ())] or list(ratios.values())
    worst = min(ratios, key=lambda name: ratios[name]["cpu"])
    return {"kernels": len(ratios), "counted": len(counted), "worst": worst, "worst_cpu": ratios[worst]["cpu"],
            "all": {key: statistics.geometric_mean(r[key] for r in ratios.values()) for key in ("cpu", "wall")},
            "geomean": {key: statistics.geometric_mean(r[key] for r in counted) for key in ("cpu", "wall")}}


def print_head(sides):
    cells = [f"{'':18}", f"{'first':>8}"] + [f"{side + ' cpu':>10}" for side in sides]
    cells += [f"{side + ' wall':>11}" for side in sides]
    for side in sides:
        if side != "acc":
            cells.append(f"{'vs ' + side + ': cpu, wall':>22}")
    print("  ".join(cells))


def print_row(row, sides):
    cells = [f"{row['name']:18}", f"{duration(row['acc']['first_wall']):>8}"]
    cells += [f"{duration(row[side]['cpu']):>10}" for side in sides]
    cells += [f"{duration(row[side]['wall']):>11}" for side in sides]
    for side in sides:
        if side != "acc":
            ratio = row[f"vs_{side}"]
            cells.append(f"{ratio['cpu']:13.3g} x {ratio['wall']:5.3g} x")
    cells.append(f"{row['work'] / row['acc']['cpu'] / 1e9:.3g} G {row['unit']}/s/core")
    print("  ".join(cells), flush=True)


def print_sums(totals):
    for side, total in totals.items():
        text = f"{LABELS[side]}: geometric mean of {total['counted']} kernels"
        left_out = UNSUMMED.get(side)
        if total["counted"] < total["kernels"]:
            text += f" (without {', '.join(left_out)}; with: {total['all']['cpu']:.3g} x)"
        print(f"vs {text}: {total['geomean']['cpu']:.3g} x (CPU time), {total['geomean']['wall']:.3g} x (wall time); "
              f"worst: {total['worst']}, {total['worst_cpu']:.3g} x")


def print_peak(rows, peak):
    """Each product's rate in floating point beside the machine's."""
    shares = [f"{row['name']} {row['work'] / row['acc']['cpu'] / peak:.1%} (native {row['work'] / row['native']['cpu'] / peak:.1%})"
              for row in rows if row["name"].startswith("sgemm")]
    if shares:
        print(f"of the {peak / 1e9:.0f} G flop/s of one core in fused multiply-adds: {', '.join(shares)}")


def check_all(names, sides, arguments, environment):
    """Compares all sides; returns the names that failed."""
    failures = []
    for name in names:
        try:
            for side in sides:
                run_side(side, name, arguments, environment)
        except (RuntimeError, OSError, ValueError, subprocess.TimeoutExpired) as error:
            print(f"{name}: FAILED: {error}", flush=True)
            failures.append(name)
    print(f"{len(names) - len(failures)} of {len(names)} kernels agree on {', '.join(sides)}")
    return failures


def measure_all(names, sides, arguments, environment):
    """Measures and reports; returns the names that failed."""
    load = os.getloadavg()[0]
    print(f"{processor()}, {os.cpu_count()} processors, load {load:.1f} at the start; medians of {arguments.rounds} rounds; "
          f"ACC_MODEL_EXEC={environment.get('ACC_MODEL_EXEC', '(default)')}, "
          f"{arguments.workers or 'all'} workers; ratio = other / ACC")
    print_head(sides)
    rows, raw, failures = [], {}, []
    for name in names:
        try:
            raw[name] = measure(name, sides, arguments, environment)
        except (RuntimeError, OSError, ValueError, subprocess.TimeoutExpired) as error:
            print(f"{name:18}  FAILED: {error}", flush=True)
            failures.append(name)
            continue
        rows.append(summarise(name, raw[name]))
        print_row(rows[-1], sides)
    totals = {side: sums(rows, side) for side in sides if side != "acc" and rows}
    print_sums(totals)
    peak = float(subprocess.run([arguments.peak], capture_output=True, text=True, check=True).stdout) if arguments.peak else None
    if peak:
        print_peak(rows, peak)
    if arguments.json:
        with open(arguments.json, "w", encoding="utf-8") as file:
            json.dump({"processor": processor(), "processors": os.cpu_count(), "load": load, "rounds": arguments.rounds,
                       "exec": environment.get("ACC_MODEL_EXEC"), "workers": arguments.workers,
                       "totals": totals, "peak": peak, "failures": failures, "rows": rows, "raw": raw}, file, indent=1)
    return failures


def main():
    arguments = parse_arguments()
    environment = environment_of(arguments)
    sides = [side for side in SIDES if getattr(arguments, side)]
    if "pocl" not in sides:
        print("no PoCL program was built: comparing without it")
    known = list(list_kernels(arguments.native, environment))
    unknown = [name for name in arguments.kernel or [] if name not in known]
    if unknown:
        sys.exit(f"no kernel {unknown[0]}; kernels: {' '.join(known)}")
    work = check_all if arguments.check else measure_all
    # Of this run alone: another may go on beside it.
    with tempfile.TemporaryDirectory(prefix="expected-", dir=arguments.work) as arguments.expected:
        return 1 if work(arguments.kernel or known, sides, arguments, environment) else 0


if __name__ == "__main__":
    sys.exit(main())
