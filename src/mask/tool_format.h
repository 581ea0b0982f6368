/* How a family of models writes tool calls, as data (formats/README.md): what stands around names and arguments, and what a call begins with. */
#ifndef AK_MASK_TOOL_FORMAT_H
#define AK_MASK_TOOL_FORMAT_H

#include "base/members.h"
#include "mask/marks.h"

/* A text between others: a string, {"regex": …}, or a list of such, one of which it is. */
typedef struct ToolText {
    yyjson_val *value; /* NULL: nothing */
    const char *pointer;
} ToolText;

/* A message, or a part of one, with nothing but text in it. */
typedef struct ToolAside {
    Str begin, end;
    const char *pointer;
} ToolAside;

/* How arguments are written that are no JSON object: parameters by name, `begin` NAME `name_end` VALUE `end`. */
typedef struct ToolParameters {
    Str begin, name_end, end;
    const char *pointer; /* NULL: arguments are JSON */
} ToolParameters;

typedef struct ToolFormat {
    MemberReader reader;
    VEC(Str) triggers; /* one of them begins a call, or, where there is a separator, a list of calls */
    VEC(Str) tokens;   /* those of its marks that are special tokens, where the vocabulary has them */
    const char *triggers_pointer;
    ToolText calls_begin, calls_end, arguments_end;
    Str name_begin;
    ToolText name_tail; /* between the name and what ends it */
    VEC(Str) name_ends; /* one of them stands behind the name */
    ToolParameters parameters;
    Str separator, between;
    VEC(ToolAside) asides; /* any number may come first, in any order */
    Str text_begin;        /* what stands before free text that is the message; empty: nothing */
    bool has_separator;    /* several calls stand in one list, with `separator` between them */
    bool
        has_between; /* several calls may follow each other, each with its trigger, and `between` them where no text may stand */
    bool is_message;     /* a call is the whole message: neither text before it nor behind it */
    bool has_text_after; /* text may stand behind a call, and another call behind that */
} ToolFormat;

/* Reads the format in `value`: the name of a file in formats/, or an object like those in the files. What it borrows of `value` must live as long. */
bool ak_tool_format_read(ToolFormat *self, yyjson_val *value, const char *pointer, Arena *arena, ananke_error *err);
/* A symbol for a text; AK_SYMBOL_FAILED and self->reader.err when it cannot be. */
Symbol ak_tool_text(ToolFormat *self, const Marks *marks, ToolText text);

/* Both behind each other, in the arena; {NULL, 0} when out of memory. */
Str ak_tool_join(Arena *arena, Str head, Str tail);
/* Whether it may be a tool's name: 1 to 64 letters, digits, '_' and '-'. */
bool ak_is_tool_name(Str name);

#endif
