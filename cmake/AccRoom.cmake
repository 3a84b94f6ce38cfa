# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# What a room's CMakeLists.txt is written with.
#
#   acc_library(name [STATIC|SHARED|OBJECT|INTERFACE] [SOURCES a.cpp ...] [LIBS x ...] [PRIVATE_LIBS y ...])
#       A library (STATIC when nothing is said). LIBS are seen by its users too, PRIVATE_LIBS are not.
#       Include paths: the repository's include/ folder and the root (so that a header of another
#       room reads "runtime/core/stream.h", which is also what the dependency check parses).
#   acc_executable(name [TEST_BIN] SOURCES ... [LIBS ...])
#       A program in bin/ (TEST_BIN: in test-bin/, not part of the toolkit).
#   acc_test(name SOURCES ... [LIBS ...] [LABELS ...] [TIMEOUT s] [ARGS ...])
#       A GoogleTest program; each case becomes the ctest test `name/Suite.Case`.
#   acc_lit_suite(dir)
#       Makes scripts/test run lit on dir (a build folder that holds a lit.site.cfg.py).

include(GoogleTest)

# Adds each room of the list that is wanted (ACC_ROOMS) and has a CMakeLists.txt.
function(acc_add_rooms)
    if(NOT ACC_ROOMS STREQUAL "all")
        foreach(room IN LISTS ACC_ROOMS)
            if(NOT room IN_LIST ARGN)
                message(FATAL_ERROR "ACC_ROOMS names '${room}', which is no room; rooms: ${ARGN}")
            endif()
        endforeach()
    endif()
    set_property(GLOBAL PROPERTY ACC_LIT_SUITES "")
    foreach(room IN LISTS ARGN)
        if(NOT ACC_ROOMS STREQUAL "all" AND NOT room IN_LIST ACC_ROOMS)
            continue()
        endif()
        if(EXISTS "${CMAKE_SOURCE_DIR}/${room}/CMakeLists.txt")
            # A room below include/ must not build into <build>/include, which is the toolkit's link to the headers.
            string(REGEX REPLACE "^include/" "spec-build/" binary_dir "${room}")
            add_subdirectory("${room}" "${CMAKE_BINARY_DIR}/${binary_dir}")
        else()
            message(STATUS "room ${room}: nothing to build yet")
        endif()
    endforeach()
    get_property(suites GLOBAL PROPERTY ACC_LIT_SUITES)
    list(JOIN suites "\n" text)
    file(GENERATE OUTPUT "${CMAKE_BINARY_DIR}/lit-suites.txt" CONTENT "${text}\n")
endfunction()

function(acc_library name)
    cmake_parse_arguments(arg "STATIC;SHARED;OBJECT;INTERFACE" "" "SOURCES;LIBS;PRIVATE_LIBS" ${ARGN})
    if(arg_UNPARSED_ARGUMENTS)
        message(FATAL_ERROR "acc_library(${name}): unknown arguments: ${arg_UNPARSED_ARGUMENTS}")
    endif()
    if(arg_INTERFACE)
        add_library(${name} INTERFACE)
        target_include_directories(${name} INTERFACE "${CMAKE_SOURCE_DIR}/include" "${CMAKE_SOURCE_DIR}")
        target_link_libraries(${name} INTERFACE ${arg_LIBS} ${arg_PRIVATE_LIBS})
        return()
    endif()
    set(kind STATIC)
    if(arg_SHARED)
        set(kind SHARED)
    elseif(arg_OBJECT)
        set(kind OBJECT)
    endif()
    add_library(${name} ${kind} ${arg_SOURCES})
    target_include_directories(${name} PUBLIC "${CMAKE_SOURCE_DIR}/include" "${CMAKE_SOURCE_DIR}")
    target_link_libraries(${name} PUBLIC ${arg_LIBS} PRIVATE ${arg_PRIVATE_LIBS})
endfunction()

function(acc_executable name)
    cmake_parse_arguments(arg "TEST_BIN" "" "SOURCES;LIBS" ${ARGN})
    if(arg_UNPARSED_ARGUMENTS)
        message(FATAL_ERROR "acc_executable(${name}): unknown arguments: ${arg_UNPARSED_ARGUMENTS}")
    endif()
    add_executable(${name} ${arg_SOURCES})
    target_include_directories(${name} PRIVATE "${CMAKE_SOURCE_DIR}/include" "${CMAKE_SOURCE_DIR}")
    target_link_libraries(${name} PRIVATE ${arg_LIBS})
    if(arg_TEST_BIN)
        set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${ACC_TEST_BIN_DIR}")
    endif()
endfunction()

function(acc_test name)
    cmake_parse_arguments(arg "" "TIMEOUT" "SOURCES;LIBS;LABELS;ARGS" ${ARGN})
    if(arg_UNPARSED_ARGUMENTS)
        message(FATAL_ERROR "acc_test(${name}): unknown arguments: ${arg_UNPARSED_ARGUMENTS}")
    endif()
    if(NOT arg_TIMEOUT)
        set(arg_TIMEOUT 300)
    endif()
    find_package(GTest REQUIRED)
    acc_executable(${name} TEST_BIN SOURCES ${arg_SOURCES} LIBS ${arg_LIBS} GTest::gmock GTest::gtest_main)
    # PRE_TEST: the program is asked for its cases by ctest, not by the build, so that a test that
    # cannot start fails as a test and does not stop the build of everything else.
    set(properties TIMEOUT ${arg_TIMEOUT})
    if(arg_LABELS)
        list(APPEND properties LABELS "${arg_LABELS}")
    endif()
    gtest_discover_tests(${name}
        DISCOVERY_MODE PRE_TEST
        DISCOVERY_TIMEOUT 60
        TEST_PREFIX "${name}/"
        EXTRA_ARGS ${arg_ARGS}
        PROPERTIES ${properties})
endfunction()

function(acc_lit_suite dir)
    set_property(GLOBAL APPEND PROPERTY ACC_LIT_SUITES "${dir}")
endfunction()
