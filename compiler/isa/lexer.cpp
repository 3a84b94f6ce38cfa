// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/isa/lexer.h"

#include <charconv>

namespace acc::isa {
namespace {

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
bool is_name_start(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '.' || c == '$';
}
bool is_name(char c) {
    return is_name_start(c) || is_digit(c);
}

class Lexer {
  public:
    explicit Lexer(std::string_view line) : line_(line.substr(0, line.find("//"))) {}

    Token next() {
        while (at_ < line_.size() &&
               (line_[at_] == ' ' || line_[at_] == '\t' || line_[at_] == '\r'))
            ++at_;
        start_ = at_;
        if (at_ == line_.size()) return token(TokenKind::End);
        const char c = line_[at_];
        if (is_digit(c)) return number();
        if (is_name_start(c)) {
            while (at_ < line_.size() && is_name(line_[at_]))
                ++at_;
            return token(TokenKind::Name);
        }
        at_ += line_.substr(at_, 2) == "<<" ? 2 : 1;
        if (at_ - start_ == 2 || std::string_view(",|[]{}=+-!@:").find(c) != std::string_view::npos)
            return token(TokenKind::Punct);
        return bad("this character has no meaning here");
    }

  private:
    Token token(TokenKind kind) const {
        return {kind, static_cast<unsigned>(start_ + 1), line_.substr(start_, at_ - start_), 0,
                false};
    }
    Token bad(std::string_view why) const {
        return {TokenKind::Bad, static_cast<unsigned>(start_ + 1), why, 0, false};
    }

    Token number() {
        const bool hex = line_.substr(at_, 2) == "0x" || line_.substr(at_, 2) == "0X";
        at_ += hex ? 2 : 0;
        const char* first = line_.data() + at_;
        const char* last = line_.data() + line_.size();
        uint64_t value = 0;
        const auto [end, error] = std::from_chars(first, last, value, hex ? 16 : 10);
        if (!hex && end != last && (*end == '.' || *end == 'e' || *end == 'E'))
            return floating(first, last);
        if (end == first) return bad("no digits after 0x");
        at_ += static_cast<size_t>(end - first);
        if (error != std::errc()) return bad("the number does not fit in 64 bits");
        if (at_ < line_.size() && is_name(line_[at_])) return bad("letters follow the number");
        Token result = token(TokenKind::Integer);
        result.integer = value;
        result.hex = hex;
        return result;
    }

    Token floating(const char* first, const char* last) {
        double value = 0;
        const auto [end, error] = std::from_chars(first, last, value);
        at_ += static_cast<size_t>(end - first);
        if (at_ < line_.size() && is_name(line_[at_])) return bad("letters follow the number");
        // Out of the range of a double is judged by the parser, which knows the format.
        (void)error;
        return token(TokenKind::Float);
    }

    std::string_view line_;
    size_t at_ = 0, start_ = 0;
};

} // namespace

std::vector<Token> lex_line(std::string_view line) {
    std::vector<Token> tokens;
    Lexer lexer(line);
    do
        tokens.push_back(lexer.next());
    while (tokens.back().kind != TokenKind::End && tokens.back().kind != TokenKind::Bad);
    return tokens;
}

} // namespace acc::isa
