# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Writes random loops over arrays: indices of every type, of sums and products of counters, strides and constants, with
32-bit arithmetic that wraps, nested and counting down, accesses under conditions, pointers that advance, stores that later
loads may see. Every access is in range by construction (see Loops.index), so a wrong address is a difference or a fault."""
ELEMENTS = {"i": "int32_t", "u": "uint32_t", "b": "uint8_t", "s": "int16_t", "f": "float", "d": "double", "l": "int64_t"}
INDEX_TYPES = ["int", "unsigned", "size_t", "long long", "short", "unsigned short", "unsigned char"]

class Loops:
    """One function: HD uint64_t gN(arrays, sizes, t), t 0..31."""

    def __init__(self, number, rng):
        self.number, self.rng = number, rng
        self.lines, self.depth = [], 1
        self.counters = []  # (name, greatest value)
        self.names = 0

    def emit(self, text):
        self.lines.append("    " * self.depth + text)

    def term(self):
        """(expression, its greatest value); the least is 0."""
        rng = self.rng
        choices = [("t", 31), ("t * 4", 124), ("(31 - t)", 31)]
        for name, most in self.counters:
            choices += [(name, most), (f"{name} * {rng.choice([2, 3, 4, 5, 8, 16])}", most * 16), (f"{name} * z.ld", most * 60), (f"({name} + 1) * {rng.randrange(1, 5)}", most * 5)]
        return rng.choice(choices)

    def index(self):
        """An index in [-2047, 2047]: terms that are not negative, of at most 1900 together, and a constant; or a sum of 32
        bits that wraps around to one."""
        rng = self.rng
        total, parts = 0, []
        for _ in range(rng.randrange(1, 4)):
            text, most = self.term()
            if total + most > 1900:
                continue
            total += most
            kind = rng.choice(INDEX_TYPES[:4] if most > 250 else INDEX_TYPES)
            parts.append(f"({kind})({text})" if rng.random() < 0.5 else text)
        rng.shuffle(parts)
        joined = " + ".join(parts) or "0"
        roll = rng.random()
        constant = rng.randrange(0, 120)
        if roll < 0.25:
            return joined
        if roll < 0.45:
            return f"{joined} + {constant}"
        if roll < 0.6:  # signed, perhaps negative
            return f"({rng.choice(['int', 'long long'])})({joined}) - {constant}"
        if roll < 0.7:  # unsigned, never negative
            return f"({rng.choice(['unsigned', 'size_t'])})({joined} + {constant}) - {rng.randrange(0, constant + 1)}u"
        if roll < 0.8:  # 32 bits wrap
            return f"(unsigned)(z.wrap + {16 + rng.randrange(4)} + (unsigned)({joined}))"
        if roll < 0.9:
            return f"(int)(z.wrap + (unsigned)({joined}))"  # from -16
        return f"({joined}) - z.back"

    def load(self):
        rng = self.rng
        roll = rng.random()
        if roll < 0.6:
            return f"bits(a.{rng.choice(list(ELEMENTS))}[{self.index()}])"
        if roll < 0.75:
            return f"bits(a.points[{self.index()}].{rng.choice('xyzw')})"
        if roll < 0.85:
            return f"bits(a.quads[{self.index()}].{rng.choice('xyzw')})"
        return f"bits(a.{rng.choice(['own', 'marks'])}[{self.index()}])"

    def statement(self):
        rng = self.rng
        roll = rng.random()
        if roll < 0.4:
            self.emit(f"sum = sum * 31 + {self.load()};")
        elif roll < 0.5:
            self.emit(f"sum ^= {self.load()} + {self.load()} * 3;")
        elif roll < 0.65:
            array, kind = rng.choice([("own", "int32_t"), ("marks", "uint8_t")])
            self.emit(f"a.{array}[{self.index()}] = ({kind})({rng.choice(['sum', self.load()])});")
        elif roll < 0.75:
            condition = rng.choice([f"(a.i[{self.index()}] & {rng.choice([1, 3, 4])}) != 0", f"sum & {rng.choice([1, 2, 64])}", f"t & {rng.choice([1, 2, 8])}"])
            self.block(f"if ({condition}) {{", rng.randrange(1, 3))
        elif roll < 0.95 and len(self.counters) < 3:
            self.loop()
        else:
            self.walk()

    def block(self, head, count):
        self.emit(head)
        self.depth += 1
        for _ in range(count):
            self.statement()
        self.depth -= 1
        self.emit("}")

    def fresh(self, letter):
        self.names += 1
        return f"{letter}{self.names}"

    def loop(self):
        rng, name = self.rng, self.fresh("i")
        limit, most = rng.choice([("z.n", 12), ("z.m", 6), ("(int)z.ld / 8", 7), (str(rng.randrange(1, 9)), 8)])
        kind = rng.choice(["int", "int", "unsigned", "size_t", "long long", "short"])
        roll = rng.random()
        if roll < 0.5:
            head = f"for ({kind} {name} = 0; {name} < {limit}; {rng.choice([f'++{name}', f'{name} += {rng.randrange(1, 4)}'])}) {{"
        elif roll < 0.65:
            head = f"for ({kind} {name} = {rng.choice(['t & 3', '(t + 1) % 4'])}; {name} < {limit}; {name} += {rng.choice(['1', '2', 'z.m'])}) {{"
        elif roll < 0.8:
            head = f"for (int {name} = (int){limit} - 1; {name} >= 0; --{name}) {{"
        else:
            head = f"for ({kind} {name} = 0; {name} < ({kind}){limit} && (sum & 0xff) != 7; ++{name}) {{"
        unroll = rng.choice(["", "", "", "#pragma unroll 1\n", "#pragma unroll\n", "#pragma unroll 4\n"])
        self.counters.append((name, most))
        self.block(unroll + "    " * self.depth + head, rng.randrange(1, 4))
        self.counters.pop()
        if rng.random() < 0.3:
            self.emit(f"sum += {self.load()};")

    def walk(self):
        """A pointer that advances by a stride."""
        rng, pointer, count = self.rng, self.fresh("p"), self.fresh("k")
        element = rng.choice(list(ELEMENTS))
        step, limit = rng.choice([("z.ld", "z.n"), ("4", "z.m"), ("-3", "z.n"), ("1", "8"), ("(int)z.m", "z.n")])
        self.emit(f"{{ const {ELEMENTS[element]}* {pointer} = a.{element} + (t * 4 + {rng.randrange(0, 60)}); "
                  f"for (int {count} = 0; {count} < {limit}; ++{count}) {{ sum = sum * 7 + bits(*{pointer}) + bits({pointer}[{rng.randrange(-5, 6)}]); {pointer} += {step}; }} }}")

    def text(self):
        for _ in range(self.rng.choice([1, 2, 2, 3, 4, 6, 8])):
            self.statement()
        body = "\n".join(self.lines)
        inline = self.rng.choice(["", "", "NOINLINE "])
        return f"HD {inline}uint64_t g{self.number}(const Arrays& a, const Sizes& z, int t) {{\n    uint64_t sum = {self.number};\n{body}\n    return sum;\n}}\n"


INCLUDE = "check_arrays.cuh"


def unit(rng, count, prefix):
    """`count` functions, a kernel for each."""
    text = "".join(Loops(k, rng).text() for k in range(count))
    kernels = "".join(f"KERNEL({prefix}{k}, Arrays a, Sizes z, uint64_t* out) {{ own_part(a, threadIdx.x); out[threadIdx.x] = g{k}(a, z, threadIdx.x); }}\n" for k in range(count))
    calls = " ".join(f'bad += check_arrays("{prefix}{k}", g{k});' for k in range(count))
    return f"{text}#ifdef __CUDACC__\n{kernels}#else\nint check() {{ int bad = 0; {calls} return bad; }}\n#endif\n"
