/* Asking the parser on behalf of an inquiry (inquiry.h). Where stacks are told, what is known by their tops is answered without a step. */
#ifndef AK_MASK_ASK_H
#define AK_MASK_ASK_H

#include "mask/engine.h"
#include "mask/inquiry.h"

/* Where the step from node `number` over the ending leads. False when memory or fuel is spent. */
bool ak_ask_step(Engine *engine, Inquiry *inquiry, uint32_t number, uint32_t ending, Fuel *fuel, InquiryNode *to);
/* Where stacks are told: the path of the node's, until the next is asked for; NULL when memory or fuel is spent. */
TopPath *ak_ask_path(Engine *engine, Inquiry *inquiry, uint32_t number, Fuel *fuel);
/* The node itself; NODE_NONE when memory or fuel is spent. */
ParserNode ak_ask_node(Engine *engine, Inquiry *inquiry, uint32_t number, Fuel *fuel);
/* Whether the text may end at the node. */
bool ak_ask_end(const Engine *engine, const Inquiry *inquiry, uint32_t number);

#endif
