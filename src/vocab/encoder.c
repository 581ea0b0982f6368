/* What all encoders do before their model has its say. */
#include "vocab/encoder.h"
#include "base/utf8.h"

static bool check_text(const Encoder *self, Str text, ananke_error *err) {
    if (self->unsupported)
        return ak_fail(err, ANANKE_ERROR_UNSUPPORTED, "this tokenizer cannot be followed: %s", self->unsupported);
    if (text.length >= INT32_MAX)
        return ak_fail(err, ANANKE_ERROR_LIMIT, "the text has %zu bytes, more than 2 GB", text.length);
    size_t wrong = ak_utf8_invalid(text);
    if (wrong == SIZE_MAX) return true;
    return ak_fail_at(err, ANANKE_ERROR_SYNTAX, NULL, text, wrong, "byte 0x%02X is not UTF-8 here",
                      (uint8_t)text.data[wrong]);
}

static bool unescape_spaces(Pieces *pieces, Arena *scratch, ananke_error *err) {
    static const NormalStep unescape = {.kind = NORMAL_REPLACE, .from = {"\xE2\x96\x81", 3}, .to = {" ", 1}};
    for (size_t i = 0; i < pieces->count; i++) {
        if (!ak_normal_apply(&unescape, &pieces->items[i], scratch, err)) return false;
    }
    return true;
}

bool ak_encoder_run(const Encoder *self, const ananke_vocab *vocab, Str text, Arena *scratch, IdSink *sink,
                    ananke_error *err) {
    Pieces pieces;
    if (!check_text(self, text, err) || !ak_normals_apply(&self->normals, &text, scratch, err)) return false;
    if (!ak_splits_cut(&self->splits, text, scratch, &pieces, err)) return false;
    if (self->escapes_spaces && !unescape_spaces(&pieces, scratch, err)) return false;
    return self->encode(self, vocab, &pieces, scratch, sink, err);
}

void ak_encoder_close(Encoder *self) {
    if (!self) return;
    ak_normals_close(&self->normals);
    ak_splits_close(&self->splits);
}
