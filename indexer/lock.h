/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * INDEX/lock: one writer at a time. The lock is the kernel's, held on the open file, and goes with
 * the process however it ends; the file stays and says who held it last. A file that nobody holds
 * is no lock, and nothing ever needs to delete it.
 */
#ifndef PLENARY_INDEXER_LOCK_H
#define PLENARY_INDEXER_LOCK_H

#include "corpus/error.h"

/* An open file to be given to lock_release, in *out. PLENARY_ELOCKED if another holds it and does
 * not let go within `wait` seconds; the sentence names it. */
int lock_take(int *out, const char *index, unsigned wait, struct error *err);

void lock_release(int lock);

#endif
