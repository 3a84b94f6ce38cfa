// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "driver/model/jit/products.h"

namespace acc::model::interp::products_v3 {
void list_products(jit::Products& products);
}
namespace acc::model::interp::products_v4 {
void list_products(jit::Products& products);
}

namespace acc::model::jit {

const Products& products(bool masks) {
    static const auto list = [](void (*fill)(Products&)) {
        Products p{};
        fill(p);
        return p;
    };
    static const Products without = list(interp::products_v3::list_products),
                          with = list(interp::products_v4::list_products);
    return masks ? with : without;
}

} // namespace acc::model::jit
