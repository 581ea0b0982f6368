/* Reading GBNF: recursive descent straight over the text. A rule ends at the end of its line, unless that stands in
 * brackets, behind `|` or behind `::=`. Every helper leaves what may be skipped behind it skipped, so that `at` stands
 * on the next thing. */
#include "base/buf.h"
#include "base/utf8.h"
#include "mask/gbnf_tree.h"
#include <stdlib.h>

/* The tree is walked by recursion. A pair of brackets is two levels of it, a repetition one. */
enum { MAX_BRACKETS = 500, MAX_HEIGHT = 2 * MAX_BRACKETS, MAX_REPEAT = 1000000, LAST_POINT = 0x10FFFF };

typedef struct Reader {
    GbnfFile *file;
    Arena *arena;
    Str text;
    size_t at;
    int brackets;           /* line ends do not count inside */
    VEC(GbnfNode *) names;  /* references, whose rules are looked for at the end */
    VEC(PointRange) ranges; /* of the class that is being read */
    ananke_error *err;
} Reader;

/* ---- Words of the language */

static bool syntax(Reader *self, size_t at, const char *what) {
    return ak_fail_at(self->err, ANANKE_ERROR_SYNTAX, self->file->name, self->text, at, "%s", what);
}

static bool is_end(const Reader *self) {
    return self->at >= self->text.length;
}

static char peek_at(const Reader *self, size_t ahead) {
    return self->at + ahead < self->text.length ? self->text.data[self->at + ahead] : '\0';
}

static char peek(const Reader *self) {
    return peek_at(self, 0);
}

static bool looking_at(const Reader *self, const char *word) {
    return ak_str_starts(ak_str_slice(self->text, self->at, self->text.length), ak_str(word));
}

static void skip_comment(Reader *self) {
    while (!is_end(self) && peek(self) != '\n' && peek(self) != '\r') self->at++;
}

/* Blanks and comments; line ends too with `lines` or inside brackets. */
static void skip(Reader *self, bool lines) {
    for (; !is_end(self); self->at++) {
        char c = peek(self);
        if (c == '#') skip_comment(self), c = peek(self);
        bool is_line_end = c == '\n' || c == '\r';
        if (c != ' ' && c != '\t' && !(is_line_end && (lines || self->brackets))) return;
    }
}

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

static bool is_name_byte(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c) || c == '-' || c == '_';
}

static Str read_name(Reader *self) {
    size_t from = self->at;
    while (is_name_byte(peek(self))) self->at++;
    return ak_str_slice(self->text, from, self->at);
}

static GbnfNode *new_node(Reader *self, GbnfKind kind, size_t offset) {
    GbnfNode *node = ak_new(self->arena, GbnfNode);
    if (!node) return ak_fail_memory(self->err, self->arena), NULL;
    node->kind = kind, node->offset = node->end = offset;
    return node;
}

/* Hangs `child` at `last`, the end of the list of `parent`'s children; where the next one goes. */
static GbnfNode **adopt(GbnfNode *parent, GbnfNode **last, GbnfNode *child) {
    *last = child;
    parent->end = child->end;
    if (parent->height <= child->height) parent->height = child->height + 1;
    return &child->next;
}

/* ---- Characters */

static int hex_digit(char c) {
    return is_digit(c) ? c - '0' : (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10 : -1;
}

static bool read_hex(Reader *self, int width, uint32_t *value) {
    *value = 0;
    for (int i = 0; i < width; i++, self->at++) {
        if (hex_digit(peek(self)) < 0) return syntax(self, self->at, "a hexadecimal digit was expected here");
        *value = *value << 4 | (uint32_t)hex_digit(peek(self));
    }
    return true;
}

/* Behind a backslash. */
static bool read_escape(Reader *self, uint32_t *point) {
    static const char letters[] = "nrt\\\"[]-", values[] = "\n\r\t\\\"[]-";
    size_t from = self->at - 1;
    char c = peek(self);
    const char *found = c ? strchr(letters, c) : NULL;
    int width = c == 'x' ? 2 : c == 'u' ? 4 : c == 'U' ? 8 : 0;
    if (!found && !width) {
        syntax(self, from, "unknown escape");
        return ak_hint(self->err, "known are \\n \\r \\t \\\\ \\\" \\[ \\] \\- \\xHH \\uHHHH \\UHHHHHHHH");
    }
    self->at++;
    if (found) return *point = (uint32_t)values[found - letters], true;
    if (!read_hex(self, width, point)) return false;
    return *point <= LAST_POINT || syntax(self, from, "no character is above U+10FFFF");
}

/* One character of a literal or class, which is not at its end. */
static bool read_point(Reader *self, uint32_t *point) {
    if (peek(self) == '\\') return self->at++, read_escape(self, point);
    self->at += ak_utf8_decode(ak_str_slice(self->text, self->at, self->text.length), point);
    return true;
}

/* The quote is here. An empty literal gets non-NULL data. */
static GbnfNode *read_literal(Reader *self) {
    GbnfNode *node = new_node(self, GBNF_LITERAL, self->at++);
    Buf out = {.arena = self->arena};
    while (node && peek(self) != '"') {
        char bytes[4];
        uint32_t point = 0;
        size_t from = self->at;
        if (is_end(self)) return syntax(self, node->offset, "a literal without its closing quote"), NULL;
        if (!read_point(self, &point)) return NULL;
        size_t length = ak_utf8_encode(point, bytes);
        if (!length) return syntax(self, from, "this escape is half of a surrogate pair: no character"), NULL;
        ak_buf_bytes(&out, bytes, length);
    }
    if (node) node->text = out.length ? ak_buf_view(&out) : STR("");
    return self->at++, node;
}

/* ---- Classes */

static int compare_ranges(const void *a, const void *b) {
    const PointRange *x = a, *y = b;
    return (x->first > y->first) - (x->first < y->first);
}

/* Sorts the ranges and joins those without a gap between them. */
static void join_ranges(Reader *self) {
    PointRange *ranges = self->ranges.items;
    size_t count = self->ranges.count, kept = 0;
    qsort(ranges, count, sizeof *ranges, compare_ranges);
    for (size_t i = 0; i < count; i++) {
        if (!kept || ranges[i].first > ranges[kept - 1].last + 1) ranges[kept++] = ranges[i];
        else if (ranges[i].last > ranges[kept - 1].last) ranges[kept - 1].last = ranges[i].last;
    }
    self->ranges.count = kept;
}

/* Puts the joined ranges, or the gaps around them, into the node. */
static bool store_ranges(Reader *self, GbnfNode *node, bool is_negated) {
    const PointRange *ranges = self->ranges.items;
    size_t count = self->ranges.count;
    node->ranges = ak_new_array(self->arena, PointRange, count + 1);
    if (!node->ranges) return ak_fail_memory(self->err, self->arena);
    uint32_t next = 0; /* the first point that is not dealt with */
    for (size_t i = 0; i < count; i++) {
        PointRange gap = {next, ranges[i].first - 1};
        if (!is_negated) node->ranges[node->range_count++] = ranges[i];
        else if (ranges[i].first > next) node->ranges[node->range_count++] = gap;
        next = ranges[i].last + 1;
    }
    if (is_negated && next <= LAST_POINT) node->ranges[node->range_count++] = (PointRange){next, LAST_POINT};
    return true;
}

/* `a` or `a-z`; a `-` in front of `]` is itself. */
static bool read_range(Reader *self) {
    PointRange range = {0};
    size_t from = self->at;
    if (!read_point(self, &range.first)) return false;
    range.last = range.first;
    if (peek(self) == '-' && peek_at(self, 1) != ']' && self->at + 1 < self->text.length) {
        self->at++;
        if (!read_point(self, &range.last)) return false;
    }
    if (range.first > range.last) return syntax(self, from, "this range ends before it begins");
    return ak_vec_push(self->arena, &self->ranges, range) || ak_fail_memory(self->err, self->arena);
}

/* The bracket is here. */
static GbnfNode *read_class(Reader *self) {
    GbnfNode *node = new_node(self, GBNF_CLASS, self->at++);
    bool is_negated = peek(self) == '^';
    if (!node) return NULL;
    self->at += is_negated;
    self->ranges.count = 0;
    while (peek(self) != ']') {
        if (is_end(self)) return syntax(self, node->offset, "a character class without its closing bracket"), NULL;
        if (!read_range(self)) return NULL;
    }
    if (!self->ranges.count) return syntax(self, node->offset, "this character class is empty"), NULL;
    self->at++;
    join_ranges(self);
    return store_ranges(self, node, is_negated) ? node : NULL;
}

static GbnfNode *read_any(Reader *self) {
    GbnfNode *node = new_node(self, GBNF_CLASS, self->at++);
    self->ranges.count = 0;
    return node && store_ranges(self, node, true) ? node : NULL;
}

/* ---- Expressions */

static GbnfNode *read_choice(Reader *self);

/* `<name>`, `<[id]>` or one of them behind `!`, within its line. What it names is looked up when the rule is built. */
static GbnfNode *read_tokens(Reader *self) {
    GbnfNode *node = new_node(self, GBNF_TOKENS, self->at);
    if (!node) return NULL;
    node->is_negated = peek(self) == '!';
    size_t from = self->at += node->is_negated;
    if (peek(self) != '<') return syntax(self, node->offset, "'!' stands in front of a token only: !<name>"), NULL;
    while (!is_end(self) && !strchr(">\r\n", peek(self))) self->at++;
    if (peek(self) != '>' || self->at == from + 1)
        return syntax(self, node->offset, "a token is <name> or <[id]>"), NULL;
    node->text = ak_str_slice(self->text, from, ++self->at);
    return node;
}

/* A name behind which `::=` stands begins another rule. */
static bool is_rule_head(const Reader *self) {
    Reader ahead = *self;
    read_name(&ahead);
    ahead.brackets = 0;
    skip(&ahead, false);
    return looking_at(&ahead, "::=");
}

static bool refuse_rule_head(Reader *self) {
    if (self->brackets) return syntax(self, self->at, "')' was expected here: another rule begins");
    syntax(self, self->at, "another rule begins here, but the one before it goes on");
    return ak_hint(self->err, "the text may be empty: write \"\" for that");
}

static GbnfNode *read_reference(Reader *self) {
    if (is_rule_head(self)) return refuse_rule_head(self), NULL;
    GbnfNode *node = new_node(self, GBNF_NAME, self->at);
    if (!node) return NULL;
    node->text = read_name(self);
    return ak_vec_push(self->arena, &self->names, node) ? node : (ak_fail_memory(self->err, self->arena), NULL);
}

static GbnfNode *read_group(Reader *self) {
    size_t from = self->at++;
    if (self->brackets >= MAX_BRACKETS) return syntax(self, from, "this grammar is nested too deeply"), NULL;
    self->brackets++;
    skip(self, true);
    GbnfNode *inner = read_choice(self);
    if (!inner) return NULL;
    if (is_end(self)) return syntax(self, from, "a '(' without its ')'"), NULL;
    if (peek(self) != ')') return syntax(self, self->at, "')' was expected here"), NULL;
    self->at++, self->brackets--;
    return inner;
}

static GbnfNode *read_atom(Reader *self) {
    char c = peek(self);
    if (c == '"') return read_literal(self);
    if (c == '[') return read_class(self);
    if (c == '.') return read_any(self);
    if (c == '(') return read_group(self);
    if (is_name_byte(c)) return read_reference(self);
    if (c == '<' || c == '!') return read_tokens(self);
    if (c && strchr("*+?{", c)) return syntax(self, self->at, "there is nothing to repeat in front of this"), NULL;
    return syntax(self, self->at, "a rule's name, a literal, a character class or '(' was expected here"), NULL;
}

/* ---- Repetition */

static bool read_count(Reader *self, uint32_t *count) {
    size_t from = self->at;
    if (!is_digit(peek(self))) return syntax(self, from, "a number was expected here");
    for (*count = 0; is_digit(peek(self)); self->at++) {
        *count = *count * 10 + (uint32_t)(peek(self) - '0');
        if (*count > MAX_REPEAT) return syntax(self, from, "a repetition count may be 1000000 at most");
    }
    skip(self, false);
    return true;
}

/* {m} {m,} {m,n}; the brace is here. */
static bool read_counts(Reader *self, uint32_t *min, uint32_t *max) {
    size_t from = self->at++;
    skip(self, false);
    if (!read_count(self, min)) return false;
    *max = *min;
    if (peek(self) == ',') {
        self->at++;
        skip(self, false);
        *max = AK_REPEAT_MANY;
        if (peek(self) != '}' && !read_count(self, max)) return false;
    }
    if (peek(self) != '}') return syntax(self, self->at, "'}' was expected here");
    self->at++;
    return *min <= *max || syntax(self, from, "this repetition's lower end is above its upper end");
}

/* `child` repeated; `from` is where all of it begins, and this is where it ends. */
static GbnfNode *repeat_node(Reader *self, GbnfNode *child, uint32_t min, uint32_t max, size_t from) {
    if (min == 1 && max == 1) return child;
    GbnfNode *node = new_node(self, max ? GBNF_REPEAT : GBNF_SEQUENCE, from);
    if (!node) return NULL;
    if (max) adopt(node, &node->child, child), node->min = min, node->max = max;
    node->end = self->at;
    if (node->height > MAX_HEIGHT) return syntax(self, node->offset, "this grammar is nested too deeply"), NULL;
    return node;
}

/* An atom and what is behind it: several marks, as in `a?*`, repeat what was repeated. */
static GbnfNode *read_repeated(Reader *self) {
    size_t from = self->at;
    GbnfNode *node = read_atom(self);
    if (node && node->end == node->offset) node->end = self->at;
    while (node) {
        uint32_t min = 0, max = AK_REPEAT_MANY;
        skip(self, false);
        char mark = peek(self);
        if (!mark || !strchr("*+?{", mark)) return node;
        if (mark == '+') min = 1;
        if (mark == '?') max = 1;
        if (mark != '{') self->at++;
        else if (!read_counts(self, &min, &max)) return NULL;
        node = repeat_node(self, node, min, max, from);
    }
    return NULL;
}

/* ---- Sequences, choices, rules */

static bool ends_sequence(const Reader *self) {
    return is_end(self) || (peek(self) && strchr("|)\n\r", peek(self)));
}

static GbnfNode *read_sequence(Reader *self) {
    GbnfNode *node = new_node(self, GBNF_SEQUENCE, self->at);
    GbnfNode **last = node ? &node->child : NULL;
    while (node && !ends_sequence(self)) {
        GbnfNode *part = read_repeated(self);
        if (!part) return NULL;
        last = adopt(node, last, part);
    }
    return node && node->child && !node->child->next ? node->child : node;
}

static GbnfNode *read_choice(Reader *self) {
    GbnfNode *node = new_node(self, GBNF_CHOICE, self->at);
    GbnfNode **last = node ? &node->child : NULL;
    while (node) {
        GbnfNode *alternative = read_sequence(self);
        if (!alternative) return NULL;
        last = adopt(node, last, alternative);
        if (peek(self) != '|') break;
        self->at++;
        skip(self, true);
    }
    return node && !node->child->next ? node->child : node;
}

static bool define(Reader *self, GbnfRule rule) {
    bool is_new;
    uint64_t *index = ak_map_put(&self->file->by_name, rule.name, &is_new);
    if (!index) return ak_fail_memory(self->err, self->arena);
    if (!is_new)
        return ak_fail_at(self->err, ANANKE_ERROR_SYNTAX, self->file->name, self->text, rule.offset,
                          "the rule '%.*s' is defined twice", STR_ARGS(rule.name));
    *index = self->file->rules.count;
    return ak_vec_push(self->arena, &self->file->rules, rule) || ak_fail_memory(self->err, self->arena);
}

static bool refuse_empty(Reader *self, const GbnfRule *rule) {
    ak_fail_at(self->err, ANANKE_ERROR_SYNTAX, self->file->name, self->text, rule->offset, "the rule '%.*s' is empty",
               STR_ARGS(rule->name));
    return ak_hint(self->err, "write \"\" for the empty text");
}

static bool refuse_line(Reader *self) {
    if (peek(self) == ')') return syntax(self, self->at, "a ')' without its '('");
    return syntax(self, self->at, "the end of the line was expected here");
}

static bool read_rule(Reader *self) {
    GbnfRule rule = {.offset = self->at};
    if (peek(self) == '|') {
        syntax(self, self->at, "a line does not begin with '|'");
        return ak_hint(self->err, "put the '|' at the end of the line before");
    }
    if (!is_name_byte(peek(self))) return syntax(self, self->at, "a rule was expected here: name ::= …");
    rule.name = read_name(self);
    skip(self, false);
    if (!looking_at(self, "::=")) return syntax(self, self->at, "'::=' was expected here");
    self->at += 3;
    skip(self, true);
    size_t from = self->at;
    if (is_name_byte(peek(self)) && is_rule_head(self)) return refuse_empty(self, &rule);
    rule.body = read_choice(self);
    if (!rule.body) return false;
    if (!is_end(self) && peek(self) != '\n' && peek(self) != '\r') return refuse_line(self);
    return self->at == from ? refuse_empty(self, &rule) : define(self, rule);
}

/* ---- References */

static bool fail_undefined(Reader *self, const GbnfNode *node) {
    size_t count = self->file->rules.count;
    Str *names = ak_new_array(self->arena, Str, count);
    for (size_t i = 0; names && i < count; i++) names[i] = self->file->rules.items[i].name;
    Str near = names ? ak_str_nearest(node->text, names, count) : (Str){0};
    ak_fail_at(self->err, ANANKE_ERROR_SYNTAX, self->file->name, self->text, node->offset,
               "the rule '%.*s' is not defined", STR_ARGS(node->text));
    return near.length ? ak_hint(self->err, "did you mean '%.*s'?", STR_ARGS(near)) : false;
}

static bool resolve(Reader *self) {
    for (size_t i = 0; i < self->names.count; i++) {
        GbnfNode *node = self->names.items[i];
        const uint64_t *index = ak_map_find(&self->file->by_name, node->text);
        if (!index) return fail_undefined(self, node);
        node->rule = (uint32_t)*index;
    }
    const uint64_t *root = ak_map_find(&self->file->by_name, STR("root"));
    if (root) return self->file->root = (uint32_t)*root, true;
    ak_fail(self->err, ANANKE_ERROR_SYNTAX, "the grammar has no rule 'root'");
    return ak_hint(self->err, "add a line such as: root ::= \"a\"");
}

bool ak_gbnf_read(GbnfFile *file, Arena *arena, ananke_error *err) {
    Reader self = {.file = file, .arena = arena, .text = file->text, .err = err};
    file->by_name.arena = arena;
    size_t invalid = ak_utf8_invalid(file->text);
    if (invalid != SIZE_MAX) return syntax(&self, invalid, "the grammar is not valid UTF-8");
    for (skip(&self, true); !is_end(&self); skip(&self, true)) {
        if (!read_rule(&self)) return false;
    }
    return resolve(&self) && (ak_arena_ok(arena) || ak_fail_memory(err, arena));
}

/* ---- Questions about the tree */

bool ak_gbnf_words(const GbnfFile *file, const GbnfNode *node, Arena *arena, GbnfWords *words) {
    if (node->kind == GBNF_NAME) return ak_gbnf_words(file, file->rules.items[node->rule].body, arena, words);
    if (node->kind == GBNF_LITERAL) return ak_vec_push(arena, words, node->text);
    for (const GbnfNode *child = node->child; child; child = child->next) {
        if (!ak_gbnf_words(file, child, arena, words)) return false;
    }
    return true;
}

/* Regular parts do not come back to themselves, so this ends. */
GbnfNode *ak_gbnf_target(const GbnfFile *file, GbnfNode *node) {
    while (node->kind == GBNF_NAME && node->shape.is_regular) node = file->rules.items[node->rule].body;
    return node;
}

bool ak_gbnf_is_lexeme(const GbnfFile *file, const GbnfNode *node) {
    while (node->kind == GBNF_NAME && node->shape.is_regular) node = file->rules.items[node->rule].body;
    return node->shape.is_regular && (!node->is_open || node->shape.is_point);
}
