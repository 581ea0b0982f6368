/* Drafts, as tables. */
#include "mask/json_schema_draft.h"
#include "base/data.h"

static const struct {
    SchemaDraft draft;
    const char *name, *metaschema; /* without scheme and "json-schema.org/" */
} drafts[] = {{AK_DRAFT_3, "3", "draft-03/schema"},
              {AK_DRAFT_4, "4", "draft-04/schema"},
              {AK_DRAFT_6, "6", "draft-06/schema"},
              {AK_DRAFT_7, "7", "draft-07/schema"},
              {AK_DRAFT_2019, "2019-09", "draft/2019-09/schema"},
              {AK_DRAFT_2020, "2020-12", "draft/2020-12/schema"}};
enum { DRAFT_COUNT = sizeof drafts / sizeof *drafts };

/* Keywords that some drafts lack. The others are in all of them, or told apart by their form (`items`, `exclusiveMinimum`). */
static const struct {
    const char *keyword;
    SchemaDraft first, last;
} keywords[] = {{"extends", AK_DRAFT_3, AK_DRAFT_3},
                {"disallow", AK_DRAFT_3, AK_DRAFT_3},
                {"divisibleBy", AK_DRAFT_3, AK_DRAFT_3},
                {"additionalItems", AK_DRAFT_3, AK_DRAFT_2019},
                {"const", AK_DRAFT_6, AK_DRAFT_2020},
                {"contains", AK_DRAFT_6, AK_DRAFT_2020},
                {"propertyNames", AK_DRAFT_6, AK_DRAFT_2020},
                {"if", AK_DRAFT_7, AK_DRAFT_2020},
                {"dependentRequired", AK_DRAFT_2019, AK_DRAFT_2020},
                {"dependentSchemas", AK_DRAFT_2019, AK_DRAFT_2020},
                {"minContains", AK_DRAFT_2019, AK_DRAFT_2020},
                {"maxContains", AK_DRAFT_2019, AK_DRAFT_2020},
                {"unevaluatedItems", AK_DRAFT_2019, AK_DRAFT_2020},
                {"unevaluatedProperties", AK_DRAFT_2019, AK_DRAFT_2020},
                {"$anchor", AK_DRAFT_2019, AK_DRAFT_2020},
                {"$recursiveRef", AK_DRAFT_2019, AK_DRAFT_2019},
                {"$recursiveAnchor", AK_DRAFT_2019, AK_DRAFT_2019},
                {"$dynamicRef", AK_DRAFT_2020, AK_DRAFT_2020},
                {"$dynamicAnchor", AK_DRAFT_2020, AK_DRAFT_2020},
                {"prefixItems", AK_DRAFT_2020, AK_DRAFT_2020}};

bool ak_draft_named(const char *name, SchemaDraft *draft) {
    for (size_t i = 0; i < DRAFT_COUNT; i++) {
        if (strcmp(drafts[i].name, name) == 0) return *draft = drafts[i].draft, true;
    }
    return false;
}

const char *ak_draft_names(void) {
    return "4, 6, 7, 2019-09, 2020-12";
}

/* What is behind "json-schema.org/"; empty for any other address. */
static Str official_path(Str uri) {
    static const char *const starts[] = {"http://json-schema.org/", "https://json-schema.org/"};
    for (size_t i = 0; i < sizeof starts / sizeof *starts; i++) {
        if (ak_str_starts(uri, ak_str(starts[i]))) return ak_str_slice(uri, strlen(starts[i]), uri.length);
    }
    return (Str){0};
}

SchemaDraft ak_draft_of(Str metaschema) {
    Str path = official_path(metaschema);
    if (ak_str_ends(path, STR("#"))) path.length--;
    for (size_t i = 0; i < DRAFT_COUNT; i++) {
        if (ak_str_equal(path, ak_str(drafts[i].metaschema))) return drafts[i].draft;
    }
    return AK_DRAFT_ANY;
}

bool ak_draft_is_metaschema(Str uri) {
    Str path = official_path(uri);
    return ak_draft_of(uri) != AK_DRAFT_ANY || ak_str_equal(path, STR("schema")) ||
           ak_str_starts(path, STR("draft/2019-09/meta/")) || ak_str_starts(path, STR("draft/2020-12/meta/"));
}

Str ak_draft_metaschema(Arena *arena, Str uri) {
    Str path = official_path(uri);
    if (ak_str_equal(path, STR("schema"))) path = ak_str(drafts[DRAFT_COUNT - 1].metaschema);
    if (!path.length) return (Str){0};
    Str file = ak_arena_format(arena, "json-schema.org/%.*s.json", STR_ARGS(path));
    return file.data ? ak_data(file.data) : file;
}

bool ak_draft_has(SchemaDraft draft, const char *keyword) {
    if (draft == AK_DRAFT_ANY) return true;
    for (size_t i = 0; i < sizeof keywords / sizeof *keywords; i++) {
        if (strcmp(keywords[i].keyword, keyword) == 0) return keywords[i].first <= draft && draft <= keywords[i].last;
    }
    return true;
}
