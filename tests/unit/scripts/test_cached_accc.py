#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""cmake/cached_accc.py: a second compilation of the same bytes is not made, any other is."""
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

SCRIPT = pathlib.Path(__file__).resolve().parents[3] / "cmake" / "cached_accc.py"
# A compiler whose object is its input, and which counts how often it ran.
COMPILER = """#!/bin/sh
echo ran >>"$COUNT"
[ -z "$EDITED" ] || echo edited >"$EDITED"
while [ $# -gt 1 ]; do case $1 in -MF) dep=$2; shift ;; -o) out=$2; shift ;; *.cu) source=$1 ;; esac; shift; done
[ "$out" ] || out=$1
cat "$source" "$(dirname "$source")/header.h" >"$out"
grep warn "$source"
echo "$out: $source $(dirname "$source")/header.h" >"$dep"
! grep fail "$source"
"""


class CachedAccc(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.top = pathlib.Path(self.folder.name)
        self.addCleanup(self.folder.cleanup)

    def clone(self, name):
        root = self.top / name
        for path, text in {"build/bin/accc": COMPILER, "build/lib64/acc/devicelib.bc": "library",
                           "build/lib64/acc/dialect.so": "plugin", "a.cu": "kernel\n", "header.h": "header\n"}.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(text)
        (root / "build/bin/accc").chmod(0o755)
        return root

    def compile(self, root, *options, edited=""):
        """(exit code, what was printed, the object's bytes, how often the compiler has run by now)"""
        environment = dict(os.environ, ACC_BUILD_CACHE=str(self.top / "cache"), COUNT=str(self.top / "count"), EDITED=str(edited))
        environment.pop("CCACHE_DISABLE", None)
        out = root / "build" / "a.o"
        done = subprocess.run(
            ["/usr/bin/python3", SCRIPT, "--root", root, "--build", root / "build", root / "build/bin/accc", *options, "-I", root, "-c", "-MD",
             "-MF", f"{out}.d", root / "a.cu", "-o", out],
            env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8", timeout=60)
        count = (self.top / "count").read_text().count("ran")
        return done.returncode, done.stdout, out.read_text() if out.exists() else None, count

    def test_another_clone_gets_the_object_and_its_own_paths(self):
        one, two = self.clone("one"), self.clone("two")
        self.assertEqual(self.compile(one), (0, "", "kernel\nheader\n", 1))
        self.assertEqual(self.compile(two), (0, "", "kernel\nheader\n", 1))
        self.assertIn(str(two / "header.h"), (two / "build/a.o.d").read_text())
        self.assertNotIn(str(one), (two / "build/a.o.d").read_text())

    def test_what_differs_is_compiled(self):
        root = self.clone("one")
        self.compile(root)
        (root / "header.h").write_text("other\n")
        self.assertEqual(self.compile(root), (0, "", "kernel\nother\n", 2))
        (root / "header.h").write_text("header\n")
        self.assertEqual(self.compile(root)[2:], ("kernel\nheader\n", 2), "both results are kept")
        self.assertEqual(self.compile(root, "-O1")[3], 3)
        (root / "build/lib64/acc/devicelib.bc").write_text("another library")
        self.assertEqual(self.compile(root)[3], 4)

    def test_warnings_and_failures_are_not_kept(self):
        root = self.clone("one")
        (root / "a.cu").write_text("warn\n")
        for count in 1, 2:
            self.assertEqual(self.compile(root), (0, "warn\n", "warn\nheader\n", count))
        (root / "a.cu").write_text("fail\n")
        for count in 3, 4:
            self.assertEqual(self.compile(root)[::3], (1, count))

    def test_a_damaged_cache_costs_time_only(self):
        root = self.clone("one")
        self.compile(root)
        for file in (self.top / "cache").glob("*.json"):
            file.write_text("[{")
        self.assertEqual(self.compile(root), (0, "", "kernel\nheader\n", 2))
        for file in (self.top / "cache").glob("*.json"):
            file.write_text('{"a": 1}')
        self.assertEqual(self.compile(root), (0, "", "kernel\nheader\n", 3))
        for file in (self.top / "cache").glob("*.o"):
            file.unlink()
        self.assertEqual(self.compile(root), (0, "", "kernel\nheader\n", 4))

    def test_what_was_edited_meanwhile_is_not_kept(self):
        root = self.clone("one")
        self.compile(root, edited=root / "header.h")
        (root / "header.h").write_text("edited\n")
        self.assertEqual(self.compile(root), (0, "", "kernel\nedited\n", 2))

    def test_another_host_compiler_is_not_kept(self):
        root = self.clone("one")
        for count in 1, 2:
            self.assertEqual(self.compile(root, "-ccbin", "g++"), (0, "", "kernel\nheader\n", count))


if __name__ == "__main__":
    sys.exit(unittest.main())
