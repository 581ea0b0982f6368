/* Cells are kept in one growing array, row after row; widths are counted in code points, near enough to columns for what we print. Control bytes in
 * a cell (a file's name may hold any) are shown as `?`. The last column is not padded. */
#include "cli/table.h"
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

typedef struct Cell {
    char *text; /* owned */
    Style style;
} Cell;

struct Table {
    const char *alignment; /* borrowed */
    size_t columns;
    Cell *cells;
    size_t count, capacity;
    bool failed; /* out of memory: cells are missing */
};

Table *cli_table_new(const char *alignment, const char *const *headings) {
    Table *table = calloc(1, sizeof *table);
    if (!table) return NULL;
    table->alignment = alignment, table->columns = strlen(alignment);
    for (size_t i = 0; headings && i < table->columns; i++) cli_table_add_styled(table, STYLE_BOLD, "%s", headings[i]);
    return table;
}

void cli_table_free(Table *table) {
    if (!table) return;
    for (size_t i = 0; i < table->count; i++) free(table->cells[i].text);
    free(table->cells);
    free(table);
}

static void add(Table *table, Style style, const char *format, va_list arguments) {
    if (!table || table->failed) return;
    if (table->count == table->capacity) {
        size_t capacity = table->capacity ? table->capacity * 2 : 64;
        Cell *cells = realloc(table->cells, capacity * sizeof *cells);
        if (!cells) {
            table->failed = true;
            return;
        }
        table->cells = cells, table->capacity = capacity;
    }
    char text[1024];
    vsnprintf(text, sizeof text, format, arguments);
    for (char *at = text; *at; at++) {
        if ((unsigned char)*at < ' ' || *at == 127) *at = '?';
    }
    char *copy = strdup(text);
    if (copy) table->cells[table->count++] = (Cell){copy, style};
    else table->failed = true;
}

void cli_table_add(Table *table, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    add(table, STYLE_PLAIN, format, arguments);
    va_end(arguments);
}

void cli_table_add_styled(Table *table, Style style, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    add(table, style, format, arguments);
    va_end(arguments);
}

static size_t width(const char *text) {
    size_t count = 0;
    for (; *text; text++) count += ((unsigned char)*text & 0xC0) != 0x80;
    return count;
}

static size_t column_width(const Table *table, size_t column) {
    size_t widest = 0;
    for (size_t i = column; i < table->count; i += table->columns) {
        size_t found = width(table->cells[i].text);
        if (found > widest) widest = found;
    }
    return widest;
}

static void print_cell(const Cell *cell, bool right, size_t wanted, bool is_last, const Terminal *terminal,
                       FILE *stream) {
    size_t taken = width(cell->text);
    int blanks = wanted > taken ? (int)(wanted - taken) : 0;
    if (right) fprintf(stream, "%*s", blanks, "");
    if (cell->style == STYLE_PLAIN) fputs(cell->text, stream);
    else
        fprintf(stream, "%s%s%s", cli_style(terminal, stream, cell->style), cell->text,
                cli_style(terminal, stream, STYLE_PLAIN));
    if (!right && !is_last) fprintf(stream, "%*s", blanks, "");
    fputs(is_last ? "\n" : "  ", stream);
}

bool cli_table_print(const Table *table, const Terminal *terminal, FILE *stream) {
    if (!table) return false;
    size_t *widths = calloc(table->columns, sizeof *widths);
    if (!widths) return false;
    for (size_t column = 0; column < table->columns; column++) widths[column] = column_width(table, column);
    for (size_t i = 0; i < table->count; i++) {
        size_t column = i % table->columns;
        print_cell(&table->cells[i], table->alignment[column] == 'r', widths[column], column + 1 == table->columns,
                   terminal, stream);
    }
    free(widths);
    return !table->failed;
}
