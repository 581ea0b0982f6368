/* tiktoken files: a line `BASE64 RANK` for each token; the rank is the id. The file says nothing of pattern and special tokens: they are told by how
 * many ranks there are (tokenizer_patterns.c). Of an unknown number the tokens are read, without end of text and without encoding. */
#include "vocab/tokenizer.h"
#include "vocab/tokenizer_form.h"
#include "vocab/tokenizer_patterns.h"

typedef struct Reader {
    Arena arena;
    Str text;
    const char *file;
    ananke_error *err;
    VocabDraft draft;
    uint32_t ranks;
} Reader;

static bool fail_at(Reader *reader, const char *at, const char *what) {
    return ak_fail_at(reader->err, ANANKE_ERROR_SYNTAX, reader->file, reader->text, (size_t)(at - reader->text.data),
                      "%s", what);
}

static bool read_rank(Reader *reader, Str text, uint32_t *rank) {
    uint64_t value = 0;
    if (!text.length || text.length > 10) return fail_at(reader, text.data, "a rank is wanted behind the token");
    for (size_t i = 0; i < text.length; i++) {
        if (text.data[i] < '0' || text.data[i] > '9')
            return fail_at(reader, text.data + i, "a rank is wanted behind the token");
        value = value * 10 + (uint64_t)(text.data[i] - '0');
    }
    if (value >= reader->text.length) return fail_at(reader, text.data, "the rank is larger than the file could hold");
    *rank = (uint32_t)value;
    return true;
}

static bool read_line(Reader *reader, Str line) {
    size_t space = ak_str_find_byte(line, ' ', 0);
    if (space == SIZE_MAX) return fail_at(reader, line.data, "not a line of `BASE64 RANK`");
    uint32_t rank = 0;
    if (!read_rank(reader, ak_str_slice(line, space + 1, line.length), &rank)) return false;
    Str bytes = ak_form_base64(ak_str_slice(line, 0, space), &reader->arena);
    if (!ak_arena_ok(&reader->arena)) return ak_fail_memory(reader->err, &reader->arena);
    if (!bytes.length) return fail_at(reader, line.data, "the token is not base64");
    if (rank < reader->draft.tokens.count && reader->draft.tokens.items[rank].bytes.length)
        return fail_at(reader, line.data, "the rank is there twice");
    reader->ranks++;
    return ak_draft_put(&reader->draft, rank, (DraftToken){.bytes = bytes}) ||
           ak_fail_memory(reader->err, &reader->arena);
}

static bool read_lines(Reader *reader) {
    Str rest = reader->text, line;
    while (ak_str_split(&rest, '\n', &line)) {
        if (line.length && line.data[line.length - 1] == '\r') line.length--;
        if (line.length && !read_line(reader, line)) return false;
    }
    return true;
}

static bool add_known(Reader *reader, const TiktokenKind *kind) {
    if (reader->draft.tokens.count < kind->size && !ak_draft_put(&reader->draft, kind->size - 1, (DraftToken){0}))
        return false;
    for (size_t i = 0; i < AK_PATTERN_EOS && kind->ends[i].name; i++) {
        DraftToken end = {.name = ak_str(kind->ends[i].name)};
        if (!ak_draft_put(&reader->draft, kind->ends[i].id, end) || !ak_draft_eos(&reader->draft, kind->ends[i].id))
            return false;
    }
    return true;
}

static bool add_encoder(Reader *reader, ananke_vocab *vocab, const TiktokenKind *kind) {
    Bpe *bpe = ak_bpe_new(vocab);
    if (!bpe) return ak_fail_memory(reader->err, &vocab->arena);
    if (!kind)
        return bpe->encoder.unsupported =
                   "a .tiktoken file with an unknown number of ranks does not say how text is cut",
               true;
    ak_bpe_take_bytes(bpe, vocab);
    if (!ak_pattern_add(ak_pattern_find(ak_str(kind->pattern)), bpe, &vocab->arena, reader->err)) return false;
    bpe->whole_first = true;        /* as tiktoken does */
    bpe->encoder.normals.count = 0; /* and it leaves text as it is */
    return true;
}

static ananke_vocab *read_all(Reader *reader, const ananke_context *context) {
    reader->draft = (VocabDraft){.arena = &reader->arena, .kind = "tiktoken"};
    if (!read_lines(reader)) return NULL;
    const TiktokenKind *kind = ak_tiktoken_find(reader->ranks);
    if (kind && !add_known(reader, kind)) return ak_fail_memory(reader->err, &reader->arena), NULL;
    ananke_vocab *vocab = ak_vocab_new(&reader->draft, context, reader->err);
    if (!vocab) return ak_fail_in(reader->err, reader->file), NULL;
    if (add_encoder(reader, vocab, kind)) return vocab;
    ananke_vocab_free(vocab);
    return NULL;
}

ananke_vocab *ak_tokenizer_tiktoken(Str text, const char *file, const ananke_context *context, ananke_error *err) {
    Reader reader = {.arena = ak_arena(context), .text = text, .file = file, .err = err};
    ananke_vocab *vocab = read_all(&reader, context);
    ak_arena_free(&reader.arena);
    return vocab;
}
