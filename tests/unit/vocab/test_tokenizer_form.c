/* Token forms: GPT-2's alphabet is a bijection, escaped spaces and byte tokens become bytes. */
#include "vocab/tokenizer_form.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

static void alphabet_gives_every_byte_back(void **state) {
    (void)state;
    Arena arena = ak_arena(NULL);
    char all[1024];
    size_t length = 0;
    for (int byte = 0; byte < 256; byte++) length += ak_form_character((uint8_t)byte, all + length);
    assert_int_equal(length, 2 * 256 - 94); /* the 94 printable ASCII characters take one byte each */
    Str bytes = ak_form_bytes(FORM_ALPHABET, (Str){all, length}, &arena, NULL);
    assert_int_equal(bytes.length, 256);
    for (int byte = 0; byte < 256; byte++) assert_int_equal((uint8_t)bytes.data[byte], byte);
    ak_arena_free(&arena);
}

static void known_characters_of_the_alphabet(void **state) {
    (void)state;
    char character[4];
    assert_int_equal(ak_form_character(' ', character), 2);
    assert_memory_equal(character, "\xC4\xA0", 2); /* U+0120 */
    assert_int_equal(ak_form_character('\n', character), 2);
    assert_memory_equal(character, "\xC4\x8A", 2); /* U+010A */
    assert_int_equal(ak_form_character('!', character), 1);
}

static void key_outside_the_alphabet_stands_for_itself(void **state) {
    (void)state;
    Arena arena = ak_arena(NULL);
    assert_true(ak_str_equal(ak_form_bytes(FORM_ALPHABET, STR("a b"), &arena, NULL), STR("a b")));
    assert_true(ak_str_equal(ak_form_bytes(FORM_ALPHABET, STR("\xE4\xBD\xA0"), &arena, NULL), STR("\xE4\xBD\xA0")));
    assert_true(ak_str_equal(ak_form_bytes(FORM_ALPHABET, STR("\xFF"), &arena, NULL), STR("\xFF")));
    ak_arena_free(&arena);
}

static void spaces_and_byte_tokens(void **state) {
    (void)state;
    Arena arena = ak_arena(NULL);
    int byte;
    assert_true(
        ak_str_equal(ak_form_bytes(FORM_SPACES, STR("\xE2\x96\x81the\xE2\x96\x81"), &arena, &byte), STR(" the ")));
    assert_int_equal(byte, -1);
    assert_true(ak_str_equal(ak_form_bytes(FORM_SPACES, STR("<0x0A>"), &arena, &byte), STR("\n")));
    assert_int_equal(byte, 10);
    assert_true(ak_str_equal(ak_form_bytes(FORM_SPACES, STR("<0xZZ>"), &arena, &byte), STR("<0xZZ>")));
    assert_int_equal(byte, -1);
    assert_true(ak_str_equal(ak_form_bytes(FORM_PLAIN, STR("<0x0A>"), &arena, &byte), STR("<0x0A>")));
    assert_int_equal(byte, -1);
    assert_true(ak_str_equal(ak_form_bytes(FORM_WORDPIECE, STR("##ing"), &arena, NULL), STR("ing")));
    ak_arena_free(&arena);
}

static void base64_with_and_without_padding(void **state) {
    (void)state;
    Arena arena = ak_arena(NULL);
    assert_true(ak_str_equal(ak_form_base64(STR("YWI="), &arena), STR("ab")));
    assert_true(ak_str_equal(ak_form_base64(STR("YWJj/w"), &arena), STR("abc\xFF")));
    assert_null(ak_form_base64(STR("YW!="), &arena).data);
    assert_null(ak_form_base64(STR("YWJ"), &arena).data); /* bits are left over */
    ak_arena_free(&arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(alphabet_gives_every_byte_back),
        cmocka_unit_test(known_characters_of_the_alphabet),
        cmocka_unit_test(key_outside_the_alphabet_stands_for_itself),
        cmocka_unit_test(spaces_and_byte_tokens),
        cmocka_unit_test(base64_with_and_without_padding),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
