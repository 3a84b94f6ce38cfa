# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# LLVM 22 as Debian packages it. Nothing here runs until a room asks for it, so that the model and the
# runtime configure and link on a machine without LLVM's development packages.
#
#   acc_use_llvm()    defines `acc_llvm`: the headers and the shared libLLVM-22
#   acc_link_llvm_statically(TARGET component...)
#                     the same headers, and LLVM's archives of these components
#   acc_tablegen(OUT  <file.inc> SOURCE <x.td> ARGS -gen-... [DEPENDS more.td ...])
#                     runs llvm-tblgen; OUT is relative to the current binary folder
#
# The target carries plain paths instead of LLVM's imported ones: those are visible only in the
# folder that called find_package.

set(ACC_LLVM_ROOT "/usr/lib/llvm-22" CACHE PATH "Root of the LLVM 22 installation")

# A macro because find_package sets variables (LLVM_INCLUDE_DIRS, ...) that the caller may want.
macro(acc_use_llvm)
    find_package(LLVM 22.1 REQUIRED CONFIG PATHS "${ACC_LLVM_ROOT}" NO_DEFAULT_PATH)
    if(NOT TARGET acc_llvm)
        add_library(acc_llvm INTERFACE)
        target_include_directories(acc_llvm SYSTEM INTERFACE ${LLVM_INCLUDE_DIRS})
        separate_arguments(acc_llvm_definitions NATIVE_COMMAND "${LLVM_DEFINITIONS}")
        # LLVM_DEFINITIONS carries the macros of LLVM's own build; NDEBUG stays our decision.
        list(REMOVE_ITEM acc_llvm_definitions -DNDEBUG)
        target_compile_options(acc_llvm INTERFACE ${acc_llvm_definitions})
        target_link_libraries(acc_llvm INTERFACE "${LLVM_LIBRARY_DIR}/libLLVM-22.so")
    endif()
    set(ACC_LLVM_TBLGEN "${LLVM_TOOLS_BINARY_DIR}/llvm-tblgen")
endmacro()

function(acc_link_llvm_statically target)
    execute_process(COMMAND "${ACC_LLVM_ROOT}/bin/llvm-config" --link-static --libfiles ${ARGN}
                    OUTPUT_VARIABLE libraries OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
    separate_arguments(libraries NATIVE_COMMAND "${libraries}")
    target_include_directories(${target} SYSTEM PRIVATE $<TARGET_PROPERTY:acc_llvm,INTERFACE_INCLUDE_DIRECTORIES>)
    target_compile_options(${target} PRIVATE $<TARGET_PROPERTY:acc_llvm,INTERFACE_COMPILE_OPTIONS>)
    target_link_libraries(${target} PRIVATE ${libraries} z zstd dl m)
endfunction()

function(acc_tablegen)
    cmake_parse_arguments(arg "" "OUT;SOURCE" "ARGS;DEPENDS" ${ARGN})
    cmake_path(ABSOLUTE_PATH arg_OUT BASE_DIRECTORY "${CMAKE_CURRENT_BINARY_DIR}")
    cmake_path(ABSOLUTE_PATH arg_SOURCE BASE_DIRECTORY "${CMAKE_CURRENT_SOURCE_DIR}")
    add_custom_command(
        OUTPUT "${arg_OUT}"
        COMMAND "${ACC_LLVM_ROOT}/bin/llvm-tblgen" ${arg_ARGS} "${arg_SOURCE}" -o "${arg_OUT}"
                -d "${arg_OUT}.d" -I "${CMAKE_CURRENT_SOURCE_DIR}" -I "${CMAKE_SOURCE_DIR}/include"
                -I "${ACC_LLVM_ROOT}/include"
        DEPFILE "${arg_OUT}.d"
        DEPENDS "${arg_SOURCE}" ${arg_DEPENDS}
        COMMENT "tblgen ${arg_OUT}"
        VERBATIM)
endfunction()
