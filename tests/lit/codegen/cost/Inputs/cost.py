# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Compares the machine code of kernels with the limits that stand above them.

usage: cost.py SOURCE LISTING RESOURCES [--show]

SOURCE has above each kernel a line

    // COST: 15 instructions, 12 registers, 1.8 per ffma.f32

which bounds its length (all instructions of the kernel), its registers and, where it says so, the length of its hot loop:
the innermost loop with the most instructions of that name, divided by their number, so that unrolling does not change what
the bound means. LISTING is what `accc-objdump -d` prints, RESOURCES what `accc -Xptxas -v` does. A kernel may spill only the bytes that its line names at the end (`, 20 spilled`), and none in
its hot loop.
--show prints the values in the form of limits.
"""
import re
import sys

LIMIT = re.compile(r"// COST: (\d+) instructions, (\d+) registers(?:, ([\d.]+) per (\S+?))?(?:, (\d+) spilled)?$")
KERNEL = re.compile(r'^extern "C" __global__ void (\w+)\(')
INSTRUCTION = re.compile(r"\s*([0-9a-f]+):\s+(?:@!?p\d )?\s*(\S+)")
BRANCH = re.compile(r"\s*([0-9a-f]+):\s+(?:@!?p\d )?\s*bra 0x([0-9a-f]+)")
RESOURCES = re.compile(
    r"Function properties for (\w+)\n.*?(\d+) bytes spill stores, (\d+) bytes spill loads\n.*?Used (\d+) registers"
)


class Code:
    """The instructions of one kernel."""

    def __init__(self):
        self.mnemonics = {}  # address -> mnemonic
        self.back_edges = []  # (first address, last address) of each loop

    def add(self, line):
        address, mnemonic = INSTRUCTION.match(line).groups()
        self.mnemonics[int(address, 16)] = mnemonic
        branch = BRANCH.match(line)
        if branch and int(branch[2], 16) <= int(branch[1], 16):
            self.back_edges.append((int(branch[2], 16), int(branch[1], 16)))

    def innermost_loops(self):
        ends = {}
        for first, last in self.back_edges:
            ends[first] = max(last, ends.get(first, 0))
        return [
            (a, b) for a, b in ends.items()
            if not any((c, d) != (a, b) and a <= c and d <= b for c, d in ends.items())
        ]

    def hot_loop(self, mnemonic):
        """The instructions of the innermost loop that has the most of that name."""
        bodies = [[m for a, m in self.mnemonics.items() if first <= a <= last]
                  for first, last in self.innermost_loops()]
        return max(bodies, key=lambda body: body.count(mnemonic), default=[])

    def per(self, mnemonic):
        """Instructions of the hot loop for each one of that name."""
        hot = self.hot_loop(mnemonic)
        count = hot.count(mnemonic)
        return len(hot) / count if count else None


def read_listing(text):
    codes, code = {}, None
    for line in text.splitlines():
        label = re.match(r"[0-9a-f]+ <(\w+)>:", line)
        if label:
            code = codes.setdefault(label[1], Code())
        elif code and INSTRUCTION.match(line):
            code.add(line)
    return codes


def read_limits(text):
    """(kernel, limits or None) in the order of the source."""
    limit = None
    for line in text.splitlines():
        limit = LIMIT.match(line) or limit
        kernel = KERNEL.match(line)
        if kernel:
            yield kernel[1], limit and limit.groups()
            limit = None


def excesses(code, resources, limits):
    """What is over its limit, in words."""
    stores, loads, registers = resources
    instructions, most_registers, ratio, mnemonic, spilled = limits
    if max(stores, loads) > int(spilled or 0):
        yield f"spills {stores} + {loads} bytes"
    if stores and any(m.startswith("st.local") or m.startswith("ld.local") for m in code.hot_loop(mnemonic)):
        yield "spills in the hot loop"
    if len(code.mnemonics) > int(instructions):
        yield f"{len(code.mnemonics)} instructions, {instructions} allowed"
    if registers > int(most_registers):
        yield f"{registers} registers, {most_registers} allowed"
    if mnemonic:
        per = code.per(mnemonic)
        if per is None:
            yield f"no loop with {mnemonic}"
        elif per > float(ratio) + 0.005:
            yield f"{per:.2f} instructions per {mnemonic} in the loop, {ratio} allowed"


def shown(code, resources, limits):
    text = f"{len(code.mnemonics)} instructions, {resources[2]} registers"
    if limits and limits[3]:
        text += f", {code.per(limits[3]):.2f} per {limits[3]}"
    return text


def main(source, listing, resources_file, *options):
    with open(source) as f:
        kernels = list(read_limits(f.read()))
    with open(listing) as f:
        codes = read_listing(f.read())
    with open(resources_file) as f:
        resources = {m[0]: tuple(map(int, m[1:])) for m in RESOURCES.findall(f.read())}
    failed = not kernels
    for name, limits in kernels:
        if options:
            print(f"{name}: {shown(codes[name], resources[name], limits)}")
            continue
        problems = list(excesses(codes[name], resources[name], limits)) if limits else ["no limits"]
        for problem in problems:
            print(f"{source}: {name}: {problem}", file=sys.stderr)
        failed |= bool(problems)
    return failed and not options


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
