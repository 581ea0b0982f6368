/* Free text in which something else may begin: any UTF-8 up to a trigger, and behind that what the trigger demands.
 *
 * A trigger is a fixed text, "<tool_call>", or a special token with or without text behind it. It is taken where it first is, so free text has no
 * trigger in it that is not followed by its body, and a trigger that is a token is not spelled out in free text either. */
#ifndef AK_MASK_FREE_TEXT_H
#define AK_MASK_FREE_TEXT_H

#include "mask/marks.h"

typedef struct Trigger {
    Str text;
    Symbol body; /* what must stand behind it */
} Trigger;

typedef struct FreeText {
    const Marks *marks;
    const Trigger *triggers;
    size_t count;
} FreeText;

/* Whether each trigger can be met. An error begins with `pointer` and the trigger's index. */
bool ak_free_text_check(const FreeText *self, const char *pointer, ananke_error *err);

/* These are AK_SYMBOL_FAILED when memory or fuel has run out. */
/* Text without a trigger in it; it may be empty. */
Symbol ak_free_text_plain(const FreeText *self);
/* Text that does not begin with a trigger; it may be empty. */
Symbol ak_free_text_unlike(const FreeText *self);
/* A trigger and its body, with free text before it, and at once. */
Symbol ak_free_text_then(const FreeText *self);
Symbol ak_free_text_trigger(const FreeText *self);

#endif
