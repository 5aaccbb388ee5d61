/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What elements mean in XML of parliamentary records: Akoma Ntoso, TEI, the Hansard of the
 * Westminster archive, TheyWorkForYou's debates, the Bundestag's protocols. Pure, thread-safe.
 */
#ifndef PLENARY_CORPUS_XML_ROLE_H
#define PLENARY_CORPUS_XML_ROLE_H

enum xml_role {
    XML_OTHER,     /* parts paragraphs outside of one, means nothing within */
    XML_PARAGRAPH, /* also list items, notes that stand alone */
    XML_NOTE,      /* a paragraph of its own, within another or not */
    XML_ITEM,
    XML_LIST,
    XML_HEADING,
    XML_NUMBER,  /* of the heading or paragraph to come */
    XML_SPEECH,  /* all in it is one speaker's */
    XML_SPEAKER, /* names the speaker of the speech around it; not text of its own */
    XML_MEMBER,  /* names, within the text, who speaks from here on */
    XML_ROW,
    XML_CELL,
    XML_BREAK,   /* parts words */
    XML_PAGE,    /* may stand in the middle of a word */
    XML_META,    /* about the document, its text left out but for title and date */
    XML_REMOVED, /* with all that is in it */
};

/* By local name, in any case. */
enum xml_role xml_role_find(const char *name);

#endif
