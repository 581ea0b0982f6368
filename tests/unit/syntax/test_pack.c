/* Language packs: what was written reads the same texts, and no file, however it was made, does harm. */
#include "../failing.h"
#include "base/file.h"
#include "syntax/pack.h"
#include "syntax_fixture.h"
#include <stdio.h>
#include <unistd.h>

static const char *const script =
    "%word name\n%reserved if else\n%spelled key\n%extras blank newline comment\n%newlines newline\n%inserted semicolon\n%closing \"}\"\n"
    "%greedy \"[\"\n%raw text\n%fragments type call calls\n%spaces blank newline\n%fence script\ncalls = call*\n"
    "program = statement*\n"
    "statement = call (semicolon | \";\") | \"return\" (semicolon | \";\") | \"return\"^ call (semicolon | \";\") | \"{\" statement* \"}\"\n"
    "  | \"if\" \"(\" condition:call \")\" statement (\"else\" statement)? | \"type\"^ type (semicolon | \";\") | \"<\" text \">\"\n"
    "call = name -> caller | call \".\" member:(name -> key) | call \"(\" call? \")\" | %left(1: call \"++\" call) | regex | %left(2: call \"/\" call) | call \"[\" call \"]\"\n"
    "type = name | name \"<\" type \">\" | type ^\"[\" \"]\"\n"
    "regex = /\\/[a-z]+\\//\nname = /[a-z]+/\nblank = / +/\nnewline = /\\n\\s*/\ncomment = /#[^\\n]*/\ntext = /[^<>]+/\n";

static const Str endings[] = {{".s", 2}, {".script", 7}}, sources[] = {{"an overlay", 10}};
static const PackAbout about = {{"script", 6}, endings, sources, 2, 1};

/* A language, and the same out of a pack. */
typedef struct Both {
    LangFixture made, read;
    Pack *pack;
    Str content;
} Both;

static void open_both(Both *self, const char *overlay) {
    ananke_error err = {0};
    open_reader(&self->made, overlay);
    self->content = ak_pack_content(&about, &self->made.syntax, &self->made.tables, &self->made.arena, &err);
    assert_non_null(self->content.data);
    self->pack = ak_pack_read(self->content, "script.pack", NULL, &err);
    if (!self->pack) fail_msg("%s", err.message);
    self->read = (LangFixture){.arena = ak_arena(NULL)};
    assert_true(ak_reader_init(&self->read.reader, &self->read.arena, &self->pack->syntax, &self->pack->tables));
}

static void close_both(Both *self) {
    close_fixture(&self->read);
    ak_pack_close(self->pack);
    close_fixture(&self->made);
}

TEST(a_pack_reads_what_the_grammar_does) {
    IGNORE_STATE;
    static const char letters[] = "aif .;\n()<>[]/+{}e#";
    static const char *const words[] = {"a",  "if",   "(", ")", "else", " ", "\n", ";", ".",           "/",
                                        "++", "type", "<", ">", "{",    "}", "[",  "]", "```script\n", "```"};
    Both both;
    char text[200];
    uint32_t seed = 1;
    size_t accepted = 0;
    open_both(&both, script);
    for (int i = 0; i < 30000; i++) {
        size_t length = 0;
        for (uint32_t parts = (seed >> 16) % 12; parts; parts--) {
            seed = seed * 1103515245 + 12345;
            const char *word = words[(seed >> 16) % (sizeof words / sizeof *words)];
            if (seed >> 8 & 15) length += (size_t)snprintf(text + length, sizeof text - length, "%s", word);
            else text[length++] = letters[(seed >> 16) % (sizeof letters - 1)];
        }
        seed = seed * 1103515245 + 12345, text[length] = 0;
        Reading first, second;
        both.made.fragment = both.read.fragment = (uint32_t)i % both.made.syntax.fragment_count;
        assert_int_equal(read_text(&both.made, text, length, &first), read_text(&both.read, text, length, &second));
        assert_true(first.site == second.site && first.lexer == second.lexer);
        assert_int_equal(accepts(&both.made, text), accepts(&both.read, text));
        accepted += accepts(&both.made, text);
    }
    assert_true(accepted > 500);
    close_both(&both);
}

TEST(symbols_and_roles_come_back) {
    IGNORE_STATE;
    Both both;
    open_both(&both, script);
    const Syntax *made = &both.made.syntax, *read = &both.pack->syntax;
    assert_true(made->roles.count > 3);
    assert_int_equal(read->roles.count, made->roles.count);
    assert_int_equal(read->rules.count, made->rules.count);
    assert_int_equal(read->fragment_count, 5);
    assert_int_equal(read->productions.count, made->productions.count);
    assert_int_equal(read->steps.count, made->steps.count);
    for (size_t i = 0; i < made->roles.count; i++) {
        assert_true(ak_str_equal(read->roles.items[i].field, made->roles.items[i].field));
        assert_true(ak_str_equal(read->roles.items[i].alias, made->roles.items[i].alias));
    }
    for (size_t i = 0; i < made->rules.count; i++) {
        assert_true(ak_str_equal(read->rules.items[i].name, made->rules.items[i].name));
        assert_int_equal(read->rules.items[i].first, made->rules.items[i].first);
        assert_int_equal(read->rules.items[i].count, made->rules.items[i].count);
    }
    for (size_t i = 0; i < made->terminals.count; i++)
        assert_true(ak_str_equal(read->terminals.items[i].name, made->terminals.items[i].name));
    for (size_t i = 0; i < made->steps.count; i++) {
        assert_int_equal(read->steps.items[i].symbol, made->steps.items[i].symbol);
        assert_int_equal(read->steps.items[i].role, made->steps.items[i].role);
    }
    assert_string_equal(both.pack->about.name.data, "script");
    assert_string_equal(both.pack->about.endings[1].data, ".script");
    assert_string_equal(both.pack->about.sources[0].data, "an overlay");
    assert_int_equal(both.pack->tables.conflicts, both.made.tables.conflicts);
    close_both(&both);
}

TEST(a_pack_is_mapped_from_a_file) {
    IGNORE_STATE;
    ananke_error err = {0};
    Both both;
    char path[100];
    snprintf(path, sizeof path, "/tmp/ananke-pack-%ld", (long)getpid());
    open_both(&both, script);
    if (!ak_pack_write(path, &about, &both.made.syntax, &both.made.tables, &err)) fail_msg("%s", err.message);
    Pack *pack = ak_pack_open(path, NULL, &err);
    assert_non_null(pack);
    assert_int_equal(pack->size, both.content.length);
    const char *cells = (const char *)pack->tables.cells, *map = pack->map.content.data;
    assert_true(cells > map && cells < map + pack->size); /* where it lies */
    ak_pack_close(pack);
    unlink(path);
    assert_null(ak_pack_open(path, NULL, &err));
    assert_int_equal(err.code, ANANKE_ERROR_IO);
    close_both(&both);
}

/* ---- What is not believed */

typedef struct Damage {
    const char *tag;
    size_t at, length; /* bytes of the section that are overwritten */
    const char *bytes;
    const char *message; /* what must be said */
} Damage;

static Section *open_sections(Str content, size_t *count, Arena *arena) {
    const Section *names = ak_pack_sections(count);
    Section *list = ak_new_array(arena, Section, *count);
    memcpy(list, names, *count * sizeof *list);
    assert_true(ak_sections_split(&ak_pack_format, list, *count, content, NULL, NULL));
    return list;
}

#define NONE "\xFF\xFF\xFF\xFF"

TEST(damage_is_named_with_its_place) {
    IGNORE_STATE;
    static const Damage cases[] = {
        {"head", 0, 4, NONE, "\"head\", item 0: no syntax has so many symbols"},
        {"head", 4, 4, "\0\0\0\0", "\"head\", item 0: no syntax has so many symbols"},
        {"head", 12, 4, NONE, "\"head\", item 0: no tables have so many states"},
        {"head", 16, 4, NONE, "\"head\", item 0: no tables have so many states"},
        {"head", 32, 4, "\0\0\0\0", "\"head\", item 0: no syntax has so many fragments"},
        {"head", 32, 4, NONE, "\"head\", item 0: no syntax has so many fragments"},
        {"head", 36, 4, NONE, "\"about.ends\", item 4: there should be more, or less"},
        {"about.ends", 0, 4, NONE, "\"about.ends\", item 0: is no text's end"},
        {"names.ends", 0, 4, "\0\0\0\0", "\"names.ends\", item 0: is no text's end"},
        {"exprs", 0, 1, "\x7F", "\"exprs\", item 0: is no expression"},
        {"exprs.classes", 0, 1, "\x7F", "\"exprs.classes\", item 0: they are not those of the sets"},
        {"terminals", 0, 4, NONE, "\"terminals\", item 0: has no expression"},
        {"terminals", 0, 4, "\2\0\0\0", "\"terminals\", item 0: has no expression"},
        {"terminals", 4, 4, NONE, "\"terminals\", item 0: is no terminal"},
        {"terminals", 8, 4, NONE, "\"terminals\", item 0: has no such marks"},
        {"terminals", 12, 2, NONE, "\"terminals\", item 0: is no terminal"},
        {"terminals.marks", 0, 4, NONE, "\"terminals.marks\", item 0: is no set of terminals"},
        {"productions", 0, 4, NONE, "\"productions\", item 0: is no production"},
        {"productions", 8, 4, "\0\0\0\0", "\"productions\", item 0: is no production"},
        {"steps", 0, 4, NONE, "\"steps\", item 0: is no symbol in a role"},
        {"steps", 4, 4, NONE, "\"steps\", item 0: is no symbol in a role"},
        {"cells.rows", 2, 2, NONE, "\"cells.rows\", item 1: is a number of nothing"},
        {"cells", 2, 2, NONE, "\"cells\", item 1: is a number of nothing"},
        {"gotos.rows", 2, 2, NONE, "\"gotos.rows\", item 1: is a number of nothing"},
        {"gotos", 2, 2, NONE, "\"gotos\", item 1: is a number of nothing"},
        {"gotos", 0, 2, "\1\0", "\"gotos\", item 0: is of another symbol"},
        {"shifts", 0, 4, NONE, "\"shifts\", item 0: is no set of terminals"},
        {"defaults", 0, 4, NONE, "\"defaults\", item 0: is no reduction"},
        {"defaults", 4, 4, "\1\0\1\0", "\"defaults\", item 1: takes more than there is"},
        {"by", 4, 4, NONE, "\"by\", item 1: is no symbol"},
        {"choices.first", 4, 4, NONE, "\"choices.first\", item 1: ends before it begins"},
        {"choices", 4, 4, NONE, "\"choices\", item 0: is no reduction before a set"},
        {"choices.sets", 0, 4, NONE, "\"choices.sets\", item 0: is no set of terminals"},
        {"actions", 8, 2, NONE, "\"actions\", item 1: does nothing that can be done"},
        {"actions", 0, 2, "\1\0", "\"actions\", item 0: does nothing that can be done"},
        {"reductions", 2, 2, "\0\0", "\"reductions\", item 0: is no reduction"},
    };
    Both both;
    open_both(&both, script);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Arena arena = ak_arena(NULL);
        ananke_error err = {0};
        size_t count, at = 0;
        Section *list = open_sections(ak_arena_str(&arena, both.content), &count, &arena);
        while (strcmp(list[at].tag, cases[i].tag) != 0) at++;
        assert_true(cases[i].at + cases[i].length <= list[at].count * list[at].size);
        memcpy((char *)(uintptr_t)list[at].items + cases[i].at, cases[i].bytes, cases[i].length);
        if (ak_pack_read(ak_sections_join(&ak_pack_format, list, count, &arena, NULL), "script.pack", NULL, &err))
            fail_msg("case %zu is believed", i);
        assert_int_equal(err.code, ANANKE_ERROR_SYNTAX);
        if (!strstr(err.message, cases[i].message)) fail_msg("%s: %s", cases[i].message, err.message);
        assert_string_equal(err.file, "script.pack");
        assert_true(err.hint[0] && err.offset > 0);
        ak_arena_free(&arena);
    }
    close_both(&both);
}

/* Rules that are reduced to each other are no circle while something else can be done; without it they are. */
TEST(circles_are_refused) {
    IGNORE_STATE;
    Both both;
    Arena arena = ak_arena(NULL);
    ananke_error err = {0};
    open_both(&both, "s = a \"x\"\na = b | \"y\"\nb = c | \"y\" \"z\"\nc = a \"!\" | \"z\"\n");
    size_t count, at = 0;
    Section *list = open_sections(both.content, &count, &arena);
    while (strcmp(list[at].tag, "defaults") != 0) at++;
    const LrTables *tables = &both.made.tables;
    for (uint32_t i = LR_START + 1; i < tables->state_count; i++) { /* every rule to itself */
        LrReduction *reduction = (LrReduction *)(uintptr_t)list[at].items + i;
        if (tables->by[i] & SYMBOL_RULE) *reduction = (LrReduction){(uint16_t)tables->by[i], 1};
    }
    Str content = ak_sections_join(&ak_pack_format, list, count, &arena, NULL);
    assert_null(ak_pack_read(content, NULL, NULL, &err));
    assert_non_null(strstr(err.message, "they go round in circles"));
    ak_arena_free(&arena);
    close_both(&both);
}

/* Whatever a file says, what was accepted can be read with. */
static void use(const Pack *pack) {
    static const ananke_context context = {.memory_limit = 64 << 20};
    Arena arena = ak_arena(&context);
    Reader reader;
    if (ak_reader_init(&reader, &arena, &pack->syntax, &pack->tables)) {
        Reading reading = ak_reader_start(&reader, pack->tables.start_count - 1);
        for (uint32_t step = 0; reading.site && step < 40; step++) {
            Reading next = {0};
            for (uint32_t tries = 0; tries < 128 && !next.site; tries++)
                next = ak_reader_step(&reader, reading, (uint8_t)((step * 37 + tries) % 128));
            ak_reader_may_end(&reader, reading);
            reading = next;
        }
    }
    ak_arena_free(&arena);
}

static void expect_no_harm_of(Str content) {
    ananke_error err = {0};
    Pack *pack = ak_pack_read(content, NULL, NULL, &err);
    if (pack) use(pack);
    else assert_true(err.code != ANANKE_OK && err.message[0]);
    ak_pack_close(pack);
}

/* Bytes of every section, written over with values that are likely to hurt, hashed anew. */
TEST(no_file_does_harm) {
    IGNORE_STATE;
    static const char values[] = {0, 1, 2, 3, 0x7F, (char)0xFF};
#ifdef AK_PARANOID
    enum { PARTS = 16 }; /* sanitizers take their time */
#else
    enum { PARTS = 150 };
#endif
    Both both;
    Arena arena = ak_arena(NULL);
    size_t count;
    open_both(&both, script);
    Section *list = open_sections(both.content, &count, &arena);
    for (size_t i = 0; i < count; i++) {
        size_t length = list[i].count * list[i].size, step = length > PARTS ? length / PARTS | 1 : 1;
        for (size_t k = 0; k < length * sizeof values; k += step) {
            ArenaMark mark = ak_arena_mark(&arena);
            char *byte = (char *)(uintptr_t)list[i].items + k / sizeof values, old = *byte;
            *byte = values[k % sizeof values];
            expect_no_harm_of(ak_sections_join(&ak_pack_format, list, count, &arena, NULL));
            *byte = old;
            ak_arena_rewind(&arena, mark);
        }
        for (size_t missing = 1; missing < 4 && missing <= list[i].count; missing++) {
            ArenaMark mark = ak_arena_mark(&arena);
            list[i].count -= missing;
            expect_no_harm_of(ak_sections_join(&ak_pack_format, list, count, &arena, NULL));
            list[i].count += missing;
            ak_arena_rewind(&arena, mark);
        }
    }
    ak_arena_free(&arena);
    close_both(&both);
}

TEST(cut_and_flipped_files_and_those_of_other_versions_are_refused) {
    IGNORE_STATE;
    Both both;
    open_both(&both, script);
    Arena arena = ak_arena(NULL);
    size_t count, used = 0;
    const Section *list = open_sections(both.content, &count, &arena);
    for (size_t at = 0; at < both.content.length; at++) {
        ananke_error err = {0};
        assert_null(ak_pack_read(ak_str_slice(both.content, 0, at), NULL, NULL, &err));
        assert_true(err.code == ANANKE_ERROR_SYNTAX || err.code == ANANKE_ERROR_UNSUPPORTED);
        assert_true(err.message[0] && err.hint[0]);
    }
    for (size_t at = 0; at < both.content.length; at++) {
        ananke_error err = {0};
        char *byte = (char *)(uintptr_t)both.content.data + at;
        *byte ^= 0x10;
        Pack *pack = ak_pack_read(both.content, NULL, NULL, &err);
        *byte ^= 0x10;
        if (!pack) continue;
        for (size_t i = 0; i < count; i++) { /* what lies between sections is nothing */
            const char *items = list[i].items;
            assert_false(byte >= items && byte < items + list[i].count * list[i].size);
        }
        ak_pack_close(pack), used++;
    }
    assert_true(used < both.content.length / 4);
    *((char *)(uintptr_t)both.content.data + 12) ^= 1; /* the format's version */
    ananke_error err = {0};
    assert_null(ak_pack_read(both.content, "old.pack", NULL, &err));
    assert_int_equal(err.code, ANANKE_ERROR_UNSUPPORTED);
    assert_non_null(strstr(err.message, "language pack: was made by version"));
    assert_string_equal(err.file, "old.pack");
    ak_arena_free(&arena);
    close_both(&both);
}

TEST(memory_may_run_out_at_any_time) {
    IGNORE_STATE;
    Both both;
    open_both(&both, script);
    Failing failing = {0};
    const ananke_allocator allocator = {failing_resize, &failing};
    const ananke_context context = {.allocator = &allocator};
    Pack *pack = NULL;
    for (long allocations = 0; !pack; allocations++) {
        ananke_error err = {0};
        failing.left = allocations;
        pack = ak_pack_read(both.content, NULL, &context, &err);
        if (!pack) assert_int_equal(err.code, ANANKE_ERROR_MEMORY);
        if (!pack) assert_int_equal(failing.live, 0);
    }
    ak_pack_close(pack);
    assert_int_equal(failing.live, 0);
    close_both(&both);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_pack_reads_what_the_grammar_does),
        cmocka_unit_test(symbols_and_roles_come_back),
        cmocka_unit_test(a_pack_is_mapped_from_a_file),
        cmocka_unit_test(damage_is_named_with_its_place),
        cmocka_unit_test(circles_are_refused),
        cmocka_unit_test(no_file_does_harm),
        cmocka_unit_test(cut_and_flipped_files_and_those_of_other_versions_are_refused),
        cmocka_unit_test(memory_may_run_out_at_any_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
