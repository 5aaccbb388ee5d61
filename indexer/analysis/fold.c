/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "indexer/analysis/fold.h"
#include "indexer/analysis/analyser.h"

#include <string.h>
#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/uscript.h>
#include <unicode/utf16.h>
#include <unicode/utf8.h>

/* A starter with more marks than this is no writing: further ones are dropped, so that a step stays
 * small (Unicode's Stream-Safe Text Format, UAX 15, sets its limit at 30). */
enum { STEP_READ = 64, STEP_WRITE = 48, UNITS = 20 * STEP_READ };

static const UNormalizer2 *casefolder(void) {
    UErrorCode status = U_ZERO_ERROR;
    return unorm2_getNFKCCasefoldInstance(&status);
}

/* Letters of the Latin script that are one letter with a stroke, hook or ligature and so do not
 * decompose: as they are commonly written without it. */
static const char *plain_letter(UChar32 c) {
    switch (c) {
    case 0x00E6:
        return "ae"; /* æ */
    case 0x00F0:
        return "d"; /* ð */
    case 0x00F8:
        return "o"; /* ø */
    case 0x00FE:
        return "th"; /* þ */
    case 0x0111:
        return "d"; /* đ */
    case 0x0127:
        return "h"; /* ħ */
    case 0x0131:
        return "i"; /* ı */
    case 0x0138:
        return "k"; /* ĸ */
    case 0x0142:
        return "l"; /* ł */
    case 0x014B:
        return "n"; /* ŋ */
    case 0x0153:
        return "oe"; /* œ */
    case 0x0167:
        return "t"; /* ŧ */
    case 0x0180:
        return "b"; /* ƀ */
    case 0x0188:
        return "c"; /* ƈ */
    case 0x0192:
        return "f"; /* ƒ */
    case 0x0199:
        return "k"; /* ƙ */
    case 0x019A:
        return "l"; /* ƚ */
    case 0x01A5:
        return "p"; /* ƥ */
    case 0x01AD:
        return "t"; /* ƭ */
    case 0x01B4:
        return "y"; /* ƴ */
    case 0x01B6:
        return "z"; /* ƶ */
    case 0x01E5:
        return "g"; /* ǥ */
    case 0x0237:
        return "j"; /* ȷ */
    case 0x023C:
        return "c"; /* ȼ */
    case 0x0247:
        return "e"; /* ɇ */
    case 0x0249:
        return "j"; /* ɉ */
    case 0x024D:
        return "r"; /* ɍ */
    case 0x024F:
        return "y"; /* ɏ */
    case 0x0253:
        return "b"; /* ɓ */
    case 0x0256:    /* ɖ */
    case 0x0257:
        return "d"; /* ɗ */
    case 0x0260:
        return "g"; /* ɠ */
    case 0x0268:
        return "i"; /* ɨ */
    case 0x0272:
        return "n"; /* ɲ */
    case 0x0289:
        return "u"; /* ʉ */
    case 0x2C65:
        return "a"; /* ⱥ */
    case 0x2C66:
        return "t"; /* ⱦ */
    default:
        return NULL;
    }
}

/* Apostrophes and hyphens have many code points, and writers use whichever the keyboard has: also
 * for the glottal stop of Polynesian names (Nukuʻalofa). The en dash and longer stay: they
 * separate. */
static UChar32 plain_punctuation(UChar32 c) {
    switch (c) {
    case 0x00B4:
    case 0x02B9:
    case 0x02BB:
    case 0x02BC:
    case 0x02BD:
    case 0x02BE:
    case 0x02BF:
    case 0x02C8:
    case 0x05F3:
    case 0x2018:
    case 0x2019:
    case 0x201B:
    case 0x2032:
    case 0xA78C:
        return '\'';
    case 0x05BE:
    case 0x2010:
    case 0x2011:
        return '-';
    case 0x05F4:
        return '"';
    case 0x066B:
        return '.'; /* Arabic decimal and thousands separators */
    case 0x066C:
        return ',';
    case 0x200B:
        return ' '; /* zero width space: a boundary for Thai, Khmer, Lao */
    case 0x2044:
    case 0x2215:
        return '/';
    default:
        return c;
    }
}

static bool is_vulgar_fraction(UChar32 c) {
    return (c >= 0xBC && c <= 0xBE) || (c >= 0x2150 && c <= 0x215F) || c == 0x2189;
}

/* The bytes of a superscript digit at `text`, 0 if there is none: U+00B2, B3, B9, 2070, 2074 to
 * 2079. */
static size_t superscript_digit(const char *text, size_t size) {
    const uint8_t *bytes = (const uint8_t *)text;
    if (size >= 2 && bytes[0] == 0xC2)
        return bytes[1] == 0xB2 || bytes[1] == 0xB3 || bytes[1] == 0xB9 ? 2 : 0;
    if (size >= 3 && bytes[0] == 0xE2 && bytes[1] == 0x81)
        return bytes[2] == 0xB0 || (bytes[2] >= 0xB4 && bytes[2] <= 0xB9) ? 3 : 0;
    return 0;
}

/* A superscript after a word is a footnote's number, a fraction after a number is not its next
 * digit: both begin something new. */
static bool begins_anew(const char *text, size_t size, size_t at, UChar32 c) {
    if (!at || is_vulgar_fraction(c))
        return at;
    if (!superscript_digit(text + at, size - at))
        return false;
    return !(at >= 2 && superscript_digit(text + at - 2, 2)) &&
           !(at >= 3 && superscript_digit(text + at - 3, 3));
}

static UChar32 plain_sign(UChar32 c) {
    return u_charType(c) == U_DECIMAL_DIGIT_NUMBER ? '0' + u_charDigitValue(c)
                                                   : plain_punctuation(c);
}

static UScriptCode script_of(UChar32 c) {
    UErrorCode status = U_ZERO_ERROR;
    return uscript_getScript(c, &status);
}

/* Scripts whose marks are diacritics; elsewhere they are vowels and must stay. */
static bool has_diacritics(UScriptCode script) {
    return script == USCRIPT_LATIN || script == USCRIPT_GREEK || script == USCRIPT_CYRILLIC ||
           script == USCRIPT_COMMON || script == USCRIPT_INHERITED;
}

static bool is_mark(UChar32 c) {
    int8_t type = u_charType(c);
    return type == U_NON_SPACING_MARK || type == U_ENCLOSING_MARK;
}

/* й ї ў ѓ ќ are consonants and vowels of their own, not accented ones. */
static bool is_cyrillic_letter(UChar32 base, UChar32 mark) {
    if (mark == 0x0306)
        return base == 0x0438 || base == 0x0443;
    if (mark == 0x0308)
        return base == 0x0456;
    return mark == 0x0301 && (base == 0x0433 || base == 0x043A);
}

static int32_t put_letter(UChar *out, int32_t count, UChar32 c) {
    const char *letters = plain_letter(c);
    if (letters) {
        while (*letters)
            out[count++] = (UChar)*letters++;
        return count;
    }
    U16_APPEND_UNSAFE(out, count, c);
    return count;
}

/* Circles and boxes around a character. They are always dropped, and never end a step: the marks on
 * both sides of one meet when it goes, and then have an order. */
static bool is_enclosing(UChar32 c) {
    return u_charType(c) == U_ENCLOSING_MARK;
}

/* From decomposed text, without diacritics; not longer than twice its size. */
static int32_t drop_diacritics(const UChar *text, int32_t size, UChar *out) {
    int32_t count = 0;
    UChar32 base = 0;
    bool droppable = true;
    for (int32_t i = 0; i < size;) {
        UChar32 c;
        U16_NEXT(text, i, size, c);
        if (!is_mark(c)) {
            base = c = plain_sign(c); /* first, for its marks must fare as those of a plain one */
            droppable = has_diacritics(script_of(c));
        } else if (droppable && has_diacritics(script_of(c)) && !is_cyrillic_letter(base, c)) {
            continue;
        }
        count = put_letter(out, count, c);
    }
    return count;
}

static size_t encode(const UChar *text, int32_t size, char *out) {
    size_t written = 0;
    for (int32_t i = 0, points = 0; i < size && points < STEP_WRITE; points++) {
        UChar32 c;
        U16_NEXT(text, i, size, c);
        U8_APPEND_UNSAFE((uint8_t *)out, written, c);
    }
    return written;
}

/* The whole way, for `size` UTF-16 units: case folding, decomposition, dropping, composition. */
static size_t fold_units(const UChar *text, int32_t size, char *out) {
    UErrorCode status = U_ZERO_ERROR;
    UChar first[UNITS], second[2 * UNITS];
    const UNormalizer2 *nfc = unorm2_getNFCInstance(&status);
    const UNormalizer2 *nfd = unorm2_getNFDInstance(&status);
    size = unorm2_normalize(casefolder(), text, size, first, UNITS, &status);
    size = unorm2_normalize(nfd, first, size, second, UNITS, &status);
    if (U_FAILURE(status))
        return 0;
    UChar third[4 * UNITS];
    size = drop_diacritics(second, size, third);
    size = unorm2_normalize(nfc, third, size, second, 2 * UNITS, &status);
    return U_FAILURE(status) ? 0 : encode(second, size, out);
}

/* Letters that stay as they are when no mark follows: most of what is not Latin. */
static bool stays(UChar32 c) {
    return (c >= 0x4E00 && c <= 0x9FFF) || (c >= 0xAC00 && c <= 0xD7A3) ||
           (c >= 0x3041 && c <= 0x3096) || (c >= 0x30A1 && c <= 0x30FA) ||
           (c >= 0x0430 && c <= 0x044F) || (c >= 0x0620 && c <= 0x063F) ||
           (c >= 0x0641 && c <= 0x064A) || (c >= 0x0E01 && c <= 0x0E32) ||
           (c >= 0x0904 && c <= 0x0939) || c == 0x3001 || c == 0x3002;
}

static UChar32 read_point(const char *text, size_t size, size_t *at) {
    UChar32 c;
    U8_NEXT((const uint8_t *)text, *at, size, c);
    if (c < 0)
        return 0xFFFD;
    /* U+00B4 would become a space and a mark, which cuts l´asile in two. */
    return c == 0xB4 || c == 0x200B ? plain_punctuation(c) : c;
}

size_t fold_step(const char *text, size_t size, size_t *at, char out[FOLD_STEP_MAX]) {
    size_t begin = *at;
    uint8_t byte = (uint8_t)text[begin];
    if (byte < 0x80 && (begin + 1 == size || (uint8_t)text[begin + 1] < 0x80)) {
        *at = begin + 1;
        out[0] = (char)(byte >= 'A' && byte <= 'Z' ? byte | 0x20 : byte);
        return 1;
    }
    UChar units[2 * STEP_READ];
    int32_t count = 0, points = 1;
    UChar32 c = read_point(text, size, at), leader = c;
    if (!is_enclosing(c))
        U16_APPEND_UNSAFE(units, count, c);
    while (*at < size && (uint8_t)text[*at] >= 0x80) {
        size_t next = *at;
        c = read_point(text, size, &next);
        bool enclosing = is_enclosing(c);
        if (!enclosing && unorm2_hasBoundaryBefore(casefolder(), c))
            break;
        *at = next;
        if (points++ < STEP_READ && !enclosing)
            U16_APPEND_UNSAFE(units, count, c);
    }
    size_t read = *at - begin, written = 0;
    if (points == 1 && stays(leader)) {
        U8_APPEND_UNSAFE((uint8_t *)out, written, leader);
        return written;
    }
    if (begins_anew(text, size, begin, leader))
        out[written++] = ' ';
    char folded[4 * STEP_WRITE];
    size_t more = fold_units(units, count, folded);
    /* A few signs stand for whole words (U+FDFA for eighteen letters); they stay as they are. */
    if (written + more > 4 * read || written + more > FOLD_STEP_MAX) {
        memcpy(out, text + begin, read);
        return read;
    }
    memcpy(out + written, folded, more);
    return written + more;
}

size_t analysis_fold(const char *text, size_t size, char *out) {
    size_t written = 0;
    char step[FOLD_STEP_MAX];
    for (size_t at = 0; at < size;) {
        size_t more = fold_step(text, size, &at, step);
        memcpy(out + written, step, more);
        written += more;
    }
    out[written] = '\0';
    return written;
}
