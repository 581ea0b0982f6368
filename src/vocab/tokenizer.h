/* The loaders: one for each kind of file, all from memory. `file` names the file in errors (NULL: none); its content may go when they return. */
#ifndef AK_VOCAB_TOKENIZER_H
#define AK_VOCAB_TOKENIZER_H

#include "vocab/vocab.h"

/* The files that may lie beside a tokenizer.json and say more; each empty when there is none. */
typedef struct TokenizerBeside {
    Str tokenizer_config;  /* tokenizer_config.json: eos_token */
    Str generation_config; /* generation_config.json: eos_token_id */
    Str config;            /* config.json: eos_token_id, vocab_size (padding) */
} TokenizerBeside;

ananke_vocab *ak_tokenizer_json(Str text, const TokenizerBeside *beside, const char *file,
                                const ananke_context *context, ananke_error *err);
ananke_vocab *ak_tokenizer_tiktoken(Str text, const char *file, const ananke_context *context, ananke_error *err);
ananke_vocab *ak_tokenizer_gguf(Str data, const char *file, const ananke_context *context, ananke_error *err);
ananke_vocab *ak_tokenizer_sentencepiece(Str data, const char *file, const ananke_context *context, ananke_error *err);

/* Any of them, told by the content. */
ananke_vocab *ak_vocab_load_memory(Str content, const TokenizerBeside *beside, const char *file,
                                   const ananke_context *context, ananke_error *err);

#endif
