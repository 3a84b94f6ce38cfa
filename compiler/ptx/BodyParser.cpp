// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/ptx/BodyParser.h"

#include "compiler/ptx/DeclarationParser.h"
#include "compiler/ptx/StatementParser.h"

using namespace llvm;

namespace acc::ptx {
namespace {

/// name: but not name::
bool consume_label(Cursor& cursor, StringRef& name) {
    Cursor after = cursor;
    name = after.word();
    if (name.empty() || name[0] == '.' || !after.consume(":", "::")) return false;
    cursor = after;
    return true;
}

std::string parse_targets(Cursor& cursor, StringRef name, const Scopes& scopes, Program& program) {
    BranchTargets targets{name.str(), scopes.current(), {}};
    do {
        StringRef label = cursor.word();
        if (label.empty()) return "expected a label";
        targets.labels.push_back(label.str());
    } while (cursor.consume(','));
    program.targets.push_back(std::move(targets));
    return {};
}

bool is_table(StringRef directive) {
    return directive == ".branchtargets" || directive == ".callprototype" ||
           directive == ".calltargets";
}

/// What a label may stand before besides instructions. Its name is the last label's.
std::string parse_table(Cursor& cursor, const Scopes& scopes, Program& program) {
    StringRef directive = cursor.word();
    if (program.labels.empty() || program.labels.back().position != program.statements.size())
        return "'" + directive.str() + "' needs a label";
    const std::string name = program.labels.back().name;
    if (directive != ".callprototype") return parse_targets(cursor, name, scopes, program);
    Prototype& prototype = program.prototypes.emplace_back();
    prototype.name = name;
    prototype.scope = scopes.current();
    return parse_prototype(cursor, prototype.signature);
}

std::string parse_local_variables(Cursor& cursor, Scopes& scopes) {
    std::vector<Variable> variables;
    if (std::string error = parse_variables(cursor, variables); !error.empty()) return error;
    for (Variable& variable : variables)
        if (std::string error = scopes.declare(std::move(variable)); !error.empty()) return error;
    return {};
}

std::string parse_statement(const Piece& piece, Cursor& cursor, const Scopes& scopes,
                            Program& program) {
    Statement statement;
    statement.text = piece.dollar ? cursor.rest().trim().str() : as_written(cursor.rest().trim());
    statement.line = piece.line;
    statement.place = piece.place;
    StatementParser parser(cursor.rest(), scopes, piece.dollar);
    if (std::string error = parser.parse(statement); !error.empty()) return error;
    program.statements.push_back(std::move(statement));
    cursor.advance(cursor.rest().size());
    return {};
}

} // namespace

void parse_labels(Cursor& cursor, const Scopes& scopes, Program& program) {
    for (StringRef name; consume_label(cursor, name);)
        program.labels.push_back({name.str(), scopes.current(), program.statements.size()});
}

std::string parse_piece(const Piece& piece, Scopes& scopes, Program& program) {
    Cursor cursor(piece.text, piece.dollar);
    std::string error;
    StringRef directive = cursor.peek();
    if (is_table(directive)) {
        error = parse_table(cursor, scopes, program);
    } else if (directive == ".reg" || directive.starts_with(".reg.")) {
        cursor.consume(".reg");
        error = parse_registers(cursor, scopes);
    } else if (directive == ".pragma") {
        cursor.advance(cursor.rest().size()); // says how fast something is to be
    } else if (is_variable(cursor)) {
        error = parse_local_variables(cursor, scopes);
    } else if (directive.starts_with(".")) {
        return "the directive '" + directive.str() + "' is not supported here";
    } else {
        error = parse_statement(piece, cursor, scopes, program);
    }
    if (error.empty() && !cursor.at_end()) return "expected ';' at '" + cursor.rest().str() + "'";
    return error;
}

} // namespace acc::ptx
