/* Suffixes: they fit where the whole text can be read. */
#include "pack_fixture.h"
#include "syntax/suffix.h"
#include <stdio.h>

static const char script[] =
    "%word name\n%reserved if\n%extras blank newline\n%newlines newline\n%inserted semicolon\n%closing \"}\"\n"
    "program = statement*\n"
    "statement = call (semicolon | \";\") | \"{\" statement* \"}\" | \"if\" \"(\" call \")\" statement\n"
    "call = name | call \"(\" call? \")\" | string\n"
    "name = /[a-z]+/\nstring = /`[^`]*`/\nblank = / +/\nnewline = /\\n\\s*/\n";

TEST(a_suffix_fits_where_the_whole_can_be_read) {
    IGNORE_STATE;
    static const char *const suffixes[] = {
        "", "}", ")", "b)\n}", "f (a) {\n  call(b)\n}\nif (c) {\n}\n", "` }", "a\nb\nc\nd\ne\nf\ng\nh}", "+"};
    static const char *const parts[] = {"{", "}", "(", ")", "a", "i", "if", " ", "\n", ";", "`", "f("};
    LangFixture self;
    uint32_t seed = 1, fitting = 0;
    open_reader(&self, script);
    Suffix all[sizeof suffixes / sizeof *suffixes];
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) all[i] = ak_suffix(&self.reader, ak_str(suffixes[i]));
    for (int text = 0; text < 3000; text++) {
        char read[100] = "", whole[200];
        for (int i = 0; i < 12; i++) {
            Reading reading, next;
            seed = seed * 1103515245 + 12345;
            const char *part = parts[(seed >> 16) % (sizeof parts / sizeof *parts)];
            size_t length = strlen(read);
            read_text(&self, read, length, &reading);
            for (size_t k = 0; k < sizeof all / sizeof *all; k++) {
                snprintf(whole, sizeof whole, "%s%s", read, suffixes[k]);
                bool expected = accepts(&self, whole);
                if (ak_suffix_fits(&all[k], reading) != expected) fail_msg("%s‸%s", read, suffixes[k]);
                fitting += expected;
            }
            memcpy(read + length, part, strlen(part) + 1);
            if (read_text(&self, read, strlen(read), &next) < strlen(read)) read[length] = '\0';
        }
    }
    assert_true(fitting > 5000);
    close_fixture(&self);
}

/* The second question is about another hole, and the same from its second line on. */
TEST(what_is_known_of_a_suffix_is_not_read_again) {
    IGNORE_STATE;
    static char text[4000];
    LangFixture self;
    Reading first, second;
    open_reader(&self, script);
    for (size_t i = 0; i + 1 < sizeof text; i++) text[i] = "a();"[i % 4];
    Suffix suffix = ak_suffix(&self.reader, ak_str(text));
    read_text(&self, "b\n", 2, &first);
    read_text(&self, "b(c)\n", 5, &second);
    assert_true(ak_suffix_fits(&suffix, first));
    size_t kept = suffix.answers.count;
    assert_true(kept > sizeof text / 16);
    assert_true(ak_suffix_fits(&suffix, second));
    assert_true(suffix.answers.count < kept + 3);
    close_fixture(&self);
}

TEST(a_hole_in_typescript) {
    IGNORE_STATE;
    static const struct {
        const char *middle;
        bool fits;
    } holes[] = {
        {"", true},         {"a", false},          {"return", true}, {"return `", false}, {"b; if (c)", true},
        {"if (c", false},   {"} {", true},         {"while", false}, {"x.", true},        {"// all of it: ", true},
        {"/* rest", false}, {"const [b] =", true}, {"x =", true}};
    PackFixture typescript;
    Reading reading;
    open_pack(&typescript, "typescript");
    Suffix suffix = ak_suffix(&typescript.language.reader, STR(" y = (a) => a\n  return y\n}\n\nf(1)\n"));
    for (size_t i = 0; i < sizeof holes / sizeof *holes; i++) {
        char text[100];
        int length = snprintf(text, sizeof text, "function f(a) {\n  %s", holes[i].middle);
        assert_int_equal(read_text(&typescript.language, text, (size_t)length, &reading), length);
        if (ak_suffix_fits(&suffix, reading) != holes[i].fits) fail_msg("%s", text);
    }
    close_pack(&typescript);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_suffix_fits_where_the_whole_can_be_read),
                                       cmocka_unit_test(what_is_known_of_a_suffix_is_not_read_again),
                                       cmocka_unit_test(a_hole_in_typescript)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
