# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""How the benchmark driver compares results and sums up."""

import os
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../../bench"))

import bench  # noqa: E402


def timed(cpu, wall, checksum=None, scale=1.0):
    measurement = {"cpu": cpu, "wall": wall, "work": 1.0, "unit": "flop"}
    if checksum is not None:
        measurement.update(checksum=checksum, scale=scale)
    return measurement


class Agreement(unittest.TestCase):
    def test_exact_suites_accept_no_difference(self):
        same = {"acc": [timed(1, 1, 5.0)], "pocl": [timed(1, 1, 5.0)]}
        other = {"acc": [timed(1, 1, 5.0)], "pocl": [timed(1, 1, 5.0000001)]}
        self.assertIs(bench.agreement("mandelbrot", same), True)
        self.assertIs(bench.agreement("mandelbrot", other), False)

    def test_tolerance_is_relative_to_the_sum_of_magnitudes(self):
        near = {"acc": [timed(1, 1, 0.0, 1e6)], "pocl": [timed(1, 1, 9.0, 1e6)]}
        far = {"acc": [timed(1, 1, 0.0, 1e6)], "pocl": [timed(1, 1, 11.0, 1e6)]}
        self.assertIs(bench.agreement("nbody", near), True)
        self.assertIs(bench.agreement("nbody", far), False)

    def test_rounds_of_one_side_must_agree_too(self):
        unstable = {"acc": [timed(1, 1, 1.0), timed(1, 1, 2.0)]}
        self.assertIs(bench.agreement("saxpy", unstable), False)

    def test_not_a_number_never_agrees(self):
        broken = {"acc": [timed(1, 1, 1.0)], "pocl": [timed(1, 1, float("nan"))]}
        self.assertIs(bench.agreement("sgemm", broken), False)

    def test_nothing_to_compare(self):
        self.assertIsNone(bench.agreement("launch.wait", {"acc": [timed(1, 1)]}))


class Summary(unittest.TestCase):
    def test_medians_and_ratios(self):
        row = bench.summarise("fma", {
            "acc": [timed(1, 10), timed(2, 20), timed(90, 900)],
            "pocl": [timed(8, 10), timed(8, 10), timed(8, 10)],
        })
        self.assertEqual(row["acc"]["cpu"], 2)
        self.assertEqual(row["ratio"], {"cpu": 4.0, "wall": 0.5})

    def test_geometric_mean_needs_all_its_suites(self):
        rows = [{"name": name, "ratio": {"cpu": ratio, "wall": 1.0}}
                for name, ratio in (("mandelbrot", 1.0), ("nbody", 2.0), ("sgemm", 4.0), ("fma", 99.0))]
        self.assertAlmostEqual(bench.geomean(rows, "cpu"), 2.0)
        self.assertIsNone(bench.geomean(rows[:2], "cpu"))


if __name__ == "__main__":
    unittest.main()
