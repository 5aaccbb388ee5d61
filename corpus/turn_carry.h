/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Turns that go on over several passages: rules T5 and T6 of turn.h. */
#ifndef PLENARY_CORPUS_TURN_CARRY_H
#define PLENARY_CORPUS_TURN_CARRY_H

#include "corpus/document.h"

/* Give the passages that belong to the turn before them its speaker. */
void turn_carry(struct document *document);

#endif
