// SPDX-License-Identifier: GPL-2.0 OR MIT
/* DOC: Tracepoints. This file makes them; acc_trace.h says which there are. */

#ifndef __CHECKER__
#define CREATE_TRACE_POINTS
#include "acc_trace.h"
#endif
