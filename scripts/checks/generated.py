# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Regenerates what is generated and committed, and compares.

usage: generated.py [--write] [ROOT]

The list is scripts/checks/generated.list, one entry a line. All commands run in the root.
  PATH : COMMAND            COMMAND writes to {out}, a temporary file (or, when PATH ends in '/', a temporary
                            folder); PATH must then hold the same bytes. --write copies instead of comparing.
  self : CHECK :: WRITE     a generator that compares by itself: CHECK fails and says what differs; WRITE
                            is what --write runs.
"""

import filecmp
import os
import shutil
import subprocess
import sys
import tempfile


def read_list(text):
    """Yields (path, command) of a generated.list."""
    for number, line in enumerate(text.splitlines(), 1):
        line = line.strip()
        if not line or line.startswith("#"):
            continue
        path, _, command = line.partition(" : ")
        if ("{out}" if path.strip() != "self" else " :: ") not in command:
            raise ValueError(f"generated.list:{number}: wanted `PATH : COMMAND with {{out}}` "
                             "or `self : CHECK :: WRITE`")
        yield path.strip(), command.strip()


def files_under(path):
    """{name relative to path: full name}; a plain file is {'': path}."""
    if not os.path.isdir(path):
        return {"": path} if os.path.exists(path) else {}
    found = {}
    for folder, _, names in os.walk(path):
        for name in names:
            full = os.path.join(folder, name)
            found[os.path.relpath(full, path)] = full
    return found


def differences(committed, fresh):
    """Names that differ between two files or folders."""
    old, new = files_under(committed), files_under(fresh)
    for name in sorted(old.keys() | new.keys()):
        if name not in new:
            yield os.path.join(committed, name), "is no longer generated"
        elif name not in old:
            yield os.path.join(committed, name), "is generated but not committed"
        elif not filecmp.cmp(old[name], new[name], shallow=False):
            yield os.path.join(committed, name).rstrip("/"), "differs from what its generator writes"


def run(command, root):
    """Runs a shell command in the root; returns its message when it fails, else None."""
    result = subprocess.run(command, shell=True, cwd=root, capture_output=True, text=True, check=False)
    return None if result.returncode == 0 else f"{command}: failed\n{result.stdout}{result.stderr}".rstrip()


def check_self(command, root, write):
    """Problems of a `self` entry."""
    message = run(command.split(" :: ")[1 if write else 0], root)
    return [message] if message else []


def check_path(path, command, root, write):
    """Problems of a `PATH : COMMAND` entry."""
    target = os.path.join(root, path)
    with tempfile.TemporaryDirectory() as folder:
        out = os.path.join(folder, "out" if not path.endswith("/") else "out/")
        if path.endswith("/"):
            os.mkdir(out)
        message = run(command.replace("{out}", out), root)
        if message:
            return [message]
        if not write:
            return [f"{os.path.relpath(name, root)}: {why}; run scripts/check --regenerate"
                    for name, why in differences(target, out)]
        if path.endswith("/"):
            shutil.rmtree(target, ignore_errors=True)
            shutil.copytree(out, target)
        else:
            shutil.copyfile(out, target)
        return []


def check(root, write):
    with open(os.path.join(root, "scripts/checks/generated.list"), encoding="utf-8") as file:
        entries = list(read_list(file.read()))
    problems = []
    for path, command in entries:
        if path == "self":
            problems += check_self(command, root, write)
        else:
            problems += check_path(path, command, root, write)
    return problems


def main():
    arguments = [a for a in sys.argv[1:] if a != "--write"]
    root = arguments[0] if arguments else os.path.join(os.path.dirname(__file__), "../..")
    problems = check(os.path.abspath(root), "--write" in sys.argv)
    for line in problems:
        print(line)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
