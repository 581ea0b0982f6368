/* Exports: the IR in the forms that engines take, and as a program for our own. A form that cannot say what the IR says is refused, not weakened. */
#include "base/text.h"
#include "braid/ir.h"
#include "language/registry.h"
#include "model/constraint_set.h"
#include "syntax/language_program.h"

/* A document with one object in it that is to be filled. */
typedef struct Form {
    Arena arena;
    yyjson_mut_doc *doc;
    yyjson_mut_val *root;
} Form;

static bool open_form(Form *self, ananke_error *err) {
    self->arena = ak_arena(NULL);
    self->doc = ak_json_new(&self->arena);
    self->root = self->doc ? yyjson_mut_obj(self->doc) : NULL;
    if (!self->root) return ak_fail_memory(err, &self->arena);
    yyjson_mut_doc_set_root(self->doc, self->root);
    return true;
}

static bool put_schema(Form *self, yyjson_mut_val *object, const char *key, Str schema, ananke_error *err) {
    yyjson_doc *doc = ak_json_parse(&self->arena, schema, NULL, err);
    if (!doc) return false;
    yyjson_mut_obj_add_val(self->doc, object, key, yyjson_val_mut_copy(self->doc, yyjson_doc_get_root(doc)));
    return true;
}

static bool nothing_to_export(const ananke_ir *ir, const char *form, ananke_error *err) {
    return ak_fail(err, ANANKE_ERROR_UNSUPPORTED,
                   "the IR for %s has neither grammar nor JSON Schema: there is nothing that %s could enforce",
                   ir->language, form);
}

/* llguidance's container: https://github.com/guidance-ai/llguidance/blob/main/docs/syntax.md */
static bool fill_llguidance(const ananke_ir *ir, Form *form, ananke_error *err) {
    yyjson_mut_val *list = yyjson_mut_obj_add_arr(form->doc, form->root, "grammars");
    yyjson_mut_val *grammar = yyjson_mut_arr_add_obj(form->doc, list);
    if (ir->grammar[0])
        return yyjson_mut_obj_add_strcpy(form->doc, grammar, "lark_grammar", ir->grammar) ||
               ak_fail_memory(err, &form->arena);
    return ir->json_schema.length ? put_schema(form, grammar, "json_schema", ir->json_schema, err)
                                  : nothing_to_export(ir, "llguidance", err);
}

/* The member of a vLLM request (chat completions or completions); its guidance backend reads Lark. */
static bool fill_vllm(const ananke_ir *ir, Form *form, ananke_error *err) {
    yyjson_mut_val *outputs = yyjson_mut_obj_add_obj(form->doc, form->root, "structured_outputs");
    if (ir->grammar[0])
        return yyjson_mut_obj_add_strcpy(form->doc, outputs, "grammar", ir->grammar) ||
               ak_fail_memory(err, &form->arena);
    return ir->json_schema.length ? put_schema(form, outputs, "json", ir->json_schema, err)
                                  : nothing_to_export(ir, "vLLM", err);
}

/* SGLang takes EBNF, which has neither intersection and complement of terminals nor parametric rules; or a JSON Schema as text. */
static bool fill_sglang(const ananke_ir *ir, Form *form, ananke_error *err) {
    if (ir->grammar[0]) {
        ak_fail(err, ANANKE_ERROR_UNSUPPORTED,
                "SGLang's EBNF cannot say this grammar: it has no `&` and `~` of terminals and no parametric rules");
        return ak_hint(err,
                       "use the form llguidance with an engine that embeds it, or the form ir with Ananke's plug-in");
    }
    if (!ir->json_schema.length) return nothing_to_export(ir, "SGLang", err);
    return ak_json_put_str(form->doc, form->root, "json_schema", ir->json_schema) || ak_fail_memory(err, &form->arena);
}

static const struct {
    const char *name;
    bool (*fill)(const ananke_ir *, Form *, ananke_error *);
} forms[] = {{"ir", NULL}, {"llguidance", fill_llguidance}, {"vllm", fill_vllm}, {"sglang", fill_sglang}};

static char *export_as(const ananke_ir *ir, size_t index, size_t *length, ananke_error *err) {
    Form form = {0};
    Str text = {0};
    if (open_form(&form, err) && forms[index].fill(ir, &form, err)) {
        if (ak_arena_ok(&form.arena)) text = ak_json_print(&form.arena, form.doc, true, err);
        else ak_fail_memory(err, &form.arena);
    }
    char *result = text.data ? ak_text_new(text, length, err) : NULL;
    ak_arena_free(&form.arena);
    return result;
}

char *ananke_ir_export(const ananke_ir *ir, const char *form, size_t *length, ananke_error *err) {
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        if (strcmp(forms[i].name, form) == 0)
            return forms[i].fill ? export_as(ir, i, length, err) : ananke_ir_text(ir, length, err);
    }
    ak_fail(err, ANANKE_ERROR_USAGE, "unknown form `%s`", form);
    ak_hint(err, "forms: ir, llguidance, vllm, sglang");
    return NULL;
}

/* ---- programs */

ananke_program *ananke_program_from_ir(const ananke_ir *ir, const ananke_vocab *vocab,
                                       const ananke_program_options *options, ananke_error *err) {
    Str pack = ak_registry_pack(ak_str(ir->language)), bare = ak_registry_grammar(ak_str(ir->language));
    bool is_bare = !ir->grammar[0] || (bare.data && ak_str_equal(ak_str(ir->grammar), bare));
    if (pack.data && is_bare && !ir->json_schema.length) return ak_pack_program(pack, vocab, options, err);
    if (ir->grammar[0]) return ananke_program_from_lark(ir->grammar, strlen(ir->grammar), vocab, options, err);
    if (ir->json_schema.length)
        return ananke_program_from_json_schema(ir->json_schema.data, ir->json_schema.length, vocab, options, err);
    nothing_to_export(ir, "a mask", err);
    return NULL;
}

ananke_program *ananke_program_from_language(const char *language, const ananke_vocab *vocab,
                                             const ananke_program_options *options, ananke_error *err) {
    Str name = ak_str(language), pack = ak_registry_pack(name), grammar = ak_registry_grammar(name);
    if (pack.data) return ak_pack_program(pack, vocab, options, err);
    if (!grammar.data) return ak_registry_unknown(name, true, err), NULL;
    if (options && options->fragment) {
        ak_fail(err, ANANKE_ERROR_USAGE, "there is no fragment `%s`: %s has no language pack", options->fragment,
                language);
        return ak_hint(err, "its texts are whole files"), NULL;
    }
    return ananke_program_from_lark(grammar.data, grammar.length, vocab, options, err);
}
