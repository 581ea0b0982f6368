/* What is known by tops against a slow twin, a list of what was kept; paths behind steps against those that are read. */
#include "../test.h"
#include "mask/tops.h"

enum { NODES = 60, HEIGHT_MAX = 9, SYMBOLS = 3, KEPT_MAX = 4000, WHATS = 4 };

static uint32_t seed;

static uint32_t dice(uint32_t sides) {
    seed = seed * 1664525 + 1013904223;
    return (seed >> 8) % sides;
}

/* ---- A parser with stacks of letters; some end in a fork */

typedef struct Stack {
    uint32_t symbols[HEIGHT_MAX], count; /* the bottom first */
    bool is_forked;                      /* several are below its bottom */
} Stack;

static Stack stacks[NODES];

/* Node numbers have two bits in front that do not lie on the stack. */
static ParserNode node_of(uint32_t stack) {
    return (stack + 1) << 2 | stack % 2;
}

static const Stack *stack_of(ParserNode node) {
    return &stacks[(node >> 2) - 1];
}

static bool is_accepting(const void *parser, ParserNode node) {
    (void)parser;
    return stack_of(node)->symbols[0] == 1;
}

static bool entry(const void *parser, ParserNode node, uint32_t *cursor, PushdownEntry *entry) {
    (void)parser;
    const Stack *stack = stack_of(node);
    if (*cursor >= stack->count) return false;
    uint32_t at = stack->count - 1 - (*cursor)++;
    *entry = (PushdownEntry){at, stack->symbols[at], node, stack->is_forked && at == 0};
    return true;
}

static const PushdownKind letters = {.is_accepting = is_accepting, .entry = entry};
static const Pushdown pushdown = {.kind = &letters};

static void make_stacks(void) {
    for (uint32_t n = 0; n < NODES; n++) {
        stacks[n] = (Stack){.count = 1 + dice(HEIGHT_MAX), .is_forked = dice(4) == 0};
        for (uint32_t i = 0; i < stacks[n].count; i++) stacks[n].symbols[i] = 1 + dice(SYMBOLS);
    }
}

/* ---- The twin */

typedef struct Kept {
    ParserNode node;
    uint32_t what, low, answer;
} Kept;

/* How many entries from the top are at `low` or above it. */
static uint32_t depth_of(const Kept *kept) {
    const Stack *stack = stack_of(kept->node);
    return kept->low >= stack->count ? 1 : stack->count - kept->low;
}

/* Whether what was kept at one node holds at another one. */
static bool holds_at(const Kept *kept, ParserNode node) {
    const Stack *from = stack_of(kept->node), *to = stack_of(node);
    uint32_t depth = depth_of(kept);
    if ((kept->node & 3) != (node & 3) || is_accepting(NULL, kept->node) != is_accepting(NULL, node)) return false;
    if (depth > to->count) return false;
    for (uint32_t i = 1; i <= depth; i++) {
        if (from->symbols[from->count - i] != to->symbols[to->count - i]) return false;
    }
    return true;
}

static const Kept *find_kept(const Kept *kept, uint32_t count, ParserNode node, uint32_t what) {
    const Kept *best = NULL;
    for (uint32_t i = 0; i < count; i++) {
        if (kept[i].what == what && holds_at(&kept[i], node) && (!best || depth_of(&kept[i]) < depth_of(best)))
            best = &kept[i];
    }
    return best;
}

TEST(answers_are_known_wherever_the_top_is_the_same) {
    IGNORE_STATE;
    static Kept kept[KEPT_MAX];
    for (uint32_t round = 1; round <= 6; round++) {
        Arena arena = ak_arena(NULL);
        Tops tops = {0};
        assert_true(ak_tops_init(&tops, &arena));
        TopPath paths[NODES];
        uint32_t count = 0, met = 0;
        seed = round;
        make_stacks();
        for (uint32_t n = 0; n < NODES; n++) ak_tops_begin(&paths[n], &pushdown, node_of(n));
        for (int i = 0; i < KEPT_MAX; i++) {
            uint32_t n = dice(NODES), what = 1 + dice(WHATS), low = UINT32_MAX;
            const Kept *expected = find_kept(kept, count, node_of(n), what);
            uint32_t known = ak_tops_find(&tops, &paths[n], what, &low);
            assert_int_equal(known, expected ? expected->answer : 0);
            if (expected) assert_int_equal(low, stacks[n].count - depth_of(expected));
            if (expected) met++;
            if (expected && dice(3)) continue;
            bool is_kept;
            kept[count] = (Kept){node_of(n), what, dice(stacks[n].count + 1), count + 1};
            assert_true(ak_tops_add(&tops, &arena, &paths[n], what, kept[count].low, count + 1, &is_kept));
            assert_true(is_kept);
            count++;
        }
        assert_true(met > KEPT_MAX / 2);
        ak_arena_free(&arena);
    }
}

TEST(what_is_below_a_fork_is_one) {
    IGNORE_STATE;
    Arena arena = ak_arena(NULL);
    Tops tops = {0};
    assert_true(ak_tops_init(&tops, &arena));
    TopPath path;
    bool is_kept;
    uint32_t low;
    stacks[0] = stacks[2] = (Stack){.symbols = {1, 2}, .count = 2, .is_forked = true};
    ak_tops_begin(&path, &pushdown, node_of(0));
    assert_int_equal(path.count, 3); /* the fork has what is below it, too */
    assert_true(ak_tops_add(&tops, &arena, &path, 7, 0, 5, &is_kept));
    assert_true(is_kept);
    ak_tops_begin(&path, &pushdown, node_of(2));
    assert_int_equal(ak_tops_find(&tops, &path, 7, &low), 5); /* nobody looked behind the fork */
    ak_arena_free(&arena);
}

TEST(what_is_too_deep_is_not_kept) {
    IGNORE_STATE;
    Arena arena = ak_arena(NULL);
    Tops tops = {0};
    assert_true(ak_tops_init(&tops, &arena));
    TopPath path = {.count = 2, .symbols = {1, 2}, .heights = {9, 8}, .is_cut = true};
    bool is_kept;
    uint32_t low;
    assert_true(ak_tops_add(&tops, &arena, &path, 7, 3, 5, &is_kept));
    assert_false(is_kept);
    assert_int_equal(ak_tops_find(&tops, &path, 7, &low), 0);
    assert_true(ak_tops_add(&tops, &arena, &path, 7, UINT32_MAX, 5, &is_kept)); /* nothing was looked at */
    assert_true(is_kept);
    path.symbols[1] = 3, path.places[1] = 0;
    assert_int_equal(ak_tops_find(&tops, &path, 7, &low), 5);
    assert_int_equal(low, 9);
    ak_arena_free(&arena);
}

TEST(paths_behind_steps_are_those_that_are_read) {
    IGNORE_STATE;
    seed = 5;
    uint32_t told = 0;
    for (int i = 0; i < 2000; i++) {
        make_stacks();
        Stack *from = &stacks[0], *to = &stacks[1];
        from->is_forked = to->is_forked = false;
        uint32_t common = dice(from->count + 1);
        if (common > to->count) common = to->count;
        if (!common || to->count - common > TOPS_PUSHED) continue;
        memcpy(to->symbols, from->symbols, common * sizeof *to->symbols);
        TopStep step = {.down = from->count - common, .root = (uint8_t)ak_tops_root(&pushdown, node_of(1))};
        for (uint32_t k = to->count; k > common; k--) step.pushed[step.count++] = to->symbols[k - 1];
        TopPath before, read, behind;
        ak_tops_begin(&before, &pushdown, node_of(0));
        ak_tops_begin(&read, &pushdown, node_of(1));
        ak_tops_behind(&behind, &before, &step);
        assert_int_equal(behind.count, read.count);
        assert_int_equal(behind.root, read.root);
        assert_memory_equal(behind.symbols, read.symbols, read.count * sizeof *read.symbols);
        assert_memory_equal(behind.heights, read.heights, read.count * sizeof *read.heights);
        told++;
    }
    assert_true(told > 500);
}

TEST(a_path_that_is_cut_tells_nothing_of_what_is_below) {
    IGNORE_STATE;
    TopPath before = {.count = 2, .symbols = {1, 2}, .heights = {9, 8}, .is_cut = true}, behind;
    ak_tops_behind(&behind, &before, &(TopStep){.down = 2, .count = 1, .pushed = {4}, .is_told = true});
    assert_int_equal(behind.count, 0);
    ak_tops_behind(&behind, &before, &(TopStep){.down = 1, .count = 1, .pushed = {4}, .is_told = true});
    assert_int_equal(behind.count, 2);
    assert_int_equal(behind.heights[0], 9);
    assert_true(behind.is_cut);
}

TEST(equal_steps_have_one_number) {
    IGNORE_STATE;
    Arena arena = ak_arena(NULL);
    Tops tops = {0};
    assert_true(ak_tops_init(&tops, &arena));
    TopStep one = {.lexer = 5, .down = 1, .pushed = {3}, .count = 1, .is_told = true}, other = one;
    other.down = 2;
    uint32_t number = ak_tops_number(&tops, &arena, &one);
    assert_true(number);
    assert_int_not_equal(ak_tops_number(&tops, &arena, &other), number);
    assert_int_equal(ak_tops_number(&tops, &arena, &one), number);
    assert_int_equal(ak_tops_step(&tops, number)->down, 1);
    ak_arena_free(&arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(answers_are_known_wherever_the_top_is_the_same),
        cmocka_unit_test(what_is_below_a_fork_is_one),
        cmocka_unit_test(what_is_too_deep_is_not_kept),
        cmocka_unit_test(paths_behind_steps_are_those_that_are_read),
        cmocka_unit_test(a_path_that_is_cut_tells_nothing_of_what_is_below),
        cmocka_unit_test(equal_steps_have_one_number),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
