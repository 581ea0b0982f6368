/* The manual page ananke(1), in mdoc, made from the table of commands. */
#ifndef ANANKE_CLI_MANUAL_H
#define ANANKE_CLI_MANUAL_H

void cli_manual_print(void);

#endif
