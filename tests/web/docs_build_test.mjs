/*
 * Tests of how the documentation is built: what `describe` prints is what the
 * gateway has, and a reference that says too little or too much ends the build.
 */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { buildDir, top } from "./rig.mjs";

const web = join(top, "gateway/web");
const read = (/** @type {string} */ file) =>
	readFileSync(join(top, file), "utf8");

/* Not by name: the build's own modules are not checked for types. */
const load = (/** @type {string} */ file) => import(join(web, "build", file));
const { renderReference } = await load("reference.mjs");
const { renderMarkdown } = await load("markdown.mjs");
const { renderSettings } = await load("settings.mjs");
const { checkLinks } = await load("docs.mjs");

const described = execFileSync(join(buildDir, "bin/describe"), {
	encoding: "utf8",
});
const api = read("gateway/web/docs/api.md");
const fields = read("gateway/web/docs/fields.md");

test("describe_names_every_route_of_the_table", () => {
	const { routes } = JSON.parse(described);
	const rows = read("gateway/routes.c").matchAll(
		/^\t\{ (?:V(\d) )?"([^"]+)", ROUTE_(\w+),/gm,
	);
	const wanted = [...rows].map(
		([, version, path, method]) =>
			`${method} ${version ? `/api/v${version}` : ""}${path}`,
	);
	assert.ok(wanted.length > 0);
	assert.deepEqual(
		routes.map(({ method, path }) => `${method} ${path}`),
		wanted,
	);
});

test("describe_has_every_record_and_enumeration_it_names", () => {
	const { routes, records, enums } = JSON.parse(described);
	for (const { request, reply } of routes) {
		assert.ok(request === undefined || records[request]);
		assert.ok(reply === undefined || records[reply]);
	}
	for (const field of /** @type {any[]} */ (
		Object.values(records).flat()
	)) {
		assert.ok(field.record === undefined || records[field.record]);
		assert.ok(field.enum === undefined || enums[field.enum]);
	}
});

test("reference_holds_the_bounds_of_the_tables", () => {
	const text = renderReference(api, fields, JSON.parse(described));
	assert.match(text, /\| `minScore` \| whole number: 0 to 100 \| no \|/);
	assert.match(text, /\| `name` \| text: 1 to 100 bytes \| yes \|/);
	assert.match(text, /\| 409 \| `email-taken` \|/);
	assert.doesNotMatch(text, /<!--/);
});

const section = /^### GET \/healthz$[^]*?(?=^###? )/m;

/** @type {[string, (parts: any) => void, RegExp][]} */
const faults = [
	[
		"a_route_without_a_section",
		(parts) => (parts.api = parts.api.replace(section, "")),
		/says nothing of GET \/healthz/,
	],
	[
		"a_section_without_a_route",
		(parts) => parts.tables.routes.pop(),
		/there is no GET .*timeseries/,
	],
	[
		"a_section_without_tables",
		(parts) =>
			(parts.api = parts.api.replace("<!-- tables -->", "")),
		/has no <!-- tables -->/,
	],
	[
		"a_field_without_a_meaning",
		(parts) =>
			(parts.fields = parts.fields.replace(
				"- `hostname`",
				"",
			)),
		/does not say what hostname/,
	],
	[
		"a_meaning_without_a_field",
		(parts) => (parts.fields += "\n- `gone`: away\n"),
		/nothing has point\.gone/,
	],
	[
		"an_error_that_does_not_exist",
		(parts) =>
			(parts.api = parts.api.replace("email-taken", "taken")),
		/no error is taken/,
	],
	[
		"an_example_with_an_unknown_field",
		(parts) =>
			(parts.api = parts.api.replace('"signals"', '"signs"')),
		/challenge_redeemed has no signs/,
	],
	[
		"an_example_without_a_field",
		(parts) => (parts.api = parts.api.replace('"score": 0,', "")),
		/no score/,
	],
	[
		"an_example_of_another_path",
		(parts) =>
			(parts.api = parts.api.replace(
				"\nGET /readyz",
				"\nGET /ready",
			)),
		/it asks for \/ready/,
	],
];
for (const [name, plant, pattern] of faults) {
	test(`build_ends_with_${name}`, () => {
		const parts = { api, fields, tables: JSON.parse(described) };
		plant(parts);
		assert.throws(
			() =>
				renderReference(
					parts.api,
					parts.fields,
					parts.tables,
				),
			pattern,
		);
	});
}

test("build_ends_with_a_link_that_leads_nowhere", () => {
	const page = (/** @type {string} */ text) => ({
		path: "/docs",
		file: "index.md",
		...renderMarkdown(text, (/** @type {string} */ href) => href),
	});
	const check = (/** @type {string} */ text) =>
		checkLinks([page(`# A\n\n## B\n\n${text}`)], [{ path: "/" }]);
	check("[b](#b) [all](/) [too](/docs#b) [far](https://example.com/)");
	for (const href of ["#c", "/gone", "/docs#c", "gone.md"]) {
		assert.throws(() => check(`[c](${href})`), /leads nowhere/);
	}
});

test("every_setting_is_in_the_list_with_its_default", () => {
	const text = renderSettings(read("deploy/aicaptcha.conf"));
	const rows = [...read("deploy/aicaptcha.conf").matchAll(/^#(\w+) =/gm)];
	assert.ok(rows.length > 0);
	for (const [, name = ""] of rows) {
		assert.match(
			text,
			new RegExp(
				`\\*\\*\`AIC_${name.toUpperCase()}\`\\*\\*, default`,
			),
		);
	}
	assert.match(
		text,
		/`AIC_HTTP_LISTEN`\*\*, default `127\.0\.0\.1:8080`/,
	);
});
