// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/backend/drm/device_file.h"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>

namespace acc::rt::drm {
namespace {

class NodeFile final : public DeviceFile {
  public:
    explicit NodeFile(int fd) : fd_(fd) {}
    ~NodeFile() override { close(fd_); }

    int control(unsigned long request, void* argument) override {
        return ioctl(fd_, request, argument) == 0 ? 0 : -errno;
    }

    void* map(void* at, uint64_t bytes, int protection, uint64_t offset) override {
        void* mapped = mmap(at, bytes, protection, MAP_SHARED | (at != nullptr ? MAP_FIXED : 0),
                            fd_, static_cast<off_t>(offset));
        return mapped == MAP_FAILED ? nullptr : mapped;
    }

  private:
    const int fd_;
};

} // namespace

std::unique_ptr<DeviceFile> open_device_file(const std::string& path) {
    const int fd = open(path.c_str(), O_RDWR | O_CLOEXEC);
    return fd >= 0 ? std::make_unique<NodeFile>(fd) : nullptr;
}

} // namespace acc::rt::drm
