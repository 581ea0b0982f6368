/* The reference engine: walks the whole vocabulary trie for every mask, one lexer transition a node, one Earley row
 * where a lexeme ends. */
#include "mask/reference.h"
#include "base/bitset.h"
#include "base/json.h"
#include "mask/json_schema_text.h"
#include <assert.h>
#include <stddef.h>

enum { LEXER_FUEL = 100000000, CHART_FUEL = 200000000 };
#define DEFAULT_MEMORY ((size_t)1 << 30)

/* ---- One byte */

void ak_reference_refuel(Reference *self) {
    ak_lexer_refuel(&self->lexer, LEXER_FUEL);
    self->chart.fuel = CHART_FUEL;
}

LexerState ak_reference_start(Reference *self, Row row) {
    RowNode *node = &self->chart.rows.items[row];
    if (!node->lexer_start) node->lexer_start = ak_lexer_start(&self->lexer, ak_earley_allowed(&self->chart, row));
    return node->lexer_start;
}

/* ---- Items that must differ (unique.h): in the most obvious way, an expression has all that an item may be */

static const uint8_t *roles_of(const Reference *self) {
    return self->program->tables.roles;
}

static bool push_byte(Reference *self, Cursor *cursor, uint8_t byte) {
    uint32_t length = self->bytes.count ? self->bytes.items[cursor->text].length + 1 : 0;
    if (!roles_of(self)) return true;
    if (!ak_vec_push(&self->arena, &self->bytes, (ReferenceByte){cursor->text, length, byte})) return false;
    return cursor->text = (uint32_t)self->bytes.count - 1, true;
}

/* The value of the pending lexeme, a JSON string. */
static Str value_of(Reference *self, Cursor cursor) {
    size_t length = self->bytes.items[cursor.text].length;
    char *text = ak_new_array(&self->arena, char, length + 1);
    if (!text) return (Str){0};
    for (uint32_t at = cursor.text; at; at = self->bytes.items[at].before)
        text[self->bytes.items[at].length - 1] = (char)self->bytes.items[at].byte;
    yyjson_doc *doc = ak_json_parse(&self->arena, (Str){text, length}, NULL, NULL);
    return doc ? ak_json_str(yyjson_doc_get_root(doc)) : (Str){0};
}

/* The pending lexeme ends, as those. */
static bool end_lexemes(Reference *self, Cursor *cursor, const uint32_t *lexemes, uint32_t count) {
    bool opens = false, is_item = false;
    for (uint32_t i = 0; roles_of(self) && i < count; i++) {
        opens |= roles_of(self)[lexemes[i]] == ROLE_OPENING;
        is_item |= roles_of(self)[lexemes[i]] == ROLE_ITEM;
    }
    if (is_item) {
        Exprs *exprs = &self->lexer.exprs;
        Str value = value_of(self, *cursor);
        Expr texts = value.data ? ak_json_quoted(exprs, ak_json_spellings(exprs, value)) : (Expr)AK_EXPR_FAILED;
        texts = ak_expr_or(exprs, self->items.items[cursor->item].texts, texts);
        if (!texts || !ak_vec_push(&self->arena, &self->items, (ReferenceItem){texts})) return false;
        cursor->item = (uint32_t)self->items.count - 1;
    }
    if (opens) cursor->item = 0;
    return cursor->text = 0, true;
}

/* The state of the lexer at the cursor's row, when it may be an item there that came before. */
static LexerState start_of_others(Reference *self, const Cursor *cursor) {
    if (!cursor->item) return ak_reference_start(self, cursor->row);
    return ak_lexer_start_but(&self->lexer, ak_earley_allowed(&self->chart, cursor->row), roles_of(self),
                              self->items.items[cursor->item].texts);
}

/* Any byte is a class of its own: any value may come. */
static bool init_lexer(Reference *self) {
    const ananke_program *program = self->program;
    const GrammarTables *tables = &program->tables;
    Exprs exprs = program->exprs;
    if (tables->roles) {
        if (!ak_exprs_copy(&exprs, &program->exprs, &self->arena, UINT64_MAX)) return false;
        for (unsigned byte = 0; byte < 256; byte++) ak_expr_byte(&exprs, (uint8_t)byte);
        ak_exprs_seal(&exprs);
        if (!ak_vec_push(&self->arena, &self->items, (ReferenceItem){AK_EXPR_NOTHING}) ||
            !ak_vec_push(&self->arena, &self->bytes, (ReferenceByte){0}))
            return false;
    }
    return ak_lexer_init(&self->lexer, &self->arena, &exprs, tables->lexemes, tables->lexeme_count, tables->lazy);
}

/* ---- Steps */

ReferenceStep ak_reference_close(Reference *self, Cursor cursor, Cursor *closed) {
    *closed = cursor;
    if (cursor.is_fresh) return REFERENCE_TAKEN;
    closed->tokens = 0;
    uint32_t count, number;
    const uint32_t *lexemes = ak_lexer_ending(&self->lexer, cursor.state, &count, &number);
    if (count == 0) return REFERENCE_REFUSED;
    closed->row = ak_earley_scan(&self->chart, cursor.row, lexemes, count, number);
    if (closed->row == ROW_FAILED || !end_lexemes(self, closed, lexemes, count)) return REFERENCE_FAILED;
    closed->state = start_of_others(self, closed);
    return closed->state == LEXER_FAILED ? REFERENCE_FAILED : REFERENCE_TAKEN;
}

ReferenceStep ak_reference_step(Reference *self, Cursor *cursor, uint8_t byte) {
    LexerState next = ak_lexer_next(&self->lexer, cursor->state, byte);
    if (next > LEXER_DEAD) {
        cursor->state = next, cursor->is_fresh = false;
        return push_byte(self, cursor, byte) ? REFERENCE_TAKEN : REFERENCE_FAILED;
    }
    if (next == LEXER_FAILED) return REFERENCE_FAILED;
    if (cursor->is_fresh) return REFERENCE_REFUSED;
    Cursor closed;
    ReferenceStep result = ak_reference_close(self, *cursor, &closed);
    if (result != REFERENCE_TAKEN) return result;
    closed.state = ak_lexer_next(&self->lexer, closed.state, byte);
    if (closed.state == LEXER_FAILED) return REFERENCE_FAILED;
    if (closed.state == LEXER_DEAD) return REFERENCE_REFUSED;
    *cursor = closed;
    return push_byte(self, cursor, byte) ? REFERENCE_TAKEN : REFERENCE_FAILED;
}

/* Visits the sets of tokens that may come after a row: the next one's number, from `from` on; SIZE_MAX: no more. */
static size_t next_set(const Reference *self, Row row, size_t from) {
    const GrammarTables *tables = &self->program->tables;
    const uint32_t *allowed = ak_earley_allowed(&self->chart, row);
    size_t at = ak_bits_next(allowed, tables->terminal_count, from);
    while (at != SIZE_MAX && !tables->tokens[at].count) at = ak_bits_next(allowed, tables->terminal_count, at + 1);
    return at;
}

/* Rows that tokens lead to are told from those that endings lead to. */
static uint32_t token_cause(uint32_t token) {
    return UINT32_C(1) << 31 | token;
}

ReferenceStep ak_reference_step_token(Reference *self, Cursor *cursor, uint32_t token) {
    const GrammarTables *tables = &self->program->tables;
    VEC(uint32_t) sets = {0};
    Cursor closed;
    if (!tables->tokens) return REFERENCE_REFUSED;
    ReferenceStep result = ak_reference_close(self, *cursor, &closed);
    if (result != REFERENCE_TAKEN) return result;
    for (size_t t = next_set(self, closed.row, 0); t != SIZE_MAX; t = next_set(self, closed.row, t + 1)) {
        bool is_in = ak_token_set_has(&tables->tokens[t], token);
        if (is_in && !ak_vec_push(&self->arena, &sets, (uint32_t)t)) return REFERENCE_FAILED;
    }
    if (!sets.count) return REFERENCE_REFUSED;
    Row row = ak_earley_scan(&self->chart, closed.row, sets.items, (uint32_t)sets.count, token_cause(token));
    if (row == ROW_FAILED) return REFERENCE_FAILED;
    Cursor there = {.row = row, .state = ak_reference_start(self, row), .is_fresh = true};
    if (there.state == LEXER_FAILED) return REFERENCE_FAILED;
    *cursor = there;
    return REFERENCE_TAKEN;
}

bool ak_reference_fail(Reference *self, ananke_error *err) {
    self->error = (ananke_error){0};
    self->is_failed = true;
    if (self->arena.failed) ak_fail_memory(&self->error, &self->arena);
    else if (self->lexer.exprs.exhausted)
        ak_fail(&self->error, ANANKE_ERROR_LIMIT, "the lexer takes too many steps or states");
    else
        ak_fail(&self->error, ANANKE_ERROR_LIMIT,
                "the parser takes too many steps: the grammar is too ambiguous for this text");
    if (err) *err = self->error;
    ak_reference_tidy(self);
    return false;
}

/* ---- Making and freeing */

static bool begin(Reference *self) {
    const ananke_program *program = self->program;
    self->cursor = (Cursor){.is_fresh = true};
    self->is_ended = self->is_failed = false, self->steps = 0;
    if (!init_lexer(self)) return false;
    if (!ak_earley_init(&self->chart, &program->tables, &self->arena)) return false;
    self->cursor.state = ak_reference_start(self, 0);
    return self->cursor.state != LEXER_FAILED;
}

static Reference *allocate(const ananke_program *program, ananke_error *err) {
    ananke_context context = {.allocator = &program->arena.allocator, .memory_limit = program->memory_limit};
    if (!context.memory_limit) context.memory_limit = DEFAULT_MEMORY;
    Reference *self = ak_object_new(&context, sizeof *self, offsetof(Reference, arena));
    if (!self) return ak_fail(err, ANANKE_ERROR_MEMORY, "out of memory"), NULL;
    self->program = program;
    return self;
}

Reference *ak_reference_new(const ananke_program *program, ananke_error *err) {
    Reference *self = allocate(program, err);
    if (!self || begin(self)) return self;
    ak_fail_memory(err, &self->arena);
    ak_reference_free(self);
    return NULL;
}

void ak_reference_free(Reference *matcher) {
    ak_object_free(matcher, sizeof *matcher, offsetof(Reference, arena));
}

/* ---- Masks */

static void allow_token(const ananke_vocab *vocab, uint32_t token, uint32_t *row) {
    for (; token != AK_TOKEN_NONE; token = vocab->aliases[token]) ak_bits_set(row, token);
}

/* Depth first through the trie: path[d] is the cursor after the d bytes above the node. A refused byte leaves its
 * whole subtree out. */
static bool walk(Reference *self, uint32_t *row) {
    const ananke_vocab *vocab = self->program->vocab;
    const Trie *trie = &vocab->trie;
    self->path.count = 0;
    if (!ak_vec_push(&self->arena, &self->path, self->cursor)) return false;
    for (uint32_t at = 0; at < trie->count;) {
        size_t depth = trie->depths[at];
        Cursor cursor = self->path.items[depth - 1];
        ReferenceStep result = ak_reference_step(self, &cursor, trie->bytes[at]);
        if (result == REFERENCE_FAILED) return false;
        if (result == REFERENCE_REFUSED) {
            at = trie->ends[at];
            continue;
        }
        self->path.count = depth;
        if (!ak_vec_push(&self->arena, &self->path, cursor)) return false;
        allow_token(vocab, trie->tokens[at], row);
        at++;
    }
    return true;
}

/* Adds the tokens that may be read as a whole. */
static bool add_sets(Reference *self, uint32_t *row) {
    const TokenSet *sets = self->program->tables.tokens;
    Cursor closed;
    if (!sets) return true;
    ReferenceStep result = ak_reference_close(self, self->cursor, &closed);
    if (result != REFERENCE_TAKEN) return result == REFERENCE_REFUSED;
    for (size_t t = next_set(self, closed.row, 0); t != SIZE_MAX; t = next_set(self, closed.row, t + 1))
        ak_token_set_fill(&sets[t], row);
    return true;
}

/* Whether the text may end at the cursor. */
static ReferenceStep may_end(Reference *self) {
    Cursor closed;
    ReferenceStep result = ak_reference_close(self, self->cursor, &closed);
    if (result == REFERENCE_TAKEN && !self->chart.rows.items[closed.row].is_accepting) result = REFERENCE_REFUSED;
    if (result != REFERENCE_FAILED) ak_reference_tidy(self);
    return result;
}

static bool stopped(const Reference *self, ananke_error *err) {
    if (self->is_failed && err) *err = self->error;
    return self->is_failed;
}

bool ak_reference_fill_mask(Reference *matcher, uint32_t *row, size_t words, ananke_error *err) {
    const ananke_vocab *vocab = matcher->program->vocab;
    if (words < ak_bits_words(vocab->size))
        return ak_fail(err, ANANKE_ERROR_USAGE, "the mask row is shorter than the vocabulary");
    memset(row, 0, words * sizeof *row);
    if (stopped(matcher, err)) return false;
    ak_reference_refuel(matcher);
    if (!matcher->is_ended && !(walk(matcher, row) && add_sets(matcher, row))) return ak_reference_fail(matcher, err);
    ak_reference_tidy(matcher);
    ReferenceStep end = matcher->is_ended ? REFERENCE_TAKEN : may_end(matcher);
    if (end == REFERENCE_FAILED) return ak_reference_fail(matcher, err);
    for (size_t i = 0; i < vocab->eos_count && end == REFERENCE_TAKEN; i++) ak_bits_set(row, vocab->eos[i]);
    return true;
}

/* ---- Limits */

/* The only byte that may come next, and the cursor behind it. */
static ReferenceStep only_byte(Reference *self, Cursor *cursor, uint8_t *byte) {
    Cursor from = *cursor;
    uint32_t ways = 0;
    for (unsigned b = 0; b < 256; b++) {
        Cursor to = from;
        ReferenceStep result = ak_reference_step(self, &to, (uint8_t)b);
        if (result == REFERENCE_FAILED) return result;
        if (result == REFERENCE_TAKEN) ways++, *cursor = to, *byte = (uint8_t)b;
    }
    return ways == 1 ? REFERENCE_TAKEN : REFERENCE_REFUSED;
}

/* Whether something else than a byte may come: the end of the text, or a token that is read as a whole. */
static ReferenceStep may_leave(Reference *self, Cursor cursor) {
    Cursor closed;
    ReferenceStep result = ak_reference_close(self, cursor, &closed);
    if (result != REFERENCE_TAKEN) return result;
    if (self->chart.rows.items[closed.row].is_accepting) return REFERENCE_TAKEN;
    bool has_set = self->program->tables.tokens && next_set(self, closed.row, 0) != SIZE_MAX;
    return has_set ? REFERENCE_TAKEN : REFERENCE_REFUSED;
}

ReferenceStep ak_reference_is_forced(Reference *self, Str bytes) {
    Cursor cursor = self->cursor;
    ReferenceStep result = REFERENCE_TAKEN;
    for (size_t i = 0; i < bytes.length && result == REFERENCE_TAKEN; i++) {
        uint8_t byte = 0;
        ReferenceStep other = may_leave(self, cursor);
        if (other == REFERENCE_FAILED) return other;
        result = other == REFERENCE_TAKEN ? REFERENCE_REFUSED : only_byte(self, &cursor, &byte);
        if (result == REFERENCE_TAKEN && byte != (uint8_t)bytes.data[i]) result = REFERENCE_REFUSED;
    }
    if (result != REFERENCE_FAILED) ak_reference_tidy(self);
    return result;
}

/* The lexemes that are pending, as a set; NULL when nothing is, or out of memory. */
static uint32_t *pending_lexemes(Reference *self) {
    uint32_t count, *set = ak_new_array(&self->arena, uint32_t, self->program->tables.lexeme_words);
    const LexerPart *parts = ak_lexer_parts(&self->lexer, self->cursor.state, &count);
    for (uint32_t i = 0; set && i < count; i++) ak_bits_set(set, parts[i].lexeme);
    return set;
}

/* Behind what is used up, as if it ended here: the texts of rules, and the lexemes of `state`, which are all that is left. */
static ReferenceStep cut(Reference *self, LexerState state, const BegunList *used) {
    const GrammarTables *tables = &self->program->tables;
    uint32_t count = 0, number;
    const uint32_t *lexemes = NULL;
    if (state != LEXER_DEAD && !self->cursor.is_fresh)
        lexemes = ak_lexer_cut(&self->lexer, state, tables->max_tokens, &count, &number);
    if (!lexemes && !used->count) return REFERENCE_FAILED;
    Row row = ak_earley_cut(&self->chart, used, lexemes, lexemes ? count : 0);
    if (row == ROW_FAILED) return REFERENCE_FAILED;
    self->cursor = (Cursor){.row = row, .state = ak_reference_start(self, row), .is_fresh = true};
    return self->cursor.state == LEXER_FAILED ? REFERENCE_FAILED : REFERENCE_TAKEN;
}

/* First the rules that are used up are left, then the lexemes. */
static ReferenceStep use_up(Reference *self) {
    const GrammarTables *tables = &self->program->tables;
    Cursor *cursor = &self->cursor;
    uint32_t *lexemes = cursor->is_fresh ? NULL : pending_lexemes(self);
    if (!lexemes && !cursor->is_fresh) return REFERENCE_FAILED;
    if (!ak_earley_used(&self->chart, lexemes, &self->used)) return REFERENCE_FAILED;
    LexerState state = cursor->state, rest;
    if (self->used.count) {
        if (!ak_earley_leave(&self->chart, &self->used)) return REFERENCE_FAILED;
        state = cursor->is_fresh ? ak_reference_start(self, cursor->row)
                                 : ak_lexer_among(&self->lexer, state, ak_earley_allowed(&self->chart, cursor->row));
    }
    bool has_limits = tables->max_tokens && !cursor->is_fresh;
    rest = has_limits ? ak_lexer_unlimited(&self->lexer, state, tables->max_tokens, cursor->tokens) : state;
    if (state == LEXER_FAILED || rest == LEXER_FAILED) return REFERENCE_FAILED;
    bool may_end = cursor->is_fresh && self->chart.rows.items[cursor->row].is_accepting;
    if (rest == LEXER_DEAD && !may_end) return cut(self, state, &self->used);
    cursor->state = rest;
    return REFERENCE_TAKEN;
}

ReferenceStep ak_reference_end_token(Reference *self, bool is_forced) {
    const GrammarTables *tables = &self->program->tables;
    self->chart.tokens++;
    if (self->cursor.is_fresh) self->chart.rows.items[self->cursor.row].tokens++; /* the row is behind the token */
    else self->cursor.tokens++;
    if (is_forced || !(tables->max_tokens || tables->rule_limits)) return REFERENCE_TAKEN;
    ak_reference_tidy(self);
    return use_up(self);
}

/* ---- Moving */

/* Moves over bytes, or not at all; `*taken` is how many were accepted. */
static ReferenceStep move(Reference *self, const uint8_t *bytes, size_t length, size_t *taken) {
    Cursor cursor = self->cursor;
    ReferenceStep result = REFERENCE_TAKEN;
    for (*taken = 0; *taken < length; ++*taken) {
        result = ak_reference_step(self, &cursor, bytes[*taken]);
        if (result != REFERENCE_TAKEN) break;
    }
    if (result == REFERENCE_TAKEN) self->cursor = cursor;
    if (result != REFERENCE_FAILED) ak_reference_tidy(self);
    return result;
}

static bool is_eos(const ananke_vocab *vocab, uint32_t token) {
    for (size_t i = 0; i < vocab->eos_count; i++) {
        if (vocab->eos[i] == token) return true;
    }
    return false;
}

static ReferenceStep take_whole(Reference *self, uint32_t token) {
    Cursor cursor = self->cursor;
    ReferenceStep result = ak_reference_step_token(self, &cursor, token);
    if (result == REFERENCE_TAKEN) self->cursor = cursor;
    if (result != REFERENCE_FAILED) ak_reference_tidy(self);
    return result == REFERENCE_TAKEN ? ak_reference_end_token(self, false) : result;
}

/* Takes a token as text. */
static ReferenceStep take_text(Reference *self, Str bytes, size_t *taken) {
    const GrammarTables *tables = &self->program->tables;
    bool has_limits = tables->max_tokens || tables->rule_limits;
    ReferenceStep forced = has_limits ? ak_reference_is_forced(self, bytes) : REFERENCE_TAKEN;
    if (forced == REFERENCE_FAILED) return forced;
    ReferenceStep result = move(self, (const uint8_t *)bytes.data, bytes.length, taken);
    return result == REFERENCE_TAKEN ? ak_reference_end_token(self, forced == REFERENCE_TAKEN) : result;
}

/* Takes one token: as the end where that may be, else as what a set has, else as text. */
static ReferenceStep take(Reference *self, uint32_t token, size_t *taken) {
    const ananke_vocab *vocab = self->program->vocab;
    *taken = 0;
    if (is_eos(vocab, token)) {
        ReferenceStep end = self->is_ended ? REFERENCE_TAKEN : may_end(self);
        if (end == REFERENCE_TAKEN) self->is_ended = true;
        if (end != REFERENCE_REFUSED) return end;
    }
    if (self->is_ended) return REFERENCE_REFUSED;
    ReferenceStep whole = take_whole(self, token);
    Str bytes = ak_vocab_str(vocab, token);
    if (whole != REFERENCE_REFUSED || bytes.length == 0) return whole;
    return take_text(self, bytes, taken);
}

bool ak_reference_consume(Reference *self, uint32_t token, ananke_error *err) {
    if (stopped(self, err)) return false;
    ak_reference_refuel(self);
    size_t taken;
    ReferenceStep result = take(self, token, &taken);
    if (result == REFERENCE_FAILED) return ak_reference_fail(self, err);
    uint32_t most = self->program->tables.text_tokens;
    if (result == REFERENCE_TAKEN) self->steps++;
    if (most && self->steps >= most) self->is_ended = true;
    return result == REFERENCE_TAKEN || ak_fail(err, ANANKE_ERROR_REFUSED, "token %u is not allowed here", token);
}

bool ak_reference_consume_bytes(Reference *self, Str bytes, ananke_error *err) {
    if (stopped(self, err)) return false;
    ak_reference_refuel(self);
    size_t taken = 0;
    ReferenceStep result = self->is_ended && bytes.length
                               ? REFERENCE_REFUSED
                               : move(self, (const uint8_t *)bytes.data, bytes.length, &taken);
    if (result == REFERENCE_FAILED) return ak_reference_fail(self, err);
    if (result == REFERENCE_TAKEN) self->steps++;
    return result == REFERENCE_TAKEN || ak_fail(err, ANANKE_ERROR_REFUSED, "byte %zu is not allowed here", taken);
}

bool ak_reference_is_accepting(Reference *self) {
    if (self->is_failed || self->is_ended) return self->is_ended;
    ak_reference_refuel(self);
    ReferenceStep end = may_end(self);
    if (end == REFERENCE_FAILED) ak_reference_fail(self, NULL);
    return end == REFERENCE_TAKEN;
}
