// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/ptx/Blocks.h"
#include "compiler/ptx/Forms.h"
#include "compiler/ptx/ModuleEmitter.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/Module.h"

#include <optional>

using namespace llvm;

namespace acc::ptx {
namespace {

constexpr unsigned kGeneric = 0, kLocal = 5;

class FunctionEmitter : public Surroundings {
  public:
    FunctionEmitter(ModuleEmitter& module, const FunctionHead& head, const FunctionEntry& entry,
                    const Program& body)
        : module_(module), head_(head), function_(*entry.function), body_(body),
          builder_(BasicBlock::Create(function_.getContext(), "", &function_)),
          emitter_(builder_, body, *this), addresses_(body.variables.size()) {}

    void run() {
        for (const Statement& statement : body_.statements)
            if (statement.place.file) {
                module_.lines().begin(function_, statement.place);
                module_.lines().at(builder_, statement.place);
                break;
            }
        blocks_.emplace(builder_, body_, function_);
        take_arguments();
        for (size_t i = 0; i < body_.statements.size(); ++i) {
            blocks_->enter(i);
            statement(body_.statements[i]);
        }
        blocks_->enter(body_.statements.size());
        if (!blocks_->ended()) leave(emitter_);
        module_.lines().end(builder_);
    }

    // ---- names

    Value* address_of(const Operand& name) override {
        if (name.kind == Operand::Variable) return variable(name.index);
        return module_.find(name.name);
    }

    BasicBlock* label(StringRef name, unsigned scope) override {
        return blocks_->label(name, scope);
    }

    const BranchTargets* targets(StringRef name, unsigned scope) override {
        return find_in(body_.targets, name, scope);
    }

    // ---- calls

    void call(Emitter& emitter, Instruction& in) override {
        size_t next = 0;
        const Operand* results = in.operand(0).kind == Operand::List ? &in.operand(next++)
                                                                     : nullptr;
        if (next == in.count()) emitter.unsupported("the function is missing");
        const Operand& callee = in.operand(next++);
        const Operand* arguments = next < in.count() && in.operand(next).kind == Operand::List
                                       ? &in.operand(next++)
                                       : nullptr;
        const Operand* prototype = next < in.count() ? &in.operand(next++) : nullptr;
        if (next != in.count()) emitter.unsupported("too many operands");

        const FunctionEntry* known = callee.kind == Operand::Special
                                         ? module_.find_function(callee.name)
                                         : nullptr;
        if (known && known->is_entry) emitter.unsupported("a kernel cannot be called");
        const Signature& signature = known ? known->signature : signature_of(prototype, callee);
        const StringRef name = known ? StringRef(callee.name) : StringRef();
        llvm::FunctionType* type = module_.abi().function(signature, name);
        Value* target = known ? known->function
                              : emitter.builder.CreateIntToPtr(
                                    emitter.read(callee, emitter.bits(64)), pointer_type());
        CallInst* made = emitter.builder.CreateCall(type, target,
                                                    values(emitter, signature, arguments, type));
        made->setAttributes(module_.abi().attributes(signature));
        take_result(emitter, signature, results, made);
    }

    void leave(Emitter& emitter) override {
        IRBuilder<>& b = emitter.builder;
        llvm::Type* type = function_.getReturnType();
        if (type->isVoidTy()) {
            b.CreateRetVoid();
            return;
        }
        const Parameter& result = head_.signature.results[0];
        Value* value;
        if (result.is_register)
            value = emitter.read(register_named(0), emitter.type_of(result.variable.type));
        else
            value = b.CreateLoad(type, variable(0));
        b.CreateRet(fit(b, value, type));
    }

  private:
    llvm::PointerType* pointer_type() { return PointerType::get(function_.getContext(), kGeneric); }

    // ---- statements

    void statement(const Statement& statement) {
        module_.lines().at(builder_, statement.place);
        try {
            blocks_->statement(emitter_, statement);
        } catch (const Unsupported& reason) {
            module_.problem(statement.line, "'" + statement.text + "': " + reason.what);
        }
    }

    // ---- variables

    /// Names of parameters come first among the variables, or registers, of the body; results
    /// before parameters.
    void take_arguments() {
        unsigned variable = 0, number = 0;
        for (const Parameter& result : head_.signature.results)
            ++(result.is_register ? number : variable);
        for (auto [i, parameter] : enumerate(head_.signature.parameters)) {
            Argument* argument = function_.getArg(unsigned(i));
            argument->setName(parameter.variable.name);
            if (parameter.is_register) {
                emitter_.write(register_named(number++), as_integer(argument, parameter.variable));
            } else if (Abi::is_aggregate(parameter.variable)) {
                addresses_[variable++] = argument;
            } else {
                builder_.CreateStore(argument, this->variable(variable));
                ++variable;
            }
        }
    }

    Value* as_integer(Value* value, const Variable& variable) {
        return variable.type.starts_with('f') ? value : fit(builder_, value, value->getType());
    }

    static Operand register_named(unsigned index) {
        Operand operand;
        operand.kind = Operand::Register;
        operand.index = index;
        return operand;
    }

    /// Where a variable of the function is.
    Value* variable(unsigned index) {
        Value*& address = addresses_[index];
        if (address) return address;
        const Variable& variable = body_.variables[index];
        if (variable.space == Space::Local || variable.space == Space::Param)
            return address = local(variable);
        const bool external = variable.linkage == Linkage::Extern;
        return address = module_.make(variable, external
                                                    ? Twine(variable.name)
                                                    : function_.getName() + "." + variable.name);
    }

    /// Addresses of parameters are generic ones in registers, as those of a kernel's structures.
    Value* local(const Variable& variable) {
        constexpr uint64_t kMostLocal = uint64_t{1} << 31;
        if (!variable.initials.empty())
            throw Unsupported{"the local variable '" + variable.name + "' with an initial value"};
        if (variable.bytes() > kMostLocal)
            throw Unsupported{"the local variable '" + variable.name + "' is too large"};
        BasicBlock& entry = function_.getEntryBlock();
        IRBuilder<> start(&entry, entry.begin());
        llvm::Type* type = Abi::is_aggregate(variable)
                               ? ArrayType::get(start.getInt8Ty(), variable.bytes())
                               : module_.abi().scalar(variable);
        AllocaInst* place = start.CreateAlloca(type, kLocal, nullptr, variable.name);
        place->setAlignment(Align(variable.align()));
        return variable.space == Space::Param ? start.CreateAddrSpaceCast(place, pointer_type())
                                              : place;
    }

    // ---- arguments and results

    static Value* fit(IRBuilder<>& b, Value* value, llvm::Type* type) {
        llvm::Type* from = value->getType();
        if (from == type) return value;
        if (type->isPointerTy()) return b.CreateIntToPtr(value, type);
        if (from->isPointerTy()) return b.CreatePtrToInt(value, type);
        if (from->getPrimitiveSizeInBits() == type->getPrimitiveSizeInBits())
            return b.CreateBitCast(value, type);
        throw Unsupported{"a value of another width than the parameter's"};
    }

    SmallVector<Value*> values(Emitter& emitter, const Signature& signature,
                               const Operand* arguments, llvm::FunctionType* type) {
        const size_t given = arguments ? arguments->parts.size() : 0;
        if (given != signature.parameters.size())
            emitter.unsupported("the function takes " +
                                std::to_string(signature.parameters.size()) + " arguments, not " +
                                std::to_string(given));
        SmallVector<Value*> result;
        for (auto [i, parameter] : enumerate(signature.parameters))
            result.push_back(value(emitter, parameter.variable, arguments->parts[i],
                                   type->getParamType(unsigned(i))));
        return result;
    }

    Value* value(Emitter& emitter, const Variable& parameter, const Operand& argument,
                 llvm::Type* type) {
        IRBuilder<>& b = emitter.builder;
        if (argument.kind != Operand::Variable) {
            if (Abi::is_aggregate(parameter))
                emitter.unsupported("'" + argument.name + "' must be a .param variable");
            return fit(b, emitter.read(argument, emitter.type_of(parameter.type)), type);
        }
        check_size(emitter, parameter, argument);
        Value* address = variable(argument.index);
        if (Abi::is_aggregate(parameter)) return b.CreateAddrSpaceCast(address, pointer_type());
        return b.CreateLoad(type, address);
    }

    void check_size(Emitter& emitter, const Variable& parameter, const Operand& argument) {
        const Variable& given = body_.variables[argument.index];
        if (given.space != Space::Param)
            emitter.unsupported("'" + argument.name + "' must be a .param variable");
        if (given.bytes() != parameter.bytes() && !parameter.unsized)
            emitter.unsupported("'" + argument.name + "' has " + std::to_string(given.bytes()) +
                                " bytes, the function's has " + std::to_string(parameter.bytes()));
    }

    void take_result(Emitter& emitter, const Signature& signature, const Operand* results,
                     CallInst* call) {
        const size_t taken = results ? results->parts.size() : 0;
        if (taken > signature.results.size() ||
            (taken == 0 && !signature.results.empty() && results))
            emitter.unsupported("the function has " + std::to_string(signature.results.size()) +
                                " results");
        if (!taken) return;
        const Operand& target = results->parts[0];
        const Variable& result = signature.results[0].variable;
        IRBuilder<>& b = emitter.builder;
        if (target.kind == Operand::Variable) {
            check_size(emitter, result, target);
            b.CreateStore(call, variable(target.index));
        } else if (Abi::is_aggregate(result)) {
            emitter.unsupported("'" + target.name + "' must be a .param variable");
        } else {
            emitter.write(target, fit(b, call, module_.abi().scalar(result)));
        }
    }

    const Signature& signature_of(const Operand* prototype, const Operand& callee) {
        if (!prototype)
            throw Unsupported{callee.kind == Operand::Special
                                  ? "the function '" + callee.name + "' is not declared"
                                  : "a call through a register needs a prototype"};
        if (const Prototype* found = find_in(body_.prototypes, prototype->name, emitter_.scope))
            return found->signature;
        if (const BranchTargets* list = targets(prototype->name, emitter_.scope))
            if (const FunctionEntry* function = module_.find_function(list->labels[0]))
                return function->signature;
        throw Unsupported{"'" + prototype->name + "' is no prototype"};
    }

    // ---- what a name means in a scope and those around it

    template <typename Row>
    const Row* find_in(const std::vector<Row>& rows, StringRef name, unsigned scope) {
        while (true) {
            for (const Row& row : rows)
                if (row.scope == scope && row.name == name) return &row;
            if (scope == 0) return nullptr;
            scope = body_.scopes[scope];
        }
    }

    ModuleEmitter& module_;
    const FunctionHead& head_;
    Function& function_;
    const Program& body_;
    IRBuilder<> builder_;
    Emitter emitter_;
    std::vector<Value*> addresses_; ///< of the variables; null: not made yet
    std::optional<Blocks> blocks_;
};

} // namespace

void emit_body(ModuleEmitter& module, const FunctionHead& head, const FunctionEntry& entry,
               const Program& body) {
    FunctionEmitter(module, head, entry, body).run();
    if (!module.has_problems()) recover_pointers(*entry.function);
}

} // namespace acc::ptx
