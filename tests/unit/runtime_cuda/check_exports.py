#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Compares the dynamic symbols of libaccrt with the API tables.

usage: check_exports.py LIBACCRT ROOT

Every function of the tables must be there, versioned; nothing may be there that is neither in the tables nor an entry
point of the host ABI.
"""
import pathlib
import re
import subprocess
import sys


def main():
    library, root = sys.argv[1], pathlib.Path(sys.argv[2])
    listing = subprocess.run(["nm", "-D", "--defined-only", library], check=True, capture_output=True, text=True).stdout
    symbols = {}
    for line in listing.splitlines():
        name = line.split()[-1]
        base, _, version = name.partition("@@")
        symbols[base] = version
    wanted = set()
    for api in ("runtime", "driver"):
        for row in (root / "include/cuda/table" / f"{api}_functions.api").read_text().splitlines():
            cells = [cell.strip() for cell in row.split("|")]
            if len(cells) >= 6 and not row.startswith("#"):
                name = re.search(r"(\w+)\(", cells[4]).group(1)
                wanted.add(name)
                if cells[3] != "-":
                    wanted.add(f"{name}_{cells[3]}")
                older = re.fullmatch(r"macro (\w+) symbol", cells[6]) if len(cells) > 6 else None
                if older: # the function's earlier name, which libraries look up
                    wanted.add(older.group(1))
    missing = sorted(wanted - set(symbols))
    extra = sorted(n for n in set(symbols) - wanted if not n.startswith("__cuda") and n != "ACCRT_1")
    unversioned = sorted(n for n, version in symbols.items() if version != "ACCRT_1" and n != "ACCRT_1")
    for title, names in (("missing", missing), ("not in the tables", extra), ("without a version", unversioned)):
        if names:
            print(f"{title}: {' '.join(names[:20])}")
    return 1 if missing or extra or unversioned else 0


if __name__ == "__main__":
    sys.exit(main())
