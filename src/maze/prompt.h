/* The prompt: what the model is told before it writes.
 *
 *   system  what to write, and the rules of the code base as advice (short: a small model gets lost in long ones)
 *   user    the file it is written for, cut to what the window holds, then the intent
 *   answer  begun with the fence of a code block, so that the model is in the middle of code
 *
 * Roles come from the model's chat template. Text from outside (file, intent, rules) never becomes a special token. */
#ifndef AK_MAZE_PROMPT_H
#define AK_MAZE_PROMPT_H

#include "maze/llama_backend.h"
#include <ananke/ir.h>

typedef struct PromptOrder {
    const char *intent;
    const ananke_ir *ir; /* NULL: the intent alone, no code block */
    const char *in_file; /* NULL: none */
    uint32_t max_tokens; /* of the answer, which must fit, too */
    const ananke_context *context;
} PromptOrder;

typedef struct Prompt {
    TokenIds tokens;
    const char *roles; /* where the roles came from: static string */
    size_t file_bytes; /* of the context file */
    size_t file_used;  /* of those, in the prompt */
} Prompt;

bool ak_prompt_make(Prompt *prompt, Arena *arena, const LlamaModel *model, const PromptOrder *order, ananke_error *err);

#endif
