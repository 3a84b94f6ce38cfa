// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Signals are the host program's business: its handlers must not run on our threads.
#pragma once

#include <csignal>

namespace acc::model {

/// While it lives, this thread gets no signals; threads that it starts meanwhile never do.
class SignalsBlocked {
  public:
    SignalsBlocked() {
        sigset_t all;
        sigfillset(&all);
        pthread_sigmask(SIG_SETMASK, &all, &before_);
    }
    ~SignalsBlocked() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
    SignalsBlocked(const SignalsBlocked&) = delete;
    SignalsBlocked& operator=(const SignalsBlocked&) = delete;

  private:
    sigset_t before_;
};

} // namespace acc::model
