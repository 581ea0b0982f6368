/* Units and their groups, against a decoder that tries every code point. */
#include "../test.h"
#include "base/utf8.h"
#include "vocab/unit.h"
#include <ctype.h>

static uint32_t seed = 1;

static uint32_t dice(uint32_t sides) {
    seed = seed * 1664525 + 1013904223;
    return (seed >> 8) % sides;
}

/* ---- Groups */

/* The groups as unit.h words them. */
static unsigned group_twin(uint8_t byte) {
    static const char marks[] = "!\"#$%&'()*+,-./:;<=>?@[\\]^`{|}~";
    if (byte == '0') return 0;
    if (byte >= '1' && byte <= '9') return 1;
    if (byte >= 'a' && byte <= 'z') return byte <= 'f' ? 2 : 3;
    if (byte >= 'A' && byte <= 'Z') return byte <= 'F' ? 4 : 5;
    if (byte == '_') return GROUP_UNDERSCORE;
    if (byte == ' ') return GROUP_SPACE;
    if (byte == '\t') return GROUP_TAB;
    if (byte == '\n') return GROUP_NEWLINE;
    if (byte == '\r') return GROUP_RETURN;
    if (byte == 0x7F) return GROUP_DELETE;
    if (byte < ' ') return GROUP_CONTROL;
    return 8 + (unsigned)(strchr(marks, byte) - marks);
}

static unsigned wide_twin(uint8_t lead) {
    static const struct {
        uint8_t first, last, group;
    } ranges[] = {{0xC2, 0xC2, 0}, {0xC3, 0xDF, 1}, {0xE0, 0xE0, 2}, {0xE1, 0xE1, 3}, {0xE2, 0xE2, 4},
                  {0xE3, 0xE3, 5}, {0xE4, 0xEE, 2}, {0xEF, 0xEF, 6}, {0xF0, 0xF4, 7}};
    for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++) {
        if (lead >= ranges[i].first && lead <= ranges[i].last) return GROUP_WIDE + ranges[i].group;
    }
    return GROUP_MALFORMED;
}

TEST(every_ascii_byte_is_in_the_group_that_the_header_says) {
    IGNORE_STATE;
    for (unsigned byte = 0; byte < 0x80; byte++) {
        assert_int_equal(ak_unit_groups[byte], group_twin((uint8_t)byte));
        assert_int_equal(ak_unit_group((uint8_t)byte), group_twin((uint8_t)byte));
    }
}

TEST(every_group_but_those_of_many_bytes_has_an_ascii_byte) {
    IGNORE_STATE;
    uint64_t met = GROUPS_WIDE | GROUP_BIT(GROUP_MALFORMED);
    for (unsigned byte = 0; byte < 0x80; byte++) met |= GROUP_BIT(ak_unit_groups[byte]);
    assert_true(met == GROUPS_ALL);
}

/* ---- Reading */

/* The code points that the byte leads; found by encoding all of them. */
static void points_led_by(uint8_t lead, uint32_t *first, uint32_t *end) {
    static uint32_t firsts[256], ends[256]; /* filled once; the last lead byte is 0xF4 */
    for (uint32_t at = 0x80; !ends[0xF4] || (at > 0x80 && at <= 0x10FFFF); at++) {
        char encoded[4];
        if (!ak_utf8_encode(at, encoded)) continue;
        uint8_t byte = (uint8_t)encoded[0];
        if (!ends[byte]) firsts[byte] = at;
        ends[byte] = at + 1;
    }
    *first = firsts[lead], *end = ends[lead];
}

/* Whether the bytes are the beginning of a code point's encoding, or all of it; found by trying every code point that
 * the first byte could stand for. */
static bool begins_code_point(const uint8_t *bytes, size_t length, size_t *whole) {
    char encoded[4];
    uint32_t point, end;
    for (points_led_by(bytes[0], &point, &end); point < end; point++) {
        *whole = ak_utf8_encode(point, encoded);
        if (*whole && memcmp(encoded, bytes, length < *whole ? length : *whole) == 0) return true;
    }
    return false;
}

static size_t read_twin(const uint8_t *bytes, size_t length, unsigned *group) {
    size_t whole;
    *group = group_twin(bytes[0]);
    if (bytes[0] < 0x80) return 1;
    *group = GROUP_MALFORMED;
    if (!begins_code_point(bytes, length, &whole)) return 1;
    *group = wide_twin(bytes[0]);
    return whole < length ? whole : length;
}

static void compare(const uint8_t *bytes, size_t length) {
    unsigned group, expected;
    size_t read = ak_unit_read(bytes, length, &group), twin = read_twin(bytes, length, &expected);
    if (read != twin || group != expected)
        print_error("%02X %02X %02X %02X, %zu bytes\n", bytes[0], bytes[1], bytes[2], bytes[3], length);
    assert_int_equal(read, twin);
    assert_int_equal(group, expected);
}

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
enum { TRIES = 100 };
#else
enum { TRIES = 1000 };
#endif

TEST(one_byte_and_two_are_read_as_the_slow_decoder_reads_them) {
    IGNORE_STATE;
    for (unsigned first = 0; first < 256; first++) {
        uint8_t bytes[4] = {(uint8_t)first};
        compare(bytes, 1);
        if (first % 16 > 1 && first != 0xF4 && first != 0xED) continue;
        static const uint8_t edges[] = {0x00, 0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xFF};
        for (size_t i = 0; i < sizeof edges; i++) {
            bytes[1] = edges[i];
            compare(bytes, 2);
        }
    }
}

TEST(random_bytes_are_read_as_the_slow_decoder_reads_them) {
    IGNORE_STATE;
    static const uint8_t likely[] = {0xC1, 0xC2, 0xDF, 0xE0, 0xE1, 0xED, 0xEF, 0xF0, 0xF3, 0xF4, 0xF5};
    for (int i = 0; i < TRIES; i++) {
        uint8_t bytes[4] = {likely[dice(sizeof likely)]};
        for (int k = 1; k < 4; k++) bytes[k] = (uint8_t)(dice(5) ? 0x80 + dice(0x40) : dice(256));
        compare(bytes, 1 + dice(4));
    }
}

TEST(encoded_code_points_are_one_unit_whole_or_cut) {
    IGNORE_STATE;
    for (uint32_t point = 0x80; point <= 0x10FFFF; point += 1 + dice(200)) {
        char bytes[5] = {0};
        unsigned group;
        size_t length = ak_utf8_encode(point, bytes);
        if (!length) continue;
        bytes[length] = 'x';
        assert_int_equal(ak_unit_read((const uint8_t *)bytes, 5, &group), length);
        assert_int_equal(group, wide_twin((uint8_t)bytes[0]));
        for (size_t cut = 1; cut < length; cut++) {
            assert_int_equal(ak_unit_read((const uint8_t *)bytes, cut, &group), cut);
            assert_int_equal(group, wide_twin((uint8_t)bytes[0]));
        }
        assert_int_equal(ak_unit_group((uint8_t)bytes[0]), wide_twin((uint8_t)bytes[0]));
    }
}

TEST(patterns_of_wide_units_name_all_lead_bytes_once) {
    IGNORE_STATE;
    for (unsigned byte = 0; byte < 256; byte++) {
        const WidePattern *pattern = ak_wide_pattern((uint8_t)byte);
        int met = 0;
        for (int i = 0; i < WIDE_PATTERNS; i++) {
            if (byte < ak_wide_patterns[i].lead[0] || byte > ak_wide_patterns[i].lead[1]) continue;
            assert_ptr_equal(pattern, &ak_wide_patterns[i]);
            met++;
        }
        assert_int_equal(met, pattern ? 1 : 0);
        if (byte >= 0x80) assert_int_equal(ak_unit_group((uint8_t)byte), wide_twin((uint8_t)byte));
        if (pattern) assert_int_equal(pattern->group, wide_twin((uint8_t)byte));
    }
}

/* ---- Classes */

static bool has(StockClass class, unsigned byte) {
    return ak_stock_groups(class) & GROUP_BIT(ak_unit_group((uint8_t)byte));
}

TEST(stock_classes_are_what_their_comments_say) {
    IGNORE_STATE;
    for (unsigned byte = 0; byte < 0x80; byte++) {
        bool is_word = isalnum((int)byte) || byte == '_';
        assert_int_equal(has(STOCK_STRING, byte), byte >= ' ' && byte != '"' && byte != '\\');
        assert_int_equal(has(STOCK_QUOTED, byte), byte >= ' ' && byte != '\'' && byte != '\\');
        assert_int_equal(has(STOCK_LINE, byte), byte != '\n' && byte != '\r');
        assert_int_equal(has(STOCK_PROSE, byte), is_word || (byte && strchr(" .,-", (int)byte)));
        assert_int_equal(has(STOCK_WORD, byte), is_word);
        assert_int_equal(has(STOCK_LOWER, byte), is_word && !isupper((int)byte));
    }
}

TEST(text_of_stock_classes_is_well_formed) {
    IGNORE_STATE;
    for (int class = 0; class < STOCK_COUNT; class ++) {
        uint64_t groups = ak_stock_groups((StockClass) class);
        bool is_wide = class <= STOCK_PROSE;
        assert_false(groups & GROUP_BIT(GROUP_MALFORMED));
        assert_int_equal(groups >> GROUP_WIDE & 1, is_wide);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_ascii_byte_is_in_the_group_that_the_header_says),
        cmocka_unit_test(every_group_but_those_of_many_bytes_has_an_ascii_byte),
        cmocka_unit_test(one_byte_and_two_are_read_as_the_slow_decoder_reads_them),
        cmocka_unit_test(random_bytes_are_read_as_the_slow_decoder_reads_them),
        cmocka_unit_test(encoded_code_points_are_one_unit_whole_or_cut),
        cmocka_unit_test(patterns_of_wide_units_name_all_lead_bytes_once),
        cmocka_unit_test(stock_classes_are_what_their_comments_say),
        cmocka_unit_test(text_of_stock_classes_is_well_formed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
