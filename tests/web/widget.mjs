/*
 * What the tests of the widget share: a site of another origin than the
 * gateway's, with a strict Content-Security-Policy of its own, and an agent
 * that answers what it finds there.
 */
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";

import {
	atEnd,
	createKey,
	newPage,
	oracle,
	register,
	startSystem,
	until,
} from "./rig.mjs";

/* Nothing inline, and not even a script's text set by a script. */
const policy = (/** @type {string} */ gateway) =>
	`default-src 'none'; script-src 'self' ${gateway}; style-src 'self'; ` +
	`img-src data:; connect-src ${gateway}; form-action 'self'; ` +
	"base-uri 'none'; require-trusted-types-for 'script'";

async function textOf(/** @type {import("node:http").IncomingMessage} */ from) {
	let text = "";
	for await (const chunk of from) {
		text += chunk;
	}
	return text;
}

class Site {
	/** @type {Map<string, {type: string, text: string}>} */
	#files = new Map();
	/** The fields of each form that was sent to /sent. */
	forms = [];
	origin = "";

	constructor(/** @type {string} */ gateway) {
		this.gateway = gateway;
		this.server = createServer((request, response) =>
			this.#answer(request, response),
		);
	}

	async #answer(request, response) {
		const path = request.url ?? "";
		let file = this.#files.get(path);
		if (request.method === "POST" && path === "/sent") {
			const sent = new URLSearchParams(await textOf(request));
			this.forms.push(Object.fromEntries(sent));
			file = {
				type: "text/html",
				text: "<title>thanks</title>",
			};
		}
		response.writeHead(file === undefined ? 404 : 200, {
			"Content-Type": `${file?.type ?? "text/plain"}; charset=utf-8`,
			"Content-Security-Policy": policy(this.gateway),
		});
		response.end(file?.text ?? "nothing");
	}

	/**
	 * Puts a page there and returns its URL. query is what follows the URL of
	 * the widget's script, script the page's own, before that one.
	 *
	 * @param {string} body
	 * @param {{query?: string, script?: string, style?: string, lang?: string}} [more]
	 */
	page(body, { query = "", script = "", style = "", lang = "en" } = {}) {
		const name = `/${this.#files.size}`;
		const widget = `${this.gateway}/widget/v1.js${query}`;
		this.#files.set(`${name}.js`, {
			type: "text/javascript",
			text: script,
		});
		this.#files.set(`${name}.css`, {
			type: "text/css",
			text: style,
		});
		this.#files.set(name, {
			type: "text/html",
			text:
				`<!doctype html><html lang="${lang}"><title>A site</title>` +
				'<meta name="viewport" content="width=device-width">' +
				'<link rel="icon" href="data:,">' +
				`<link rel="stylesheet" href="${name}.css">` +
				`<script src="${name}.js"></script>` +
				`<script src="${widget}" async defer></script>` +
				`<main><h1>A site</h1>${body}</main></html>`,
		});
		return this.origin + name;
	}
}

/** A site that embeds the widget of this gateway; it ends with the tests. */
export async function startSite(/** @type {string} */ gateway) {
	const site = new Site(gateway);
	site.server.listen(0, "127.0.0.1");
	await once(site.server, "listening");
	atEnd(async () => {
		site.server.closeAllConnections();
		site.server.close();
	});
	const { port } = /** @type {import("node:net").AddressInfo} */ (
		site.server.address()
	);
	site.origin = `http://127.0.0.1:${port}`;
	return site;
}

/** A system, a site, and what makes keys for it: easy ones unless told. */
export async function startAll() {
	const system = await startSystem();
	const site = await startSite(system.url);
	const account = await register(system);
	const newKey = (settings = {}) =>
		createKey(system, account, {
			difficulty: "easy",
			allowedOrigins: [site.origin],
			...settings,
		});
	return { system, site, account, newKey };
}

/** A page of test t at the URL, with a look at its widgets. */
export async function visit(t, /** @type {string} */ url, options = {}) {
	const page = await newPage(t, options);
	await page.goto(url);
	return page;
}

/** Waits until the widget in container (a selector) is in the state. */
export async function state(page, container, wanted) {
	await page
		.locator(`${container}[data-state="${wanted}"]`)
		.waitFor({ state: "attached" });
}

/** The challenge that the widget's JSON tells. */
export async function challengeIn(page, container) {
	const block = page.locator(`${container} script.aic-challenge`);
	return JSON.parse(await block.textContent());
}

/** Types an answer and hands it in. */
export async function answer(page, container, text) {
	const told = await challengeIn(page, container);
	await page.locator(told.submit.input).fill(text);
	await page.locator(told.submit.button).click();
}

/** Solves the widget in the container, when it is ready. */
export async function solve(page, container) {
	await state(page, container, "ready");
	const { challenge } = await challengeIn(page, container);
	await answer(page, container, await oracle(challenge));
	await state(page, container, "solved");
}

/** What stands in the page's list of what happened, see recorder. */
export function happened(page) {
	return page.evaluate(() => /** @type {any} */ (globalThis).happened);
}

/**
 * A script of a page that notes calls of its functions (passed, failed,
 * expired, late) and the widget's events in window.happened.
 */
export const recorder = `
	window.happened = [];
	for (const name of ["passed", "failed", "expired", "late"]) {
		window[name] = (...rest) => {
			happened.push([name, ...rest].join(" "));
			return true;
		};
	}
	for (const name of ["ready", "success", "wrong", "error", "expired",
	    "timeout"]) {
		document.addEventListener("aic:" + name, ({ detail }) =>
			happened.push("aic:" + name +
			    (detail.code ? " " + detail.code : "")));
	}
`;

/** The attributes that make a widget call the recorder's functions. */
export const callbacks =
	'data-callback="passed" data-error-callback="failed" ' +
	'data-expired-callback="expired" data-timeout-callback="late"';

/** Waits until the page's list holds the entry. */
export async function awaitHappened(page, /** @type {string} */ entry) {
	await until(entry, async () => (await happened(page)).includes(entry));
}

/** What the warnings of the page say, from now on. */
export function warnings(page) {
	/** @type {string[]} */
	const said = [];
	page.on("console", (message) => {
		if (message.type() === "warning") {
			said.push(message.text());
		}
	});
	return said;
}

/** The text that the widget tells its state by. */
export async function status(page, container) {
	const text = await page
		.locator(`${container} [role=status]`)
		.innerText();
	assert.notEqual(text, "");
	return text;
}
