// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/tools/objdump/listing.h"

#include <algorithm>
#include <cstdio>
#include <map>

#include "compiler/isa/disassemble.h"
#include "compiler/object/line_table.h"
#include "runtime/tools/objdump/source.h"

namespace acc::objdump {
namespace {

std::string hex(uint64_t value, int digits) {
    char text[32];
    std::snprintf(text, sizeof text, "%0*llx", digits, static_cast<unsigned long long>(value));
    return text;
}

class Listing {
  public:
    Listing(const object::CodeObject& code, const Options& options)
        : code_(code), options_(options) {
        for (const object::Symbol& symbol : code.symbols())
            names_.emplace(symbol.address, symbol);
        for (const object::Relocation& relocation : code.relocations())
            relocations_.emplace(relocation.address, relocation.addend);
        if (options.lines)
            lines_ = object::LineTable(code.section(".debug_line"), code.section(".debug_line_str"),
                                       code.section(".debug_str"));
        if (options.lines && lines_.empty())
            text_ += "(no line information: compile with -lineinfo or -g)\n";
    }

    std::string text() {
        for (const object::Segment& segment : code_.segments())
            if (segment.execute) list(segment);
        return std::move(text_);
    }

  private:
    std::string shown(std::string_view name) const {
        return options_.demangle ? demangled(name) : std::string(name);
    }

    bool wanted(const object::Symbol* function) const {
        if (options_.functions.empty()) return true;
        const auto matches = [&](const std::string& name) {
            return name == function->name || name == demangled(function->name);
        };
        return function != nullptr &&
               std::any_of(options_.functions.begin(), options_.functions.end(), matches);
    }

    void list(const object::Segment& segment) {
        const object::Symbol* current = nullptr;
        for (uint64_t at = 0; at + isa::kWordBytes <= segment.data.size(); at += isa::kWordBytes) {
            const uint64_t address = segment.address + at;
            const object::Symbol* function = code_.function_at(address);
            if (!wanted(function)) continue;
            if (function != current || (at == 0 && function == nullptr))
                start_function(function, address);
            current = function;
            if (options_.lines) show_line(address);
            show_instruction(address, isa::load_word(segment.data.data() + at));
        }
    }

    void start_function(const object::Symbol* function, uint64_t address) {
        text_ += "\n" + hex(address, 16) + " <" + (function ? shown(function->name) : "no symbol") +
                 ">:\n";
        last_line_.clear();
    }

    void show_line(uint64_t address) {
        const auto line = lines_.find(address);
        const std::string where = line ? line->file + ":" + std::to_string(line->line) : "";
        if (where == last_line_) return;
        last_line_ = where;
        text_ += "; " + (line ? where : "no line") + "\n";
        if (!options_.source || !line) return;
        const std::string_view source = sources_.line(line->file, line->line);
        if (!source.empty()) text_ += ";     " + std::string(source) + "\n";
    }

    void show_instruction(uint64_t address, isa::Word word) {
        char place[24];
        std::snprintf(place, sizeof place, "%8llx:  ", static_cast<unsigned long long>(address));
        text_ += place;
        if (options_.words) text_ += hex(word.hi, 16) + " " + hex(word.lo, 16) + "  ";
        text_ += isa::disassemble(word, address,
                                  [this](uint64_t target) { return name_of(target); });
        // A 64-bit immediate that the loader changes.
        if (const auto found = relocations_.find(address + 8); found != relocations_.end())
            text_ += " // address of " + name_of(static_cast<uint64_t>(found->second));
        text_ += "\n";
    }

    /// Nearest symbol at or below the address.
    std::string name_of(uint64_t address) const {
        const object::Symbol* symbol = code_.function_at(address);
        if (symbol == nullptr) {
            const auto after = names_.upper_bound(address);
            if (after == names_.begin()) return "image+0x" + hex(address, 1);
            symbol = &std::prev(after)->second;
            if (address - symbol->address > symbol->bytes) return "image+0x" + hex(address, 1);
        }
        const uint64_t offset = address - symbol->address;
        return shown(symbol->name) + (offset != 0 ? "+0x" + hex(offset, 1) : "");
    }

    const object::CodeObject& code_;
    const Options& options_;
    object::LineTable lines_;
    SourceFiles sources_;
    std::multimap<uint64_t, object::Symbol> names_;
    std::map<uint64_t, int64_t> relocations_;
    std::string text_, last_line_;
};

} // namespace

std::string listing(const object::CodeObject& code, const Options& options) {
    return Listing(code, options).text();
}

} // namespace acc::objdump
