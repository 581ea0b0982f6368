/* Texts cut at the tokens in them; where several names fit the longest does. */
#include "mask/marks.h"

static bool find_token(const ananke_vocab *vocab, Str name, uint32_t *id) {
    for (size_t i = 0; vocab && i < vocab->name_count; i++) {
        *id = vocab->names[i].id;
        if (ak_str_equal(ak_vocab_name(vocab, &vocab->names[i]), name)) return true;
    }
    return false;
}

size_t ak_marks_token(const Marks *self, Str text) {
    size_t longest = 0;
    uint32_t id;
    for (size_t i = 0; i < self->count; i++) {
        Str name = self->names[i];
        if (name.length > longest && ak_str_starts(text, name) && find_token(self->grammar->vocab, name, &id))
            longest = name.length;
    }
    return longest;
}

size_t ak_marks_find(const Marks *self, Str text) {
    size_t at = 0;
    while (at < text.length && !ak_marks_token(self, ak_str_slice(text, at, text.length))) at++;
    return at;
}

static Symbol token_symbol(const Marks *self, Str name) {
    Grammar *grammar = self->grammar;
    TokenRange *range = ak_new(grammar->arena, TokenRange);
    if (!range || !find_token(grammar->vocab, name, &range->first)) return AK_SYMBOL_FAILED;
    range->last = range->first;
    return ak_grammar_tokens(grammar, name, (TokenSet){range, 1});
}

Symbol ak_marks_symbol(const Marks *self, Str text) {
    Grammar *grammar = self->grammar;
    VEC(Symbol) parts = {0};
    while (text.length) {
        size_t plain = ak_marks_find(self, text), length = plain ? plain : ak_marks_token(self, text);
        Str part = ak_str_slice(text, 0, length);
        Symbol symbol = plain ? ak_grammar_literal(grammar, part) : token_symbol(self, part);
        if (!symbol || !ak_vec_push(grammar->arena, &parts, symbol)) return AK_SYMBOL_FAILED;
        text = ak_str_slice(text, length, text.length);
    }
    return ak_grammar_sequence(grammar, parts.items, parts.count);
}
