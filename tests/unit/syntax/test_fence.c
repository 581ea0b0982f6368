/* Code in Markdown, against a slow twin that splits the text at its lines and has the code read as a file. */
#include "syntax_fixture.h"
#include <stdio.h>

static const char script[] =
    "%word name\n%extras blank newline comment\n%newlines newline comment\n%spaces blank newline\n%inserted semicolon\n%fence toy t\n"
    "program = statement*\n"
    "statement = call (semicolon | \";\") | \"{\" statement* \"}\"\n"
    "call = name | string | call \"(\" call? \")\" | call string\n"
    "name = /[a-z]+/\nstring = /`[^`]+`/\nblank = / +/\nnewline = /\\n\\s*/\ncomment = /\\/\\*([^*]|\\*+[^*\\/])*\\*+\\//\n";

static LangFixture self;

static int open_language(void **state) {
    IGNORE_STATE;
    open_reader(&self, script);
    return 0;
}

static int close_language(void **state) {
    IGNORE_STATE;
    close_fixture(&self);
    return 0;
}

/* ---- The slow twin */

static Str line_at(Str text, size_t at) {
    size_t end = ak_str_find_byte(text, '\n', at);
    return ak_str_slice(text, at, end == SIZE_MAX ? text.length : end);
}

/* What is behind the blanks and the mark. */
static bool is_marked(Str line, Str *rest) {
    size_t at = 0;
    while (at < line.length && line.data[at] == ' ') at++;
    *rest = ak_str_slice(line, at, line.length);
    if (!ak_str_starts(*rest, STR("```"))) return false;
    for (at += 3; at < line.length && line.data[at] == ' ';) at++;
    return *rest = ak_str_slice(line, at, line.length), true;
}

static bool is_opening(Str line) {
    Str rest;
    if (!is_marked(line, &rest) || ak_str_find_byte(rest, '`', 0) != SIZE_MAX) return false;
    Str name = ak_str_slice(rest, 0,
                            ak_str_find_byte(rest, ' ', 0) == SIZE_MAX ? rest.length : ak_str_find_byte(rest, ' ', 0));
    return ak_str_equal(name, STR("toy")) || ak_str_equal(name, STR("t"));
}

static bool is_file(Str code) {
    char text[300];
    snprintf(text, sizeof text, "\n%.*s", STR_ARGS(code));
    self.fragment = FRAGMENT_FILE;
    return accepts(&self, text);
}

static bool is_text(Str text, size_t at, bool is_first);

/* From the beginning of code on. */
static bool is_code(Str text, size_t from) {
    for (size_t at = from; at < text.length;) {
        Str line = line_at(text, at), rest;
        size_t end = at + line.length;
        if (is_marked(line, &rest) && !rest.length && is_file(ak_str_slice(text, from, at)) &&
            (end == text.length || is_text(text, end + 1, false)))
            return true;
        at = end + 1;
    }
    return false;
}

/* From the beginning of a line of text on. */
static bool is_text(Str text, size_t at, bool is_first) {
    for (;;) {
        Str line = line_at(text, at);
        bool is_last = at + line.length == text.length;
        if (is_opening(line)) return !is_last && is_code(text, at + line.length + 1);
        if (is_last) return !is_first;
        at += line.length + 1;
    }
}

/* ---- */

static bool is_read(const char *text) {
    choose_fragment(&self, &self.syntax, "markdown");
    return accepts(&self, text);
}

TEST(random_texts_are_read_as_their_lines_say) {
    IGNORE_STATE;
    static const char *const parts[] = {
        "```toy\n",  "```\n", "\n```", "```", "\n", "a",      "a\n",      " ",          "`b`", "{\n",
        "}\n",       "/*",    "*/",    "(",   ")",  "```toy", "```t x\n", "```other\n", "`",   "```toy\na\n```\n",
        "`\n```\n`", " ```\n"};
    uint32_t seed = 5, accepted = 0;
    for (int i = 0; i < 300000; i++) {
        char text[200];
        size_t length = 0;
        for (uint32_t count = 1 + (seed >> 16) % 9; count; count--) {
            seed = seed * 1103515245 + 12345;
            length += (size_t)snprintf(text + length, sizeof text - length, "%s",
                                       parts[(seed >> 16) % (sizeof parts / sizeof *parts)]);
        }
        seed = seed * 1103515245 + 12345;
        bool expected = is_text((Str){text, length}, 0, true);
        if (is_read(text) != expected) fail_msg("%s: %s", expected ? "refused" : "accepted", text);
        accepted += expected;
    }
    assert_true(accepted > 10000);
}

TEST(a_fence_ends_where_the_code_may_end) {
    IGNORE_STATE;
    assert_true(is_read("Look:\n```toy\na(b)\n```\nand so on"));
    assert_true(is_read("```toy\n```"));
    assert_true(is_read("```t numbers\n  ```  "));
    assert_true(is_read("```other\n(\n```\n```toy\na\n```\n```other\n("));
    assert_true(is_read("```toy\n/*\n```\n*/\n```"));
    assert_true(is_read("```toy\na\n```\n\n```toy\nb\n```\n"));
    assert_false(is_read("a"));
    assert_false(is_read("```toy\na"));
    assert_false(is_read("```toy\na```"));
    assert_false(is_read("```toy\na(\n```"));
    assert_false(is_read("```toy\n{\n```\n}\n"));
    assert_false(is_read("```toy\n/*\n*/ ```"));
    assert_false(is_read("```toy\na\n```\n```toy\n("));
    assert_false(is_read("```toy\na\n```b"));
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(random_texts_are_read_as_their_lines_say),
                                       cmocka_unit_test(a_fence_ends_where_the_code_may_end)};
    return cmocka_run_group_tests(tests, open_language, close_language);
}
