// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// PTX given to the driver API: as a string, with options and logs, linked from several modules.
#include <cuda.h>

#include <cstdint>
#include <cstdio>
#include <cstring>
#include <vector>

#define CHECK(condition)                                                                           \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            printf("line %d: %s\n", __LINE__, #condition);                                         \
            return 1;                                                                              \
        }                                                                                          \
    } while (0)

#define HEAD ".version 7.0\n.target sm_70\n.address_size 64\n"

// out[i] = factor * i + offsets[i & 3], by way of shared memory, in the reverse order of threads.
static const char kScale[] = HEAD R"(
.visible .const .align 4 .s32 offsets[4] = {10, -20, 1 << 5, 0};
.visible .global .align 4 .u32 launches;
.visible .entry scale(.param .u64 out, .param .u32 factor)
{
    .reg .pred %p;
    .reg .b32 %r<16>;
    .reg .b64 %rd<8>;
    .shared .align 4 .b8 tile[256];
    ld.param.u64 %rd1, [out];
    cvta.to.global.u64 %rd1, %rd1;
    ld.param.u32 %r1, [factor];
    mov.u32 %r2, %tid.x;
    mov.u32 %r3, %ntid.x;
    and.b32 %r4, %r2, 3;
    mov.u64 %rd2, offsets;
    mad.wide.u32 %rd3, %r4, 4, %rd2;
    ld.const.s32 %r5, [%rd3];
    mad.lo.s32 %r6, %r1, %r2, %r5;
    mov.u32 %r7, tile;
    shl.b32 %r8, %r2, 2;
    add.u32 %r9, %r7, %r8;
    st.shared.u32 [%r9], %r6;
    bar.sync 0;
    sub.u32 %r10, %r3, %r2;
    sub.u32 %r10, %r10, 1;
    shl.b32 %r11, %r10, 2;
    add.u32 %r11, %r11, %r7;
    ld.shared.u32 %r12, [%r11];
    mul.wide.u32 %rd4, %r10, 4;
    add.u64 %rd4, %rd1, %rd4;
    st.global.u32 [%rd4], %r12;
    setp.ne.u32 %p, %r2, 0;
    @%p bra done;
    atom.global.add.u32 %r13, [launches], 1;
done:
    ret;
}
)";

// 128-bit sum with carries, and a loop.
static const char kSum[] = HEAD R"(
.visible .entry sum(.param .u64 out, .param .u64 in, .param .u32 count)
{
    .reg .pred %p;
    .reg .b32 %r<4>;
    .reg .b64 %a, %b, %lo, %hi, %x;
    ld.param.u64 %a, [in];
    ld.param.u64 %b, [out];
    ld.param.u32 %r1, [count];
    mov.u64 %lo, 0;
    mov.u64 %hi, 0;
loop:
    setp.eq.u32 %p, %r1, 0;
    @%p bra end;
    ld.global.u64 %x, [%a];
    add.cc.u64 %lo, %lo, %x;
    addc.u64 %hi, %hi, 0;
    add.u64 %a, %a, 8;
    sub.u32 %r1, %r1, 1;
    bra.uni loop;
end:
    st.global.v2.u64 [%b], {%lo, %hi};
    ret;
}
)";

static const char kCaller[] = HEAD R"(
.extern .func (.param .b32 r) choose(.param .b32 which, .param .align 4 .b8 pair[8]);
.visible .entry call(.param .u64 out)
{
    .reg .b32 %r<4>;
    .reg .b64 %rd<3>;
    ld.param.u64 %rd1, [out];
    mov.u32 %r1, %tid.x;
    {
        .param .b32 which;
        .param .align 4 .b8 pair[8];
        .param .b32 result;
        st.param.b32 [which], %r1;
        st.param.b32 [pair], 111;
        st.param.b32 [pair + 4], 222;
        call (result), choose, (which, pair);
        ld.param.b32 %r2, [result];
    }
    mad.wide.u32 %rd2, %r1, 4, %rd1;
    st.global.u32 [%rd2], %r2;
    ret;
}
)";

static const char kCallee[] = HEAD R"(
.func (.param .b32 r) first(.param .align 4 .b8 pair[8])
{
    .reg .b32 %r1;
    ld.param.b32 %r1, [pair];
    st.param.b32 [r], %r1;
    ret;
}
.func (.param .b32 r) second(.param .align 4 .b8 pair[8])
{
    .reg .b32 %r1;
    ld.param.b32 %r1, [pair + 4];
    st.param.b32 [r], %r1;
    ret;
}
.global .align 8 .u64 functions[2] = {first, second};
.visible .func (.param .b32 r) choose(.param .b32 which, .param .align 4 .b8 pair[8])
{
    .reg .b32 %r<5>;
    .reg .b64 %rd<4>;
    ld.param.b32 %r1, [which];
    .reg .pred %big;
    setp.gt.u32 %big, %r1, 2;
    @%big bra other;
    targets: .branchtargets zero, one, other;
    brx.idx %r1, targets;
zero:
one:
    mov.u64 %rd1, functions;
    mad.wide.u32 %rd2, %r1, 8, %rd1;
    ld.global.u64 %rd3, [%rd2];
    {
        .param .align 4 .b8 copy[8];
        .param .b32 result;
        ld.param.b32 %r2, [pair];
        ld.param.b32 %r3, [pair + 4];
        st.param.b32 [copy], %r2;
        st.param.b32 [copy + 4], %r3;
        type: .callprototype (.param .b32 _) _ (.param .align 4 .b8 _[8]);
        call (result), %rd3, (copy), type;
        ld.param.b32 %r4, [result];
    }
    st.param.b32 [r], %r4;
    ret;
other:
    neg.s32 %r4, %r1;
    st.param.b32 [r], %r4;
    ret;
}
)";

// What the machine defines and LLVM does not; the address of a scalar parameter; a function with
// the name of one of the device library's, which the instruction must not call.
static const char kEdges[] = HEAD R"(
.func (.param .b64 r) __nv_rsqrt(.param .b64 a)
{
    .reg .f64 %d<3>;
    ld.param.f64 %d1, [a];
    rsqrt.approx.f64 %d2, %d1;
    st.param.f64 [r], %d2;
    ret;
}
.visible .entry edges(.param .u64 out, .param .u32 x, .param .u32 y)
{
    .reg .pred %p<4>;
    .reg .b32 %r<9>;
    .reg .b64 %rd<4>;
    .reg .f64 %d<3>;
    ld.param.u64 %rd1, [out];
    mov.b64 %rd2, x;
    ld.param.u32 %r1, [%rd2];
    mov.b64 %rd3, y;
    ld.param.u32 %r2, [%rd3 + 0];
    st.global.u32 [%rd1], %r1;
    div.u32 %r3, %r1, %r2;
    setp.eq.u32 %p1, %r2, 0;
    selp.u32 %r3, 77, %r3, %p1;
    st.global.u32 [%rd1 + 4], %r3;
    rem.s32 %r4, %r1, %r2;
    @%p1 mov.u32 %r4, 78;
    st.global.u32 [%rd1 + 8], %r4;
    mov.u32 %r5, 6;
    @%p2 bra next; // whatever %p2 is
    mov.u32 %r5, 6;
next:
    st.global.u32 [%rd1 + 12], %r5;
    cvt.rn.f64.u32 %d1, %r1;
    {
        .param .b64 a;
        .param .b64 b;
        st.param.f64 [a], %d1;
        call (b), __nv_rsqrt, (a);
        ld.param.f64 %d2, [b];
    }
    st.global.f64 [%rd1 + 16], %d2;
    ret;
}
)";

static int edges() {
    CUmodule module;
    CUfunction kernel;
    CHECK(cuModuleLoadData(&module, kEdges) == CUDA_SUCCESS);
    CHECK(cuModuleGetFunction(&kernel, module, "edges") == CUDA_SUCCESS);
    CUdeviceptr out;
    CHECK(cuMemAlloc(&out, 24) == CUDA_SUCCESS);
    for (unsigned y : {0u, 3u}) {
        unsigned x = 16, host[6];
        void* arguments[] = {&out, &x, &y};
        CHECK(cuLaunchKernel(kernel, 1, 1, 1, 1, 1, 1, 0, nullptr, arguments, nullptr) ==
              CUDA_SUCCESS);
        CHECK(cuMemcpyDtoH(host, out, sizeof host) == CUDA_SUCCESS);
        double root;
        memcpy(&root, host + 4, sizeof root);
        CHECK(host[0] == 16 && host[1] == (y ? 5 : 77) && host[2] == (y ? 1 : 78));
        CHECK(host[3] == 6 && root == 0.25);
    }
    return 0;
}

static int scale() {
    CUmodule module;
    CUfunction kernel;
    CHECK(cuModuleLoadData(&module, kScale) == CUDA_SUCCESS);
    CHECK(cuModuleGetFunction(&kernel, module, "scale") == CUDA_SUCCESS);
    CUdeviceptr out, launches;
    size_t bytes = 0;
    CHECK(cuMemAlloc(&out, 64 * 4) == CUDA_SUCCESS);
    int factor = 7, host[64];
    void* arguments[] = {&out, &factor};
    CHECK(cuLaunchKernel(kernel, 1, 1, 1, 64, 1, 1, 0, nullptr, arguments, nullptr) ==
          CUDA_SUCCESS);
    CHECK(cuMemcpyDtoH(host, out, sizeof host) == CUDA_SUCCESS);
    const int offsets[4] = {10, -20, 32, 0};
    for (int i = 0; i < 64; ++i)
        CHECK(host[i] == factor * i + offsets[i & 3]);
    CHECK(cuModuleGetGlobal(&launches, &bytes, module, "launches") == CUDA_SUCCESS && bytes == 4);
    CHECK(cuMemcpyDtoH(host, launches, 4) == CUDA_SUCCESS && host[0] == 1);
    CHECK(cuModuleGetGlobal(&launches, &bytes, module, "offsets") == CUDA_SUCCESS && bytes == 16);
    CHECK(cuModuleUnload(module) == CUDA_SUCCESS);
    return 0;
}

static int sum() {
    char info[256] = "x", error[256] = "x";
    CUjit_option options[] = {CU_JIT_INFO_LOG_BUFFER,  CU_JIT_INFO_LOG_BUFFER_SIZE_BYTES,
                              CU_JIT_ERROR_LOG_BUFFER, CU_JIT_ERROR_LOG_BUFFER_SIZE_BYTES,
                              CU_JIT_WALL_TIME,        CU_JIT_MAX_REGISTERS};
    void* values[] = {info, (void*)sizeof info, error, (void*)sizeof error, nullptr, (void*)64};
    CUmodule module;
    CUfunction kernel;
    CHECK(cuModuleLoadDataEx(&module, kSum, 6, options, values) == CUDA_SUCCESS);
    CHECK(error[0] == 0 && (uintptr_t)values[3] == 0);
    float milliseconds;
    memcpy(&milliseconds, &values[4], sizeof milliseconds);
    CHECK(milliseconds > 0);
    CHECK(cuModuleGetFunction(&kernel, module, "sum") == CUDA_SUCCESS);
    std::vector<uint64_t> numbers(1000);
    unsigned __int128 expected = 0;
    for (size_t i = 0; i < numbers.size(); ++i) {
        numbers[i] = ~0ull / (i + 1) * 3;
        expected += numbers[i];
    }
    CUdeviceptr in, out;
    unsigned count = unsigned(numbers.size());
    CHECK(cuMemAlloc(&in, count * 8) == CUDA_SUCCESS && cuMemAlloc(&out, 16) == CUDA_SUCCESS);
    CHECK(cuMemcpyHtoD(in, numbers.data(), count * 8) == CUDA_SUCCESS);
    void* arguments[] = {&out, &in, &count};
    CHECK(cuLaunchKernel(kernel, 1, 1, 1, 1, 1, 1, 0, nullptr, arguments, nullptr) == CUDA_SUCCESS);
    uint64_t result[2];
    CHECK(cuMemcpyDtoH(result, out, 16) == CUDA_SUCCESS);
    CHECK(result[0] == (uint64_t)expected && result[1] == (uint64_t)(expected >> 64));
    return 0;
}

static int link_modules() {
    CUlinkState state;
    void* code = nullptr;
    size_t bytes = 0;
    CHECK(cuLinkCreate(0, nullptr, nullptr, &state) == CUDA_SUCCESS);
    CHECK(cuLinkAddData(state, CU_JIT_INPUT_PTX, (void*)kCaller, sizeof kCaller, "caller", 0,
                        nullptr, nullptr) == CUDA_SUCCESS);
    CHECK(cuLinkAddData(state, CU_JIT_INPUT_PTX, (void*)kCallee, sizeof kCallee, "callee", 0,
                        nullptr, nullptr) == CUDA_SUCCESS);
    CHECK(cuLinkComplete(state, &code, &bytes) == CUDA_SUCCESS && bytes > 0);
    CUmodule module;
    CUfunction kernel;
    CHECK(cuModuleLoadData(&module, code) == CUDA_SUCCESS);
    CHECK(cuLinkDestroy(state) == CUDA_SUCCESS);
    CHECK(cuModuleGetFunction(&kernel, module, "call") == CUDA_SUCCESS);
    CUdeviceptr out;
    int host[5];
    CHECK(cuMemAlloc(&out, sizeof host) == CUDA_SUCCESS);
    void* arguments[] = {&out};
    CHECK(cuLaunchKernel(kernel, 1, 1, 1, 5, 1, 1, 0, nullptr, arguments, nullptr) == CUDA_SUCCESS);
    CHECK(cuMemcpyDtoH(host, out, sizeof host) == CUDA_SUCCESS);
    CHECK(host[0] == 111 && host[1] == 222 && host[2] == -2 && host[3] == -3 && host[4] == -4);
    return 0;
}

static int errors() {
    CUmodule module;
    char error[512] = "";
    CUjit_option options[] = {CU_JIT_ERROR_LOG_BUFFER, CU_JIT_ERROR_LOG_BUFFER_SIZE_BYTES};
    void* values[] = {error, (void*)sizeof error};
    const char wrong[] = HEAD ".entry k()\n{\n    .reg .b32 %r1;\n    frobnicate.u32 %r1;\n}\n";
    CHECK(cuModuleLoadDataEx(&module, wrong, 2, options, values) == CUDA_ERROR_INVALID_PTX);
    CHECK(strstr(error, "line 7") && strlen(error) == (uintptr_t)values[1]);
    char small[8];
    void* few[] = {small, (void*)sizeof small};
    CHECK(cuModuleLoadDataEx(&module, wrong, 2, options, few) == CUDA_ERROR_INVALID_PTX);
    CHECK(strlen(small) == 7 && strncmp(small, error, 7) == 0);
    CHECK(cuModuleLoadData(&module, ".version 99.0\n.target sm_70\n.address_size 64\n") ==
          CUDA_ERROR_UNSUPPORTED_PTX_VERSION);
    CUlinkState state;
    void* code;
    size_t bytes;
    CHECK(cuLinkCreate(0, nullptr, nullptr, &state) == CUDA_SUCCESS);
    CHECK(cuLinkAddData(state, CU_JIT_INPUT_PTX, (void*)kCaller, sizeof kCaller, "caller", 0,
                        nullptr, nullptr) == CUDA_SUCCESS);
    CHECK(cuLinkComplete(state, &code, &bytes) != CUDA_SUCCESS); // nobody defines choose()
    CHECK(cuLinkDestroy(state) == CUDA_SUCCESS);
    return 0;
}

int main() {
    CUdevice device;
    CUcontext context;
    CHECK(cuInit(0) == CUDA_SUCCESS && cuDeviceGet(&device, 0) == CUDA_SUCCESS);
    CHECK(cuDevicePrimaryCtxRetain(&context, device) == CUDA_SUCCESS);
    CHECK(cuCtxSetCurrent(context) == CUDA_SUCCESS);
    return scale() || edges() || sum() || link_modules() || errors();
}
