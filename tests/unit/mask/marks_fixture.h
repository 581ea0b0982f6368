/* What tests of texts with special tokens share: single bytes, the special token <call>, the added token <tag>, which is text too, and the end of text. */
#ifndef AK_TEST_MARKS_FIXTURE_H
#define AK_TEST_MARKS_FIXTURE_H

#include "unit/test.h"
#include "vocab/vocab.h"
#include <ananke/matcher.h>

enum { CALL = 256, TAG = 257, EOS = 258 };

static inline ananke_vocab *open_marks_vocab(void) {
    static uint8_t singles[256];
    Arena arena = ak_arena(NULL);
    VocabDraft draft = {.arena = &arena, .kind = "tokens"};
    for (uint32_t id = 0; id < 256; id++) {
        singles[id] = (uint8_t)id;
        assert_true(ak_draft_put(&draft, id, (DraftToken){.bytes = {(const char *)&singles[id], 1}}));
    }
    assert_true(ak_draft_put(&draft, CALL, (DraftToken){.name = STR("<call>"), .is_added = true}));
    DraftToken tag = {.bytes = STR("<tag>"), .name = STR("<tag>"), .is_added = true};
    assert_true(ak_draft_put(&draft, TAG, tag));
    assert_true(ak_draft_put(&draft, EOS, (DraftToken){.name = STR("<end>"), .is_added = true}));
    assert_true(ak_draft_eos(&draft, EOS));
    ananke_vocab *vocab = ak_vocab_new(&draft, NULL, NULL);
    assert_non_null(vocab);
    ak_arena_free(&arena);
    return vocab;
}

/* Whether the program accepts a text in which `@` stands for <call> and `$` for <tag>. */
static inline bool accepts_marked(const ananke_program *program, const char *text) {
    ananke_matcher *matcher = ananke_matcher_new(program, NULL);
    assert_non_null(matcher);
    bool ok = true;
    for (const char *at = text; ok && *at; at++) {
        uint32_t token = *at == '@' ? CALL : *at == '$' ? TAG : (uint8_t)*at;
        ok = ananke_matcher_consume(matcher, token, NULL);
    }
    ok = ok && ananke_matcher_is_accepting(matcher);
    ananke_matcher_free(matcher);
    return ok;
}

#endif
