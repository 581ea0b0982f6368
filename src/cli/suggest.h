/* "Did you mean": the known word that is nearest to a mistyped one. */
#ifndef ANANKE_CLI_SUGGEST_H
#define ANANKE_CLI_SUGGEST_H

#include <stddef.h>

typedef struct Suggestion {
    const char *word; /* what was typed */
    const char *best; /* the nearest so far; NULL: none is near enough */
    size_t best_distance;
} Suggestion;

/* Considers one more known word, borrowed. Near enough: at most a third of the typed letters are wrong, and one always may be. A transposition
 * counts as one. */
void cli_suggest(Suggestion *suggestion, const char *known);

#endif
