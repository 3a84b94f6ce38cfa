# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""docs/environment.md from the table of environment variables.

usage: environment.py TABLE OUT

Fails when the sources read a variable that the table does not have.
"""

import pathlib
import re
import sys

ROW = re.compile(r'ACC_VARIABLE\((\w+),\s*((?:"(?:[^"\\]|\\.)*"[\s,]*)+)\)')
READERS = {
    "programs": "Read by programs (the runtime and the device model)",
    "accc": "Read by the compiler driver",
    "scripts": "Read by the scripts of the source tree",
}


def rows(text):
    """Yields (name, reader, values, default, meaning); a literal may be in pieces."""
    text = "\n".join(line for line in text.splitlines() if not line.startswith("//"))
    for name, rest in ROW.findall(text):
        fields = [""]
        for piece, comma in re.findall(r'"((?:[^"\\]|\\.)*)"\s*(,?)', rest):
            fields[-1] += piece
            if comma:
                fields.append("")
        if len(fields) != 4:
            raise ValueError(f"{name}: {len(fields)} fields instead of 4")
        yield (name, *fields)


def values_text(values):
    if values.startswith("<"):
        return values.strip("<>")
    return ", ".join(f"`{value}`" for value in values.split("|"))


def page(table):
    lines = ["<!-- SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception -->",
             "<!-- Generated from runtime/core/environment.def by scripts/gen/environment.py. -->",
             "# Environment variables", "",
             "An unknown value of an `ACC_*` variable is an error in the log or, where the program cannot go on,",
             "`cudaErrorSystemNotReady`. A name that is nearly one of these (or begins with `ACC_MODEL_`) is said",
             "once, on standard error; other `ACC_*` names are left to other programs.", ""]
    found = list(rows(table))
    for reader, title in READERS.items():
        lines += [f"## {title}", "", "| Variable | Values | Default | Meaning |", "|---|---|---|---|"]
        for name, of, values, default, meaning in found:
            if of == reader:
                lines.append(f"| `{name}` | {values_text(values)} | {default or 'unset'} | {meaning} |")
        lines.append("")
    unknown = {row[1] for row in found} - READERS.keys()
    if unknown:
        raise ValueError(f"unknown readers: {unknown}")
    return "\n".join(lines)


ROOMS = ("runtime", "compiler/driver", "driver/model/src")
READ = re.compile(r'\b(?:getenv|environment_number|add_variable)\([^")]*"(\w+)"')
NOT_OURS = {"PATH", "TERM"}


def check_sources(table):
    """Every variable that the sources read has a row. Paths are relative to the root, where scripts/check runs this."""
    known = {row[0] for row in rows(table)} | NOT_OURS
    for room in ROOMS:
        for path in sorted(pathlib.Path(room).rglob("*.cpp")):
            for name in READ.findall(path.read_text(encoding="utf-8")):
                if name not in known:
                    raise ValueError(f"{path} reads {name}, which runtime/core/environment.def does not have")


def main():
    table, out = sys.argv[1:]
    with open(table, encoding="utf-8") as file:
        text = file.read()
    check_sources(text)
    text = page(text)
    with open(out, "w", encoding="utf-8") as file:
        file.write(text)


if __name__ == "__main__":
    main()
