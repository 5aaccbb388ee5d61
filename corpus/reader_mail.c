/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A mail (RFC 5322, MIME): its text in the form that knows the paragraphs best, and what is
 * attached, each attachment under a heading of its name. Subject, date and sender are title, date
 * and, where the text names no speakers, speaker. gmime takes the message apart.
 */
#include "corpus/reader_bytes.h"

#ifdef HAVE_GMIME

#include "corpus/charset.h"
#include "corpus/date.h"
#include "corpus/iconv_text.h"
#include "corpus/mail_text.h"
#include "corpus/part_document.h"
#include "corpus/reader_html.h"
#include "corpus/turn.h"

#include <gmime/gmime.h>
#include <pthread.h>
#include <string.h>
#include <strings.h>

enum { NEST_MAX = 30, PARTS_MAX = 1000, CHARSET_NAME = 40 };

struct mail {
    const struct read_bytes *in;
    struct document *document;
    struct passage_builder builder;
    unsigned parts;
    size_t own; /* passages before the first attachment or mail within; SIZE_MAX: there is none */
    bool encrypted; /* a part that cannot be read is */
    struct error *err;
};

static pthread_once_t gmime_ready = PTHREAD_ONCE_INIT;

/* ---- Contents ----------------------------------------------------------------------------------
 */

/* The part's bytes, their transfer encoding undone; NULL if it has none. g_object_unref it. */
static GMimeStream *contents(GMimePart *part, const uint8_t **data, size_t *size) {
    GMimeDataWrapper *wrapper = g_mime_part_get_content(part);
    if (!wrapper)
        return NULL;
    GMimeStream *stream = g_mime_stream_mem_new();
    g_mime_data_wrapper_write_to_stream(wrapper, stream);
    const GByteArray *bytes = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(stream));
    *data = bytes->data;
    *size = bytes->len;
    return stream;
}

/* Text as UTF-8, by the charset that the part names, appended to *out. */
static int decode(struct mail *mail, GMimePart *part, const uint8_t *data, size_t size,
                  struct bytes *out) {
    const char *name = g_mime_object_get_content_type_parameter(GMIME_OBJECT(part), "charset");
    bool plain = !name || !strncasecmp(name, "utf-8", 5) || !strcasecmp(name, "us-ascii") ||
                 strlen(name) >= CHARSET_NAME;
    iconv_t conversion = plain ? (iconv_t)-1 : iconv_open("UTF-8", name);
    if (conversion != (iconv_t)-1) {
        iconv_text_add(out, conversion, data, size, &mail->document->replaced_bytes);
        iconv_close(conversion);
    } else {
        struct decoded decoded;
        int status = charset_decode(&decoded, data, size, mail->err);
        if (!status)
            bytes_add(out, decoded.text, decoded.size);
        mail->document->replaced_bytes += decoded.replaced;
        decoded_free(&decoded);
    }
    for (size_t i = 0; i < out->size; i++) /* a NUL would end the HTML parser's input */
        if (!out->data[i])
            out->data[i] = ' ';
    return out->failed ? PLENARY_ENOMEM : 0;
}

static int read_text(struct mail *mail, GMimePart *part, struct bytes *out) {
    const uint8_t *data;
    size_t size;
    GMimeStream *stream = contents(part, &data, &size);
    int status = stream && size ? decode(mail, part, data, size, out) : 0;
    if (stream)
        g_object_unref(stream);
    return status;
}

static bool has_type(GMimeObject *object, const char *type, const char *subtype) {
    GMimeContentType *content = g_mime_object_get_content_type(object);
    return content && g_mime_content_type_is_type(content, type, subtype);
}

static bool is_attached(GMimeObject *object) {
    const char *disposition = g_mime_object_get_disposition(object);
    return disposition && !strcasecmp(disposition, GMIME_DISPOSITION_ATTACHMENT);
}

/* ---- Parts -------------------------------------------------------------------------------------
 */

static int add_text(struct mail *mail, GMimePart *part) {
    struct bytes text = BYTES_INIT;
    const char *format = g_mime_object_get_content_type_parameter(GMIME_OBJECT(part), "format");
    int status = read_text(mail, part, &text);
    if (!status && has_type(GMIME_OBJECT(part), "text", "html")) {
        struct html_place place = {.line = 0};
        if (text.size < (64 << 20))
            status = html_add_fragment(&mail->builder, (const char *)text.data, text.size, &place);
    } else if (!status) {
        status = mail_text_add(&mail->builder, (const char *)text.data, text.size,
                               format && !strcasecmp(format, "flowed"));
    }
    bytes_free(&text);
    return status;
}

/* What stands beside a mail without being a document. */
static bool is_ornament(GMimeObject *object) {
    return has_type(object, "image", "*") || has_type(object, "audio", "*") ||
           has_type(object, "video", "*") || has_type(object, "application", "pgp-signature") ||
           has_type(object, "application", "pkcs7-signature") ||
           has_type(object, "application", "x-pkcs7-signature") ||
           has_type(object, "text", "calendar") || has_type(object, "application", "ics");
}

/* What follows is not by the sender. */
static void begin_other(struct mail *mail) {
    if (mail->own > mail->document->passage_count)
        mail->own = mail->document->passage_count;
}

static int add_attachment(struct mail *mail, GMimePart *part) {
    const uint8_t *data;
    size_t size;
    const char *name = g_mime_part_get_filename(part);
    GMimeStream *stream = is_ornament(GMIME_OBJECT(part)) ? NULL : contents(part, &data, &size);
    if (!stream)
        return 0;
    begin_other(mail);
    struct read_bytes in = {data, size, name ? name : "attachment", mail->in->depth + 1,
                            mail->in->budget};
    int status = size ? part_document_add(mail->document, &in) : 0;
    g_object_unref(stream);
    return status;
}

static int add_object(struct mail *mail, GMimeObject *object, unsigned depth);

static int add_message(struct mail *mail, GMimeMessage *message, unsigned depth) {
    const char *subject = message ? g_mime_message_get_subject(message) : NULL;
    begin_other(mail);
    struct block heading = {.kind = PASSAGE_HEADING, .level = 1};
    int status =
        subject ? passage_builder_add(&mail->builder, &heading, subject, strlen(subject)) : 0;
    GMimeObject *body = message ? g_mime_message_get_mime_part(message) : NULL;
    return status || !body ? status : add_object(mail, body, depth);
}

/* The text parts of an alternative; one may hold pictures beside it. */
struct choice {
    GMimePart *plain, *html;
};

static void look_at(GMimeObject *object, struct choice *choice, unsigned depth) {
    if (GMIME_IS_MULTIPART(object) && depth < NEST_MAX &&
        has_type(object, "multipart", "related")) {
        if (g_mime_multipart_get_count(GMIME_MULTIPART(object)) > 0)
            look_at(g_mime_multipart_get_part(GMIME_MULTIPART(object), 0), choice, depth + 1);
    } else if (GMIME_IS_PART(object) && !is_attached(object)) {
        if (has_type(object, "text", "html"))
            choice->html = GMIME_PART(object);
        else if (has_type(object, "text", "*") && !choice->plain)
            choice->plain = GMIME_PART(object);
    }
}

/* Plain text, unless it is missing or wrapped: HTML says where paragraphs end. */
static int choose(struct mail *mail, GMimeMultipart *parts, unsigned depth) {
    struct choice choice = {NULL, NULL};
    int count = g_mime_multipart_get_count(parts);
    for (int i = 0; i < count && i < PARTS_MAX; i++)
        look_at(g_mime_multipart_get_part(parts, i), &choice, depth);
    if (!choice.plain && !choice.html)
        return count > 0 ? add_object(mail, g_mime_multipart_get_part(parts, count - 1), depth + 1)
                         : 0;
    if (choice.plain && choice.html) {
        struct bytes text = BYTES_INIT;
        int status = read_text(mail, choice.plain, &text);
        bool good = mail_text_is_unwrapped((const char *)text.data, text.size);
        bytes_free(&text);
        if (status)
            return status;
        if (!good)
            choice.plain = NULL;
    }
    return add_text(mail, choice.plain ? choice.plain : choice.html);
}

static int add_multipart(struct mail *mail, GMimeMultipart *parts, unsigned depth) {
    GMimeObject *object = GMIME_OBJECT(parts);
    int count = g_mime_multipart_get_count(parts), status = 0;
    if (has_type(object, "multipart", "alternative"))
        return choose(mail, parts, depth);
    if (has_type(object, "multipart", "encrypted")) {
        mail->encrypted = true;
        return 0;
    }
    for (int i = 0; i < count && !status; i++)
        status = add_object(mail, g_mime_multipart_get_part(parts, i), depth + 1);
    return status;
}

static int add_object(struct mail *mail, GMimeObject *object, unsigned depth) {
    if (depth > NEST_MAX)
        return error_set(mail->err, PLENARY_ELIMIT,
                         "its parts nest deeper than %d: the mail was left unread", NEST_MAX);
    if (++mail->parts > PARTS_MAX)
        return error_set(mail->err, PLENARY_ELIMIT,
                         "it has more than %d parts: the mail was left unread", PARTS_MAX);
    if (GMIME_IS_MULTIPART(object))
        return add_multipart(mail, GMIME_MULTIPART(object), depth);
    if (GMIME_IS_MESSAGE_PART(object))
        return add_message(mail, g_mime_message_part_get_message(GMIME_MESSAGE_PART(object)),
                           depth + 1);
    if (!GMIME_IS_PART(object))
        return 0;
    if (has_type(object, "application", "pkcs7-mime") ||
        has_type(object, "application", "x-pkcs7-mime")) {
        mail->encrypted = true;
        return 0;
    }
    bool text = has_type(object, "text", "plain") || has_type(object, "text", "html") ||
                has_type(object, "text", "enriched");
    return text && !is_attached(object) ? add_text(mail, GMIME_PART(object))
                                        : add_attachment(mail, GMIME_PART(object));
}

/* ---- The header --------------------------------------------------------------------------------
 */

static int set_title(struct document *document, GMimeMessage *message) {
    const char *subject = g_mime_message_get_subject(message);
    if (!subject || !*subject)
        return 0;
    document->title = arena_string(&document->arena, subject);
    return document->title ? 0 : PLENARY_ENOMEM;
}

/* A day in the subject is more likely that of the meeting than the day of sending. */
static void set_date(struct document *document, GMimeMessage *message) {
    GDateTime *sent = g_mime_message_get_date(message);
    uint32_t date = document->title ? date_find(document->title, strlen(document->title)) : 0;
    if (sent && date % 100 == 0) {
        int year, month, day;
        g_date_time_get_ymd(sent, &year, &month, &day);
        date = (uint32_t)year * 10000 + (uint32_t)month * 100 + (uint32_t)day;
    }
    if (date_valid(date))
        document->date = date;
}

/* Who wrote it speaks, unless the text is of a meeting and says who does. */
static int set_speaker(struct document *document, GMimeMessage *message, size_t own) {
    InternetAddressList *from = g_mime_message_get_from(message);
    InternetAddress *first = from && internet_address_list_length(from) > 0
                                 ? internet_address_list_get_address(from, 0)
                                 : NULL;
    const char *name = first ? internet_address_get_name(first) : NULL;
    if (first && (!name || !*name) && INTERNET_ADDRESS_IS_MAILBOX(first))
        name = internet_address_mailbox_get_addr(INTERNET_ADDRESS_MAILBOX(first));
    if (!name || !*name || !document->passage_count)
        return 0;
    if (turn_mark(document))
        return PLENARY_ENOMEM;
    own = own < document->passage_count ? own : document->passage_count;
    for (size_t i = 0; i < own; i++)
        if (document->passages[i].speaker)
            return 0;
    const char *speaker = arena_string(&document->arena, name);
    for (size_t i = 0; i < own; i++)
        if (document->passages[i].kind != PASSAGE_HEADING)
            document->passages[i].speaker = speaker;
    return speaker ? 0 : PLENARY_ENOMEM;
}

static int read_message(struct mail *mail, GMimeMessage *message) {
    struct document *document = mail->document;
    GMimeObject *body = g_mime_message_get_mime_part(message);
    int status = set_title(document, message);
    if (!status && body)
        status = add_object(mail, body, 0);
    if (!status && mail->encrypted && !document->passage_count)
        status = error_set(mail->err, PLENARY_EDAMAGED, "the mail is encrypted");
    if (!status)
        status = set_speaker(document, message, mail->own);
    set_date(document, message);
    return status;
}

int mail_read(struct document *document, const struct read_bytes *in, struct error *err) {
    struct mail mail = {.in = in, .document = document, .own = SIZE_MAX, .err = err};
    if (in->depth > READ_DEPTH_MAX)
        return error_set(err, PLENARY_ELIMIT, "mails nest deeper than %d: it was left unread",
                         READ_DEPTH_MAX);
    pthread_once(&gmime_ready, g_mime_init);
    GMimeStream *stream = g_mime_stream_mem_new_with_buffer((const char *)in->data, in->size);
    GMimeParser *parser = g_mime_parser_new_with_stream(stream);
    GMimeMessage *message = g_mime_parser_construct_message(parser, NULL);
    g_object_unref(parser);
    g_object_unref(stream);
    if (!message)
        return error_set(err, PLENARY_EDAMAGED, "the mail is damaged: it has no header");
    passage_builder_init(&mail.builder, document);
    mail.builder.limit = PASSAGE_MARKED_LIMIT;
    int status = read_message(&mail, message);
    passage_builder_free(&mail.builder);
    g_object_unref(message);
    return status;
}

#else

int mail_read(struct document *document, const struct read_bytes *in, struct error *err) {
    (void)document;
    (void)in;
    return error_set(err, PLENARY_EINVALID,
                     "mail cannot be read: plenary was built without gmime (libgmime-3.0-dev)");
}

#endif
