/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * Page tables of an address space: inside of the memory side.
 */
#ifndef __ACC_MMU_H__
#define __ACC_MMU_H__

#include <linux/list.h>
#include <linux/types.h>

#include "acc_gem.h"

struct acc_vm;

/** union acc_pt_slot - what a directory knows of one of its entries */
union acc_pt_slot {
	/** @table: next level, NULL when the entry is not valid */
	struct acc_pt *table;
	/** @pte: 2 MiB page (level 1, &acc_pt.bits is set) */
	u64 pte;
};

/**
 * struct acc_pt - a table of 512 entries in device memory, and what is in it
 *
 * The driver never reads tables back: reads of the aperture are slow.
 */
struct acc_pt {
	/** @link: in a reserve, or among tables nothing points to any more */
	struct list_head link;
	/** @blocks: its device memory */
	struct list_head blocks;
	/** @offset: its place in device memory */
	u64 offset;
	/** @valid: entries that are valid */
	unsigned int valid;
	/** @dirty: the memory is not all zeros though no entry counts */
	bool dirty;
	/** @bits: level 1: entry is a 2 MiB page; level 0: entry is valid */
	DECLARE_BITMAP(bits, ACC_PT_ENTRIES);
	/** @slots: levels 3 to 1; NULL at level 0 */
	union acc_pt_slot *slots;
};

/** struct acc_pt_stock - tables that are ready for use, all zeros */
struct acc_pt_stock {
	struct list_head leaves, directories;
	unsigned int leaf_count, directory_count;
};

/* What an update consists of, see &acc_mmu_update.kinds. */
#define ACC_MMU_SMALL BIT(0) /* mappings that need level 0 tables */
#define ACC_MMU_LARGE BIT(1) /* 2 MiB pages */
#define ACC_MMU_UNMAP BIT(2)

/* Separate ranges that one update may invalidate; more are joined. */
#define ACC_MMU_RANGES 16

/**
 * struct acc_mmu_update - a series of changes of one address space's tables
 *
 * Prepared (may allocate), executed (does not allocate), flushed, finished.
 */
struct acc_mmu_update {
	/** @vm: whose tables */
	struct acc_vm *vm;
	/** @stock: tables that the changes may use */
	struct acc_pt_stock stock;
	/** @need_leaves: leaf tables that the changes may need at most, as counted so far */
	unsigned int need_leaves;
	/** @need_directories: the same of the levels above */
	unsigned int need_directories;
	/** @last: slot of each level that was counted last, so that neighbours share tables */
	u64 last[ACC_PT_LEVELS];
	/** @kinds: ACC_MMU_* of the changes counted */
	unsigned int kinds;
	/** @first: lowest address of the changes counted */
	u64 first;
	/** @end: end of the highest address of the changes counted */
	u64 end;
	/** @last_split: 2 MiB slot that is certainly no large page after what was counted so far */
	u64 last_split;
	/** @detached: tables that nothing points to, but that the device may still have cached */
	struct list_head detached;
	/** @ranges: addresses whose translations changed */
	struct { u64 start, end; } ranges[ACC_MMU_RANGES];
	/** @range_count: how many of @ranges are in use */
	unsigned int range_count;
};

int acc_mmu_init(struct acc_vm *vm);
void acc_mmu_fini(struct acc_vm *vm);
u64 acc_mmu_root(struct acc_vm *vm);

void acc_mmu_update_init(struct acc_mmu_update *u, struct acc_vm *vm);
/* Count what a change may need; the buffer has its extents. */
void acc_mmu_count_map(struct acc_mmu_update *u, const struct acc_bo *bo, u64 bo_offset, u64 va,
		       u64 bytes);
void acc_mmu_count_unmap(struct acc_mmu_update *u, u64 va, u64 bytes);
/* Get what was counted. -ENOMEM, -ENOSPC. Inside drm_dev_enter(). */
int acc_mmu_reserve(struct acc_mmu_update *u);

/* Under the op lock, inside drm_dev_enter(). What is mapped in the range is replaced. */
int acc_mmu_map(struct acc_mmu_update *u, const struct acc_bo *bo, u64 bo_offset, u64 va,
		u64 bytes, u64 pte_flags);
int acc_mmu_unmap(struct acc_mmu_update *u, u64 va, u64 bytes);
/* Make the device forget old translations. Inside drm_dev_enter(), no op lock. -ENODEV: lost. */
int acc_mmu_flush(struct acc_mmu_update *u);
/* Give back what was not used or is not used any more. After acc_mmu_flush(). */
void acc_mmu_update_fini(struct acc_mmu_update *u);

#endif
