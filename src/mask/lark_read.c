/* Reading Lark: recursive descent straight over the text, word by word (lark_words.h). */
#include "base/json.h"
#include "base/utf8.h"
#include "mask/lark_condition.h"

enum { MAX_REPEAT = 1000000 };

static LarkNode *new_node(LarkReader *self, LarkKind kind, size_t offset) {
    LarkNode *node = ak_new(self->arena, LarkNode);
    if (!node) return ak_fail_memory(self->err, self->arena), NULL;
    node->kind = kind, node->offset = offset;
    return node;
}

/* ---- Strings and regular expressions */

static LarkNode *read_string_or_range(LarkReader *self) {
    LarkNode *node = new_node(self, LARK_STRING, self->at);
    if (!node || !ak_lark_read_string(self, &node->text, &node->flags)) return NULL;
    if (!ak_lark_accept(self, "..")) return node;
    Str last = {0}, flags = {0};
    size_t at = self->at;
    if (ak_lark_peek(self) != '"')
        return ak_lark_syntax(self, at, "the end of the range was expected here, in quotes"), NULL;
    if (!ak_lark_read_string(self, &last, &flags)) return NULL;
    node->kind = LARK_RANGE;
    size_t first_length = ak_utf8_decode(node->text, &node->min), last_length = ak_utf8_decode(last, &node->max);
    if (!first_length || first_length != node->text.length || !last_length || last_length != last.length)
        return ak_lark_syntax(self, node->offset, "a range goes from one character to one character"), NULL;
    if (node->min > node->max) return ak_lark_syntax(self, node->offset, "this range ends before it begins"), NULL;
    if (flags.length || node->flags.length) return ak_lark_syntax(self, at, "a range takes no flags"), NULL;
    return node;
}

static LarkNode *read_regex(LarkReader *self) {
    LarkNode *node = new_node(self, LARK_REGEX, self->at);
    if (!node) return NULL;
    size_t from = ++self->at;
    while (ak_lark_peek(self) != '/') {
        if (ak_lark_is_end(self) || ak_lark_peek(self) == '\n')
            return ak_lark_syntax(self, node->offset, "a regular expression without its closing slash"), NULL;
        self->at += ak_lark_peek(self) == '\\' && ak_lark_peek_at(self, 1) ? 2 : 1;
    }
    node->text = ak_str_slice(self->text, from, self->at++);
    from = self->at;
    while (ak_lark_peek(self) && strchr("imslux", ak_lark_peek(self))) self->at++;
    node->flags = ak_str_slice(self->text, from, self->at);
    if (ak_str_find_byte(node->flags, 'l', 0) != SIZE_MAX)
        return ak_lark_unsupported(self, from, "flag l (locale) is not supported"), NULL;
    ak_lark_skip(self, false);
    return node;
}

/* ---- Expressions */

static LarkNode *read_choice(LarkReader *self);
static LarkNode *read_atom(LarkReader *self);

/* The JSON value that begins here, as text. */
static bool read_json(LarkReader *self, Str *json) {
    yyjson_alc alc = ak_json_alc(self->arena);
    yyjson_read_err error = {0};
    char *text = (char *)(uintptr_t)(self->text.data + self->at); /* not written to: reading is not in place */
    yyjson_doc *doc = yyjson_read_opts(text, self->text.length - self->at, YYJSON_READ_STOP_WHEN_DONE, &alc, &error);
    if (!doc)
        return self->arena->failed ? ak_fail_memory(self->err, self->arena)
                                   : ak_lark_syntax(self, self->at + error.pos, "malformed JSON");
    *json = ak_str_slice(self->text, self->at, self->at + yyjson_doc_get_read_size(doc));
    self->at += json->length;
    ak_lark_skip(self, false);
    return true;
}

static LarkNode *read_json_node(LarkReader *self, LarkKind kind, size_t at) {
    LarkNode *node = new_node(self, kind, at);
    return node && read_json(self, &node->text) ? node : NULL;
}

/* @name: letters, digits, '_' and '-'. */
static LarkNode *read_other(LarkReader *self) {
    LarkNode *node = new_node(self, LARK_OTHER, self->at);
    size_t from = ++self->at;
    while (ak_lark_is_lower(ak_lark_peek(self)) || ak_lark_is_upper(ak_lark_peek(self)) ||
           ak_lark_is_digit(ak_lark_peek(self)) || (ak_lark_peek(self) && strchr("_-", ak_lark_peek(self))))
        self->at++;
    if (self->at == from) return ak_lark_syntax(self, from, "a grammar's name was expected here"), NULL;
    if (node) node->text = ak_str_slice(self->text, from, self->at);
    ak_lark_skip(self, false);
    return node;
}

static bool read_items(LarkReader *self);

/* Behind %lark: a grammar in braces, with names of its own. */
static LarkNode *read_nested(LarkReader *self, size_t at) {
    LarkNode *node = new_node(self, LARK_GRAMMAR, at);
    LarkFile *file = ak_new(self->arena, LarkFile);
    if (!node || !file) return ak_fail_memory(self->err, self->arena), NULL;
    *file = (LarkFile){.name = self->file->name, .text = self->text, .by_name = {.arena = self->arena}};
    if (!ak_lark_expect(self, "{", "'{' was expected here")) return NULL;
    LarkReader inner = {
        .file = file, .arena = self->arena, .text = self->text, .at = self->at, .depth = self->depth, .err = self->err};
    if (++inner.depth > AK_LARK_MAX_DEPTH) return ak_lark_syntax(self, at, "this grammar is nested too deeply"), NULL;
    if (!read_items(&inner)) return NULL;
    self->at = inner.at;
    if (!ak_lark_expect(self, "}", "'}' was expected here, the end of %lark {…}")) return NULL;
    node->grammar = file;
    return node;
}

static LarkNode *read_reference(LarkReader *self) {
    LarkNode *node = new_node(self, LARK_NAME, self->at);
    bool is_terminal;
    if (!node || !ak_lark_read_name(self, &node->text, &is_terminal)) return NULL;
    ak_lark_skip(self, false);
    if (ak_lark_accept(self, "::")) return (node->param = ak_lark_read_param(self)) ? node : NULL;
    if (ak_lark_peek(self) == '{') {
        size_t at = self->at;
        self->at++, ak_lark_skip(self, false);
        bool is_template = !ak_lark_is_digit(ak_lark_peek(self)) && ak_lark_peek(self) != ',';
        self->at = at;
        if (is_template) return ak_lark_unsupported(self, at, "templates, name{…}, are not supported"), NULL;
    }
    return node;
}

/* Behind an opening bracket: what is inside, up to `close`. */
static LarkNode *read_bracket(LarkReader *self, const char *close, const char *message) {
    self->at++, self->brackets++;
    ak_lark_skip(self, false);
    LarkNode *inner = read_choice(self);
    if (!inner) return NULL;
    if (!ak_lark_looking_at(self, close)) return ak_lark_syntax(self, self->at, message), NULL;
    self->brackets--, self->at++;
    ak_lark_skip(self, false);
    return inner;
}

static LarkNode *repeat_node(LarkReader *self, LarkNode *child, uint32_t min, uint32_t max) {
    LarkNode *node = new_node(self, LARK_REPEAT, child->offset);
    if (node) node->child = child, node->min = min, node->max = max;
    return node;
}

/* <name> or <[ids]>: no blanks inside. What it names is looked up when the rule is built. */
static LarkNode *read_tokens(LarkReader *self) {
    LarkNode *node = new_node(self, LARK_TOKENS, self->at);
    if (!node) return NULL;
    do self->at++;
    while (!ak_lark_is_end(self) && !strchr("<> \t\r\n", ak_lark_peek(self)));
    if (ak_lark_peek(self) != '>' || self->at == node->offset + 1)
        return ak_lark_syntax(self, node->offset, "a token is <name> or <[id]>, without blanks"), NULL;
    self->at++;
    node->text = ak_str_slice(self->text, node->offset, self->at);
    ak_lark_skip(self, false);
    return node;
}

static LarkNode *read_atom(LarkReader *self) {
    size_t at = self->at;
    if (ak_lark_peek(self) == '(') return read_bracket(self, ")", "')' was expected here");
    if (ak_lark_peek(self) == '[') {
        LarkNode *inner = read_bracket(self, "]", "']' was expected here");
        return inner ? repeat_node(self, inner, 0, 1) : NULL;
    }
    if (ak_lark_peek(self) == '"') return read_string_or_range(self);
    if (ak_lark_peek(self) == '/') return read_regex(self);
    if (ak_lark_peek(self) == '<') return read_tokens(self);
    if (ak_lark_at_name(self)) return read_reference(self);
    if (ak_lark_peek(self) == '@') return read_other(self);
    if (ak_lark_accept(self, "%regex")) return read_json_node(self, LARK_PIECES, at);
    if (ak_lark_accept(self, "%json")) return read_json_node(self, LARK_JSON, at);
    if (ak_lark_accept(self, "%lark")) return read_nested(self, at);
    return ak_lark_syntax(self, at, "a name, a string, a regular expression or '(' was expected here"), NULL;
}

static LarkNode *read_negation(LarkReader *self) {
    size_t at = self->at;
    bool is_negated = ak_lark_accept(self, "~");
    LarkNode *atom = read_atom(self);
    if (!atom || !is_negated) return atom;
    LarkNode *node = new_node(self, LARK_NOT, at);
    if (node) node->child = atom;
    return node;
}

static bool read_count(LarkReader *self, uint32_t *count) {
    size_t at = self->at;
    uint64_t value;
    if (!ak_lark_read_number(self, &value)) return false;
    *count = (uint32_t)value;
    return value <= MAX_REPEAT || ak_lark_syntax(self, at, "a repetition count may be 1000000 at most");
}

/* {m} {m,} {,n} {m,n} or ~m ~m..n; the first character is read. */
static bool read_counts(LarkReader *self, bool is_braced, uint32_t *min, uint32_t *max) {
    size_t at = self->at - 1;
    *min = 0;
    if (!(is_braced && ak_lark_peek(self) == ',') && !read_count(self, min)) return false;
    *max = *min;
    if (is_braced && ak_lark_accept(self, ",")) {
        if (ak_lark_peek(self) == '}') *max = AK_REPEAT_MANY;
        else if (!read_count(self, max)) return false;
    } else if (!is_braced && ak_lark_accept(self, "..") && !read_count(self, max)) {
        return false;
    }
    if (*max == 0) return ak_lark_syntax(self, at, "the upper end of a repetition may not be 0");
    if (*min > *max) return ak_lark_syntax(self, at, "this repetition's lower end is above its upper end");
    return !is_braced || ak_lark_expect(self, "}", "'}' was expected here");
}

static LarkNode *read_repeated(LarkReader *self) {
    LarkNode *node = read_negation(self);
    if (!node) return NULL;
    uint32_t min = 0, max = AK_REPEAT_MANY;
    size_t at = self->at;
    if (ak_lark_accept(self, "+")) return repeat_node(self, node, 1, AK_REPEAT_MANY);
    if (ak_lark_accept(self, "*")) return repeat_node(self, node, 0, AK_REPEAT_MANY);
    if (ak_lark_accept(self, "?")) return repeat_node(self, node, 0, 1);
    if (ak_lark_accept(self, "{"))
        return read_counts(self, true, &min, &max) ? repeat_node(self, node, min, max) : NULL;
    if (ak_lark_accept(self, "~")) {
        if (ak_lark_is_digit(ak_lark_peek(self)))
            return read_counts(self, false, &min, &max) ? repeat_node(self, node, min, max) : NULL;
        self->at = at; /* a negation: the next part */
    }
    return node;
}

static bool ends_sequence(const LarkReader *self) {
    return ak_lark_is_end(self) || strchr("\n|)]}&", ak_lark_peek(self)) || ak_lark_looking_at(self, "->") ||
           ak_lark_looking_at(self, "%if");
}

static LarkNode *read_sequence(LarkReader *self) {
    LarkNode *node = new_node(self, LARK_SEQUENCE, self->at);
    LarkNode **last = node ? &node->child : NULL;
    while (node && !ends_sequence(self)) {
        *last = read_repeated(self);
        if (!*last) return NULL;
        last = &(*last)->next;
    }
    return node;
}

/* One alternative: sequences joined by '&', an alias, a condition. */
static LarkNode *read_alternative(LarkReader *self) {
    LarkNode *node = read_sequence(self);
    if (node && ak_lark_peek(self) == '&') {
        LarkNode *both = new_node(self, LARK_BOTH, node->offset), **last = &node->next;
        if (!both) return NULL;
        both->child = node;
        while (ak_lark_accept(self, "&")) {
            if (!(*last = read_sequence(self))) return NULL;
            last = &(*last)->next;
        }
        node = both;
    }
    Str alias = {0};
    bool is_terminal;
    if (node && ak_lark_accept(self, "->")) {
        if (!ak_lark_read_name(self, &alias, &is_terminal)) return NULL;
        ak_lark_skip(self, false);
    }
    if (node && ak_lark_accept(self, "%if") && !(node->condition = ak_lark_read_condition(self))) return NULL;
    return node;
}

/* A '|' here, or at the beginning of a later line. */
static bool accept_bar(LarkReader *self) {
    size_t at = self->at;
    ak_lark_skip(self, true);
    if (ak_lark_accept(self, "|")) return true;
    self->at = at;
    return false;
}

static LarkNode *read_choice(LarkReader *self) {
    LarkNode *node = new_node(self, LARK_CHOICE, self->at);
    LarkNode **last = node ? &node->child : NULL;
    if (++self->depth > AK_LARK_MAX_DEPTH)
        return ak_lark_syntax(self, self->at, "this grammar is nested too deeply"), NULL;
    while (node) {
        *last = read_alternative(self);
        if (!*last) return NULL;
        last = &(*last)->next;
        if (!accept_bar(self)) break;
    }
    self->depth--;
    return node;
}

/* ---- Items of a file */

static bool define(LarkReader *self, LarkDefinition definition) {
    bool is_new;
    uint64_t *index = ak_map_put(&self->file->by_name, definition.name, &is_new);
    if (!index) return ak_fail_memory(self->err, self->arena);
    if (!is_new) {
        return ak_fail_at(self->err, ANANKE_ERROR_SYNTAX, self->file->name, self->text, definition.offset,
                          "'%.*s' is defined twice", STR_ARGS(definition.name));
    }
    *index = self->file->definitions.count;
    return ak_vec_push(self->arena, &self->file->definitions, definition) || ak_fail_memory(self->err, self->arena);
}

/* Readers of attributes' values; `at` is where the name stands. */
typedef bool ReadAttribute(LarkReader *self, LarkDefinition *definition, size_t at);

static bool read_name_value(LarkReader *self, Str *value) {
    Str flags = {0};
    if (ak_lark_peek(self) != '"') return ak_lark_syntax(self, self->at, "a string was expected here");
    return ak_lark_read_string(self, value, &flags);
}

/* [capture], [capture="name"] */
static bool read_capture(LarkReader *self, LarkDefinition *definition, size_t at) {
    (void)at;
    definition->capture = definition->name;
    if (definition->is_terminal) return ak_lark_syntax(self, definition->offset, "terminals take no capture; rules do");
    if (!ak_lark_accept(self, "=")) return true;
    size_t from = self->at;
    if (!read_name_value(self, &definition->capture)) return false;
    return definition->capture.length || ak_lark_syntax(self, from, "a name was expected here");
}

/* [stop_capture="name"] */
static bool read_stop_capture(LarkReader *self, LarkDefinition *definition, size_t at) {
    (void)at;
    if (!ak_lark_expect(self, "=", "'=' was expected here")) return false;
    size_t from = self->at;
    if (!read_name_value(self, &definition->stop_capture)) return false;
    return definition->stop_capture.length || ak_lark_syntax(self, from, "a name was expected here");
}

static bool set_end(LarkReader *self, LarkDefinition *definition, LarkEnd end) {
    if (definition->end.kind != END_LONGEST)
        return ak_lark_syntax(self, end.offset, "lazy, suffix and stop exclude each other");
    definition->end = end;
    return true;
}

/* A rule with a suffix or a stop is lazy already. */
static bool read_lazy(LarkReader *self, LarkDefinition *definition, size_t at) {
    const LarkNode *what = definition->end.what;
    if (what && !ak_lark_is_empty_string(what)) return true;
    return set_end(self, definition, (LarkEnd){.kind = END_LAZY, .offset = at});
}

/* A string, a regular expression or a terminal's name. */
static bool read_end(LarkReader *self, LarkDefinition *definition, size_t at, int kind) {
    if (!ak_lark_expect(self, "=", "'=' was expected here")) return false;
    size_t from = self->at;
    bool is_atom = ak_lark_peek(self) == '"' || ak_lark_peek(self) == '/' || ak_lark_at_name(self);
    LarkNode *what = is_atom ? read_atom(self) : NULL;
    if (!is_atom) return ak_lark_syntax(self, from, "a string, a regular expression or a terminal was expected here");
    return what && set_end(self, definition, (LarkEnd){.kind = kind, .offset = at, .what = what});
}

static bool read_suffix(LarkReader *self, LarkDefinition *definition, size_t at) {
    return read_end(self, definition, at, END_SUFFIX);
}

static bool read_stop(LarkReader *self, LarkDefinition *definition, size_t at) {
    return read_end(self, definition, at, END_STOP);
}

/* 12 or 0.7 */
static bool read_decimal(LarkReader *self, float *value) {
    size_t from = self->at, digits = 0;
    double number = 0, unit = 1;
    bool has_point = false;
    for (char c = ak_lark_peek(self); ak_lark_is_digit(c) || (c == '.' && !has_point); c = ak_lark_peek(self)) {
        if (c == '.') has_point = true;
        else number = number * 10 + (c - '0'), unit *= has_point ? 10 : 1, digits++;
        self->at++;
    }
    *value = (float)(number / unit);
    ak_lark_skip(self, false);
    if (!digits || digits > 18) return ak_lark_syntax(self, from, "a number was expected here, as in 0.7");
    return true;
}

/* [temperature=0.7] */
static bool read_temperature(LarkReader *self, LarkDefinition *definition, size_t at) {
    (void)at;
    if (definition->is_terminal)
        return ak_lark_syntax(self, definition->offset, "terminals take no temperature; rules do");
    return ak_lark_expect(self, "=", "'=' was expected here") && read_decimal(self, &definition->temperature);
}

/* [max_tokens=20] */
static bool read_max_tokens(LarkReader *self, LarkDefinition *definition, size_t at) {
    enum { DIGITS = 9 }; /* up to AK_MAX_TOKENS */
    (void)at;
    if (definition->is_terminal)
        return ak_lark_syntax(self, definition->offset, "terminals take no max_tokens; rules do");
    if (!ak_lark_expect(self, "=", "'=' was expected here")) return false;
    size_t from = self->at;
    uint32_t number = 0;
    for (; ak_lark_is_digit(ak_lark_peek(self)) && self->at - from < DIGITS; self->at++)
        number = number * 10 + (uint32_t)(ak_lark_peek(self) - '0');
    if (self->at == from || ak_lark_is_digit(ak_lark_peek(self)))
        return ak_lark_syntax(self, from, "a number was expected here, as in 20");
    ak_lark_skip(self, false);
    definition->has_max_tokens = true, definition->max_tokens = number;
    return true;
}

static bool read_attribute(LarkReader *self, LarkDefinition *definition) {
    static const struct {
        const char *name;
        ReadAttribute *read;
    } attributes[] = {{"capture", read_capture},
                      {"lazy", read_lazy},
                      {"suffix", read_suffix},
                      {"stop", read_stop},
                      {"stop_capture", read_stop_capture},
                      {"temperature", read_temperature},
                      {"max_tokens", read_max_tokens}};
    Str name = {0};
    bool is_terminal;
    size_t at = self->at;
    if (!ak_lark_read_name(self, &name, &is_terminal)) return false;
    ak_lark_skip(self, false);
    for (size_t i = 0; i < sizeof attributes / sizeof *attributes; i++) {
        if (ak_str_equal(name, ak_str(attributes[i].name))) return attributes[i].read(self, definition, at);
    }
    return ak_fail_at(self->err, ANANKE_ERROR_UNSUPPORTED, self->file->name, self->text, at,
                      "the attribute '%.*s' is not supported", STR_ARGS(name));
}

/* [name, name=value, …]; the bracket is here. */
static bool read_attributes(LarkReader *self, LarkDefinition *definition) {
    self->at++, ak_lark_skip(self, false);
    do {
        if (!read_attribute(self, definition)) return false;
    } while (ak_lark_accept(self, ","));
    const LarkEnd *end = &definition->end;
    if (end->kind != END_LONGEST && (definition->is_terminal || definition->is_parametric))
        return ak_lark_syntax(self, end->offset, "lazy, suffix and stop are for rules without a parameter");
    if (end->kind == END_LONGEST && definition->stop_capture.length)
        return ak_lark_syntax(self, definition->offset, "stop_capture is for rules with lazy, suffix or stop");
    return ak_lark_expect(self, "]", "']' was expected here");
}

static bool read_definition(LarkReader *self) {
    LarkDefinition definition = {.offset = self->at, .temperature = -1};
    while (ak_lark_peek(self) == '!' || ak_lark_peek(self) == '?') self->at++;
    if (!ak_lark_read_name(self, &definition.name, &definition.is_terminal)) return false;
    ak_lark_skip(self, false);
    if (ak_lark_accept(self, "::")) {
        if (definition.is_terminal) return ak_lark_syntax(self, definition.offset, "terminals take no parameter");
        if (!ak_lark_expect(self, "_", "'_' was expected here: the parameter's name")) return false;
        definition.is_parametric = true;
    }
    if (ak_lark_peek(self) == '{') return ak_lark_unsupported(self, self->at, "templates, name{…}, are not supported");
    if (ak_lark_peek(self) == '.') return ak_lark_unsupported(self, self->at, "priorities, NAME.2, are not supported");
    if (ak_lark_peek(self) == '[' && !read_attributes(self, &definition)) return false;
    if (!ak_lark_expect(self, ":", "':' was expected here")) return false;
    definition.body = read_choice(self);
    return definition.body && define(self, definition);
}

static bool import_terminal(LarkReader *self, Str name, Str as, size_t at) {
    Str regex = ak_lark_common(name);
    if (!regex.data)
        return ak_fail_at(self->err, ANANKE_ERROR_UNSUPPORTED, self->file->name, self->text, at,
                          "there is no terminal common.%.*s", STR_ARGS(name));
    LarkNode *node = new_node(self, LARK_REGEX, at);
    if (!node) return false;
    node->text = regex;
    return define(self,
                  (LarkDefinition){.name = as, .offset = at, .is_terminal = true, .temperature = -1, .body = node});
}

/* %import common.NAME [-> NAME] and %import common (NAME, …) */
static bool read_import(LarkReader *self) {
    size_t at = self->at;
    Str library = {0}, name = {0}, as;
    bool is_terminal;
    if (!ak_lark_read_name(self, &library, &is_terminal)) return false;
    if (!ak_str_equal(library, STR("common")))
        return ak_lark_unsupported(self, at, "only 'common' can be imported from");
    ak_lark_skip(self, false);
    if (ak_lark_accept(self, "(")) {
        self->brackets++;
        ak_lark_skip(self, false);
        do {
            at = self->at;
            if (!ak_lark_read_name(self, &name, &is_terminal)) return false;
            ak_lark_skip(self, false);
            if (!import_terminal(self, name, name, at)) return false;
        } while (ak_lark_accept(self, ","));
        self->brackets--;
        return ak_lark_expect(self, ")", "')' was expected here");
    }
    if (!ak_lark_expect(self, ".", "'.' was expected here")) return false;
    at = self->at;
    if (!ak_lark_read_name(self, &name, &is_terminal)) return false;
    ak_lark_skip(self, false);
    as = name;
    if (ak_lark_accept(self, "->") && !ak_lark_read_name(self, &as, &is_terminal)) return false;
    ak_lark_skip(self, false);
    return is_terminal ? import_terminal(self, name, as, at)
                       : ak_lark_syntax(self, at, "what is imported is a terminal: UPPER_CASE");
}

/* %llguidance {…}: options. The first two have no meaning here: nothing is forced, and only `~` lets invalid UTF-8
 * in. */
static bool read_options(LarkReader *self) {
    size_t at = self->at;
    Str json = {0};
    self->file->options_offset = at;
    if (!read_json(self, &json)) return false;
    yyjson_doc *doc = ak_json_parse(self->arena, json, NULL, NULL);
    yyjson_val *key, *value;
    yyjson_obj_iter each = yyjson_obj_iter_with(doc ? yyjson_doc_get_root(doc) : NULL);
    if (!doc || !yyjson_is_obj(yyjson_doc_get_root(doc)))
        return ak_lark_syntax(self, at, "the options are a JSON object");
    while ((key = yyjson_obj_iter_next(&each))) {
        Str name = ak_json_str(key);
        value = yyjson_obj_iter_get_val(key);
        if (!yyjson_is_bool(value)) return ak_lark_syntax(self, at, "an option is true or false");
        bool on = yyjson_get_bool(value);
        if (ak_str_equal(name, STR("allow_initial_skip"))) self->file->has_initial_ignore = on;
        else if (ak_str_equal(name, STR("ignore_once"))) self->file->is_ignored_once = on;
        else if (!ak_str_equal(name, STR("no_forcing")) && !ak_str_equal(name, STR("allow_invalid_utf8")))
            return ak_fail_at(self->err, ANANKE_ERROR_UNSUPPORTED, self->file->name, self->text, at,
                              "the option '%.*s' is not supported", STR_ARGS(name));
    }
    return true;
}

static bool read_statement(LarkReader *self) {
    size_t at = self->at;
    if (ak_lark_accept(self, "%ignore")) {
        LarkNode *node = read_choice(self);
        return node && (ak_vec_push(self->arena, &self->file->ignored, node) || ak_fail_memory(self->err, self->arena));
    }
    if (ak_lark_accept(self, "%import")) return read_import(self);
    if (ak_lark_accept(self, "%llguidance")) return read_options(self);
    if (ak_lark_looking_at(self, "%override")) return ak_lark_unsupported(self, at, "%override is not supported");
    if (ak_lark_looking_at(self, "%declare")) return ak_lark_unsupported(self, at, "%declare is not supported");
    if (ak_lark_looking_at(self, "%extend")) return ak_lark_unsupported(self, at, "%extend is not supported");
    return ak_lark_syntax(self, at, "a rule, a terminal or %ignore, %import, %llguidance was expected here");
}

/* Up to the end, or to a brace that closes a nested grammar. */
static bool read_items(LarkReader *self) {
    for (ak_lark_skip(self, true); !ak_lark_is_end(self) && ak_lark_peek(self) != '}'; ak_lark_skip(self, true)) {
        bool is_statement = ak_lark_peek(self) == '%';
        if (!(is_statement ? read_statement(self) : read_definition(self))) return false;
        if (!ak_lark_is_end(self) && !strchr("\n}", ak_lark_peek(self)))
            return ak_lark_syntax(self, self->at, "the end of the line was expected here");
    }
    return true;
}

bool ak_lark_read(LarkFile *file, Arena *arena, ananke_error *err) {
    LarkReader self = {.file = file, .arena = arena, .text = file->text, .err = err};
    file->by_name.arena = arena;
    size_t invalid = ak_utf8_invalid(file->text);
    if (invalid != SIZE_MAX) return ak_lark_syntax(&self, invalid, "the grammar is not valid UTF-8");
    return read_items(&self) &&
           (ak_lark_is_end(&self) || ak_lark_syntax(&self, self.at, "nothing is open here that '}' could close"));
}
