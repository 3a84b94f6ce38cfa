/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/*
 * How a process that has no LLVM uses the compiler: libacccompiler.so, which it loads when it first
 * needs it (lib64 of the toolkit), and the table of functions that acc_compiler() there gives.
 * Plain C, nothing to link.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define ACC_COMPILER_LIBRARY "libacccompiler.so"
#define ACC_COMPILER_ENTRY "acc_compiler"
/* Grows with every change of what stands here: a library of another version is not used. */
#define ACC_COMPILER_VERSION 1

enum acc_compiler_kind {
    ACC_COMPILER_PTX = 0, /* text of a PTX module */
    ACC_COMPILER_IR = 1,  /* what a relocatable object of accc holds (ACC_FATBIN_IR) */
};

struct acc_compiler_source {
    uint32_t kind;
    const char* name; /* for messages */
    const void* data;
    size_t bytes;
};

struct acc_compiler_request {
    const struct acc_compiler_source* sources; /* linked with each other */
    size_t count;
    uint32_t max_registers; /* 0: no limit */
    uint32_t debug;         /* not 0: not optimised */
};

enum acc_compiler_status {
    ACC_COMPILER_OK = 0,
    ACC_COMPILER_INVALID = 1,        /* the sources: errors say why */
    ACC_COMPILER_VERSION_OF_PTX = 2, /* a .version that is not known */
    ACC_COMPILER_BROKEN = 3, /* the compiler itself: a file of the toolkit is missing, ... */
};

struct acc_compiler_result {
    uint32_t status;
    const uint8_t* code; /* a code object, when ok */
    size_t bytes;
    const char* errors; /* lines of text; never null */
    const char* infos;
};

struct acc_compiler_functions {
    /* Any number of threads at once. Null: the host is out of memory. */
    const struct acc_compiler_result* (*compile)(const struct acc_compiler_request* request);
    void (*release)(const struct acc_compiler_result* result);
};

/* Null for another version. */
typedef const struct acc_compiler_functions* (*acc_compiler_entry)(uint32_t version);

#ifdef __cplusplus
}
#endif
