/* JSON spelt as Python's json.dumps(json.loads(text), ensure_ascii=False) spells it: MaskBench's instances are fed in this spelling. */
#ifndef ANANKE_CLI_PYTHON_JSON_H
#define ANANKE_CLI_PYTHON_JSON_H

#include <stddef.h>
#include <yyjson.h>

/* How a text must be read for that: numbers keep their digits. */
#define PYTHON_JSON_READ YYJSON_READ_NUMBER_AS_RAW

/* A NUL-terminated text to be freed; NULL when out of memory. */
char *cli_python_json(yyjson_val *value, size_t *length);

#endif
