// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/driver/Resources.h"

#include "compiler/object/code_object.h"

namespace acc::driver {
namespace {

std::string bytes(uint64_t count, const char* of) {
    return std::to_string(count) + " bytes " + of;
}

/// The variables of the program: constants in CUDA's bank 3.
std::string memory_line(const object::CodeObject& code) {
    uint64_t global = 0, constant = 0;
    for (const object::Symbol& symbol : code.symbols()) {
        if (symbol.function) continue;
        (symbol.flags & ACC_STO_CONSTANT ? constant : global) += symbol.bytes;
    }
    return bytes(global, "gmem") + (constant ? ", " + bytes(constant, "cmem[3]") : "");
}

} // namespace

std::string resource_text(const std::vector<uint8_t>& code_object,
                          const std::map<std::string, Spills>& spills) {
    object::CodeObject reader(code_object);
    const std::string info = "ptxas info    : ";
    std::string text = info + memory_line(reader) + "\n";
    for (const object::KernelInfo& kernel : reader.kernels()) {
        const acc_kernel_descriptor& needs = kernel.descriptor;
        const std::string name(kernel.name);
        const auto spilled = spills.find(name);
        const Spills spill = spilled != spills.end() ? spilled->second : Spills();
        text += info + "Compiling entry function '" + name + "' for 'sm_" +
                std::to_string(reader.sm()) + "'\n";
        text += info + "Function properties for " + name + "\n    " +
                bytes(needs.local_bytes, "stack frame") + ", " +
                bytes(spill.stores, "spill stores") + ", " + bytes(spill.loads, "spill loads") +
                "\n";
        text += info + "Used " + std::to_string(needs.num_regs) + " registers, used " +
                std::to_string(needs.num_barriers) + " barriers";
        if (needs.shared_bytes) text += ", " + bytes(needs.shared_bytes, "smem");
        text += ", " + bytes(needs.kernarg_bytes, "cmem[0]") + "\n";
    }
    return text;
}

} // namespace acc::driver
