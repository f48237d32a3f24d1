/*
 * The overview: choosing what it is of, reading it by keyboard, and its keeping
 * itself up to date without taking anything from the reader's hands. And that
 * the tables of words and bounds are those of the messages.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { before, test } from "node:test";

import { signIn, visit } from "./dashboard.mjs";
import {
	api,
	createKey,
	expectProblem,
	oracle,
	register,
	startSystem,
	top,
	until,
} from "./rig.mjs";

const CHALLENGES = "/api/v2/challenges";

const system = await startSystem();

/** @type {Awaited<ReturnType<typeof register>>} */
let account;
/** @type {any[]} */
let keys;

/** A challenge with a key of the account; answered, right or wrong, and sent. */
async function play(key, right) {
	const headers = { "X-API-Key": key.key };
	const { body } = await api(system, "POST", CHALLENGES, { headers });
	const answer = Number(await oracle(body.challenge)) + (right ? 0 : 1);
	const verified = await api(system, "POST", `${CHALLENGES}/verify`, {
		headers,
		body: { token: body.token, answer },
	});
	const token = verified.body.verificationToken;
	if (token !== null)
		await api(system, "POST", `${CHALLENGES}/siteverify`, {
			headers,
			body: { token },
		});
}

before(async () => {
	account = await register(system);
	keys = [
		await createKey(system, account, { name: "One" }),
		await createKey(system, account, { name: "Two" }),
	];
	await play(keys[0], true);
	await play(keys[0], true);
	await play(keys[1], true);
	await play(keys[1], false);
});

/** The overview, once it shows all that has happened. */
async function overview(t, { clock = false } = {}) {
	const page = await visit(t, system);
	/* Of the page alone; it goes on by itself as well. */
	if (clock) await page.clock.install();
	await signIn(page, account);
	const value = page.locator(".tile-value").first();
	await until(
		"the figures",
		async () =>
			(await value.count()) > 0 &&
			Number(await value.textContent()) >= 4,
	);
	return { page, value };
}

test("period_and_key_are_chosen_and_kept_in_the_address", async (t) => {
	const { page, value } = await overview(t);
	await page.getByRole("combobox", { name: "Key" }).selectOption("Two");
	await until("one key's count", async () =>
		["2"].includes((await value.textContent()) ?? ""),
	);
	await page.getByRole("radio", { name: "The last 7 days" }).check();
	await page.getByText("Counted by the hour.").waitFor();
	assert.match(page.url(), /range=7d/);

	await page.reload();
	await until(
		"the same again",
		async () =>
			(await value.count()) > 0 &&
			(await value.textContent()) === "2",
	);
	assert.equal(
		await page
			.getByRole("radio", { name: "The last 7 days" })
			.isChecked(),
		true,
	);

	await page
		.getByRole("combobox", { name: "Key" })
		.selectOption("All keys");
	await page.getByRole("button", { name: "Custom" }).click();
	await page.getByLabel("To", { exact: true }).fill("2020-01-01T00:00");
	await page.getByRole("button", { name: "Show it" }).click();
	await page.getByText("The end comes after the beginning.").waitFor();
	await page.getByLabel("From", { exact: true }).fill("2019-12-01T00:00");
	await page.getByRole("button", { name: "Show it" }).click();
	await page.getByText("Nothing happened in this period.").waitFor();
	await page.getByRole("radio", { name: "The last hour" }).check();
	await page.getByText("Counted by the minute.").waitFor();
	await until(
		"the hour's count",
		async () => Number(await value.textContent()) >= 4,
	);
});

test("plot_is_read_by_keyboard_and_as_a_table", async (t) => {
	const { page } = await overview(t);
	const plot = page.getByRole("slider", { name: "Points of the plot" });
	await plot.focus();
	await page.keyboard.press("End");
	await until("the last point", async () =>
		/Challenges \d+, Solved \d+, Wrong \d+/.test(
			(await plot.getAttribute("aria-valuetext")) ?? "",
		),
	);
	const last = await plot.getAttribute("aria-valuetext");
	await page.keyboard.press("ArrowLeft");
	await until(
		"the point before",
		async () =>
			(await plot.getAttribute("aria-valuetext")) !== last,
	);

	await page.getByRole("button", { name: "Expired" }).press("Enter");
	await until("one line more", async () =>
		((await plot.getAttribute("aria-valuetext")) ?? "").includes(
			"Expired",
		),
	);
	await page
		.getByRole("button", { name: "Show as a table" })
		.first()
		.click();
	const table = page.getByRole("region", {
		name: "The points as a table",
	});
	const rows = await table.locator("tbody tr").count();
	assert.ok(rows >= 24, `${rows} rows of a day's hours`);
});

test("refresh_takes_neither_focus_nor_place", async (t) => {
	const { page, value } = await overview(t);
	const expired = page.getByRole("button", { name: "Expired" });
	await expired.focus();
	await page.evaluate(() => scrollTo(0, 300));
	const before = Number(await value.textContent());
	await play(keys[0], true);
	await until(
		"the new count",
		async () => Number(await value.textContent()) === before + 1,
	);
	assert.equal(
		await expired.evaluate(
			(button) => button === document.activeElement,
		),
		true,
	);
	assert.equal(await page.evaluate(() => scrollY), 300);
});

/** Lets time pass in the page; how often it asked for figures meanwhile. */
async function askedWithin(page, ms) {
	await page.evaluate(() => {
		const page = /** @type {any} */ (globalThis);
		page.plainFetch ??= page.fetch;
		page.asked = 0;
		page.fetch = (
			/** @type {string} */ path,
			/** @type {any} */ init,
		) => {
			if (path.includes("/analytics/")) page.asked++;
			return page.plainFetch(path, init);
		};
	});
	await page.clock.fastForward(ms);
	return page.evaluate(() => /** @type {any} */ (globalThis).asked);
}

/** Makes the page believe that its tab is in front or not. */
function setHidden(page, hidden) {
	return page.evaluate((/** @type {boolean} */ value) => {
		Object.defineProperty(document, "hidden", {
			configurable: true,
			value,
		});
		document.dispatchEvent(new Event("visibilitychange"));
	}, hidden);
}

test("paused_or_hidden_page_asks_for_nothing", async (t) => {
	const { page } = await overview(t, { clock: true });
	const asks = () => askedWithin(page, 10000);
	await until("it to ask by itself", async () => (await asks()) > 0);

	await page.getByRole("button", { name: "Pause updates" }).click();
	await page.getByText(", paused").waitFor();
	/* It says so a frame before it drops the timer that was running. */
	await until("it to be still", async () => (await asks()) === 0);
	assert.equal(await asks(), 0);
	await page.getByRole("button", { name: "Go on updating" }).click();
	await until("it to ask again", async () => (await asks()) > 0);

	await setHidden(page, true);
	await asks(); /* the timer that was running finds the page hidden */
	assert.equal(await asks(), 0);
	await setHidden(page, false);
	await until("it to ask again", async () => (await asks()) > 0);
});

test("failing_service_leaves_what_was_shown_and_says_so", async (t) => {
	const { page, value } = await overview(t);
	const before = await value.textContent();
	await page.route("**/analytics/**", (route) =>
		route.fulfill({
			status: 503,
			headers: { "Retry-After": "1" },
			contentType: "application/problem+json",
			body: JSON.stringify({
				title: "A service that this needs is not available",
				code: "service-unavailable",
			}),
		}),
	);
	expectProblem(page, /503/);
	await page.getByText("These figures are not the newest").waitFor();
	assert.equal(await value.textContent(), before);
	await page.unroute("**/analytics/**");
	await page.getByRole("button", { name: "Try now" }).click();
	await page
		.getByText("These figures are not the newest")
		.waitFor({ state: "detached" });
});

test("words_and_bounds_are_those_of_the_messages", () => {
	const read = (/** @type {string} */ path) =>
		readFileSync(join(top, path), "utf8");
	const messages = read("proto/messages.def");
	const words = read("gateway/web/dashboard/words.ts");
	const wire = read("gateway/web/dashboard/wire.ts");

	const misreadings = messages.matchAll(
		/E\(misreading, \w+, \d+, "(.+)"\)/g,
	);
	const texts = [...misreadings].map(([, text]) => text ?? "");
	assert.ok(texts.length >= 14);
	for (const text of texts)
		assert.match(words, new RegExp(`^\\t"?${text}"?: \\[`, "m"));

	const bounds = [...wire.matchAll(/export const (\w+) = (\d+);/g)];
	assert.ok(bounds.length >= 8);
	for (const [, name, value] of bounds)
		assert.match(
			messages,
			new RegExp(`#define PROTO_${name}\\s+${value}\\s`),
		);
});
