# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Writes random kernels whose threads work together: warp functions (also of diverged groups), shared memory, barriers,
atomics on shared and global memory, threads that leave early. Each step stands twice: for the device with CUDA's functions,
for the host with those of block_reference.cuh, thread after thread."""
from functions import Function

FIELDS = {"x": "uint64_t", "y": "uint64_t", "a": "uint32_t", "b": "int32_t", "f": "float", "d": "double", "h": "__half2"}
# type -> what a thread writes, what another reads
SHARED = {kind: (f"({kind})me.x", "bits(other)") for kind in ["uint8_t", "int8_t", "uint16_t", "uint32_t", "uint64_t", "double"]}
SHARED.update({
    "uint4": ("make_uint4((uint32_t)me.x, me.a, (uint32_t)t, (uint32_t)me.b)", "other.x + other.y * 3ull + other.w"),
    "Three": ("make_Three((uint8_t)me.x, (uint8_t)me.b, (uint8_t)t)", "other.r + other.g * 3ull + other.b * 7ull"),
    "Pair": ("make_Pair(me.b, (int64_t)me.x, (uint8_t)me.a)", "(uint64_t)other.a + other.b * 3ull + other.c"),
    "float3": ("make_float3(me.f, (float)me.b, 2.0f)", "bits(other.x) + bits(other.y) * 3 + bits(other.z)"),
    "__half2": ("me.h", "bits(other.x) + bits(other.y) * 3")})
SHUFFLES = {"": "index", "_up": "up", "_down": "down", "_xor": "xor"}
CUDA_TYPE = {"uint64_t": "unsigned long long"}


class Kernel:
    def __init__(self, number, rng, functions, threads, prefix):
        self.number, self.rng, self.functions, self.threads, self.prefix = number, rng, functions, threads, prefix
        self.device, self.host, self.depth, self.left = [], [], 1, False

    def both(self, device, host):
        indent = "    " * self.depth
        self.device.append(indent + device)
        self.host.append(indent + host)

    def each(self, text):
        """The same statement for every thread, over `me` (its state) and `t` (its number)."""
        self.both(text, f"EACH(t, m) {{ Lane& me = lane[t]; {text} }}")

    def together(self, device, host):
        """A statement whose host form also reads the states of before, `old`."""
        self.both(f"{{ {device} }}", f"{{ const auto old = lane; EACH(t, m) {{ Lane& me = lane[t]; {host} }} }}")

    def value(self):
        return self.rng.choice(["me.a", "me.b", "me.x", "me.y", "(me.x >> 7)", "(me.y * 5 + t)", f"(t * {self.rng.randrange(1, 9)})"])

    def condition(self):
        return self.rng.choice([f"((uint32_t){self.value()} & {self.rng.choice([1, 2, 3, 6, 7])}) {self.rng.choice(['==', '!='])} 0",
                                f"(t & {self.rng.choice([1, 2, 4, 6, 8, 16, 31])}) {self.rng.choice(['==', '!='])} 0", f"(int32_t){self.value()} < 0"])

    def step(self):
        choices = [(6, self.compute), (6, self.shuffle), (3, self.vote), (3, self.match), (4, self.reduce), (6, self.atomic)]
        if self.depth < 4:
            choices += [(5, self.diverge), (3, self.loop)]
        if self.depth == 1:
            choices += [(4, self.exchange), (4, self.read_counter), (1, self.leave)]
            if not self.left:
                choices += [(2, self.barrier_vote)]
        self.rng.choices([c for _, c in choices], [w for w, _ in choices])[0]()

    def compute(self):
        call = lambda: f"f{self.rng.randrange(self.functions)}({self.value()}, {self.value()})"
        self.each(self.rng.choice([f"me.x = {call()};", f"me.y ^= {call()};", f"me.a += (uint32_t){call()};", f"me.b = (int32_t){call()};",
                                   "me.f = me.f * 0.5f + (float)(int16_t)me.a;", "me.d = me.d / 3 + (double)(int32_t)me.x;",
                                   "me.h = __hadd2(me.h, make___half2(__float2half_rn((float)(me.a & 255)), me.h.x));", "me.y ^= bits(me.h.x) + bits(me.h.y) * 3;"]))

    def shuffle(self):
        rng = self.rng
        field, (suffix, rule) = rng.choice(list(FIELDS)), rng.choice(list(SHUFFLES.items()))
        width = rng.choice([32, 32, 32, 16, 8, 4, 2])
        amount = f"nth_bit(mask, (uint32_t){self.value()})" if not suffix and rng.random() < 0.5 else str(rng.randrange(0, 32 if not suffix else width))
        store = "if (mask >> from & 1) me.{0} = other;".format(field) if field in "fdh" else "if (mask >> from & 1) me.{0} = me.{0} * 3 + other;".format(field)
        if field == "b":
            store = "if (mask >> from & 1) me.b = (int32_t)((uint32_t)me.b * 3 + (uint32_t)other);"
        kind = CUDA_TYPE.get(FIELDS[field], FIELDS[field])
        self.together(f"const int amount = {amount}, from = source_of_{rule}(t % 32, amount, {width}); "
                      f"{kind} other = __shfl{suffix}_sync(mask, ({kind})me.{field}, amount, {width}); {store}",
                      f"const uint32_t mask = m[t]; const int amount = {amount.replace('me.', 'old[t].')}, from = source_of_{rule}(t % 32, amount, {width}); "
                      f"if (t / 32 * 32 + from < THREADS) {{ auto other = old[t / 32 * 32 + from].{field}; {store} }}")

    def vote(self):
        condition = self.condition()
        old = condition.replace("me.", "old[o].").replace("(t ", "(o ").replace("+ t)", "+ o)")
        name, combine = self.rng.choice([("ballot", "r |= (uint32_t)({c}) << o % 32;"), ("any", "r |= (uint32_t)({c});"), ("all", "r &= (uint32_t)({c});")])
        self.together(f"me.a = me.a * 5 + (uint32_t)__{name}_sync(mask, {condition});",
                      f"uint32_t r = {int(name == 'all')}; GROUP(o, m, t) {{ {combine.format(c=old)} }} me.a = me.a * 5 + r;")

    def match(self):
        field, bits = self.rng.choice(["a", "b", "x", "y"]), self.rng.choice([0, 1, 3, 12])
        kind = CUDA_TYPE.get(FIELDS[field], FIELDS[field])
        key = lambda lane: f"(({kind})({lane}.{field} & {bits}))"
        if self.rng.random() < 0.6:
            self.together(f"me.a ^= __match_any_sync(mask, {key('me')});",
                          f"GROUP(o, m, t) {{ if ({key('old[o]')} == {key('old[t]')}) me.a ^= 1u << o % 32; }}")
        else:
            self.together(f"int same; me.a ^= __match_all_sync(mask, {key('me')}, &same); me.b = me.b / 2 + same;",
                          f"int same = 1; GROUP(o, m, t) {{ same &= {key('old[o]')} == {key('old[t]')}; }} if (same) me.a ^= m[t]; me.b = me.b / 2 + same;")

    def reduce(self):
        name, start, combine = self.rng.choice([
            ("add", "0", "r += v;"), ("min", "~0u", "if (v < r) r = v;"), ("max", "0", "if (v > r) r = v;"),
            ("and", "~0u", "r &= v;"), ("or", "0", "r |= v;"), ("xor", "0", "r ^= v;")])
        if name in ("add", "min", "max") and self.rng.random() < 0.4:  # the signed ones
            first = {"add": "0", "min": "INT32_MAX", "max": "INT32_MIN"}[name]
            combine = combine if name != "add" else "r = (int32_t)((uint32_t)r + (uint32_t)v);"
            self.together(f"me.b = __reduce_{name}_sync(mask, me.b);",
                          f"int32_t r = {first}; GROUP(o, m, t) {{ int32_t v = old[o].b; {combine} }} me.b = r;")
        else:
            self.together(f"me.a = me.a / 3 + __reduce_{name}_sync(mask, me.a);",
                          f"uint32_t r = {start}; GROUP(o, m, t) {{ uint32_t v = old[o].a; {combine} }} me.a = me.a / 3 + r;")

    # Control flow.

    def steps(self, count):
        self.depth += 1
        for _ in range(count):
            self.step()
        self.depth -= 1

    def diverge(self):
        rng, condition = self.rng, self.condition()
        self.both(f"{{ const bool c = {condition}; const uint32_t chosen = __ballot_sync(mask, c), rest = mask & ~chosen;",
                  f"{{ PerThread<bool> c; EACH(t, m) {{ Lane& me = lane[t]; c[t] = {condition}; }} const Masks outer = m;")
        part = lambda wanted: f"{{ const Masks m = split(outer, c, {wanted});"
        self.both("if (c) { const uint32_t mask = chosen;", part("true"))
        self.steps(rng.randrange(1, 4))
        if rng.random() < 0.6:
            self.both("} else { const uint32_t mask = rest;", "} " + part("false"))
            self.steps(rng.randrange(1, 3))
        self.both("} }", "} }")

    def loop(self):
        rng = self.rng
        limit = f"(int)((uint32_t){self.value()} & {rng.choice([1, 3, 7])})" if rng.random() < 0.7 else str(rng.randrange(1, 4))
        self.both(f"{{ const int limit = {limit}; uint32_t going = mask; for (int i = 0;; ++i) {{ going = __ballot_sync(going, i < limit); "
                  f"if (i >= limit) break; const uint32_t mask = going;",
                  f"{{ PerThread<int> limit; EACH(t, m) {{ Lane& me = lane[t]; limit[t] = {limit}; }} Masks going = m; "
                  f"for (int i = 0;; ++i) {{ PerThread<bool> goes; EACH(t, going) goes[t] = i < limit[t]; going = split(going, goes, true); if (!anybody(going)) break; const Masks m = going;")
        self.steps(rng.randrange(1, 3))
        self.both("} }", "} }")

    # Memory of the block and of the grid.

    def exchange(self):
        kind, factor, offset = self.rng.choice(list(SHARED)), self.rng.choice([1, 3, 5, 7, self.threads - 1]), self.rng.randrange(self.threads)
        n = self.number
        write, read = SHARED[kind]
        partner = f"const int from = (t * {factor} + {offset}) % THREADS; "
        guard = "if (!leaves(from)) " if self.left else ""
        self.both(f"((({kind}*)shared)[t]) = {write}; __syncthreads();", f"PerThread<{kind}> shared{n}_{len(self.host)}; "
                  f"EACH(t, m) {{ Lane& me = lane[t]; shared{n}_{len(self.host)}[t] = {write}; }}")
        name = f"shared{n}_{len(self.host) - 1}"
        self.both(f"{{ {partner}{guard}{{ {kind} other = (({kind}*)shared)[from]; me.y += {read}; }} }} __syncthreads();",
                  f"EACH(t, m) {{ Lane& me = lane[t]; {partner}{guard}{{ {kind} other = {name}[from]; me.y += {read}; }} }}")

    def atomic(self):
        rng = self.rng
        # Through a generic pointer: the thread finds out which memory it is.
        where, column = rng.choice(["s", "s", "g", "g", f"({self.condition()} ? s : g)"]), rng.choice(["t & 7", "(uint32_t)me.x & 7", str(rng.randrange(8))])
        value = rng.choice(["me.a", "(uint32_t)me.x", "(uint32_t)t", "1u"])
        plain = {"Add": "{w} += {v};", "Min": "if ({v} < {w}) {w} = {v};", "Max": "if ({v} > {w}) {w} = {v};", "And": "{w} &= {v};",
                 "Or": "{w} |= {v};", "Xor": "{w} ^= {v};"}
        roll = rng.random()
        if roll < 0.5:
            row, name = rng.choice(list(enumerate(plain)))
            array, kind = rng.choice([("u", "uint32_t"), ("l", "unsigned long long")])
            word, v = f"{where}.{array}[{row}][{column}]", f"({kind})({value})"
            device, host = f"atomic{name}(&{word}, {v});", plain[name].format(w=word, v=v)
        elif roll < 0.6:
            row, name = rng.choice([(0, "Min"), (1, "Max")])
            word, v = f"{where}.i[{row}][{column}]", f"(int32_t)({value})"
            device, host = f"atomic{name}(&{word}, {v});", plain[name].format(w=word, v=v)
        elif roll < 0.7:
            array = rng.choice("fd")
            kind, word = FIELDS[array], f"{where}.{array}[{column}]"
            v = f"({kind})(({value}) & 15)"
            device, host = f"atomicAdd(&{word}, {v});", f"{word} += {v};"
        elif roll < 0.8:
            limit = rng.choice([3, 1000, 100000])
            row, name, rule = rng.choice([(6, "Inc", "{w} = {w} >= {l} ? 0 : {w} + 1;"), (7, "Dec", "{w} = {w} == 0 || {w} > {l} ? {l} : {w} - 1;")])
            # Counts of different limits do not commute: each column has its own.
            column = str([3, 1000, 100000].index(limit))
            word = f"{where}.u[{row}][{column}]"
            device, host = f"atomic{name}(&{word}, {limit}u);", rule.format(w=word, l=f"{limit}u")
        else:
            array, kind, row, total = rng.choice([("u", "uint32_t", 8, "exchanged"), ("l", "unsigned long long", 6, "exchanged_long")])
            if rng.random() < 0.5:
                word = f"{where}.{array}[{row}][{column}]"
                device = (f"{{ {kind}* p = &{word}; {kind} seen = *(volatile {kind}*)p, expected; "
                          f"do {{ expected = seen; seen = atomicCAS(p, expected, expected * 3 + 1); }} while (seen != expected); }}")
                host = f"{word} = {word} * 3 + 1;"
            else:  # all that was taken out, and what is left, is all that was put in
                word, taken = f"{where}.{array}[{row + 1}][{column}]", f"{where}.{total}[{column}]"
                device = f"{{ const int column = {column}; atomicAdd(&{where}.{total}[column], atomicExch(&{where}.{array}[{row + 1}][column], ({kind})({value}))); }}"
                host = f"{{ {taken} += {word}; {word} = ({kind})({value}); }}"
        self.each_apart(device, host)

    def each_apart(self, device, host):
        self.both(device, f"EACH(t, m) {{ Lane& me = lane[t]; (void)me; {host} }}")

    def read_counter(self):
        column = f"(t + {self.rng.randrange(8)}) & 7"
        row = self.rng.randrange(9)
        read = self.rng.choice([f"me.y += s.u[{row}][{column}];", f"me.x ^= s.l[{row % 7}][{column}];", f"me.b ^= s.i[{row % 2}][{column}];",
                                f"me.f = s.f[{column}];", f"me.x += (uint64_t)s.d[{column}];",
                                f"me.a ^= s.u[9][{column}] + s.exchanged[{column}];", f"me.y += s.l[7][{column}] + s.exchanged_long[{column}];"])
        self.both(f"__syncthreads(); {read} __syncthreads();", f"EACH(t, m) {{ Lane& me = lane[t]; {read} }}")

    def barrier_vote(self):
        condition = self.condition()
        name, start, combine = self.rng.choice([("count", 0, "+="), ("and", 1, "&="), ("or", 0, "|=")])
        # In the host's form the votes of all are in before anybody's state changes.
        self.both(f"me.b ^= __syncthreads_{name}({condition}) {'!= 0' if name != 'count' else ''};",
                  f"{{ int r = {start}; EACH(t, m) {{ Lane& me = lane[t]; (void)me; r {combine} (int)({condition}); }} EACH(t, m) {{ lane[t].b ^= r; }} }}")

    def leave(self):
        if self.left:
            return
        self.left = True
        self.both("if (leaves(t)) { out[blockIdx.x * THREADS + t] = me; return; } mask = __ballot_sync(mask & staying(), true);",
                  "{ PerThread<bool> left; EACH(t, m) left[t] = leaves(t); m = split(m, left, false); }")

    def text(self):
        """(device code, host code)"""
        self.device += ["    __shared__ uint4 shared[2 * THREADS];", "    __shared__ Counters s;", "    if (t < 8) start(s, t);", "    __syncthreads();"]
        for _ in range(self.rng.choice([1, 2, 3, 4, 6, 9, 14, 20])):
            self.step()
        device, host = "\n".join(self.device), "\n".join(self.host)
        return (f"namespace kernel{self.number} {{\nconstexpr int THREADS = {self.threads};\n"
                "__device__ inline uint32_t staying() { uint32_t r = 0; for (int i = 0; i < 32; ++i) { int t = threadIdx.x / 32 * 32 + i; if (t < THREADS && !leaves(t)) r |= 1u << i; } return r; }\n"
                f"KERNEL({self.prefix}{self.number}, const Lane* in, Lane* out, Counters* counters) {{\n    const int t = threadIdx.x;\n    Counters& g = counters[blockIdx.x];\n"
                f"    Lane me = in[blockIdx.x * THREADS + t];\n    uint32_t mask = THREADS - t / 32 * 32 >= 32 ? 0xffffffffu : (1u << THREADS % 32) - 1;\n"
                f"{device}\n    out[blockIdx.x * THREADS + t] = me;\n}}\n}}\n",
                f"namespace kernel{self.number} {{\nconstexpr int THREADS = {self.threads};\n"
                f"void reference(PerThread<Lane>& lane, Counters& g) {{\n    Counters s;\n    for (int i = 0; i < 8; ++i) start(s, i);\n    Masks m = whole_block(THREADS);\n{host}\n}}\n}}\n")


INCLUDE = "block_reference.cuh"


def unit(rng, count, prefix):
    """`count` kernels, and functions that they call."""
    functions = 4
    text = "".join(Function(i, rng, callable_functions=i).text() for i in range(functions))
    kernels = [Kernel(i, rng, functions, rng.choice([32, 48, 64, 96, 160]), prefix) for i in range(count)]
    texts = [kernel.text() for kernel in kernels]
    device, host = "".join(d for d, _ in texts), "".join(h for _, h in texts)
    calls = " ".join(f'bad += compare("{prefix}{k.number}", kernel{k.number}::reference, {k.threads});' for k in kernels)
    return f"{text}#ifdef __CUDACC__\n{device}#else\n{host}int check() {{ int bad = 0; {calls} return bad; }}\n#endif\n"
