/* Building the views: one pass over the tokens for each table; and rows made from rows. */
#include "vocab/views.h"
#include "base/bitset.h"
#include "base/table.h"
#include "vocab/vocab.h"
#include <stdlib.h>

/* digits; small letters; capital letters; words; punctuation but "_"; blanks and controls; what is not ASCII */
const uint64_t ak_group_sets[GROUP_SETS] = {
    0x3,
    0xC,
    0x30,
    GROUPS_WORD,
    GROUP_BIT(GROUP_TAB) - GROUP_BIT(GROUP_SPACE + 1),
    GROUP_BIT(GROUP_CONTROL + 1) - GROUP_BIT(GROUP_TAB),
    GROUPS_WIDE | GROUP_BIT(GROUP_MALFORMED),
};

typedef struct Build {
    const ananke_vocab *vocab;
    Arena *arena, *scratch;
    Views *views;
    Str *texts;        /* texts[id]: what goes into the trie that is being built */
    uint32_t *aliases; /* of that trie */
    ananke_error *err;
} Build;

/* The token as the view sees it; empty when it is not in the view. */
static Str seen(const Build *self, const View *view, uint32_t id) {
    Str token = ak_vocab_str(self->vocab, id);
    if (view->depth && !(token.length > 1 && token.data[0] == ' ')) return (Str){0};
    return ak_str_slice(token, view->depth, token.length);
}

/* ---- Rows */

typedef struct Rows {
    uint32_t *all, *firsts[GROUP_COUNT + GROUP_SETS], *rests[GROUP_COUNT + GROUP_SETS], *shorter[SHORT_UNITS];
    VEC(uint64_t) longer; /* units << 32 | id */
} Rows;

static bool make_rows(Build *self, Rows *rows) {
    uint32_t words = self->views->words;
    rows->all = ak_new_array(self->arena, uint32_t, words);
    for (int n = 0; n < SHORT_UNITS; n++) rows->shorter[n] = ak_new_array(self->arena, uint32_t, words);
    for (int g = 0; g < GROUP_COUNT + GROUP_SETS; g++) {
        rows->firsts[g] = ak_new_array(self->arena, uint32_t, words);
        rows->rests[g] = ak_new_array(self->arena, uint32_t, words);
    }
    return ak_arena_ok(self->arena);
}

/* Puts one token into the rows it belongs to. */
static bool sort_token(Build *self, Rows *rows, uint32_t id, Str text) {
    const uint8_t *bytes = (const uint8_t *)text.data;
    unsigned group, units = 1;
    ak_bits_set(rows->all, id);
    size_t at = ak_unit_read(bytes, text.length, &group);
    ak_bits_set(rows->firsts[group], id);
    for (; at < text.length; units++) {
        at += ak_unit_read(bytes + at, text.length - at, &group);
        ak_bits_set(rows->rests[group], id);
    }
    if (units > SHORT_UNITS) return ak_vec_push(self->scratch, &rows->longer, (uint64_t)units << 32 | id);
    ak_bits_set(rows->shorter[units - 1], id);
    return true;
}

static int compare_longer(const void *a, const void *b) {
    const uint64_t *left = a, *right = b;
    return (*left < *right) - (*left > *right);
}

static bool lay_longer(Build *self, View *view, const Rows *rows) {
    size_t count = rows->longer.count;
    uint32_t *ids = ak_new_array(self->arena, uint32_t, count);
    uint16_t *units = ak_new_array(self->arena, uint16_t, count);
    if (!ak_arena_ok(self->arena)) return false;
    if (count) qsort(rows->longer.items, count, sizeof *rows->longer.items, compare_longer);
    for (size_t i = 0; i < count; i++)
        ids[i] = (uint32_t)rows->longer.items[i], units[i] = (uint16_t)(rows->longer.items[i] >> 32);
    view->longer = ids, view->longer_units = units, view->longer_count = (uint32_t)count;
    return true;
}

static bool build_rows(Build *self, View *view) {
    Rows rows = {0};
    if (!make_rows(self, &rows)) return false;
    for (uint32_t id = 0; id < self->vocab->size; id++) {
        Str text = seen(self, view, id);
        if (text.length && !sort_token(self, &rows, id, text)) return false;
    }
    for (int s = 0; s < GROUP_SETS; s++) {
        for (int g = 0; g < GROUP_COUNT; g++) {
            if (!(ak_group_sets[s] & GROUP_BIT(g))) continue;
            ak_bits_or(rows.firsts[GROUP_COUNT + s], rows.firsts[g], self->views->words);
            ak_bits_or(rows.rests[GROUP_COUNT + s], rows.rests[g], self->views->words);
        }
    }
    for (int n = 1; n < SHORT_UNITS; n++) ak_bits_or(rows.shorter[n], rows.shorter[n - 1], self->views->words);
    view->all = rows.all;
    memcpy(view->firsts, rows.firsts, sizeof view->firsts);
    for (int g = 0; g < GROUP_COUNT; g++)
        view->first_counts[g] = (uint32_t)ak_bits_count(rows.firsts[g], self->views->words);
    memcpy(view->rests, rows.rests, sizeof view->rests);
    memcpy(view->shorter, rows.shorter, sizeof view->shorter);
    return lay_longer(self, view, &rows);
}

/* ---- Groups below nodes */

typedef struct Summary {
    uint64_t *below; /* by node */
    uint32_t *path;  /* path[d]: node of the first d + 1 bytes */
    uint64_t *open;  /* open[d]: groups of the units that begin at byte d or behind it */
} Summary;

/* Sets of groups, numbered. */
typedef struct Sets {
    VEC(uint64_t) list;
    Table known; /* by set + 1 */
} Sets;

/* Adds one text's units to the nodes on its path. Nodes inside of a unit get everything. */
static void add_text(Summary *self, Str text) {
    const uint8_t *bytes = (const uint8_t *)text.data;
    memset(self->open, 0, (text.length + 1) * sizeof *self->open);
    for (size_t at = 0; at < text.length;) {
        unsigned group;
        size_t length = ak_unit_read(bytes + at, text.length - at, &group);
        self->open[at] = GROUP_BIT(group);
        for (size_t inside = 1; inside < length; inside++) self->open[at + inside] = GROUPS_ALL;
        at += length;
    }
    uint64_t behind = 0;
    for (size_t at = text.length; at-- > 0;) {
        self->below[self->path[at]] |= self->open[at + 1] == GROUPS_ALL ? GROUPS_ALL : behind;
        if (self->open[at] != GROUPS_ALL) behind |= self->open[at];
    }
}

/* The index of a set; 0, all groups, when there are too many. */
static bool number_set(Build *self, Sets *sets, uint64_t groups, uint16_t *number) {
    *number = 0;
    if (groups == GROUPS_ALL) return true;
    uint32_t known = ak_table_find(&sets->known, groups + 1);
    if (!known && sets->list.count <= UINT16_MAX) {
        known = (uint32_t)sets->list.count;
        if (!ak_vec_push(self->arena, &sets->list, groups) ||
            !ak_table_add(&sets->known, self->scratch, groups + 1, known))
            return false;
    }
    *number = (uint16_t)known;
    return true;
}

/* What the trie is made of: texts in its order are met on the way through its nodes. */
static uint64_t *groups_below(Build *self, const Trie *trie) {
    size_t longest = self->views->reaches[REACH_ALL].longest;
    Summary summary = {ak_new_array(self->scratch, uint64_t, trie->count),
                       ak_new_array(self->scratch, uint32_t, longest + 1),
                       ak_new_array(self->scratch, uint64_t, longest + 2)};
    char *text = ak_arena_alloc(self->scratch, longest + 1, 1);
    if (!text) return NULL;
    for (uint32_t at = 0; at < trie->count; at++) {
        size_t depth = trie->depths[at];
        summary.path[depth - 1] = at, text[depth - 1] = (char)trie->bytes[at];
        if (trie->tokens[at] != AK_TOKEN_NONE) add_text(&summary, (Str){text, depth});
    }
    return summary.below;
}

/* ---- Laying tries out for walks */

typedef struct Layout {
    const Trie *trie;
    const uint32_t *first_ids; /* by node of that trie, and one more: where its tokens begin among the ids */
    const uint64_t *below;
    WalkNode *nodes;
    uint32_t count;
    Sets sets;
    VEC(uint64_t) agenda; /* node of that trie << 32 | node laid out, whose children are still to come */
} Layout;

/* Lays the children, from `at` to `end`, out behind everything else. */
static bool lay_children(Build *self, Layout *layout, uint32_t at, uint32_t end, WalkNode *parent) {
    const Trie *trie = layout->trie;
    uint32_t first = layout->count;
    for (; at < end; at = trie->ends[at]) {
        WalkNode *node = &layout->nodes[layout->count];
        *node = (WalkNode){
            .first_id = layout->first_ids[at], .end_id = layout->first_ids[trie->ends[at]], .byte = trie->bytes[at]};
        if (!number_set(self, &layout->sets, layout->below[at], &node->below)) return false;
        if (trie->ends[at] > at + 1 && !ak_vec_push(self->scratch, &layout->agenda, (uint64_t)at << 32 | layout->count))
            return false;
        layout->count++;
    }
    if (layout->count > first) parent->children = first, parent->child_count = (uint8_t)(layout->count - first - 1);
    return true;
}

/* The ids in the order of the trie's nodes, whose tokens are chained by `aliases`. */
static uint32_t *list_ids(Build *self, const Trie *trie, const uint32_t *aliases, uint32_t *first_ids) {
    uint32_t total = 0;
    for (uint32_t at = 0; at < trie->count; at++) {
        first_ids[at] = total;
        for (uint32_t id = trie->tokens[at]; id != AK_TOKEN_NONE; id = aliases[id]) total++;
    }
    first_ids[trie->count] = total;
    uint32_t *ids = ak_new_array(self->arena, uint32_t, total);
    for (uint32_t at = 0; ids && at < trie->count; at++) {
        uint32_t *put = ids + first_ids[at];
        for (uint32_t id = trie->tokens[at]; id != AK_TOKEN_NONE; id = aliases[id]) *put++ = id;
    }
    return ids;
}

/* Siblings side by side; the blocks of siblings depth first. */
static bool lay_trie(Build *self, const Trie *trie, const uint32_t *aliases, WalkTrie *laid) {
    uint32_t *first_ids = ak_new_array(self->scratch, uint32_t, trie->count + (size_t)1);
    Layout layout = {.trie = trie, .first_ids = first_ids, .below = groups_below(self, trie), .count = 1};
    layout.nodes = ak_new_array(self->arena, WalkNode, trie->count + (size_t)1);
    if (!first_ids || !layout.below || !layout.nodes || !(laid->ids = list_ids(self, trie, aliases, first_ids)))
        return false;
    if (!ak_vec_push(self->arena, &layout.sets.list, GROUPS_ALL)) return false;
    layout.nodes[0].end_id = first_ids[trie->count];
    if (!lay_children(self, &layout, 0, trie->count, &layout.nodes[0])) return false;
    while (layout.agenda.count) {
        uint64_t next = layout.agenda.items[--layout.agenda.count];
        uint32_t at = (uint32_t)(next >> 32);
        if (!lay_children(self, &layout, at + 1, trie->ends[at], &layout.nodes[(uint32_t)next])) return false;
    }
    laid->nodes = layout.nodes, laid->sets = layout.sets.list.items;
    return true;
}

/* ---- Suffixes */

/* Offset of the first unit that is not in the groups; the length when all are. */
static size_t run_of(Str text, uint64_t groups) {
    size_t at = 0;
    while (at < text.length) {
        unsigned group;
        size_t length = ak_unit_read((const uint8_t *)text.data + at, text.length - at, &group);
        if (!(groups & GROUP_BIT(group))) break;
        at += length;
    }
    return at;
}

/* Lays out the trie of self->texts. */
static bool build_trie(Build *self, WalkTrie *laid) {
    Trie trie;
    ArenaMark mark = ak_arena_mark(self->scratch);
    bool done = ak_trie_build(&trie, self->scratch, self->texts, self->vocab->size, self->aliases, self->err);
    if (done && !lay_trie(self, &trie, self->aliases, laid))
        done = ak_fail_memory(self->err, self->scratch->failed ? self->scratch : self->arena);
    ak_arena_rewind(self->scratch, mark);
    return done;
}

static bool build_suffixes(Build *self, View *view, StockClass class) {
    uint64_t groups = ak_stock_groups(class);
    for (uint32_t id = 0; id < self->vocab->size; id++) {
        Str text = seen(self, view, id);
        size_t run = run_of(text, groups);
        self->texts[id] = run ? ak_str_slice(text, run, text.length) : (Str){0};
    }
    return build_trie(self, &view->suffixes[class]);
}

static bool build_malformed(Build *self, View *view) {
    for (uint32_t id = 0; id < self->vocab->size; id++) {
        bool is_malformed = ak_bits_get(view->firsts[GROUP_MALFORMED], id);
        self->texts[id] = is_malformed ? seen(self, view, id) : (Str){0};
    }
    return build_trie(self, &view->malformed);
}

/* Offset behind so many units; the length when there are no more. */
static size_t units_end(Str text, uint32_t units) {
    size_t at = 0;
    for (unsigned group; units > 0 && at < text.length; units--)
        at += ak_unit_read((const uint8_t *)text.data + at, text.length - at, &group);
    return at;
}

static bool build_tails(Build *self, View *view) {
    memset(self->texts, 0, self->vocab->size * sizeof *self->texts);
    for (uint32_t i = 0; i < view->longer_count; i++) {
        Str text = seen(self, view, view->longer[i]);
        self->texts[view->longer[i]] = ak_str_slice(text, units_end(text, SHORT_UNITS), text.length);
    }
    return build_trie(self, &view->tails);
}

static void index_children(const WalkTrie *trie, uint32_t root, uint32_t *child) {
    const WalkNode *node = &trie->nodes[root];
    for (uint32_t at = node->children; at < ak_walk_children_end(node); at++) child[trie->nodes[at].byte] = at;
}

static bool build_view(Build *self, View *view) {
    index_children(&self->views->trie, view->root, view->child);
    if (!build_rows(self, view)) return ak_fail_memory(self->err, self->arena);
    for (int class = 0; class < STOCK_COUNT; class ++) {
        if (!build_suffixes(self, view, (StockClass) class)) return false;
    }
    return build_tails(self, view) && build_malformed(self, view);
}

/* The reach of tokens of `longest` bytes at most. */
static ClampReach reach_of(const Trie *trie, uint32_t longest) {
    ClampReach reach = {.longest = longest};
    for (uint32_t at = 0; at < trie->count; at++) {
        uint32_t before = trie->depths[at] - 1u, *most = &reach.before[trie->bytes[at]];
        if (before < longest && before > *most) *most = before;
    }
    return reach;
}

/* All but one token of five hundred are short. */
void ak_views_reach(Views *self, const Trie *trie) {
    enum { SHARE = 512 };
    uint32_t counts[UINT16_MAX + 1] = {0}, tokens = 0, longer = 0, longest = 0;
    for (uint32_t at = 0; at < trie->count; at++) {
        if (trie->depths[at] > longest) longest = trie->depths[at];
        counts[trie->depths[at]] += trie->tokens[at] != AK_TOKEN_NONE;
        tokens += trie->tokens[at] != AK_TOKEN_NONE;
    }
    self->reaches[REACH_ALL] = reach_of(trie, longest);
    while (longest > SHORT_BYTES && longer + counts[longest] <= tokens / SHARE) longer += counts[longest--];
    self->reaches[REACH_MOST] = reach_of(trie, longest);
}

bool ak_views_list_longs(Views *self, const ananke_vocab *vocab, Arena *arena, Arena *scratch) {
    VEC(uint64_t) longs = {0}; /* length << 32 | id */
    for (uint32_t id = 0; id < vocab->size; id++) {
        uint64_t length = ak_vocab_str(vocab, id).length;
        if (length > SHORT_BYTES && !ak_vec_push(scratch, &longs, length << 32 | id)) return false;
    }
    uint32_t *ids = ak_new_array(arena, uint32_t, longs.count);
    if (!ids) return false;
    if (longs.count) qsort(longs.items, longs.count, sizeof *longs.items, compare_longer);
    for (size_t i = 0; i < longs.count; i++) ids[i] = (uint32_t)longs.items[i];
    self->longs = ids, self->long_count = (uint32_t)longs.count;
    return true;
}

bool ak_views_build(Views *self, const ananke_vocab *vocab, Arena *arena, ananke_error *err) {
    Arena scratch = {.allocator = arena->allocator, .limit = SIZE_MAX};
    Build build = {vocab,
                   arena,
                   &scratch,
                   self,
                   ak_new_array(&scratch, Str, vocab->size),
                   ak_new_array(&scratch, uint32_t, vocab->size),
                   err};
    *self = (Views){.count = 1, .words = (uint32_t)ak_bits_words(vocab->size)};
    ak_views_reach(self, &vocab->trie);
    bool done = build.texts && build.aliases && lay_trie(&build, &vocab->trie, vocab->aliases, &self->trie);
    if (!done) ak_fail_memory(err, scratch.failed ? &scratch : arena);
    uint32_t child[256] = {0};
    if (done) index_children(&self->trie, 0, child);
    self->space = child[' '];
    const WalkNode *space = done ? &self->trie.nodes[self->space] : NULL;
    if (done && self->space && space->end_id - space->first_id > vocab->size / 512) {
        self->count = VIEW_COUNT;
        self->views[VIEW_SPACE] = (View){.root = self->space, .depth = 1};
    }
    if (done && !ak_views_list_longs(self, vocab, arena, &scratch))
        done = ak_fail_memory(err, scratch.failed ? &scratch : arena);
    for (uint32_t v = 0; done && v < self->count; v++) done = build_view(&build, &self->views[v]);
    ak_arena_free(&scratch);
    return done;
}

/* ---- Selecting */

/* The rows whose union belongs to the groups, sets before single groups. */
static size_t cover(uint64_t groups, const uint32_t *const *rows, const uint32_t **found) {
    size_t count = 0;
    for (int s = GROUP_SETS - 1; s >= 0; s--) {
        if ((ak_group_sets[s] & ~groups) != 0) continue;
        groups &= ~ak_group_sets[s];
        found[count++] = rows[GROUP_COUNT + s];
    }
    for (; groups; groups &= groups - 1) found[count++] = rows[__builtin_ctzll(groups)];
    return count;
}

static void cut(const Views *self, const View *view, uint32_t limit, uint32_t *row) {
    if (limit == 0) memset(row, 0, self->words * sizeof *row);
    for (uint32_t w = 0; limit && limit <= SHORT_UNITS && w < self->words; w++) row[w] &= view->shorter[limit - 1][w];
    for (uint32_t i = 0; i < view->longer_count && view->longer_units[i] > limit; i++)
        ak_bits_clear(row, view->longer[i]);
}

void ak_view_select(const Views *self, const View *view, uint64_t firsts, uint64_t rests, uint32_t limit,
                    uint32_t *row) {
    const uint32_t *in[GROUP_COUNT], *out[GROUP_COUNT], *not_in[GROUP_COUNT];
    size_t ins = cover(firsts & GROUPS_ALL, view->firsts, in), outs = cover(GROUPS_ALL & ~rests, view->rests, out);
    size_t not_ins = cover(GROUPS_ALL & ~firsts, view->firsts, not_in);
    bool is_inverse = not_ins < ins;
    memcpy(row, view->all, self->words * sizeof *row);
    enum { BLOCK = 256 }; /* words: what is worked on stays in the nearest cache */
    for (uint32_t from = 0; from < self->words; from += BLOCK) {
        uint32_t part[BLOCK] = {0}, words = self->words - from < BLOCK ? self->words - from : BLOCK;
        for (size_t i = 0; i < (is_inverse ? not_ins : ins); i++) {
            const uint32_t *source = (is_inverse ? not_in : in)[i] + from;
            for (uint32_t w = 0; w < words; w++) part[w] |= source[w];
        }
        for (uint32_t w = 0; w < words; w++) row[from + w] &= is_inverse ? ~part[w] : part[w];
        for (size_t i = 0; i < outs; i++) {
            for (uint32_t w = 0; w < words; w++) row[from + w] &= ~out[i][from + w];
        }
    }
    cut(self, view, limit, row);
}
