#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""usage: test_library_names.py C++-COMPILER: what scripts/gen/library_names.py reads of headers, and what it refuses."""
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "scripts" / "gen"))
import library_names  # noqa: E402

COMPILER = "c++"
HEADER = """
extern "C" {
typedef enum { LIB_OK = 0, LIB_NO = 3 } libStatus_t;
typedef void (*libCallback_t)(int);
libStatus_t libMake(int n, void (*done)(int), const float *const x[]);
const char *libName(libStatus_t status);
#define libLong libLong_v2
libStatus_t libLong(long n);
static inline libStatus_t libInline(int n) { libMake(n, nullptr, nullptr); return libLong_v2(n); }
void otherThing(void);
}
"""


class Names(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.path = pathlib.Path(self.folder.name)
        (self.path / "lib.h").write_text(HEADER)

    def tearDown(self):
        self.folder.cleanup()

    def run_generator(self, unsupported):
        (self.path / "none.txt").write_text(unsupported)
        return subprocess.run(
            [sys.executable, ROOT / "scripts/gen/library_names.py", "--library", "lib", "--compiler", COMPILER, "--include", str(self.path),
             "--prefix", "lib", "--status", "libStatus_t=3", "--soname", "liblib.so.1", "--unsupported", str(self.path / "none.txt"),
             "--out", str(self.path / "lib"), str(self.path / "lib.h")], capture_output=True, encoding="utf-8", check=False)

    def test_prototypes_are_functions_and_nothing_else_is(self):
        text = library_names.preprocessed(COMPILER, str(self.path), str(self.path / "lib.h"))
        self.assertEqual(library_names.prototypes(text, "lib"),
                         {"libMake": "libStatus_t", "libName": "const char *", "libLong_v2": "libStatus_t"})

    def test_files(self):
        self.assertEqual(self.run_generator("# why\nlibLong_v2\n").returncode, 0)
        self.assertEqual((self.path / "lib_public.txt").read_text().split(), ["libLong_v2", "libMake", "libName"])
        self.assertIn("liblib.so.1 {", (self.path / "lib.map").read_text())
        stubs = (self.path / "lib_stubs.c").read_text()
        self.assertIn('acc_library_unsupported("lib", "libLong_v2", 3, &said)', stubs)
        self.assertNotIn("libMake", stubs)

    def test_a_stub_needs_a_status_to_return(self):
        run = self.run_generator("libName\n")
        self.assertNotEqual(run.returncode, 0)
        self.assertIn("libName returns const char *", run.stderr)

    def test_a_listed_name_needs_a_prototype(self):
        run = self.run_generator("libGone\n")
        self.assertNotEqual(run.returncode, 0)
        self.assertIn("no prototype: libGone", run.stderr)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        COMPILER = os.path.abspath(sys.argv.pop(1)) if os.sep in sys.argv[1] else sys.argv.pop(1)
    unittest.main()
