// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Compiled for each kind of host, in a namespace of its own (ACC_SIMD).
#include "driver/model/jit/products.h"

#include "driver/model/src/interp/simd/products.h"

namespace acc::model::interp::ACC_SIMD {

/// Puts what there is into `products`.
void list_products(jit::Products& products);

namespace {

#ifdef __AVX512F__
template <class EA, class EB, int K, bool Half>
__attribute__((regcall)) Registers<Half, 1> one(uint32_t mods, const char* rows_a, float* a,
                                                const char* rows_b, float* b,
                                                Registers<Half, 1> c) {
    if (rows_a) unpack_a<EA, EB, K>(mods, rows_a, a);
    if (rows_b) unpack_b<EA, EB, K>(mods, rows_b, b);
    asm volatile("" ::: "memory");
    f32h sum[8];
    take_registers(c, sum);
    const float* const all[] = {b};
    multiply_floats<EA, EB, K, 1>(a, all, sum);
    return give_registers<Half, 1>(sum);
}
template <class EA, class EB, int K, bool Half>
__attribute__((regcall)) Registers<Half, 2> two(uint32_t mods, const char* rows_a, float* a,
                                                const char* rows_b0, float* b0, const char* rows_b1,
                                                float* b1, Registers<Half, 2> c) {
    if (rows_a) unpack_a<EA, EB, K>(mods, rows_a, a);
    if (rows_b0) unpack_b<EA, EB, K>(mods, rows_b0, b0);
    if (rows_b1) unpack_b<EA, EB, K>(mods, rows_b1, b1);
    asm volatile("" ::: "memory");
    f32h sum[16];
    take_registers(c, sum);
    const float* const all[] = {b0, b1};
    multiply_floats<EA, EB, K, 2>(a, all, sum);
    return give_registers<Half, 2>(sum);
}
template <class EA, class EB, int K, bool Half>
void set_fused(jit::Product& product) {
    typedef Layout<EA, EB, K> L;
    static_assert(L::FloatsA <= jit::kUnpackedA && L::FloatsB <= jit::kUnpackedB);
    product.fused[0] = (void*)one<EA, EB, K, Half>;
    product.fused[1] = (void*)two<EA, EB, K, Half>;
}
#endif

struct Lister {
    jit::Products* products;
    template <Product* F>
    jit::Product& next(unsigned opcode) {
        jit::Product& product = products->all[products->count++];
        product = {opcode, F, {nullptr, nullptr}};
        return product;
    }
    template <Product* F>
    void add(unsigned opcode) {
        next<F>(opcode);
    }
    template <class EA, class EB, int K, bool Half>
    void add_floats(unsigned opcode) {
        [[maybe_unused]] jit::Product& product = next<mma_float<EA, EB, K, Half>>(opcode);
#ifdef __AVX512F__
        set_fused<EA, EB, K, Half>(product);
#endif
    }
};

} // namespace

void list_products(jit::Products& products) {
    visit_products(Lister{&products});
}

} // namespace acc::model::interp::ACC_SIMD
