/* The walk through the vocabulary, the tokens of the list, and the mask without those that were found. */
#include "mask/unique_mask.h"
#include "base/bitset.h"

/* ---- Tokens that cross from one item to another */

/* The number of quotes that have a byte behind them. */
static uint32_t count_quotes(Str token) {
    uint32_t count = 0;
    for (size_t i = 0; i + 1 < token.length; i++) count += token.data[i] == '"';
    return count;
}

static bool list_with(UniqueTokens *list, uint32_t quotes, const ananke_vocab *vocab, const uint32_t *row,
                      Arena *arena) {
    VEC(uint32_t) ids = {0};
    for (size_t id = ak_bits_next(row, vocab->size, 0); id != SIZE_MAX; id = ak_bits_next(row, vocab->size, id + 1)) {
        bool is_in = count_quotes(ak_vocab_str(vocab, (uint32_t)id)) >= quotes;
        if (is_in && !ak_vec_push(arena, &ids, (uint32_t)id)) return false;
    }
    *list = (UniqueTokens){ids.items, (uint32_t)ids.count};
    return true;
}

/* Between two items there are two quotes. */
bool ak_unique_find_crossing(Uniques *self, const ananke_vocab *vocab, Arena *arena) {
    const View *view = &vocab->views.views[VIEW_WHOLE];
    size_t words = ak_bits_words(vocab->size);
    uint32_t *row = ak_new_array(arena, uint32_t, words);
    unsigned group = ak_unit_group('"');
    if (!row) return false;
    ak_bits_or(row, view->firsts[group], words);
    ak_bits_or(row, view->rests[group], words);
    return list_with(&self->two, 2, vocab, row, arena) && list_with(&self->three, 3, vocab, row, arena);
}

/* ---- Correcting */

/* Behind a node of the trie: those of its children that are still to be visited. */
typedef struct Level {
    UniqueSpot spot;
    ByteSet bytes; /* others need no visit */
    uint32_t at, end;
} Level;

typedef struct Correction {
    UniqueWalk walk;
    const Mask *mask;
    const uint32_t *row; /* the mask; NULL: it was not asked for yet */
    VEC(Level) levels;
    VEC(uint32_t) dropped;
} Correction;

/* The mask as a row; NULL when out of memory. */
static const uint32_t *row_of(Correction *self) {
    const MaskPool *pool = &self->walk.engine->masks;
    uint32_t *row = NULL;
    if (self->row || self->mask->row) return self->row ? self->row : self->mask->row;
    if ((row = ak_new_array(&self->walk.arena, uint32_t, pool->words))) ak_mask_copy(pool, self->mask, row);
    return self->row = row;
}

/* Drops a token from the mask, unless it may be read as a whole. */
static bool drop(Correction *self, uint32_t token) {
    Engine *engine = self->walk.engine;
    Point point = self->walk.spot.point;
    const uint32_t *row = row_of(self);
    if (!row || !ak_bits_get(row, token)) return row != NULL;
    if (engine->tables->tokens) {
        Step step = ak_engine_step_token(engine, &point, token, self->walk.fuel);
        if (step != STEP_DEAD) return step == STEP_ALIVE;
    }
    return ak_vec_push(&self->walk.arena, &self->dropped, token);
}

static const WalkTrie *trie_of(const Correction *self) {
    return &self->walk.engine->vocab->views.trie;
}

/* All that begin with the text of the node. */
static bool drop_subtree(Correction *self, const WalkNode *node) {
    for (uint32_t i = node->first_id; i < node->end_id; i++) {
        if (!drop(self, trie_of(self)->ids[i])) return false;
    }
    return true;
}

/* Which bytes may go on with an item like one before; others set it apart. */
static void mark_like(const UniqueWalk *walk, const UniqueSpot *spot, ByteSet *bytes) {
    memset(bytes, 0xFF, sizeof *bytes);
    if (spot->is_less || !spot->is_inside || spot->is_whole || ak_json_spelling_is_open(&spot->spelling)) return;
    const Str text = ak_unique_text(walk, spot);
    const ValueSets *sets = &walk->engine->uniques->values;
    *bytes = (ByteSet){0};
    ak_bits_set(bytes->words, '"'), ak_bits_set(bytes->words, '\\');
    for (uint32_t i = spot->first; i < spot->end; i++) {
        UniqueText value = walk->values.items[i];
        if (value.length <= text.length) continue;
        Str its = {walk->bytes.items + value.first, value.length};
        if (ak_str_starts(its, text)) ak_bits_set(bytes->words, (uint8_t)its.data[text.length]);
    }
    ak_value_sets_mark_next(sets, spot->come, text, bytes->words);
}

static bool go_down(Correction *self, const UniqueSpot *spot, const WalkNode *node) {
    Level level = {.spot = *spot, .at = node->children, .end = ak_walk_children_end(node)};
    mark_like(&self->walk, spot, &level.bytes);
    return ak_vec_push(&self->walk.arena, &self->levels, level);
}

/* Visits a child, and drops it where that makes an item equal, or one is missed that did; `*to` is where it leads. */
static Step visit(Correction *self, const UniqueSpot *from, const WalkNode *node, UniqueSpot *to) {
    *to = *from;
    Step step = ak_unique_step(&self->walk, to, node->byte);
    bool is_dropped = step == STEP_DEAD && (self->walk.is_equal || from->is_less);
    return !is_dropped || drop_subtree(self, node) ? step : STEP_SPENT;
}

/* Whether there may be an item like one before behind it, the pending one or, before its first byte, the next. */
static bool goes_on(const UniqueSpot *spot) {
    if (spot->is_less) return true;
    return spot->is_inside ? !spot->is_whole && !spot->is_apart : ak_unique_has_come(spot);
}

/* Whether tokens that go on behind the node may make an item equal: where there are always longer texts only a quote can. */
static bool is_worth(const Correction *self, const UniqueSpot *spot, const WalkNode *node) {
    const Engine *engine = self->walk.engine;
    if (!node->children || !goes_on(spot)) return false;
    if (spot->is_less || !spot->is_inside) return true;
    bool repeats = ak_dfa_node(&engine->dfa, spot->point.state)->roles & DFA_REPEATS_ITEM;
    size_t most = (size_t)engine->vocab->views.reaches[REACH_ALL].longest * AK_PIECE_MAX;
    if (!repeats || !ak_unique_outgrows(&self->walk, spot, most)) return true;
    return trie_of(self)->sets[node->below] & GROUP_BIT(ak_unit_group('"'));
}

/* Tokens along the values before, up to the item's end. */
static Step walk_like(Correction *self) {
    const WalkTrie *trie = trie_of(self);
    UniqueSpot to;
    if (!go_down(self, &self->walk.spot, &trie->nodes[0])) return STEP_SPENT;
    while (self->levels.count) {
        Level *level = &self->levels.items[self->levels.count - 1];
        if (level->at == level->end) {
            self->levels.count--;
            continue;
        }
        const WalkNode *node = &trie->nodes[level->at++];
        if (!ak_bits_get(level->bytes.words, node->byte)) continue;
        Step step = visit(self, &level->spot, node, &to);
        if (step == STEP_SPENT) return STEP_SPENT;
        if (step == STEP_ALIVE && is_worth(self, &to, node) && !go_down(self, &to, node)) return STEP_SPENT;
    }
    return STEP_ALIVE;
}

/* Whether it is possible that the token's second item is like one before, as far as its first byte tells. */
static bool may_be_like(const Correction *self, Str token) {
    const UniqueSpot *spot = &self->walk.spot;
    bool has_lead = spot->is_inside && ak_unique_length(&self->walk, spot);
    uint32_t quotes = 0;
    Str value;
    for (size_t i = 0; i + 1 < token.length; i++) {
        if (token.data[i] != '"' || ++quotes < 2) continue;
        Str next = {token.data + i + 1, 1};
        if (*next.data == '"' || *next.data == '\\' || !has_lead || (uint8_t)*next.data == spot->lead) return true;
        if (ak_unique_like(&self->walk, spot, next, &value)) return true;
    }
    return false;
}

static Step try_crossing(Correction *self, UniqueTokens list) {
    const uint32_t *row = row_of(self);
    if (!row) return STEP_SPENT;
    for (uint32_t i = 0; i < list.count; i++) {
        Str token = ak_vocab_str(self->walk.engine->vocab, list.ids[i]);
        if (!ak_bits_get(row, list.ids[i]) || !may_be_like(self, token)) continue;
        UniqueSpot to = self->walk.spot;
        size_t taken;
        Step step = ak_unique_move(&self->walk, &to, token, &taken);
        if (step == STEP_DEAD && !drop(self, list.ids[i])) step = STEP_SPENT;
        if (step == STEP_SPENT) return STEP_SPENT;
    }
    return STEP_ALIVE;
}

/* Which of the listed tokens a mask has is worked out once. */
typedef enum Crossed { CROSSED_UNKNOWN, CROSSED_NONE, CROSSED_TWO, CROSSED_THREE } Crossed;

static bool meets(const uint32_t *row, UniqueTokens list) {
    for (uint32_t i = 0; i < list.count; i++) {
        if (ak_bits_get(row, list.ids[i])) return true;
    }
    return false;
}

static Crossed find_crossed(Correction *self, uint32_t mask) {
    Engine *engine = self->walk.engine;
    Uniques *uniques = engine->uniques;
    const uint32_t *row = row_of(self);
    if (!row) return CROSSED_UNKNOWN;
    Crossed found = meets(row, uniques->three) ? CROSSED_THREE : meets(row, uniques->two) ? CROSSED_TWO : CROSSED_NONE;
    ak_engine_begin(engine, self->walk.fuel);
    bool done = ak_table_find(&uniques->crossed, mask) || ak_table_add(&uniques->crossed, &engine->arena, mask, found);
    ak_engine_end(engine, self->walk.fuel);
    return done ? found : CROSSED_UNKNOWN;
}

static bool is_near(const UniqueSpot *spot) {
    return spot->is_inside || ak_unique_has_come(spot);
}

static Step find_dropped(Correction *self, uint32_t mask) {
    const Uniques *uniques = self->walk.engine->uniques;
    const UniqueSpot *spot = &self->walk.spot;
    Crossed crossed = (Crossed)ak_table_find(&uniques->crossed, mask);
    if (!crossed && !(crossed = find_crossed(self, mask))) return STEP_SPENT;
    Step step = spot->is_whole || goes_on(spot) ? walk_like(self) : STEP_ALIVE;
    if (step != STEP_ALIVE || crossed < (is_near(spot) ? CROSSED_TWO : CROSSED_THREE)) return step;
    return try_crossing(self, is_near(spot) ? uniques->two : uniques->three);
}

/* The list of a mask that is a row, if that is short enough; else the row. */
static Mask shortest(const MaskPool *pool, const ananke_vocab *vocab, const uint32_t *row, uint32_t *ids) {
    Mask rest = {.ids = ids};
    if (ak_bits_count(row, pool->words) > ak_mask_list_limit(pool)) return (Mask){.row = row, .ids = ids};
    for (size_t id = ak_bits_next(row, vocab->size, 0); id != SIZE_MAX; id = ak_bits_next(row, vocab->size, id + 1))
        ids[rest.count++] = (uint32_t)id;
    return rest;
}

/* The mask without the dropped tokens. */
static uint32_t add_rest(Correction *self) {
    Engine *engine = self->walk.engine;
    const MaskPool *pool = &engine->masks;
    uint32_t *row = ak_new_array(&self->walk.arena, uint32_t, pool->words);
    uint32_t *ids = ak_new_array(&self->walk.arena, uint32_t, ak_mask_list_limit(pool));
    if (!ak_arena_ok(&self->walk.arena)) return 0;
    Mask rest = {.ids = ids};
    ak_mask_copy(pool, self->mask, row);
    for (size_t i = 0; i < self->dropped.count; i++) ak_bits_clear(row, self->dropped.items[i]);
    if (self->mask->row) rest = shortest(pool, engine->vocab, row, ids);
    for (uint32_t i = 0; !self->mask->row && i < self->mask->count; i++) {
        if (ak_bits_get(row, self->mask->ids[i])) ids[rest.count++] = self->mask->ids[i];
    }
    ak_engine_begin(engine, self->walk.fuel);
    uint32_t made = ak_mask_add(&engine->masks, 0, rest, 0);
    ak_engine_end(engine, self->walk.fuel);
    return made;
}

uint32_t ak_unique_mask(Engine *engine, uint32_t mask, Point point, uint32_t place, Fuel *fuel) {
    Crossed crossed = (Crossed)ak_table_find(&engine->uniques->crossed, mask);
    if (!place && crossed && crossed < CROSSED_THREE) return mask;
    Correction self = {.mask = ak_mask_get(&engine->masks, mask)};
    Step step = ak_unique_begin(&self.walk, engine, point, place, fuel);
    if (step == STEP_ALIVE) step = find_dropped(&self, mask);
    if (step == STEP_ALIVE && self.dropped.count) mask = add_rest(&self);
    ak_unique_free(&self.walk);
    return step == STEP_ALIVE ? mask : 0;
}
