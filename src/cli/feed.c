/* One step: make the mask, look at the token's bit, consume. The clock runs over mask and consume; what an engine in service would not do (checking
 * one against the other) is outside. */
#include "cli/feed.h"
#include "cli/failure.h"
#include "cli/interrupt.h"
#include <stdlib.h>

bool cli_feeder_open(Feeder *feeder, const ananke_vocab *vocab, ananke_error *err) {
    *feeder = (Feeder){.vocab = vocab, .words = ((size_t)ananke_vocab_size(vocab) + 31) / 32};
    feeder->row = calloc(feeder->words ? feeder->words : 1, sizeof *feeder->row);
    return feeder->row || cli_fail_memory(err);
}

void cli_feeder_close(Feeder *feeder) {
    free(feeder->row);
    free(feeder->ids);
    *feeder = (Feeder){0};
}

bool cli_feeder_encode(Feeder *feeder, const char *text, size_t length, ananke_error *err) {
    const uint8_t *bytes = (const uint8_t *)text;
    if (!ananke_vocab_encode(feeder->vocab, bytes, length, feeder->ids, feeder->capacity, &feeder->count, err))
        return false;
    if (feeder->count <= feeder->capacity) return true;
    uint32_t *grown = realloc(feeder->ids, feeder->count * sizeof *grown);
    if (!grown) return cli_fail_memory(err);
    feeder->ids = grown, feeder->capacity = feeder->count;
    return ananke_vocab_encode(feeder->vocab, bytes, length, feeder->ids, feeder->capacity, &feeder->count, err);
}

static bool allows(const Feeder *feeder, uint32_t id) {
    return id / 32 < feeder->words && (feeder->row[id / 32] >> (id % 32) & 1);
}

/* Does the mask that was just made allow the end? */
static bool allows_end(const Feeder *feeder, ananke_matcher *matcher) {
    const uint32_t *eos = NULL;
    size_t count = ananke_vocab_eos(feeder->vocab, &eos);
    if (!count) return ananke_matcher_is_accepting(matcher);
    for (size_t i = 0; i < count; i++) {
        if (allows(feeder, eos[i])) return true;
    }
    return false;
}

static bool contradiction(size_t token, const char *what, ananke_error *err) {
    cli_fail(err, ANANKE_ERROR_REFUSED, "the mask %s token %zu and the matcher does not agree", what, token);
    return cli_hint(err, "this is a bug of the mask engine: please report it with the text");
}

/* One token. `*taken` says whether it was; false on failure. */
static bool step(Feeder *feeder, ananke_matcher *matcher, size_t at, Samples *times, bool *taken, ananke_error *err) {
    uint32_t id = feeder->ids[at];
    double start = cli_clock_us();
    if (!ananke_matcher_fill_mask(matcher, feeder->row, feeder->words, err)) return false;
    ananke_error refusal = {0};
    bool allowed = allows(feeder, id);
    *taken = ananke_matcher_consume(matcher, id, &refusal);
    double end = cli_clock_us();
    if (!*taken && refusal.code != ANANKE_ERROR_REFUSED) return *err = refusal, false;
    if (allowed != *taken) return contradiction(at, allowed ? "allows" : "forbids", err);
    return cli_samples_add(times, end - start) || cli_fail_memory(err);
}

/* The refused token's first byte that cannot be. */
static size_t bytes_until_refusal(const Feeder *feeder, ananke_matcher *matcher, uint32_t id) {
    size_t length = 0;
    const uint8_t *bytes = ananke_vocab_token(feeder->vocab, id, &length);
    ananke_error refusal = {0};
    if (length == 0 || ananke_matcher_consume_bytes(matcher, bytes, length, &refusal)) return 0;
    return refusal.offset < length ? refusal.offset : 0;
}

bool cli_feed(Feeder *feeder, ananke_matcher *matcher, Samples *times, Feed *feed, ananke_error *err) {
    *feed = (Feed){.accepted = true};
    while (feed->accepted && feed->tokens < feeder->count) {
        if (cli_interrupted(NULL)) return cli_fail(err, ANANKE_ERROR_CANCELLED, "interrupted");
        uint32_t id = feeder->ids[feed->tokens];
        if (!step(feeder, matcher, feed->tokens, times, &feed->accepted, err)) return false;
        if (!feed->accepted) {
            feed->refused = id;
            feed->offset += bytes_until_refusal(feeder, matcher, id);
        } else {
            feed->offset += ananke_vocab_decode(feeder->vocab, &id, 1, NULL, 0);
            feed->tokens++;
        }
    }
    if (!feed->accepted) return true;
    if (!ananke_matcher_fill_mask(matcher, feeder->row, feeder->words, err)) return false;
    feed->complete = allows_end(feeder, matcher);
    if (feed->complete != ananke_matcher_is_accepting(matcher))
        return contradiction(feed->tokens, "of the end at", err);
    return true;
}
