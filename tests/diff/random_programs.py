#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Random programs, compiled for the host and for the device, must give the same bits.

    random_programs.py --accc <path> [--seeds 1:20] [--functions 12] [--keep DIR] [--flags=-G]

Each seed is one CUDA file with functions that are both __host__ and __device__: integer arithmetic of all widths,
shifts, divisions, conversions, floats (without contraction), branches, loops, switches, local arrays, calls, structures.
The file runs every function on many inputs in both places and compares. Exit status 0 when all seeds agree.
"""
import argparse
import pathlib
import random
import subprocess
import sys
import tempfile

INTS = {"int8_t": 8, "uint8_t": 8, "int16_t": 16, "uint16_t": 16, "int32_t": 32, "uint32_t": 32, "int64_t": 64, "uint64_t": 64}
UNSIGNED = {8: "uint8_t", 16: "uint16_t", 32: "uint32_t", 64: "uint64_t"}

HEADER = """#include <cstdint>
#include <cstdio>
#include <cstring>
#include <vector>
#define HD __host__ __device__
struct Pair { int32_t a; int64_t b; uint8_t c; };
template <class T> HD T bits_of(float f) { T r = 0; memcpy(&r, &f, 4); return r; }
HD inline uint64_t f2b(float f) { if (f != f) return 0x7fc00000; uint32_t r; memcpy(&r, &f, 4); return r; }
HD inline uint64_t d2b(double f) { if (f != f) return 0x7ff8000000000000; uint64_t r; memcpy(&r, &f, 8); return r; }
HD inline int32_t f2i(float f) { return f > -2e9f && f < 2e9f ? (int32_t)f : 7; }
HD inline uint32_t f2u(float f) { return f >= 0.0f && f < 4e9f ? (uint32_t)f : 9; }
HD inline int64_t d2l(double f) { return f > -9e18 && f < 9e18 ? (int64_t)f : 11; }
"""

MAIN = """
__global__ void run(const uint64_t* in, uint64_t* out, int n) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < n) for (int f = 0; f < COUNT; ++f) out[f * n + i] = dispatch(f, in[2 * i], in[2 * i + 1]);
}
int main() {
    std::vector<uint64_t> in;
    const uint64_t special[] = {0, 1, 2, 31, 32, 63, 64, 127, 128, 255, 256, 0x7fff, 0x8000, 0xffff, 0x7fffffff, 0x80000000,
                                0xffffffff, 0x100000000, 0x7fffffffffffffff, 0x8000000000000000, 0xffffffffffffffff, 0x3f800000, 0x4b000000};
    for (uint64_t a : special) for (uint64_t b : special) { in.push_back(a); in.push_back(b); }
    uint64_t x = 88172645463325252ull;
    for (int i = 0; i < 1000; ++i) { x ^= x << 13; x ^= x >> 7; x ^= x << 17; in.push_back(i % 3 ? x : x >> 40); }
    int n = in.size() / 2;
    uint64_t *din, *dout;
    if (cudaMalloc(&din, in.size() * 8) || cudaMalloc(&dout, (size_t)n * COUNT * 8)) return 2;
    cudaMemcpy(din, in.data(), in.size() * 8, cudaMemcpyHostToDevice);
    run<<<(n + 63) / 64, 64>>>(din, dout, n);
    if (cudaError_t e = cudaDeviceSynchronize()) { printf("launch: %s\\n", cudaGetErrorString(e)); return 2; }
    std::vector<uint64_t> out((size_t)n * COUNT);
    cudaMemcpy(out.data(), dout, out.size() * 8, cudaMemcpyDeviceToHost);
    int bad = 0;
    for (int f = 0; f < COUNT; ++f)
        for (int i = 0; i < n; ++i) {
            uint64_t want = dispatch(f, in[2 * i], in[2 * i + 1]);
            if (want != out[(size_t)f * n + i] && bad++ < 5)
                printf("f%d(0x%llx, 0x%llx): host 0x%llx device 0x%llx\\n", f, (unsigned long long)in[2 * i],
                       (unsigned long long)in[2 * i + 1], (unsigned long long)want, (unsigned long long)out[(size_t)f * n + i]);
        }
    return bad != 0;
}
"""


class Function:
    """Writes one function: a list of statements over typed variables, all of which end up in the result."""

    def __init__(self, number, rng):
        self.number, self.rng = number, rng
        self.variables = {}  # name -> type
        self.lines, self.depth = [], 1

    def emit(self, text):
        self.lines.append("    " * self.depth + text)

    def new(self, kind, value):
        name = f"v{len(self.variables)}"
        self.emit(f"{kind} {name} = {value};")
        if self.depth == 1:
            self.variables[name] = kind
        return name

    def pick(self, *kinds):
        names = [n for n, k in self.variables.items() if k in kinds]
        return self.rng.choice(names) if names else None

    def integer(self, level=0):
        rng = self.rng
        roll = rng.random()
        if level > 2 or roll < 0.25:
            return self.pick(*INTS) if rng.random() < 0.8 else str(rng.choice([0, 1, 2, 3, 5, 7, 10, 16, 100, 255, 1000, 65535, 123456789]))
        kind = rng.choice(list(INTS))
        width = INTS[kind]
        a, b = self.integer(level + 1), self.integer(level + 1)
        u = UNSIGNED[max(width, 32)]
        if roll < 0.6:  # wrapping arithmetic is done unsigned, which C++ defines
            return f"({kind})(({u})({a}) {rng.choice(['+', '-', '*', '&', '|', '^', '+', '-'])} ({u})({b}))"
        if roll < 0.72:
            return f"({kind})(({kind})({a}) >> (({b}) & {width - 1}))" if rng.random() < 0.5 else f"({kind})(({u})({a}) << (({b}) & {width - 1}))"
        if roll < 0.8:  # divisors are never 0 or -1
            return f"({kind})((({kind})({a})) {rng.choice(['/', '%'])} ({kind})((({b}) & 63) + 2))"
        if roll < 0.86:
            return f"({self.condition(level + 1)} ? ({kind})({a}) : ({kind})({b}))"
        if roll < 0.9:
            return rng.choice([f"f2i({self.floating(level + 1)})", f"(int64_t)f2u({self.floating(level + 1)})", f"d2l((double)({self.floating(level + 1)}) * 3)"])
        if roll < 0.95:
            return f"({kind})~({kind})({a})"
        return f"({kind})({self.condition(level + 1)})"

    def floating(self, level=0):
        rng = self.rng
        name = self.pick("float", "double")
        if level > 2 or (name and rng.random() < 0.3):
            return name or "1.5f"
        kind = rng.choice(["float", "float", "double"])
        roll = rng.random()
        if roll < 0.3:
            return f"({kind})({self.integer(level + 1)})"
        if roll < 0.4:
            return rng.choice(["0.5f", "-2.0f", "3.25", "1e10f", "0.1", "-0.0f"])
        a, b = self.floating(level + 1), self.floating(level + 1)
        if roll < 0.85:
            return f"(({kind})({a}) {rng.choice(['+', '-', '*', '/'])} ({kind})({b}))"
        if roll < 0.93:
            return f"({self.condition(level + 1)} ? ({kind})({a}) : ({kind})({b}))"
        return f"(-({kind})({a}))"

    def condition(self, level=0):
        rng = self.rng
        op = rng.choice(["<", "<=", ">", ">=", "==", "!="])
        roll = rng.random()
        if roll < 0.5:
            kind = rng.choice(list(INTS))
            return f"(({kind})({self.integer(level + 1)}) {op} ({kind})({self.integer(level + 1)}))"
        if roll < 0.75:
            return f"({self.floating(level + 1)} {op} {self.floating(level + 1)})"
        return f"({self.condition(level + 1)} {rng.choice(['&&', '||'])} {self.condition(level + 1)})" if level < 3 else "true"

    def statement(self):
        rng = self.rng
        roll = rng.random()
        target = self.pick(*INTS)
        if roll < 0.35:
            self.new(rng.choice(list(INTS)), self.integer())
        elif roll < 0.5:
            self.new(rng.choice(["float", "double"]), self.floating())
        elif roll < 0.62:
            self.emit(f"if ({self.condition()}) {{ {target} = {self.integer()}; }} else {{ {target} += {self.integer(1)}; }}")
        elif roll < 0.74:
            self.emit(f"for (int i = 0; i < (int)(({self.integer(2)}) & 15); ++i) {{ {target} = {self.integer(1)} + i; "
                      f"{'if (' + self.condition(2) + ') break;' if rng.random() < 0.5 else ''} }}")
        elif roll < 0.82:
            cases = " ".join(f"case {i}: {target} ^= {self.integer(2)}; {'break;' if rng.random() < 0.7 else ''}" for i in range(rng.randrange(2, 9)))
            self.emit(f"switch (({self.integer(1)}) & 7) {{ {cases} default: {target} += 3; }}")
        elif roll < 0.9:
            self.emit(f"{{ {rng.choice(list(INTS))} array[8]; for (int i = 0; i < 8; ++i) array[i] = {self.integer(2)} + i; "
                      f"{target} = array[({self.integer(2)}) & 7] + array[({self.integer(2)}) & 7]; }}")
        elif roll < 0.95 and self.number:
            self.emit(f"{target} += (int64_t)f{rng.randrange(self.number)}({self.integer(1)}, {self.integer(1)});")
        else:
            self.emit(f"{{ Pair p{{(int32_t)({self.integer(2)}), (int64_t)({self.integer(2)}), (uint8_t)({self.integer(2)})}}; Pair q = p; "
                      f"if ({self.condition(2)}) q.b += p.a; {target} = q.b + q.c; }}")

    def text(self):
        self.new("uint64_t", "x")
        self.new("uint64_t", "y")
        self.new("int32_t", "(int32_t)x")
        self.new("float", "(float)(int16_t)y")
        for _ in range(self.rng.randrange(4, 14)):
            self.statement()
        self.emit("uint64_t result = 0;")
        for name, kind in self.variables.items():
            value = f"f2b({name})" if kind == "float" else f"d2b({name})" if kind == "double" else f"(uint64_t){name}"
            self.emit(f"result = result * 31 + {value};")
        self.emit("return result;")
        inline = self.rng.choice(["", "__noinline__ "])
        return f"HD {inline}uint64_t f{self.number}(uint64_t x, uint64_t y) {{\n" + "\n".join(self.lines) + "\n}\n"


def program(seed, count):
    rng = random.Random(seed)
    functions = "".join(Function(i, rng).text() for i in range(count))
    cases = " ".join(f"case {i}: return f{i}(x, y);" for i in range(count))
    dispatch = f"HD uint64_t dispatch(int f, uint64_t x, uint64_t y) {{ switch (f) {{ {cases} }} return 0; }}\n"
    return HEADER + functions + dispatch + f"#define COUNT {count}\n" + MAIN


def check(seed, options, folder):
    source, binary = folder / f"p{seed}.cu", folder / f"p{seed}"
    source.write_text(program(seed, options.functions))
    command = [options.accc, "-fmad=false", "-w", "-Xcompiler", "-ffp-contract=off", *options.flags.split(), str(source), "-o", str(binary)]
    built = subprocess.run(command, capture_output=True, text=True, timeout=300)
    if built.returncode:
        return "does not compile: " + (built.stdout + built.stderr)[-1500:]
    ran = subprocess.run([str(binary)], capture_output=True, text=True, timeout=300)
    return "" if ran.returncode == 0 else ran.stdout[-1500:] + ran.stderr[-500:]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--accc", required=True)
    parser.add_argument("--seeds", default="1:5", help="first:last")
    parser.add_argument("--functions", type=int, default=12)
    parser.add_argument("--keep", help="folder for the programs")
    parser.add_argument("--flags", default="", help="more options for accc")
    options = parser.parse_args()
    first, last = (int(s) for s in options.seeds.split(":"))
    failures = 0
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(options.keep or temporary)
        folder.mkdir(parents=True, exist_ok=True)
        for seed in range(first, last + 1):
            problem = check(seed, options, folder)
            print(f"seed {seed}: {problem or 'agrees'}", flush=True)
            failures += bool(problem)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
