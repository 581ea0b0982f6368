/* SentencePiece .model files: a protocol buffer of which only a little is needed.
 *
 *     ModelProto:      1 pieces (repeated SentencePiece), 2 trainer_spec, 3 normalizer_spec
 *     SentencePiece:   1 piece (string), 2 score (float), 3 type (enum, default NORMAL)
 *     TrainerSpec:     3 model_type (1 unigram, 2 BPE, 3 word, 4 char), 24 treat_whitespace_as_suffix, 42 eos_id
 *     NormalizerSpec:  2 precompiled_charsmap (bytes), 3 add_dummy_prefix, 4 remove_extra_whitespaces, 5 escape_whitespaces
 * (https://github.com/google/sentencepiece/blob/master/src/sentencepiece_model.proto; the wire format is https://protobuf.dev's "Encoding".)
 * Text becomes ids as unigram and BPE models have it; the others are vocabularies only. */
#include "vocab/tokenizer.h"
#include "vocab/tokenizer_ranked.h"

enum { WIRE_VARINT = 0, WIRE_64 = 1, WIRE_BYTES = 2, WIRE_32 = 5, MODEL_UNIGRAM = 1, MODEL_BPE = 2 };

/* One field of a message. */
typedef struct Field {
    uint64_t number, value; /* value: of a varint or a fixed number */
    uint32_t wire;
    Str bytes; /* of WIRE_BYTES */
} Field;

typedef struct Reader {
    Arena arena;
    Str data;
    const char *file;
    ananke_error *err;
    RankedPieces pieces;
    uint64_t model_type, eos;
    Str map;                  /* of the normaliser; empty when there is none */
    bool has_own, has_unused; /* pieces of these types */
    bool ends_with_space, keeps_spaces;
} Reader;

static bool fail(Reader *reader, Str rest, const char *what) {
    size_t at = (size_t)(rest.data - reader->data.data);
    ak_fail(reader->err, ANANKE_ERROR_SYNTAX, "SentencePiece: %s, at byte %zu of %zu", what, at, reader->data.length);
    if (reader->err) reader->err->offset = at;
    return ak_fail_in(reader->err, reader->file);
}

static bool read_varint(Str *rest, uint64_t *number) {
    *number = 0;
    for (uint32_t shift = 0; shift < 64 && rest->length; shift += 7) {
        uint8_t byte = (uint8_t)rest->data[0];
        *rest = ak_str_slice(*rest, 1, rest->length);
        *number |= (uint64_t)(byte & 0x7F) << shift;
        if (byte < 0x80) return true;
    }
    return false;
}

static bool read_fixed(Str *rest, size_t size, uint64_t *number) {
    if (rest->length < size) return false;
    *number = 0;
    for (size_t i = size; i-- > 0;) *number = *number << 8 | (uint8_t)rest->data[i];
    *rest = ak_str_slice(*rest, size, rest->length);
    return true;
}

static bool read_bytes(Str *rest, Str *bytes) {
    uint64_t length;
    if (!read_varint(rest, &length) || length > rest->length) return false;
    *bytes = ak_str_slice(*rest, 0, (size_t)length);
    *rest = ak_str_slice(*rest, (size_t)length, rest->length);
    return true;
}

static bool read_field(Reader *reader, Str *rest, Field *field) {
    Str start = *rest;
    uint64_t key;
    *field = (Field){0};
    if (!read_varint(rest, &key)) return fail(reader, start, "a field is cut off");
    field->number = key >> 3, field->wire = key & 7;
    bool done = false;
    switch (field->wire) {
    case WIRE_VARINT: done = read_varint(rest, &field->value); break;
    case WIRE_64: done = read_fixed(rest, 8, &field->value); break;
    case WIRE_32: done = read_fixed(rest, 4, &field->value); break;
    case WIRE_BYTES: done = read_bytes(rest, &field->bytes); break;
    default: return fail(reader, start, "a field has an unknown wire type");
    }
    return done || fail(reader, start, "a field is longer than the file");
}

static bool read_piece(Reader *reader, Str rest) {
    RankedPiece piece = {.key = STR(""), .type = PIECE_NORMAL};
    while (rest.length) {
        Field field;
        if (!read_field(reader, &rest, &field)) return false;
        if (field.number == 1 && field.wire == WIRE_BYTES) piece.key = field.bytes;
        if (field.number == 3 && field.wire == WIRE_VARINT) piece.type = (uint32_t)field.value;
        if (field.number == 2 && field.wire == WIRE_32) {
            uint32_t bits = (uint32_t)field.value;
            memcpy(&piece.score, &bits, sizeof piece.score);
        }
    }
    reader->has_unused |= piece.type == PIECE_UNUSED;
    reader->has_own |= piece.type == PIECE_USER_DEFINED;
    return ak_vec_push(&reader->arena, &reader->pieces.list, piece) || ak_fail_memory(reader->err, &reader->arena);
}

static bool read_trainer(Reader *reader, Str rest) {
    while (rest.length) {
        Field field;
        if (!read_field(reader, &rest, &field)) return false;
        if (field.number == 3 && field.wire == WIRE_VARINT) reader->model_type = field.value;
        if (field.number == 24 && field.wire == WIRE_VARINT) reader->ends_with_space = field.value != 0;
        if (field.number == 42 && field.wire == WIRE_VARINT) reader->eos = field.value;
    }
    return true;
}

static bool read_normalizer(Reader *reader, Str rest) {
    while (rest.length) {
        Field field;
        if (!read_field(reader, &rest, &field)) return false;
        if (field.number == 2 && field.wire == WIRE_BYTES) reader->map = field.bytes;
        if (field.number == 3 && field.wire == WIRE_VARINT) reader->pieces.starts_with_space = field.value != 0;
        if (field.number == 4 && field.wire == WIRE_VARINT) reader->pieces.strips_blanks = field.value != 0;
        if (field.number == 5 && field.wire == WIRE_VARINT) reader->keeps_spaces = field.value == 0;
    }
    return true;
}

static bool read_model(Reader *reader) {
    Str rest = reader->data;
    while (rest.length) {
        Field field;
        if (!read_field(reader, &rest, &field)) return false;
        if (field.wire != WIRE_BYTES) continue;
        if (field.number == 1 && !read_piece(reader, field.bytes)) return false;
        if (field.number == 2 && !read_trainer(reader, field.bytes)) return false;
        if (field.number == 3 && !read_normalizer(reader, field.bytes)) return false;
    }
    return true;
}

static const char *unsupported(Reader *reader) {
    if (reader->has_unused && reader->model_type == MODEL_BPE) return "the SentencePiece model has unused pieces";
    if (reader->model_type != MODEL_BPE && reader->model_type != MODEL_UNIGRAM)
        return "the SentencePiece model is neither BPE nor unigram";
    if (reader->has_own && reader->model_type == MODEL_UNIGRAM)
        return "the SentencePiece model is unigram and has pieces of its user's";
    if (reader->ends_with_space) return "the SentencePiece model puts the space behind the text";
    if (reader->keeps_spaces) return "the SentencePiece model leaves spaces as they are";
    if (!reader->map.length) return NULL;
    if (reader->has_own) return "the SentencePiece model has a normaliser and pieces that it must leave alone";
    return ak_charsmap_open(&reader->pieces.map, reader->map) ? NULL
                                                              : "the SentencePiece model's normaliser is damaged";
}

static ananke_vocab *read_all(Reader *reader, const ananke_context *context) {
    /* The defaults of the fields that may be left out. */
    reader->model_type = 1, reader->eos = 2;
    reader->pieces.starts_with_space = reader->pieces.strips_blanks = reader->pieces.fuses_unknown = true;
    reader->pieces.kind = "sentencepiece";
    if (!read_model(reader)) return NULL;
    reader->pieces.unsupported = unsupported(reader);
    reader->pieces.is_unigram = reader->model_type == MODEL_UNIGRAM;
    bool has_eos =
        reader->eos < reader->pieces.list.count && reader->pieces.list.items[reader->eos].type == PIECE_CONTROL;
    if (has_eos && !ak_vec_push(&reader->arena, &reader->pieces.eos, (uint32_t)reader->eos))
        return ak_fail_memory(reader->err, &reader->arena), NULL;
    ananke_vocab *vocab = ak_ranked_vocab(&reader->pieces, &reader->arena, context, reader->err);
    if (!vocab) ak_fail_in(reader->err, reader->file);
    return vocab;
}

ananke_vocab *ak_tokenizer_sentencepiece(Str data, const char *file, const ananke_context *context, ananke_error *err) {
    Reader reader = {.arena = ak_arena(context), .data = data, .file = file, .err = err};
    ananke_vocab *vocab = read_all(&reader, context);
    ak_arena_free(&reader.arena);
    return vocab;
}
