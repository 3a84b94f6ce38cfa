// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/ptx/Scopes.h"

#include "llvm/ADT/STLExtras.h"

using namespace llvm;

namespace acc::ptx {
namespace {

/// More is no program but an attack on memory.
constexpr size_t kMostRegisters = size_t{1} << 20;
constexpr size_t kMostVariables = size_t{1} << 16;
constexpr size_t kMostScopes = 64;      // at once
constexpr size_t kMostClosed = 1 << 20; // altogether

constexpr const char* kComponents[2][4] = {{"x", "y", "z", "w"}, {"r", "g", "b", "a"}};

/// The component that v.x or v.r names, and v.
std::optional<unsigned> component(StringRef& name) {
    auto [vector, letter] = name.rsplit('.');
    for (const auto& letters : kComponents)
        for (unsigned i = 0; i < 4; ++i)
            if (letter == letters[i]) {
                name = vector;
                return i;
            }
    return std::nullopt;
}

} // namespace

Scopes::Scopes(Program& program) : program_(program) {
    open();
}

bool Scopes::open() {
    if (scopes_.size() > kMostScopes || program_.scopes.size() > kMostClosed) return false;
    const unsigned number = unsigned(program_.scopes.size());
    program_.scopes.push_back(scopes_.empty() ? 0 : current());
    scopes_.push_back({number, {}});
    return true;
}

bool Scopes::close() {
    if (scopes_.size() == 1) return false;
    scopes_.pop_back();
    return true;
}

std::string Scopes::declare(StringRef type, StringRef name, uint64_t count, unsigned vector) {
    Family family{unsigned(program_.registers.size()), count, vector, false};
    if (count > kMostRegisters ||
        program_.registers.size() + std::max<uint64_t>(count, 1) * vector > kMostRegisters)
        return "too many registers";
    if (!scopes_.back().names.try_emplace(name, family).second)
        return "register '" + name.str() + "' is declared twice";
    for (uint64_t i = 0; i < std::max<uint64_t>(count, 1); ++i) {
        const std::string one = count ? name.str() + std::to_string(i) : name.str();
        for (unsigned part = 0; part < vector; ++part)
            program_.registers.push_back(
                {type.str(), vector == 1 ? one : one + "." + kComponents[0][part]});
    }
    return {};
}

std::string Scopes::declare(Variable variable) {
    Family family;
    family.first = unsigned(program_.variables.size());
    family.is_variable = true;
    if (program_.variables.size() == kMostVariables) return "too many variables";
    if (!scopes_.back().names.try_emplace(variable.name, family).second)
        return "'" + variable.name + "' is declared twice";
    program_.variables.push_back(std::move(variable));
    return {};
}

/// The first register of name12 of name<20>: the digits may be partly the stem's.
std::optional<unsigned> Scopes::member(const Scope& scope, StringRef name) const {
    for (size_t length = name.rtrim("0123456789").size(); length < name.size(); ++length) {
        auto family = scope.names.find(name.take_front(length));
        StringRef digits = name.drop_front(length);
        uint64_t number;
        if (family == scope.names.end() || (digits.size() > 1 && digits[0] == '0') ||
            digits.getAsInteger(10, number) || number >= family->second.count)
            continue;
        return family->second.first + unsigned(number) * family->second.vector;
    }
    return std::nullopt;
}

bool Scopes::find(StringRef name, Operand& operand) const {
    StringRef whole = name;
    const std::optional<unsigned> part = component(whole);
    for (const Scope& scope : reverse(scopes_)) {
        auto found = scope.names.find(name);
        if (found != scope.names.end() && found->second.count == 0) {
            const Family& family = found->second;
            operand.kind = family.is_variable ? Operand::Variable : Operand::Register;
            operand.index = family.first;
            if (family.vector == 1) return true;
            operand.kind = Operand::Vector;
            for (unsigned i = 0; i < family.vector; ++i) {
                Operand& element = operand.parts.emplace_back();
                element.kind = Operand::Register;
                element.index = family.first + i;
                element.name = program_.registers[element.index].name;
            }
            return true;
        }
        if (std::optional<unsigned> index = member(scope, name)) {
            operand.kind = Operand::Register;
            operand.index = *index;
            return true;
        }
        auto vector = part ? scope.names.find(whole) : scope.names.end();
        if (vector != scope.names.end() && *part < vector->second.vector &&
            vector->second.vector > 1) {
            operand.kind = Operand::Register;
            operand.index = vector->second.first + *part;
            return true;
        }
    }
    return false;
}

} // namespace acc::ptx
