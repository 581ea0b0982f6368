/* Walks: depth first through a trie, path[d] being where the generation would be after d bytes. */
#include "mask/mask_walk.h"
#include "base/bitset.h"
#include <assert.h>

enum { UNLIMITED = UINT32_MAX, MAX_DEPTH = 6, QUESTIONS_MAX = 1024, PROFILE_MIN = 12, WIDE_MIN = 8 };

/* Nodes that a plain walk may visit before the other ways are tried, and tokens that make another point's mask worth
 * having: small in a small vocabulary, so that tests with one go all ways, too. */
static uint32_t plain_budget(const ananke_vocab *vocab) {
    return vocab->size < 128 * 1200 ? vocab->size / 128 + 4 : 1200;
}
static uint32_t word_minimum(const ananke_vocab *vocab) {
    return vocab->size / 64;
}

typedef struct PathEntry {
    const _Atomic DfaState *next; /* the transitions of its state */
    Point point;
    Point closed;      /* behind the pending lexeme */
    Step closed_known; /* whether there is such a point; STEP_SPENT: not asked yet */
    bool is_inside;    /* of a region: the path so far is made of its units */
    uint8_t missing, low, high; /* there: bytes that the last code point lacks, and what the next of them may be */
    uint32_t at, end;           /* siblings of the next entry that are still to be visited */
} PathEntry;

/* What is asked while one mask is worked out (trace.h). Points speak of nodes by their numbers in it. */
typedef struct Inquiry {
    ParserNode nodes[QUESTIONS_MAX + 1]; /* nodes[i]: the parser's node with number i */
    uint32_t node_count;
    Asked asked[QUESTIONS_MAX];
    uint32_t count;     /* more than QUESTIONS_MAX: too many to be kept */
    uint64_t slots[QUESTIONS_MAX * 2]; /* steps that were asked: number << 32 | ending, hashed; 0: free */
    uint32_t targets[QUESTIONS_MAX * 2];
    uint16_t used[QUESTIONS_MAX + 1]; /* used[i]: the slot of the step to nodes[i] */
    uint32_t step_count;              /* 1 more than slots that are used */
} Inquiry;

/* Room for working out one mask. */
struct MaskWalk {
    MaskWalk *next; /* in the engine's list of those that nobody uses */
    PathEntry *path;
    uint32_t *row, *ids;
    Inquiry inquiry;
};

/* Tokens by their first unit: masks of points behind a lexeme are made in two parts. Malformed units are in neither:
 * whether their first byte ends a lexeme has nothing to do with where the group's other bytes lead. */
typedef enum Part { PART_WHOLE, PART_WORDS, PART_OTHERS } Part;
#define GROUPS_OTHER (GROUPS_ALL & ~GROUPS_WORD & ~GROUP_BIT(GROUP_MALFORMED))

typedef struct Walk {
    Engine *engine;
    const ananke_vocab *vocab;
    const View *view;
    uint32_t view_number;
    Part part;
    uint64_t scope; /* groups of first units that the part has */
    Fuel *fuel;
    MaskWalk *room;
    uint32_t id_count;
    bool is_row;     /* tokens are set in the row; before, their ids are listed */
    uint32_t budget; /* nodes that may still be visited */
    uint32_t depth;  /* of masks that are made for this one */
} Walk;

typedef enum Outcome { WALK_DONE, WALK_SPENT, WALK_TOO_FAR } Outcome;

/* ---- Room */

static MaskWalk *borrow_room(Engine *engine) {
    pthread_mutex_lock(&engine->lock);
    MaskWalk *room = engine->rooms;
    if (room) {
        engine->rooms = room->next;
    } else if ((room = ak_new(&engine->arena, MaskWalk))) {
        room->path = ak_new_array(&engine->arena, PathEntry, engine->vocab->views.longest + (size_t)2);
        room->row = ak_new_array(&engine->arena, uint32_t, engine->masks.words);
        room->ids = ak_new_array(&engine->arena, uint32_t, ak_mask_list_limit(&engine->masks) + (size_t)1);
        if (!room->ids) room = NULL;
    }
    pthread_mutex_unlock(&engine->lock);
    return room;
}

/* Returns the room, and stores a mask under `key` first when there is one: its number, or 0. */
static uint32_t give_back(Engine *engine, MaskWalk *room, uint64_t key, const Mask *mask) {
    pthread_mutex_lock(&engine->lock);
    uint32_t number = mask ? ak_mask_add(&engine->masks, key, *mask) : 0;
    room->next = engine->rooms, engine->rooms = room;
    pthread_mutex_unlock(&engine->lock);
    return number;
}

/* ---- What tokens are put into */

static void turn_to_row(Walk *self) {
    memset(self->room->row, 0, self->engine->masks.words * sizeof *self->room->row);
    for (uint32_t i = 0; i < self->id_count; i++) ak_bits_set(self->room->row, self->room->ids[i]);
    self->is_row = true;
}

static inline void put_ids(Walk *self, const uint32_t *ids, uint32_t count) {
    if (!self->is_row && self->id_count + count > ak_mask_list_limit(&self->engine->masks)) turn_to_row(self);
    for (uint32_t i = 0; i < count; i++) {
        if (self->is_row) ak_bits_set(self->room->row, ids[i]);
        else self->room->ids[self->id_count++] = ids[i];
    }
}

static inline void put_own(Walk *self, const WalkTrie *trie, const WalkNode *node) {
    put_ids(self, trie->ids + node->first_id, ak_walk_own_end(trie, node) - node->first_id);
}

static inline void put_subtree(Walk *self, const WalkTrie *trie, const WalkNode *node) {
    put_ids(self, trie->ids + node->first_id, node->end_id - node->first_id);
}

/* ---- Steps */

static void begin_inquiry(Inquiry *self, ParserNode node) {
    for (uint32_t i = 1; i < self->step_count; i++) self->slots[self->used[i]] = 0;
    self->count = 0, self->step_count = 1, self->node_count = 1, self->nodes[0] = node;
}

/* Notes a question with its answer; false when there is no room for it. */
static bool note(Inquiry *self, Question question, uint32_t answer) {
    if (self->count < QUESTIONS_MAX) self->asked[self->count] = (Asked){question, answer};
    if (self->count <= QUESTIONS_MAX) self->count++;
    return self->count <= QUESTIONS_MAX;
}

/* The step from node `number`, asked once. STEP_SPENT too when a mask asks more than there is room for. */
static Step ask_step(Walk *self, uint32_t number, uint32_t ending, Point *closed) {
    Inquiry *inquiry = &self->room->inquiry;
    Engine *engine = self->engine;
    uint64_t key = (uint64_t)number << 32 | ending;
    size_t at = ak_table_hash(key) % (QUESTIONS_MAX * 2);
    while (inquiry->slots[at] && inquiry->slots[at] != key) at = (at + 1) % (QUESTIONS_MAX * 2);
    if (!inquiry->slots[at]) {
        ParserNode from = inquiry->nodes[number], to = ak_parser_find(&engine->parser, from, ending);
        if (!to) to = ak_engine_learn_step(engine, from, ending, self->fuel);
        if (!to || inquiry->node_count > QUESTIONS_MAX) return STEP_SPENT;
        note(inquiry, (Question){QUESTION_STEP, number, ending}, ak_parser_lexer(&engine->parser, to));
        inquiry->slots[at] = key, inquiry->targets[at] = inquiry->node_count;
        inquiry->used[inquiry->step_count++] = (uint16_t)at;
        inquiry->nodes[inquiry->node_count++] = to;
    }
    uint32_t target = inquiry->targets[at];
    *closed = (Point){target, ak_parser_lexer(&engine->parser, inquiry->nodes[target])};
    return STEP_ALIVE;
}

/* As ak_engine_close. */
static Step close_point(Walk *self, Point point, Point *closed) {
    const DfaNode *lexer = ak_dfa_node(&self->engine->dfa, point.state);
    *closed = point;
    if (lexer->starts || point.state == DFA_DEAD) return STEP_ALIVE;
    return lexer->ending ? ask_step(self, point.node, lexer->ending, closed) : STEP_DEAD;
}

static PathEntry entry_of(const Walk *self, Point point) {
    return (PathEntry){.point = point, .next = ak_dfa_node(&self->engine->dfa, point.state)->next, .closed_known = STEP_SPENT};
}

/* The byte does not go on with the pending lexeme, or nobody knows yet. */
static Step advance_slowly(Walk *self, PathEntry *from, uint8_t byte, Point *to) {
    DfaState next = ak_engine_next(self->engine, from->point.state, byte, self->fuel);
    *to = (Point){from->point.node, next};
    if (next != DFA_DEAD) return next ? STEP_ALIVE : STEP_SPENT;
    if (from->closed_known == STEP_SPENT) from->closed_known = close_point(self, from->point, &from->closed);
    if (from->closed_known != STEP_ALIVE) return from->closed_known;
    next = ak_engine_next(self->engine, from->closed.state, byte, self->fuel);
    *to = (Point){from->closed.node, next};
    return next == DFA_UNKNOWN ? STEP_SPENT : next == DFA_DEAD ? STEP_DEAD : STEP_ALIVE;
}

static inline Step advance(Walk *self, PathEntry *from, uint8_t byte, Point *to) {
    uint32_t class = self->engine->dfa.exprs.classes[byte];
    DfaState next = atomic_load_explicit(&from->next[class], memory_order_acquire);
    *to = (Point){from->point.node, next};
    return next > DFA_DEAD ? STEP_ALIVE : advance_slowly(self, from, byte, to);
}

/* ---- What is certain to go on */

static const DfaProfile *profile_of(Walk *self, DfaState state) {
    Engine *engine = self->engine;
    const DfaProfile *profile = atomic_load_explicit(&ak_dfa_node(&engine->dfa, state)->profile, memory_order_acquire);
    if (profile) return profile;
    pthread_mutex_lock(&engine->lock);
    ak_engine_lend(engine, self->fuel);
    profile = ak_dfa_profile(&engine->dfa, state);
    ak_engine_take_back(engine, self->fuel);
    pthread_mutex_unlock(&engine->lock);
    return profile;
}

/* The state that words come to; DFA_DEAD: there is none. */
static DfaState lasting_state(Walk *self, DfaState state) {
    Engine *engine = self->engine;
    DfaState lasting = atomic_load_explicit(&ak_dfa_node(&engine->dfa, state)->lasting, memory_order_acquire);
    if (lasting) return lasting;
    pthread_mutex_lock(&engine->lock);
    ak_engine_lend(engine, self->fuel);
    lasting = ak_dfa_lasting(&engine->dfa, state);
    ak_engine_take_back(engine, self->fuel);
    pthread_mutex_unlock(&engine->lock);
    return lasting;
}

/* ---- Plain walks */

/* Whether everything below the node goes on with the pending lexeme for certain. Finding that out about a state costs
 * as much as some dozen steps. */
static bool is_certain(Walk *self, const WalkTrie *trie, const WalkNode *node, DfaState state) {
    const DfaProfile *profile = atomic_load_explicit(&ak_dfa_node(&self->engine->dfa, state)->profile, memory_order_acquire);
    if (!profile && node->end_id - node->first_id >= PROFILE_MIN) profile = profile_of(self, state);
    return profile && !(trie->sets[node->below] & ~profile->groups) && profile->limit >= self->vocab->views.longest;
}

/* Visits the siblings from `at` to `end`, which follow path[depth - 1], and all below them. */
static Outcome walk(Walk *self, const WalkTrie *trie, uint32_t at, uint32_t end, uint32_t depth) {
    PathEntry *top = &self->room->path[depth - 1], *from = top;
    for (Point to;;) {
        if (at == end) {
            if (from == top) return WALK_DONE;
            from--, at = from->at, end = from->end;
            continue;
        }
        const WalkNode *node = &trie->nodes[at++];
        if (self->budget-- == 0) return WALK_TOO_FAR;
        Step step = advance(self, from, node->byte, &to);
        if (step == STEP_SPENT) return WALK_SPENT;
        if (step == STEP_DEAD) continue;
        if (!node->children || is_certain(self, trie, node, to.state)) {
            put_subtree(self, trie, node);
            continue;
        }
        put_own(self, trie, node);
        from->at = at, from->end = end;
        *++from = entry_of(self, to);
        at = node->children, end = ak_walk_children_end(node);
    }
}

/* ---- Regions: the part of a trie whose paths are made of certain units only */

/* Units that go on for certain, from a state that the walk begins in. */
typedef struct Region {
    uint64_t groups;
    uint32_t limit; /* units; what is longer dies */
    bool is_uniform;
    uint32_t sure; /* tokens of so many units are as if there were no limit; longer ones want a second look */
} Region;

/* Whether one more unit of the groups is dead at `point`. */
static bool dies(Walk *self, Point point, uint64_t groups) {
    PathEntry entry = entry_of(self, point);
    Point to;
    for (unsigned byte = 0; byte < 256; byte++) {
        if (byte < 0x80 && !(groups & GROUP_BIT(ak_unit_group((uint8_t)byte)))) continue;
        if (advance(self, &entry, (uint8_t)byte, &to) != STEP_DEAD) return false;
    }
    return true;
}

/* The region that begins at `point`. In tokens that are no longer than its limit a count never runs out; where it
 * may, longer tokens must be dead. */
static Region region_of(Walk *self, Point point, const DfaProfile *profile) {
    if (profile->limit >= self->vocab->views.longest)
        return (Region){profile->groups, UINT32_MAX, profile->is_uniform, UINT32_MAX};
    bool is_good = profile->groups && dies(self, (Point){point.node, profile->spent}, profile->groups);
    return (Region){is_good ? profile->groups : 0, profile->limit, false, UINT32_MAX};
}

/* The point's own region. Where few tokens are longer than its limit, it is as good as endless. */
static Region own_region(Walk *self, Point point, const DfaProfile *profile) {
    if (profile->is_uniform && profile->limit >= SHORT_UNITS && profile->limit < self->vocab->views.longest)
        return (Region){profile->groups, UINT32_MAX, true, profile->limit};
    return region_of(self, point, profile);
}

/* The row of ak_view_select; such rows are few and are kept among the masks. */
static const Mask *row_of(Walk *self, uint64_t firsts, uint64_t rests, uint32_t limit) {
    Engine *engine = self->engine;
    uint64_t what[] = {firsts, rests, limit, self->view_number};
    uint64_t key = ak_str_hash((Str){(const char *)what, sizeof what}) | UINT64_C(1) << 63;
    uint32_t known = ak_mask_find(&engine->masks, key);
    if (known) return ak_mask_get(&engine->masks, known);
    MaskWalk *room = borrow_room(engine);
    if (!room) return NULL;
    ak_view_select(&engine->vocab->views, self->view, firsts, rests, limit, room->row);
    uint32_t made = give_back(engine, room, key, &(Mask){.row = room->row});
    return made ? ak_mask_get(&engine->masks, made) : NULL;
}

/* Allows the tokens that begin with a unit of `firsts` and go on inside of the region up to their end. */
static Outcome put_region(Walk *self, uint64_t firsts, Region region, uint32_t limit) {
    const Mask *row = row_of(self, firsts, region.groups, limit);
    if (!row) return WALK_SPENT;
    ak_mask_or(&self->engine->masks, row, self->room->row);
    return WALK_DONE;
}

/* Puts into `entry` what the code point that `lead` begins lacks; false when it begins none. */
static bool begin_wide(PathEntry *entry, uint8_t lead) {
    const WidePattern *wide = ak_wide_pattern(lead);
    if (wide) entry->missing = wide->length - 1, entry->low = wide->second[0], entry->high = wide->second[1];
    return wide;
}

/* Whether a path that is in the region stays there; sets what `entry`, one byte further, is to know. */
static bool stays_inside(const PathEntry *from, uint8_t byte, uint64_t groups, PathEntry *entry) {
    *entry = (PathEntry){.is_inside = true};
    if (!from->is_inside) return false;
    if (from->missing) {
        entry->missing = from->missing - 1, entry->low = 0x80, entry->high = 0xBF;
        return byte >= from->low && byte <= from->high;
    }
    if (byte < 0x80) return groups & GROUP_BIT(ak_ascii_groups[byte]);
    return groups & GROUP_BIT(GROUP_WIDE) && begin_wide(entry, byte);
}

/* As walk(), from inside of a region: nodes where nothing leaves it any more are left out, tokens that end inside
 * are not put, both being known. */
static Outcome walk_region(Walk *self, const WalkTrie *trie, uint32_t at, uint32_t end, uint32_t depth, Region region) {
    PathEntry *top = &self->room->path[depth - 1], *from = top;
    for (;;) {
        if (at == end) {
            if (from == top) return WALK_DONE;
            from--, at = from->at, end = from->end;
            continue;
        }
        const WalkNode *node = &trie->nodes[at++];
        PathEntry next;
        if (!stays_inside(from, node->byte, region.groups, &next)) { /* out of it, with the whole subtree */
            Outcome outcome = walk(self, trie, at - 1, at, (uint32_t)(from - self->room->path) + 1);
            if (outcome != WALK_DONE) return outcome;
            continue;
        }
        if (!node->children || (!next.missing && !(trie->sets[node->below] & ~region.groups))) continue;
        if (region.is_uniform && node->byte < 0x80) {
            next = *from;
        } else {
            Step step = advance(self, from, node->byte, &next.point);
            if (step == STEP_SPENT) return WALK_SPENT;
            if (step == STEP_DEAD) continue;
            next.closed_known = STEP_SPENT, next.next = ak_dfa_node(&self->engine->dfa, next.point.state)->next;
        }
        from->at = at, from->end = end;
        *++from = next;
        at = node->children, end = ak_walk_children_end(node);
    }
}

/* ---- Masks from other masks */

static uint32_t find_or_make(Engine *engine, uint32_t view, Part part, Point point, uint32_t depth, Fuel *fuel);

#define STATE_BITS ((UINT32_C(1) << 28) - 1)
_Static_assert(DFA_STATES_MAX < STATE_BITS, "a key has 28 bits for the state");

/* What a mask is of, but for the parser's node. */
static uint64_t state_key(uint32_t view, Part part, DfaState state) {
    return (uint64_t)part << 30 | (uint64_t)view << 28 | state;
}


/* The mask of another point; NULL when something is spent. */
static const Mask *mask_at(Walk *self, uint32_t view, Part part, Point point) {
    Inquiry *inquiry = &self->room->inquiry;
    Point there = {inquiry->nodes[point.node], point.state};
    uint32_t mask = find_or_make(self->engine, view, part, there, self->depth + 1, self->fuel);
    note(inquiry, (Question){QUESTION_MASK, point.node, state_key(view, part, point.state)}, mask);
    return mask ? ak_mask_get(&self->engine->masks, mask) : NULL;
}

static bool has_space_view(const Walk *self) {
    return self->view_number == VIEW_WHOLE && self->vocab->views.count > 1;
}

/* The token that is a space, and all that begin with one. */
static Outcome put_spaced(Walk *self, Point behind) {
    const Mask *mask = mask_at(self, VIEW_SPACE, PART_WHOLE, behind);
    if (!mask) return WALK_SPENT;
    ak_mask_or(&self->engine->masks, mask, self->room->row);
    put_own(self, &self->vocab->views.trie, &self->vocab->views.trie.nodes[self->vocab->views.space]);
    return WALK_DONE;
}

/* ---- First units */

/* How the tokens whose first unit is of a group go on. */
typedef enum FirstKind {
    FIRST_PLAIN,  /* unknown */
    FIRST_EXIT,   /* in a lexeme behind the pending one */
    FIRST_SUFFIX, /* in the point's own region, which the suffixes of a stock class tell of */
    FIRST_INSIDE, /* in the point's own region */
    FIRST_WORD,   /* to a lasting state */
    FIRST_REGION  /* in a region of their own */
} FirstKind;

typedef struct Group {
    bool is_met;
    FirstKind kind;
    Point word;    /* FIRST_WORD: the point with the lasting state */
    Region region; /* of those kinds that have one: behind the first unit */
} Group;

typedef struct Firsts {
    Point behind[256]; /* where the first byte leads */
    Step steps[256];
    bool is_pending, continues[256]; /* a lexeme is pending; the byte goes on with it */
    Group groups[GROUP_COUNT];
    StockClass class; /* of FIRST_SUFFIX */
} Firsts;

static bool points_equal(Point a, Point b) {
    return a.node == b.node && a.state == b.state;
}

static bool regions_equal(Region a, Region b) {
    return a.groups == b.groups && a.limit == b.limit && a.is_uniform == b.is_uniform;
}

/* How tokens go on behind a first unit, of the group `bit`, that leads to `behind`. That lasting state's mask tells
 * of them only when it takes the first unit as it takes the others. False when something is spent. */
static bool sort_first(Walk *self, uint64_t bit, Point behind, Group *group) {
    const DfaProfile *profile = profile_of(self, behind.state);
    DfaState lasting = lasting_state(self, behind.state);
    if (!profile || !lasting) return false;
    *group = (Group){.is_met = true, .region = region_of(self, behind, profile)};
    if (group->region.groups) group->kind = FIRST_REGION;
    if (lasting == DFA_DEAD || self->depth >= MAX_DEPTH) return true;
    const DfaProfile *word = profile_of(self, lasting);
    if (!word) return false;
    if (word->groups & bit && word->is_uniform && word->limit == UINT32_MAX) {
        group->kind = FIRST_WORD, group->word = (Point){behind.node, lasting};
        group->region = region_of(self, group->word, word);
    }
    return true;
}

static bool groups_agree(const Group *a, const Group *b) {
    return a->kind == b->kind && (a->kind != FIRST_WORD || points_equal(a->word, b->word)) &&
           regions_equal(a->region, b->region);
}

/* A group is sorted by all its bytes; where they do not agree nothing is known. */
static bool sort_byte(Walk *self, Firsts *firsts, uint8_t byte) {
    Group fresh = {.is_met = true}, *group = &firsts->groups[ak_unit_group(byte)];
    bool is_exit = firsts->is_pending && !firsts->continues[byte] && self->depth < MAX_DEPTH;
    if (is_exit) fresh.kind = FIRST_EXIT;
    else if (byte < 0x80 && firsts->steps[byte] == STEP_ALIVE &&
             !sort_first(self, GROUP_BIT(ak_unit_group(byte)), firsts->behind[byte], &fresh))
        return false;
    if (!group->is_met) *group = fresh;
    else if (!groups_agree(group, &fresh)) group->kind = FIRST_PLAIN;
    return true;
}

static bool look_at_firsts(Walk *self, Point point, Firsts *firsts) {
    const Dfa *dfa = &self->engine->dfa;
    int met[256], sorted[256]; /* by byte class: a byte that was met; the group that the last one was sorted into */
    memset(met, -1, sizeof met);
    memset(sorted, -1, sizeof sorted);
    self->room->path[0] = entry_of(self, point);
    firsts->is_pending = !ak_dfa_node(dfa, point.state)->starts && point.state != DFA_DEAD;
    for (unsigned byte = 0; byte < 256; byte++) {
        uint32_t class = dfa->exprs.classes[byte];
        int like = met[class];
        if (like < 0) {
            met[class] = like = (int)byte;
            firsts->steps[byte] = advance(self, &self->room->path[0], (uint8_t)byte, &firsts->behind[byte]);
            firsts->continues[byte] = ak_dfa_next(dfa, point.state, class) > DFA_DEAD;
            if (firsts->steps[byte] == STEP_SPENT) return false;
        }
        firsts->steps[byte] = firsts->steps[like], firsts->behind[byte] = firsts->behind[like];
        firsts->continues[byte] = firsts->continues[like];
        int group = (int)ak_unit_group((uint8_t)byte);
        if (sorted[class] == group || group == GROUP_MALFORMED) continue;
        sorted[class] = group;
        if (self->scope & GROUP_BIT(group) && !sort_byte(self, firsts, (uint8_t)byte)) return false;
    }
    return true;
}

/* Code points of several bytes, where all of them lead to the lasting state at once. False when something is spent. */
static bool sort_wide(Walk *self, Point point, Firsts *firsts) {
    Engine *engine = self->engine;
    DfaState lasting = lasting_state(self, point.state);
    const DfaProfile *profile = lasting ? profile_of(self, lasting) : NULL;
    if (!profile) return false;
    if (lasting == DFA_DEAD || self->depth >= MAX_DEPTH || !(profile->groups & GROUP_BIT(GROUP_WIDE)) || !profile->is_uniform ||
        profile->limit != UINT32_MAX)
        return true;
    pthread_mutex_lock(&engine->lock);
    ak_engine_lend(engine, self->fuel);
    bool leads = ak_dfa_wide_leads(&engine->dfa, point.state, lasting);
    ak_engine_take_back(engine, self->fuel);
    pthread_mutex_unlock(&engine->lock);
    Point word = {point.node, lasting};
    if (leads)
        firsts->groups[GROUP_WIDE] =
            (Group){.is_met = true, .kind = FIRST_WORD, .word = word, .region = region_of(self, word, profile)};
    return true;
}

/* The groups of the point's own region need no looking at. */
static void sort_inside(Firsts *firsts, Region region) {
    uint64_t listed = 0;
    for (int class = 0; region.is_uniform && class < STOCK_COUNT && !listed; class ++) {
        if (ak_stock_groups((StockClass) class) & ~region.groups) continue;
        listed = ak_stock_groups((StockClass) class), firsts->class = (StockClass) class;
    }
    for (unsigned g = 0; g < GROUP_COUNT; g++) {
        if (!(region.groups & GROUP_BIT(g))) continue;
        if (!region.is_uniform && firsts->groups[g].kind == FIRST_WORD) continue; /* tells more */
        Region rest = region;
        if (rest.limit != UINT32_MAX) rest.limit--;
        FirstKind kind = listed & GROUP_BIT(g) ? FIRST_SUFFIX : FIRST_INSIDE;
        firsts->groups[g] = (Group){.is_met = true, .kind = kind, .region = rest};
    }
}

/* The groups that go on as group `g` does, from that one on. */
static uint64_t alike(const Firsts *firsts, unsigned g) {
    uint64_t groups = 0;
    for (unsigned h = g; h < GROUP_COUNT; h++) {
        if (groups_agree(&firsts->groups[g], &firsts->groups[h])) groups |= GROUP_BIT(h);
    }
    return groups;
}

static uint32_t count_tokens(const View *view, uint64_t groups) {
    uint32_t count = 0;
    for (; groups; groups &= groups - 1) count += view->first_counts[__builtin_ctzll(groups)];
    return count;
}

/* Another point's mask is worth having where it tells of many tokens. */
static void leave_small_words(const Walk *self, Firsts *firsts) {
    for (unsigned g = 0; g < GROUP_COUNT; g++) {
        if (firsts->groups[g].kind != FIRST_WORD) continue;
        uint64_t groups = alike(firsts, g);
        if (count_tokens(self->view, groups) >= word_minimum(self->vocab)) return;
        for (; groups; groups &= groups - 1) firsts->groups[__builtin_ctzll(groups)].kind = FIRST_REGION;
    }
}

/* Allows, of another mask's tokens, those whose first unit is of the groups. */
static Outcome put_mask(Walk *self, const Mask *mask, uint64_t groups, uint64_t all) {
    if (!mask) return WALK_SPENT;
    if (groups == all) return ak_mask_or(&self->engine->masks, mask, self->room->row), WALK_DONE;
    const Mask *within = row_of(self, groups, GROUPS_ALL, UINT32_MAX);
    if (!within) return WALK_SPENT;
    ak_mask_or_within(&self->engine->masks, mask, within->row, self->room->row);
    return WALK_DONE;
}

/* The tokens that begin behind the pending lexeme: its end is the same for all of them. */
static Outcome put_exits(Walk *self, uint64_t groups) {
    PathEntry *root = &self->room->path[0];
    if (root->closed_known == STEP_SPENT) root->closed_known = close_point(self, root->point, &root->closed);
    if (root->closed_known != STEP_ALIVE) return root->closed_known == STEP_DEAD ? WALK_DONE : WALK_SPENT;
    Point closed = root->closed;
    uint64_t words = groups & GROUPS_WORD, others = groups & GROUPS_OTHER;
    Outcome outcome = WALK_DONE;
    if (words) outcome = put_mask(self, mask_at(self, self->view_number, PART_WORDS, closed), words, GROUPS_WORD);
    if (others && outcome == WALK_DONE)
        outcome = put_mask(self, mask_at(self, self->view_number, PART_OTHERS, closed), others, GROUPS_OTHER);
    return outcome;
}

/* All tokens of groups that go on in one way, as far as that is known without looking at each. */
static Outcome put_alike(Walk *self, const Group *group, uint64_t groups) {
    if (group->kind == FIRST_EXIT) return put_exits(self, groups);
    if (group->kind == FIRST_WORD)
        return put_mask(self, mask_at(self, self->view_number, PART_WHOLE, group->word), groups, GROUPS_ALL);
    uint32_t limit = group->region.limit == UINT32_MAX ? UINT32_MAX : group->region.limit + 1;
    return put_region(self, groups, group->region, limit);
}

static Outcome put_groups(Walk *self, const Firsts *firsts) {
    uint64_t done = 0;
    Outcome outcome = WALK_DONE;
    for (unsigned g = 0; g < GROUP_COUNT && outcome == WALK_DONE; g++) {
        if (firsts->groups[g].kind == FIRST_PLAIN || done & GROUP_BIT(g)) continue;
        uint64_t groups = alike(firsts, g);
        done |= groups;
        outcome = put_alike(self, &firsts->groups[g], groups);
    }
    return outcome;
}

static void clear_subtree(Walk *self, const WalkTrie *trie, const WalkNode *node) {
    for (uint32_t i = node->first_id; i < node->end_id; i++) ak_bits_clear(self->room->row, trie->ids[i]);
}

/* Walks along the words behind path[1] that are not at the group's word yet; behind them, what was taken from that
 * point's mask does not hold. */
static Outcome walk_words(Walk *self, const WalkNode *first, const Group *group) {
    const WalkTrie *trie = &self->vocab->views.trie;
    PathEntry *top = &self->room->path[1], *from = top;
    uint32_t at = first->children, end = ak_walk_children_end(first);
    if (points_equal(top->point, group->word)) return WALK_DONE;
    for (Point to;;) {
        if (at == end) {
            if (from == top) return WALK_DONE;
            from--, at = from->at, end = from->end;
            continue;
        }
        const WalkNode *node = &trie->nodes[at++];
        if (node->byte >= 0x80 || !(group->region.groups & GROUP_BIT(ak_ascii_groups[node->byte]))) {
            clear_subtree(self, trie, node);
            Outcome outcome = walk(self, trie, at - 1, at, (uint32_t)(from - self->room->path) + 1);
            if (outcome != WALK_DONE) return outcome;
            continue;
        }
        if (!node->children || !(trie->sets[node->below] & ~group->region.groups)) continue;
        Step step = advance(self, from, node->byte, &to);
        if (step == STEP_SPENT) return WALK_SPENT;
        assert(step == STEP_ALIVE);
        if (points_equal(to, group->word)) continue;
        from->at = at, from->end = end;
        *++from = entry_of(self, to);
        at = node->children, end = ak_walk_children_end(node);
    }
}

/* The tokens that begin with `byte`, whose node is `child`. */
static Outcome walk_first(Walk *self, Point point, const Firsts *firsts, uint8_t byte, uint32_t child) {
    const WalkTrie *trie = &self->vocab->views.trie;
    const Group *group = &firsts->groups[ak_unit_group(byte)];
    PathEntry *path = self->room->path;
    bool is_known = group->kind == FIRST_EXIT || group->kind == FIRST_SUFFIX || (group->kind == FIRST_WORD && byte >= 0x80);
    if (is_known) return WALK_DONE;
    path[0] = entry_of(self, point);
    if (group->kind == FIRST_PLAIN) return walk(self, trie, child, child + 1, 1);
    path[1] = entry_of(self, firsts->behind[byte]);
    if (group->kind == FIRST_WORD) return walk_words(self, &trie->nodes[child], group);
    path[1].is_inside = true;
    if (byte >= 0x80) begin_wide(&path[1], byte);
    const WalkNode *first = &trie->nodes[child];
    return walk_region(self, trie, first->children, ak_walk_children_end(first), 2, group->region);
}

static Outcome walk_suffixes(Walk *self, Point point, const Firsts *firsts, Region region) {
    const WalkTrie *suffixes = &self->view->suffixes[firsts->class];
    self->room->path[0] = entry_of(self, point);
    self->room->path[0].is_inside = true;
    return walk_region(self, suffixes, suffixes->nodes[0].children, ak_walk_children_end(&suffixes->nodes[0]), 1, region);
}

/* Whether the token's bytes may follow the point. */
static Step try_token(Walk *self, Point point, uint32_t token) {
    Str bytes = ak_vocab_str(self->vocab, token);
    for (size_t i = self->view->depth; i < bytes.length; i++) {
        PathEntry entry = entry_of(self, point);
        Step step = advance(self, &entry, (uint8_t)bytes.data[i], &point);
        if (step != STEP_ALIVE) return step;
    }
    return STEP_ALIVE;
}

/* The tokens that are long enough to come to a limit. */
static Outcome look_again(Walk *self, Point point, uint32_t sure) {
    const View *view = self->view;
    for (uint32_t i = 0; i < view->longer_count && view->longer_units[i] > sure; i++) {
        Step step = try_token(self, point, view->longer[i]);
        if (step == STEP_SPENT) return WALK_SPENT;
        if (step == STEP_ALIVE) ak_bits_set(self->room->row, view->longer[i]);
        else ak_bits_clear(self->room->row, view->longer[i]);
    }
    return WALK_DONE;
}

static Outcome walk_malformed(Walk *self, Point point) {
    const WalkTrie *trie = &self->view->malformed;
    self->room->path[0] = entry_of(self, point);
    return walk(self, trie, trie->nodes[0].children, ak_walk_children_end(&trie->nodes[0]), 1);
}

static Outcome fill_by_firsts(Walk *self, Point point, Region region) {
    Firsts firsts = {.class = STOCK_COUNT};
    if (!look_at_firsts(self, point, &firsts) || (!region.is_uniform && !sort_wide(self, point, &firsts))) return WALK_SPENT;
    sort_inside(&firsts, region);
    FirstKind *space = &firsts.groups[GROUP_SPACE].kind;
    bool is_spaced = has_space_view(self) && firsts.steps[' '] == STEP_ALIVE && self->scope & GROUP_BIT(GROUP_SPACE) &&
                     *space != FIRST_EXIT && *space != FIRST_SUFFIX;
    if (is_spaced) *space = FIRST_PLAIN;
    leave_small_words(self, &firsts);
    Outcome outcome = put_groups(self, &firsts);
    if (is_spaced && outcome == WALK_DONE) outcome = put_spaced(self, firsts.behind[' ']);
    for (unsigned byte = 0; byte < 256 && outcome == WALK_DONE; byte++) {
        uint32_t child = self->view->child[byte];
        unsigned group = ak_unit_group((uint8_t)byte);
        if (firsts.steps[byte] != STEP_ALIVE || !child || (byte == ' ' && is_spaced) || group == GROUP_MALFORMED) continue;
        if (self->scope & GROUP_BIT(group))
            outcome = walk_first(self, point, &firsts, (uint8_t)byte, child);
    }
    if (firsts.class != STOCK_COUNT && outcome == WALK_DONE) outcome = walk_suffixes(self, point, &firsts, region);
    if (self->part == PART_WHOLE && outcome == WALK_DONE) outcome = walk_malformed(self, point);
    return outcome == WALK_DONE ? look_again(self, point, region.sure) : outcome;
}

/* ---- One mask */

/* A plain walk through the part of the view that the scope has. */
static Outcome walk_scope(Walk *self, Point point) {
    const WalkTrie *trie = &self->vocab->views.trie;
    self->room->path[0] = entry_of(self, point);
    const WalkNode *root = &trie->nodes[self->view->root];
    if (self->scope == GROUPS_ALL) return walk(self, trie, root->children, ak_walk_children_end(root), 1);
    Outcome outcome = WALK_DONE;
    for (unsigned byte = 0; byte < 256 && outcome == WALK_DONE; byte++) {
        uint32_t child = self->view->child[byte];
        if (child && self->scope & GROUP_BIT(ak_unit_group((uint8_t)byte))) outcome = walk(self, trie, child, child + 1, 1);
    }
    return outcome;
}

/* Walks along bytes cannot tell malformed units from others at once. */
static void drop_malformed(Walk *self) {
    const uint32_t *malformed = self->view->firsts[GROUP_MALFORMED];
    uint32_t kept = 0;
    for (uint32_t w = 0; self->is_row && w < self->engine->masks.words; w++) self->room->row[w] &= ~malformed[w];
    for (uint32_t i = 0; !self->is_row && i < self->id_count; i++) {
        if (!ak_bits_get(malformed, self->room->ids[i])) self->room->ids[kept++] = self->room->ids[i];
    }
    self->id_count = kept;
}

static Outcome fill(Walk *self, ParserNode node, DfaState state) {
    _Atomic uint32_t *wide = (_Atomic uint32_t *)&ak_dfa_node(&self->engine->dfa, state)->wide;
    uint32_t bit = UINT32_C(1) << (self->part * VIEW_COUNT + self->view_number);
    Point point = {0, state};
    self->id_count = 0, self->is_row = false;
    begin_inquiry(&self->room->inquiry, node);
    const DfaProfile *profile = profile_of(self, state);
    if (!profile) return WALK_SPENT;
    bool is_wide = atomic_load_explicit(wide, memory_order_relaxed) & bit || __builtin_popcountll(profile->groups) >= WIDE_MIN;
    if (!is_wide) {
        self->budget = plain_budget(self->vocab);
        Outcome outcome = walk_scope(self, point);
        if (outcome != WALK_TOO_FAR) return outcome;
        atomic_fetch_or_explicit(wide, bit, memory_order_relaxed);
    }
    self->budget = UNLIMITED, self->id_count = 0;
    begin_inquiry(&self->room->inquiry, node);
    turn_to_row(self);
    return fill_by_firsts(self, point, own_region(self, point, profile));
}

/* End-of-text ids belong to the mask of the whole vocabulary only. */
static Outcome put_end(Walk *self, DfaState state) {
    if (self->view_number != VIEW_WHOLE || self->part != PART_WHOLE) return WALK_DONE;
    Inquiry *inquiry = &self->room->inquiry;
    Point closed;
    Step step = close_point(self, (Point){0, state}, &closed);
    if (step != STEP_ALIVE) return step == STEP_DEAD ? WALK_DONE : WALK_SPENT;
    bool is_accepting = ak_parser_kernel(&self->engine->parser, inquiry->nodes[closed.node])->is_accepting;
    note(inquiry, (Question){QUESTION_ACCEPT, closed.node, 0}, is_accepting);
    if (is_accepting) put_ids(self, self->vocab->eos, (uint32_t)self->vocab->eos_count);
    return WALK_DONE;
}

/* ---- Masks that are known in another place */

/* The answer at this node; false when it cannot be had. */
static bool answer(Engine *engine, Inquiry *inquiry, const Question *question, uint32_t depth, Fuel *fuel, uint32_t *answer) {
    ParserNode node = inquiry->nodes[question->of];
    uint64_t what = question->what;
    if (question->kind == QUESTION_STEP) {
        ParserNode to = ak_parser_find(&engine->parser, node, (uint32_t)what);
        if (!to) to = ak_engine_learn_step(engine, node, (uint32_t)what, fuel);
        if (!to) return false;
        inquiry->nodes[inquiry->node_count++] = to;
        return *answer = ak_parser_lexer(&engine->parser, to), true;
    }
    if (question->kind == QUESTION_ACCEPT) return *answer = ak_parser_kernel(&engine->parser, node)->is_accepting, true;
    Point point = {node, (DfaState)(what & STATE_BITS)};
    return (*answer = find_or_make(engine, what >> 28 & 3, (Part)(what >> 30), point, depth + 1, fuel)) != 0;
}

/* Asks what was asked before; the mask, when all answers were met before. */
static uint32_t recall(Engine *engine, MaskWalk *room, uint64_t key, ParserNode node, uint32_t depth, Fuel *fuel) {
    Inquiry *inquiry = &room->inquiry;
    for (uint32_t root = ak_traces_root(&engine->traces, key); root; root = ak_traces_next(&engine->traces, root)) {
        inquiry->nodes[0] = node, inquiry->node_count = 1;
        for (uint32_t at = root; at;) {
            const Question *question = &ak_paged_at(&engine->traces.nodes, at)->question;
            uint32_t found;
            if (question->kind == QUESTION_NONE) return (uint32_t)question->what;
            if (!answer(engine, inquiry, question, depth, fuel, &found)) break;
            at = ak_traces_follow(&engine->traces, at, found);
        }
    }
    return 0;
}

/* Stores what was worked out, and what it was worked out from. */
static uint32_t keep(Walk *self, uint64_t key, uint64_t trace_key) {
    Inquiry *inquiry = &self->room->inquiry;
    Mask made = {.row = self->is_row ? self->room->row : NULL, .ids = self->room->ids, .count = self->is_row ? 0 : self->id_count};
    pthread_mutex_lock(&self->engine->lock);
    uint32_t mask = ak_mask_add(&self->engine->masks, key, made);
    if (mask && inquiry->count <= QUESTIONS_MAX &&
        !ak_traces_add(&self->engine->traces, trace_key, inquiry->asked, inquiry->count, mask))
        mask = 0;
    pthread_mutex_unlock(&self->engine->lock);
    return mask;
}

static uint32_t make(Engine *engine, MaskWalk *room, uint32_t view, Part part, Point point, uint32_t depth, Fuel *fuel) {
    static const uint64_t scopes[] = {GROUPS_ALL, GROUPS_WORD, GROUPS_OTHER};
    Walk self = {.engine = engine, .vocab = engine->vocab, .view = &engine->vocab->views.views[view], .view_number = view,
                 .part = part, .scope = scopes[part], .depth = depth, .fuel = fuel, .room = room};
    uint64_t state = state_key(view, part, point.state), key = (uint64_t)point.node << 32 | state;
    if (fill(&self, point.node, point.state) != WALK_DONE) return 0;
    if (part == PART_OTHERS) drop_malformed(&self);
    if (put_end(&self, point.state) != WALK_DONE) return 0;
    return keep(&self, key, state);
}

static uint32_t find_or_make(Engine *engine, uint32_t view, Part part, Point point, uint32_t depth, Fuel *fuel) {
    uint64_t state = state_key(view, part, point.state), key = (uint64_t)point.node << 32 | state;
    uint32_t mask = ak_mask_find(&engine->masks, key);
    if (mask) return mask;
    MaskWalk *room = borrow_room(engine);
    if (!room) return 0;
    mask = recall(engine, room, state, point.node, depth, fuel);
    bool is_recalled = mask != 0;
    if (!mask) mask = make(engine, room, view, part, point, depth, fuel);
    pthread_mutex_lock(&engine->lock);
    if (is_recalled && !ak_mask_note(&engine->masks, key, mask)) mask = 0;
    room->next = engine->rooms, engine->rooms = room;
    pthread_mutex_unlock(&engine->lock);
    return mask;
}

uint32_t ak_mask_of(Engine *engine, Point point, Fuel *fuel) {
    return find_or_make(engine, VIEW_WHOLE, PART_WHOLE, point, 0, fuel);
}
