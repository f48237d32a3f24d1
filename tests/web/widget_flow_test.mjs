/*
 * Tests of the widget in a page of another origin: it is found, solved, and
 * what it gives is good for siteverify.
 */
import assert from "node:assert/strict";
import { test } from "node:test";

import { api, newPage, oracle, until } from "./rig.mjs";
import {
	answer,
	awaitHappened,
	callbacks,
	challengeIn,
	happened,
	recorder,
	solve,
	startAll,
	state,
	status,
	visit,
} from "./widget.mjs";

const { system, site, newKey } = await startAll();
const key = await newKey();
const widget = (/** @type {string} */ more = "") =>
	`<div class="aic-captcha" data-sitekey="${key.publishableKey}" ` +
	`${more}></div>`;

async function siteverify(/** @type {string} */ token, secret = key.key) {
	const { body } = await api(
		system,
		"POST",
		"/api/v2/challenges/siteverify",
		{ body: { secret, response: token } },
	);
	return body;
}

test("form_carries_a_token_that_siteverify_accepts_once", async (t) => {
	const page = await visit(
		t,
		site.page(
			`<form action="/sent" method="post">
			<input name="who" value="agent" aria-label="Who">
			${widget('data-action="sign-up" data-cdata="order 7"')}
			<button>Send</button></form>`,
		),
	);
	await solve(page, ".aic-captcha");
	await page.getByRole("button", { name: "Send" }).click();
	await until("the form", () => site.forms.length > 0);
	const [form] = site.forms;
	assert.deepEqual(Object.keys(form), ["who", "aic-response"]);
	const verdict = await siteverify(form["aic-response"]);
	assert.equal(verdict.success, true);
	assert.equal(verdict.action, "sign-up");
	assert.equal(verdict.cdata, "order 7");
	assert.equal(verdict.hostname, "127.0.0.1");
	assert.equal((await siteverify(form["aic-response"])).success, false);
});

test("agent_solves_it_by_what_the_page_says", async (t) => {
	const page = await newPage(t);
	await page.goto(site.page(widget()));
	const group = page.getByRole("group", { name: "aiCAPTCHA" });
	const input = group.getByRole("textbox", { name: "Answer" });
	await input.waitFor();
	/* The accessibility tree and the plain text tell the same. */
	const tree = await group.ariaSnapshot();
	const text = await group.innerText();
	const { challenge } = await challengeIn(page, ".aic-captcha");
	for (const part of [
		challenge.instruction,
		challenge.text,
		challenge.digits.join(" "),
	]) {
		assert.ok(text.includes(part), text);
		assert.ok(
			tree.includes(part) ||
				tree.includes(JSON.stringify(part)),
		);
	}
	const paragraphs = text.split("\n").filter((line) => line !== "");
	const at = paragraphs.indexOf(challenge.instruction);
	assert.ok(at >= 0, text);
	await input.fill(
		await oracle({
			instruction: paragraphs[at],
			text: paragraphs[at + 1],
			digits: (paragraphs[at + 2] ?? "")
				.replace(/^\D*/, "")
				.split(" ")
				.map(Number),
		}),
	);
	await group.getByRole("button", { name: "Submit" }).click();
	await group.getByText("Passed").waitFor();
});

test("keyboard_alone_is_enough", async (t) => {
	const page = await visit(
		t,
		site.page(
			`<form action="/sent" method="post">${widget()}</form>`,
			{ script: recorder },
		),
	);
	await state(page, ".aic-captcha", "ready");
	const { challenge } = await challengeIn(page, ".aic-captcha");
	await page.keyboard.press("Tab");
	await page.keyboard.type("no number");
	await page.keyboard.press("Enter");
	await page.getByText("Type a whole number.").waitFor();
	await page.keyboard.press("Control+A");
	await page.keyboard.type(await oracle(challenge));
	await page.keyboard.press("Enter");
	await state(page, ".aic-captcha", "solved");
	/* Enter was for the widget; the form is still there. */
	assert.equal(await page.title(), "A site");
});

test("wrong_answer_is_told_and_another_challenge_offered", async (t) => {
	const page = await visit(
		t,
		site.page(widget(callbacks), { script: recorder }),
	);
	await state(page, ".aic-captcha", "ready");
	const first = await challengeIn(page, ".aic-captcha");
	await answer(page, ".aic-captcha", "99999999");
	await state(page, ".aic-captcha", "wrong");
	assert.match(await status(page, ".aic-captcha"), /not the answer/);
	assert.equal(await page.locator("script.aic-challenge").count(), 0);
	const again = page.getByRole("button", { name: "New challenge" });
	assert.ok(
		await again.evaluate(
			(b) => b === b.ownerDocument.activeElement,
		),
	);
	await again.click();
	await state(page, ".aic-captcha", "ready");
	const second = await challengeIn(page, ".aic-captcha");
	assert.notEqual(second.token, first.token);
	await solve(page, ".aic-captcha");
	const [, wrong, event, , passed] = await happened(page);
	assert.equal(wrong, "failed incorrect-answer");
	assert.equal(event, "aic:wrong incorrect-answer");
	assert.match(passed, /^passed \S+$/);
});

test("right_answer_that_was_too_slow_is_told_so", async (t) => {
	const strict = await newKey({ minScore: 100 });
	const page = await visit(
		t,
		site.page(
			`<ai-captcha sitekey="${strict.publishableKey}"
			error-callback="failed"></ai-captcha>`,
			{ script: recorder },
		),
	);
	await state(page, "ai-captcha", "ready");
	const { challenge } = await challengeIn(page, "ai-captcha");
	await answer(page, "ai-captcha", await oracle(challenge));
	await state(page, "ai-captcha", "wrong");
	assert.match(await status(page, "ai-captcha"), /^Right, but too slow/);
	await awaitHappened(page, "failed score-below-threshold");
});

test("double_submit_is_one_request", async (t) => {
	const page = await visit(t, site.page(widget()));
	let asked = 0;
	page.on("request", (request) => {
		asked += Number(request.url().endsWith("/challenges/verify"));
	});
	await state(page, ".aic-captcha", "ready");
	const { challenge, submit } = await challengeIn(page, ".aic-captcha");
	await page.locator(submit.input).fill(await oracle(challenge));
	await page.evaluate(
		([input, button]) => {
			const { document, KeyboardEvent } = globalThis.window;
			const enter = { key: "Enter", bubbles: true };
			const press = document.querySelector(button);
			press.click();
			press.click();
			document.querySelector(input).dispatchEvent(
				new KeyboardEvent("keydown", enter),
			);
		},
		[submit.input, submit.button],
	);
	await state(page, ".aic-captcha", "solved");
	/* The preflight of a later one would have come by now. */
	assert.equal(asked, 1);
});

test("two_widgets_on_a_page_do_not_mix", async (t) => {
	const other = await newKey();
	const page = await visit(
		t,
		site.page(
			`<form>${widget('id="one"')}</form>
			<form><ai-captcha id="two" data-sitekey="${other.publishableKey}"
			response-field-name="second"></ai-captcha></form>`,
		),
	);
	await state(page, "#one", "ready");
	await state(page, "#two", "ready");
	const ids = await page
		.locator("main [id]")
		.evaluateAll((all) => all.map(({ id }) => id));
	assert.equal(new Set(ids).size, ids.length, `${ids}`);
	await solve(page, "#two");
	await state(page, "#one", "ready");
	assert.equal(
		await page.locator("[name=aic-response]").inputValue(),
		"",
	);
	const second = await page.locator("[name=second]").inputValue();
	assert.equal((await siteverify(second, other.key)).success, true);
	await solve(page, "#one");
	const first = await page.locator("[name=aic-response]").inputValue();
	assert.equal((await siteverify(first)).success, true);
});

test("element_that_a_script_adds_moves_and_changes_works", async (t) => {
	const other = await newKey();
	const page = await visit(
		t,
		site.page("<p id=here></p><p id=there></p>"),
	);
	await page.evaluate((sitekey) => {
		const { document } = globalThis.window;
		const element = document.createElement("ai-captcha");
		element.setAttribute("sitekey", sitekey);
		document.querySelector("#here")?.append(element);
		document.querySelector("#there")?.append(element);
	}, key.publishableKey);
	await state(page, "#there ai-captcha", "ready");
	assert.equal(await page.locator(".aic-box").count(), 1);
	await page
		.locator("ai-captcha")
		.evaluate(
			(element, sitekey) =>
				element.setAttribute("sitekey", sitekey),
			other.publishableKey,
		);
	await solve(page, "ai-captcha");
	assert.equal(await page.locator(".aic-box").count(), 1);
	const token = await page
		.locator("ai-captcha")
		.evaluate((element) => /** @type {any} */ (element).response);
	assert.equal((await siteverify(token, other.key)).success, true);
});
