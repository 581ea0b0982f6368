/* Rules are put in order, callers first: each is visited once on the way up to one that is in order, and once on the way back. */
#include "mask/rule_lines.h"

enum { NONE = UINT32_MAX };
typedef enum RuleState { UNKNOWN, ON_THE_WAY, IN_ORDER } RuleState;

typedef struct Making {
    const GrammarTables *tables;
    RuleLine *lines;
    uint32_t *callers; /* by rule; NONE: it is a first one */
    uint32_t *order, count;
    uint32_t *next;  /* by rule: the next free place below it */
    uint8_t *states; /* by rule: RuleState */
} Making;

/* The only rule that begins with this one, at its end; NONE: there are others, or it has to come back to its own frame. */
static uint32_t caller_of(const GrammarTables *tables, uint32_t rule) {
    uint32_t first = tables->rule_openings[rule];
    bool is_only = tables->rule_openings[rule + 1] - first == 1 && !ak_tables_is_limited(tables, rule);
    if (!is_only || tables->places[tables->openings[first].dot].kind != PLACE_END) return NONE;
    return tables->openings[first].rule;
}

/* Puts the rule in order, behind all that are before it in its line. In a circle one is the first. */
static void put_in_order(Making *self, uint32_t rule) {
    uint32_t at = rule, length = 0, *way = self->order + self->count;
    for (; at != NONE && self->states[at] == UNKNOWN; at = self->callers[at]) {
        self->states[at] = ON_THE_WAY, way[length++] = at;
        self->callers[at] = caller_of(self->tables, at);
    }
    if (at != NONE && self->states[at] == ON_THE_WAY) self->callers[way[length - 1]] = NONE;
    for (uint32_t i = 0; i < length / 2; i++) {
        uint32_t last = way[length - 1 - i];
        way[length - 1 - i] = way[i], way[i] = last;
    }
    for (uint32_t i = 0; i < length; i++) self->states[way[i]] = IN_ORDER;
    self->count += length;
}

static void number(Making *self) {
    uint32_t trees = 0;
    for (uint32_t i = self->count; i > 0; i--) { /* `end` is the count of those below a rule, itself included */
        uint32_t rule = self->order[i - 1], caller = self->callers[rule];
        uint32_t size = ++self->lines[rule].end;
        if (caller != NONE) self->lines[caller].end += size;
    }
    for (uint32_t i = 0; i < self->count; i++) {
        uint32_t rule = self->order[i], caller = self->callers[rule];
        uint32_t *next = caller == NONE ? &trees : &self->next[caller], place = *next;
        RuleLine *line = &self->lines[rule];
        *next += line->end;
        *line = (RuleLine){caller == NONE ? rule : self->lines[caller].first, place, place + line->end};
        self->next[rule] = place + 1;
    }
}

const RuleLine *ak_rule_lines(const GrammarTables *tables, Arena *arena) {
    uint32_t count = tables->rule_count;
    Making self = {.tables = tables,
                   .lines = ak_new_array(arena, RuleLine, count),
                   .callers = ak_new_array(arena, uint32_t, count),
                   .order = ak_new_array(arena, uint32_t, count),
                   .next = ak_new_array(arena, uint32_t, count),
                   .states = ak_new_array(arena, uint8_t, count)};
    if (!ak_arena_ok(arena)) return NULL;
    for (uint32_t r = 0; r < count; r++) {
        if (self.states[r] == UNKNOWN) put_in_order(&self, r);
    }
    return number(&self), self.lines;
}

uint32_t ak_rule_lines_entry(const RuleLine *lines, uint32_t rule, const uint32_t *waits, uint32_t count) {
    uint32_t entry = lines[rule].first, place = lines[rule].place;
    for (uint32_t i = 0; i < count; i++) {
        RuleLine wait = lines[waits[i]];
        bool is_before = wait.place <= place && place < wait.end;
        if (is_before && wait.place >= lines[entry].place) entry = waits[i];
    }
    return entry;
}
