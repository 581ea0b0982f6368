/* Normaliser and pre-tokenizer objects become steps; what cannot is named. */
#include "vocab/bpe.h"
#include "vocab/tokenizer_rules.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

typedef struct Fixture {
    ananke_vocab *vocab;
    Bpe *bpe;
    Arena arena;
    bool bytes_last;
} Fixture;

static void read(Fixture *f, const char *normalizer, const char *pre_tokenizer) {
    f->vocab = ananke_vocab_load("bytes", NULL, NULL);
    f->bpe = ak_bpe_new(f->vocab);
    f->arena = ak_arena(NULL);
    yyjson_doc *first = ak_json_parse(&f->arena, ak_str(normalizer), NULL, NULL);
    yyjson_doc *second = ak_json_parse(&f->arena, ak_str(pre_tokenizer), NULL, NULL);
    assert_true(first && second);
    bool done = ak_rules_read(&f->bpe->encoder, &f->vocab->arena, yyjson_doc_get_root(first),
                              yyjson_doc_get_root(second), &f->bytes_last, NULL);
    assert_true(done);
}

static void drop(Fixture *f) {
    ananke_vocab_free(f->vocab);
    ak_arena_free(&f->arena);
}

/* How `text` is cut, normalised: pieces joined by '|'. */
static void expect(const char *normalizer, const char *pre_tokenizer, const char *text, const char *want) {
    Fixture f;
    read(&f, normalizer, pre_tokenizer);
    if (f.bpe->encoder.unsupported) fail_msg("%s", f.bpe->encoder.unsupported);
    Str view = ak_str(text);
    assert_true(ak_normals_apply(&f.bpe->encoder.normals, &view, &f.arena, NULL));
    Pieces pieces;
    assert_true(ak_splits_cut(&f.bpe->encoder.splits, view, &f.arena, &pieces, NULL));
    char got[256] = "";
    size_t at = 0;
    for (size_t i = 0; i < pieces.count; i++) {
        at += (size_t)snprintf(got + at, sizeof got - at, "%s%.*s", i ? "|" : "", STR_ARGS(pieces.items[i]));
    }
    assert_string_equal(got, want);
    drop(&f);
}

#define BYTE_LEVEL "{\"type\":\"ByteLevel\",\"add_prefix_space\":false,\"use_regex\":true}"

static void pre_tokenizers_cut_as_the_library_does(void **state) {
    (void)state;
    expect("null", "null", "a b", "a b");
    expect("null", BYTE_LEVEL, "I'm 12  ok", "I|'m| 12| | ok");
    expect("null", "{\"type\":\"ByteLevel\",\"add_prefix_space\":true}", "a", " a");
    expect("null",
           "{\"type\":\"Sequence\",\"pretokenizers\":[{\"type\":\"Digits\",\"individual_digits\":true}," BYTE_LEVEL
           "]}",
           "a 12", "a| |1|2");
    expect("null", "{\"type\":\"Digits\",\"individual_digits\":false}", "a12b", "a|12|b");
    expect("null", "{\"type\":\"Punctuation\"}",
           "a,b\xE2\x80\x94"
           "c$",
           "a|,|b|\xE2\x80\x94|c|$");
    expect("null", "{\"type\":\"Whitespace\"}", "foo  bar.!", "foo|bar|.!");
    expect("null", "{\"type\":\"WhitespaceSplit\"}", "foo \tbar.", "foo|bar.");
    expect("null", "{\"type\":\"BertPreTokenizer\"}", "Hey friend!", "Hey|friend|!");
    expect("null", "{\"type\":\"CharDelimiterSplit\",\"delimiter\":\"-\"}", "a-b", "a|b");
    expect("null", "{\"type\":\"Metaspace\",\"replacement\":\"_\",\"prepend_scheme\":\"always\",\"split\":true}", "a b",
           "_a|_b");
    expect("null", "{\"type\":\"Metaspace\",\"replacement\":\"_\",\"prepend_scheme\":\"never\",\"split\":false}", "a b",
           "a_b");
    expect(
        "null",
        "{\"type\":\"Sequence\",\"pretokenizers\":[{\"type\":\"Digits\"},{\"type\":\"Metaspace\",\"replacement\":\"_\"}]}",
        "a b12", "_a|_b|_12");
    expect("null", "{\"type\":\"Split\",\"pattern\":{\"String\":\".\"},\"behavior\":\"MergedWithPrevious\"}", "a.b",
           "a.|b");
    expect("null", "{\"type\":\"Split\",\"pattern\":{\"Regex\":\"b+\"},\"behavior\":\"Removed\",\"invert\":true}",
           "abbc", "bb");
}

static void normalizers_are_applied_in_order(void **state) {
    (void)state;
    expect("{\"type\":\"NFC\"}", "null", "e\xCC\x81", "\xC3\xA9");
    expect("{\"type\":\"Sequence\",\"normalizers\":[{\"type\":\"Prepend\",\"prepend\":\" \"},"
           "{\"type\":\"Replace\",\"pattern\":{\"String\":\" \"},\"content\":\"_\"}]}",
           "null", "a b", "_a_b");
    expect("{\"type\":\"Sequence\",\"normalizers\":[]}", "null", "a", "a");
    expect("{\"type\":\"BertNormalizer\"}", "null", "\xC3\x89\tX\xE4\xB8\x80", "e x \xE4\xB8\x80 ");
    expect("{\"type\":\"BertNormalizer\",\"lowercase\":false,\"clean_text\":false}", "null", "\xC3\x89\tX",
           "\xC3\x89\tX");
    expect("{\"type\":\"BertNormalizer\",\"lowercase\":false,\"strip_accents\":true}", "null", "\xC3\x89X", "EX");
    expect("{\"type\":\"Strip\",\"strip_left\":false,\"strip_right\":true}", "null", " a ", " a");
    expect(
        "{\"type\":\"Sequence\",\"normalizers\":[{\"type\":\"NFD\"},{\"type\":\"StripAccents\"},{\"type\":\"Lowercase\"}]}",
        "null", "\xC3\x89", "e");
    expect("{\"type\":\"Replace\",\"pattern\":{\"Regex\":\" {2,}\"},\"content\":\"_\"}", "null", "a  b c", "a_b c");
}

static void what_is_not_known_is_named(void **state) {
    (void)state;
    static const char *const cases[][3] = {
        {"{\"type\":\"ByteLevel\"}", "null", "normalizer ByteLevel"},
        {"{\"type\":\"Replace\",\"pattern\":{\"Regex\":\"(\"},\"content\":\"\"}", "null",
         "normalizer Replace: the pattern cannot be used"},
        {"{\"type\":\"Replace\",\"pattern\":{\"String\":\"\"},\"content\":\"\"}", "null",
         "normalizer Replace with an empty pattern"},
        {"{\"type\":\"Precompiled\",\"precompiled_charsmap\":\"CAAAAA==\"}", "null",
         "normalizer Precompiled with a damaged map"},
        {"{}", "null", "normalizer without type"},
        {"null", "{\"type\":\"UnicodeScripts\"}", "pre_tokenizer UnicodeScripts"},
        {"null", "{\"type\":\"Split\",\"pattern\":{\"Regex\":\"(\"},\"behavior\":\"Isolated\"}",
         "pre_tokenizer: the pattern cannot be used"},
        {"null", "{\"type\":\"Split\",\"pattern\":{\"Regex\":\"a\"},\"behavior\":\"Odd\"}",
         "pre_tokenizer Split with an unknown behavior"},
        {"null", "{\"type\":\"Sequence\",\"pretokenizers\":[" BYTE_LEVEL "," BYTE_LEVEL "]}",
         "pre_tokenizer behind ByteLevel: ByteLevel"},
        {"null",
         "{\"type\":\"Sequence\",\"pretokenizers\":[{\"type\":\"Digits\"},{\"type\":\"Metaspace\",\"prepend_scheme\":\"first\"}]}",
         "pre_tokenizer Metaspace that prepends to the first piece, behind other steps"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Fixture f;
        read(&f, cases[i][0], cases[i][1]);
        assert_non_null(f.bpe->encoder.unsupported);
        if (!strstr(f.bpe->encoder.unsupported, cases[i][2])) fail_msg("%zu: %s", i, f.bpe->encoder.unsupported);
        drop(&f);
    }
}

static void byte_level_at_the_end_is_told(void **state) {
    (void)state;
    Fixture f;
    read(&f, "null", BYTE_LEVEL);
    assert_true(f.bytes_last);
    drop(&f);
    read(&f, "null", "{\"type\":\"Digits\"}");
    assert_false(f.bytes_last);
    drop(&f);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pre_tokenizers_cut_as_the_library_does),
        cmocka_unit_test(normalizers_are_applied_in_order),
        cmocka_unit_test(what_is_not_known_is_named),
        cmocka_unit_test(byte_level_at_the_end_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
