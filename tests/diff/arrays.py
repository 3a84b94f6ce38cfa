# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Writes random loops over arrays: indices of every type, of sums and products of counters, strides and constants, with
32-bit arithmetic that wraps, nested and counting down, accesses under conditions, pointers that advance, stores that later
loads may see. Every access is in range by construction (see Loops.index), so a wrong address is a difference or a fault."""
from functions import dispatch

ELEMENTS = {"i": "int32_t", "u": "uint32_t", "b": "uint8_t", "s": "int16_t", "f": "float", "d": "double", "l": "int64_t"}
INDEX_TYPES = ["int", "unsigned", "size_t", "long long", "short", "unsigned short", "unsigned char"]

PRELUDE = """#include "prelude.cuh"
struct Point { float x, y; int z; double w; };
/// Arrays of 4096 elements; the pointers lead to element 2048. own and marks are the thread's, written as well as read.
struct Arrays {
    const int32_t* i; const uint32_t* u; const uint8_t* b; const int16_t* s; const float* f; const double* d; const int64_t* l;
    const Point* points; const float4* quads;
    int32_t* own; uint8_t* marks;
};
/// n 1..12, m 1..6, ld 1..60, wrap: 0xfffffff0.
struct Sizes { int n; unsigned m; size_t ld; unsigned wrap; long long back; };
"""


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
        for _ in range(self.rng.randrange(3, 8)):
            self.statement()
        body = "\n".join(self.lines)
        inline = self.rng.choice(["", "", "__noinline__ "])
        return f"HD {inline}uint64_t g{self.number}(const Arrays& a, const Sizes& z, int t) {{\n    uint64_t sum = {self.number};\n{body}\n    return sum;\n}}\n"


MAIN = """
__global__ void run(Arrays a, Sizes z, uint64_t* out, int32_t* own, uint8_t* marks) {
    int t = threadIdx.x;
    for (int g = 0; g < COUNT; ++g) {
        a.own = own + (g * 32 + t) * 4096 + 2048; a.marks = marks + (g * 32 + t) * 4096 + 2048;
        out[g * 32 + t] = dispatch(g, a, z, t);
    }
}
template <class T> std::vector<T> filled(uint64_t seed) {
    std::vector<T> v(4096);
    for (T& e : v) e = (T)(int32_t)next(seed);
    return v;
}
template <class T> T* middle(std::vector<T>& v, std::vector<void*>& device) {
    T* p; if (cudaMalloc(&p, v.size() * sizeof(T))) exit(2);
    cudaMemcpy(p, v.data(), v.size() * sizeof(T), cudaMemcpyHostToDevice);
    device.push_back(p); return p + 2048;
}
int main() {
    auto i = filled<int32_t>(11); auto u = filled<uint32_t>(12); auto b = filled<uint8_t>(13); auto s = filled<int16_t>(14);
    auto f = filled<float>(15); auto d = filled<double>(16); auto l = filled<int64_t>(17);
    std::vector<Point> points(4096); std::vector<float4> quads(4096);
    for (int k = 0; k < 4096; ++k) { points[k] = Point{f[k], f[4095 - k], i[k], d[k]}; quads[k] = make_float4(f[k], 1, f[4095 - k], (float)k); }
    std::vector<void*> owned;
    Arrays host{i.data() + 2048, u.data() + 2048, b.data() + 2048, s.data() + 2048, f.data() + 2048, d.data() + 2048, l.data() + 2048, points.data() + 2048, quads.data() + 2048};
    Arrays device{middle(i, owned), middle(u, owned), middle(b, owned), middle(s, owned), middle(f, owned), middle(d, owned), middle(l, owned), middle(points, owned), middle(quads, owned)};
    const size_t cells = (size_t)COUNT * 32 * 4096;
    uint64_t* out; int32_t* own; uint8_t* marks;
    if (cudaMalloc(&out, COUNT * 32 * 8) || cudaMalloc(&own, cells * 4) || cudaMalloc(&marks, cells)) return 2;
    int bad = 0;
    for (Sizes z : {Sizes{12, 6, 60, 0xfffffff0u, 90}, Sizes{1, 1, 1, 0xfffffff0u, 0}, Sizes{7, 3, 33, 0xfffffff0u, -3}}) {
        cudaMemset(own, 1, cells * 4); cudaMemset(marks, 2, cells);
        run<<<1, 32>>>(device, z, out, own, marks);
        if (cudaError_t e = cudaDeviceSynchronize()) { printf("launch: %s\\n", cudaGetErrorString(e)); return 2; }
        std::vector<uint64_t> got(COUNT * 32); std::vector<int32_t> got_own(cells); std::vector<uint8_t> got_marks(cells);
        cudaMemcpy(got.data(), out, got.size() * 8, cudaMemcpyDeviceToHost);
        cudaMemcpy(got_own.data(), own, cells * 4, cudaMemcpyDeviceToHost);
        cudaMemcpy(got_marks.data(), marks, cells, cudaMemcpyDeviceToHost);
        std::vector<int32_t> want_own(4096); std::vector<uint8_t> want_marks(4096);
        for (int g = 0; g < COUNT; ++g) for (int t = 0; t < 32; ++t) {
            memset(want_own.data(), 1, 4096 * 4); memset(want_marks.data(), 2, 4096);
            host.own = want_own.data() + 2048; host.marks = want_marks.data() + 2048;
            uint64_t want = dispatch(g, host, z, t);
            size_t at = (size_t)(g * 32 + t) * 4096;
            bool same = want == got[g * 32 + t] && !memcmp(want_own.data(), &got_own[at], 4096 * 4) && !memcmp(want_marks.data(), &got_marks[at], 4096);
            if (!same && bad++ < 5) printf("g%d(n %d) thread %d: host %llx device %llx, stores %s\\n", g, z.n, t, (unsigned long long)want, (unsigned long long)got[g * 32 + t],
                memcmp(want_own.data(), &got_own[at], 4096 * 4) || memcmp(want_marks.data(), &got_marks[at], 4096) ? "differ" : "agree");
        }
    }
    return bad != 0;
}
"""


def program(rng, count):
    """A whole file with `count` functions."""
    functions = "".join(Loops(k, rng).text() for k in range(count))
    return f"{PRELUDE}{functions}{dispatch(count, 'g', 'const Arrays& a, const Sizes& z, int t', 'a, z, t')}{MAIN}"
