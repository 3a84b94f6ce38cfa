# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Settings that hold for every target: language, warnings, output folders, RPATH, ccache.

set(ACC_ROOMS "all" CACHE STRING "Rooms to build, a ;-separated list of folders, or 'all'")
option(ACC_WERROR "Treat warnings as errors" OFF)
set(ACC_SANITIZE "" CACHE STRING "Sanitizers for -fsanitize=, e.g. address,undefined or thread")

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_C_STANDARD 17)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_C_VISIBILITY_PRESET hidden)
set(CMAKE_CXX_VISIBILITY_PRESET hidden)
set(CMAKE_VISIBILITY_INLINES_HIDDEN ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

if(NOT CMAKE_BUILD_TYPE)
    set(CMAKE_BUILD_TYPE Release CACHE STRING "Build type" FORCE)
endif()
# Sanitizers compile in little more than half the time at -O1, and what they find is the same.
if(ACC_SANITIZE)
    set(acc_optimization -O1)
else()
    set(acc_optimization -O2)
endif()
set(CMAKE_C_FLAGS_RELEASE "${acc_optimization} -g1 -DNDEBUG")
set(CMAKE_CXX_FLAGS_RELEASE "${acc_optimization} -g1 -DNDEBUG")

# The build tree has the shape of the toolkit (bin, lib64, include), so a program built by
# build/<preset>/bin/accc finds its headers and libraries exactly as it does in build/toolkit.
# Tests go to test-bin, on the same level, so that one relative RPATH serves all.
set(ACC_BIN_DIR "${CMAKE_BINARY_DIR}/bin")
set(ACC_LIB_DIR "${CMAKE_BINARY_DIR}/lib64")
set(ACC_TEST_BIN_DIR "${CMAKE_BINARY_DIR}/test-bin")
set(ACC_DEVICELIB_DIR "${ACC_LIB_DIR}/acc") # device bitcode; accc looks in <bin>/../lib64/acc
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY "${ACC_BIN_DIR}")
set(CMAKE_LIBRARY_OUTPUT_DIRECTORY "${ACC_LIB_DIR}")
set(CMAKE_ARCHIVE_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/lib")
file(MAKE_DIRECTORY "${ACC_BIN_DIR}" "${ACC_LIB_DIR}" "${ACC_TEST_BIN_DIR}" "${ACC_DEVICELIB_DIR}")

# Relative RPATHs only: what is built can be copied anywhere as a tree.
set(CMAKE_BUILD_WITH_INSTALL_RPATH ON)
set(CMAKE_INSTALL_RPATH "$ORIGIN:$ORIGIN/../lib64")

find_program(ACC_CCACHE ccache)
mark_as_advanced(ACC_CCACHE)
if(ACC_CCACHE)
    # Paths below the tree are hashed relative to it: another clone or worktree of the same sources hits.
    set(acc_launcher "${CMAKE_COMMAND}" -E env "CCACHE_BASEDIR=${CMAKE_SOURCE_DIR}" CCACHE_NOHASHDIR=1 "${ACC_CCACHE}")
    set(CMAKE_C_COMPILER_LAUNCHER "${acc_launcher}")
    set(CMAKE_CXX_COMPILER_LAUNCHER "${acc_launcher}")
endif()

# Only the system's Python is used: the scripts need nothing beyond its standard library.
find_program(ACC_PYTHON NAMES python3 PATHS /usr/bin NO_DEFAULT_PATH REQUIRED)
set(Python3_EXECUTABLE "${ACC_PYTHON}" CACHE FILEPATH "Python for find_package(Python3)")

# -Wpedantic is left out: threaded dispatch needs computed goto.
add_compile_options(-Wall -Wextra -Wimplicit-fallthrough -Wno-unused-parameter)
add_compile_options($<$<COMPILE_LANGUAGE:CXX>:-Wnon-virtual-dtor> $<$<COMPILE_LANGUAGE:CXX>:-Woverloaded-virtual>)
if(ACC_WERROR)
    add_compile_options(-Werror)
endif()

# No absolute source path in what we ship (debug info, __FILE__).
add_compile_options("-ffile-prefix-map=${CMAKE_SOURCE_DIR}/=")

if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    add_link_options(-fuse-ld=lld)
endif()

if(ACC_SANITIZE)
    add_compile_options(-fsanitize=${ACC_SANITIZE} -fno-omit-frame-pointer)
    add_link_options(-fsanitize=${ACC_SANITIZE})
else()
    # Sanitised shared libraries leave the runtime's symbols to the executable; others must be closed.
    add_link_options($<$<STREQUAL:$<TARGET_PROPERTY:TYPE>,SHARED_LIBRARY>:-Wl,-z,defs>)
endif()
