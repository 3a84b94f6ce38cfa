// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Textures and surfaces. Semantics: PTX ISA, 9.7.10 and 9.7.11; docs/isa/textures.md.
#include "compiler/ptx/Forms.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/IR/Module.h"

using namespace llvm;

namespace acc::ptx {
namespace {

using E = Emitter;
using I = Instruction;

/// A geometry and where the elements of PTX's coordinates are: x, y, z and the layer ('l'); '-' is
/// an element that is there but means nothing.
struct Geometry {
    StringRef name;
    StringRef elements;
    unsigned dims;
};
constexpr Geometry kGeometries[] = {{"1d", "x", 1},      {"2d", "xy", 2},    {"3d", "xyz-", 3},
                                    {"a1d", "lx", 1},    {"a2d", "lxy-", 2}, {"cube", "xyz-", 3},
                                    {"acube", "lxyz", 3}};

const Geometry& geometry_of(I& in) {
    for (const Geometry& geometry : kGeometries)
        if (in.has(geometry.name)) return geometry;
    throw Unsupported{"a geometry is missing"};
}

/// An instruction of the machine (compiler/frontend/README.md, "Textures and surfaces"). Headers
/// may have declared it with floats among the arguments.
Value* machine(E& e, const Twine& name, ArrayRef<Value*> arguments, unsigned results) {
    IRBuilder<>& b = e.builder;
    Module* module = b.GetInsertBlock()->getModule();
    SmallString<48> storage;
    StringRef symbol = ("__acc_" + name).toStringRef(storage);
    Function* function = module->getFunction(symbol);
    if (!function) {
        SmallVector<llvm::Type*> types;
        for (Value* argument : arguments)
            types.push_back(argument->getType());
        llvm::Type* word = b.getInt32Ty();
        llvm::Type* result = results == 0   ? b.getVoidTy()
                             : results == 1 ? word
                                            : StructType::get(word, word, word, word);
        function = Function::Create(FunctionType::get(result, types, false),
                                    GlobalValue::ExternalLinkage, symbol, module);
    }
    SmallVector<Value*> values;
    for (auto [argument, type] : zip_equal(arguments, function->getFunctionType()->params()))
        values.push_back(b.CreateBitCast(argument, type));
    return b.CreateCall(function, values);
}

/// Elements of {a, b, ...}, or the operand itself.
ArrayRef<Operand> elements(const Operand& operand) {
    return operand.kind == Operand::Vector ? ArrayRef<Operand>(operand.parts)
                                           : ArrayRef<Operand>(operand);
}

/// [object, coordinates]: the object.
Value* object(E& e, const Operand& operand) {
    if (operand.kind != Operand::Image) e.unsupported("the operand must be [object, coordinates]");
    if (operand.parts.size() != 2)
        e.unsupported("samplers apart from their textures are not supported");
    return e.read(operand.parts[0], e.bits(64));
}

/// x, y, z and the layer as words.
SmallVector<Value*> coordinates(E& e, const Geometry& geometry, const Operand& operand) {
    SmallVector<Value*> words(4, e.builder.getInt32(0));
    ArrayRef<Operand> given = elements(operand.parts[1]);
    // The element that means nothing may be missing.
    if (given.size() != geometry.elements.size() &&
        given.size() != geometry.elements.rtrim('-').size())
        e.unsupported("." + geometry.name.str() + " has " +
                      std::to_string(geometry.elements.size()) + " coordinates");
    for (auto [element, letter] : zip(given, geometry.elements)) {
        size_t place = StringRef("xyzl").find(letter);
        if (place != StringRef::npos) words[place] = e.read(element, e.bits(32));
    }
    return words;
}

/// The operands behind the fixed ones: offsets are a vector (of one axis a number), a value to
/// compare depths with is a number.
Value* offsets(E& e, I& in, const Geometry& geometry, size_t fixed) {
    Value* packed = e.builder.getInt32(0);
    if (in.count() <= fixed) return packed;
    const Operand& operand = in.operand(fixed);
    if (in.count() > fixed + 1 || (geometry.dims > 1 && operand.kind != Operand::Vector))
        e.unsupported("comparing depths is not supported");
    if (geometry.name.ends_with("cube")) e.unsupported("cubemaps have no offsets");
    for (auto [i, element] : enumerate(elements(operand).take_front(geometry.dims))) {
        Value* byte = e.builder.CreateAnd(e.read(element, e.bits(32)), 255);
        packed = e.builder.CreateOr(packed, e.builder.CreateShl(byte, 8 * i));
    }
    return packed;
}

/// Four words into the destination: {a, b, c, d}, {ab, cd} of f16x2, or one of these | predicate.
void write_texel(E& e, const Operand& destination, Value* words, const Type& type) {
    IRBuilder<>& b = e.builder;
    const Operand* to = &destination;
    if (destination.kind == Operand::Pair) { // every texel is resident
        e.write(destination.parts[1], b.getTrue());
        to = &destination.parts[0];
    }
    SmallVector<Value*> values;
    for (unsigned i = 0; i < 4; ++i) {
        Value* value = b.CreateExtractValue(words, i);
        if (type.is_float) value = b.CreateBitCast(value, b.getFloatTy());
        if (type.is_float && type.bits != 32) value = b.CreateFPTrunc(value, b.getHalfTy());
        if (type.ir->isVectorTy())
            value = b.CreateFPTrunc(b.CreateBitCast(b.CreateExtractValue(words, i), b.getFloatTy()),
                                    b.getHalfTy());
        values.push_back(value);
    }
    if (type.ir->isVectorTy()) {
        SmallVector<Value*> pairs;
        for (unsigned i = 0; i < 4; i += 2)
            pairs.push_back(b.CreateInsertElement(
                b.CreateInsertElement(PoisonValue::get(type.ir), values[i], uint64_t{0}),
                values[i + 1], uint64_t{1}));
        values = pairs;
    }
    ArrayRef<Operand> targets = elements(*to);
    if (targets.size() != values.size())
        e.unsupported("the destination must be a vector of " + std::to_string(values.size()));
    for (auto [target, value] : zip_equal(targets, values))
        e.write(target, value, type);
}

/// tex[.level|.grad].geom.v4.dtype.ctype d[|p], [a, c][, lod | , dPdx, dPdy][, offsets]
void fetch(E& e, I& in) {
    in.hint({"v4", "v2", "base"});
    bool level = in.has("level"), grad = in.has("grad");
    const Geometry& geometry = geometry_of(in);
    Type result = in.type(e), from = in.type(e, 1);
    const Operand& source = in.operand(1);
    SmallVector<Value*> arguments{object(e, source)};
    arguments.append(coordinates(e, geometry, source));
    if (level) arguments.push_back(in.read(e, 2, e.bits(32)));
    for (size_t way = 2; grad && way < 4; ++way) {
        ArrayRef<Operand> given = elements(in.operand(way));
        if (given.size() < geometry.dims) e.unsupported("a gradient needs more elements");
        for (unsigned i = 0; i < 3; ++i)
            arguments.push_back(i < geometry.dims ? e.read(given[i], e.bits(32))
                                                  : e.builder.getInt32(0));
    }
    arguments.push_back(offsets(e, in, geometry, level ? 3 : grad ? 4 : 2));
    if (grad) arguments.push_back(e.builder.getInt32(0));
    const char* kind = level ? "lod." : grad ? "grad." : "";
    Value* words = machine(e, Twine("tex.") + kind + geometry.name + (from.is_float ? "" : ".s32"),
                           arguments, 4);
    write_texel(e, in.operand(0), words, result);
}

/// tld4.comp.geom.v4.dtype.f32 d[|p], [a, c][, offsets]
void gather(E& e, I& in) {
    in.hint({"v4"});
    StringRef channel = in.one_of({"r", "g", "b", "a"});
    const Geometry& geometry = geometry_of(in);
    Type result = in.type(e);
    in.type(e, 1);
    const Operand& source = in.operand(1);
    SmallVector<Value*> arguments{object(e, source)};
    arguments.append(coordinates(e, geometry, source));
    arguments.push_back(offsets(e, in, geometry, 2));
    Value* words = machine(e, Twine("tex.gather.") + geometry.name + "." + channel, arguments, 4);
    write_texel(e, in.operand(0), words, result);
}

/// txq.query d, [a]; txq.level.query d, [a], lod; suq.query d, [a]
void query(E& e, I& in) {
    in.hint({"b32"});
    static constexpr std::pair<StringRef, StringRef> kQueries[] = {
        {"width", "width"},
        {"height", "height"},
        {"depth", "depth"},
        {"array_size", "layers"},
        {"num_mipmap_levels", "levels"},
        {"channel_data_type", "data_type"},
        {"channel_order", "order"},
        {"normalized_coords", "normalized"},
        {"filter_mode", "filter"},
        {"addr_mode_0", "address_x"},
        {"addr_mode_1", "address_y"},
        {"addr_mode_2", "address_z"},
        {"num_samples", "samples"}};
    bool level = in.has("level");
    const Operand& source = in.operand(1);
    Value* handle = e.read(source.kind == Operand::Address ? source.parts[0] : source, e.bits(64));
    Value* lod = level ? in.read(e, 2, e.bits(32)) : e.builder.getInt32(0);
    for (auto [ptx, ours] : kQueries)
        if (in.has(ptx))
            return e.write(in.operand(0), machine(e, "tex.query." + ours, {handle, lod}, 1));
    if (!in.has("force_unnormalized_coords")) e.unsupported("this query is not supported");
    e.write(in.operand(0), e.builder.getInt32(0));
}

/// What an access of a surface is: elements, and the instruction's name behind "ld." or "st.".
struct SurfaceAccess {
    Type element;
    unsigned count;
    std::string name;
};
SurfaceAccess surface_access(E& e, I& in, const Geometry& geometry) {
    in.hint({"b", "ca", "cg", "cs", "cv", "wb", "wt"});
    SurfaceAccess access;
    access.count = in.has("v4") ? 4 : in.has("v2") ? 2 : 1;
    access.element = in.type(e);
    StringRef bound = in.one_of({"trap", "clamp", "zero"});
    unsigned bits = access.element.bits * access.count;
    if (bits > 128) e.unsupported("a vector of more than 128 bits");
    access.name = (geometry.name + "." + bound + ".b" + Twine(bits)).str();
    e.has_effects = true;
    return access;
}

/// suld.b.geom[.vec].type.clamp d, [a, c]
void surface_load(E& e, I& in) {
    const Geometry& geometry = geometry_of(in);
    SurfaceAccess access = surface_access(e, in, geometry);
    const Operand& source = in.operand(1);
    SmallVector<Value*> arguments{object(e, source)};
    arguments.append(coordinates(e, geometry, source));
    IRBuilder<>& b = e.builder;
    Value* words = machine(e, "surf.ld." + access.name, arguments, 4);
    Value* all = PoisonValue::get(FixedVectorType::get(b.getInt32Ty(), 4));
    for (unsigned i = 0; i < 4; ++i)
        all = b.CreateInsertElement(all, b.CreateExtractValue(words, i), i);
    llvm::Type* element = b.getIntNTy(access.element.bits);
    Value* values = b.CreateBitCast(all, FixedVectorType::get(element, 128 / access.element.bits));
    ArrayRef<Operand> targets = elements(in.operand(0));
    if (targets.size() != access.count)
        e.unsupported("the destination must be a vector of " + std::to_string(access.count));
    for (auto [i, target] : enumerate(targets))
        e.write(target, b.CreateExtractElement(values, i), access.element);
}

/// sust.b.geom[.vec].type.clamp [a, c], values
void surface_store(E& e, I& in) {
    const Geometry& geometry = geometry_of(in);
    SurfaceAccess access = surface_access(e, in, geometry);
    const Operand& place = in.operand(0);
    SmallVector<Value*> arguments{object(e, place)};
    arguments.append(coordinates(e, geometry, place));
    IRBuilder<>& b = e.builder;
    llvm::Type* element = b.getIntNTy(access.element.bits);
    Value* values = Constant::getNullValue(
        FixedVectorType::get(element, 128 / access.element.bits));
    ArrayRef<Operand> sources = elements(in.operand(1));
    if (sources.size() != access.count)
        e.unsupported("the value must be a vector of " + std::to_string(access.count));
    for (auto [i, source] : enumerate(sources))
        values = b.CreateInsertElement(values, e.read(source, access.element), i);
    Value* words = b.CreateBitCast(values, FixedVectorType::get(b.getInt32Ty(), 4));
    for (unsigned i = 0; i < 4; ++i)
        arguments.push_back(b.CreateExtractElement(words, i));
    machine(e, "surf.st." + access.name, arguments, 0);
}

#define ACC_GEOMETRIES "1d|2d|3d|a1d|a2d|cube|acube"
#define ACC_SURFACES "1d|2d|3d|a1d|a2d"
constexpr Form kForms[] = {
    {"tex [base] " ACC_GEOMETRIES " v4 u32|s32|f32|f16 f32|s32 : d a [e] [f]", fetch},
    {"tex [base] " ACC_GEOMETRIES " v2 f16x2 f32|s32 : d a [e] [f]", fetch},
    {"tex level " ACC_GEOMETRIES " v4 u32|s32|f32|f16 f32|s32 : d a l [e] [f]", fetch},
    {"tex level " ACC_GEOMETRIES " v2 f16x2 f32|s32 : d a l [e] [f]", fetch},
    {"tex grad " ACC_GEOMETRIES " v4 u32|s32|f32|f16 f32 : d a x y [e] [f]", fetch},
    {"tex grad " ACC_GEOMETRIES " v2 f16x2 f32 : d a x y [e] [f]", fetch},
    {"tld4 r|g|b|a 2d|a2d|cube|acube v4 u32|s32|f32 f32 : d a [e] [f]", gather},
    {"txq width|height|depth|array_size|num_mipmap_levels|num_samples|channel_data_type|"
     "channel_order|normalized_coords|force_unnormalized_coords|filter_mode|addr_mode_0|"
     "addr_mode_1|addr_mode_2 b32 : d a",
     query},
    {"txq level width|height|depth b32 : d a l", query},
    {"suq width|height|depth|array_size|channel_data_type|channel_order b32 : d a", query},
    {"suld b " ACC_SURFACES " [ca|cg|cs|cv] [v2|v4] b8|b16|b32|b64 trap|clamp|zero : d a",
     surface_load},
    {"sust b " ACC_SURFACES " [wb|cg|cs|wt] [v2|v4] b8|b16|b32|b64 trap|clamp|zero : a c",
     surface_store},
};

} // namespace

std::span<const Form> texture_forms() {
    return kForms;
}

} // namespace acc::ptx
