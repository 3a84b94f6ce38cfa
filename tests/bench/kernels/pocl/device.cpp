// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "device.h"

#include <fstream>
#include <iterator>

Device device;

void check_status(cl_int status, const char* call, const char* file, int line) {
    if (status == CL_SUCCESS) return;
    std::fprintf(stderr, "%s:%d: %s: OpenCL error %d\n", file, line, call, status);
    std::exit(1);
}

namespace {

cl_device_id find_pocl() {
    cl_platform_id platforms[16];
    cl_uint count = 0;
    CHECK(clGetPlatformIDs(16, platforms, &count));
    for (cl_uint i = 0; i < std::min(count, 16u); ++i) {
        char name[256] = {};
        CHECK(clGetPlatformInfo(platforms[i], CL_PLATFORM_NAME, sizeof name - 1, name, nullptr));
        cl_device_id id;
        if (std::strstr(name, "Portable Computing Language") &&
            clGetDeviceIDs(platforms[i], CL_DEVICE_TYPE_CPU, 1, &id, nullptr) == CL_SUCCESS)
            return id;
    }
    std::fprintf(stderr, "no PoCL CPU device (Debian package pocl-opencl-icd)\n");
    std::exit(1);
}

// Builds FOLDER/GROUP.cl; the sources share constants with the other sides, a folder above.
void build_program(cl_device_id id, const std::string& folder, const std::string& group) {
    const std::string path = folder + "/" + group + ".cl";
    const std::string options = "-I " + folder + "/..";
    std::ifstream file(path);
    const std::string source{std::istreambuf_iterator<char>(file), {}};
    if (source.empty()) {
        std::fprintf(stderr, "cannot read %s (--sources names the folder)\n", path.c_str());
        std::exit(2);
    }
    const char* text = source.c_str();
    cl_int status;
    device.program = clCreateProgramWithSource(device.context, 1, &text, nullptr, &status);
    CHECK(status);
    if (clBuildProgram(device.program, 1, &id, options.c_str(), nullptr, nullptr) == CL_SUCCESS)
        return;
    std::vector<char> log(1 << 16);
    clGetProgramBuildInfo(device.program, id, CL_PROGRAM_BUILD_LOG, log.size() - 1, log.data(),
                          nullptr);
    std::fprintf(stderr, "%s\n", log.data());
    std::exit(1);
}

} // namespace

void open_device(const bench::Session& session, const char* group) {
    cl_device_id id = find_pocl();
    cl_int status;
    device.context = clCreateContext(nullptr, 1, &id, nullptr, nullptr, &status);
    CHECK(status);
    device.queue = clCreateCommandQueue(device.context, id, 0, &status);
    CHECK(status);
    build_program(id, session.sources(), group);
}

void bench::finish() {
    CHECK(clFinish(device.queue));
}

Launch::Launch(const char* name, Range groups, Range local)
    : global_{groups.x * local.x, groups.y * local.y, groups.z * local.z},
      local_{local.x, local.y, local.z} {
    cl_int status;
    kernel_ = clCreateKernel(device.program, name, &status);
    CHECK(status);
}

void Launch::operator()() const {
    const cl_uint dimensions = local_[2] > 1 || global_[2] > 1 ? 3 : global_[1] > 1 ? 2 : 1;
    CHECK(clEnqueueNDRangeKernel(device.queue, kernel_, dimensions, nullptr, global_, local_, 0,
                                 nullptr, nullptr));
}
