// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// nvJitLink: units in each form that NVRTC gives them in, linked and run; errors and logs.
// nvFatbin.
#include "rtc.h"

#include <nvFatbin.h>
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

/// PTX, code and relocatable code in fat binaries: the device runs the newest that it can.
static void fat_binaries() {
    const auto source = [](int factor) {
        return "extern \"C\" __global__ void caller(int* out) { out[threadIdx.x] = " +
               std::to_string(factor) + " * threadIdx.x + 1; }";
    };
    Program right(source(3)), older(source(5)), newer(source(7));
    right.compile({"-arch=sm_80"});
    older.compile({"-arch=sm_75"});
    newer.compile({"-arch=sm_80"});
    nvFatbinHandle fat = nullptr;
    const char* options[] = {"-cuda", "-host=linux", "-64"};
    CHECK(nvFatbinCreate(&fat, options, 3) == NVFATBIN_SUCCESS);
    const auto add = [&](const Program& program, const char* arch) {
        const std::string ptx = program.ptx();
        return nvFatbinAddPTX(fat, ptx.c_str(), ptx.size() + 1, arch, "program", nullptr);
    };
    const auto code = [&] {
        size_t size = 0;
        CHECK(nvFatbinSize(fat, &size) == NVFATBIN_SUCCESS && size > 0);
        std::string bytes(size, 'x');
        CHECK(nvFatbinGet(fat, &bytes[0]) == NVFATBIN_SUCCESS);
        return bytes;
    };
    CHECK(add(older, "75") == NVFATBIN_SUCCESS);
    CHECK(add(right, "80") == NVFATBIN_SUCCESS);
    CHECK(add(newer, "999") == NVFATBIN_SUCCESS); // for no device of today
    run(code());
    CHECK(add(right, "75") == NVFATBIN_ERROR_PTX_ARCH_MISMATCH);
    CHECK(add(right, "sm_80") == NVFATBIN_ERROR_INVALID_ARCH);
    const std::string bare = ".target sm_80\n// .version 8.0\n";
    CHECK(nvFatbinAddPTX(fat, bare.c_str(), bare.size(), "80", "bare", nullptr) ==
          NVFATBIN_ERROR_MISSING_PTX_VERSION);
    CHECK(nvFatbinAddLTOIR(fat, bare.c_str(), bare.size(), "80", "bare", nullptr) ==
          NVFATBIN_ERROR_INVALID_NVVM);
    CHECK(nvFatbinAddPTX(fat, nullptr, 1, "80", "none", nullptr) == NVFATBIN_ERROR_NULL_POINTER);
    CHECK(nvFatbinAddCubin(fat, "", 0, "80", "none") == NVFATBIN_ERROR_EMPTY_INPUT);
    CHECK(nvFatbinDestroy(&fat) == NVFATBIN_SUCCESS && fat == nullptr);

    // Code goes before PTX.
    const std::string cubin = right.cubin();
    CHECK(nvFatbinCreate(&fat, nullptr, 0) == NVFATBIN_SUCCESS);
    CHECK(add(newer, "80") == NVFATBIN_SUCCESS);
    CHECK(nvFatbinAddCubin(fat, cubin.data(), cubin.size(), "80", "program") == NVFATBIN_SUCCESS);
    run(code());
    CHECK(nvFatbinDestroy(&fat) == NVFATBIN_SUCCESS);
    const char* wrong[] = {"-no-such-option"};
    CHECK(nvFatbinCreate(&fat, wrong, 1) == NVFATBIN_ERROR_UNRECOGNIZED_OPTION);
    CHECK(nvFatbinGetErrorString(NVFATBIN_SUCCESS) == nullptr);
    CHECK(nvFatbinGetErrorString(NVFATBIN_ERROR_EMPTY_INPUT) != nullptr);
}

int main() {
    use_device();
    fat_binaries();
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
