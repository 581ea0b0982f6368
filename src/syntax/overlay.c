/* Reading overlays: one statement after the other, by recursive descent. */
#include "syntax/overlay.h"
#include <ctype.h>
#include <stdlib.h>

enum { NESTING_MAX = 100 };

typedef struct Reading {
    Rulebook *book;
    Arena *arena;
    ananke_error *err;
    const char *file;
    Str text;
    size_t at, end; /* what is left of the statement */
    uint32_t depth;
} Reading;

typedef VEC(const Rule *) Rules;

static const Rule *fail(const Reading *self, const char *what) {
    ak_fail_at(self->err, ANANKE_ERROR_SYNTAX, self->file, self->text, self->at, "%s", what);
    return NULL;
}

static const Rule *checked(const Reading *self, const Rule *rule) {
    if (!rule) ak_fail_memory(self->err, self->arena);
    return rule;
}

/* ---- Characters */

static char peek(const Reading *self) {
    return self->at < self->end ? self->text.data[self->at] : '\0';
}

static char skip_blanks(Reading *self) {
    for (; self->at < self->end; self->at++) {
        char c = self->text.data[self->at];
        if (c == '#') {
            while (self->at + 1 < self->end && self->text.data[self->at + 1] != '\n') self->at++;
        } else if (!isspace((unsigned char)c)) {
            break;
        }
    }
    return peek(self);
}

static bool take(Reading *self, char c) {
    if (skip_blanks(self) != c) return false;
    return self->at++, true;
}

static bool is_name_byte(char c) {
    return isalnum((unsigned char)c) || c == '_';
}

static Str take_name(Reading *self) {
    size_t from = self->at;
    while (is_name_byte(peek(self))) self->at++;
    return ak_str_slice(self->text, from, self->at);
}

/* The text between two delimiters, of which a backslash guards one. `is_raw`: it stays where it is. */
static Str take_quoted(Reading *self, char quote, bool is_raw) {
    size_t from = ++self->at;
    bool is_guarded = false;
    for (; self->at < self->end && peek(self) != quote; self->at++) {
        if (peek(self) == '\\') is_guarded = true, self->at++;
    }
    if (peek(self) != quote) return fail(self, "the quote is not closed"), (Str){0};
    Str found = ak_str_slice(self->text, from, self->at++);
    if (!is_guarded || is_raw) return found;
    char *plain = ak_new_array(self->arena, char, found.length + 1);
    if (!plain) return ak_fail_memory(self->err, self->arena), (Str){0};
    size_t length = 0;
    for (size_t i = 0; i < found.length; i++) plain[length++] = found.data[found.data[i] == '\\' ? ++i : i];
    return (Str){plain, length};
}

/* ---- Bodies */

static const Rule *read_choice(Reading *self);

static const Rule *wrap(const Reading *self, RuleKind kind, const Rule *what, Str text) {
    Rule *rule = what ? ak_rule_with(self->arena, kind, &what, 1) : NULL;
    if (what && !checked(self, rule)) return NULL;
    if (rule) rule->text = text;
    return rule;
}

static const Rule *read_group(Reading *self, const char *missing) {
    if (!take(self, '(')) return fail(self, missing);
    const Rule *rule = read_choice(self);
    if (rule && !take(self, ')')) return fail(self, "a group ends with ')'");
    return rule;
}

/* %left(level: x) and its kin, behind the '('. */
static const Rule *read_precedence(Reading *self, Associativity associativity) {
    bool is_negative = take(self, '-');
    skip_blanks(self);
    Str level = take_name(self);
    if (!level.length || !take(self, ':')) return fail(self, "a level and ':' belong here");
    const Rule *content = read_choice(self);
    if (content && !take(self, ')')) return fail(self, "a group ends with ')'");
    Rule *rule = content ? ak_rule_with(self->arena, RULE_PREC, &content, 1) : NULL;
    if (!rule) return content ? checked(self, rule) : NULL;
    rule->associativity = associativity;
    if (isdigit((unsigned char)*level.data))
        rule->precedence.level = (int32_t)strtol(level.data, NULL, 10) * (is_negative ? -1 : 1);
    else rule->precedence.name = level;
    return rule;
}

static Str take_word(Reading *self);

/* %not(token … : x), behind the '('. */
static const Rule *read_not(Reading *self) {
    Names names = {0};
    while (skip_blanks(self) != ':') {
        Str name = peek(self) == '"' ? take_quoted(self, '"', false) : (Str){0};
        if (!name.length) return fail(self, "tokens and ':' belong here");
        if (!ak_vec_push(self->arena, &names, name)) return checked(self, NULL);
    }
    self->at++;
    const Rule *content = read_choice(self);
    if (content && !take(self, ')')) return fail(self, "a group ends with ')'");
    Rule *rule = content ? ak_rule_with(self->arena, RULE_NOT, &content, 1) : NULL;
    if (rule) rule->names = names.items, rule->name_count = (uint32_t)names.count;
    return content ? checked(self, rule) : NULL;
}

static const Rule *read_call(Reading *self) {
    self->at++;
    Str name = take_name(self);
    if (ak_str_equal(name, STR("token"))) return wrap(self, RULE_TOKEN, read_group(self, "'(' is missing"), (Str){0});
    if (ak_str_equal(name, STR("now"))) return wrap(self, RULE_IMMEDIATE, read_group(self, "'(' is missing"), (Str){0});
    if (!take(self, '(')) return fail(self, "'(' is missing");
    if (ak_str_equal(name, STR("left"))) return read_precedence(self, ASSOCIATES_LEFT);
    if (ak_str_equal(name, STR("right"))) return read_precedence(self, ASSOCIATES_RIGHT);
    if (ak_str_equal(name, STR("prec"))) return read_precedence(self, ASSOCIATES_NOT);
    if (ak_str_equal(name, STR("not"))) return read_not(self);
    return fail(self, "unknown word after '%'");
}

static const Rule *leaf(const Reading *self, RuleKind kind, Str text) {
    return text.length ? checked(self, ak_rule_new(self->arena, kind, text)) : NULL;
}

static const Rule *read_pattern(Reading *self) {
    Str text = take_quoted(self, '/', true);
    if (!text.length) return NULL;
    Rule *rule = ak_rule_new(self->arena, RULE_PATTERN, text);
    if (rule) rule->flags = take_name(self);
    return checked(self, rule);
}

static const Rule *read_primary(Reading *self) {
    char c = skip_blanks(self);
    if (c == '"') return leaf(self, RULE_STRING, take_quoted(self, '"', false));
    if (c == '/') return read_pattern(self);
    if (c == '(') return read_group(self, "");
    if (c == '%') return read_call(self);
    Str name = take_name(self);
    return name.length ? leaf(self, RULE_SYMBOL, name)
                       : fail(self, "a text, a pattern, a name or a group belongs here");
}

static const Rule *with_lines(Reading *self, const Rule *what, uint8_t lines) {
    Rule *rule = what ? ak_rule_with(self->arena, RULE_LINE, &what, 1) : NULL;
    if (rule) rule->lines = lines;
    return what ? checked(self, rule) : NULL;
}

static const Rule *read_optional(const Reading *self, const Rule *what) {
    const Rule *both[] = {what, ak_rule_new(self->arena, RULE_BLANK, (Str){0})};
    return what ? checked(self, ak_rule_with(self->arena, RULE_CHOICE, both, 2)) : NULL;
}

static const Rule *read_repeated(Reading *self) {
    uint8_t lines = take(self, '^') ? LINE_BEFORE : 0;
    const Rule *rule = read_primary(self);
    if (peek(self) == '^') lines |= LINE_AFTER, self->at++;
    if (lines) rule = with_lines(self, rule, lines);
    for (; rule; self->at++) {
        if (peek(self) == '?') rule = read_optional(self, rule);
        else if (peek(self) == '*') rule = wrap(self, RULE_REPEAT, rule, (Str){0});
        else if (peek(self) == '+') rule = wrap(self, RULE_REPEAT1, rule, (Str){0});
        else break;
    }
    return rule;
}

static const Rule *read_alias(Reading *self, const Rule *what) {
    self->at += 2;
    bool is_named = skip_blanks(self) != '"';
    Str name = is_named ? take_name(self) : take_quoted(self, '"', false);
    if (!name.length) return fail(self, "an alias belongs here");
    Rule *rule = ak_rule_with(self->arena, RULE_ALIAS, &what, 1);
    if (rule) rule->text = name, rule->is_named = is_named;
    return checked(self, rule);
}

static const Rule *read_item(Reading *self) {
    skip_blanks(self);
    size_t from = self->at;
    Str field = take_name(self);
    bool is_field = field.length && peek(self) == ':';
    self->at = is_field ? self->at + 1 : from;
    const Rule *rule = read_repeated(self);
    if (rule && skip_blanks(self) == '-' && self->at + 1 < self->end && self->text.data[self->at + 1] == '>')
        rule = read_alias(self, rule);
    return rule && is_field ? wrap(self, RULE_FIELD, rule, field) : rule;
}

static const Rule *read_sequence(Reading *self) {
    Rules items = {0};
    for (char c = skip_blanks(self); c && c != '|' && c != ')'; c = skip_blanks(self)) {
        const Rule *item = read_item(self);
        if (!item) return NULL;
        if (!ak_vec_push(self->arena, &items, item)) return checked(self, NULL);
    }
    if (items.count == 1) return items.items[0];
    return checked(self, items.count ? ak_rule_with(self->arena, RULE_SEQ, items.items, items.count)
                                     : ak_rule_new(self->arena, RULE_BLANK, (Str){0}));
}

static const Rule *read_choice(Reading *self) {
    Rules items = {0};
    if (++self->depth > NESTING_MAX) return fail(self, "nested too deeply");
    do {
        const Rule *item = read_sequence(self);
        if (!item) return NULL;
        if (!ak_vec_push(self->arena, &items, item)) return checked(self, NULL);
    } while (take(self, '|'));
    self->depth--;
    if (items.count == 1) return items.items[0];
    return checked(self, ak_rule_with(self->arena, RULE_CHOICE, items.items, items.count));
}

/* ---- Statements */

static Names *list_of(Rulebook *book, Str name) {
    const struct {
        const char *name;
        Names *names;
    } lists[] = {{"reserved", &book->reserved},   {"spelled", &book->spelled}, {"newlines", &book->newlines},
                 {"inserted", &book->inserted},   {"closing", &book->closing}, {"raw", &book->raw},
                 {"munched", &book->munched},     {"greedy", &book->greedy},   {"inline", &book->inlined},
                 {"fragments", &book->fragments}, {"spaces", &book->spaces},   {"fence", &book->fence},
                 {"layout", &book->layout},       {"margin", &book->margin},   {"opens", &book->opens},
                 {"closes", &book->closes}};
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        if (ak_str_equal(name, ak_str(lists[i].name))) return lists[i].names;
    }
    return NULL;
}

static Str take_word(Reading *self) {
    if (peek(self) == '"') return take_quoted(self, '"', false);
    size_t from = self->at;
    while (self->at < self->end && !isspace((unsigned char)peek(self))) self->at++;
    return ak_str_slice(self->text, from, self->at);
}

static bool take_extra(Reading *self, Str name) {
    const Rule *rule = leaf(self, RULE_SYMBOL, name);
    return rule && (ak_vec_push(self->arena, &self->book->extras, rule) || ak_fail_memory(self->err, self->arena));
}

static bool read_list(Reading *self) {
    self->at++;
    Str list = take_name(self);
    bool is_drop = ak_str_equal(list, STR("drop")), is_extras = ak_str_equal(list, STR("extras"));
    Names *names = list_of(self->book, list);
    skip_blanks(self);
    if (ak_str_equal(list, STR("without"))) {
        if (!ak_vec_push(self->arena, &self->book->narrowed, (Narrowed){.name = take_word(self)}))
            return ak_fail_memory(self->err, self->arena);
        names = &self->book->narrowed.items[self->book->narrowed.count - 1].words;
    }
    if (ak_str_equal(list, STR("word"))) return (self->book->word = take_word(self)).length > 0;
    if (!is_drop && !is_extras && !names) return fail(self, "unknown list"), false;
    if (is_extras) self->book->extras.count = 0;
    else if (names) names->count = 0;
    while (skip_blanks(self)) {
        Str word = take_word(self);
        if (!word.length) return false;
        if (is_drop     ? !ak_rulebook_put(self->book, word, NULL)
            : is_extras ? !take_extra(self, word)
                        : !ak_vec_push(self->arena, names, word))
            return ak_fail_memory(self->err, self->arena);
    }
    return true;
}

static bool read_rule(Reading *self) {
    Str name = take_name(self);
    if (!name.length) return fail(self, "a statement begins with a name or '%'"), false;
    bool is_addition = take(self, '+');
    if (!take(self, '=')) return fail(self, "'=' is missing"), false;
    const Rule *rule = read_choice(self), *before = is_addition ? ak_rulebook_find(self->book, name) : NULL;
    if (!rule) return false;
    if (self->at < self->end) return fail(self, "the body has ended"), false;
    if (is_addition && !before) return fail(self, "there is no such rule to add to"), false;
    const Rule *both[] = {before, rule};
    if (before) rule = ak_rule_with(self->arena, RULE_CHOICE, both, 2);
    return (rule && ak_rulebook_put(self->book, name, rule)) || ak_fail_memory(self->err, self->arena);
}

/* Where the statement at `from` ends: before the next line that is not indented, nor empty. */
static size_t statement_end(Str text, size_t from) {
    for (size_t line = ak_str_find_byte(text, '\n', from); line < text.length;
         line = ak_str_find_byte(text, '\n', line + 1)) {
        char next = line + 1 < text.length ? text.data[line + 1] : ' ';
        if (!isspace((unsigned char)next) && next != '#') return line + 1;
    }
    return text.length;
}

bool ak_overlay_apply(Rulebook *self, Str text, const char *file, ananke_error *err) {
    Reading reading = {.book = self, .arena = self->arena, .err = err, .file = file, .text = text};
    for (reading.end = text.length; skip_blanks(&reading); reading.end = text.length) {
        reading.end = statement_end(text, reading.at);
        reading.depth = 0;
        if (!(peek(&reading) == '%' ? read_list(&reading) : read_rule(&reading))) return false;
        reading.at = reading.end;
    }
    return true;
}
