/* Captures: which parts of a text the rules with a name stand for. */
#include "unit/mask/matcher_fixture.h"
#include "vocab/vocab.h"
#include <stdio.h>

static Fixture open_grammar(const char *grammar) {
    return open_matcher(ananke_program_from_lark, grammar, NULL);
}

/* The captures behind `text` as "name=part name=part"; byte by byte, as tokens, or all at once. */
static const char *captures(Fixture *self, const char *text, bool at_once) {
    static char out[1000];
    ananke_capture list[20];
    char *at = out;
    ananke_matcher_reset(self->matcher);
    for (const char *c = text; *c && !at_once; c++)
        assert_true(ananke_matcher_consume(self->matcher, (uint8_t)*c, NULL));
    if (at_once) assert_true(ananke_matcher_consume_bytes(self->matcher, (const uint8_t *)text, strlen(text), NULL));
    size_t count = ananke_matcher_captures(self->matcher, list, 20);
    assert_true(count <= 20);
    *out = '\0';
    for (size_t i = 0; i < count; i++)
        at += sprintf(at, "%s%.*s=%.*s", i ? " " : "", (int)list[i].name_length, list[i].name, (int)list[i].length,
                      text + list[i].offset);
    return out;
}

typedef struct Row {
    const char *text, *captures;
} Row;

static void check(const char *grammar, const Row *rows) {
    Fixture self = open_grammar(grammar);
    for (; rows->text; rows++) {
        assert_string_equal(captures(&self, rows->text, false), rows->captures);
        assert_string_equal(captures(&self, rows->text, true), rows->captures);
    }
    close_matcher(&self);
}

TEST(rules_stand_for_parts_of_the_text) {
    IGNORE_STATE;
    check(
        "start: name \"=\" value (\",\" name \"=\" value)*\nname[capture]: /[a-z]+/\nvalue[capture=\"v\"]: /[0-9]+/\n",
        (Row[]){{"a=1", "name=a v=1"},
                {"ab=12,c=3", "name=ab v=12 name=c v=3"},
                {"ab", ""},
                {"ab=", "name=ab"},
                {"ab=1,", "name=ab v=1"},
                {"ab=1,c", "name=ab v=1"},
                {"", ""},
                {NULL, NULL}});
}

TEST(objects_in_any_order_stand_for_their_text) {
    IGNORE_STATE;
    check(
        "start: pair \";\" pair\npair[capture=\"p\"]: %json {\"properties\": {\"a\": {\"type\": \"integer\"}, \"b\": {\"type\": \"array\"}}, "
        "\"required\": [\"a\"], \"type\": \"object\", \"x-guidance\": {\"any_order\": true}}\n",
        (Row[]){{"{\"a\":1};{\"b\":[], \"a\":2}", "p={\"a\":1} p={\"b\":[], \"a\":2}"},
                {"{\"b\":[{}], \"z\":1, \"a\":2};", "p={\"b\":[{}], \"z\":1, \"a\":2}"},
                {"{\"b\":[{}], \"z\":1", ""},
                {NULL, NULL}});
}

TEST(inner_ones_come_first_and_lists_lean_either_way) {
    IGNORE_STATE;
    check("start[capture]: left \";\" right\nleft[capture]: left item | item\nright[capture]: item right | item\n"
          "item[capture=\"i\"]: \"x\" | \"y\"\n",
          (Row[]){{"xy;", "i=x left=x i=y left=xy"},
                  {"x;xy", "i=x left=x i=x i=y right=y right=xy start=x;xy"},
                  {NULL, NULL}});
}

TEST(what_was_cut_off_has_no_end) {
    IGNORE_STATE;
    Fixture self =
        open_grammar("start: a \"!\"\na[suffix=\"?\", max_tokens=3, capture=\"c\", stop_capture=\"s\"]: /[a-z]*/\n");
    assert_string_equal(captures(&self, "ab?", false), "c=ab s=?");
    assert_string_equal(captures(&self, "abc!", false), "c=abc s=");
    close_matcher(&self);
    self = open_grammar(
        "start: a \"?\" \"!\"\na[stop=\"?\", max_tokens=3, capture=\"c\", stop_capture=\"s\"]: /[a-z]*/\n");
    assert_string_equal(captures(&self, "ab?!", false), "c=ab s=?");
    assert_string_equal(captures(&self, "abc?!", false), "c=abc s=");
    close_matcher(&self);
}

TEST(empty_parts_are_captured_too) {
    IGNORE_STATE;
    check("start: \"(\" a b \")\"\na[capture]: \"x\"?\nb[capture]: inner\ninner: \"y\"*\n",
          (Row[]){{"()", "a= b="}, {"(x)", "a=x b="}, {"(yy)", "a= b=yy"}, {NULL, NULL}});
}

TEST(ignored_text_belongs_to_no_part_that_it_stands_before) {
    IGNORE_STATE;
    check("start: a a\na[capture]: \"x\" \"y\"\n%ignore / +/\n",
          (Row[]){{"x y  xy", "a=x y a=xy"}, {"xy ", "a=xy"}, {"xy xy", "a=xy a=xy"}, {NULL, NULL}});
}

TEST(a_text_that_is_not_whole_has_what_is_complete) {
    IGNORE_STATE;
    check("start: call | word\ncall: word \"(\" arg \")\"\nword[capture]: /[a-z]+/\narg[capture]: word \"!\"\n",
          (Row[]){{"ab", "word=ab"},
                  {"ab(", "word=ab"},
                  {"ab(c", "word=ab"},
                  {"ab(c!", "word=ab word=c arg=c!"},
                  {"ab(c!)", "word=ab word=c arg=c!"},
                  {NULL, NULL}});
}

/* The captures are llguidance's own of its manual's examples. */
TEST(what_ends_a_rule_is_not_in_its_capture_but_in_those_around_it) {
    IGNORE_STATE;
    check("start: outer \"!\"\nouter[capture]: a\na[capture, suffix=\"<end>\", stop_capture=\"s\"]: /.*/\n",
          (Row[]){{"foo<en", ""},
                  {"foo<end>", "a=foo s=<end> outer=foo<end>"},
                  {"<end>!", "a= s=<end> outer=<end>"},
                  {NULL, NULL}});
    check("start: outer \"!\"\nouter[capture]: a \"<end>\"\na[capture, stop=\"<end>\"]: /.*/\n",
          (Row[]){{"foo<end>!", "a=foo outer=foo<end>"}, {NULL, NULL}});
    check("start: (a END)* \"!\"\na[stop_capture=\"s\", stop=END]: /[a-z]*/\nEND: /[;.]/\n%ignore \" \"\n",
          (Row[]){{"a; b. !", "s=; s=."}, {"a;b.!", "s=; s=."}, {NULL, NULL}});
    check("start[capture]: a\na[capture, lazy, stop_capture=\"s\"]: /.*<end>/\n",
          (Row[]){{"foo<end>", "a=foo<end> s= start=foo<end>"}, {NULL, NULL}});
    check("start: \"x\" a\na[capture, stop=\"\", stop_capture=\"s\"]: /[a-z]*/\n",
          (Row[]){{"xfoo", "a=foo s="}, {NULL, NULL}});
}

TEST(what_ends_a_rule_is_as_short_as_it_can_be) {
    IGNORE_STATE;
    check("start: a\na[capture, suffix=/a*b|ab?c/, stop_capture=\"s\"]: /x?a*/\n",
          (Row[]){{"xaab", "a=xaa s=b"}, {"b", "a= s=b"}, {"ac", "a= s=ac"}, {NULL, NULL}});
    check("start: a\na[capture, suffix=/a*b/, stop_capture=\"s\"]: /x/\n",
          (Row[]){{"xaab", "a=x s=aab"}, {NULL, NULL}});
    check("start: a*\na[capture, suffix=/é|[.?]/, stop_capture=\"s\"]: /[^.]*/\n%ignore \" \"\n",
          (Row[]){{"aé?b.", "a=a s=é a= s=? a=b s=."}, {NULL, NULL}});
}

static bool is_in(const char *text, size_t length, char first, char last) {
    for (size_t i = 0; i < length; i++) {
        if (text[i] < first || text[i] > last) return false;
    }
    return true;
}

/* The slow twin: body /[ab]*c{0,2}|[bc]+/, end /[bc]{1,3}d/; all ways to cut the text are tried, the latest first. */
static size_t cut_slowly(const char *text, size_t length) {
    for (size_t at = length; at-- > 0;) {
        size_t head = 0, tail = length - at;
        while (head < at && text[head] <= 'b') head++;
        bool is_body = (at - head <= 2 && is_in(text + head, at - head, 'c', 'c')) || is_in(text, at, 'b', 'c');
        bool is_end = tail >= 2 && tail <= 4 && is_in(text + at, tail - 1, 'b', 'c') && text[length - 1] == 'd';
        if (is_body && is_end) return at;
    }
    return SIZE_MAX;
}

TEST(random_texts_are_cut_as_all_ways_to_cut_them_say) {
    IGNORE_STATE;
    ananke_capture list[4];
    Fixture self = open_grammar("start: a\na[capture, suffix=/[bc]{1,3}d/, stop_capture=\"s\"]: /[ab]*c{0,2}|[bc]+/\n");
    uint32_t seed = 1, whole = 0;
    for (int round = 0; round < 20000; round++) {
        char text[16];
        size_t length = 2 + (seed = seed * 1664525 + 1013904223) % 9;
        for (size_t i = 0; i + 1 < length; i++) text[i] = "abcabcb"[(seed = seed * 1664525 + 1013904223) >> 16 & 3];
        text[length - 1] = 'd';
        ananke_matcher_reset(self.matcher);
        size_t cut = cut_slowly(text, length);
        bool is_taken = ananke_matcher_consume_bytes(self.matcher, (const uint8_t *)text, length, NULL);
        assert_int_equal(is_taken, cut != SIZE_MAX);
        if (!is_taken) continue;
        assert_int_equal(ananke_matcher_captures(self.matcher, list, 4), 2);
        assert_true(list[0].offset == 0 && list[0].length == cut);
        assert_true(list[1].offset == cut && list[1].length == length - cut && *list[1].name == 's');
        whole++;
    }
    assert_true(whole > 1000);
    close_matcher(&self);
}

TEST(named_tokens_are_in_the_text_that_decoding_gives) {
    IGNORE_STATE;
    ananke_capture list[4];
    Fixture self = open_grammar("start: a <[97]> b <[256]>\na[capture]: \"x\" <[98]>\nb[capture]: <[99]> \"y\"\n");
    const uint32_t tokens[] = {'x', 'b', 'a', 'c', 'y', 256};
    for (size_t i = 0; i < 6; i++) assert_true(ananke_matcher_consume(self.matcher, tokens[i], NULL));
    assert_int_equal(ananke_matcher_captures(self.matcher, list, 1), 2);
    assert_int_equal(ananke_matcher_captures(self.matcher, list, 4), 2);
    assert_true(list[0].offset == 0 && list[0].length == 2);
    assert_true(list[1].offset == 3 && list[1].length == 2);
    assert_true(ananke_matcher_rollback(self.matcher, 2, NULL));
    assert_int_equal(ananke_matcher_captures(self.matcher, list, 4), 1);
    close_matcher(&self);
}

TEST(a_grammar_without_names_has_none) {
    IGNORE_STATE;
    check("start: \"x\"*\n", (Row[]){{"xx", ""}, {NULL, NULL}});
}

TEST(long_and_ambiguous_texts_end) {
    IGNORE_STATE;
    static char text[3001];
    static ananke_capture list[4000];
    Fixture self = open_grammar("start: (a | b)*\na[capture]: \"x\"\nb[capture]: \"x\"\n");
    memset(text, 'x', 3000);
    assert_true(ananke_matcher_consume_bytes(self.matcher, (const uint8_t *)text, 3000, NULL));
    assert_int_equal(ananke_matcher_captures(self.matcher, list, 4000), 3000);
    for (size_t i = 0; i < 3000; i++) assert_true(list[i].offset == i && list[i].length == 1);
    close_matcher(&self);
    self = open_grammar("start: start start | \"x\" | a\na[capture]: \"y\"\n");
    assert_true(ananke_matcher_consume_bytes(self.matcher, (const uint8_t *)text, 60, NULL));
    assert_int_equal(ananke_matcher_captures(self.matcher, list, 4000), 0);
    close_matcher(&self);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rules_stand_for_parts_of_the_text),
        cmocka_unit_test(objects_in_any_order_stand_for_their_text),
        cmocka_unit_test(inner_ones_come_first_and_lists_lean_either_way),
        cmocka_unit_test(what_was_cut_off_has_no_end),
        cmocka_unit_test(empty_parts_are_captured_too),
        cmocka_unit_test(ignored_text_belongs_to_no_part_that_it_stands_before),
        cmocka_unit_test(a_text_that_is_not_whole_has_what_is_complete),
        cmocka_unit_test(what_ends_a_rule_is_not_in_its_capture_but_in_those_around_it),
        cmocka_unit_test(what_ends_a_rule_is_as_short_as_it_can_be),
        cmocka_unit_test(random_texts_are_cut_as_all_ways_to_cut_them_say),
        cmocka_unit_test(named_tokens_are_in_the_text_that_decoding_gives),
        cmocka_unit_test(a_grammar_without_names_has_none),
        cmocka_unit_test(long_and_ambiguous_texts_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
