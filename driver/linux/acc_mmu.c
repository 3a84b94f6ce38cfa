// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * Page tables.
 */

/**
 * DOC: Page tables
 *
 * Four levels in device memory, written through the aperture and never read back: what each table
 * holds is kept beside it (&struct acc_pt). Ranges of a buffer that are contiguous and aligned for
 * the device become 2 MiB entries.
 *
 * A change is done in steps, because asynchronous binds execute where nothing may allocate:
 *
 * 1. acc_mmu_count_*() and acc_mmu_reserve(): as many empty tables as the change can need in the
 *    worst case, whatever other binds do in between. Unused ones go back to a small pool.
 * 2. acc_mmu_map(), acc_mmu_unmap(), under the op lock: entries are written. A mapping that is
 *    replaced is overwritten, not removed first, and a 2 MiB page that is split is replaced by a
 *    finished table in one store: what stays mapped is never unmapped for a moment.
 * 3. acc_mmu_flush(): the device is told to forget the translations of the changed ranges, if the
 *    address space has a hardware number. (Without one it has no queues; enabling starts fresh.)
 * 4. acc_mmu_update_fini(): tables that lost their last entry are cleared and reused or freed.
 *    Never before step 3: the device may walk a table as long as it may have cached the way to it.
 *
 * Unmapping can need a table, too, and must not fail because device memory is full: the pool of
 * each address space keeps two for that.
 *
 * Tables are all zeros whenever they are in a stock, so taking one needs no clearing.
 *
 * A flush that does not end means that the device hangs: it is reset, which forgets all
 * translations, too. A lost device translates nothing.
 */

#include <linux/io.h>
#include <linux/sizes.h>
#include <linux/slab.h>

#include <drm/drm_drv.h>
#include <drm/drm_print.h>

#include "acc_reset.h"
#include "acc_vm.h"
#include "acc_vm_private.h"

/* The device walks the tables of a range; how long that takes is up to the program. */
#define ACC_MMU_FLUSH_BYTES ((u64)SZ_1G)
#define ACC_MMU_POOL_LEAVES 64
#define ACC_MMU_POOL_DIRECTORIES 8
/* Level 0 tables in the pool for unmapping only: as many as one operation can need. */
#define ACC_MMU_POOL_UNMAP 2
#define ACC_MMU_NOWHERE U64_MAX

static unsigned int level_shift(unsigned int level)
{
	return ACC_PAGE_SHIFT + 9 * level;
}

static unsigned int level_index(u64 va, unsigned int level)
{
	return (va >> level_shift(level)) % ACC_PT_ENTRIES;
}

/* --- tables ---------------------------------------------------------------------------------- */

static void acc_pt_free(struct acc_device *acc, struct acc_pt *pt)
{
	if (!list_empty(&pt->blocks))
		acc_vram_free(acc, &pt->blocks);
	kfree(pt->slots);
	kfree(pt);
}

static struct acc_pt *acc_pt_create(struct acc_device *acc, bool directory)
{
	struct acc_pt *pt = kzalloc(sizeof(*pt), GFP_KERNEL_ACCOUNT);
	struct gpu_buddy_block *block;
	int ret = -ENOMEM;

	if (!pt)
		return ERR_PTR(-ENOMEM);
	INIT_LIST_HEAD(&pt->link);
	INIT_LIST_HEAD(&pt->blocks);
	if (directory) {
		pt->slots = kcalloc(ACC_PT_ENTRIES, sizeof(*pt->slots),
				    GFP_KERNEL_ACCOUNT);
		if (!pt->slots)
			goto free;
	}
	ret = acc_vram_alloc(acc, ACC_PAGE_BYTES, GPU_BUDDY_TOPDOWN_ALLOCATION, &pt->blocks);
	if (ret)
		goto free;
	block = list_first_entry(&pt->blocks, struct gpu_buddy_block, link);
	pt->offset = gpu_buddy_block_offset(block);
	acc_vram_clear(acc, pt->offset, ACC_PAGE_BYTES);
	return pt;

free:
	acc_pt_free(acc, pt);
	return ERR_PTR(ret);
}

static void acc_pt_write(struct acc_device *acc, struct acc_pt *pt, unsigned int index, u64 pte)
{
	writeq(pte, acc->vram.virt + pt->offset + index * sizeof(u64));
}

static void acc_pt_stock_init(struct acc_pt_stock *stock)
{
	INIT_LIST_HEAD(&stock->leaves);
	INIT_LIST_HEAD(&stock->directories);
	stock->leaf_count = 0;
	stock->directory_count = 0;
}

static void acc_pt_stock_put(struct acc_pt_stock *stock, struct acc_pt *pt)
{
	if (pt->slots) {
		list_add(&pt->link, &stock->directories);
		stock->directory_count++;
	} else {
		list_add(&pt->link, &stock->leaves);
		stock->leaf_count++;
	}
}

static struct acc_pt *acc_pt_stock_take(struct acc_pt_stock *stock, bool directory)
{
	struct list_head *list = directory ? &stock->directories : &stock->leaves;
	struct acc_pt *pt = list_first_entry_or_null(list, struct acc_pt, link);

	if (!pt)
		return NULL;
	list_del_init(&pt->link);
	if (directory)
		stock->directory_count--;
	else
		stock->leaf_count--;
	return pt;
}

static void acc_pt_stock_drop(struct acc_device *acc, struct acc_pt_stock *stock)
{
	struct acc_pt *pt;

	while ((pt = acc_pt_stock_take(stock, true)) || (pt = acc_pt_stock_take(stock, false)))
		acc_pt_free(acc, pt);
}

/* An empty, clear table: to the pool, or freed when that has enough. */
static void acc_pt_recycle(struct acc_vm *vm, struct acc_pt *pt)
{
	struct acc_vm_private *priv = vm->private;
	bool kept = false;

	spin_lock(&priv->pool_lock);
	if (pt->slots ? priv->pool.directory_count < ACC_MMU_POOL_DIRECTORIES :
			priv->pool.leaf_count < ACC_MMU_POOL_LEAVES) {
		acc_pt_stock_put(&priv->pool, pt);
		kept = true;
	}
	spin_unlock(&priv->pool_lock);
	if (!kept)
		acc_pt_free(vm->acc, pt);
}

/**
 * acc_mmu_init() - Give an address space its root table
 * @vm: address space with its private part, inside drm_dev_enter()
 *
 * Return: 0, -ENOSPC (device memory), -ENOMEM.
 */
int acc_mmu_init(struct acc_vm *vm)
{
	struct acc_vm_private *priv = vm->private;
	struct acc_pt *pt;
	unsigned int i;

	spin_lock_init(&priv->pool_lock);
	acc_pt_stock_init(&priv->pool);
	for (i = 0; i < ACC_MMU_POOL_UNMAP; i++) {
		pt = acc_pt_create(vm->acc, false);
		if (IS_ERR(pt))
			goto drop;
		acc_pt_stock_put(&priv->pool, pt);
	}
	pt = acc_pt_create(vm->acc, true);
	if (IS_ERR(pt))
		goto drop;
	priv->root = pt;
	return 0;

drop:
	acc_pt_stock_drop(vm->acc, &priv->pool);
	return PTR_ERR(pt);
}

static void acc_mmu_free_tree(struct acc_vm *vm, struct acc_pt *pt)
{
	unsigned int i;

	for (i = 0; pt->slots && i < ACC_PT_ENTRIES; i++) {
		if (pt->slots[i].table && !test_bit(i, pt->bits))
			acc_mmu_free_tree(vm, pt->slots[i].table);
	}
	acc_pt_free(vm->acc, pt);
}

/**
 * acc_mmu_fini() - Free all tables of an address space
 * @vm: address space without a hardware number
 */
void acc_mmu_fini(struct acc_vm *vm)
{
	struct acc_vm_private *priv = vm->private;

	if (priv->root)
		acc_mmu_free_tree(vm, priv->root);
	acc_pt_stock_drop(vm->acc, &priv->pool);
}

/** acc_mmu_root() - Place of the root table in device memory */
u64 acc_mmu_root(struct acc_vm *vm)
{
	return vm->private->root->offset;
}

/* --- preparation ----------------------------------------------------------------------------- */

void acc_mmu_update_init(struct acc_mmu_update *u, struct acc_vm *vm)
{
	memset(u, 0, sizeof(*u));
	u->vm = vm;
	acc_pt_stock_init(&u->stock);
	INIT_LIST_HEAD(&u->detached);
	memset64(u->last, ACC_MMU_NOWHERE, ARRAY_SIZE(u->last));
	u->last_split = ACC_MMU_NOWHERE;
	u->first = U64_MAX;
}

static void acc_mmu_count_range(struct acc_mmu_update *u, u64 va, u64 end)
{
	u->first = min(u->first, va);
	u->end = max(u->end, end);
}

/* A 2 MiB entry is possible here: `left` bytes of the buffer are to be mapped at `va`. */
static bool acc_mmu_fits_large(const struct acc_cursor *c, u64 va, u64 left)
{
	return IS_ALIGNED(va | acc_cursor_address(c), ACC_LARGE_PAGE_BYTES) &&
	       min(left, acc_cursor_run(c)) >= ACC_LARGE_PAGE_BYTES;
}

static void acc_mmu_count_directories(struct acc_mmu_update *u, u64 va, u64 bytes,
				      unsigned int level)
{
	unsigned int shift = level_shift(level + 1);
	u64 first = va >> shift, last = (va + bytes - 1) >> shift;

	u->need_directories += last - first + 1 - (u->last[level] == first);
	u->last[level] = last;
}

/**
 * acc_mmu_count_map() - Count the tables that a mapping may need
 * @u: update
 * @bo: buffer, with extents
 * @bo_offset: first byte of it
 * @va: first address
 * @bytes: size, not 0
 *
 * Whatever is there now does not count: by the time of the change it may be gone. A table that the
 * mapping counted just before needs in any case is not counted twice, which makes thousands of
 * pages mapped one by one cheap.
 */
void acc_mmu_count_map(struct acc_mmu_update *u, const struct acc_bo *bo, u64 bo_offset, u64 va,
		       u64 bytes)
{
	struct acc_cursor cursor;
	u64 end = va + bytes;

	acc_mmu_count_range(u, va, end);
	acc_mmu_count_directories(u, va, bytes, 2);
	acc_mmu_count_directories(u, va, bytes, 1);

	acc_cursor_init(&cursor, bo, bo_offset);
	while (va < end) {
		u64 slot = va >> ACC_LARGE_PAGE_SHIFT;
		u64 part = min(end, (slot + 1) << ACC_LARGE_PAGE_SHIFT) - va;

		if (acc_mmu_fits_large(&cursor, va, end - va)) {
			u->kinds |= ACC_MMU_LARGE;
			/* takes a table away that may have been there */
			u->last[0] = ACC_MMU_NOWHERE;
			u->last_split = ACC_MMU_NOWHERE;
		} else if (u->last[0] != slot) {
			u->kinds |= ACC_MMU_SMALL;
			u->need_leaves++;
			u->last[0] = slot;
		}
		acc_cursor_advance(&cursor, part);
		va += part;
		cond_resched();
	}
}

static void acc_mmu_count_split(struct acc_mmu_update *u, u64 slot)
{
	u->need_leaves += u->last_split != slot;
	u->last_split = slot;
}

/**
 * acc_mmu_count_unmap() - Count the tables that removing a mapping may need
 * @u: update
 * @va: first address
 * @bytes: size, not 0
 *
 * At each end a 2 MiB page may have to be split, unless the change before did that.
 */
void acc_mmu_count_unmap(struct acc_mmu_update *u, u64 va, u64 bytes)
{
	u64 end = va + bytes;

	u->kinds |= ACC_MMU_UNMAP;
	acc_mmu_count_range(u, va, end);
	if (!IS_ALIGNED(va, ACC_LARGE_PAGE_BYTES))
		acc_mmu_count_split(u, va >> ACC_LARGE_PAGE_SHIFT);
	if (!IS_ALIGNED(end, ACC_LARGE_PAGE_BYTES))
		acc_mmu_count_split(u, end >> ACC_LARGE_PAGE_SHIFT);
	/* It may free tables that were counted before. */
	memset64(u->last, ACC_MMU_NOWHERE, ARRAY_SIZE(u->last));
}

static unsigned int acc_mmu_slots(const struct acc_mmu_update *u, unsigned int level)
{
	unsigned int shift = level_shift(level + 1);

	return u->end ? ((u->end - 1) >> shift) - (u->first >> shift) + 1 : 0;
}

/*
 * Operations in random order were counted each for itself. As long as none can free what another
 * one made, there is at most one table for each slot of the whole range.
 */
static void acc_mmu_limit(struct acc_mmu_update *u)
{
	if (u->kinds == ACC_MMU_SMALL || u->kinds == ACC_MMU_UNMAP)
		u->need_leaves = min(u->need_leaves, acc_mmu_slots(u, 0));
	if (!(u->kinds & ACC_MMU_UNMAP))
		u->need_directories = min(u->need_directories,
					  acc_mmu_slots(u, 1) + acc_mmu_slots(u, 2));
}

static struct acc_pt *acc_mmu_from_pool(struct acc_mmu_update *u, bool directory)
{
	struct acc_vm_private *priv = u->vm->private;
	unsigned int keep = u->kinds == ACC_MMU_UNMAP ? 0 : ACC_MMU_POOL_UNMAP;
	struct acc_pt *pt = NULL;

	spin_lock(&priv->pool_lock);
	if (directory || priv->pool.leaf_count > keep)
		pt = acc_pt_stock_take(&priv->pool, directory);
	spin_unlock(&priv->pool_lock);
	return pt;
}

static int acc_mmu_reserve_kind(struct acc_mmu_update *u, bool directory, unsigned int need)
{
	unsigned int *have = directory ? &u->stock.directory_count : &u->stock.leaf_count;

	while (*have < need) {
		struct acc_pt *pt = acc_mmu_from_pool(u, directory);

		if (!pt)
			pt = acc_pt_create(u->vm->acc, directory);
		if (IS_ERR(pt))
			return PTR_ERR(pt);
		acc_pt_stock_put(&u->stock, pt);
	}
	return 0;
}

/**
 * acc_mmu_reserve() - Get the tables that were counted
 * @u: update
 *
 * Return: 0, -ENOSPC (device memory), -ENOMEM.
 */
int acc_mmu_reserve(struct acc_mmu_update *u)
{
	int ret;

	acc_mmu_limit(u);
	ret = acc_mmu_reserve_kind(u, true, u->need_directories);
	return ret ?: acc_mmu_reserve_kind(u, false, u->need_leaves);
}

/* --- execution ------------------------------------------------------------------------------- */

static void acc_mmu_changed(struct acc_mmu_update *u, u64 start, u64 end)
{
	unsigned int i;

	for (i = 0; i < u->range_count; i++) {
		if (start <= u->ranges[i].end && end >= u->ranges[i].start)
			break;
	}
	if (i == ACC_MMU_RANGES)
		i--; /* too many: also what lies between */
	if (i == u->range_count) {
		u->ranges[i].start = start;
		u->ranges[i].end = end;
		u->range_count++;
		return;
	}
	u->ranges[i].start = min(u->ranges[i].start, start);
	u->ranges[i].end = max(u->ranges[i].end, end);
}

static void acc_mmu_detach(struct acc_mmu_update *u, struct acc_pt *pt, bool dirty)
{
	pt->valid = 0;
	pt->dirty |= dirty;
	list_add(&pt->link, &u->detached);
}

/*
 * The tables on the way to the level 1 entry of an address. With `create` missing ones are taken
 * from the stock; without, or when the stock is empty (a bug), the way may end early: NULL.
 */
static struct acc_pt *acc_mmu_walk(struct acc_mmu_update *u, u64 va, bool create,
				   struct acc_pt *path[ACC_PT_LEVELS])
{
	struct acc_pt *pt = u->vm->private->root;
	unsigned int level;

	for (level = ACC_PT_LEVELS - 1; level > 1; level--) {
		unsigned int index = level_index(va, level);
		struct acc_pt *next = pt->slots[index].table;

		path[level] = pt;
		if (!next) {
			next = create ? acc_pt_stock_take(&u->stock, true) : NULL;
			if (!next)
				return NULL;
			pt->slots[index].table = next;
			pt->valid++;
			acc_pt_write(u->vm->acc, pt, index, next->offset | ACC_PTE_VALID);
		}
		pt = next;
	}
	path[1] = pt;
	return pt;
}

/* Directories without entries go, from level 1 up; the root stays. */
static void acc_mmu_prune(struct acc_mmu_update *u, u64 va, struct acc_pt *path[ACC_PT_LEVELS])
{
	unsigned int level;

	for (level = 1; level < ACC_PT_LEVELS - 1 && !path[level]->valid; level++) {
		struct acc_pt *parent = path[level + 1];
		unsigned int index = level_index(va, level + 1);

		acc_pt_write(u->vm->acc, parent, index, 0);
		parent->slots[index].table = NULL;
		parent->valid--;
		acc_mmu_detach(u, path[level], false);
	}
}

/*
 * The level 0 table of a level 1 entry, which is made if need be: empty, or with what the 2 MiB
 * page mapped that was there.
 */
static struct acc_pt *acc_mmu_leaf(struct acc_mmu_update *u, struct acc_pt *dir,
				   unsigned int index)
{
	struct acc_device *acc = u->vm->acc;
	struct acc_pt *leaf;
	unsigned int i;

	if (dir->slots[index].table && !test_bit(index, dir->bits))
		return dir->slots[index].table;
	leaf = acc_pt_stock_take(&u->stock, false);
	if (!leaf)
		return NULL;
	if (test_bit(index, dir->bits)) {
		u64 pte = dir->slots[index].pte & ~ACC_PTE_LARGE;

		for (i = 0; i < ACC_PT_ENTRIES; i++)
			acc_pt_write(acc, leaf, i, pte + ((u64)i << ACC_PAGE_SHIFT));
		bitmap_fill(leaf->bits, ACC_PT_ENTRIES);
		leaf->valid = ACC_PT_ENTRIES;
		clear_bit(index, dir->bits);
		wmb(); /* the table before the entry that leads to it */
	} else {
		dir->valid++;
	}
	dir->slots[index].table = leaf;
	acc_pt_write(acc, dir, index, leaf->offset | ACC_PTE_VALID);
	return leaf;
}

static void acc_mmu_set_large(struct acc_mmu_update *u, struct acc_pt *dir, unsigned int index,
			      u64 pte)
{
	struct acc_pt *leaf = test_bit(index, dir->bits) ? NULL : dir->slots[index].table;

	if (!dir->slots[index].table)
		dir->valid++;
	set_bit(index, dir->bits);
	dir->slots[index].pte = pte;
	acc_pt_write(u->vm->acc, dir, index, pte);
	if (leaf)
		acc_mmu_detach(u, leaf, true);
}

static void acc_mmu_set_small(struct acc_mmu_update *u, struct acc_pt *leaf, u64 va, u64 end,
			      struct acc_cursor *cursor, u64 pte_flags)
{
	for (; va < end; va += ACC_PAGE_BYTES) {
		unsigned int index = level_index(va, 0);

		acc_pt_write(u->vm->acc, leaf, index, acc_cursor_address(cursor) | pte_flags);
		if (!__test_and_set_bit(index, leaf->bits))
			leaf->valid++;
		acc_cursor_advance(cursor, ACC_PAGE_BYTES);
	}
}

/**
 * acc_mmu_map() - Map a range of a buffer
 * @u: update, with enough tables
 * @bo: buffer
 * @bo_offset: first byte of it
 * @va: first address
 * @bytes: size, not 0
 * @pte_flags: ACC_PTE_* flags of the entries
 *
 * Replaces what is mapped there.
 *
 * Return: 0; -ENOMEM when tables were missing, which is a bug.
 */
int acc_mmu_map(struct acc_mmu_update *u, const struct acc_bo *bo, u64 bo_offset, u64 va,
		u64 bytes, u64 pte_flags)
{
	struct acc_pt *path[ACC_PT_LEVELS];
	struct acc_cursor cursor;
	u64 end = va + bytes;

	lockdep_assert_held(&u->vm->private->op_lock);
	acc_mmu_changed(u, va, end);
	acc_cursor_init(&cursor, bo, bo_offset);
	while (va < end) {
		struct acc_pt *dir = acc_mmu_walk(u, va, true, path), *leaf;
		unsigned int index = level_index(va, 1);
		u64 stop = min(end, ALIGN_DOWN(va, ACC_LARGE_PAGE_BYTES) + ACC_LARGE_PAGE_BYTES);

		if (drm_WARN_ON(&u->vm->acc->drm, !dir))
			return -ENOMEM;
		if (acc_mmu_fits_large(&cursor, va, end - va)) {
			acc_mmu_set_large(u, dir, index, acc_cursor_address(&cursor) | pte_flags |
					  ACC_PTE_VALID | ACC_PTE_LARGE);
			acc_cursor_advance(&cursor, stop - va);
		} else {
			leaf = acc_mmu_leaf(u, dir, index);
			if (drm_WARN_ON(&u->vm->acc->drm, !leaf))
				return -ENOMEM;
			acc_mmu_set_small(u, leaf, va, stop, &cursor, pte_flags | ACC_PTE_VALID);
		}
		va = stop;
		cond_resched();
	}
	return 0;
}

static void acc_mmu_clear_small(struct acc_mmu_update *u, struct acc_pt *leaf, u64 va, u64 end)
{
	for (; va < end; va += ACC_PAGE_BYTES) {
		unsigned int index = level_index(va, 0);

		if (!__test_and_clear_bit(index, leaf->bits))
			continue;
		acc_pt_write(u->vm->acc, leaf, index, 0);
		leaf->valid--;
	}
}

/* Removes [va, end) of one level 1 entry that is valid. */
static int acc_mmu_unmap_slot(struct acc_mmu_update *u, struct acc_pt *dir, u64 va, u64 end)
{
	unsigned int index = level_index(va, 1);
	bool whole = end - va == ACC_LARGE_PAGE_BYTES;
	struct acc_pt *leaf = NULL;

	if (!whole || !test_bit(index, dir->bits)) {
		leaf = acc_mmu_leaf(u, dir, index);
		if (drm_WARN_ON(&u->vm->acc->drm, !leaf))
			return -ENOMEM;
		if (!whole)
			acc_mmu_clear_small(u, leaf, va, end);
	}
	if (!whole && leaf->valid)
		return 0;

	clear_bit(index, dir->bits);
	dir->slots[index].table = NULL;
	dir->valid--;
	acc_pt_write(u->vm->acc, dir, index, 0);
	if (leaf)
		acc_mmu_detach(u, leaf, whole);
	return 0;
}

/**
 * acc_mmu_unmap() - Remove what is mapped in a range
 * @u: update, with enough tables
 * @va: first address
 * @bytes: size, not 0
 *
 * Return: 0; -ENOMEM when tables were missing, which is a bug.
 */
int acc_mmu_unmap(struct acc_mmu_update *u, u64 va, u64 bytes)
{
	struct acc_pt *path[ACC_PT_LEVELS];
	u64 end = va + bytes;
	int ret;

	lockdep_assert_held(&u->vm->private->op_lock);
	acc_mmu_changed(u, va, end);
	while (va < end) {
		struct acc_pt *dir = acc_mmu_walk(u, va, false, path);
		unsigned int level = dir ? 1 : 2;
		u64 span = 1ull << level_shift(level);
		u64 stop = min(end, ALIGN_DOWN(va, span) + span);

		if (dir && dir->slots[level_index(va, 1)].table) {
			ret = acc_mmu_unmap_slot(u, dir, va, stop);
			if (ret)
				return ret;
			acc_mmu_prune(u, va, path);
		}
		va = stop;
		cond_resched();
	}
	return 0;
}

/* --- after the change ------------------------------------------------------------------------ */

static int acc_mmu_invalidate(struct acc_device *acc, u32 vmid, u64 start, u64 end)
{
	acc_write64(acc, ACC_VM_INVALIDATE_VA(vmid), start);
	acc_write64(acc, ACC_VM_INVALIDATE_BYTES(vmid), end - start);
	acc_write32(acc, ACC_VM_COMMAND(vmid), ACC_VM_COMMAND_INVALIDATE);
	return acc_vm_wait(acc, vmid);
}

/* One piece; others get their turn between two. */
static int acc_mmu_flush_piece(struct acc_vm *vm, u64 start, u64 end)
{
	struct acc_device *acc = vm->acc;
	int ret = 0;

	down_read(&acc->reset.lock);
	mutex_lock(&acc->vmid_lock);
	if (vm->vmid >= 0)
		ret = acc_mmu_invalidate(acc, vm->vmid, start, end);
	mutex_unlock(&acc->vmid_lock);
	up_read(&acc->reset.lock);
	return ret;
}

static int acc_mmu_flush_ranges(struct acc_mmu_update *u)
{
	unsigned int i;
	int ret = 0;

	for (i = 0; i < u->range_count; i++) {
		u64 start = u->ranges[i].start, end = u->ranges[i].end;

		while (!ret && start < end) {
			u64 stop = min(end, start + ACC_MMU_FLUSH_BYTES);

			ret = acc_mmu_flush_piece(u->vm, start, stop);
			start = stop;
		}
	}
	return ret;
}

/**
 * acc_mmu_flush() - Make sure that the device uses no old translation
 * @u: update that was executed
 *
 * Afterwards what was unmapped can be freed, whatever is returned.
 *
 * Return: 0, or -ENODEV when the device is lost.
 */
int acc_mmu_flush(struct acc_mmu_update *u)
{
	struct acc_device *acc = u->vm->acc;
	int ret;

	if (!u->range_count)
		return 0;
	wmb(); /* tables are written before the device looks */
	if (READ_ONCE(acc->lost))
		return -ENODEV;
	ret = acc_mmu_flush_ranges(u);
	if (ret == -ETIMEDOUT) {
		/* The reset forgets all translations. */
		acc_reset_now(acc, "translations cannot be invalidated");
		ret = READ_ONCE(acc->lost) ? -ENODEV : 0;
	}
	u->range_count = 0;
	return ret;
}

static void acc_mmu_collect(struct acc_mmu_update *u, struct acc_pt *pt, bool present)
{
	struct acc_device *acc = u->vm->acc;

	if (!present) { /* unplugged: nothing to clear, no need for tables */
		acc_pt_free(acc, pt);
		return;
	}
	if (pt->dirty) {
		acc_vram_clear(acc, pt->offset, ACC_PAGE_BYTES);
		bitmap_zero(pt->bits, ACC_PT_ENTRIES);
		pt->dirty = false;
	}
	acc_pt_recycle(u->vm, pt);
}

/**
 * acc_mmu_update_fini() - Give back what an update does not need (any more)
 * @u: update, flushed or never executed
 */
void acc_mmu_update_fini(struct acc_mmu_update *u)
{
	struct acc_pt *pt, *next;
	bool present;
	int idx;

	present = drm_dev_enter(&u->vm->acc->drm, &idx);
	list_for_each_entry_safe(pt, next, &u->detached, link) {
		list_del_init(&pt->link);
		acc_mmu_collect(u, pt, present);
	}
	while ((pt = acc_pt_stock_take(&u->stock, true)) ||
	       (pt = acc_pt_stock_take(&u->stock, false)))
		acc_mmu_collect(u, pt, present);
	if (present)
		drm_dev_exit(idx);
}
