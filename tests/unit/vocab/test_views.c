/* Views of random vocabularies, token by token. */
#include "../test.h"
#include "base/bitset.h"
#include "vocab/vocab.h"
#include <stdlib.h>

static uint32_t seed = 1;

static uint32_t dice(uint32_t sides) {
    seed = seed * 1664525 + 1013904223;
    return (seed >> 8) % sides;
}

/* ---- A vocabulary of random tokens: some twice, some without bytes, some long */

enum { TOKENS = 700, BYTES_MAX = 80 };

typedef struct Tokens {
    uint8_t bytes[TOKENS][BYTES_MAX];
    const uint8_t *places[TOKENS];
    size_t lengths[TOKENS];
} Tokens;

static size_t random_token(uint8_t *bytes) {
    static const char *const pieces[] = {
        "a",    "g", "b",    "A",    "Z",    "0",        "7",  "_",        ".", "\n",
        "\"",   "-", "\xC3", "\xA9", "\xFF", "\xC3\xA9", "\t", "\xC3\xA9", " ", "\xE2\x82\xAC",
        "\xE2", "a", "g",    "0"};
    size_t length = 0, count = 1 + dice(dice(8) ? 4 : 25);
    if (dice(3) == 0) bytes[length++] = ' ';
    for (size_t i = 0; i < count; i++) {
        const char *piece = pieces[dice(sizeof pieces / sizeof *pieces)];
        memcpy(bytes + length, piece, strlen(piece));
        length += strlen(piece);
    }
    return length;
}

static ananke_vocab *random_vocab(uint32_t round) {
    static Tokens tokens;
    ananke_error err = {0};
    seed = round;
    for (uint32_t id = 0; id < TOKENS; id++) {
        uint32_t like = id && dice(10) == 0 ? dice(id) : id;
        if (like == id) tokens.lengths[id] = dice(50) ? random_token(tokens.bytes[id]) : 0;
        else memcpy(tokens.bytes[id], tokens.bytes[like], BYTES_MAX), tokens.lengths[id] = tokens.lengths[like];
        tokens.places[id] = tokens.bytes[id];
    }
    ananke_vocab *vocab =
        ananke_vocab_from_tokens(tokens.places, tokens.lengths, TOKENS, &(uint32_t){0}, 1, NULL, &err);
    assert_non_null(vocab);
    assert_int_equal(vocab->views.count, VIEW_COUNT);
    return vocab;
}

/* The token as the view sees it. */
static Str seen(const ananke_vocab *vocab, const View *view, uint32_t id) {
    Str token = ak_vocab_str(vocab, id);
    if (view->depth == 0) return token;
    return token.length > 1 && token.data[0] == ' ' ? ak_str_slice(token, 1, token.length) : (Str){0};
}

static size_t read_unit(Str text, size_t at, unsigned *group) {
    return ak_unit_read((const uint8_t *)text.data + at, text.length - at, group);
}

/* ---- Rows */

static bool is_selected(Str text, uint64_t firsts, uint64_t rests, uint32_t limit) {
    uint32_t units = 0;
    unsigned group;
    for (size_t at = 0; at < text.length; units++) {
        at += read_unit(text, at, &group);
        if (!((units ? rests : firsts) & GROUP_BIT(group))) return false;
    }
    return units > 0 && units <= limit;
}

static uint64_t random_groups(void) {
    uint64_t groups = 0;
    switch (dice(6)) {
    case 0: return GROUPS_ALL;
    case 1: return ak_stock_groups((StockClass)dice(STOCK_COUNT));
    case 2: return ak_group_sets[dice(GROUP_SETS)] | ak_group_sets[dice(GROUP_SETS)];
    case 3: return GROUPS_ALL & ~GROUP_BIT(dice(GROUP_COUNT));
    default: break;
    }
    uint32_t share = 1 + dice(5);
    for (unsigned g = 0; g < GROUP_COUNT; g++) groups |= dice(share) ? 0 : GROUP_BIT(g);
    return groups;
}

static void compare_selection(const ananke_vocab *vocab, const View *view) {
    static const uint32_t limits[] = {0, 1, 2, 3, 15, 16, 17, 20, 24, UINT32_MAX};
    uint32_t row[(TOKENS + 31) / 32], limit = limits[dice(sizeof limits / sizeof *limits)];
    uint64_t firsts = random_groups(), rests = random_groups();
    ak_view_select(&vocab->views, view, firsts, rests, limit, row);
    for (uint32_t id = 0; id < TOKENS; id++)
        assert_int_equal(ak_bits_get(row, id), is_selected(seen(vocab, view, id), firsts, rests, limit));
}

TEST(selected_rows_equal_a_twin_token_by_token) {
    IGNORE_STATE;
    for (uint32_t round = 1; round <= 5; round++) {
        ananke_vocab *vocab = random_vocab(round);
        for (int i = 0; i < 100; i++) compare_selection(vocab, &vocab->views.views[i % VIEW_COUNT]);
        ananke_vocab_free(vocab);
    }
}

TEST(counts_and_lists_of_a_view_are_its_tokens) {
    IGNORE_STATE;
    ananke_vocab *vocab = random_vocab(77);
    for (int v = 0; v < VIEW_COUNT; v++) {
        const View *view = &vocab->views.views[v];
        uint32_t counts[GROUP_COUNT] = {0}, longer = 0;
        for (uint32_t id = 0; id < TOKENS; id++) {
            Str text = seen(vocab, view, id);
            unsigned group;
            assert_int_equal(ak_bits_get(view->all, id), text.length > 0);
            if (!text.length) continue;
            read_unit(text, 0, &group);
            counts[group]++;
            longer += !is_selected(text, GROUPS_ALL, GROUPS_ALL, SHORT_UNITS);
        }
        assert_memory_equal(counts, view->first_counts, sizeof counts);
        assert_int_equal(view->longer_count, longer);
        assert_true(longer > 10);
        for (uint32_t i = 0; i < longer; i++) {
            Str text = seen(vocab, view, view->longer[i]);
            assert_true(is_selected(text, GROUPS_ALL, GROUPS_ALL, view->longer_units[i]));
            assert_false(is_selected(text, GROUPS_ALL, GROUPS_ALL, view->longer_units[i] - 1u));
            assert_true(i == 0 || view->longer_units[i] <= view->longer_units[i - 1]);
        }
    }
    ananke_vocab_free(vocab);
}

TEST(a_vocabulary_without_spaces_has_one_view) {
    IGNORE_STATE;
    ananke_error err = {0};
    const uint8_t *tokens[] = {(const uint8_t *)"a", (const uint8_t *)"b "};
    ananke_vocab *vocab = ananke_vocab_from_tokens(tokens, (size_t[]){1, 2}, 2, NULL, 0, NULL, &err);
    assert_non_null(vocab);
    assert_int_equal(vocab->views.count, 1);
    assert_int_equal(vocab->views.space, 0);
    assert_int_equal(vocab->views.reaches[REACH_ALL].longest, 2);
    ananke_vocab_free(vocab);
}

/* ---- Tries, laid out */

/* What a trie spells for each id; no data: the id is not in it. */
typedef struct Spelled {
    char path[BYTES_MAX];
    char texts[TOKENS][BYTES_MAX];
    Str of[TOKENS];
} Spelled;

typedef void VisitNode(const ananke_vocab *vocab, const WalkTrie *trie, const WalkNode *node, Str path);

/* Visits a node whose path has `depth` bytes; the next id to come is `*next_id`. */
static void walk(Spelled *self, const ananke_vocab *vocab, const WalkTrie *trie, uint32_t at, size_t depth,
                 uint32_t *next_id, VisitNode *visit) {
    const WalkNode *node = &trie->nodes[at];
    assert_int_equal(node->first_id, *next_id);
    for (; *next_id < ak_walk_own_end(trie, node); ++*next_id) {
        uint32_t id = trie->ids[*next_id];
        assert_null(self->of[id].data);
        memcpy(self->texts[id], self->path, depth);
        self->of[id] = (Str){self->texts[id], depth};
    }
    if (visit && at) visit(vocab, trie, node, (Str){self->path, depth});
    for (uint32_t child = node->children; child < ak_walk_children_end(node); child++) {
        assert_true(child == node->children || trie->nodes[child].byte > trie->nodes[child - 1].byte);
        self->path[depth] = (char)trie->nodes[child].byte;
        walk(self, vocab, trie, child, depth + 1, next_id, visit);
    }
    assert_int_equal(node->end_id, *next_id);
}

static Spelled *spell(const ananke_vocab *vocab, const WalkTrie *trie, VisitNode *visit) {
    static Spelled spelled;
    uint32_t next_id = 0;
    memset(&spelled, 0, sizeof spelled);
    walk(&spelled, vocab, trie, 0, 0, &next_id, visit);
    return &spelled;
}

/* Whether the trie lists the token under exactly this text; an empty text: not at all. */
static void expect(const Spelled *spelled, uint32_t id, Str text) {
    assert_int_equal(spelled->of[id].data != NULL, text.length > 0);
    assert_true(ak_str_equal(spelled->of[id], text));
}

TEST(the_trie_spells_every_token_once) {
    IGNORE_STATE;
    for (uint32_t round = 1; round <= 5; round++) {
        ananke_vocab *vocab = random_vocab(round);
        const Spelled *spelled = spell(vocab, &vocab->views.trie, NULL);
        for (uint32_t id = 0; id < TOKENS; id++) expect(spelled, id, ak_vocab_str(vocab, id));
        ananke_vocab_free(vocab);
    }
}

TEST(views_know_where_their_first_bytes_lead) {
    IGNORE_STATE;
    ananke_vocab *vocab = random_vocab(3);
    const WalkTrie *trie = &vocab->views.trie;
    assert_int_equal(trie->nodes[vocab->views.space].byte, ' ');
    assert_int_equal(vocab->views.views[VIEW_SPACE].root, vocab->views.space);
    for (int v = 0; v < VIEW_COUNT; v++) {
        const View *view = &vocab->views.views[v];
        bool met[256] = {0};
        for (uint32_t id = 0; id < TOKENS; id++) {
            Str text = seen(vocab, view, id);
            if (text.length) met[(uint8_t)text.data[0]] = true;
        }
        for (int byte = 0; byte < 256; byte++) {
            assert_int_equal(view->child[byte] != 0, met[byte]);
            if (met[byte]) assert_int_equal(trie->nodes[view->child[byte]].byte, byte);
        }
    }
    ananke_vocab_free(vocab);
}

/* ---- Groups below nodes */

/* Those of one token's units that begin behind the first `depth` bytes; all groups when that is inside of a unit. */
static uint64_t groups_behind(Str token, size_t depth) {
    uint64_t groups = 0;
    unsigned group;
    for (size_t at = 0, length; at < token.length; at += length) {
        length = read_unit(token, at, &group);
        if (at < depth && depth < at + length) return GROUPS_ALL;
        if (at >= depth) groups |= GROUP_BIT(group);
    }
    return groups;
}

static void compare_below(const ananke_vocab *vocab, const WalkTrie *trie, const WalkNode *node, Str path) {
    uint64_t groups = 0;
    for (uint32_t id = 0; id < TOKENS; id++) {
        Str token = ak_vocab_str(vocab, id);
        if (ak_str_starts(token, path)) groups |= groups_behind(token, path.length);
    }
    assert_true(trie->sets[node->below] == groups);
}

TEST(sets_below_nodes_equal_a_twin) {
    IGNORE_STATE;
    for (uint32_t round = 1; round <= 3; round++) {
        ananke_vocab *vocab = random_vocab(round);
        assert_true(vocab->views.trie.sets[0] == GROUPS_ALL);
        spell(vocab, &vocab->views.trie, compare_below);
        ananke_vocab_free(vocab);
    }
}

/* ---- Suffixes and malformed tokens */

/* What is left of the token behind the units that the class has; nothing when there are none. */
static Str behind_class(Str text, uint64_t groups) {
    size_t at = 0;
    unsigned group;
    for (size_t length; at < text.length; at += length) {
        length = read_unit(text, at, &group);
        if (!(groups & GROUP_BIT(group))) break;
    }
    return at ? ak_str_slice(text, at, text.length) : (Str){0};
}

TEST(suffix_tries_list_tokens_under_what_leaves_the_class) {
    IGNORE_STATE;
    for (uint32_t round = 1; round <= 3; round++) {
        ananke_vocab *vocab = random_vocab(round);
        for (int i = 0; i < VIEW_COUNT * STOCK_COUNT; i++) {
            const View *view = &vocab->views.views[i % VIEW_COUNT];
            StockClass class = (StockClass)(i / VIEW_COUNT);
            const Spelled *spelled = spell(vocab, &view->suffixes[class], NULL);
            for (uint32_t id = 0; id < TOKENS; id++)
                expect(spelled, id, behind_class(seen(vocab, view, id), ak_stock_groups(class)));
        }
        ananke_vocab_free(vocab);
    }
}

static Str behind_units(Str text, int units) {
    size_t at = 0;
    for (unsigned group; units > 0 && at < text.length; units--) at += read_unit(text, at, &group);
    return ak_str_slice(text, at, text.length);
}

TEST(tails_list_long_tokens_under_what_follows_their_first_units) {
    IGNORE_STATE;
    ananke_vocab *vocab = random_vocab(5);
    for (int v = 0; v < VIEW_COUNT; v++) {
        const View *view = &vocab->views.views[v];
        const Spelled *spelled = spell(vocab, &view->tails, NULL);
        for (uint32_t id = 0; id < TOKENS; id++) expect(spelled, id, behind_units(seen(vocab, view, id), SHORT_UNITS));
        assert_true(view->tails.nodes[0].end_id > 10);
    }
    ananke_vocab_free(vocab);
}

TEST(malformed_tokens_are_those_whose_first_unit_is) {
    IGNORE_STATE;
    ananke_vocab *vocab = random_vocab(9);
    for (int v = 0; v < VIEW_COUNT; v++) {
        const View *view = &vocab->views.views[v];
        const Spelled *spelled = spell(vocab, &view->malformed, NULL);
        uint32_t count = 0;
        for (uint32_t id = 0; id < TOKENS; id++) {
            Str text = seen(vocab, view, id);
            bool is_malformed = is_selected(text, GROUP_BIT(GROUP_MALFORMED), GROUPS_ALL, UINT32_MAX);
            expect(spelled, id, is_malformed ? text : (Str){0});
            count += is_malformed;
        }
        assert_true(count > 5);
    }
    ananke_vocab_free(vocab);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(selected_rows_equal_a_twin_token_by_token),
        cmocka_unit_test(counts_and_lists_of_a_view_are_its_tokens),
        cmocka_unit_test(a_vocabulary_without_spaces_has_one_view),
        cmocka_unit_test(the_trie_spells_every_token_once),
        cmocka_unit_test(views_know_where_their_first_bytes_lead),
        cmocka_unit_test(sets_below_nodes_equal_a_twin),
        cmocka_unit_test(suffix_tries_list_tokens_under_what_leaves_the_class),
        cmocka_unit_test(tails_list_long_tokens_under_what_follows_their_first_units),
        cmocka_unit_test(malformed_tokens_are_those_whose_first_unit_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
