/* Any bytes as a JSON Schema, spaced by their number: refused with an error, or compiled; then what it completes to must be JSON, unless x-guidance has
 * separators of its own. */
#include <ananke/matcher.h>
#include <stdlib.h>
#include <yyjson.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void verify(bool good) {
    if (!good) abort();
}

static void complete(const ananke_program *program, bool must_be_json) {
    uint8_t text[4096];
    ananke_matcher *matcher = ananke_matcher_new(program, NULL);
    if (!matcher) return;
    size_t length = ananke_matcher_completion(matcher, text, sizeof text);
    if (must_be_json && length > 0 && length < sizeof text) {
        yyjson_doc *doc = yyjson_read((const char *)text, length, 0);
        verify(doc);
        yyjson_doc_free(doc);
    }
    ananke_matcher_free(matcher);
}

static bool is_guided(const uint8_t *data, size_t size) {
    yyjson_doc *doc = yyjson_read((const char *)data, size, 0);
    bool found = yyjson_obj_get(yyjson_doc_get_root(doc), "x-guidance");
    yyjson_doc_free(doc);
    return found;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size > 1 << 14) return 0;
    ananke_vocab *bytes = ananke_vocab_load("bytes", NULL, NULL);
    ananke_context context = {.memory_limit = 64 << 20};
    const ananke_json_options json = {.whitespace = (ananke_json_whitespace)(size % (ANANKE_JSON_FREE + 1)),
                                      .indent = 1,
                                      .order = (ananke_json_order)(size / (ANANKE_JSON_FREE + 1) % 2)};
    const ananke_program_options options = {.context = &context, .fuel = 300000, .json = &json};
    ananke_error err = {0};
    ananke_program *program =
        bytes ? ananke_program_from_json_schema((const char *)data, size, bytes, &options, &err) : NULL;
    if (program) complete(program, !is_guided(data, size));
    else verify(!bytes || (err.code != ANANKE_OK && err.message[0]));
    ananke_program_free(program);
    ananke_vocab_free(bytes);
    return 0;
}
