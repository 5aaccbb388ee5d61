/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "corpus/xml_role.h"

#include <stdlib.h>
#include <strings.h>

struct named_role {
    const char *name;
    enum xml_role role;
};

static int compare(const void *a, const void *b) {
    return strcasecmp(((const struct named_role *)a)->name, ((const struct named_role *)b)->name);
}

static const struct named_role roles[] = {
    /* ascending, letters in lower case */
    {"ab", XML_PARAGRAPH},
    {"anlagen-stammdaten", XML_REMOVED},
    {"answer", XML_SPEECH},
    {"authorialnote", XML_NOTE},
    {"blocklist", XML_LIST},
    {"blockquote", XML_PARAGRAPH},
    {"br", XML_BREAK},
    {"caption", XML_PARAGRAPH},
    {"cb", XML_PAGE},
    {"cell", XML_CELL},
    {"col", XML_PAGE},
    {"contribution", XML_SPEECH},
    {"crossheading", XML_HEADING},
    {"endnote", XML_NOTE},
    {"eol", XML_BREAK},
    {"facsimile", XML_REMOVED},
    {"figure", XML_REMOVED},
    {"footnote", XML_NOTE},
    {"from", XML_SPEAKER},
    {"fw", XML_PAGE},
    {"gb", XML_PAGE},
    {"graphic", XML_REMOVED},
    {"h1", XML_HEADING},
    {"h2", XML_HEADING},
    {"h3", XML_HEADING},
    {"h4", XML_HEADING},
    {"h5", XML_HEADING},
    {"h6", XML_HEADING},
    {"head", XML_HEADING},
    {"heading", XML_HEADING},
    {"image", XML_PAGE},
    {"interjection", XML_SPEECH},
    {"intervention", XML_SPEECH},
    {"item", XML_ITEM},
    {"items", XML_LIST},
    {"kommentar", XML_PARAGRAPH},
    {"l", XML_PARAGRAPH},
    {"lb", XML_BREAK},
    {"li", XML_ITEM},
    {"line", XML_PARAGRAPH},
    {"list", XML_LIST},
    {"major-heading", XML_HEADING},
    {"member", XML_MEMBER},
    {"meta", XML_META},
    {"milestone", XML_BREAK},
    {"minor-heading", XML_HEADING},
    {"narrative", XML_PARAGRAPH},
    {"note", XML_NOTE},
    {"num", XML_NUMBER},
    {"ol", XML_LIST},
    {"oral-heading", XML_HEADING},
    {"orateur", XML_SPEAKER},
    {"orator", XML_SPEAKER},
    {"other", XML_PARAGRAPH},
    {"p", XML_PARAGRAPH},
    {"para", XML_PARAGRAPH},
    {"paragraph", XML_PARAGRAPH},
    {"pb", XML_PAGE},
    {"point", XML_ITEM},
    {"question", XML_SPEECH},
    {"rede", XML_SPEECH},
    {"redner", XML_REMOVED},
    {"rednerliste", XML_REMOVED},
    {"row", XML_ROW},
    {"scene", XML_PARAGRAPH},
    {"script", XML_REMOVED},
    {"seg", XML_PARAGRAPH},
    {"signature", XML_PARAGRAPH},
    {"sourcedoc", XML_REMOVED},
    {"sp", XML_SPEECH},
    {"speaker", XML_SPEAKER},
    {"speech", XML_SPEECH},
    {"speechgroup", XML_SPEECH},
    {"stage", XML_PARAGRAPH},
    {"standoff", XML_REMOVED},
    {"style", XML_REMOVED},
    {"subheading", XML_HEADING},
    {"summary", XML_PARAGRAPH},
    {"svg", XML_REMOVED},
    {"td", XML_CELL},
    {"teiheader", XML_META},
    {"th", XML_CELL},
    {"title", XML_HEADING},
    {"tr", XML_ROW},
    {"u", XML_SPEECH},
    {"ueberschrift", XML_HEADING},
    {"ul", XML_LIST},
};

enum xml_role xml_role_find(const char *name) {
    struct named_role key = {name, XML_OTHER};
    const struct named_role *found =
        bsearch(&key, roles, sizeof roles / sizeof *roles, sizeof *roles, compare);
    return found ? found->role : XML_OTHER;
}
