# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The API tables' generator: its outputs agree with each other and compile, and it refuses rows it cannot understand.

usage: test_cuda_api.py [C++ compiler]
"""

import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "scripts" / "gen"))
import cuda_api  # noqa: E402

COMPILER = "clang++-22"


class Tables(unittest.TestCase):
    def test_committed_files_are_current(self):
        self.assertEqual(cuda_api.write_headers(check=True), 0)

    def test_every_function_is_exported_once(self):
        exported = re.findall(r"^    (\w+);$", cuda_api.exports_map(), re.M)
        self.assertEqual(len(exported), len(set(exported)))
        for api in ("runtime", "driver"):
            for function in cuda_api.read_functions(api):
                self.assertIn(function.name, exported)

    def test_a_stub_for_each_unsupported_function_and_no_other(self):
        defined = set(re.findall(r"^ACC_API_EXPORT \S+ (\w+)\(", cuda_api.stubs_source(), re.M))
        for api in ("runtime", "driver"):
            for function in cuda_api.read_functions(api):
                self.assertEqual(function.name in defined, function.status == "unsupported", function.name)

    def test_the_stubs_compile_against_the_headers(self):
        with tempfile.TemporaryDirectory() as folder:
            source = pathlib.Path(folder) / "stubs.cpp"
            source.write_text(cuda_api.stubs_source())
            subprocess.run([COMPILER, "-std=c++20", "-Wall", "-Werror", "-fsyntax-only", "-I", ROOT / "include" / "cuda",
                            source], check=True)

    # Facts of CUDA 12 that the tables must hold.
    def test_known_rows(self):
        runtime = {f.name: f for f in cuda_api.read_functions("runtime")}
        driver = {f.name: f for f in cuda_api.read_functions("driver")}
        copy = runtime["cudaMemcpyAsync"]
        self.assertEqual([p.name for p in copy.params], ["dst", "src", "count", "kind", "stream"])
        self.assertEqual(copy.params[4].default, "0")
        self.assertEqual(copy.stream, "ptsz")
        self.assertEqual(runtime["cudaMemcpy"].stream, "ptds")
        self.assertEqual(runtime["cudaMemPrefetchAsync"].params[2].type, "int")
        self.assertEqual(driver["cuMemAlloc_v2"].macro, "cuMemAlloc")
        self.assertEqual(driver["cuCtxCreate_v2"].macro, "cuCtxCreate")
        # Releases as in CUDA's documentation; the signature changed with the name's suffix.
        for name, since in (("cuInit", "2.0"), ("cuMemAlloc_v2", "3.2"), ("cuStreamWaitValue32_v2", "11.7"),
                            ("cuGetProcAddress_v2", "12.0"), ("cuTensorMapEncodeTiled", "12.0"),
                            ("cuStreamGetCaptureInfo_v3", "12.3")):
            self.assertEqual(driver[name].since, since, name)

    def test_every_driver_function_has_its_pointer_type(self):
        checks = []
        for function in cuda_api.read_functions("driver"):
            user = function.macro or function.name
            # The cast chooses among overloads (CUDA 13's forms), and takes exactly that type.
            checks.append(f"using {user}_type = decltype(static_cast<PFN_{user}>(&{user}));\n")
        names = ("PFN_cuMemcpyHtoD_v3020", "PFN_cuMemcpyHtoD_v7000_ptds", "PFN_cuStreamWaitEvent_v7000_ptsz",
                 "PFN_cuStreamGetCaptureInfo_v12030_ptsz", "PFN_cuTensorMapEncodeTiled_v12000", "PFN_cuCtxCreate_v11040")
        checks.extend(f"using {name}_ = {name};\n" for name in names)
        with tempfile.TemporaryDirectory() as folder:
            source = pathlib.Path(folder) / "types.cpp"
            source.write_text("#include <cudaTypedefs.h>\n" + "".join(checks))
            for options in ([], ["-DCUDA_API_PER_THREAD_DEFAULT_STREAM"]):
                subprocess.run([COMPILER, "-std=c++20", "-Wall", "-Werror", "-fsyntax-only", "-I",
                                ROOT / "include" / "cuda", *options, source], check=True)


class Rows(unittest.TestCase):
    def row(self, text):
        return cuda_api.Function([cell.strip() for cell in text.split("|")], "group", "here:1")

    def test_refused(self):
        for text, why in (
                ("implemented | - | - | - | cudaError_t f(int)", "cells"),
                ("done | - | - | - | cudaError_t f(int a) | -", "status"),
                ("implemented | - | - | ptxx | cudaError_t f(int a) | -", "stream"),
                ("implemented | - | - | - | f(int a) | -", "signature"),
                ("implemented | - | - | - | cudaError_t f(*) | -", "parameter without a name")):
            with self.assertRaisesRegex(cuda_api.TableError, why):
                self.row(text)

    def test_a_function_type_needs_the_release(self):
        with self.assertRaisesRegex(cuda_api.TableError, "is a release"):
            cuda_api.release_number(self.row("implemented | - | - | - | CUresult f(int a) | -"))

    def test_a_stub_must_be_able_to_say_not_supported(self):
        with self.assertRaisesRegex(cuda_api.TableError, "implement it"):
            cuda_api.stub(self.row("unsupported | - | - | - | const char *f(int a) | -"), "runtime")

    def test_per_thread_entry_points(self):
        asynchronous = self.row("implemented | - | - | ptsz | cudaError_t fAsync(int a, cudaStream_t stream = 0) | -")
        plain = self.row("implemented | - | - | ptds | cudaError_t f(int a) | -")
        table = {f.name: f for f in (asynchronous, plain)}
        self.assertIn("fAsync(a, stream ? stream : cudaStreamPerThread)",
                      cuda_api.per_thread_entry(asynchronous, table, "runtime"))
        self.assertIn("fAsync(a, cudaStreamPerThread)", cuda_api.per_thread_entry(plain, table, "runtime"))


if __name__ == "__main__":
    if len(sys.argv) > 1:
        COMPILER = sys.argv.pop(1)
    unittest.main()
