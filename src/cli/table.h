/* Tables for people: columns as wide as their widest cell, two blanks between them, a heading when there is one. */
#ifndef ANANKE_CLI_TABLE_H
#define ANANKE_CLI_TABLE_H

#include "cli/terminal.h"

typedef struct Table Table;

/* `alignment` has a letter per column, `l` or `r`; `headings` as many strings, or NULL. NULL when out of memory; the other functions take that. */
Table *cli_table_new(const char *alignment, const char *const *headings);
void cli_table_free(Table *table);
/* Adds a cell at the end of the last row, formatted; a row that is full ends by itself. */
void cli_table_add(Table *table, const char *format, ...) ANANKE_PRINTF(2, 3);
/* The same, shown in a style. */
void cli_table_add_styled(Table *table, Style style, const char *format, ...) ANANKE_PRINTF(3, 4);
/* False when the table ran out of memory on the way: what is printed is not whole. */
bool cli_table_print(const Table *table, const Terminal *terminal, FILE *stream);

#endif
