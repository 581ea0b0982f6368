/* The head's hash covers the head and the table, so that nothing of the table is believed before it was checked; offsets and lengths are compared
 * with the content all the same. */
#include "base/sections.h"
#include <assert.h>
#include <inttypes.h>
#include <stdio.h>

enum { BYTE_ORDER_MARK = 0x01020304 };

static const char mend[] = "make it again from what it was made of";

typedef struct Head {
    char magic[8];
    uint32_t order, version; /* order: BYTE_ORDER_MARK as this machine writes it */
    char made_by[24];
    uint64_t length; /* of the whole file */
    uint64_t count;  /* sections */
    uint64_t hash;   /* of head (this field 0) and table */
} Head;

typedef struct Entry {
    char tag[16]; /* NUL-padded */
    uint64_t offset, length, hash;
} Entry;

_Static_assert(sizeof(Head) == 64 && sizeof(Entry) == 40, "no padding: both are written as they lie in memory");

static size_t aligned(size_t at) {
    return (at + AK_SECTIONS_ALIGN - 1) / AK_SECTIONS_ALIGN * AK_SECTIONS_ALIGN;
}

/* ---- Writing. */

/* Where the sections' data ends. Arrays in memory are never so large that this overflows. */
static size_t lay_out(const Section *list, size_t count, Entry *table) {
    size_t at = sizeof(Head) + count * sizeof(Entry);
    for (size_t i = 0; i < count; i++) {
        assert(strlen(list[i].tag) < sizeof table[i].tag);
        at = aligned(at);
        Str data = {list[i].items, list[i].count * list[i].size};
        table[i] = (Entry){.offset = at, .length = data.length, .hash = ak_str_hash(data)};
        snprintf(table[i].tag, sizeof table[i].tag, "%s", list[i].tag);
        at += data.length;
    }
    return at;
}

/* `content` begins with the head: its hash field counts as 0. */
static uint64_t hash_head(const char *content, size_t count, Arena *arena) {
    size_t length = sizeof(Head) + count * sizeof(Entry);
    char *copy = ak_new_array(arena, char, length);
    if (!copy) return 0;
    memcpy(copy, content, length);
    memset(copy + offsetof(Head, hash), 0, sizeof(uint64_t));
    return ak_str_hash((Str){copy, length});
}

static void fill_head(const SectionsFormat *format, Head *head, size_t length, size_t count) {
    assert(strlen(format->magic) == sizeof head->magic && strlen(format->made_by) < sizeof head->made_by);
    *head = (Head){.order = BYTE_ORDER_MARK, .version = format->version, .length = length, .count = count};
    memcpy(head->magic, format->magic, sizeof head->magic);
    snprintf(head->made_by, sizeof head->made_by, "%s", format->made_by);
}

Str ak_sections_join(const SectionsFormat *format, const Section *list, size_t count, Arena *arena, ananke_error *err) {
    assert(count <= AK_SECTIONS_MOST);
    Entry *table = ak_new_array(arena, Entry, count);
    size_t length = table ? lay_out(list, count, table) : 0;
    char *content = ak_new_array(arena, char, length);
    if (!table || !content) return ak_fail_memory(err, arena), (Str){0};
    Head head;
    fill_head(format, &head, length, count);
    memcpy(content, &head, sizeof head);
    memcpy(content + sizeof head, table, count * sizeof *table);
    for (size_t i = 0; i < count; i++) {
        if (table[i].length) memcpy(content + table[i].offset, list[i].items, (size_t)table[i].length);
    }
    head.hash = hash_head(content, count, arena);
    memcpy(content, &head, sizeof head);
    return ak_arena_ok(arena) ? (Str){content, length} : (ak_fail_memory(err, arena), (Str){0});
}

/* ---- Reading. */

typedef struct Reader {
    const SectionsFormat *format;
    Str content;
    const char *file;
    ananke_error *err;
    Head head;
    Entry table[AK_SECTIONS_MOST];
} Reader;

static bool fail(Reader *reader, ananke_error_code code, size_t at, const char *what) {
    ak_fail(reader->err, code, "%s: %s", reader->format->noun, what);
    if (reader->err) reader->err->offset = at;
    ak_hint(reader->err, "%s", mend);
    return ak_fail_in(reader->err, reader->file);
}

static bool fail_section(Reader *reader, const char *tag, size_t at, const char *what) {
    char words[120];
    snprintf(words, sizeof words, "section \"%.16s\" %s", tag, what);
    return fail(reader, ANANKE_ERROR_SYNTAX, at, words);
}

static bool check_version(Reader *reader) {
    const Head *head = &reader->head;
    char words[160];
    if (head->order != BYTE_ORDER_MARK)
        return fail(reader, ANANKE_ERROR_UNSUPPORTED, offsetof(Head, order), "is of a machine with another byte order");
    if (head->version == reader->format->version &&
        strncmp(head->made_by, reader->format->made_by, sizeof head->made_by) == 0)
        return true;
    snprintf(words, sizeof words, "was made by version %.24s (format %" PRIu32 "), this is %s (format %" PRIu32 ")",
             head->made_by, head->version, reader->format->made_by, reader->format->version);
    return fail(reader, ANANKE_ERROR_UNSUPPORTED, offsetof(Head, version), words);
}

static bool check_head_hash(Reader *reader) {
    char copy[sizeof(Head) + sizeof reader->table];
    size_t length = sizeof(Head) + (size_t)reader->head.count * sizeof(Entry);
    Head head = reader->head;
    head.hash = 0;
    memcpy(copy, &head, sizeof head);
    memcpy(copy + sizeof head, reader->table, length - sizeof head);
    return ak_str_hash((Str){copy, length}) == reader->head.hash ||
           fail(reader, ANANKE_ERROR_SYNTAX, offsetof(Head, hash), "the head is damaged");
}

static bool read_head(Reader *reader) {
    Str content = reader->content;
    if (!ak_sections_is(reader->format, content)) return fail(reader, ANANKE_ERROR_SYNTAX, 0, "is something else");
    if (content.length < sizeof(Head)) return fail(reader, ANANKE_ERROR_SYNTAX, content.length, "is cut off");
    memcpy(&reader->head, content.data, sizeof(Head));
    if (!check_version(reader)) return false;
    if (reader->head.length != content.length)
        return fail(reader, ANANKE_ERROR_SYNTAX, content.length, "is cut off, or something follows it");
    size_t room = (content.length - sizeof(Head)) / sizeof(Entry);
    if (reader->head.count > AK_SECTIONS_MOST || reader->head.count > room)
        return fail(reader, ANANKE_ERROR_SYNTAX, offsetof(Head, count), "has too many sections");
    memcpy(reader->table, content.data + sizeof(Head), (size_t)reader->head.count * sizeof(Entry));
    return check_head_hash(reader);
}

static const Entry *find_entry(const Reader *reader, const char *tag) {
    for (size_t i = 0; i < reader->head.count; i++) {
        if (strncmp(reader->table[i].tag, tag, sizeof reader->table[i].tag) == 0) return &reader->table[i];
    }
    return NULL;
}

static bool take(Reader *reader, Section *section) {
    const Entry *entry = find_entry(reader, section->tag);
    if (!entry) return fail_section(reader, section->tag, 0, "is missing");
    size_t at = sizeof(Head) + (size_t)(entry - reader->table) * sizeof(Entry);
    if (entry->offset % AK_SECTIONS_ALIGN || entry->length % section->size)
        return fail_section(reader, section->tag, at, "is not aligned, or no whole number of items");
    if (entry->offset > reader->content.length || entry->length > reader->content.length - entry->offset)
        return fail_section(reader, section->tag, at, "lies behind the end of the file");
    Str data = {reader->content.data + entry->offset, (size_t)entry->length};
    if (ak_str_hash(data) != entry->hash)
        return fail_section(reader, section->tag, (size_t)entry->offset, "is damaged");
    section->items = data.data;
    section->count = data.length / section->size;
    return true;
}

bool ak_sections_is(const SectionsFormat *format, Str content) {
    return ak_str_starts(content, ak_str(format->magic));
}

bool ak_sections_split(const SectionsFormat *format, Section *list, size_t count, Str content, const char *file,
                       ananke_error *err) {
    assert((uintptr_t)content.data % 16 == 0);
    Reader reader = {.format = format, .content = content, .file = file, .err = err};
    if (!read_head(&reader)) return false;
    for (size_t i = 0; i < count; i++) {
        if (!take(&reader, &list[i])) return false;
    }
    return true;
}

bool ak_sections_fail(const SectionsPlace *place, const char *what, ananke_error *err) {
    const Section *section = place->section;
    ak_fail(err, ANANKE_ERROR_SYNTAX, "%s: section \"%s\", item %zu: %s", place->format->noun, section->tag,
            place->index, what);
    const char *items = section->items;
    if (err) err->offset = (size_t)(items - place->content.data) + place->index * section->size;
    ak_hint(err, "%s", mend);
    return ak_fail_in(err, place->file);
}
