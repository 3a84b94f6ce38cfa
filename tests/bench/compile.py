#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""CPU seconds that accc and NVIDIA's nvcc need for the same files (scripts/bench compile).

Each file is compiled to an object by one and by the other in turns (A B, B A, ...); its time is the least of the rounds, with all child
processes. A file that one of them refuses is named and does not count. Without FILE: 30 programs of tests/conformance and
tests/examples, evenly from the list, and others of the list for those that are refused. Nothing is linked or run.
"""
import argparse
import json
import math
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]


def default_files(count):
    """`count` of the one-file programs, evenly, and then the rest: the others do not compile by themselves."""
    found = [path for folder in ("conformance", "examples") for path in (ROOT / "tests" / folder).rglob("*.cu")
             if path.parent.name not in ("units", "plugin")]
    found.sort()
    chosen = [found[i * len(found) // count] for i in range(min(count, len(found)))]
    return chosen + [path for path in found if path not in chosen]


def compile_once(compiler, flags, path, folder):
    """(CPU seconds, wall seconds, what it said when it failed)."""
    command = [compiler, *flags, "-c", str(path), "-o", os.path.join(folder, "out.o")]
    with tempfile.TemporaryFile("w+") as said:
        start = time.monotonic()
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=said, stderr=said,
                                   env={**os.environ, "CCACHE_DISABLE": "1"})
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        wall = time.monotonic() - start
        said.seek(0)
        error = (said.read().strip().splitlines() or ["no message"])[0] if process.returncode else None
    return usage.ru_utime + usage.ru_stime, wall, error


def measure(path, compilers, flags, rounds, folder):
    """{name: {"cpu":, "wall":}} of one file, or the line with which a compiler refuses it."""
    best = {}
    for turn in range(rounds):
        for name in list(compilers) if turn % 2 == 0 else list(reversed(compilers)):
            cpu, wall, error = compile_once(compilers[name], flags, path, folder)
            if error:
                return f"{name}: {error}"
            old = best.get(name, {"cpu": cpu, "wall": wall})
            best[name] = {"cpu": min(cpu, old["cpu"]), "wall": min(wall, old["wall"])}
    return best


def print_row(name, result):
    """Returns the ratio, if there is one."""
    if isinstance(result, str):
        print(f"{'-':>8} {'-':>8} {'-':>6}  {name}: {result}", flush=True)
        return None
    accc, nvcc = result["accc"]["cpu"], result.get("nvcc", {}).get("cpu")
    ratio = accc / nvcc if nvcc else None
    print(f"{accc:8.2f} " + (f"{nvcc:8.2f} {ratio:6.2f}" if nvcc else f"{'-':>8} {'-':>6}") + f"  {name}", flush=True)
    return ratio


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--accc", required=True)
    parser.add_argument("--nvcc", help="NVIDIA's compiler; without it accc is measured alone")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--flags", default="-O3 -std=c++17 -arch=sm_80 --extended-lambda --expt-relaxed-constexpr", help="of both compilers (default: %(default)s)")
    parser.add_argument("--list", type=pathlib.Path, help="a file with one path a line")
    parser.add_argument("--json", type=pathlib.Path, help="write all figures there")
    parser.add_argument("files", nargs="*", type=pathlib.Path, metavar="FILE")
    arguments = parser.parse_args()
    compilers = {"accc": arguments.accc}
    if arguments.nvcc:
        compilers["nvcc"] = shutil.which(arguments.nvcc) or sys.exit(f"compile.py: no program {arguments.nvcc}")
    files = arguments.files + [pathlib.Path(line) for line in
                               (arguments.list.read_text().split() if arguments.list else [])]
    results, ratios, wanted = {}, [], len(files) or 30
    print(f"{'accc s':>8} {'nvcc s':>8} {'ratio':>6}  file")
    with tempfile.TemporaryDirectory() as folder:
        for path in files or default_files(wanted):
            if sum(not isinstance(result, str) for result in results.values()) == wanted:
                break
            name = str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else str(path)
            results[name] = measure(path, compilers, arguments.flags.split(), arguments.rounds, folder)
            ratios.append(print_row(name, results[name]))
    ratios = [ratio for ratio in ratios if ratio]
    if ratios:
        mean = math.exp(sum(map(math.log, ratios)) / len(ratios))
        print(f"\n{len(ratios)} files: geometric mean {mean:.2f}, largest {max(ratios):.2f} "
              "(CPU seconds of accc / nvcc; wanted: at most 0.5, none above 1)")
    if arguments.json:
        arguments.json.write_text(json.dumps({"flags": arguments.flags, "files": results}, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
