/* Patterns by name. They are those of the models' own tokenizer.json (or of tiktoken), not the paraphrases that llama.cpp's smaller regex engine
 * needs. tests/compat compares them with the real tokenizers. */
#include "vocab/tokenizer_patterns.h"

#define CONTRACTIONS "(?i:'s|'t|'re|'ve|'m|'ll|'d)"
#define TAIL "\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+"
#define WORDS "[^\\r\\n\\p{L}\\p{N}]?\\p{L}+"
#define SYMBOLS " ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*"
#define CASED(end)                                                                                  \
    "[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]*[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]+" end \
    "|[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]+[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]*" end
#define GPT2 "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+"
#define CJK "[\xE4\xB8\x80-\xE9\xBE\xA5\xE3\x81\x80-\xE3\x82\x9F\xE3\x82\xA0-\xE3\x83\xBF]+"
#define DEEPSEEK3                                                                                       \
    "[!\"#$%&'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~][A-Za-z]+|[^\\r\\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+" \
    "| ?[\\p{P}\\p{S}]+[\\r\\n]*|" TAIL

const char ak_pattern_gpt2[] = GPT2;

static const TokenizerPattern patterns[] = {
    {" gpt-2 phi-2 olmo jais mpt ", {GPT2}, false, false},
    {" smollm starcoder refact codeshell command-r exaone ", {"\\p{N}", GPT2}, false, false},
    {" llama3 llama-v3 llama-bpe falcon3 pixtral lfm2 ",
     {CONTRACTIONS "|" WORDS "|\\p{N}{1,3}|" SYMBOLS "|" TAIL},
     true,
     false},
    {" cl100k dbrx smaug-bpe chatglm-bpe ", {CONTRACTIONS "|" WORDS "|\\p{N}{1,3}|" SYMBOLS "|" TAIL}, false, false},
    {" glm4 ", {CONTRACTIONS "|" WORDS "|\\p{N}{1,3}|" SYMBOLS "|" TAIL}, true, false},
    {" qwen2 deepseek-r1-qwen megrez ", {CONTRACTIONS "|" WORDS "|\\p{N}|" SYMBOLS "|" TAIL}, false, true},
    {" stablelm2 ", {CONTRACTIONS "|" WORDS "|\\p{N}|" SYMBOLS "|" TAIL}, false, false},
    {" gpt-4o llama4 o200k ",
     {CASED(CONTRACTIONS "?") "|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|" TAIL},
     false,
     false},
    {" tekken ", {CASED("") "|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|" TAIL}, true, false},
    {" deepseek-v3 ", {"\\p{N}{1,3}", CJK, DEEPSEEK3}, false, false},
};

static const TiktokenKind tiktokens[] = {
    {50256, 50257, "gpt-2", {{50256, "<|endoftext|>"}}},     /* r50k_base, gpt2 */
    {50280, 50281, "gpt-2", {{50256, "<|endoftext|>"}}},     /* p50k_base */
    {100256, 100277, "cl100k", {{100257, "<|endoftext|>"}}}, /* cl100k_base: GPT-3.5, GPT-4 */
    {128000,
     128256,
     "llama3",
     {{128001, "<|end_of_text|>"}, {128009, "<|eot_id|>"}, {128008, "<|eom_id|>"}}}, /* Llama 3 */
    {151643, 151669, "qwen2", {{151645, "<|im_end|>"}, {151643, "<|endoftext|>"}}},  /* Qwen */
    {199998, 200019, "o200k", {{199999, "<|endoftext|>"}}},                          /* o200k_base: GPT-4o and later */
};

const TokenizerPattern *ak_pattern_find(Str name) {
    for (size_t i = 0; i < sizeof patterns / sizeof *patterns; i++) {
        Str rest = ak_str(patterns[i].names), piece;
        while (ak_str_split(&rest, ' ', &piece)) {
            if (piece.length && ak_str_equal(piece, name)) return &patterns[i];
        }
    }
    return NULL;
}

bool ak_pattern_add(const TokenizerPattern *pattern, Bpe *bpe, Arena *arena, ananke_error *err) {
    for (size_t i = 0; i < AK_PATTERN_STEPS && pattern->steps[i]; i++) {
        if (!ak_splits_add(&bpe->encoder.splits, arena, ak_str(pattern->steps[i]), false, SPLIT_ISOLATED, false, err))
            return false;
    }
    bpe->whole_first = pattern->whole_first;
    if (!pattern->composes) return true;
    return ak_vec_push(arena, &bpe->encoder.normals, (NormalStep){.kind = NORMAL_NFC}) || ak_fail_memory(err, arena);
}

const TiktokenKind *ak_tiktoken_find(uint32_t ranks) {
    for (size_t i = 0; i < sizeof tiktokens / sizeof *tiktokens; i++) {
        if (tiktokens[i].ranks == ranks) return &tiktokens[i];
    }
    return NULL;
}
