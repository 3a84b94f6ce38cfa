// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// mma, ldmatrix, stmatrix, movmatrix. Semantics: PTX ISA, 9.7.14. All threads of a warp execute
// them together. The machine has the same fragments; shapes that it lacks are made of those that
// it has.
#include "compiler/ptx/Matrix.h"
#include "compiler/ptx/Memory.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/IR/Module.h"

using namespace llvm;

namespace acc::ptx {

SmallVector<Value*> warp_operation(Emitter& e, const Twine& name, llvm::Type* element,
                                   size_t results, ArrayRef<Value*> arguments,
                                   MemoryEffects effects) {
    LLVMContext& context = e.builder.getContext();
    SmallVector<llvm::Type*> types;
    for (Value* argument : arguments)
        types.push_back(argument->getType());
    llvm::Type* result = results == 0 ? e.builder.getVoidTy()
                         : results == 1
                             ? element
                             : StructType::get(context, SmallVector<llvm::Type*>(results, element));
    AttributeList attributes;
    for (Attribute::AttrKind kind :
         {Attribute::NoUnwind, Attribute::WillReturn, Attribute::Convergent})
        attributes = attributes.addFnAttribute(context, kind);
    attributes = attributes.addFnAttribute(context,
                                           Attribute::getWithMemoryEffects(context, effects));
    Module* module = e.builder.GetInsertBlock()->getModule();
    CallInst* call = e.builder.CreateCall(
        module->getOrInsertFunction(("__acc_warp." + name).str(),
                                    llvm::FunctionType::get(result, types, false), attributes),
        arguments);
    call->addFnAttr(Attribute::Convergent);
    SmallVector<Value*> values;
    if (results == 1) values.push_back(call);
    for (unsigned i = 0; results > 1 && i < results; ++i)
        values.push_back(e.builder.CreateExtractValue(call, i));
    return values;
}

SmallVector<Value*> multiply(Emitter& e, const Product& product, ArrayRef<Value*> a,
                             ArrayRef<Value*> b, ArrayRef<Value*> c) {
    SmallVector<Value*> all(a);
    all.append(b.begin(), b.end());
    all.append(c.begin(), c.end());
    llvm::Type* element = product.is_double ? e.builder.getDoubleTy() : e.builder.getInt32Ty();
    return warp_operation(e, product.name, element, product.c, all, MemoryEffects::none());
}

ArrayRef<Operand> registers_of(Emitter& e, const Operand& operand, size_t count) {
    ArrayRef<Operand> parts = operand;
    if (operand.kind == Operand::Vector) parts = operand.parts;
    if (parts.size() != count)
        e.unsupported("an operand of " + std::to_string(parts.size()) + " registers instead of " +
                      std::to_string(count));
    return parts;
}

SmallVector<Value*> read_registers(Emitter& e, const Operand& operand, size_t count,
                                   const Type& type) {
    SmallVector<Value*> values;
    for (const Operand& part : registers_of(e, operand, count))
        values.push_back(e.read(part, type));
    return values;
}

void write_registers(Emitter& e, const Operand& operand, ArrayRef<Value*> values) {
    for (auto [part, value] : zip_equal(registers_of(e, operand, values.size()), values))
        e.write(part, value);
}

namespace {

using E = Emitter;
using I = Instruction;

/// The words that are there in any case.
void warp_words(E& e, I& in) {
    e.has_effects = true;
    in.hint({"sync", "aligned"});
}

struct Shape {
    unsigned m = 0, n = 0, k = 0;
    StringRef text;
};
Shape shape_of(I& in) {
    Shape s;
    s.text = in.one_of({"m8n8k4", "m16n8k4", "m16n8k8", "m16n8k16", "m16n8k32", "m8n8k16",
                        "m8n8k32", "m16n8k64", "m8n8k128", "m16n8k128", "m16n8k256"});
    StringRef rest = s.text;
    auto number = [&](StringRef letter, unsigned& to) {
        rest.consume_front(letter);
        rest.consumeInteger(10, to);
    };
    number("m", s.m);
    number("n", s.n);
    number("k", s.k);
    return s;
}

/// The product, whose A and B have elements of `bits`, C of `result_bits`.
Product product_of(const Shape& s, const std::string& formats, unsigned bits,
                   unsigned result_bits) {
    Product p;
    p.name = ("mma." + s.text + "." + formats).str();
    p.is_double = bits == 64;
    const unsigned width = p.is_double ? 64 : 32;
    p.a = s.m * s.k * bits / 32 / width;
    p.b = s.n * s.k * bits / 32 / width;
    p.c = s.m * s.n * result_bits / 32 / width;
    return p;
}

/// The sources a, b, c.
struct Sources {
    SmallVector<Value*> a, b, c;
};
Sources read_sources(E& e, I& in, const Product& p) {
    const Type type = p.is_double ? e.type_of("f64") : e.bits(32);
    return {read_registers(e, in.operand(1), p.a, type),
            read_registers(e, in.operand(2), p.b, type),
            read_registers(e, in.operand(3), p.c, type)};
}

/// d = a * b + c by one product.
void one_product(E& e, I& in, const Product& p) {
    const Sources s = read_sources(e, in, p);
    write_registers(e, in.operand(0), multiply(e, p, s.a, s.b, s.c));
}

/// A by rows, B by columns: the only order of most shapes.
void row_by_column(E& e, I& in) {
    warp_words(e, in);
    in.hint({"row", "col"});
    if (in.nth_of(0, {"row", "col"}) != "row") e.unsupported("'.col.row': A is given by rows");
}

/// f16 with accumulators in f16 or f32, bf16, tf32.
void mma_float(E& e, I& in) {
    row_by_column(e, in);
    const Shape shape = shape_of(in);
    const StringRef input = in.nth_of(1, {"f16", "f32", "bf16", "tf32"});
    const StringRef result = in.nth_of(0, {"f16", "f32", "bf16", "tf32"});
    in.hint({"f16", "f32", "bf16", "tf32"});
    one_product(e, in,
                product_of(shape, (result + "." + input + "." + input).str(),
                           input == "tf32" ? 32 : 16, result == "f32" ? 32 : 16));
}

/// Volta's shape: four products, one for each quad pair, of A and B in any order.
void mma_quad_pairs(E& e, I& in) {
    warp_words(e, in);
    const StringRef d = in.nth_of(0, {"f16", "f32"}), c = in.nth_of(3, {"f16", "f32"});
    if (c == "f32" && d == "f16") e.unsupported("an f16 result of f32 accumulators");
    Product p;
    p.name = ("mma.m8n8k4." + d + ".f16.f16" + (d != c ? ".f16" : "")).str();
    if (in.nth_of(0, {"row", "col"}) == "col") p.name += ".acol";
    if (in.nth_of(1, {"row", "col"}) == "row") p.name += ".brow";
    in.hint({"m8n8k4", "f16"});
    p.a = p.b = 2;
    p.c = c == "f16" ? 4 : 8;
    const Sources s = read_sources(e, in, p);
    p.c = d == "f16" ? 4 : 8;
    write_registers(e, in.operand(0), multiply(e, p, s.a, s.b, s.c));
}

/// m16n8k16 is two products, one after the other: k rises.
void mma_double(E& e, I& in) {
    row_by_column(e, in);
    in.hint({"f64", "rn"});
    Shape shape = shape_of(in);
    if (shape.k != 16) return one_product(e, in, product_of(shape, "f64", 64, 64));
    Product p = product_of(shape, "f64", 64, 64);
    const Sources s = read_sources(e, in, p);
    shape.k = 8;
    shape.text = "m16n8k8";
    p = product_of(shape, "f64", 64, 64);
    const ArrayRef<Value*> a = s.a, b = s.b;
    SmallVector<Value*> c = multiply(e, p, a.take_front(4), b.take_front(2), s.c);
    write_registers(e, in.operand(0), multiply(e, p, a.drop_front(4), b.drop_front(2), c));
}

/// Integers of 8 or 4 bits, in each mixture of signs.
void mma_integer(E& e, I& in) {
    row_by_column(e, in);
    const StringRef a = in.nth_of(0, {"s8", "u8", "s4", "u4"}),
                    b = in.nth_of(1, {"s8", "u8", "s4", "u4"});
    in.hint({"s32"});
    const unsigned bits = a.ends_with("8") ? 8 : 4;
    Product p = product_of(shape_of(in), bits == 8 ? "s32.i8" : "s32.i4", bits, 32);
    p.name += in.suffix("satfinite");
    if (a[0] == 'u') p.name += ".u8";
    if (b[0] == 'u') p.name += ".ub";
    one_product(e, in, p);
}

void mma_bits(E& e, I& in) {
    row_by_column(e, in);
    in.hint({"s32", "b1", "popc"});
    Product p = product_of(shape_of(in), "s32.b1", 1, 32);
    if (in.one_of({"xor", "and"}) == "and") p.name += ".and";
    one_product(e, in, p);
}

/// Floats of 8 bits. m16n8k16 is m16n8k32 with zeros in the second half of k.
void mma_float8(E& e, I& in) {
    row_by_column(e, in);
    in.hint({"kind::f8f6f4"});
    const StringRef d = in.nth_of(0, {"f16", "f32"}), a = in.nth_of(0, {"e4m3", "e5m2"}),
                    b = in.nth_of(1, {"e4m3", "e5m2"});
    if (in.nth_of(1, {"f16", "f32"}) != d) e.unsupported("C and D of different types");
    Shape shape = shape_of(in);
    Product p = product_of(shape, (d + ".f8").str(), 8, d == "f32" ? 32 : 16);
    Sources s = read_sources(e, in, p);
    shape.text = "m16n8k32";
    s.a.resize(4, e.builder.getInt32(0));
    s.b.resize(2, e.builder.getInt32(0));
    p.name = ("mma.m16n8k32." + d + ".f8").str();
    if (a == "e5m2") p.name += ".e5m2";
    if (b == "e5m2") p.name += ".be5m2";
    write_registers(e, in.operand(0), multiply(e, p, s.a, s.b, s.c));
}

/// The words of ldmatrix and stmatrix: how many matrices, and whether they are transposed.
std::string matrices(E& e, I& in, size_t& count) {
    warp_words(e, in);
    in.hint({"m8n8", "b16", "shared", "shared::cta"});
    const StringRef number = in.one_of({"x1", "x2", "x4"});
    count = size_t(number[1] - '0');
    return (".x" + Twine(count)).str() + in.suffix("trans");
}

/// The address in shared memory: without a state space it is generic.
Value* shared_address(E& e, I& in, size_t index) {
    const bool generic = !in.has("shared") && !in.has("shared::cta");
    Value* address = e.read_address(in.operand(index), generic ? 0 : 3);
    llvm::Type* shared = PointerType::get(e.builder.getContext(), 3);
    return generic ? e.builder.CreateAddrSpaceCast(address, shared) : address;
}

void ldmatrix(E& e, I& in) {
    size_t count;
    const std::string name = "ldmatrix" + matrices(e, in, count);
    write_registers(
        e, in.operand(0),
        warp_operation(e, name, e.builder.getInt32Ty(), count,
                       {e.builder.CreatePtrToInt(shared_address(e, in, 1), e.builder.getInt32Ty())},
                       MemoryEffects::readOnly()));
}

void stmatrix(E& e, I& in) {
    size_t count;
    const std::string name = "stmatrix" + matrices(e, in, count);
    SmallVector<Value*> arguments{
        e.builder.CreatePtrToInt(shared_address(e, in, 0), e.builder.getInt32Ty())};
    arguments.append(read_registers(e, in.operand(1), count, e.bits(32)));
    warp_operation(e, name, nullptr, 0, arguments, MemoryEffects::unknown());
}

void movmatrix(E& e, I& in) {
    warp_words(e, in);
    in.hint({"m8n8", "trans", "b16"});
    SmallVector<Value*> result = warp_operation(e, "movmatrix", e.builder.getInt32Ty(), 1,
                                                {in.read(e, 1, e.bits(32))}, MemoryEffects::none());
    e.write(in.operand(0), result[0]);
}

// clang-format off
constexpr Form kForms[] = {
    {"mma sync aligned m16n8k8|m16n8k16 row col f16 f16 f16 f16 : d a b c", mma_float},
    {"mma sync aligned m16n8k8|m16n8k16 row col f32 f16 f16 f32 : d a b c", mma_float},
    {"mma sync aligned m16n8k8|m16n8k16 row col f32 bf16 bf16 f32 : d a b c", mma_float},
    {"mma sync aligned m16n8k4|m16n8k8 row col f32 tf32 tf32 f32 : d a b c", mma_float},
    {"mma sync aligned m8n8k4 row|col row|col f16|f32 f16 f16 f16|f32 : d a b c", mma_quad_pairs},
    {"mma sync aligned m8n8k4|m16n8k4|m16n8k8|m16n8k16 row col [rn] f64 f64 f64 f64 : d a b c", mma_double},
    {"mma sync aligned m8n8k16|m16n8k16|m16n8k32 row col [satfinite] s32 s8|u8 s8|u8 s32 : d a b c", mma_integer},
    {"mma sync aligned m8n8k32|m16n8k32|m16n8k64 row col [satfinite] s32 s4|u4 s4|u4 s32 : d a b c", mma_integer},
    {"mma sync aligned m8n8k128|m16n8k128|m16n8k256 row col s32 b1 b1 s32 xor|and popc : d a b c", mma_bits},
    {"mma sync aligned m16n8k16|m16n8k32 row col [kind::f8f6f4] f16|f32 e4m3|e5m2 e4m3|e5m2 f16|f32 : d a b c", mma_float8},
    {"ldmatrix sync aligned m8n8 x1|x2|x4 [trans] [shared|shared::cta] b16 : r p", ldmatrix},
    {"stmatrix sync aligned m8n8 x1|x2|x4 [trans] [shared|shared::cta] b16 : p r", stmatrix},
    {"movmatrix sync aligned m8n8 trans b16 : d a", movmatrix},
};
// clang-format on

} // namespace

std::span<const Form> matrix_forms() {
    return kForms;
}

} // namespace acc::ptx
