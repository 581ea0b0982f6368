/* Reading the tools and what is asked of them, then building: one call, calls behind each other, the message. */
#include "mask/tools.h"
#include "base/bitset.h"
#include "mask/free_text.h"
#include "mask/json_schema.h"
#include "mask/program.h"
#include "mask/tool_format.h"
#include "mask/tool_parameters.h"
#include "mask/tools_strict.h"

typedef enum ToolChoice { CHOICE_AUTO, CHOICE_NONE, CHOICE_REQUIRED, CHOICE_ONE } ToolChoice;

typedef struct Tool {
    Str name;
    yyjson_val *parameters; /* NULL: it has none */
    const char *pointer;    /* where it is, and of its parts, for errors */
    const char *name_pointer, *parameters_pointer;
    bool is_strict;
} Tool;

typedef struct Tools {
    MemberReader reader;
    Grammar *grammar;
    VEC(Tool) tools;
    Tool *reading; /* the tool that is being read */
    bool has_tools;
    ToolChoice choice;
    Str wanted; /* with CHOICE_ONE */
    const char *choice_pointer;
    yyjson_val *format;
    bool has_parallel, is_parallel;
    ToolFormat how;
    Marks marks;
} Tools;

/* ---- Tools */

static bool take_nothing(MemberReader *reader, yyjson_val *value, const char *pointer) {
    (void)reader, (void)value, (void)pointer;
    return true;
}

static bool take_type(MemberReader *reader, yyjson_val *value, const char *pointer) {
    Str type = ak_json_str(value);
    if (ak_str_equal(type, STR("function")) || ak_str_equal(type, STR("custom"))) return true;
    return ak_fail(reader->err, ANANKE_ERROR_UNSUPPORTED, "%s: tools are of the type 'function'", pointer);
}

static bool take_name(MemberReader *reader, yyjson_val *value, const char *pointer) {
    Tool *tool = ((Tools *)reader)->reading;
    tool->name_pointer = pointer;
    if (!ak_member_text(reader, value, pointer, &tool->name)) return false;
    return ak_is_tool_name(tool->name) ||
           ak_member_fail(reader, pointer, "a tool's name is 1 to 64 letters, digits, '_' or '-'");
}

static bool take_parameters(MemberReader *reader, yyjson_val *value, const char *pointer) {
    Tool *tool = ((Tools *)reader)->reading;
    if (tool->parameters) return ak_member_fail(reader, pointer, "the tool has a schema already");
    tool->parameters = value, tool->parameters_pointer = pointer;
    return yyjson_is_obj(value) || ak_member_fail(reader, pointer, "a tool's parameters are a JSON Schema, an object");
}

static bool take_strict(MemberReader *reader, yyjson_val *value, const char *pointer) {
    return ak_member_flag(reader, value, pointer, &((Tools *)reader)->reading->is_strict);
}

static bool take_function(MemberReader *reader, yyjson_val *value, const char *pointer) {
    static const Member members[] = {
        {"name", take_name}, {"description", take_nothing}, {"parameters", take_parameters}, {"strict", take_strict}};
    Tool *tool = ((Tools *)reader)->reading;
    tool->pointer = pointer;
    return ak_members_take(reader, value, pointer, "a function", members, sizeof members / sizeof *members);
}

static bool is_only_one_of_that_name(Tools *self, const Tool *tool) {
    for (const Tool *other = self->tools.items; other < tool; other++) {
        if (ak_str_equal(other->name, tool->name))
            return ak_member_fail(&self->reader, tool->name_pointer, "another tool has that name already");
    }
    return true;
}

static bool read_tool(Tools *self, yyjson_val *object, const char *pointer) {
    static const Member members[] = {
        {"type", take_type},           {"function", take_function},     {"name", take_name},
        {"description", take_nothing}, {"parameters", take_parameters}, {"input_schema", take_parameters},
        {"strict", take_strict},       {"cache_control", take_nothing}};
    if (!ak_vec_push(self->reader.arena, &self->tools, (Tool){.pointer = pointer}))
        return ak_fail_memory(self->reader.err, self->reader.arena);
    Tool *tool = self->reading = &self->tools.items[self->tools.count - 1];
    if (!ak_members_take(&self->reader, object, pointer, "a tool", members, sizeof members / sizeof *members))
        return false;
    if (!tool->name.data) return ak_member_fail(&self->reader, tool->pointer, "the tool has no \"name\"");
    if (!is_only_one_of_that_name(self, tool)) return false;
    return !tool->is_strict || ak_tools_strict(&self->reader, tool->parameters, tool->parameters_pointer);
}

static bool take_tools(MemberReader *reader, yyjson_val *value, const char *pointer) {
    Tools *self = (Tools *)reader;
    if (!yyjson_is_arr(value)) return ak_member_fail(reader, pointer, "the tools are a list");
    self->has_tools = true;
    yyjson_arr_iter each = yyjson_arr_iter_with(value);
    yyjson_val *item;
    for (size_t i = 0; (item = yyjson_arr_iter_next(&each)); i++) {
        const char *inner = ak_pointer_item(reader, pointer, i);
        if (!inner || !read_tool(self, item, inner)) return false;
    }
    return true;
}

/* ---- What is asked of them */

static bool find_choice(Tools *self, Str word) {
    static const struct {
        const char *name;
        ToolChoice choice;
    } words[] = {{"auto", CHOICE_AUTO},    {"none", CHOICE_NONE},    {"required", CHOICE_REQUIRED},
                 {"any", CHOICE_REQUIRED}, {"function", CHOICE_ONE}, {"tool", CHOICE_ONE}};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (!ak_str_equal(word, ak_str(words[i].name))) continue;
        self->choice = words[i].choice;
        return true;
    }
    return false;
}

/* {"type": "function", "function": {"name": N}}, or the name beside the type. */
static bool take_choice(MemberReader *reader, yyjson_val *value, const char *pointer) {
    Tools *self = (Tools *)reader;
    yyjson_val *function = yyjson_obj_get(value, "function");
    self->choice_pointer = pointer;
    self->wanted = ak_json_str(yyjson_obj_get(function ? function : value, "name"));
    bool is_known = find_choice(self, ak_json_str(yyjson_is_str(value) ? value : yyjson_obj_get(value, "type")));
    if (is_known && (self->choice == CHOICE_ONE) == (self->wanted.data != NULL)) return true;
    ak_member_fail(reader, pointer, "this is no tool choice");
    return ak_hint(reader->err,
                   "\"auto\", \"none\", \"required\" or {\"type\": \"function\", \"function\": {\"name\": ...}}");
}

static bool take_format(MemberReader *reader, yyjson_val *value, const char *pointer) {
    (void)pointer;
    ((Tools *)reader)->format = value;
    return true;
}

static bool take_parallel(MemberReader *reader, yyjson_val *value, const char *pointer) {
    Tools *self = (Tools *)reader;
    self->has_parallel = true;
    return ak_member_flag(reader, value, pointer, &self->is_parallel);
}

static bool can_repeat(const ToolFormat *how) {
    return how->has_separator || how->has_between || how->has_text_after;
}

/* Leaves only the tool that is wanted. */
static bool keep_wanted(Tools *self) {
    size_t count = self->tools.count;
    for (size_t i = 0; i < count; i++) {
        if (!ak_str_equal(self->tools.items[i].name, self->wanted)) continue;
        self->tools.items[0] = self->tools.items[i], self->tools.count = 1;
        return true;
    }
    Str *names = ak_new_array(self->reader.arena, Str, count);
    for (size_t i = 0; names && i < count; i++) names[i] = self->tools.items[i].name;
    ak_fail(self->reader.err, ANANKE_ERROR_SYNTAX, "%s: there is no tool '%.*s'", self->choice_pointer,
            STR_ARGS(self->wanted));
    Str near = names ? ak_str_nearest(self->wanted, names, count) : (Str){0};
    return near.length && ak_hint(self->reader.err, "did you mean '%.*s'?", STR_ARGS(near));
}

static bool check(Tools *self) {
    MemberReader *reader = &self->reader;
    if (!self->has_tools) return ak_member_fail(reader, "#", "there are no \"tools\"");
    if (!self->format) return ak_member_fail(reader, "#", "there is no \"format\": how the model writes calls");
    if (self->choice == CHOICE_REQUIRED && !self->tools.count)
        return ak_member_fail(reader, self->choice_pointer, "a call is required, and there are no tools");
    if (self->choice == CHOICE_ONE && !keep_wanted(self)) return false;
    if (!ak_tool_format_read(&self->how, self->format, "#/format", reader->arena, reader->err)) return false;
    if (self->is_parallel && !can_repeat(&self->how))
        return ak_fail(reader->err, ANANKE_ERROR_UNSUPPORTED, "#/parallel: a message of this format has one call");
    if (!self->has_parallel) self->is_parallel = can_repeat(&self->how);
    if (self->choice == CHOICE_ONE) self->is_parallel = false;
    return true;
}

static bool read(Tools *self, Str text, const char *file) {
    static const Member members[] = {{"tools", take_tools},
                                     {"tool_choice", take_choice},
                                     {"format", take_format},
                                     {"parallel", take_parallel},
                                     {"parallel_tool_calls", take_parallel}};
    yyjson_doc *doc = ak_json_parse_raw(self->reader.arena, text, file, self->reader.err);
    return doc &&
           ak_members_take(&self->reader, yyjson_doc_get_root(doc), "#", "what describes tools", members,
                           sizeof members / sizeof *members) &&
           check(self);
}

/* ---- Building */

/* A tool without parameters takes an object without members. */
static yyjson_val *no_parameters(Tools *self) {
    yyjson_doc *doc = ak_json_parse_raw(
        self->reader.arena, STR("{\"type\": \"object\", \"properties\": {}, \"additionalProperties\": false}"), NULL,
        self->reader.err);
    return doc ? yyjson_doc_get_root(doc) : NULL;
}

/* `text` and what ends a name. */
static Symbol ended_symbol(Tools *self, Str text) {
    Symbol choice = ak_grammar_rule(self->grammar, text);
    for (size_t i = 0; choice && i < self->how.name_ends.count; i++) {
        Str whole = ak_tool_join(self->reader.arena, text, self->how.name_ends.items[i]);
        Symbol part = whole.data ? ak_marks_symbol(&self->marks, whole) : AK_SYMBOL_FAILED;
        if (!part || !ak_grammar_add(self->grammar, choice, &part, 1)) return AK_SYMBOL_FAILED;
    }
    return choice;
}

/* Whether it is clear where a name ends that `tail` stands behind. */
static bool check_tail(Tools *self, Symbol tail) {
    const GrammarSymbol *symbol = &self->grammar->symbols.items[tail];
    ByteSet firsts = {0};
    bool is_clear = symbol->is_terminal;
    if (is_clear) ak_expr_add_firsts(&self->grammar->exprs, symbol->expr, &firsts);
    for (unsigned byte = 0; byte < 128; byte++) {
        const char name = (char)byte;
        is_clear = is_clear && !(ak_bits_get(firsts.words, byte) && ak_is_tool_name((Str){&name, 1}));
    }
    return is_clear || ak_member_fail(&self->reader, self->how.name_tail.pointer,
                                      "this is to be one text or expression that begins with what no name has in it");
}

/* A name and what is behind it. */
static Symbol name_symbol(Tools *self, Str name) {
    if (!self->how.name_tail.value) return ended_symbol(self, name);
    Symbol tail = ak_tool_text(&self->how, &self->marks, self->how.name_tail);
    if (!tail || !check_tail(self, tail)) return AK_SYMBOL_FAILED;
    Symbol parts[] = {ak_grammar_literal(self->grammar, name), tail, ended_symbol(self, (Str){0})};
    return ak_grammar_sequence(self->grammar, parts, 3);
}

static bool arguments_symbol(Tools *self, yyjson_val *schema, const char *pointer, Symbol *arguments) {
    if (self->how.parameters.pointer)
        return ak_tool_parameters(&self->how.parameters, &self->marks, schema, pointer, arguments, self->reader.err);
    return ak_json_schema_value(self->grammar, schema, pointer, arguments, self->reader.err);
}

/* A name and arguments. */
static Symbol tool_symbol(Tools *self, const Tool *tool) {
    yyjson_val *schema = tool->parameters ? tool->parameters : no_parameters(self);
    Symbol arguments = AK_SYMBOL_FAILED;
    if (!schema) return AK_SYMBOL_FAILED;
    if (!arguments_symbol(self, schema, tool->parameters ? tool->parameters_pointer : tool->pointer, &arguments))
        return AK_SYMBOL_FAILED;
    return ak_grammar_sequence(self->grammar, (Symbol[]){name_symbol(self, tool->name), arguments}, 2);
}

/* One of the tools with its arguments, and what ends them. */
static Symbol named_symbol(Tools *self) {
    Symbol choice = ak_grammar_rule(self->grammar, STR("tool call"));
    for (size_t i = 0; choice && i < self->tools.count; i++) {
        Symbol tool = tool_symbol(self, &self->tools.items[i]);
        if (!tool || !ak_grammar_add(self->grammar, choice, &tool, 1)) return AK_SYMBOL_FAILED;
    }
    Symbol end = ak_tool_text(&self->how, &self->marks, self->how.arguments_end);
    return ak_grammar_sequence(self->grammar, (Symbol[]){choice, end}, 2);
}

/* What is behind a trigger: a call or, with a separator, a list of them. */
static Symbol body_symbol(Tools *self) {
    Grammar *grammar = self->grammar;
    ToolFormat *how = &self->how;
    Str next = ak_tool_join(grammar->arena, how->separator, how->name_begin);
    Symbol call = named_symbol(self);
    if (!call) return AK_SYMBOL_FAILED;
    Symbol more = ak_grammar_nothing(grammar);
    if (how->has_separator && self->is_parallel) {
        Symbol another = ak_grammar_sequence(grammar, (Symbol[]){ak_marks_symbol(&self->marks, next), call}, 2);
        more = ak_grammar_repeat(grammar, another, 0, AK_REPEAT_MANY);
    }
    Symbol parts[] = {ak_tool_text(how, &self->marks, how->calls_begin), ak_marks_symbol(&self->marks, how->name_begin),
                      call, more, ak_tool_text(how, &self->marks, how->calls_end)};
    return ak_grammar_sequence(grammar, parts, sizeof parts / sizeof *parts);
}

/* `first` and, where calls follow each other without text, others. */
static Symbol calls_symbol(Tools *self, const FreeText *text, Symbol first) {
    Grammar *grammar = self->grammar;
    if (!self->is_parallel || !self->how.has_between) return first;
    Symbol another[] = {ak_marks_symbol(&self->marks, self->how.between), ak_free_text_trigger(text)};
    Symbol more = ak_grammar_repeat(grammar, ak_grammar_sequence(grammar, another, 2), 0, AK_REPEAT_MANY);
    return ak_grammar_sequence(grammar, (Symbol[]){first, more}, 2);
}

/* Free text and calls in it. */
static Symbol mixed_symbol(Tools *self, const FreeText *text) {
    Grammar *grammar = self->grammar;
    Symbol plain = ak_free_text_plain(text), call = ak_free_text_then(text);
    if (!self->how.has_text_after)
        return ak_grammar_choice(grammar, (Symbol[]){plain, calls_symbol(self, text, call)}, 2);
    Symbol calls = ak_grammar_repeat(grammar, call, 0, self->is_parallel ? AK_REPEAT_MANY : 1);
    return ak_grammar_sequence(grammar, (Symbol[]){calls, plain}, 2);
}

/* A message without calls. */
static Symbol text_symbol(Tools *self, const FreeText *text) {
    if (!self->how.is_message) return ak_free_text_plain(text);
    if (!self->how.text_begin.length) return ak_free_text_unlike(text);
    Symbol begin = ak_marks_symbol(&self->marks, self->how.text_begin);
    return ak_grammar_sequence(self->grammar, (Symbol[]){begin, ak_free_text_plain(text)}, 2);
}

static Symbol message_symbol(Tools *self, const FreeText *text) {
    if (self->choice == CHOICE_REQUIRED || self->choice == CHOICE_ONE)
        return calls_symbol(self, text, ak_free_text_trigger(text));
    if (self->choice == CHOICE_NONE || !self->tools.count) return text_symbol(self, text);
    if (!self->how.is_message) return mixed_symbol(self, text);
    Symbol calls = calls_symbol(self, text, ak_free_text_trigger(text));
    return ak_grammar_choice(self->grammar, (Symbol[]){text_symbol(self, text), calls}, 2);
}

/* What may come before all that: text up to what ends it is text up to a trigger. */
static Symbol asides_symbol(Tools *self) {
    Grammar *grammar = self->grammar;
    Symbol aside = ak_grammar_rule(grammar, (Str){0});
    if (!self->how.asides.count) return ak_grammar_nothing(grammar);
    for (size_t i = 0; i < self->how.asides.count; i++) {
        Trigger end = {self->how.asides.items[i].end, ak_grammar_nothing(grammar)};
        Symbol parts[] = {ak_marks_symbol(&self->marks, self->how.asides.items[i].begin),
                          ak_free_text_then(&(FreeText){&self->marks, &end, 1})};
        if (!ak_grammar_add(grammar, aside, parts, 2)) return AK_SYMBOL_FAILED;
    }
    return ak_grammar_repeat(grammar, aside, 0, AK_REPEAT_MANY);
}

static bool check_asides(Tools *self) {
    for (size_t i = 0; i < self->how.asides.count; i++) {
        const ToolAside *aside = &self->how.asides.items[i];
        if (!ak_marks_token(&self->marks, aside->end) && ak_marks_find(&self->marks, aside->end) < aside->end.length)
            return ak_fail(self->reader.err, ANANKE_ERROR_UNSUPPORTED,
                           "%s/end: a special token can only be what an aside's end begins with", aside->pointer);
    }
    return true;
}

static bool build(Tools *self, Symbol *start) {
    Trigger *triggers = ak_new_array(self->grammar->arena, Trigger, self->how.triggers.count);
    if (!triggers) return ak_fail_memory(self->reader.err, self->reader.arena);
    self->marks = (Marks){self->grammar, self->how.tokens.items, self->how.tokens.count};
    FreeText text = {&self->marks, triggers, self->how.triggers.count};
    for (size_t i = 0; i < text.count; i++) triggers[i].text = self->how.triggers.items[i];
    if (!ak_free_text_check(&text, self->how.triggers_pointer, self->reader.err) || !check_asides(self)) return false;
    if (self->tools.count && self->choice != CHOICE_NONE) {
        Symbol body = body_symbol(self);
        if (!body) return ak_grammar_ok(self->grammar, self->reader.err) && false;
        for (size_t i = 0; i < text.count; i++) triggers[i].body = body;
    }
    *start = ak_grammar_sequence(self->grammar, (Symbol[]){asides_symbol(self), message_symbol(self, &text)}, 2);
    return ak_grammar_ok(self->grammar, self->reader.err);
}

bool ak_tools_build(Grammar *grammar, Str text, const char *file, Symbol *start, ananke_error *err) {
    Tools self = {.reader = {grammar->arena, err}, .grammar = grammar};
    return read(&self, text, file) && build(&self, start);
}

ananke_program *ananke_program_from_tools(const char *text, size_t length, const ananke_vocab *vocab,
                                          const ananke_program_options *options, ananke_error *err) {
    return ak_program_build(ak_tools_build, (Str){text, length}, vocab, options, err);
}
