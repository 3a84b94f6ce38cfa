# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The checkers of scripts/checks find what they must and let the rest pass."""

import os
import re
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../../../scripts/checks"))

import files  # noqa: E402
import format  # noqa: E402
import generated  # noqa: E402
import rooms  # noqa: E402
import test_summary  # noqa: E402

APACHE_LINE = "// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception\n"


class Tree(unittest.TestCase):
    """Gives each test an empty repository folder and a way to put files in it."""

    def setUp(self):
        holder = tempfile.TemporaryDirectory()
        self.addCleanup(holder.cleanup)
        self.root = holder.name

    def put(self, path, text):
        full = os.path.join(self.root, path)
        os.makedirs(os.path.dirname(full), exist_ok=True)
        with open(full, "w", encoding="utf-8") as file:
            file.write(text)


class Rooms(Tree):
    def test_model_may_include_the_spec(self):
        self.put("include/acc/spec/packet.h", "")
        self.put("driver/model/chip.cpp", "#include <acc/spec/packet.h>\n#include <vector>\n")
        self.assertEqual(rooms.check(self.root), [])

    def test_model_may_not_include_the_compiler(self):
        self.put("compiler/isa/assembler.h", "")
        self.put("driver/model/chip.cpp", '#include <vector>\n#include "compiler/isa/assembler.h"\n')
        found = rooms.check(self.root)
        self.assertEqual(len(found), 1)
        self.assertIn("driver/model/chip.cpp:2:", found[0])
        self.assertIn("compiler/isa", found[0])

    def test_relative_includes_are_resolved(self):
        self.put("runtime/cuda/entry.h", "")
        self.put("runtime/core/stream.cpp", '#include "../cuda/entry.h"\n')
        self.assertEqual(len(rooms.check(self.root)), 1)

    def test_include_of_a_file_that_does_not_exist_yet_still_names_its_room(self):
        self.put("runtime/core/stream.cpp", '#include "driver/model/generated.h"\n')
        self.assertEqual(len(rooms.check(self.root)), 1)

    def test_the_standard_librarys_headers_are_nobodys(self):
        self.put("include/cuda/cmath", "#include_next <cmath>\n")
        self.put("driver/model/CMakeLists.txt", "target_include_directories(model PRIVATE ${CMAKE_SOURCE_DIR}/include/cuda)\n")
        self.put("driver/model/chip.cpp", "#include <cmath>\n")
        self.assertEqual(rooms.check(self.root), [])

    def test_public_headers_are_recognised_by_name(self):
        self.put("include/cuda/cuda_runtime.h", "")
        self.put("runtime/cuda/CMakeLists.txt",
                 'target_include_directories(accrt PRIVATE "${CMAKE_SOURCE_DIR}/include/cuda")\n')
        self.put("driver/model/chip.cpp", "#include <cuda_runtime.h>\n")
        self.put("runtime/cuda/entry.cpp", "#include <cuda_runtime.h>\n")
        found = rooms.check(self.root)
        self.assertEqual(len(found), 1)
        self.assertIn("driver/model", found[0])

    def test_a_room_with_an_include_directory_of_its_own_is_found(self):
        self.put("driver/model/include/acc/model/chip.h", "")
        self.put("driver/model/CMakeLists.txt",
                 'target_include_directories(accmodel PUBLIC "${CMAKE_CURRENT_SOURCE_DIR}/include")\n')
        self.put("runtime/core/a.cpp", '#include "acc/model/chip.h"\n')
        self.put("driver/accd/a.cpp", '#include <acc/model/chip.h>\n')
        found = rooms.check(self.root)
        self.assertEqual(len(found), 1)
        self.assertIn("runtime/core/a.cpp:1: runtime/core may not include acc/model/chip.h (driver/model)", found[0])

    def test_llvm_is_for_the_compiler_and_the_jit_only(self):
        llvm = '#include "llvm/IR/Module.h"\n'
        self.put("compiler/target/a.cpp", llvm)
        self.put("driver/model/jit/a.cpp", llvm)
        self.put("driver/model/a.cpp", llvm)
        self.put("compiler/isa/a.cpp", llvm)
        offenders = sorted(line.split(":")[0] for line in rooms.check(self.root))
        self.assertEqual(offenders, ["compiler/isa/a.cpp", "driver/model/a.cpp"])

    def test_tests_may_use_everything_and_nobody_may_use_tests(self):
        self.put("tests/unit/helper.h", '#include "driver/model/chip.h"\n#include "llvm/X.h"\n')
        self.put("compiler/isa/a.cpp", '#include "tests/unit/helper.h"\n')
        found = rooms.check(self.root)
        self.assertEqual(len(found), 1)
        self.assertIn("compiler/isa/a.cpp", found[0])

    def test_links_are_checked(self):
        self.put("compiler/target/CMakeLists.txt", "acc_library(acc_target SOURCES a.cpp LIBS acc_llvm)\n")
        self.put("driver/model/CMakeLists.txt",
                 "# acc_target in a comment is no link\n"
                 "acc_library(accmodel SHARED SOURCES chip.cpp LIBS acc_spec)\n"
                 "target_link_libraries(accmodel PRIVATE acc_target acc_llvm)\n")
        found = rooms.check(self.root)
        self.assertEqual(len(found), 2)
        self.assertTrue(all(line.startswith("driver/model/CMakeLists.txt:3:") for line in found))

    def test_object_libraries_count_as_links(self):
        self.put("driver/model/CMakeLists.txt", "acc_library(model_objects OBJECT SOURCES a.cpp)\n")
        self.put("runtime/core/CMakeLists.txt",
                 "add_library(core STATIC $<TARGET_OBJECTS:model_objects>)\n")
        self.assertEqual(len(rooms.check(self.root)), 1)

    def test_libaccrt_is_put_together_in_runtime_cuda(self):
        self.put("runtime/backend/model/CMakeLists.txt", "acc_library(rt_model SOURCES a.cpp)\n")
        self.put("runtime/backend/model/backend.h", "")
        self.put("runtime/backend/CMakeLists.txt", "acc_library(rt_backend SOURCES select.cpp LIBS rt_model)\n")
        self.put("runtime/cuda/CMakeLists.txt", "acc_library(accrt SHARED PRIVATE_LIBS rt_backend)\n")
        self.assertEqual(rooms.check(self.root), [])
        self.put("runtime/cuda/a.cpp", '#include "runtime/backend/model/backend.h"\n')
        self.assertEqual(len(rooms.check(self.root)), 1)


class Files(unittest.TestCase):
    def test_a_proper_file_passes(self):
        self.assertEqual(list(files.check_text("compiler/isa/a.cpp", APACHE_LINE + "int a;\n")), [])

    def test_missing_and_wrong_licence(self):
        self.assertEqual(len(list(files.check_text("compiler/isa/a.cpp", "int a;\n"))), 1)
        wrong = "// SPDX-License-Identifier: BSD-3-Clause\n"
        self.assertEqual(len(list(files.check_text("compiler/isa/a.cpp", wrong))), 1)

    def test_kernel_files_have_the_kernel_licence(self):
        kernel = "/* SPDX-License-Identifier: GPL-2.0 OR MIT */\n"
        self.assertEqual(list(files.check_text("driver/linux/acc_drv.c", kernel)), [])
        self.assertEqual(len(list(files.check_text("driver/model/a.c", kernel))), 1)
        self.assertEqual(len(list(files.check_text("driver/linux/acc_drv.c", APACHE_LINE))), 1)

    def test_long_files(self):
        long = APACHE_LINE + "int a;\n" * files.MAX_LINES
        self.assertEqual(len(list(files.check_text("compiler/isa/a.cpp", long))), 1)
        generated_file = APACHE_LINE + "// Generated by x.py, do not edit.\n" + "int a;\n" * 1000
        self.assertEqual(list(files.check_text("compiler/isa/a.inc", generated_file)), [])

    def test_machine_paths(self):
        for text in ("see /" + "work/main/x", "-I/" + "tmp/acc/t"):
            self.assertEqual(len(list(files.check_text("docs/a.md", text))), 1, text)
        for text in ("a/work/b", "the /workers/ list"):
            self.assertEqual(list(files.check_text("docs/a.md", text)), [], text)

    def test_other_toolkits(self):
        text = APACHE_LINE + "include_directories(/usr/local/" + "cuda/include)\n"
        self.assertEqual(len(list(files.check_text("cmake/a.cmake", text))), 1)


class Format(Tree):
    def test_what_the_formatter_would_change_is_named(self):
        self.put(".clang-format", "BasedOnStyle: LLVM\n")
        self.put("a.cpp", "int   a;\n")
        self.put("b.cpp", "int b;\n")
        self.assertEqual(format.differing(self.root, ["a.cpp", "b.cpp"]), ["a.cpp"])

    def test_generated_files_are_left_as_they_are(self):
        self.put("a.h", "// Generated by x.py, do not edit.\nint   a;\n")
        self.put("b.h", "int   a;\n")
        self.assertTrue(format.is_generated(os.path.join(self.root, "a.h")))
        self.assertFalse(format.is_generated(os.path.join(self.root, "b.h")))


class Generated(Tree):
    def test_list_syntax(self):
        text = "# comment\n\na/b.h : python3 gen.py -o {out}\n"
        self.assertEqual(list(generated.read_list(text)), [("a/b.h", "python3 gen.py -o {out}")])
        with self.assertRaises(ValueError):
            list(generated.read_list("a/b.h : python3 gen.py\n"))

    def test_generators_that_compare_by_themselves(self):
        self.put("scripts/checks/generated.list", "self : grep -q new a.txt :: echo new > a.txt\n")
        self.put("a.txt", "old\n")
        self.assertEqual(len(generated.check(self.root, write=False)), 1)
        self.assertEqual(generated.check(self.root, write=True), [])
        self.assertEqual(generated.check(self.root, write=False), [])

    def test_file_compare_and_write(self):
        self.put("scripts/checks/generated.list", "a.txt : echo new > {out}\n")
        self.put("a.txt", "old\n")
        self.assertEqual(len(generated.check(self.root, write=False)), 1)
        self.assertEqual(generated.check(self.root, write=True), [])
        self.assertEqual(generated.check(self.root, write=False), [])

    def test_folder_compare(self):
        self.put("scripts/checks/generated.list", "d/ : cp x {out}; cp x {out}/y\n")
        self.put("x", "text")
        self.put("d/x", "text")
        self.put("d/z", "text")
        found = generated.check(self.root, write=False)
        self.assertEqual(len(found), 2)  # y is not committed, z is not generated

    def test_failing_generator(self):
        self.put("scripts/checks/generated.list", "a.txt : false {out}\n")
        self.assertEqual(len(generated.check(self.root, write=False)), 1)


class Summary(Tree):
    def test_counts(self):
        self.put("r.xml", "<testsuite><testcase name='a'/><testcase name='b'><failure/></testcase>"
                          "<testcase name='c'><skipped/></testcase>"
                          "<testcase name='d' status='disabled'/></testsuite>")
        counts, failed = test_summary.summarise([os.path.join(self.root, "r.xml")])
        self.assertEqual(counts, {"passed": 1, "failed": 1, "skipped": 2})
        self.assertEqual(failed, ["b"])

    def test_a_missing_result_is_a_failure(self):
        counts, failed = test_summary.summarise([os.path.join(self.root, "none.xml")])
        self.assertEqual(counts["failed"], 1)
        self.assertEqual(len(failed), 1)

    def test_running_nothing_is_no_success(self):
        self.put("r.xml", "<testsuite/>")
        self.assertEqual(test_summary.main([os.path.join(self.root, "r.xml")]), 1)


class ThisTree(unittest.TestCase):
    """The table in rooms.py and the one people read must not drift apart."""

    SHORT = {"spec": "include/acc/spec", "public headers": "include/cuda", "uapi": "include/uapi/drm",
             "core": "runtime/core", "model": "driver/model", "LLVM": "LLVM"}

    def may_use(self, cell):
        """The rooms that a cell of the column "May use" names. What stands in parentheses is a remark."""
        cell = re.sub(r"\([^)]*\)", "", cell).strip()
        if cell == "nothing":
            return []
        if cell == "anything; nothing uses it":
            return ["*"]
        names = [name.strip() for name in cell.split(",")]
        return [name.strip("`") if name.startswith("`") else self.SHORT[name] for name in names]

    def test_the_architecture_document_has_the_same_table(self):
        path = os.path.join(os.path.dirname(__file__), "../../../docs/architecture.md")
        with open(path, encoding="utf-8") as file:
            rows = re.findall(r"^\| `([^`]+)/` \|.*\| ([^|]+) \|$", file.read(), re.M)
        documented = {room: sorted(self.may_use(cell)) for room, cell in rows}
        self.assertEqual(documented, {room: sorted(may) for room, may in rooms.ROOMS.items()})


if __name__ == "__main__":
    unittest.main()
