# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Tests of scripts/guest/debian_kernel.py: which headers acc.ko is built against, which packages are fetched, and that
they work where they were unpacked. apt is replaced; dpkg, depmod and make are the system's. usage: test_debian_kernel.py"""

import os
import shutil
import subprocess
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../..")
sys.path.insert(0, os.path.join(ROOT, "scripts/guest"))
import debian_kernel  # noqa: E402
import image  # noqa: E402

# What a package of each kind holds, as Debian's do ({r}: the release, {a}: its part before -amd64).
CONTENTS = {
    "linux-image-{r}": {"boot/vmlinuz-{r}": "kernel", "lib/modules/{r}/modules.order": "", "lib/modules/{r}/modules.builtin": "",
                        "lib/modules/{r}/modules.builtin.modinfo": ""},
    "linux-headers-{r}": {"usr/src/linux-headers-{r}/Makefile": "include /usr/src/linux-headers-{a}-common/Makefile\n",
                          "lib/modules/{r}/build": "-> /usr/src/linux-headers-{r}",
                          "usr/src/linux-headers-{r}/scripts": "-> ../../lib/linux-kbuild-{a}/scripts"},
    "linux-headers-{a}-common": {"usr/src/linux-headers-{a}-common/Makefile": "all:\n\t@cat scripts/tool\n"},
    "linux-kbuild-{a}": {"usr/lib/linux-kbuild-{a}/scripts/tool": "the tool of {a}\n"},
}
DEPENDS = {
    "linux-headers-6.12-amd64": "  Depends: linux-headers-{r}\n",
    "linux-headers-{r}": "  Depends: linux-base\n  Depends: linux-headers-{a}-common\n |Depends: linux-image-{r}\n"
                         "  Depends: linux-image-{r}-unsigned\n  Depends: linux-kbuild-{a}\n  Depends: gcc-12\n",
}


def write(path, text, mode=0o644):
    """Makes a file, or a link for the text "-> TARGET", and the folders above it."""
    os.makedirs(os.path.dirname(path), exist_ok=True)
    if text.startswith("-> "):
        os.symlink(text[3:], path)
        return
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    os.chmod(path, mode)


class Folder(unittest.TestCase):
    """A test with a folder of its own."""

    def setUp(self):
        self.folder = os.path.realpath(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.folder)

    def path(self, *parts):
        """A path in that folder."""
        return os.path.join(self.folder, *parts)


class Choice(Folder):
    """The newest headers are used, of the same release the installed ones."""

    def found(self, *places):
        """with_headers() when each ROOT:RELEASE is there."""
        for place in places:
            root, release = place.split(":")
            write(self.path(root, "lib/modules", release, "build/Makefile"), "")
        return [(release, os.path.basename(root)) for release, root in
                debian_kernel.with_headers(sorted({self.path(place.split(":")[0]) for place in places}))]

    def test_only_kernels_that_we_can_use_count(self):
        self.assertEqual(self.found("a:6.12.117+deb12-amd64", "a:6.12.118+deb12-cloud-amd64", "a:6.12.118+deb12-rt-amd64", "a:6.1.0-40-amd64",
                                    "a:6.12.99+deb12-amd64", "a:6.12.118+deb12-arm64", "b:6.12.100+deb12-amd64"),
                         [("6.12.117+deb12-amd64", "a"), ("6.12.100+deb12-amd64", "b")])

    def test_a_kernel_without_headers_does_not_count(self):
        write(self.path("a/lib/modules/6.12.117+deb12-amd64/modules.dep"), "")
        write(self.path("b/lib/modules/6.12.117+deb12-amd64/build"), "-> /nowhere")
        self.assertEqual(debian_kernel.with_headers([self.path("a"), self.path("b")]), [])

    def test_the_newest_wins_wherever_it_is(self):
        old, new = "6.12.117+deb12-amd64", "6.12.1000+deb12-amd64"
        self.assertEqual(debian_kernel.newest([(old, "/"), (new, "/cache")]), (new, "/cache"))
        self.assertEqual(debian_kernel.newest([(new, "/"), (old, "/cache")]), (new, "/"))
        self.assertEqual(debian_kernel.newest([(new, "/cache"), (new, "/"), (new, "/zcache")]), (new, "/"))
        self.assertIsNone(debian_kernel.newest([]))


class Relocation(Folder):
    """What was unpacked anywhere works there, and elsewhere after it was moved."""

    def test_links_and_the_makefile_stay_inside(self):
        names = {"r": "6.12.117+deb12-amd64", "a": "6.12.117+deb12"}
        for files in CONTENTS.values():
            for path, text in files.items():
                write(self.path("tree", path.format(**names)), text.format(**names))
        debian_kernel.relocate(self.path("tree"))
        os.rename(self.path("tree"), self.path("moved"))
        build = debian_kernel.build_folder(self.path("moved"), names["r"])
        self.assertEqual(os.path.realpath(build), self.path("moved/usr/src/linux-headers-6.12.117+deb12-amd64"))
        output = subprocess.run(["make", "-s", "--no-print-directory", "-C", build], check=True, capture_output=True, text=True).stdout
        self.assertEqual(output, "the tool of 6.12.117+deb12\n")

    def test_an_unknown_absolute_path_is_refused(self):
        write(self.path("usr/src/linux-headers-6.12.117+deb12-amd64/Makefile"), "-include /usr/src/linux-headers-6.12.117+deb12-common/Makefile\n")
        with self.assertRaisesRegex(image.ImageError, "names a folder in a way"):
            debian_kernel.relocate(self.folder)


class Fetching(Folder):
    """With an archive of small packages behind stand-ins for apt-get and apt-cache, and an empty cache."""

    def setUp(self):
        super().setUp()
        write(self.path("bin/apt-cache"), f'#!/bin/sh\ncat "{self.folder}/depends/$2" 2>/dev/null\n', 0o755)
        write(self.path("bin/apt-get"), f"""#!/bin/sh
echo "$*" >>"{self.folder}/log"
[ "$1" = download ] || exit 100
shift
for package; do case $package in linux-*) cp "{self.folder}/archive/$package.deb" . || exit 100 ;; esac; done
""", 0o755)
        self.saved = {name: os.environ.get(name) for name in ("PATH", "XDG_CACHE_HOME")}
        self.addCleanup(self.restore)
        os.environ["PATH"] = f"{self.path('bin')}:{os.environ['PATH']}"
        os.environ["XDG_CACHE_HOME"] = self.path("cache")

    def restore(self):
        """The environment as it was."""
        for name, value in self.saved.items():
            if value is None:
                os.environ.pop(name)
            else:
                os.environ[name] = value

    def archive(self, part):
        """Lets the archive's newest release be `part`-amd64, and hold no other."""
        names = {"r": f"{part}-amd64", "a": part}
        for folder in ("archive", "depends"):
            shutil.rmtree(self.path(folder), ignore_errors=True)
            os.makedirs(self.path(folder))
        for package, files in CONTENTS.items():
            package, tree = package.format(**names), self.path("tree")
            for path, text in files.items():
                write(os.path.join(tree, path.format(**names)), text.format(**names))
            write(os.path.join(tree, "DEBIAN/control"),
                  f"Package: {package}\nVersion: 1\nArchitecture: all\nMaintainer: nobody <nobody@example.org>\nDescription: test\n")
            subprocess.run(["dpkg-deb", "-Znone", "--root-owner-group", "-b", tree, self.path("archive", f"{package}.deb")],
                           check=True, stdout=subprocess.DEVNULL)
            shutil.rmtree(tree)
        for package, text in DEPENDS.items():
            write(self.path("depends", package.format(**names)), package.format(**names) + "\n" + text.format(**names))

    def test_the_kernel_its_headers_and_kbuild_are_fetched_once_and_never_installed(self):
        release = "6.12.2000+deb12-amd64"
        self.archive("6.12.2000+deb12")
        debian_kernel.update()
        debian_kernel.update()
        with open(self.path("log"), encoding="utf-8") as file:
            self.assertEqual([line.split()[0] for line in file], ["download"])
        root = self.path("cache/acc/debian-kernel-" + release)
        self.assertEqual(debian_kernel.headers(), (release, root))  # newer than whatever this machine has installed
        self.assertEqual(debian_kernel.root_of(release), root)
        output = subprocess.run(["make", "-s", "--no-print-directory", "-C", debian_kernel.build_folder(root, release)],
                                check=True, capture_output=True, text=True).stdout
        self.assertEqual(output, "the tool of 6.12.2000+deb12\n")
        self.assertEqual(sorted(os.listdir(self.path("cache/acc"))), ["debian-kernel-" + release, "debian-kernel.lock"])

    def test_update_follows_a_point_release(self):
        self.archive("6.12.2000+deb12")
        debian_kernel.update()
        self.archive("6.12.2001+deb12")
        debian_kernel.update()
        self.assertEqual(debian_kernel.headers()[0], "6.12.2001+deb12-amd64")

    def test_what_apt_does_not_have_is_named(self):
        self.archive("6.12.2000+deb12")
        os.remove(self.path("archive/linux-kbuild-6.12.2000+deb12.deb"))
        with self.assertRaisesRegex(image.ImageError, "apt-get download .*linux-kbuild-6.12.2000.deb12 failed"):
            debian_kernel.update()
        self.assertEqual(os.listdir(self.path("cache/acc")), ["debian-kernel.lock"])
        shutil.rmtree(self.path("depends"))
        with self.assertRaisesRegex(image.ImageError, "apt knows no package linux-headers-6.12-amd64"):
            debian_kernel.update()


class Packages(unittest.TestCase):
    """What scripts/install-deps installs."""

    def test_no_group_installs_a_kernel_or_what_depends_on_one(self):
        with open(os.path.join(ROOT, "scripts/deps.txt"), encoding="utf-8") as file:
            names = [line.split()[0] for line in file if line.strip() and line[0] not in "#["]
        self.assertIn("gcc-12", names)
        self.assertEqual([name for name in names if name.startswith(("linux-image", "linux-headers"))], [])


if __name__ == "__main__":
    unittest.main()
