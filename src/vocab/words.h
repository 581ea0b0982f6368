/* Models that take pieces of text for words: WordPiece and WordLevel.
 *
 * WordPiece takes the longest token that the word begins with, then the longest one that goes on within a word (written "##ing"), and so on; a word
 * that does not come out even is the unknown token as a whole. WordLevel knows whole words only. */
#ifndef AK_VOCAB_WORDS_H
#define AK_VOCAB_WORDS_H

#include "vocab/vocab.h"

typedef struct Words {
    Encoder encoder;  /* first: Words are an Encoder */
    Trie starts;      /* tokens that a word may begin with */
    Trie rests;       /* tokens that go on within a word; none: WordLevel */
    uint32_t unknown; /* AK_TOKEN_NONE when there is none */
    uint32_t longest; /* characters of the longest word that is looked at; longer ones are unknown */
} Words;

/* An encoder for `vocab`, which owns it from now on: WordLevel without words. NULL when out of memory. */
Words *ak_words_new(ananke_vocab *vocab);
/* Sets the tokens, by id; what is empty is none. The tries are built in `arena`. */
bool ak_words_set(Words *words, Arena *arena, const Str *starts, const Str *rests, uint32_t count, ananke_error *err);

#endif
