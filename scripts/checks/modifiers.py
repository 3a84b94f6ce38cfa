# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Checks that nobody writes the encoding of a modifier as a number: the ISA table names every field and every value.

usage: modifiers.py [ROOT]     prints FILE:LINE: what is wrong; exit code 1 if anything is

C++ (SOURCES): no number other than 0 stands beside `mods`: as the other side of an operator, as an argument of the same
call, as a case of a switch over it, or compared with a value taken from it. A variable that is set to `mods` alone
(`uint32_t m = op.mods;`) counts as `mods` to the end of its block.
TableGen (the backend's .td files): no number is the modifier operand of an instruction, nor reaches it through a defvar,
a template argument or the field of a class.
"""

import os
import re
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import files

SOURCES = ("driver/model/", "compiler/target/", "compiler/isa/", "tests/isa/", "tests/unit/isa/")
BACKEND = "compiler/target/"
SPEC = "include/acc/spec"

# ---- C++

COMMENT = re.compile(r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.S)
TOKEN = re.compile(r"[A-Za-z_]\w*|\d[\w.']*|->|::|<<=?|>>=?|[=!<>&|^+*/%-]=|&&|\|\||\S")
OPERATORS = {"&", "|", "^", "<<", ">>", "==", "!=", "<", ">", "<=", ">=", "+", "-", "*", "%", "/", "=", "&=", "|=", "^=", "<<=", ">>=", "+=", "-="}
STATEMENTS = {"if", "while", "for", "switch", "return", "sizeof", "catch"}


def blank(match):
    """Comments and literals keep their lines, and nothing else."""
    return re.sub(r"[^\n]", " ", match[0])


def tokens_of(text, pattern=TOKEN):
    """[(token, line)]"""
    line, place, out = 1, 0, []
    for match in pattern.finditer(text):
        line += text.count("\n", place, match.start())
        place = match.start()
        out.append((match[0], line))
    return out


def is_number(token):
    return token[0].isdigit() and not re.fullmatch(r"0[xX]?0*[uUlL]*", token)


def closing(words, i, step=1):
    """Index of the bracket that matches the one at i, or the end."""
    depth = 0
    while 0 <= i < len(words):
        depth += {"(": 1, "[": 1, "{": 1, ")": -1, "]": -1, "}": -1}.get(words[i], 0)
        if depth == 0:
            return i
        i += step
    return i


def chain(words, first, last):
    """The numbers that operators connect with words[first..last], on both sides and through brackets around it."""
    for step, start in ((1, last + 1), (-1, first - 1)):
        i = start
        while 0 <= i < len(words) and words[i] in OPERATORS:
            i += step
            while 0 <= i < len(words) and words[i] in ("~", "-", "+", "(") and step == 1:
                i += 1
            if not 0 <= i < len(words):
                break
            if is_number(words[i]):
                yield words[i]
            if words[i] in ")]" and step == -1:
                i = closing(words, i, -1)
            while 0 <= i + step < len(words) and (words[i + step] in (".", "->", "::") or re.match(r"\w", words[i + step]) or
                                                  (step == 1 and words[i + step] in "([")):
                i = closing(words, i + step) if words[i + step] in "([" else i + step
            i += step


def call_around(words, i):
    """(index of the name, of '(', of ')') of the innermost call or statement around word i; None outside of brackets."""
    depth = 0
    for k in range(i - 1, -1, -1):
        if words[k] in ")]":
            depth += 1
        elif words[k] in "([":
            if depth == 0:
                return (k - 1, k, closing(words, k)) if words[k] == "(" and k else None
            depth -= 1
        elif words[k] in "{};":
            return None
    return None


def arguments(words, opening, end):
    """The single-word arguments of a call."""
    depth, start = 0, opening + 1
    for k in range(opening + 1, end + 1):
        if (words[k] == "," and depth == 0) or k == end:
            if k - start == 1:
                yield words[start]
            start = k + 1
        depth += {"(": 1, "[": 1, "{": 1, ")": -1, "]": -1, "}": -1}.get(words[k], 0)


def cases(words, end):
    """Labels of the switch whose head ends at `end`."""
    if end + 1 < len(words) and words[end + 1] == "{":
        for k in range(end + 2, closing(words, end + 1)):
            if words[k] == "case" and is_number(words[k + 1]):
                yield words[k + 1]


def beside(words, i):
    """Numbers beside the word `mods` at i."""
    first = i
    while first >= 2 and words[first - 1] in (".", "->", "::"):
        first -= 2
    yield from chain(words, first, i)
    around = call_around(words, first)
    while around:
        name, opening, end = around
        if words[name] == "switch":
            yield from cases(words, end)
        if words[name] in STATEMENTS or not re.match(r"[\w>\])]", words[name]):
            if not re.match(r"\w", words[name]):
                yield from chain(words, opening, end)  # plain brackets
            around = call_around(words, opening)
            continue
        if first - 1 == opening or words[first - 1] == ",":
            yield from (word for word in arguments(words, opening, end) if is_number(word))
        if end + 1 < len(words) and words[end + 1] in ("==", "!=") and end + 2 < len(words) and is_number(words[end + 2]):
            yield words[end + 2]
        outer = call_around(words, name)
        around = outer if outer and words[outer[0]] == "switch" else None


def alias(words, i):
    """The variable that is set to the member `mods` at i and nothing else; None when there is none."""
    while i >= 2 and words[i - 1] in (".", "->"):
        i -= 2
    return words[i - 2] if i >= 2 and words[i - 1] == "=" and words[i - 2] != "mods" and re.match(r"[A-Za-z_]", words[i - 2]) else None


def cpp_problems(path, text):
    tokens = tokens_of(COMMENT.sub(blank, text))
    words = [word for word, _ in tokens]
    aliases = {}  # name: depth of the block
    depth = 0
    for i, (word, line) in enumerate(tokens):
        depth += {"{": 1, "}": -1}.get(word, 0)
        if word == "}":
            aliases = {name: at for name, at in aliases.items() if at <= depth}
        if word == "mods" and words[i + 1:i + 2] == [";"] and (name := alias(words, i)):
            aliases[name] = depth
        if word not in ("mods", *aliases) or words[i + 1:i + 2] in (["::"], ["("]) or words[i - 1:i] == ["namespace"]:
            continue
        for number in dict.fromkeys(beside(words, i)):
            yield f"{path}:{line}: the number {number} beside `mods`: use the names of <acc/spec/acc_isa_opcodes.h> (mods::...)"


# ---- TableGen

TD_NOISE = re.compile(r'\[\{.*?\}\]|//[^\n]*|"(?:\\.|[^"\\\n])*"', re.S)
TD_TOKEN = re.compile(r"![a-z]+|\$?[A-Za-z_][\w.$]*(?::\$\w+)?|-?(?:0x[0-9a-fA-F]+|\d+)|#|\S")
INSTRUCTION = re.compile(r"defvar (\w+) = !cast<Instruction>|(?:[<,]\s*)Instruction (\w+)")


def td_number(token):
    return re.fullmatch(r"-?(0x[0-9a-fA-F]+|\d+)", token) is not None


class Backend:
    """What the .td files say about where modifiers come from."""

    def __init__(self, texts, places):
        """texts: {path: text}; places: {instruction record: index of its modifier operand}."""
        self.places = places
        self.tokens = {path: tokens_of(TD_NOISE.sub(blank, text), TD_TOKEN) for path, text in texts.items()}
        self.indirect = {name for text in texts.values() for pair in INSTRUCTION.findall(text) for name in pair if name}
        self.problems = []

    def bad(self, path, line, number, what):
        message = f"{path}:{line}: the number {number} as {what}: use the names of ACCGenInstrs.td (MRnd_rz, SHFL_shmode_up, BRA_opcode)"
        if message not in self.problems:
            self.problems.append(message)

    def operand(self, words, i):
        """(first, end) of the modifier operand of the instruction whose '(' is at i, None when it has none."""
        name = words[i + 1]
        cast = name == "!cast" and words[i + 2:i + 4] == ["<", "Instruction"]
        if not cast and name not in self.places and name not in self.indirect:
            return None
        start = i + 2
        if cast:
            start = closing(words, words.index("(", i + 1)) + 1
        spans, depth, end = [], 0, closing(words, i)
        for k in range(start, end + 1):
            if (words[k] == "," and depth == 0) or k == end:
                spans.append((start, k))
                start = k + 1
            depth += {"(": 1, "<": 1, ")": -1, ">": -1}.get(words[k], 0)
        if name in self.places:
            return spans[self.places[name]] if len(spans) == self.places[name] + 1 else None
        return spans[-1]

    def run(self):
        carriers = set()
        for path, tokens in self.tokens.items():
            words = [word for word, _ in tokens]
            for i, word in enumerate(words):
                if word == "ACCInst" and words[i + 1] == "<" and td_number(words[i + 2]):
                    self.bad(path, tokens[i][1], words[i + 2], "an opcode")
                span = self.operand(words, i) if word == "(" and i + 1 < len(words) else None
                if not span:
                    continue
                # Of an instruction that only the multiclass knows, the last operand may be something else: a computed
                # immediate, a dag, a register.
                known = words[i + 1] in self.places or span[1] - span[0] == 1
                if not known and words[span[0]] == "(":
                    continue
                for k in range(*span):
                    if td_number(words[k]) and known:
                        self.bad(path, tokens[k][1], words[k], "the modifier operand of an instruction")
                    elif re.match(r"[A-Za-z]", words[k]) and ":" not in words[k]:
                        carriers.add((path, words[k]))
        self.follow(carriers)
        return self.problems

    def follow(self, carriers):
        """Looks where the names that stand in modifier operands get their values."""
        done = set()
        while carriers:
            path, name = carriers.pop()
            if (path, name) in done:
                continue
            done.add((path, name))
            if "." in name:
                carriers |= self.constructors(path, name.split(".")[1])
                continue
            tokens = self.tokens[path]
            words = [word for word, _ in tokens]
            for k, word in enumerate(words):
                if words[k:k + 3] == ["defvar", name, "="]:
                    for j in range(k + 3, words.index(";", k)):
                        if td_number(words[j]):
                            self.bad(path, tokens[j][1], words[j], f"a part of the modifiers `{name}`")
                        elif re.match(r"[A-Za-z]", words[j]):
                            carriers.add((path, words[j]))
                elif word in ("multiclass", "class") and name in self.parameters(words, k):
                    carriers |= self.arguments(words[k + 1], self.parameters(words, k).index(name))

    def constructors(self, path, field):
        """Follows a field of classes to the arguments it is made of."""
        found = set()
        words = [word for word, _ in self.tokens[path]]
        for k, word in enumerate(words):
            if word != "class" or "{" not in words[k:]:
                continue
            for j in range(k, closing(words, words.index("{", k)) - 2):
                if words[j] == field and words[j + 1] == "=" and words[j + 2] in self.parameters(words, k):
                    found |= self.arguments(words[k + 1], self.parameters(words, k).index(words[j + 2]))
        return found

    @staticmethod
    def parameters(words, k):
        """Names of the template parameters of the class or multiclass at k."""
        if words[k + 2] != "<":
            return []
        names, depth, in_default = [], 0, False
        for j in range(k + 2, len(words)):
            depth += {"<": 1, ">": -1}.get(words[j], 0)
            if (depth == 1 and words[j] in ",=") or depth == 0:
                if not in_default:
                    names.append(words[j - 1])
                in_default = words[j] == "="
            if depth == 0:
                break
        return names

    def arguments(self, template, index):
        """No instantiation of the template gives a number as argument `index`; the names that they give."""
        found = set()
        for path, tokens in self.tokens.items():
            words = [word for word, _ in tokens]
            for k, word in enumerate(words):
                if word != template or words[k + 1:k + 2] != ["<"] or words[k - 1] in ("class", "multiclass"):
                    continue
                depth, argument, j = 0, 0, k + 1
                while True:
                    depth += {"<": 1, ">": -1, "(": 1, ")": -1}.get(words[j], 0)
                    if depth == 0:
                        break
                    argument += words[j] == "," and depth == 1
                    if argument == index and td_number(words[j]):
                        self.bad(path, tokens[j][1], words[j], f"a modifier, an argument of {template}")
                    elif argument == index and re.match(r"[A-Za-z]", words[j]):
                        found.add((path, words[j]))
                    j += 1
        return found


def modifier_places(root, tblgen):
    """{instruction record: index of its modifier operand}, from the ISA table."""
    sys.path.insert(0, os.path.join(root, SPEC, "gen"))
    import acc_isa
    import gen_llvm
    isa = acc_isa.load(os.path.join(root, SPEC, "isa", "Isa.td"), tblgen)
    return {record.name: len(record.ins) - 1 for record in gen_llvm.records(isa) if record.ins[-1:] == ["ACCMods:$mods"]}


def read(root, name):
    with open(os.path.join(root, name), encoding="utf-8") as file:
        return file.read()


def check(root, tblgen="/usr/lib/llvm-22/bin/llvm-tblgen"):
    names = files.tracked_files(root)
    problems = []
    for name in names:
        if name.startswith(SOURCES) and name.endswith((".cpp", ".h")):
            problems += cpp_problems(name, read(root, name))
    texts = {name: read(root, name) for name in names if name.startswith(BACKEND) and name.endswith(".td")}
    return problems + Backend(texts, modifier_places(root, tblgen)).run()


def main():
    root = os.path.abspath(sys.argv[1] if len(sys.argv) > 1 else os.path.join(os.path.dirname(__file__), "../.."))
    problems = check(root)
    for line in problems:
        print(line)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
