# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Checks that rooms (folders) depend only on the rooms that the architecture allows.

usage: rooms.py [ROOT]

ROOMS below is the table of docs/architecture.md (a test compares them). Two things are parsed: `#include` lines,
resolved as the compiler would with the include directories that the CMakeLists.txt files name, and the targets that a
room's CMakeLists.txt links. Every violation is printed as FILE:LINE; exit code 1 if any.
"""

import os
import re
import sys

# Each room: what it may include from. "LLVM" stands for LLVM's and clang's headers and libraries.
# A room may always use itself; libraries of the system (libc, fmt, spdlog, ...) are not rooms.
ROOMS = {
    "include/acc/spec": [],
    "include/uapi/drm": [],
    "include/cuda": [],
    # What a user's processes keep for each other on disk: files by key, nothing about what they are.
    "common/disk_cache": ["LLVM"],
    # Handles of objects that libraries give to programs.
    "common/handle_numbers": [],
    "driver/linux": ["include/uapi/drm", "include/acc/spec"],
    "driver/model": ["include/acc/spec"],
    # The model as a PCI function of a virtual machine.
    "driver/accd": ["include/acc/spec", "driver/model"],
    "driver/model/jit": ["include/acc/spec", "driver/model", "common/disk_cache", "LLVM"],
    "compiler/isa": ["include/acc/spec"],
    "compiler/object": ["include/acc/spec"],
    # The instruction printer prints through the LLVM-free disassembler.
    "compiler/target": ["include/acc/spec", "compiler/isa", "LLVM"],
    # Plain C: how the runtime reaches the compiler that it loads.
    "compiler/interface": [],
    "compiler/ptx": ["LLVM"],
    "compiler/frontend": ["compiler/ptx", "LLVM"],
    "compiler/devicelib": ["include/acc/spec", "include/cuda"],
    # A plugin of clang, which accc passes to it.
    "compiler/dialect": ["LLVM"],
    "compiler/driver": [
        "include/acc/spec", "include/cuda", "compiler/isa", "compiler/object", "compiler/target",
        "compiler/ptx", "compiler/frontend", "compiler/devicelib",
        "compiler/interface", "common/disk_cache", "LLVM",
    ],
    # The loader is the other user of the (LLVM-free) code-object reader.
    "runtime/core": ["include/acc/spec", "include/cuda", "compiler/object", "compiler/interface"],
    "runtime/backend/model": ["include/acc/spec", "runtime/core", "driver/model"],
    "runtime/backend/drm": ["include/acc/spec", "runtime/core", "include/uapi/drm"],
    # Which backend serves a process: the only place that knows them all.
    "runtime/backend": ["runtime/core", "runtime/backend/drm", "runtime/backend/model"],
    "runtime/cuda": ["include/acc/spec", "include/cuda", "runtime/core"],
    # Asks a process of the compiler's; needs nothing else of the runtime.
    "runtime/nvrtc": ["include/cuda", "compiler/interface", "common/handle_numbers"],
    "runtime/nvjitlink": [
        "include/cuda", "include/acc/spec", "compiler/interface", "compiler/object", "common/handle_numbers",
    ],
    "runtime/nvfatbin": ["include/cuda", "include/acc/spec", "compiler/object", "common/handle_numbers"],
    # Tools print what the compiler's LLVM-free readers decode.
    "runtime/tools": [
        "include/acc/spec", "include/cuda", "include/uapi/drm", "compiler/isa", "compiler/object",
    ],
    # The libraries that programs link: clients of the public API.
    "runtime/lib/common": ["include/cuda"],
    "runtime/lib/blas": ["include/cuda", "runtime/lib/common"],
    "runtime/lib/nvml": ["include/cuda", "runtime/lib/common"],
    "runtime/lib/rand": ["include/cuda", "runtime/lib/common"],
    "runtime/lib/fft": ["include/cuda", "runtime/lib/common"],
    "runtime/lib/solver": ["include/cuda", "runtime/lib/common"],
    "runtime/lib/sparse": ["include/cuda", "runtime/lib/common"],
    "runtime/lib/dnn": ["include/cuda", "runtime/lib/common", "runtime/lib/blas"],
    "runtime/lib/ccl": ["include/cuda", "runtime/lib/common"],
    "tests": ["*"],
}

# Rooms that may link (not include) more: libaccrt is put together in runtime/cuda.
LINK_ONLY = {
    "runtime/cuda": ["runtime/backend"],
    # The shared library of the runtime, as any program's.
    "runtime/lib/blas": ["runtime/cuda"],
    "runtime/lib/nvml": ["runtime/cuda"],
    "runtime/lib/rand": ["runtime/cuda"],
    "runtime/lib/fft": ["runtime/cuda"],
    "runtime/lib/solver": ["runtime/cuda", "runtime/lib/sparse"],
    "runtime/lib/sparse": ["runtime/cuda"],
    "runtime/lib/dnn": ["runtime/cuda"],
    "runtime/lib/ccl": ["runtime/cuda"],
    # acc-smi is a client of NVML.
    "runtime/tools": ["runtime/lib/nvml"],
}

SOURCE_ENDINGS = (".c", ".cc", ".cpp", ".h", ".hpp", ".inc", ".cu", ".cuh", ".td", ".def")
INCLUDE = re.compile(r'^\s*#\s*include(?:_next)?\s*([<"])([^>"]+)[>"]', re.M)
LLVM_HEADER = re.compile(r"^(llvm|llvm-c|clang|clang-c|lld)/")
LLVM_TARGETS = {"acc_llvm"}
DEFINES_TARGET = {"acc_library", "acc_executable", "acc_test", "acc_cuda_library", "acc_device_code",
                  "add_library", "add_executable"}
LINKS = DEFINES_TARGET | {"target_link_libraries", "target_sources"}


def room_of(path):
    """The room that holds a repository-relative path (the longest that fits), or None."""
    fitting = [room for room in ROOMS if path == room or path.startswith(room + "/")]
    return max(fitting, key=len, default=None)


def line_of(text, offset):
    return text.count("\n", 0, offset) + 1


def include_directories(cmake_texts):
    """Repository-relative include directories of all targets: acc_library's two, and what target_include_directories adds."""
    found = ["", "include"]
    for path, text in cmake_texts.items():
        for command, arguments, _ in cmake_commands(text):
            if command != "target_include_directories":
                continue
            for argument in arguments:
                argument = argument.replace("${CMAKE_CURRENT_SOURCE_DIR}", os.path.dirname(path) or ".")
                argument = re.sub(r"^\$\{CMAKE_SOURCE_DIR\}/?", "./", argument)
                folder = os.path.normpath(argument)
                if "$" not in argument and "/" in argument and folder not in found:
                    found.append(folder)
    return found


def included_room(root, including, quote, name, directories):
    """The room that an include names, "LLVM", or None for the system's and generated headers."""
    if LLVM_HEADER.match(name):
        return "LLVM"
    if quote == '"':
        beside = os.path.normpath(os.path.join(os.path.dirname(including), name))
        if os.path.exists(os.path.join(root, beside)):
            return room_of(beside)
    elif re.fullmatch(r"\w+", name):
        return None  # the standard library's, also where a file of ours stands in front of it (include/cuda/cmath)
    for base in directories:
        path = os.path.normpath(os.path.join(base, name))
        # A header of a room that does not exist yet (or is generated) counts where its name says the room.
        if os.path.exists(os.path.join(root, path)) or (base in ("", "include") and room_of(path)):
            return room_of(path)
    return None


def allowed(room, other, table):
    return other is None or other == room or other in table.get(room, []) or "*" in ROOMS[room]


def check_includes(root, path, directories):
    """Violations of one source file."""
    room = room_of(path)
    with open(os.path.join(root, path), encoding="utf-8", errors="replace") as file:
        text = file.read()
    for match in INCLUDE.finditer(text):
        other = included_room(root, path, match[1], match[2], directories)
        if not allowed(room, other, ROOMS):
            yield f"{path}:{line_of(text, match.start())}: {room} may not include {match[2]} ({other})"


def cmake_commands(text):
    """Yields (command, [arguments], offset) of a CMakeLists.txt; comments and quotes are stripped."""
    text = re.sub(r"#[^\n]*", lambda m: " " * len(m[0]), text)
    for match in re.finditer(r"(\w+)\s*\(", text):
        depth, end = 1, match.end()
        while end < len(text) and depth:
            depth += {"(": 1, ")": -1}.get(text[end], 0)
            end += 1
        arguments = text[match.end():end - 1].replace('"', " ").split()
        yield match[1].lower(), arguments, match.start()


def linked_names(arguments):
    """Target names among a command's arguments, also inside $<TARGET_OBJECTS:x>."""
    for argument in arguments:
        yield from re.findall(r"[\w-]+", argument) if "$<" in argument else [argument]


def read_all(root, paths):
    texts = {}
    for path in paths:
        with open(os.path.join(root, path), encoding="utf-8") as file:
            texts[path] = file.read()
    return texts


def check_links(texts):
    """Violations of what targets link, over all rooms' CMakeLists.txt ({path: text})."""
    home = {name: "LLVM" for name in LLVM_TARGETS}
    for path, text in texts.items():
        for command, arguments, _ in cmake_commands(text):
            if command in DEFINES_TARGET and arguments and room_of(path):
                home[arguments[0]] = room_of(path)
    table = {room: may + LINK_ONLY.get(room, []) for room, may in ROOMS.items()}
    for path, text in texts.items():
        room = room_of(path)
        if room is None:
            continue
        for command, arguments, offset in cmake_commands(text):
            if command not in LINKS:
                continue
            for name in linked_names(arguments[1:]):
                if not allowed(room, home.get(name), table):
                    yield f"{path}:{line_of(text, offset)}: {room} may not link {name} ({home[name]})"


def check(root):
    """All violations under root, as lines of text."""
    sources, cmake_files = [], []
    for room in ROOMS:
        for folder, subfolders, names in os.walk(os.path.join(root, room)):
            subfolders.sort()
            for name in sorted(names):
                path = os.path.relpath(os.path.join(folder, name), root)
                if room_of(path) != room:
                    continue
                if name == "CMakeLists.txt":
                    cmake_files.append(path)
                elif name.endswith(SOURCE_ENDINGS):
                    sources.append(path)
    texts = read_all(root, cmake_files)
    directories = include_directories(texts)
    violations = [line for path in sources for line in check_includes(root, path, directories)]
    return violations + list(check_links(texts))


def main():
    root = sys.argv[1] if len(sys.argv) > 1 else os.path.join(os.path.dirname(__file__), "../..")
    violations = check(os.path.abspath(root))
    for line in violations:
        print(line)
    return 1 if violations else 0


if __name__ == "__main__":
    sys.exit(main())
