/* Limits: how many tokens a lexeme may lie on.
 *
 * Counted are the tokens that have a byte of the pending lexeme; bytes that come from no token do not count, and behind
 * a token that is read as a whole nothing is pending. Where a token ends, the lexemes that have had all of theirs are
 * used up, and the others go on without them. When there are no others the lexeme is cut off: the text so far is taken
 * for any of those that were used up, whether it matches or not, and what may come behind them follows. One whose end must
 * stand in the text (AK_GIVEN_UP) is only given up: what is cut off in its place goes along with it. A token that
 * the grammar left no choice about, byte by byte, uses nothing up: forced texts stay whole. Masks know nothing of limits:
 * a token may go beyond one, and the cut comes behind it. */
#ifndef AK_MASK_LIMIT_H
#define AK_MASK_LIMIT_H

#include "mask/unique.h"

/* `walk` is the way to the point where items must differ (unique.h), and goes along; else NULL. */

/* Moves over bytes; `*tokens`, those that ended in the pending lexeme, is 0 again when a byte begins another, and `*taken`
 * how many bytes were accepted. */
Step ak_limit_move(Engine *engine, Point *point, UniqueWalk *walk, uint32_t *tokens, Str bytes, size_t *taken,
                   Fuel *fuel);
/* Moves over the bytes of a token, counts it, and leaves what it uses up. */
Step ak_limit_take(Engine *engine, Point *point, UniqueWalk *walk, uint32_t *tokens, Str bytes, Fuel *fuel);

#endif
