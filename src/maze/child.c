/* Child processes by posix_spawn: no shell, so nothing needs quoting, and no fork of a process that may hold gigabytes. Waiting is by polling: the
 * work takes seconds, SIGCHLD belongs to the host program, and the cancel question must be asked meanwhile anyway. */
#include "maze/child.h"
#include "base/file.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

enum { POLL_MS = 100, TERMINATE_POLLS = 50 }; /* a terminated child gets five seconds to clean up, then it is killed */

/* The name of "NAME=value", with its '='. */
static size_t name_length(const char *variable) {
    return strcspn(variable, "=") + 1;
}

static bool is_replaced(const char *variable, const char *const *by) {
    for (; by && *by; by++) {
        if (strncmp(variable, *by, name_length(*by)) == 0) return true;
    }
    return false;
}

/* The caller's environment with `variables` on top; the array is the arena's, the strings are borrowed. */
static const char **make_environment(Arena *arena, const char *const *variables) {
    size_t count = 0, extra = 0;
    while (environ && environ[count]) count++;
    while (variables && variables[extra]) extra++;
    const char **made = ak_new_array(arena, const char *, count + extra + 1);
    if (!made) return NULL;
    size_t at = 0;
    for (size_t i = 0; i < count; i++) {
        if (!is_replaced(environ[i], variables)) made[at++] = environ[i];
    }
    for (size_t i = 0; i < extra; i++) made[at++] = variables[i];
    return made;
}

/* posix_spawn wants `char *const *` and changes nothing: the copy keeps the const where it is ours. */
static char **unconst(Arena *arena, const char *const *strings) {
    size_t count = 0;
    while (strings[count]) count++;
    char **copy = ak_new_array(arena, char *, count + 1);
    for (size_t i = 0; copy && i < count; i++) {
        Str string = ak_arena_str(arena, ak_str(strings[i]));
        if (!string.data) return NULL;
        memcpy(&copy[i], &string.data, sizeof copy[i]);
    }
    return copy;
}

static bool spawn(const Child *child, pid_t *pid, ananke_error *err) {
    Arena arena = ak_arena(NULL);
    const char **variables = make_environment(&arena, child->variables);
    char **argv = unconst(&arena, child->arguments), **envp = variables ? unconst(&arena, variables) : NULL;
    if (!argv || !envp) {
        ak_fail_memory(err, &arena);
        return ak_arena_free(&arena), false;
    }
    posix_spawn_file_actions_t actions;
    int problem = posix_spawn_file_actions_init(&actions);
    if (problem == 0) {
        problem = posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
        if (!problem)
            problem = posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, child->log_path,
                                                       O_WRONLY | O_CREAT | O_TRUNC, 0600);
        if (!problem) problem = posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO);
        if (!problem) problem = posix_spawnp(pid, argv[0], &actions, NULL, argv, envp);
        posix_spawn_file_actions_destroy(&actions);
    }
    ak_arena_free(&arena);
    if (problem == 0) return true;
    if (problem == ENOENT) return ak_fail(err, ANANKE_ERROR_IO, "%s is not installed", child->arguments[0]);
    return ak_fail(err, ANANKE_ERROR_IO, "%s cannot be started: %s", child->arguments[0], strerror(problem));
}

static void sleep_ms(long ms) {
    nanosleep(&(struct timespec){.tv_nsec = ms * 1000000}, NULL);
}

/* Has it ended? A host that ignores SIGCHLD takes the status from us: then it counts as ended without one. */
static bool has_ended(pid_t pid, int *status) {
    pid_t got = waitpid(pid, status, WNOHANG);
    if (got < 0 && errno != EINTR) return *status = -1, true;
    return got == pid;
}

static void terminate(pid_t pid) {
    int status;
    kill(pid, SIGTERM);
    for (int i = 0; i < TERMINATE_POLLS; i++) {
        if (has_ended(pid, &status)) return;
        sleep_ms(POLL_MS);
    }
    kill(pid, SIGKILL);
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR) continue;
}

/* The last line of the log that is not blank, into `line`. */
static void last_line(const char *path, char *line, size_t size) {
    Arena arena = ak_arena(NULL);
    Str rest = ak_str_trim(ak_file_read(&arena, path, 0, NULL)), piece;
    line[0] = '\0';
    while (ak_str_split(&rest, '\n', &piece)) {
        piece = ak_str_trim(piece);
        if (piece.length) snprintf(line, size, "%.*s", STR_ARGS(ak_str_slice(piece, 0, size - 1)));
    }
    ak_arena_free(&arena);
}

static bool judge(const Child *child, int status, ananke_error *err) {
    if (status != -1 && WIFEXITED(status) && WEXITSTATUS(status) == 0) return true;
    char line[400];
    last_line(child->log_path, line, sizeof line);
    const char *name = child->arguments[0];
    if (line[0]) return ak_fail(err, ANANKE_ERROR_BACKEND, "%s: %s", name, line);
    if (status != -1 && WIFSIGNALED(status))
        return ak_fail(err, ANANKE_ERROR_BACKEND, "%s was ended by signal %d", name, WTERMSIG(status));
    return ak_fail(err, ANANKE_ERROR_BACKEND, "%s failed and said nothing", name);
}

bool ak_child_run(const Child *child, const ananke_context *context, ananke_error *err) {
    pid_t pid = 0;
    int status = 0;
    if (!spawn(child, &pid, err)) return false;
    while (!has_ended(pid, &status)) {
        if (ak_is_cancelled(context, err)) return terminate(pid), false;
        if (child->tick) child->tick(child->tick_data);
        sleep_ms(POLL_MS);
    }
    /* Ctrl-C on a terminal reaches the child, too: its end is then the cancelling, not a failure. */
    if (ak_is_cancelled(context, err)) return false;
    return judge(child, status, err);
}
