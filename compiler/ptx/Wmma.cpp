// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// wmma.load, wmma.store, wmma.mma. Semantics: PTX ISA, 9.7.14.4. Where the elements of a fragment
// are, PTX leaves open; here they are where the machine's products want them:
//  - A fragment is the fragments of the products that its matrix is cut into, one after the other:
//    of A pieces of 16 rows (8, where the matrix has no more), of B pieces of 8 columns, of
//    accumulators all pieces of a row of pieces.
//  - A matrix A of 8 rows next to a B of 32 columns is no product of the machine; the transposed
//    one is: A is B's operand, B is A's, and accumulators are transposed.
//  - A fragment of f16 has 8 registers in any case; the last ones repeat the first.
#include "compiler/ptx/Matrix.h"
#include "compiler/ptx/Memory.h"

#include "llvm/IR/IntrinsicsNVPTX.h"

using namespace llvm;

namespace acc::ptx {
namespace {

using E = Emitter;
using I = Instruction;

/// How a shape of wmma is made of products.
struct Pieces {
    unsigned m = 0, n = 0, k = 0; ///< of the whole, as the program sees it
    bool transposed = false;
    unsigned rows = 16;  ///< of a product
    unsigned down = 0;   ///< products below each other,
    unsigned across = 0; ///< and beside each other
};

Pieces pieces_of(I& in) {
    Pieces p;
    StringRef rest = in.one_of(
        {"m16n16k16", "m32n8k16", "m8n32k16", "m16n16k8", "m8n8k4", "m8n8k32", "m8n8k128"});
    auto number = [&](StringRef letter, unsigned& to) {
        rest.consume_front(letter);
        rest.consumeInteger(10, to);
    };
    number("m", p.m);
    number("n", p.n);
    number("k", p.k);
    p.transposed = p.m == 8 && p.n == 32;
    if (p.m == 8 && p.n == 8) p.rows = 8;
    p.down = (p.transposed ? p.n : p.m) / p.rows;
    p.across = (p.transposed ? p.m : p.n) / 8;
    return p;
}

/// One operand of wmma.
struct Fragment {
    unsigned bits = 0;     ///< of an element
    unsigned pieces = 0;   ///< that have registers of their own
    unsigned in_piece = 0; ///< registers of each
    unsigned count = 0;    ///< registers in the program
    unsigned outer = 0;    ///< rows of a piece (columns of B): what has a thread's number / 4
    bool accumulator = false;
    bool is_double() const { return bits == 64; }
    unsigned in_register() const { return bits == 64 ? 1 : 32 / bits; }
};

unsigned bits_of(StringRef type) {
    if (type == "f64") return 64;
    if (type == "f16" || type == "bf16") return 16;
    if (type == "s8" || type == "u8") return 8;
    if (type == "s4" || type == "u4") return 4;
    return type == "b1" ? 1 : 32;
}

/// `letter`: a, b, or c for accumulators.
Fragment fragment_of(const Pieces& p, char letter, StringRef type) {
    Fragment f;
    f.bits = bits_of(type);
    const unsigned width = f.is_double() ? 64 : 32;
    f.accumulator = letter == 'c';
    if (f.accumulator) {
        f.pieces = p.down * p.across;
        f.outer = p.rows;
        f.in_piece = p.rows * 8 * f.bits / 32 / width;
    } else {
        const bool first = (letter == 'a') != p.transposed; // is it A of the products
        f.pieces = first ? p.down : p.across;
        f.outer = first ? p.rows : 8;
        f.in_piece = f.outer * p.k * f.bits / 32 / width;
    }
    f.count = f.pieces * f.in_piece;
    if (type == "f16" && !f.accumulator) f.count = 8;
    return f;
}

/// Where a thread's part of a fragment is in memory. A matrix is lines of `stride` elements; the
/// thread's number is 4 * g + t.
class Walk {
  public:
    Walk(E& e, I& in, const Fragment& f, const Pieces& p, char letter, size_t address,
         size_t stride)
        : e_(e), f_(f) {
        const bool by_rows = in.nth_of(0, {"row", "col"}) == "row";
        // Elements of a register are neighbours along k (of B along its rows), in accumulators
        // along the columns of the product.
        lines_are_outer_ = by_rows == (letter == 'a' || (letter == 'c' && !p.transposed));
        space_ = space_of(in);
        pointer_ = e.read_address(in.operand(address), space_);
        Value* line;
        if (in.count() > stride) {
            line = in.read(e, stride, e.bits(32));
        } else {
            const unsigned rows = letter == 'b' ? p.k : p.m, columns = letter == 'a' ? p.k : p.n;
            line = e.builder.getInt32(by_rows ? columns : rows);
        }
        IRBuilder<>& b = e.builder;
        stride_ = b.CreateZExt(line, b.getInt64Ty());
        Value* lane = e.call(Intrinsic::nvvm_read_ptx_sreg_laneid);
        Value* t = b.CreateMul(b.CreateAnd(lane, 3),
                               b.getInt32(f.accumulator ? 2 : f.in_register()));
        Value* g = b.CreateZExt(b.CreateLShr(lane, 2), b.getInt64Ty());
        t = b.CreateZExt(t, b.getInt64Ty());
        start_ = lines_are_outer_ ? at(g, t) : at(t, g);
    }

    /// Neighbours in a register are neighbours in memory.
    bool contiguous() const { return lines_are_outer_; }
    /// Address of the element in column (along k, or of an accumulator) `inner`, row `outer` of
    /// those that the thread's numbers give; its elements are aligned as wmma wants.
    Value* address(unsigned outer, unsigned inner) {
        IRBuilder<>& b = e_.builder;
        Value* distance = lines_are_outer_ ? at(b.getInt64(outer), b.getInt64(inner))
                                           : at(b.getInt64(inner), b.getInt64(outer));
        return b.CreatePtrAdd(b.CreatePtrAdd(pointer_, start_), distance);
    }

  private:
    /// Bytes from the start of the matrix to the place in this line.
    Value* at(Value* line, Value* place) {
        IRBuilder<>& b = e_.builder;
        Value* elements = b.CreateAdd(b.CreateMul(line, stride_), place);
        if (f_.bits >= 8) return b.CreateMul(elements, b.getInt64(f_.bits / 8));
        return b.CreateLShr(elements, f_.bits == 4 ? 1 : 3);
    }

    E& e_;
    const Fragment& f_;
    bool lines_are_outer_ = false;
    unsigned space_ = 0;
    Value *pointer_ = nullptr, *stride_ = nullptr, *start_ = nullptr;
};

/// Calls f(outer, inner) for each register of a piece (of accumulators: each pair of elements):
/// the place of its first element, beyond what the thread's number gives.
template <class F>
void each_register(const Fragment& f, const Pieces& p, F use) {
    for (unsigned piece = 0; piece < f.pieces; ++piece) {
        if (f.accumulator) {
            const unsigned down = piece / p.across * p.rows, across = piece % p.across * 8;
            for (unsigned row = 0; row < p.rows; row += 8)
                use(down + row, across);
            continue;
        }
        const unsigned step = f.outer == 16 ? 2 : 1; // registers below each other
        for (unsigned r = 0; r < f.in_piece; ++r)
            use(piece * f.outer + 8 * (r % step), p.k / 2 * (r / step));
    }
}

Value* load(E& e, llvm::Type* type, Value* address, unsigned bytes) {
    return e.builder.CreateAlignedLoad(type, address, Align(bytes), e.is_volatile);
}

/// One word from elements that lie apart.
Value* load_apart(E& e, const Fragment& f, Walk& walk, unsigned outer, unsigned inner) {
    IRBuilder<>& b = e.builder;
    Value* word = b.getInt32(0);
    for (unsigned i = 0; i < f.in_register(); ++i) {
        Value* element = load(e, b.getIntNTy(f.bits), walk.address(outer, inner + i), f.bits / 8);
        word = b.CreateOr(word, b.CreateShl(b.CreateZExt(element, b.getInt32Ty()), i * f.bits));
    }
    return word;
}

void wmma_load(E& e, I& in, char letter, StringRef type) {
    e.has_effects |= e.is_volatile;
    in.hint({"load", "mma", "sync", "aligned", "row", "col"});
    const Pieces p = pieces_of(in);
    const Fragment f = fragment_of(p, letter, type);
    Walk walk(e, in, f, p, letter, 1, 2);
    IRBuilder<>& b = e.builder;
    SmallVector<Value*> values;
    const bool pairs = f.accumulator && f.bits >= 32;
    llvm::Type* element = f.is_double() ? b.getDoubleTy() : b.getInt32Ty();
    const unsigned bytes = f.is_double() ? 8 : 4;
    each_register(f, p, [&](unsigned outer, unsigned inner) {
        if (pairs && walk.contiguous()) {
            Value* both = load(e, FixedVectorType::get(element, 2), walk.address(outer, inner),
                               2 * bytes);
            values.push_back(b.CreateExtractElement(both, uint64_t{0}));
            values.push_back(b.CreateExtractElement(both, 1));
        } else if (pairs) {
            values.push_back(load(e, element, walk.address(outer, inner), bytes));
            values.push_back(load(e, element, walk.address(outer, inner + 1), bytes));
        } else if (walk.contiguous() || f.in_register() == 1) {
            values.push_back(load(e, element, walk.address(outer, inner), bytes));
        } else {
            values.push_back(load_apart(e, f, walk, outer, inner));
        }
    });
    const size_t own = values.size();
    for (size_t i = own; i < f.count; ++i)
        values.push_back(values[i % own]);
    write_registers(e, in.operand(0), values);
}

void wmma_load_input(E& e, I& in) {
    const StringRef type = in.one_of({"f16", "bf16", "tf32", "f64", "s8", "u8", "s4", "u4", "b1"});
    wmma_load(e, in, in.one_of({"a", "b"})[0], type);
}
void wmma_load_accumulator(E& e, I& in) {
    in.hint({"c"});
    wmma_load(e, in, 'c', in.one_of({"f16", "f32", "f64", "s32"}));
}

// Ordinary stores: a statement without results is volatile whether it says so or not.
void wmma_store(E& e, I& in) {
    e.has_effects |= e.is_volatile;
    in.hint({"store", "sync", "aligned", "d", "row", "col"});
    const StringRef type = in.one_of({"f16", "f32", "f64", "s32"});
    const Pieces p = pieces_of(in);
    const Fragment f = fragment_of(p, 'c', type);
    Walk walk(e, in, f, p, 'c', 0, 2);
    IRBuilder<>& b = e.builder;
    const SmallVector<Value*> values = read_registers(
        e, in.operand(1), f.count, f.is_double() ? e.type_of("f64") : e.bits(32));
    size_t next = 0;
    auto store = [&](Value* value, Value* address, unsigned bytes) {
        b.CreateAlignedStore(value, address, Align(bytes));
    };
    const unsigned bytes = f.bits / 8;
    each_register(f, p, [&](unsigned outer, unsigned inner) {
        if (f.bits == 16) { // a word of two
            Value* word = values[next++];
            if (walk.contiguous()) return store(word, walk.address(outer, inner), 4);
            for (unsigned i = 0; i < 2; ++i)
                store(b.CreateTrunc(b.CreateLShr(word, 16 * i), b.getInt16Ty()),
                      walk.address(outer, inner + i), 2);
            return;
        }
        Value *first = values[next++], *second = values[next++];
        if (walk.contiguous()) {
            Value* both = PoisonValue::get(FixedVectorType::get(first->getType(), 2));
            both = b.CreateInsertElement(both, first, uint64_t{0});
            both = b.CreateInsertElement(both, second, 1);
            return store(both, walk.address(outer, inner), 2 * bytes);
        }
        store(first, walk.address(outer, inner), bytes);
        store(second, walk.address(outer, inner + 1), bytes);
    });
}

/// Accumulators of f16 as those of f32, and back.
SmallVector<Value*> widen(E& e, ArrayRef<Value*> words) {
    IRBuilder<>& b = e.builder;
    SmallVector<Value*> result;
    for (Value* word : words) {
        Value* halves = b.CreateBitCast(word, FixedVectorType::get(b.getHalfTy(), 2));
        for (uint64_t i = 0; i < 2; ++i)
            result.push_back(b.CreateBitCast(
                b.CreateFPExt(b.CreateExtractElement(halves, i), b.getFloatTy()), b.getInt32Ty()));
    }
    return result;
}
SmallVector<Value*> narrow(E& e, ArrayRef<Value*> words) {
    IRBuilder<>& b = e.builder;
    SmallVector<Value*> result;
    for (size_t i = 0; i < words.size(); i += 2) {
        Value* halves = PoisonValue::get(FixedVectorType::get(b.getHalfTy(), 2));
        for (uint64_t j = 0; j < 2; ++j)
            halves = b.CreateInsertElement(
                halves,
                b.CreateFPTrunc(b.CreateBitCast(words[i + j], b.getFloatTy()), b.getHalfTy()), j);
        result.push_back(b.CreateBitCast(halves, b.getInt32Ty()));
    }
    return result;
}

/// d = a * b + c, piece by piece. `name`: of the machine's product; C comes and D goes in the types
/// that are named.
void wmma_multiply(E& e, I& in, const Pieces& p, const std::string& name, StringRef a, StringRef b,
                   StringRef c, StringRef d) {
    e.has_effects = true;
    in.hint({"load", "mma", "sync", "aligned", "row", "col"});
    const Fragment fa = fragment_of(p, 'a', a), fb = fragment_of(p, 'b', b),
                   fc = fragment_of(p, 'c', c);
    const Type type = fa.is_double() ? e.type_of("f64") : e.bits(32);
    SmallVector<Value*> va = read_registers(e, in.operand(1), fa.count, type),
                        vb = read_registers(e, in.operand(2), fb.count, type),
                        vc = read_registers(e, in.operand(3), fc.count, type);
    const bool wide = c == "f32" || d == "f32";
    if (c == "f16" && wide) vc = widen(e, vc);
    Product product;
    product.name = name;
    product.is_double = fa.is_double();
    const Fragment &first = p.transposed ? fb : fa, &second = p.transposed ? fa : fb;
    const ArrayRef<Value*> vf = p.transposed ? vb : va, vs = p.transposed ? va : vb;
    product.a = first.in_piece;
    product.b = second.in_piece;
    product.c = unsigned(vc.size()) / (p.down * p.across);
    SmallVector<Value*> result;
    for (unsigned i = 0; i < p.down; ++i)
        for (unsigned j = 0; j < p.across; ++j)
            append_range(result, multiply(e, product, vf.slice(i * product.a, product.a),
                                          vs.slice(j * product.b, product.b),
                                          ArrayRef<Value*>(vc).slice(result.size(), product.c)));
    write_registers(e, in.operand(0), d == "f16" && wide ? narrow(e, result) : result);
}

/// f16 inputs: only the accumulators are named.
void wmma_half(E& e, I& in) {
    const StringRef d = in.nth_of(0, {"f16", "f32"}), c = in.nth_of(1, {"f16", "f32"});
    const bool wide = c == "f32" || d == "f32";
    wmma_multiply(e, in, pieces_of(in),
                  wide ? "mma.m16n8k16.f32.f16.f16" : "mma.m16n8k16.f16.f16.f16", "f16", "f16", c,
                  d);
}

void wmma_float(E& e, I& in) {
    const bool is_bf16 = in.one_of({"bf16", "tf32"}) == "bf16";
    const char* input = is_bf16 ? "bf16" : "tf32";
    in.hint({"f32"});
    wmma_multiply(e, in, pieces_of(in),
                  is_bf16 ? "mma.m16n8k16.f32.bf16.bf16" : "mma.m16n8k8.f32.tf32.tf32", input,
                  input, "f32", "f32");
}

void wmma_double(E& e, I& in) {
    in.hint({"f64", "rn"});
    wmma_multiply(e, in, pieces_of(in), "mma.m8n8k4.f64", "f64", "f64", "f64", "f64");
}

void wmma_integer(E& e, I& in) {
    const StringRef a = in.nth_of(0, {"s8", "u8", "s4", "u4"}),
                    b = in.nth_of(1, {"s8", "u8", "s4", "u4"});
    in.hint({"s32"});
    const Pieces p = pieces_of(in);
    std::string name = a.ends_with("8") ? "mma.m16n8k16.s32.i8" : "mma.m8n8k32.s32.i4";
    name += in.suffix("satfinite");
    const StringRef first = p.transposed ? b : a, second = p.transposed ? a : b;
    if (first[0] == 'u') name += ".u8";
    if (second[0] == 'u') name += ".ub";
    wmma_multiply(e, in, p, name, a, b, "s32", "s32");
}

void wmma_bits(E& e, I& in) {
    in.hint({"popc", "b1", "s32"});
    const bool is_and = in.one_of({"xor", "and"}) == "and";
    wmma_multiply(e, in, pieces_of(in), is_and ? "mma.m8n8k128.s32.b1.and" : "mma.m8n8k128.s32.b1",
                  "b1", "b1", "s32", "s32");
}

// clang-format off
constexpr Form kForms[] = {
    {"wmma load a|b sync aligned row|col m16n16k16|m32n8k16|m8n32k16 [$wspace] f16|bf16|s8|u8 : r p [s]", wmma_load_input},
    {"wmma load a|b sync aligned row|col m16n16k8 [$wspace] tf32 : r p [s]", wmma_load_input},
    {"wmma load a|b sync aligned row|col m8n8k4 [$wspace] f64 : r p [s]", wmma_load_input},
    {"wmma load a sync aligned row m8n8k32 [$wspace] s4|u4 : r p [s]", wmma_load_input},
    {"wmma load b sync aligned col m8n8k32 [$wspace] s4|u4 : r p [s]", wmma_load_input},
    {"wmma load a sync aligned row m8n8k128 [$wspace] b1 : r p [s]", wmma_load_input},
    {"wmma load b sync aligned col m8n8k128 [$wspace] b1 : r p [s]", wmma_load_input},
    {"wmma load c sync aligned row|col m16n16k16|m32n8k16|m8n32k16 [$wspace] f16|f32|s32 : r p [s]", wmma_load_accumulator},
    {"wmma load c sync aligned row|col m16n16k8 [$wspace] f32 : r p [s]", wmma_load_accumulator},
    {"wmma load c sync aligned row|col m8n8k4 [$wspace] f64 : r p [s]", wmma_load_accumulator},
    {"wmma load c sync aligned row|col m8n8k32|m8n8k128 [$wspace] s32 : r p [s]", wmma_load_accumulator},
    {"wmma store d sync aligned row|col m16n16k16|m32n8k16|m8n32k16 [$wspace] f16|f32|s32 : p r [s]", wmma_store},
    {"wmma store d sync aligned row|col m16n16k8 [$wspace] f32 : p r [s]", wmma_store},
    {"wmma store d sync aligned row|col m8n8k4 [$wspace] f64 : p r [s]", wmma_store},
    {"wmma store d sync aligned row|col m8n8k32|m8n8k128 [$wspace] s32 : p r [s]", wmma_store},
    {"wmma mma sync aligned row|col row|col m16n16k16|m32n8k16|m8n32k16 f16|f32 f16|f32 : d a b c", wmma_half},
    {"wmma mma sync aligned row|col row|col m16n16k16|m32n8k16|m8n32k16 f32 bf16 bf16 f32 : d a b c", wmma_float},
    {"wmma mma sync aligned row|col row|col m16n16k8 f32 tf32 tf32 f32 : d a b c", wmma_float},
    {"wmma mma sync aligned row|col row|col m8n8k4 [rn] f64 f64 f64 f64 : d a b c", wmma_double},
    {"wmma mma sync aligned row|col row|col m16n16k16|m32n8k16|m8n32k16 s32 s8 s8 s32 [satfinite] : d a b c", wmma_integer},
    {"wmma mma sync aligned row|col row|col m16n16k16|m32n8k16|m8n32k16 s32 u8 u8 s32 [satfinite] : d a b c", wmma_integer},
    {"wmma mma sync aligned row col m8n8k32 s32 s4 s4 s32 [satfinite] : d a b c", wmma_integer},
    {"wmma mma sync aligned row col m8n8k32 s32 u4 u4 s32 [satfinite] : d a b c", wmma_integer},
    {"wmma mma xor|and popc sync aligned row col m8n8k128 s32 b1 b1 s32 : d a b c", wmma_bits},
};
// clang-format on

} // namespace

std::span<const Form> wmma_forms() {
    return kForms;
}

} // namespace acc::ptx
