/* Reading formats. What could be taken for something else is refused: the lexer takes the longest text that fits, so of two texts that may stand at
 * the same place none may begin the other. */
#include "mask/tool_format.h"
#include "base/buf.h"
#include "base/data.h"
#include "regex/regex.h"

#define FOLDER "formats/"

static bool is_name_byte(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

bool ak_is_tool_name(Str name) {
    enum { MAX_NAME = 64 };
    for (size_t i = 0; i < name.length; i++) {
        if (!is_name_byte(name.data[i])) return false;
    }
    return name.length && name.length <= MAX_NAME;
}

Str ak_tool_join(Arena *arena, Str head, Str tail) {
    Buf buf = {.arena = arena};
    ak_buf_str(&buf, head);
    ak_buf_str(&buf, tail);
    return ak_arena_ok(arena) ? ak_buf_view(&buf) : (Str){0};
}

/* ---- Members */

static bool take_nothing(MemberReader *reader, yyjson_val *value, const char *pointer) {
    (void)reader, (void)value, (void)pointer;
    return true;
}

typedef VEC(Str) Strings;

/* A string, or a list of strings. */
static bool take_strings(MemberReader *reader, yyjson_val *value, const char *pointer, Strings *list) {
    yyjson_val *items = yyjson_is_arr(value) ? value : NULL;
    for (size_t i = 0; i < (items ? yyjson_arr_size(items) : 1); i++) {
        Str text;
        if (!ak_member_text(reader, items ? yyjson_arr_get(items, i) : value, pointer, &text)) return false;
        if (!ak_vec_push(reader->arena, list, text)) return ak_fail_memory(reader->err, reader->arena);
    }
    return true;
}

static bool take_trigger(MemberReader *reader, yyjson_val *value, const char *pointer) {
    ToolFormat *self = (ToolFormat *)reader;
    Strings list = {0};
    if (!take_strings(reader, value, pointer, &list)) return false;
    self->triggers_pointer = pointer;
    self->triggers.items = list.items, self->triggers.count = list.count;
    return true;
}

static bool take_tokens(MemberReader *reader, yyjson_val *value, const char *pointer) {
    ToolFormat *self = (ToolFormat *)reader;
    Strings list = {0};
    if (!take_strings(reader, value, pointer, &list)) return false;
    self->tokens.items = list.items, self->tokens.count = list.count;
    return true;
}

static bool take_calls_begin(MemberReader *reader, yyjson_val *value, const char *pointer) {
    ((ToolFormat *)reader)->calls_begin = (ToolText){value, pointer};
    return true;
}

static bool take_calls_end(MemberReader *reader, yyjson_val *value, const char *pointer) {
    ((ToolFormat *)reader)->calls_end = (ToolText){value, pointer};
    return true;
}

static bool take_arguments_end(MemberReader *reader, yyjson_val *value, const char *pointer) {
    ((ToolFormat *)reader)->arguments_end = (ToolText){value, pointer};
    return true;
}

static bool take_name_begin(MemberReader *reader, yyjson_val *value, const char *pointer) {
    return ak_member_text(reader, value, pointer, &((ToolFormat *)reader)->name_begin);
}

static bool take_name_end(MemberReader *reader, yyjson_val *value, const char *pointer) {
    ToolFormat *self = (ToolFormat *)reader;
    Strings list = {0};
    if (!take_strings(reader, value, pointer, &list)) return false;
    self->name_ends.items = list.items, self->name_ends.count = list.count;
    return true;
}

static bool take_name_tail(MemberReader *reader, yyjson_val *value, const char *pointer) {
    ((ToolFormat *)reader)->name_tail = (ToolText){value, pointer};
    return true;
}

static bool take_parameter_begin(MemberReader *reader, yyjson_val *value, const char *pointer) {
    return ak_member_text(reader, value, pointer, &((ToolFormat *)reader)->parameters.begin);
}

static bool take_parameter_name_end(MemberReader *reader, yyjson_val *value, const char *pointer) {
    return ak_member_text(reader, value, pointer, &((ToolFormat *)reader)->parameters.name_end);
}

static bool take_parameter_end(MemberReader *reader, yyjson_val *value, const char *pointer) {
    return ak_member_text(reader, value, pointer, &((ToolFormat *)reader)->parameters.end);
}

static bool take_parameters(MemberReader *reader, yyjson_val *value, const char *pointer) {
    static const Member members[] = {
        {"begin", take_parameter_begin}, {"name_end", take_parameter_name_end}, {"end", take_parameter_end}};
    ToolParameters *how = &((ToolFormat *)reader)->parameters;
    how->pointer = pointer;
    return ak_members_take(reader, value, pointer, "what writes parameters", members, 3) &&
           ((how->begin.length && how->name_end.length && how->end.length) ||
            ak_member_fail(reader, pointer,
                           "parameters have \"begin\", \"name_end\" and \"end\", which are not empty"));
}

static bool take_text_begin(MemberReader *reader, yyjson_val *value, const char *pointer) {
    return ak_member_text(reader, value, pointer, &((ToolFormat *)reader)->text_begin);
}

static ToolAside *last_aside(MemberReader *reader) {
    ToolFormat *self = (ToolFormat *)reader;
    return &self->asides.items[self->asides.count - 1];
}

static bool take_aside_begin(MemberReader *reader, yyjson_val *value, const char *pointer) {
    return ak_member_text(reader, value, pointer, &last_aside(reader)->begin);
}

static bool take_aside_end(MemberReader *reader, yyjson_val *value, const char *pointer) {
    return ak_member_text(reader, value, pointer, &last_aside(reader)->end);
}

static bool take_asides(MemberReader *reader, yyjson_val *value, const char *pointer) {
    static const Member members[] = {{"begin", take_aside_begin}, {"end", take_aside_end}};
    ToolFormat *self = (ToolFormat *)reader;
    if (!yyjson_is_arr(value)) return ak_member_fail(reader, pointer, "asides are a list");
    for (size_t i = 0; i < yyjson_arr_size(value); i++) {
        const char *inner = ak_pointer_item(reader, pointer, i);
        if (!inner) return false;
        if (!ak_vec_push(reader->arena, &self->asides, (ToolAside){.pointer = inner}))
            return ak_fail_memory(reader->err, reader->arena);
        if (!ak_members_take(reader, yyjson_arr_get(value, i), inner, "an aside", members, 2)) return false;
        if (!last_aside(reader)->begin.length || !last_aside(reader)->end.length)
            return ak_member_fail(reader, inner, "an aside has \"begin\" and \"end\", which are not empty");
    }
    return true;
}

static bool take_separator(MemberReader *reader, yyjson_val *value, const char *pointer) {
    ToolFormat *self = (ToolFormat *)reader;
    self->has_separator = true;
    return ak_member_text(reader, value, pointer, &self->separator);
}

static bool take_between(MemberReader *reader, yyjson_val *value, const char *pointer) {
    ToolFormat *self = (ToolFormat *)reader;
    self->has_between = true;
    return ak_member_text(reader, value, pointer, &self->between);
}

static bool take_is_message(MemberReader *reader, yyjson_val *value, const char *pointer) {
    return ak_member_flag(reader, value, pointer, &((ToolFormat *)reader)->is_message);
}

static bool take_text_after(MemberReader *reader, yyjson_val *value, const char *pointer) {
    return ak_member_flag(reader, value, pointer, &((ToolFormat *)reader)->has_text_after);
}

/* ---- Whole formats */

static bool begins_other(Str a, Str b) {
    return ak_str_starts(a, b) || ak_str_starts(b, a);
}

/* Whether a call's end tells if another call follows. */
static bool check_list(ToolFormat *self, const char *pointer) {
    Str next = ak_tool_join(self->reader.arena, self->separator, self->name_begin);
    Str end = ak_json_str(self->calls_end.value);
    if (!ak_arena_ok(self->reader.arena)) return ak_fail_memory(self->reader.err, self->reader.arena);
    if (self->has_between)
        return ak_member_fail(&self->reader, pointer, "calls have a separator in one list, or something between them");
    if (!self->calls_end.value)
        return !self->has_text_after ||
               ak_member_fail(&self->reader, pointer, "a list of calls with text behind it needs \"calls_end\"");
    return !(end.data && begins_other(next, end)) ||
           ak_member_fail(&self->reader, pointer, "\"separator\" and \"name_begin\" begin \"calls_end\", or it them");
}

static bool check(ToolFormat *self, const char *pointer) {
    MemberReader *reader = &self->reader;
    if (!self->triggers.count) return ak_member_fail(reader, pointer, "the format has no \"trigger\"");
    for (size_t i = 0; i < self->name_ends.count; i++) {
        Str end = self->name_ends.items[i];
        if (!end.length || is_name_byte(end.data[0]))
            return ak_member_fail(reader, pointer, "\"name_end\" is to begin with what no name has in it");
    }
    if (!self->name_ends.count) return ak_member_fail(reader, pointer, "the format has no \"name_end\"");
    Str end = ak_json_str(self->arguments_end.value);
    if (self->parameters.pointer && end.data && begins_other(self->parameters.begin, end))
        return ak_member_fail(reader, self->parameters.pointer, "\"begin\" begins \"arguments_end\", or it that");
    if (self->text_begin.length && !self->is_message)
        return ak_member_fail(reader, pointer, "\"text_begin\" is for formats with \"whole_message\"");
    if (self->is_message && self->has_text_after)
        return ak_member_fail(reader, pointer, "a call that is the whole message has no text behind it");
    return !self->has_separator || check_list(self, pointer);
}

static bool read_object(ToolFormat *self, yyjson_val *object, const char *pointer) {
    static const Member members[] = {
        {"about", take_nothing},           {"models", take_nothing},
        {"template", take_nothing},        {"example", take_nothing},
        {"trigger", take_trigger},         {"tokens", take_tokens},
        {"calls_begin", take_calls_begin}, {"name_begin", take_name_begin},
        {"name_end", take_name_end},       {"arguments_end", take_arguments_end},
        {"separator", take_separator},     {"calls_end", take_calls_end},
        {"between", take_between},         {"whole_message", take_is_message},
        {"text_after", take_text_after},   {"asides", take_asides},
        {"text_begin", take_text_begin},   {"name_tail", take_name_tail},
        {"parameters", take_parameters},
    };
    return ak_members_take(&self->reader, object, pointer, "a format", members, sizeof members / sizeof *members) &&
           check(self, pointer);
}

/* The format's name that is a data file's; empty: it is another file. */
static Str file_name(const DataFile *file) {
    Str path = ak_str(file->path);
    if (!ak_str_starts(path, STR(FOLDER)) || !ak_str_ends(path, STR(".json"))) return (Str){0};
    return ak_str_slice(path, strlen(FOLDER), path.length - strlen(".json"));
}

static bool fail_unknown(ToolFormat *self, Str name, const char *pointer) {
    MemberReader *reader = &self->reader;
    Str names[64];
    size_t count = 0;
    char list[192] = "";
    for (size_t i = ak_data_first(FOLDER); i < ak_data_file_count && count < sizeof names / sizeof *names; i++) {
        if (!ak_str_starts(ak_str(ak_data_files[i].path), STR(FOLDER))) break;
        Str known = file_name(&ak_data_files[i]);
        size_t used = strlen(list);
        if (!known.length) continue;
        if (used + known.length + 3 < sizeof list) {
            memcpy(list + used, count ? ", " : "", count ? 2 : 0);
            memcpy(list + used + (count ? 2 : 0), known.data, known.length);
        }
        names[count++] = known;
    }
    ak_fail(reader->err, ANANKE_ERROR_UNSUPPORTED, "%s: there is no format '%.*s'", pointer, STR_ARGS(name));
    Str near = ak_str_nearest(name, names, count);
    if (near.length) return ak_hint(reader->err, "did you mean '%.*s'?", STR_ARGS(near));
    return ak_hint(reader->err, "known are %s; or give an object", list);
}

static bool read_file(ToolFormat *self, Str name, const char *pointer) {
    MemberReader *reader = &self->reader;
    for (size_t i = ak_data_first(FOLDER); i < ak_data_file_count; i++) {
        const DataFile *file = &ak_data_files[i];
        if (!ak_str_starts(ak_str(file->path), STR(FOLDER))) break;
        if (!name.length || !ak_str_equal(file_name(file), name)) continue;
        yyjson_doc *doc = ak_json_parse_raw(reader->arena, (Str){file->data, file->length}, file->path, reader->err);
        return doc && read_object(self, yyjson_doc_get_root(doc), file->path);
    }
    return fail_unknown(self, name, pointer);
}

bool ak_tool_format_read(ToolFormat *self, yyjson_val *value, const char *pointer, Arena *arena, ananke_error *err) {
    *self = (ToolFormat){.reader = {arena, err}};
    return yyjson_is_str(value) ? read_file(self, ak_json_str(value), pointer) : read_object(self, value, pointer);
}

/* ---- Texts */

static Symbol fail_text(ToolFormat *self, const char *pointer) {
    ak_member_fail(&self->reader, pointer, "this is to be a string, {\"regex\": ...} or a list of such");
    return AK_SYMBOL_FAILED;
}

static Symbol regex_symbol(ToolFormat *self, const Marks *marks, yyjson_val *object, const char *pointer) {
    Str text = ak_json_str(yyjson_obj_get(object, "regex"));
    if (!text.data || yyjson_obj_size(object) != 1) return fail_text(self, pointer);
    ananke_error inner = {0};
    RegexText regex = {.text = text, .source = text};
    Expr expr = ak_regex_parse(&marks->grammar->exprs, &regex, &inner);
    if (expr) return ak_grammar_terminal(marks->grammar, text, expr);
    ak_fail(self->reader.err, inner.code, "%s/regex: %s", pointer, inner.message);
    return AK_SYMBOL_FAILED;
}

static Symbol one_text(ToolFormat *self, const Marks *marks, yyjson_val *value, const char *pointer) {
    if (yyjson_is_obj(value)) return regex_symbol(self, marks, value, pointer);
    return yyjson_is_str(value) ? ak_marks_symbol(marks, ak_json_str(value)) : fail_text(self, pointer);
}

Symbol ak_tool_text(ToolFormat *self, const Marks *marks, ToolText text) {
    Grammar *grammar = marks->grammar;
    if (!text.value) return ak_grammar_nothing(grammar);
    if (!yyjson_is_arr(text.value)) return one_text(self, marks, text.value, text.pointer);
    Symbol choice = ak_grammar_rule(grammar, (Str){0});
    for (size_t i = 0; i < yyjson_arr_size(text.value); i++) {
        const char *pointer = ak_pointer_item(&self->reader, text.pointer, i);
        Symbol part = pointer ? one_text(self, marks, yyjson_arr_get(text.value, i), pointer) : 0;
        if (!part || !ak_grammar_add(grammar, choice, &part, 1)) return AK_SYMBOL_FAILED;
    }
    return choice;
}
