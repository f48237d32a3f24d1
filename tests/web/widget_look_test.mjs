/*
 * Tests of what the widget looks like: in both themes, three sizes and six
 * languages, among styles of a page that mean it ill.
 */
import assert from "node:assert/strict";
import { test } from "node:test";

import { axe, expectProblem, screenshot } from "./rig.mjs";
import {
	answer,
	challengeIn,
	solve,
	startAll,
	state,
	status,
	visit,
} from "./widget.mjs";

const { site, newKey } = await startAll();
const { publishableKey } = await newKey();
const hard = await newKey({ difficulty: "hard" });
const revoked = "aic_pk_0000000000000000000000000000000000";

const place = (/** @type {string} */ id, more = "", key = publishableKey) =>
	`<p><ai-captcha id="${id}" sitekey="${key}" ${more}></ai-captcha></p>`;

/* One of each state that stays, and of each size. */
const everything = site.page(
	place("ready", "", hard.publishableKey) +
		place("solved") +
		place("wrong") +
		place("idle", 'execution="execute"') +
		place("error", 'retry="never"', revoked) +
		place("compact", 'size="compact"') +
		place("flexible", 'size="flexible"', hard.publishableKey),
	{
		style: `:root { color-scheme: light dark }
			body { font-family: serif; margin: 12px }`,
	},
);

for (const theme of /** @type {const} */ (["light", "dark"])) {
	for (const width of [390, 1280]) {
		test(`all_states_in_${theme}_at_${width}`, async (t) => {
			const page = await visit(t, everything, {
				theme,
				width,
			});
			expectProblem(page, /status of 401/);
			await solve(page, "#solved");
			await state(page, "#wrong", "ready");
			await answer(page, "#wrong", "99999999");
			for (const id of ["wrong", "ready", "idle", "error"]) {
				await state(page, `#${id}`, id);
			}
			await state(page, "#compact", "ready");
			await state(page, "#flexible", "ready");
			await axe(page);
			await screenshot(page, `widget-${theme}-${width}`);
			const wide = await page.evaluate(
				() => document.documentElement.scrollWidth,
			);
			assert.ok(wide <= width, `${wide} pixels wide`);
		});
	}
}

/* What each language says of a running clock, and to a number that is none. */
/** @type {Record<string, [string, string, string]>} */
const words = {
	en: ["Submit", "The clock is running.", "Type a whole number."],
	de: ["Absenden", "Die Uhr läuft.", "Bitte eine ganze Zahl eingeben."],
	es: ["Enviar", "El tiempo corre.", "Escriba un número entero."],
	fr: ["Envoyer", "Le chrono tourne.", "Saisissez un nombre entier."],
	ja: ["送信", "計測中です。", "整数を入力してください。"],
	zh: ["提交", "正在计时。", "请输入整数。"],
};

const languages = site.page(
	Object.keys(words)
		.map((language) => place(language, `language="${language}"`))
		.join(""),
	{
		style: "main { display: grid; grid-template-columns: repeat(3, 1fr) }",
	},
);

test("every_language_is_spoken", async (t) => {
	const page = await visit(t, languages);
	for (const [language, [submit, clock, number]] of Object.entries(
		words,
	)) {
		const box = page.locator(`#${language} .aic-box`);
		await state(page, `#${language}`, "ready");
		assert.equal(await box.getAttribute("lang"), language);
		assert.equal(await status(page, `#${language}`), clock);
		await answer(page, `#${language}`, "?");
		assert.equal(await status(page, `#${language}`), number);
		const button = box.getByRole("button", { name: submit });
		assert.equal(await button.count(), 1);
		/* The challenge is English for each of them. */
		const task = box.locator(".aic-instruction");
		assert.equal(await task.getAttribute("lang"), "en");
	}
	await axe(page);
	await screenshot(page, "widget-languages");
});

for (const [lang, locale, spoken] of /** @type {const} */ ([
	["de-AT", "fr-FR", "de"],
	["", "zh-Hans-CN", "zh"],
	["tlh", "ja", "ja"],
	["tlh", "tlh", "en"],
])) {
	test(`page_in_${lang || "none"}_read_in_${locale}`, async (t) => {
		const context = { locale };
		const url = site.page(place("box"), { lang });
		const page = await visit(t, url, { context });
		await state(page, "#box", "ready");
		const box = page.locator("#box .aic-box");
		assert.equal(await box.getAttribute("lang"), spoken);
	});
}

/* What pages say of plain elements, and more than that. */
const hostile = `
	* { box-sizing: content-box; letter-spacing: 0.2em }
	div, p, span { margin: 40px; padding: 20px; float: left; color: red }
	form div p, main p { font-size: 40px; text-transform: uppercase }
	input, button { display: block; width: 100%; height: 90px }
	form input[type="text"] { background: yellow; border: 9px solid }
	button:hover { transform: rotate(9deg) }
	label { position: absolute; left: -999px }
	code::before { content: "x" }
	svg { width: 100% }
`;

test("styles_of_the_page_do_not_reach_it", async (t) => {
	const body = `<form>${place("box")}</form>`;
	const boxes = [];
	for (const style of ["", hostile]) {
		const page = await visit(t, site.page(body, { style }));
		await state(page, "#box", "ready");
		const { submit } = await challengeIn(page, "#box");
		const sizes = [];
		for (const part of [submit.input, submit.button, ".aic-icon"]) {
			const { width, height } =
				(await page.locator(part).boundingBox()) ?? {};
			sizes.push(width, height);
		}
		boxes.push(sizes);
	}
	assert.deepEqual(boxes[1], boxes[0]);
});

test("targets_are_large_enough", async (t) => {
	const page = await visit(t, everything);
	expectProblem(page, /status of 401/);
	await state(page, "#compact", "ready");
	await state(page, "#error", "error");
	const targets = page.locator(".aic-box :is(button, [inputmode])");
	const sizes = await targets.evaluateAll((all) =>
		all
			.map((element) => element.getBoundingClientRect())
			.filter(({ width }) => width > 0)
			.map(({ width, height }) => Math.min(width, height)),
	);
	assert.ok(sizes.length >= 8, `${sizes}`);
	assert.ok(Math.min(...sizes) >= 24, `${sizes}`);
});
