// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/ptx/Text.h"

#include "compiler/ptx/BodyParser.h"

using namespace llvm;

namespace acc::ptx {
namespace {

/// More is no program but an attack on memory.
constexpr size_t kLargestText = size_t{1} << 20;

/// %= in the source: a number of its own for each asm statement. Here names of one never meet those
/// of another.
constexpr StringRef kUnique = "${:uid}";

/// Without // and /* */ comments, and with one '%' for two: clang leaves "%%" in statements without
/// operands, nvcc does not.
std::string strip(StringRef text) {
    std::string result;
    for (size_t i = 0; i < text.size(); ++i) {
        if (text.substr(i).starts_with("//")) {
            i = std::min(text.find('\n', i), text.size());
        } else if (text.substr(i).starts_with("/*")) {
            size_t end = text.find("*/", i + 2);
            if (end == StringRef::npos) break;
            i = end + 1;
            result += ' ';
            continue;
        }
        if (text.substr(i).starts_with(kUnique)) {
            result += '0';
            i += kUnique.size() - 1;
            continue;
        }
        if (i < text.size() && !(text[i] == '%' && result.ends_with('%'))) result += text[i];
    }
    return result;
}

} // namespace

std::string as_written(StringRef text) {
    std::string result;
    for (size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '$') {
            result += text[i];
        } else if (i + 1 < text.size() && text[i + 1] == '$') {
            result += '$';
            ++i;
        } else {
            result += '%';
        }
    }
    return result;
}

std::string parse(StringRef raw, Program& program) {
    if (raw.size() > kLargestText) return "the text is longer than 1 MiB";
    std::string text = strip(raw);
    StringRef rest = StringRef(text).trim();
    Scopes scopes(program);
    while (!rest.empty()) {
        // A brace where a statement may begin is a scope; elsewhere it is a vector's.
        bool opens = rest.consume_front("{");
        if (opens || rest.consume_front("}")) {
            if (opens && !scopes.open()) return "scopes nest too deeply";
            if (!opens && !scopes.close()) return "a '}' without its '{'";
            rest = rest.ltrim();
            continue;
        }
        Cursor labels(rest, false);
        parse_labels(labels, scopes, program);
        if (labels.rest().size() != rest.size()) {
            rest = labels.rest().ltrim();
            continue;
        }
        size_t end = rest.find(';');
        StringRef piece = rest.take_front(end).trim();
        rest = rest.drop_front(std::min(end, rest.size() - 1) + 1).ltrim();
        if (end == StringRef::npos) { // the last ';' may be missing before the end of scopes
            rest = {};
            while (piece.ends_with("}") && count(piece, '{') < count(piece, '}')) {
                piece = piece.drop_back().rtrim();
                if (!scopes.close()) return "a '}' without its '{'";
            }
        }
        if (piece.empty()) continue;
        if (std::string error = parse_piece({piece, false, 0, {}}, scopes, program); !error.empty())
            return "'" + as_written(piece) + "': " + error;
    }
    return scopes.depth() == 0 ? std::string() : "a '{' without its '}'";
}

} // namespace acc::ptx
