/* Ctrl-C and SIGTERM: the first asks the running call to stop (`cancelled` of the context), the second ends the program at once. */
#ifndef ANANKE_CLI_INTERRUPT_H
#define ANANKE_CLI_INTERRUPT_H

#include <stdbool.h>

/* From here on both signals are caught; reads that wait are interrupted. SIGPIPE ends the program quietly, whatever was inherited. */
void cli_interrupt_catch(void);
/* Has one come? Fits ananke_context.cancelled. */
bool cli_interrupted(void *unused);

#endif
