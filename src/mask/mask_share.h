/* Masks by way of the commons (commons.h): those that another grammar's engine has worked out, and those that others may have. */
#ifndef AK_MASK_MASK_SHARE_H
#define AK_MASK_MASK_SHARE_H

#include "mask/mask_walk.h"

/* Whether its masks may come to other grammars: then they are told by their questions alone, by nothing that is the grammar's as a whole. */
static inline bool ak_share_is_open(const Engine *engine) {
    return !ak_pushdown_tells_stacks(&engine->pushdown);
}
/* The mask, which is then the engine's, with what it was worked out from; 0 when the commons have none. Any thread. */
uint32_t ak_share_find(Engine *engine, WalkRoom *room, uint32_t view, Part part, Point point, Fuel *fuel);
/* Notes that the mask under the key, a node's and ak_mask_key, is for the commons, unless there are too many that wait. False when out of memory. The writer. */
bool ak_share_note(Engine *engine, uint64_t key);
/* Puts those that were noted into the commons when the states that they were worked out from are common. That may take as long as working them out: it is for
 * the time when nobody waits for a mask. Any thread. */
void ak_share_offer(Engine *engine);

#endif
