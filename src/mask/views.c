/* Building the views: one pass over the tokens for each table. */
#include "mask/views.h"
#include "base/bitset.h"
#include "mask/vocab.h"
#include <assert.h>

enum { SPACE_MIN = 512 }; /* nodes behind a space that make a view of their own worth while */

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

static void index_children(const Trie *trie, uint32_t begin, uint32_t end, uint32_t *child) {
    for (int b = 0; b < 256; b++) child[b] = AK_TOKEN_NONE;
    for (uint32_t at = begin; at < end; at = trie->ends[at]) child[trie->bytes[at]] = at;
}

static bool build_firsts(Build *self, View *view) {
    uint32_t *rows[GROUP_COUNT] = {0};
    for (uint32_t id = 0; id < self->vocab->size; id++) {
        Str text = seen(self, view, id);
        if (!text.length) continue;
        unsigned group;
        ak_unit_read((const uint8_t *)text.data, text.length, &group);
        if (!rows[group] && !(rows[group] = ak_new_array(self->arena, uint32_t, self->views->words))) return false;
        ak_bits_set(rows[group], id);
    }
    for (int g = 0; g < GROUP_COUNT; g++) view->firsts[g] = rows[g];
    return true;
}

/* Turns chains of aliases into lists. */
static bool lay_lists(Build *self, SuffixTrie *suffixes) {
    uint32_t count = 0, *lists = ak_new_array(self->arena, uint32_t, suffixes->trie.count + (size_t)1),
             *ids = ak_new_array(self->arena, uint32_t, self->vocab->size);
    uint32_t *tokens = ak_new_array(self->arena, uint32_t, suffixes->trie.count), total = 0;
    if (!ak_arena_ok(self->arena)) return false;
    for (uint32_t at = 0; at < suffixes->trie.count; at++) {
        tokens[at] = AK_TOKEN_NONE;
        if (suffixes->trie.tokens[at] == AK_TOKEN_NONE) continue;
        tokens[at] = count;
        for (uint32_t id = suffixes->trie.tokens[at]; id != AK_TOKEN_NONE; id = self->aliases[id]) ids[total++] = id;
        lists[++count] = total;
    }
    suffixes->trie.tokens = tokens, suffixes->lists = lists, suffixes->ids = ids;
    return true;
}

static bool build_class(Build *self, View *view, StockClass class) {
    uint64_t groups = ak_stock_groups(class);
    uint32_t *body = ak_new_array(self->arena, uint32_t, self->views->words);
    if (!body) return ak_fail_memory(self->err, self->arena);
    for (uint32_t id = 0; id < self->vocab->size; id++) {
        Str text = seen(self, view, id);
        size_t run = run_of(text, groups);
        if (text.length && run == text.length) ak_bits_set(body, id);
        self->texts[id] = ak_str_slice(text, run, text.length);
        /* what follows a space has a view of its own */
        bool is_spaced = self->views->count > 1 && !view->depth && run == 0 && text.length > 1 && text.data[0] == ' ';
        if (is_spaced) self->texts[id] = (Str){0};
    }
    view->bodies[class] = body;
    return ak_trie_build(&view->suffixes[class].trie, self->arena, self->texts, self->vocab->size, self->aliases, self->err) &&
           (lay_lists(self, &view->suffixes[class]) || ak_fail_memory(self->err, self->arena));
}

static bool build_broken_words(Build *self, View *view) {
    uint64_t groups = ak_stock_groups(STOCK_WORD);
    for (uint32_t id = 0; id < self->vocab->size; id++) {
        Str text = seen(self, view, id);
        size_t run = run_of(text, groups);
        self->texts[id] = run && run < text.length ? text : (Str){0};
    }
    if (!ak_trie_build(&view->broken_words, self->arena, self->texts, self->vocab->size, self->aliases, self->err))
        return false;
    index_children(&view->broken_words, 0, view->broken_words.count, view->broken_child);
    return true;
}

static bool build_view(Build *self, View *view) {
    index_children(&self->vocab->trie, view->begin, view->end, view->child);
    if (!build_firsts(self, view)) return ak_fail_memory(self->err, self->arena);
    for (int class = 0; class < STOCK_COUNT; class ++) {
        if (!build_class(self, view, (StockClass) class)) return false;
    }
    return build_broken_words(self, view);
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
    bool done = build.texts && build.aliases;
    if (!done) ak_fail_memory(err, &scratch);
    for (uint32_t v = 0; done && v < self->count; v++) done = build_view(&build, &self->views[v]);
    ak_arena_free(&scratch);
    return done;
}
