// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/driver/Arguments.h"

#include "compiler/driver/Invocation.h"

#include <fstream>
#include <sstream>

namespace acc::driver {
namespace {

constexpr int kMaxNesting = 16; ///< a response file may name another one, or by mistake itself

class Expander {
  public:
    std::vector<std::string> result;
    std::string error;

    void add(const std::vector<std::string>& words, int depth) {
        for (size_t i = 0; i < words.size() && error.empty(); ++i) {
            const std::string& word = words[i];
            if (word.size() > 1 && word[0] == '@')
                add_file(word.substr(1), depth);
            else if ((word == "--options-file" || word == "-optf") && i + 1 < words.size())
                add_files(words[++i], depth);
            else if (word.starts_with("--options-file=") || word.starts_with("-optf="))
                add_files(word.substr(word.find('=') + 1), depth);
            else
                result.push_back(word);
        }
    }

  private:
    void add_files(const std::string& list, int depth) {
        for (const std::string& name : split_list(list, false))
            add_file(name, depth);
    }

    void add_file(const std::string& name, int depth) {
        if (depth == kMaxNesting) {
            error = "Response files are nested too deeply at '" + name + "'";
            return;
        }
        std::ifstream file(name);
        std::stringstream text;
        text << file.rdbuf();
        if (!file) {
            error = "Could not open response file '" + name + "'";
            return;
        }
        add(split_words(text.str()), depth + 1);
    }
};

void add_variable(Expander& expander, const Environment& environment, const char* name) {
    if (const char* value = environment.get(name)) expander.add(split_words(value), 0);
}

} // namespace

std::vector<std::string> split_words(const std::string& text) {
    std::vector<std::string> words;
    std::string word;
    bool started = false;
    char quote = 0;
    for (size_t i = 0; i < text.size(); ++i) {
        char c = text[i];
        if (c == '\\' && quote != '\'' && i + 1 < text.size()) {
            word += text[++i];
            started = true;
        } else if (quote) {
            if (c == quote)
                quote = 0;
            else
                word += c;
        } else if (c == '"' || c == '\'') {
            quote = c;
            started = true;
        } else if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
            if (started) words.push_back(word);
            word.clear();
            started = false;
        } else {
            word += c;
            started = true;
        }
    }
    if (started) words.push_back(word);
    return words;
}

std::vector<std::string> expand_arguments(const std::vector<std::string>& argv,
                                          const Environment& environment, std::string& error) {
    Expander expander;
    add_variable(expander, environment, "NVCC_PREPEND_FLAGS");
    expander.add(std::vector<std::string>(argv.begin() + 1, argv.end()), 0);
    add_variable(expander, environment, "NVCC_APPEND_FLAGS");
    error = expander.error;
    return expander.result;
}

} // namespace acc::driver
