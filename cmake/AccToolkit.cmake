# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# The CUDA names of what we build, as links inside the build tree, which has the toolkit's shape
# (scripts/build copies it to build/toolkit). Called after the rooms, because it looks at their targets.

# Names that programs open or were linked with, all served by libaccrt.
set(acc_runtime_names libcudart.so.12 libcuda.so.1)
# Names by which programs are linked: libaccrt_link, which is a filter for libaccrt (docs/decisions/0009).
set(acc_link_names libcudart.so libcuda.so)

# acc_toolkit_link(LINK TARGET): a relative link, so that the tree can be copied.
function(acc_toolkit_link link target)
    if(IS_SYMLINK "${link}")
        file(READ_SYMLINK "${link}" old)
        if(old STREQUAL target)
            return()
        endif()
    endif()
    file(CREATE_LINK "${target}" "${link}" SYMBOLIC)
endfunction()

# libaccrt_link.so: the names of libaccrt without a body. Whoever opens it gets libaccrt; whoever links it records its
# soname, the absolute path of libaccrt. accc writes the path of the place where the toolkit lies now (Relocate.h);
# the dots keep room for a long one.
function(acc_link_library)
    set(source "${CMAKE_BINARY_DIR}/accrt_link.c")
    set(generator "${CMAKE_SOURCE_DIR}/scripts/gen/cuda_api.py")
    file(GLOB tables CONFIGURE_DEPENDS "${CMAKE_SOURCE_DIR}/include/cuda/table/*.api")
    add_custom_command(
        OUTPUT "${source}" "${source}.map"
        COMMAND "${ACC_PYTHON}" "${generator}" names --out "${source}"
        COMMAND "${ACC_PYTHON}" "${generator}" exports --out "${source}.map"
        DEPENDS "${generator}" ${tables}
        COMMENT "API table: names to link")
    add_library(accrt_link SHARED "${source}" "${source}.map")
    string(REPEAT "/." 1000 room)
    target_compile_options(accrt_link PRIVATE -fvisibility=default)
    target_link_options(accrt_link PRIVATE
        "-Wl,--version-script=${source}.map" "-Wl,--filter=libaccrt.so"
        "-Wl,-soname,${CMAKE_BINARY_DIR}${room}/lib64/libaccrt.so")
    set_target_properties(accrt_link PROPERTIES NO_SONAME ON INSTALL_RPATH "$ORIGIN:$ORIGIN/..")
endfunction()

function(acc_toolkit_names)
    if(TARGET accc)
        acc_toolkit_link("${ACC_BIN_DIR}/nvcc" accc)
    endif()
    if(TARGET accrt)
        acc_link_library()
        foreach(name IN LISTS acc_runtime_names)
            acc_toolkit_link("${ACC_LIB_DIR}/${name}" libaccrt.so)
        endforeach()
        foreach(name IN LISTS acc_link_names)
            acc_toolkit_link("${ACC_LIB_DIR}/${name}" libaccrt_link.so)
        endforeach()
        # Makefiles that name the stub of the driver library get ours, too.
        file(MAKE_DIRECTORY "${ACC_LIB_DIR}/stubs")
        acc_toolkit_link("${ACC_LIB_DIR}/stubs/libcuda.so" ../libaccrt_link.so)
        # The device runtime is part of the runtime, and NVTX is headers only: archives without members.
        foreach(name IN ITEMS cudadevrt nvToolsExt)
            file(WRITE "${ACC_LIB_DIR}/lib${name}.a" "!<arch>\n")
        endforeach()
        if(NOT TARGET accrt_static) # a sanitizer's build: the runtime is shared only
            file(WRITE "${ACC_LIB_DIR}/libcudart_static.a" "/* the runtime is shared only */ INPUT(libaccrt_link.so)\n")
        endif()
    endif()
    # What a user needs, without the tests: `ninja toolkit`.
    add_custom_target(toolkit)
    get_property(libraries GLOBAL PROPERTY ACC_CUDA_LIBRARY_TARGETS)
    foreach(part IN ITEMS accc accrt accrt_link accrt_static accdevicelib accdialect accc-objdump acc-cuda-tools cufilt acc-smi acccompilerlib accnvrtc accnvrtc_static accnvjitlink accnvfatbin ${libraries})
        if(TARGET ${part})
            add_dependencies(toolkit ${part})
        endif()
    endforeach()
    # In the build tree the headers are the sources; scripts/build copies them.
    acc_toolkit_link("${CMAKE_BINARY_DIR}/include" "${CMAKE_SOURCE_DIR}/include/cuda")
    # NVIDIA's installations have headers and libraries in here, too, and Makefiles name it.
    set(target "${CMAKE_BINARY_DIR}/targets/x86_64-linux")
    file(MAKE_DIRECTORY "${target}")
    acc_toolkit_link("${target}/include" ../../include)
    acc_toolkit_link("${target}/lib" ../../lib64)
    acc_toolkit_install()
endfunction()

# cmake --install: the toolkit, and nothing that is not part of it.
function(acc_toolkit_install)
    install(DIRECTORY "${ACC_BIN_DIR}" "${ACC_LIB_DIR}" "${CMAKE_BINARY_DIR}/targets" DESTINATION . USE_SOURCE_PERMISSIONS)
    install(DIRECTORY "${CMAKE_SOURCE_DIR}/include/cuda/" DESTINATION include PATTERN table EXCLUDE)
    install(FILES "${CMAKE_SOURCE_DIR}/LICENSE" DESTINATION .)
    # Its first run writes down where it lies.
    install(CODE [[
        if(EXISTS "$ENV{DESTDIR}${CMAKE_INSTALL_PREFIX}/bin/accc" AND "$ENV{DESTDIR}" STREQUAL "")
            execute_process(COMMAND "${CMAKE_INSTALL_PREFIX}/bin/accc" --version OUTPUT_QUIET)
        endif()
    ]])
endfunction()
