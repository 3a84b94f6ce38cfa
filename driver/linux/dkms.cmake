# SPDX-License-Identifier: GPL-2.0 OR MIT
#
# The source tree that DKMS builds the module from, complete without this repository:
#   cmake --install build/release --component dkms --prefix /usr      (-> /usr/src/acc-<version>)
#   dkms install acc/<version>
# No part of the ordinary installation: most people have no card.
set(acc_dkms "src/acc-${PROJECT_VERSION}")
configure_file("${CMAKE_CURRENT_LIST_DIR}/dkms.conf.in" "${CMAKE_CURRENT_BINARY_DIR}/dkms.conf" @ONLY)
file(GLOB acc_dkms_sources CONFIGURE_DEPENDS "${CMAKE_CURRENT_LIST_DIR}/*.[ch]")
install(FILES ${acc_dkms_sources} "${CMAKE_CURRENT_LIST_DIR}/Kbuild" "${CMAKE_CURRENT_LIST_DIR}/Makefile"
        "${CMAKE_CURRENT_BINARY_DIR}/dkms.conf"
        DESTINATION "${acc_dkms}" COMPONENT dkms EXCLUDE_FROM_ALL)
# Kbuild finds the headers in include/ beside itself.
install(FILES "${CMAKE_SOURCE_DIR}/include/uapi/drm/acc_drm.h"
        DESTINATION "${acc_dkms}/include/uapi/drm" COMPONENT dkms EXCLUDE_FROM_ALL)
foreach(header acc_mmu acc_queue acc_regs)
    install(FILES "${CMAKE_SOURCE_DIR}/include/acc/spec/${header}.h"
            DESTINATION "${acc_dkms}/include/acc/spec" COMPONENT dkms EXCLUDE_FROM_ALL)
endforeach()
