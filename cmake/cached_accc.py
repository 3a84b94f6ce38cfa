#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Compiles with accc, or gives what the same compilation has given before: ccache for the device code of this tree.

usage: cached_accc.py --root SOURCES --build FOLDER ACCC ARGUMENT... -c -MD -MF FILE.d SOURCE -o FILE.o

The same compilation: the same compiler (the bytes of its programs, their shared objects and the device library), the same
arguments, and the same bytes in every file that the depfile named. Paths count relative to the tree, so another clone
hits. What prints anything, was given another host compiler or read a file that changed meanwhile is not kept. A header
that only the device's pass includes is in no depfile: neither ninja nor this sees it change. The entries stand in $ACC_BUILD_CACHE (default ~/.cache/acc/build; `off`: no cache), those
longest unused go once they take more than 512 MiB. Whatever goes wrong with the cache costs time only.
"""
import hashlib
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time

LIMIT = 512 << 20
RESULTS_A_KEY = 8
CLOCK_NS = 10_000_000  # what the time of a file may be behind the clock's
COMPILER = ("bin/accc", "lib64/acc/devicelib.bc", "lib64/acc/dialect.so")
ENVIRONMENT = ("NVCC_APPEND_FLAGS", "NVCC_PREPEND_FLAGS", "CPATH", "C_INCLUDE_PATH", "CPLUS_INCLUDE_PATH")


def place():
    """The cache's folder, or None."""
    said = os.environ.get("ACC_BUILD_CACHE", "")
    if said == "off" or os.environ.get("CCACHE_DISABLE") or other_host_compiler():
        return None
    base = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    return pathlib.Path(said or os.path.join(base, "acc", "build"))


def other_host_compiler():
    """Its bytes would have to count, too."""
    words = sys.argv + os.environ.get("NVCC_APPEND_FLAGS", "").split() + os.environ.get("NVCC_PREPEND_FLAGS", "").split()
    return "NVCC_CCBIN" in os.environ or any(re.match(r"--?(ccbin|compiler-bindir)\b", word) for word in words)


def digest(*parts):
    return hashlib.sha256(b"\0".join(part if isinstance(part, bytes) else part.encode() for part in parts)).hexdigest()


class Tree:
    """Names of files that are the same in every clone."""

    def __init__(self, root, build):
        self.roots = (("@build", os.path.abspath(build)), ("@root", os.path.abspath(root)))

    def relative(self, text):
        for name, path in self.roots:
            text = re.sub(re.escape(path) + r"(?![^/\s])", name, text)
        return text

    def absolute(self, text):
        for name, path in self.roots:
            text = re.sub(re.escape(name) + r"(?![^/\s])", lambda _: path, text)
        return text


def file_digest(path):
    with open(path, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


def shared_objects(program):
    """The files that the loader gives a program."""
    listing = subprocess.run(["ldd", program], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, encoding="utf-8").stdout
    return [pathlib.Path(path) for path in re.findall(r"=> (/\S+)", listing)]


def compiler_digest(accc):
    """Of what accc is, by content; remembered by size and time, beside the build."""
    top = pathlib.Path(accc).resolve().parent.parent
    clang = shutil.which("clang++-22") or shutil.which("clang++")
    programs = [top / "bin" / "accc"] + ([pathlib.Path(clang)] if clang else [])
    files = {file.resolve() for file in [top / name for name in COMPILER] + programs}
    memory = top / ".compiler-digest"
    try:
        known = json.loads(memory.read_text())
        if known["stamps"] == stamps(known["files"]) and {str(file) for file in files} <= set(known["files"]):
            return known["digest"]
    except (OSError, ValueError, KeyError, TypeError):
        pass
    for program in programs:
        files.update(file.resolve() for file in shared_objects(program))
    names = sorted(str(file) for file in files)
    value = digest(*sorted(file_digest(name) for name in names))
    write(memory, json.dumps({"files": names, "stamps": stamps(names), "digest": value}).encode())
    return value


def stamps(names):
    return [f"{(stat := os.stat(name)).st_size}:{stat.st_mtime_ns}" for name in names]


def write(path, content):
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    umask = os.umask(0o077)
    os.umask(umask)
    os.chmod(name, 0o666 & ~umask)
    os.replace(name, path)


def dependencies(text):
    """The files of a depfile, which has one rule."""
    names = text.split(":", 1)[1].replace("\\\n", " ").replace("\\ ", "\0").split()
    return sorted({name.replace("\0", " ") for name in names})


def find(cache, key, tree):
    """The name of the entry whose files are all as they were, or None."""
    try:
        candidates = json.loads((cache / f"{key}.json").read_text())
    except (OSError, ValueError):
        return None
    seen = {}
    for candidate in candidates:
        try:
            for name, value in candidate["files"].items():
                if name not in seen:
                    seen[name] = file_digest(tree.absolute(name))
                if seen[name] != value:
                    break
            else:
                return candidate["entry"]
        except OSError:
            continue
    return None


def trim(cache):
    files = sorted(((stat := file.stat()).st_mtime, stat.st_size, file) for file in cache.iterdir())
    over = sum(size for _, size, _ in files) - LIMIT
    for _, size, file in files:
        if over <= 0:
            return
        file.unlink(missing_ok=True)
        over -= size


def store(cache, key, tree, depfile, output, began):
    depends = pathlib.Path(depfile).read_text()
    for name in dependencies(depends):
        if max((stat := os.stat(name)).st_mtime_ns, stat.st_ctime_ns) >= began:
            return
    files = {tree.relative(os.path.abspath(name)): file_digest(name) for name in dependencies(depends)}
    entry = digest(key, json.dumps(files, sort_keys=True))
    write(cache / f"{entry}.d", tree.relative(depends).encode())
    write(cache / f"{entry}.o", pathlib.Path(output).read_bytes())
    try:
        others = [other for other in json.loads((cache / f"{key}.json").read_text()) if other["entry"] != entry]
    except (OSError, ValueError):
        others = []
    write(cache / f"{key}.json", json.dumps(([{"files": files, "entry": entry}] + others)[:RESULTS_A_KEY]).encode())
    trim(cache)


def fetch(cache, entry, tree, depfile, output):
    content = (cache / f"{entry}.o").read_bytes()
    write(pathlib.Path(depfile), tree.absolute((cache / f"{entry}.d").read_text()).encode())
    write(pathlib.Path(output), content)
    for suffix in ".d", ".o":
        os.utime(cache / f"{entry}{suffix}")


def main():
    arguments = sys.argv[1:]
    if len(arguments) < 5 or arguments[0] != "--root" or arguments[2] != "--build":
        sys.exit(__doc__)
    tree, command = Tree(arguments[1], arguments[3]), arguments[4:]
    depfile, output = command[command.index("-MF") + 1], command[command.index("-o") + 1]
    cache, key = place(), None
    if cache:
        try:
            environment = (f"{name}={os.environ.get(name, '')}" for name in ENVIRONMENT)
            key = digest("2", compiler_digest(command[0]), *(tree.relative(word) for word in (*environment, *command[1:])))
            if entry := find(cache, key, tree):
                fetch(cache, entry, tree, depfile, output)
                return 0
        except Exception:  # whatever it is: the compiler is there
            pass
    began = time.time_ns() - CLOCK_NS
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    sys.stdout.buffer.write(done.stdout)
    if done.returncode == 0 and key and not done.stdout:
        try:
            store(cache, key, tree, depfile, output, began)
        except Exception:
            pass
    return done.returncode if done.returncode >= 0 else 1


if __name__ == "__main__":
    sys.exit(main())
