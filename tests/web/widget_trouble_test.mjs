/*
 * Tests of the widget when something is not as it should be: it says what, and
 * goes on when it can.
 */
import assert from "node:assert/strict";
import { test } from "node:test";

import {
	api,
	changeKey,
	expectProblem,
	newPage,
	oracle,
	revokeKey,
	until,
} from "./rig.mjs";
import {
	answer,
	awaitHappened,
	callbacks,
	challengeIn,
	happened,
	recorder,
	solve,
	startAll,
	startSite,
	state,
	status,
	visit,
	warnings,
} from "./widget.mjs";

const { system, site, account, newKey } = await startAll();

const widget = (key, more = "") =>
	`<div id="box" class="aic-captcha" ${callbacks} ${more}
	data-sitekey="${key.publishableKey}"></div>`;

const pageOf = (key, more = "") =>
	site.page(widget(key, more), { script: recorder });

/** A page whose clock the test can put forward. */
async function clocked(t, /** @type {string} */ url) {
	const page = await newPage(t);
	await page.clock.install();
	await page.goto(url);
	return page;
}

/** Presses Try again until the widget is ready. */
const persist = (page) =>
	until("a challenge", async () => {
		const now = await page
			.locator("#box")
			.getAttribute("data-state");
		if (now === "error") {
			await page
				.getByRole("button", { name: "Try again" })
				.click();
		}
		return now === "ready";
	});

test("origin_that_is_not_allowed_is_told_until_it_is", async (t) => {
	const key = await newKey();
	const other = await startSite(system.url);
	const page = await newPage(t);
	expectProblem(page, /status of 403/);
	const said = warnings(page);
	await page.goto(
		other.page(
			`<ai-captcha id="box" sitekey="${key.publishableKey}"></ai-captcha>`,
			{ script: recorder },
		),
	);
	await state(page, "#box", "error");
	const text = await status(page, "#box");
	assert.ok(text.includes(other.origin), text);
	assert.ok(text.includes("(origin-not-allowed)"), text);
	assert.ok(
		(await happened(page)).includes("aic:error origin-not-allowed"),
	);
	assert.match(said.join(), /allowedOrigins: http/);
	const allowedOrigins = [site.origin, other.origin];
	await changeKey(system, account, key, { allowedOrigins });
	await persist(page);
	await solve(page, "#box");
});

test("key_that_is_revoked_meanwhile_is_told", async (t) => {
	const key = await newKey();
	const page = await visit(t, pageOf(key));
	expectProblem(page, /status of 401/);
	await state(page, "#box", "ready");
	await revokeKey(system, account, key);
	await until("the gateway to know", async () => {
		const headers = {
			"X-API-Key": key.publishableKey,
			Origin: site.origin,
		};
		const path = "/api/v2/challenges";
		return (
			(await api(system, "POST", path, { headers }))
				.status === 401
		);
	});
	await answer(page, "#box", "5");
	await state(page, "#box", "error");
	assert.match(await status(page, "#box"), /key is not valid/);
	await awaitHappened(page, "failed invalid-api-key");
});

test("key_that_is_disabled_works_again_once_enabled", async (t) => {
	const key = await newKey({ enabled: false });
	const page = await visit(t, pageOf(key));
	expectProblem(page, /status of 401/);
	await state(page, "#box", "error");
	await changeKey(system, account, key, { enabled: true });
	await persist(page);
	await solve(page, "#box");
});

test("challenge_that_ran_out_is_replaced", async (t) => {
	const key = await newKey({ ttlSeconds: 10 });
	const page = await clocked(t, pageOf(key));
	await state(page, "#box", "ready");
	const first = await challengeIn(page, "#box");
	await page.clock.fastForward(10000);
	await awaitHappened(page, "late");
	await awaitHappened(page, "aic:timeout");
	await state(page, "#box", "ready");
	const second = await challengeIn(page, "#box");
	assert.notEqual(second.token, first.token);
	await solve(page, "#box");
});

test("challenge_that_ran_out_waits_for_the_button_if_wanted", async (t) => {
	const key = await newKey({ ttlSeconds: 10 });
	const page = await clocked(
		t,
		pageOf(key, 'data-refresh-timeout="manual"'),
	);
	await state(page, "#box", "ready");
	await page.clock.fastForward(10000);
	await state(page, "#box", "expired");
	assert.match(await status(page, "#box"), /time .* was over/);
	await page.getByRole("button", { name: "New challenge" }).click();
	await solve(page, "#box");
});

test("challenge_that_is_spent_elsewhere_is_replaced", async (t) => {
	const key = await newKey();
	const page = await visit(t, pageOf(key));
	await state(page, "#box", "ready");
	const { token, challenge } = await challengeIn(page, "#box");
	await api(system, "POST", "/api/v2/challenges/verify", {
		body: { token, answer: 1 },
		headers: { "X-API-Key": key.key },
	});
	await answer(page, "#box", await oracle(challenge));
	await awaitHappened(page, "late");
	await state(page, "#box", "ready");
	await solve(page, "#box");
});

test("token_that_is_too_old_is_dropped_and_renewed", async (t) => {
	const key = await newKey();
	const page = await clocked(t, pageOf(key));
	await solve(page, "#box");
	await page.clock.fastForward(299000);
	await awaitHappened(page, "expired");
	await awaitHappened(page, "aic:expired");
	await state(page, "#box", "ready");
	const field = page.locator("#box [name=aic-response]");
	assert.equal(await field.inputValue(), "");
	await solve(page, "#box");
	assert.notEqual(await field.inputValue(), "");
});

for (const [refresh, buttons] of /** @type {const} */ ([
	["manual", 1],
	["never", 0],
])) {
	test(`token_that_is_too_old_is_renewed_${refresh}`, async (t) => {
		const key = await newKey();
		const page = await clocked(
			t,
			pageOf(key, `data-refresh-expired="${refresh}"`),
		);
		await solve(page, "#box");
		await page.clock.fastForward(299000);
		await state(page, "#box", "expired");
		const button = page.getByRole("button");
		assert.equal(await button.count(), buttons);
		assert.equal(
			await page.evaluate("aicaptcha.isExpired('#box')"),
			true,
		);
		assert.equal(
			await page.evaluate("aicaptcha.getResponse('#box')"),
			undefined,
		);
	});
}

test("token_is_too_old_after_a_sleep_without_timers", async (t) => {
	const page = await clocked(
		t,
		pageOf(await newKey(), 'data-refresh-expired="manual"'),
	);
	await solve(page, "#box");
	const now = await page.evaluate("Date.now()");
	await page.clock.setSystemTime(Number(now) + 3600000);
	await state(page, "#box", "solved");
	await page.evaluate(
		"document.dispatchEvent(new Event('visibilitychange'))",
	);
	await state(page, "#box", "expired");
	await page.getByRole("button", { name: "New challenge" }).click();
	await solve(page, "#box");
	await page.clock.setSystemTime(Number(now) + 7200000);
	assert.equal(await page.evaluate("aicaptcha.getResponse()"), undefined);
});

test("page_that_nobody_sees_takes_no_new_challenge", async (t) => {
	const key = await newKey({ ttlSeconds: 10 });
	const page = await clocked(t, pageOf(key));
	const hide = (/** @type {boolean} */ hidden) =>
		page.evaluate((hidden) => {
			Object.defineProperty(document, "hidden", {
				value: hidden,
				configurable: true,
			});
			document.dispatchEvent(new Event("visibilitychange"));
		}, hidden);
	await state(page, "#box", "ready");
	await hide(true);
	await page.clock.fastForward(10000);
	await awaitHappened(page, "aic:timeout");
	await page.clock.runFor(60000);
	await state(page, "#box", "expired");
	await hide(false);
	await solve(page, "#box");
});

test("rate_limit_is_waited_for", async (t) => {
	const key = await newKey({ rateLimit: 30 });
	const headers = { "X-API-Key": key.key };
	await until("the limit", async () => {
		const path = "/api/v2/challenges";
		return (
			(await api(system, "POST", path, { headers }))
				.status === 429
		);
	});
	const page = await clocked(t, pageOf(key));
	expectProblem(page, /status of 429/);
	await state(page, "#box", "error");
	const text = await page.locator("#box").innerText();
	assert.match(text, /Too many requests.*\(rate-limited\)/);
	assert.match(text, /Next try in \d+ s\./);
	assert.equal(await page.getByRole("button").count(), 0);
	await changeKey(system, account, key, { rateLimit: 0 });
	await until("the limit's end", async () => {
		const path = "/api/v2/challenges";
		return (
			(await api(system, "POST", path, { headers }))
				.status === 200
		);
	});
	await page.clock.runFor(61000);
	await state(page, "#box", "ready");
});

test("answer_that_is_none_of_ours_is_told", async (t) => {
	const page = await newPage(t);
	await page.route("**/api/v2/challenges", (route) =>
		route.fulfill({
			json: { hello: "world" },
			headers: { "Access-Control-Allow-Origin": "*" },
		}),
	);
	await page.goto(pageOf(await newKey()));
	await state(page, "#box", "error");
	assert.match(await status(page, "#box"), /\(unknown-answer\)/);
});

test("silence_of_the_gateway_is_told", async (t) => {
	const page = await newPage(t);
	await page.clock.install();
	await page.route("**/api/v2/challenges", () => {});
	await page.goto(pageOf(await newKey(), 'data-retry="never"'));
	await state(page, "#box", "loading");
	await page.clock.fastForward(10000);
	await state(page, "#box", "error");
	assert.match(
		await status(page, "#box"),
		/cannot be reached. \(timeout\)/,
	);
});

test("gateway_that_is_away_is_told_and_found_again", async (t) => {
	const key = await newKey();
	const said = [];
	const page = await visit(t, pageOf(key, 'data-retry-interval="1000"'));
	page.on("console", (message) => said.push(message.text()));
	/* A gateway that starts may not have found its services yet. */
	expectProblem(page, /ERR_CONNECTION_REFUSED|status of 503/);
	await state(page, "#box", "ready");
	await system.stop();
	await answer(page, "#box", "5");
	await state(page, "#box", "error");
	assert.match(await status(page, "#box"), /reached. \(network-error\)/);
	await awaitHappened(page, "failed network-error");
	await system.start();
	/* Nobody presses anything. */
	await state(page, "#box", "ready");
	await solve(page, "#box");
});
