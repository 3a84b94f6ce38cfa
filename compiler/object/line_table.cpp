// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// DWARF 5, section 6.2 "Line Number Information". Only the 32-bit format.
#include "compiler/object/line_table.h"

#include <algorithm>

namespace acc::object {
namespace {

[[noreturn]] void malformed(const std::string& what) {
    throw Error(".debug_line: " + what);
}

// Standard opcodes (7.22).
enum : uint8_t {
    DW_LNS_copy = 1,
    DW_LNS_advance_pc,
    DW_LNS_advance_line,
    DW_LNS_set_file,
    DW_LNS_set_column,
    DW_LNS_negate_stmt,
    DW_LNS_set_basic_block,
    DW_LNS_const_add_pc,
    DW_LNS_fixed_advance_pc,
    DW_LNS_set_prologue_end,
    DW_LNS_set_epilogue_begin,
    DW_LNS_set_isa
};
enum : uint8_t { DW_LNE_end_sequence = 1, DW_LNE_set_address = 2 };
enum : uint64_t { DW_LNCT_path = 1, DW_LNCT_directory_index = 2 };
enum : uint64_t {
    DW_FORM_block = 0x09,
    DW_FORM_data1 = 0x0b,
    DW_FORM_data2 = 0x05,
    DW_FORM_data4 = 0x06,
    DW_FORM_data8 = 0x07,
    DW_FORM_data16 = 0x1e,
    DW_FORM_line_strp = 0x1f,
    DW_FORM_string = 0x08,
    DW_FORM_strp = 0x0e,
    DW_FORM_udata = 0x0f
};
/// A line program may make rows without bytes per row only through special opcodes: one byte each.
/// So rows are bounded by the section's size; entries of the file tables may have no bytes at all
/// and need a bound of their own.
constexpr uint64_t kMaxFiles = 1u << 20;

/// Reads forward through bytes.
class Cursor {
  public:
    explicit Cursor(Bytes bytes) : bytes_(bytes) {}
    bool at_end() const { return at_ == bytes_.size(); }
    size_t left() const { return bytes_.size() - at_; }
    Bytes take(uint64_t n) {
        const Bytes result = slice(bytes_, at_, n, ".debug_line");
        at_ += n;
        return result;
    }
    template <typename T>
    T get() {
        return read<T>(take(sizeof(T)), 0, ".debug_line");
    }
    uint64_t uleb() {
        uint64_t value = 0;
        for (unsigned shift = 0;; shift += 7) {
            const uint8_t byte = get<uint8_t>();
            if (shift < 64) value |= uint64_t{byte & 0x7fu} << shift;
            if ((byte & 0x80) == 0) return value;
        }
    }
    int64_t sleb() {
        uint64_t value = 0;
        for (unsigned shift = 0;;) {
            const uint8_t byte = get<uint8_t>();
            if (shift < 64) value |= uint64_t{byte & 0x7fu} << shift;
            shift += 7;
            if ((byte & 0x80) == 0)
                return static_cast<int64_t>(
                    (byte & 0x40) != 0 && shift < 64 ? value | ~uint64_t{0} << shift : value);
        }
    }
    std::string_view string() {
        const std::string_view text = string_at(bytes_, at_, ".debug_line");
        at_ += text.size() + 1;
        return text;
    }

  private:
    Bytes bytes_;
    size_t at_ = 0;
};

struct Strings {
    Bytes line_str, str;
};

struct Entry {
    std::string_view path;
    uint64_t directory = 0;
};

std::string joined(std::string_view directory, std::string_view name) {
    if (directory.empty() || name.starts_with('/')) return std::string(name);
    return std::string(directory) + (directory.ends_with('/') ? "" : "/") + std::string(name);
}

} // namespace

/// One unit: header, then the program.
class LineProgram {
  public:
    LineProgram(Bytes unit, const Strings& strings, LineTable& out)
        : cursor_(unit), strings_(strings), out_(out) {}

    void run() {
        read_header();
        while (!cursor_.at_end())
            step();
    }

  private:
    void read_header() {
        const auto version = cursor_.get<uint16_t>();
        if (version != 5)
            malformed("version " + std::to_string(version) +
                      "; only DWARF 5 is read (compile with -gdwarf-5)");
        if (const auto address_bytes = cursor_.get<uint8_t>(); address_bytes != 8)
            malformed("addresses of " + std::to_string(address_bytes) + " bytes");
        if (cursor_.get<uint8_t>() != 0) malformed("segment selectors are not supported");
        const auto header_bytes = cursor_.get<uint32_t>();
        const size_t left_after_header = cursor_.left() -
                                         std::min<size_t>(cursor_.left(), header_bytes);
        min_inst_ = cursor_.get<uint8_t>();
        if (cursor_.get<uint8_t>() != 1) malformed("operations per instruction other than 1");
        cursor_.get<uint8_t>(); // default_is_stmt: every row counts here
        line_base_ = cursor_.get<int8_t>();
        line_range_ = cursor_.get<uint8_t>();
        opcode_base_ = cursor_.get<uint8_t>();
        if (line_range_ == 0 || opcode_base_ == 0) malformed("line_range or opcode_base is 0");
        for (unsigned i = 1; i < opcode_base_; ++i)
            opcode_lengths_[i] = cursor_.get<uint8_t>();
        const std::vector<Entry> directories = read_entries();
        for (const Entry& file : read_entries()) {
            const bool known = file.directory != 0 && file.directory < directories.size();
            files_.push_back(static_cast<uint32_t>(out_.files_.size()));
            out_.files_.push_back({directories.empty() ? "" : directories[0].path,
                                   known ? directories[file.directory].path : std::string_view(),
                                   file.path});
        }
        if (cursor_.left() < left_after_header)
            malformed("the header is longer than its length says");
        cursor_.take(cursor_.left() - left_after_header);
    }

    /// A format description and the entries in that format (6.2.4.1).
    std::vector<Entry> read_entries() {
        std::vector<std::pair<uint64_t, uint64_t>> format(cursor_.get<uint8_t>());
        for (auto& [content, form] : format) {
            content = cursor_.uleb();
            form = cursor_.uleb();
        }
        const uint64_t count = cursor_.uleb();
        if (count > kMaxFiles || (format.empty() && count != 0))
            malformed(std::to_string(count) + " file table entries");
        std::vector<Entry> entries;
        for (uint64_t i = 0; i < count; ++i) {
            Entry entry;
            for (const auto& [content, form] : format)
                read_attribute(content, form, entry);
            entries.push_back(entry);
        }
        return entries;
    }

    void read_attribute(uint64_t content, uint64_t form, Entry& entry) {
        std::string_view text;
        uint64_t number = 0;
        switch (form) {
        case DW_FORM_string: text = cursor_.string(); break;
        case DW_FORM_line_strp:
            text = string_at(strings_.line_str, cursor_.get<uint32_t>(), ".debug_line_str");
            break;
        case DW_FORM_strp:
            text = string_at(strings_.str, cursor_.get<uint32_t>(), ".debug_str");
            break;
        case DW_FORM_udata: number = cursor_.uleb(); break;
        case DW_FORM_data1: number = cursor_.get<uint8_t>(); break;
        case DW_FORM_data2: number = cursor_.get<uint16_t>(); break;
        case DW_FORM_data4: number = cursor_.get<uint32_t>(); break;
        case DW_FORM_data8: number = cursor_.get<uint64_t>(); break;
        case DW_FORM_data16: cursor_.take(16); break;
        case DW_FORM_block: cursor_.take(cursor_.uleb()); break;
        default: malformed("unknown form " + std::to_string(form) + " in a file table");
        }
        if (content == DW_LNCT_path) entry.path = text;
        if (content == DW_LNCT_directory_index) entry.directory = number;
    }

    void step() {
        const auto opcode = cursor_.get<uint8_t>();
        if (opcode >= opcode_base_)
            special(opcode);
        else if (opcode == 0)
            extended();
        else
            standard(opcode);
    }

    void special(uint8_t opcode) {
        const unsigned adjusted = static_cast<unsigned>(opcode - opcode_base_);
        address_ += uint64_t{adjusted / line_range_} * min_inst_;
        line_ += static_cast<uint32_t>(line_base_ + static_cast<int>(adjusted % line_range_));
        add_row(false);
    }

    void extended() {
        const uint64_t bytes = cursor_.uleb();
        if (bytes == 0) malformed("an extended opcode without bytes");
        Cursor arguments(cursor_.take(bytes));
        switch (arguments.get<uint8_t>()) {
        case DW_LNE_end_sequence:
            add_row(true);
            address_ = 0;
            file_ = line_ = 1;
            column_ = 0;
            break;
        case DW_LNE_set_address: address_ = arguments.get<uint64_t>(); break;
        default: break; // discriminators and vendor extensions say nothing about lines
        }
    }

    void standard(uint8_t opcode) {
        switch (opcode) {
        case DW_LNS_copy: add_row(false); break;
        case DW_LNS_advance_pc: address_ += cursor_.uleb() * min_inst_; break;
        case DW_LNS_advance_line: line_ += static_cast<uint32_t>(cursor_.sleb()); break;
        case DW_LNS_set_file: file_ = cursor_.uleb(); break;
        case DW_LNS_set_column: column_ = static_cast<uint32_t>(cursor_.uleb()); break;
        case DW_LNS_const_add_pc:
            address_ += uint64_t{(255u - opcode_base_) / line_range_} * min_inst_;
            break;
        case DW_LNS_fixed_advance_pc: address_ += cursor_.get<uint16_t>(); break;
        case DW_LNS_negate_stmt:
        case DW_LNS_set_basic_block:
        case DW_LNS_set_prologue_end:
        case DW_LNS_set_epilogue_begin: break;
        default: // set_isa and opcodes of later versions
            for (unsigned i = 0; i < opcode_lengths_[opcode]; ++i)
                cursor_.uleb();
        }
    }

    void add_row(bool end) {
        if (file_ >= files_.size())
            malformed("file number " + std::to_string(file_) + " of " +
                      std::to_string(files_.size()));
        out_.rows_.push_back({address_, files_[file_], line_, column_,
                              static_cast<uint32_t>(out_.rows_.size()), end});
    }

    Cursor cursor_;
    const Strings& strings_;
    LineTable& out_;
    std::vector<uint32_t> files_; ///< file number -> index into out_.files_
    uint8_t min_inst_ = 1, line_range_ = 1, opcode_base_ = 1;
    int line_base_ = 0;
    uint8_t opcode_lengths_[256] = {};
    uint64_t address_ = 0, file_ = 1;
    uint32_t line_ = 1, column_ = 0;
};

LineTable::LineTable(Bytes debug_line, Bytes debug_line_str, Bytes debug_str) {
    const Strings strings{debug_line_str, debug_str};
    for (uint64_t at = 0; at < debug_line.size();) {
        const auto bytes = read<uint32_t>(debug_line, at, ".debug_line");
        if (bytes >= 0xfffffff0u) malformed("the 64-bit DWARF format is not read");
        LineProgram(slice(debug_line, at + 4, bytes, ".debug_line unit"), strings, *this).run();
        at += 4 + uint64_t{bytes};
    }
    std::sort(rows_.begin(), rows_.end(), [](const Row& a, const Row& b) {
        if (a.address != b.address) return a.address < b.address;
        return a.end != b.end ? a.end : a.order < b.order;
    });
}

std::optional<SourceLine> LineTable::find(uint64_t address) const {
    const auto after = std::upper_bound(
        rows_.begin(), rows_.end(), address,
        [](uint64_t value, const Row& row) { return value < row.address; });
    if (after == rows_.begin() || std::prev(after)->end) return std::nullopt;
    auto at = std::prev(after);
    while (at->line == 0 && at != rows_.begin() && !std::prev(at)->end)
        --at;
    const Row& row = *at;
    const File& file = files_[row.file];
    return SourceLine{joined(file.base, joined(file.directory, file.name)), row.line, row.column};
}

} // namespace acc::object
