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

/* Makes place for one number more than those from 1 up to `count` - 1, which are there. */
static bool make_place(Parser *self, Numbers *numbers, size_t count, HashOf *hash_of) {
    if (numbers->slots && count * 2 <= numbers->mask) return true;
    size_t size = numbers->slots ? (numbers->mask + 1) * 4 : 128;
    uint32_t *slots = ak_new_array(self->arena, uint32_t, size);
    if (!slots) return false;
    *numbers = (Numbers){slots, size - 1};
    for (uint32_t number = 1; number < count; number++) {
        size_t at = hash_of(self, number);
        while (ak_numbers_probe(numbers, &at)) {}
        ak_numbers_take(numbers, at, number);
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

/* The same of a kernel's waits, without entering the rules that are barred. */
static bool predict_without(Parser *self, const KernelNode *kernel, const uint32_t *barred, Prediction *left) {
    const GrammarTables *tables = self->tables;
    uint32_t *rules = ak_new_array(self->arena, uint32_t, tables->rule_words),
             *lexemes = ak_new_array(self->arena, uint32_t, tables->lexeme_words);
    if (!rules || !lexemes) return false;
    memcpy(rules, barred, tables->rule_words * sizeof *rules); /* as if they were entered already */
    self->rules.count = 0;
    for (uint32_t i = 0; i < kernel->waits; i++) {
        uint32_t wait = self->waits.items[kernel->first_wait + i];
        if (ak_bits_get(rules, wait)) continue;
        ak_bits_set(rules, wait);
        if (!ak_vec_push(self->arena, &self->rules, wait)) return false;
    }
    while (self->rules.count) {
        uint32_t next = self->rules.items[--self->rules.count];
        uint32_t first = tables->rule_bodies[next], last = tables->rule_bodies[next + 1];
        if (!burn(self, 1 + last - first)) return false;
        for (uint32_t i = first; i < last; i++) {
            if (!enter_body(self, tables->bodies[i], rules, lexemes)) return false;
        }
    }
    ak_bits_drop(rules, barred, tables->rule_words);
    *left = (Prediction){rules, lexemes};
    return true;
}

/* The kernel's predictions were worked out when it was made. */
static bool is_predicted(const Parser *self, const KernelNode *kernel, uint32_t rule) {
    if (kernel->barred) return ak_bits_get(self->barred.items[kernel->barred].left.rules, rule);
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
    while ((*frame = ak_numbers_probe(&self->frame_numbers, &at))) {
        const FrameNode *there = &self->frames.items[*frame];
        if (there->kernel == kernel && there->rule == rule) return true;
    }
    *frame = (Frame)self->frames.count;
    if (!burn(self, 1) || !ak_vec_push(self->arena, &self->frames, (FrameNode){.kernel = kernel, .rule = rule}))
        return false;
    return ak_numbers_take(&self->frame_numbers, at, *frame), true;
}

/* Whether nothing but the end stands behind the rule, whose frame then nobody needs: one with a limit has to have it. */
static bool is_tail(const Parser *self, uint32_t rule, Dot after) {
    return place_at(self, after).kind == PLACE_END && !ak_tables_is_limited(self->tables, rule);
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
        if (!is_tail(self, rule, item.dot + 1)) *is_framed = true;
        else if (!gather_set(self, item.back)) return false;
    }
    for (uint32_t i = first; i < last; i++) {
        Opening opening = tables->openings[i];
        if (!is_predicted(self, kernel, opening.rule)) continue;
        if (!is_tail(self, rule, opening.dot)) *is_framed = true;
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
    for (uint32_t number; (number = ak_numbers_probe(&self->back_numbers, &at));) {
        const Back *there = ak_paged_at(&self->backs, number);
        if (there->kernel == kernel && there->rule == rule) return there->set;
    }
    return SET_EMPTY;
}

/* Adds one that is not known. */
static bool add_back(Parser *self, Back back) {
    if (!make_place(self, &self->back_numbers, self->backs.count, back_hash)) return false;
    size_t at = pair_hash(back.kernel, back.rule);
    while (ak_numbers_probe(&self->back_numbers, &at)) {}
    if (!ak_paged_push(self->arena, &self->backs, back)) return false;
    return ak_numbers_take(&self->back_numbers, at, self->backs.count - 1), true;
}

static bool gather_frame(Parser *self, Kernel kernel, uint32_t rule) {
    Frame frame;
    return frame_of(self, kernel, rule, &frame) && ak_vec_push(self->arena, &self->gathered, frame);
}

/* Where the rule's line is entered in the kernel. */
static uint32_t entry_of(const Parser *self, Kernel number, uint32_t rule) {
    const KernelNode *kernel = ak_paged_at(&self->kernels, number);
    return ak_rule_lines_entry(self->lines, rule, self->waits.items + kernel->first_wait, kernel->waits);
}

/* Gathers where the rules on the stack go back to, and all that call them at their end. */
static bool gather_back(Parser *self, Kernel kernel) {
    while (self->rules.count) {
        uint32_t called = self->rules.items[--self->rules.count], rule = entry_of(self, kernel, called);
        if (rule != called && self->rule_marks[rule] == self->mark) continue;
        self->rule_marks[rule] = self->mark;
        FrameSet known = find_back(self, kernel, rule);
        bool is_framed = false;
        if (known ? !gather_set(self, known) : !visit_waiting(self, kernel, rule, &is_framed)) return false;
        if (is_framed && !gather_frame(self, kernel, rule)) return false;
    }
    return true;
}

/* Where `rule`, predicted in the kernel, goes back to. Where a call at one rule's end is all that waits for it, that is
 * where the other goes back to, and so on. */
static FrameSet back_of(Parser *self, Kernel kernel, uint32_t rule) {
    rule = entry_of(self, kernel, rule);
    FrameSet made = find_back(self, kernel, rule);
    if (made) return made;
    self->gathered.count = self->rules.count = self->line.count = 0, self->mark++;
    while (!made) {
        bool is_framed = false;
        self->rule_marks[rule] = self->mark;
        if (!ak_vec_push(self->arena, &self->line, rule) || !visit_waiting(self, kernel, rule, &is_framed))
            return SET_FAILED;
        if (is_framed || self->gathered.count || self->rules.count != 1) {
            if ((is_framed && !gather_frame(self, kernel, rule)) || !gather_back(self, kernel)) return SET_FAILED;
            made = intern_gathered(self);
            assert(made != SET_EMPTY);
        } else {
            rule = entry_of(self, kernel, self->rules.items[--self->rules.count]);
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
        if (place.kind != PLACE_RULE || place.symbol != frame.rule || is_tail(self, frame.rule, item.dot + 1)) continue;
        if (!ak_vec_push(self->arena, &self->resumed, (KernelItem){item.dot + 1, item.back})) return false;
    }
    for (uint32_t i = tables->rule_openings[frame.rule]; i < tables->rule_openings[frame.rule + 1]; i++) {
        Opening opening = tables->openings[i];
        if (is_tail(self, frame.rule, opening.dot) || !is_predicted(self, kernel, opening.rule)) continue;
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

static int compare_items(const void *a, const void *b) {
    const KernelItem *left = a, *right = b;
    return (left->dot > right->dot) - (left->dot < right->dot);
}

/* By dot, all of them different. */
static void sort_items(KernelItem *items, uint32_t count) {
    enum { FEW = 24 }; /* as most rows have, which calls would cost more than moves */
    if (count > FEW) {
        qsort(items, count, sizeof *items, compare_items);
        return;
    }
    for (uint32_t i = 1, at; i < count; i++) {
        KernelItem item = items[i];
        for (at = i; at > 0 && items[at - 1].dot > item.dot; at--) items[at] = items[at - 1];
        items[at] = item;
    }
}

/* The row's items that wait for something, in order, at the end of `items`: the completed ones have done their
 * work. */
static bool lay_items(Parser *self, KernelNode *kernel) {
    if (self->items.count > UINT32_MAX / 2 || !ak_vec_reserve(self->arena, &self->items, self->dots.count))
        return false;
    kernel->first = (uint32_t)self->items.count;
    KernelItem *items = self->items.items + kernel->first;
    for (size_t i = 0; i < self->dots.count; i++) {
        Dot dot = self->dots.items[i];
        if (place_at(self, dot).kind <= PLACE_RULE)
            items[kernel->count++] = (KernelItem){dot, self->back_at.items[dot]};
    }
    return sort_items(items, kernel->count), true;
}

/* ---- Kernels */

/* The rules that it does not predict; NULL: it does all. */
static const uint32_t *barred_of(const Parser *self, const KernelNode *kernel) {
    return kernel->barred ? self->barred.items[kernel->barred].rules : NULL;
}

static bool are_alike(const uint32_t *a, const uint32_t *b, size_t words) {
    return a == b || (a && b && ak_bits_equal(a, b, words));
}

/* The kernel that is there with the same items and rules barred; 0: none is, and `*at` is where it will be found. Notes the
 * hash. */
static Kernel find_kernel(const Parser *self, KernelNode *kernel, const uint32_t *barred, size_t *at) {
    const KernelItem *items = self->items.items + kernel->first;
    size_t size = kernel->count * sizeof *items, words = self->tables->rule_words;
    kernel->hash = (uint32_t)ak_str_hash((Str){(const char *)items, size}) + kernel->is_accepting;
    if (barred) kernel->hash += (uint32_t)ak_str_hash((Str){(const char *)barred, words * sizeof *barred});
    *at = kernel->hash;
    for (Kernel known; (known = ak_numbers_probe(&self->kernel_numbers, at));) {
        const KernelNode *there = ak_paged_at(&self->kernels, known);
        if (there->hash != kernel->hash || there->count != kernel->count || there->is_accepting != kernel->is_accepting)
            continue;
        if (!are_alike(barred_of(self, there), barred, words)) continue;
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

/* Works out and numbers what the kernel predicts without the barred rules, and allows that. */
static bool bar(Parser *self, KernelNode *kernel, const uint32_t *barred) {
    Barred made = {.rules = barred};
    if (!predict_without(self, kernel, barred, &made.left)) return false;
    if (!self->barred.count && !ak_vec_push(self->arena, &self->barred, (Barred){0})) return false;
    ak_bits_or(self->allowed, made.left.lexemes, self->tables->lexeme_words);
    kernel->barred = (uint32_t)self->barred.count;
    return ak_vec_push(self->arena, &self->barred, made);
}

/* Notes which rules the new kernel waits for and which lexemes it allows. */
static bool look_ahead(Parser *self, KernelNode *kernel, const uint32_t *barred) {
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
            if (!barred) ak_bits_or(self->allowed, prediction->lexemes, tables->lexeme_words);
            kernel->waits++;
        }
    }
    return (!barred || bar(self, kernel, barred)) && find_starts(self, kernel);
}

/* The kernel of the row under construction, where the text may end if `is_accepting` or a whole one was read; 0 on
 * failure. `barred`, a set of rules that lasts, may be NULL: all are predicted. */
static Kernel finish_row(Parser *self, bool is_accepting, const uint32_t *barred) {
    if (!close_row(self, &is_accepting)) return 0;
    KernelNode kernel = {.is_accepting = is_accepting};
    if (!lay_items(self, &kernel)) return 0;
    if (!make_place(self, &self->kernel_numbers, self->kernels.count, kernel_hash)) return 0;
    size_t at;
    Kernel number = find_kernel(self, &kernel, barred, &at);
    if (number) return number;
    self->items.count += kernel.count;
    if (!burn(self, kernel.count) || !look_ahead(self, &kernel, barred)) return 0;
    if (self->kernels.count > UINT32_MAX / 4 || !ak_paged_push(self->arena, &self->kernels, kernel)) return 0;
    number = self->kernels.count - 1;
    return ak_numbers_take(&self->kernel_numbers, at, number), number;
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

/* After ignored text the rules that ignore it, and may go on behind it, are as before: it stands before a lexeme (find_starts). */
static bool scan_ignored(Parser *self, Kernel number, const uint32_t *lexemes, uint32_t count) {
    const GrammarTables *tables = self->tables;
    const KernelNode *kernel = ak_paged_at(&self->kernels, number);
    for (uint32_t i = 0; i < kernel->count; i++) {
        KernelItem item = self->items.items[kernel->first + i];
        Place place = place_at(self, item.dot);
        bool stays = ak_tables_is_ignored(tables, place, lexemes, count) && has_lexeme(self, place);
        if (stays && !add(self, item.dot, item.back)) return false;
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
    Kernel kernel = finish_row(self, is_accepting, NULL);
    if (!kernel) return NODE_NONE;
    ParserNode made = kernel << 1 | (is_ignored && tables->is_ignored_once);
    return ak_table_add(&self->steps, self->arena, key, made) ? made : NODE_NONE;
}

/* ---- As the engine sees it */

static ParserNode scan_from(void *parser, ParserNode node, uint32_t ending) {
    return ak_parser_scan(parser, node, ending);
}

static DfaState lexer_behind(const void *parser, ParserNode node) {
    return ak_parser_lexer(parser, node);
}

static bool may_end(const void *parser, ParserNode node) {
    return ak_parser_kernel(parser, node)->is_accepting;
}

static uint32_t count_kernels(const void *parser) {
    return ((const Parser *)parser)->kernels.count - 1;
}

Pushdown ak_parser_pushdown(Parser *self) {
    static const PushdownKind earley = {
        .scan = scan_from, .lexer = lexer_behind, .is_accepting = may_end, .count = count_kernels};
    return (Pushdown){
        .kind = &earley, .parser = self, .steps = &self->steps, .fuel = &self->fuel, .start = ak_parser_start(self)};
}

/* ---- Rules with limits */

static void begin_walk(Parser *self) {
    self->walk++, self->stack.count = self->found.count = self->listed.count = 0;
}

/* Notes a frame or a kernel of the walk that is under way. */
static bool see(Parser *self, uint32_t number, bool *is_new) {
    size_t count = self->seen.count, more = number < count ? 0 : number + 1 - count;
    if (!ak_vec_reserve(self->arena, &self->seen, more)) return false;
    if (more) memset(self->seen.items + count, 0, more * sizeof *self->seen.items);
    self->seen.count += more;
    *is_new = self->seen.items[number] != self->walk;
    return self->seen.items[number] = self->walk, true;
}

static bool push_frames(Parser *self, FrameSet set) {
    uint32_t count;
    const Frame *frames = frames_of(self, set, &count);
    for (uint32_t i = 0; i < count; i++) {
        if (!ak_vec_push(self->arena, &self->stack, frames[i])) return false;
    }
    return burn(self, count);
}

/* What is known of a frame: a set and one; 0: nothing. */
static FrameSet known_limited(const Parser *self, Frame frame) {
    return frame < self->limited.count ? self->limited.items[frame] : 0;
}

static bool know_limited(Parser *self, Frame frame, FrameSet set) {
    size_t count = self->limited.count, more = frame < count ? 0 : self->frames.count - count;
    if (!ak_vec_reserve(self->arena, &self->limited, more)) return false;
    if (more) memset(self->limited.items + count, 0, more * sizeof *self->limited.items);
    self->limited.count += more;
    return self->limited.items[frame] = set + 1, true;
}

/* Adds the frame to those that were found if it has a limit, and goes on to what it leads back to. */
static bool visit_frame(Parser *self, Frame number) {
    uint32_t count;
    FrameSet known = known_limited(self, number);
    const Frame *frames = known ? frames_of(self, known - 1, &count) : NULL;
    for (uint32_t i = 0; known && i < count; i++) {
        if (!ak_vec_push(self->arena, &self->found, frames[i])) return false;
    }
    if (known || number == FRAME_TOP) return true;
    if (!self->frames.items[number].is_known && !resume(self, number)) return false;
    FrameNode frame = self->frames.items[number];
    bool is_limited = ak_tables_is_limited(self->tables, frame.rule);
    if (is_limited && !ak_vec_push(self->arena, &self->found, number)) return false;
    for (uint32_t i = 0; i < frame.count; i++) {
        if (!push_frames(self, self->resumed.items[frame.first + i].back)) return false;
    }
    return true;
}

/* The frames with limits that the frame leads back to, itself included. Those of lower kernels are mostly known: they were
 * asked about when their kernel was the text's. */
static FrameSet limited_behind(Parser *self, Frame first) {
    if (known_limited(self, first)) return known_limited(self, first) - 1;
    begin_walk(self);
    if (!ak_vec_push(self->arena, &self->stack, first)) return SET_FAILED;
    while (self->stack.count) {
        Frame frame = self->stack.items[--self->stack.count];
        bool is_new;
        if (!see(self, frame, &is_new) || (is_new && !visit_frame(self, frame))) return SET_FAILED;
    }
    if (!ak_vec_reserve(self->arena, &self->gathered, self->found.count)) return SET_FAILED;
    self->gathered.count = self->found.count;
    if (self->found.count)
        memcpy(self->gathered.items, self->found.items, self->found.count * sizeof *self->found.items);
    FrameSet made = intern_gathered(self);
    return made != SET_FAILED && know_limited(self, first, made) ? made : SET_FAILED;
}

/* Adds the limited frames that a set leads back to. */
static bool unite_limited(Parser *self, FrameSet back, FrameSet *limited) {
    uint32_t count;
    frames_of(self, back, &count);
    for (uint32_t i = 0; i < count && *limited != SET_FAILED; i++) {
        FrameSet behind = limited_behind(self, frames_of(self, back, &count)[i]);
        *limited = behind == SET_FAILED ? SET_FAILED : unite(self, *limited, behind);
    }
    return *limited != SET_FAILED;
}

/* Whether one of the lexemes goes on at the place, or is ignored there. */
static bool waits_for(const Parser *self, Place place, const uint32_t *lexemes) {
    if (place.kind == PLACE_TERMINAL && ak_bits_get(lexemes, place.symbol)) return true;
    return place.ignored && ak_bits_get(lexemes, self->tables->terminal_count + place.ignored - 1);
}

bool ak_parser_limited(Parser *self, ParserNode node, const uint32_t *lexemes, FrameSet *limited) {
    const GrammarTables *tables = self->tables;
    const KernelNode *kernel = ak_parser_kernel(self, node);
    *limited = SET_EMPTY;
    for (uint32_t i = 0; i < kernel->count; i++) {
        KernelItem item = self->items.items[kernel->first + i];
        if (lexemes && !waits_for(self, place_at(self, item.dot), lexemes)) continue;
        if (!unite_limited(self, item.back, limited)) return false;
    }
    for (size_t t = 0; lexemes && (t = ak_bits_next(lexemes, tables->terminal_count, t)) != SIZE_MAX; t++) {
        for (uint32_t i = tables->terminal_openings[t]; i < tables->terminal_openings[t + 1]; i++) {
            if (!is_predicted(self, kernel, tables->openings[i].rule)) continue;
            FrameSet back = back_of(self, node >> 1, tables->openings[i].rule);
            if (back == SET_FAILED || !unite_limited(self, back, limited)) return false;
        }
    }
    return true;
}

FrameSet ak_parser_set(Parser *self, const Frame *frames, size_t count) {
    if (!ak_vec_reserve(self->arena, &self->gathered, count)) return SET_EMPTY;
    memcpy(self->gathered.items, frames, count * sizeof *frames);
    self->gathered.count = count;
    FrameSet made = intern_gathered(self);
    return made == SET_FAILED ? SET_EMPTY : made;
}

const Frame *ak_parser_frames(const Parser *self, FrameSet set, uint32_t *count) {
    return frames_of(self, set, count);
}

/* ---- Leaving what is used up */

/* Frames refer to kernels with lower numbers than their own: below the lowest one nothing changes. */
static Kernel lowest_of(const Parser *self, FrameSet used) {
    uint32_t count;
    const Frame *frames = frames_of(self, used, &count);
    Kernel lowest = UINT32_MAX;
    for (uint32_t i = 0; i < count; i++) {
        if (self->frames.items[frames[i]].kernel < lowest) lowest = self->frames.items[frames[i]].kernel;
    }
    return lowest;
}

static bool has_frame(const Parser *self, FrameSet set, Frame frame) {
    uint32_t count, i = 0;
    const Frame *frames = frames_of(self, set, &count);
    while (i < count && frames[i] != frame) i++;
    return i < count;
}

static uint64_t left_key(FrameSet used, Kernel kernel) {
    return (uint64_t)used << 32 | kernel;
}

bool ak_parser_frame_left(Parser *self, FrameSet used, Frame *frame) {
    FrameNode node = self->frames.items[*frame];
    if (has_frame(self, used, *frame)) return *frame = FRAME_GONE, true;
    if (*frame == FRAME_TOP || node.kernel < lowest_of(self, used)) return true;
    Kernel left = ak_table_find(&self->left, left_key(used, node.kernel));
    bool is_left = left && is_predicted(self, ak_paged_at(&self->kernels, left), node.rule);
    if (!is_left) return *frame = FRAME_GONE, true;
    return frame_of(self, left, node.rule, frame);
}

static FrameSet set_left(Parser *self, FrameSet used, FrameSet set) {
    uint32_t count;
    frames_of(self, set, &count);
    self->gathered.count = 0;
    for (uint32_t i = 0; i < count; i++) {
        Frame frame = frames_of(self, set, &count)[i];
        if (!ak_parser_frame_left(self, used, &frame)) return SET_FAILED;
        if (frame != FRAME_GONE && !ak_vec_push(self->arena, &self->gathered, frame)) return SET_FAILED;
    }
    return burn(self, count) ? intern_gathered(self) : SET_FAILED;
}

/* Adds what is left of an item, if anything is. */
static bool add_left(Parser *self, FrameSet used, KernelItem item) {
    FrameSet back = set_left(self, used, item.back);
    return back != SET_FAILED && (back == SET_EMPTY || add(self, item.dot, back));
}

/* What the kernel without `used` does not predict. False when out of memory. */
static bool bar_used(Parser *self, Kernel number, FrameSet used, const uint32_t **barred) {
    uint32_t count, words = self->tables->rule_words, *made = NULL;
    const Frame *frames = frames_of(self, used, &count);
    *barred = barred_of(self, ak_paged_at(&self->kernels, number));
    for (uint32_t i = 0; i < count; i++) {
        if (self->frames.items[frames[i]].kernel != number) continue;
        if (!made && !(made = ak_new_array(self->arena, uint32_t, words))) return false;
        ak_bits_set(made, self->frames.items[frames[i]].rule);
    }
    if (made && *barred) ak_bits_or(made, *barred, words);
    if (made) *barred = made;
    return true;
}

static bool leave_kernel(Parser *self, Kernel number, FrameSet used) {
    const KernelNode *kernel = ak_paged_at(&self->kernels, number);
    const uint32_t *barred;
    if (ak_table_find(&self->left, left_key(used, number))) return true;
    if (!bar_used(self, number, used, &barred)) return false;
    begin_row(self);
    for (uint32_t i = 0; i < kernel->count; i++) {
        if (!add_left(self, used, self->items.items[kernel->first + i])) return false;
    }
    Kernel left = finish_row(self, kernel->is_accepting, barred);
    return left && ak_table_add(&self->left, self->arena, left_key(used, number), left);
}

/* Lists the kernels from the lowest that matters up to `top`, that `top` leads back to. */
static bool list_kernels(Parser *self, Kernel top, FrameSet used) {
    Kernel lowest = lowest_of(self, used);
    bool is_new;
    begin_walk(self);
    if (!see(self, top, &is_new) || !ak_vec_push(self->arena, &self->listed, top)) return false;
    for (size_t i = 0; i < self->listed.count; i++) {
        const KernelNode *kernel = ak_paged_at(&self->kernels, self->listed.items[i]);
        self->stack.count = 0;
        for (uint32_t k = 0; k < kernel->count; k++) {
            if (!push_frames(self, self->items.items[kernel->first + k].back)) return false;
        }
        for (size_t k = 0; k < self->stack.count; k++) {
            Kernel below = self->frames.items[self->stack.items[k]].kernel;
            if (below < lowest) continue;
            if (!see(self, below, &is_new)) return false;
            if (is_new && !ak_vec_push(self->arena, &self->listed, below)) return false;
        }
    }
    qsort(self->listed.items, self->listed.count, sizeof *self->listed.items, compare_frames);
    return true;
}

ParserNode ak_parser_leave(Parser *self, ParserNode node, FrameSet used) {
    if (!list_kernels(self, node >> 1, used)) return NODE_NONE;
    for (size_t i = 0; i < self->listed.count; i++) {
        if (!leave_kernel(self, self->listed.items[i], used)) return NODE_NONE;
    }
    return ak_table_find(&self->left, left_key(used, node >> 1)) << 1 | (node & 1);
}

ParserNode ak_parser_cut(Parser *self, ParserNode left, FrameSet used, uint32_t ending) {
    uint32_t count, lexeme_count = 0;
    const uint32_t *lexemes = ending ? ak_dfa_ended(self->dfa, ending, &lexeme_count) : NULL;
    begin_row(self);
    frames_of(self, used, &count);
    for (uint32_t i = 0; i < count; i++) {
        Frame number = frames_of(self, used, &count)[i];
        if (!self->frames.items[number].is_known && !resume(self, number)) return NODE_NONE;
        FrameNode frame = self->frames.items[number];
        for (uint32_t k = 0; k < frame.count; k++) {
            if (!add_left(self, used, self->resumed.items[frame.first + k])) return NODE_NONE;
        }
    }
    for (uint32_t i = 0; i < lexeme_count; i++) {
        if (!scan_terminal(self, left >> 1, lexemes[i], lexemes, lexeme_count)) return NODE_NONE;
    }
    return finish_row(self, false, NULL) << 1;
}

ParserNode ak_parser_start(const Parser *self) {
    return 1u << 1 | !self->tables->has_initial_ignore;
}

bool ak_parser_init(Parser *self, Arena *arena, const GrammarTables *tables, Dfa *dfa) {
    *self = (Parser){.arena = arena, .tables = tables, .dfa = dfa, .fuel = UINT64_MAX};
    self->predictions = ak_new_array(arena, Prediction, tables->rule_count);
    self->rule_marks = ak_new_array(arena, uint32_t, tables->rule_count);
    self->lines = ak_rule_lines(tables, arena);
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
    return top != SET_FAILED && add(self, tables->start, top) && finish_row(self, false, NULL) == 1;
}
