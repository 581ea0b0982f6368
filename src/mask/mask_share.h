/* Masks by way of the commons (commons.h): those that another grammar's engine has worked out, and those that others may have. */
#ifndef AK_MASK_MASK_SHARE_H
#define AK_MASK_MASK_SHARE_H

#include "mask/mask_walk.h"

/* The mask, which is then the engine's, with what it was worked out from; 0 when the commons have none. Any thread. */
uint32_t ak_share_find(Engine *engine, WalkRoom *room, uint32_t view, Part part, Point point, Fuel *fuel);
/* Puts a mask that was just worked out there, into the commons, when the states that it was worked out from are common. Any thread. */
void ak_share_offer(Engine *engine, WalkRoom *room, uint32_t view, Part part, Point point, uint32_t mask, Fuel *fuel);

#endif
