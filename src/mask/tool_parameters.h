/* Arguments of tool calls that are no JSON object: the parameters by name, in the order of the schema's properties, each with its value (formats/README.md).
 *
 *     <parameter=city>\nParis\n</parameter>\n
 *
 * A value that may be a string is free text up to the parameter's end, one of the texts where the schema lists them; any other is JSON. What the schema
 * says of such a text, or of the object as a whole, is left out and noted. */
#ifndef AK_MASK_TOOL_PARAMETERS_H
#define AK_MASK_TOOL_PARAMETERS_H

#include "mask/tool_format.h"

/* `*arguments` is the symbol for what the schema at `pointer` allows. */
bool ak_tool_parameters(const ToolParameters *how, const Marks *marks, yyjson_val *schema, const char *pointer,
                        Symbol *arguments, ananke_error *err);

#endif
