/* Formats: texts that have them and texts that do not; formats that are not known are noted. */
#include "../test.h"
#include "mask/json_schema_format.h"
#include <ananke/matcher.h>

enum { TEXTS_MAX = 16 };

/* Bodies of JSON strings. */
static const struct {
    const char *format, *pass[TEXTS_MAX], *fail[TEXTS_MAX];
} cases[] = {
    {"date",
     {"2024-02-29", "2000-02-29", "1999-12-31", "0000-02-29"},
     {"2023-02-29", "1900-02-29", "2023-04-31", "2023-13-01", "2023-1-01", "x2023-01-01", "2023-01-01Z"}},
    {"date-time",
     {"2024-02-29T23:59:59Z", "2024-01-01t00:00:00.123+05:30", "2016-12-31T23:59:60Z"},
     {"2024-01-01T24:00:00Z", "2024-01-01T00:00:00", "2024-01-01 00:00:00Z", "2024-01-01T12:00:60Z"}},
    {"uuid", {"123e4567-e89b-12d3-a456-426614174000"}, {"123e4567e89b12d3a456426614174000"}},
    {"ipv4", {"127.0.0.1", "255.255.255.255"}, {"256.0.0.1", "01.1.1.1", "1.1.1"}},
    {"ipv6",
     {"::", "::1", "1:2:3:4:5:6:7:8", "fe80::1:2", "::ffff:1.2.3.4", "1::"},
     {"1:2:3:4:5:6:7", "1::2::3", "12345::", "1:2:3:4:5:6:7:8:9", ":1"}},
    {"time",
     {"08:30:06Z", "08:30:06.283185-08:00", "23:59:60Z", "23:59:60+00:00"},
     {"08:30:06", "24:00:00Z", "22:59:60Z", "08:30:06 PST", "8:30:06Z"}},
    {"duration",
     {"P4DT12H30M5S", "P1Y2M3D", "PT36H", "P2W", "P0D", "PT1M"},
     {"P", "PT", "P1YT", "P2D1Y", "P1D2H", "P1Y2D", "PT1H2S", "P1Y2W", "PT0.5S", "-P1D"}},
    {"hostname",
     {"localhost", "www.example.com", "1host", "A.b-c.d",
      "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijk.com"},
     {"", ".", "-a", "a-", "a_b", "a..b", "a.", "xn--9n2bp8q", "a.XN--aa", "ab--c",
      "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijkl.com"}},
    {"idn-hostname",
     {"example.com", "\\u5b9f\\u4f8b.jp", "\\ubc14\\ub098\\ub098-2.com", "b\\u00fccher.example",
      "\\u05d0\\u05d1.example"},
     {"a\\u05d0", "0a.\\u05d0", "\\u302e\\uc2e4", "-a", "\\u0300a", "l\\u00b7a", "\\u3002", "A\\u00fc", "xn--a"}},
    {"email",
     {"a.b+c@x-y.org", "\\\"joe bloggs\\\"@example.com", "a@[127.0.0.1]", "a@[IPv6:::1]"},
     {"a@", "@b", "a b@c", "a..b@c", ".a@b", "a@b@c", "a@[256.0.0.1]"}},
    {"idn-email", {"\\uc2e4\\ub840@\\uc2e4\\ub840.\\ud14c\\uc2a4\\ud2b8", "a@b.org"}, {"2962", "a\\uff20b.org", "@b"}},
    {"uri-reference",
     {"", "a/b?c#d", "//x.org/p", "/a", "#f", "http://x.org", "./a:b", "//[v1.a]/"},
     {"\\\\a", "1:b", "//x:y/", "a b", "%zz", "//a@b@c/", "/\\u00e9"}},
    {"iri",
     {"http://\\u0192.\\u00e5/?q=\\u00e9#x", "http://x.org/?\\ue000"},
     {"/a", "http://[::1", "\\u00e9", "http://x y"}},
    {"iri-reference", {"\\u00e9", "//\\u0192/p", ""}, {"#\\\\", "a\\u200e"}},
    {"uri-template",
     {"", "http://x.org/{a:1}/{+b}{?c,d*}", "{a.b}", "{%41}", "\\u00e9"},
     {"{", "{}", "}", "{a,}", "{a:0}", "{a:10000}", "{a b}", "a b", "it's", "{=a}"}},
    {"json-pointer", {"", "/", "/a~1b/~0", "/\\u00e9"}, {"a", "#/", "/~", "/~2", "/a~"}},
    {"relative-json-pointer", {"0", "1/a", "10#", "0/~0"}, {"", "01", "-1", "0##", "1#/a", "0/~", "/a"}},
    {"regex",
     {"", "^[a-zA-Z0-9_-]{3,16}$", "(?=.*\\\\d)[^\\\\]x]+?", "((a|b)*(?:c))?", "a|", "\\\\p{Lu}\\\\u{1F600}",
      "(?<n>a){2}", "[\\\\w.-]\\\\.[]", "\\\\bx\\\\B$"},
     {"(", ")", "a)", "*", "a**", "[", "[z-a]", "a{2,1}", "\\\\1", "(?=a)*", "]", "[!-]]", "(?P<n>a)", "\\\\Z", "a{1",
      "^*"}},
    {"uri",
     {"https://u@x.org:80/a/b?c=d#e", "urn:a:b", "mailto:a@b", "http://[::1]/", "http://[v1.x]"},
     {"//x.org", "http://a b", "x", "http://%zz"}},
};

TEST(formats_hold) {
    IGNORE_STATE;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Arena arena = ak_arena(NULL);
        Exprs exprs;
        assert_true(ak_exprs_init(&exprs, &arena, 100000000));
        Expr expr = ak_json_format(&exprs, &arena, ak_str(cases[i].format));
        if (!expr) fail_msg("%s is not known", cases[i].format);
        ak_exprs_seal(&exprs);
        for (size_t t = 0; t < TEXTS_MAX && cases[i].pass[t]; t++) {
            if (!ak_expr_matches(&exprs, expr, ak_str(cases[i].pass[t])))
                fail_msg("%s refuses %s", cases[i].format, cases[i].pass[t]);
        }
        for (size_t t = 0; t < TEXTS_MAX && cases[i].fail[t]; t++) {
            if (ak_expr_matches(&exprs, expr, ak_str(cases[i].fail[t])))
                fail_msg("%s accepts %s", cases[i].format, cases[i].fail[t]);
        }
        ak_arena_free(&arena);
    }
}

static ananke_program *compile(const char *schema, const ananke_vocab *vocab, bool is_strict, ananke_error *err) {
    ananke_program_options options = {.is_strict = is_strict};
    return ananke_program_from_json_schema(schema, strlen(schema), vocab, &options, err);
}

TEST(formats_that_are_not_known_are_noted) {
    IGNORE_STATE;
    const char *schema =
        "{\"properties\": {\"a/b\": {\"type\": \"string\", \"format\": \"colour\", \"maxLength\": 3}}}";
    ananke_error err = {0};
    size_t count = 0;
    ananke_vocab *bytes = ananke_vocab_load("bytes", NULL, NULL);
    ananke_program *program = compile(schema, bytes, false, &err);
    assert_non_null(program);
    const ananke_unenforced *places = ananke_program_unenforced(program, &count);
    assert_int_equal(count, 1);
    assert_string_equal(places[0].pointer, "#/properties/a~1b/format");
    assert_string_equal(places[0].reason, "the format `colour` is not known");
    ananke_matcher *matcher = ananke_matcher_new(program, NULL);
    assert_true(ananke_matcher_consume_bytes(matcher, (const uint8_t *)"{\"a/b\": \"abc", 12, NULL));
    assert_false(ananke_matcher_consume_bytes(matcher, (const uint8_t *)"d", 1, NULL));
    ananke_matcher_free(matcher);
    ananke_program_free(program);
    assert_null(compile(schema, bytes, true, &err));
    ananke_vocab_free(bytes);
    assert_int_equal(err.code, ANANKE_ERROR_UNSUPPORTED);
    assert_non_null(strstr(err.message, "#/properties/a~1b/format"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(formats_hold),
        cmocka_unit_test(formats_that_are_not_known_are_noted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
