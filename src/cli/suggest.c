/* Optimal string alignment distance, over three rows of a table. Words longer than the rows are never suggested: nobody types those by mistake. */
#include "cli/suggest.h"
#include <stdint.h>
#include <string.h>

enum { LONGEST = 32 };

static size_t least(size_t a, size_t b) {
    return a < b ? a : b;
}

static size_t distance(const char *a, size_t a_length, const char *b, size_t b_length) {
    size_t rows[3][LONGEST + 1];
    for (size_t j = 0; j <= b_length; j++) rows[0][j] = j;
    for (size_t i = 1; i <= a_length; i++) {
        size_t *row = rows[i % 3], *above = rows[(i + 2) % 3], *before = rows[(i + 1) % 3];
        row[0] = i;
        for (size_t j = 1; j <= b_length; j++) {
            row[j] = least(least(above[j], row[j - 1]) + 1, above[j - 1] + (a[i - 1] != b[j - 1]));
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                row[j] = least(row[j], before[j - 2] + 1);
        }
    }
    return rows[a_length % 3][b_length];
}

void cli_suggest(Suggestion *suggestion, const char *known) {
    size_t length = strlen(suggestion->word), known_length = strlen(known);
    if (length == 0 || length > LONGEST || known_length > LONGEST) return;
    size_t found = distance(suggestion->word, length, known, known_length);
    if (found > (length < 3 ? 1 : length / 3)) return;
    if (suggestion->best && found >= suggestion->best_distance) return;
    suggestion->best = known, suggestion->best_distance = found;
}
