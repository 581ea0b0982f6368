/* Looking words up, from their start. */
#include "vocab/words.h"
#include "base/utf8.h"

/* The ids of a word go into `ids`, of which it has at most one a byte. 0 when it does not come out even. */
static size_t take_apart(const Words *words, Str word, uint32_t *ids) {
    size_t count = 0;
    for (size_t at = 0, length; at < word.length; at += length) {
        const Trie *trie = at ? &words->rests : &words->starts;
        length = ak_trie_longest(trie, ak_str_slice(word, at, word.length), &ids[count]);
        if (!length) return 0;
        count++;
    }
    return count;
}

static bool put_word(const Words *words, Str word, uint32_t *ids, IdSink *sink, ananke_error *err) {
    size_t count = ak_utf8_count(word) > words->longest ? 0 : take_apart(words, word, ids);
    for (size_t i = 0; i < count; i++) ak_ids_put(sink, ids[i]);
    if (count || !word.length) return true;
    if (words->unknown == AK_TOKEN_NONE)
        return ak_fail(err, ANANKE_ERROR_UNSUPPORTED,
                       "the vocabulary has neither the word \"%.*s\" nor an unknown token",
                       word.length < 40 ? (int)word.length : 40, word.data);
    return ak_ids_put(sink, words->unknown), true;
}

static bool encode(const Encoder *self, const ananke_vocab *vocab, const Pieces *pieces, Arena *scratch, IdSink *sink,
                   ananke_error *err) {
    (void)vocab;
    size_t longest = 0;
    for (size_t i = 0; i < pieces->count; i++) {
        if (pieces->items[i].length > longest) longest = pieces->items[i].length;
    }
    uint32_t *ids = ak_new_array(scratch, uint32_t, longest);
    if (!ids) return ak_fail_memory(err, scratch);
    for (size_t i = 0; i < pieces->count; i++) {
        if (!put_word((const Words *)self, pieces->items[i], ids, sink, err)) return false;
    }
    return true;
}

Words *ak_words_new(ananke_vocab *vocab) {
    Words *words = ak_new(&vocab->arena, Words);
    if (!words) return NULL;
    words->encoder = (Encoder){.model = ENCODER_WORDS, .encode = encode};
    words->unknown = AK_TOKEN_NONE;
    words->longest = UINT32_MAX;
    vocab->encoder = &words->encoder;
    return words;
}

bool ak_words_set(Words *words, Arena *arena, const Str *starts, const Str *rests, uint32_t count, ananke_error *err) {
    Arena scratch = {.allocator = arena->allocator, .limit = SIZE_MAX};
    uint32_t *aliases = ak_new_array(&scratch, uint32_t, count);
    bool done = aliases ? ak_trie_build(&words->starts, arena, starts, count, aliases, err) &&
                              ak_trie_build(&words->rests, arena, rests, count, aliases, err)
                        : ak_fail_memory(err, &scratch);
    ak_arena_free(&scratch);
    return done;
}
