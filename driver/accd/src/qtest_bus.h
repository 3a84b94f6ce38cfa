// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <string>

#include "driver/accd/src/msix.h"
#include "driver/accd/src/unique_fd.h"

namespace acc::accd {

/// Sends interrupt messages with QEMU's qtest protocol ("writel ADDRESS DATA"): x-pci-proxy-dev
/// itself only has an INTx pin, and that needs KVM.
class QtestBus final : public MessageBus {
  public:
    explicit QtestBus(UniqueFd socket) : socket_(std::move(socket)) {}
    bool write(const InterruptMessage&) override;

  private:
    bool read_reply();
    UniqueFd socket_;
    bool gone_ = false;
};

} // namespace acc::accd
