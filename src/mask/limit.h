/* Limits: how many tokens a lexeme may lie on, or the text of a rule that is a whole grammar.
 *
 * Counted are the tokens that have a byte of it; bytes that come from no token do not count, and behind a token that is read
 * as a whole no lexeme is pending. Where a token ends, the lexemes and the rules' texts that have had all of theirs are
 * used up, and all other readings of the text go on without them. When there are no others they are cut off: the text so far is
 * taken for any of those that were used up, whether it matches or not, and what may come behind them follows; of rules' texts
 * inside of each other the outermost is cut off, and only one in which something is still under way. A lexeme whose end must
 * stand in the text (AK_GIVEN_UP) is only given up: what is cut off in its place goes along with it. A token that
 * the grammar left no choice about, byte by byte, uses nothing up: forced texts stay whole. Masks know nothing of limits:
 * a token may go beyond one, and the cut comes behind it. */
#ifndef AK_MASK_LIMIT_H
#define AK_MASK_LIMIT_H

#include "mask/unique.h"

/* `walk` is the way to the point where items must differ (unique.h), and goes along; else NULL. */

/* `*tokens` is a toll where rules have limits, else the number of tokens that ended in the pending lexeme; 0 at the beginning. */

/* Moves over bytes; `*taken` is how many were accepted. */
Step ak_limit_move(Engine *engine, Point *point, UniqueWalk *walk, uint32_t *tokens, Str bytes, size_t *taken,
                   Fuel *fuel);
/* Moves over the bytes of a token, counts it, and leaves what it uses up. */
Step ak_limit_take(Engine *engine, Point *point, UniqueWalk *walk, uint32_t *tokens, Str bytes, Fuel *fuel);
/* The same with a token that is read as a whole, behind which no item is pending; STEP_DEAD when it is not. */
Step ak_limit_take_whole(Engine *engine, Point *point, uint32_t *tokens, uint32_t token, Fuel *fuel);

#endif
