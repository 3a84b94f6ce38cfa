# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# The CUDA names of what we build, as links inside the build tree, which has the toolkit's shape
# (scripts/build copies it to build/toolkit). Called after the rooms, because it looks at their targets.

# Names that programs and makefiles link or open, all served by libaccrt.
set(acc_runtime_names
    libcudart.so libcudart.so.12 libcuda.so libcuda.so.1 libnvrtc.so libnvrtc.so.12)

# acc_toolkit_link(LINK TARGET): a relative link, so that the tree can be copied.
function(acc_toolkit_link link target)
    if(NOT IS_SYMLINK "${link}")
        file(CREATE_LINK "${target}" "${link}" SYMBOLIC)
    endif()
endfunction()

function(acc_toolkit_names)
    if(TARGET accc)
        acc_toolkit_link("${ACC_BIN_DIR}/nvcc" accc)
    endif()
    if(TARGET accrt)
        foreach(name IN LISTS acc_runtime_names)
            acc_toolkit_link("${ACC_LIB_DIR}/${name}" libaccrt.so)
        endforeach()
        # Makefiles that name the static runtime, or the stub of the driver library, get ours, too.
        file(MAKE_DIRECTORY "${ACC_LIB_DIR}/stubs")
        acc_toolkit_link("${ACC_LIB_DIR}/stubs/libcuda.so" ../libaccrt.so)
        file(WRITE "${ACC_LIB_DIR}/libcudart_static.a" "/* the runtime is shared only */ INPUT(-laccrt)\n")
        file(WRITE "${ACC_LIB_DIR}/libcudadevrt.a" "/* nothing to add to libaccrt */ INPUT(-laccrt)\n")
    endif()
    # What a user needs, without the tests: `ninja toolkit`.
    add_custom_target(toolkit)
    foreach(part IN ITEMS accc accrt accdevicelib accc-objdump)
        if(TARGET ${part})
            add_dependencies(toolkit ${part})
        endif()
    endforeach()
    # In the build tree the headers are the sources; scripts/build copies them.
    acc_toolkit_link("${CMAKE_BINARY_DIR}/include" "${CMAKE_SOURCE_DIR}/include/cuda")
endfunction()
