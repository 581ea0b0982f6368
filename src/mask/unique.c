/* Values are compared as far as they are read. Most items are soon like none before: from there on nothing but their bytes is kept. */
#include "mask/unique.h"
#include "base/bitset.h"
#include "mask/state_texts.h"
#include "mask/unique_mask.h"
#include <assert.h>

enum { FRESH_MAX = 16 }; /* values that a walk keeps to itself */

static void order_bytes(Uniques *self, const Exprs *exprs) {
    uint16_t count = 0;
    for (uint32_t class = 0; class < exprs->class_count; class ++) {
        for (unsigned byte = 0; byte < 256; byte++) {
            if (exprs->classes[byte] == class) self->bytes[count++] = (uint8_t)byte;
        }
        self->class_ends[class] = count;
    }
}

Uniques *ak_uniques_new(Engine *engine) {
    Uniques *self = ak_new(&engine->arena, Uniques);
    bool ok = self && ak_value_sets_init(&self->values, &engine->arena) &&
              ak_paged_push(&engine->arena, &self->places, (UniquePlace){0}) &&
              ak_unique_find_crossing(self, engine->vocab, &engine->arena);
    if (ok) order_bytes(self, &engine->dfa.exprs);
    return ok ? self : NULL;
}

static const UniquePlace *place_at(const UniqueWalk *self, uint32_t place) {
    return ak_paged_at(&self->engine->uniques->places, place);
}

/* ---- Texts */

/* Room for `count` bytes behind those of the spot. */
static char *make_room(UniqueWalk *self, const UniqueSpot *spot, size_t count) {
    self->bytes.count = spot->text + spot->length;
    return ak_vec_reserve(&self->arena, &self->bytes, count) ? self->bytes.items + self->bytes.count : NULL;
}

/* Of the pending item's value, the bytes that are not known. */
static size_t count_missing(const UniqueWalk *self, const UniqueSpot *spot) {
    return spot->origin ? place_at(self, spot->origin)->length - spot->known : 0;
}

size_t ak_unique_length(const UniqueWalk *self, const UniqueSpot *spot) {
    return count_missing(self, spot) + spot->length;
}

/* Makes all of the pending item's value known: it lies in pieces with the places that it came by. */
static bool gather(UniqueWalk *self, UniqueSpot *spot) {
    size_t missing = count_missing(self, spot);
    if (!missing) return true;
    assert(!spot->known);
    size_t tail = spot->length, at = missing;
    char *room = make_room(self, spot, missing + tail);
    if (!room) return false;
    if (tail) memcpy(room + missing, self->bytes.items + spot->text, tail);
    for (const UniquePlace *place = place_at(self, spot->origin); at; place = place_at(self, place->before)) {
        at -= place->text.length;
        if (place->text.length) memcpy(room + at, place->text.data, place->text.length);
    }
    spot->text += tail, spot->length += missing, spot->known = missing;
    return true;
}

static Str value_at(const UniqueWalk *self, uint32_t index) {
    UniqueText value = self->values.items[index];
    return value.length ? (Str){self->bytes.items + value.first, value.length} : STR("");
}

uint64_t ak_unique_like(const UniqueWalk *self, const UniqueSpot *spot, Str text, Str *value) {
    *value = ak_value_sets_from(&self->engine->uniques->values, spot->come, text);
    if (value->data && ak_str_starts(*value, text)) return (uint64_t)(uintptr_t)value->data;
    for (uint32_t i = spot->first; i < spot->end; i++) {
        *value = value_at(self, i);
        if (ak_str_starts(*value, text)) return (uint64_t)i + 1;
    }
    return 0;
}

static bool is_equal(const UniqueWalk *self, const UniqueSpot *spot) {
    Str text = ak_unique_text(self, spot), value = ak_value_sets_from(&self->engine->uniques->values, spot->come, text);
    bool found = value.data && ak_str_equal(value, text);
    for (uint32_t i = spot->first; i < spot->end && !found; i++) found = ak_str_equal(value_at(self, i), text);
    return found;
}

/* ---- Items */

/* Behind the opening quote. */
static void begin_item(UniqueSpot *spot) {
    spot->text += spot->length, spot->length = 0;
    spot->origin = 0, spot->known = 0, spot->like = 0, spot->spelling = (JsonSpelling){0};
    spot->is_inside = true, spot->is_whole = false, spot->is_apart = !ak_unique_has_come(spot);
}

/* `added` bytes have come to the value. What has begun like a value before, and goes on like it, still does: its place in their order is the same. */
static void compare(const UniqueWalk *self, UniqueSpot *spot, size_t added) {
    Str text = ak_unique_text(self, spot), value = {0};
    if (spot->like > spot->end) value = (Str){(const char *)(uintptr_t)spot->like, spot->like_length};
    if (value.data && value.length >= text.length &&
        memcmp(value.data + text.length - added, text.data + text.length - added, added) == 0)
        return;
    spot->like = ak_unique_like(self, spot, text, &value);
    spot->like_length = value.length, spot->is_apart = !spot->like;
}

/* One more byte of an item. False when out of memory. */
static bool read_byte(UniqueWalk *self, UniqueSpot *spot, uint8_t byte) {
    char decoded[AK_JSON_DECODED_MAX];
    if (byte == '"' && !spot->spelling.step) {
        spot->is_whole = true;
        if (!spot->is_apart) spot->is_apart = !is_equal(self, spot);
        return true;
    }
    size_t count = ak_json_spelling_read(&spot->spelling, byte, decoded);
    if (!count) return true;
    char *room = make_room(self, spot, count);
    if (!room) return false;
    memcpy(room, decoded, count);
    if (!ak_unique_length(self, spot)) spot->lead = (uint8_t)decoded[0];
    spot->length += count;
    if (!spot->is_apart) compare(self, spot, count);
    return true;
}

/* Puts what the walk came by into the set that the engine keeps; the caller has the lock. */
static bool keep_values(UniqueWalk *self, UniqueSpot *spot) {
    ValueSet come = spot->come;
    for (; spot->first < spot->end; spot->first++) {
        come = ak_value_sets_add(&self->engine->uniques->values, come, value_at(self, spot->first));
        if (!come) return false;
    }
    return spot->come = come, true;
}

/* An item has ended. False when out of memory. */
static bool end_item(UniqueWalk *self, UniqueSpot *spot) {
    if (!gather(self, spot)) return false;
    self->values.count = spot->end;
    if (!ak_vec_push(&self->arena, &self->values, (UniqueText){spot->text, spot->length})) return false;
    spot->end++, spot->version = ++self->versions;
    if (spot->longest < spot->length) spot->longest = spot->length;
    if (spot->end - spot->first <= FRESH_MAX) return true;
    ak_engine_begin(self->engine, self->fuel);
    bool done = keep_values(self, spot);
    ak_engine_end(self->engine, self->fuel);
    return done;
}

/* ---- Items that can only become equal to others */

/* What tells trials apart: all that may follow depends on these. */
typedef struct TrialKey {
    uint64_t like, length;
    DfaState state;
    uint16_t high, unit;
    uint8_t step, is_unusual;
    uint8_t unused[6];
} TrialKey;
_Static_assert(sizeof(TrialKey) == 32, "no padding: keys are compared as bytes");

/* Nothing more is found behind those that are open or have none. */
enum { OUTCOME_OPEN = 1, OUTCOME_NONE, OUTCOME_OTHER };

/* Whether the byte may be next in the usual text of a value: others of its texts need not be tried. */
static bool is_usual(const JsonSpelling *spelling, uint8_t byte) {
    switch (spelling->step) {
    case 0: return true;
    case 1: return byte != '/';
    case 2:
    case 3: return byte == '0';
    case 4: return byte == '0' || byte == '1';
    default: return byte < 'A' || byte > 'F';
    }
}

/* Adds a trial, unless its outcome is known, which is then in `*outcome`; 0: it was added. */
static bool push_trial(UniqueWalk *self, const UniqueSpot *spot, bool is_unusual, uint64_t *outcome) {
    const JsonSpelling *spelling = &spot->spelling;
    TrialKey *key = ak_new(&self->arena, TrialKey);
    is_unusual = is_unusual && ak_json_spelling_is_open(spelling);
    if (!key) return false;
    *key = (TrialKey){.like = spot->like, .length = spot->length, .state = spot->point.state, .high = spelling->high};
    key->unit = spelling->unit, key->step = spelling->step, key->is_unusual = is_unusual;
    Str name = {(const char *)key, sizeof *key};
    uint64_t *known = ak_map_put(&self->outcomes, name, NULL);
    if (!known || (*outcome = *known)) return known;
    *known = OUTCOME_OPEN;
    return ak_vec_push(&self->arena, &self->trials,
                       (UniqueTrial){.spot = *spot, .key = name, .is_unusual = is_unusual});
}

/* The newest trial is over. */
static void end_trial(UniqueWalk *self, uint64_t outcome) {
    *ak_map_find(&self->outcomes, self->trials.items[--self->trials.count].key) = outcome;
}

/* Passes by what is known to be dead: inside of words that are nearly all classes. */
static void skip_dead(const Dfa *dfa, const Uniques *uniques, UniqueTrial *trial) {
    const _Atomic DfaState *next = ak_dfa_node(dfa, trial->spot.point.state)->next;
    uint32_t first = dfa->exprs.classes[uniques->bytes[trial->at]], class = first;
    while (class < dfa->exprs.class_count && atomic_load_explicit(&next[class], memory_order_relaxed) == DFA_DEAD)
        class ++;
    if (class != first) trial->at = uniques->class_ends[class - 1];
}

/* The state behind the next byte that may follow in the trial, `*byte`; DFA_DEAD: there is none, DFA_UNKNOWN: something is spent. */
static DfaState next_byte(UniqueWalk *self, UniqueTrial *trial, uint8_t *byte) {
    const Uniques *uniques = self->engine->uniques;
    const uint8_t *classes = self->engine->dfa.exprs.classes;
    while (trial->at <= UINT8_MAX) {
        skip_dead(&self->engine->dfa, uniques, trial);
        if (trial->at > UINT8_MAX) break;
        *byte = uniques->bytes[trial->at++];
        DfaState next = ak_engine_next(self->engine, trial->spot.point.state, *byte, self->fuel);
        if (next == DFA_DEAD) trial->at = uniques->class_ends[classes[*byte]];
        else if (trial->is_unusual || is_usual(&trial->spot.spelling, *byte)) return next;
    }
    return DFA_DEAD;
}

/* Goes on with the newest trial by one byte. STEP_ALIVE: another value was found. */
static Step try_byte(UniqueWalk *self) {
    UniqueTrial *trial = &self->trials.items[self->trials.count - 1];
    uint8_t byte;
    DfaState next = next_byte(self, trial, &byte);
    if (next == DFA_DEAD) return end_trial(self, OUTCOME_NONE), STEP_DEAD;
    UniqueSpot to = trial->spot;
    to.point.state = next;
    if (next == DFA_UNKNOWN || !read_byte(self, &to, byte)) return STEP_SPENT;
    if (to.is_apart || to.is_whole) return to.is_apart ? STEP_ALIVE : STEP_DEAD;
    uint64_t outcome = 0;
    if (!push_trial(self, &to, trial->is_unusual, &outcome)) return STEP_SPENT;
    return outcome == OUTCOME_OTHER ? STEP_ALIVE : STEP_DEAD;
}

/* Looks, depth first, for a text of the state's only lexeme that makes another value than those before: wherever one is not like them any more
 * there is one, since the lexer's states are never without a text. */
static Step search_other(UniqueWalk *self, const UniqueSpot *spot) {
    uint64_t outcome = 0;
    Step step = STEP_DEAD;
    self->trials.count = 0;
    if (!self->outcomes.arena || spot->version != self->outcome_version) self->outcomes = (Map){.arena = &self->arena};
    self->outcome_version = spot->version;
    if (!push_trial(self, spot, true, &outcome)) return STEP_SPENT;
    if (outcome) return outcome == OUTCOME_OTHER ? STEP_ALIVE : STEP_DEAD;
    while (self->trials.count && step == STEP_DEAD) step = try_byte(self);
    while (self->trials.count && step == STEP_ALIVE) end_trial(self, OUTCOME_OTHER);
    return step;
}

/* A byte of a value has six in its longest spelling. */
bool ak_unique_outgrows(const UniqueWalk *self, const UniqueSpot *spot, size_t bytes) {
    return ak_dfa_node(&self->engine->dfa, spot->point.state)->item_longest > 6 * spot->longest + 1 + bytes;
}

/* Whether `rest` and a quote may follow in the state. */
static Step may_follow(UniqueWalk *self, DfaState state, Str rest) {
    for (size_t i = 0; i < rest.length && state > DFA_DEAD; i++)
        state = ak_engine_next(self->engine, state, (uint8_t)rest.data[i], self->fuel);
    if (state > DFA_DEAD) state = ak_engine_next(self->engine, state, '"', self->fuel);
    return state > DFA_DEAD ? STEP_ALIVE : state ? STEP_DEAD : STEP_SPENT;
}

/* How many of the values before begin like the pending item. */
static uint32_t count_like(const UniqueWalk *self, const UniqueSpot *spot) {
    Str text = ak_unique_text(self, spot);
    uint32_t count = ak_value_sets_count(&self->engine->uniques->values, spot->come, text);
    for (uint32_t i = spot->first; i < spot->end; i++) count += ak_str_starts(value_at(self, i), text);
    return count;
}

/* Counts those of them that are texts of the state. */
static bool count_texts(UniqueWalk *self, const UniqueSpot *spot, uint32_t *count) {
    const ValueSets *sets = &self->engine->uniques->values;
    Str text = ak_unique_text(self, spot), value = ak_value_sets_from(sets, spot->come, text);
    Step step = STEP_DEAD;
    *count = 0;
    for (; step != STEP_SPENT && value.data && ak_str_starts(value, text);
         value = ak_value_sets_behind(sets, spot->come, value)) {
        step = may_follow(self, spot->point.state, ak_str_slice(value, text.length, value.length));
        *count += step == STEP_ALIVE;
    }
    for (uint32_t i = spot->first; step != STEP_SPENT && i < spot->end; i++) {
        value = value_at(self, i);
        if (!ak_str_starts(value, text)) continue;
        step = may_follow(self, spot->point.state, ak_str_slice(value, text.length, value.length));
        *count += step == STEP_ALIVE;
    }
    return step != STEP_SPENT;
}

/* The same by counting: there is another value where there are more texts than values before that begin like it, or not all of these are texts. STEP_SPENT:
 * counting does not tell. */
static Step count_other(UniqueWalk *self, const UniqueSpot *spot) {
    enum { MANY = 100000 };
    DfaState state = spot->point.state;
    if (ak_json_spelling_is_open(&spot->spelling)) return STEP_SPENT;
    uint32_t like = count_like(self, spot);
    StateTexts texts = like < MANY ? ak_state_texts(self->engine, state, like + 1, self->fuel) : (StateTexts){0};
    if (texts.count > like) return STEP_ALIVE;
    if (!texts.is_all || !count_texts(self, spot, &like)) return STEP_SPENT;
    return texts.count > like ? STEP_ALIVE : STEP_DEAD;
}

static Step has_other(UniqueWalk *self, const UniqueSpot *spot) {
    if (spot->is_apart || spot->is_whole) return spot->is_apart ? STEP_ALIVE : STEP_DEAD;
    if (ak_unique_outgrows(self, spot, 0)) return STEP_ALIVE;
    Step counted = count_other(self, spot);
    return counted == STEP_SPENT ? search_other(self, spot) : counted;
}

/* The lexemes of a state, and for those that are items the state that each is by itself; else DFA_UNKNOWN. */
typedef struct StateParts {
    LexerPart *parts;
    DfaState *alone;
    uint32_t count;
} StateParts;

static bool take_apart(UniqueWalk *self, DfaState state, StateParts *found) {
    Dfa *dfa = &self->engine->dfa;
    const DfaNode *node = ak_dfa_node(dfa, state);
    *found = (StateParts){ak_new_array(&self->arena, LexerPart, node->count),
                          ak_new_array(&self->arena, DfaState, node->count), node->count};
    bool ok = ak_arena_ok(&self->arena);
    ak_engine_begin(self->engine, self->fuel);
    for (uint32_t i = 0; ok && i < node->count; i++) {
        found->parts[i] = dfa->parts.items[node->first + i];
        if (dfa->roles[found->parts[i].lexeme] != ROLE_ITEM) continue;
        found->alone[i] = ak_dfa_intern(dfa, &found->parts[i], 1);
        ok = found->alone[i] != DFA_UNKNOWN;
    }
    ak_engine_end(self->engine, self->fuel);
    return ok;
}

/* Leaves the state without those items that can only become equal to others. */
static Step drop_equal(UniqueWalk *self, UniqueSpot *spot) {
    StateParts all;
    if (!take_apart(self, spot->point.state, &all)) return STEP_SPENT;
    uint32_t kept = 0;
    for (uint32_t i = 0; i < all.count; i++) {
        UniqueSpot alone = *spot;
        alone.point.state = all.alone[i];
        Step step = all.alone[i] ? has_other(self, &alone) : STEP_ALIVE;
        if (step == STEP_SPENT) return STEP_SPENT;
        if (step == STEP_ALIVE) all.parts[kept++] = all.parts[i];
    }
    if (kept == all.count) return STEP_ALIVE;
    spot->is_less = true;
    ak_engine_begin(self->engine, self->fuel);
    spot->point.state = ak_dfa_intern(&self->engine->dfa, all.parts, kept);
    ak_engine_end(self->engine, self->fuel);
    if (spot->point.state == DFA_UNKNOWN) return STEP_SPENT;
    if (spot->point.state == DFA_DEAD) return STEP_DEAD;
    spot->is_inside = ak_dfa_node(&self->engine->dfa, spot->point.state)->roles & DFA_HAS_ITEM;
    return STEP_ALIVE;
}

/* ---- Steps */

static void forget_values(UniqueWalk *self, UniqueSpot *spot) {
    spot->come = 0, spot->first = spot->end, spot->longest = 0, spot->version = ++self->versions;
}

/* The pending lexeme ends. */
static Step leave(UniqueWalk *self, UniqueSpot *spot) {
    const Dfa *dfa = &self->engine->dfa;
    uint8_t roles = ak_dfa_node(dfa, spot->point.state)->roles;
    Step step = ak_engine_close(self->engine, spot->point, &spot->point, self->fuel);
    if (step != STEP_ALIVE) return step;
    bool goes_on = roles & DFA_ENDS_ITEM || ak_dfa_node(dfa, spot->point.state)->roles & DFA_HAS_ITEM;
    if (roles & DFA_ENDS_ITEM && !end_item(self, spot)) return STEP_SPENT;
    if (roles & DFA_ENDS_OPENING || !goes_on) forget_values(self, spot);
    return STEP_ALIVE;
}

/* A byte has led to the spot's state. */
static Step enter(UniqueWalk *self, UniqueSpot *spot, uint8_t byte, bool begins) {
    const DfaNode *lexer = ak_dfa_node(&self->engine->dfa, spot->point.state);
    if (!(lexer->roles & DFA_HAS_ITEM)) return spot->is_inside = false, STEP_ALIVE;
    assert(begins || spot->is_inside);
    if (begins) begin_item(spot);
    else if (!read_byte(self, spot, byte)) return STEP_SPENT;
    if (spot->is_apart) return STEP_ALIVE;
    Step step = lexer->count == 1 ? has_other(self, spot) : drop_equal(self, spot);
    self->is_equal = step == STEP_DEAD;
    return step;
}

Step ak_unique_step(UniqueWalk *self, UniqueSpot *spot, uint8_t byte) {
    Engine *engine = self->engine;
    self->is_equal = false;
    bool begins = ak_dfa_node(&engine->dfa, spot->point.state)->starts != NULL;
    DfaState next = ak_engine_next(engine, spot->point.state, byte, self->fuel);
    if (next == DFA_DEAD && !begins) {
        Step step = leave(self, spot);
        if (step != STEP_ALIVE) return step;
        next = ak_engine_next(engine, spot->point.state, byte, self->fuel);
        begins = true;
    }
    if (next <= DFA_DEAD) return next == DFA_DEAD ? STEP_DEAD : STEP_SPENT;
    spot->point.state = next;
    return enter(self, spot, byte, begins);
}

Step ak_unique_move(UniqueWalk *self, UniqueSpot *spot, Str bytes, size_t *taken) {
    for (*taken = 0; *taken < bytes.length; ++*taken) {
        Step step = ak_unique_step(self, spot, (uint8_t)bytes.data[*taken]);
        if (step != STEP_ALIVE) return step;
    }
    return STEP_ALIVE;
}

Step ak_unique_step_forced(UniqueWalk *self, UniqueSpot *spot, uint8_t *byte) {
    uint32_t ways = 0;
    Step other = ak_engine_may_end(self->engine, spot->point, self->fuel);
    if (other == STEP_DEAD) other = ak_engine_takes_tokens(self->engine, spot->point, self->fuel);
    if (other != STEP_DEAD) return other == STEP_SPENT ? STEP_SPENT : STEP_DEAD;
    for (unsigned b = 0; b < 256 && ways < 2; b++) {
        UniqueSpot to = *spot;
        Step step = ak_unique_step(self, &to, (uint8_t)b);
        if (step == STEP_SPENT) return STEP_SPENT;
        if (step == STEP_ALIVE) ways++, *byte = (uint8_t)b;
    }
    return ways == 1 ? ak_unique_step(self, spot, *byte) : STEP_DEAD;
}

void ak_unique_lead(const UniqueWalk *self, UniqueSpot *spot, Point point) {
    const DfaNode *lexer = ak_dfa_node(&self->engine->dfa, point.state);
    spot->point = point;
    spot->is_inside = spot->is_inside && !lexer->starts && lexer->roles & DFA_HAS_ITEM;
}

/* ---- Places */

Step ak_unique_begin(UniqueWalk *self, Engine *engine, Point point, uint32_t place, Fuel *fuel) {
    ananke_context context = {.allocator = &engine->arena.allocator};
    *self = (UniqueWalk){.engine = engine, .fuel = fuel, .arena = ak_arena(&context), .spot = {.point = point}};
    if (!place) return STEP_ALIVE;
    const UniquePlace *from = place_at(self, place);
    UniqueSpot *spot = &self->spot;
    spot->longest = ak_value_sets_longest(&engine->uniques->values, from->come);
    spot->come = from->come, spot->origin = from->is_inside ? place : 0, spot->lead = from->lead;
    spot->spelling = from->spelling;
    spot->is_inside = from->is_inside, spot->is_whole = from->is_whole, spot->is_apart = from->is_apart;
    if (!spot->is_inside || spot->is_apart) return STEP_ALIVE;
    if (!gather(self, spot)) return STEP_SPENT;
    compare(self, spot, 0);
    return STEP_ALIVE;
}

void ak_unique_free(UniqueWalk *self) {
    ak_arena_free(&self->arena);
}

/* The caller has the lock. False when out of memory. */
static bool keep_place(UniqueWalk *self, uint32_t tokens, uint32_t *place) {
    UniqueSpot *spot = &self->spot;
    Uniques *uniques = self->engine->uniques;
    if (!keep_values(self, spot)) return false;
    UniquePlace made = {.come = spot->come};
    if (spot->is_inside) {
        Str text = ak_str_slice(ak_unique_text(self, spot), spot->known, spot->length);
        size_t before = spot->origin ? place_at(self, spot->origin)->length : 0;
        made = (UniquePlace){.come = spot->come,
                             .before = spot->origin,
                             .text = text.length ? ak_arena_str(&self->engine->arena, text) : (Str){0},
                             .length = before + text.length,
                             .spelling = spot->spelling,
                             .is_inside = true,
                             .is_whole = spot->is_whole,
                             .is_apart = spot->is_apart,
                             .lead = spot->lead};
        if (text.length && !made.text.data) return false;
    }
    made.tokens = tokens;
    *place = uniques->places.count;
    return ak_paged_push(&self->engine->arena, &uniques->places, made);
}

uint32_t ak_unique_tokens(const Engine *engine, uint32_t place) {
    return ak_paged_at(&engine->uniques->places, place)->tokens;
}

Step ak_unique_end(UniqueWalk *self, uint32_t tokens, uint32_t *place) {
    const UniqueSpot *spot = &self->spot;
    const UniquePlace *before = place_at(self, *place);
    if (!spot->is_inside && !ak_unique_has_come(spot) && !tokens) return *place = 0, STEP_ALIVE;
    bool is_same = tokens == before->tokens && !spot->is_inside && !before->is_inside && spot->first == spot->end &&
                   spot->come == before->come;
    if (is_same) return STEP_ALIVE;
    ak_engine_begin(self->engine, self->fuel);
    bool done = keep_place(self, tokens, place);
    ak_engine_end(self->engine, self->fuel);
    return done ? STEP_ALIVE : STEP_SPENT;
}
