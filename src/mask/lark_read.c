/* Reading Lark: recursive descent straight over the text. Every helper leaves blanks, comments and, inside brackets,
 * line ends behind it skipped, so that `at` stands on the next thing. */
#include "base/buf.h"
#include "base/json.h"
#include "base/utf8.h"
#include "mask/lark_tree.h"

enum { MAX_DEPTH = 100, MAX_REPEAT = 1000000 };

typedef struct Reader {
    LarkFile *file;
    Arena *arena;
    Str text;
    size_t at;
    int brackets; /* line ends do not count inside */
    int depth;
    ananke_error *err;
} Reader;

/* ---- Reading */

static bool syntax(Reader *self, size_t at, const char *what) {
    return ak_fail_at(self->err, ANANKE_ERROR_SYNTAX, self->file->name, self->text, at, "%s", what);
}

static bool unsupported(Reader *self, size_t at, const char *what) {
    return ak_fail_at(self->err, ANANKE_ERROR_UNSUPPORTED, self->file->name, self->text, at, "%s", what);
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
    while (!is_end(self) && peek(self) != '\n') self->at++;
}

/* Blanks and comments; line ends too with `lines` or inside brackets. */
static void skip(Reader *self, bool lines) {
    while (!is_end(self)) {
        char c = peek(self);
        if (c == ' ' || c == '\t' || c == '\r' || (c == '\n' && (lines || self->brackets))) self->at++;
        else if (c == '#' || looking_at(self, "//")) skip_comment(self);
        else return;
    }
}

static bool accept(Reader *self, const char *word) {
    if (!looking_at(self, word)) return false;
    self->at += strlen(word);
    skip(self, false);
    return true;
}

static bool expect(Reader *self, const char *word, const char *message) {
    return accept(self, word) || syntax(self, self->at, message);
}

static bool is_lower(char c) {
    return c >= 'a' && c <= 'z';
}
static bool is_upper(char c) {
    return c >= 'A' && c <= 'Z';
}
static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/* A name begins here: of a rule (lower case) or a terminal (upper case), perhaps with '_' in front. */
static bool at_name(const Reader *self) {
    char c = peek(self) == '_' ? peek_at(self, 1) : peek(self);
    return is_lower(c) || is_upper(c);
}

/* Reads a name without skipping what follows. */
static bool read_name(Reader *self, Str *name, bool *is_terminal) {
    size_t from = self->at;
    if (!at_name(self)) return syntax(self, from, "a name was expected here");
    if (peek(self) == '_') self->at++;
    *is_terminal = is_upper(peek(self));
    for (char c = peek(self); is_digit(c) || c == '_' || c == '-' || (*is_terminal ? is_upper(c) : is_lower(c));
         c = peek(self)) {
        if (c == '-' && peek_at(self, 1) == '>') break;
        self->at++;
    }
    if (is_lower(peek(self)) || is_upper(peek(self))) {
        syntax(self, from, "this name mixes upper and lower case");
        return ak_hint(self->err, "rules are lower_case, terminals UPPER_CASE");
    }
    *name = ak_str_slice(self->text, from, self->at);
    return true;
}

static bool read_number(Reader *self, uint64_t *value) {
    size_t from = self->at;
    int base = looking_at(self, "0x") || looking_at(self, "0X") ? 16 : 10;
    if (base == 16) self->at += 2;
    *value = 0;
    size_t digits = self->at;
    for (;; self->at++) {
        char c = peek(self);
        uint64_t digit = is_digit(c)                                        ? (uint64_t)(c - '0')
                         : base == 16 && (c | 32) >= 'a' && (c | 32) <= 'f' ? (uint64_t)((c | 32) - 'a' + 10)
                                                                            : 99;
        if (digit > 15) break;
        if (*value > (UINT64_MAX - digit) / (uint64_t)base)
            return syntax(self, from, "this number does not fit into 64 bits");
        *value = *value * (uint64_t)base + digit;
    }
    if (self->at == digits) return syntax(self, from, "a number was expected here");
    skip(self, false);
    return true;
}

static LarkNode *new_node(Reader *self, LarkKind kind, size_t offset) {
    LarkNode *node = ak_new(self->arena, LarkNode);
    if (!node) return ak_fail_memory(self->err, self->arena), NULL;
    node->kind = kind, node->offset = offset;
    return node;
}

/* ---- Strings and regular expressions */

static int hex_digit(char c) {
    return is_digit(c) ? c - '0' : (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10 : -1;
}

static bool read_hex(Reader *self, int width, uint32_t *value) {
    *value = 0;
    for (int i = 0; i < width; i++, self->at++) {
        if (hex_digit(peek(self)) < 0) return syntax(self, self->at, "a hexadecimal digit was expected here");
        *value = *value * 16 + (uint32_t)hex_digit(peek(self));
    }
    return true;
}

/* \uXXXX, and \uXXXX\uXXXX for a pair of surrogates; "\u" is read. */
static bool read_unicode(Reader *self, uint32_t *point) {
    size_t from = self->at - 2;
    uint32_t low;
    if (!read_hex(self, 4, point)) return false;
    if (*point >= 0xD800 && *point <= 0xDBFF && looking_at(self, "\\u")) {
        self->at += 2;
        if (!read_hex(self, 4, &low)) return false;
        if (low >= 0xDC00 && low <= 0xDFFF) *point = 0x10000 + ((*point - 0xD800) << 10) + (low - 0xDC00);
    }
    return (*point < 0xD800 || *point > 0xDFFF) || syntax(self, from, "this escape is half of a surrogate pair");
}

/* An escape in a string; the backslash is read. */
static bool read_escape(Reader *self, Buf *out) {
    static const char letters[] = "\"\\/bfnrt", values[] = "\"\\/\b\f\n\r\t";
    char bytes[4], c = peek(self);
    const char *found = c ? strchr(letters, c) : NULL;
    uint32_t point;
    self->at++;
    if (found) return ak_buf_byte(out, values[found - letters]), true;
    if (c == 'x') {
        if (!read_hex(self, 2, &point)) return false;
    } else if (c != 'u') {
        return syntax(self, self->at - 2,
                      "unknown escape in a string; known are \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\xHH \\uHHHH");
    } else if (!read_unicode(self, &point)) {
        return false;
    }
    ak_buf_bytes(out, bytes, ak_utf8_encode(point, bytes));
    return true;
}

/* "…" with an optional i; the quote is here. An empty string gets non-NULL data. */
static bool read_string(Reader *self, Str *text, Str *flags) {
    size_t from = self->at++;
    Buf out = {.arena = self->arena};
    while (peek(self) != '"') {
        if (is_end(self) || (unsigned char)peek(self) < 0x20)
            return syntax(self, from, "a string without its closing quote");
        char c = self->text.data[self->at++];
        if (c != '\\') ak_buf_byte(&out, c);
        else if (!read_escape(self, &out)) return false;
    }
    self->at++;
    *text = out.length ? ak_buf_view(&out) : STR("");
    size_t flags_from = self->at;
    if (peek(self) == 'i') self->at++;
    *flags = ak_str_slice(self->text, flags_from, self->at);
    skip(self, false);
    return ak_arena_ok(self->arena) || ak_fail_memory(self->err, self->arena);
}

static LarkNode *read_string_or_range(Reader *self) {
    LarkNode *node = new_node(self, LARK_STRING, self->at);
    if (!node || !read_string(self, &node->text, &node->flags)) return NULL;
    if (!accept(self, "..")) return node;
    Str last = {0}, flags = {0};
    size_t at = self->at;
    if (peek(self) != '"') return syntax(self, at, "the end of the range was expected here, in quotes"), NULL;
    if (!read_string(self, &last, &flags)) return NULL;
    node->kind = LARK_RANGE;
    size_t first_length = ak_utf8_decode(node->text, &node->min), last_length = ak_utf8_decode(last, &node->max);
    if (!first_length || first_length != node->text.length || !last_length || last_length != last.length)
        return syntax(self, node->offset, "a range goes from one character to one character"), NULL;
    if (node->min > node->max) return syntax(self, node->offset, "this range ends before it begins"), NULL;
    if (flags.length || node->flags.length) return syntax(self, at, "a range takes no flags"), NULL;
    return node;
}

static LarkNode *read_regex(Reader *self) {
    LarkNode *node = new_node(self, LARK_REGEX, self->at);
    if (!node) return NULL;
    size_t from = ++self->at;
    while (peek(self) != '/') {
        if (is_end(self) || peek(self) == '\n')
            return syntax(self, node->offset, "a regular expression without its closing slash"), NULL;
        self->at += peek(self) == '\\' && peek_at(self, 1) ? 2 : 1;
    }
    node->text = ak_str_slice(self->text, from, self->at++);
    from = self->at;
    while (peek(self) && strchr("imslux", peek(self))) self->at++;
    node->flags = ak_str_slice(self->text, from, self->at);
    if (ak_str_find_byte(node->flags, 'l', 0) != SIZE_MAX)
        return unsupported(self, from, "flag l (locale) is not supported"), NULL;
    skip(self, false);
    return node;
}

/* ---- Parameters and conditions */

static bool read_bit(Reader *self, uint64_t limit, uint8_t *bit) {
    size_t at = self->at;
    uint64_t value;
    if (!read_number(self, &value)) return false;
    *bit = (uint8_t)value;
    return value <= limit || syntax(self, at, "bits are numbered 0 to 63");
}

/* `_` or [low:high] */
static bool read_bits(Reader *self, LarkBits *bits) {
    size_t at = self->at;
    *bits = (LarkBits){0, 64};
    if (accept(self, "_")) return true;
    if (!expect(self, "[", "bits were expected here: _ or [low:high]") || !read_bit(self, 63, &bits->low)) return false;
    if (!expect(self, ":", "':' was expected here") || !read_bit(self, 64, &bits->high)) return false;
    if (bits->high <= bits->low) return syntax(self, at, "the upper bit must be above the lower one");
    return expect(self, "]", "']' was expected here");
}

static const LarkParam *read_param(Reader *self) {
    static const struct {
        const char *name;
        int kind, argument;
    } functions[] = {{"set_bit", PARAM_OR, 1}, {"clear_bit", PARAM_AND, 1}, {"bit_and", PARAM_AND, 2},
                     {"bit_or", PARAM_OR, 2},  {"incr", PARAM_INCR, 3},     {"decr", PARAM_DECR, 3}};
    LarkParam *param = ak_new(self->arena, LarkParam);
    if (!param) return ak_fail_memory(self->err, self->arena), NULL;
    size_t at = self->at;
    if (is_digit(peek(self))) return param->kind = PARAM_CONST, read_number(self, &param->value) ? param : NULL;
    if (peek(self) == '_' && !at_name(self)) return self->at++, skip(self, false), param->kind = PARAM_SELF, param;
    Str name = {0};
    bool is_terminal;
    uint8_t bit;
    if (!read_name(self, &name, &is_terminal) || !expect(self, "(", "'(' was expected here")) return NULL;
    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++) {
        if (!ak_str_equal(name, ak_str(functions[i].name))) continue;
        param->kind = functions[i].kind;
        if (functions[i].argument == 3 && !read_bits(self, &param->bits)) return NULL;
        if (functions[i].argument == 2 && !read_number(self, &param->value)) return NULL;
        if (functions[i].argument == 1) {
            if (!read_bit(self, 63, &bit)) return NULL;
            param->value = param->kind == PARAM_OR ? UINT64_C(1) << bit : ~(UINT64_C(1) << bit);
        }
        return expect(self, ")", "')' was expected here") ? param : NULL;
    }
    return syntax(self, at,
                  "unknown function of a parameter; known are set_bit, clear_bit, bit_and, bit_or, incr, decr"),
           NULL;
}

typedef enum ConditionArguments {
    ARGUMENTS_NONE,
    ARGUMENT_BIT,
    ARGUMENT_BITS,
    ARGUMENTS_COMPARE,
    ARGUMENT_ONE,
    ARGUMENTS_TWO
} ConditionArguments;

static const struct {
    const char *name;
    int kind;
    ConditionArguments arguments;
} conditions[] = {
    {"true", CONDITION_TRUE, ARGUMENTS_NONE},
    {"bit_clear", CONDITION_EQ, ARGUMENT_BIT},
    {"bit_set", CONDITION_NE, ARGUMENT_BIT},
    {"is_ones", CONDITION_GE, ARGUMENT_BITS},
    {"is_zeros", CONDITION_EQ, ARGUMENT_BITS},
    {"eq", CONDITION_EQ, ARGUMENTS_COMPARE},
    {"ne", CONDITION_NE, ARGUMENTS_COMPARE},
    {"lt", CONDITION_LT, ARGUMENTS_COMPARE},
    {"le", CONDITION_LE, ARGUMENTS_COMPARE},
    {"gt", CONDITION_GT, ARGUMENTS_COMPARE},
    {"ge", CONDITION_GE, ARGUMENTS_COMPARE},
    {"bit_count_eq", CONDITION_COUNT_EQ, ARGUMENTS_COMPARE},
    {"bit_count_ne", CONDITION_COUNT_NE, ARGUMENTS_COMPARE},
    {"bit_count_lt", CONDITION_COUNT_LT, ARGUMENTS_COMPARE},
    {"bit_count_le", CONDITION_COUNT_LE, ARGUMENTS_COMPARE},
    {"bit_count_gt", CONDITION_COUNT_GT, ARGUMENTS_COMPARE},
    {"bit_count_ge", CONDITION_COUNT_GE, ARGUMENTS_COMPARE},
    {"and", CONDITION_AND, ARGUMENTS_TWO},
    {"or", CONDITION_OR, ARGUMENTS_TWO},
    {"not", CONDITION_NOT, ARGUMENT_ONE},
};

static const LarkCondition *read_condition(Reader *self);

static bool read_arguments(Reader *self, LarkCondition *condition, ConditionArguments arguments) {
    switch (arguments) {
    case ARGUMENTS_NONE: return true;
    case ARGUMENT_BIT:
        if (!read_bit(self, 63, &condition->bits.low)) return false;
        condition->bits.high = (uint8_t)(condition->bits.low + 1);
        return true;
    case ARGUMENT_BITS:
        if (!read_bits(self, &condition->bits)) return false;
        condition->value =
            condition->kind == CONDITION_GE ? ak_lark_ones(condition->bits) : 0; /* is_ones: at least all ones */
        return true;
    case ARGUMENTS_COMPARE:
        return read_bits(self, &condition->bits) && expect(self, ",", "',' was expected here") &&
               read_number(self, &condition->value);
    case ARGUMENT_ONE: return (condition->left = read_condition(self)) != NULL;
    case ARGUMENTS_TWO:
        if (!(condition->left = read_condition(self)) || !expect(self, ",", "',' was expected here")) return false;
        return (condition->right = read_condition(self)) != NULL;
    }
    return false;
}

static const LarkCondition *read_condition(Reader *self) {
    Str name = {0};
    bool is_terminal;
    size_t at = self->at;
    LarkCondition *condition = ak_new(self->arena, LarkCondition);
    if (!condition) return ak_fail_memory(self->err, self->arena), NULL;
    if (++self->depth > MAX_DEPTH) return syntax(self, at, "conditions are nested too deeply"), NULL;
    if (!read_name(self, &name, &is_terminal)) return NULL;
    skip(self, false);
    for (size_t i = 0; i < sizeof conditions / sizeof *conditions; i++) {
        if (!ak_str_equal(name, ak_str(conditions[i].name))) continue;
        condition->kind = conditions[i].kind;
        condition->bits = (LarkBits){0, 64};
        self->depth--;
        if (conditions[i].arguments == ARGUMENTS_NONE && peek(self) != '(') return condition;
        if (!expect(self, "(", "'(' was expected here") || !read_arguments(self, condition, conditions[i].arguments))
            return NULL;
        return expect(self, ")", "')' was expected here") ? condition : NULL;
    }
    return syntax(self, at, "unknown condition"), NULL;
}

/* ---- Expressions */

static LarkNode *read_choice(Reader *self);
static LarkNode *read_atom(Reader *self);

/* The JSON value that begins here, as text. */
static bool read_json(Reader *self, Str *json) {
    yyjson_alc alc = ak_json_alc(self->arena);
    yyjson_read_err error = {0};
    char *text = (char *)(uintptr_t)(self->text.data + self->at); /* not written to: reading is not in place */
    yyjson_doc *doc = yyjson_read_opts(text, self->text.length - self->at, YYJSON_READ_STOP_WHEN_DONE, &alc, &error);
    if (!doc)
        return self->arena->failed ? ak_fail_memory(self->err, self->arena)
                                   : syntax(self, self->at + error.pos, "malformed JSON");
    *json = ak_str_slice(self->text, self->at, self->at + yyjson_doc_get_read_size(doc));
    self->at += json->length;
    skip(self, false);
    return true;
}

static LarkNode *read_json_node(Reader *self, LarkKind kind, size_t at) {
    LarkNode *node = new_node(self, kind, at);
    return node && read_json(self, &node->text) ? node : NULL;
}

/* @name: letters, digits, '_' and '-'. */
static LarkNode *read_other(Reader *self) {
    LarkNode *node = new_node(self, LARK_OTHER, self->at);
    size_t from = ++self->at;
    while (is_lower(peek(self)) || is_upper(peek(self)) || is_digit(peek(self)) ||
           (peek(self) && strchr("_-", peek(self))))
        self->at++;
    if (self->at == from) return syntax(self, from, "a grammar's name was expected here"), NULL;
    if (node) node->text = ak_str_slice(self->text, from, self->at);
    skip(self, false);
    return node;
}

static bool read_items(Reader *self);

/* Behind %lark: a grammar in braces, with names of its own. */
static LarkNode *read_nested(Reader *self, size_t at) {
    LarkNode *node = new_node(self, LARK_GRAMMAR, at);
    LarkFile *file = ak_new(self->arena, LarkFile);
    if (!node || !file) return ak_fail_memory(self->err, self->arena), NULL;
    *file = (LarkFile){.name = self->file->name, .text = self->text, .by_name = {.arena = self->arena}};
    if (!expect(self, "{", "'{' was expected here")) return NULL;
    Reader inner = {
        .file = file, .arena = self->arena, .text = self->text, .at = self->at, .depth = self->depth, .err = self->err};
    if (++inner.depth > MAX_DEPTH) return syntax(self, at, "this grammar is nested too deeply"), NULL;
    if (!read_items(&inner)) return NULL;
    self->at = inner.at;
    if (!expect(self, "}", "'}' was expected here, the end of %lark {…}")) return NULL;
    node->grammar = file;
    return node;
}

static LarkNode *read_reference(Reader *self) {
    LarkNode *node = new_node(self, LARK_NAME, self->at);
    bool is_terminal;
    if (!node || !read_name(self, &node->text, &is_terminal)) return NULL;
    skip(self, false);
    if (accept(self, "::")) return (node->param = read_param(self)) ? node : NULL;
    if (peek(self) == '{') {
        size_t at = self->at;
        self->at++, skip(self, false);
        bool is_template = !is_digit(peek(self)) && peek(self) != ',';
        self->at = at;
        if (is_template) return unsupported(self, at, "templates, name{…}, are not supported"), NULL;
    }
    return node;
}

/* Behind an opening bracket: what is inside, up to `close`. */
static LarkNode *read_bracket(Reader *self, const char *close, const char *message) {
    self->at++, self->brackets++;
    skip(self, false);
    LarkNode *inner = read_choice(self);
    if (!inner) return NULL;
    if (!looking_at(self, close)) return syntax(self, self->at, message), NULL;
    self->brackets--, self->at++;
    skip(self, false);
    return inner;
}

static LarkNode *repeat_node(Reader *self, LarkNode *child, uint32_t min, uint32_t max) {
    LarkNode *node = new_node(self, LARK_REPEAT, child->offset);
    if (node) node->child = child, node->min = min, node->max = max;
    return node;
}

/* <name> or <[ids]>: no blanks inside. What it names is looked up when the rule is built. */
static LarkNode *read_tokens(Reader *self) {
    LarkNode *node = new_node(self, LARK_TOKENS, self->at);
    if (!node) return NULL;
    do self->at++;
    while (!is_end(self) && !strchr("<> \t\r\n", peek(self)));
    if (peek(self) != '>' || self->at == node->offset + 1)
        return syntax(self, node->offset, "a token is <name> or <[id]>, without blanks"), NULL;
    self->at++;
    node->text = ak_str_slice(self->text, node->offset, self->at);
    skip(self, false);
    return node;
}

static LarkNode *read_atom(Reader *self) {
    size_t at = self->at;
    if (peek(self) == '(') return read_bracket(self, ")", "')' was expected here");
    if (peek(self) == '[') {
        LarkNode *inner = read_bracket(self, "]", "']' was expected here");
        return inner ? repeat_node(self, inner, 0, 1) : NULL;
    }
    if (peek(self) == '"') return read_string_or_range(self);
    if (peek(self) == '/') return read_regex(self);
    if (peek(self) == '<') return read_tokens(self);
    if (at_name(self)) return read_reference(self);
    if (peek(self) == '@') return read_other(self);
    if (accept(self, "%regex")) return read_json_node(self, LARK_PIECES, at);
    if (accept(self, "%json")) return read_json_node(self, LARK_JSON, at);
    if (accept(self, "%lark")) return read_nested(self, at);
    return syntax(self, at, "a name, a string, a regular expression or '(' was expected here"), NULL;
}

static LarkNode *read_negation(Reader *self) {
    size_t at = self->at;
    bool is_negated = accept(self, "~");
    LarkNode *atom = read_atom(self);
    if (!atom || !is_negated) return atom;
    LarkNode *node = new_node(self, LARK_NOT, at);
    if (node) node->child = atom;
    return node;
}

static bool read_count(Reader *self, uint32_t *count) {
    size_t at = self->at;
    uint64_t value;
    if (!read_number(self, &value)) return false;
    *count = (uint32_t)value;
    return value <= MAX_REPEAT || syntax(self, at, "a repetition count may be 1000000 at most");
}

/* {m} {m,} {,n} {m,n} or ~m ~m..n; the first character is read. */
static bool read_counts(Reader *self, bool is_braced, uint32_t *min, uint32_t *max) {
    size_t at = self->at - 1;
    *min = 0;
    if (!(is_braced && peek(self) == ',') && !read_count(self, min)) return false;
    *max = *min;
    if (is_braced && accept(self, ",")) {
        if (peek(self) == '}') *max = AK_REPEAT_MANY;
        else if (!read_count(self, max)) return false;
    } else if (!is_braced && accept(self, "..") && !read_count(self, max)) {
        return false;
    }
    if (*max == 0) return syntax(self, at, "the upper end of a repetition may not be 0");
    if (*min > *max) return syntax(self, at, "this repetition's lower end is above its upper end");
    return !is_braced || expect(self, "}", "'}' was expected here");
}

static LarkNode *read_repeated(Reader *self) {
    LarkNode *node = read_negation(self);
    if (!node) return NULL;
    uint32_t min = 0, max = AK_REPEAT_MANY;
    size_t at = self->at;
    if (accept(self, "+")) return repeat_node(self, node, 1, AK_REPEAT_MANY);
    if (accept(self, "*")) return repeat_node(self, node, 0, AK_REPEAT_MANY);
    if (accept(self, "?")) return repeat_node(self, node, 0, 1);
    if (accept(self, "{")) return read_counts(self, true, &min, &max) ? repeat_node(self, node, min, max) : NULL;
    if (accept(self, "~")) {
        if (is_digit(peek(self)))
            return read_counts(self, false, &min, &max) ? repeat_node(self, node, min, max) : NULL;
        self->at = at; /* a negation: the next part */
    }
    return node;
}

static bool ends_sequence(const Reader *self) {
    return is_end(self) || strchr("\n|)]}&", peek(self)) || looking_at(self, "->") || looking_at(self, "%if");
}

static LarkNode *read_sequence(Reader *self) {
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
static LarkNode *read_alternative(Reader *self) {
    LarkNode *node = read_sequence(self);
    if (node && peek(self) == '&') {
        LarkNode *both = new_node(self, LARK_BOTH, node->offset), **last = &node->next;
        if (!both) return NULL;
        both->child = node;
        while (accept(self, "&")) {
            if (!(*last = read_sequence(self))) return NULL;
            last = &(*last)->next;
        }
        node = both;
    }
    Str alias = {0};
    bool is_terminal;
    if (node && accept(self, "->")) {
        if (!read_name(self, &alias, &is_terminal)) return NULL;
        skip(self, false);
    }
    if (node && accept(self, "%if") && !(node->condition = read_condition(self))) return NULL;
    return node;
}

/* A '|' here, or at the beginning of a later line. */
static bool accept_bar(Reader *self) {
    size_t at = self->at;
    skip(self, true);
    if (accept(self, "|")) return true;
    self->at = at;
    return false;
}

static LarkNode *read_choice(Reader *self) {
    LarkNode *node = new_node(self, LARK_CHOICE, self->at);
    LarkNode **last = node ? &node->child : NULL;
    if (++self->depth > MAX_DEPTH) return syntax(self, self->at, "this grammar is nested too deeply"), NULL;
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

static bool define(Reader *self, LarkDefinition definition) {
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
typedef bool ReadAttribute(Reader *self, LarkDefinition *definition, size_t at);

static bool read_name_value(Reader *self, Str *value) {
    Str flags = {0};
    if (peek(self) != '"') return syntax(self, self->at, "a string was expected here");
    return read_string(self, value, &flags);
}

/* [capture], [capture="name"] */
static bool read_capture(Reader *self, LarkDefinition *definition, size_t at) {
    (void)at;
    definition->capture = definition->name;
    if (definition->is_terminal) return syntax(self, definition->offset, "terminals take no capture; rules do");
    if (!accept(self, "=")) return true;
    size_t from = self->at;
    if (!read_name_value(self, &definition->capture)) return false;
    return definition->capture.length || syntax(self, from, "a name was expected here");
}

static bool set_end(Reader *self, LarkDefinition *definition, LarkEnd end) {
    if (definition->end.kind != END_LONGEST)
        return syntax(self, end.offset, "lazy, suffix and stop exclude each other");
    definition->end = end;
    return true;
}

static bool read_lazy(Reader *self, LarkDefinition *definition, size_t at) {
    return set_end(self, definition, (LarkEnd){.kind = END_LAZY, .offset = at});
}

/* A string, a regular expression or a terminal's name. */
static bool read_end(Reader *self, LarkDefinition *definition, size_t at, int kind) {
    if (!expect(self, "=", "'=' was expected here")) return false;
    size_t from = self->at;
    bool is_atom = peek(self) == '"' || peek(self) == '/' || at_name(self);
    LarkNode *what = is_atom ? read_atom(self) : NULL;
    if (!is_atom) return syntax(self, from, "a string, a regular expression or a terminal was expected here");
    return what && set_end(self, definition, (LarkEnd){.kind = kind, .offset = at, .what = what});
}

static bool read_suffix(Reader *self, LarkDefinition *definition, size_t at) {
    return read_end(self, definition, at, END_SUFFIX);
}

static bool read_stop(Reader *self, LarkDefinition *definition, size_t at) {
    return read_end(self, definition, at, END_STOP);
}

/* 12 or 0.7 */
static bool read_decimal(Reader *self, float *value) {
    size_t from = self->at, digits = 0;
    double number = 0, unit = 1;
    bool has_point = false;
    for (char c = peek(self); is_digit(c) || (c == '.' && !has_point); c = peek(self)) {
        if (c == '.') has_point = true;
        else number = number * 10 + (c - '0'), unit *= has_point ? 10 : 1, digits++;
        self->at++;
    }
    *value = (float)(number / unit);
    skip(self, false);
    if (!digits || digits > 18) return syntax(self, from, "a number was expected here, as in 0.7");
    return true;
}

/* [temperature=0.7] */
static bool read_temperature(Reader *self, LarkDefinition *definition, size_t at) {
    (void)at;
    if (definition->is_terminal) return syntax(self, definition->offset, "terminals take no temperature; rules do");
    return expect(self, "=", "'=' was expected here") && read_decimal(self, &definition->temperature);
}

/* [max_tokens=20] */
static bool read_max_tokens(Reader *self, LarkDefinition *definition, size_t at) {
    enum { DIGITS = 9 }; /* up to AK_MAX_TOKENS */
    (void)at;
    if (definition->is_terminal) return syntax(self, definition->offset, "terminals take no max_tokens; rules do");
    if (!expect(self, "=", "'=' was expected here")) return false;
    size_t from = self->at;
    uint32_t number = 0;
    for (; is_digit(peek(self)) && self->at - from < DIGITS; self->at++)
        number = number * 10 + (uint32_t)(peek(self) - '0');
    if (self->at == from || is_digit(peek(self))) return syntax(self, from, "a number was expected here, as in 20");
    skip(self, false);
    definition->has_max_tokens = true, definition->max_tokens = number;
    return true;
}

static bool read_attribute(Reader *self, LarkDefinition *definition) {
    static const struct {
        const char *name;
        ReadAttribute *read;
    } attributes[] = {{"capture", read_capture},         {"lazy", read_lazy},
                      {"suffix", read_suffix},           {"stop", read_stop},
                      {"temperature", read_temperature}, {"max_tokens", read_max_tokens}};
    Str name = {0};
    bool is_terminal;
    size_t at = self->at;
    if (!read_name(self, &name, &is_terminal)) return false;
    skip(self, false);
    for (size_t i = 0; i < sizeof attributes / sizeof *attributes; i++) {
        if (ak_str_equal(name, ak_str(attributes[i].name))) return attributes[i].read(self, definition, at);
    }
    return ak_fail_at(self->err, ANANKE_ERROR_UNSUPPORTED, self->file->name, self->text, at,
                      "the attribute '%.*s' is not supported", STR_ARGS(name));
}

/* [name, name=value, …]; the bracket is here. */
static bool read_attributes(Reader *self, LarkDefinition *definition) {
    self->at++, skip(self, false);
    do {
        if (!read_attribute(self, definition)) return false;
    } while (accept(self, ","));
    const LarkEnd *end = &definition->end;
    if (end->kind != END_LONGEST && (definition->is_terminal || definition->is_parametric))
        return syntax(self, end->offset, "lazy, suffix and stop are for rules without a parameter");
    if (end->what && definition->capture.length) {
        unsupported(self, end->offset, "capture beside suffix or stop is not supported");
        return ak_hint(self->err, "capture a rule around this one; it has the suffix, too");
    }
    return expect(self, "]", "']' was expected here");
}

static bool read_definition(Reader *self) {
    LarkDefinition definition = {.offset = self->at, .temperature = -1};
    while (peek(self) == '!' || peek(self) == '?') self->at++;
    if (!read_name(self, &definition.name, &definition.is_terminal)) return false;
    skip(self, false);
    if (accept(self, "::")) {
        if (definition.is_terminal) return syntax(self, definition.offset, "terminals take no parameter");
        if (!expect(self, "_", "'_' was expected here: the parameter's name")) return false;
        definition.is_parametric = true;
    }
    if (peek(self) == '{') return unsupported(self, self->at, "templates, name{…}, are not supported");
    if (peek(self) == '.') return unsupported(self, self->at, "priorities, NAME.2, are not supported");
    if (peek(self) == '[' && !read_attributes(self, &definition)) return false;
    if (!expect(self, ":", "':' was expected here")) return false;
    definition.body = read_choice(self);
    return definition.body && define(self, definition);
}

static bool import_terminal(Reader *self, Str name, Str as, size_t at) {
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
static bool read_import(Reader *self) {
    size_t at = self->at;
    Str library = {0}, name = {0}, as;
    bool is_terminal;
    if (!read_name(self, &library, &is_terminal)) return false;
    if (!ak_str_equal(library, STR("common"))) return unsupported(self, at, "only 'common' can be imported from");
    skip(self, false);
    if (accept(self, "(")) {
        self->brackets++;
        skip(self, false);
        do {
            at = self->at;
            if (!read_name(self, &name, &is_terminal)) return false;
            skip(self, false);
            if (!import_terminal(self, name, name, at)) return false;
        } while (accept(self, ","));
        self->brackets--;
        return expect(self, ")", "')' was expected here");
    }
    if (!expect(self, ".", "'.' was expected here")) return false;
    at = self->at;
    if (!read_name(self, &name, &is_terminal)) return false;
    skip(self, false);
    as = name;
    if (accept(self, "->") && !read_name(self, &as, &is_terminal)) return false;
    skip(self, false);
    return is_terminal ? import_terminal(self, name, as, at)
                       : syntax(self, at, "what is imported is a terminal: UPPER_CASE");
}

/* %llguidance {…}: options. The first two have no meaning here: nothing is forced, and only `~` lets invalid UTF-8
 * in. */
static bool read_options(Reader *self) {
    size_t at = self->at;
    Str json = {0};
    self->file->options_offset = at;
    if (!read_json(self, &json)) return false;
    yyjson_doc *doc = ak_json_parse(self->arena, json, NULL, NULL);
    yyjson_val *key, *value;
    yyjson_obj_iter each = yyjson_obj_iter_with(doc ? yyjson_doc_get_root(doc) : NULL);
    if (!doc || !yyjson_is_obj(yyjson_doc_get_root(doc))) return syntax(self, at, "the options are a JSON object");
    while ((key = yyjson_obj_iter_next(&each))) {
        Str name = ak_json_str(key);
        value = yyjson_obj_iter_get_val(key);
        if (!yyjson_is_bool(value)) return syntax(self, at, "an option is true or false");
        bool on = yyjson_get_bool(value);
        if (ak_str_equal(name, STR("allow_initial_skip"))) self->file->has_initial_ignore = on;
        else if (ak_str_equal(name, STR("ignore_once"))) self->file->is_ignored_once = on;
        else if (!ak_str_equal(name, STR("no_forcing")) && !ak_str_equal(name, STR("allow_invalid_utf8")))
            return ak_fail_at(self->err, ANANKE_ERROR_UNSUPPORTED, self->file->name, self->text, at,
                              "the option '%.*s' is not supported", STR_ARGS(name));
    }
    return true;
}

static bool read_statement(Reader *self) {
    size_t at = self->at;
    if (accept(self, "%ignore")) {
        LarkNode *node = read_choice(self);
        return node && (ak_vec_push(self->arena, &self->file->ignored, node) || ak_fail_memory(self->err, self->arena));
    }
    if (accept(self, "%import")) return read_import(self);
    if (accept(self, "%llguidance")) return read_options(self);
    if (looking_at(self, "%override")) return unsupported(self, at, "%override is not supported");
    if (looking_at(self, "%declare")) return unsupported(self, at, "%declare is not supported");
    if (looking_at(self, "%extend")) return unsupported(self, at, "%extend is not supported");
    return syntax(self, at, "a rule, a terminal or %ignore, %import, %llguidance was expected here");
}

/* Up to the end, or to a brace that closes a nested grammar. */
static bool read_items(Reader *self) {
    for (skip(self, true); !is_end(self) && peek(self) != '}'; skip(self, true)) {
        bool is_statement = peek(self) == '%';
        if (!(is_statement ? read_statement(self) : read_definition(self))) return false;
        if (!is_end(self) && !strchr("\n}", peek(self)))
            return syntax(self, self->at, "the end of the line was expected here");
    }
    return true;
}

bool ak_lark_read(LarkFile *file, Arena *arena, ananke_error *err) {
    Reader self = {.file = file, .arena = arena, .text = file->text, .err = err};
    file->by_name.arena = arena;
    size_t invalid = ak_utf8_invalid(file->text);
    if (invalid != SIZE_MAX) return syntax(&self, invalid, "the grammar is not valid UTF-8");
    return read_items(&self) && (is_end(&self) || syntax(&self, self.at, "nothing is open here that '}' could close"));
}
