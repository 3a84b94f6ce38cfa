// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * PRIME: buffers as dma-bufs.
 */

/**
 * DOC: PRIME
 *
 * Export. Every buffer without an exclusive address space can become a dma-buf. System memory is
 * exported by the helpers: pinned pages, a table for whoever attaches. Device memory has no pages,
 * so it has operations of its own: mmap and kernel mappings work like those of the buffer;
 * attaching another device works only when that device can reach our aperture as a peer on the
 * bus (it said so, and the kernel knows that the path exists: CONFIG_PCI_P2PDMA), else attaching
 * is -EOPNOTSUPP. Then each block is mapped with dma_map_resource(). Buffers never move, so there
 * is nothing to tell importers later.
 *
 * Import. Our own dma-buf on the same device is the same buffer, no copy and no attachment. Any
 * other one is attached and used as system memory; its exporter keeps it in place, because we
 * attach without move_notify.
 */

#include <linux/dma-buf.h>
#include <linux/dma-mapping.h>
#include <linux/pci-p2pdma.h>
#include <linux/slab.h>

#include <drm/drm_drv.h>
#include <drm/drm_prime.h>

#include "acc_gem.h"
#include "uapi/drm/acc_drm.h"

MODULE_IMPORT_NS(DMA_BUF);

static int acc_vram_dmabuf_attach(struct dma_buf *dma_buf, struct dma_buf_attachment *attach)
{
	struct drm_gem_object *obj = dma_buf->priv;
	struct acc_device *acc = to_acc(obj->dev);
	struct pci_dev *provider = acc->vram.companion ?: acc->pdev;

	if (!attach->peer2peer || pci_p2pdma_distance(provider, attach->dev, false) < 0)
		return -EOPNOTSUPP;
	return 0;
}

static void acc_vram_unmap_table(struct device *dev, struct sg_table *sgt, unsigned int mapped,
				 enum dma_data_direction dir)
{
	struct scatterlist *sg;
	unsigned int i;

	for_each_sgtable_dma_sg(sgt, sg, i) {
		if (i == mapped)
			break;
		dma_unmap_resource(dev, sg_dma_address(sg), sg_dma_len(sg), dir,
				   DMA_ATTR_SKIP_CPU_SYNC);
	}
	sg_free_table(sgt);
	kfree(sgt);
}

/* Pieces of a table: what one entry can hold, on a page boundary. */
#define ACC_SG_BYTES_MAX ((u64)SZ_1G)

static struct sg_table *acc_vram_dmabuf_map(struct dma_buf_attachment *attach,
					    enum dma_data_direction dir)
{
	struct drm_gem_object *obj = attach->dmabuf->priv;
	struct acc_device *acc = to_acc(obj->dev);
	struct acc_bo *bo = to_acc_bo(obj);
	struct acc_cursor cursor;
	struct scatterlist *sg;
	struct sg_table *sgt;
	unsigned int i, count = 0;
	int ret;

	for (acc_cursor_init(&cursor, bo, 0); cursor.offset < obj->size; count++)
		acc_cursor_advance(&cursor, min(acc_cursor_run(&cursor), ACC_SG_BYTES_MAX));

	sgt = kzalloc(sizeof(*sgt), GFP_KERNEL);
	if (!sgt)
		return ERR_PTR(-ENOMEM);
	ret = sg_alloc_table(sgt, count, GFP_KERNEL);
	if (ret) {
		kfree(sgt);
		return ERR_PTR(ret);
	}

	acc_cursor_init(&cursor, bo, 0);
	for_each_sgtable_dma_sg(sgt, sg, i) {
		u64 part = min(acc_cursor_run(&cursor), ACC_SG_BYTES_MAX);
		dma_addr_t address;

		address = dma_map_resource(attach->dev,
					   acc->vram.phys + acc_cursor_address(&cursor), part,
					   dir, DMA_ATTR_SKIP_CPU_SYNC);
		ret = dma_mapping_error(attach->dev, address);
		if (ret) {
			acc_vram_unmap_table(attach->dev, sgt, i, dir);
			return ERR_PTR(ret);
		}
		sg_set_page(sg, NULL, part, 0);
		sg_dma_address(sg) = address;
		sg_dma_len(sg) = part;
		acc_cursor_advance(&cursor, part);
	}
	return sgt;
}

static void acc_vram_dmabuf_unmap(struct dma_buf_attachment *attach, struct sg_table *sgt,
				  enum dma_data_direction dir)
{
	acc_vram_unmap_table(attach->dev, sgt, sgt->nents, dir);
}

static const struct dma_buf_ops acc_vram_dmabuf_ops = {
	.attach = acc_vram_dmabuf_attach,
	.map_dma_buf = acc_vram_dmabuf_map,
	.unmap_dma_buf = acc_vram_dmabuf_unmap,
	.release = drm_gem_dmabuf_release,
	.mmap = drm_gem_dmabuf_mmap,
	.vmap = drm_gem_dmabuf_vmap,
	.vunmap = drm_gem_dmabuf_vunmap,
};

/**
 * acc_gem_prime_export() - Make a dma-buf of a buffer
 * @obj: buffer
 * @flags: DRM_CLOEXEC, DRM_RDWR
 *
 * Return: the dma-buf, or an error pointer: -EPERM when the buffer belongs to one address space.
 */
struct dma_buf *acc_gem_prime_export(struct drm_gem_object *obj, int flags)
{
	struct drm_device *drm = obj->dev;
	struct acc_bo *bo = to_acc_bo(obj);
	struct dma_buf_export_info info = {
		.exp_name = KBUILD_MODNAME,
		.owner = drm->driver->fops->owner,
		.ops = &acc_vram_dmabuf_ops,
		.size = obj->size,
		.flags = flags,
		.priv = obj,
		.resv = obj->resv,
	};

	if (bo->vm_root)
		return ERR_PTR(-EPERM);
	if (bo->flags & DRM_ACC_BO_VRAM)
		return drm_gem_dmabuf_export(drm, &info);
	return drm_gem_prime_export(obj, flags);
}

/**
 * acc_gem_prime_import() - Make a buffer of a dma-buf
 * @drm: device
 * @dma_buf: the dma-buf
 *
 * Return: the buffer, or an error pointer: -EOPNOTSUPP when the memory is out of our reach.
 */
struct drm_gem_object *acc_gem_prime_import(struct drm_device *drm, struct dma_buf *dma_buf)
{
	struct drm_gem_object *obj = dma_buf->priv;
	int idx;

	if (dma_buf->ops == &acc_vram_dmabuf_ops && obj->dev == drm) {
		drm_gem_object_get(obj);
		return obj;
	}
	if (!drm_dev_enter(drm, &idx))
		return ERR_PTR(-ENODEV);
	obj = drm_gem_prime_import(drm, dma_buf);
	if (!IS_ERR(obj) && obj->import_attach)
		acc_bo_mapped(to_acc_bo(obj));
	drm_dev_exit(idx);
	return obj;
}

/**
 * acc_gem_prime_import_sg_table() - The import of memory of somebody else
 * @drm: device
 * @attach: our attachment
 * @sgt: its memory, mapped for us
 *
 * Return: a buffer of system memory, or an error pointer.
 */
struct drm_gem_object *acc_gem_prime_import_sg_table(struct drm_device *drm,
						     struct dma_buf_attachment *attach,
						     struct sg_table *sgt)
{
	struct acc_extent *extents;
	struct drm_gem_object *obj;
	struct scatterlist *sg;
	unsigned int i;
	u64 bytes = 0;
	u32 count;

	/* Page tables cannot express anything else. */
	for_each_sgtable_dma_sg(sgt, sg, i) {
		if (!IS_ALIGNED(sg_dma_address(sg) | sg_dma_len(sg), ACC_PAGE_BYTES))
			return ERR_PTR(-EINVAL);
		bytes += sg_dma_len(sg);
	}
	if (!bytes || bytes < attach->dmabuf->size)
		return ERR_PTR(-EINVAL);

	extents = acc_extents_from_sgt(sgt, &count);
	if (!extents)
		return ERR_PTR(-ENOMEM);
	obj = drm_gem_shmem_prime_import_sg_table(drm, attach, sgt);
	if (IS_ERR(obj)) {
		kvfree(extents);
		return obj;
	}
	to_acc_bo(obj)->extents = extents;
	to_acc_bo(obj)->extent_count = count;
	return obj;
}
