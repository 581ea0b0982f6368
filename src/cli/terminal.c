/* Standard error is shared by talk, log lines and one progress line at the bottom. The progress line is redrawn at most ten times a second and taken
 * away before anything else is written; the lock keeps threads from writing into each other. */
#include "cli/terminal.h"
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { REDRAW_MS = 100 };

static const char *const escapes[] = {
    [STYLE_PLAIN] = "\033[0m", [STYLE_BOLD] = "\033[1m",     [STYLE_DIM] = "\033[2m",
    [STYLE_GOOD] = "\033[32m", [STYLE_WARNING] = "\033[33m", [STYLE_BAD] = "\033[1;31m",
};

static bool wants_colors(const char *when, bool is_terminal) {
    if (when && strcmp(when, "always") == 0) return true;
    if (when && strcmp(when, "never") == 0) return false;
    const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM");
    return is_terminal && !(no_color && *no_color) && !(term && strcmp(term, "dumb") == 0);
}

void cli_terminal_open(Terminal *terminal, const Args *args) {
    const char *color = args ? cli_args_get(args, "color") : NULL, *log = args ? cli_args_get(args, "log") : NULL;
    *terminal = (Terminal){
        .quiet = args && cli_args_has(args, "quiet"),
        .log_json = log && strcmp(log, "json") == 0,
        .out_is_terminal = isatty(STDOUT_FILENO),
        .err_is_terminal = isatty(STDERR_FILENO),
        .lock = PTHREAD_MUTEX_INITIALIZER,
    };
    terminal->out_colors = wants_colors(color, terminal->out_is_terminal);
    terminal->err_colors = wants_colors(color, terminal->err_is_terminal);
    const char *term = getenv("TERM");
    terminal->has_progress =
        terminal->err_is_terminal && !terminal->quiet && !terminal->log_json && !(term && strcmp(term, "dumb") == 0);
}

const char *cli_style(const Terminal *terminal, FILE *stream, Style style) {
    return (stream == stdout ? terminal->out_colors : terminal->err_colors) ? escapes[style] : "";
}

static void clear_line(Terminal *terminal) {
    if (terminal->line_is_shown) fputs("\r\033[K", stderr);
    terminal->line_is_shown = false;
}

void cli_progress_clear(Terminal *terminal) {
    pthread_mutex_lock(&terminal->lock);
    clear_line(terminal);
    pthread_mutex_unlock(&terminal->lock);
}

void cli_progress_end(Terminal *terminal) {
    pthread_mutex_lock(&terminal->lock);
    clear_line(terminal);
    terminal->has_progress = false;
    pthread_mutex_unlock(&terminal->lock);
}

void cli_say(Terminal *terminal, const char *format, ...) {
    if (terminal->quiet) return;
    va_list arguments;
    va_start(arguments, format);
    pthread_mutex_lock(&terminal->lock);
    clear_line(terminal);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    pthread_mutex_unlock(&terminal->lock);
    va_end(arguments);
}

/* The word "error:" stands at the beginning or behind the place. */
static void print_error(const Terminal *terminal, const char *text) {
    const char *word = strncmp(text, "error:", 6) == 0 ? text : strstr(text, " error: ");
    if (word && *word == ' ') word++;
    if (!word || word > strchr(text, '\n')) word = text;
    size_t marked = strncmp(word, "error:", 6) == 0 ? 6 : 0;
    fprintf(stderr, "%.*s%s%.*s%s%s", (int)(word - text), text, marked ? cli_style(terminal, stderr, STYLE_BAD) : "",
            (int)marked, word, marked ? cli_style(terminal, stderr, STYLE_PLAIN) : "", word + marked);
}

void cli_show_error(Terminal *terminal, const ananke_error *err) {
    char text[2048];
    ananke_error_format(err, text, sizeof text);
    pthread_mutex_lock(&terminal->lock);
    clear_line(terminal);
    print_error(terminal, text);
    pthread_mutex_unlock(&terminal->lock);
}

static Style level_style(ananke_log_level level) {
    return level <= ANANKE_LOG_ERROR ? STYLE_BAD : level == ANANKE_LOG_WARNING ? STYLE_WARNING : STYLE_DIM;
}

void cli_terminal_log(void *data, const ananke_log_record *record) {
    Terminal *terminal = data;
    char line[4096];
    ananke_log_format(record, terminal->log_json, line, sizeof line);
    bool styled = terminal->err_colors && !terminal->log_json;
    pthread_mutex_lock(&terminal->lock);
    clear_line(terminal);
    fprintf(stderr, "%s%s%s\n", styled ? escapes[level_style(record->level)] : "", line,
            styled ? escapes[STYLE_PLAIN] : "");
    pthread_mutex_unlock(&terminal->lock);
}

static int64_t now_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void cli_terminal_progress(void *data, const ananke_progress *progress) {
    Terminal *terminal = data;
    int64_t now = now_ms();
    pthread_mutex_lock(&terminal->lock);
    if (terminal->has_progress && (!terminal->line_is_shown || now - terminal->shown_ms >= REDRAW_MS)) {
        clear_line(terminal);
        const char *dim = cli_style(terminal, stderr, STYLE_DIM), *plain = cli_style(terminal, stderr, STYLE_PLAIN);
        if (progress->total) {
            unsigned percent = (unsigned)((double)progress->done * 100 / (double)progress->total);
            fprintf(stderr, "%s%s: %u %% (%llu of %llu)%s", dim, progress->stage, percent > 100 ? 100 : percent,
                    (unsigned long long)progress->done, (unsigned long long)progress->total, plain);
        } else {
            fprintf(stderr, "%s%s: %llu%s", dim, progress->stage, (unsigned long long)progress->done, plain);
        }
        fflush(stderr);
        terminal->line_is_shown = true, terminal->shown_ms = now;
    }
    pthread_mutex_unlock(&terminal->lock);
}
