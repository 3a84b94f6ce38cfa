# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Tests of scripts/vm's parts that need no guest: what counts as a report of the kernel, which modules are loaded in
which order, the initramfs's format, and how jobs are read. usage: test_vm.py"""

import os
import subprocess
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../../scripts/guest"))
import image  # noqa: E402
import session  # noqa: E402
import vm  # noqa: E402


class KernelReports(unittest.TestCase):
    """The texts are the first lines of the kernel's own reports (lib/dump_stack.c, mm/kasan, kernel/locking ...)."""

    def test_each_kind_of_report_fails_a_run(self):
        for line in (
                "BUG: KASAN: slab-out-of-bounds in acc_open+0x116/0x1000 [acc]",
                "BUG: unable to handle page fault for address: ffffc90000413920",
                "BUG: sleeping function called from invalid context at mm/slab.h:330",
                "WARNING: CPU: 0 PID: 169 at drivers/gpu/drm/drm_gem.c:10 f+0x70/0xff0",
                "WARNING: possible circular locking dependency detected",
                "WARNING: suspicious RCU usage",
                "Call Trace:",
                "DMA-API: acc 0000:00:05.0: device driver has pending DMA allocations while released from device",
                "UBSAN: array-index-out-of-bounds in acc_mmu.c:1:2",
                "INFO: task kmd_smoke:99 blocked for more than 120 seconds.",
                "watchdog: BUG: soft lockup - CPU#1 stuck for 52s!",
                "rcu: INFO: rcu_preempt detected stalls on CPUs/tasks:",
                "Oops: general protection fault, probably for non-canonical address",
                "Kernel panic - not syncing: Fatal exception",
                "kmemleak: Kernel memory leak detector disabled",
                "INFO: lockdep is turned off.",
                "unreferenced object 0xffff8880075b0900 (size 128):",
                "qemu-system-x86_64: warning: Blocked re-entrant IO on MemoryRegion: acc at addr: 0x18"):
            with self.subTest(line):
                self.assertEqual(session.kernel_reports(f"[    1.0] fine\n[    2.0] {line}"), [f"[    2.0] {line}"])

    def test_what_a_healthy_boot_says_is_no_report(self):
        self.assertEqual(session.kernel_reports(
            "[    0.5] kasan: KernelAddressSanitizer initialized\n"
            "[    0.6] DMA-API: preallocated 65536 debug entries\n[    0.6] DMA-API: debugging enabled by kernel config\n"
            "[    0.7] kmemleak: Kernel memory leak detector initialized (mem pool available: 63046)\n"
            "[   16.0] traps: kmd_uapi[81] general protection fault ip:55d675444ea3 sp:7ffee3724350 error:802 in kmd_uapi\n"
            "[    9.3] acc: loading out-of-tree module taints kernel.\n"), [])


class Modules(unittest.TestCase):
    """modules.dep lists what a module needs, nearest first; loading goes the other way round."""

    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        with open(os.path.join(self.folder.name, "modules.dep"), "w", encoding="ascii") as file:
            file.write("kernel/a.ko.xz: kernel/b-two.ko.xz kernel/c.ko.xz\nkernel/b-two.ko.xz: kernel/c.ko.xz\nkernel/c.ko.xz:\n")
        with open(os.path.join(self.folder.name, "modules.builtin"), "w", encoding="ascii") as file:
            file.write("kernel/drivers/in-kernel.ko\n")

    def test_what_a_module_needs_comes_first_and_once(self):
        self.assertEqual(image.resolve(self.folder.name, ["b_two", "a"]), ["kernel/c.ko.xz", "kernel/b-two.ko.xz", "kernel/a.ko.xz"])

    def test_what_is_built_in_is_not_loaded(self):
        self.assertEqual(image.resolve(self.folder.name, ["in_kernel"]), [])

    def test_an_unknown_module_is_named(self):
        with self.assertRaisesRegex(image.ImageError, "no module nowhere"):
            image.resolve(self.folder.name, ["nowhere"])

    def test_versions_are_numbers(self):
        names = ["6.12.9+deb12-amd64", "6.12.117+deb12-amd64", "6.12.63+deb12-amd64"]
        self.assertEqual(max(names, key=image.version_key), "6.12.117+deb12-amd64")


class Archive(unittest.TestCase):
    """The initramfs is read back by the system's own cpio."""

    def test_busybox_reads_the_archive(self):
        archive = image.Initramfs()
        archive.file("acc/deep/file", b"four", 0o755)
        archive.file("acc/empty", b"")
        with tempfile.TemporaryDirectory() as folder:
            archive.write(os.path.join(folder, "archive"))
            with open(os.path.join(folder, "archive"), "rb") as file:
                subprocess.run(["/bin/busybox", "cpio", "-id"], stdin=file, cwd=folder, check=True, stderr=subprocess.DEVNULL)
            with open(os.path.join(folder, "acc/deep/file"), "rb") as file:
                self.assertEqual(file.read(), b"four")
            self.assertTrue(os.access(os.path.join(folder, "acc/deep/file"), os.X_OK))
            self.assertEqual(os.path.getsize(os.path.join(folder, "acc/empty")), 0)


class Jobs(unittest.TestCase):
    """The command line and the list become jobs."""

    def test_a_list_names_its_jobs(self):
        with tempfile.NamedTemporaryFile("w", suffix=".jobs") as file:
            file.write("# comment\n\nmemory/kinds\tcd x && ./kinds\n/bin/true 1 2\n")
            file.flush()
            self.assertEqual(vm.collect_jobs(vm.parse(["--list", file.name])),
                             [("memory_kinds", "cd x && ./kinds"), ("true", "/bin/true 1 2")])

    def test_arguments_of_a_program_are_its_own(self):
        self.assertEqual(vm.collect_jobs(vm.parse(["--devices", "2", "/bin/echo", "--shell", "a b"])), [("echo", "/bin/echo --shell 'a b'")])

    def test_two_jobs_of_one_name_and_no_job_are_refused(self):
        with self.assertRaises(vm.Fatal):
            vm.collect_jobs(vm.parse([]))
        with tempfile.NamedTemporaryFile("w", suffix=".jobs") as file:
            file.write("a\ttrue\na\tfalse\n")
            file.flush()
            with self.assertRaisesRegex(vm.Fatal, "two jobs are called a"):
                vm.collect_jobs(vm.parse(["--list", file.name]))


if __name__ == "__main__":
    unittest.main()
