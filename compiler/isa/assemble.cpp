// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/isa/assemble.h"

#include "compiler/isa/instruction_parser.h"

namespace acc::isa {
namespace {

struct Statement {
    unsigned line;
    uint64_t pc;
    std::vector<Token> tokens;
};

/// First pass: addresses of labels, and the statements that are left.
class Scanner {
  public:
    Scanner(Assembly& out, uint64_t base) : out_(out), pc_(base) {}

    std::vector<Statement> scan(std::string_view text) {
        unsigned line = 1;
        for (size_t at = 0; at <= text.size(); ++line) {
            const size_t end = std::min(text.find('\n', at), text.size());
            scan_line(line, text.substr(at, end - at));
            at = end + 1;
        }
        return std::move(statements_);
    }

  private:
    void scan_line(unsigned line, std::string_view text) {
        std::vector<Token> tokens = lex_line(text);
        while (tokens.size() >= 2 && tokens[0].kind == TokenKind::Name && tokens[1].is(':')) {
            if (!out_.labels.emplace(tokens[0].text, pc_).second)
                out_.errors.push_back(
                    {line, tokens[0].column,
                     "label '" + std::string(tokens[0].text) + "' is defined twice"});
            tokens.erase(tokens.begin(), tokens.begin() + 2);
        }
        if (tokens[0].kind == TokenKind::End) return;
        statements_.push_back({line, pc_, std::move(tokens)});
        pc_ += kWordBytes;
    }

    Assembly& out_;
    uint64_t pc_;
    std::vector<Statement> statements_;
};

} // namespace

Assembly assemble(std::string_view text, uint64_t base) {
    Assembly out;
    for (const Statement& statement : Scanner(out, base).scan(text)) {
        ParsedInst inst = parse_instruction(statement.tokens, statement.pc, out.labels);
        if (!inst.ok) {
            inst.error.line = statement.line;
            out.errors.push_back(std::move(inst.error));
        }
        out.words.push_back(inst.word);
    }
    return out;
}

} // namespace acc::isa
