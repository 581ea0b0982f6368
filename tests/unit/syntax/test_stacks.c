/* Stacks against a slow recogniser, over all short texts of ambiguous grammars; what is hash-consed. */
#include "base/bitset.h"
#include "syntax_fixture.h"

enum { LENGTH_MAX = 6, LETTERS = 4 };

/* ---- The slow twin: which rules derive which spans, by trying all ways */

typedef struct Spans {
    const Syntax *syntax;
    const uint32_t *text; /* terminals */
    uint32_t length;
    bool derives[64][LENGTH_MAX + 2][LENGTH_MAX + 2];
} Spans;

static bool derives_steps(const Spans *self, const SyntaxStep *steps, uint32_t count, uint32_t from, uint32_t to) {
    if (count == 0) return from == to;
    SyntaxSymbol symbol = steps[0].symbol;
    if (!(symbol & SYMBOL_RULE))
        return from < to && self->text[from] == symbol && derives_steps(self, steps + 1, count - 1, from + 1, to);
    for (uint32_t middle = from + 1; middle <= to; middle++) {
        if (self->derives[symbol & ~SYMBOL_RULE][from][middle] && derives_steps(self, steps + 1, count - 1, middle, to))
            return true;
    }
    return false;
}

/* Of the start with this number. */
static bool is_text(Spans *self, uint32_t start) {
    memset(self->derives, 0, sizeof self->derives);
    for (bool is_changed = true; is_changed;) {
        is_changed = false;
        for (size_t i = 0; i < self->syntax->productions.count; i++) {
            Production production = self->syntax->productions.items[i];
            for (uint32_t from = 0; from < self->length; from++) {
                for (uint32_t to = from + 1; to <= self->length; to++) {
                    bool *known = &self->derives[production.left][from][to];
                    if (*known ||
                        !derives_steps(self, self->syntax->steps.items + production.first, production.count, from, to))
                        continue;
                    *known = is_changed = true;
                }
            }
        }
    }
    return self->derives[start][0][self->length];
}

static uint32_t letter_of(const Syntax *self, char letter) {
    for (uint32_t i = 0; i < self->terminals.count; i++) {
        if (ak_str_equal(self->terminals.items[i].name, (Str){&letter, 1})) return i;
    }
    fail_msg("no terminal %c", letter);
    return 0;
}

static void compare_all(const char *overlay) {
    LangFixture self;
    static Spans spans;
    open_reader(&self, overlay);
    uint32_t letters[LETTERS], text[LENGTH_MAX + 1], accepted = 0;
    for (int i = 0; i < LETTERS; i++) letters[i] = letter_of(&self.syntax, (char)('a' + i));
    for (uint32_t length = 1, total = LETTERS; length <= LENGTH_MAX; length++, total *= LETTERS) {
        for (uint32_t number = 0; number < total; number++) {
            char bytes[LENGTH_MAX + 1] = {0};
            for (uint32_t i = 0, rest = number; i < length; i++, rest /= LETTERS)
                bytes[i] = (char)('a' + rest % LETTERS), text[i] = letters[rest % LETTERS];
            text[length] = TERMINAL_END;
            spans = (Spans){.syntax = &self.syntax, .text = text, .length = length + 1};
            for (self.fragment = 0; self.fragment < self.syntax.fragment_count; self.fragment++) {
                bool expected = is_text(&spans, self.fragment);
                if (accepts(&self, bytes) != expected) fail_msg("%s: %u: %s", overlay, self.fragment, bytes);
                accepted += expected;
            }
        }
    }
    assert_true(accepted > 5);
    close_fixture(&self);
}

TEST(all_short_texts_of_an_ambiguous_sum) {
    IGNORE_STATE;
    compare_all("s = e\ne = e \"a\" e | \"b\" e \"c\" | \"b\" | \"d\" e");
}

TEST(all_short_texts_of_an_expression_or_a_pattern) {
    IGNORE_STATE;
    compare_all("s = e \"d\" | p \"c\" e\ne = \"a\" | \"b\" (e)+ \"c\" | e e\np = \"a\" | \"b\" p \"c\"");
}

TEST(all_short_texts_of_a_palindrome) {
    IGNORE_STATE;
    compare_all("s = p\np = \"a\" p \"a\" | \"b\" p \"b\" | \"c\" | \"a\" \"a\" | \"d\" p?");
}

TEST(all_short_texts_with_rules_that_go_round) {
    IGNORE_STATE;
    compare_all("s = x\nx = y | \"a\" x\ny = x | \"b\" | y \"c\" \"d\"?");
}

TEST(precedence_changes_no_text) {
    IGNORE_STATE;
    compare_all("s = e\ne = %left(1: e \"a\" e) | %right(2: e \"b\" e) | \"c\" | %prec(3: \"d\" e)");
}

TEST(all_short_texts_of_fragments) {
    IGNORE_STATE;
    compare_all(
        "%fragments e p some\ns = e \"d\" | p \"c\" e\ne = \"a\" | \"b\" (e)+ \"c\" | e e\np = \"a\" | \"b\" p \"c\"\nsome = p*");
    compare_all(
        "%fragments e f\ns = \"a\" e \"a\" | \"b\" f \"b\"\ne = %left(1: e \"c\" e) | f | \"d\"\nf = \"d\" | f \"a\"");
}

/* ---- */

TEST(equal_sites_are_one_wherever_they_arise) {
    IGNORE_STATE;
    LangFixture self;
    Reading once, twice;
    open_reader(&self, "s = (\"[\" s \"]\" | \"x\")+");
    read_text(&self, "[x]x", 4, &once);
    read_text(&self, "[xxxx]x", 7, &twice);
    assert_int_equal(once.site, twice.site);
    assert_int_equal(once.lexer, twice.lexer);
    uint32_t stacks = self.reader.stacks.stacks.count;
    read_text(&self, "[xxxxx]xx", 9, &twice);
    assert_int_equal(self.reader.stacks.stacks.count, stacks); /* nothing is made twice */
    close_fixture(&self);
}

TEST(what_is_allowed_is_what_can_be_read) {
    IGNORE_STATE;
    LangFixture self;
    Reading reading;
    open_reader(&self, "s = \"(\" e \")\" | \"[\" e \"]\"\ne = \"x\" | e \"+\" \"x\"");
    assert_int_equal(read_text(&self, "(x+x]", 5, &reading),
                     4); /* the same state as in [x+x, but for what is below it */
    assert_int_equal(read_text(&self, "(x+x)", 5, &reading), 5);
    close_fixture(&self);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_short_texts_of_an_ambiguous_sum),
        cmocka_unit_test(all_short_texts_of_an_expression_or_a_pattern),
        cmocka_unit_test(all_short_texts_of_a_palindrome),
        cmocka_unit_test(all_short_texts_with_rules_that_go_round),
        cmocka_unit_test(precedence_changes_no_text),
        cmocka_unit_test(all_short_texts_of_fragments),
        cmocka_unit_test(equal_sites_are_one_wherever_they_arise),
        cmocka_unit_test(what_is_allowed_is_what_can_be_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
