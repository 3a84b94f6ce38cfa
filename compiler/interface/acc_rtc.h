/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/*
 * How a process asks for a CUDA source to be compiled at run time: it starts ACC_RTC_PROGRAM (bin
 * of the toolkit) with a socket as standard input and output, writes a request, closes its side for
 * writing, and reads the reply up to the end. The compiler being a process of its own, no source
 * can end or damage the program that asks.
 *
 * Both are sequences of records: a struct acc_rtc_record and `bytes` bytes. The first of each is
 * ACC_RTC_VERSION_RECORD with the number below, as a 32-bit number; the last of a whole reply is
 * ACC_RTC_END.
 */
#pragma once

#include <stdint.h>

#define ACC_RTC_PROGRAM "accc-rtc"
/* Grows with every change of what stands here. */
#define ACC_RTC_VERSION 1

struct acc_rtc_record {
    uint32_t kind;
    uint32_t reserved; /* 0 */
    uint64_t bytes;
};

enum acc_rtc_kind {
    ACC_RTC_VERSION_RECORD = 1,
    ACC_RTC_END = 2,
    /* of a request */
    ACC_RTC_NAME = 16,        /* of the source, for messages and __FILE__ */
    ACC_RTC_TEXT = 17,        /* the source */
    ACC_RTC_HEADER_NAME = 18, /* as #include names it; its text follows */
    ACC_RTC_HEADER_TEXT = 19,
    ACC_RTC_OPTION = 20,
    ACC_RTC_EXPRESSION = 21, /* a name expression */
    /* of a reply */
    ACC_RTC_STATUS = 32, /* enum acc_rtc_status, as a 32-bit number */
    ACC_RTC_LOG = 33,
    ACC_RTC_PTX = 34,         /* text */
    ACC_RTC_CODE = 35,        /* a code object, or a fat binary with relocatable code */
    ACC_RTC_IR = 36,          /* of -dlto: a fat binary with relocatable code */
    ACC_RTC_LOWERED_NAME = 37 /* one for each name expression, in their order */
};

enum acc_rtc_status {
    ACC_RTC_OK = 0,
    ACC_RTC_INVALID_OPTION = 1,
    ACC_RTC_COMPILATION = 2, /* the log says why */
    ACC_RTC_BROKEN = 3,      /* the compiler itself: a file of the toolkit is missing, ... */
};
