/* Stacks, sets of heads, and the steps between them. */
#include "base/bitset.h"
#include "syntax/stacks_store.h"
#include <assert.h>
#include <stdlib.h>

static bool burn(Stacks *self, uint64_t steps) {
    if (self->fuel < steps) return self->fuel = 0, false;
    self->fuel -= steps;
    return true;
}

/* A stack, to go by it. */
static const StackNode *look_at(Stacks *self, Stack stack) {
    const StackNode *node = ak_stacks_at(self, stack);
    if (node->height < self->low) self->low = node->height;
    return node;
}

/* Heights are stored with one added; UINT32_MAX, nothing has been looked at, as a height that no stack has. */
static bool add_low(Stacks *self, Table *table, uint64_t key, uint32_t low) {
    return ak_table_add(table, self->arena, key, low == UINT32_MAX ? low : low + 1);
}

static void look_down_to(Stacks *self, uint32_t height) {
    if (height < self->low) self->low = height;
}

static uint32_t count_of(const Stacks *self, Heads heads) {
    return ak_stacks_count(self, heads << 2);
}

static Stack member(const Stacks *self, Heads heads, uint32_t i) {
    return ak_stacks_head(self, heads << 2, i);
}

static const SyntaxTerminal *terminal_at(const Stacks *self, uint32_t terminal) {
    return &self->syntax->terminals.items[terminal];
}

/* ---- A step: reductions, then a shift */

static int compare_numbers(const void *a, const void *b) {
    const uint32_t *left = a, *right = b;
    return (*left > *right) - (*left < *right);
}

static int compare_shifts(const void *a, const void *b) {
    const uint64_t *left = a, *right = b;
    return (*left > *right) - (*left < *right);
}

/* Sorts what was gathered and drops doubles. */
static uint32_t sort_gathered(Stacks *self) {
    uint32_t *items = self->gathered.items, kept = 0;
    if (self->gathered.count > 1) qsort(items, self->gathered.count, sizeof *items, compare_numbers);
    for (size_t i = 0; i < self->gathered.count; i++) {
        if (!kept || items[kept - 1] != items[i]) items[kept++] = items[i];
    }
    return kept;
}

static void close_all(Stacks *self) {
    for (size_t i = 0; i < self->open.count; i++) self->open_first[self->open.items[i].state] = 0;
    self->open.count = 0;
    ak_stacks_begin_round(&self->met_open);
}

static bool open_stack(Stacks *self, LrState state, uint16_t column, Stack under) {
    uint32_t *met = ak_stacks_meet(self, &self->met_open, state, under);
    if (!met) return false;
    if (*met) return true;
    if (!ak_vec_push(self->arena, &self->open, (OpenStack){state, column, under, self->open_first[state]}))
        return false;
    return *met = self->open_first[state] = (uint32_t)self->open.count, true;
}

/* Goes on, `left` states above what the reduction ends on. */
static bool reduce(Stacks *self, Stack at, uint32_t left, uint32_t rule) {
    const StackNode *node = look_at(self, at);
    if (!burn(self, 1)) return false;
    if (left == 0) {
        LrState to = ak_lr_goto(self->tables, node->state, rule);
        return !to || open_stack(self, to, 0, at);
    }
    for (uint32_t i = 0; i < node->count; i++) {
        if (!reduce(self, ak_stacks_below(self, node)[i], left - 1, rule)) return false;
    }
    return true;
}

/* All reductions before the terminal, of what is open. */
static bool reduce_all(Stacks *self, uint32_t terminal) {
    for (size_t i = 0; i < self->open.count; i++) {
        OpenStack top = self->open.items[i];
        const LrCell *cell = ak_lr_cell(self->tables, top.state, terminal);
        for (uint32_t k = 0; k < cell->count; k++) {
            LrReduction reduction = self->tables->reductions[cell->first + k];
            self->reductions++;
            if (!reduce(self, top.below, reduction.count - 1u, reduction.rule)) return false;
        }
    }
    return true;
}

/* Interns an open state with all that is below it, and notes the state that is shifted to. */
static bool shift(Stacks *self, LrState state, LrState to) {
    uint16_t column = self->open.items[self->open_first[state] - 1].column;
    self->gathered.count = 0;
    for (uint32_t at = self->open_first[state]; at; at = self->open.items[at - 1].next) {
        if (!ak_vec_push(self->arena, &self->gathered, self->open.items[at - 1].below)) return false;
    }
    Stack under = ak_stacks_intern(self, state, column, self->gathered.items, sort_gathered(self));
    return under && ak_vec_push(self->arena, &self->shifted, (uint64_t)to << 32 | under);
}

static bool shift_all(Stacks *self, uint32_t terminal) {
    for (size_t i = 0; i < self->open.count; i++) {
        LrState state = self->open.items[i].state;
        if (self->open_first[state] != i + 1) continue; /* the last with its state stands for all of them */
        LrState to = ak_lr_cell(self->tables, state, terminal)->shift;
        if (to && !shift(self, state, to)) return false;
    }
    return true;
}

/* While there is one stack and one thing to do. True when the terminal is shifted, or cannot be; else `*top` is where several things may be done. */
static bool run(Stacks *self, OpenStack *top, uint32_t terminal, LrState *to) {
    for (;;) {
        const LrCell *cell = ak_lr_cell(self->tables, top->state, terminal);
        *to = cell->shift;
        if (cell->count == 0) return true;
        if (cell->count > 1 || cell->shift) return false;
        LrReduction reduction = self->tables->reductions[cell->first];
        Stack at = top->below;
        for (uint32_t left = reduction.count - 1u; left; left--) {
            const StackNode *node = ak_stacks_at(self, at);
            if (node->count > 1) return false;
            at = node->below;
        }
        self->reductions++;
        top->below = at;
        top->state = ak_lr_goto(self->tables, look_at(self, at)->state, reduction.rule), top->column = 0;
        if (!top->state) return *to = 0, true;
    }
}

/* Adds to `shifted` what the head leads to over the terminal. */
static bool step_head(Stacks *self, Stack head, uint32_t terminal) {
    const StackNode *node = look_at(self, head);
    OpenStack top = {node->state, node->column, node->below, 0};
    LrState to;
    if (node->count == 1 && run(self, &top, terminal, &to)) {
        if (!to) return true;
        Stack under = ak_stacks_intern(self, top.state, top.column, &top.below, 1);
        return under && ak_vec_push(self->arena, &self->shifted, (uint64_t)to << 32 | under);
    }
    if (node->count == 1) return open_stack(self, top.state, top.column, top.below);
    for (uint32_t i = 0; i < node->count; i++) {
        if (!open_stack(self, node->state, node->column, ak_stacks_below(self, node)[i])) return false;
    }
    return true;
}

static bool step(Stacks *self, Stack head, uint32_t terminal) {
    close_all(self);
    return step_head(self, head, terminal) && reduce_all(self, terminal) && shift_all(self, terminal);
}

/* Makes the reductions that do not depend on what comes next: what differs in them only is one. Nothing wrong is read by that, it is found before
 * the next shift. */
static uint64_t settle(Stacks *self, uint64_t shifted) {
    for (;;) {
        LrReduction reduction = self->tables->defaults[shifted >> 32];
        Stack at = (Stack)shifted;
        if (reduction.count == 0) return shifted;
        for (uint32_t left = reduction.count - 1u; left; left--) {
            const StackNode *node = ak_stacks_at(self, at);
            if (node->count > 1) return look_down_to(self, node->height - 1), shifted;
            at = node->below;
        }
        LrState to = ak_lr_goto(self->tables, look_at(self, at)->state, reduction.rule);
        if (!to) return shifted;
        shifted = (uint64_t)to << 32 | at;
    }
}

/* The heads that were shifted to; those with one state are one. HEADS_NONE: there are none; 0 when out of memory. */
static Heads finish(Stacks *self) {
    Stack heads[HEADS_MAX];
    uint32_t count = 0;
    uint64_t *shifted = self->shifted.items;
    if (!self->shifted.count) return HEADS_NONE;
    for (size_t i = 0; i < self->shifted.count; i++) shifted[i] = settle(self, shifted[i]);
    if (self->shifted.count > 1) qsort(shifted, self->shifted.count, sizeof *shifted, compare_shifts);
    for (size_t i = 0; i < self->shifted.count;) {
        uint64_t state = shifted[i] >> 32;
        self->gathered.count = 0;
        for (; i < self->shifted.count && shifted[i] >> 32 == state; i++) {
            if (!ak_vec_push(self->arena, &self->gathered, (uint32_t)shifted[i])) return 0;
        }
        if (count == HEADS_MAX) return self->fuel = 0, 0;
        bool is_block = self->has_layout && self->tables->by[state] == self->layout[LAYOUT_INDENT];
        uint16_t column = is_block ? self->column : 0;
        heads[count] = ak_stacks_intern(self, (LrState)state, column, self->gathered.items, sort_gathered(self));
        if (!heads[count++]) return 0;
    }
    qsort(heads, count, sizeof *heads, compare_numbers);
    return ak_stacks_intern_heads(self, heads, count);
}

/* ---- What a head allows: the reductions before all terminals at once */

static bool open_set(Stacks *self, LrState state, Stack under, const uint32_t *set) {
    uint32_t *met = ak_stacks_meet(self, &self->met_sets, state, under);
    if (!met) return false;
    if (!*met) {
        if (!ak_vec_push(self->arena, &self->open_sets, (OpenSet){.state = state, .below = under})) return false;
        *met = (uint32_t)self->open_sets.count;
    }
    OpenSet *open = &self->open_sets.items[*met - 1];
    for (uint32_t i = 0; i < SET_WORDS; i++) {
        open->fresh[i] |= set[i] & ~open->set[i];
        open->set[i] |= set[i];
    }
    return true;
}

static bool reduce_set(Stacks *self, Stack at, uint32_t left, uint32_t rule, const uint32_t *set) {
    const StackNode *node = look_at(self, at);
    if (!burn(self, 1)) return false;
    if (left == 0) {
        LrState to = ak_lr_goto(self->tables, node->state, rule);
        return !to || open_set(self, to, at, set);
    }
    for (uint32_t i = 0; i < node->count; i++) {
        if (!reduce_set(self, ak_stacks_below(self, node)[i], left - 1, rule, set)) return false;
    }
    return true;
}

/* Goes on with what is fresh of an open set; adds to `allowed` what is shifted. */
static bool go_on(Stacks *self, size_t at, uint32_t *allowed) {
    const LrTables *tables = self->tables;
    OpenSet open = self->open_sets.items[at];
    uint32_t words = tables->set_words;
    memset(self->open_sets.items[at].fresh, 0, sizeof open.fresh);
    for (uint32_t i = 0; i < words; i++) allowed[i] |= open.fresh[i] & ak_lr_shifts(tables, open.state)[i];
    for (uint32_t c = tables->first_choices[open.state]; c < tables->first_choices[open.state + 1u]; c++) {
        LrChoice choice = tables->choices[c];
        uint32_t set[SET_WORDS] = {0}, any = 0;
        for (uint32_t i = 0; i < words; i++) any |= set[i] = open.fresh[i] & tables->sets[choice.set + i] & ~allowed[i];
        if (any && !reduce_set(self, open.below, choice.reduction.count - 1u, choice.reduction.rule, set)) return false;
    }
    return true;
}

static bool has_fresh(const OpenSet *open, uint32_t words) {
    for (uint32_t i = 0; i < words; i++) {
        if (open->fresh[i]) return true;
    }
    return false;
}

static bool find_allowed(Stacks *self, Stack head, uint32_t *allowed) {
    const StackNode *node = look_at(self, head);
    uint32_t all[SET_WORDS];
    self->open_sets.count = 0;
    ak_stacks_begin_round(&self->met_sets);
    memset(all, 0xFF, sizeof all);
    for (uint32_t i = 0; i < node->count; i++) {
        if (!open_set(self, node->state, ak_stacks_below(self, node)[i], all)) return false;
    }
    for (bool is_open = true; is_open;) {
        is_open = false;
        for (size_t i = 0; i < self->open_sets.count; i++) {
            if (!has_fresh(&self->open_sets.items[i], self->tables->set_words)) continue;
            is_open = true;
            if (!go_on(self, i, allowed)) return false;
        }
    }
    return true;
}

/* Where the set is; each is stored once. 0 when out of memory. */
static uint32_t intern_set(Stacks *self, const uint32_t *set) {
    uint32_t words = self->tables->set_words;
    uint64_t hash = ak_str_hash((Str){(const char *)set, words * sizeof *set}) | 1;
    for (uint32_t known; (known = ak_table_find(&self->set_numbers, hash)); hash += 2) {
        if (memcmp(self->sets.items + known - 1, set, words * sizeof *set) == 0) return known;
    }
    uint32_t made = (uint32_t)self->sets.count + 1;
    if (!ak_vec_reserve(self->arena, &self->sets, words)) return 0;
    memcpy(self->sets.items + made - 1, set, words * sizeof *set);
    self->sets.count += words;
    return ak_table_add(&self->set_numbers, self->arena, hash, made) ? made : 0;
}

/* Works the set of terminals that may come next out; 0 when memory or fuel is spent. */
static uint32_t make_allowed(Stacks *self, Stack head) {
    uint32_t allowed[SET_WORDS] = {0}, low = self->low;
    self->low = UINT32_MAX;
    uint32_t made = find_allowed(self, head, allowed) ? intern_set(self, allowed) : 0;
    StackNode *node = ak_paged_at(&self->stacks, head);
    node->allowed = made, node->allowed_low = self->low, self->low = low;
    return made;
}

/* That set, worked out once for each head. Good until another is asked for. */
static const uint32_t *allowed_by(Stacks *self, Stack head) {
    static const uint32_t none[SET_WORDS];
    uint32_t known = ak_stacks_at(self, head)->allowed;
    if (!known && !(known = make_allowed(self, head))) return none;
    look_down_to(self, ak_stacks_at(self, head)->allowed_low);
    return self->sets.items + known - 1;
}

/* ---- Sites */

static Gap gap_of(Site site) {
    return site & 3;
}

static bool has_any(const uint32_t *a, const uint32_t *b, uint32_t words) {
    for (uint32_t i = 0; i < words; i++) {
        if (a[i] & b[i]) return true;
    }
    return false;
}

/* May nothing be ignored behind the head? */
static bool is_raw(Stacks *self, Stack head) {
    return self->has_raw && has_any(allowed_by(self, head), self->raw, self->tables->set_words);
}

static bool may_stand(const Stacks *self, Site site, uint32_t terminal) {
    return !ak_bits_get(self->barred[gap_of(site)], terminal);
}

/* Adds to `shifted` what a head leads to over terminals of one text. Of two that differ in whether a line break may stand before them, that which
 * it may not stand before is taken where it can be: it goes on with what is there. */
static bool step_over(Stacks *self, Site site, Stack head, const uint32_t *terminals, uint32_t count) {
    for (uint32_t i = 0; i < count; i++) {
        uint32_t twin = terminal_at(self, terminals[i])->twin;
        if (!may_stand(self, site, terminals[i])) continue;
        if (twin && gap_of(site) < GAP_LINE) {
            size_t before = self->shifted.count;
            if (!step(self, head, twin)) return false;
            if (self->shifted.count > before) continue;
        }
        if (!step(self, head, terminals[i])) return false;
    }
    return true;
}

static bool step_all(Stacks *self, Site site, Heads heads, const uint32_t *terminals, uint32_t count) {
    uint32_t heads_count = count_of(self, heads);
    for (uint32_t i = 0; i < heads_count; i++) {
        if (!step_over(self, site, member(self, heads, i), terminals, count)) return false;
    }
    return true;
}

/* The heads behind a semicolon that is left out behind this one; HEADS_NONE: it may not be. */
static Heads behind_semicolon(Stacks *self, Stack head) {
    if (!ak_bits_get(allowed_by(self, head), TERMINAL_SEMICOLON)) return HEADS_NONE;
    Heads known = ak_table_find(&self->semicolons, head);
    if (known) return look_down_to(self, ak_table_find(&self->semicolon_lows, head) - 1), known;
    Shifts kept = self->shifted;
    uint32_t low = self->low;
    self->shifted = (Shifts){0}, self->low = UINT32_MAX;
    Heads made = step(self, head, TERMINAL_SEMICOLON) ? finish(self) : 0;
    self->shifted = kept;
    if (!made || !add_low(self, &self->semicolon_lows, head, self->low)) return 0;
    look_down_to(self, low);
    return ak_table_add(&self->semicolons, self->arena, head, made) ? made : 0;
}

/* Whether anything may come behind such a gap: more that is ignored would lead nowhere. */
static bool may_follow(Stacks *self, Stack head, Gap gap) {
    const uint32_t *allowed = allowed_by(self, head);
    for (uint32_t i = 0; i < self->tables->set_words; i++) {
        if (allowed[i] & ~self->barred[gap][i]) return true;
    }
    return false;
}

/* May what is ignored follow the head, with a line break in it or without? */
static bool may_ignore(Stacks *self, Stack head, bool is_newline) {
    uint32_t by = self->tables->by[look_at(self, head)->state];
    bool is_bound = !(by & SYMBOL_RULE) && terminal_at(self, by)->lines & LINE_AFTER;
    return !(is_newline && is_bound) && !is_raw(self, head) &&
           may_follow(self, head, is_newline ? GAP_LINE : GAP_SPACE);
}

/* The heads that what is ignored may follow. HEADS_NONE: there are none. */
static Heads behind_extra(Stacks *self, Heads heads, bool is_newline) {
    Stack kept[HEADS_MAX];
    uint32_t count = 0, heads_count = count_of(self, heads);
    for (uint32_t i = 0; i < heads_count; i++) {
        Stack head = member(self, heads, i);
        if (may_ignore(self, head, is_newline)) kept[count++] = head;
    }
    if (count == heads_count) return heads;
    return count ? ak_stacks_intern_heads(self, kept, count) : HEADS_NONE;
}

/* Steps over terminals that are not ignored. Where a head allows none of them a semicolon may have been left out: heads are readings of the text of
 * their own, of which each may be the one that holds. */
static Heads scan_terminals(Stacks *self, Site site, const uint32_t *terminals, uint32_t count) {
    uint32_t heads_count = count_of(self, site >> 2);
    bool is_closed = gap_of(site) >= GAP_LINE;
    self->shifted.count = 0;
    for (uint32_t i = 0; i < count; i++) is_closed |= terminal_at(self, terminals[i])->is_closing;
    for (uint32_t i = 0; i < heads_count; i++) {
        Stack head = member(self, site >> 2, i);
        size_t before = self->shifted.count;
        if (!step_over(self, site, head, terminals, count)) return 0;
        if (self->shifted.count > before || !is_closed) continue;
        Heads semicolon = behind_semicolon(self, head);
        if (!semicolon) return 0;
        if (semicolon != HEADS_NONE && !step_all(self, site, semicolon, terminals, count)) return 0;
    }
    return finish(self);
}

static Heads unite(Stacks *self, Heads a, Heads b) {
    if (a == HEADS_NONE || b == HEADS_NONE || a == b) return a == HEADS_NONE ? b : a;
    self->gathered.count = 0;
    for (int i = 0; i < 2; i++) {
        Heads heads = i ? b : a;
        uint32_t count = count_of(self, heads);
        for (uint32_t k = 0; k < count; k++) {
            if (!ak_vec_push(self->arena, &self->gathered, member(self, heads, k))) return 0;
        }
    }
    uint32_t count = sort_gathered(self);
    if (count > HEADS_MAX) return self->fuel = 0, 0;
    return ak_stacks_intern_heads(self, self->gathered.items, count);
}

/* ---- Layout */

/* The heads behind a terminal that all of them read. HEADS_NONE: none does; 0 when out of memory. */
static Heads step_heads(Stacks *self, Heads heads, uint32_t terminal) {
    Shifts kept = self->shifted;
    bool is_ok = true;
    self->shifted = (Shifts){0};
    for (uint32_t i = 0; i < count_of(self, heads) && is_ok; i++) is_ok = step(self, member(self, heads, i), terminal);
    Heads made = is_ok ? finish(self) : 0;
    self->shifted = kept;
    return made;
}

/* The heads with the site in a margin. */
static Heads with_margin(Stacks *self, Heads heads, uint32_t margin) {
    Stack items[HEADS_MAX];
    uint32_t count = count_of(self, heads);
    for (uint32_t i = 0; i < count; i++) items[i] = member(self, heads, i);
    return ak_stacks_intern_margin(self, items, count, margin);
}

/* What is open at a head: a block's beginning, or a bracket; NULL: nothing is, which is known of the stack down to its bottom. */
static const StackNode *inner_at(Stacks *self, Stack head) {
    Stack inner = look_at(self, head)->inner;
    if (!inner) look_down_to(self, 0);
    return inner ? look_at(self, inner) : NULL;
}

static bool is_in_brackets(Stacks *self, Stack head) {
    const StackNode *inner = inner_at(self, head);
    uint32_t by = inner ? self->tables->by[inner->state] : SYMBOL_RULE;
    return !(by & SYMBOL_RULE) && terminal_at(self, by)->layout == LAYOUT_OPENS;
}

/* The head behind the blocks that begin or end where a line begins at the column. */
static Heads settle_head(Stacks *self, Stack head, uint32_t column, bool has_ended) {
    const StackNode *inner = inner_at(self, head);
    uint32_t width = inner ? inner->column : 0;
    if (column == width) return head;
    if (column > width && has_ended) return HEADS_NONE;
    self->column = (uint16_t)column;
    Heads made = step_heads(self, head, self->layout[column > width ? LAYOUT_INDENT : LAYOUT_DEDENT]);
    if (column > width || made == HEADS_NONE || !made) return made;
    Heads all = HEADS_NONE;
    for (uint32_t i = 0; i < count_of(self, made) && all; i++) {
        Heads one = settle_head(self, member(self, made, i), column, true);
        all = one ? unite(self, all, one) : 0;
    }
    return all;
}

static Heads settle_heads(Stacks *self, Heads heads, uint32_t column) {
    Heads all = HEADS_NONE;
    for (uint32_t i = 0; i < count_of(self, heads) && all; i++) {
        Heads one = settle_head(self, member(self, heads, i), column, false);
        all = one ? unite(self, all, one) : 0;
    }
    return all;
}

/* The same for a site in a margin, once. */
static Heads settled(Stacks *self, Heads margin) {
    HeadsNode *node = ak_paged_at(&self->heads, margin & ~HEADS_SEVERAL);
    if (!node->settled) {
        uint32_t low = self->low;
        self->low = UINT32_MAX;
        Heads made = node->margin == MARGIN_COMMENT
                         ? HEADS_NONE
                         : settle_heads(self, margin, (node->margin & ~(MARGIN_JOINED | MARGIN_FIXED)) - 1);
        node->settled = made, node->settled_low = self->low, self->low = low;
    }
    look_down_to(self, node->settled_low);
    return node->settled;
}

/* May the text end there, with its last line and all blocks? */
static bool may_close(Stacks *self, Site site) {
    Heads heads = site >> 2;
    if (!ak_stacks_margin(self, site)) heads = step_heads(self, heads, self->layout[LAYOUT_LINE_END]);
    if (heads && heads != HEADS_NONE) heads = with_margin(self, heads, 1);
    if (heads && heads != HEADS_NONE) heads = settled(self, heads);
    for (uint32_t i = 0; heads && heads != HEADS_NONE && i < count_of(self, heads); i++) {
        if (ak_bits_get(allowed_by(self, member(self, heads, i)), TERMINAL_END)) return true;
    }
    return false;
}

/* The first column that is told from no greater one: nothing begins beyond the blocks that are open, unless one is to begin. */
static uint32_t first_beyond(Stacks *self, Heads heads) {
    uint32_t beyond = 0;
    for (uint32_t i = 0; i < count_of(self, heads); i++) {
        Stack head = member(self, heads, i);
        const StackNode *inner = inner_at(self, head);
        if (ak_bits_get(allowed_by(self, head), self->layout[LAYOUT_INDENT])) return COLUMN_MAX;
        if (inner && inner->column > beyond) beyond = inner->column;
    }
    return beyond + 1;
}

/* The margin behind a terminal that stands in it. As CPython has it, where a line is joined to the next one its column is that before the first backslash, if that is not 0. */
static uint32_t margin_behind(Stacks *self, Heads heads, uint32_t margin, uint8_t layout) {
    enum { TAB = 8, FLAGS = MARGIN_JOINED | MARGIN_FIXED };
    uint32_t column = (margin & ~FLAGS) - 1, flags = margin & FLAGS, beyond = first_beyond(self, heads);
    if (layout == LAYOUT_COMMENT) return MARGIN_COMMENT;
    if (layout == LAYOUT_BREAK) return 1;
    if (layout == LAYOUT_NONE) return margin | MARGIN_JOINED | (column ? MARGIN_FIXED : 0);
    if (flags & MARGIN_FIXED) return margin;
    if (layout == LAYOUT_SPACE) column++;
    else if (layout == LAYOUT_TAB) column = (column / TAB + 1) * TAB;
    else column = 0;
    return ((column < beyond ? column : beyond) + 1) | flags;
}

static Site scan_terminals_at(Stacks *self, Site site, const uint32_t *terminals, uint32_t count);

/* In a margin: what is in it, or what begins behind it. */
static Site scan_margin(Stacks *self, Site site, const uint32_t *terminals, uint32_t count) {
    uint32_t margin = ak_stacks_margin(self, site);
    look_down_to(self, ak_stacks_at(self, member(self, site >> 2, 0))->height);
    for (uint32_t i = 0; i < count; i++) {
        const SyntaxTerminal *terminal = terminal_at(self, terminals[i]);
        if (!terminal->is_extra) continue;
        Heads made = with_margin(self, site >> 2, margin_behind(self, site >> 2, margin, terminal->layout));
        return made ? made << 2 : NODE_NONE;
    }
    Heads heads = settled(self, site >> 2);
    if (heads == HEADS_NONE || !heads) return heads ? NODE_DEAD : NODE_NONE;
    return scan_terminals_at(self, heads << 2 | GAP_FIRST, terminals, count);
}

/* What may be the same text and is ignored; the first that it may be counts. */
static Heads scan_extras(Stacks *self, Site site, const uint32_t *terminals, uint32_t count, Gap *gap) {
    for (uint32_t i = 0; i < count; i++) {
        if (!ak_bits_get(self->extras, terminals[i])) continue;
        const SyntaxTerminal *extra = terminal_at(self, terminals[i]);
        bool is_newline = (gap_of(site) >= GAP_LINE || extra->is_newline) && extra->layout != LAYOUT_COMMENT;
        bool is_first = self->has_first && extra->is_space && (extra->is_newline || gap_of(site) == GAP_FIRST);
        *gap = is_first ? GAP_FIRST : is_newline ? GAP_LINE : GAP_SPACE;
        return behind_extra(self, site >> 2, is_newline);
    }
    return HEADS_NONE;
}

/* Terminals none of which is ignored. */
static Site scan_terminals_at(Stacks *self, Site site, const uint32_t *terminals, uint32_t count) {
    const SyntaxTerminal *first = terminal_at(self, terminals[0]);
    Heads made = scan_terminals(self, site, terminals, count);
    if (made == HEADS_NONE || !made) return made ? NODE_DEAD : NODE_NONE;
    if (!self->has_layout) return made << 2 | (first->is_newline ? GAP_FIRST : GAP_NONE);
    if (first->is_newline || first->layout == LAYOUT_LINE_END) made = with_margin(self, made, 1);
    return made ? made << 2 : NODE_NONE;
}

static Site scan_list(Stacks *self, Site site, const uint32_t *terminals, uint32_t count) {
    uint32_t plain[SET_WORDS * 32], plain_count = 0;
    Gap gap = GAP_NONE;
    self->scans++;
    if (ak_stacks_margin(self, site)) return scan_margin(self, site, terminals, count);
    for (uint32_t i = 0; i < count; i++) {
        if (!ak_bits_get(self->extras, terminals[i])) plain[plain_count++] = terminals[i];
    }
    Heads extra = plain_count < count ? scan_extras(self, site, terminals, count, &gap) : HEADS_NONE;
    Site made = plain_count && extra ? scan_terminals_at(self, site, plain, plain_count) : NODE_DEAD;
    if (!extra || !made) return NODE_NONE;
    if (extra == HEADS_NONE) return made;
    Heads both = made == NODE_DEAD ? extra : unite(self, made >> 2, extra);
    return both ? both << 2 | gap : NODE_NONE;
}

/* Takes out of `more`, which a semicolon would be left out before, what begins with a mark that goes on without one: `/` is a division then, and
 * begins no regular expression. */
static void drop_begun(const Stacks *self, const uint32_t *allowed, uint32_t *more) {
    size_t bits = self->tables->terminal_count;
    for (size_t i = ak_bits_next(more, bits, 0); i != SIZE_MAX; i = ak_bits_next(more, bits, i + 1)) {
        const uint32_t *marks = terminal_at(self, (uint32_t)i)->marks;
        if (marks && has_any(marks, allowed, self->tables->set_words)) ak_bits_clear(more, i);
    }
}

/* Adds the terminals that a head allows, and those that it does behind a semicolon that is left out. */
static void add_standing(Stacks *self, Stack head, bool is_newline, uint32_t *set) {
    uint32_t words = self->tables->set_words;
    Heads semicolon = behind_semicolon(self, head);
    uint32_t behind = semicolon && semicolon != HEADS_NONE ? count_of(self, semicolon) : 0;
    const uint32_t *allowed = allowed_by(self, head);
    for (uint32_t k = 0; k < words; k++) set[k] |= allowed[k];
    for (uint32_t b = 0; b < behind; b++) {
        uint32_t more[SET_WORDS];
        memcpy(more, allowed_by(self, member(self, semicolon, b)), words * sizeof *more);
        drop_begun(self, allowed_by(self, head), more);
        for (uint32_t k = 0; k < words; k++) set[k] |= more[k] & (is_newline ? UINT32_MAX : self->closing[k]);
    }
}

/* The terminals that may stand at the site, without what is ignored. False when memory or fuel is spent. */
static bool find_standing(Stacks *self, Site site, uint32_t *set) {
    uint32_t words = self->tables->set_words, count = count_of(self, site >> 2);
    for (uint32_t i = 0; i < count; i++) add_standing(self, member(self, site >> 2, i), gap_of(site) >= GAP_LINE, set);
    for (uint32_t k = 0; k < words; k++) set[k] &= ~self->barred[gap_of(site)][k];
    return ak_arena_ok(self->arena) && self->fuel;
}

/* In a margin: what may be in it, and what may begin behind it. False when memory or fuel is spent. */
static bool find_in_margin(Stacks *self, Site site, uint32_t *set) {
    uint32_t words = self->tables->set_words;
    look_down_to(self, ak_stacks_at(self, member(self, site >> 2, 0))->height);
    Heads heads = settled(self, site >> 2);
    for (uint32_t i = 0; heads && heads != HEADS_NONE && i < count_of(self, heads); i++) {
        const uint32_t *allowed = allowed_by(self, member(self, heads, i));
        for (uint32_t k = 0; k < words; k++) set[k] |= allowed[k] & ~self->barred[GAP_FIRST][k];
    }
    ak_bits_set(set, self->layout[LAYOUT_BREAK]);
    for (uint32_t k = 0; ak_stacks_margin(self, site) != MARGIN_COMMENT && k < words; k++) set[k] |= self->margin[k];
    return heads && ak_arena_ok(self->arena) && self->fuel;
}

/* Adds what may be ignored where columns count, but in no margin. */
static bool add_extras_in_line(Stacks *self, Site site, uint32_t *set) {
    uint32_t count = count_of(self, site >> 2);
    bool may = false, may_break = false, may_comment = false; /* which ends with the line */
    for (uint32_t i = 0; i < count; i++) {
        Stack head = member(self, site >> 2, i);
        bool may_here = may_ignore(self, head, false);
        may |= may_here, may_break |= may_here && is_in_brackets(self, head);
        may_comment |= may_break || ak_bits_get(allowed_by(self, head), self->layout[LAYOUT_LINE_END]);
    }
    for (uint32_t k = 0; may && k < self->tables->set_words; k++) set[k] |= self->in_line[k];
    if (may_break) ak_bits_set(set, self->layout[LAYOUT_BREAK]);
    if (may && may_comment) ak_bits_set(set, self->layout[LAYOUT_COMMENT]);
    return may;
}

/* Adds what may be ignored there; whether anything may. */
static bool add_extras(Stacks *self, Site site, uint32_t *set) {
    if (self->has_layout) return add_extras_in_line(self, site, set);
    uint32_t count = count_of(self, site >> 2);
    bool may[2] = {false};
    for (uint32_t i = 0; i < count; i++) {
        for (int is_newline = 0; is_newline < 2; is_newline++)
            may[is_newline] |= may_ignore(self, member(self, site >> 2, i), is_newline || gap_of(site) == GAP_LINE);
    }
    for (uint32_t k = 0; k < self->tables->set_words; k++) {
        set[k] |= may[false] ? self->extras[k] & ~self->newlines[k] : 0;
        set[k] |= may[true] ? self->newlines[k] : 0;
    }
    return may[false];
}

/* Adds the shadows of what may not stand there. */
static void add_shadows(const Stacks *self, uint32_t *set) {
    for (uint32_t i = 0; i < self->munched_count; i++) {
        if (!ak_bits_get(set, self->munched[i])) ak_bits_set(set, self->tables->terminal_count + i);
    }
}

static bool may_end_at(Stacks *self, Site site, const uint32_t *set) {
    uint32_t margin = ak_stacks_margin(self, site);
    if (!self->has_layout) return ak_bits_get(set, TERMINAL_END);
    if (margin == MARGIN_COMMENT || !(margin & MARGIN_JOINED)) margin = 0;
    return gap_of(site) != GAP_LINE && !margin && (ak_bits_get(set, TERMINAL_END) || may_close(self, site));
}

static bool look_ahead(Stacks *self, Site site, Outlook *outlook) {
    uint32_t set[SET_WORDS] = {0}, any = 0;
    self->low = UINT32_MAX;
    bool is_margin = ak_stacks_margin(self, site) != 0;
    if (!(is_margin ? find_in_margin(self, site, set) : find_standing(self, site, set))) return false;
    outlook->may_end = may_end_at(self, site, set);
    for (uint32_t k = 0; k < self->tables->set_words; k++) set[k] &= ~self->textless[k];
    bool is_spaced = is_margin || add_extras(self, site, set);
    for (uint32_t k = 0; k < self->tables->set_words; k++) any |= set[k];
    if (any && is_spaced) add_shadows(self, set);
    outlook->low = self->low;
    DfaState lexer = ak_dfa_start(self->dfa, set);
    if (!ak_arena_ok(self->arena) || !self->fuel || !lexer) return false;
    atomic_store_explicit(&outlook->lexer, lexer, memory_order_release);
    return true;
}

static _Atomic uint32_t *outlooks_of(const Stacks *self, Site site) {
    Heads heads = site >> 2;
    return heads & HEADS_SEVERAL ? &ak_paged_at(&self->heads, heads & ~HEADS_SEVERAL)->outlooks
                                 : &ak_paged_at(&self->stacks, heads)->outlooks;
}

/* Of a site that was reached, or is about to be. */
static Outlook *outlook_at(const Stacks *self, Site site) {
    uint32_t number = atomic_load_explicit(outlooks_of(self, site), memory_order_acquire);
    return &ak_paged_at(&self->outlooks, number)->behind[gap_of(site)];
}

/* The same, made if it is not there; NULL when out of memory. */
static Outlook *make_outlook(Stacks *self, Site site) {
    _Atomic uint32_t *number = outlooks_of(self, site);
    if (!atomic_load_explicit(number, memory_order_relaxed)) {
        if (!ak_paged_push(self->arena, &self->outlooks, (Outlooks){0})) return NULL;
        atomic_store_explicit(number, self->outlooks.count - 1, memory_order_release);
    }
    return outlook_at(self, site);
}

/* The site when it is known what may come there; else NODE_NONE. */
static Site reach(Stacks *self, Site site) {
    if (site == NODE_NONE || site == NODE_DEAD) return site;
    Outlook *outlook = make_outlook(self, site);
    if (!outlook) return NODE_NONE;
    bool is_known = atomic_load_explicit(&outlook->lexer, memory_order_relaxed);
    return is_known || look_ahead(self, site, outlook) ? site : NODE_NONE;
}

/* Are texts of the fragment whole lines? As its first reading ends, so do the others. */
static bool is_of_lines(const Syntax *syntax, uint32_t fragment) {
    SyntaxSymbol last = fragment | SYMBOL_RULE;
    for (size_t depth = 0; last & SYMBOL_RULE && depth <= syntax->rules.count; depth++) {
        SyntaxRule rule = syntax->rules.items[last & ~SYMBOL_RULE];
        Production first = syntax->productions.items[rule.first];
        bool is_start =
            depth == 0; /* of which the last is the end, and what it may be without a text is not looked at */
        if (is_start && first.count == 1 && rule.count > 1) first = syntax->productions.items[rule.first + 1];
        if (first.count <= is_start) return false;
        last = syntax->steps.items[first.first + first.count - 1 - is_start].symbol;
    }
    if (last & SYMBOL_RULE) return false;
    uint8_t layout = syntax->terminals.items[last].layout;
    return layout == LAYOUT_LINE_END || layout == LAYOUT_DEDENT;
}

Site ak_stacks_start(Stacks *self, uint32_t fragment) {
    enum { FIRST_STACK = 1 };
    assert(fragment < self->tables->start_count);
    Heads start = FIRST_STACK + fragment;
    if (self->has_layout && is_of_lines(self->syntax, fragment)) start = with_margin(self, start, 1);
    return start ? reach(self, start << 2) : NODE_NONE;
}

static uint64_t step_key(Site site, uint32_t ending) {
    return (uint64_t)site << 32 | ending;
}

/* Makes a step, whether it is known or not. */
static Site make_step(Stacks *self, Site site, uint32_t ending) {
    uint32_t count;
    const uint32_t *ended = ak_dfa_ended(self->dfa, ending, &count);
    self->low = UINT32_MAX;
    Site made = scan_list(self, site, ended, count);
    uint32_t low = self->low;
    if (!reach(self, made) || !ak_arena_ok(self->arena) || !self->fuel) return NODE_NONE;
    if (made != NODE_DEAD && outlook_at(self, made)->low < low) low = outlook_at(self, made)->low;
    self->last = step_key(site, ending), self->last_low = low;
    return made;
}

Site ak_stacks_scan(Stacks *self, Site site, uint32_t ending) {
    uint64_t key = step_key(site, ending);
    Site known = ak_table_find(&self->steps, key);
    if (known) return known;
    Site made = make_step(self, site, ending);
    return made && ak_table_add(&self->steps, self->arena, key, made) ? made : NODE_NONE;
}

uint32_t ak_stacks_low(Stacks *self, Site site, uint32_t ending) {
    bool is_last = self->last == step_key(site, ending);
    return is_last || make_step(self, site, ending) ? self->last_low : 0;
}

DfaState ak_stacks_lexer(const Stacks *self, Site site) {
    if (site == NODE_DEAD) return DFA_DEAD;
    return atomic_load_explicit(&outlook_at(self, site)->lexer, memory_order_acquire);
}

bool ak_stacks_may_end(const Stacks *self, Site site) {
    return site != NODE_DEAD && ak_stacks_lexer(self, site) && outlook_at(self, site)->may_end;
}

/* ---- Beginning */

Expr *ak_stacks_lexemes(const Syntax *syntax, Arena *arena, uint32_t *count, uint32_t *shadows) {
    uint32_t terminals = (uint32_t)syntax->terminals.count;
    Expr *lexemes = ak_new_array(arena, Expr, terminals * (size_t)2);
    *count = terminals;
    if (!lexemes) return NULL;
    for (uint32_t i = 0; i < terminals; i++) lexemes[i] = syntax->terminals.items[i].expr;
    for (uint32_t i = 0; i < terminals; i++) {
        if (syntax->terminals.items[i].is_munched) lexemes[(*count)++] = lexemes[i];
    }
    *shadows = *count > terminals ? terminals : 0;
    return lexemes;
}

/* May the terminal not stand behind the gap? */
static bool is_barred(const SyntaxTerminal *terminal, Gap gap) {
    if (terminal->lines & LINE_FIRST) return gap != GAP_FIRST;
    return (terminal->is_immediate && gap > GAP_NONE) || (terminal->lines & LINE_BEFORE && gap >= GAP_LINE);
}

static bool add_sets(Stacks *self) {
    uint32_t **sets[] = {&self->extras,
                         &self->newlines,
                         &self->closing,
                         &self->textless,
                         &self->raw,
                         &self->barred[GAP_NONE],
                         &self->barred[GAP_SPACE],
                         &self->barred[GAP_LINE],
                         &self->barred[GAP_FIRST],
                         &self->margin,
                         &self->in_line};
    for (size_t i = 0; i < sizeof sets / sizeof *sets; i++) {
        if (!(*sets[i] = ak_new_array(self->arena, uint32_t, self->tables->set_words))) return false;
    }
    self->munched = ak_new_array(self->arena, uint32_t, self->tables->terminal_count);
    for (uint32_t i = 0; self->munched && i < self->tables->terminal_count; i++) {
        const SyntaxTerminal *terminal = terminal_at(self, i);
        if (terminal->is_extra) ak_bits_set(self->extras, i);
        if (terminal->is_extra && terminal->is_newline) ak_bits_set(self->newlines, i);
        if (terminal->is_extra && !terminal->layout) ak_bits_set(self->in_line, i);
        if (terminal->is_extra && !terminal->is_space) ak_bits_set(self->margin, i);
        if (terminal->layout) self->layout[terminal->layout] = i;
        if (terminal->is_munched) self->munched[self->munched_count++] = i;
        if (terminal->is_closing) ak_bits_set(self->closing, i);
        for (Gap gap = GAP_NONE; gap < GAPS; gap++) {
            if (is_barred(terminal, gap)) ak_bits_set(self->barred[gap], i);
        }
        self->has_first |= (terminal->lines & LINE_FIRST) != 0;
        if (terminal->expr == AK_EXPR_NOTHING) ak_bits_set(self->textless, i);
        if (terminal->is_raw) ak_bits_set(self->raw, i), self->has_raw = true;
    }
    self->has_layout = true;
    for (Layout layout = LAYOUT_LINE_END; layout <= LAYOUT_COMMENT; layout++)
        self->has_layout &= self->layout[layout] != 0;
    return self->munched;
}

bool ak_stacks_init(Stacks *self, Arena *arena, const Syntax *syntax, const LrTables *tables, Dfa *dfa) {
    if (dfa->lexeme_count > SET_WORDS * 32) return false;
    *self = (Stacks){.arena = arena, .syntax = syntax, .tables = tables, .dfa = dfa};
    self->met_open.round = self->met_sets.round = 1;
    self->open_first = ak_new_array(arena, uint32_t, tables->state_count);
    if (!self->open_first || !add_sets(self)) return false;
    if (!ak_paged_push(arena, &self->stacks, (StackNode){0}) || !ak_paged_push(arena, &self->heads, (HeadsNode){0}) ||
        !ak_paged_push(arena, &self->outlooks, (Outlooks){0}))
        return false;
    for (uint32_t i = 0; i < tables->start_count; i++) {
        if (!ak_paged_push(arena, &self->stacks, (StackNode){.state = (LrState)(LR_START + i), .count = 1}))
            return false;
    }
    return true;
}
