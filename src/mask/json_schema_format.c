/* Formats as patterns: each is the grammar of the document that defines it, or, where that leaves room or is not regular, a part of it that every
 * validator takes. Never more: what is accepted has the format. */
#include "mask/json_schema_format.h"
#include "base/buf.h"
#include "mask/json_schema_pattern.h"

/* Stands in a pattern for a part of the table below, as a group. */
#define PART(name) "\1" name "\2"

/* ---- RFC 3339: dates with the days that their months have, leap seconds in UTC only */

#define YEAR_MONTH_DAY                                                                                                                \
    "(?:[0-9]{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)|02-(?:0[1-9]|1[0-9]|2[0-8]))" \
    "|(?:[0-9]{2}(?:0[48]|[2468][048]|[13579][26])|(?:[02468][048]|[13579][26])00)-02-29)"
#define HOUR_MINUTE "(?:[01][0-9]|2[0-3]):[0-5][0-9]"
#define OFFSET "(?:[Zz]|[+-]" HOUR_MINUTE ")"
#define FULL_TIME "(?:" HOUR_MINUTE ":[0-5][0-9](?:\\.[0-9]+)?" OFFSET "|23:59:60(?:\\.[0-9]+)?(?:[Zz]|[+-]00:00))"
#define SECONDS "[0-9]+S"
#define MINUTES "[0-9]+M(?:" SECONDS ")?"
#define TIME_SPAN "T(?:[0-9]+H(?:" MINUTES ")?|" MINUTES "|" SECONDS ")"
#define DAYS "[0-9]+D"
#define MONTHS "[0-9]+M(?:" DAYS ")?"
#define DURATION "P(?:(?:[0-9]+Y(?:" MONTHS ")?|" MONTHS "|" DAYS ")(?:" TIME_SPAN ")?|" TIME_SPAN "|[0-9]+W)"

/* ---- addresses */

#define HEX "[0-9A-Fa-f]"
#define BYTE "(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"
#define IPV4 BYTE "(?:\\." BYTE "){3}"
#define WORD16 HEX "{1,4}"
#define LAST32 WORD16 ":" WORD16 "|" IPV4
#define IPV6                                                                                                   \
    "(?:(?:" WORD16                                                                                            \
    ":){6}" PART("last32") "|::(?:" WORD16 ":){5}" PART("last32") "|(?:" WORD16 ")?::(?:" WORD16 ":){4}" PART( \
        "last32") "|(?:(?:" WORD16 ":){0,1}" WORD16 ")?::(?:" WORD16                                           \
                  ":){3}" PART("last32") "|(?:(?:" WORD16 ":){0,2}" WORD16 ")?::(?:" WORD16 ":){2}" PART(      \
                      "last32") "|(?:(?:" WORD16 ":){0,3}" WORD16 ")?::" WORD16                                \
                                ":" PART("last32") "|(?:(?:" WORD16 ":){0,4}" WORD16                           \
                                                   ")?::" PART("last32") "|(?:(?:" WORD16 ":){0,5}" WORD16     \
                                                                         ")?::" WORD16 "|(?:(?:" WORD16        \
                                                                         ":){0,6}" WORD16 ")?::)"

/* Names of hosts, but for those whose labels are Punycode, which only a decoder can judge: none has dashes at its third and fourth place. */
#define LABEL "[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
#define HOST "(?=.{1,253}$)(?!(?:.*\\.)?[^.]{2}--)" LABEL "(?:\\." LABEL ")*"

/* Labels of letters that IDNA 2008 lets stand anywhere and that no normalization changes, so few of them that they fit into 63 bytes of Punycode. Where
 * one is written from the right, all must begin with a letter (RFC 5893). */
#define LATIN \
    "a-z0-9\\u00DF-\\u00F6\\u00F8-\\u00FF\\u0105\\u0107\\u010D\\u0119\\u011F\\u0142\\u0144\\u0159\\u015B\\u015F\\u0161\\u017A\\u017C\\u017E"
#define GREEK "a-z0-9\\u03AC-\\u03CE"
#define CYRILLIC "a-z0-9\\u0430-\\u045F"
#define HAN "a-z0-9\\u3005\\u3041-\\u3096\\u30A1-\\u30FA\\u30FC\\u4E00-\\u9FFF"
#define HANGUL "a-z0-9\\uAC00-\\uD7A3"
#define NATIVE(letters, more) "[" letters "](?:-?[" letters "]){0," more "}"
#define U_LABEL                                                                                                   \
    "(?:" NATIVE(LATIN, "12") "|" NATIVE(GREEK, "12") "|" NATIVE(CYRILLIC, "12") "|" NATIVE(HAN, "9") "|" NATIVE( \
        HANGUL, "9") ")"
#define RIGHT_LABEL "(?:[\\u05D0-\\u05EA]{1,12}|[\\u0621-\\u063A\\u0641-\\u064A]{1,12}|[a-z](?:-?[a-z0-9]){0,20})"
#define U_HOST "(?=.{1,59}$)(?:" U_LABEL "(?:\\." U_LABEL ")*|" RIGHT_LABEL "(?:\\." RIGHT_LABEL ")*)"

/* ---- RFC 5321 and, with what is not ASCII, RFC 6531 */

#define ATOM "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
#define QUOTED "\"(?:[ !#-\\[\\]-~]|\\\\[ -~]){0,62}\""
#define MAILBOX "(?:(?=[^@]{1,64}@)" ATOM "(?:\\." ATOM ")*|" QUOTED ")"
#define LITERAL "\\[(?:" IPV4 "|IPv6:" PART("ipv6") ")\\]"
#define U_ATOM "[A-Za-z0-9!#$%&'*+/=?^_`{|}~\\u00A1-\\uD7FF\\uF900-\\uFDCF\\uFDF0-\\uFFEF-]+"
#define U_MAILBOX "(?=[^@]{1,16}@)" U_ATOM "(?:\\." U_ATOM ")*"

/* ---- RFC 3986 and, with what is not ASCII, RFC 3987 without the marks of direction */

#define UCS                                                                                                       \
    "\\u00A0-\\u200D\\u2010-\\u2029\\u202F-\\uD7FF\\uF900-\\uFDCF\\uFDF0-\\uFFEF\\u{10000}-\\u{1FFFD}\\u{20000}-" \
    "\\u{2FFFD}\\u{30000}-\\u{3FFFD}"
#define PRIVATE "\\uE000-\\uF8FF\\u{F0000}-\\u{FFFFD}\\u{100000}-\\u{10FFFD}"
#define PCT "%" HEX "{2}"
#define UNRESERVED "A-Za-z0-9._~-"
#define DELIMITERS "!$&'()*+,;="
/* With the characters beyond ASCII that may stand anywhere, and those that may in a query. */
#define PCHAR(ucs) "(?:[" ucs DELIMITERS ":@" UNRESERVED "]|" PCT ")"
#define AUTHORITY(ucs)                                                          \
    "(?:(?:[" ucs DELIMITERS ":" UNRESERVED "]|" PCT                            \
    ")*@)?(?:\\[(?:" PART("ipv6") "|[vV]" HEX "+\\.[" DELIMITERS ":" UNRESERVED \
                                  "]+)\\]|(?:[" ucs DELIMITERS UNRESERVED "]|" PCT ")*)(?::[0-9]*)?"
#define AFTER_PATH(ucs, more) "(?:\\?(?:" PCHAR(ucs more) "|[/?])*)?(?:#(?:" PCHAR(ucs) "|[/?])*)?"
#define ROOTED(ucs) "//" AUTHORITY(ucs) "(?:/" PCHAR(ucs) "*)*|/(?:" PCHAR(ucs) "+(?:/" PCHAR(ucs) "*)*)?"
#define ABSOLUTE(ucs, more) \
    "[A-Za-z][A-Za-z0-9+.-]*:(?:" ROOTED(ucs) "|" PCHAR(ucs) "+(?:/" PCHAR(ucs) "*)*|)" AFTER_PATH(ucs, more)
#define RELATIVE(ucs, more) \
    "(?:" ROOTED(ucs) "|(?:[" ucs DELIMITERS "@" UNRESERVED "]|" PCT ")+(?:/" PCHAR(ucs) "*)*|)" AFTER_PATH(ucs, more)
#define REFERENCE(ucs, more) "(?:" ABSOLUTE(ucs, more) "|" RELATIVE(ucs, more) ")"

/* ---- RFC 6570, and JSON pointers */

#define VARIABLE_CHARACTER "(?:[A-Za-z0-9_]|" PCT ")"
#define VARIABLE VARIABLE_CHARACTER "(?:\\.?" VARIABLE_CHARACTER ")*(?::[1-9][0-9]{0,3}|\\*)?"
#define TEMPLATE "(?:[!#$&(-;=?-\\[\\]_a-z~" UCS PRIVATE "]|" PCT "|\\{[+#./;?&]?" VARIABLE "(?:," VARIABLE ")*\\})*"
#define POINTER "(?:/(?:[^/~]|~[01])*)*"

/* ---- ECMA-262 patterns: those without back references, with one named group, and whose groups are nested three times at most */

#define SPECIAL "\\^$\\\\.*+?()\\[\\]{}|/"
#define UPWARDS                                                                                                        \
    "0-[0-9]|1-[1-9]|2-[2-9]|3-[3-9]|4-[4-9]|5-[5-9]|A-[A-Z]|B-[B-Z]|C-[C-Z]|a-[a-z]|b-[b-z]|c-[c-z]|g-[g-z]|G-[G-Z]|" \
    "[0-9]-[A-Za-z]|[A-Z]-[a-z]| -[ -\\[^-~]|!-[!-\\[^-~]|\\\\x00-\\\\x[0-9A-Fa-f]{2}|\\\\u0000-\\\\u" HEX             \
    "{4}|\\\\u00[0-7]" HEX "-\\\\u(?:00[89A-Fa-f]|0[1-9A-Fa-f]" HEX "|[1-9A-Fa-f]" HEX "{2})" HEX
#define CATEGORY "L[lmotu]?|M[cen]?|N[dlo]?|P[cdefios]?|S[ckmo]?|Z[lps]?|C[cfnos]?|Alphabetic|ASCII|Any"
#define SCRIPT "(?:Script|sc)=(?:Latin|Greek|Cyrillic|Han|Hiragana|Katakana|Hangul|Arabic|Hebrew|Thai|Devanagari)"
#define CHARACTER_ESCAPE \
    "\\\\(?:[fnrtv" SPECIAL "]|c[A-Za-z]|x" HEX "{2}|u" HEX "{4}|u\\{(?:0{0,5}" HEX "{1,5}|10" HEX "{4})\\})"
#define CLASS_ESCAPE "\\\\(?:[dDsSwW]|[pP]\\{(?:" CATEGORY "|" SCRIPT ")\\})"
#define CLASS "\\[\\^?-?(?:" UPWARDS "|" CLASS_ESCAPE "|" CHARACTER_ESCAPE "|\\\\-|[^\\\\\\]^-])*-?\\]"
#define COUNTS                                                                                                          \
    "\\{(?:[0-9]{1,4}|[0-9]{1,4},|0,[0-9]{1,4}|1,(?:[1-9][0-9]{0,3})|2,(?:[2-9]|[1-9][0-9]{1,3})|3,(?:[3-9]|[1-9][0-9]" \
    "{1,3})|[4-9],[1-9][0-9]{1,3}|4,[4-9]|5,[5-9]|6,[6-9]|7,[7-9]|8,[89]|9,9|[1-9][0-9],[1-9][0-9]{2,3}|1[0-9],[2-9]"   \
    "[0-9]|10,1[0-9]|[23][0-9],[4-9][0-9]|[4-7][0-9],[89][0-9])\\}"
#define QUANTIFIER "(?:(?:[*+?]|" COUNTS ")[?]?)?"
#define SIMPLE                                                   \
    "(?:[^" SPECIAL "]|/|\\.|" CLASS_ESCAPE "|" CHARACTER_ESCAPE \
    "|" PART("class") ")" PART("quantifier") "|[$^]|\\\\[bB]|\\|"
#define GROUP(inner) \
    "(?:" PART("simple") "|\\(\\?<?[=!]" PART(inner) "\\)|\\((?:\\?:)?" PART(inner) "\\)" PART("quantifier") ")*"

typedef struct NamedPattern {
    const char *name, *pattern;
} NamedPattern;

static const NamedPattern parts[] = {
    {"last32", LAST32},
    {"ipv6", IPV6},
    {"host", HOST},
    {"u-host", U_HOST},
    {"class", CLASS},
    {"quantifier", QUANTIFIER},
    {"simple", SIMPLE},
    {"group0", "(?:" SIMPLE ")*"},
    {"group1", GROUP("group0")},
    {"group2", GROUP("group1")},
    {"group3", GROUP("group2")},
};

static const NamedPattern formats[] = {
    {"date", "^" YEAR_MONTH_DAY "$"},
    {"time", "^" FULL_TIME "$"},
    {"date-time", "^" YEAR_MONTH_DAY "[Tt]" FULL_TIME "$"},
    {"duration", "^" DURATION "$"},
    {"uuid", "^" HEX "{8}-" HEX "{4}-" HEX "{4}-" HEX "{4}-" HEX "{12}$"},
    {"ipv4", "^" IPV4 "$"},
    {"ipv6", "^" IPV6 "$"},
    {"hostname", "^" PART("host") "$"},
    {"idn-hostname", "^(?:" PART("host") "|" PART("u-host") ")$"},
    {"email", "^" MAILBOX "@(?:" PART("host") "|" LITERAL ")$"},
    {"idn-email", "^(?:" MAILBOX "|" U_MAILBOX ")@(?:" PART("host") "|" PART("u-host") "|" LITERAL ")$"},
    {"uri", "^" ABSOLUTE("", "") "$"},
    {"uri-reference", "^" REFERENCE("", "") "$"},
    {"iri", "^" ABSOLUTE(UCS, PRIVATE) "$"},
    {"iri-reference", "^" REFERENCE(UCS, PRIVATE) "$"},
    {"uri-template", "^" TEMPLATE "$"},
    {"json-pointer", "^" POINTER "$"},
    {"relative-json-pointer", "^(?:0|[1-9][0-9]*)(?:#|" POINTER ")$"},
    {"regex",
     "^" PART("group3") "(?:\\(\\?<[A-Za-z_$][\\w$]*>" PART("group2") "\\)" PART("quantifier") PART("group3") ")?$"},
};

static const char *find(const NamedPattern *patterns, size_t count, Str name) {
    for (size_t i = 0; i < count; i++) {
        if (ak_str_equal(name, ak_str(patterns[i].name))) return patterns[i].pattern;
    }
    return NULL;
}

/* Writes the pattern with its parts filled in. */
static void expand(Buf *buf, const char *pattern) {
    for (const char *at = pattern; *at; at++) {
        if (*at != '\1') {
            ak_buf_byte(buf, *at);
            continue;
        }
        size_t length = strcspn(at, "\2");
        const char *part = find(parts, sizeof parts / sizeof *parts, (Str){at + 1, length - 1});
        ak_buf_text(buf, "(?:");
        expand(buf, part);
        ak_buf_byte(buf, ')');
        at += length;
    }
}

Expr ak_json_format(Exprs *exprs, Arena *arena, Str format) {
    const char *pattern = find(formats, sizeof formats / sizeof *formats, format);
    Buf whole = {.arena = arena};
    if (!pattern) return AK_EXPR_FAILED;
    expand(&whole, pattern);
    if (!ak_arena_ok(arena)) return AK_EXPR_FAILED;
    return ak_json_pattern(exprs, arena, (Str){whole.data, whole.length}, NULL);
}
