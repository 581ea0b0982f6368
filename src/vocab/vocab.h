/* Vocabularies inside: what the mask engine reads of one, and how a loader makes one.
 *
 * A loader gathers tokens in a VocabDraft, calls ak_vocab_new, and hangs an Encoder on the result when it knows how text becomes ids. Once it
 * is handed out a vocabulary never changes, but for the rows and masks that it keeps. Ids 0 … size-1; an id without bytes is special, padding or end of text. */
#ifndef AK_VOCAB_VOCAB_H
#define AK_VOCAB_VOCAB_H

#include "base/file.h"
#include "base/vec.h"
#include "vocab/encoder.h"
#include "vocab/selections.h"
#include "vocab/trie.h"
#include "vocab/views.h"

/* What a special or added token is called: "<|im_end|>". */
typedef struct VocabName {
    uint32_t id;
    uint32_t at, length; /* in `name_text` */
} VocabName;

/* What the engines of the programs on a vocabulary keep with it. The vocabulary knows no more of it than how it goes. */
typedef struct VocabGuest {
    void (*leave)(struct VocabGuest *self);
} VocabGuest;

struct ananke_vocab {
    Arena arena;
    const char *kind; /* static string */
    uint32_t size;    /* ids are 0 … size-1 */
    Trie trie;
    Views views;
    const uint32_t *aliases; /* aliases[id]: next id with the same bytes, AK_TOKEN_NONE at the end */
    const uint32_t *eos;     /* end-of-text ids, the main one first */
    size_t eos_count;
    const char *text;        /* all tokens' bytes, in order of id */
    const uint32_t *offsets; /* token id is text[offsets[id]] … text[offsets[id + 1]] */
    const uint32_t *slots;   /* hash table of the tokens that text may become: id + 1, 0 when free */
    size_t slot_count;       /* a power of two */
    const VocabName *names;  /* in order of id */
    size_t name_count;
    const char *name_text;
    size_t name_bytes;
    Encoder *encoder;             /* NULL: greedy longest match */
    Selections *selections;       /* rows that programs on the vocabulary share */
    _Atomic(VocabGuest *) *guest; /* a place for one; NULL in it: nobody is there */
    FileMap map;                  /* where all the arrays lie when they are a cached file's (vocab_file.h) */
};

typedef struct DraftToken {
    Str bytes;     /* empty: special or padding */
    Str name;      /* of a special or added token, as its file writes it; empty: none */
    bool is_added; /* not one of the model's own: ak_vocab_find does not see it */
} DraftToken;

typedef struct VocabDraft {
    Arena *arena; /* of the lists here; the tokens' bytes are borrowed from wherever they lie */
    const char *kind;
    VEC(DraftToken) tokens;
    VEC(uint32_t) eos;
} VocabDraft;

/* Sets token `id`, making room up to it; earlier ids that were never set stay padding. False when out of memory. The caller bounds ids. */
bool ak_draft_put(VocabDraft *draft, uint32_t id, DraftToken token);
/* Notes an end-of-text id; the second time does nothing. */
bool ak_draft_eos(VocabDraft *draft, uint32_t id);
/* One without tokens, for its maker to fill. NULL when out of memory. */
ananke_vocab *ak_vocab_empty(const ananke_context *context, ananke_error *err);
/* Makes the vocabulary: copies bytes and names, builds trie and table. End-of-text ids lose their bytes: no text stands for them, and one without a
 * name is called by them. */
ananke_vocab *ak_vocab_new(const VocabDraft *draft, const ananke_context *context, ananke_error *err);

/* The model's own token with exactly these bytes; AK_TOKEN_NONE when there is none. */
uint32_t ak_vocab_find(const ananke_vocab *vocab, Str bytes);
static inline Str ak_vocab_name(const ananke_vocab *vocab, const VocabName *name) {
    return (Str){vocab->name_text + name->at, name->length};
}
/* The row, made when need be and shared by all programs; NULL: there is no place for it. Any thread. */
static inline const uint32_t *ak_vocab_select(const ananke_vocab *vocab, SelectionKey key) {
    return ak_selection(vocab->selections, &vocab->views, key, &vocab->arena.allocator);
}
/* The bytes of a token; empty for ids out of range. */
static inline Str ak_vocab_str(const ananke_vocab *vocab, uint32_t id) {
    if (id >= vocab->size) return (Str){0};
    return (Str){vocab->text + vocab->offsets[id], vocab->offsets[id + 1] - vocab->offsets[id]};
}

#endif
