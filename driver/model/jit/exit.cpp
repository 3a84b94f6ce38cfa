// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// LLVM has static objects whose destructors would run while the process ends, under a thread that
// translates. This library has LLVM in it, so what asks for destructors at exit is this: nobody
// gets one, here; all else of the process is not concerned.
extern "C" {
__attribute__((visibility("hidden"))) int __cxa_atexit(void (*)(void*), void*, void*) {
    return 0;
}
__attribute__((visibility("hidden"))) int atexit(void (*)()) {
    return 0;
}
}
