# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Random expressions of every type, over typed variables, that are defined everywhere."""

INTS = {"int8_t": 8, "uint8_t": 8, "int16_t": 16, "uint16_t": 16, "int32_t": 32, "uint32_t": 32, "int64_t": 64, "uint64_t": 64, "bool": 1}
UNSIGNED = {1: "uint32_t", 8: "uint8_t", 16: "uint16_t", 32: "uint32_t", 64: "uint64_t"}
WRAPPING = [kind for kind in INTS if kind != "bool"]
FLOATS = ["float", "double", "__half", "__nv_bfloat16"]
TO_FLOAT = {"__half": "__half2float", "__nv_bfloat16": "__bfloat162float"}
FROM_FLOAT = {"__half": "__float2half_rn", "__nv_bfloat16": "__float2bfloat16_rn"}
SCALARS = list(INTS) + FLOATS


def vector(parts, kind):
    return [kind] * len(parts), {part: kind for part in parts}


# What consists of parts: type -> (types of make_TYPE's arguments, parts that can be read and assigned with their types).
RECORDS = {
    "uchar4": vector("xyzw", "uint8_t"), "char3": vector("xyz", "int8_t"), "char2": vector("xy", "int8_t"), "short2": vector("xy", "int16_t"),
    "short3": vector("xyz", "int16_t"), "ushort4": vector("xyzw", "uint16_t"), "int2": vector("xy", "int32_t"), "int3": vector("xyz", "int32_t"),
    "uint4": vector("xyzw", "uint32_t"), "ulonglong2": vector("xy", "uint64_t"), "longlong3": vector("xyz", "int64_t"),
    "longlong4": vector("xyzw", "int64_t"), "float2": vector("xy", "float"), "float3": vector("xyz", "float"), "float4": vector("xyzw", "float"),
    "double2": vector("xy", "double"), "double4": vector("xyzw", "double"), "uchar1": vector("x", "uint8_t"),
    "__half2": vector("xy", "__half"), "__nv_bfloat162": vector("xy", "__nv_bfloat16"),
    "Pair": (["int32_t", "int64_t", "uint8_t"], {"a": "int32_t", "b": "int64_t", "c": "uint8_t"}),
    "Wide": (["double", "int32_t", "int64_t", "uint16_t"], {"d[0]": "double", "d[2]": "double", "p.a": "int32_t", "p.b": "int64_t", "s.x": "int16_t", "s.w": "int16_t"}),
    "Aligned": (["uint8_t", "float4"], {"byte": "uint8_t", "f.x": "float", "f.w": "float"}),
    "Three": (["uint8_t", "uint8_t", "uint8_t"], {"r": "uint8_t", "g": "uint8_t", "b": "uint8_t"}),
    "Bits": (["uint32_t", "int32_t", "uint64_t", "bool"], {"low": "uint8_t", "middle": "int32_t", "high": "uint64_t", "flag": "bool"}),
    "Word": (["uint64_t"], {"l": "int64_t", "w[0]": "uint32_t", "w[1]": "uint32_t", "h[2]": "int16_t", "b[5]": "uint8_t", "b[0]": "uint8_t"}),
    "Halves": (["__half", "__nv_bfloat16", "bool"], {"h": "__half", "b": "__nv_bfloat16", "set": "bool"}),
    "Nested": (["Three", "Pair", "float3"], {"t.g": "uint8_t", "p.b": "int64_t", "v.z": "float", "p.c": "uint8_t"}),
}
PART_OF_BITS = {"low": "({v}) & 31", "middle": "(({v}) & 1023) - 512", "high": "({v}) & 0x1fffffffff", "flag": "{v}"}


class Values:
    """Expressions over `variables`."""

    def __init__(self, rng):
        self.rng = rng
        self.variables = {}  # name -> type

    def pick(self, *kinds):
        names = [n for n, k in self.variables.items() if k in kinds]
        return self.rng.choice(names) if names else None

    def part(self, kinds):
        """A part, of one of these types, of a variable; None when none is at hand."""
        name = self.pick(*RECORDS)
        if not name:
            return None
        parts = [p for p, kind in RECORDS[self.variables[name]][1].items() if kind in kinds]
        return f"{name}.{self.rng.choice(parts)}" if parts else None

    def integer(self, level=0):
        rng = self.rng
        roll = rng.random()
        if level > 2 or roll < 0.22:
            name = self.pick(*INTS) if rng.random() < 0.8 else None
            return name or str(rng.choice([0, 1, 2, 3, 5, 7, 10, 16, 100, 255, 1000, 65535, 123456789]))
        kind = rng.choice(WRAPPING)
        width = INTS[kind]
        a, b = self.integer(level + 1), self.integer(level + 1)
        u = UNSIGNED[max(width, 32)]
        if roll < 0.48:  # wrapping arithmetic is done unsigned, which C++ defines
            return f"({kind})(({u})({a}) {rng.choice(['+', '-', '*', '&', '|', '^', '+', '-'])} ({u})({b}))"
        if roll < 0.57:
            return f"({kind})(({kind})({a}) >> (({b}) & {width - 1}))" if rng.random() < 0.5 else f"({kind})(({u})({a}) << (({b}) & {width - 1}))"
        if roll < 0.64:  # divisors are never 0 or -1
            divisor = f"({kind})((({b}) & 63) + 2)" if rng.random() < 0.6 else str(rng.choice([2, 3, 5, 7, 10, 12, 60, 100]))
            return f"({kind})((({kind})({a})) {rng.choice(['/', '%'])} {divisor})"
        if roll < 0.70:
            return f"({self.condition(level + 1)} ? ({kind})({a}) : ({kind})({b}))"
        if roll < 0.75:
            return self.from_float(level)
        if roll < 0.89:
            return self.intrinsic(a, b, self.integer(level + 1))
        if roll < 0.94:
            return self.part(INTS) or a
        if roll < 0.97:
            return f"({kind})~({kind})({a})"
        return f"({kind})({self.condition(level + 1)})"

    def from_float(self, level):
        value = self.floating(level + 1)
        return self.rng.choice([f"f2i({value})", f"(int64_t)f2u({value})", f"d2l((double)({value}) * 3)", f"nearest({value})", f"to_byte((float)({value}))",
                                f"(uint32_t)(bool)std::signbit(not_nan({value}))", f"is_nan({value})"])

    def intrinsic(self, a, b, c):
        rng = self.rng
        word = lambda v: f"(uint32_t)({v})"
        sign = lambda v: f"(int32_t)({v})"
        return rng.choice([
            f"popc({a})", f"clz({word(a)})", f"first_set({a})", f"brev({a})", f"high_product({a}, {b})", f"high_product_signed({a}, {b})",
            f"byte_perm({word(a)}, {word(b)}, {word(c)} & 0x7777)", f"funnel({word(a)}, {word(b)}, {word(c)})",
            f"dot4({sign(a)}, {sign(b)}, {sign(c)})", f"add_bytes({word(a)}, {word(b)})", f"difference_of_bytes({word(a)}, {word(b)})",
            f"field({word(a)}, {word(b)}, {word(c)})", f"field_signed({sign(a)}, {word(b)}, {word(c)})", f"insert({word(a)}, {word(b)}, {word(c)}, {rng.randrange(1, 20)})",
            f"logic<{rng.randrange(256)}>({word(a)}, {word(b)}, {word(c)})", f"add_carry({a}, {b}, {c})", f"subtract_borrow({a}, {b})",
            f"add_saturating({sign(a)}, {sign(b)})", f"multiply_wide({word(a)}, {word(b)}, {c})", f"multiply_high({sign(a)}, {sign(b)})", f"differences({word(a)}, {word(b)}, {word(c)})",
            f"multiply24({sign(a)}, {sign(b)})", f"middle({sign(a)}, {sign(b)})", f"long_product({a}, {b}, {c})", f"long_shift({a}, {b}, {c})",
            f"greatest_halves({word(a)}, {word(b)})", f"lookup({word(a)})", f"lookup_pair({word(b)})"])

    def floating(self, level=0):
        """An expression of type float or double."""
        rng = self.rng
        name = self.pick("float", "double")
        if level > 2 or (name and rng.random() < 0.3):
            return name or "1.5f"
        kind = rng.choice(["float", "float", "double"])
        suffix = "f" if kind == "float" else ""
        roll = rng.random()
        if roll < 0.22:
            return f"({kind})({self.integer(level + 1)})"
        if roll < 0.30:
            return rng.choice(["0.5f", "-2.0f", "3.25", "1e10f", "0.1", "-0.0f"])
        if roll < 0.34:
            return self.part(["float", "double"]) or "2.5f"
        a, b = self.floating(level + 1), self.floating(level + 1)
        if roll < 0.65:
            return f"(({kind})({a}) {rng.choice(['+', '-', '*', '/'])} ({kind})({b}))"
        if roll < 0.72:
            return f"({self.condition(level + 1)} ? ({kind})({a}) : ({kind})({b}))"
        if roll < 0.88:  # functions whose result is exact or correctly rounded
            return rng.choice([f"sqrt{suffix}({a})", f"fma{suffix}({a}, {b}, {self.floating(level + 1)})", f"floor{suffix}({a})", f"ceil{suffix}({a})",
                               f"trunc{suffix}({a})", f"rint{suffix}({a})", f"fabs{suffix}({a})", f"copysign{suffix}({a}, not_nan(({kind})({b})))",
                               f"least(({kind})({a}), ({kind})({b}))", f"most(({kind})({a}), ({kind})({b}))", f"scaled(({kind})({a}), {self.integer(level + 1)})",
                               f"remainder_of(({kind})({a}), ({kind})({b}))"])
        if roll < 0.95:
            return self.small_float(level)
        return f"(-({kind})({a}))"

    def small_float(self, level):
        """Arithmetic of 16-bit floats, each operation rounded once; the result is a float."""
        rng = self.rng
        kind = rng.choice(list(TO_FLOAT))
        value = lambda: self.pick(kind) or f"{FROM_FLOAT[kind]}((float)({self.floating(level + 1)}))"
        roll = rng.random()
        if roll < 0.35:  # two at once
            pair = {"__half": "__half2", "__nv_bfloat16": "__nv_bfloat162"}[kind]
            both = lambda: self.pick(pair) or f"make_{pair}({value()}, {value()})"
            sum_ = f"__hfma2({both()}, {both()}, {both()})" if rng.random() < 0.3 else f"{rng.choice(['__hadd2', '__hsub2', '__hmul2'])}({both()}, {both()})"
            return f"{TO_FLOAT[kind]}({sum_}.{rng.choice('xy')})"
        if roll < 0.5:
            return f"{TO_FLOAT[kind]}(__hfma({value()}, {value()}, {value()}))"
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
        if kind in RECORDS:
            name = self.pick(kind) if self.rng.random() < 0.3 else None
            return name or f"make_{kind}({', '.join(self.value_of(part, level + 1) for part in RECORDS[kind][0])})"
        if kind in FROM_FLOAT:
            return f"{FROM_FLOAT[kind]}((float)({self.floating(level)}))"
        return f"({kind})({self.floating(level) if kind in FLOATS else self.integer(level)})"

    def value_of_part(self, kind, part):
        value = self.value_of(RECORDS[kind][1][part])
        return PART_OF_BITS[part].format(v=value) if kind == "Bits" else value


def digest(name, kind):
    """Expressions of type uint64_t that a variable's value is seen by."""
    return [f"bits({name}.{part})" for part in RECORDS[kind][1]] if kind in RECORDS else [f"bits({name})"]
