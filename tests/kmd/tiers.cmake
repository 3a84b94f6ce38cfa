# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Tests that run inside the virtual machine, through acc.ko. A tier is one boot: the ctest test `kmd/TIER/guest` starts
# the machine once and runs every program of the tier in it; each program is then a test of its own, `kmd/TIER/NAME`,
# that shows the program's output and has its exit status (77: skipped). `ctest -R` of one of them boots the tier by
# itself. Environment: ACC_VM_OPTIONS, further options of scripts/vm (scripts/test --kasan sets --kasan).
#
#   acc_kmd_job(name TIER conformance COMMAND line)
#       Adds a shell line to a tier. A name may contain slashes.
#   acc_kmd_tier(tier [OPTIONS --devices 2 ...] [PREPARE program arg ...] [AFTER test ...] [DEPENDS target])
#       Call once, after the tier's programs. PREPARE runs on the host before the boot. AFTER: order among tests.

function(acc_kmd_job name)
    cmake_parse_arguments(arg "" "TIER;COMMAND" "" ${ARGN})
    string(REPLACE "/" "." job "${name}")
    set_property(GLOBAL APPEND_STRING PROPERTY ACC_KMD_JOBS_${arg_TIER} "${job}\t${arg_COMMAND}\n")
    set_property(GLOBAL APPEND PROPERTY ACC_KMD_NAMES_${arg_TIER} "${name}")
endfunction()

function(acc_kmd_tier tier)
    cmake_parse_arguments(arg "" "TIMEOUT" "OPTIONS;PREPARE;AFTER" ${ARGN})
    if(NOT arg_TIMEOUT)
        set(arg_TIMEOUT 60)
    endif()
    set(list "${CMAKE_CURRENT_BINARY_DIR}/${tier}.jobs")
    set(results "${CMAKE_CURRENT_BINARY_DIR}/results/${tier}")
    get_property(jobs GLOBAL PROPERTY ACC_KMD_JOBS_${tier})
    get_property(names GLOBAL PROPERTY ACC_KMD_NAMES_${tier})
    file(GENERATE OUTPUT "${list}" CONTENT "${jobs}")
    add_test(NAME kmd/${tier}/guest
             COMMAND "${CMAKE_SOURCE_DIR}/tests/kmd/run-tier.sh" "${list}" "${results}"
                     --timeout ${arg_TIMEOUT} ${arg_OPTIONS} -- ${arg_PREPARE})
    # The machine has two emulated processors and the device computes on the host's: it is not run beside other tests.
    set_tests_properties(kmd/${tier}/guest PROPERTIES
        LABELS kmd FIXTURES_SETUP kmd-${tier} PROCESSORS 2 RESOURCE_LOCK acc-vm TIMEOUT 7200 DEPENDS "${arg_AFTER}")
    foreach(name IN LISTS names)
        string(REPLACE "/" "." job "${name}")
        add_test(NAME kmd/${tier}/${name} COMMAND "${CMAKE_SOURCE_DIR}/tests/kmd/show-result.sh" "${results}" "${job}")
        set_tests_properties(kmd/${tier}/${name} PROPERTIES
            LABELS kmd FIXTURES_REQUIRED kmd-${tier} SKIP_RETURN_CODE 77 TIMEOUT 60)
    endforeach()
endfunction()
