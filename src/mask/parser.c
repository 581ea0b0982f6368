/* Kernels, frames and sets of frames, hash-consed; steps between kernels. */
#include "mask/parser.h"
#include "base/bitset.h"
#include <assert.h>
#include <stdlib.h>

static bool burn(Parser *self, uint64_t steps) {
    if (self->fuel < steps) return self->fuel = 0, false;
    self->fuel -= steps;
    return true;
}

static Place place_at(const Parser *self, Dot dot) {
    return ak_dots_place(&self->roster_dots, dot);
}

/* ---- Numbers: what a kernel has thousands of is found by slots of four bytes, since fresh memory is what a parser's first
 * steps cost most */

typedef uint32_t HashOf(const Parser *self, uint32_t number);

static uint32_t pair_hash(Kernel kernel, uint32_t rule) {
    return (uint32_t)(ak_table_hash(((uint64_t)kernel << 32 | rule) << 2) >> 2);
}

/* The numbers that may be the one looked for, one after the other; 0: there are no more, and `at` is behind a free slot. */
static uint32_t probe(const Numbers *self, size_t *at) {
    return self->slots[(*at)++ & self->mask];
}

static void take_slot(Numbers *self, size_t at, uint32_t number) {
    self->slots[(at - 1) & self->mask] = number;
}

/* Makes place for one number more than those from 1 up to `count` - 1, which are there. */
static bool make_place(Parser *self, Numbers *numbers, size_t count, HashOf *hash_of) {
    if (numbers->slots && count * 2 <= numbers->mask) return true;
    size_t size = numbers->slots ? (numbers->mask + 1) * 2 : 128;
    uint32_t *slots = ak_new_array(self->arena, uint32_t, size);
    if (!slots) return false;
    *numbers = (Numbers){slots, size - 1};
    for (uint32_t number = 1; number < count; number++) {
        size_t at = hash_of(self, number);
        while (probe(numbers, &at)) {}
        take_slot(numbers, at, number);
    }
    return true;
}

static uint32_t frame_hash(const Parser *self, uint32_t number) {
    return pair_hash(self->frames.items[number].kernel, self->frames.items[number].rule);
}

static uint32_t back_hash(const Parser *self, uint32_t number) {
    const Back *back = ak_paged_at(&self->backs, number);
    return pair_hash(back->kernel, back->rule);
}

static uint32_t kernel_hash(const Parser *self, uint32_t number) {
    return ak_paged_at(&self->kernels, number)->hash;
}

/* ---- Sets of frames; FAILED is no set's number */

enum { SET_EMPTY = 0, SET_FAILED = UINT32_MAX };

static const Frame *frames_of(const Parser *self, FrameSet set, uint32_t *count) {
    uint32_t first = self->set_starts.items[set];
    *count = self->set_starts.items[set + 1] - first;
    return self->set_frames.items + first;
}

/* A new set. */
static FrameSet add_set(Parser *self, const Frame *frames, uint32_t count) {
    if (!burn(self, count) || self->set_frames.count > UINT32_MAX / 2) return SET_FAILED;
    if (!ak_vec_reserve(self->arena, &self->set_frames, count)) return SET_FAILED;
    memcpy(self->set_frames.items + self->set_frames.count, frames, count * sizeof *frames);
    self->set_frames.count += count;
    if (!ak_vec_push(self->arena, &self->set_starts, (uint32_t)self->set_frames.count)) return SET_FAILED;
    return (FrameSet)self->set_starts.count - 2;
}

/* The set of these frames, sorted and different; they must not lie in set_frames. Most have one frame, which knows it. */
static FrameSet intern_set(Parser *self, const Frame *frames, uint32_t count) {
    if (count == 0) return SET_EMPTY;
    if (count == 1) {
        FrameSet *alone = &self->frames.items[frames[0]].alone, made = *alone ? *alone : add_set(self, frames, 1);
        return made == SET_FAILED ? made : (*alone = made);
    }
    uint64_t hash = ak_str_hash((Str){(const char *)frames, count * sizeof *frames}) | 1;
    for (FrameSet known; (known = ak_table_find(&self->set_numbers, hash)); hash += 2) {
        uint32_t size;
        const Frame *there = frames_of(self, known, &size);
        if (size == count && memcmp(there, frames, count * sizeof *frames) == 0) return known;
    }
    FrameSet made = add_set(self, frames, count);
    return made != SET_FAILED && ak_table_add(&self->set_numbers, self->arena, hash, made) ? made : SET_FAILED;
}

/* Sorts what was gathered, drops doubles, and makes it a set. */
static int compare_frames(const void *a, const void *b) {
    const Frame *left = a, *right = b;
    return (*left > *right) - (*left < *right);
}

static FrameSet intern_gathered(Parser *self) {
    Frame *frames = self->gathered.items;
    uint32_t kept = 0, count = (uint32_t)self->gathered.count;
    if (count > 1) qsort(frames, count, sizeof *frames, compare_frames);
    for (uint32_t i = 0; i < count; i++) {
        if (!kept || frames[kept - 1] != frames[i]) frames[kept++] = frames[i];
    }
    return intern_set(self, frames, kept);
}

static bool gather_set(Parser *self, FrameSet set) {
    uint32_t count;
    const Frame *frames = frames_of(self, set, &count);
    if (!burn(self, count) || !ak_vec_reserve(self->arena, &self->gathered, count)) return false;
    if (count) memcpy(self->gathered.items + self->gathered.count, frames, count * sizeof *frames);
    self->gathered.count += count;
    return true;
}

static FrameSet unite(Parser *self, FrameSet a, FrameSet b) {
    if (a == b || b == SET_EMPTY) return a;
    if (a == SET_EMPTY) return b;
    if (a > b) return unite(self, b, a);
    uint64_t key = (uint64_t)a << 32 | b;
    FrameSet known = ak_table_find(&self->unions, key);
    if (known) return known;
    self->gathered.count = 0;
    if (!gather_set(self, a) || !gather_set(self, b)) return SET_FAILED;
    FrameSet made = intern_gathered(self);
    return made != SET_FAILED && ak_table_add(&self->unions, self->arena, key, made) ? made : SET_FAILED;
}

/* ---- Predictions */

/* Adds to the sets what a body may begin with; rules that are new go onto the stack. */
static bool enter_body(Parser *self, Dot dot, uint32_t *rules, uint32_t *lexemes) {
    for (;; dot++) {
        Place place = self->tables->places[dot];
        if (place.kind == PLACE_END) return true;
        if (place.kind == PLACE_TERMINAL) return ak_bits_set(lexemes, place.symbol), true;
        if (!ak_bits_get(rules, place.symbol)) {
            ak_bits_set(rules, place.symbol);
            if (!ak_vec_push(self->arena, &self->rules, place.symbol)) return false;
        }
        if (!place.is_nullable) return true;
    }
}

static const Prediction *predict(Parser *self, uint32_t rule) {
    const GrammarTables *tables = self->tables;
    Prediction *made = &self->predictions[rule];
    if (made->rules) return made;
    uint32_t *rules = ak_new_array(self->arena, uint32_t, tables->rule_words),
             *lexemes = ak_new_array(self->arena, uint32_t, tables->lexeme_words);
    self->rules.count = 0;
    if (!lexemes || !ak_vec_push(self->arena, &self->rules, rule)) return NULL;
    ak_bits_set(rules, rule);
    while (self->rules.count) {
        uint32_t next = self->rules.items[--self->rules.count];
        const Prediction *known = &self->predictions[next];
        if (known->rules) { /* all of it is known: nothing new is left to enter below it */
            ak_bits_or(rules, known->rules, tables->rule_words);
            ak_bits_or(lexemes, known->lexemes, tables->lexeme_words);
            continue;
        }
        uint32_t first = tables->rule_bodies[next], last = tables->rule_bodies[next + 1];
        if (!burn(self, 1 + last - first)) return NULL;
        for (uint32_t i = first; i < last; i++) {
            if (!enter_body(self, tables->bodies[i], rules, lexemes)) return NULL;
        }
    }
    *made = (Prediction){rules, lexemes};
    return made;
}

/* The kernel's predictions were worked out when it was made. */
static bool is_predicted(const Parser *self, const KernelNode *kernel, uint32_t rule) {
    for (uint32_t i = 0; i < kernel->waits; i++) {
        uint32_t wait = self->waits.items[kernel->first_wait + i];
        if (ak_bits_get(self->predictions[wait].rules, rule)) return true;
    }
    return false;
}

/* ---- Frames */

static bool frame_of(Parser *self, Kernel kernel, uint32_t rule, Frame *frame) {
    if (!make_place(self, &self->frame_numbers, self->frames.count, frame_hash)) return false;
    size_t at = pair_hash(kernel, rule);
    while ((*frame = probe(&self->frame_numbers, &at))) {
        const FrameNode *there = &self->frames.items[*frame];
        if (there->kernel == kernel && there->rule == rule) return true;
    }
    *frame = (Frame)self->frames.count;
    if (!burn(self, 1) || !ak_vec_push(self->arena, &self->frames, (FrameNode){.kernel = kernel, .rule = rule}))
        return false;
    return take_slot(&self->frame_numbers, at, *frame), true;
}

static bool is_tail(const Parser *self, Dot after) {
    return place_at(self, after).kind == PLACE_END;
}

/* Visits what waits for `rule` in the kernel: gathers where tail calls lead, notes rules that call `rule` at their
 * end, and says whether anything else waits for it. */
static bool visit_waiting(Parser *self, Kernel number, uint32_t rule, bool *is_framed) {
    const GrammarTables *tables = self->tables;
    const KernelNode *kernel = ak_paged_at(&self->kernels, number);
    uint32_t first = tables->rule_openings[rule], last = tables->rule_openings[rule + 1];
    if (!burn(self, kernel->count + last - first)) return false;
    for (uint32_t i = 0; i < kernel->count; i++) {
        KernelItem item = self->items.items[kernel->first + i];
        Place place = place_at(self, item.dot);
        if (place.kind != PLACE_RULE || place.symbol != rule) continue;
        if (!is_tail(self, item.dot + 1)) *is_framed = true;
        else if (!gather_set(self, item.back)) return false;
    }
    for (uint32_t i = first; i < last; i++) {
        Opening opening = tables->openings[i];
        if (!is_predicted(self, kernel, opening.rule)) continue;
        if (!is_tail(self, opening.dot)) *is_framed = true;
        else if (self->rule_marks[opening.rule] != self->mark) {
            self->rule_marks[opening.rule] = self->mark;
            if (!ak_vec_push(self->arena, &self->rules, opening.rule)) return false;
        }
    }
    return true;
}

/* The set that is known, or SET_EMPTY. */
static FrameSet find_back(const Parser *self, Kernel kernel, uint32_t rule) {
    size_t at = pair_hash(kernel, rule);
    for (uint32_t number; (number = probe(&self->back_numbers, &at));) {
        const Back *there = ak_paged_at(&self->backs, number);
        if (there->kernel == kernel && there->rule == rule) return there->set;
    }
    return SET_EMPTY;
}

/* Adds one that is not known. */
static bool add_back(Parser *self, Back back) {
    if (!make_place(self, &self->back_numbers, self->backs.count, back_hash)) return false;
    size_t at = pair_hash(back.kernel, back.rule);
    while (probe(&self->back_numbers, &at)) {}
    if (!ak_paged_push(self->arena, &self->backs, back)) return false;
    return take_slot(&self->back_numbers, at, self->backs.count - 1), true;
}

static bool gather_frame(Parser *self, Kernel kernel, uint32_t rule) {
    Frame frame;
    return frame_of(self, kernel, rule, &frame) && ak_vec_push(self->arena, &self->gathered, frame);
}

/* Gathers where the rules on the stack go back to, and all that call them at their end. */
static bool gather_back(Parser *self, Kernel kernel) {
    while (self->rules.count) {
        uint32_t rule = self->rules.items[--self->rules.count];
        FrameSet known = find_back(self, kernel, rule);
        bool is_framed = false;
        if (known ? !gather_set(self, known) : !visit_waiting(self, kernel, rule, &is_framed)) return false;
        if (is_framed && !gather_frame(self, kernel, rule)) return false;
    }
    return true;
}

/* Where `rule`, predicted in the kernel, goes back to. Where a call at one rule's end is all that waits for it, that is
 * where the other goes back to: in rows of optional members most rules stand in one such line. */
static FrameSet back_of(Parser *self, Kernel kernel, uint32_t rule) {
    FrameSet made = find_back(self, kernel, rule);
    if (made) return made;
    self->gathered.count = self->rules.count = self->line.count = 0;
    self->rule_marks[rule] = ++self->mark;
    while (!made) {
        bool is_framed = false;
        if (!ak_vec_push(self->arena, &self->line, rule) || !visit_waiting(self, kernel, rule, &is_framed))
            return SET_FAILED;
        if (is_framed || self->gathered.count || self->rules.count != 1) {
            if ((is_framed && !gather_frame(self, kernel, rule)) || !gather_back(self, kernel)) return SET_FAILED;
            made = intern_gathered(self);
            assert(made != SET_EMPTY);
        } else {
            rule = self->rules.items[--self->rules.count];
            made = find_back(self, kernel, rule);
        }
    }
    for (size_t i = 0; made != SET_FAILED && i < self->line.count; i++) {
        if (!add_back(self, (Back){kernel, self->line.items[i], made})) return SET_FAILED;
    }
    return made;
}

/* Fills in the items behind the rule that the frame's kernel waits for. */
static bool resume(Parser *self, Frame number) {
    const GrammarTables *tables = self->tables;
    FrameNode frame = self->frames.items[number];
    const KernelNode *kernel = ak_paged_at(&self->kernels, frame.kernel);
    frame.first = (uint32_t)self->resumed.count, frame.is_known = true;
    for (uint32_t i = 0; i < kernel->count; i++) {
        KernelItem item = self->items.items[kernel->first + i];
        Place place = place_at(self, item.dot);
        if (place.kind != PLACE_RULE || place.symbol != frame.rule || is_tail(self, item.dot + 1)) continue;
        if (!ak_vec_push(self->arena, &self->resumed, (KernelItem){item.dot + 1, item.back})) return false;
    }
    for (uint32_t i = tables->rule_openings[frame.rule]; i < tables->rule_openings[frame.rule + 1]; i++) {
        Opening opening = tables->openings[i];
        if (is_tail(self, opening.dot) || !is_predicted(self, kernel, opening.rule)) continue;
        KernelItem item = {opening.dot, back_of(self, frame.kernel, opening.rule)};
        if (item.back == SET_FAILED || !ak_vec_push(self->arena, &self->resumed, item)) return false;
    }
    frame.count = (uint32_t)self->resumed.count - frame.first;
    self->frames.items[number] = frame;
    return burn(self, 1 + frame.count);
}

/* ---- The row under construction */

static bool grow_back(Parser *self) {
    size_t count = self->back_at.count, more = ak_dots_count(&self->roster_dots) - count;
    if (!ak_vec_reserve(self->arena, &self->back_at, more)) return false;
    memset(self->back_at.items + count, 0, more * sizeof *self->back_at.items);
    return self->back_at.count += more, true;
}

/* Puts an item in, or more for it to go back to. */
static bool add(Parser *self, Dot dot, FrameSet back) {
    if (dot >= self->back_at.count && !grow_back(self)) return false;
    FrameSet before = self->back_at.items[dot], after = unite(self, before, back);
    if (after == SET_FAILED || !burn(self, 1)) return false;
    if (before == after) return true;
    if (!before && !ak_vec_push(self->arena, &self->dots, dot)) return false;
    self->back_at.items[dot] = after;
    return ak_vec_push(self->arena, &self->agenda, (KernelItem){dot, back});
}

/* A rule is complete: whatever waited for it in its frames goes on. */
static bool complete(Parser *self, FrameSet back, bool *is_accepting) {
    uint32_t first = self->set_starts.items[back], last = self->set_starts.items[back + 1];
    for (uint32_t i = first; i < last; i++) {
        Frame frame = self->set_frames.items[i];
        if (frame == FRAME_TOP) {
            *is_accepting = true;
            continue;
        }
        if (!self->frames.items[frame].is_known && !resume(self, frame)) return false;
        FrameNode node = self->frames.items[frame];
        for (uint32_t k = 0; k < node.count; k++) {
            KernelItem item = self->resumed.items[node.first + k];
            if (!add(self, item.dot, item.back)) return false;
        }
    }
    return true;
}

/* Adds what may come in a roster at the item. */
static bool follow(Parser *self, KernelItem item, Place place) {
    if (!burn(self, self->tables->rosters[place.symbol].count)) return false;
    if (!ak_dots_follow(&self->roster_dots, item.dot)) return false;
    for (size_t i = 0; i < self->roster_dots.found.count; i++) {
        if (!add(self, self->roster_dots.found.items[i], item.back)) return false;
    }
    return true;
}

/* Handles every item of the agenda, which grows meanwhile. */
static bool close_row(Parser *self, bool *is_accepting) {
    for (size_t i = 0; i < self->agenda.count; i++) {
        KernelItem item = self->agenda.items[i];
        Place place = place_at(self, item.dot);
        if (place.kind == PLACE_END && !complete(self, item.back, is_accepting)) return false;
        if (place.kind > PLACE_END && !follow(self, item, place)) return false;
        if (place.kind == PLACE_RULE && place.is_nullable && !add(self, item.dot + 1, item.back)) return false;
    }
    return true;
}

static void begin_row(Parser *self) {
    for (size_t i = 0; i < self->dots.count; i++) self->back_at.items[self->dots.items[i]] = 0;
    self->agenda.count = self->dots.count = 0;
}

static int compare_dots(const void *a, const void *b) {
    const Dot *left = a, *right = b;
    return (*left > *right) - (*left < *right);
}

/* The row's items that wait for something, in order, at the end of `items`: the completed ones have done their
 * work. */
static bool lay_items(Parser *self, KernelNode *kernel) {
    if (self->items.count > UINT32_MAX / 2 || !ak_vec_reserve(self->arena, &self->items, self->dots.count))
        return false;
    if (self->dots.count > 1) qsort(self->dots.items, self->dots.count, sizeof(Dot), compare_dots);
    kernel->first = (uint32_t)self->items.count;
    for (size_t i = 0; i < self->dots.count; i++) {
        Dot dot = self->dots.items[i];
        if (place_at(self, dot).kind > PLACE_RULE) continue;
        self->items.items[kernel->first + kernel->count++] = (KernelItem){dot, self->back_at.items[dot]};
    }
    return true;
}

/* ---- Kernels */

/* The kernel that is there with the same items; 0: none is, and `*at` is where it will be found. Notes the hash. */
static Kernel find_kernel(const Parser *self, KernelNode *kernel, size_t *at) {
    const KernelItem *items = self->items.items + kernel->first;
    size_t size = kernel->count * sizeof *items;
    kernel->hash = (uint32_t)ak_str_hash((Str){(const char *)items, size}) + kernel->is_accepting;
    *at = kernel->hash;
    for (Kernel known; (known = probe(&self->kernel_numbers, at));) {
        const KernelNode *there = ak_paged_at(&self->kernels, known);
        if (there->hash != kernel->hash || there->count != kernel->count || there->is_accepting != kernel->is_accepting)
            continue;
        if (size == 0 || memcmp(self->items.items + there->first, items, size) == 0) return known;
    }
    return 0;
}

/* Whether a lexeme may begin at the place of a kernel's item, whose predictions are known. */
static bool has_lexeme(const Parser *self, Place place) {
    return place.kind == PLACE_TERMINAL ||
           ak_bits_next(self->predictions[place.symbol].lexemes, self->tables->terminal_count, 0) != SIZE_MAX;
}

/* Where a rule goes on, what it ignores may stand before any lexeme, but not after the last one possible. */
static bool find_starts(Parser *self, KernelNode *kernel) {
    const GrammarTables *tables = self->tables;
    kernel->starts[1] = ak_dfa_start(self->dfa, self->allowed);
    for (uint32_t i = 0; i < kernel->count; i++) {
        Place place = place_at(self, self->items.items[kernel->first + i].dot);
        uint32_t lexeme = tables->terminal_count + place.ignored - 1;
        if (!place.ignored || ak_bits_get(self->allowed, lexeme)) continue;
        if (has_lexeme(self, place)) ak_bits_set(self->allowed, lexeme);
    }
    kernel->starts[0] = ak_dfa_start(self->dfa, self->allowed);
    return kernel->starts[0] != DFA_UNKNOWN && kernel->starts[1] != DFA_UNKNOWN;
}

/* Notes which rules the new kernel waits for and which lexemes it allows. */
static bool look_ahead(Parser *self, KernelNode *kernel) {
    const GrammarTables *tables = self->tables;
    memset(self->allowed, 0, tables->lexeme_words * sizeof *self->allowed);
    kernel->first_wait = (uint32_t)self->waits.count, kernel->waits = 0;
    self->mark++;
    for (uint32_t i = 0; i < kernel->count; i++) {
        Place place = place_at(self, self->items.items[kernel->first + i].dot);
        if (place.kind == PLACE_TERMINAL) {
            ak_bits_set(self->allowed, place.symbol);
        } else if (self->rule_marks[place.symbol] != self->mark) {
            self->rule_marks[place.symbol] = self->mark;
            const Prediction *prediction = predict(self, place.symbol);
            if (!prediction || !ak_vec_push(self->arena, &self->waits, place.symbol)) return false;
            ak_bits_or(self->allowed, prediction->lexemes, tables->lexeme_words);
            kernel->waits++;
        }
    }
    return find_starts(self, kernel);
}

/* The kernel of the row under construction, where the text may end if `is_accepting` or a whole one was read; 0 on
 * failure. */
static Kernel finish_row(Parser *self, bool is_accepting) {
    KernelNode kernel = {.is_accepting = is_accepting};
    if (!close_row(self, &kernel.is_accepting) || !lay_items(self, &kernel)) return 0;
    if (!make_place(self, &self->kernel_numbers, self->kernels.count, kernel_hash)) return 0;
    size_t at;
    Kernel number = find_kernel(self, &kernel, &at);
    if (number) return number;
    self->items.count += kernel.count;
    if (!burn(self, kernel.count) || !look_ahead(self, &kernel)) return 0;
    if (self->kernels.count > UINT32_MAX / 4 || !ak_paged_push(self->arena, &self->kernels, kernel)) return 0;
    number = self->kernels.count - 1;
    return take_slot(&self->kernel_numbers, at, number), number;
}

/* Everything that waits for `terminal` in the kernel goes on, but for what stays because the text is ignored there. */
static bool scan_terminal(Parser *self, Kernel number, uint32_t terminal, const uint32_t *lexemes, uint32_t ended) {
    const GrammarTables *tables = self->tables;
    const KernelNode *kernel = ak_paged_at(&self->kernels, number);
    for (uint32_t i = 0; i < kernel->count; i++) {
        KernelItem item = self->items.items[kernel->first + i];
        Place place = place_at(self, item.dot);
        if (place.kind != PLACE_TERMINAL || place.symbol != terminal) continue;
        if (!ak_tables_is_ignored(tables, place, lexemes, ended) && !add(self, item.dot + 1, item.back)) return false;
    }
    for (uint32_t i = tables->terminal_openings[terminal]; i < tables->terminal_openings[terminal + 1]; i++) {
        Opening opening = tables->openings[i];
        if (!is_predicted(self, kernel, opening.rule)) continue;
        if (ak_tables_is_ignored(tables, tables->places[opening.dot], lexemes, ended)) continue;
        FrameSet back = back_of(self, number, opening.rule);
        if (back == SET_FAILED || !add(self, opening.dot, back)) return false;
    }
    return true;
}

/* After ignored text the rules that ignore it are as before. */
static bool scan_ignored(Parser *self, Kernel number, const uint32_t *lexemes, uint32_t count) {
    const GrammarTables *tables = self->tables;
    const KernelNode *kernel = ak_paged_at(&self->kernels, number);
    for (uint32_t i = 0; i < kernel->count; i++) {
        KernelItem item = self->items.items[kernel->first + i];
        if (ak_tables_is_ignored(tables, place_at(self, item.dot), lexemes, count) && !add(self, item.dot, item.back))
            return false;
    }
    return true;
}

ParserNode ak_parser_scan(Parser *self, ParserNode node, uint32_t ending) {
    const GrammarTables *tables = self->tables;
    uint64_t key = (uint64_t)node << 32 | ending;
    ParserNode known = ak_table_find(&self->steps, key);
    if (known) return known;
    uint32_t count;
    const uint32_t *lexemes = ak_dfa_ended(self->dfa, ending, &count);
    bool is_ignored = lexemes[count - 1] >= tables->terminal_count;
    bool is_accepting = is_ignored && ak_parser_kernel(self, node)->is_accepting &&
                        ak_tables_is_ignored(tables, tables->places[tables->start], lexemes, count);
    begin_row(self);
    if (is_ignored && !scan_ignored(self, node >> 1, lexemes, count)) return NODE_NONE;
    for (uint32_t i = 0; i < count && lexemes[i] < tables->terminal_count; i++) {
        if (!scan_terminal(self, node >> 1, lexemes[i], lexemes, count)) return NODE_NONE;
    }
    Kernel kernel = finish_row(self, is_accepting);
    if (!kernel) return NODE_NONE;
    ParserNode made = kernel << 1 | (is_ignored && tables->is_ignored_once);
    return ak_table_add(&self->steps, self->arena, key, made) ? made : NODE_NONE;
}

ParserNode ak_parser_start(const Parser *self) {
    return 1u << 1 | !self->tables->has_initial_ignore;
}

bool ak_parser_init(Parser *self, Arena *arena, const GrammarTables *tables, Dfa *dfa) {
    *self = (Parser){.arena = arena, .tables = tables, .dfa = dfa, .fuel = UINT64_MAX};
    self->predictions = ak_new_array(arena, Prediction, tables->rule_count);
    self->rule_marks = ak_new_array(arena, uint32_t, tables->rule_count);
    self->allowed = ak_new_array(arena, uint32_t, tables->lexeme_words);
    if (!ak_dots_init(&self->roster_dots, tables, arena) || !grow_back(self)) return false;
    if (!ak_arena_ok(arena) || !ak_paged_push(arena, &self->kernels, (KernelNode){0})) return false;
    if (!ak_paged_push(arena, &self->backs, (Back){0})) return false;
    if (!make_place(self, &self->back_numbers, self->backs.count, back_hash)) return false;
    if (!ak_vec_push(arena, &self->frames, (FrameNode){0})) return false;
    for (int i = 0; i < 2; i++) { /* the empty set of frames is set 0 */
        if (!ak_vec_push(arena, &self->set_starts, 0)) return false;
    }
    FrameSet top = intern_set(self, &(Frame){FRAME_TOP}, 1);
    return top != SET_FAILED && add(self, tables->start, top) && finish_row(self, false) == 1;
}
