/* Tool calls of open models: free text, and calls whose name is a tool's and whose arguments are valid under its schema.
 *
 *     {"tools": [...], "tool_choice": "auto", "format": "hermes", "parallel": true}
 *
 * Each tool's schema is read on its own, with pointers that begin at the tool; what stands around names and arguments is the format's
 * (tool_format.h), and where calls may begin in a text is free_text.h's. */
#ifndef AK_MASK_TOOLS_H
#define AK_MASK_TOOLS_H

#include "mask/grammar.h"

bool ak_tools_build(Grammar *grammar, Str text, const char *file, Symbol *start, ananke_error *err);

#endif
