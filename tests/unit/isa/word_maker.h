// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Valid words of a row for the tests: one plain word, and words that vary one thing at a time.
#pragma once

#include <functional>

#include <acc/spec/isa_table.h>

namespace acc::isa::test {

/// A valid word: guard pt, registers rz, predicates pt, immediate 0, every modifier the smallest
/// value its rules allow.
Word plain_word(const RowInfo& row, unsigned form);

/// Calls `visit` with plain_word and with every word that differs from it in one guard, operand or
/// modifier value, trying all predicates, all legal first registers, interesting immediates, and
/// every value of each modifier (with `needs` set along).
void for_each_variant(const RowInfo& row, unsigned form, const std::function<void(Word)>& visit);

/// Calls `visit` for every row and each form it has.
void for_each_form(const std::function<void(const RowInfo&, unsigned form)>& visit);

} // namespace acc::isa::test
