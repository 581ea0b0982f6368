/* Tools and formats of their calls: any text gives a program or an error with words, and a program a matcher (try_grammar.h). */
#include "try_grammar.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    return try_grammar(ananke_program_from_tools, data, size);
}
