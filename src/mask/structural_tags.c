/* Reading tags and triggers, then building what stands behind each trigger. */
#include "mask/structural_tags.h"
#include "base/members.h"
#include "mask/free_text.h"
#include "mask/json_schema.h"
#include "mask/program.h"

typedef struct Tag {
    Str begin, end;
    yyjson_val *schema;
    const char *schema_pointer;
    Symbol inner; /* the schema and what ends the tag, once it is built */
} Tag;

typedef struct Tags {
    MemberReader reader;
    Grammar *grammar;
    VEC(Tag) tags;
    VEC(Trigger) triggers;
    VEC(Str) tokens;
    Marks marks;
} Tags;

/* ---- Reading */

static Tag *reading(MemberReader *reader) {
    Tags *self = (Tags *)reader;
    return &self->tags.items[self->tags.count - 1];
}

static bool take_begin(MemberReader *reader, yyjson_val *value, const char *pointer) {
    return ak_member_text(reader, value, pointer, &reading(reader)->begin);
}

static bool take_end(MemberReader *reader, yyjson_val *value, const char *pointer) {
    return ak_member_text(reader, value, pointer, &reading(reader)->end);
}

static bool take_schema(MemberReader *reader, yyjson_val *value, const char *pointer) {
    reading(reader)->schema = value, reading(reader)->schema_pointer = pointer;
    return true;
}

static bool read_tag(Tags *self, yyjson_val *object, const char *pointer) {
    static const Member members[] = {{"begin", take_begin}, {"schema", take_schema}, {"end", take_end}};
    if (!ak_vec_push(self->reader.arena, &self->tags, (Tag){0}))
        return ak_fail_memory(self->reader.err, self->reader.arena);
    if (!ak_members_take(&self->reader, object, pointer, "a tag", members, sizeof members / sizeof *members))
        return false;
    const Tag *tag = reading(&self->reader);
    return (tag->begin.length && tag->schema) ||
           ak_member_fail(&self->reader, pointer, "a tag has \"begin\", which is not empty, and \"schema\"");
}

static bool take_structures(MemberReader *reader, yyjson_val *value, const char *pointer) {
    if (!yyjson_is_arr(value)) return ak_member_fail(reader, pointer, "the tags are a list");
    yyjson_arr_iter each = yyjson_arr_iter_with(value);
    yyjson_val *item;
    for (size_t i = 0; (item = yyjson_arr_iter_next(&each)); i++) {
        const char *inner = ak_pointer_item(reader, pointer, i);
        if (!inner || !read_tag((Tags *)reader, item, inner)) return false;
    }
    return true;
}

static bool take_triggers(MemberReader *reader, yyjson_val *value, const char *pointer) {
    Tags *self = (Tags *)reader;
    if (!yyjson_is_arr(value)) return ak_member_fail(reader, pointer, "the triggers are a list");
    for (size_t i = 0; i < yyjson_arr_size(value); i++) {
        Trigger trigger = {0};
        if (!ak_member_text(reader, yyjson_arr_get(value, i), pointer, &trigger.text)) return false;
        if (!ak_vec_push(reader->arena, &self->triggers, trigger)) return ak_fail_memory(reader->err, reader->arena);
    }
    return true;
}

static bool take_tokens(MemberReader *reader, yyjson_val *value, const char *pointer) {
    Tags *self = (Tags *)reader;
    if (!yyjson_is_arr(value)) return ak_member_fail(reader, pointer, "the tokens are a list");
    for (size_t i = 0; i < yyjson_arr_size(value); i++) {
        Str name;
        if (!ak_member_text(reader, yyjson_arr_get(value, i), pointer, &name)) return false;
        if (!ak_vec_push(reader->arena, &self->tokens, name)) return ak_fail_memory(reader->err, reader->arena);
    }
    return true;
}

static bool take_type(MemberReader *reader, yyjson_val *value, const char *pointer) {
    return ak_str_equal(ak_json_str(value), STR("structural_tag")) ||
           ak_fail(reader->err, ANANKE_ERROR_UNSUPPORTED, "%s: the type is to be 'structural_tag'", pointer);
}

/* Whether a text tells its tag by its beginning. */
static bool check_begin(Tags *self, size_t index) {
    Str begin = self->tags.items[index].begin;
    bool has_trigger = false;
    for (size_t i = 0; i < self->triggers.count; i++)
        has_trigger = has_trigger || ak_str_starts(begin, self->triggers.items[i].text);
    if (!has_trigger)
        return ak_fail(self->reader.err, ANANKE_ERROR_SYNTAX, "#/structures/%zu/begin: no trigger begins it", index);
    for (size_t i = 0; i < self->tags.count; i++) {
        Str other = self->tags.items[i].begin;
        if (other.length < begin.length && ak_str_starts(begin, other))
            return ak_fail(self->reader.err, ANANKE_ERROR_UNSUPPORTED,
                           "#/structures/%zu/begin: the tag %zu has a beginning of it as its own", index, i);
    }
    return true;
}

static bool read(Tags *self, Str text, const char *file) {
    static const Member members[] = {
        {"type", take_type}, {"structures", take_structures}, {"triggers", take_triggers}, {"tokens", take_tokens}};
    yyjson_doc *doc = ak_json_parse_raw(self->reader.arena, text, file, self->reader.err);
    if (!doc || !ak_members_take(&self->reader, yyjson_doc_get_root(doc), "#", "what describes tags", members,
                                 sizeof members / sizeof *members))
        return false;
    if (!self->tags.count) return ak_member_fail(&self->reader, "#", "there are no \"structures\"");
    for (size_t i = 0; i < self->tags.count; i++) {
        if (!check_begin(self, i)) return false;
    }
    return true;
}

/* ---- Building */

static bool build_tag(Tags *self, Tag *tag) {
    Symbol inner = AK_SYMBOL_FAILED;
    if (!ak_json_schema_value(self->grammar, tag->schema, tag->schema_pointer, &inner, self->reader.err)) return false;
    tag->inner = ak_grammar_sequence(self->grammar, (Symbol[]){inner, ak_marks_symbol(&self->marks, tag->end)}, 2);
    return ak_grammar_ok(self->grammar, self->reader.err);
}

/* The tags that a trigger begins, without what it is of their beginnings. */
static Symbol body_symbol(Tags *self, Str trigger) {
    Symbol body = ak_grammar_rule(self->grammar, STR("tag"));
    for (size_t i = 0; i < self->tags.count; i++) {
        const Tag *tag = &self->tags.items[i];
        if (!ak_str_starts(tag->begin, trigger)) continue;
        Str rest = ak_str_slice(tag->begin, trigger.length, tag->begin.length);
        Symbol parts[] = {ak_marks_symbol(&self->marks, rest), tag->inner};
        if (!ak_grammar_add(self->grammar, body, parts, 2)) return AK_SYMBOL_FAILED;
    }
    return body;
}

static bool build(Tags *self, Symbol *start) {
    Grammar *grammar = self->grammar;
    self->marks = (Marks){grammar, self->tokens.items, self->tokens.count};
    FreeText text = {&self->marks, self->triggers.items, self->triggers.count};
    if (!ak_free_text_check(&text, "#/triggers", self->reader.err)) return false;
    for (size_t i = 0; i < self->tags.count; i++) {
        if (!build_tag(self, &self->tags.items[i])) return false;
    }
    for (size_t i = 0; i < self->triggers.count; i++)
        self->triggers.items[i].body = body_symbol(self, self->triggers.items[i].text);
    Symbol tags = ak_grammar_repeat(grammar, ak_free_text_then(&text), 0, AK_REPEAT_MANY);
    *start = ak_grammar_sequence(grammar, (Symbol[]){tags, ak_free_text_plain(&text)}, 2);
    return ak_grammar_ok(grammar, self->reader.err);
}

bool ak_structural_tags_build(Grammar *grammar, Str text, const char *file, Symbol *start, ananke_error *err) {
    Tags self = {.reader = {grammar->arena, err}, .grammar = grammar};
    return read(&self, text, file) && build(&self, start);
}

ananke_program *ananke_program_from_structural_tags(const char *text, size_t length, const ananke_vocab *vocab,
                                                    const ananke_program_options *options, ananke_error *err) {
    return ak_program_build(ak_structural_tags_build, (Str){text, length}, vocab, options, err);
}
