# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The Debian kernel that the guest boots: an installed one, else its package, fetched and unpacked but not installed.

Installing a kernel package changes what the machine itself boots next; a virtual machine needs only the files.
"""

import glob
import os
import re
import shutil
import subprocess
import sys
import tempfile

import image


def headers_release():
    """`uname -r` of the newest Debian 6.12 kernel whose headers are installed: what acc.ko is built against."""
    releases = [path.split("/")[3] for path in glob.glob("/lib/modules/6.12.*-amd64/build/Makefile")]
    releases = [release for release in releases if not re.search(r"-(cloud|rt)-", release)]
    if not releases:
        raise image.ImageError("no headers of a Debian kernel 6.12 are installed; scripts/install-deps vm does that")
    return max(releases, key=image.version_key)


def has_kernel(root, release):
    """True when the folder `root` holds the kernel and an index of its modules."""
    return all(os.path.exists(os.path.join(root, path))
               for path in (f"boot/vmlinuz-{release}", f"lib/modules/{release}/modules.dep"))


def fetch(release, folder):
    """Downloads the kernel's package and unpacks it into `folder`, with an index of its modules."""
    package = f"linux-image-{release}"
    print(f"fetching the kernel of the virtual machine ({package}); it is not installed", file=sys.stderr, flush=True)
    os.makedirs(os.path.dirname(folder), exist_ok=True)
    with tempfile.TemporaryDirectory(dir=os.path.dirname(folder)) as work:
        # apt drops to its own user for downloads and complains where that user may not write.
        done = subprocess.run(["apt-get", "download", "-qq", "-o", "APT::Sandbox::User=root", package],
                              cwd=work, capture_output=True, text=True)
        archives = glob.glob(os.path.join(work, "*.deb"))
        if done.returncode or len(archives) != 1:
            raise image.ImageError(
                f"apt-get download {package} failed: {done.stderr.strip() or 'no package came'}\n"
                "if the archive has a newer kernel by now: apt-get update, then apt-get install linux-headers-6.12-amd64")
        tree = os.path.join(work, "tree")
        subprocess.run(["dpkg", "-x", archives[0], tree], check=True)
        subprocess.run(["depmod", "-b", tree, release], check=True, env=dict(os.environ, PATH=os.environ["PATH"] + ":/sbin:/usr/sbin"))
        if not has_kernel(tree, release):
            raise image.ImageError(f"{package} holds no kernel {release}")
        shutil.rmtree(folder, ignore_errors=True)
        os.replace(tree, folder)


def root_of(release):
    """The folder below which the kernel's files are: / where it is installed, else where it was fetched to."""
    if has_kernel("/", release):
        return "/"
    cache = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    folder = os.path.join(cache, "acc", f"debian-kernel-{release}")
    if not has_kernel(folder, release):
        fetch(release, folder)
    return folder


def kernel(cache):
    """The image.Kernel; its ELF file is unpacked into the folder `cache` once."""
    release = headers_release()
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
