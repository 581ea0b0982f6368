/* Numbers first: all of them must be of something. Then two things that the parser relies on without looking: a reduction never takes more off a
 * stack than is on it, told by how far a state is from the start at least; and reductions of one symbol do not go round in circles. The others
 * make stacks shorter, so the parser ends. */
#include "syntax/lr_check.h"
#include "base/bitset.h"

enum {
    COUNT_MAX = 4096, /* symbols of a reduction: recursion goes as deep */
    FAR = UINT32_MAX  /* from the start: it leads nowhere near */
};

typedef struct Check {
    const LrTables *tables;
    Arena *arena;
    LrProblem *problem;
    uint32_t *depths;      /* by state: states below it on a stack, at least */
    uint32_t *row_depths;  /* by row of cells, those of its states */
    uint32_t *goto_depths; /* the same by row of gotos */
    uint16_t *longest;     /* by cell, of its reductions */
    uint32_t *units;       /* by row of cells, a set of rules: those that one symbol is reduced to */
    uint32_t *leads;       /* by rule, a set of rules, as a matrix: those that it is reduced to while it stands alone */
    uint32_t rule_words;
} Check;

static bool fail(const Check *self, LrPart part, size_t index, const char *what) {
    *self->problem = (LrProblem){what, part, index};
    return false;
}

static bool fail_memory(const Check *self) {
    return fail(self, LR_PART_CELLS, 0, NULL);
}

/* ---- Numbers */

static bool check_numbers(const Check *self, LrPart part, const uint16_t *numbers, size_t count, uint32_t limit) {
    uint16_t most = 0;
    for (size_t i = 0; i < count; i++) most = numbers[i] > most ? numbers[i] : most;
    for (size_t i = 0; most >= limit && i < count; i++) {
        if (numbers[i] >= limit) return fail(self, part, i, "is a number of nothing");
    }
    return most < limit || fail(self, part, 0, "there is nothing to be numbers of");
}

static bool is_reduction(const LrTables *tables, LrReduction reduction) {
    return reduction.rule < tables->rule_count && reduction.count && reduction.count <= COUNT_MAX;
}

static bool check_actions(const Check *self) {
    const LrTables *tables = self->tables;
    for (uint32_t i = 0; i < tables->reduction_count; i++) {
        if (!is_reduction(tables, tables->reductions[i])) return fail(self, LR_PART_REDUCTIONS, i, "is no reduction");
    }
    for (uint32_t i = 0; i < tables->all_cell_count; i++) {
        LrCell cell = tables->all_cells[i];
        if (cell.shift >= tables->state_count || cell.first > tables->reduction_count ||
            cell.count > tables->reduction_count - cell.first || (!i && (cell.shift || cell.count)))
            return fail(self, LR_PART_ALL_CELLS, i, "does nothing that can be done");
    }
    return true;
}

static bool check_choices(const Check *self) {
    const LrTables *tables = self->tables;
    const uint32_t *first = tables->first_choices;
    for (uint32_t state = 0; state < tables->state_count; state++) {
        if (first[state] > first[state + 1]) return fail(self, LR_PART_FIRSTS, state, "ends before it begins");
    }
    if (first[0] || first[tables->state_count] != tables->choice_count)
        return fail(self, LR_PART_FIRSTS, 0, "begins or ends elsewhere");
    for (uint32_t i = 0; i < tables->choice_count; i++) {
        LrChoice choice = tables->choices[i];
        if (!is_reduction(tables, choice.reduction) || choice.set > tables->set_count ||
            tables->set_count - choice.set < tables->set_words || choice.set % tables->set_words)
            return fail(self, LR_PART_CHOICES, i, "is no reduction before a set");
    }
    return true;
}

static bool check_states(const Check *self) {
    const LrTables *tables = self->tables;
    for (uint32_t state = 0; state < tables->state_count; state++) {
        LrReduction reduction = tables->defaults[state];
        if (reduction.count && !is_reduction(tables, reduction))
            return fail(self, LR_PART_DEFAULTS, state, "is no reduction");
        if (!ak_lr_is_symbol(tables, tables->by[state])) return fail(self, LR_PART_BY, state, "is no symbol");
    }
    return true;
}

/* The next rule from `rule` on that the row of gotos has a state for: most have none. */
static uint32_t next_goto(const LrTables *tables, const LrState *row, uint32_t rule) {
    uint64_t four = 0;
    for (; rule + 4 <= tables->rule_count; rule += 4) {
        memcpy(&four, row + rule, sizeof four);
        if (four) break;
    }
    while (rule < tables->rule_count && !row[rule]) rule++;
    return rule;
}

/* ---- Depths: breadth first, each row once, since what comes later is no nearer */

typedef struct Queue {
    uint32_t *states, count;
} Queue;

static void reach(const Check *self, uint32_t to, uint32_t depth, Queue *queue) {
    if (!to || self->depths[to] != FAR) return;
    self->depths[to] = depth, queue->states[queue->count++] = to;
}

static void reach_by_cells(const Check *self, uint32_t row, uint32_t depth, Queue *queue) {
    const LrTables *tables = self->tables;
    const uint16_t *cells = tables->cells + (size_t)row * tables->terminal_count;
    if (self->row_depths[row] != FAR) return;
    self->row_depths[row] = depth;
    for (uint32_t t = 0, last = 0; t < tables->terminal_count; last = cells[t++]) {
        if (cells[t] != last) reach(self, tables->all_cells[cells[t]].shift, depth + 1, queue);
    }
}

static void reach_by_gotos(const Check *self, uint32_t row, uint32_t depth, Queue *queue) {
    const LrTables *tables = self->tables;
    const LrState *gotos = tables->gotos + (size_t)row * tables->rule_count;
    if (self->goto_depths[row] != FAR) return;
    self->goto_depths[row] = depth;
    for (uint32_t rule = next_goto(tables, gotos, 0); rule < tables->rule_count;
         rule = next_goto(tables, gotos, rule + 1))
        reach(self, gotos[rule], depth + 1, queue);
}

static bool find_depths(const Check *self) {
    const LrTables *tables = self->tables;
    Queue queue = {ak_new_array(self->arena, uint32_t, tables->state_count), 0};
    if (!queue.states) return fail_memory(self);
    memset(self->depths, 0xFF, tables->state_count * sizeof *self->depths);
    memset(self->row_depths, 0xFF, tables->cell_rows * sizeof *self->row_depths);
    memset(self->goto_depths, 0xFF, tables->goto_rows * sizeof *self->goto_depths);
    for (uint32_t i = 0; i < tables->start_count; i++) reach(self, LR_START + i, 0, &queue);
    for (uint32_t i = 0; i < queue.count; i++) {
        uint32_t state = queue.states[i], depth = self->depths[state];
        reach_by_cells(self, tables->row_of_cells[state], depth, &queue);
        reach_by_gotos(self, tables->row_of_gotos[state], depth, &queue);
    }
    return true;
}

/* Also finds the rows' units. */
static bool check_rows(Check *self) {
    const LrTables *tables = self->tables;
    for (uint32_t i = 0; i < tables->all_cell_count; i++) {
        LrCell cell = tables->all_cells[i];
        for (uint32_t k = 0; k < cell.count; k++) {
            uint16_t count = tables->reductions[cell.first + k].count;
            if (count > self->longest[i]) self->longest[i] = count;
        }
    }
    for (uint32_t row = 0; row < tables->cell_rows; row++) {
        const uint16_t *cells = tables->cells + (size_t)row * tables->terminal_count;
        uint32_t *units = self->units + (size_t)row * self->rule_words;
        uint16_t last = 0;
        for (uint32_t t = 0; t < tables->terminal_count; t++) {
            if (cells[t] == last) continue;
            LrCell cell = tables->all_cells[last = cells[t]];
            if (self->longest[last] > self->row_depths[row])
                return fail(self, LR_PART_CELLS, (size_t)row * tables->terminal_count + t, "takes more than there is");
            bool is_alone = cell.count == 1 && !cell.shift && tables->reductions[cell.first].count == 1;
            if (is_alone) ak_bits_set(units, tables->reductions[cell.first].rule);
        }
    }
    return true;
}

static bool check_reductions(const Check *self) {
    const LrTables *tables = self->tables;
    for (uint32_t state = 0; state < tables->state_count; state++) {
        if (tables->defaults[state].count > self->depths[state])
            return fail(self, LR_PART_DEFAULTS, state, "takes more than there is");
        for (uint32_t i = tables->first_choices[state]; i < tables->first_choices[state + 1]; i++) {
            if (tables->choices[i].reduction.count > self->depths[state])
                return fail(self, LR_PART_CHOICES, i, "takes more than there is");
        }
    }
    return true;
}

/* ---- Circles */

/* A state is where it is by a symbol: where a row or a shift leads to states of others, `by` is wrong. */
static bool check_symbols(const Check *self) {
    const LrTables *tables = self->tables;
    for (uint32_t row = 0; row < tables->goto_rows; row++) {
        const LrState *gotos = tables->gotos + (size_t)row * tables->rule_count;
        for (uint32_t rule = next_goto(tables, gotos, 0); rule < tables->rule_count;
             rule = next_goto(tables, gotos, rule + 1)) {
            if (tables->by[gotos[rule]] != (rule | SYMBOL_RULE))
                return fail(self, LR_PART_GOTOS, (size_t)row * tables->rule_count + rule, "is of another symbol");
        }
    }
    for (uint32_t i = 0; i < tables->all_cell_count; i++) {
        if (tables->all_cells[i].shift && tables->by[tables->all_cells[i].shift] & SYMBOL_RULE)
            return fail(self, LR_PART_ALL_CELLS, i, "is of no terminal");
    }
    return true;
}

static void find_leads(const Check *self) {
    const LrTables *tables = self->tables;
    for (uint32_t state = 0; state < tables->state_count; state++) {
        LrReduction reduction = tables->defaults[state];
        if (!(tables->by[state] & SYMBOL_RULE)) continue;
        uint32_t *leads = self->leads + (size_t)(tables->by[state] & ~SYMBOL_RULE) * self->rule_words;
        ak_bits_or(leads, self->units + (size_t)tables->row_of_cells[state] * self->rule_words, self->rule_words);
        if (reduction.count == 1) ak_bits_set(leads, reduction.rule);
    }
}

/* Takes rules away that lead to none of those that are left, until there are none, or nothing but circles. */
static bool check_circles(const Check *self) {
    uint32_t rules = self->tables->rule_count, *left = ak_new_array(self->arena, uint32_t, self->rule_words);
    if (!left) return fail_memory(self);
    for (uint32_t rule = 0; rule < rules; rule++) ak_bits_set(left, rule);
    for (bool is_changed = true; is_changed;) {
        is_changed = false;
        for (uint32_t rule = 0; rule < rules; rule++) {
            const uint32_t *leads = self->leads + (size_t)rule * self->rule_words;
            bool is_led = false;
            if (!ak_bits_get(left, rule)) continue;
            for (uint32_t i = 0; i < self->rule_words && !is_led; i++) is_led = leads[i] & left[i];
            if (!is_led) ak_bits_clear(left, rule), is_changed = true;
        }
    }
    if (ak_bits_next(left, rules, 0) == SIZE_MAX) return true;
    return fail(self, LR_PART_REDUCTIONS, 0, "they go round in circles");
}

static bool check_all(Check *self) {
    const LrTables *tables = self->tables;
    size_t cells = (size_t)tables->cell_rows * tables->terminal_count,
           gotos = (size_t)tables->goto_rows * tables->rule_count;
    if (!check_numbers(self, LR_PART_CELL_ROWS, tables->row_of_cells, tables->state_count, tables->cell_rows) ||
        !check_numbers(self, LR_PART_GOTO_ROWS, tables->row_of_gotos, tables->state_count, tables->goto_rows) ||
        !check_numbers(self, LR_PART_CELLS, tables->cells, cells, tables->all_cell_count) ||
        !check_numbers(self, LR_PART_GOTOS, tables->gotos, gotos, tables->state_count) || !check_actions(self) ||
        !check_choices(self) || !check_states(self) || !check_symbols(self))
        return false;
    self->rule_words = (uint32_t)ak_bits_words(tables->rule_count);
    self->depths = ak_new_array(self->arena, uint32_t, tables->state_count);
    self->row_depths = ak_new_array(self->arena, uint32_t, tables->cell_rows);
    self->goto_depths = ak_new_array(self->arena, uint32_t, tables->goto_rows);
    self->longest = ak_new_array(self->arena, uint16_t, tables->all_cell_count);
    self->units = ak_new_array(self->arena, uint32_t, (size_t)tables->cell_rows * self->rule_words);
    self->leads = ak_new_array(self->arena, uint32_t, (size_t)tables->rule_count * self->rule_words);
    if (!ak_arena_ok(self->arena)) return fail_memory(self);
    if (!find_depths(self) || !check_rows(self) || !check_reductions(self)) return false;
    find_leads(self);
    return check_circles(self);
}

bool ak_lr_check(const LrTables *self, const ananke_allocator *allocator, LrProblem *problem) {
    Arena arena = {.allocator = *allocator, .limit = SIZE_MAX};
    Check check = {.tables = self, .arena = &arena, .problem = problem};
    bool is_right = check_all(&check);
    ak_arena_free(&arena);
    return is_right;
}
