/* GBNF from text to matcher: grammars such as people write, and what fails. */
#include "gbnf_check.h"
#include <stdlib.h>
#include <time.h>

TEST(json) {
    IGNORE_STATE;
    static const char grammar[] = "# any value\n"
                                  "root   ::= blank value\n"
                                  "value  ::= (object | array | text | number | word) blank\n"
                                  "word   ::= \"true\" | \"false\" | \"null\"\n"
                                  "object ::= \"{\" blank (member (\",\" blank member)*)? \"}\"\n"
                                  "member ::= text blank \":\" blank value\n"
                                  "array  ::= \"[\" blank (\n"
                                  "    value # and more of them\n"
                                  "    (\",\" blank value)*\n"
                                  "  )? \"]\"\n"
                                  "text   ::= \"\\\"\" (plain | \"\\\\\" escape)* \"\\\"\"\n"
                                  "plain  ::= [^\"\\\\\\x00-\\x1F]\n"
                                  "escape ::= [\"\\\\/bfnrt] | \"u\" hex{4}\n"
                                  "hex    ::= [0-9A-Fa-f]\n"
                                  "number ::= \"-\"? (\"0\" | [1-9] [0-9]*) (\".\" [0-9]+)? ([Ee] [+-]? [0-9]+)?\n"
                                  "blank  ::= [ \\t\\r\\n]{0,4}\n";
    check_gbnf(grammar,
               TEXTS("{}", "0", " [1, 20 ]", "{\"a\":1}",
                     "{ \"true\": true, \"b\\\"\": [1, -2.5e+10, \"\\u00e9, }\", null] }", "{\n\t\t\"é\": 0}",
                     "{\"a\": {\"b\": [[], {}, \"\"]}}\n"),
               TEXTS("", "[", "{a:1}", "{\"a\":01}", "{\"a\":1,}", "{     }", "{\"a\": tru}", "{\"\n\": 1}",
                     "{\"a\": \"\\x\"}", "{\"a\": 1.}", "truefalse", "{}\n\n\n\n\n"));
}

TEST(arithmetic) {
    IGNORE_STATE;
    static const char grammar[] = "root    ::= (name \"=\" gap sum \";\" gap)+\n"
                                  "sum     ::= sum [+-] gap product | product\n"
                                  "product ::= product [*/] gap factor | factor\n"
                                  "factor  ::= name | number | \"(\" gap sum \")\" gap | \"-\" factor\n"
                                  "name    ::= [a-z] [a-z0-9]* gap\n"
                                  "number  ::= [0-9]+ (\".\" [0-9]+)? gap\n"
                                  "gap     ::= \" \"*\n";
    check_gbnf(grammar, TEXTS("a=1;", "a1 = b * (c - 22.5 ) ;b=-a1;", "x = --1 ;  ", "y=1-2-3*4/(5);"),
               TEXTS("", "a=1", "1=a;", "a=;", "a=b c;", "a=1.;", "a=(1;", "A=1;", "a=1+;", "a b=1;"));
}

TEST(chess) {
    IGNORE_STATE;
    static const char grammar[] = "root ::= turn+ ending?\n"
                                  "turn ::= [1-9] [0-9]{0,2} \". \" ply (\" \" ply)? \"\\n\"\n"
                                  "ply ::= (\"O-O\" | \"O-O-O\" | figure | pawn) (\"+\" | \"#\")?\n"
                                  "figure ::= (\"K\" | \"Q\" | \"R\" | \"B\" | \"N\") [a-h]? [1-8]? \"x\"? square\n"
                                  "pawn ::= ([a-h] \"x\")? square (\"=\" [QRBN])?\n"
                                  "square ::= [a-h] [1-8]\n"
                                  "ending ::= \"1-0\" | \"0-1\" | \"1/2-1/2\"\n";
    check_gbnf(grammar,
               TEXTS("1. e4 e5\n", "1. e4 e5\n2. Qxd5+ O-O-O#\n10. exd8=Q Rad1\n1-0", "1. Nbd7 N4e5\n2. O-O\n1/2-1/2"),
               TEXTS("", "1. e4", "0. e4 e5\n", "1. i4 e5\n", "1. O-O-O-O e5\n", "1. Nxx1\n", "1. e4  e5\n",
                     "1. e4 e5\n1-1", "1. exd4=K\n"));
}

TEST(lists) {
    IGNORE_STATE;
    check_gbnf("root ::= (point \"\\n\"){1,3}\npoint ::= [*+] \" \" [^\\n\\u2028]+ | [1-9] \") \" [^\\n\\u2028]+\n",
               TEXTS("* one\n", "1) one\n2) zwölf, ひ\n", "+ - \n9) x\n"),
               TEXTS("", "* \n", "one\n", "* one", "* a\n* b\n* c\n* d\n", "* \xE2\x80\xA8\n"));
}

TEST(japanese) {
    IGNORE_STATE;
    static const char grammar[] = "root ::= sentence+\n"
                                  "sentence ::= phrase (\"、\" phrase)* [。！？]\n"
                                  "phrase ::= (kana | kanji | [0-9])+\n"
                                  "kana ::= [ぁ-ん] | [ァ-ヶー]\n"
                                  "kanji ::= [\\u4e00-\\u9fff々]\n";
    check_gbnf(grammar, TEXTS("こんにちは。", "カタカナ、漢字と2。人々！", "スーパー？"),
               TEXTS("", "。", "ひ", "ひ、。", "ひa。", "ひ 。", "ひ。。"));
}

TEST(programs_in_c) {
    IGNORE_STATE;
    static const char grammar[] =
        "root ::= function*\n"
        "function ::= type name \"(\" (type name (\", \" type name)*)? \")\" block gap\n"
        "type ::= (\"int\" | \"char\" | \"void\") \" \"+\n"
        "block ::= \"{\" gap (statement gap)* \"}\"\n"
        "statement ::= type name assigned? \";\" | name assigned \";\" | call \";\" |\n"
        "  \"return\" (\" \" value)? \";\" | \"while\" test block | \"if\" test block (\"else\" block)? |\n"
        "  comment\n"
        "assigned ::= \" = \" value\n"
        "test ::= \"(\" value (\"<\" | \"<=\" | \"==\" | \">\") value \")\"\n"
        "value ::= value [+*-] one | one\n"
        "one ::= name | [0-9]+ | call | \"(\" value \")\"\n"
        "call ::= name \"(\" (value (\", \" value)*)? \")\"\n"
        "name ::= [a-zA-Z_] [a-zA-Z_0-9]*\n"
        "comment ::= \"//\" [^\\n]* \"\\n\" | \"/*\" ([^*] | \"*\"+ [^*/])* \"*\"+ \"/\"\n"
        "gap ::= [ \\n]*\n";
    check_gbnf(grammar,
               TEXTS("", "int main(){return 0;}", "int f(char x, int y){y = x+1*(2);\nwhile(x<=y){y = f(y, 3);}}",
                     "void intx(){if(a==1){return returned;}else{//no\n/* * **/}}",
                     /* all keywords are names too, and a type is one before a blank only */
                     "int if(){while = int(if);}", "char c(){intx = 1;int x;}"),
               TEXTS("int main(){return 0}", "int 1x(){}", "int f(){intx 1;}", "void f(int){}", "int f(){/* */ */}",
                     "int f(){if(a){}}", "int f(){returnx;}"));
}

/* What a converter makes of a schema: literals with blanks between them, runs, counts, numbers digit by digit. */
TEST(a_converted_schema) {
    IGNORE_STATE;
    static const char grammar[] =
        "root ::= \"[\" sp entry (\",\" sp entry){1,3} \"]\" sp\n"
        "entry ::= \"{\" sp entry-id \",\" sp entry-percent (\",\" sp entry-tag)? \"}\" sp\n"
        "entry-id ::= \"\\\"id\\\"\" sp \":\" sp \"\\\"\" letter{1,100} \"\\\"\" sp\n"
        "entry-percent ::= \"\\\"percent\\\"\" sp \":\" sp up-to-100 sp\n"
        "entry-tag ::= \"\\\"tag\\\"\" sp \":\" sp (\"\\\"red\\\"\" | \"\\\"redder\\\"\" | \"null\") sp\n"
        "letter ::= [^\"\\\\\\x00-\\x1F] | \"\\\\\" [\"\\\\nrt]\n"
        "up-to-100 ::= [0-9] | [1-9] [0-9] | \"1\" \"0\" \"0\"\n"
        "sp ::= \" \"? | \"\\n\" [ \\t]{0,8}\n";
    check_gbnf(grammar,
               TEXTS("[{\"id\":\"a\",\"percent\":7},{\"id\": \"ü\\n\", \"percent\": 100, \"tag\":null}]",
                     "[\n  {\"id\":\"x\",\"percent\":42,\"tag\":\"red\"},{\"id\":\"y\",\"percent\":0},"
                     "{\"id\":\"z\",\"percent\":10,\n\"tag\": \"redder\" }]\n"),
               TEXTS("[{\"id\":\"a\",\"percent\":7}]", "[{\"id\":\"a\",\"percent\":7},{\"id\":\"\",\"percent\":7}]",
                     "[{\"id\":\"a\",\"percent\":101},{\"id\":\"b\",\"percent\":7}]",
                     "[{\"percent\":7,\"id\":\"a\"},{\"id\":\"b\",\"percent\":7}]",
                     "[{\"id\":\"a\",\"percent\":7},{\"id\":\"b\",\"percent\":7,\"tag\":\"redd\"}]"));
}

/* Words are no keywords: a grammar of code points takes whatever reading leads on. */
TEST(every_reading_counts) {
    IGNORE_STATE;
    check_gbnf("root ::= \"a\"* \"ab\" root?", TEXTS("ab", "aab", "abab", "aaabaab"), TEXTS("a", "b", "aba", "abb"));
    check_gbnf("root ::= (\"if\" | id) (\" \" root)?\nid ::= [a-z]+\n", TEXTS("if", "iffy", "i", "if if iffy"),
               TEXTS("", "if "));
    check_gbnf("root ::= pair* \nid ::= [a-z]+\npair ::= id [a-z] \";\"", TEXTS("", "ab;", "abcd;xy;"),
               TEXTS("a;", ";", "ab"));
    check_gbnf("root ::= s\ns ::= \"x\" s \"x\" | \"x\"", TEXTS("x", "xxx", "xxxxx"), TEXTS("", "xx", "xxxx"));
    check_gbnf("root ::= [0-9]+ \".\" [0-9]* | [0-9]* \".\" [0-9]+ root?", TEXTS("1.", ".1", "1.1", "1.5.6"),
               TEXTS(".", "1"));
}

TEST(what_may_come_next_is_named) {
    IGNORE_STATE;
    char expected[300];
    ananke_error err = {0};
    ananke_vocab *vocab = ananke_vocab_load("bytes", NULL, NULL);
    ananke_program *program =
        compile_gbnf("root ::= (number | \"[\\n\" root \"]\" | [a-f] root | (\"#\" .{3}\n\"!\")) \"x\"?\n"
                     "number ::= [0-9]+\n",
                     vocab, &err);
    ananke_matcher *matcher = ananke_matcher_new(program, &err);
    ananke_matcher_expected(matcher, expected, sizeof expected);
    assert_string_equal(expected, "number, \"[\\n\", [a-f], \"#\" .{3}…");
    assert_true(ananke_matcher_consume_bytes(matcher, (const uint8_t *)"#abc!", 5, &err));
    ananke_matcher_expected(matcher, expected, sizeof expected);
    assert_string_equal(expected, "\"x\"");
    ananke_matcher_free(matcher);
    ananke_program_free(program);
    ananke_vocab_free(vocab);
}

/* ---- Failing */

typedef struct Meter {
    long countdown; /* allocations that are granted */
    long out;       /* and are not given back */
} Meter;

static void *metered(void *data, void *pointer, size_t old_size, size_t new_size) {
    Meter *meter = data;
    (void)old_size;
    if (new_size == 0) {
        if (pointer) meter->out--;
        free(pointer);
        return NULL;
    }
    if (meter->countdown == 0) return NULL;
    meter->countdown--;
    void *fresh = realloc(pointer, new_size);
    if (fresh && !pointer) meter->out++;
    return fresh;
}

static const char mixed[] =
    "root ::= (word | \"if\" | \"iff\") ws (root | [^a-z]{2,5})?\nword ::= [a-z]+\nws ::= \" \" ws |\n";

TEST(every_failed_allocation_is_an_error) {
    IGNORE_STATE;
    ananke_vocab *vocab = ananke_vocab_load("bytes", NULL, NULL);
    Meter meter = {0};
    ananke_allocator allocator = {.resize = metered, .data = &meter};
    ananke_context context = {.allocator = &allocator};
    ananke_program_options options = {.context = &context};
    bool done = false;
    for (long count = 0; !done && count < 400; count++) {
        ananke_error err = {0};
        meter = (Meter){.countdown = count};
        ananke_program *program = ananke_program_from_gbnf(mixed, strlen(mixed), vocab, &options, &err);
        done = program != NULL;
        if (!done) assert_int_equal(err.code, ANANKE_ERROR_MEMORY);
        ananke_program_free(program);
        assert_int_equal(meter.out, 0);
    }
    assert_true(done);
    ananke_vocab_free(vocab);
}

TEST(a_budget_is_an_error_too) {
    IGNORE_STATE;
    ananke_vocab *vocab = ananke_vocab_load("bytes", NULL, NULL);
    for (uint64_t fuel = 20; fuel < 100000; fuel += fuel / 4) {
        ananke_error err = {0};
        ananke_program_options options = {.fuel = fuel};
        ananke_program *program = ananke_program_from_gbnf(mixed, strlen(mixed), vocab, &options, &err);
        ananke_matcher *matcher = program ? ananke_matcher_new(program, &err) : NULL;
        if (!matcher) assert_int_equal(err.code, ANANKE_ERROR_LIMIT);
        else assert_true(accepts(matcher, "iffy if x  AB", 13)); /* however little was found out about it */
        if (fuel < 30) assert_null(matcher);
        if (fuel > 50000) assert_non_null(matcher);
        ananke_matcher_free(matcher);
        ananke_program_free(program);
    }
    ananke_vocab_free(vocab);
}

/* Doubling rules, endless counts, nothing but ambiguity. */
TEST(hostile_grammars_end_in_time) {
    IGNORE_STATE;
    static const char *const grammars[] = {
        "root ::= a a a\na ::= b b\nb ::= c c\nc ::= d d\nd ::= e e\ne ::= f f\nf ::= g g\ng ::= h h\nh ::= root | \"\"\n",
        "root ::= (((([a-z]{1,1000000}){1,1000000}){1,1000000} \",\"){1,1000000} \";\"){0,1000000}\n",
        "root ::= root root | root root root | \"a\" | \"\"\n",
        "root ::= ((([a]*)*)* ((([a]*)*)*)*)* root?\n",
        "root ::= ((\"a\" | \"aa\" | [ab]){1,1000} \"b\"){1,1000} root\n | root?",
        "root ::= a | a\na ::= b | b\nb ::= c | c\nc ::= d | d\nd ::= e | e | \"x\" root\ne ::= \"\" | \"\"\n",
    };
    ananke_vocab *vocab = ananke_vocab_load("bytes", NULL, NULL);
    for (size_t i = 0; i < sizeof grammars / sizeof *grammars; i++) {
        ananke_error err = {0};
        uint32_t row[9];
        clock_t begin = clock();
        ananke_program *program = compile_gbnf(grammars[i], vocab, &err);
        ananke_matcher *matcher = program ? ananke_matcher_new(program, &err) : NULL;
        if (!matcher) assert_true(err.message[0]);
        else if (!ananke_matcher_fill_mask(matcher, row, 9, &err))
            assert_int_equal(ananke_matcher_stop_reason(matcher), ANANKE_STOP_ERROR);
        assert_true((double)(clock() - begin) / CLOCKS_PER_SEC < 60);
        ananke_matcher_free(matcher);
        ananke_program_free(program);
    }
    ananke_vocab_free(vocab);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(json),
        cmocka_unit_test(arithmetic),
        cmocka_unit_test(chess),
        cmocka_unit_test(lists),
        cmocka_unit_test(japanese),
        cmocka_unit_test(programs_in_c),
        cmocka_unit_test(a_converted_schema),
        cmocka_unit_test(every_reading_counts),
        cmocka_unit_test(what_may_come_next_is_named),
        cmocka_unit_test(every_failed_allocation_is_an_error),
        cmocka_unit_test(a_budget_is_an_error_too),
        cmocka_unit_test(hostile_grammars_end_in_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
