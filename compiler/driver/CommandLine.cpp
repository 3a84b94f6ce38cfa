// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/driver/Arguments.h"
#include "compiler/driver/Options.h"
#include "compiler/driver/ToolOptions.h"

#include <cctype>
#include <cstring>
#include <sstream>

namespace acc::driver {
namespace {

const OptionRow* find_exact(const std::string& name) {
    for (const OptionRow& row : option_table())
        if (name == row.long_name || (row.short_name && name == row.short_name)) return &row;
    return nullptr;
}

/// -Ipath, -O3, -DX=1: a short name directly followed by its value.
const OptionRow* find_joined(const std::string& body) {
    for (const OptionRow& row : option_table())
        if (row.joined && body.size() > strlen(row.short_name) &&
            body.starts_with(row.short_name) &&
            (strcmp(row.short_name, "m") != 0 || isdigit(body[1]))) // -march is the host compiler's
            return &row;
    return nullptr;
}

std::optional<Language> language_of(const std::string& path) {
    static const struct {
        const char* ending;
        Language language;
    } table[] = {
        {".cu", Language::Cuda},    {".cpp", Language::Cxx},  {".cc", Language::Cxx},
        {".cxx", Language::Cxx},    {".c", Language::C},      {".o", Language::Object},
        {".obj", Language::Object}, {".a", Language::Object}, {".so", Language::Object},
        {".lib", Language::Object}, {".ptx", Language::Ptx},
    };
    for (const auto& row : table)
        if (path.ends_with(row.ending)) return row.language;
    if (path.find(".so.") != std::string::npos) // versioned shared libraries
        return Language::Object;
    return std::nullopt;
}

bool is_number(const std::string& text) {
    return !text.empty() && text.find_first_not_of("0123456789") == std::string::npos;
}

/// Options that have no effect here have nobody else who would look at their values.
std::string unfit(const std::string& form, const std::string& value) {
    const std::string not_this = ", not '" + value + "'";
    if (form == "<n>") return is_number(value) ? std::string() : "expected a number" + not_this;
    if (form.find('<') != std::string::npos) return {};
    std::stringstream words(form);
    for (std::string word; std::getline(words, word, '|');)
        if (value == word) return {};
    return "expected " + form + not_this;
}

class Parser {
  public:
    Parser(const std::vector<std::string>& arguments, Invocation& invocation)
        : arguments_(arguments), invocation_(invocation) {}

    std::string run() {
        while (at_ < arguments_.size()) {
            const std::string& argument = arguments_[at_++];
            std::string error = argument.size() > 1 && argument[0] == '-' ? option(argument)
                                                                          : input(argument);
            if (!error.empty()) return error;
        }
        if (!invocation_.awaits_value.empty())
            return "'" + invocation_.awaits_value + "' needs a value";
        return check_program_file();
    }

  private:
    std::string input(const std::string& path) {
        std::optional<Language> language = language_of(path);
        if (invocation_.forced_language && language != Language::Object)
            language = invocation_.forced_language;
        // A linker takes any file: linker scripts, version maps.
        if (!language && invocation_.as_linker) language = Language::Object;
        if (path == "-" && !language)
            return "standard input needs -x, which says what language it is in";
        if (!language) {
            if (!invocation_.program_file.empty()) return unknown_file(path);
            invocation_.program_file = path;
            return {};
        }
        invocation_.link_line.push_back({"", int(invocation_.inputs.size())});
        invocation_.inputs.push_back({path, *language});
        return {};
    }

    static std::string unknown_file(const std::string& path) {
        return "Don't know what to do with '" + path + "'";
    }

    /// nvcc's --run takes a program, too, and hands its name to a shell: Meson puts it in quotes.
    std::string check_program_file() {
        std::string& file = invocation_.program_file;
        if (file.empty()) return {};
        if (!invocation_.run || !invocation_.inputs.empty()) return unknown_file(file);
        std::vector<std::string> words = split_words(file);
        if (words.empty()) return unknown_file(file);
        file = words[0];
        invocation_.run_arguments.insert(invocation_.run_arguments.begin(), words.begin() + 1,
                                         words.end());
        return {};
    }

    /// Options that a host's linker command takes as they are; true when it was one.
    bool pass_through(const std::string& argument) {
        if (argument.starts_with("-Wl,")) {
            invocation_.link_line.push_back({argument});
            return true;
        }
        if (argument.starts_with("-Wa,") || argument.starts_with("-Wp,")) {
            invocation_.host_flags.push_back(argument);
            return true;
        }
        if (!invocation_.as_linker || at_ == arguments_.size()) return false;
        for (const char* with_value : {"-z", "-u", "-T", "-e"})
            if (argument == with_value) {
                invocation_.link_line.push_back({argument});
                invocation_.link_line.push_back({arguments_[at_++]});
                return true;
            }
        return false;
    }

    std::string option(const std::string& argument) {
        if (pass_through(argument)) return {};
        std::string body = argument.substr(argument.starts_with("--") ? 2 : 1);
        size_t equals = body.find('=');
        std::string name = body.substr(0, equals);
        std::optional<std::string> value;
        if (equals != std::string::npos) value = body.substr(equals + 1);
        if (const OptionRow* row = find_exact(name)) return apply(*row, argument, value);
        if (const OptionRow* row = find_joined(body); row && !argument.starts_with("--"))
            return apply(*row, argument, body.substr(strlen(row->short_name)));
        if (invocation_.forward_unknown) {
            if (invocation_.as_linker)
                invocation_.link_line.push_back({argument});
            else
                invocation_.host_flags.push_back(argument);
            return {};
        }
        const char* advice = argument.starts_with("-f") || argument.starts_with("-m")
                                 ? "; for the host compiler write -Xcompiler "
                                 : "";
        return "Unknown option '" + argument + "'" + advice + (*advice ? argument : "");
    }

    std::string apply(const OptionRow& row, const std::string& argument,
                      std::optional<std::string> value) {
        if (has_no_effect(row)) note_ignored(invocation_, argument);
        if (row.kind == OptionKind::Flag) {
            if (value) return "Option '" + argument + "' takes no value";
            return decorate(argument, row.action(invocation_, ""));
        }
        // -O is complete without a level; all others, and --optimize, take the next argument.
        if (!value && argument == "-O" && !number_follows()) value = "";
        if (!value) {
            if (at_ == arguments_.size()) return "Option '" + argument + "' needs a value";
            value = arguments_[at_++];
        }
        if (row.kind != OptionKind::List) return decorate(argument, take(row, *value));
        bool for_tools = row.short_name && row.short_name[0] == 'X';
        // -Xcompiler -Wl,-z,now: here the commas belong to the host compiler's option.
        if (for_tools && (value->starts_with("-Wl,") || value->starts_with("-Wa,") ||
                          value->starts_with("-Wp,")))
            return decorate(argument, take(row, *value));
        for (const std::string& one : split_list(*value, for_tools))
            if (std::string error = take(row, one); !error.empty())
                return decorate(argument, error);
        return {};
    }

    std::string take(const OptionRow& row, const std::string& value) {
        std::string error = unfit(row.value_name, value);
        return error.empty() ? row.action(invocation_, value) : error;
    }

    bool number_follows() const { return at_ < arguments_.size() && is_number(arguments_[at_]); }

    static std::string decorate(const std::string& argument, const std::string& error) {
        return error.empty() ? error : "'" + argument + "': " + error;
    }

    const std::vector<std::string>& arguments_;
    Invocation& invocation_;
    size_t at_ = 0;
};

} // namespace

std::vector<std::string> split_list(const std::string& text, bool at_blanks) {
    std::vector<std::string> parts;
    std::string current;
    bool started = false;
    char quote = 0;
    auto finish = [&] {
        if (started) parts.push_back(current);
        current.clear();
        started = false;
    };
    for (size_t i = 0; i < text.size(); ++i) {
        char c = text[i];
        if (c == '\\' && i + 1 < text.size() &&
            (text[i + 1] == ',' || text[i + 1] == '"' || text[i + 1] == '\'')) {
            // A quote that the user escaped for nvcc's shell reaches the compiler as a quote.
            current += text[++i];
            started = true;
        } else if (quote) {
            if (c == quote)
                quote = 0;
            else
                current += c;
        } else if (at_blanks && (c == '"' || c == '\'')) {
            quote = c;
            started = true;
        } else if (c == ',' || (at_blanks && (c == ' ' || c == '\t'))) {
            finish();
        } else {
            current += c;
            started = true;
        }
    }
    finish();
    return parts;
}

std::optional<std::string> parse_command_line(const std::vector<std::string>& arguments,
                                              Invocation& invocation) {
    std::string error = Parser(arguments, invocation).run();
    if (!error.empty()) return error;
    return std::nullopt;
}

std::string help_text(const std::string& program) {
    std::string text = "Usage: " + program +
                       " [options] <inputs>\n\n"
                       "Compiles CUDA programs for acc. Takes the options of nvcc; every option "
                       "may be written with one or two dashes,\n"
                       "and its value after '=' or as the next argument.\n\nOptions\n";
    for (const OptionRow& row : option_table()) {
        std::string line = "  --" + std::string(row.long_name) +
                           (row.value_name ? std::string(" ") + row.value_name : "");
        if (row.short_name && strcmp(row.short_name, row.long_name) != 0)
            line += "  (-" + std::string(row.short_name) + ")";
        text += line + "\n        " + row.help + "\n";
    }
    return text;
}

} // namespace acc::driver
