/* What differs from other writers: ", " and ": " between things; integers of any size keep their digits; floats are repr(float): the shortest digits
 * that read back as the same number, an exponent below 1e-4 and from 1e16 on, ".0" behind whole ones; of equal keys the last value stands at the
 * first one's place; everything but quote, backslash and control bytes is written as it is.
 *
 * The shortest digits come from yyjson's writer; here they are only arranged. */
#include "cli/python_json.h"
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DIGITS_MAX = 32 };

/* A number as 0.d1d2d3… × 10^point: its digits without leading or trailing zeros, and where the point stands. */
typedef struct Digits {
    char digits[DIGITS_MAX];
    int count, point;
} Digits;

static Digits take_apart(const char *shortest) {
    Digits d = {.count = 0};
    int before = 0;
    bool behind_point = false, started = false;
    const char *at = shortest;
    for (; *at && *at != 'e' && *at != 'E'; at++) {
        if (*at == '.') behind_point = true;
        if (*at < '0' || *at > '9') continue;
        started = started || *at != '0';
        if (!behind_point && started) before++;
        if (behind_point && !started) before--;
        if (started && d.count < DIGITS_MAX) d.digits[d.count++] = *at;
    }
    while (d.count > 1 && d.digits[d.count - 1] == '0') d.count--;
    d.point = before + (*at ? (int)strtol(at + 1, NULL, 10) : 0);
    return d;
}

static void put_zeros(FILE *out, int count) {
    while (count-- > 0) fputc('0', out);
}

static void put_digits(FILE *out, const Digits *d) {
    int exponent = d->point - 1;
    if (exponent < -4 || exponent >= 16) {
        fputc(d->digits[0], out);
        if (d->count > 1) fprintf(out, ".%.*s", d->count - 1, d->digits + 1);
        fprintf(out, "e%c%02d", exponent < 0 ? '-' : '+', abs(exponent));
    } else if (d->point <= 0) {
        fputs("0.", out);
        put_zeros(out, -d->point);
        fprintf(out, "%.*s", d->count, d->digits);
    } else if (d->point >= d->count) {
        fprintf(out, "%.*s", d->count, d->digits);
        put_zeros(out, d->point - d->count);
        fputs(".0", out);
    } else {
        fprintf(out, "%.*s.%.*s", d->point, d->digits, d->count - d->point, d->digits + d->point);
    }
}

static bool put_float(FILE *out, double number) {
    if (signbit(number)) fputc('-', out);
    number = fabs(number);
    if (isinf(number)) return fputs("Infinity", out) != EOF;
    if (number == 0) return fputs("0.0", out) != EOF;
    yyjson_val value = {0}; /* its tag also carries a format */
    yyjson_set_real(&value, number);
    char *shortest = yyjson_val_write(&value, YYJSON_WRITE_NOFLAG, NULL);
    if (!shortest) return false;
    Digits digits = take_apart(shortest);
    free(shortest);
    put_digits(out, &digits);
    return true;
}

/* Python reads digits alone as an int (so that -0 is 0), anything with a point or an exponent as a float. */
static bool put_number(FILE *out, const char *raw) {
    if (strpbrk(raw, ".eE")) return put_float(out, strtod(raw, NULL));
    return fputs(strcmp(raw, "-0") == 0 ? "0" : raw, out) != EOF;
}

static void put_string(FILE *out, yyjson_val *string) {
    static const char shorts[] = "\"\"\\\\\bb\ff\nn\rr\tt";
    const char *text = yyjson_get_str(string);
    size_t length = yyjson_get_len(string);
    fputc('"', out);
    for (size_t i = 0; i < length; i++) {
        const char *escape = text[i] ? strchr(shorts, text[i]) : NULL;
        bool is_special = escape && (unsigned char)text[i] < 128 &&
                          (text[i] == '"' || text[i] == '\\' || (unsigned char)text[i] < ' ');
        if (is_special) fprintf(out, "\\%c", escape[1]);
        else if ((unsigned char)text[i] < ' ') fprintf(out, "\\u%04x", (unsigned char)text[i]);
        else fputc(text[i], out);
    }
    fputc('"', out);
}

static bool put_value(FILE *out, yyjson_val *value);

/* The value of the last member with the same key as the one at `from`; NULL when an earlier member has that key. */
static yyjson_val *value_of_key(yyjson_val *object, yyjson_val *from) {
    yyjson_val *last = NULL;
    size_t index, count;
    yyjson_val *key, *value;
    yyjson_obj_foreach(object, index, count, key, value) {
        if (yyjson_get_len(key) != yyjson_get_len(from) ||
            memcmp(yyjson_get_str(key), yyjson_get_str(from), yyjson_get_len(key)) != 0)
            continue;
        if (!last && key != from) return NULL;
        last = value;
    }
    return last;
}

static bool put_object(FILE *out, yyjson_val *object) {
    size_t index, count;
    yyjson_val *key, *unused;
    bool first = true;
    fputc('{', out);
    yyjson_obj_foreach(object, index, count, key, unused) {
        (void)unused;
        yyjson_val *value = value_of_key(object, key);
        if (!value) continue;
        if (!first) fputs(", ", out);
        first = false;
        put_string(out, key);
        fputs(": ", out);
        if (!put_value(out, value)) return false;
    }
    return fputc('}', out) != EOF;
}

static bool put_array(FILE *out, yyjson_val *array) {
    size_t index, count;
    yyjson_val *item;
    fputc('[', out);
    yyjson_arr_foreach(array, index, count, item) {
        if (index) fputs(", ", out);
        if (!put_value(out, item)) return false;
    }
    return fputc(']', out) != EOF;
}

static bool put_value(FILE *out, yyjson_val *value) {
    if (yyjson_is_obj(value)) return put_object(out, value);
    if (yyjson_is_arr(value)) return put_array(out, value);
    if (yyjson_is_str(value)) return put_string(out, value), true;
    if (yyjson_is_raw(value)) return put_number(out, yyjson_get_raw(value));
    return fputs(yyjson_is_true(value) ? "true" : yyjson_is_false(value) ? "false" : "null", out) != EOF;
}

char *cli_python_json(yyjson_val *value, size_t *length) {
    char *text = NULL;
    FILE *out = open_memstream(&text, length);
    if (!out) return NULL;
    bool done = put_value(out, value) && !ferror(out);
    if (fclose(out) == 0 && done) return text;
    free(text);
    return NULL;
}
