/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * Buffers: GEM objects in device memory (drm_buddy blocks) or system memory (shmem helper), and imported dma-bufs.
 */
#ifndef __ACC_GEM_H__
#define __ACC_GEM_H__

#include <drm/drm_gem.h>
#include <drm/drm_gem_shmem_helper.h>

#include "acc_device.h"

int acc_vram_init(struct acc_device *acc);
void acc_vram_fini(struct acc_device *acc);

int acc_ioctl_bo_create(struct drm_device *drm, void *data, struct drm_file *file);
int acc_ioctl_bo_mmap_offset(struct drm_device *drm, void *data, struct drm_file *file);

/* drm_driver hooks */
struct drm_gem_object *acc_gem_create_object(struct drm_device *drm, size_t size);
struct drm_gem_object *acc_gem_prime_import(struct drm_device *drm, struct dma_buf *dma_buf);
struct drm_gem_object *acc_gem_prime_import_sg_table(struct drm_device *drm, struct dma_buf_attachment *attach, struct sg_table *sgt);

#endif
