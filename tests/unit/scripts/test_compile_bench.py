# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""scripts/bench compile: what it counts, with compilers that only use CPU time or refuse."""

import json
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[3]
COMPILER = """#!{python}
import sys, time
source = sys.argv[sys.argv.index("-c") + 1]
if "{refuses}" in source:
    sys.exit("x.cu(1): error: refused")
end = time.process_time() + {seconds}
while time.process_time() < end:
    pass
"""


class CompileBench(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        for name, seconds, refuses in (("accc", 0.05, "nothing"), ("nvcc", 0.25, "odd")):
            path = self.folder / name
            path.write_text(COMPILER.format(python=sys.executable, seconds=seconds, refuses=refuses))
            path.chmod(0o755)

    def run_bench(self, *arguments):
        run = subprocess.run([sys.executable, ROOT / "tests/bench/compile.py", "--accc", self.folder / "accc", "--rounds", "1",
                              *arguments], capture_output=True, text=True, check=True)
        return run.stdout

    def test_the_ratio_is_of_cpu_time_and_refused_files_do_not_count(self):
        figures = self.folder / "figures.json"
        text = self.run_bench("--nvcc", self.folder / "nvcc", "--json", figures, "even.cu", "odd.cu")
        self.assertRegex(text, r"odd\.cu: nvcc: x\.cu\(1\): error: refused")
        mean = float(re.search(r"1 files: geometric mean ([0-9.]+)", text).group(1))
        # 0.05 s against 0.25 s, and the start of Python in both.
        self.assertGreater(mean, 0.2)
        self.assertLess(mean, 0.7)
        one = json.loads(figures.read_text())["files"]["even.cu"]
        self.assertGreaterEqual(one["nvcc"]["cpu"], 0.25)

    def test_without_nvcc_accc_is_measured_alone(self):
        text = self.run_bench("even.cu")
        self.assertRegex(text, r"[0-9.]+ +- +-  even\.cu")
        self.assertNotIn("mean", text)


if __name__ == "__main__":
    unittest.main()
