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
    mask = ak_mask_add(&engine->masks, mask_key, (Mask){.row = room->row}, MASK_KIND_ROW);
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
    Point behind;  /* where the first byte leads that was looked at; none where that is dead, or an exit */
} Group;

/* How the groups go on behind one point: those of `words` to a lasting state. */
typedef struct Behind {
    Point point;
    uint64_t words;
    Group word, other;
} Behind;

/* Where the first bytes of a class lead. */
typedef struct First {
    Point behind;
    Step step;
    bool continues; /* the pending lexeme is not left */
} First;

typedef struct Firsts {
    const uint8_t *classes; /* by byte */
    First by_class[256];
    bool is_pending; /* a lexeme is */
    Group groups[GROUP_COUNT];
    Behind known;     /* the last point that was looked at */
    uint64_t alive;   /* groups with a unit whose first byte lives; malformed ones, too, where one above ASCII does */
    StockClass class; /* of FIRST_SUFFIX */
} Firsts;

static inline const First *first_of(const Firsts *self, uint8_t byte) {
    return &self->by_class[self->classes[byte]];
}

static bool regions_equal(Region a, Region b) {
    return a.groups == b.groups && a.exits == b.exits && a.limit == b.limit && a.is_uniform == b.is_uniform &&
           a.sure == b.sure;
}

/* Finds out how tokens go on behind a first unit that leads to `behind`. That lasting state's mask tells of them only
 * when it takes the first unit as it takes the others. False when something is spent. */
static bool look_behind(Walk *self, Point behind, Behind *found) {
    const DfaProfile *profile = ak_walk_far_profile(self, behind.state);
    DfaState lasting = ak_walk_lasting(self, behind.state);
    if (!profile || !lasting) return false;
    *found = (Behind){.point = behind, .other = {.is_met = true, .region = ak_walk_region_at(self, behind, profile)}};
    if (found->other.region.groups) found->other.kind = FIRST_REGION;
    if (lasting == DFA_DEAD || self->depth >= MASK_DEPTH_MAX) return true;
    const DfaProfile *word = ak_walk_profile(self, lasting);
    if (!word) return false;
    if (!word->is_uniform || word->limit != UINT32_MAX) return true;
    found->word = (Group){.is_met = true, .kind = FIRST_WORD, .word = {behind.node, lasting}};
    found->word.region = ak_walk_region_at(self, found->word.word, word);
    found->words = word->groups;
    return true;
}

/* What was found behind the last byte is kept: most bytes lead to one point. */
static bool sort_first(Walk *self, uint64_t bit, Point behind, Firsts *firsts, Group *group) {
    Behind *known = &firsts->known;
    if (!ak_points_equal(known->point, behind) && !look_behind(self, behind, known))
        return known->point = (Point){0}, false;
    *group = known->words & bit ? known->word : known->other;
    return true;
}

static bool groups_agree(const Group *a, const Group *b) {
    return a->kind == b->kind && (a->kind != FIRST_WORD || ak_points_equal(a->word, b->word)) &&
           regions_equal(a->region, b->region);
}

/* A group is sorted by all its bytes, of each class one; where they do not agree nothing is known. */
static bool sort_byte(Walk *self, Firsts *firsts, const First *first, unsigned number, bool is_wide) {
    Group fresh = {.is_met = true}, *group = &firsts->groups[number];
    bool is_exit = firsts->is_pending && !first->continues && self->depth < MASK_DEPTH_MAX;
    bool is_alive = first->step == STEP_ALIVE && !is_exit;
    if (group->is_met && is_alive && ak_points_equal(group->behind, first->behind)) return true;
    if (is_exit) fresh.kind = FIRST_EXIT;
    else if (!is_wide && is_alive && !sort_first(self, GROUP_BIT(number), first->behind, firsts, &fresh)) return false;
    if (is_alive) fresh.behind = first->behind;
    if (!group->is_met) *group = fresh;
    else if (!groups_agree(group, &fresh)) group->kind = FIRST_PLAIN;
    return true;
}

/* The bytes of a class that are ASCII. */
static bool look_at_class(Walk *self, Point point, Firsts *firsts, uint32_t class) {
    const Dfa *dfa = &self->engine->dfa;
    First *first = &firsts->by_class[class];
    first->step = ak_walk_advance(self, &self->room->path[0], dfa->exprs.samples[class], &first->behind);
    first->continues = ak_dfa_next(dfa, point.state, class) != DFA_DEAD;
    if (first->step == STEP_SPENT) return false;
    if (first->step == STEP_ALIVE) firsts->alive |= dfa->class_groups[class];
    for (uint64_t groups = dfa->class_groups[class] & self->scope; groups; groups &= groups - 1) {
        if (!sort_byte(self, firsts, first, (unsigned)__builtin_ctzll(groups), false)) return false;
    }
    return true;
}

static bool look_at_wide(Walk *self, Firsts *firsts) {
    int sorted[256]; /* by byte class: the group that the last byte was sorted into */
    memset(sorted, -1, sizeof sorted);
    for (unsigned byte = 0x80; byte < 256; byte++) {
        const First *first = first_of(firsts, (uint8_t)byte);
        unsigned group = ak_unit_group((uint8_t)byte);
        if (first->step == STEP_ALIVE) firsts->alive |= GROUP_BIT(group) | GROUP_BIT(GROUP_MALFORMED);
        int *last = &sorted[firsts->classes[byte]];
        if (*last == (int)group || group == GROUP_MALFORMED) continue;
        *last = (int)group;
        if (self->scope & GROUP_BIT(group) && !sort_byte(self, firsts, first, group, true)) return false;
    }
    return true;
}

static bool look_at_firsts(Walk *self, Point point, Firsts *firsts) {
    const Dfa *dfa = &self->engine->dfa;
    firsts->classes = dfa->exprs.classes;
    self->room->path[0] = ak_walk_entry(self, point);
    firsts->is_pending = !ak_dfa_node(dfa, point.state)->starts && point.state != DFA_DEAD;
    for (uint32_t class = 0; class < dfa->exprs.class_count; class ++) {
        if (!look_at_class(self, point, firsts, class)) return false;
    }
    return look_at_wide(self, firsts);
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
    static const Part parts[] = {PART_WORDS, PART_SPACES, PART_NEWLINES, PART_BLANKS, PART_OTHERS};
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

/* Whether the tokens of a group are all told by other masks and rows. */
static bool is_told(const Firsts *firsts, unsigned group) {
    FirstKind kind = firsts->groups[group].kind;
    return kind == FIRST_EXIT || kind == FIRST_SUFFIX || (kind == FIRST_WORD && group >= GROUP_WIDE);
}

/* The groups whose tokens are to be walked through. */
static uint64_t groups_to_walk(const Walk *self, const Firsts *firsts, bool is_spaced) {
    uint64_t groups = self->scope & firsts->alive & ~GROUP_BIT(GROUP_MALFORMED);
    if (is_spaced) groups &= ~GROUP_BIT(GROUP_SPACE);
    for (uint64_t rest = groups; rest; rest &= rest - 1) {
        if (is_told(firsts, (unsigned)__builtin_ctzll(rest))) groups &= ~(rest & -rest);
    }
    return groups;
}

/* The tokens that begin with `byte`, whose node is `child`. */
static Outcome walk_first(Walk *self, Point point, const Firsts *firsts, uint8_t byte, uint32_t child) {
    const WalkTrie *trie = &self->vocab->views.trie;
    const Group *group = &firsts->groups[ak_unit_group(byte)];
    PathEntry *path = self->room->path;
    path[0] = ak_walk_entry(self, point);
    if (group->kind == FIRST_PLAIN) return ak_piece_walk(self, byte);
    path[1] = ak_walk_entry(self, first_of(firsts, byte)->behind);
    if (group->kind == FIRST_WORD) return ak_walk_words(self, &trie->nodes[child], group->word, group->region);
    path[1].is_inside = true;
    if (byte >= 0x80) ak_walk_begin_wide(&path[1], byte);
    const WalkNode *first = &trie->nodes[child];
    return ak_walk_region(self, trie, first->children, ak_walk_children_end(first), 2, group->region);
}

static Outcome walk_firsts(Walk *self, Point point, const Firsts *firsts, uint64_t groups) {
    Outcome outcome = WALK_DONE;
    for (unsigned byte = 0; byte < 256 && groups && outcome == WALK_DONE; byte++) {
        uint32_t child = self->view->child[byte];
        if (!(groups & GROUP_BIT(ak_unit_group((uint8_t)byte))) || !child) continue;
        if (first_of(firsts, (uint8_t)byte)->step == STEP_ALIVE)
            outcome = walk_first(self, point, firsts, (uint8_t)byte, child);
    }
    return outcome;
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
        if (group->kind != FIRST_REGION || !is_vague(group->region)) continue;
        const First *first = first_of(firsts, (uint8_t)byte);
        if (first->step == STEP_ALIVE)
            outcome = ak_tails_add(self, &tails, first->behind, group->region.groups, SHORT_UNITS - 1);
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
    const First *space = first_of(firsts, ' ');
    if (space->step != STEP_ALIVE || !(self->scope & GROUP_BIT(GROUP_SPACE))) return false;
    const Group *group = &firsts->groups[GROUP_SPACE];
    if (group->kind == FIRST_WORD) return !ak_points_equal(space->behind, group->word);
    return group->kind != FIRST_EXIT && group->kind != FIRST_SUFFIX;
}

Outcome ak_mask_by_firsts(Walk *self, Point point, const DfaProfile *profile) {
    Region region = own_region(self, point, profile);
    Firsts firsts = {.class = STOCK_COUNT};
    bool is_uniform = region.groups && region.is_uniform; /* of code points of several bytes, too */
    if (!look_at_firsts(self, point, &firsts) || (!is_uniform && !sort_wide(self, point, &firsts))) return WALK_SPENT;
    /* What leaves a uniform region and lives is the same wherever in it: a lead byte may begin anything. */
    if (region.is_uniform) region.exits = firsts.alive & ~region.groups;
    sort_inside(self, &firsts, region);
    bool is_spaced = wants_space_view(self, &firsts);
    if (is_spaced) firsts.groups[GROUP_SPACE].kind = FIRST_PLAIN;
    leave_small_words(self, &firsts);
    self->has_news = false;
    uint64_t wide = ak_wide_groups(self, point.state, plain_groups(self, &firsts));
    Outcome outcome = put_groups(self, &firsts);
    if (wide && outcome == WALK_DONE) outcome = ak_wide_put(self, point, wide);
    if (is_spaced && outcome == WALK_DONE) outcome = put_spaced(self, first_of(&firsts, ' ')->behind);
    if (self->has_news && outcome == WALK_DONE && ak_mask_met(self, point)) return WALK_MET;
    if (outcome == WALK_DONE)
        outcome = walk_firsts(self, point, &firsts, groups_to_walk(self, &firsts, is_spaced) & ~wide);
    if (firsts.class != STOCK_COUNT && outcome == WALK_DONE) outcome = walk_suffixes(self, point, &firsts, region);
    if (self->part == PART_WHOLE && outcome == WALK_DONE) outcome = walk_malformed(self, point);
    return outcome == WALK_DONE ? look_again(self, point, &firsts, region) : outcome;
}
