/* Structural tags: text with tags in it, each with its schema, and what is wrong with them. */
#include "mask/structural_tags.h"
#include "unit/mask/marks_fixture.h"

#define TAG_OF(begin, schema, end) "{\"begin\": \"" begin "\", \"schema\": " schema ", \"end\": \"" end "\"}"
#define A TAG_OF("<f=a>", "{\"type\": \"integer\"}", "</f>")
#define B TAG_OF("<f=b>", "{\"type\": \"boolean\"}", "</f>")
#define C TAG_OF("[c]", "{\"const\": \"x\"}", "")
#define D TAG_OF("<call>", "{\"type\": \"integer\"}", "<tag>")

static ananke_vocab *vocab;

static int open_vocab(void **state) {
    IGNORE_STATE;
    vocab = open_marks_vocab();
    return vocab ? 0 : -1;
}

static int close_vocab(void **state) {
    IGNORE_STATE;
    ananke_vocab_free(vocab);
    return 0;
}

static ananke_program *compile(const char *text, ananke_error *err) {
    return ananke_program_from_structural_tags(text, strlen(text), vocab, NULL, err);
}

TEST(tags_stand_in_text) {
    IGNORE_STATE;
    static const struct {
        const char *text;
        bool good;
    } rows[] = {{"", true},
                {"a < b <f c", true},
                {"a <f=a>12</f> b <f=b>true</f><f=a>0</f>", true},
                {"x[c]\"x\"y[c]\"x\"", true},
                {"a <f=", false},
                {"a <f=c>", false},
                {"a <f=a>true</f>", false},
                {"a <f=b>true", false},
                {"[c]x", false},
                {"[", true}};
    ananke_error err = {0};
    ananke_program *program = compile("{\"type\": \"structural_tag\", \"structures\": [" A ", " B ", " C
                                      "], \"triggers\": [\"<f=\", \"[c]\"]}",
                                      &err);
    if (!program) fail_msg("%s", err.message);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (accepts_marked(program, rows[i].text) != rows[i].good) fail_msg("%s", rows[i].text);
    }
    ananke_program_free(program);
}

TEST(marks_may_be_tokens) {
    IGNORE_STATE;
    ananke_program *program =
        compile("{\"structures\": [" D "], \"triggers\": [\"<call>\"], \"tokens\": [\"<call>\", \"<tag>\"]}", NULL);
    assert_non_null(program);
    assert_true(accepts_marked(program, "a@12$b"));
    assert_false(accepts_marked(program, "a@12<tag>b"));
    assert_false(accepts_marked(program, "a<call>12$b"));
    ananke_program_free(program);
}

TEST(a_tag_may_have_several_schemas) {
    IGNORE_STATE;
    ananke_program *program = compile("{\"structures\": [" TAG_OF("<a>", "{\"const\": 1}", "!") ", " TAG_OF(
                                          "<a>", "{\"const\": 22}", "?") "], "
                                                                         "\"triggers\": [\"<\"]}",
                                      NULL);
    assert_non_null(program);
    assert_true(accepts_marked(program, "<a>1!<a>22?"));
    assert_false(accepts_marked(program, "<a>1?"));
    ananke_program_free(program);
}

TEST(errors_have_the_pointer) {
    IGNORE_STATE;
    static const struct {
        const char *text, *message;
    } rows[] = {
        {"5", "#: what describes tags is to be an object"},
        {"{\"structures\": []}", "#: there are no \"structures\""},
        {"{\"structures\": {}}", "#/structures: the tags are a list"},
        {"{\"structures\": [5]}", "#/structures/0: a tag is to be an object"},
        {"{\"structures\": [{\"begin\": \"a\"}]}",
         "#/structures/0: a tag has \"begin\", which is not empty, and \"schema\""},
        {"{\"structures\": [{\"begins\": \"a\"}]}", "#/structures/0: the member 'begins' is not supported"},
        {"{\"structures\": [" A "]}", "#/structures/0/begin: no trigger begins it"},
        {"{\"structures\": [" A "], \"triggers\": 5}", "#/triggers: the triggers are a list"},
        {"{\"structures\": [" A "], \"triggers\": [5]}", "#/triggers: this is to be a string"},
        {"{\"structures\": [" A "], \"triggers\": [\"<f\", \"<f\"]}", "#/triggers/1: this trigger is there twice"},
        {"{\"structures\": [" A "], \"triggers\": [\"<f\"], \"tokens\": 1}", "#/tokens: the tokens are a list"},
        {"{\"type\": \"object\"}", "#/type: the type is to be 'structural_tag'"},
        {"{\"structures\": [" A ", " TAG_OF("<f=a>>", "true", "") "], \"triggers\": [\"<f\"]}",
         "#/structures/1/begin: the tag 0 has a beginning of it as its own"},
        {"{\"structures\": [" A ", " TAG_OF("<f", "{\"type\": 5}", "") "], \"triggers\": [\"<f\"]}",
         "#/structures/0/begin: the tag 1 has a beginning of it as its own"},
        {"{\"structures\": [" A ", " TAG_OF("<g", "{\"type\": 5}", "") "], \"triggers\": [\"<\"]}",
         "JSON Schema: #/structures/1/schema"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        ananke_error err = {0};
        assert_null(compile(rows[i].text, &err));
        if (strncmp(err.message, rows[i].message, strlen(rows[i].message)) != 0)
            fail_msg("%s: %s", rows[i].text, err.message);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tags_stand_in_text),
        cmocka_unit_test(marks_may_be_tokens),
        cmocka_unit_test(a_tag_may_have_several_schemas),
        cmocka_unit_test(errors_have_the_pointer),
    };
    return cmocka_run_group_tests(tests, open_vocab, close_vocab);
}
