// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A place in PTX text.
#pragma once

#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringRef.h"

#include <optional>

namespace acc::ptx {

/// `whole` is the text that the place is in, from whose start lines are counted.
class Cursor {
  public:
    /// `dollar`: '$' may be part of a name. (In asm statements it starts an operand.)
    explicit Cursor(llvm::StringRef text, bool dollar) : rest_(text), dollar_(dollar) {}

    llvm::StringRef rest() const { return rest_; }
    bool dollar() const { return dollar_; }
    bool at_end() {
        skip();
        return rest_.empty();
    }
    void skip() { rest_ = rest_.ltrim(); }
    void advance(size_t n) { rest_ = rest_.drop_front(n); }

    bool consume(char c) {
        skip();
        return rest_.consume_front(llvm::StringRef(&c, 1));
    }
    /// The text, but not where it is the start of `unless`.
    bool consume(llvm::StringRef text, llvm::StringRef unless = {}) {
        skip();
        if (!rest_.starts_with(text) || (!unless.empty() && rest_.starts_with(unless)))
            return false;
        rest_ = rest_.drop_front(text.size());
        return true;
    }
    bool starts_with(char c) {
        skip();
        return rest_.starts_with(llvm::StringRef(&c, 1));
    }

    bool is_name(char c) const {
        return llvm::isAlnum(c) || c == '_' || c == '%' || c == '.' || (c == '$' && dollar_);
    }

    /// A name, a directive, or a number; empty when there is none.
    llvm::StringRef word() {
        skip();
        llvm::StringRef result = rest_.take_while([&](char c) { return is_name(c); });
        rest_ = rest_.drop_front(result.size());
        return result;
    }
    llvm::StringRef peek() const { return Cursor(*this).word(); }

  private:
    llvm::StringRef rest_;
    bool dollar_;
};

} // namespace acc::ptx
