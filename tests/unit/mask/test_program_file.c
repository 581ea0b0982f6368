/* Saved programs: every grammar comes back with the same masks, and no file, however it was made, does harm. */
#include "../failing.h"
#include "../test.h"
#include "base/file.h"
#include "mask/program_file.h"
#include <ananke/matcher.h>
#include <dirent.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

enum { WORDS = 9, LONGEST = 3000 }; /* bytes of a text that are followed */

typedef ananke_program *Compile(const char *text, size_t length, const ananke_vocab *vocab,
                                const ananke_program_options *options, ananke_error *err);

static ananke_vocab *bytes;

/* ---- The same masks. */

static ananke_program *back_again(const ananke_program *program) {
    Arena arena = ak_arena(NULL);
    ananke_error err = {0};
    Str content = ak_program_file_content(program, &arena, &err);
    assert_non_null(content.data);
    ananke_program *back = ak_program_file_read(content, "saved", bytes, NULL, &err);
    if (!back) fail_msg("%s", err.message);
    memset((char *)(uintptr_t)content.data, 0xEE, content.length); /* the content may go */
    ak_arena_free(&arena);
    return back;
}

static void expect_same_place(ananke_matcher *first, ananke_matcher *second) {
    uint32_t row[2][WORDS];
    char expected[2][256];
    assert_true(ananke_matcher_fill_mask(first, row[0], WORDS, NULL));
    assert_true(ananke_matcher_fill_mask(second, row[1], WORDS, NULL));
    assert_memory_equal(row[0], row[1], sizeof row[0]);
    ananke_matcher_expected(first, expected[0], sizeof expected[0]);
    ananke_matcher_expected(second, expected[1], sizeof expected[1]);
    assert_string_equal(expected[0], expected[1]);
}

/* Follows the text as far as it is one of the grammar's; how far that was. */
static size_t expect_same_walk(const ananke_program *a, const ananke_program *b, Str text) {
    ananke_matcher *first = ananke_matcher_new(a, NULL), *second = ananke_matcher_new(b, NULL);
    size_t at = 0;
    bool goes_on = true;
    for (; goes_on && at < text.length && at < LONGEST; at += goes_on) {
        expect_same_place(first, second);
        goes_on = ananke_matcher_consume(first, (uint8_t)text.data[at], NULL);
        assert_int_equal(ananke_matcher_consume(second, (uint8_t)text.data[at], NULL), goes_on);
    }
    expect_same_place(first, second);
    ananke_matcher_free(first);
    ananke_matcher_free(second);
    return at;
}

static void expect_comes_back(const ananke_program *program, Str text) {
    ananke_program *back = back_again(program), *again = back_again(back);
    size_t length = text.length < LONGEST ? text.length : LONGEST;
    assert_int_equal(expect_same_walk(program, back, text), length);
    assert_int_equal(expect_same_walk(program, again, text), length);
    ananke_program_free(back);
    ananke_program_free(again);
}

static const struct {
    const char *ending;
    Compile *compile;
} languages[] = {{".lark", ananke_program_from_lark},
                 {".regex", ananke_program_from_regex},
                 {".json", ananke_program_from_json_schema}};

static Compile *language_of(const char *name) {
    for (size_t i = 0; i < sizeof languages / sizeof *languages; i++) {
        if (ak_str_ends(ak_str(name), ak_str(languages[i].ending))) return languages[i].compile;
    }
    return NULL;
}

/* The grammar of a file, and the text beside it. */
static void expect_file_comes_back(const char *folder, const char *name, Compile *compile) {
    Arena arena = ak_arena(NULL);
    ananke_error err = {0};
    Str path = ak_arena_format(&arena, "%s/%s", folder, name);
    Str beside = ak_arena_format(&arena, "%s/%.*s.txt", folder, (int)strcspn(name, "."), name);
    Str grammar = ak_file_read(&arena, path.data, 0, &err), text = ak_file_read(&arena, beside.data, 0, &err);
    assert_non_null(grammar.data);
    assert_non_null(text.data);
    const char *end = strstr(text.data, "\n%%\n"); /* of the first text */
    if (end) text.length = (size_t)(end - text.data);
    if (ak_str_ends(grammar, STR("\n"))) grammar.length--;
    ananke_program *program = compile(grammar.data, grammar.length, bytes, NULL, &err);
    if (!program) fail_msg("%s: %s", name, err.message);
    expect_comes_back(program, text);
    ananke_program_free(program);
    ak_arena_free(&arena);
}

TEST(every_grammar_comes_back_with_the_same_masks) {
    IGNORE_STATE;
    const char *root = getenv("ANANKE_ROOT");
    char folder[512];
    snprintf(folder, sizeof folder, "%s/bench/mask-grammars", root ? root : ".");
    DIR *dir = opendir(folder);
    assert_non_null(dir);
    size_t count = 0;
    for (const struct dirent *entry; (entry = readdir(dir));) {
        Compile *compile = language_of(entry->d_name);
        if (compile) expect_file_comes_back(folder, entry->d_name, compile), count++;
    }
    closedir(dir);
    assert_true(count >= 10);
}

static ananke_program *from_lark(const char *grammar, const ananke_vocab *vocab) {
    ananke_error err = {0};
    ananke_program *program = ananke_program_from_lark(grammar, strlen(grammar), vocab, NULL, &err);
    if (!program) fail_msg("%s", err.message);
    return program;
}

#define LIST                                                                                  \
    "list: list \",\" item | item\nitem: NAME | \"(\" list? \")\" | \"x\" item~0..3 | BOTH\n" \
    "BOTH: /(AB|C)+X/ & /[ABCX]{3,9}/\nNAME: /[a-z]\\w*/i & ~(\"if\" | \"in\")\n%ignore /[ \\n]+/\n"

/* One with everything that a file may hold. */
static ananke_program *example(void) {
    return from_lark(
        "start: list warm? quoted? (limited \"?\")? (<[7,35]> nested)? object?\n"
        "limited[stop=\"?\", max_tokens=3]: /<[a-z?]*/\n"
        "object: %json {\"properties\": {\"a\": {\"type\": \"null\"}, \"b\": {\"type\": \"null\"}, \"c\": {\"type\": \"null\"}}, \"type\": "
        "\"object\", \"required\": [\"b\"], \"maxProperties\": 2, \"additionalProperties\": false, \"x-guidance\": {\"any_order\": true}}\n"
        "quoted[suffix=\"'\", capture=\"q\", stop_capture=\"end\"]: /'.*/\n"
        "warm[temperature=0.5, max_tokens=9]: \"!\"\n"
        "nested[max_tokens=7]: %lark {\nstart: \"a\" \"b\"\n%ignore \"_\"\n}\n" LIST,
        bytes);
}

static ananke_program *choices(void) {
    return ananke_program_from_choices((const char *[]){"yes", "no", ""}, NULL, 3, bytes, NULL, NULL);
}

TEST(what_is_ignored_and_other_front_ends_come_back) {
    IGNORE_STATE;
    ananke_program *program = example();
    expect_comes_back(program, STR("name, (iff, x  a\n), () ! 'it'"));
    expect_comes_back(program, STR("name{\"c\": null, \"b\": null}"));
    expect_comes_back(program, STR("name#a______{\"b\": null}")); /* cut off behind seven tokens */
    ananke_program_free(program);
    program = choices();
    expect_comes_back(program, STR("yes"));
    ananke_program_free(program);
    static const char gbnf[] = "root ::= \"(\" root* \")\" | [a-z0-9]+ (\" \" root)?\n";
    program = ananke_program_from_gbnf(gbnf, sizeof gbnf - 1, bytes, NULL, NULL);
    expect_comes_back(program, STR("((a7 b)(c))"));
    ananke_program_free(program);
}

/* ---- Files. */

TEST(file_may_be_replaced_and_go) {
    IGNORE_STATE;
    char folder[] = "/tmp/ananke-program-file-XXXXXX", path[64];
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/cache", folder);
    ananke_error err = {0};
    ananke_program *program = example();
    assert_true(ananke_program_save(program, path, &err));
    ananke_program *back = ananke_program_load(path, bytes, NULL, &err);
    assert_non_null(back);
    assert_true(ananke_program_save(back, path, &err));
    assert_int_equal(unlink(path), 0);
    assert_int_equal(rmdir(folder), 0); /* nothing else was left there */
    expect_same_walk(program, back, STR("a, b"));
    assert_ptr_equal(ananke_program_vocab(back), bytes);
    assert_false(ananke_program_save(program, path, &err));
    assert_int_equal(err.code, ANANKE_ERROR_IO);
    assert_null(ananke_program_load(path, bytes, NULL, &err));
    assert_int_equal(err.code, ANANKE_ERROR_IO);
    ananke_program_free(back);
    ananke_program_free(program);
}

TEST(any_vocabulary_will_do) {
    IGNORE_STATE;
    const uint8_t *table[] = {(const uint8_t *)"(", (const uint8_t *)"if", (const uint8_t *)"iff,",
                              (const uint8_t *)")"};
    ananke_vocab *other = ananke_vocab_from_tokens(table, (const size_t[]){1, 2, 4, 1}, 4, NULL, 0, NULL, NULL);
    Arena arena = ak_arena(NULL);
    ananke_program *program = from_lark("start: list\n" LIST, bytes);
    Str content = ak_program_file_content(program, &arena, NULL);
    ananke_program *back = ak_program_file_read(content, NULL, other, NULL, NULL);
    ananke_matcher *matcher = ananke_matcher_new(back, NULL);
    uint32_t row;
    assert_true(ananke_matcher_fill_mask(matcher, &row, 1, NULL));
    assert_int_equal(row, 7); /* all but the closing one */
    ananke_matcher_free(matcher);
    ananke_program_free(back);
    ananke_program_free(program);
    ak_arena_free(&arena);
    ananke_vocab_free(other);
}

TEST(tokens_captures_and_temperatures_come_back_and_tokens_are_one_vocabulary_s) {
    IGNORE_STATE;
    Arena arena = ak_arena(NULL);
    ananke_error err = {0};
    ananke_program *program = example();
    Str content = ak_program_file_content(program, &arena, NULL);
    ananke_program *back = ak_program_file_read(content, NULL, bytes, NULL, NULL);
    ananke_matcher *matcher = ananke_matcher_new(back, NULL);
    ananke_capture captures[2];
    float temperature = 0;
    assert_true(ananke_matcher_consume_bytes(matcher, (const uint8_t *)"a", 1, NULL));
    assert_true(ananke_matcher_consume(matcher, '\'', NULL) && ananke_matcher_consume(matcher, '\'', NULL));
    assert_int_equal(ananke_matcher_captures(matcher, captures, 2), 2);
    assert_true(captures[0].offset == 1 && captures[0].length == 1 && captures[1].offset == 2);
    assert_memory_equal(captures[1].name, "end", captures[1].name_length);
    assert_true(ananke_matcher_rollback(matcher, 2, NULL) && ananke_matcher_consume(matcher, ' ', NULL));
    assert_true(ananke_matcher_temperature(matcher, &temperature) && temperature == 0.5f);
    assert_true(ananke_matcher_consume(matcher, 7, NULL) && ananke_matcher_consume(matcher, 'a', NULL));
    ananke_matcher_free(matcher);
    ananke_program_free(back);
    ananke_vocab *other =
        ananke_vocab_from_tokens(&(const uint8_t *){(const uint8_t *)"a"}, &(size_t){1}, 1, NULL, 0, NULL, NULL);
    assert_null(ak_program_file_read(content, NULL, other, NULL, &err));
    assert_non_null(strstr(err.message, "another vocabulary's"));
    ananke_vocab_free(other);
    ananke_program_free(program);
    ak_arena_free(&arena);
}

/* ---- What is not believed. */

typedef struct Damage {
    const char *tag;
    size_t at, length; /* bytes of the section that are overwritten */
    const char *bytes;
    const char *message; /* what must be said */
} Damage;

/* The sections of a program's content, to be written over and joined anew. */
static Section *open_sections(const ananke_program *program, size_t *count, Arena *arena) {
    const Section *names = ak_program_file_sections(count);
    Section *list = ak_new_array(arena, Section, *count);
    memcpy(list, names, *count * sizeof *list);
    Str content = ak_program_file_content(program, arena, NULL);
    assert_true(ak_sections_split(&ak_program_file_format, list, *count, content, NULL, NULL));
    return list;
}

static Str damaged(Arena *arena, const Damage *damage) {
    size_t count;
    ananke_program *program = example();
    Section *list = open_sections(program, &count, arena);
    ananke_program_free(program);
    bool found = false;
    for (size_t i = 0; i < count; i++) {
        if (strcmp(list[i].tag, damage->tag) != 0) continue;
        assert_true(damage->at + damage->length <= list[i].count * list[i].size);
        memcpy((char *)(uintptr_t)list[i].items + damage->at, damage->bytes, damage->length);
        found = true;
    }
    assert_true(found);
    return ak_sections_join(&ak_program_file_format, list, count, arena, NULL);
}

#define NONE "\xFF\xFF\xFF\xFF"

TEST(damage_is_named_with_its_place) {
    IGNORE_STATE;
    static const Damage cases[] = {
        {"head", 0, 4, NONE, "\"head\", item 0: no grammar has so many symbols"},
        {"head", 4, 4, NONE, "\"head\", item 0: no grammar has so many symbols"},
        {"head", 12, 4, NONE, "\"head\", item 0: a flag is not known"},
        {"head", 20, 4, NONE, "\"head\", item 0: the program speaks of tokens, and of another"},
        {"head", 20, 4, "\0\0\0\0", "\"tokens.ends\", item"},
        {"head", 16, 4, NONE, "\"head\", item 0: the start is at no place of its own"},
        {"exprs", 0, 1, "\x7F", "\"exprs\", item 0: is no expression"},
        {"exprs", 8 * 4 + 4, 4, NONE, "\"exprs\", item 4: is no expression"},
        {"exprs.classes", 0, 1, "\x7F", "\"exprs.classes\", item 0: they are not those of the sets"},
        {"exprs.memo", 0, 4, NONE, "\"exprs.memo\", item 0: is of no expression, or of no class"},
        {"places", 0, 1, "\x05", "\"places\", item 0: is no place"},
        {"places", 1, 1, "\x02", "\"places\", item 0: is no place"},
        {"places", 2, 2, "\x09\0", "\"places\", item 0: is no place"},
        {"places", 4, 4, NONE, "\"places\", item 0: is no place"},
        {"rosters", 0, 4, NONE, "\"rosters\", item 0: is no roster"},
        {"rosters", 8, 4, "\5\0\0\0", "\"rosters\", item 0: is no roster"},
        {"rosters", 20, 4, NONE, "\"rosters\", item 0: has more entries than there are"},
        {"rosters", 20, 4, "\2\0\0\0", "\"rosters\", item 0: is no roster"},
        {"rosters", 24, 4, NONE, "\"rosters\", item 0: does not lie as a roster"},
        {"rosters", 24, 4, "\0\0\0\0", "\"rosters\", item 0: does not lie as a roster"},
        {"rosters.entries", 4, 4, "\1\0\0\0", "\"rosters\", item 0: is no roster"},
        {"bodies", 0, 4, NONE, "\"bodies\", item 0: is no body of its rule"},
        {"bodies.rules", 4, 4, NONE, "\"bodies.rules\", item 2: ends before it begins"},
        {"lexemes", 0, 4, NONE, "\"lexemes\", item 0: is no lexeme"},
        {"lexemes", 0, 4, "\2\0\0\0", "\"lexemes\", item 0: is no lexeme"},
        {"lexemes.lazy", 0, 4, NONE, "\"lexemes.lazy\", item 0: a lexeme that is no terminal"},
        {"tokens.ends", 0, 4, NONE, "\"tokens.ends\", item 0: lies behind the ranges"},
        {"tokens", 0, 4, "\x08\0\0\0", "\"tokens\", item 0: is no range"},
        {"tokens", 12, 4, NONE, "\"tokens\", item 1: is no range"},
        {"temperatures", 0, 4, NONE, "\"temperatures\", item 0: is no temperature"},
        {"lexemes.limits", 0, 4, NONE, "\"lexemes.limits\", item 0: is no limit"},
        {"names.ends", 0, 4, NONE, "\"names.ends\", item 0: lies behind the texts"},
        {"captures.ends", 0, 4, NONE, "\"captures.ends\", item 0: lies behind the texts"},
        {"captures.parts", 0, 4, NONE, "\"captures.parts\", item 0: is no lexeme's"},
        {"captures.parts", 4, 4, "\1\0\0\0", "\"captures.parts\", item 0: is no lexeme's"},
        {"endings.ends", 0, 4, NONE, "\"endings.ends\", item 0: lies behind the texts"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Arena arena = ak_arena(NULL);
        ananke_error err = {0};
        if (ak_program_file_read(damaged(&arena, &cases[i]), "cache", bytes, NULL, &err))
            fail_msg("case %zu is believed", i);
        assert_int_equal(err.code, ANANKE_ERROR_SYNTAX);
        if (!strstr(err.message, cases[i].message)) fail_msg("%s: %s", cases[i].message, err.message);
        assert_string_equal(err.file, "cache");
        assert_true(err.offset > 0);
        ak_arena_free(&arena);
    }
}

/* Whatever a file says, what was accepted can be used. */
static void use(const ananke_program *program) {
    uint32_t row[WORDS];
    char text[256];
    ananke_matcher *matcher = ananke_matcher_new(program, NULL);
    for (int step = 0; matcher && step < 12 && ananke_matcher_fill_mask(matcher, row, WORDS, NULL); step++) {
        uint32_t token = (uint32_t)(step * 37) % 256;
        for (int tries = 0; tries < 256 && !(row[token / 32] >> token % 32 & 1); tries++) token = (token + 1) % 256;
        if (!ananke_matcher_consume(matcher, token, NULL)) break;
        ananke_matcher_is_accepting(matcher);
        ananke_matcher_expected(matcher, text, sizeof text);
        ananke_matcher_forced(matcher, (uint8_t *)text, sizeof text);
    }
    if (matcher) ananke_matcher_completion(matcher, (uint8_t *)text, sizeof text);
    ananke_matcher_free(matcher);
}

static void expect_no_harm_of(Str content) {
    ananke_error err = {0};
    ananke_program *back = ak_program_file_read(content, NULL, bytes, NULL, &err);
    if (back) use(back);
    else assert_true(err.code != ANANKE_OK && err.message[0]);
    ananke_program_free(back);
}

/* Bytes of every section, written over with values that are likely to hurt, hashed anew. */
static void expect_no_harm(const ananke_program *program) {
    static const char values[] = {0, 1, 2, 3, 0x7F, (char)0xFF};
#ifdef AK_PARANOID
    enum { PARTS = 16 }; /* sanitizers take their time */
#else
    enum { PARTS = 200 };
#endif
    Arena arena = ak_arena(NULL);
    size_t count;
    Section *list = open_sections(program, &count, &arena);
    for (size_t i = 0; i < count; i++) {
        size_t length = list[i].count * list[i].size, step = length > PARTS ? length / PARTS | 1 : 1;
        for (size_t k = 0; k < length * sizeof values; k += step) {
            ArenaMark mark = ak_arena_mark(&arena);
            char *byte = (char *)(uintptr_t)list[i].items + k / sizeof values, old = *byte;
            *byte = values[k % sizeof values];
            expect_no_harm_of(ak_sections_join(&ak_program_file_format, list, count, &arena, NULL));
            *byte = old;
            ak_arena_rewind(&arena, mark);
        }
    }
    ak_arena_free(&arena);
}

/* Files had the openings, too: a place that had turned nullable without them predicted rules that nothing called. */
TEST(a_changed_place_takes_its_openings_along) {
    IGNORE_STATE;
    static const char grammar[] = "start: e\ne: e (\"+\" | \"*\") e | NAME | \"-\" e\nNAME: /[a-z]+/\n";
    ananke_program *program = ananke_program_from_lark(grammar, strlen(grammar), bytes, NULL, NULL);
    Arena arena = ak_arena(NULL);
    size_t count, at = 0, tried = 0;
    Section *list = open_sections(program, &count, &arena);
    while (strcmp(list[at].tag, "places") != 0) at++;
    Place *places = (Place *)(uintptr_t)list[at].items;
    for (size_t i = 0; i < list[at].count; i++) {
        if (places[i].kind != PLACE_RULE) continue;
        places[i].is_nullable = true;
        Str content = ak_sections_join(&ak_program_file_format, list, count, &arena, NULL);
        places[i].is_nullable = false;
        ananke_program *back = ak_program_file_read(content, NULL, bytes, NULL, NULL);
        assert_non_null(back);
        use(back);
        ananke_program_free(back);
        tried++;
    }
    assert_true(tried > 3);
    ananke_program_free(program);
    ak_arena_free(&arena);
}

TEST(no_file_does_harm) {
    IGNORE_STATE;
    ananke_program *programs[] = {example(), choices()};
    for (size_t i = 0; i < sizeof programs / sizeof *programs; i++) {
        expect_no_harm(programs[i]);
        ananke_program_free(programs[i]);
    }
}

TEST(cut_and_flipped_files_are_refused) {
    IGNORE_STATE;
    Arena arena = ak_arena(NULL);
    ananke_program *program = example();
    Str content = ak_program_file_content(program, &arena, NULL);
    for (size_t at = 0; at < content.length; at += at < 2000 ? 1 : 97) {
        ananke_error err = {0};
        assert_null(ak_program_file_read(ak_str_slice(content, 0, at), NULL, bytes, NULL, &err));
        assert_true(err.code == ANANKE_ERROR_SYNTAX || err.code == ANANKE_ERROR_UNSUPPORTED);
        char *byte = (char *)(uintptr_t)content.data + at;
        *byte ^= (char)(1 << at % 8);
        expect_no_harm_of(content); /* between the sections nobody looks */
        *byte ^= (char)(1 << at % 8);
    }
    ananke_program_free(program);
    ak_arena_free(&arena);
}

TEST(every_failing_allocation_is_an_error_and_leaks_nothing) {
    IGNORE_STATE;
    ananke_program *program = example();
    Arena arena = ak_arena(NULL);
    Str content = ak_program_file_content(program, &arena, NULL);
    for (long n = 0, done = 0; !done; n++) {
        Failing failing = {.left = n};
        ananke_allocator allocator = {failing_resize, &failing};
        const ananke_context context = {.allocator = &allocator};
        ananke_error err = {0};
        Arena second = ak_arena(&context);
        ananke_program *back = ak_program_file_read(content, NULL, bytes, &context, &err);
        done = back && ak_program_file_content(back, &second, &err).data;
        if (!done) assert_int_equal(err.code, ANANKE_ERROR_MEMORY);
        ananke_program_free(back);
        ak_arena_free(&second);
        assert_int_equal(failing.live, 0);
        assert_true(n < 1000);
    }
    ananke_program_free(program);
    ak_arena_free(&arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_grammar_comes_back_with_the_same_masks),
        cmocka_unit_test(what_is_ignored_and_other_front_ends_come_back),
        cmocka_unit_test(file_may_be_replaced_and_go),
        cmocka_unit_test(any_vocabulary_will_do),
        cmocka_unit_test(tokens_captures_and_temperatures_come_back_and_tokens_are_one_vocabulary_s),
        cmocka_unit_test(damage_is_named_with_its_place),
        cmocka_unit_test(a_changed_place_takes_its_openings_along),
        cmocka_unit_test(no_file_does_harm),
        cmocka_unit_test(cut_and_flipped_files_are_refused),
        cmocka_unit_test(every_failing_allocation_is_an_error_and_leaks_nothing),
    };
    bytes = ananke_vocab_load("bytes", NULL, NULL);
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    ananke_vocab_free(bytes);
    return failed;
}
