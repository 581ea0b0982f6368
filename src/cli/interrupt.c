/* The one mutable global of the program: a flag that the signal handler sets and `cancelled` polls. */
#include "cli/interrupt.h"
#include "cli/commands.h"
#include <signal.h>
#include <unistd.h>

static volatile sig_atomic_t cli_interrupt_flag;

static void on_signal(int number) {
    (void)number;
    if (cli_interrupt_flag) _exit(EXIT_INTERRUPTED);
    cli_interrupt_flag = 1;
}

void cli_interrupt_catch(void) {
    struct sigaction action = {.sa_handler = on_signal}; /* no SA_RESTART: a read that waits must end */
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    signal(SIGPIPE, SIG_DFL);
}

bool cli_interrupted(void *unused) {
    (void)unused;
    return cli_interrupt_flag != 0;
}
