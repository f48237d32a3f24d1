/*
 * Tests of the widget's guide, gateway/web/docs/widget.md: its snippets work,
 * and it knows every option, function, event and state.
 */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";

import { top } from "./rig.mjs";
import { recorder, solve, startAll, visit } from "./widget.mjs";

const run = promisify(execFile);
const { system, site, newKey } = await startAll();
const key = await newKey();
const guide = readFileSync(join(top, "gateway/web/docs/widget.md"), "utf8");

/** The first snippet of a language that has the words, for this system. */
function snippet(/** @type {string} */ language, /** @type {string} */ words) {
	const found = [
		...guide.matchAll(/^( *)```(\w*)\n([^]*?)^ *```$/gm),
	].find(
		([, , name, text]) =>
			name === language && text?.includes(words),
	);
	assert.ok(found, `no ${language} with ${words}`);
	return String(found[3])
		.replaceAll("http://127.0.0.1:8080", system.url)
		.replaceAll("aic_pk_your_key_here", key.publishableKey)
		.replaceAll("aic_sk_your_key_here", key.key);
}

async function newToken(t, /** @type {string} */ attributes) {
	const page = await visit(
		t,
		site.page(
			`<ai-captcha sitekey="${key.publishableKey}" ${attributes}>
			</ai-captcha>`,
		),
	);
	await solve(page, "ai-captcha");
	return page.locator("[name=aic-response]").inputValue();
}

for (const words of ["<form", '"aic-captcha"', 'execution="execute"']) {
	test(`snippet_of_a_page_with_${words.replace(/\W+/g, "")}`, async (t) => {
		const page = await visit(t, site.page(snippet("html", words)));
		const container = ":is(ai-captcha, .aic-captcha)";
		await page.locator(`${container}[data-state]`).waitFor();
		if (words.startsWith("execution")) {
			await page
				.getByRole("button", { name: "Start" })
				.click();
		}
		await solve(page, container);
	});
}

test("snippet_of_an_explicit_page", async (t) => {
	const page = await visit(
		t,
		site.page('<div id="check"></div>', {
			query: "?render=explicit&onload=begin",
			script: snippet("js", "function begin"),
		}),
	);
	await solve(page, "#check");
});

test("snippet_of_an_event", async (t) => {
	const page = await visit(
		t,
		site.page(
			`<ai-captcha sitekey="${key.publishableKey}"></ai-captcha>`,
			{
				script: `addEventListener("DOMContentLoaded", () => {
				${snippet("js", "aic:success")} });`,
			},
		),
	);
	const said = page.waitForEvent("console", (message) =>
		/^[\d.]+$/.test(message.text()),
	);
	await solve(page, "ai-captcha");
	await said;
});

test("snippet_of_siteverify_by_curl", async (t) => {
	const token = await newToken(t, 'action="sign-up"');
	const command = snippet("bash", "curl").replace(
		"the-token-of-the-form",
		token,
	);
	const { stdout } = await run("bash", ["-c", `${command.trim()} -sS`]);
	const told = JSON.parse(snippet("json", "challengeTs"));
	assert.deepEqual(Object.keys(JSON.parse(stdout)), Object.keys(told));
});

test("snippet_of_siteverify_in_node", async (t) => {
	const token = await newToken(t, 'action="sign-up"');
	const code = snippet("js", "async function isAgent");
	process.env["AICAPTCHA_SECRET"] = key.key;
	const isAgent = new Function(`${code}; return isAgent;`)();
	assert.equal(await isAgent(token), true);
	assert.equal(await isAgent(token), false);
	assert.equal(await isAgent(await newToken(t, 'action="other"')), false);
});

test("guide_knows_all_there_is", async (t) => {
	const page = await visit(t, site.page("", { script: recorder }));
	await page.waitForFunction("window.aicaptcha");
	const names = await page.evaluate(() => {
		const { aicaptcha, customElements } = /** @type {any} */ (
			globalThis
		);
		const { observedAttributes } = customElements.get("ai-captcha");
		return {
			functions: Object.keys(aicaptcha),
			options: /** @type {string[]} */ (observedAttributes)
				.filter((name) => name.startsWith("data-"))
				.map((name) => name.slice("data-".length)),
		};
	});
	assert.ok(names.functions.length >= 8 && names.options.length >= 20);
	for (const name of names.functions) {
		assert.match(guide, new RegExp(`^\\| \`${name}\\(`, "m"));
	}
	for (const name of names.options) {
		assert.match(guide, new RegExp(`^\\| \`${name}\` \\|`, "m"));
	}
});
