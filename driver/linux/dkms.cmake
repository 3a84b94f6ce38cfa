# SPDX-License-Identifier: GPL-2.0 OR MIT
#
# The source tree that DKMS builds the module from, complete without this repository:
#   cmake --install build/release --component dkms --prefix /usr      (-> /usr/src/acc-<version>)
#   dkms install acc/<version>
# No part of the ordinary installation: most people have no card.
# One version: that of the interface, which the module tells (modinfo, dmesg).
file(STRINGS "${CMAKE_SOURCE_DIR}/include/uapi/drm/acc_drm.h" acc_dkms_version REGEX "#define DRM_ACC_VERSION_(MAJOR|MINOR) ")
string(REGEX REPLACE "[^0-9;]" "" acc_dkms_version "${acc_dkms_version}")
list(JOIN acc_dkms_version "." acc_dkms_version)
set(acc_dkms_version "${acc_dkms_version}.0")
set(acc_dkms "src/acc-${acc_dkms_version}")
configure_file("${CMAKE_CURRENT_LIST_DIR}/dkms.conf.in" "${CMAKE_CURRENT_BINARY_DIR}/dkms.conf" @ONLY)
file(GLOB acc_dkms_sources CONFIGURE_DEPENDS "${CMAKE_CURRENT_LIST_DIR}/*.[ch]")
install(FILES ${acc_dkms_sources} "${CMAKE_CURRENT_LIST_DIR}/Kbuild" "${CMAKE_CURRENT_LIST_DIR}/Makefile"
        "${CMAKE_CURRENT_BINARY_DIR}/dkms.conf"
        DESTINATION "${acc_dkms}" COMPONENT dkms EXCLUDE_FROM_ALL)
# Kbuild finds the headers that the sources share with the rest of the project in include/ beside itself.
set(acc_dkms_headers "")
foreach(source IN LISTS acc_dkms_sources)
    file(STRINGS "${source}" lines REGEX "#include \"(acc/spec|uapi)/")
    foreach(line IN LISTS lines)
        string(REGEX REPLACE ".*\"(.*)\".*" "\\1" header "${line}")
        list(APPEND acc_dkms_headers "${header}")
    endforeach()
endforeach()
list(REMOVE_DUPLICATES acc_dkms_headers)
foreach(header IN LISTS acc_dkms_headers)
    get_filename_component(folder "${header}" DIRECTORY)
    install(FILES "${CMAKE_SOURCE_DIR}/include/${header}"
            DESTINATION "${acc_dkms}/include/${folder}" COMPONENT dkms EXCLUDE_FROM_ALL)
endforeach()
