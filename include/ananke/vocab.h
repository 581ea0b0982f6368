/* Vocabularies: the tokens of a model as byte strings, their ids, and how text becomes ids.
 *
 * A vocabulary is immutable after loading and may be shared by any number of threads, programs and matchers; it must outlive them all. It keeps, in
 * memory of its allocator, up to 256 rows that the programs on it have in common.
 * Several ids may stand for the same bytes (aliases); ids without text (padding, special tokens) have length 0 here and are allowed by a
 * mask only where the grammar names them, and end-of-text ids where the text may end. */
#ifndef ANANKE_VOCAB_H
#define ANANKE_VOCAB_H

#include <ananke/context.h>
#include <ananke/error.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct ananke_vocab ananke_vocab;

/* Loads a vocabulary. `path` is a Hugging Face tokenizer.json (or a folder that holds one), a .tiktoken file, a SentencePiece .model, a .gguf
 * model, a file that ananke_vocab_save wrote, or the word "bytes": 256 one-byte tokens with ids 0–255 and end of text 256. The kind is told by the
 * content, not by the name. NULL and `err` on failure. Free with ananke_vocab_free. */
ANANKE_API ananke_vocab *ananke_vocab_load(const char *path, const ananke_context *context, ananke_error *err);

/* The same from memory, for all kinds of file. The text may go afterwards. Of a tokenizer.json the files beside it are not known: end of text is what
 * known names tell. */
ANANKE_API ananke_vocab *ananke_vocab_parse(const char *text, size_t length, const ananke_context *context,
                                            ananke_error *err);

/* A vocabulary from the caller's own table: token i has `lengths[i]` bytes at `bytes[i]` (0: special or padding). `eos` lists the end-of-text
 * ids. All is copied. Encoding is greedy longest match, since no merges are known. */
ANANKE_API ananke_vocab *ananke_vocab_from_tokens(const uint8_t *const *bytes, const size_t *lengths, size_t count,
                                                  const uint32_t *eos, size_t eos_count, const ananke_context *context,
                                                  ananke_error *err);
ANANKE_API void ananke_vocab_free(ananke_vocab *vocab);

/* Writes the vocabulary with all its tables to `path`, for ananke_vocab_load to open in a few milliseconds; it then gives the same ids, masks and
 * text. The file appears whole or not at all. It is a cache and not for exchange: another version of the library, or a machine with another byte
 * order, refuses it with ANANKE_ERROR_UNSUPPORTED. A vocabulary that was opened from such a file maps it (memory that does not come from the
 * context's allocator nor count for its limit) until it is freed: replace the file by renaming, as this function does, and never write into it. */
ANANKE_API bool ananke_vocab_save(const ananke_vocab *vocab, const char *path, ananke_error *err);

/* Number of ids, padding included: ids are 0 … size-1. A mask row has (size+31)/32 words. */
ANANKE_API uint32_t ananke_vocab_size(const ananke_vocab *vocab);
/* The kind as read: "bytes", "bpe", "unigram", "wordpiece", "tiktoken", "gguf-bpe", … Static string. */
ANANKE_API const char *ananke_vocab_kind(const ananke_vocab *vocab);
/* End-of-text ids; the first is the main one. Returns how many there are; borrowed. */
ANANKE_API size_t ananke_vocab_eos(const ananke_vocab *vocab, const uint32_t **ids);
/* The bytes of a token, not NUL-terminated; borrowed. Length 0 for special tokens, padding and ids out of range. */
ANANKE_API const uint8_t *ananke_vocab_token(const ananke_vocab *vocab, uint32_t id, size_t *length);
/* What a special or added token is called in the tokenizer's files ("<|im_end|>"), not NUL-terminated; borrowed. NULL and length 0 for all other ids:
 * the names of special tokens are no text, and a text that spells one is not that token. */
ANANKE_API const char *ananke_vocab_special_name(const ananke_vocab *vocab, uint32_t id, size_t *length);
/* The token with that name or, when none has it, the model's own token with exactly these bytes; the lowest id where there are several. False, and
 * `*id` untouched, when there is none. */
ANANKE_API bool ananke_vocab_find(const ananke_vocab *vocab, const char *name, size_t length, uint32_t *id);

/* Text to ids, as the model's own tokenizer does it. No special tokens are put in, and those that the text spells ("<|im_end|>") are plain text.
 * A SentencePiece-like tokenizer puts a space before the text: decoding gives it back. The text must be UTF-8 unless tokens are bytes. Writes up to `capacity` ids and sets `*count` to how many the text
 * has (call with capacity 0 to ask). False with ANANKE_ERROR_UNSUPPORTED when this kind of tokenizer cannot be followed exactly. */
ANANKE_API bool ananke_vocab_encode(const ananke_vocab *vocab, const uint8_t *text, size_t length, uint32_t *ids,
                                    size_t capacity, size_t *count, ananke_error *err);
/* Ids to bytes: concatenates the tokens' bytes. Writes up to `capacity` bytes, returns the whole length. Ids without bytes give none. */
ANANKE_API size_t ananke_vocab_decode(const ananke_vocab *vocab, const uint32_t *ids, size_t count, uint8_t *bytes,
                                      size_t capacity);

#ifdef __cplusplus
}
#endif
#endif
