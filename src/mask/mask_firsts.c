/* Groups of first units, sorted by how their tokens go on. */
#include "mask/mask_firsts.h"
#include "base/bitset.h"
#include "mask/mask_find.h"
#include "mask/mask_piece.h"
#include "mask/mask_tails.h"
#include "mask/mask_wide.h"

/* ---- Rows and regions */

/* The row of ak_view_select: the vocabulary's or, when that has no place for more, one among the masks. */
static const uint32_t *row_of(Walk *self, uint64_t firsts, uint64_t rests, uint32_t limit) {
    Engine *engine = self->engine;
    SelectionKey key = {firsts, rests, limit, self->view_number};
    const uint32_t *row = ak_vocab_select(engine->vocab, key);
    if (row) return row;
    uint64_t mask_key = ak_str_hash((Str){(const char *)&key, sizeof key}) | UINT64_C(1) << 63;
    uint32_t mask = ak_mask_find(&engine->masks, mask_key);
    if (mask) return ak_mask_get(&engine->masks, mask)->row;
    WalkRoom *room = ak_walk_borrow(engine);
    if (!room) return NULL;
    ak_view_select(&engine->vocab->views, self->view, firsts, rests, limit, room->row);
    ak_engine_begin(engine, self->fuel);
    mask = ak_mask_add(&engine->masks, mask_key, (Mask){.row = room->row}, 0);
    ak_engine_end(engine, self->fuel);
    ak_walk_give_back(engine, room);
    return mask ? ak_mask_get(&engine->masks, mask)->row : NULL;
}

/* Allows the tokens that begin with a unit of `firsts` and go on inside of the region up to their end, `limit` units at
 * most. There are rows for short limits; of the few longer tokens some are taken out again. */
static Outcome put_region(Walk *self, uint64_t firsts, Region region, uint32_t limit) {
    const View *view = self->view;
    const uint32_t *row = row_of(self, firsts, region.groups, limit <= SHORT_UNITS ? limit : UINT32_MAX);
    if (!row) return WALK_SPENT;
    ak_bits_or(self->room->row, row, self->engine->masks.words);
    for (uint32_t i = 0; limit > SHORT_UNITS && i < view->longer_count && view->longer_units[i] > limit; i++) {
        if (ak_bits_get(row, view->longer[i])) ak_bits_clear(self->room->row, view->longer[i]);
    }
    return WALK_DONE;
}

/* The point's own region. Few tokens leave it after more units than its limit has: for the others it is uniform. */
static Region own_region(Walk *self, Point point, const DfaProfile *profile) {
    Region region = ak_walk_region_at(self, point, profile);
    if (profile->is_uniform && region.groups && profile->limit < self->vocab->views.reaches[REACH_ALL].longest)
        region.is_uniform = true, region.sure = profile->limit;
    return region;
}

/* ---- Masks from other masks */

/* The token that is a space, and all that begin with one. */
static Outcome put_spaced(Walk *self, Point behind) {
    const Mask *mask = ak_mask_at(self, VIEW_SPACE, PART_WHOLE, behind);
    if (!mask) return WALK_SPENT;
    ak_mask_or(&self->engine->masks, mask, self->room->row);
    const WalkTrie *trie = &self->vocab->views.trie;
    const WalkNode *space = &trie->nodes[self->vocab->views.space];
    ak_walk_put(self, trie->ids + space->first_id, ak_walk_own_end(trie, space) - space->first_id);
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
    bool is_pending, continues[256]; /* a lexeme is pending; the byte does not leave it */
    Group groups[GROUP_COUNT];
    uint64_t alive;   /* groups with a unit whose first byte lives */
    StockClass class; /* of FIRST_SUFFIX */
} Firsts;

static bool regions_equal(Region a, Region b) {
    return a.groups == b.groups && a.exits == b.exits && a.limit == b.limit && a.is_uniform == b.is_uniform &&
           a.sure == b.sure;
}

/* How tokens go on behind a first unit, of the group `bit`, that leads to `behind`. That lasting state's mask tells
 * of them only when it takes the first unit as it takes the others. False when something is spent. */
static bool sort_first(Walk *self, uint64_t bit, Point behind, Group *group) {
    const DfaProfile *profile = ak_walk_far_profile(self, behind.state);
    DfaState lasting = ak_walk_lasting(self, behind.state);
    if (!profile || !lasting) return false;
    *group = (Group){.is_met = true, .region = ak_walk_region_at(self, behind, profile)};
    if (group->region.groups) group->kind = FIRST_REGION;
    if (lasting == DFA_DEAD || self->depth >= MASK_DEPTH_MAX) return true;
    const DfaProfile *word = ak_walk_profile(self, lasting);
    if (!word) return false;
    if (word->groups & bit && word->is_uniform && word->limit == UINT32_MAX) {
        group->kind = FIRST_WORD, group->word = (Point){behind.node, lasting};
        group->region = ak_walk_region_at(self, group->word, word);
    }
    return true;
}

static bool groups_agree(const Group *a, const Group *b) {
    return a->kind == b->kind && (a->kind != FIRST_WORD || ak_points_equal(a->word, b->word)) &&
           regions_equal(a->region, b->region);
}

/* A group is sorted by all its bytes; where they do not agree nothing is known. */
static bool sort_byte(Walk *self, Firsts *firsts, uint8_t byte) {
    Group fresh = {.is_met = true}, *group = &firsts->groups[ak_unit_group(byte)];
    bool is_exit = firsts->is_pending && !firsts->continues[byte] && self->depth < MASK_DEPTH_MAX;
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
    self->room->path[0] = ak_walk_entry(self, point);
    firsts->is_pending = !ak_dfa_node(dfa, point.state)->starts && point.state != DFA_DEAD;
    for (unsigned byte = 0; byte < 256; byte++) {
        uint32_t class = dfa->exprs.classes[byte];
        int like = met[class];
        if (like < 0) {
            met[class] = like = (int)byte;
            firsts->steps[byte] = ak_walk_advance(self, &self->room->path[0], (uint8_t)byte, &firsts->behind[byte]);
            firsts->continues[byte] = ak_dfa_next(dfa, point.state, class) != DFA_DEAD;
            if (firsts->steps[byte] == STEP_SPENT) return false;
        }
        firsts->steps[byte] = firsts->steps[like], firsts->behind[byte] = firsts->behind[like];
        firsts->continues[byte] = firsts->continues[like];
        int group = (int)ak_unit_group((uint8_t)byte);
        if (firsts->steps[byte] == STEP_ALIVE) firsts->alive |= GROUP_BIT(group);
        if (sorted[class] == group || group == GROUP_MALFORMED) continue;
        sorted[class] = group;
        if (self->scope & GROUP_BIT(group) && !sort_byte(self, firsts, (uint8_t)byte)) return false;
    }
    return true;
}

/* Code points of several bytes, where all of a group lead to the lasting state at once. False when something is spent. */
static bool sort_wide(Walk *self, Point point, Firsts *firsts) {
    Engine *engine = self->engine;
    DfaState lasting = ak_walk_lasting(self, point.state);
    const DfaProfile *profile = lasting ? ak_walk_profile(self, lasting) : NULL;
    if (!profile) return false;
    uint64_t groups = profile->groups & GROUPS_WIDE & self->scope;
    if (lasting == DFA_DEAD || self->depth >= MASK_DEPTH_MAX || !groups || !profile->is_uniform ||
        profile->limit != UINT32_MAX)
        return true;
    ak_engine_begin(engine, self->fuel);
    groups &= ak_dfa_wide_groups(&engine->dfa, point.state, lasting);
    ak_engine_end(engine, self->fuel);
    Point word = {point.node, lasting};
    Region region = ak_walk_region_at(self, word, profile);
    for (; groups; groups &= groups - 1)
        firsts->groups[__builtin_ctzll(groups)] =
            (Group){.is_met = true, .kind = FIRST_WORD, .word = word, .region = region};
    return true;
}

/* What leaves a uniform region and lives is the same wherever in it: a lead byte may begin anything. */
static uint64_t exits_of(const Firsts *firsts, uint64_t groups) {
    uint64_t exits = 0;
    for (unsigned byte = 0; byte < 256; byte++) {
        if (firsts->steps[byte] == STEP_DEAD) continue;
        exits |= GROUP_BIT(ak_unit_group((uint8_t)byte)) | (byte < 0x80 ? 0 : GROUP_BIT(GROUP_MALFORMED));
    }
    return exits & ~groups;
}

/* The groups of the point's own region need no looking at. */
static void sort_inside(const Walk *self, Firsts *firsts, Region region) {
    uint64_t listed = 0, inside = region.groups & self->scope;
    for (int class = 0; region.is_uniform && class < STOCK_COUNT && !listed; class ++) {
        if (ak_stock_groups((StockClass) class) & ~inside) continue;
        listed = ak_stock_groups((StockClass) class), firsts->class = (StockClass) class;
    }
    for (unsigned g = 0; g < GROUP_COUNT; g++) {
        if (!(inside & GROUP_BIT(g))) continue;
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

/* Another point's mask is worth having where it tells of many tokens. Without it the region is not uniform: there may be keywords in it. */
static void leave_small_words(const Walk *self, Firsts *firsts) {
    for (unsigned g = 0; g < GROUP_COUNT; g++) {
        if (firsts->groups[g].kind != FIRST_WORD) continue;
        uint64_t groups = alike(firsts, g);
        if (ak_view_count(self->view, groups) >= ak_mask_many(self->vocab)) return;
        for (; groups; groups &= groups - 1) {
            Group *group = &firsts->groups[__builtin_ctzll(groups)];
            group->kind = FIRST_REGION, group->region.is_uniform = false;
        }
    }
}

Outcome ak_mask_put(Walk *self, Part part, Point point, uint64_t groups) {
    const Mask *mask = ak_mask_at(self, self->view_number, part, point);
    if (!mask) return WALK_SPENT;
    if (groups == ak_part_groups(part)) return ak_mask_or(&self->engine->masks, mask, self->room->row), WALK_DONE;
    const uint32_t *within = row_of(self, groups, GROUPS_ALL, UINT32_MAX);
    if (!within) return WALK_SPENT;
    ak_mask_or_within(&self->engine->masks, mask, within, self->room->row);
    return WALK_DONE;
}

/* The tokens that begin behind the pending lexeme: its end is the same for all of them. What nothing there begins with
 * is not asked for: white space, which no "\r" follows, would wait for what may begin with white space. */
static Outcome put_exits(Walk *self, const Firsts *firsts, uint64_t groups) {
    PathEntry *root = &self->room->path[0];
    if (!(groups & firsts->alive)) return WALK_DONE;
    Step step = ak_walk_close_entry(self, root);
    if (step != STEP_ALIVE) return step == STEP_DEAD ? WALK_DONE : WALK_SPENT;
    Point closed = root->closed;
    uint64_t words = groups & GROUPS_WORD, others = groups & GROUPS_OTHER;
    Outcome outcome = WALK_DONE;
    if (words & firsts->alive) outcome = ak_mask_put(self, PART_WORDS, closed, words);
    if (others & firsts->alive && outcome == WALK_DONE) outcome = ak_mask_put(self, PART_OTHERS, closed, others);
    return outcome;
}

/* The smallest part that has all of the groups. */
static Part part_with(uint64_t groups) {
    static const Part parts[] = {PART_WORDS, PART_BLANKS, PART_OTHERS};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        if (!(groups & ~ak_part_groups(parts[i]))) return parts[i];
    }
    return PART_WHOLE;
}

/* All tokens of groups that go on in one way, as far as that is known without looking at each. */
static Outcome put_alike(Walk *self, const Firsts *firsts, const Group *group, uint64_t groups) {
    if (group->kind == FIRST_EXIT) return put_exits(self, firsts, groups);
    if (group->kind == FIRST_WORD) return ak_mask_put(self, part_with(groups), group->word, groups);
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
        outcome = put_alike(self, firsts, &firsts->groups[g], groups);
    }
    return outcome;
}

/* Those that nothing is known of. */
static uint64_t plain_groups(const Walk *self, const Firsts *firsts) {
    uint64_t groups = 0;
    for (uint64_t rest = self->scope & firsts->alive; rest; rest &= rest - 1) {
        int group = __builtin_ctzll(rest);
        if (firsts->groups[group].kind == FIRST_PLAIN) groups |= GROUP_BIT(group);
    }
    return groups;
}

/* The tokens that begin with `byte`, whose node is `child`. */
static Outcome walk_first(Walk *self, Point point, const Firsts *firsts, uint8_t byte, uint32_t child) {
    const WalkTrie *trie = &self->vocab->views.trie;
    const Group *group = &firsts->groups[ak_unit_group(byte)];
    PathEntry *path = self->room->path;
    bool is_known =
        group->kind == FIRST_EXIT || group->kind == FIRST_SUFFIX || (group->kind == FIRST_WORD && byte >= 0x80);
    if (is_known) return WALK_DONE;
    path[0] = ak_walk_entry(self, point);
    if (group->kind == FIRST_PLAIN) return ak_piece_walk(self, byte);
    path[1] = ak_walk_entry(self, firsts->behind[byte]);
    if (group->kind == FIRST_WORD) return ak_walk_words(self, &trie->nodes[child], group->word, group->region);
    path[1].is_inside = true;
    if (byte >= 0x80) ak_walk_begin_wide(&path[1], byte);
    const WalkNode *first = &trie->nodes[child];
    return ak_walk_region(self, trie, first->children, ak_walk_children_end(first), 2, group->region);
}

static Outcome walk_suffixes(Walk *self, Point point, const Firsts *firsts, Region region) {
    const WalkTrie *suffixes = &self->view->suffixes[firsts->class];
    self->room->path[0] = ak_walk_entry(self, point);
    self->room->path[0].is_inside = true;
    return ak_walk_region(self, suffixes, suffixes->nodes[0].children, ak_walk_children_end(&suffixes->nodes[0]), 1,
                          region);
}

/* Whether a region may end inside of long tokens in a way that it does not tell. */
static bool is_vague(Region region) {
    return region.groups && region.sure != UINT32_MAX && region.limit == UINT32_MAX;
}

/* Of the tokens that begin in the own region some leave it when its count has run out. */
static Outcome try_counted(Walk *self, Point point, const Firsts *firsts, uint32_t limit) {
    uint64_t groups = 0;
    for (unsigned g = 0; g < GROUP_COUNT; g++) {
        FirstKind kind = firsts->groups[g].kind;
        if (kind == FIRST_SUFFIX || kind == FIRST_INSIDE) groups |= GROUP_BIT(g);
    }
    const uint32_t *row = groups ? row_of(self, groups, GROUPS_ALL, UINT32_MAX) : NULL;
    if (!row) return groups ? WALK_SPENT : WALK_DONE;
    return ak_tails_try(self, point, limit, row);
}

/* The tokens that are long enough to come to a limit: some may have been taken that are not allowed. */
static Outcome look_again(Walk *self, Point point, const Firsts *firsts, Region own) {
    Tails tails = {.count = 0};
    Outcome outcome = WALK_DONE;
    if (own.is_uniform && own.limit != UINT32_MAX) outcome = try_counted(self, point, firsts, own.limit);
    else if (is_vague(own)) outcome = ak_tails_add(self, &tails, point, own.groups, SHORT_UNITS);
    for (unsigned byte = 0; byte < 0x80 && outcome == WALK_DONE; byte++) {
        const Group *group = &firsts->groups[ak_unit_group((uint8_t)byte)];
        if (group->kind == FIRST_REGION && is_vague(group->region) && firsts->steps[byte] == STEP_ALIVE)
            outcome = ak_tails_add(self, &tails, firsts->behind[byte], group->region.groups, SHORT_UNITS - 1);
    }
    return outcome == WALK_DONE ? ak_tails_drop(self, &tails, point) : outcome;
}

static Outcome walk_malformed(Walk *self, Point point) {
    const WalkTrie *trie = &self->view->malformed;
    self->room->path[0] = ak_walk_entry(self, point);
    return ak_walk_plain(self, trie, trie->nodes[0].children, ak_walk_children_end(&trie->nodes[0]), 1);
}

/* Whether what follows a space is best told by its view: not where a mask for other units tells of spaces, too. */
static bool wants_space_view(const Walk *self, const Firsts *firsts) {
    if (self->view_number != VIEW_WHOLE || self->vocab->views.count < VIEW_COUNT) return false;
    if (firsts->steps[' '] != STEP_ALIVE || !(self->scope & GROUP_BIT(GROUP_SPACE))) return false;
    const Group *group = &firsts->groups[GROUP_SPACE];
    if (group->kind == FIRST_WORD) return !ak_points_equal(firsts->behind[' '], group->word);
    return group->kind != FIRST_EXIT && group->kind != FIRST_SUFFIX;
}

Outcome ak_mask_by_firsts(Walk *self, Point point, const DfaProfile *profile) {
    Region region = own_region(self, point, profile);
    Firsts firsts = {.class = STOCK_COUNT};
    bool is_told = region.groups && region.is_uniform; /* of code points of several bytes, too */
    if (!look_at_firsts(self, point, &firsts) || (!is_told && !sort_wide(self, point, &firsts))) return WALK_SPENT;
    if (region.is_uniform) region.exits = exits_of(&firsts, region.groups);
    sort_inside(self, &firsts, region);
    bool is_spaced = wants_space_view(self, &firsts);
    if (is_spaced) firsts.groups[GROUP_SPACE].kind = FIRST_PLAIN;
    leave_small_words(self, &firsts);
    self->has_news = false;
    uint64_t wide = ak_wide_groups(self, point.state, plain_groups(self, &firsts));
    Outcome outcome = put_groups(self, &firsts);
    if (wide && outcome == WALK_DONE) outcome = ak_wide_put(self, point, wide);
    if (is_spaced && outcome == WALK_DONE) outcome = put_spaced(self, firsts.behind[' ']);
    if (self->has_news && outcome == WALK_DONE && ak_mask_met(self, point)) return WALK_MET;
    for (unsigned byte = 0; byte < 256 && outcome == WALK_DONE; byte++) {
        uint32_t child = self->view->child[byte];
        unsigned group = ak_unit_group((uint8_t)byte);
        if (firsts.steps[byte] != STEP_ALIVE || !child || (byte == ' ' && is_spaced) || group == GROUP_MALFORMED)
            continue;
        if (self->scope & ~wide & GROUP_BIT(group)) outcome = walk_first(self, point, &firsts, (uint8_t)byte, child);
    }
    if (firsts.class != STOCK_COUNT && outcome == WALK_DONE) outcome = walk_suffixes(self, point, &firsts, region);
    if (self->part == PART_WHOLE && outcome == WALK_DONE) outcome = walk_malformed(self, point);
    return outcome == WALK_DONE ? look_again(self, point, &firsts, region) : outcome;
}
