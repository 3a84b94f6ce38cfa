// SPDX-License-Identifier: GPL-2.0 OR MIT
/**
 * DOC: The driver's door
 *
 * Where the kernel enters: PCI probe and remove, the file operations of the render node, the table
 * of ioctls, module parameters. What happens inside is in the file of its concern.
 */

#include <linux/module.h>
#include <linux/pci.h>
#include <linux/slab.h>

#include <drm/drm_drv.h>
#include <drm/drm_file.h>
#include <drm/drm_gem.h>
#include <drm/drm_ioctl.h>
#include <drm/drm_managed.h>
#include <drm/drm_print.h>

#include "uapi/drm/acc_drm.h"

#include "acc_device.h"
#include "acc_gem.h"
#include "acc_queue.h"
#include "acc_reset.h"
#include "acc_vm.h"

unsigned int acc_hang_check_ms = 500;
module_param_named(hang_check_ms, acc_hang_check_ms, uint, 0444);
MODULE_PARM_DESC(hang_check_ms,
		 "Reset a queue that has the device for this long and does nothing, in milliseconds (default 500, 0: never)");

/* --- files ------------------------------------------------------------------- */

static int acc_open(struct drm_device *drm, struct drm_file *file)
{
	struct acc_file *afile = kzalloc(sizeof(*afile), GFP_KERNEL_ACCOUNT);

	if (!afile)
		return -ENOMEM;
	afile->acc = to_acc(drm);
	afile->drm = file;
	xa_init_flags(&afile->vms, XA_FLAGS_ALLOC1);
	xa_init_flags(&afile->queues, XA_FLAGS_ALLOC1);
	file->driver_priv = afile;
	return 0;
}

static void acc_postclose(struct drm_device *drm, struct drm_file *file)
{
	struct acc_file *afile = file->driver_priv;

	acc_queue_release_all(afile);
	acc_vm_release_all(afile);
	xa_destroy(&afile->queues);
	xa_destroy(&afile->vms);
	kfree(afile);
}

static int acc_mmap(struct file *filp, struct vm_area_struct *vma)
{
	struct drm_file *file = filp->private_data;

	if (drm_dev_is_unplugged(file->minor->dev))
		return -ENODEV;
	/* Offsets of buffers start above 4 GiB; below are the offsets of BAR 0. */
	if (vma->vm_pgoff < DRM_FILE_PAGE_OFFSET_START)
		return acc_doorbell_mmap(file->driver_priv, vma);
	return drm_gem_mmap(filp, vma);
}

static void acc_show_fdinfo(struct drm_printer *p, struct drm_file *file)
{
	drm_printf(p, "drm-engine-compute:\t%llu ns\n", acc_queue_file_runtime(file->driver_priv));
	acc_gem_show_fdinfo(p, file);
}

static const struct file_operations acc_fops = {
	.owner = THIS_MODULE,
	.open = drm_open,
	.release = drm_release,
	.unlocked_ioctl = drm_ioctl,
	.compat_ioctl = drm_compat_ioctl,
	.poll = drm_poll,
	.read = drm_read,
	.llseek = noop_llseek,
	.mmap = acc_mmap,
	.show_fdinfo = drm_show_fdinfo,
	.fop_flags = FOP_UNSIGNED_OFFSET,
};

#define ACC_IOCTL(name, function) DRM_IOCTL_DEF_DRV(ACC_##name, function, DRM_RENDER_ALLOW)

static const struct drm_ioctl_desc acc_ioctls[] = {
	ACC_IOCTL(DEV_QUERY, acc_ioctl_dev_query),
	ACC_IOCTL(VM_CREATE, acc_ioctl_vm_create),
	ACC_IOCTL(VM_DESTROY, acc_ioctl_vm_destroy),
	ACC_IOCTL(VM_GET_STATE, acc_ioctl_vm_get_state),
	ACC_IOCTL(VM_BIND, acc_ioctl_vm_bind),
	ACC_IOCTL(BO_CREATE, acc_ioctl_bo_create),
	ACC_IOCTL(BO_MMAP_OFFSET, acc_ioctl_bo_mmap_offset),
	ACC_IOCTL(QUEUE_CREATE, acc_ioctl_queue_create),
	ACC_IOCTL(QUEUE_DESTROY, acc_ioctl_queue_destroy),
	ACC_IOCTL(QUEUE_GET_STATE, acc_ioctl_queue_get_state),
	ACC_IOCTL(QUEUE_SET_PROPERTY, acc_ioctl_queue_set_property),
	ACC_IOCTL(QUEUE_SYNC, acc_ioctl_queue_sync),
	ACC_IOCTL(WAIT_FENCE, acc_ioctl_wait_fence),
	ACC_IOCTL(FAULT_GET, acc_ioctl_fault_get),
	ACC_IOCTL(FENCE_EVENTFD, acc_ioctl_fence_eventfd),
};

static const struct drm_driver acc_driver = {
	.driver_features = DRIVER_RENDER | DRIVER_GEM | DRIVER_GEM_GPUVA | DRIVER_SYNCOBJ |
			   DRIVER_SYNCOBJ_TIMELINE,
	.open = acc_open,
	.postclose = acc_postclose,
	.show_fdinfo = acc_show_fdinfo,
	.ioctls = acc_ioctls,
	.num_ioctls = ARRAY_SIZE(acc_ioctls),
	.fops = &acc_fops,
	.gem_create_object = acc_gem_create_object,
	.gem_prime_import = acc_gem_prime_import,
	.gem_prime_import_sg_table = acc_gem_prime_import_sg_table,
#ifdef CONFIG_DEBUG_FS
	.debugfs_init = acc_debugfs_init,
#endif
	.name = "acc",
	.desc = "ACC compute accelerator",
	.date = "20261122",
	.major = DRM_ACC_VERSION_MAJOR,
	.minor = DRM_ACC_VERSION_MINOR,
};

/* --- PCI ------------------------------------------------------------------------ */

static int acc_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct acc_device *acc;
	int ret;

	acc = devm_drm_dev_alloc(&pdev->dev, &acc_driver, struct acc_device, drm);
	if (IS_ERR(acc))
		return PTR_ERR(acc);
	acc->pdev = pdev;
	pci_set_drvdata(pdev, acc);

	ret = acc_device_init(acc);
	if (ret)
		return ret;
	ret = drm_dev_register(&acc->drm, 0);
	if (ret)
		acc_device_fini(acc);
	return ret;
}

static void acc_remove(struct pci_dev *pdev)
{
	struct acc_device *acc = pci_get_drvdata(pdev);

	/*
	 * First of all the device loses its way to memory: from the next step on, files that are
	 * closed free their buffers without asking it. Not in the middle of a command, which would
	 * fail for a reason that its caller could not tell.
	 */
	down_write(&acc->reset.lock);
	acc_device_mark_lost(acc, NULL);
	up_write(&acc->reset.lock);
	/*
	 * Afterwards no call is inside and none gets in; files stay open and are closed later, each
	 * when its process likes.
	 */
	drm_dev_unplug(&acc->drm);
	acc_device_fini(acc);
}

/* Another kernel may start with this memory: the device must not write to it. */
static void acc_shutdown(struct pci_dev *pdev)
{
	acc_reset_quiesce(pci_get_drvdata(pdev));
}

/*
 * Sleep of the machine takes device memory with it, which nobody saves (docs/kernel-driver.md says
 * where that would go): refused as long as somebody could miss it.
 */
static int acc_suspend(struct device *dev)
{
	struct acc_device *acc = dev_get_drvdata(dev);

	return atomic_read(&acc->drm.open_count) ? -EBUSY : 0;
}

static int acc_resume(struct device *dev)
{
	struct acc_device *acc = dev_get_drvdata(dev);

	acc_reset_now(acc, "the machine has slept");
	return READ_ONCE(acc->lost) ? -ENODEV : 0;
}

static DEFINE_SIMPLE_DEV_PM_OPS(acc_pm_ops, acc_suspend, acc_resume);

static const struct pci_error_handlers acc_error_handlers = {
	.reset_prepare = acc_reset_prepare,
	.reset_done = acc_reset_done,
};

static const struct pci_device_id acc_pci_ids[] = {
	{ PCI_DEVICE(ACC_PCI_VENDOR_ID, ACC_PCI_DEVICE_ID) },
	{ }
};
MODULE_DEVICE_TABLE(pci, acc_pci_ids);

static struct pci_driver acc_pci_driver = {
	.name = "acc",
	.id_table = acc_pci_ids,
	.probe = acc_probe,
	.remove = acc_remove,
	.shutdown = acc_shutdown,
	.err_handler = &acc_error_handlers,
	.driver.pm = pm_sleep_ptr(&acc_pm_ops),
};

static int __init acc_module_init(void)
{
	int ret = acc_mem_module_init();

	if (ret)
		return ret;
	ret = pci_register_driver(&acc_pci_driver);
	if (ret)
		acc_mem_module_exit();
	return ret;
}
module_init(acc_module_init);

static void __exit acc_module_exit(void)
{
	pci_unregister_driver(&acc_pci_driver);
	acc_mem_module_exit();
}
module_exit(acc_module_exit);

MODULE_DESCRIPTION("ACC compute accelerator");
MODULE_AUTHOR("The ACC project");
MODULE_LICENSE("Dual MIT/GPL");
MODULE_VERSION(__stringify(DRM_ACC_VERSION_MAJOR) "." __stringify(DRM_ACC_VERSION_MINOR) ".0");
MODULE_IMPORT_NS(DMA_BUF);
