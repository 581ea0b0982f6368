/* Matchers: one generation in progress. A matcher has one owner at a time; different matchers of one program may be used by different threads at once.
 *
 * A mask row is an array of 32-bit words, bit i%32 of word i/32 set when token i may come next: (vocabulary size + 31) / 32 words. */
#ifndef ANANKE_MATCHER_H
#define ANANKE_MATCHER_H

#include <ananke/context.h>
#include <ananke/error.h>
#include <ananke/program.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct ananke_matcher ananke_matcher;

/* A mask without copying it. Borrowed: good until the matcher is called again; masks with one id are equal. */
typedef struct ananke_mask {
    uint64_t id;         /* never another mask's of the same program; 0 after an end-of-text token */
    const uint32_t *row; /* (size+31)/32 words; NULL when so few tokens are allowed that they are listed: */
    const uint32_t *ids; /* in no order, each once; NULL when there is a row */
    uint32_t count;      /* of the ids */
} ananke_mask;

typedef enum ananke_stop_reason {
    ANANKE_STOP_NONE = 0,  /* running */
    ANANKE_STOP_EOS,       /* an end-of-text token was consumed */
    ANANKE_STOP_EXHAUSTED, /* the text is complete and nothing can follow */
    ANANKE_STOP_ERROR, /* a budget ran out, or nothing can follow and the suffix does not fit; ananke_matcher_error says which */
    ANANKE_STOP_TOKENS /* the text has as many tokens as it may (max_tokens of a container): it was cut off */
} ananke_stop_reason;

/* A part of the text that a rule with a name, rule[capture], stands for, without its suffix or stop; or that, if it has a name: stop_capture. */
typedef struct ananke_capture {
    const char *name; /* not NUL-terminated; borrowed from the program */
    size_t name_length;
    size_t offset, length; /* bytes of the text so far, as ananke_vocab_decode gives it */
} ananke_capture;

/* NULL and `err` when out of memory. Free with ananke_matcher_free. The program must outlive the matcher. */
ANANKE_API ananke_matcher *ananke_matcher_new(const ananke_program *program, ananke_error *err);
/* An independent copy at the same place; may be given to another thread. */
ANANKE_API ananke_matcher *ananke_matcher_fork(const ananke_matcher *matcher, ananke_error *err);
ANANKE_API void ananke_matcher_free(ananke_matcher *matcher);
/* Back to the start; always possible, also after an error. */
ANANKE_API void ananke_matcher_reset(ananke_matcher *matcher);

/* A rule with [max_tokens=9] is cut off behind the token that is its last, and what comes behind it follows; steps without a token do not count for
 * it. A text of which a container says "max_tokens" ends behind so many steps, as by an end-of-text token. */

/* Writes the mask of the next token into `row` (`words` must be at least (size+31)/32; the rest is cleared). End-of-text ids are set when the text
 * may end here. After the end only end-of-text ids are set. */
ANANKE_API bool ananke_matcher_fill_mask(ananke_matcher *matcher, uint32_t *row, size_t words, ananke_error *err);
/* The same mask where the engine keeps it, which costs no copy: for a sampler that looks at a few tokens only, or a device that has seen it before. */
ANANKE_API bool ananke_matcher_mask(ananke_matcher *matcher, ananke_mask *mask, ananke_error *err);
/* Takes one token. An end-of-text id ends the text where it may end; else a token that the grammar names (<name>, <[5]>) is that token where it may
 * come, and any other is its text. False with ANANKE_ERROR_REFUSED when the mask does not allow it; the matcher is then as it was before. */
ANANKE_API bool ananke_matcher_consume(ananke_matcher *matcher, uint32_t token, ananke_error *err);
/* Takes bytes that come from no token (a prefix, forced text) and are text, never a token that the grammar names; they count as one step for ananke_matcher_rollback. All or nothing; on refusal
 * err->offset is the first byte that cannot be. */
ANANKE_API bool ananke_matcher_consume_bytes(ananke_matcher *matcher, const uint8_t *bytes, size_t length,
                                             ananke_error *err);
/* How many of the tokens would be accepted one after the other; the matcher does not move. */
ANANKE_API size_t ananke_matcher_validate(ananke_matcher *matcher, const uint32_t *tokens, size_t count);
/* Undoes the last `steps` consumed tokens. False (and nothing undone) when there were fewer. */
ANANKE_API bool ananke_matcher_rollback(ananke_matcher *matcher, size_t steps, ananke_error *err);

/* Says that a text is there already behind the one that is written, which so fills a hole; what is before it is consumed as bytes. From now on, also
 * after ananke_matcher_reset and in forks, the text may end exactly where text and suffix are a whole text together: end-of-text tokens, is_accepting, forced bytes and
 * completion go by that. That another token is allowed still means only that what has been written goes on somehow, not that the suffix can fit in the
 * end; ananke_matcher_completion finds a text up to it. ANANKE_ERROR_REFUSED when it is certain that it fits behind no text that may follow, which is looked for a little
 * only; ANANKE_ERROR_UNSUPPORTED for grammars that count tokens or have arrays whose items differ. The matcher is then as it was. The bytes are copied; length 0: there is none. */
ANANKE_API bool ananke_matcher_set_suffix(ananke_matcher *matcher, const uint8_t *bytes, size_t length,
                                          ananke_error *err);

/* May the text end here? */
ANANKE_API bool ananke_matcher_is_accepting(ananke_matcher *matcher);
ANANKE_API ananke_stop_reason ananke_matcher_stop_reason(ananke_matcher *matcher);
/* The error that stopped the matcher, NULL while there is none; borrowed. */
ANANKE_API const ananke_error *ananke_matcher_error(const ananke_matcher *matcher);
/* What may come next, for people: a comma-separated list of terminal names and literals. Written as snprintf does; returns the whole length. */
ANANKE_API size_t ananke_matcher_expected(ananke_matcher *matcher, char *buffer, size_t size);
/* The bytes that must come next, whatever they are followed by: none where there is a choice, or where the text may end. Written like
 * ananke_matcher_expected, but they may hold any byte: go by the length. */
ANANKE_API size_t ananke_matcher_forced(ananke_matcher *matcher, uint8_t *buffer, size_t size);
/* The temperature that the grammar wants the next token to be sampled with ([temperature=0.7] on a rule): the highest of those of the lexemes that
 * may have begun here or, when what has begun cannot get longer, may come next. False, and `*temperature` untouched, where none is said, or 0. */
ANANKE_API bool ananke_matcher_temperature(ananke_matcher *matcher, float *temperature);
/* The captures of the text so far, in the order in which they end: of one derivation of the text where it may end here, else of one of its beginning,
 * and then only those that are complete. Of several derivations it is the same one every time. Ignored text in front of a part does not belong to
 * it. Writes up to `capacity` of them and returns how many there are; SIZE_MAX when memory or steps ran out. The text is read again for this: it takes
 * time in proportion to its length, or more where the grammar is ambiguous. */
ANANKE_API size_t ananke_matcher_captures(ananke_matcher *matcher, ananke_capture *captures, size_t capacity);
/* A short text that completes what was begun, "" when the text may end here: written like ananke_matcher_expected. The matcher does not move.
 * SIZE_MAX when none was found within the budget, or a token has to come that is no text. */
ANANKE_API size_t ananke_matcher_completion(ananke_matcher *matcher, uint8_t *buffer, size_t size);

#ifdef __cplusplus
}
#endif
#endif
