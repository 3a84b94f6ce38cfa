// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Is a kernel descriptor one that this instruction set can have? From the table alone
// (host/CodeObject.td); what depends on where the descriptor lies (the entry) is not looked at.
#pragma once

#include <cstdint>

#include <acc/spec/acc_code_object.h>
#include <acc/spec/acc_mmu.h>

namespace acc::spec {

struct DescriptorError {
    const char* member = nullptr; ///< of acc_kernel_descriptor; null: nothing is wrong
    uint32_t offset = 0;          ///< in the descriptor
};

/// The first member that is wrong.
constexpr DescriptorError descriptor_error(const acc_kernel_descriptor& d) {
#define ACC_DESCRIPTOR_RULE(member, offset, wrong)                                                 \
    if (wrong) return {member, offset};
#include <acc/spec/acc_descriptor_rules.inc>
    return {};
}

} // namespace acc::spec
