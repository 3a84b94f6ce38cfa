// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What is fuzzed: each function takes any bytes and must return. It aborts when a rule of the code
// under test is broken.
#pragma once

#include <cstdint>
#include <span>

namespace acc::fuzz {

using Input = std::span<const uint8_t>;

/// Reads a code object, loads it into memory as the runtime does, and lists it. Returns true when
/// it was accepted.
bool code_object(Input input);
/// Reads a fat binary and every code object in it.
bool fat_binary(Input input);
/// Finds fat binaries in a host ELF file or archive.
bool host_object(Input input);
/// Links a relocatable file; what comes out must load.
bool relocatable(Input input);
/// Reads a DWARF line table: the whole input is .debug_line, its tail serves as string sections.
bool line_table(Input input);
/// Judges and disassembles words; valid ones must assemble to themselves.
bool words(Input input);
/// Assembles text.
bool assembly(Input input);
/// Reads accc's command line: words as in a response file.
bool command_line(Input input);

#ifdef ACC_FUZZ_PTX
/// Translates the text of an inline PTX statement; what is accepted must be valid IR.
bool ptx(Input input);
/// Compiles a PTX module to IR; what is accepted must be valid.
bool ptx_module(Input input);
#endif

struct Target {
    const char* name;
    bool (*run)(Input);
};
inline constexpr Target kTargets[] = {{"code_object", code_object},
                                      {"fat_binary", fat_binary},
                                      {"host_object", host_object},
                                      {"relocatable", relocatable},
                                      {"line_table", line_table},
                                      {"words", words},
#ifdef ACC_FUZZ_PTX
                                      {"ptx", ptx},
                                      {"ptx_module", ptx_module},
#endif
                                      {"command_line", command_line},
                                      {"assembly", assembly}};

} // namespace acc::fuzz
