/* The "normalizer" and "pre_tokenizer" of a tokenizer.json as steps of an encoder. */
#ifndef AK_VOCAB_TOKENIZER_RULES_H
#define AK_VOCAB_TOKENIZER_RULES_H

#include "base/json.h"
#include "vocab/encoder.h"

/* Adds the steps to `encoder`, in `arena`. A step that is not known sets its `unsupported`; false and `err` only when memory runs out. `bytes_last`
 * says whether the pre-tokenizer ends in ByteLevel. */
bool ak_rules_read(Encoder *encoder, Arena *arena, yyjson_val *normalizer, yyjson_val *pre_tokenizer, bool *bytes_last,
                   ananke_error *err);

#endif
