// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What goes wrong at run-time compilation: codes and logs, and several threads at once.
#include "rtc.h"

#include <thread>

static bool contains(const std::string& text, const char* part) {
    if (text.find(part) != std::string::npos) return true;
    printf("no '%s' in:\n%s\n", part, text.c_str());
    return false;
}

static void test_arguments() {
    nvrtcProgram program = nullptr;
    const char* header = "";
    CHECK(nvrtcCreateProgram(nullptr, "", "", 0, nullptr, nullptr) == NVRTC_ERROR_INVALID_INPUT);
    CHECK(nvrtcCreateProgram(&program, nullptr, "", 0, nullptr, nullptr) ==
          NVRTC_ERROR_INVALID_INPUT);
    CHECK(nvrtcCreateProgram(&program, "", "", 1, &header, nullptr) == NVRTC_ERROR_INVALID_INPUT);
    CHECK(nvrtcCompileProgram(nullptr, 0, nullptr) == NVRTC_ERROR_INVALID_PROGRAM);
    CHECK(nvrtcDestroyProgram(&program) == NVRTC_ERROR_INVALID_PROGRAM);
    int major = 0, minor = -1, count = 0;
    CHECK(nvrtcVersion(&major, &minor) == NVRTC_SUCCESS && major >= 12 && minor >= 0);
    CHECK(nvrtcGetNumSupportedArchs(&count) == NVRTC_SUCCESS && count > 3);
    std::vector<int> archs(static_cast<size_t>(count));
    CHECK(nvrtcGetSupportedArchs(archs.data()) == NVRTC_SUCCESS);
    bool has_80 = false;
    for (size_t i = 0; i < archs.size(); ++i) {
        CHECK(i == 0 || archs[i] > archs[i - 1]);
        has_80 |= archs[i] == 80;
    }
    CHECK(has_80);
    CHECK(!strcmp(nvrtcGetErrorString(NVRTC_ERROR_COMPILATION), "NVRTC_ERROR_COMPILATION"));
}

static void test_states() {
    Program program("__global__ void k() {}");
    const char* name;
    size_t size;
    CHECK(nvrtcAddNameExpression(program.handle, "k") == NVRTC_SUCCESS);
    CHECK(nvrtcGetLoweredName(program.handle, "k", &name) ==
          NVRTC_ERROR_NO_LOWERED_NAMES_BEFORE_COMPILATION);
    CHECK(nvrtcGetPTXSize(program.handle, &size) == NVRTC_ERROR_INVALID_PROGRAM);
    CHECK(program.try_compile({"--no-such-option"}) == NVRTC_ERROR_INVALID_OPTION);
    CHECK(contains(program.log(), "--no-such-option"));
    CHECK(program.try_compile({"-arch=sm_1"}) == NVRTC_ERROR_INVALID_OPTION);
}

static void test_logs() {
    Program program("\n\n__global__ void k(int* p) { *p = missing; }\n", "broken.cu");
    CHECK(program.try_compile({"-arch=sm_80"}) == NVRTC_ERROR_COMPILATION);
    CHECK(contains(program.log(), "broken.cu(3): error: "));
    CHECK(contains(program.log(), "missing"));
    CHECK(contains(program.log(), "1 error detected in the compilation of \"broken.cu\"."));
    Program header("#include <not_there.h>\n", "includes.cu");
    CHECK(header.try_compile({"-arch=sm_80"}) == NVRTC_ERROR_COMPILATION);
    CHECK(contains(header.log(), "includes.cu(1): catastrophic error: cannot open source file "
                                 "\"not_there.h\""));
    Program expression("__global__ void k() {}");
    CHECK(nvrtcAddNameExpression(expression.handle, "nobody<int>") == NVRTC_SUCCESS);
    CHECK(expression.try_compile({"-arch=sm_80"}) == NVRTC_ERROR_COMPILATION);
    CHECK(contains(expression.log(), "nobody"));
}

static void test_threads() {
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i)
        threads.emplace_back([i] {
            const std::string name = "kernel_" + std::to_string(i);
            const bool good = i != 2;
            Program program("extern \"C\" __global__ void " + name +
                            "(int* p) { *p = " + (good ? "1" : "one") + "; }");
            const nvrtcResult result = program.try_compile({"-arch=compute_80"});
            CHECK(result == (good ? NVRTC_SUCCESS : NVRTC_ERROR_COMPILATION));
            if (good) CHECK(contains(program.ptx(), name.c_str()));
        });
    for (std::thread& thread : threads)
        thread.join();
}

int main() {
    test_arguments();
    test_states();
    test_logs();
    test_threads();
    printf("ok\n");
    return 0;
}
