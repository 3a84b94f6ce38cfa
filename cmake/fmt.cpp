// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// fmt's own functions, compiled once. Debian has fmt as headers and as a shared library, which
// libaccrt must not need; with FMT_HEADER_ONLY every file that formats a text compiles all of fmt
// again (8.6 s of CPU for a file of 50 lines, 3.9 s so). The list is what the headers declare as
// templates and fmt 9's shared library instantiates.
#include <fmt/format-inl.h>

FMT_BEGIN_NAMESPACE
namespace detail {

template dragonbox::decimal_fp<float> dragonbox::to_decimal(float) noexcept;
template dragonbox::decimal_fp<double> dragonbox::to_decimal(double) noexcept;

template locale_ref::locale_ref(const std::locale&);
template std::locale locale_ref::get<std::locale>() const;

template thousands_sep_result<char> thousands_sep_impl(locale_ref);
template char decimal_point_impl(locale_ref);

template void buffer<char>::append(const char*, const char*);
template void vformat_to(buffer<char>&, string_view, basic_format_args<buffer_context<char>>,
                         locale_ref);

} // namespace detail
FMT_END_NAMESPACE
