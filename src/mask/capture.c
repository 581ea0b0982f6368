/* Three steps: the text's lexemes, the chart, and the way back from its end. A lexeme that is captured without its end
 * is read once more. */
#include "mask/capture.h"
#include "base/bitset.h"
#include "base/buf.h"
#include "base/table.h"

enum { NONE = UINT32_MAX, EMPTY = UINT32_MAX - 1, MAX_STEPS = 30000000 };

/* An item of the chart, and how it came about first: `back` with the dot one place further, over `child`, a complete
 * item, over an EMPTY rule or over a lexeme (NONE). At the beginning of a body `back` is what predicted it. */
typedef struct Link {
    Dot dot;
    uint32_t row, origin;
    uint32_t back, child;
} Link;

/* What is between two lexemes. */
typedef struct Border {
    size_t end, begin; /* bytes of the text: where the lexeme before it ends, and the next one begins */
    uint32_t first;    /* of its links */
} Border;

typedef struct Finding {
    Reference *reference;
    const GrammarTables *tables;
    Arena *arena;
    Buf text; /* that was read */
    VEC(Border) rows;
    VEC(Link) links;
    uint32_t *slots; /* hash table of the links: index + 1, 0 is free */
    size_t slot_count;
    RosterDots roster_dots;
    uint64_t steps; /* left */
    Captures *found;
} Finding;

static bool burn(Finding *self, uint64_t steps) {
    if (self->steps < steps) return false;
    self->steps -= steps;
    return true;
}

static Place place_at(const Finding *self, Dot dot) {
    return ak_dots_place(&self->roster_dots, dot);
}

/* ---- The chart */

static size_t find_slot(const Finding *self, const Link *link) {
    uint64_t key = ak_table_hash((uint64_t)link->row << 32 | link->dot) + link->origin;
    size_t at = ak_table_hash(key) & (self->slot_count - 1);
    for (; self->slots[at]; at = (at + 1) & (self->slot_count - 1)) {
        const Link *there = &self->links.items[self->slots[at] - 1];
        if (there->row == link->row && there->dot == link->dot && there->origin == link->origin) break;
    }
    return at;
}

static bool grow_slots(Finding *self) {
    self->slot_count = self->slot_count ? self->slot_count * 2 : 256;
    self->slots = ak_new_array(self->arena, uint32_t, self->slot_count);
    if (!self->slots) return false;
    for (size_t i = 0; i < self->links.count; i++)
        self->slots[find_slot(self, &self->links.items[i])] = (uint32_t)i + 1;
    return true;
}

/* Puts a link into the newest row, unless the item is there. */
static bool add(Finding *self, Link link) {
    link.row = (uint32_t)self->rows.count - 1;
    if (self->links.count >= EMPTY / 2 || !burn(self, 1)) return false;
    if (self->links.count * 2 >= self->slot_count && !grow_slots(self)) return false;
    size_t slot = find_slot(self, &link);
    if (self->slots[slot]) return true;
    self->slots[slot] = (uint32_t)self->links.count + 1;
    return ak_vec_push(self->arena, &self->links, link);
}

static uint32_t row_end(const Finding *self, uint32_t row) {
    return row + 1 < self->rows.count ? self->rows.items[row + 1].first : (uint32_t)self->links.count;
}

/* What waits for the rule of the complete item `child` in the row where that began goes on. */
static bool complete(Finding *self, uint32_t child, uint32_t rule) {
    uint32_t origin = self->links.items[child].origin, end = row_end(self, origin);
    for (uint32_t i = self->rows.items[origin].first; i < end; i++) {
        Link link = self->links.items[i];
        Place place = place_at(self, link.dot);
        if (place.kind != PLACE_RULE || place.symbol != rule) continue;
        if (!add(self, (Link){.dot = link.dot + 1, .origin = link.origin, .back = i, .child = child})) return false;
    }
    return burn(self, end - self->rows.items[origin].first);
}

static bool predict(Finding *self, uint32_t by, uint32_t rule) {
    const GrammarTables *tables = self->tables;
    uint32_t here = (uint32_t)self->rows.count - 1;
    for (uint32_t i = tables->rule_bodies[rule]; i < tables->rule_bodies[rule + 1]; i++) {
        if (!add(self, (Link){.dot = tables->bodies[i], .origin = here, .back = by, .child = NONE})) return false;
    }
    return true;
}

/* What may come in a roster behind the link. */
static bool follow(Finding *self, uint32_t index) {
    Link from = self->links.items[index];
    if (!ak_dots_follow(&self->roster_dots, from.dot)) return false;
    for (size_t i = 0; i < self->roster_dots.found.count; i++) {
        Link link = {.dot = self->roster_dots.found.items[i], .origin = from.origin, .back = index, .child = NONE};
        if (!add(self, link)) return false;
    }
    return burn(self, self->tables->rosters[place_at(self, from.dot).symbol].count);
}

/* Nullable rules are stepped over when they are predicted, so what is complete where it began has been dealt with. */
static bool close_row(Finding *self) {
    uint32_t here = (uint32_t)self->rows.count - 1;
    for (uint32_t i = self->rows.items[here].first; i < self->links.count; i++) {
        Link link = self->links.items[i];
        Place place = place_at(self, link.dot);
        Link over = {.dot = link.dot + 1, .origin = link.origin, .back = i, .child = EMPTY};
        bool ok = true;
        if (place.kind == PLACE_RULE) ok = predict(self, i, place.symbol) && (!place.is_nullable || add(self, over));
        else if (place.kind > PLACE_END) ok = follow(self, i);
        else if (place.kind == PLACE_END && link.origin != here && place.symbol != self->tables->start_rule)
            ok = complete(self, i, place.symbol);
        if (!ok) return false;
    }
    return true;
}

static bool begin_row(Finding *self) {
    Border border = {self->text.length, self->text.length, (uint32_t)self->links.count};
    return ak_vec_push(self->arena, &self->rows, border);
}

static bool begin_chart(Finding *self) {
    return ak_dots_init(&self->roster_dots, self->tables, self->arena) && begin_row(self) &&
           add(self, (Link){.dot = self->tables->start, .back = NONE, .child = NONE}) && close_row(self);
}

/* A row behind one of `lexemes`, which end at the offset; ignored ones only move the border. */
static bool scan(Finding *self, const uint32_t *lexemes, uint32_t count) {
    Border *last = &self->rows.items[self->rows.count - 1];
    if (lexemes[count - 1] >= self->tables->terminal_count) return last->begin = self->text.length, true;
    uint32_t first = last->first, end = (uint32_t)self->links.count;
    if (!begin_row(self)) return false;
    for (uint32_t i = first; i < end; i++) {
        Link link = self->links.items[i];
        Place place = place_at(self, link.dot);
        bool goes_on = false;
        for (uint32_t k = 0; k < count && place.kind == PLACE_TERMINAL && !goes_on; k++)
            goes_on = lexemes[k] == place.symbol;
        if (goes_on && !add(self, (Link){.dot = link.dot + 1, .origin = link.origin, .back = i, .child = NONE}))
            return false;
    }
    return close_row(self);
}

/* ---- The text's lexemes */

/* The lexeme that was pending in `state` ends. */
static bool end_lexeme(Finding *self, LexerState state) {
    uint32_t count, number;
    const uint32_t *lexemes = ak_lexer_ending(&self->reference->lexer, state, &count, &number);
    return scan(self, lexemes, count);
}

static bool read_text(Finding *self, Str text) {
    Reference *reference = self->reference;
    for (size_t i = 0; i < text.length; i++) {
        Cursor before = reference->cursor;
        if (ak_reference_step(reference, &reference->cursor, (uint8_t)text.data[i]) != REFERENCE_TAKEN) return false;
        if (reference->cursor.row != before.row && !end_lexeme(self, before.state)) return false;
        ak_buf_byte(&self->text, text.data[i]);
    }
    return true;
}

/* The end of a token that was read as text: a limit may cut the pending lexeme off. */
static bool end_token(Finding *self) {
    Reference *reference = self->reference;
    Cursor before = reference->cursor;
    if (ak_reference_end_token(reference, &reference->cursor) != REFERENCE_TAKEN) return false;
    if (reference->cursor.row == before.row) return true;
    uint32_t count, number;
    const uint32_t *lexemes = ak_lexer_cut(&reference->lexer, before.state, self->tables->max_tokens, &count, &number);
    return lexemes && scan(self, lexemes, count);
}

/* As the reference takes a token as text (limit.h). */
static bool read_token_text(Finding *self, Str bytes) {
    Reference *reference = self->reference;
    bool has_limits = self->tables->max_tokens != NULL;
    ReferenceStep forced = has_limits ? ak_reference_is_forced(reference, bytes) : REFERENCE_TAKEN;
    if (forced == REFERENCE_FAILED || !read_text(self, bytes)) return false;
    if (forced == REFERENCE_REFUSED) return end_token(self);
    reference->cursor.tokens++;
    return true;
}

/* The sets that a token was taken for: those of the row before the newest that have it. */
static bool scan_token(Finding *self, uint32_t token) {
    const GrammarTables *tables = self->tables;
    const Reference *reference = self->reference;
    const uint32_t *allowed = ak_earley_allowed(&reference->chart, reference->cursor.row - 1);
    VEC(uint32_t) sets = {0};
    for (uint32_t t = 0; t < tables->terminal_count; t++) {
        bool is_taken = ak_bits_get(allowed, t) && ak_token_set_has(&tables->tokens[t], token);
        if (is_taken && !ak_vec_push(self->arena, &sets, t)) return false;
    }
    return scan(self, sets.items, (uint32_t)sets.count);
}

static bool read_token(Finding *self, uint32_t token) {
    Reference *reference = self->reference;
    Str bytes = ak_vocab_str(reference->program->vocab, token);
    Cursor before = reference->cursor;
    ReferenceStep step = ak_reference_step_token(reference, &reference->cursor, token);
    if (step == REFERENCE_FAILED) return false;
    ak_reference_tidy(reference);
    if (step == REFERENCE_REFUSED) return read_token_text(self, bytes);
    if (!before.is_fresh && !end_lexeme(self, before.state)) return false;
    ak_buf_str(&self->text, bytes);
    return scan_token(self, token);
}

static bool read_step(void *data, const HistoryStep *step, Str bytes) {
    Finding *self = data;
    ak_reference_refuel(self->reference);
    if (step->token == AK_TOKEN_NONE) return read_text(self, bytes);
    bool is_mark = step->is_end && !ak_vocab_str(self->reference->program->vocab, step->token).length;
    return is_mark || read_token(self, step->token);
}

/* ---- Where a lexeme's end begins */

/* An end under way: where it began, and what is left of it. */
typedef struct Tail {
    size_t from;
    Expr rest;
} Tail;

typedef VEC(Tail) Tails;

/* Of two that go on alike the later one counts. */
static bool add_tail(Finding *self, Tails *tails, Tail tail) {
    if (tail.rest == AK_EXPR_FAILED || !burn(self, 1 + tails->count)) return false;
    if (tail.rest == AK_EXPR_NOTHING) return true;
    for (size_t i = 0; i < tails->count; i++) {
        Tail *other = &tails->items[i];
        if (other->rest != tail.rest) continue;
        if (other->from < tail.from) other->from = tail.from;
        return true;
    }
    return ak_vec_push(self->arena, tails, tail);
}

static bool step_tails(Finding *self, Tails *tails, uint32_t class) {
    size_t count = tails->count;
    tails->count = 0; /* what is added lies before what is still to be read */
    for (size_t i = 0; i < count; i++) {
        Tail tail = tails->items[i];
        tail.rest = ak_expr_derivative(&self->reference->lexer.exprs, tail.rest, class);
        if (!add_tail(self, tails, tail)) return false;
    }
    return true;
}

/* The text from `from` to `to` is the capture's body and then its end, which begins as late as it can, as llguidance
 * has it: the body is read once, and wherever it may be over an end begins. A lexeme that was cut off has none. */
static bool find_end(Finding *self, const RuleCapture *capture, size_t from, size_t to, size_t *at) {
    Exprs *exprs = &self->reference->lexer.exprs;
    Tails tails = {0};
    Expr body = capture->body;
    for (size_t i = from;; i++) {
        if (ak_expr_is_nullable(exprs, body) && !add_tail(self, &tails, (Tail){i, capture->end})) return false;
        if (i == to) break;
        uint32_t class = exprs->classes[(uint8_t)self->text.data[i]];
        body = ak_expr_derivative(exprs, body, class);
        if (!body || !step_tails(self, &tails, class)) return false;
    }
    bool is_whole = false;
    *at = to;
    for (size_t i = 0; i < tails.count; i++) {
        Tail tail = tails.items[i];
        if (!ak_expr_is_nullable(exprs, tail.rest) || (is_whole && tail.from < *at)) continue;
        *at = tail.from, is_whole = true;
    }
    return true;
}

/* ---- The way back */

static bool note(Finding *self, Str name, size_t from, size_t to) {
    ananke_capture capture = {name.data, name.length, from, to - from};
    return !name.length || ak_vec_push(self->arena, self->found, capture);
}

static bool note_rule(Finding *self, uint32_t rule, size_t from, size_t to) {
    if (rule >= self->tables->rule_count) return true;
    const RuleCapture *capture = &self->tables->captures[rule];
    if (from > to) from = to; /* nothing but what is ignored */
    size_t end = to;
    if (capture->body && !find_end(self, capture, from, to, &end)) return false;
    return note(self, capture->end_name, end, to) && note(self, capture->name, from, end);
}

static bool note_child(Finding *self, const Link *link) {
    Place over = place_at(self, link->dot - 1);
    size_t to = self->rows.items[link->row].end;
    if (link->child == EMPTY) return note_rule(self, over.symbol, to, to);
    if (link->child == NONE) return true;
    return note_rule(self, over.symbol, self->rows.items[self->links.items[link->child].origin].begin, to);
}

/* A link that is still to be gone back from. */
typedef struct Visit {
    uint32_t link;
    bool is_spine; /* its body goes on where the text ends: what it is part of is visited too, by what predicted it */
} Visit;

static bool is_body_start(const Finding *self, Dot dot) {
    const GrammarTables *tables = self->tables;
    return dot == tables->start || (dot < tables->place_count && tables->places[dot - 1].kind == PLACE_END);
}

/* Notes the captures, the last one first: a child, what is in it, and then what stands before it. */
static bool walk_back(Finding *self, uint32_t last) {
    VEC(Visit) stack = {0};
    Visit at = {last, true};
    while (at.link != NONE || stack.count) {
        if (at.link == NONE) at = stack.items[--stack.count];
        Link link = self->links.items[at.link];
        bool is_start = is_body_start(self, link.dot);
        if (!is_start && !note_child(self, &link)) return false;
        bool has_child = !is_start && link.child < EMPTY;
        if (has_child && !ak_vec_push(self->arena, &stack, ((Visit){link.back, at.is_spine}))) return false;
        if (has_child) at = (Visit){link.child, false};
        else at.link = is_start && !at.is_spine ? NONE : link.back;
    }
    return true;
}

/* The complete item of the start rule in the newest row. */
static uint32_t find_whole(const Finding *self) {
    for (uint32_t i = self->rows.items[self->rows.count - 1].first; i < self->links.count; i++) {
        if (self->links.items[i].dot == self->tables->start + 1) return i;
    }
    return NONE;
}

static bool is_pending(const Finding *self, uint32_t lexeme) {
    const Reference *reference = self->reference;
    uint32_t count;
    const LexerPart *parts = ak_lexer_parts(&reference->lexer, reference->cursor.state, &count);
    for (uint32_t i = 0; i < count; i++) {
        if (parts[i].lexeme == lexeme) return true;
    }
    return false;
}

/* The first item of the newest row that waits for a lexeme that is pending, or may begin. */
static uint32_t find_waiting(const Finding *self) {
    uint32_t other = NONE;
    for (uint32_t i = self->rows.items[self->rows.count - 1].first; i < self->links.count; i++) {
        Place place = place_at(self, self->links.items[i].dot);
        if (place.kind != PLACE_TERMINAL) continue;
        if (is_pending(self, place.symbol)) return i;
        if (other == NONE) other = i;
    }
    return other;
}

/* Whether what is pending has ended: it can be no longer than it is. */
static bool is_over(const Finding *self) {
    uint32_t count;
    const LexerPart *parts = ak_lexer_parts(&self->reference->lexer, self->reference->cursor.state, &count);
    for (uint32_t i = 0; i < count; i++) {
        if (parts[i].rest != AK_EXPR_EMPTY) return false;
    }
    return true;
}

/* Ends what is pending, for a moment if it may go on, to see whether the text is whole. */
static bool find_last(Finding *self, uint32_t *last) {
    uint32_t count = 0, number;
    Cursor cursor = self->reference->cursor;
    size_t rows = self->rows.count, links = self->links.count;
    if (!cursor.is_fresh) ak_lexer_ending(&self->reference->lexer, cursor.state, &count, &number);
    if (count && !end_lexeme(self, cursor.state)) return false;
    *last = cursor.is_fresh || count ? find_whole(self) : NONE;
    if (*last != NONE) return true;
    if (count && is_over(self)) return *last = find_waiting(self), true;
    self->rows.count = rows, self->links.count = links; /* nothing is added any more: the hash table may go stale */
    *last = find_waiting(self);
    return true;
}

static void reverse(Captures *list) {
    for (size_t i = 0; i < list->count / 2; i++) {
        ananke_capture *a = &list->items[i], *b = &list->items[list->count - 1 - i], kept = *a;
        *a = *b, *b = kept;
    }
}

bool ak_captures_find(Captures *found, Reference *reference, const History *history, Arena *arena) {
    Finding self = {.reference = reference,
                    .tables = &reference->program->tables,
                    .arena = arena,
                    .text = {.arena = arena},
                    .steps = MAX_STEPS,
                    .found = found};
    uint32_t last;
    if (!begin_chart(&self) || !ak_history_visit(history, read_step, &self) || !find_last(&self, &last)) return false;
    ak_reference_refuel(reference);
    if (last != NONE && !walk_back(&self, last)) return false;
    reverse(found);
    return ak_arena_ok(arena);
}
