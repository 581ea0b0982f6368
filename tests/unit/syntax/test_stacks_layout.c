/* Where columns count: random texts of a toy language against an obvious reading of lines, one after the other, with a list of columns. */
#include "syntax_fixture.h"

static const char toy[] =
    "%word name\n%reserved if\n%extras blank join\n%newlines join\n%spaces blank\n%layout _line _indent _dedent\n%margin _space _tab _feed _break _comment\n"
    "%opens \"(\"\n%closes \")\"\n%fragments block\n"
    "program = statement*\nstatement = call _line | \"if\" call \":\" (call _line | _line block)\nblock = _indent statement+ _dedent\n"
    "call = name | call \"(\" call? \")\"\n"
    "name = /[a-z]+/\nblank = /[ \\t]+/\njoin = /\\\\\\n/\n_line = /\\n/\n_break = /\\n/\n_space = \" \"\n_tab = /\\t/\n_feed = /\\f/\n_comment = /#[^\\n]*/\n";

/* ---- The obvious reading */

typedef struct Lines {
    const char *at;
    uint32_t columns[64], blocks;        /* of the blocks that are open, the text's at first */
    bool wants_block, is_joined, is_bad; /* is_joined: the line goes on on the next one */
} Lines;

/* Skips what is ignored in a line or, in brackets, between lines. */
static void ignore(Lines *self, bool is_in_brackets) {
    for (self->is_joined = false;;) {
        bool is_join = self->at[0] == '\\' && self->at[1] == '\n';
        if (*self->at == ' ' || *self->at == '\t') self->at++;
        else if (is_join) self->at += 2, self->is_joined = true;
        else if (is_in_brackets && *self->at == '\n') self->at++;
        else if (is_in_brackets && *self->at == '#') self->at += strcspn(self->at, "\n");
        else break;
    }
}

static Str read_name(Lines *self) {
    const char *from = self->at;
    while (*self->at >= 'a' && *self->at <= 'z') self->at++;
    return (Str){from, (size_t)(self->at - from)};
}

static void read_call(Lines *self, Str name, bool is_in_brackets) {
    self->is_bad |= !name.length || ak_str_equal(name, STR("if"));
    for (ignore(self, is_in_brackets); *self->at == '(' && !self->is_bad; ignore(self, is_in_brackets)) {
        self->at++, ignore(self, true);
        if (*self->at != ')') read_call(self, read_name(self), true);
        self->is_bad |= *self->at != ')';
        self->at += !self->is_bad;
    }
}

static void end_line(Lines *self) {
    if (*self->at == '#') self->is_joined = false, self->at += strcspn(self->at, "\n");
    self->is_bad |= *self->at ? *self->at != '\n' : self->is_joined;
    self->at += *self->at == '\n';
}

static void read_statement(Lines *self) {
    Str name = read_name(self);
    if (!ak_str_equal(name, STR("if"))) {
        read_call(self, name, false), end_line(self);
        return;
    }
    ignore(self, false), read_call(self, read_name(self), false);
    self->is_bad |= *self->at != ':';
    self->at += !self->is_bad;
    ignore(self, false);
    self->wants_block = !*self->at || *self->at == '\n' || *self->at == '#';
    if (!self->wants_block) read_call(self, read_name(self), false);
    end_line(self);
}

/* A line's beginning: its blocks; false when the line is empty. */
static bool read_margin(Lines *self) {
    uint32_t column = 0;
    bool is_fixed = false; /* by a backslash behind it */
    for (self->is_joined = false;; self->at++) {
        bool is_join = strncmp(self->at, "\\\n", 2) == 0;
        if (is_join) self->is_joined = true, is_fixed |= column > 0, self->at++;
        else if (!*self->at || !strchr(" \t\f", *self->at)) break;
        else if (!is_fixed) column = *self->at == ' ' ? column + 1 : *self->at == '\t' ? (column / 8 + 1) * 8 : 0;
    }
    if (!*self->at || *self->at == '\n' || *self->at == '#') return end_line(self), false;
    uint32_t width = self->columns[self->blocks];
    if (column > width && self->wants_block) self->columns[++self->blocks] = column;
    else self->is_bad |= column > width || self->wants_block;
    self->wants_block = false;
    while (self->columns[self->blocks] > column) self->blocks--;
    self->is_bad |= self->columns[self->blocks] != column;
    return true;
}

static bool reads(const char *text) {
    Lines self = {.at = text};
    while (*self.at && !self.is_bad) {
        if (read_margin(&self) && !self.is_bad) read_statement(&self);
    }
    return !self.is_bad && !self.wants_block;
}

/* ---- Texts */

static uint32_t seed;

static uint32_t dice(uint32_t sides) {
    seed = seed * 1664525 + 1013904223;
    return (seed >> 8) % sides;
}

static void make_text(char text[600]) {
    static const char *const pieces[] = {"a",    "if b:",  "if c:\n", "(",  ")",         "\n",       "\n ",
                                         "\n  ", "\n   ",  "\n\t",    "  ", "# d",       "\n# e\n ", "\\\n ",
                                         "f()",  "\n\n  ", "g(\nh)",  "\f", "\n  i\n  ", "\n j\n"};
    text[0] = '\0';
    for (uint32_t left = 1 + dice(14); left; left--) strcat(text, pieces[dice(sizeof pieces / sizeof *pieces)]);
}

TEST(lines_begin_and_end_blocks_as_an_obvious_reading_says) {
    IGNORE_STATE;
    LangFixture self;
    char text[600];
    uint32_t good = 0;
    open_reader(&self, toy);
    seed = 4;
    for (int i = 0; i < 60000; i++) {
        make_text(text);
        bool expected = reads(text);
        good += expected;
        if (accepts(&self, text) != expected) fail_msg("%s: %s", expected ? "refused" : "accepted", text);
    }
    assert_true(good > 2000);
    close_fixture(&self);
}

/* What a comment stands behind may end with its line. */
TEST(comments_stand_where_lines_may_end) {
    IGNORE_STATE;
    LangFixture self;
    Reading reading;
    open_reader(&self, toy);
    assert_int_equal(read_text(&self, "if #", 4, &reading), 3);
    assert_int_equal(read_text(&self, "a(#", 3, &reading), 3);
    assert_int_equal(read_text(&self, "a #b", 4, &reading), 4);
    close_fixture(&self);
}

TEST(a_block_is_a_fragment) {
    IGNORE_STATE;
    LangFixture self;
    open_reader(&self, toy);
    choose_fragment(&self, &self.syntax, "block");
    assert_true(accepts(&self, "  a\n  if b:\n     c\n"));
    assert_false(accepts(&self, "a\n"));
    assert_false(accepts(&self, "  a\n b\n"));
    close_fixture(&self);
}

TEST(layout_is_stated_in_full) {
    IGNORE_STATE;
    LangFixture self;
    static const char *const bad[] = {
        "%layout _line _indent\na = \"b\" _line _indent\n_line = /\\n/\n",
        "%layout _line _indent _dedent\na = \"b\" _line\n_line = /\\n/\n",
        "%layout _line _indent _dedent\n%margin c d e f g\na = \"b\" _line\n_line = /\\n/\n"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_false(open_syntax(&self, bad[i]));
        assert_int_equal(self.err.code, ANANKE_ERROR_CONFLICT);
        close_fixture(&self);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_begin_and_end_blocks_as_an_obvious_reading_says),
        cmocka_unit_test(comments_stand_where_lines_may_end),
        cmocka_unit_test(a_block_is_a_fragment),
        cmocka_unit_test(layout_is_stated_in_full),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
