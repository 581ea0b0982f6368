/* Which parts of a GBNF grammar can be lexemes.
 *
 * Such a grammar knows no lexemes, and ours are read greedily: the longest match wins, and nothing is taken back. With
 * one lexeme a code point greed changes nothing, since no code point is the beginning of another. Longer lexemes are
 * much faster, so every part begins as a candidate that is regular and stands where no larger candidate does; a
 * candidate for which greed could matter is opened, that is, its parts are candidates instead, until nothing is left
 * to object to. Code points are never objected to.
 *
 * Candidates are looked at as they stand in the text of the grammar: positions, in the sense of Glushkov. Two
 * positions are rivals when the same text before them leads to both. To find all rivals:
 *
 *     what can stand first in a text are rivals; so are, to be safe, what can stand behind any tokens (<name>);
 *     if p and q are rivals (or the same) and can have the same text, then what can follow p and what can follow q are
 *     rivals.
 *
 * Greed is harmless when
 *
 *     (1) what follows a position never begins with a byte by which the text of the position could go on, and
 *     (2) rivals that begin with the same byte are the same expression, or both code points, or both literals of which
 *         neither is the beginning of the other.
 *
 * For then, by induction over the lexemes of a text: the positions that the parser waits for are rivals. Let t be the
 * one by which a derivation goes on, and w its text. After the first byte of w the lexer follows only t and those of
 * (2). If t is a code point or a literal, all of them are, and none of them ends before w does or goes on behind it
 * without being refused by w's own bytes. Else all of them are the same expression as t; the lexer lives through w,
 * since w matches, and dies at the next byte, because by (1) that is not in `more`. So it ends where the derivation
 * does, and gives t to the parser. Conversely, what the parser is given is always a derivation. */
#include "base/bitset.h"
#include "base/utf8.h"
#include "mask/gbnf_tree.h"

enum { MAX_POSITIONS = 4096, MAX_AGENDA = 1 << 20, BYTE_WORDS = 8 };
#define MAX_STEPS UINT64_C(50000000)

/* Sets of positions of a rule that is no candidate itself. */
typedef struct RuleSets {
    bool is_visited;  /* it comes up */
    uint32_t *first;  /* how it can begin */
    uint32_t *follow; /* what can come after it */
} RuleSets;

typedef struct Pair {
    uint32_t a, b;
} Pair;

/* One round with the candidates as they are. What it needs lives in an arena that is freed with it. */
typedef struct Fuser {
    GbnfFile *file;
    Arena *keep;    /* the grammar's */
    Arena *arena;   /* the round's */
    uint64_t steps; /* left; 0: given up */
    VEC(GbnfNode *) positions;
    VEC(uint32_t) rules; /* those that are visited */
    RuleSets *sets;      /* by rule */
    size_t words;        /* of a set of positions */
    uint32_t *follow;    /* a set for each position: what can come after it */
    uint32_t *rivals;    /* a set for each position */
    uint32_t *behind;    /* the set of what can come after a token */
    VEC(Pair) agenda;    /* rivals still to be looked at */
    bool has_opened;
} Fuser;

static bool burn(Fuser *self, uint64_t steps) {
    self->steps = self->steps > steps && ak_arena_step(self->arena, steps) ? self->steps - steps : 0;
    return self->steps != 0;
}

static uint32_t *set_of(const Fuser *self, uint32_t *sets, size_t position) {
    return sets + position * self->words;
}

static uint32_t *new_sets(Fuser *self, size_t count) {
    uint32_t *sets = ak_new_array(self->arena, uint32_t, count * self->words);
    if (!sets) self->steps = 0;
    return sets;
}

/* a |= b, for sets of positions; true when that changed a. */
static bool unite(Fuser *self, uint32_t *a, const uint32_t *b) {
    return burn(self, self->words) && ak_bits_grow(a, b, self->words);
}

static bool overlap(const ByteSet *a, const ByteSet *b) {
    for (size_t i = 0; i < BYTE_WORDS; i++) {
        if (a->words[i] & b->words[i]) return true;
    }
    return false;
}

/* ---- Opening */

/* The code point at the start of `text` as a literal of its own. */
static GbnfNode *point_node(Arena *arena, const GbnfNode *literal, Str text) {
    uint32_t point;
    GbnfNode *node = ak_new(arena, GbnfNode);
    if (!node) return NULL;
    *node = (GbnfNode){.kind = GBNF_LITERAL, .offset = literal->offset, .end = literal->offset};
    node->text = ak_str_slice(text, 0, ak_utf8_decode(text, &point));
    node->shape = (GbnfShape){.is_regular = true, .is_point = true, .is_words = true};
    ak_bits_set(node->shape.first.words, (uint8_t)text.data[0]);
    return node;
}

static void split_literal(Arena *arena, GbnfNode *literal) {
    GbnfNode **last = &literal->child;
    for (size_t at = 0; at < literal->text.length; at += (*last)->text.length, last = &(*last)->next) {
        *last = point_node(arena, literal, ak_str_slice(literal->text, at, literal->text.length));
        if (!*last) return;
    }
}

static void open_node(Arena *arena, GbnfNode *node) {
    if (node->is_open || node->shape.is_point) return;
    node->is_open = true;
    if (node->kind == GBNF_LITERAL) split_literal(arena, node);
}

static void open_position(Fuser *self, uint32_t position) {
    open_node(self->keep, ak_gbnf_target(self->file, self->positions.items[position]));
    self->has_opened = true;
}

static void open_all(Arena *arena, GbnfNode *node) {
    for (GbnfNode *child = node->child; child; child = child->next) open_all(arena, child);
    open_node(arena, node);
}

/* ---- Positions */

static void visit_rule(Fuser *self, uint32_t rule) {
    if (self->sets[rule].is_visited) return;
    self->sets[rule].is_visited = true;
    if (!ak_vec_push(self->arena, &self->rules, rule)) self->steps = 0;
}

/* Numbers the candidates, and notes the rules that are none. */
static void visit(Fuser *self, GbnfNode *node) {
    if (!burn(self, 1)) return;
    if (ak_gbnf_is_lexeme(self->file, node)) {
        node->position = (uint32_t)self->positions.count;
        if (node->position >= MAX_POSITIONS || !ak_vec_push(self->arena, &self->positions, node)) self->steps = 0;
    } else if (node->kind == GBNF_NAME) {
        visit_rule(self, node->rule);
    }
    if (ak_gbnf_is_lexeme(self->file, node)) return;
    for (GbnfNode *child = node->child; child; child = child->next) visit(self, child);
}

static bool visit_all(Fuser *self) {
    self->sets = ak_new_array(self->arena, RuleSets, self->file->rules.count);
    if (!self->sets) return false;
    visit_rule(self, self->file->root);
    for (size_t i = 0; self->steps && i < self->rules.count; i++)
        visit(self, self->file->rules.items[self->rules.items[i]].body);
    self->words = ak_bits_words(self->positions.count);
    for (size_t i = 0; self->steps && i < self->rules.count; i++) {
        RuleSets *sets = &self->sets[self->rules.items[i]];
        sets->first = new_sets(self, 2);
        if (sets->first) sets->follow = sets->first + self->words;
    }
    self->follow = new_sets(self, self->positions.count);
    self->rivals = new_sets(self, self->positions.count);
    self->behind = new_sets(self, 1);
    return self->steps != 0;
}

/* ---- What comes first, and what comes after */

/* Adds the positions that the node can begin with. */
static void add_first(Fuser *self, const GbnfNode *node, uint32_t *set) {
    if (!burn(self, 1)) return;
    if (ak_gbnf_is_lexeme(self->file, node)) {
        ak_bits_set(set, node->position);
    } else if (node->kind == GBNF_NAME) {
        unite(self, set, self->sets[node->rule].first);
    } else {
        bool goes_on = true;
        for (const GbnfNode *child = node->child; child && goes_on; child = child->next) {
            add_first(self, child, set);
            goes_on = node->kind == GBNF_CHOICE || child->shape.is_nullable;
        }
    }
}

static bool grow_first(Fuser *self, uint32_t rule) {
    ArenaMark mark = ak_arena_mark(self->arena);
    uint32_t *set = new_sets(self, 1);
    if (set) add_first(self, self->file->rules.items[rule].body, set);
    bool changed = set && unite(self, self->sets[rule].first, set);
    ak_arena_rewind(self->arena, mark);
    return changed;
}

static bool spread(Fuser *self, const GbnfNode *node, const uint32_t *after);

/* From the last part to the first: behind each stands what the rest begins with, and if that can be empty, what stands
 * behind that. */
static bool spread_sequence(Fuser *self, const GbnfNode *node, const uint32_t *after) {
    ArenaMark mark = ak_arena_mark(self->arena);
    size_t count = 0;
    for (const GbnfNode *child = node->child; child; child = child->next) count++;
    const GbnfNode **parts = ak_new_array(self->arena, const GbnfNode *, count);
    uint32_t *set = new_sets(self, 1);
    bool changed = false;
    count = 0;
    for (const GbnfNode *child = node->child; parts && child; child = child->next) parts[count++] = child;
    if (set) unite(self, set, after);
    while (parts && set && count) {
        const GbnfNode *part = parts[--count];
        changed = spread(self, part, set) || changed;
        if (!part->shape.is_nullable) memset(set, 0, self->words * sizeof *set);
        add_first(self, part, set);
    }
    ak_arena_rewind(self->arena, mark);
    return changed;
}

static bool spread_repeat(Fuser *self, const GbnfNode *node, const uint32_t *after) {
    ArenaMark mark = ak_arena_mark(self->arena);
    uint32_t *set = new_sets(self, 1);
    if (set) unite(self, set, after);
    if (set && node->max > 1) add_first(self, node->child, set);
    bool changed = set && spread(self, node->child, set);
    ak_arena_rewind(self->arena, mark);
    return changed;
}

/* Takes note that `after` can come after the node; true when that was news. */
static bool spread(Fuser *self, const GbnfNode *node, const uint32_t *after) {
    if (!burn(self, 1)) return false;
    if (ak_gbnf_is_lexeme(self->file, node)) return unite(self, set_of(self, self->follow, node->position), after);
    if (node->kind == GBNF_NAME) return unite(self, self->sets[node->rule].follow, after);
    if (node->kind == GBNF_REPEAT) return spread_repeat(self, node, after);
    if (node->kind == GBNF_TOKENS) return unite(self, self->behind, after);
    if (node->kind != GBNF_CHOICE) return spread_sequence(self, node, after);
    bool changed = false;
    for (const GbnfNode *child = node->child; child; child = child->next)
        changed = spread(self, child, after) || changed;
    return changed;
}

static bool grow_follow(Fuser *self, uint32_t rule) {
    return spread(self, self->file->rules.items[rule].body, self->sets[rule].follow);
}

/* The least fixpoint, by passes over the rules in alternating direction. */
static bool settle(Fuser *self, bool (*grow)(Fuser *, uint32_t rule)) {
    bool changed = true;
    size_t count = self->rules.count;
    for (bool forward = true; changed && self->steps; forward = !forward) {
        changed = false;
        for (size_t i = 0; i < count; i++)
            changed = grow(self, self->rules.items[forward ? i : count - 1 - i]) || changed;
    }
    return self->steps != 0;
}

/* ---- (1) */

static bool goes_on_as_what_follows(Fuser *self, uint32_t position) {
    const uint32_t *follow = set_of(self, self->follow, position);
    const ByteSet *more = &self->positions.items[position]->shape.more;
    size_t count = self->positions.count;
    for (size_t q = ak_bits_next(follow, count, 0); q != SIZE_MAX && burn(self, 1);
         q = ak_bits_next(follow, count, q + 1)) {
        if (overlap(more, &self->positions.items[q]->shape.first)) return true;
    }
    return false;
}

/* ---- (2) */

static bool is_same(Fuser *self, GbnfNode *a, GbnfNode *b);

static bool are_children_same(Fuser *self, const GbnfNode *a, const GbnfNode *b) {
    GbnfNode *x = a->child, *y = b->child;
    for (; x && y; x = x->next, y = y->next) {
        if (!is_same(self, x, y)) return false;
    }
    return !x && !y;
}

/* Are two regular nodes written alike, so that they become one expression? */
static bool is_same(Fuser *self, GbnfNode *a, GbnfNode *b) {
    a = ak_gbnf_target(self->file, a), b = ak_gbnf_target(self->file, b);
    if (a == b) return true;
    if (!burn(self, 1) || a->kind != b->kind) return false;
    if (a->kind == GBNF_LITERAL) return ak_str_equal(a->text, b->text);
    if (a->kind == GBNF_CLASS)
        return a->range_count == b->range_count &&
               (!a->range_count || memcmp(a->ranges, b->ranges, a->range_count * sizeof *a->ranges) == 0);
    return a->min == b->min && a->max == b->max && are_children_same(self, a, b);
}

static void add_pair(Fuser *self, size_t a, size_t b) {
    ak_bits_set(set_of(self, self->rivals, a), b);
    ak_bits_set(set_of(self, self->rivals, b), a);
    Pair pair = {(uint32_t)a, (uint32_t)b};
    if (self->agenda.count >= MAX_AGENDA || !ak_vec_push(self->arena, &self->agenda, pair)) self->steps = 0;
}

/* Every pair of one out of `as` and one out of `bs` that is not known. */
static void add_rivals(Fuser *self, const uint32_t *as, const uint32_t *bs) {
    size_t count = self->positions.count;
    for (size_t a = ak_bits_next(as, count, 0); a != SIZE_MAX; a = ak_bits_next(as, count, a + 1)) {
        const uint32_t *known = set_of(self, self->rivals, a);
        for (size_t w = 0; w < self->words && burn(self, 1); w++) {
            for (uint32_t fresh = bs[w] & ~known[w], bit = 0; fresh; fresh >>= 1, bit++) {
                if (fresh & 1) add_pair(self, a, w * 32 + bit);
            }
        }
    }
}

/* Can both have the same text? To say yes is safe. `*is_harmful`: greed could prefer the wrong one. */
static bool can_coincide(Fuser *self, Pair pair, bool *is_harmful) {
    GbnfNode *a = ak_gbnf_target(self->file, self->positions.items[pair.a]),
             *b = ak_gbnf_target(self->file, self->positions.items[pair.b]);
    *is_harmful = false;
    if (pair.a == pair.b) return true;
    if (!overlap(&a->shape.first, &b->shape.first)) return false;
    if ((a->shape.is_point && b->shape.is_point) || is_same(self, a, b)) return true;
    *is_harmful = a->kind != GBNF_LITERAL || b->kind != GBNF_LITERAL || ak_str_starts(a->text, b->text) ||
                  ak_str_starts(b->text, a->text);
    return false;
}

/* A literal may get on with the parts of its rival, so it waits; beside a code point it is the literal that goes. */
static bool is_to_be_opened(const Fuser *self, uint32_t position, uint32_t rival) {
    const GbnfNode *node = ak_gbnf_target(self->file, self->positions.items[position]),
                   *other = ak_gbnf_target(self->file, self->positions.items[rival]);
    return node->kind != GBNF_LITERAL || other->kind == GBNF_LITERAL || other->shape.is_point;
}

static void look_at(Fuser *self, Pair pair) {
    bool is_harmful;
    bool coincide = can_coincide(self, pair, &is_harmful);
    if (coincide) add_rivals(self, set_of(self, self->follow, pair.a), set_of(self, self->follow, pair.b));
    if (is_harmful && is_to_be_opened(self, pair.a, pair.b)) open_position(self, pair.a);
    if (is_harmful && is_to_be_opened(self, pair.b, pair.a)) open_position(self, pair.b);
}

/* ---- Rounds */

static bool run_round(Fuser *self) {
    if (!visit_all(self) || !settle(self, grow_first) || !settle(self, grow_follow)) return false;
    for (uint32_t p = 0; p < self->positions.count; p++) {
        if (goes_on_as_what_follows(self, p)) open_position(self, p);
    }
    const uint32_t *first = self->sets[self->file->root].first;
    add_rivals(self, first, first);
    add_rivals(self, self->behind, self->behind);
    while (self->steps && self->agenda.count) look_at(self, self->agenda.items[--self->agenda.count]);
    return self->steps != 0;
}

/* One round; false when it was given up. */
static bool find_harm(GbnfFile *file, Grammar *grammar, uint64_t *steps, bool *has_opened) {
    Arena *keep = grammar->arena;
    ananke_context context = {.allocator = &keep->allocator, .memory_limit = keep->limit == SIZE_MAX ? 0 : keep->limit};
    Arena arena = ak_arena(&context);
    ak_arena_obey(&arena, keep->asked);
    Fuser self = {.file = file, .keep = keep, .arena = &arena, .steps = *steps};
    bool done = run_round(&self);
    *steps = self.steps, *has_opened = self.has_opened;
    if (arena.cancelled) keep->failed = keep->cancelled = true;
    ak_arena_free(&arena);
    return done;
}

bool ak_gbnf_fuse(GbnfFile *file, Grammar *grammar) {
    uint64_t fuel = grammar->exprs.fuel / 2, budget = fuel < MAX_STEPS ? fuel : MAX_STEPS, steps = budget;
    bool done = true, has_opened = !ak_gbnf_is_lexeme(file, file->rules.items[file->root].body);
    while (done && has_opened) done = find_harm(file, grammar, &steps, &has_opened);
    for (size_t i = 0; !done && i < file->rules.count; i++) open_all(grammar->arena, file->rules.items[i].body);
    grammar->exprs.fuel -= budget - steps;
    return ak_grammar_ok(grammar, NULL);
}
