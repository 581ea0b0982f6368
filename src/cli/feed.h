/* Feeding a text to a matcher as if a model had written it: the mask is made at every token and must allow it. */
#ifndef ANANKE_CLI_FEED_H
#define ANANKE_CLI_FEED_H

#include "cli/samples.h"
#include <ananke/matcher.h>

/* What feeding needs again and again; owned, freed by cli_feeder_close. */
typedef struct Feeder {
    const ananke_vocab *vocab; /* borrowed */
    uint32_t *row;             /* one mask */
    size_t words;
    uint32_t *ids; /* the tokens of the text that is fed */
    size_t count, capacity;
} Feeder;

typedef struct Feed {
    bool accepted;    /* every token was allowed */
    bool complete;    /* and the text may end there */
    size_t tokens;    /* taken */
    size_t offset;    /* bytes that were taken; where it was refused, the first byte that cannot be */
    uint32_t refused; /* the token that was not allowed; when !accepted */
} Feed;

bool cli_feeder_open(Feeder *feeder, const ananke_vocab *vocab, ananke_error *err);
void cli_feeder_close(Feeder *feeder);
/* The text's tokens into feeder->ids. */
bool cli_feeder_encode(Feeder *feeder, const char *text, size_t length, ananke_error *err);
/* Feeds them to a matcher at its start, the time of mask and consume per token into `times`. Being refused is a result; false and `err` when a mask
 * could not be made, when mask and consume contradict each other (a bug of the engine), or after Ctrl-C. */
bool cli_feed(Feeder *feeder, ananke_matcher *matcher, Samples *times, Feed *feed, ananke_error *err);

#endif
