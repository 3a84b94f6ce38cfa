// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Image offset -> file and line, from the DWARF 5 line tables (.debug_line) of a code object.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/object/bytes.h"

namespace acc::object {

struct SourceLine {
    std::string file;  ///< directory and name joined; may be relative to the compilation directory
    uint32_t line = 0; ///< from 1; 0 = no line
    uint32_t column = 0; ///< from 1; 0 = unknown
};

class LineTable {
  public:
    LineTable() = default;
    /// The three sections of one file, which must outlive the table; an empty .debug_line gives an
    /// empty table. Throws Error on malformed tables and on versions other than 5.
    LineTable(Bytes debug_line, Bytes debug_line_str, Bytes debug_str);

    bool empty() const { return rows_.empty(); }
    /// The source line of the instruction at an image offset. For code the compiler gives no line
    /// (line 0) it is the line before it in the same sequence, when there is one.
    std::optional<SourceLine> find(uint64_t address) const;

  private:
    struct Row {
        uint64_t address;
        uint32_t file; ///< index into files_
        uint32_t line, column;
        uint32_t order; ///< in the program: of several rows at one address the last counts
        bool end;       ///< first address after a sequence
    };
    /// Views of the sections, joined when somebody asks: a hostile table can name one long string
    /// very often.
    struct File {
        std::string_view base, directory, name;
    };
    friend class LineProgram;
    std::vector<File> files_;
    std::vector<Row> rows_; ///< sorted by address; at one address an end comes before a start
};

} // namespace acc::object
