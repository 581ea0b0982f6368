/* Three steps: the text's lexemes, the chart, and the way back from its end. A lexeme that is captured without its end
 * is read once more. */
#include "mask/capture.h"
#include "base/bitset.h"
#include "base/buf.h"
#include "base/table.h"

enum { NONE = UINT32_MAX, EMPTY = UINT32_MAX - 1, CUTS = UINT32_MAX / 2 + 1, MAX_STEPS = 30000000 };

/* An item of the chart, and how it came about first: `back` with the dot one place further, over `child`, a complete
 * item, over an EMPTY rule, over a lexeme (NONE) or, from CUTS on, over the text of a rule that was cut off. At the beginning of a
 * body `back` is what predicted it. */
typedef struct Link {
    Dot dot;
    uint32_t row, origin;
    uint32_t back, child;
    bool is_left; /* it went on in a text that is used up (limit.h), and nothing goes on from it any more */
} Link;

/* What is between two lexemes. */
typedef struct Border {
    size_t end, begin; /* bytes of the text: where the lexeme before it ends, and the next one begins */
    uint32_t first;    /* of its links */
    Row row;           /* the reference's, behind what was ignored there */
} Border;

/* Items each of which waits, where the next one's body began, for the rule of that: spines[first … first+count-1]. */
typedef struct Spine {
    uint32_t row; /* where the text of the first one's rule began */
    size_t first, count;
} Spine;

/* A link that is tried out for a spine, and what was tried before it; NONE: the spine ends with it. */
typedef struct Try {
    uint32_t link, before;
} Try;

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
    VEC(uint32_t) spines;
    VEC(Spine) cuts; /* texts that were cut off: the spines that they had then */
    VEC(Try) tries;
    BegunList barred;      /* texts that are used up, by our rows */
    VEC(uint32_t) goes_on; /* sets of rules by row, scratch */
    uint64_t steps;        /* left */
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
        if (place.kind != PLACE_RULE || place.symbol != rule || link.is_left) continue;
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

static bool begin_row(Finding *self, Row row) {
    Border border = {self->text.length, self->text.length, (uint32_t)self->links.count, row};
    return ak_vec_push(self->arena, &self->rows, border);
}

static bool begin_chart(Finding *self) {
    return ak_dots_init(&self->roster_dots, self->tables, self->arena) && begin_row(self, 0) &&
           add(self, (Link){.dot = self->tables->start, .back = NONE, .child = NONE}) && close_row(self);
}

/* Moves the links of the row before the newest that wait for one of `lexemes` on. */
static bool scan_links(Finding *self, const uint32_t *lexemes, uint32_t count) {
    uint32_t first = self->rows.items[self->rows.count - 2].first, end = self->rows.items[self->rows.count - 1].first;
    for (uint32_t i = first; i < end; i++) {
        Link link = self->links.items[i];
        Place place = place_at(self, link.dot);
        bool goes_on = false;
        for (uint32_t k = 0; k < count && place.kind == PLACE_TERMINAL && !link.is_left && !goes_on; k++)
            goes_on = lexemes[k] == place.symbol;
        if (goes_on && !add(self, (Link){.dot = link.dot + 1, .origin = link.origin, .back = i, .child = NONE}))
            return false;
    }
    return true;
}

/* A row behind one of `lexemes`, which end at the offset, as the reference's `row` is; ignored ones only move the border. */
static bool scan(Finding *self, const uint32_t *lexemes, uint32_t count, Row row) {
    Border *last = &self->rows.items[self->rows.count - 1];
    if (lexemes[count - 1] >= self->tables->terminal_count)
        return last->begin = self->text.length, last->row = row, true;
    return begin_row(self, row) && scan_links(self, lexemes, count) && close_row(self);
}

/* ---- Spines */

static uint32_t left_of(const Finding *self, Dot dot) {
    const Place *place = &self->tables->places[ak_dots_base(&self->roster_dots, dot)];
    while (place->kind != PLACE_END) place++;
    return place->symbol;
}

static bool try_link(Finding *self, uint32_t link, uint32_t before) {
    return ak_vec_push(self->arena, &self->tries, ((Try){link, before}));
}

static bool keep_spine(Finding *self, uint32_t at, uint32_t row, Spine *spine) {
    *spine = (Spine){.row = row, .first = self->spines.count};
    for (; at != NONE; at = self->tries.items[at].before) {
        if (!ak_vec_push(self->arena, &self->spines, self->tries.items[at].link)) return false;
    }
    spine->count = self->spines.count - spine->first;
    return true;
}

/* The shortest spine from the text of `rule` that began at `row` to one of the links that are tried; empty: there is none. */
static bool climb(Finding *self, uint32_t rule, uint32_t row, Spine *spine) {
    bool *seen = ak_new_array(self->arena, bool, self->links.count);
    *spine = (Spine){0};
    if (!seen) return false;
    for (uint32_t i = 0; i < self->tries.count; i++) {
        Link link = self->links.items[self->tries.items[i].link];
        uint32_t left = left_of(self, link.dot), first = self->rows.items[link.origin].first;
        if (left == rule && link.origin == row) return keep_spine(self, i, row, spine);
        for (uint32_t k = first; k < row_end(self, link.origin); k++) {
            const Link *other = &self->links.items[k];
            Place place = place_at(self, other->dot);
            if (place.kind != PLACE_RULE || place.symbol != left || other->is_left || seen[k]) continue;
            seen[k] = true;
            if (!try_link(self, k, i)) return false;
        }
        if (!burn(self, 1 + row_end(self, link.origin) - first)) return false;
    }
    return true;
}

/* ---- Limits */

/* Of the newest row's links that wait for lexemes, those that wait for a pending one come first. */
static bool try_waiting(Finding *self, LexerState pending) {
    uint32_t count, newest = (uint32_t)self->rows.count - 1;
    const LexerPart *parts = ak_lexer_parts(&self->reference->lexer, pending, &count);
    self->tries.count = 0;
    for (int round = 0; round < 2; round++) {
        for (uint32_t i = self->rows.items[newest].first; i < self->links.count; i++) {
            Place place = place_at(self, self->links.items[i].dot);
            bool is_pending = false;
            for (uint32_t k = 0; k < count && !is_pending; k++) is_pending = parts[k].lexeme == place.symbol;
            if (place.kind != PLACE_TERMINAL || self->links.items[i].is_left || is_pending == (round > 0)) continue;
            if (!try_link(self, i, NONE)) return false;
        }
    }
    return burn(self, self->links.count - self->rows.items[newest].first);
}

/* Our rows of the texts that are used up. */
static bool find_barred(Finding *self, const BegunList *used) {
    for (size_t i = 0; i < used->count; i++) {
        uint32_t row = (uint32_t)self->rows.count;
        while (row > 0 && self->rows.items[row - 1].row > used->items[i].row) row--;
        if (row == 0 || self->rows.items[row - 1].row != used->items[i].row) continue;
        if (!ak_vec_push(self->arena, &self->barred, ((Begun){row - 1, used->items[i].rule}))) return false;
    }
    return true;
}

/* The spines of what is used up, before it is left. */
static bool keep_cuts(Finding *self, size_t first, LexerState pending) {
    for (size_t i = first; i < self->barred.count; i++) {
        Spine spine;
        if (!try_waiting(self, pending)) return false;
        if (!climb(self, self->barred.items[i].rule, self->barred.items[i].row, &spine)) return false;
        spine.row = self->barred.items[i].row;
        if (!ak_vec_push(self->arena, &self->cuts, spine)) return false;
    }
    return true;
}

static bool is_barred(const Finding *self, uint32_t row, uint32_t rule) {
    for (size_t i = 0; i < self->barred.count; i++) {
        if (self->barred.items[i].row == row && self->barred.items[i].rule == rule) return true;
    }
    return false;
}

/* Finds out which rules something in the row still waits for, and leaves the links of all others. */
static bool leave_row(Finding *self, uint32_t row) {
    uint32_t first = self->rows.items[row].first, end = row_end(self, row), words = self->tables->rule_words;
    bool *is_left = ak_new_array(self->arena, bool, (size_t)(end - first));
    if (!is_left) return false;
    memset(is_left, true, end - first);
    for (bool is_news = true; is_news;) {
        is_news = false;
        for (uint32_t i = first; i < end; i++) {
            const Link *link = &self->links.items[i];
            uint32_t left = left_of(self, link->dot);
            if (!is_left[i - first] || link->is_left) continue;
            const uint32_t *rules = self->goes_on.items + (size_t)link->origin * words;
            if (left != self->tables->start_rule && !ak_bits_get(rules, left)) continue;
            is_left[i - first] = false, is_news = true;
            Place place = place_at(self, link->dot);
            if (place.kind == PLACE_RULE && !is_barred(self, row, place.symbol))
                ak_bits_set(self->goes_on.items + (size_t)row * words, place.symbol);
        }
        if (!burn(self, 1 + end - first)) return false;
    }
    for (uint32_t i = first; i < end; i++) self->links.items[i].is_left = is_left[i - first];
    return true;
}

static bool leave(Finding *self) {
    size_t words = self->rows.count * self->tables->rule_words;
    if (!burn(self, words) || !ak_vec_reserve(self->arena, &self->goes_on, words)) return false;
    memset(self->goes_on.items, 0, words * sizeof *self->goes_on.items);
    for (uint32_t row = 0; row < self->rows.count; row++) {
        if (!leave_row(self, row)) return false;
    }
    return true;
}

/* What waits for the texts that are cut off goes on. */
static bool complete_cuts(Finding *self, size_t first) {
    for (size_t i = first; i < self->barred.count; i++) {
        Begun text = self->barred.items[i];
        for (uint32_t k = self->rows.items[text.row].first; k < row_end(self, text.row); k++) {
            Link link = self->links.items[k];
            Place place = place_at(self, link.dot);
            if (place.kind != PLACE_RULE || place.symbol != text.rule || link.is_left) continue;
            Link over = {.dot = link.dot + 1, .origin = link.origin, .back = k, .child = CUTS + (uint32_t)i};
            if (!add(self, over)) return false;
        }
    }
    return true;
}

/* ---- The text's lexemes */

/* The lexeme that was pending in `state` ends, behind which is the reference's `row`. */
static bool end_lexeme(Finding *self, LexerState state, Row row) {
    uint32_t count, number;
    const uint32_t *lexemes = ak_lexer_ending(&self->reference->lexer, state, &count, &number);
    return scan(self, lexemes, count, row);
}

static bool read_text(Finding *self, Str text) {
    Reference *reference = self->reference;
    for (size_t i = 0; i < text.length; i++) {
        Cursor before = reference->cursor;
        if (ak_reference_step(reference, &reference->cursor, (uint8_t)text.data[i]) != REFERENCE_TAKEN) return false;
        Row row = reference->cursor.row;
        if (row != before.row && !end_lexeme(self, before.state, row)) return false;
        ak_buf_byte(&self->text, text.data[i]);
    }
    return true;
}

/* The row behind what was cut off: texts of rules, from `first` on in the list of the barred ones, and lexemes. */
static bool scan_cut(Finding *self, Cursor before, size_t first) {
    Reference *reference = self->reference;
    uint32_t count = 0, number;
    const uint32_t *allowed = ak_earley_allowed(&reference->chart, before.row), *lexemes = NULL;
    LexerState state = before.is_fresh ? (LexerState)LEXER_DEAD : before.state;
    if (first < self->barred.count && state != LEXER_DEAD) state = ak_lexer_among(&reference->lexer, state, allowed);
    if (state > LEXER_DEAD) lexemes = ak_lexer_cut(&reference->lexer, state, self->tables->max_tokens, &count, &number);
    return begin_row(self, reference->cursor.row) && complete_cuts(self, first) &&
           (!lexemes || scan_links(self, lexemes, count)) && close_row(self);
}

/* The end of a token: what is used up is left, or cut off. */
static bool end_token(Finding *self, bool is_forced) {
    Reference *reference = self->reference;
    Cursor before = reference->cursor;
    size_t first = self->barred.count;
    reference->used.count = 0;
    if (ak_reference_end_token(reference, is_forced) != REFERENCE_TAKEN || !find_barred(self, &reference->used))
        return false;
    if (first < self->barred.count && !(keep_cuts(self, first, before.state) && leave(self))) return false;
    return reference->cursor.row == before.row || scan_cut(self, before, first);
}

/* As the reference takes a token as text (limit.h). */
static bool read_token_text(Finding *self, Str bytes) {
    Reference *reference = self->reference;
    bool has_limits = self->tables->max_tokens || self->tables->rule_limits;
    ReferenceStep forced = has_limits ? ak_reference_is_forced(reference, bytes) : REFERENCE_TAKEN;
    return forced != REFERENCE_FAILED && read_text(self, bytes) && end_token(self, forced == REFERENCE_TAKEN);
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
    return scan(self, sets.items, (uint32_t)sets.count, reference->cursor.row);
}

static bool read_token(Finding *self, uint32_t token) {
    Reference *reference = self->reference;
    Str bytes = ak_vocab_str(reference->program->vocab, token);
    Cursor before = reference->cursor;
    ReferenceStep step = ak_reference_step_token(reference, &reference->cursor, token);
    if (step == REFERENCE_FAILED) return false;
    ak_reference_tidy(reference);
    if (step == REFERENCE_REFUSED) return read_token_text(self, bytes);
    if (!before.is_fresh && !end_lexeme(self, before.state, reference->cursor.row - 1)) return false;
    ak_buf_str(&self->text, bytes);
    return scan_token(self, token) && end_token(self, false);
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
    uint32_t row =
        link->child >= CUTS ? self->cuts.items[link->child - CUTS].row : self->links.items[link->child].origin;
    return note_rule(self, over.symbol, self->rows.items[row].begin, to);
}

static bool is_body_start(const Finding *self, Dot dot) {
    const GrammarTables *tables = self->tables;
    return dot == tables->start || (dot < tables->place_count && tables->places[dot - 1].kind == PLACE_END);
}

typedef VEC(uint32_t) LinkStack;

/* Pushes the links of a spine, the last one to be gone back from first. */
static bool push_spine(Finding *self, LinkStack *stack, Spine spine) {
    for (size_t i = 0; i < spine.count; i++) {
        if (!ak_vec_push(self->arena, stack, self->spines.items[spine.first + i])) return false;
    }
    return true;
}

/* Pushes what is in a part of a body. */
static bool push_child(Finding *self, LinkStack *stack, uint32_t child) {
    if (child == NONE || child == EMPTY) return true;
    if (child >= CUTS) return push_spine(self, stack, self->cuts.items[child - CUTS]);
    return ak_vec_push(self->arena, stack, child);
}

/* Notes the captures, the last one first: a child, what is in it, and then what stands before it; and what the whole is part of. */
static bool walk_back(Finding *self, uint32_t last) {
    LinkStack stack = {0};
    Spine spine;
    self->tries.count = 0;
    if (!try_link(self, last, NONE) || !climb(self, self->tables->start_rule, 0, &spine)) return false;
    if (!push_spine(self, &stack, spine)) return false;
    while (stack.count) {
        Link link = self->links.items[stack.items[--stack.count]];
        if (is_body_start(self, link.dot)) continue;
        if (!note_child(self, &link) || !ak_vec_push(self->arena, &stack, link.back)) return false;
        if (!push_child(self, &stack, link.child)) return false;
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
        if (place.kind != PLACE_TERMINAL || self->links.items[i].is_left) continue;
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
    if (count && !end_lexeme(self, cursor.state, cursor.row + 1)) return false;
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
