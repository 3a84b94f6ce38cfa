# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Writes random functions that are defined everywhere: integers of all widths, floats of all widths (without contraction),
vector types, structures, unions, bit-fields, arrays, pointers into different memories, calls direct, indirect, virtual and
recursive with values of all these types, loops, switches and jumps. Some have few statements, some many."""
from values import FLOATS, INTS, RECORDS, SCALARS, WRAPPING, Values, digest


class Function(Values):
    """One function: statements over typed variables, all of which end up in the result."""

    def __init__(self, number, rng, helpers=(), callable_functions=0, prefix="f"):
        super().__init__(rng)
        self.number, self.helpers, self.callable, self.prefix = number, helpers, callable_functions, prefix
        self.lines, self.depth, self.labels = [], 1, 0

    def emit(self, text):
        self.lines.append("    " * self.depth + text)

    def new(self, kind, value):
        name = f"v{len(self.variables)}"
        self.emit(f"{kind} {name} = {value};")
        self.variables[name] = kind
        return name

    def statement(self):
        choices = [(16, self.declare_integer), (10, self.declare_float), (12, self.declare_record), (10, self.branch), (10, self.loop),
                   (7, self.switch), (8, self.array), (6, self.call), (8, self.call_helper), (3, self.copy), (4, self.by_bytes),
                   (3, self.jump), (4, self.component), (3, self.ring), (4, self.pointers), (2, self.virtual), (2, self.closure)]
        self.rng.choices([c for _, c in choices], [w for w, _ in choices])[0]()

    def target(self):
        return self.pick(*WRAPPING)

    def declare_integer(self):
        self.new(self.rng.choice(list(INTS)), self.integer())

    def declare_float(self):
        kind = self.rng.choice(FLOATS)
        self.new(kind, self.value_of(kind, 0))

    def declare_record(self):
        kind = self.rng.choice(list(RECORDS))
        self.new(kind, self.value_of(kind))

    def component(self):
        name = self.pick(*RECORDS)
        if name:
            kind = self.variables[name]
            part = self.rng.choice(list(RECORDS[kind][1]))
            self.emit(f"{name}.{part} = {self.value_of_part(kind, part)};")

    def copy(self):
        """A record that is changed under a condition, and stored back under another."""
        name = self.pick(*RECORDS)
        if name:
            kind = self.variables[name]
            part = self.rng.choice(list(RECORDS[kind][1]))
            self.emit(f"{{ {kind} q = {name}; if ({self.condition(2)}) q.{part} = {self.value_of_part(kind, part)}; if ({self.condition(2)}) {name} = q; }}")

    def branch(self):
        target = self.target()
        if self.rng.random() < 0.2:
            self.emit(f"if ({self.condition()} && (add({target}, 1), {self.condition(1)})) {target} = {self.integer()}; else if ({self.condition(1)}) {target} ^= 5;")
        else:
            self.emit(f"if ({self.condition()}) {{ {target} = {self.integer()}; }} else {{ add({target}, {self.integer(1)}); }}")

    def loop(self):
        rng, target = self.rng, self.target()
        body = f"{target} = (uint64_t)({self.integer(1)}) + i;"
        if rng.random() < 0.4:
            body += f" if ({self.condition(2)}) {rng.choice(['break', 'continue'])};"
        if rng.random() < 0.4:
            inner = f"{self.target()} ^= (uint64_t)({self.integer(2)}) + j;" + (f" if ({self.condition(2)}) break;" if rng.random() < 0.3 else "")
            body += f" for (int j = i; j < {rng.randrange(2, 6)}; ++j) {{ {inner} }}"
        limit = f"(int)(({self.integer(2)}) & 15)" if rng.random() < 0.7 else str(rng.randrange(1, 9))
        if rng.random() < 0.7:
            self.emit(f"for (int i = 0; i < {limit}; ++i) {{ {body} }}")
        else:
            self.emit(f"{{ int i = 0, limit = {limit}; do {{ {body.replace('continue', 'break')} }} while (++i < limit); }}")

    def switch(self):
        rng, target = self.rng, self.target()
        roll = rng.random()
        if roll < 0.7:
            numbers, selector = range(rng.randrange(2, 9)), f"({self.integer(1)}) & 7"
        elif roll < 0.85:  # dense and long
            numbers, selector = range(3, rng.randrange(14, 30)), f"(uint32_t)({self.integer(1)}) % 31"
        else:  # sparse
            numbers, selector = rng.sample([-5, 0, 1, 9, 100, 101, 102, 255, 1000, 65536, 2147483647], rng.randrange(3, 8)), f"(int32_t)({self.integer(1)})"
        body = lambda i: f"{target} ^= {self.integer(2)};" if roll < 0.7 or i % 4 == 0 else f"add({target}, {i * 77 + 1});"
        cases = " ".join(f"case {i}: {body(i)} {'break;' if rng.random() < 0.7 else ''}" for i in numbers)
        self.emit(f"switch ({selector}) {{ {cases} default: add({target}, 3); }}")

    def array(self):
        rng, target = self.rng, self.target()
        kind = rng.choice(WRAPPING + ["float", "double", "__half", "float4", "uchar4", "int2", "Three", "Pair", "Halves", "char3", "longlong3"])
        parts = RECORDS[kind][1] if kind in RECORDS else {}
        read = lambda: f"bits(array[({self.integer(2)}) & 7]{'.' + rng.choice(list(parts)) if parts else ''})"
        pointer = f"{kind}* p = array + (({self.integer(2)}) & 3); *++p = {self.value_of(kind, 2)}; " if rng.random() < 0.4 else ""
        if rng.random() < 0.7:
            self.emit(f"{{ {kind} array[8]; for (int i = 0; i < 8; ++i) array[i] = {self.value_of(kind, 2)}; {pointer}{target} = {read()} + {read()}; }}")
        else:
            first = self.value_of(kind, 2)
            self.emit(f"{{ {kind} array[2][4] = {{{{{first}, {self.value_of(kind, 2)}}}, {{{self.value_of(kind, 2)}}}}}; array[({self.integer(2)}) & 1][({self.integer(2)}) & 3] = {self.value_of(kind, 2)}; "
                      f"{target} ^= {read().replace('array[', 'array[1][').replace('& 7', '& 3')}; }}")

    def call(self):
        rng, target = self.rng, self.target()
        a, b = self.integer(1), self.integer(1)
        roll, p = rng.random(), self.prefix
        if self.callable and roll < 0.5:
            self.emit(f"add({target}, {p}{rng.randrange(self.callable)}({a}, {b}));")
        elif self.callable and roll < 0.75:
            one, other = rng.randrange(self.callable), rng.randrange(self.callable)
            self.emit(f"{{ uint64_t (*table[2])(uint64_t, uint64_t) = {{{p}{one}, {p}{other}}}; {target} ^= table[({self.integer(1)}) & 1]({a}, {b}); }}")
        elif roll < 0.9:
            self.emit(f"{target} ^= descend((int)(({a}) & 7), {b});")
        else:
            self.emit(f"{target} ^= even((int)(({a}) & 7), make_Pair((int32_t)({b}), 7, (uint8_t)3));")

    def call_helper(self):
        """A call with values of many types, by name or through a pointer."""
        if not self.helpers:
            return
        helper = self.rng.choice(self.helpers)
        values = ", ".join(self.value_of(kind) for kind in helper.parameters)
        if self.rng.random() < 0.25:
            kinds = ", ".join(helper.parameters)
            self.emit(f"{helper.result} (*p{len(self.lines)})({kinds}) = ({self.condition(1)}) ? {helper.name} : {self.rng.choice([helper.name, 'nullptr'])};")
            # Through the null pointer nothing is called.
            self.new(helper.result, f"p{len(self.lines) - 1} ? p{len(self.lines) - 1}({values}) : {self.value_of(helper.result, 2)}")
        else:
            self.new(helper.result, f"{helper.name}({values})")

    def by_bytes(self):
        target = self.target()
        self.emit(f"{{ uint64_t word = {self.integer(1)}; uint8_t bytes[16] = {{}}; memcpy(bytes + (({self.integer(2)}) & 7), &word, 8); "
                  f"uint32_t half; memcpy(&half, bytes + (({self.integer(2)}) & 7), 4); add({target}, half + bytes[({self.integer(2)}) & 15]); }}")

    def jump(self):
        self.labels += 1
        label, target = f"skip{self.labels}", self.target()
        self.emit(f"{{ if ({self.condition(1)}) goto {label}; add({target}, {self.integer(1)}); if ({self.condition(1)}) goto {label}; {target} ^= 21; }} {label}:;")

    def ring(self):
        """A loop with two ways in."""
        self.labels += 1
        n, target = self.labels, self.target()
        self.emit(f"{{ int turns{n} = 0; if ({self.condition(1)}) goto middle{n}; top{n}: {target} ^= {self.integer(1)}; "
                  f"middle{n}: add({target}, {self.integer(2)}); if (++turns{n} < {self.rng.randrange(2, 7)}{' && ' + self.condition(2) if self.rng.random() < 0.5 else ''}) goto top{n}; }}")

    def pointers(self):
        """A pointer into one of several memories, read and perhaps written through."""
        rng, target = self.rng, self.target()
        roll = rng.random()
        if roll < 0.4:
            self.emit(f"{{ uint32_t own[8] = {{(uint32_t)({self.integer(2)}), 3, (uint32_t)({self.integer(2)})}}; const uint32_t* p = ({self.condition(1)}) ? own : fixed_words; "
                      f"add({target}, p[({self.integer(2)}) & 7] + p[1]); }}")
        elif roll < 0.7:
            kind = rng.choice(["Pair", "Wide", "Word", "Bits", "Nested"])
            part = rng.choice(list(RECORDS[kind][1]))
            self.emit(f"{{ {kind} one = {self.value_of(kind)}, other = {self.value_of(kind)}; {kind}* p = ({self.condition(1)}) ? &one : &other; "
                      f"p->{part} = {self.value_of_part(kind, part)}; {target} ^= bits(one.{part}) + bits(other.{part}) * 3; }}")
        else:
            self.emit(f"{{ uint32_t own[4] = {{(uint32_t)({self.integer(2)})}}; stir(own, ({self.integer(1)}) & 3, {self.integer(2)}); add({target}, own[({self.integer(2)}) & 3] ^ own[0]); }}")

    def virtual(self):
        self.emit(f"{{ Scale one((uint32_t)({self.integer(2)})); Shift other((uint32_t)({self.integer(2)})); const Rule* rule = ({self.condition(1)}) ? (const Rule*)&one : &other; "
                  f"{self.target()} ^= rule->apply({self.integer(1)}); }}")

    def closure(self):
        target = self.target()
        self.emit(f"{{ uint64_t taken = {self.integer(1)}; auto step = [&](uint64_t v) {{ add({target}, v ^ taken); taken += 3; return {self.condition(2)}; }}; "
                  f"apply_to(step, (int)(({self.integer(2)}) & 7), {self.integer(2)}); {target} ^= taken; }}")

    def statements(self):
        # Half of the functions are small: cheap, and plain enough for the optimiser's patterns.
        for _ in range(self.rng.choice([1, 2, 2, 3, 4, 6, 9, 13])):
            self.statement()

    def text(self):
        self.new("uint64_t", "x")
        self.new("uint64_t", "y")
        self.new("int32_t", "(int32_t)x")
        self.new("float", "(float)(int16_t)y")
        self.statements()
        self.emit("uint64_t result = 0;")
        for name, kind in self.variables.items():
            for value in digest(name, kind):
                self.emit(f"result = result * 31 + {value};")
        self.emit("return result;")
        body = "\n".join(self.lines)
        inline = self.rng.choice(["", "NOINLINE "])
        return f"HD {inline}uint64_t {self.prefix}{self.number}(uint64_t x, uint64_t y) {{\n{body}\n}}\n"


class Helper(Function):
    """A function with parameters and a result of any types."""

    def __init__(self, number, rng):
        super().__init__(number, rng)
        kinds = SCALARS + list(RECORDS)
        self.name, self.result = f"h{number}", rng.choice(kinds)
        self.parameters = [rng.choice(kinds) for _ in range(rng.choice([1, 2, 3, 4, 6, 12]))]

    def text(self):
        rng = self.rng
        self.variables = {f"a{i}": kind for i, kind in enumerate(self.parameters)}
        self.new("int32_t", "0" if not any(kind in INTS for kind in self.parameters) else f"(int32_t)({self.pick(*INTS)})")
        for _ in range(rng.randrange(0, 4)):
            self.statement()
        body = "\n".join(self.lines)
        parameters = ", ".join(f"{kind} a{i}" for i, kind in enumerate(self.parameters))
        return f"HD {rng.choice(['', 'NOINLINE '])}{self.result} {self.name}({parameters}) {{\n{body}\n    return {self.value_of(self.result)};\n}}\n"


def kernel(number, prefix, rng):
    """The kernel of one function, and how the host calls it and the function; perhaps with more parameters."""
    kinds = [rng.choice(SCALARS + list(RECORDS)) for _ in range(rng.choice([0, 0, 1, 2, 5]))]
    values = [Values(rng).value_of(kind, 3) for kind in kinds]
    parameters = "".join(f", {kind} p{i}" for i, kind in enumerate(kinds))
    more = "".join(f" + {value}" for i, kind in enumerate(kinds) for value in digest(f"p{i}", kind))
    device = (f"KERNEL({prefix}{number}, const uint64_t* in, uint64_t* out, int n{parameters}) {{ int i = blockIdx.x * blockDim.x + threadIdx.x; "
              f"if (i < n) out[i] = f{number}(in[2 * i], in[2 * i + 1]){more}; }}\n")
    arguments = "".join(f", p{i}" for i in range(len(kinds)))
    declared = "".join(f" {kind} p{i} = {value};" for i, (kind, value) in enumerate(zip(kinds, values)))
    host = (f'{{ "{prefix}{number}", [](uint64_t x, uint64_t y) -> uint64_t {{{declared} return f{number}(x, y){more}; }},\n'
            f"  [](CUfunction k, CUdeviceptr in, CUdeviceptr out, int n) {{{declared} return launch(k, (n + 63) / 64, 64, in, out, n{arguments}); }} }},\n")
    return device, host


def unit(rng, count, prefix):
    """`count` functions with some that they call; a kernel for each."""
    helpers = [Helper(i, rng) for i in range(rng.randrange(1, 5))]
    text = "".join(helper.text() for helper in helpers)
    kernels, tests = "", ""
    for i in range(count):
        text += Function(i, rng, helpers, i).text()
        device, host = kernel(i, prefix, rng)
        kernels, tests = kernels + device, tests + host
    return f"{text}#ifdef __CUDACC__\n{kernels}#else\nconst FunctionTest tests[] = {{\n{tests}}};\nint check() {{ return check_functions(tests); }}\n#endif\n"


INCLUDE = "check_functions.cuh"
