/* Bytes: words, tokens of several lengths, semicolons that are left out. */
#include "syntax_fixture.h"

static const char *const script =
    "%word name\n%reserved if else return\n%spelled key\n%extras blank newline comment\n%newlines newline\n%inserted semicolon\n%closing \"}\"\n"
    "%greedy \"[\"\n"
    "program = statement*\n"
    "statement = call (semicolon | \";\") | \"return\" (semicolon | \";\") | \"return\"^ call (semicolon | \";\") | \"{\" statement* \"}\"\n"
    "  | \"if\" \"(\" call \")\" statement | \"type\"^ type (semicolon | \";\") | \"as\" call type (semicolon | \";\")\n"
    "call = name | call \".\" name -> key | call \"(\" call? \")\" | call \">\" %now(\">\") call | call \"++\" | regex | call \"/\" call | call \"[\" call \"]\"\n"
    "type = name | name \"<\" type \">\" | type ^\"[\" \"]\"\n"
    "regex = /\\/[a-z]+\\//\nname = /[a-z]+/\nblank = / +/\nnewline = /\\n\\s*/\ncomment = /#[^\\n]*/\n";

static void expect(const char *const *good, const char *const *bad) {
    LangFixture self;
    open_reader(&self, script);
    for (; *good; good++) {
        if (!accepts(&self, *good)) fail_msg("refused: %s", *good);
    }
    for (; *bad; bad++) {
        if (accepts(&self, *bad)) fail_msg("accepted: %s", *bad);
    }
    close_fixture(&self);
}

TEST(reserved_words_are_names_only_where_they_are_spelled) {
    IGNORE_STATE;
    const char *const good[] = {"a.if;", "iffy;", "type;", "a.else.b", NULL}, *const bad[] = {"if;", "else;",
                                                                                              "a(else);", "a.if.(b);",
                                                                                              NULL};
    expect(good, bad);
}

TEST(words_are_not_taken_apart) {
    IGNORE_STATE;
    const char *const good[] = {"if (a) b;", "if(a)b;", NULL}, *const bad[] = {"returna b;", "ifx (a) b;", NULL};
    expect(good, bad);
}

TEST(semicolons_are_left_out_before_what_is_not_allowed) {
    IGNORE_STATE;
    const char *const good[] = {"a\nb", "{ a }", "{ a\n}", "a # b\nb", "a", "a\n\n\nb\n", "{ return }", NULL};
    const char *const bad[] = {"a b", "if (a\n) b c", "{ a b }", NULL};
    expect(good, bad);
}

TEST(what_goes_on_after_a_line_break_goes_on) {
    IGNORE_STATE;
    LangFixture self;
    Reading reading;
    open_reader(&self, script);
    assert_true(accepts(&self, "a\n(b)")); /* one call */
    assert_int_equal(read_text(&self, "a\n(b c", 6, &reading), 5);
    assert_false(accepts(&self, "a\n/b/"));     /* a division, not an expression */
    assert_true(accepts(&self, "a\n/b/c"));     /* of three */
    assert_true(accepts(&self, "return\n/b/")); /* nothing may go on behind the line break */
    close_fixture(&self);
}

TEST(line_breaks_end_what_may_not_go_on_behind_them) {
    IGNORE_STATE;
    const char *const good[] = {"return a", "return\na", "type a[]\nb", "type\na", NULL}, *const bad[] = {
                                                                                              "return return",
                                                                                              "type a\n[]", NULL};
    expect(good, bad);
}

TEST(marks_that_are_taken_apart_have_adjacent_parts) {
    IGNORE_STATE;
    const char *const good[] = {"type a<b<c>>;", "a >> b;", "type a<b<c> >;", NULL};
    const char *const bad[] = {"a > > b;", "a >#\n> b;", "a + + b;", "type a<b>>;", "a >>> b;", NULL};
    expect(good, bad);
}

TEST(a_greedy_token_belongs_to_what_it_stands_behind) {
    IGNORE_STATE;
    const char *const good[] = {"as a b[];", "as a[b] c;", NULL}, *const bad[] = {"as a b[c];", NULL};
    expect(good, bad);
}

TEST(a_reading_is_gone_back_to) {
    IGNORE_STATE;
    LangFixture self;
    Reading here;
    open_reader(&self, script);
    read_text(&self, "a >>", 4, &here);
    assert_int_equal(ak_reader_step(&self.reader, here, '>').site, NODE_NONE);
    assert_true(ak_reader_may_end(&self.reader, ak_reader_step(&self.reader, here, 'b')));
    close_fixture(&self);
}

TEST(a_byte_that_nothing_comes_of_is_refused_at_once) {
    IGNORE_STATE;
    LangFixture self;
    Reading reading;
    open_reader(&self, script);
    assert_int_equal(read_text(&self, "a)", 2, &reading), 1); /* not inside of parentheses */
    assert_int_equal(read_text(&self, "(", 1, &reading), 0);
    assert_int_equal(read_text(&self, "{ a }}", 6, &reading), 5);
    assert_int_equal(read_text(&self, "a.b c", 5, &reading), 4); /* a word, but none may come */
    assert_int_equal(read_text(&self, "\xff", 1, &reading), 0);
    close_fixture(&self);
}

TEST(from_what_is_read_something_goes_on) {
    IGNORE_STATE;
    LangFixture self;
    uint32_t seed = 1;
    open_reader(&self, script);
    for (int text = 0; text < 300; text++) {
        Reading reading = ak_reader_start(&self.reader, FRAGMENT_FILE);
        for (int length = 0; length < 60; length++) {
            Reading ways[128];
            uint32_t count = 0;
            for (uint32_t byte = 0; byte < 128; byte++) {
                ways[count] = ak_reader_step(&self.reader, reading, (uint8_t)byte);
                if (ways[count].site) count++;
            }
            assert_true(count > 0);
            seed = seed * 1103515245 + 12345;
            reading = ways[(seed >> 16) % count];
        }
    }
    close_fixture(&self);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reserved_words_are_names_only_where_they_are_spelled),
        cmocka_unit_test(words_are_not_taken_apart),
        cmocka_unit_test(semicolons_are_left_out_before_what_is_not_allowed),
        cmocka_unit_test(what_goes_on_after_a_line_break_goes_on),
        cmocka_unit_test(line_breaks_end_what_may_not_go_on_behind_them),
        cmocka_unit_test(marks_that_are_taken_apart_have_adjacent_parts),
        cmocka_unit_test(a_greedy_token_belongs_to_what_it_stands_behind),
        cmocka_unit_test(a_reading_is_gone_back_to),
        cmocka_unit_test(a_byte_that_nothing_comes_of_is_refused_at_once),
        cmocka_unit_test(from_what_is_read_something_goes_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
