# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Writes random functions that are both __host__ and __device__ and are defined everywhere: integers of all widths, floats
of all widths (without contraction), vector types, structures, arrays, calls direct, indirect and recursive, loops and jumps."""

INTS = {"int8_t": 8, "uint8_t": 8, "int16_t": 16, "uint16_t": 16, "int32_t": 32, "uint32_t": 32, "int64_t": 64, "uint64_t": 64, "bool": 1}
UNSIGNED = {1: "uint32_t", 8: "uint8_t", 16: "uint16_t", 32: "uint32_t", 64: "uint64_t"}
WRAPPING = [kind for kind in INTS if kind != "bool"]
FLOATS = ["float", "double", "__half", "__nv_bfloat16"]
TO_FLOAT = {"__half": "__half2float", "__nv_bfloat16": "__bfloat162float"}
FROM_FLOAT = {"__half": "__float2half_rn", "__nv_bfloat16": "__float2bfloat16_rn"}
VECTORS = {  # type -> (components, type of a component)
    "uchar4": ("xyzw", "uint8_t"), "char3": ("xyz", "int8_t"), "short2": ("xy", "int16_t"), "ushort4": ("xyzw", "uint16_t"),
    "int2": ("xy", "int32_t"), "int3": ("xyz", "int32_t"), "uint4": ("xyzw", "uint32_t"), "ulonglong2": ("xy", "uint64_t"),
    "longlong4": ("xyzw", "int64_t"), "float2": ("xy", "float"), "float3": ("xyz", "float"), "float4": ("xyzw", "float"), "double2": ("xy", "double")}


class Function:
    """One function: statements over typed variables, all of which end up in the result."""

    def __init__(self, number, rng, name="f"):
        self.number, self.rng, self.name = number, rng, name
        self.variables = {}  # name -> type
        self.lines, self.depth, self.labels = [], 1, 0

    def emit(self, text):
        self.lines.append("    " * self.depth + text)

    def new(self, kind, value):
        name = f"v{len(self.variables)}"
        self.emit(f"{kind} {name} = {value};")
        self.variables[name] = kind
        return name

    def pick(self, *kinds):
        names = [n for n, k in self.variables.items() if k in kinds]
        return self.rng.choice(names) if names else None

    # Expressions.

    def integer(self, level=0):
        rng = self.rng
        roll = rng.random()
        if level > 2 or roll < 0.22:
            return self.pick(*INTS) if rng.random() < 0.8 else str(rng.choice([0, 1, 2, 3, 5, 7, 10, 16, 100, 255, 1000, 65535, 123456789]))
        kind = rng.choice(WRAPPING)
        width = INTS[kind]
        a, b = self.integer(level + 1), self.integer(level + 1)
        u = UNSIGNED[max(width, 32)]
        if roll < 0.5:  # wrapping arithmetic is done unsigned, which C++ defines
            return f"({kind})(({u})({a}) {rng.choice(['+', '-', '*', '&', '|', '^', '+', '-'])} ({u})({b}))"
        if roll < 0.6:
            return f"({kind})(({kind})({a}) >> (({b}) & {width - 1}))" if rng.random() < 0.5 else f"({kind})(({u})({a}) << (({b}) & {width - 1}))"
        if roll < 0.67:  # divisors are never 0 or -1
            divisor = f"({kind})((({b}) & 63) + 2)" if rng.random() < 0.6 else str(rng.choice([2, 3, 5, 7, 10, 12, 60, 100]))
            return f"({kind})((({kind})({a})) {rng.choice(['/', '%'])} {divisor})"
        if roll < 0.73:
            return f"({self.condition(level + 1)} ? ({kind})({a}) : ({kind})({b}))"
        if roll < 0.78:
            return rng.choice([f"f2i({self.floating(level + 1)})", f"(int64_t)f2u({self.floating(level + 1)})", f"d2l((double)({self.floating(level + 1)}) * 3)"])
        if roll < 0.9:
            return self.intrinsic(a, b, self.integer(level + 1))
        if roll < 0.94:
            vector = self.pick(*[v for v, (_, part) in VECTORS.items() if part in INTS])
            return f"{vector}.{rng.choice(VECTORS[self.variables[vector]][0])}" if vector else a
        if roll < 0.97:
            return f"({kind})~({kind})({a})"
        return f"({kind})({self.condition(level + 1)})"

    def intrinsic(self, a, b, c):
        return self.rng.choice([
            f"popc({a})", f"clz((uint32_t)({a}))", f"first_set({a})", f"brev({a})", f"high_product({a}, {b})", f"high_product_signed({a}, {b})",
            f"byte_perm((uint32_t)({a}), (uint32_t)({b}), (uint32_t)({c}) & 0x7777)", f"funnel((uint32_t)({a}), (uint32_t)({b}), (uint32_t)({c}))",
            f"dot4((int32_t)({a}), (int32_t)({b}), (int32_t)({c}))", f"add_bytes((uint32_t)({a}), (uint32_t)({b}))",
            f"difference_of_bytes((uint32_t)({a}), (uint32_t)({b}))"])

    def floating(self, level=0):
        """An expression of type float or double."""
        rng = self.rng
        name = self.pick("float", "double")
        if level > 2 or (name and rng.random() < 0.3):
            return name or "1.5f"
        kind = rng.choice(["float", "float", "double"])
        suffix = "f" if kind == "float" else ""
        roll = rng.random()
        if roll < 0.25:
            return f"({kind})({self.integer(level + 1)})"
        if roll < 0.33:
            return rng.choice(["0.5f", "-2.0f", "3.25", "1e10f", "0.1", "-0.0f"])
        a, b = self.floating(level + 1), self.floating(level + 1)
        if roll < 0.65:
            return f"(({kind})({a}) {rng.choice(['+', '-', '*', '/'])} ({kind})({b}))"
        if roll < 0.72:
            return f"({self.condition(level + 1)} ? ({kind})({a}) : ({kind})({b}))"
        if roll < 0.88:  # functions whose result is exact or correctly rounded
            return rng.choice([f"sqrt{suffix}({a})", f"fma{suffix}({a}, {b}, {self.floating(level + 1)})", f"floor{suffix}({a})", f"ceil{suffix}({a})",
                               f"trunc{suffix}({a})", f"rint{suffix}({a})", f"fabs{suffix}({a})", f"copysign{suffix}({a}, {b})",
                               f"least(({kind})({a}), ({kind})({b}))", f"most(({kind})({a}), ({kind})({b}))"])
        if roll < 0.94:
            return self.small_float(level)
        return f"(-({kind})({a}))"

    def small_float(self, level):
        """Arithmetic of 16-bit floats, each operation rounded once; the result is a float."""
        rng = self.rng
        kind = rng.choice(list(TO_FLOAT))
        value = lambda: self.pick(kind) or f"{FROM_FLOAT[kind]}((float)({self.floating(level + 1)}))"
        operation = rng.choice(["__hadd", "__hsub", "__hmul"])
        return f"{TO_FLOAT[kind]}({operation}({value()}, {value()}))"

    def condition(self, level=0):
        rng = self.rng
        op = rng.choice(["<", "<=", ">", ">=", "==", "!="])
        roll = rng.random()
        if roll < 0.5:
            kind = rng.choice(WRAPPING)
            return f"(({kind})({self.integer(level + 1)}) {op} ({kind})({self.integer(level + 1)}))"
        if roll < 0.75:
            return f"({self.floating(level + 1)} {op} {self.floating(level + 1)})"
        return f"({self.condition(level + 1)} {rng.choice(['&&', '||'])} {self.condition(level + 1)})" if level < 3 else "true"

    def value_of(self, kind, level=1):
        """An expression of exactly this type."""
        if kind in VECTORS:
            parts, part = VECTORS[kind]
            return f"make_{kind}({', '.join(self.value_of(part, level + 1) for _ in parts)})"
        if kind in FROM_FLOAT:
            return f"{FROM_FLOAT[kind]}((float)({self.floating(level)}))"
        return f"({kind})({self.floating(level) if kind in FLOATS else self.integer(level)})"

    # Statements.

    def statement(self):
        choices = [(20, self.declare_integer), (14, self.declare_float), (10, self.declare_vector), (10, self.branch), (10, self.loop),
                   (7, self.switch), (9, self.array), (8, self.call), (5, self.structure), (4, self.bit_fields), (4, self.by_value),
                   (4, self.by_bytes), (4, self.jump), (3, self.component)]
        self.rng.choices([c for _, c in choices], [w for w, _ in choices])[0]()

    def target(self):
        return self.pick(*WRAPPING)

    def declare_integer(self):
        self.new(self.rng.choice(list(INTS)), self.integer())

    def declare_float(self):
        kind = self.rng.choice(FLOATS)
        self.new(kind, self.value_of(kind, 0))

    def declare_vector(self):
        kind = self.rng.choice(list(VECTORS))
        self.new(kind, self.value_of(kind))

    def component(self):
        vector = self.pick(*VECTORS)
        if vector:
            parts, part = VECTORS[self.variables[vector]]
            self.emit(f"{vector}.{self.rng.choice(parts)} = {self.value_of(part)};")

    def branch(self):
        target = self.target()
        self.emit(f"if ({self.condition()}) {{ {target} = {self.integer()}; }} else {{ add({target}, {self.integer(1)}); }}")

    def loop(self):
        rng, target = self.rng, self.target()
        body = f"{target} = (uint64_t)({self.integer(1)}) + i;"
        if rng.random() < 0.4:
            body += f" if ({self.condition(2)}) {rng.choice(['break', 'continue'])};"
        if rng.random() < 0.4:
            body += f" for (int j = i; j < {rng.randrange(2, 6)}; ++j) {{ {self.target()} ^= (uint64_t)({self.integer(2)}) + j; }}"
        limit = f"(int)(({self.integer(2)}) & 15)" if rng.random() < 0.7 else str(rng.randrange(1, 9))
        if rng.random() < 0.7:
            self.emit(f"for (int i = 0; i < {limit}; ++i) {{ {body} }}")
        else:
            self.emit(f"{{ int i = 0, limit = {limit}; do {{ {body.replace('continue', 'break')} }} while (++i < limit); }}")

    def switch(self):
        rng, target = self.rng, self.target()
        cases = " ".join(f"case {i}: {target} ^= {self.integer(2)}; {'break;' if rng.random() < 0.7 else ''}" for i in range(rng.randrange(2, 9)))
        self.emit(f"switch (({self.integer(1)}) & 7) {{ {cases} default: add({target}, 3); }}")

    def array(self):
        rng, target = self.rng, self.target()
        kind = rng.choice(WRAPPING + ["float", "double", "float4", "uchar4", "int2"])
        parts, part = VECTORS.get(kind, ("", kind))
        read = lambda: f"bits(array[({self.integer(2)}) & 7]{'.' + rng.choice(parts) if parts else ''})"
        pointer = f"{kind}* p = array + (({self.integer(2)}) & 3); *++p = {self.value_of(kind, 2)}; " if rng.random() < 0.4 else ""
        self.emit(f"{{ {kind} array[8]; for (int i = 0; i < 8; ++i) array[i] = {self.value_of(kind, 2)}; {pointer}{target} = {read()} + {read()}; }}")

    def call(self):
        rng, target = self.rng, self.target()
        if not self.number:
            return
        a, b = self.integer(1), self.integer(1)
        roll = rng.random()
        if roll < 0.6:
            self.emit(f"add({target}, f{rng.randrange(self.number)}({a}, {b}));")
        elif roll < 0.85:
            one, other = rng.randrange(self.number), rng.randrange(self.number)
            self.emit(f"{{ uint64_t (*table[2])(uint64_t, uint64_t) = {{f{one}, f{other}}}; {target} ^= table[({self.integer(1)}) & 1]({a}, {b}); }}")
        else:
            self.emit(f"{target} ^= descend((int)(({a}) & 7), {b});")

    def structure(self):
        target = self.target()
        self.emit(f"{{ Pair p{{(int32_t)({self.integer(2)}), (int64_t)({self.integer(2)}), (uint8_t)({self.integer(2)})}}; Pair q = p; "
                  f"if ({self.condition(2)}) q.b ^= p.a; {target} = (uint64_t)q.b + q.c; }}")

    def bit_fields(self):
        target = self.target()
        self.emit(f"{{ Bits b = {{}}; b.low = (uint32_t)({self.integer(2)}) & 31; b.middle = (int32_t)(({self.integer(2)}) & 1023) - 512; "
                  f"b.high = (uint64_t)({self.integer(2)}) & 0x1fffffffff; b.flag = {self.condition(2)}; if ({self.condition(2)}) b.middle = -b.middle - 1; "
                  f"add({target}, b.low + (uint64_t)b.middle * 3 + b.high + b.flag); }}")

    def by_value(self):
        target = self.target()
        self.emit(f"{{ Wide w = widen({self.value_of('double')}, {self.value_of('int32_t')}); Aligned a = align(w, {self.value_of('float')}); "
                  f"Three t = mix(a, Three{{{self.value_of('uint8_t')}, 2, 3}}); add({target}, bits(w.d[1]) + w.p.b + w.s.z + bits(a.f.y) + t.g + t.b); }}")

    def by_bytes(self):
        target = self.target()
        self.emit(f"{{ uint64_t word = {self.integer(1)}; uint8_t bytes[16] = {{}}; memcpy(bytes + (({self.integer(2)}) & 7), &word, 8); "
                  f"uint32_t half; memcpy(&half, bytes + (({self.integer(2)}) & 7), 4); add({target}, half + bytes[({self.integer(2)}) & 15]); }}")

    def jump(self):
        self.labels += 1
        label, target = f"skip{self.labels}", self.target()
        self.emit(f"{{ if ({self.condition(1)}) goto {label}; add({target}, {self.integer(1)}); if ({self.condition(1)}) goto {label}; {target} ^= 21; }} {label}:;")

    def text(self):
        self.new("uint64_t", "x")
        self.new("uint64_t", "y")
        self.new("int32_t", "(int32_t)x")
        self.new("float", "(float)(int16_t)y")
        for _ in range(self.rng.randrange(4, 14)):
            self.statement()
        self.emit("uint64_t result = 0;")
        for name, kind in self.variables.items():
            for value in [f"{name}.{part}" for part in VECTORS[kind][0]] if kind in VECTORS else [name]:
                self.emit(f"result = result * 31 + bits({value});")
        self.emit("return result;")
        body = "\n".join(self.lines)
        inline = self.rng.choice(["", "__noinline__ "])
        return f"HD {inline}uint64_t {self.name}{self.number}(uint64_t x, uint64_t y) {{\n{body}\n}}\n"


def dispatch(count, name, parameters, arguments):
    """One function that calls them all by their numbers."""
    cases = " ".join(f"case {i}: return {name}{i}({arguments});" for i in range(count))
    return f"HD uint64_t dispatch(int number, {parameters}) {{ switch (number) {{ {cases} }} return 0; }}\n#define COUNT {count}\n"


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
    for (int i = 0; i < 1000; ++i) { next(x); in.push_back(i % 3 ? x : x >> 40); }
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


def program(rng, count):
    """A whole file with `count` functions."""
    functions = "".join(Function(i, rng).text() for i in range(count))
    return f'#include "prelude.cuh"\n{functions}{dispatch(count, "f", "uint64_t x, uint64_t y", "x, y")}{MAIN}'
