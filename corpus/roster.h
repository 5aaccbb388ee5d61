/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Who a record says was there, so that "RPR:" or "Rob:" in front of a turn can be told from "NB:"
 * and resolved to a name. People are found in three shapes:
 *
 *   R1  a name with its initials in brackets, anywhere: "Rob Palmer (RPR)";
 *   R2  a table row with a name in a cell and initials in the next: "Rob Palmer | RPR | ...";
 *   R3  a list of those present: what stands below a heading or behind a label that says so
 *       ("Attendees", "Present:", "Anwesend"), one name an item or parted by commas; an account
 *       behind a name counts as well: "Robert Nagy @ronag". Their initials are taken from the
 *       name where none are printed.
 *
 * R1 and R2 ask that the initials begin as the first or last name does: "(SPD)" and "(IBM)" behind
 * names are a party and an employer. Not thread-safe.
 */
#ifndef PLENARY_CORPUS_ROSTER_H
#define PLENARY_CORPUS_ROSTER_H

#include "corpus/document.h"

struct person {
    const char *name; /* in the document's text, or its labels */
    size_t size;
    bool full; /* more than one word */
};

struct roster {
    struct person *people; /* owned */
    size_t count, capacity;
    struct roster_key *keys; /* owned, sorted */
    size_t key_count, key_capacity;
};

/* Read the list of people off the document; its text must not change while the roster is used.
 * 0 or PLENARY_ENOMEM; free it in either case. */
int roster_read(struct roster *roster, const struct document *document);

/* Does the record know somebody of these initials, first name, last name, whole name or account
 * (in either case, but initials in capitals)? *person is who it is, NULL if it may be several. */
bool roster_find(const struct roster *roster, const char *label, size_t size,
                 const struct person **person);

/* What is printed for a name: the person of the list, with initials kept behind ("Rob Palmer
 * (RPR)"), or the name itself. In the arena; NULL when out of memory. */
const char *roster_resolve(const struct roster *roster, struct arena *arena, const char *name,
                           size_t size);

/* Was a name of the list read off this text? */
bool roster_is_entry(const struct roster *roster, const char *text, size_t size);

void roster_free(struct roster *roster);

#endif
