// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// nvJitLink: units in each form that NVRTC gives them in, linked and run; errors and logs.
#include "rtc.h"

#include <nvJitLink.h>

class Linker {
  public:
    explicit Linker(std::vector<const char*> options) {
        CHECK(nvJitLinkCreate(&handle, uint32_t(options.size()), options.data()) ==
              NVJITLINK_SUCCESS);
    }
    ~Linker() { CHECK(nvJitLinkDestroy(&handle) == NVJITLINK_SUCCESS); }
    nvJitLinkResult add(nvJitLinkInputType type, const std::string& data) {
        return nvJitLinkAddData(handle, type, data.data(), data.size(), "unit");
    }
    std::string errors() {
        size_t size = 0;
        CHECK(nvJitLinkGetErrorLogSize(handle, &size) == NVJITLINK_SUCCESS && size > 0);
        std::string text(size, 'x');
        CHECK(nvJitLinkGetErrorLog(handle, &text[0]) == NVJITLINK_SUCCESS);
        return text;
    }
    std::string code() {
        const nvJitLinkResult result = nvJitLinkComplete(handle);
        if (result != NVJITLINK_SUCCESS) printf("%d: %s\n", int(result), errors().c_str());
        CHECK(result == NVJITLINK_SUCCESS);
        size_t size = 0;
        CHECK(nvJitLinkGetLinkedCubinSize(handle, &size) == NVJITLINK_SUCCESS && size > 0);
        std::string bytes(size, 'x');
        CHECK(nvJitLinkGetLinkedCubin(handle, &bytes[0]) == NVJITLINK_SUCCESS);
        return bytes;
    }
    nvJitLinkHandle handle = nullptr;
};

static void run(const std::string& code) {
    const std::vector<int> values = Loaded(code).run<int>("caller", 8);
    for (int i = 0; i < 8; ++i)
        CHECK(values[i] == 3 * i + 1);
}

static std::string ir_of(const Program& program) {
    size_t size = 0;
    CHECK(nvrtcGetLTOIRSize(program.handle, &size) == NVRTC_SUCCESS && size > 0);
    std::string ir(size, 'x');
    CHECK(nvrtcGetLTOIR(program.handle, &ir[0]) == NVRTC_SUCCESS);
    return ir;
}

int main() {
    use_device();
    unsigned major = 0, minor = 0;
    CHECK(nvJitLinkVersion(&major, &minor) == NVJITLINK_SUCCESS && major >= 12);

    Program caller("extern __device__ int triple(int);\n"
                   "extern \"C\" __global__ void caller(int* out) {"
                   " out[threadIdx.x] = triple(threadIdx.x) + 1; }");
    Program callee("__device__ int triple(int x) { return 3 * x; }");
    caller.compile({"-arch=sm_80", "-rdc=true"});
    callee.compile({"-arch=sm_80", "-rdc=true"});
    {
        Linker linker({"-arch=sm_80"});
        CHECK(linker.add(NVJITLINK_INPUT_PTX, caller.ptx()) == NVJITLINK_SUCCESS);
        CHECK(linker.add(NVJITLINK_INPUT_CUBIN, callee.cubin()) == NVJITLINK_SUCCESS);
        run(linker.code());
    }
    caller.compile({"-arch=sm_80", "-rdc=true", "-dlto"});
    callee.compile({"-arch=sm_80", "-rdc=true", "-dlto"});
    {
        Linker linker({"-arch=sm_80", "-lto"});
        CHECK(linker.add(NVJITLINK_INPUT_LTOIR, ir_of(caller)) == NVJITLINK_SUCCESS);
        CHECK(linker.add(NVJITLINK_INPUT_ANY, ir_of(callee)) == NVJITLINK_SUCCESS);
        run(linker.code());
    }
    {
        Linker linker({"-arch=sm_80", "-lto"});
        CHECK(linker.add(NVJITLINK_INPUT_LTOIR, ir_of(caller)) == NVJITLINK_SUCCESS);
        CHECK(nvJitLinkComplete(linker.handle) != NVJITLINK_SUCCESS);
        CHECK(linker.errors().find("triple") != std::string::npos);
    }
    const char* known[] = {"-arch=sm_80", "-lto", "-ftz=true", "-Xptxas=-O1", "-prec-div=1"};
    nvJitLinkHandle with_options = nullptr;
    CHECK(nvJitLinkCreate(&with_options, 5, known) == NVJITLINK_SUCCESS);
    CHECK(nvJitLinkDestroy(&with_options) == NVJITLINK_SUCCESS);
    nvJitLinkHandle handle = nullptr;
    const char* wrong[] = {"-arch=sm_80", "-no-such-option"};
    CHECK(nvJitLinkCreate(&handle, 0, nullptr) == NVJITLINK_ERROR_MISSING_ARCH);
    CHECK(nvJitLinkCreate(&handle, 2, wrong) == NVJITLINK_ERROR_UNRECOGNIZED_OPTION);
    printf("ok\n");
    return 0;
}
