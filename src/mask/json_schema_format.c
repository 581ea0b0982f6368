/* Formats as patterns: each is the grammar of the document that defines it, or, where that leaves room or cannot be regular, a part of it that every
 * validator takes. Never more: what is accepted has the format. */
#include "mask/json_schema_format.h"
#include "mask/json_schema_pattern.h"

#define YEAR_MONTH_DAY                                                                                                                \
    "(?:[0-9]{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)|02-(?:0[1-9]|1[0-9]|2[0-8]))" \
    "|(?:[0-9]{2}(?:0[48]|[2468][048]|[13579][26])|(?:[02468][048]|[13579][26])00)-02-29)"
#define HOUR_MINUTE "(?:[01][0-9]|2[0-3]):[0-5][0-9]"
#define OFFSET "(?:[Zz]|[+-]" HOUR_MINUTE ")"
#define FULL_TIME "(?:" HOUR_MINUTE ":[0-5][0-9](?:\\.[0-9]+)?" OFFSET "|23:59:60(?:\\.[0-9]+)?[Zz])"
#define BYTE "(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"
#define IPV4 BYTE "(?:\\." BYTE "){3}"
#define WORD16 "[0-9A-Fa-f]{1,4}"
#define LAST32 "(?:" WORD16 ":" WORD16 "|" IPV4 ")"
#define IPV6                                                                                                         \
    "(?:(?:" WORD16 ":){6}" LAST32 "|::(?:" WORD16 ":){5}" LAST32 "|(?:" WORD16 ")?::(?:" WORD16 ":){4}" LAST32      \
    "|(?:(?:" WORD16 ":){0,1}" WORD16 ")?::(?:" WORD16 ":){3}" LAST32 "|(?:(?:" WORD16 ":){0,2}" WORD16              \
    ")?::(?:" WORD16 ":){2}" LAST32 "|(?:(?:" WORD16 ":){0,3}" WORD16 ")?::" WORD16 ":" LAST32 "|(?:(?:" WORD16      \
    ":){0,4}" WORD16 ")?::" LAST32 "|(?:(?:" WORD16 ":){0,5}" WORD16 ")?::" WORD16 "|(?:(?:" WORD16 ":){0,6}" WORD16 \
    ")?::)"
#define LABEL "[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
#define HOST LABEL "(?:\\." LABEL "){0,7}"
#define ATOM "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
#define PCT "%[0-9A-Fa-f]{2}"
#define PCHAR "(?:[A-Za-z0-9._~!$&'()*+,;=:@-]|" PCT ")"
#define AUTHORITY                                                                                        \
    "(?:(?:[A-Za-z0-9._~!$&'()*+,;=:-]|" PCT ")*@)?(?:\\[" IPV6 "\\]|(?:[A-Za-z0-9._~!$&'()*+,;=-]|" PCT \
    ")*)(?::[0-9]*)?"
#define URI_TAIL "(?:\\?(?:" PCHAR "|[/?])*)?(?:#(?:" PCHAR "|[/?])*)?"
#define URI_PATH "(?://" AUTHORITY "(?:/" PCHAR "*)*|/(?:" PCHAR "+(?:/" PCHAR "*)*)?|" PCHAR "+(?:/" PCHAR "*)*|)"

/* Each is the format's own grammar; where a specification leaves room (hostname, email) a part of it that every validator takes. */
static const struct {
    const char *name, *pattern;
} formats[] = {
    {"date", "^" YEAR_MONTH_DAY "$"},
    {"time", "^" FULL_TIME "$"},
    {"date-time", "^" YEAR_MONTH_DAY "[Tt]" FULL_TIME "$"},
    {"uuid", "^[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}$"},
    {"ipv4", "^" IPV4 "$"},
    {"ipv6", "^" IPV6 "$"},
    {"hostname", "^" HOST "$"},
    {"email", "^" ATOM "(?:\\." ATOM ")*@" HOST "$"},
    {"uri", "^[A-Za-z][A-Za-z0-9+.-]*:" URI_PATH URI_TAIL "$"},
};

Expr ak_json_format(Exprs *exprs, Arena *arena, Str format) {
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
        if (ak_str_equal(format, ak_str(formats[i].name)))
            return ak_json_pattern(exprs, arena, ak_str(formats[i].pattern), NULL);
    }
    return AK_EXPR_FAILED;
}
