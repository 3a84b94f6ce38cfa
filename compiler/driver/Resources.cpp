// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/driver/Resources.h"

#include "compiler/object/code_object.h"

namespace acc::driver {

std::string resource_text(const std::vector<uint8_t>& code_object) {
    object::CodeObject reader(code_object);
    std::string text;
    for (const object::KernelInfo& kernel : reader.kernels()) {
        const acc_kernel_descriptor& needs = kernel.descriptor;
        text += "ptxas info    : Compiling entry function '" + std::string(kernel.name) +
                "' for 'acc1'\n";
        text += "ptxas info    : Function properties for " + std::string(kernel.name) + "\n    " +
                std::to_string(needs.local_bytes) + " bytes stack frame\n";
        text += "ptxas info    : Used " + std::to_string(needs.num_regs) + " registers, used " +
                std::to_string(needs.num_barriers) + " barriers";
        if (needs.shared_bytes) text += ", " + std::to_string(needs.shared_bytes) + " bytes smem";
        text += ", " + std::to_string(needs.kernarg_bytes) + " bytes cmem[0]\n";
    }
    return text;
}

} // namespace acc::driver
