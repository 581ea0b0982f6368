/* GBNF against brute force: random small grammars, and strings judged by a recogniser that shares nothing with the
 * engine. It knows no lexemes: a part of a grammar takes a text from one code point to a set of others, and rules are
 * asked again and again until nothing new comes out. So whatever greedy lexemes do to a grammar comes to light here. */
#include "gbnf_check.h"
#include <stdio.h>
#include <stdlib.h>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
enum { GRAMMARS = 400 };
#else
enum { GRAMMARS = 4000 };
#endif
enum { TEXTS_EACH = 30, MAX_NODES = 120, RULES = 4, MAX_TEXT = 14, FOREVER = -1 };

/* ---- Random numbers, the same everywhere */

static uint64_t seed;

static int dice(int sides) {
    seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (int)((seed >> 33) % (uint64_t)sides);
}

/* ---- The alphabet: letters, and two that begin with the same byte */

static const uint32_t points[] = {'a', 'b', 'c', 0xE8, 0xE9};
static const char *const spellings[] = {"a", "b", "c", "\xC3\xA8", "\xC3\xA9"};
static const char *const escapes[] = {"\\x61", "\\u0062", "\\U00000063", "\\xe8", "\\u00e9"};
enum { LETTERS = sizeof points / sizeof *points };

static const char *spell(int letter) {
    return dice(6) ? spellings[letter] : escapes[letter];
}

/* ---- Grammars */

typedef struct Node {
    enum { LITERAL, CLASS, RULE, SEQUENCE, CHOICE, REPEAT } kind;
    int letters[3], length;        /* of a literal */
    bool has[LETTERS], is_negated; /* of a class; negated it has all but those */
    int rule;
    int children[3], count;
    int min, max;
} Node;

static Node nodes[MAX_NODES];
static int node_count, bodies[RULES];

static void make_literal(Node *node) {
    node->length = dice(8) ? 1 + dice(3) : 0;
    for (int i = 0; i < node->length; i++) node->letters[i] = dice(dice(3) ? 2 : LETTERS);
}

static void make_class(Node *node) {
    node->is_negated = !dice(3);
    for (int i = 0; i < LETTERS; i++) node->has[i] = !dice(2);
    node->has[dice(LETTERS)] = true;
}

static int make_node(int depth);

static void make_children(Node *node, int count, int depth) {
    node->count = count;
    for (int i = 0; i < count; i++) node->children[i] = make_node(depth - 1);
}

static int make_node(int depth) {
    static const int bounds[][2] = {{0, FOREVER}, {1, FOREVER}, {0, 1}, {2, 3}, {0, 2}, {2, FOREVER}, {2, 2}, {0, 0}};
    int at = node_count < MAX_NODES ? node_count++ : MAX_NODES - 1, roll = dice(depth > 0 ? 14 : 5);
    Node node = {.kind = roll < 3    ? LITERAL
                         : roll < 4  ? CLASS
                         : roll < 5  ? RULE
                         : roll < 8  ? SEQUENCE
                         : roll < 11 ? CHOICE
                                     : REPEAT};
    if (at == MAX_NODES - 1) node.kind = LITERAL;
    if (node.kind == LITERAL) make_literal(&node);
    if (node.kind == CLASS) make_class(&node);
    if (node.kind == RULE) node.rule = dice(RULES);
    if (node.kind == SEQUENCE || node.kind == CHOICE) make_children(&node, 2 + dice(2), depth);
    if (node.kind == REPEAT) {
        int which = dice(8);
        if (which == 7) which = dice(8);
        node.min = bounds[which][0], node.max = bounds[which][1];
        make_children(&node, 1, depth);
    }
    nodes[at] = node;
    return at;
}

/* ---- Grammars as text, in varying spelling */

static char text[20000];

static void put(const char *words) {
    strcat(text, words);
}

static void put_space(bool in_brackets) {
    put(in_brackets && !dice(6) ? "\n  # a comment )\n" : dice(3) ? " " : "\t ");
}

static void put_class(const Node *node) {
    put(node->is_negated ? "[^" : "[");
    for (int i = 0; i < LETTERS; i++) {
        if (!node->has[i]) continue;
        put(spell(i));
        if (i + 1 >= LETTERS || !node->has[i + 1] || (i != 0 && i != 1 && i != 3)) continue;
        put("-"), put(spell(++i));
    }
    put("]");
}

static void put_bounds(const Node *node) {
    char bounds[64];
    if (node->min == 0 && node->max == FOREVER && dice(2)) put("*");
    else if (node->min == 1 && node->max == FOREVER && dice(2)) put("+");
    else if (node->min == 0 && node->max == 1 && dice(2)) put("?");
    else if (node->max == FOREVER) snprintf(bounds, sizeof bounds, "{%d,}", node->min), put(bounds);
    else if (node->min == node->max) snprintf(bounds, sizeof bounds, "{ %d }", node->min), put(bounds);
    else snprintf(bounds, sizeof bounds, "{%d, %d}", node->min, node->max), put(bounds);
}

static void put_node(int at, bool in_brackets) {
    const Node *node = &nodes[at];
    char name[8];
    switch (node->kind) {
    case LITERAL:
        put("\"");
        for (int i = 0; i < node->length; i++) put(spell(node->letters[i]));
        put("\"");
        break;
    case CLASS: put_class(node); break;
    case RULE:
        snprintf(name, sizeof name, node->rule ? "r-%d" : "root", node->rule);
        put(name);
        break;
    case SEQUENCE:
    case CHOICE:
        put("(");
        for (int i = 0; i < node->count; i++) {
            if (i && node->kind == CHOICE) put_space(true), put("|");
            if (i) put_space(true);
            put_node(node->children[i], true);
        }
        put(")");
        break;
    case REPEAT:
        put_node(node->children[0], in_brackets);
        if (!dice(4)) put_space(in_brackets);
        put_bounds(node);
        break;
    }
}

static void make_grammar(void) {
    node_count = 0, text[0] = '\0';
    for (int i = 0; i < RULES; i++) bodies[i] = make_node(i ? 2 : 3);
    for (int i = RULES - 1; i >= 0; i--) {
        char head[16];
        snprintf(head, sizeof head, i ? "r-%d ::=" : "root ::=", i);
        put(head), put_space(!dice(4)), put_node(bodies[i], false), put(i ? "\r\n" : "\n");
    }
}

/* ---- The recogniser */

static int letters[MAX_TEXT], length;       /* the text */
static uint32_t known[RULES][MAX_TEXT + 1]; /* bit e: the rule goes from there to e */

static bool class_has(const Node *node, int letter) {
    return node->has[letter] != node->is_negated;
}

static uint32_t ends(int at, int from);

static uint32_t ends_of_all(int at, uint32_t starts) {
    uint32_t set = 0;
    for (int i = 0; i <= length; i++) set |= (starts >> i) & 1 ? ends(at, i) : 0;
    return set;
}

static uint32_t ends_of_repeat(const Node *node, int from) {
    uint32_t now = UINT32_C(1) << from, set = node->min ? 0 : now;
    int most = node->max == FOREVER ? node->min + MAX_TEXT + 1 : node->max;
    for (int times = 1; times <= most; times++) {
        now = ends_of_all(node->children[0], now);
        if (times >= node->min) set |= now;
    }
    return set;
}

static uint32_t ends(int at, int from) {
    const Node *node = &nodes[at];
    uint32_t set = 0;
    switch (node->kind) {
    case LITERAL:
        if (from + node->length > length) return 0;
        for (int i = 0; i < node->length; i++) {
            if (letters[from + i] != node->letters[i]) return 0;
        }
        return UINT32_C(1) << (from + node->length);
    case CLASS: return from < length && class_has(node, letters[from]) ? UINT32_C(2) << from : 0;
    case RULE: return known[node->rule][from];
    case REPEAT: return ends_of_repeat(node, from);
    case CHOICE:
        for (int i = 0; i < node->count; i++) set |= ends(node->children[i], from);
        return set;
    case SEQUENCE:
        set = UINT32_C(1) << from;
        for (int i = 0; i < node->count; i++) set = ends_of_all(node->children[i], set);
        return set;
    }
    return 0;
}

static bool is_recognised(void) {
    memset(known, 0, sizeof known);
    for (bool changed = true; changed;) {
        changed = false;
        for (int rule = 0; rule < RULES; rule++) {
            for (int from = 0; from <= length; from++) {
                uint32_t set = ends(bodies[rule], from);
                changed = changed || set != known[rule][from];
                known[rule][from] = set;
            }
        }
    }
    return (known[0][0] >> length) & 1;
}

/* ---- Texts: any at all, and such as the grammar would write */

static void write_randomly(void) {
    length = dice(9);
    for (int i = 0; i < length; i++) letters[i] = dice(dice(2) ? 2 : LETTERS);
}

static void write_node(int at, int depth) {
    const Node *node = &nodes[at];
    int chosen = node->count ? dice(node->count) : 0, times = node->min + dice(3);
    if (node->max != FOREVER && times > node->max) times = node->max;
    for (int i = 0; node->kind == LITERAL && i < node->length && length < MAX_TEXT - 2; i++)
        letters[length++] = node->letters[i];
    if (node->kind == CLASS && length < MAX_TEXT - 2) {
        int letter = dice(LETTERS);
        for (int i = 0; i < LETTERS && !class_has(node, letter); i++) letter = (letter + 1) % LETTERS;
        letters[length++] = letter;
    }
    if (depth <= 0) return;
    if (node->kind == RULE) write_node(bodies[node->rule], depth - 1);
    if (node->kind == CHOICE) write_node(node->children[chosen], depth - 1);
    for (int i = 0; node->kind == SEQUENCE && i < node->count; i++) write_node(node->children[i], depth - 1);
    for (int i = 0; node->kind == REPEAT && i < times; i++) write_node(node->children[0], depth - 1);
}

static void write_text(void) {
    if (!dice(3)) {
        write_randomly();
        return;
    }
    length = 0;
    write_node(bodies[0], 12);
    if (length && !dice(4)) letters[dice(length)] = dice(LETTERS);
}

static size_t spell_text(char *out) {
    out[0] = '\0';
    for (int i = 0; i < length; i++) strcat(out, spellings[letters[i]]);
    return strlen(out);
}

/* False when it is too long, or no text over the alphabet: `.` and negated classes allow other characters. */
static bool read_text(const char *from, size_t size) {
    length = 0;
    for (size_t at = 0; at < size;) {
        int letter = 0;
        while (letter < LETTERS && strncmp(from + at, spellings[letter], strlen(spellings[letter])) != 0) letter++;
        if (letter == LETTERS || length >= MAX_TEXT) return false;
        letters[length++] = letter, at += strlen(spellings[letter]);
    }
    return true;
}

/* ---- The comparison */

static long accepted, refused, completed, unfinished;

static void complain(const char *what, const char *input) {
    print_error("%s\n%s: '%s'\n", text, what, input);
    assert_true(false);
}

/* The matcher stands where the text, or as much of it as it allowed, ends: a way on that it finds from there must be
 * right. */
static void check_completion(ananke_matcher *matcher, const char *input, size_t size) {
    char whole[400];
    uint8_t rest[256];
    ananke_error err = {0};
    ananke_matcher_reset(matcher);
    if (!ananke_matcher_consume_bytes(matcher, (const uint8_t *)input, size, &err)) {
        size = err.offset;
        assert_true(ananke_matcher_consume_bytes(matcher, (const uint8_t *)input, size, NULL));
    }
    size_t more = ananke_matcher_completion(matcher, rest, sizeof rest);
    if (more == SIZE_MAX) unfinished++; /* a way that is too long to be found */
    if (more >= sizeof rest) return;
    memcpy(whole, input, size), memcpy(whole + size, rest, more), whole[size + more] = '\0';
    if (!read_text(whole, size + more)) return;
    completed++;
    if (!is_recognised()) complain("wrong completion", whole);
}

static void compare(ananke_matcher *matcher) {
    char input[4 * MAX_TEXT + 1];
    write_text();
    size_t size = spell_text(input);
    bool is_right = is_recognised();
    if (accepts(matcher, input, size) != is_right) complain(is_right ? "refused" : "accepted", input);
    ++*(is_right ? &accepted : &refused);
    check_completion(matcher, input, size);
}

TEST(random_grammars_allow_what_brute_force_allows) {
    IGNORE_STATE;
    const char *wanted = getenv("GRAMMARS"), *from = getenv("SEED");
    long grammars = wanted ? atol(wanted) : GRAMMARS;
    ananke_vocab *vocab = ananke_vocab_load("bytes", NULL, NULL);
    for (long i = 0; i < grammars; i++) {
        ananke_error err = {0};
        seed = (uint64_t)i * 7919 + (from ? (uint64_t)atol(from) : 1);
        make_grammar();
        ananke_program *program = compile_gbnf(text, vocab, &err);
        ananke_matcher *matcher = program ? ananke_matcher_new(program, &err) : NULL;
        if (!matcher && err.code != ANANKE_ERROR_CONFLICT) complain(err.message, "");
        for (int k = 0; k < TEXTS_EACH; k++) {
            if (matcher) compare(matcher);
            else if (write_text(), is_recognised()) complain("nothing is allowed, but", "a text");
        }
        ananke_matcher_free(matcher);
        ananke_program_free(program);
    }
    print_message("%ld accepted, %ld refused, %ld completed, %ld not\n", accepted, refused, completed, unfinished);
    assert_true(accepted > grammars && refused > grammars && completed > grammars && unfinished < completed / 20);
    ananke_vocab_free(vocab);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_grammars_allow_what_brute_force_allows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
