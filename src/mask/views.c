/* Building the views: one pass over the tokens for each table; and rows made from rows. */
#include "mask/views.h"
#include "base/bitset.h"
#include "base/table.h"
#include "mask/vocab.h"
#include <stdlib.h>

enum { SPACE_MIN = 512 }; /* nodes behind a space that make a view of their own worth while */

/* digits; small letters; capital letters; words; punctuation but "_"; blanks and controls; what is not ASCII */
const uint64_t ak_group_sets[GROUP_SETS] = {
    0x3,
    0xC,
    0x30,
    GROUPS_WORD,
    GROUP_BIT(GROUP_TAB) - GROUP_BIT(GROUP_SPACE + 1),
    GROUP_BIT(GROUP_CONTROL + 1) - GROUP_BIT(GROUP_TAB),
    GROUP_BIT(GROUP_WIDE) | GROUP_BIT(GROUP_MALFORMED),
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
    for (size_t i = 0; i < count; i++) ids[i] = (uint32_t)rows->longer.items[i], units[i] = (uint16_t)(rows->longer.items[i] >> 32);
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

/* Numbers the sets; those that do not fit become "all". */
static bool number_sets(const uint64_t *below, uint32_t count, WalkNode *nodes, const uint64_t **numbered, Arena *arena,
                        Arena *scratch) {
    VEC(uint64_t) sets = {0};
    Table known = {0};
    if (!ak_vec_push(arena, &sets, GROUPS_ALL)) return false;
    for (uint32_t at = 0; at < count; at++) {
        if (below[at] == GROUPS_ALL) continue;
        uint64_t key = below[at] + 1;
        uint32_t number = ak_table_find(&known, key);
        if (!number && sets.count <= UINT16_MAX) {
            number = (uint32_t)sets.count;
            if (!ak_vec_push(arena, &sets, below[at]) || !ak_table_add(&known, scratch, key, number)) return false;
        }
        nodes[at].below = (uint16_t)number;
    }
    *numbered = sets.items;
    return true;
}

/* What the trie is made of: texts in its order are met on the way through its nodes. */
static bool summarize(Build *self, const Trie *trie, WalkNode *nodes, const uint64_t **sets) {
    size_t longest = self->views->longest;
    Summary summary = {ak_new_array(self->scratch, uint64_t, trie->count), ak_new_array(self->scratch, uint32_t, longest + 1),
                       ak_new_array(self->scratch, uint64_t, longest + 2)};
    char *text = ak_arena_alloc(self->scratch, longest + 1, 1);
    if (!text) return false;
    for (uint32_t at = 0; at < trie->count; at++) {
        size_t depth = trie->depths[at];
        summary.path[depth - 1] = at, text[depth - 1] = (char)trie->bytes[at];
        if (trie->tokens[at] != AK_TOKEN_NONE) add_text(&summary, (Str){text, depth});
    }
    return number_sets(summary.below, trie->count, nodes, sets, self->arena, self->scratch);
}

/* The trie, whose tokens are chained by `aliases`, as walks read it. */
static bool lay_trie(Build *self, const Trie *trie, const uint32_t *aliases, WalkTrie *laid) {
    WalkNode *nodes = ak_new_array(self->arena, WalkNode, trie->count + (size_t)1);
    uint32_t *ids = ak_new_array(self->arena, uint32_t, self->vocab->size), total = 0;
    if (!ak_arena_ok(self->arena) || !summarize(self, trie, nodes, &laid->sets)) return false;
    for (uint32_t at = 0; at < trie->count; at++) {
        nodes[at].end = trie->ends[at], nodes[at].first_id = total;
        nodes[at].depth = trie->depths[at], nodes[at].byte = trie->bytes[at];
        for (uint32_t id = trie->tokens[at]; id != AK_TOKEN_NONE; id = aliases[id]) ids[total++] = id;
    }
    nodes[trie->count].first_id = total;
    laid->nodes = nodes, laid->ids = ids, laid->count = trie->count;
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

static bool build_suffixes(Build *self, View *view, StockClass class) {
    uint64_t groups = ak_stock_groups(class);
    Trie trie;
    for (uint32_t id = 0; id < self->vocab->size; id++) {
        Str text = seen(self, view, id);
        size_t run = run_of(text, groups);
        self->texts[id] = run ? ak_str_slice(text, run, text.length) : (Str){0};
    }
    ArenaMark mark = ak_arena_mark(self->scratch);
    bool done = ak_trie_build(&trie, self->scratch, self->texts, self->vocab->size, self->aliases, self->err);
    if (done && !lay_trie(self, &trie, self->aliases, &view->suffixes[class]))
        done = ak_fail_memory(self->err, self->scratch->failed ? self->scratch : self->arena);
    ak_arena_rewind(self->scratch, mark);
    return done;
}

static void index_children(const Trie *trie, uint32_t begin, uint32_t end, uint32_t *child) {
    for (int b = 0; b < 256; b++) child[b] = AK_TOKEN_NONE;
    for (uint32_t at = begin; at < end; at = trie->ends[at]) child[trie->bytes[at]] = at;
}

static bool build_view(Build *self, View *view) {
    index_children(&self->vocab->trie, view->begin, view->end, view->child);
    if (!build_rows(self, view)) return ak_fail_memory(self->err, self->arena);
    for (int class = 0; class < STOCK_COUNT; class ++) {
        if (!build_suffixes(self, view, (StockClass) class)) return false;
    }
    return true;
}

static uint32_t longest_of(const Trie *trie) {
    uint32_t longest = 0;
    for (uint32_t at = 0; at < trie->count; at++) longest = trie->depths[at] > longest ? trie->depths[at] : longest;
    return longest;
}

bool ak_views_build(Views *self, const ananke_vocab *vocab, Arena *arena, ananke_error *err) {
    Arena scratch = {.allocator = arena->allocator, .limit = SIZE_MAX};
    Build build = {vocab, arena, &scratch, self, ak_new_array(&scratch, Str, vocab->size),
                   ak_new_array(&scratch, uint32_t, vocab->size), err};
    const Trie *trie = &vocab->trie;
    uint32_t child[256];
    index_children(trie, 0, trie->count, child);
    *self = (Views){.count = 1, .space = child[' '], .words = (uint32_t)ak_bits_words(vocab->size), .longest = longest_of(trie)};
    self->views[VIEW_WHOLE] = (View){.end = trie->count};
    if (self->space != AK_TOKEN_NONE && trie->ends[self->space] - self->space > SPACE_MIN) {
        self->count = VIEW_COUNT;
        self->views[VIEW_SPACE] = (View){.begin = self->space + 1, .end = trie->ends[self->space], .depth = 1};
    }
    bool done = build.texts && build.aliases && lay_trie(&build, trie, vocab->aliases, &self->trie);
    if (!done) ak_fail_memory(err, scratch.failed ? &scratch : arena);
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
    for (uint32_t i = 0; i < view->longer_count && view->longer_units[i] > limit; i++) ak_bits_clear(row, view->longer[i]);
}

void ak_view_select(const Views *self, const View *view, uint64_t firsts, uint64_t rests, uint32_t limit, uint32_t *row) {
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
