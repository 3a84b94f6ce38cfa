// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/dialect/VariableArguments.h"

#include "compiler/dialect/Dialect.h"

#include "clang/AST/ASTContext.h"
#include "clang/AST/Decl.h"
#include "clang/AST/Expr.h"
#include "clang/Sema/Sema.h"

namespace acc::dialect {

using namespace clang;

namespace {

constexpr uint64_t kMostAligned = 16; ///< of a scalar of the device (docs/isa/abi.md)

/// struct { unsigned-of-alignment words[size / alignment]; }
QualType words_as(ASTContext& context, const TypeInfo& layout) {
    const uint64_t count = layout.Width / layout.Align;
    QualType word = context.getIntTypeForBitwidth(layout.Align, 0);
    QualType words = context.getConstantArrayType(word, llvm::APInt(64, count), nullptr,
                                                  ArraySizeModifier::Normal, 0);
    RecordDecl* record = context.buildImplicitRecord("variable_argument");
    record->startDefinition();
    FieldDecl* field = FieldDecl::Create(
        context, record, SourceLocation(), SourceLocation(), &context.Idents.get("words"), words,
        context.getTrivialTypeSourceInfo(words), nullptr, false, ICIS_NoInit);
    field->setAccess(AS_public);
    record->addDecl(field);
    record->completeDefinition();
    return context.getCanonicalTagType(record);
}

} // namespace

void keep_layout_of_variable_arguments(Sema& sema, CallExpr& call) {
    const FunctionDecl* callee = call.getDirectCallee();
    if (callee && callee->getBuiltinID()) return;
    QualType type = call.getCallee()->getType();
    if (type->isSpecificBuiltinType(BuiltinType::BoundMember)) return; // (a.*f)(…)
    if (const auto* pointer = type->getAs<PointerType>()) type = pointer->getPointeeType();
    const auto* prototype = type->getAs<FunctionProtoType>();
    if (callee) prototype = callee->getType()->getAs<FunctionProtoType>();
    if (!prototype || !prototype->isVariadic()) return;
    ASTContext& context = sema.Context;
    for (unsigned i = prototype->getNumParams(); i < call.getNumArgs(); ++i) {
        Expr* argument = call.getArg(i);
        QualType given = argument->getType();
        if (!given->isRecordType() || !given.isTriviallyCopyableType(context)) continue;
        const TypeInfo layout = context.getTypeInfo(given);
        if (layout.Align > 8 * kMostAligned) {
            report(sema.getDiagnostics(), argument->getBeginLoc(), diag::Severity::Error,
                   "variable argument of type %0 is aligned to %1 bytes, at most %2 are possible; "
                   "pass its address")
                << given << unsigned(layout.Align / 8) << unsigned(kMostAligned);
            continue;
        }
        if (argument->isPRValue())
            argument = sema.CreateMaterializeTemporaryExpr(given, argument, false);
        TypeSourceInfo* words = context.getTrivialTypeSourceInfo(words_as(context, layout));
        ExprResult cast = sema.BuildBuiltinBitCastExpr(argument->getBeginLoc(), words, argument,
                                                       argument->getEndLoc());
        if (cast.isUsable()) call.setArg(i, cast.get());
    }
}

} // namespace acc::dialect
