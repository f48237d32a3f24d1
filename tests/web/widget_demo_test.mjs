/*
 * Tests of the page /widget, where the widget can be tried.
 */
import assert from "node:assert/strict";
import { test } from "node:test";

import {
	axe,
	expectProblem,
	newCredentials,
	screenshot,
	until,
} from "./rig.mjs";
import { solve, startAll, visit } from "./widget.mjs";

const { system, newKey } = await startAll();
const { publishableKey } = await newKey();
const url = `${system.url}/widget`;

/* Nobody is signed in, which is no mistake of the page. */
const asStranger = (page) => expectProblem(page, /status of 401/);

for (const theme of /** @type {const} */ (["light", "dark"])) {
	for (const width of [390, 1280]) {
		test(`page_in_${theme}_at_${width}`, async (t) => {
			const page = await visit(t, url, { theme, width });
			asStranger(page);
			await page
				.getByLabel("Publishable key")
				.fill(publishableKey);
			await page.getByLabel("Language").selectOption("fr");
			await solve(page, "#preview");
			await page.getByText("aic:success, score").waitFor();
			await axe(page);
			await screenshot(page, `demo-${theme}-${width}`);
			const wide = await page.evaluate(
				() => document.documentElement.scrollWidth,
			);
			assert.ok(wide <= width, `${wide} pixels wide`);
		});
	}
}

test("code_says_what_was_chosen", async (t) => {
	const page = await visit(t, url);
	asStranger(page);
	const code = page.locator("#code");
	assert.equal(
		await code.innerText(),
		`<script src="${system.url}/widget/v1.js"\n` +
			"  async defer></script>\n\n" +
			'<ai-captcha sitekey="aic_pk_your_key_here"></ai-captcha>',
	);
	await page.getByLabel("Publishable key").fill(publishableKey);
	await page.getByLabel("Size").selectOption("compact");
	await page.getByLabel("Begins").selectOption("execute");
	await page.getByRole("button", { name: "Start" }).click();
	const said = await code.innerText();
	assert.ok(said.includes(`sitekey="${publishableKey}"`), said);
	assert.ok(said.includes('size="compact" execution="execute"'), said);
	const size = page.locator("#preview .aic-box");
	assert.equal(await size.getAttribute("data-size"), "compact");
	await solve(page, "#preview");
});

test("key_of_who_is_signed_in_is_filled_in", async (t) => {
	const page = await visit(t, url);
	asStranger(page);
	const key = await page.evaluate(async (credentials) => {
		const post = (path, body) =>
			fetch(path, {
				method: "POST",
				headers: { "Content-Type": "application/json" },
				body: JSON.stringify(body),
			});
		await post("/api/v1/session/register", credentials);
		const made = await post("/api/v1/api-keys", {
			name: "mine",
			difficulty: "easy",
		});
		return (await made.json()).publishableKey;
	}, newCredentials());
	assert.match(key, /^aic_pk_/);
	await page.reload();
	const field = page.getByLabel("Publishable key");
	await until("the key", async () => (await field.inputValue()) === key);
	await solve(page, "#preview");
});
