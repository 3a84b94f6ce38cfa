# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""scripts/bench kernels: turns, medians, ratios, means, and what counts as a failure, with programs that only print."""

import json
import os
import stat
import subprocess
import sys
import tempfile
import unittest

BENCH = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../bench")
sys.path.insert(0, BENCH)

import kernels  # noqa: E402

# Prints a measurement whose times are TIME, and keeps what it was asked for.
PROGRAM = """#!/bin/sh
if [ "$1" = --list ]; then printf 'saxpy streaming\\nmandelbrot simulation\\n'; [ -z "$SGEMM" ] || printf 'sgemm16 dense\\n'; exit; fi
echo "SIDE $1 exec=$ACC_MODEL_EXEC cus=$ACC_MODEL_CUS omp=$OMP_NUM_THREADS" >>FOLDER/calls
[ SIDE/$1 != "$WRONG" ] || { echo 'element 3 is 1' >&2; exit 1; }
echo '{"name": "x", "cpu": TIME, "wall": TIME, "first_cpu": 9, "first_wall": 9, "work": 1, "unit": "byte"}'
"""


def measured(cpu, wall=1.0):
    return {"cpu": cpu, "wall": wall, "first_cpu": 5.0, "first_wall": 6.0, "work": 1.0, "unit": "byte"}


class Summary(unittest.TestCase):
    def test_medians_and_ratios(self):
        row = kernels.summarise("saxpy", {
            "native": [measured(1), measured(2), measured(90)],
            "acc": [measured(4, 2), measured(4, 2), measured(1, 1)],
        })
        self.assertEqual(row["native"]["cpu"], 2)
        self.assertEqual(row["vs_native"], {"cpu": 0.5, "wall": 0.5})
        self.assertEqual(row["acc"]["first_wall"], 6.0)

    def test_mandelbrot_does_not_count_against_native_code(self):
        rows = [{"name": name, "vs_native": {"cpu": ratio, "wall": 1.0}, "vs_pocl": {"cpu": ratio, "wall": 1.0}}
                for name, ratio in (("saxpy", 1.0), ("nbody", 4.0), ("mandelbrot", 16.0))]
        native, pocl = kernels.sums(rows, "native"), kernels.sums(rows, "pocl")
        self.assertAlmostEqual(native["geomean"]["cpu"], 2.0)
        self.assertAlmostEqual(native["all"]["cpu"], 4.0)
        self.assertAlmostEqual(pocl["geomean"]["cpu"], 4.0)
        self.assertEqual(native["worst"], "saxpy")

    def test_nothing_to_sum_up(self):
        self.assertIsNone(kernels.sums([{"name": "saxpy", "vs_native": {"cpu": 1, "wall": 1}}], "pocl"))


class Program(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = scratch.name
        for side, seconds in (("acc", "2"), ("native", "1"), ("pocl", "4")):
            path = os.path.join(self.folder, side)
            with open(path, "w", encoding="utf-8") as file:
                file.write(PROGRAM.replace("TIME", seconds).replace("SIDE", side).replace("FOLDER", self.folder))
            os.chmod(path, os.stat(path).st_mode | stat.S_IXUSR)

    def run_kernels(self, *arguments, sides=("acc", "native", "pocl"), wrong="", more=()):
        programs = [word for side in sides for word in (f"--{side}", os.path.join(self.folder, side))]
        return subprocess.run([sys.executable, os.path.join(BENCH, "kernels.py"), "--work", self.folder, *programs, *arguments],
                              env=dict(os.environ, WRONG=wrong, **dict(more)), capture_output=True, text=True, check=False)

    def calls(self):
        with open(os.path.join(self.folder, "calls"), encoding="utf-8") as file:
            return file.read().splitlines()

    def test_sides_take_turns_and_the_native_one_begins(self):
        run = self.run_kernels("--kernel", "saxpy", "--rounds", "2", "--exec", "jit", "--workers", "2")
        self.assertEqual(run.returncode, 0, run.stderr)
        self.assertEqual([call.split()[0] for call in self.calls()], ["native", "pocl", "acc", "pocl", "acc", "native"])
        self.assertEqual(self.calls()[2], "acc saxpy exec=jit cus=2 omp=2")

    def test_report_and_json(self):
        figures = os.path.join(self.folder, "figures.json")
        run = self.run_kernels("--rounds", "1", "--json", figures)
        self.assertEqual(run.returncode, 0, run.stderr)
        with open(figures, encoding="utf-8") as file:
            found = json.load(file)
        self.assertEqual(found["rows"][0]["vs_native"]["cpu"], 0.5)
        self.assertEqual(found["totals"]["pocl"]["geomean"]["cpu"], 2.0)
        self.assertIn("geometric mean of 1 kernels (without mandelbrot; with: 0.5 x): 0.5 x", run.stdout)

    def test_shares_of_the_peak(self):
        peak = os.path.join(self.folder, "peak")
        with open(peak, "w", encoding="utf-8") as file:
            file.write("#!/bin/sh\necho 2.5\n")
        os.chmod(peak, 0o755)
        run = self.run_kernels("--rounds", "1", "--peak", peak, "--kernel", "sgemm16", more={"SGEMM": "yes"})
        self.assertEqual(run.returncode, 0, run.stderr)
        self.assertIn("sgemm16 20.0% (native 40.0%)", run.stdout)

    def test_a_wrong_result_is_an_error_and_no_time(self):
        run = self.run_kernels("--rounds", "1", wrong="acc/saxpy")
        self.assertEqual(run.returncode, 1)
        self.assertIn("saxpy               FAILED: acc: exit code 1: element 3 is 1", run.stdout)
        self.assertIn("geometric mean of 1 kernels", run.stdout)

    def test_check_measures_nothing_and_names_what_differs(self):
        run = self.run_kernels("--check", wrong="pocl/mandelbrot")
        self.assertEqual(run.returncode, 1)
        self.assertIn("1 of 2 kernels agree on native, pocl, acc", run.stdout)
        self.assertNotIn("geometric", run.stdout)

    def test_without_pocl(self):
        run = self.run_kernels("--rounds", "1", sides=("acc", "native"))
        self.assertEqual(run.returncode, 0, run.stderr)
        self.assertIn("no PoCL program was built", run.stdout)
        self.assertNotIn("pocl", " ".join(self.calls()))

    def test_unknown_kernel(self):
        run = self.run_kernels("--kernel", "nothing")
        self.assertNotEqual(run.returncode, 0)
        self.assertIn("no kernel nothing; kernels: saxpy mandelbrot", run.stderr)


if __name__ == "__main__":
    unittest.main()
