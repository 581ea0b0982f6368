// Ajv on what schema_walks made: reads its JSON lines, answers each with the line less its instances and with
//   "judge"     which Ajv read the schema; null with "complaint" and all "instances" when none does
//   "different" how many different instances there were
//   "failures"  [{text, errors: [{path, keyword, message}]}], of the instances that are not valid
//   "delicate"  a few valid ones with numbers that may have been rounded
//   "unjudged"  those on which Ajv itself breaks: it follows some references to metaschemas in circles, and loses sight of some evaluated properties.
// Packages are found in NODE_PATH. Without $schema a schema is of the newest draft that Ajv can read it as.
import { createInterface } from "node:readline";
import { createRequire } from "node:module";

const load = createRequire((process.env.NODE_PATH ?? process.cwd()).split(":")[0] + "/x");
const options = { strict: false, validateSchema: false, addUsedSchema: false, allErrors: true, logger: false, ownProperties: true };
const makers = { "2020": load("ajv/dist/2020"), "2019": load("ajv/dist/2019"), "7": load("ajv"), "4": load("ajv-draft-04") };
const addFormats = load("ajv-formats");

// Those of JSON Schema; Ajv has some of OpenAPI's, too.
const formats = ["date", "time", "date-time", "duration", "email", "hostname", "ipv4", "ipv6", "uri", "uri-reference", "uri-template", "uuid", "json-pointer",
    "relative-json-pointer", "regex"];
// What Ajv's formats refuse although the RFCs have it: mailboxes with a quoted local part, with a domain of one label or with an address instead (5321, 4.1.2
// and 4.1.3), URIs whose path is empty (3986, 3), and dots in the names of a template's variables (6570, 2.3).
const holds = (format, text) => (typeof format === "function" ? format(text) : (format.validate ?? format).test(text));
const addresses = { "": addFormats.default.get("ipv4"), "IPv6:": addFormats.default.get("ipv6") };
const unquoted = (mailbox) => mailbox.replace(/^"(?:[ !#-[\]-~]|\\[ -~])*"(?=@)/, "x");
const named = (mailbox) => mailbox.replace(/(?<=@)\[(IPv6:|)([^\]]*)\]$/, (all, kind, text) => (holds(addresses[kind], text) ? "x.x" : all));
const wider = {
    email: (format) => (text) => ["", ".x"].some((label) => holds(format, unquoted(named(text)) + label)),
    uri: (format) => (text) => holds(format, text) || holds(format, text.replace(/^([a-z][a-z0-9+.-]*:)(?=[?#]|$)/i, "$1x")),
    "uri-template": (format) => (text) => holds(format, text) || holds(format, text.replace(/(?<=[{,][^{},:]*\w)\.(?=[\w%])/g, "")),
};

const judges = new Map();
function judge(draft, unicode) {
    const key = draft + unicode;
    if (!judges.has(key)) {
        const made = new makers[draft].default({ ...options, unicodeRegExp: unicode });
        addFormats.default(made, formats);
        for (const [name, widened] of Object.entries(wider)) made.addFormat(name, widened(addFormats.default.get(name)));
        judges.set(key, made);
    }
    return judges.get(key);
}

function drafts(schema) {
    const named = String(schema?.$schema ?? "");
    if (named.includes("2020-12")) return ["2020"];
    if (named.includes("2019-09")) return ["2019"];
    if (/draft-0[67]/.test(named)) return ["7"];
    if (/draft-0[34]/.test(named)) return ["4"];
    return ["2020", "7", "4"];
}

// Up to draft 7 keywords beside $ref mean nothing; Ajv reads them in every draft.
function lone(value) {
    if (Array.isArray(value)) return value.map(lone);
    if (value === null || typeof value !== "object") return value;
    const kept = typeof value.$ref === "string" ? ["$ref", "definitions", "$defs"].filter((key) => key in value) : Object.keys(value);
    return Object.fromEntries(kept.map((key) => [key, key === "enum" || key === "const" ? value[key] : lone(value[key])]));
}

function compile(schema) {
    let complaint = "";
    const old = /draft-0[3467]/.test(String(schema?.$schema ?? ""));
    const plain = schema !== null && typeof schema === "object" ? { ...(old ? lone(schema) : schema) } : schema;
    if (plain && !/json-schema\.org/.test(String(plain.$schema ?? ""))) delete plain.$schema;
    for (const draft of drafts(schema)) {
        for (const unicode of [true, false]) {
            try {
                return { judge: `ajv ${draft}`, validate: judge(draft, unicode).compile(plain) };
            } catch (error) {
                complaint ||= String(error.message).slice(0, 200);
            }
        }
    }
    return { judge: null, complaint };
}

// Is the instance valid? Null: it cannot be said.
function verdict(validate, instance) {
    try {
        return validate(instance);
    } catch {
        return null;
    }
}

function look(line) {
    const { schema, instances, ...rest } = line;
    if (line.refused) return rest;
    const texts = [...new Set(instances)].sort((a, b) => a.length - b.length);
    const { judge, complaint, validate } = compile(schema);
    const answer = { ...rest, judge, count: instances.length, different: texts.length, failures: [], delicate: [], unjudged: [] };
    if (!judge) return { ...answer, complaint, instances: texts };
    for (const text of texts) {
        const valid = verdict(validate, JSON.parse(text));
        if (valid === null) {
            answer.unjudged.push(text);
        } else if (!valid) {
            const errors = validate.errors.slice(0, 20).map((error) => ({ path: error.schemaPath, keyword: error.keyword, message: error.message }));
            answer.failures.push({ text, errors });
        } else if (answer.delicate.length < 5 && /\d{15}|\d[eE]/.test(text)) {
            answer.delicate.push(text);
        }
    }
    return answer;
}

for await (const line of createInterface({ input: process.stdin })) {
    if (line) console.log(JSON.stringify(look(JSON.parse(line))));
}
