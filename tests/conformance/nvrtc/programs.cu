// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Sources compiled at run time, loaded and run: both kinds of result, name expressions, what is
// there without an #include, headers, options, relocatable code.
#include "rtc.h"

#include <cmath>

static const char kSum[] = R"(
template <class T, int N> __global__ void scale(T* out) { out[threadIdx.x] = T(int(threadIdx.x) * N); }
namespace tables {
__device__ int counts[4] = {1, 2, 3, 4};
__constant__ float factor = 2.5f;
struct Pair { int a, b; };
__global__ void sum(Pair* out) {
    int i = threadIdx.x;
    out[i] = {counts[i & 3] + i, int(factor * 4)};
}
}
static __constant__ int settings[2];
static __device__ int three[3];
static __global__ void hidden(int* out) {
    out[threadIdx.x] = settings[threadIdx.x & 1] + three[0] + three[1] + three[2];
}
extern "C" __global__ void plain(int* out) { atomicAdd(out + threadIdx.x, 7); out[threadIdx.x] += blockDim.x; }
)";

static void run_names(const Program& program, const std::string& image) {
    const Loaded loaded(image);
    const std::vector<float> scaled = loaded.run<float>(program.lowered("scale<float, 3>"), 32);
    const std::vector<long long> wide = loaded.run<long long>(
        program.lowered("&scale<long long, -5>"), 32);
    for (int i = 0; i < 32; ++i)
        CHECK(scaled[i] == 3.0f * float(i) && wide[i] == -5 * i);
    const int counts[4] = {100, 200, 300, 400};
    const float factor = 0.75f;
    CHECK(cuMemcpyHtoD(loaded.variable(program.lowered("&tables::counts")), counts, 16) == 0);
    CHECK(cuMemcpyHtoD(loaded.variable(program.lowered("tables::factor")), &factor, 4) == 0);
    // What is static has the name that the source says.
    const int settings[2] = {17, -4};
    CHECK(cuMemcpyHtoD(loaded.variable("settings"), settings, sizeof(settings)) == 0);
    const int three[3] = {100, 200, 300};
    CHECK(cuMemcpyHtoD(loaded.variable("three"), three, sizeof(three)) == 0);
    const std::vector<int> hidden = loaded.run<int>(program.lowered("hidden"), 4);
    for (int i = 0; i < 4; ++i)
        CHECK(hidden[i] == settings[i & 1] + 600);
    struct Pair {
        int a, b;
    };
    const std::vector<Pair> pairs = loaded.run<Pair>(program.lowered("tables::sum"), 8);
    for (int i = 0; i < 8; ++i)
        CHECK(pairs[i].a == counts[i & 3] + i && pairs[i].b == 3);
}

static void test_names() {
    Program program(kSum);
    for (const char* expression : {"scale<float, 3>", "&scale<long long, -5>", "&tables::counts",
                                   "tables::factor", "tables::sum", "hidden"})
        CHECK(nvrtcAddNameExpression(program.handle, expression) == NVRTC_SUCCESS);
    program.compile({"--gpu-architecture=sm_80"});
    CHECK(program.log().empty());
    CHECK(program.ptx().find(".entry plain") != std::string::npos);
    run_names(program, program.cubin());
    run_names(program, program.ptx());
    CHECK(nvrtcAddNameExpression(program.handle, "plain") ==
          NVRTC_ERROR_NO_NAME_EXPRESSIONS_AFTER_COMPILATION);
    const char* name;
    CHECK(nvrtcGetLoweredName(program.handle, "plain", &name) ==
          NVRTC_ERROR_NAME_EXPRESSION_NOT_VALID);
}

// Nothing is included.
static const char kBuiltin[] = R"(
extern "C" __global__ void builtin(double* out) {
    size_t i = threadIdx.x;
    float4 v = make_float4(1, 2, 3, float(i));
    uint3 t = threadIdx;
    dim3 d(2, 3);
    double s = sin(1.0) + sqrt(2) + pow(2.0f, 3) + fmaxf(v.w, 2.0f) + min(3, int(i)) + abs(-2.5f);
    unsigned all = __ballot_sync(0xffffffffu, i < 3);
    assert(d.z == 1);
    char text[4];
    memset(text, 1, sizeof(text));
    out[i] = s + __popc(all) + t.y + text[3] + __shfl_xor_sync(0xffffffffu, int(i), 1) + (NULL == nullptr);
#ifndef __CUDACC_RTC__
#error not seen
#endif
#if defined(__NVCC__) || defined(__clang__) || defined(__GNUC__) || defined(INT_MAX)
#error NVRTC has none of these
#endif
}
)";

static void test_builtins() {
    Program program(kBuiltin);
    program.compile({"-arch=compute_80"});
    size_t size = 1;
    CHECK(nvrtcGetCUBINSize(program.handle, &size) == NVRTC_SUCCESS && size == 0);
    const std::vector<double> values = Loaded(program.ptx()).run<double>("builtin", 32);
    for (int i = 0; i < 32; ++i) {
        const double wanted = std::sin(1.0) + std::sqrt(2.0) + 8 + std::fmax(i, 2) +
                              std::min(3, i) + 2.5 + 3 + 1 + (i ^ 1) + 1;
        CHECK(std::fabs(values[i] - wanted) < 1e-12);
    }
}

static void test_headers() {
    const std::map<std::string, std::string> headers = {
        {"first.h", "#pragma once\n#include \"parts/second.h\"\n"},
        {"parts/second.h", "#include \"../third.h\"\n#define SECOND (THIRD + 20)\n"},
        {"third.h", "#define THIRD 3\n"},
        {"../above.h", "#define ABOVE 100\n"},
        {"cstdint", "typedef unsigned char uint8_t;\n"}};
    Program program(R"(
#include <first.h>
#include "../above.h"
#include <cstdint>
extern "C" __global__ void headers(int* out) {
    out[threadIdx.x] = SECOND + ABOVE + FROM_OPTION + sizeof(uint8_t) + VALUE;
#ifdef GONE
    out[threadIdx.x] = 0;
#endif
}
)",
                    "folder/program.cu", headers);
    program.compile({"-arch=sm_75", "-DFROM_OPTION=1000", "-D", "VALUE=5", "--define-macro=GONE=1",
                     "-U", "GONE", "--std=c++14", "-I/nowhere"});
    CHECK(Loaded(program.cubin()).run<int>("headers", 1)[0] == 23 + 100 + 1000 + 1 + 5);
}

// What says nothing is the device's.
static void test_default_space() {
    Program program(R"(
template <class F> int twice(F f) { return 2 * f(); }
constexpr int three() { return 3; }
struct Counter { int n; Counter(int k) : n(k) {} int next() { return n++; } };
extern "C" __global__ void spaces(int* out) {
    Counter c(threadIdx.x);
    out[threadIdx.x] = twice([&] { return c.next(); }) + c.n + three();
}
)");
    CHECK(program.try_compile({"-arch=sm_80"}) == NVRTC_ERROR_COMPILATION);
    program.compile({"-arch=sm_80", "-default-device"});
    const std::vector<int> values = Loaded(program.cubin()).run<int>("spaces", 4);
    for (int i = 0; i < 4; ++i)
        CHECK(values[i] == 2 * i + i + 1 + 3);
}

static const char kHalf[] = R"(
#include <cuda_fp16.h>
#include <cuda_bf16.h>
extern "C" __global__ void halves(float* out) {
    int i = threadIdx.x;
    half a = __float2half(float(i)), b = __float2half(0.5f);
    half2 p = __hfma2(__halves2half2(a, b), __halves2half2(b, a), __half2half2(b));
    __nv_bfloat16 c = __float2bfloat16(float(i)) * __float2bfloat16(2.0f);
    out[i] = __half2float(a * b + b) + __half2float(__low2half(p)) - __half2float(__high2half(p)) +
             __bfloat162float(c) + __half2float(a - b) + __half2float(hexp2(b + b));
}
)";

static void test_halves() {
    Program program(kHalf);
    program.compile({"-arch=sm_80"});
    for (const std::string& image : {program.cubin(), program.ptx()}) {
        const std::vector<float> values = Loaded(image).run<float>("halves", 16);
        for (int i = 0; i < 16; ++i)
            CHECK(values[i] == float(i) * 0.5f + 0.5f + 2.0f * float(i) + float(i) - 0.5f + 2.0f);
    }
}

// Two units, in each form that a linker takes.
static void link(const std::vector<std::pair<CUjitInputType, std::string>>& parts) {
    CUlinkState state;
    void* code;
    size_t bytes;
    CHECK(cuLinkCreate(0, nullptr, nullptr, &state) == CUDA_SUCCESS);
    for (const auto& part : parts)
        CHECK(cuLinkAddData(state, part.first, const_cast<char*>(part.second.data()),
                            part.second.size(), "part", 0, nullptr, nullptr) == CUDA_SUCCESS);
    CHECK(cuLinkComplete(state, &code, &bytes) == CUDA_SUCCESS);
    const std::vector<int> values = Loaded(std::string(static_cast<char*>(code), bytes))
                                        .run<int>("caller", 8);
    for (int i = 0; i < 8; ++i)
        CHECK(values[i] == i * i + 1);
    CHECK(cuLinkDestroy(state) == CUDA_SUCCESS);
}

static void test_relocatable() {
    Program caller("extern __device__ int square(int);\n"
                   "extern \"C\" __global__ void caller(int* out) {"
                   " out[threadIdx.x] = square(threadIdx.x) + 1; }");
    Program callee("__device__ int square(int x) { return x * x; }");
    caller.compile({"-arch=sm_80", "--relocatable-device-code=true"});
    callee.compile({"-arch=sm_80", "-rdc=true"});
    link({{CU_JIT_INPUT_PTX, caller.ptx()}, {CU_JIT_INPUT_PTX, callee.ptx()}});
    link({{CU_JIT_INPUT_CUBIN, caller.cubin()}, {CU_JIT_INPUT_CUBIN, callee.cubin()}});
    caller.compile({"-arch=sm_80", "-rdc=true", "-dlto"});
    size_t size = 0;
    CHECK(nvrtcGetLTOIRSize(caller.handle, &size) == NVRTC_SUCCESS && size > 0);
    std::string ir(size, 'x');
    CHECK(nvrtcGetLTOIR(caller.handle, &ir[0]) == NVRTC_SUCCESS);
}

int main() {
    use_device();
    test_names();
    test_builtins();
    test_headers();
    test_default_space();
    test_halves();
    test_relocatable();
    printf("ok\n");
    return 0;
}
