/* Embedded data: sorted, found, NUL-terminated. */
#include "../test.h"
#include "base/data.h"

TEST(the_table_is_sorted_and_every_file_is_found) {
    IGNORE_STATE;
    assert_true(ak_data_file_count > 0);
    for (size_t i = 0; i < ak_data_file_count; i++) {
        const DataFile *file = &ak_data_files[i];
        if (i) assert_true(strcmp(ak_data_files[i - 1].path, file->path) < 0);
        assert_ptr_equal(ak_data(file->path).data, file->data);
        assert_int_equal(file->data[file->length], '\0');
    }
}

TEST(what_is_not_there_is_not_found) {
    IGNORE_STATE;
    assert_null(ak_data("languages/").data);
    assert_null(ak_data("").data);
    assert_null(ak_data("zzz").data);
    assert_int_equal(ak_data_first("zzz"), ak_data_file_count);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_table_is_sorted_and_every_file_is_found),
        cmocka_unit_test(what_is_not_there_is_not_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
