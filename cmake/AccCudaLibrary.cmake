# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# The libraries that CUDA programs link (runtime/lib, docs/decisions/0018). Host code (.cpp) is compiled as the rest of
# the house is; device code (.cu) by the accc of this build. What the sanitizers' builds would test is not here.
#
#   acc_device_code(NAME SOURCES a.cu ... [OPTIONS ...])
#       Objects with kernels in them; several libraries may link them.
#   acc_cuda_library(NAME SOVERSION N PREFIX P STATUS TYPE=VALUE HEADERS h ... SOURCES a.cpp ...
#                    [DEVICE code ...] [UNSUPPORTED file] [LIBS target ...] [INCLUDES folder ...])
#       lib64/libNAME.so.N, what programs link (libNAME.so; see AccToolkit.cmake on link libraries) and libNAME_static.a.
#       The public headers are the table of its functions: every prototype whose name starts with P is exported, and
#       nothing else. A name in UNSUPPORTED (one a line) gets a stub that logs its name once and returns VALUE; one that is
#       neither defined nor there is an error of the link.
#       SOURCES include the public headers as <NAME.h>. LIBS: others of these libraries that it calls.

set(ACC_CUDA_LIBRARIES ON)
if(ACC_SANITIZE OR NOT TARGET accc OR NOT TARGET accrt OR NOT TARGET accrt_static)
    set(ACC_CUDA_LIBRARIES OFF)
endif()

function(acc_device_code name)
    cmake_parse_arguments(arg "" "" "SOURCES;OPTIONS" ${ARGN})
    set(objects)
    foreach(source IN LISTS arg_SOURCES)
        cmake_path(GET source STEM LAST_ONLY stem)
        set(object "${CMAKE_CURRENT_BINARY_DIR}/${name}/${stem}.o")
        file(MAKE_DIRECTORY "${CMAKE_CURRENT_BINARY_DIR}/${name}")
        add_custom_command(
            OUTPUT "${object}"
            COMMAND "${ACC_PYTHON}" "${CMAKE_SOURCE_DIR}/cmake/cached_accc.py" --root "${CMAKE_SOURCE_DIR}" --build "${CMAKE_BINARY_DIR}"
                    "$<TARGET_FILE:accc>" -c -O3 -std=c++17 -Xcompiler -fPIC,-fvisibility=hidden -I "${CMAKE_SOURCE_DIR}"
                    ${arg_OPTIONS} -MD -MF "${object}.d" "${CMAKE_CURRENT_SOURCE_DIR}/${source}" -o "${object}"
            DEPENDS "${source}" accc accdevicelib accdialect
            DEPFILE "${object}.d"
            COMMENT "Device code ${name}/${stem}")
        list(APPEND objects "${object}")
    endforeach()
    add_custom_target(${name} DEPENDS ${objects})
    set_property(TARGET ${name} PROPERTY ACC_OBJECTS ${objects})
endfunction()

# The files that follow from the headers: exports, stubs, names to link.
function(acc_cuda_library_names name)
    cmake_parse_arguments(arg "" "PREFIX;STATUS;SONAME;UNSUPPORTED" "HEADERS" ${ARGN})
    set(generator "${CMAKE_SOURCE_DIR}/scripts/gen/library_names.py")
    list(TRANSFORM arg_HEADERS PREPEND "${CMAKE_SOURCE_DIR}/include/cuda/")
    set(unsupported)
    if(arg_UNSUPPORTED)
        set(unsupported "${CMAKE_CURRENT_SOURCE_DIR}/${arg_UNSUPPORTED}")
    endif()
    set(base "${CMAKE_CURRENT_BINARY_DIR}/${name}")
    file(GLOB tables CONFIGURE_DEPENDS "${CMAKE_SOURCE_DIR}/include/cuda/acc_impl/*.h")
    add_custom_command(
        OUTPUT "${base}_stubs.c" "${base}_names.c" "${base}.map" "${base}_public.txt"
        COMMAND "${ACC_PYTHON}" "${generator}" --library "${name}" --compiler "${CMAKE_CXX_COMPILER}" --include "${CMAKE_SOURCE_DIR}/include/cuda"
                --prefix "${arg_PREFIX}" --status "${arg_STATUS}" --soname "${arg_SONAME}" "--unsupported=${unsupported}" --out "${base}" ${arg_HEADERS}
        DEPENDS "${generator}" ${arg_HEADERS} ${unsupported} ${tables}
        COMMENT "Names of ${name}")
endfunction()

# What programs link under lib64/libNAME.so: names without bodies; the soname is the library's absolute path
# (docs/decisions/0009).
function(acc_cuda_link_library name soname)
    set(base "${CMAKE_CURRENT_BINARY_DIR}/${name}")
    add_library(${name}_link SHARED "${base}_names.c")
    string(REPEAT "/." 1000 room)
    target_compile_options(${name}_link PRIVATE -fvisibility=default)
    target_link_options(${name}_link PRIVATE "-Wl,--version-script=${base}.map" "-Wl,--filter=${soname}"
        "-Wl,-soname,${CMAKE_BINARY_DIR}${room}/lib64/${soname}")
    set_target_properties(${name}_link PROPERTIES NO_SONAME ON INSTALL_RPATH "$ORIGIN")
    acc_toolkit_link("${ACC_LIB_DIR}/lib${name}.so" "lib${name}_link.so")
    file(MAKE_DIRECTORY "${ACC_LIB_DIR}/stubs")
    acc_toolkit_link("${ACC_LIB_DIR}/stubs/lib${name}.so" "../lib${name}_link.so")
endfunction()

# acc_cuda_link_names(NAME SONAME S PREFIX P HEADER h): the same for a library that is built in another way.
function(acc_cuda_link_names name)
    cmake_parse_arguments(arg "" "SONAME;PREFIX;HEADER" "" ${ARGN})
    acc_cuda_library_names(${name} PREFIX "${arg_PREFIX}" STATUS "int=0" SONAME "${arg_SONAME}" HEADERS "${arg_HEADER}")
    acc_cuda_link_library(${name} "${arg_SONAME}")
    set_property(GLOBAL APPEND PROPERTY ACC_CUDA_LIBRARY_TARGETS ${name}_link)
endfunction()

# libNAME_static.a: one object that shows the public names.
function(acc_cuda_static_library name)
    cmake_parse_arguments(arg "" "" "OBJECTS;TARGETS" ${ARGN})
    set(base "${CMAKE_CURRENT_BINARY_DIR}/${name}")
    set(archive "${ACC_LIB_DIR}/lib${name}_static.a")
    add_custom_command(
        OUTPUT "${archive}"
        COMMAND "${CMAKE_LINKER}" -r --force-group-allocation -o "${base}_all.o" ${arg_OBJECTS}
        COMMAND "${CMAKE_OBJCOPY}" --strip-debug "--keep-global-symbols=${base}_public.txt" -R .llvm_addrsig -R .comment
                "${base}_all.o" "${base}_static.o"
        COMMAND "${CMAKE_COMMAND}" -E rm -f "${archive}" "${base}_all.o"
        COMMAND "${CMAKE_AR}" rcD "${archive}" "${base}_static.o"
        DEPENDS ${arg_OBJECTS} ${arg_TARGETS} "${base}_public.txt"
        COMMAND_EXPAND_LISTS
        COMMENT "lib${name}_static.a")
    add_custom_target(${name}_static ALL DEPENDS "${archive}")
endfunction()

function(acc_cuda_library name)
    cmake_parse_arguments(arg "" "SOVERSION;PREFIX;STATUS;UNSUPPORTED" "HEADERS;SOURCES;DEVICE;LIBS;INCLUDES" ${ARGN})
    set(soname "lib${name}.so.${arg_SOVERSION}")
    set(base "${CMAKE_CURRENT_BINARY_DIR}/${name}")
    acc_cuda_library_names(${name} PREFIX "${arg_PREFIX}" STATUS "${arg_STATUS}" SONAME "${soname}"
        UNSUPPORTED "${arg_UNSUPPORTED}" HEADERS ${arg_HEADERS})
    acc_library(${name}_host OBJECT SOURCES ${arg_SOURCES} "${base}_stubs.c")
    target_include_directories(${name}_host PRIVATE "${CMAKE_SOURCE_DIR}/include/cuda" ${arg_INCLUDES})
    set(objects $<TARGET_OBJECTS:${name}_host> $<TARGET_OBJECTS:acclibcommon>)
    set(targets ${name}_host acclibcommon)
    foreach(code IN LISTS arg_DEVICE)
        get_property(code_objects TARGET ${code} PROPERTY ACC_OBJECTS)
        list(APPEND objects ${code_objects})
        list(APPEND targets ${code})
    endforeach()
    add_library(${name} SHARED ${objects})
    add_dependencies(${name} ${targets})
    set_property(TARGET ${name} PROPERTY LINKER_LANGUAGE CXX)
    set_source_files_properties(${objects} PROPERTIES EXTERNAL_OBJECT ON GENERATED ON)
    target_link_libraries(${name} PRIVATE accrt ${arg_LIBS})
    target_link_options(${name} PRIVATE "-Wl,--version-script=${base}.map" "-Wl,-soname,${soname}" -Wl,--gc-sections -Wl,--strip-debug)
    set_target_properties(${name} PROPERTIES OUTPUT_NAME "${name}" SUFFIX ".so.${arg_SOVERSION}" NO_SONAME ON
        INSTALL_RPATH "$ORIGIN" LINK_DEPENDS "${base}.map")
    acc_cuda_link_library(${name} ${soname})
    acc_cuda_static_library(${name} OBJECTS ${objects} TARGETS ${targets})
    set_property(GLOBAL APPEND PROPERTY ACC_CUDA_LIBRARY_TARGETS ${name} ${name}_link ${name}_static)
endfunction()
