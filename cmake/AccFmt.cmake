# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# fmt and spdlog as Debian packages them, compiled into who uses them: libaccrt.so runs on machines
# that have neither library (Debian has no static archives of them). Their names stay hidden by the
# export map.
#
#   acc_use_fmt()   defines `acc_fmt` and `acc_spdlog`: no shared library behind them. fmt's own functions are the static
#                   library `accfmt`; spdlog is headers only.
macro(acc_use_fmt)
    find_package(fmt REQUIRED)
    find_package(spdlog REQUIRED)
    if(NOT TARGET acc_fmt)
        add_library(accfmt STATIC "${CMAKE_SOURCE_DIR}/cmake/fmt.cpp")
        add_library(acc_fmt INTERFACE)
        target_link_libraries(acc_fmt INTERFACE accfmt)
        # Not the imported spdlog targets: they link the shared libfmt.
        add_library(acc_spdlog INTERFACE)
        target_compile_definitions(acc_spdlog INTERFACE SPDLOG_FMT_EXTERNAL)
        target_link_libraries(acc_spdlog INTERFACE acc_fmt)
    endif()
endmacro()
