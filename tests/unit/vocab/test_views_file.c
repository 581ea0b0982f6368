/* Views come back as they were, and whatever the arrays say, what is accepted can be walked. */
#include "vocab/views_file.h"
#include "vocab/vocab.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

static const char *const words[] = {"a",        "b",    " ",         " a",   " ab",
                                    "  ",       "\"",   "a\"",       "1",    " 12",
                                    "\xE2\x82", "\xAC", " \xC3\xA9", "if (", " a b c d e f g h i j k l",
                                    "\n\n",     "a",    "",          "<eos>"};
enum { WORDS = sizeof words / sizeof *words };

static ananke_vocab *make(void) {
    const uint8_t *bytes[WORDS];
    size_t lengths[WORDS];
    for (size_t i = 0; i < WORDS; i++) bytes[i] = (const uint8_t *)words[i], lengths[i] = strlen(words[i]);
    ananke_vocab *vocab = ananke_vocab_from_tokens(bytes, lengths, WORDS, (const uint32_t[]){WORDS - 1}, 1, NULL, NULL);
    assert_non_null(vocab);
    assert_int_equal(vocab->views.count, VIEW_COUNT);
    return vocab;
}

static void expect_same_trie(const WalkTrie *a, const WalkTrie *b) {
    uint32_t count = 1;
    for (uint32_t i = 0; i < count; i++) {
        assert_memory_equal(&a->nodes[i], &b->nodes[i], sizeof *a->nodes);
        assert_int_equal(a->sets[a->nodes[i].below], b->sets[b->nodes[i].below]);
        if (ak_walk_children_end(&a->nodes[i]) > count) count = ak_walk_children_end(&a->nodes[i]);
    }
    if (a->nodes[0].end_id) assert_memory_equal(a->ids, b->ids, a->nodes[0].end_id * sizeof *a->ids);
}

static void expect_same_view(const Views *a, const Views *b, int number) {
    const View *left = &a->views[number], *right = &b->views[number];
    assert_int_equal(left->root, right->root);
    assert_int_equal(left->depth, right->depth);
    assert_memory_equal(left->child, right->child, sizeof left->child);
    assert_memory_equal(left->first_counts, right->first_counts, sizeof left->first_counts);
    assert_int_equal(left->longer_count, right->longer_count);
    for (uint32_t i = 0; i < left->longer_count; i++) {
        assert_int_equal(left->longer[i], right->longer[i]);
        assert_int_equal(left->longer_units[i], right->longer_units[i]);
    }
    for (int class = 0; class < STOCK_COUNT; class ++)
        expect_same_trie(&left->suffixes[class], &right->suffixes[class]);
    expect_same_trie(&left->malformed, &right->malformed);
    for (unsigned firsts = 0; firsts < GROUP_COUNT; firsts++) {
        for (uint32_t limit = 0; limit < SHORT_UNITS + 4; limit++) {
            uint32_t got[1] = {0}, want[1] = {0};
            ak_view_select(a, left, GROUP_BIT(firsts), GROUPS_ALL, limit, want);
            ak_view_select(b, right, GROUP_BIT(firsts), GROUPS_ALL, limit, got);
            assert_int_equal(got[0], want[0]);
            ak_view_select(a, left, GROUPS_ALL, GROUP_BIT(firsts), limit, want);
            ak_view_select(b, right, GROUPS_ALL, GROUP_BIT(firsts), limit, got);
            assert_int_equal(got[0], want[0]);
        }
    }
}

static void views_come_back_the_same(void **state) {
    (void)state;
    Arena arena = ak_arena(NULL);
    ananke_vocab *vocab = make();
    FlatViews flat;
    Views back;
    const char *problem;
    assert_true(ak_views_flatten(&vocab->views, &arena, &flat));
    assert_true(ak_views_unflatten(&back, &flat, &vocab->trie, vocab->size, &arena, &problem));
    assert_int_equal(back.count, vocab->views.count);
    assert_int_equal(back.space, vocab->views.space);
    assert_int_equal(back.words, vocab->views.words);
    assert_int_equal(back.reaches[REACH_ALL].longest, vocab->views.reaches[REACH_ALL].longest);
    expect_same_trie(&vocab->views.trie, &back.trie);
    for (int i = 0; i < VIEW_COUNT; i++) expect_same_view(&vocab->views, &back, i);
    ananke_vocab_free(vocab);
    ak_arena_free(&arena);
}

/* Goes to every node below, as deep as the longest token, and meets no more ids than there are. */
static uint32_t walk(const WalkTrie *trie, uint32_t node, uint32_t depth, uint32_t longest, uint32_t size) {
    assert_true(depth <= longest);
    uint32_t met = ak_walk_own_end(trie, &trie->nodes[node]) - trie->nodes[node].first_id;
    for (uint32_t i = 0; i < met; i++) assert_true(trie->ids[trie->nodes[node].first_id + i] < size);
    for (uint32_t child = trie->nodes[node].children; child < ak_walk_children_end(&trie->nodes[node]); child++)
        met += walk(trie, child, depth + 1, longest, size);
    return met;
}

static void use(const Views *views, uint32_t size) {
    assert_true(walk(&views->trie, 0, 0, views->reaches[REACH_ALL].longest, size) <= size);
    for (uint32_t v = 0; v < views->count; v++) {
        const View *view = &views->views[v];
        for (int class = 0; class < STOCK_COUNT; class ++)
            assert_true(walk(&view->suffixes[class], 0, 0, views->reaches[REACH_ALL].longest, size) <= size);
        assert_true(walk(&view->malformed, 0, 0, views->reaches[REACH_ALL].longest, size) <= size);
        uint32_t row[1];
        ak_view_select(views, view, GROUPS_ALL, GROUPS_ALL, 3, row);
        assert_int_equal(row[0] >> size, 0);
        for (int byte = 0; byte < 256; byte++)
            walk(&views->trie, view->child[byte], 0, views->reaches[REACH_ALL].longest, size);
    }
}

/* Writes over an item of one of the arrays. */
static void damage(FlatViews *flat) {
    const struct {
        const void *items;
        size_t bytes;
    } arrays[] = {{flat->longer_counts, flat->view_count * 4},
                  {flat->rows, flat->row_words * 4},
                  {flat->longer, flat->longer_count * 4},
                  {flat->longer_units, flat->unit_count * 2},
                  {flat->tries, flat->trie_count * sizeof(WalkExtent)},
                  {flat->nodes, flat->node_count * sizeof(WalkNode)},
                  {flat->ids, flat->id_count * 4},
                  {flat->sets, flat->set_count * 8}};
    static const char values[] = {0, 1, 2, 5, 0x7F, (char)0xFF};
    size_t which = (size_t)rand() % (sizeof arrays / sizeof *arrays);
    if (rand() % 3) which = 5; /* most can go wrong with nodes */
    size_t at = (size_t)rand() % arrays[which].bytes;
    ((char *)(uintptr_t)arrays[which].items)[at] = rand() % 2 ? values[rand() % 6] : (char)rand();
    size_t *counts[] = {&flat->view_count, &flat->row_words,  &flat->longer_count, &flat->unit_count,
                        &flat->trie_count, &flat->node_count, &flat->id_count,     &flat->set_count};
    if (rand() % 8 == 0) (*counts[rand() % 8])--;
}

static void no_damage_does_harm(void **state) {
    (void)state;
    ananke_vocab *vocab = make();
    size_t accepted = 0;
    enum { ROUNDS = 20000 };
    srand(5);
    for (int round = 0; round < ROUNDS; round++) {
        Arena arena = ak_arena(NULL);
        FlatViews flat;
        Views back;
        const char *problem = NULL;
        assert_true(ak_views_flatten(&vocab->views, &arena, &flat));
        for (int i = rand() % 3; i >= 0; i--) damage(&flat);
        if (ak_views_unflatten(&back, &flat, &vocab->trie, vocab->size, &arena, &problem)) {
            accepted++;
            use(&back, vocab->size);
        } else {
            assert_non_null(problem);
        }
        ak_arena_free(&arena);
    }
    assert_true(accepted > 0 && accepted < ROUNDS);
    ananke_vocab_free(vocab);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(views_come_back_the_same),
        cmocka_unit_test(no_damage_does_harm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
