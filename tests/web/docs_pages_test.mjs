/*
 * Tests of the documentation as it is read: without JavaScript, on a phone, in
 * both themes, by a screen reader, by a language model.
 */
import assert from "node:assert/strict";
import { test } from "node:test";

import { api, axe, newPage, screenshot, startSystem } from "./rig.mjs";

const PHONE = 360;
const WIDE = 1280;

const system = await startSystem();

/** The addresses of all pages, as the list beside the text has them. */
async function pages(/** @type {import("playwright-core").Page} */ page) {
	await page.goto(`${system.url}/docs`);
	const paths = await page
		.locator("nav.pages a")
		.evaluateAll((links) =>
			links.map((link) => link.getAttribute("href") ?? ""),
		);
	assert.ok(paths.length > 5);
	return paths;
}

/** How much wider than the window the page is. */
const overhang = (/** @type {import("playwright-core").Page} */ page) =>
	page.evaluate(() => {
		const { document, innerWidth } = /** @type {any} */ (
			globalThis
		);
		return document.documentElement.scrollWidth - innerWidth;
	});

test("every_page_can_be_read_without_javascript_on_a_phone", async (t) => {
	const page = await newPage(t, {
		width: PHONE,
		context: { javaScriptEnabled: false },
	});
	for (const path of await pages(page)) {
		await page.goto(system.url + path);
		assert.equal(await page.locator("h1").count(), 1, path);
		assert.ok(
			(await page.locator("article").innerText()).length >
				1000,
			path,
		);
		assert.equal(await overhang(page), 0, path);
		assert.equal(
			await page
				.locator('nav.pages a[aria-current="page"]')
				.count(),
			1,
			path,
		);
	}
});

test("every_link_leads_to_something", async (t) => {
	const page = await newPage(t);
	const wanted = new Map();
	const ids = new Set();
	for (const path of await pages(page)) {
		await page.goto(system.url + path);
		const found = await page.evaluate(() => {
			const { document } = /** @type {any} */ (globalThis);
			return {
				links: [...document.querySelectorAll("a")].map(
					(link) => link.href,
				),
				ids: [...document.querySelectorAll("[id]")].map(
					(element) => element.id,
				),
			};
		});
		found.ids.forEach((id) => ids.add(`${path}#${id}`));
		for (const link of found.links) {
			const { origin, pathname, hash } = new URL(link);
			if (origin === system.url) {
				wanted.set(pathname + hash, path);
			}
		}
	}
	const files = new Set();
	for (const [target, from] of wanted) {
		const [path = "", id] = target.split("#");
		files.add(path);
		assert.ok(
			id === undefined || ids.has(target),
			`${target}, linked by ${from}, is not there`,
		);
	}
	for (const path of files) {
		const { status } = await api(system, "GET", path);
		assert.equal(status, 200, path);
	}
});

test("every_page_is_accessible_in_both_themes", async (t) => {
	const page = await newPage(t, { width: WIDE });
	for (const path of await pages(page)) {
		const name = path.slice(1).replace("/", "-");
		await page.goto(system.url + path);
		for (const theme of /** @type {const} */ (["light", "dark"])) {
			await page.emulateMedia({ colorScheme: theme });
			await page.setViewportSize({
				width: PHONE,
				height: 800,
			});
			await screenshot(page, `${name}-${theme}-${PHONE}`);
			await page.setViewportSize({
				width: WIDE,
				height: 800,
			});
			await screenshot(page, `${name}-${theme}-${WIDE}`);
			await axe(page);
		}
	}
});

test("examples_have_this_systems_address_and_can_be_copied", async (t) => {
	const page = await newPage(t, {
		context: { permissions: ["clipboard-read", "clipboard-write"] },
	});
	await page.goto(`${system.url}/docs`);
	const block = page.locator(".code", {
		has: page.locator(".language-bash"),
	});
	await block.first().getByRole("button", { name: "Copy" }).click();
	await page.getByRole("status").getByText("Copied").waitFor();
	const copied = await page.evaluate(() =>
		/** @type {any} */ (globalThis).navigator.clipboard.readText(),
	);
	assert.ok(copied.startsWith("curl -X POST " + system.url), copied);
});

test("first_tab_skips_to_the_text", async (t) => {
	const page = await newPage(t);
	await page.goto(`${system.url}/docs/api`);
	await page.keyboard.press("Tab");
	const skip = page.getByRole("link", { name: "Skip to the text" });
	assert.equal(
		await skip.evaluate(
			(link) =>
				link ===
				/** @type {any} */ (globalThis).document
					.activeElement,
		),
		true,
	);
	await page.keyboard.press("Enter");
	assert.equal(new URL(page.url()).hash, "#text");
});

test("llms_txt_has_every_page_as_plain_text", async (t) => {
	const page = await newPage(t);
	const paths = await pages(page);
	const { headers, body } = await api(system, "GET", "/llms.txt");
	assert.equal(headers.get("content-type"), "text/plain; charset=utf-8");
	assert.match(body, /^# aiCAPTCHA\n\n> \S/);
	/* One title; the pages' own are below it. */
	const outside = body.replace(/^```[^]*?^```$/gm, "");
	assert.equal(outside.match(/^# /gm)?.length, 1);
	for (const path of paths) {
		assert.ok(body.includes(`](${path}): `), path);
		await page.goto(system.url + path);
		const title = await page.locator("h1").innerText();
		assert.ok(outside.includes(`\n## ${title}\n`), title);
	}
	assert.doesNotMatch(body, /\]\([^)]*\.md|<!--/);
});
