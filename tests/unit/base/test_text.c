/* Texts for the caller: copied, ended by NUL, freed by the public function. */
#include "../test.h"
#include "base/text.h"
#include <ananke/constraints.h>

TEST(a_text_is_a_copy_that_ends_in_nul) {
    IGNORE_STATE;
    char source[] = "abc";
    size_t length = 99;
    char *text = ak_text_new((Str){source, 2}, &length, NULL);
    source[0] = 'x';
    assert_string_equal(text, "ab");
    assert_int_equal(length, 2);
    ananke_text_free(text);
    text = ak_text_new((Str){0}, NULL, NULL);
    assert_string_equal(text, "");
    ananke_text_free(text);
    ananke_text_free(NULL);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_text_is_a_copy_that_ends_in_nul)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
