/* Pieces: the tokens that begin with one byte, as a mask for the point behind it.
 *
 * Behind "(" or "," there mostly is one state of the lexer, wherever in a text that is, and what the parser answers there is
 * the same in many places. So punctuation's tokens are found or recalled as masks are (mask_find.h), and walked through
 * once for all masks that have them. */
#ifndef AK_MASK_MASK_PIECE_H
#define AK_MASK_MASK_PIECE_H

#include "mask/mask_walk.h"

/* Puts the tokens that begin with `byte`, where the point path[0] is: by their piece, or by a plain walk when they are
 * few, or of too many kinds. */
Outcome ak_piece_walk(Walk *self, uint8_t byte);
/* Works out the piece that the walk's part says, for the point behind its byte in `state`. */
Outcome ak_piece_fill(Walk *self, DfaState state);

#endif
