// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// NVTX's C++ header, with functions of its own below it that print what arrives.
// RUN: g++ -std=c++11 -Wall -Wextra -Werror -I %cuda_headers -x c++ %s -o %t && %t | FileCheck %s
// RUN: clang++-22 -std=c++20 -Wall -Wextra -Werror -I %cuda_headers -x c++ %s -o %t && %t | FileCheck %s
// RUN: not g++ -std=c++17 -fsyntax-only -DDYING_TEXT -I %cuda_headers -x c++ %s 2>&1 | FileCheck %s --check-prefix=DYING
// RUN: not g++ -std=c++17 -fsyntax-only -DON_THE_HEAP -I %cuda_headers -x c++ %s 2>&1 | FileCheck %s --check-prefix=HEAP
#include <cstdio>
#include <nvtx3/nvToolsExt.h>

static void print(const char *what, nvtxDomainHandle_t domain, const nvtxEventAttributes_t *e) {
    std::printf("%s domain %d category %u color %d %08x payload %d %lld message %d", what,
                domain != nullptr, e->category, e->colorType, e->color, e->payloadType,
                (long long)e->payload.llValue, e->messageType);
    std::printf(" %s v%d %d\n", e->messageType == NVTX_MESSAGE_TYPE_ASCII ? e->message.ascii : "-",
                e->version, e->size == sizeof *e);
}
static nvtxDomainHandle_t make(const char *name) {
    std::printf("domain %s\n", name);
    return (nvtxDomainHandle_t)name;
}
static nvtxStringHandle_t keep(nvtxDomainHandle_t domain, const char *text) {
    std::printf("register domain %d %s\n", domain != nullptr, text);
    return (nvtxStringHandle_t)text;
}
static nvtxRangeId_t start(nvtxDomainHandle_t domain, const nvtxEventAttributes_t *e) {
    print("start", domain, e);
    return 7;
}
#define nvtxDomainCreateA make
#define nvtxDomainRegisterStringA keep
#define nvtxDomainNameCategoryA(d, id, name) std::printf("name %d %u %s\n", (d) != nullptr, id, name)
#define nvtxDomainRangePushEx(d, e) print("push", d, e)
#define nvtxDomainRangePop(d) std::printf("pop domain %d\n", (d) != nullptr)
#define nvtxDomainRangeStartEx start
#define nvtxDomainRangeEnd(d, id) std::printf("end domain %d %d\n", (d) != nullptr, (int)(id))
#define nvtxDomainMarkEx(d, e) print("mark", d, e)
#include <nvtx3/nvtx3.hpp>

#ifndef NVTX3_CPP_DEFINITIONS_V1_0
#error CUB asks for it
#endif

struct mine {
    static constexpr const char *name = "mine";
};
struct io {
    static constexpr const char *name = "io";
    static constexpr uint32_t id = 5;
};
struct greeting {
    static constexpr const char *message = "hello";
};

static void named() { NVTX3_FUNC_RANGE(); }
static void named_in(bool yes) { NVTX3_FUNC_RANGE_IF_IN(mine, yes); }

int main() {
    {
        nvtx3::scoped_range outer("outer");
        nvtx3::scoped_range_in<mine> inner(nvtx3::rgb(1, 2, 3), "inner", nvtx3::payload(int64_t(9)), "not this");
        std::puts("inside");
    }
    // CHECK: push domain 0 category 0 color 0 00000000 payload 0 0 message 1 outer v3 1
    // CHECK-NEXT: domain mine
    // CHECK-NEXT: push domain 1 category 0 color 1 ff010203 payload 2 9 message 1 inner v3 1
    // CHECK-NEXT: inside
    // CHECK-NEXT: pop domain 1
    // CHECK-NEXT: pop domain 0

    using category = nvtx3::named_category_in<mine>;
    using string = nvtx3::v1::registered_string_in<mine>;
    for (int i = 0; i < 2; i++)
        nvtx3::mark_in<mine>(string::get<greeting>(), category::get<io>(), nvtx3::color(0x12345678));
    // CHECK-DAG: register domain 1 hello
    // CHECK-DAG: name 1 5 io
    // CHECK: mark domain 1 category 5 color 1 12345678 payload 0 0 message 3 - v3 1
    // CHECK-NEXT: mark domain 1 category 5 color 1 12345678 payload 0 0 message 3 - v3 1

    std::string text = "kept";
    const nvtx3::event_attributes event(text, nvtx3::argb(4, 3, 2, 1));
    nvtx3::range_handle range = nvtx3::start_range(event);
    std::printf("equal %d\n", range == nvtx3::range_handle(7) && range);
    nvtx3::end_range(range);
    // CHECK-NEXT: start domain 0 category 0 color 1 04030201 payload 0 0 message 1 kept v3 1
    // CHECK-NEXT: equal 1
    // CHECK-NEXT: end domain 0 7

    {
        nvtx3::unique_range_in<mine> first("first");
        nvtx3::unique_range_in<mine> second(std::move(first));
        std::puts("moved");
    }
    // CHECK-NEXT: start domain 1 {{.*}} first v3 1
    // CHECK-NEXT: moved
    // CHECK-NEXT: end domain 1 7
    // CHECK-NOT: end domain

    named();
    named();
    named_in(false);
    named_in(true);
    // CHECK: register domain 0 named{{$}}
    // CHECK-NEXT: push domain 0 {{.*}} message 3
    // CHECK-NEXT: pop domain 0
    // CHECK-NEXT: push domain 0 {{.*}} message 3
    // CHECK-NEXT: pop domain 0
    // CHECK-NEXT: register domain 1 named_in
    // CHECK-NEXT: push domain 1 {{.*}} message 3
    // CHECK-NEXT: pop domain 1

#ifdef DYING_TEXT
    nvtx3::event_attributes(nvtx3::message(std::string("gone")));
    // DYING: error: use of deleted function
#endif
#ifdef ON_THE_HEAP
    new nvtx3::scoped_range("heap");
    // HEAP: error: use of deleted function
#endif
}
