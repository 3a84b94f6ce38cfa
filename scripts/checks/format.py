# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Checks that the C, C++ and CUDA sources are formatted as the .clang-format above them says.

usage: format.py [--write] [ROOT]     prints the files that differ; exit code 1 if any. --write rewrites them.

The formatter is the one of the LLVM release that builds ACC, so that everybody's gives the same text. Generated
files are left out: they are as their generators write them.
"""

import os
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import files

FORMATTER = "clang-format-22"
ENDINGS = (".c", ".cpp", ".h", ".hpp", ".cu", ".cuh", ".cl")
FILES_AT_ONCE = 40


def is_generated(path):
    with open(path, encoding="utf-8", errors="replace") as file:
        head = "".join(line for _, line in zip(range(files.HEAD_LINES), file))
    return files.GENERATED.search(head) is not None


def sources(root):
    """Repository-relative paths of what has to be formatted."""
    return [name for name in files.tracked_files(root)
            if name.endswith(ENDINGS) and not is_generated(os.path.join(root, name))]


def differing(root, names):
    """Those of `names` that the formatter would change, found by its warnings (FILE:LINE:...)."""
    found = set()
    runs = []
    for first in range(0, len(names), FILES_AT_ONCE):
        command = [FORMATTER, "--dry-run", *names[first:first + FILES_AT_ONCE]]
        runs.append(subprocess.Popen(command, cwd=root, stderr=subprocess.PIPE, text=True))
    for run in runs:
        found.update(line.split(":", 1)[0] for line in run.communicate()[1].splitlines()
                     if "clang-format-violations" in line)
        if run.returncode:
            raise RuntimeError(f"{FORMATTER} failed with {run.returncode}")
    return sorted(found)


def main():
    arguments = [a for a in sys.argv[1:] if a != "--write"]
    root = os.path.abspath(arguments[0] if arguments else os.path.join(os.path.dirname(__file__), "../.."))
    names = differing(root, sources(root))
    if "--write" in sys.argv and names:
        subprocess.run([FORMATTER, "-i", *names], cwd=root, check=True)
        return 0
    for name in names:
        print(f"{name}: not formatted; scripts/check --format rewrites it")
    return 1 if names else 0


if __name__ == "__main__":
    sys.exit(main())
