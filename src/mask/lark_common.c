/* The terminals that `%import common.NAME` knows, after Lark's common.lark. */
#include "mask/lark_tree.h"

#define FRACTION "([0-9]+\\.[0-9]*|\\.[0-9]+)"
#define EXPONENT "[eE](\\+|-)?[0-9]+"
#define FLOAT FRACTION "(" EXPONENT ")?|[0-9]+" EXPONENT

static const struct {
    const char *name, *regex;
} terminals[] = {
    {"DIGIT", "[0-9]"},
    {"HEXDIGIT", "[a-fA-F0-9]"},
    {"INT", "[0-9]+"},
    {"SIGNED_INT", "(\\+|-)?[0-9]+"},
    {"DECIMAL", FRACTION},
    {"_EXP", EXPONENT},
    {"FLOAT", FLOAT},
    {"SIGNED_FLOAT", "(\\+|-)?(" FLOAT ")"},
    {"NUMBER", "[0-9]+|" FLOAT},
    {"SIGNED_NUMBER", "(\\+|-)?([0-9]+|" FLOAT ")"},
    {"ESCAPED_STRING", "\"([^\"\\\\]|\\\\.)*\""},
    {"LCASE_LETTER", "[a-z]"},
    {"UCASE_LETTER", "[A-Z]"},
    {"LETTER", "[A-Za-z]"},
    {"WORD", "[A-Za-z]+"},
    {"CNAME", "[_A-Za-z][_A-Za-z0-9]*"},
    {"WS_INLINE", "[ \\t]+"},
    {"WS", "[ \\t\\f\\r\\n]+"},
    {"CR", "\\r"},
    {"LF", "\\n"},
    {"NEWLINE", "(\\r?\\n)+"},
    {"SH_COMMENT", "#[^\\n]*"},
    {"CPP_COMMENT", "//[^\\n]*"},
    {"C_COMMENT", "/\\*[^*]*\\*+([^/*][^*]*\\*+)*/"},
    {"SQL_COMMENT", "--[^\\n]*"},
};

Str ak_lark_common(Str name) {
    for (size_t i = 0; i < sizeof terminals / sizeof *terminals; i++) {
        if (ak_str_equal(name, ak_str(terminals[i].name))) return ak_str(terminals[i].regex);
    }
    return (Str){0};
}
