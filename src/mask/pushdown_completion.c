/* Best-first search over lexemes: what is on the stack is estimated to take some bytes an entry, and so whatever brings it down is tried first. */
#include "mask/pushdown_completion.h"
#include "base/bitset.h"

enum { EXPANSIONS_MAX = 4000, BYTES_PER_ENTRY = 4, NO_PARENT = UINT32_MAX };

/* A point that a text leads to. */
typedef struct Spot {
    Point point;
    uint32_t parent, length, height; /* bytes since the beginning; entries of the stack */
    Str text;                        /* from the parent on */
} Spot;

/* A spot in the heap; the least estimate first, then the newest. */
typedef struct Promise {
    uint64_t estimate;
    uint32_t spot;
} Promise;

typedef struct Search {
    Engine *engine;
    const GrammarTables *tables;
    Arena *arena;
    Str *spellings; /* by lexeme: a shortest text; {NULL, 0}: it has none */
    VEC(Spot) spots;
    VEC(Promise) heap;
    Table seen; /* nodes behind spots */
    Fuel fuel;
} Search;

/* ---- The heap */

static bool is_before(Promise a, Promise b) {
    return a.estimate != b.estimate ? a.estimate < b.estimate : a.spot > b.spot;
}

static bool push(Search *self, Promise promise) {
    if (!ak_vec_push(self->arena, &self->heap, promise)) return false;
    Promise *items = self->heap.items;
    size_t at = self->heap.count - 1;
    for (; at && is_before(promise, items[(at - 1) / 2]); at = (at - 1) / 2) items[at] = items[(at - 1) / 2];
    return items[at] = promise, true;
}

static Promise pop(Search *self) {
    Promise *items = self->heap.items, first = items[0], last = items[--self->heap.count];
    size_t at = 0, count = self->heap.count;
    for (size_t child; (child = 2 * at + 1) < count; at = child) {
        if (child + 1 < count && is_before(items[child + 1], items[child])) child++;
        if (!is_before(items[child], last)) break;
        items[at] = items[child];
    }
    if (count) items[at] = last;
    return first;
}

/* ---- Spots */

static bool follow(Search *self, Point *point, Str text) {
    for (size_t i = 0; i < text.length; i++) {
        if (ak_engine_step(self->engine, point, (uint8_t)text.data[i], &self->fuel) != STEP_ALIVE) return false;
    }
    return true;
}

static uint32_t height_of(const Search *self, ParserNode node) {
    const Pushdown *pushdown = &self->engine->pushdown;
    pthread_mutex_lock(&self->engine->lock);
    uint32_t height = pushdown->kind->height(pushdown->parser, node);
    pthread_mutex_unlock(&self->engine->lock);
    return height;
}

/* Adds a spot, if its last lexeme may end and no other one has led there. */
static bool add(Search *self, uint32_t parent, Point point, Str text) {
    Point closed;
    bool is_first = parent == NO_PARENT; /* that may be in the middle of a lexeme */
    if (ak_engine_close(self->engine, point, &closed, &self->fuel) != STEP_ALIVE && !is_first) return true;
    uint64_t key = is_first ? UINT64_MAX : closed.node;
    if (ak_table_find(&self->seen, key)) return true;
    const Spot *from = parent == NO_PARENT ? NULL : &self->spots.items[parent];
    Spot made = {.point = point, .parent = parent, .text = text};
    made.length = (from ? from->length : 0) + (uint32_t)text.length;
    made.height = height_of(self, closed.node);
    uint32_t number = (uint32_t)self->spots.count;
    uint64_t estimate = made.length + (uint64_t)made.height * BYTES_PER_ENTRY;
    return ak_table_add(&self->seen, self->arena, key, number + 1) && ak_vec_push(self->arena, &self->spots, made) &&
           push(self, (Promise){estimate, number});
}

/* Whether the text begins a lexeme of its own there, and is not taken for more of the pending one. Moves on behind it. */
static bool follow_apart(Search *self, Point *point, Str text) {
    Point closed;
    if (ak_engine_close(self->engine, *point, &closed, &self->fuel) != STEP_ALIVE) return false;
    if (!follow(self, &closed, text) || !follow(self, point, text)) return false;
    return closed.node == point->node && closed.state == point->state;
}

/* Appends a lexeme behind the pending one; behind a blank, or a line break, where it would be taken for more of it. */
static bool append(Search *self, uint32_t number, Str text) {
    static const char *const between[] = {"", " ", "\n"};
    Point from = self->spots.items[number].point;
    for (size_t i = 0; i < sizeof between / sizeof *between; i++) {
        Str piece = i ? ak_arena_format(self->arena, "%s%.*s", between[i], STR_ARGS(text)) : text;
        Point to = from;
        if (!piece.data) return false;
        if (follow(self, &to, ak_str(between[i])) && follow_apart(self, &to, text)) return add(self, number, to, piece);
    }
    return true;
}

/* ---- Spellings */

static Str shortest(Search *self, Expr expr) {
    ak_engine_begin(self->engine, &self->fuel);
    Str text = ak_expr_shortest(&self->engine->dfa.exprs, expr, self->arena);
    ak_engine_end(self->engine, &self->fuel);
    return text;
}

static Str spelling(Search *self, uint32_t lexeme) {
    Str *known = &self->spellings[lexeme];
    if (!known->data) *known = shortest(self, self->tables->lexemes[lexeme]);
    return *known;
}

/* The state's lexemes that may begin there, shadows left out. */
static uint32_t *starts_of(const Search *self, DfaState state) {
    const Dfa *dfa = &self->engine->dfa;
    const uint32_t *starts = ak_dfa_node(dfa, state)->starts;
    size_t words = ak_bits_words(dfa->lexeme_count);
    uint32_t *set = ak_new_array(self->arena, uint32_t, words);
    if (set && starts) memcpy(set, starts, words * sizeof *set);
    for (uint32_t i = dfa->shadows; set && dfa->shadows && i < dfa->lexeme_count; i++) ak_bits_clear(set, i);
    return set;
}

static bool expand(Search *self, uint32_t number) {
    Point closed;
    if (ak_engine_close(self->engine, self->spots.items[number].point, &closed, &self->fuel) != STEP_ALIVE) return true;
    uint32_t count = self->tables->lexeme_count, *set = starts_of(self, closed.state);
    if (!set) return false;
    for (size_t i = ak_bits_next(set, count, 0); i != SIZE_MAX; i = ak_bits_next(set, count, i + 1)) {
        Str text = spelling(self, (uint32_t)i);
        if (text.length && !append(self, number, text)) return false;
    }
    return true;
}

/* The ways to end the pending lexeme: the rest of each that it may become. */
static bool expand_pending(Search *self, Point point) {
    LexerPart parts[64];
    uint32_t count = 0;
    pthread_mutex_lock(&self->engine->lock);
    const Dfa *dfa = &self->engine->dfa;
    const DfaNode *node = ak_dfa_node(dfa, point.state);
    for (; count < node->count && count < 64; count++) parts[count] = dfa->parts.items[node->first + count];
    pthread_mutex_unlock(&self->engine->lock);
    for (uint32_t i = 0; i < count; i++) {
        Str rest = shortest(self, parts[i].rest);
        Point to = point;
        if (rest.length && follow(self, &to, rest) && !add(self, 0, to, rest)) return false;
    }
    return true;
}

/* ---- Searching */

static Str text_of(const Search *self, uint32_t number) {
    uint32_t length = self->spots.items[number].length;
    char *text = ak_arena_alloc(self->arena, length + 1, 1);
    for (uint32_t at = number, end = length; text && at != NO_PARENT; at = self->spots.items[at].parent) {
        Str piece = self->spots.items[at].text;
        end -= (uint32_t)piece.length;
        if (piece.length) memcpy(text + end, piece.data, piece.length);
    }
    return text ? (Str){text, length} : (Str){0};
}

Str ak_pushdown_completion(const ananke_program *program, Engine *engine, Hole *hole, Point point, Arena *arena) {
    Search self = {.engine = engine, .tables = &program->tables, .arena = arena};
    self.fuel = (Fuel){.lexer = 20000000, .parser = 20000000};
    self.spellings = ak_new_array(arena, Str, self.tables->lexeme_count);
    bool done = self.spellings && add(&self, NO_PARENT, point, (Str){0}) && expand_pending(&self, point);
    for (int i = 0; done && self.heap.count && i < EXPANSIONS_MAX; i++) {
        uint32_t spot = pop(&self).spot;
        if (ak_hole_may_end(hole, engine, self.spots.items[spot].point, &self.fuel) == STEP_ALIVE)
            return text_of(&self, spot);
        done = expand(&self, spot);
    }
    return (Str){0};
}
