/* YAML: libyaml's events become values of a yyjson document that is built from the top, with a stack of the open collections; values become events.
 *
 * Reading keeps the number of every value in the order of the text. An alias is a copy of what its anchor names, every value of it standing where the
 * alias stands; the copies of one text are bounded (MAX_COPIES), so that a few lines cannot grow without end. */
#include "model/yaml.h"
#include "base/buf.h"
#include "base/utf8.h"
#include "base/vec.h"
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <yaml.h>

enum { MAX_DEPTH = 64, MAX_COPIES = 100000 };

typedef struct Anchor {
    Str name;
    yyjson_mut_val *value;
    size_t first, count; /* numbers of its values; count 0 while it is open */
} Anchor;

typedef struct Level {
    yyjson_mut_val *collection;
    yyjson_mut_val *key; /* of a mapping: the key that waits for its value */
    size_t anchor;       /* index + 1 of the anchor on it; 0: none */
} Level;

typedef struct Reader {
    Arena *arena;
    Str text;
    const char *file;
    ananke_error *err;
    yaml_parser_t parser;
    yyjson_mut_doc *doc;
    yyjson_mut_val *root;
    Level levels[MAX_DEPTH];
    size_t depth;
    VEC(Anchor) anchors;
    VEC(size_t) offsets;
    size_t line, line_offset; /* the last line whose start was looked up */
    size_t copies;            /* values that aliases made */
} Reader;

/* libyaml counts columns in characters; marks come in the order of the text, so the lines are counted once. */
static size_t offset_of(Reader *self, yaml_mark_t mark) {
    if (mark.line < self->line) self->line = 0, self->line_offset = 0;
    while (self->line < mark.line) {
        size_t end = ak_str_find_byte(self->text, '\n', self->line_offset);
        if (end == SIZE_MAX) return self->text.length;
        self->line_offset = end + 1, self->line++;
    }
    size_t at = self->line_offset;
    for (size_t column = 0; column < mark.column && at < self->text.length; column++) {
        uint32_t point;
        size_t length = ak_utf8_decode(ak_str_slice(self->text, at, self->text.length), &point);
        at += length ? length : 1;
    }
    return at;
}

static bool wrong(Reader *self, yaml_mark_t mark, const char *what) {
    return ak_fail_at(self->err, ANANKE_ERROR_SYNTAX, self->file, self->text, offset_of(self, mark), "YAML: %s", what);
}

static bool no_memory(Reader *self) {
    return ak_arena_ok(self->arena) ? ak_fail(self->err, ANANKE_ERROR_MEMORY, "out of memory")
                                    : ak_fail_memory(self->err, self->arena);
}

/* ---- Scalars */

static bool is_one_of(Str text, const char *const *words) {
    while (*words && !ak_str_equal(text, ak_str(*words))) words++;
    return *words != NULL;
}

static const char *const nulls[] = {"", "~", "null", "Null", "NULL", NULL};
static const char *const trues[] = {"true", "True", "TRUE", NULL};
static const char *const falses[] = {"false", "False", "FALSE", NULL};

static size_t skip_digits(Str text, size_t at) {
    while (at < text.length && text.data[at] >= '0' && text.data[at] <= '9') at++;
    return at;
}

/* [-+]? (digits (. digits?)? | . digits) ([eE] [-+]? digits)?; `*real` when there is a point or an exponent. */
static bool is_number(Str text, bool *real) {
    size_t at = text.length && (text.data[0] == '-' || text.data[0] == '+'), start = at;
    at = skip_digits(text, at);
    size_t digits = at - start;
    *real = at < text.length;
    if (at < text.length && text.data[at] == '.') {
        size_t fraction = skip_digits(text, at + 1);
        digits += fraction - at - 1, at = fraction;
    }
    if (digits && at < text.length && (text.data[at] == 'e' || text.data[at] == 'E')) {
        at++;
        if (at < text.length && (text.data[at] == '-' || text.data[at] == '+')) at++;
        size_t end = skip_digits(text, at);
        if (end == at) return false;
        at = end;
    }
    return digits && at == text.length;
}

static yyjson_mut_val *number(yyjson_mut_doc *doc, Str text, bool real) {
    char *end;
    errno = 0;
    if (!real && text.data[0] == '-') {
        long long value = strtoll(text.data, &end, 10);
        if (!errno) return yyjson_mut_sint(doc, value);
    } else if (!real) {
        unsigned long long value = strtoull(text.data, &end, 10);
        if (!errno) return yyjson_mut_uint(doc, value);
    }
    double value = strtod(text.data, &end);
    return isfinite(value) ? yyjson_mut_real(doc, value) : yyjson_mut_strncpy(doc, text.data, text.length);
}

/* What a plain scalar means. `text` is NUL-terminated. */
static yyjson_mut_val *plain(yyjson_mut_doc *doc, Str text) {
    bool real;
    if (is_one_of(text, nulls)) return yyjson_mut_null(doc);
    if (is_one_of(text, trues)) return yyjson_mut_true(doc);
    if (is_one_of(text, falses)) return yyjson_mut_false(doc);
    if (is_number(text, &real)) return number(doc, text, real);
    return yyjson_mut_strncpy(doc, text.data, text.length);
}

/* ---- Reading */

/* Hangs a value where the text is: under the waiting key, into the open sequence, or at the root. A scalar where a key is due becomes the key. */
static bool place(Reader *self, yyjson_mut_val *value, yaml_mark_t mark, bool is_scalar) {
    if (!value) return no_memory(self);
    Level *level = self->depth ? &self->levels[self->depth - 1] : NULL;
    if (!level) {
        self->root = value;
    } else if (yyjson_mut_is_arr(level->collection)) {
        if (!yyjson_mut_arr_append(level->collection, value)) return no_memory(self);
    } else if (!level->key) {
        if (!is_scalar) return wrong(self, mark, "a key must be a scalar");
        level->key = value;
    } else {
        if (!yyjson_mut_obj_add(level->collection, level->key, value)) return no_memory(self);
        level->key = NULL;
    }
    return true;
}

static bool number_it(Reader *self, size_t offset) {
    return ak_vec_push(self->arena, &self->offsets, offset) || no_memory(self);
}

/* Notes the anchor of an event, if it has one; `*index` is its index + 1. */
static bool anchor(Reader *self, const yaml_char_t *name, yyjson_mut_val *value, size_t *index) {
    *index = 0;
    if (!name) return true;
    Str copy = ak_arena_str(self->arena, ak_str((const char *)name));
    if (!copy.data || !ak_vec_push(self->arena, &self->anchors, (Anchor){copy, value, self->offsets.count, 0}))
        return no_memory(self);
    *index = self->anchors.count;
    return true;
}

static void close_anchor(Reader *self, size_t index) {
    if (index) self->anchors.items[index - 1].count = self->offsets.count - self->anchors.items[index - 1].first;
}

static bool is_key(const Reader *self) {
    return self->depth && yyjson_mut_is_obj(self->levels[self->depth - 1].collection) &&
           !self->levels[self->depth - 1].key;
}

static bool on_scalar(Reader *self, const yaml_event_t *event) {
    Str text = {(const char *)event->data.scalar.value, event->data.scalar.length};
    bool is_plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE && !is_key(self);
    size_t index;
    yyjson_mut_val *value = is_plain ? plain(self->doc, text) : yyjson_mut_strncpy(self->doc, text.data, text.length);
    if (event->data.scalar.tag) return wrong(self, event->start_mark, "tags are not taken");
    if (!anchor(self, event->data.scalar.anchor, value, &index) || !number_it(self, offset_of(self, event->start_mark)))
        return false;
    close_anchor(self, index);
    return place(self, value, event->start_mark, true);
}

static bool open_collection(Reader *self, yyjson_mut_val *value, const yaml_char_t *name, const yaml_char_t *tag,
                            yaml_mark_t mark) {
    if (tag) return wrong(self, mark, "tags are not taken");
    if (self->depth == MAX_DEPTH) return wrong(self, mark, "nested too deeply");
    size_t index;
    if (!anchor(self, name, value, &index) || !number_it(self, offset_of(self, mark)) ||
        !place(self, value, mark, false))
        return false;
    self->levels[self->depth++] = (Level){.collection = value, .anchor = index};
    return true;
}

static bool on_alias(Reader *self, const yaml_event_t *event) {
    Str name = ak_str((const char *)event->data.alias.anchor);
    size_t at = self->anchors.count;
    while (at > 0 && !ak_str_equal(self->anchors.items[at - 1].name, name)) at--;
    if (!at) return wrong(self, event->start_mark, "the alias names no anchor");
    const Anchor *target = &self->anchors.items[at - 1];
    if (!target->count) return wrong(self, event->start_mark, "the alias stands inside of what it names");
    self->copies += target->count;
    if (self->copies > MAX_COPIES) return wrong(self, event->start_mark, "the aliases make too many copies");
    size_t offset = offset_of(self, event->start_mark);
    for (size_t i = 0; i < target->count; i++) {
        if (!number_it(self, offset)) return false;
    }
    bool is_scalar = !yyjson_mut_is_ctn(target->value);
    if (is_key(self) && !yyjson_mut_is_str(target->value))
        return wrong(self, event->start_mark, "a key must be a text");
    return place(self, yyjson_mut_val_mut_copy(self->doc, target->value), event->start_mark, is_scalar);
}

static bool on_event(Reader *self, const yaml_event_t *event) {
    switch (event->type) {
    case YAML_DOCUMENT_START_EVENT:
        return !self->root || wrong(self, event->start_mark, "one document is wanted, here begins another");
    case YAML_ALIAS_EVENT: return on_alias(self, event);
    case YAML_SCALAR_EVENT: return on_scalar(self, event);
    case YAML_SEQUENCE_START_EVENT:
        return open_collection(self, yyjson_mut_arr(self->doc), event->data.sequence_start.anchor,
                               event->data.sequence_start.tag, event->start_mark);
    case YAML_MAPPING_START_EVENT:
        return open_collection(self, yyjson_mut_obj(self->doc), event->data.mapping_start.anchor,
                               event->data.mapping_start.tag, event->start_mark);
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT: close_anchor(self, self->levels[--self->depth].anchor); return true;
    default: return true;
    }
}

static bool read_events(Reader *self) {
    for (bool more = true; more;) {
        yaml_event_t event;
        if (!yaml_parser_parse(&self->parser, &event)) {
            if (self->parser.error == YAML_MEMORY_ERROR)
                return ak_fail(self->err, ANANKE_ERROR_MEMORY, "out of memory");
            return wrong(self, self->parser.problem_mark, self->parser.problem ? self->parser.problem : "malformed");
        }
        more = event.type != YAML_STREAM_END_EVENT;
        bool good = on_event(self, &event);
        yaml_event_delete(&event);
        if (!good) return false;
    }
    return true;
}

yyjson_doc *ak_yaml_parse(Arena *arena, Str text, const char *file, Places *places, ananke_error *err) {
    size_t invalid = ak_utf8_invalid(text);
    if (invalid != SIZE_MAX) return ak_fail_at(err, ANANKE_ERROR_SYNTAX, file, text, invalid, "not UTF-8"), NULL;
    yyjson_alc alc = ak_json_alc(arena);
    Reader *self = ak_new(arena, Reader);
    if (!self) return ak_fail_memory(err, arena), NULL;
    *self = (Reader){.arena = arena, .text = text, .file = file, .err = err, .doc = ak_json_new(arena)};
    if (!self->doc || !yaml_parser_initialize(&self->parser)) return no_memory(self), NULL;
    yaml_parser_set_input_string(&self->parser, (const unsigned char *)(text.data ? text.data : ""), text.length);
    yyjson_doc *doc = NULL;
    if (read_events(self)) {
        if (!self->root) self->root = yyjson_mut_null(self->doc), number_it(self, 0);
        doc = yyjson_mut_val_imut_copy(self->root, &alc);
        *places = (Places){self->offsets.items, self->offsets.count};
        if (!doc) no_memory(self);
    }
    yaml_parser_delete(&self->parser);
    return doc;
}

/* ---- Writing */

typedef struct Writer {
    yaml_emitter_t emitter;
    Buf out;
} Writer;

static int take(void *data, unsigned char *bytes, size_t size) {
    Writer *self = data;
    ak_buf_bytes(&self->out, bytes, size);
    return ak_arena_ok(self->out.arena);
}

/* Would a plain scalar of this text be read as something else? */
static bool means_more(Str text) {
    bool real;
    return is_one_of(text, nulls) || is_one_of(text, trues) || is_one_of(text, falses) || is_number(text, &real);
}

static bool emit(Writer *self, yaml_event_t *event, int made) {
    return made && yaml_emitter_emit(&self->emitter, event);
}

static bool emit_text(Writer *self, Str text, bool quoted) {
    yaml_event_t event;
    yaml_scalar_style_t style = quoted ? YAML_DOUBLE_QUOTED_SCALAR_STYLE : YAML_PLAIN_SCALAR_STYLE;
    return emit(self, &event,
                yaml_scalar_event_initialize(&event, NULL, NULL, (const yaml_char_t *)text.data, (int)text.length, 1, 1,
                                             style));
}

static bool emit_scalar(Writer *self, yyjson_val *value) {
    Str text = ak_json_str(value);
    if (text.data) return emit_text(self, text, means_more(text));
    text = ak_json_print_value(self->out.arena, value, false, NULL);
    return text.data && emit_text(self, text, false);
}

static bool emit_value(Writer *self, yyjson_val *value, size_t depth) {
    yaml_event_t event;
    if (!yyjson_is_ctn(value)) return emit_scalar(self, value);
    if (depth == MAX_DEPTH) return false;
    size_t i, count;
    yyjson_val *key, *item;
    yaml_char_t *none = NULL;
    if (yyjson_is_arr(value)) {
        if (!emit(self, &event, yaml_sequence_start_event_initialize(&event, none, none, 1, YAML_BLOCK_SEQUENCE_STYLE)))
            return false;
        yyjson_arr_foreach(value, i, count, item) {
            if (!emit_value(self, item, depth + 1)) return false;
        }
        return emit(self, &event, yaml_sequence_end_event_initialize(&event));
    }
    if (!emit(self, &event, yaml_mapping_start_event_initialize(&event, none, none, 1, YAML_BLOCK_MAPPING_STYLE)))
        return false;
    yyjson_obj_foreach(value, i, count, key, item) {
        if (!emit_text(self, ak_json_str(key), false) || !emit_value(self, item, depth + 1)) return false;
    }
    return emit(self, &event, yaml_mapping_end_event_initialize(&event));
}

static bool emit_document(Writer *self, yyjson_val *value) {
    yaml_event_t event;
    return emit(self, &event, yaml_stream_start_event_initialize(&event, YAML_UTF8_ENCODING)) &&
           emit(self, &event, yaml_document_start_event_initialize(&event, NULL, NULL, NULL, 1)) &&
           emit_value(self, value, 0) && emit(self, &event, yaml_document_end_event_initialize(&event, 1)) &&
           emit(self, &event, yaml_stream_end_event_initialize(&event));
}

Str ak_yaml_print(Arena *arena, yyjson_val *value, ananke_error *err) {
    Writer self = {.out = {.arena = arena}};
    if (!yaml_emitter_initialize(&self.emitter)) return ak_fail(err, ANANKE_ERROR_MEMORY, "out of memory"), (Str){0};
    yaml_emitter_set_output(&self.emitter, take, &self);
    yaml_emitter_set_unicode(&self.emitter, 1);
    yaml_emitter_set_width(&self.emitter, -1);
    bool done = emit_document(&self, value);
    if (!done && !ak_arena_ok(arena)) ak_fail_memory(err, arena);
    else if (!done)
        ak_fail(err, ANANKE_ERROR_MEMORY, "YAML: %s",
                self.emitter.problem ? self.emitter.problem : "cannot be written");
    yaml_emitter_delete(&self.emitter);
    return done ? ak_buf_view(&self.out) : (Str){0};
}
