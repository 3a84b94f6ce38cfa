# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The Debian kernel that the guest boots, and the headers that acc.ko is built against.

usage: debian_kernel.py headers    prints the folder that kernel modules are built against (Kbuild's KDIR)
       debian_kernel.py update     fetches the archive's newest kernel with its headers, where it is not there yet

Installed ones are used where they are newest; else the packages are fetched and unpacked into the user's cache, not
installed. An installed kernel changes what the machine itself boots next, and Debian's headers depend on the kernel;
a virtual machine needs only the files.
"""

import fcntl
import glob
import os
import re
import shutil
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
import image  # noqa: E402

METAPACKAGE = "linux-headers-6.12-amd64"
OLDEST = "6.12.100"  # the oldest point release that we test with


def cache_folder():
    """Where fetched kernels are; scripts/lib.sh (acc_configure_key) names them, too."""
    return os.path.join(os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache"), "acc")


def fetched_folder(release):
    """The folder below which the files of a fetched kernel lie."""
    return os.path.join(cache_folder(), f"debian-kernel-{release}")


def build_folder(root, release):
    """What modules for the kernel `release` are built against."""
    return os.path.join(root, f"lib/modules/{release}/build")


def has_kernel(root, release):
    """True when the folder `root` holds the kernel and an index of its modules."""
    return all(os.path.exists(os.path.join(root, path))
               for path in (f"boot/vmlinuz-{release}", f"lib/modules/{release}/modules.dep"))


def with_headers(roots):
    """[(release, root)] of the Debian kernels 6.12 that have headers below one of the folders `roots`."""
    found = []
    for root in roots:
        for makefile in glob.glob(os.path.join(glob.escape(root), "lib/modules/6.12.*-amd64/build/Makefile")):
            release = makefile.split("/")[-3]
            if not re.search(r"-(cloud|rt)-", release) and image.version_key(release) >= image.version_key(OLDEST):
                found.append((release, root))
    return found


def newest(found):
    """Of [(release, root)] the newest; of one release the installed one. None when there is none."""
    return max(found, key=lambda pair: (image.version_key(pair[0]), pair[1] == "/"), default=None)


def present():
    """(release, root) of the newest headers of this machine, or None."""
    return newest(with_headers(["/"] + glob.glob(fetched_folder("*"))))


def headers():
    """(release, root) of the newest headers of this machine."""
    found = present()
    if not found:
        raise image.ImageError("no headers of a Debian kernel 6.12 are there; scripts/install-deps vm fetches them")
    return found


def dependencies(package):
    """The names of the packages that `package` depends on, alternatives included, as the archive has it."""
    done = subprocess.run(["apt-cache", "depends", package], capture_output=True, text=True, env=dict(os.environ, LC_ALL="C"))
    names = re.findall(r"^ [ |]Depends: (\S+)$", done.stdout, re.MULTILINE)
    if done.returncode or not names:
        raise image.ImageError(f"apt knows no package {package} ({done.stderr.strip() or 'nothing that it depends on'}): run apt-get update; "
                               "is the Debian 12 security archive (bookworm-security) among its sources?")
    return names


def one_of(names, pattern, package):
    """The one name that matches the whole pattern."""
    found = [name for name in names if re.fullmatch(pattern, name)]
    if len(found) != 1:
        raise image.ImageError(f"{package} depends on {len(found)} packages {pattern} instead of one ({' '.join(names)})")
    return found[0]


def newest_packages():
    """(release, packages) of the archive's newest kernel: the kernel, its headers, and Kbuild's programs."""
    release = one_of(dependencies(METAPACKAGE), r"linux-headers-6\.12\..*-amd64", METAPACKAGE)[len("linux-headers-"):]
    package = f"linux-headers-{release}"
    names = dependencies(package)
    return release, [f"linux-image-{release}", package] + [
        one_of(names, pattern, package) for pattern in (r"linux-headers-.*-common", r"linux-kbuild-.*")]


def relocate(tree):
    """Lets what the packages call by its absolute path be found in the folder `tree`, wherever that lies: their links and
    the headers' Makefile become relative."""
    for folder, folders, files in os.walk(tree):
        for path in (os.path.join(folder, name) for name in folders + files):
            if os.path.islink(path) and os.readlink(path).startswith("/"):
                target = tree + os.readlink(path)
                os.remove(path)
                os.symlink(os.path.relpath(target, folder), path)
    for path in glob.glob(os.path.join(glob.escape(tree), "usr/src/linux-headers-*-amd64/Makefile")):
        with open(path, encoding="utf-8") as file:
            text = file.read()
        text = re.sub(r"^include /usr/src/", "include $(dir $(lastword $(MAKEFILE_LIST)))../", text, flags=re.MULTILINE)
        if "/usr/" in text:
            raise image.ImageError(f"{path} names a folder in a way that scripts/guest/debian_kernel.py does not know:\n{text}")
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)


def unpack(packages, release, work):
    """Downloads packages into the folder `work` and unpacks them below work/tree, with an index of the modules."""
    # apt drops to its own user for downloads and complains where that user may not write.
    done = subprocess.run(["apt-get", "download", "-qq", "-o", "APT::Sandbox::User=root", *packages], cwd=work, capture_output=True, text=True)
    archives = glob.glob(os.path.join(work, "*.deb"))
    if done.returncode or len(archives) != len(packages):
        raise image.ImageError(f"apt-get download {' '.join(packages)} failed: {done.stderr.strip() or f'{len(archives)} packages came'}\n"
                               "if the archive has a newer kernel by now: apt-get update, then python3 scripts/guest/debian_kernel.py update")
    tree = os.path.join(work, "tree")
    for archive in archives:
        subprocess.run(["dpkg", "-x", archive, tree], check=True)
    relocate(tree)
    subprocess.run(["depmod", "-b", tree, release], check=True, env=dict(os.environ, PATH=os.environ["PATH"] + ":/sbin:/usr/sbin"))
    if not has_kernel(tree, release):
        raise image.ImageError(f"linux-image-{release} holds no kernel {release}")
    return tree


def fetch(release, packages, is_there):
    """Puts the packages' files into the kernel's folder in the cache, unless is_there() by the time that it is our turn."""
    folder = fetched_folder(release)
    os.makedirs(cache_folder(), exist_ok=True)
    with open(os.path.join(cache_folder(), "debian-kernel.lock"), "w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if is_there():
            return
        print(f"fetching {' '.join(packages)} for the virtual machine; nothing is installed", file=sys.stderr, flush=True)
        with tempfile.TemporaryDirectory(dir=cache_folder()) as work:
            tree = unpack(packages, release, work)
            shutil.rmtree(folder, ignore_errors=True)
            os.replace(tree, folder)


def update():
    """Fetches the archive's newest kernel and its headers where that release's headers are neither installed nor fetched."""
    release, packages = newest_packages()
    fetch(release, packages, lambda: release in (found for found, _ in with_headers(["/", fetched_folder(release)])))


def root_of(release):
    """The folder below which the kernel's files are: / where it is installed, else where it was fetched to."""
    if has_kernel("/", release):
        return "/"
    folder = fetched_folder(release)
    fetch(release, [f"linux-image-{release}"], lambda: has_kernel(folder, release))
    return folder


def kernel(cache):
    """The image.Kernel; its ELF file is unpacked into the folder `cache` once."""
    release, _ = headers()
    root = root_of(release)
    source = os.path.join(root, f"boot/vmlinuz-{release}")
    vmlinux = os.path.join(cache, f"vmlinux-{release}")
    if not os.path.exists(vmlinux) or os.path.getmtime(vmlinux) < os.path.getmtime(source):
        os.makedirs(cache, exist_ok=True)
        data = image.unpack_bzimage(source)
        temporary = f"{vmlinux}.{os.getpid()}"
        with open(temporary, "wb") as file:
            file.write(data)
        os.replace(temporary, vmlinux)
    return image.Kernel(release, vmlinux, os.path.join(root, f"lib/modules/{release}"))


def main(arguments):
    """The command line."""
    if arguments == ["headers"]:
        release, root = headers()
        print(build_folder(root, release))
    elif arguments == ["update"]:
        update()
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except image.ImageError as error:
        sys.exit(f"error: {error}")
