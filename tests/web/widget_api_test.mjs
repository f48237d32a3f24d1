/*
 * Tests of window.aicaptcha: what a page may ask of its widgets.
 */
import assert from "node:assert/strict";
import { test } from "node:test";

import { expectProblem, until } from "./rig.mjs";
import {
	awaitHappened,
	callbacks,
	challengeIn,
	answer,
	happened,
	recorder,
	solve,
	startAll,
	state,
	visit,
	warnings,
} from "./widget.mjs";

const { site, newKey } = await startAll();
const { publishableKey, key } = await newKey();

const explicit = { query: "?render=explicit", script: recorder };
const box = '<div id="box"></div>';
const ready = `<div id="box" class="aic-captcha" data-sitekey="${publishableKey}"
	${callbacks}></div>`;

/** Calls a function of window.aicaptcha in the page. */
const call = (page, /** @type {string} */ name, ...rest) =>
	page.evaluate(
		([name, rest]) =>
			/** @type {any} */ (globalThis).aicaptcha[name](
				...rest,
			),
		/** @type {const} */ ([name, rest]),
	);

test("explicit_page_renders_when_it_likes", async (t) => {
	const page = await visit(
		t,
		site.page(ready, {
			query: "?render=explicit&onload=begin",
			script: `${recorder}
			function begin() { happened.push("begun"); }`,
		}),
	);
	const said = warnings(page);
	await awaitHappened(page, "begun");
	assert.equal(await page.locator(".aic-box").count(), 0);
	const id = await page.evaluate(() => {
		const { aicaptcha, happened } = /** @type {any} */ (globalThis);
		return aicaptcha.render("#box", {
			action: "login",
			theme: "dark",
			callback: () => happened.push("passed of its own"),
		});
	});
	assert.match(id, /^aic-\d+$/);
	await solve(page, "#box");
	await awaitHappened(page, "passed of its own");
	const theme = page.locator("#box .aic-box");
	assert.equal(await theme.getAttribute("data-theme"), "dark");
	assert.equal(await call(page, "render", "#box"), id);
	assert.match(said.join(), /already/);
});

test("render_refuses_what_cannot_be", async (t) => {
	const page = await visit(t, site.page(box, explicit));
	await page.waitForFunction("window.aicaptcha");
	const sitekey = publishableKey;
	for (const [place, parameters, why] of /** @type {const} */ ([
		["#nowhere", { sitekey }, /no container #nowhere/],
		["((", { sitekey }, /no container/],
		["#box", {}, /"sitekey" is missing/],
		["#box", { sitekey: 7 }, /"sitekey" is to be a string/],
		["#box", { sitekey: key }, /secret key/],
		[
			"#box",
			{ sitekey, action: "a".repeat(33) },
			/"action" has more/,
		],
		[
			"#box",
			{ sitekey, cdata: "ä".repeat(128) },
			/"cdata" has more/,
		],
		[
			"#box",
			{ sitekey, callback: 7 },
			/"callback" is to be a function/,
		],
	])) {
		await assert.rejects(
			call(page, "render", place, parameters),
			why,
		);
	}
	assert.equal(await page.locator(".aic-box").count(), 0);
	const said = warnings(page);
	await call(page, "render", "#box", {
		sitekey,
		theme: "pink",
		"retry-interval": 1,
	});
	await state(page, "#box", "ready");
	assert.match(said.join("\n"), /"theme" is one of auto, light, dark/);
	assert.match(said.join("\n"), /"retry-interval" is a number/);
});

test("implicit_page_is_warned_and_not_broken", async (t) => {
	const page = await visit(
		t,
		site.page(
			`<div class="aic-captcha"></div>
			<ai-captcha sitekey="${key}"></ai-captcha>${ready}`,
			{
				query: "?onload=nobody",
				script: `window.said = [];
				console.warn = (text) => said.push(text);`,
			},
		),
	);
	await state(page, "#box", "ready");
	const said = await page.evaluate("said.sort().join('\\n')");
	assert.match(
		said,
		/"nobody"\n.*"sitekey" is a secret key.*\n.*"sitekey" is missing/,
	);
	assert.equal(await page.locator(".aic-box").count(), 1);
});

test("execution_waits_until_it_is_told", async (t) => {
	const page = await visit(t, site.page(box + ready, explicit));
	await page.waitForFunction("window.aicaptcha");
	const said = warnings(page);
	const sitekey = publishableKey;
	const id = await call(page, "render", "#box", {
		sitekey,
		execution: "execute",
	});
	await state(page, "#box", "idle");
	assert.deepEqual(await happened(page), []);
	await call(page, "execute", id);
	await state(page, "#box", "ready");
	await call(page, "execute", id);
	assert.match(said.join(), /at it already/);
	await call(page, "reset", id);
	await page.getByRole("button", { name: "Start" }).click();
	await solve(page, "#box");
	await call(page, "execute", id);
	assert.match(said.join(), /solved already/);
});

test("execute_makes_the_widget_that_is_not_there", async (t) => {
	const page = await visit(t, site.page(box, explicit));
	await page.waitForFunction("window.aicaptcha");
	await call(page, "execute", "#box", { sitekey: publishableKey });
	await solve(page, "#box");
});

test("appearance_hides_what_needs_nobody_yet", async (t) => {
	const page = await visit(t, site.page(box, explicit));
	await page.waitForFunction("window.aicaptcha");
	const shown = page.locator("#box .aic-box");
	const sitekey = publishableKey;
	await call(page, "render", "#box", {
		sitekey,
		execution: "execute",
		appearance: "interaction-only",
	});
	await state(page, "#box", "idle");
	assert.equal(await shown.isVisible(), false);
	await call(page, "execute");
	await state(page, "#box", "ready");
	assert.equal(await shown.isVisible(), true);
	await call(page, "remove", "#box");
	assert.equal(await shown.count(), 0);
});

test("response_is_there_until_reset", async (t) => {
	const page = await visit(t, site.page(ready, { script: recorder }));
	await state(page, "#box", "ready");
	assert.equal(await call(page, "getResponse"), undefined);
	await solve(page, "#box");
	const token = await call(page, "getResponse");
	assert.ok((await happened(page)).includes(`passed ${token}`));
	assert.equal(
		await page.locator("#box [name=aic-response]").inputValue(),
		token,
	);
	assert.equal(await call(page, "isExpired", "#box"), false);
	await call(page, "reset", "#box");
	assert.equal(await call(page, "getResponse"), undefined);
	assert.equal(
		await page.locator("#box [name=aic-response]").inputValue(),
		"",
	);
	await solve(page, "#box");
	assert.notEqual(await call(page, "getResponse"), token);
});

test("response_field_can_be_left_out_or_named", async (t) => {
	const page = await visit(
		t,
		site.page(`${box}<p id="other"></p>`, explicit),
	);
	await page.waitForFunction("window.aicaptcha");
	const sitekey = publishableKey;
	await call(page, "render", "#box", {
		sitekey,
		"response-field": false,
	});
	await call(page, "render", "#other", {
		sitekey,
		"response-field-name": "proof",
	});
	assert.deepEqual(
		await page
			.locator("input[type=hidden]")
			.evaluateAll((all) =>
				all.map((input) => input["name"]),
			),
		["proof"],
	);
});

test("reset_cancels_what_is_under_way", async (t) => {
	const page = await visit(t, site.page(ready, { script: recorder }));
	const verify = "**/api/v2/challenges/verify";
	/** @type {string[]} */
	const cancelled = [];
	page.on("requestfailed", (request) => {
		cancelled.push(`${request.failure()?.errorText}`);
	});
	await page.route(verify, () => {});
	await state(page, "#box", "ready");
	await answer(page, "#box", "1");
	await state(page, "#box", "verifying");
	await call(page, "reset", "#box");
	await until("the end of it", () => cancelled.length > 0);
	assert.deepEqual(cancelled, ["net::ERR_ABORTED"]);
	await page.unroute(verify);
	await solve(page, "#box");
	const entries = await happened(page);
	assert.ok(!entries.some((entry) => /^(aic:error|failed)/.test(entry)));
});

test("removal_from_the_document_ends_it", async (t) => {
	const page = await visit(
		t,
		site.page(
			`${ready}<section><div id="second"></div></section>`,
			{ script: recorder },
		),
	);
	await state(page, "#box", "ready");
	await call(page, "render", "#second", { sitekey: publishableKey });
	await state(page, "#second", "ready");
	const said = warnings(page);
	await page.locator("section").evaluate((section) => section.remove());
	assert.equal(await call(page, "getResponse", "aic-2"), undefined);
	await call(page, "execute", "aic-2");
	assert.match(said.join(), /there is no widget aic-2/);
	await call(page, "remove", "#box");
	assert.equal(await page.locator(".aic-box").count(), 0);
	await call(page, "render", "#box");
	await solve(page, "#box");
});

test("faults_of_the_page_stay_its_own", async (t) => {
	const page = await visit(
		t,
		site.page(
			`<ai-captcha id="one" sitekey="${publishableKey}"
			callback="broken"></ai-captcha><ai-captcha id="two"
			sitekey="${publishableKey}" callback="missing"></ai-captcha>`,
			{
				script: 'function broken() { throw Error("not mine") }',
			},
		),
	);
	expectProblem(page, /exception: .*not mine/);
	const said = warnings(page);
	await solve(page, "#one");
	await solve(page, "#two");
	assert.match(said.join(), /there is no function "missing"/);
});

test("ready_calls_back_once_the_document_is_there", async (t) => {
	const page = await visit(t, site.page(box, explicit));
	await page.waitForFunction("window.aicaptcha");
	const seen = await page.evaluate(
		() =>
			new Promise((done) =>
				/** @type {any} */ (globalThis).aicaptcha.ready(
					() => done(document.readyState),
				),
			),
	);
	assert.notEqual(seen, "loading");
});

test("script_that_is_loaded_twice_counts_once", async (t) => {
	const again = `${site.gateway}/widget/v1.js?again`;
	const page = await visit(
		t,
		site.page(`${ready}<script src="${again}"></script>`, {
			script: `window.said = [];
			console.warn = (text) => said.push(text);`,
		}),
	);
	await state(page, "#box", "ready");
	assert.match(
		await page.evaluate("said.join('|')"),
		/^[^|]*twice[^|]*$/,
	);
	assert.equal(await page.locator(".aic-box").count(), 1);
});

test("widget_in_a_shadow_root_is_styled_and_works", async (t) => {
	const page = await visit(t, site.page(box));
	await page.waitForFunction("window.aicaptcha");
	await page.evaluate((sitekey) => {
		const host = document.querySelector("#box");
		const root = host?.attachShadow({ mode: "open" });
		const inner = document.createElement("div");
		inner.id = "inner";
		root?.append(inner);
		/** @type {any} */ (globalThis).aicaptcha.render(inner, {
			sitekey,
		});
	}, publishableKey);
	await state(page, "#inner", "ready");
	const { submit } = await challengeIn(page, "#inner");
	const button = page.locator(submit.button);
	const weight = await button.evaluate(
		(element) => getComputedStyle(element).fontWeight,
	);
	assert.equal(weight, "600");
	await solve(page, "#inner");
});
