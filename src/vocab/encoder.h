/* Encoders: how text becomes ids.
 *
 * Text is checked (UTF-8), normalised and cut into pieces, the same way for every model; a model then makes ids of the pieces, each on its own.
 * What cannot be followed exactly is named in `unsupported`: the vocabulary is good for masks all the same. Special and added tokens are plain
 * text here. An encoder lives in its vocabulary's arena and is immutable once built. */
#ifndef AK_VOCAB_ENCODER_H
#define AK_VOCAB_ENCODER_H

#include "vocab/tokenizer_normal.h"
#include "vocab/tokenizer_split.h"
#include <ananke/vocab.h>

/* Where encoded ids go: all are counted, those that fit are written. */
typedef struct IdSink {
    uint32_t *ids;
    size_t capacity, count;
} IdSink;

static inline void ak_ids_put(IdSink *sink, uint32_t id) {
    if (sink->count < sink->capacity) sink->ids[sink->count] = id;
    sink->count++;
}

typedef enum EncoderModel { ENCODER_BPE, ENCODER_UNIGRAM, ENCODER_WORDS } EncoderModel;

typedef struct Encoder Encoder;
struct Encoder {
    EncoderModel model; /* which struct this is the head of */
    /* Appends the pieces' ids; `scratch` is for what is needed meanwhile. */
    bool (*encode)(const Encoder *self, const ananke_vocab *vocab, const Pieces *pieces, Arena *scratch, IdSink *sink,
                   ananke_error *err);
    const char *unsupported; /* why text cannot be encoded exactly; NULL when it can */
    Normals normals;
    Splits splits;
    bool escapes_spaces; /* U+2581 in the normalised text stands for a space in tokens */
};

/* Encodes a whole text. */
bool ak_encoder_run(const Encoder *self, const ananke_vocab *vocab, Str text, Arena *scratch, IdSink *sink,
                    ananke_error *err);
/* Gives back what is not in the arena. NULL is allowed. */
void ak_encoder_close(Encoder *self);

#endif
