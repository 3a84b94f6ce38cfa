// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tests/kmd/gate.h"

#include <cstdlib>
#include <fcntl.h>
#include <linux/dma-buf.h>
#include <string>
#include <string_view>
#include <sys/ioctl.h>
#include <unistd.h>

#include <xf86drm.h>

namespace acc::kmd {

namespace {

/// sw_sync's interface, which has no header for programs.
struct SwSyncCreateFence {
    uint32_t value;
    char name[32];
    int32_t fence;
};
constexpr unsigned long kSwSyncCreateFence = _IOWR('W', 0, SwSyncCreateFence),
                        kSwSyncIncrement = _IOW('W', 1, uint32_t);

/// vgem's, which has one that Debian 12 does not install.
struct VgemFenceAttach {
    uint32_t handle, flags, fence, pad;
};
struct VgemFenceSignal {
    uint32_t fence, flags;
};
constexpr uint32_t kVgemFenceWrite = 1;
constexpr unsigned long kVgemFenceAttach = DRM_IOWR(DRM_COMMAND_BASE + 1, VgemFenceAttach),
                        kVgemFenceSignal = DRM_IOW(DRM_COMMAND_BASE + 2, VgemFenceSignal);

/// The primary node of vgem (only that one makes buffers), or -1.
int open_vgem() {
    for (int number = 0; number < 64; number++) {
        const int fd = open(("/dev/dri/card" + std::to_string(number)).c_str(), O_RDWR | O_CLOEXEC);
        if (fd < 0) continue;
        drmVersion* version = drmGetVersion(fd);
        const bool found = version && std::string_view(version->name) == "vgem";
        if (version) drmFreeVersion(version);
        if (found) return fd;
        close(fd);
    }
    return -1;
}

void must(int result, const char* what) {
    if (result != 0) throw Failure(what, errno);
}

} // namespace

Gate::Gate() {
    if (!make_with_sw_sync()) make_with_vgem();
}

Gate::~Gate() {
    if (driver_ < 0) return;
    open();
    close(sync_file_);
    close(driver_);
}

bool Gate::make_with_sw_sync() {
    driver_ = ::open("/sys/kernel/debug/sync/sw_sync", O_RDWR | O_CLOEXEC);
    if (driver_ < 0) return false;
    SwSyncCreateFence create{.value = 1, .name = "gate", .fence = -1};
    must(ioctl(driver_, kSwSyncCreateFence, &create), "SW_SYNC_IOC_CREATE_FENCE");
    sync_file_ = create.fence;
    return true;
}

void Gate::make_with_vgem() {
    driver_ = open_vgem();
    if (driver_ < 0) {
        if (std::system("modprobe -q vgem") == 0) driver_ = open_vgem();
        if (driver_ < 0) throw Failure("neither sw_sync nor vgem in this kernel", ENODEV);
    }
    drm_mode_create_dumb buffer{};
    buffer.width = buffer.height = 32;
    buffer.bpp = 32;
    must(ioctl(driver_, DRM_IOCTL_MODE_CREATE_DUMB, &buffer), "CREATE_DUMB of vgem");
    int shared = -1;
    must(drmPrimeHandleToFD(driver_, buffer.handle, DRM_CLOEXEC | DRM_RDWR, &shared),
         "export of vgem's buffer");
    VgemFenceAttach attach{};
    attach.handle = buffer.handle;
    attach.flags = kVgemFenceWrite;
    must(ioctl(driver_, kVgemFenceAttach, &attach), "VGEM_FENCE_ATTACH");
    fence_ = attach.fence;
    dma_buf_export_sync_file file{.flags = DMA_BUF_SYNC_RW, .fd = -1};
    must(ioctl(shared, DMA_BUF_IOCTL_EXPORT_SYNC_FILE, &file), "DMA_BUF_IOCTL_EXPORT_SYNC_FILE");
    sync_file_ = file.fd;
    close(shared);
    drm_gem_close done{};
    done.handle = buffer.handle;
    must(ioctl(driver_, DRM_IOCTL_GEM_CLOSE, &done), "GEM_CLOSE of vgem");
}

Syncobj Gate::object(const Device& device) const {
    Syncobj object(device);
    must(drmSyncobjImportSyncFile(device.fd(), object.handle(), sync_file_),
         "import of the gate's sync file");
    return object;
}

void Gate::open() {
    if (fence_ == 0) {
        uint32_t one = 1;
        ioctl(driver_, kSwSyncIncrement, &one);
    } else {
        VgemFenceSignal signal{};
        signal.fence = fence_;
        ioctl(driver_, kVgemFenceSignal, &signal); // refused when it was opened before
    }
}

} // namespace acc::kmd
