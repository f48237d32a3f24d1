/*
 * The reference of the API: docs/api.md with the tables of each route filled in
 * from what `describe` prints of the gateway's own tables.
 *
 * A section is headed by its route, "### POST /api/v2/challenges", says
 * `<!-- tables: CODES -->` where the tables belong (CODES are the errors that
 * only this route has), and shows examples in blocks "http request" and "json
 * response". docs/fields.md says what each field means. The build fails when a
 * route has no section, a section no route, a field no meaning, a meaning no
 * field, or an example has not the fields of its record.
 */
const HEADING = /^### (GET|POST|PUT|PATCH|DELETE) (\S+)$/;
const TABLES = /^<!-- tables(?:: ([a-z, -]+))? -->$/m;
const EXAMPLE = /^```(?:http (request)|json (response))\n([^]*?)^```$/gm;
/* The bound of times, the year 2100, and above it of counts: none to tell. */
const TIME_MAX = 4102444800000;
const PARTS = /^(?:totals|rates)$/;

const WHO = {
	public: "Anybody may call it.",
	key:
		"Called with an API key, `X-API-Key`: a secret one, or a " +
		"publishable one from a page of one of its allowed origins.",
	"secret-key": "Called with a secret API key, `X-API-Key`.",
	session:
		"Called with a session: `Authorization: Bearer TOKEN`, or the " +
		"cookie of the gateway's own pages.",
	cookie:
		"Only for the gateway's own pages: `Origin` has to be of the " +
		"host that is asked.",
};

/* What is refused because of who calls. */
const AUTH_ERRORS = {
	public: [],
	key: ["unauthorized", "invalid-api-key", "origin-not-allowed"],
	"secret-key": ["unauthorized", "invalid-api-key", "forbidden"],
	session: ["unauthorized", "invalid-token", "forbidden"],
	cookie: ["forbidden"],
};

const TYPES = {
	bool: "true or false",
	int: "whole number",
	f64: "number",
	str: "text",
	id: "UUID",
	obj: "object",
	list: "list",
	ints: "list of whole numbers",
	ids: "list of UUIDs",
	strs: "list of texts",
};

const has = (field, flag) => field.flags.includes(flag);
const who = (route) => (has(route, "cookie") ? "cookie" : route.auth);
const routeName = (route) => `${route.method} ${route.path}`;
const number = (value) => String(value).replace(/\B(?=(\d{3})+$)/g, ",");

/* -------- what the fields mean -------- */

/** docs/fields.md: a map of "record.field" to its meaning. */
function readMeanings(text) {
	const meanings = new Map();
	let record = "";
	for (const paragraph of text.split(/\n(?=## |- )/)) {
		const heading = /^## (\w+)/.exec(paragraph);
		const item = /^- `(.+?)`: ([^]+)$/.exec(paragraph);
		if (heading !== null) {
			record = heading[1];
		} else if (item !== null) {
			meanings.set(
				`${record}.${item[1]}`,
				item[2].trim().replace(/\s+/g, " "),
			);
		}
	}
	return meanings;
}

/* -------- one record as rows -------- */

function bounds(field) {
	const range = `${number(field.lo)} to ${number(field.hi)}`;
	switch (field.kind) {
		case "int":
		case "f64":
			return field.hi < TIME_MAX ? range : "";
		case "str":
			return field.lo === 0
				? `at most ${number(field.hi)} bytes`
				: `${range} bytes`;
		case "strs":
			return (
				`at most ${field.hi}, ` +
				`each of at most ${field.each} bytes`
			);
		default:
			return "";
	}
}

class Reference {
	constructor(tables, meanings) {
		this.tables = tables;
		this.meanings = meanings;
		this.used = new Set();
		/* Where a record has been shown in full. */
		this.shown = new Map();
	}

	visible(record) {
		return this.tables.records[record].filter(
			(field) => !has(field, "hidden"),
		);
	}

	meaning(record, field) {
		for (const name of [
			`${record}.${field.name}`,
			`any.${field.name}`,
		]) {
			const meaning = this.meanings.get(name);
			if (meaning !== undefined) {
				this.used.add(name);
				return meaning;
			}
		}
		throw new Error(
			`docs/fields.md does not say what ${field.name} ` +
				`of ${record} is`,
		);
	}

	type(field) {
		if (field.kind === "enum") {
			return this.tables.enums[field.enum]
				.map((text) => `\`${text}\``)
				.join(", ");
		}
		return has(field, "numeric")
			? "number, or a text that is one"
			: TYPES[field.kind];
	}

	requestRow(record, field) {
		const range = bounds(field);
		const need = has(field, "path")
			? "in the path"
			: has(field, "optional")
				? "no"
				: "yes";
		return (
			`| \`${field.name}\` | ${this.type(field)}` +
			`${range === "" ? "" : `: ${range}`} | ${need} | ` +
			`${this.meaning(record, field)} |`
		);
	}

	replyType(field) {
		if (has(field, "null")) {
			return `${this.type(field)}, or null`;
		}
		return has(field, "optional")
			? `${this.type(field)}; may be absent`
			: this.type(field);
	}

	/* The fields of a record that is shown already, as one row. */
	partRow(prefix, part) {
		return (
			`| \`${prefix}\`... | whole numbers | ` +
			`the same counts as in \`${part}\` |`
		);
	}

	replyRows(record, prefix = "", seen = new Map()) {
		const rows = [];
		const fields = this.visible(record);
		const part = [...seen].find(([name]) =>
			this.holds(fields, name),
		);
		const inPart = (field) =>
			part !== undefined &&
			this.visible(part[0]).some(
				({ name }) => name === field.name,
			);
		for (const field of fields) {
			if (inPart(field)) {
				continue;
			}
			rows.push(
				`| \`${prefix}${field.name}\` | ` +
					`${this.replyType(field)} | ` +
					`${this.meaning(record, field)} |`,
			);
			if (field.record !== undefined) {
				rows.push(...this.inner(field, prefix, seen));
			}
		}
		if (part !== undefined) {
			rows.push(this.partRow(prefix, part[1]));
		}
		return rows;
	}

	/* True when all fields of the record `part` are among these. */
	holds(fields, part) {
		return this.visible(part).every((wanted) =>
			fields.some(({ name }) => name === wanted.name),
		);
	}

	inner(field, prefix, seen) {
		const list = field.kind === "list";
		const inside = `${prefix}${field.name}${list ? "[]" : ""}.`;
		const where = this.shown.get(field.record);
		if (where !== undefined) {
			return [
				`| \`${inside}\`... | | the fields of the ` +
					`answer to ${where} |`,
			];
		}
		const rows = this.replyRows(field.record, inside, seen);
		if (PARTS.test(field.record)) {
			seen.set(field.record, `${prefix}${field.name}`);
		}
		return rows;
	}

	/* -------- a route -------- */

	request(route) {
		const fields = this.visible(route.request);
		const query = route.flags.includes("query");
		if (fields.length === 0) {
			return "It takes nothing but that.";
		}
		const place = query
			? "Fields of the query string:"
			: route.flags.includes("form")
				? "Fields of the body, which is JSON or a form:"
				: "Fields of the request, JSON in its body:";
		return [
			place,
			"",
			"| field | type and bounds | required | what it is |",
			"|---|---|---|---|",
			...fields.map((field) =>
				this.requestRow(route.request, field),
			),
		].join("\n");
	}

	reply(route) {
		const fields = this.visible(route.reply);
		if (fields.length === 0) {
			return `The answer is ${route.status}, without a body.`;
		}
		const where = this.shown.get(route.reply);
		if (where !== undefined) {
			return (
				`The answer is ${route.status}, with the ` +
				`fields of the answer to ${where}.`
			);
		}
		const rows = this.replyRows(route.reply);
		const name = routeName(route);
		this.shown.set(route.reply, `[${name}](#${slug(name)})`);
		return [
			`The answer is ${route.status}, with:`,
			"",
			"| field | type | what it is |",
			"|---|---|---|",
			...rows,
		].join("\n");
	}

	error(code) {
		const found = this.tables.errors.find(
			(error) => error.code === code,
		);
		if (found === undefined) {
			throw new Error(`docs/api.md: no error is ${code}`);
		}
		return found;
	}

	errorTable(errors) {
		return [
			"| status | code | what it means |",
			"|---|---|---|",
			...errors
				.sort((a, b) => a.status - b.status)
				.map(
					({ status, code, title }) =>
						`| ${status} | \`${code}\` | ` +
						`${title} |`,
				),
		].join("\n");
	}

	errors(route, own) {
		const codes = [...AUTH_ERRORS[who(route)], ...own];
		if (
			route.request !== undefined &&
			this.visible(route.request).length > 0
		) {
			codes.push("bad-request");
		}
		if (codes.length === 0) {
			return "";
		}
		return (
			"Errors, besides those of [every request]" +
			"(#errors-of-every-request):\n\n" +
			this.errorTable(codes.map((code) => this.error(code)))
		);
	}

	tablesOf(route, own) {
		const parts = [WHO[who(route)]];
		if (route.request !== undefined) {
			parts.push(this.request(route), this.reply(route));
		}
		parts.push(this.errors(route, own));
		return parts.join("\n\n").trim();
	}

	/* -------- examples -------- */

	checkFields(where, record, value, strict) {
		const fields = this.visible(record);
		for (const name of Object.keys(value)) {
			if (!fields.some((field) => field.name === name)) {
				throw new Error(
					`${where}: ${record} has no ${name}`,
				);
			}
		}
		for (const field of fields) {
			const inner = value[field.name];
			const free =
				has(field, "path") ||
				(has(field, "optional") &&
					!(strict && has(field, "null")));
			if (inner === undefined && !free) {
				throw new Error(`${where}: no ${field.name}`);
			}
			if (field.kind === "obj") {
				this.checkFields(
					where,
					field.record,
					inner,
					strict,
				);
			}
			if (field.kind === "list") {
				for (const one of inner ?? []) {
					this.checkFields(
						where,
						field.record,
						one,
						strict,
					);
				}
			}
		}
	}

	checkRequest(route, text) {
		const where = `example of ${routeName(route)}`;
		const [head, body = ""] = text.split("\n\n");
		const [method, target] = head.split(/\s/);
		const path = target.replace(/\?.*/, "");
		const pattern = route.path.replace(/:id/, "[0-9a-f-]{36}");
		if (
			method !== route.method ||
			!new RegExp(`^${pattern}$`).test(path)
		) {
			throw new Error(`${where}: it asks for ${target}`);
		}
		if (route.request === undefined) {
			return;
		}
		const value = route.flags.includes("query")
			? Object.fromEntries(
					new URLSearchParams(
						target.slice(path.length),
					),
				)
			: JSON.parse(body.trim() === "" ? "{}" : body);
		this.checkFields(where, route.request, value, false);
	}

	checkExamples(route, section) {
		const seen = new Set();
		for (const [, ask, answer, text] of section.matchAll(EXAMPLE)) {
			seen.add(ask ?? answer);
			if (ask !== undefined) {
				this.checkRequest(route, text);
			} else if (route.reply !== undefined) {
				this.checkFields(
					`example of ${routeName(route)}`,
					route.reply,
					JSON.parse(text),
					true,
				);
			}
		}
		const speaks =
			route.reply !== undefined &&
			this.visible(route.reply).length > 0;
		if (!seen.has("request") || (speaks && !seen.has("response"))) {
			throw new Error(
				`docs/api.md: ${routeName(route)} is not ` +
					"shown by an example",
			);
		}
	}

	section(route, text) {
		const directive = TABLES.exec(text);
		if (directive === null) {
			throw new Error(
				`docs/api.md: ${routeName(route)} ` +
					"has no <!-- tables -->",
			);
		}
		this.checkExamples(route, text);
		const own = directive[1]?.split(/, */) ?? [];
		return text.replace(TABLES, () => this.tablesOf(route, own));
	}
}

/** The anchor of a heading, as GitHub makes it. */
export function slug(text) {
	return text
		.toLowerCase()
		.replace(/[^\p{L}\p{N} _-]/gu, "")
		.replace(/ /g, "-");
}

/** The markdown of docs/api.md with everything filled in. */
export function renderReference(text, fields, tables) {
	const meanings = readMeanings(fields);
	const reference = new Reference(tables, meanings);
	const left = new Map(
		tables.routes.map((route) => [routeName(route), route]),
	);
	const sections = text.split(/^(?=##)/m).map((section) => {
		const heading = HEADING.exec(section.split("\n", 1)[0]);
		if (heading === null) {
			return section;
		}
		const name = `${heading[1]} ${heading[2]}`;
		const route = left.get(name);
		if (route === undefined) {
			throw new Error(`docs/api.md: there is no ${name}`);
		}
		left.delete(name);
		return reference.section(route, section);
	});
	for (const name of left.keys()) {
		throw new Error(`docs/api.md says nothing of ${name}`);
	}
	for (const name of meanings.keys()) {
		if (!reference.used.has(name)) {
			throw new Error(`docs/fields.md: nothing has ${name}`);
		}
	}
	return sections
		.join("")
		.replace("<!-- errors -->", () =>
			reference.errorTable([...tables.errors]),
		);
}
