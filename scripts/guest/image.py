# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The guest's kernel and initramfs, made from Debian's kernel package (debian_kernel.py) or from scripts/kmd-kernel's folder.

The kernel is started as plain ELF through PVH, so that nothing has to be decompressed by emulated instructions;
for the same reason the modules and the initramfs are stored uncompressed.
"""

import lzma
import os
import re
import struct
import subprocess


class ImageError(Exception):
    """Something that the host lacks; the text says what and how to get it."""


class Kernel:
    """A kernel to boot: `release` (uname -r), `vmlinux` (ELF), `modules` (folder with modules.dep, or None)."""

    def __init__(self, release, vmlinux, modules):
        self.release, self.vmlinux, self.modules = release, vmlinux, modules


def version_key(text):
    """Sorts 6.12.117 behind 6.12.63."""
    return [int(part) if part.isdigit() else part for part in re.findall(r"\d+|\D+", text)]


def unpack_bzimage(path):
    """The ELF file inside a bzImage (boot protocol 2.08 or later names its place)."""
    with open(path, "rb") as file:
        image = file.read()
    setup_sectors = image[0x1F1] or 4
    if image[0x202:0x206] != b"HdrS":
        raise ImageError(f"{path} is not a Linux kernel")
    offset, length = struct.unpack_from("<II", image, 0x248)
    start = (setup_sectors + 1) * 512 + offset
    payload = image[start:start + length - 4]  # the last four bytes are the unpacked size
    if payload.startswith(b"\x28\xb5\x2f\xfd"):
        return subprocess.run(["zstd", "-dcq"], input=payload, stdout=subprocess.PIPE, check=True).stdout
    if payload.startswith(b"\xfd7zXZ"):
        return lzma.decompress(payload)
    if payload.startswith(b"\x7fELF"):
        return payload
    raise ImageError(f"{path}: compressed in a way that scripts/guest/image.py does not know ({payload[:4].hex()})")


def sanitizer_kernel(folder):
    """The kernel of scripts/kmd-kernel; all that the guest needs is built into it."""
    with open(os.path.join(folder, "build/include/config/kernel.release"), encoding="ascii") as file:
        release = file.read().strip()
    return Kernel(release, os.path.join(folder, "vmlinux"), None)


def read_dependencies(modules):
    """{module name: [paths it needs, in the order of loading, itself last]} from modules.dep."""
    table, order = {}, {}
    with open(os.path.join(modules, "modules.dep"), encoding="ascii") as file:
        for line in file:
            path, _, needs = line.strip().partition(":")
            table[path] = needs.split()
    for path, needs in table.items():
        name = os.path.basename(path).split(".ko")[0].replace("-", "_")
        order[name] = list(reversed(needs)) + [path]  # modprobe loads the list from its end
    return order


def resolve(modules, names):
    """Paths of the modules that `names` need, each once, in loading order; what is built in is left out."""
    if modules is None:
        return []
    order, wanted = read_dependencies(modules), []
    with open(os.path.join(modules, "modules.builtin"), encoding="ascii") as file:
        builtin = {os.path.basename(line.strip())[:-len(".ko")].replace("-", "_") for line in file}
    for name in (n.replace("-", "_") for n in names):
        if name in builtin:
            continue
        if name not in order:
            raise ImageError(f"the kernel has no module {name} (looked in {modules})")
        wanted += [path for path in order[name] if path not in wanted]
    return wanted


def read_module(path):
    """The bytes of a .ko, .ko.xz or .ko.zst."""
    with open(path, "rb") as file:
        data = file.read()
    if path.endswith(".xz"):
        return lzma.decompress(data)
    if path.endswith(".zst"):
        return subprocess.run(["zstd", "-dcq"], input=data, stdout=subprocess.PIPE, check=True).stdout
    return data


def module_depends(path):
    """What the module's own modinfo says it needs."""
    output = subprocess.run(["modinfo", "-F", "depends", path], stdout=subprocess.PIPE, check=True, text=True).stdout
    return [name for name in output.strip().split(",") if name]


class Initramfs:
    """Collects files and gives them as an uncompressed `newc` cpio archive."""

    def __init__(self):
        self.parts, self.count, self.folders = [], 0, set()

    def _entry(self, name, mode, data=b""):
        self.count += 1
        fields = (self.count, mode, 0, 0, 1, 0, len(data), 0, 0, 0, 0, len(name) + 1, 0)
        head = b"070701" + b"".join(b"%08X" % value for value in fields) + name.encode() + b"\0"
        self.parts += [head, b"\0" * (-len(head) % 4), data, b"\0" * (-len(data) % 4)]

    def folder(self, name):
        """Adds a folder and those above it."""
        if name and name not in self.folders:
            self.folder(os.path.dirname(name))
            self.folders.add(name)
            self._entry(name, 0o040755)

    def file(self, name, data, mode=0o644):
        """Adds a regular file."""
        self.folder(os.path.dirname(name))
        self._entry(name, 0o100000 | mode, data)

    def write(self, path):
        """Writes the archive."""
        self._entry("TRAILER!!!", 0)
        with open(path, "wb") as file:
            file.write(b"".join(self.parts))
