/*
 * What all browser tests share: a whole system by deploy/up on a free port with
 * data of its own, a chromium, and helpers to ask both.
 *
 * A page is given out with a watch on it. When its test ends, whatever went
 * wrong in it unseen fails the test: an error on the console (a violation of
 * the Content-Security-Policy and a failed request are such), an exception that
 * nobody caught, a request to a foreign host. What a test means to happen it
 * names by expectProblem, and then that has to happen.
 *
 * AIC_BUILD_DIR names the build directory to run (build/). Everything that was
 * started is ended when the file's tests are over, whatever became of them; a
 * test that is killed takes the system with it.
 */
import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { after } from "node:test";
import { fileURLToPath } from "node:url";

/** The root of the repository. */
export const top = fileURLToPath(new URL("../..", import.meta.url));

/** The build directory whose programs are run. */
export const buildDir = resolve(process.env["AIC_BUILD_DIR"] ?? `${top}/build`);

const require = createRequire(join(top, "gateway/web/package.json"));
/** @type {typeof import("playwright-core")} */
const playwright = require("playwright-core");
const axeSource = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

const READY_MS = 60000;
const STOP_MS = 30000;
const WAIT_MS = 30000;
const LOOK_AGAIN_MS = 20;

/** @type {(() => Promise<void>)[]} */
const endings = [];
after(async () => {
	/* Each gets its turn, also after one that has failed. */
	const problems = [];
	for (const end of endings.reverse()) {
		await end().catch((error) => problems.push(error));
	}
	if (problems.length > 0) {
		throw problems[0];
	}
});

/** What to do when the file's tests are over; the last comes first. */
export function atEnd(/** @type {() => Promise<void>} */ end) {
	endings.push(end);
}

/**
 * Waits until condition gives something true, and returns that. A failure
 * names what was waited for.
 *
 * @template T
 * @param {string} what
 * @param {() => T | Promise<T>} condition
 * @param {number} [ms] its deadline
 * @returns {Promise<T>}
 */
export async function until(what, condition, ms = WAIT_MS) {
	const deadline = performance.now() + ms;
	for (;;) {
		const value = await condition();
		if (value) {
			return value;
		}
		if (performance.now() > deadline) {
			throw new Error(`waited ${ms} ms in vain for ${what}`);
		}
		await new Promise((again) => setTimeout(again, LOOK_AGAIN_MS));
	}
}

/** A new directory of this file's tests, which is removed at their end. */
export function scratch() {
	const dir = mkdtempSync(join(tmpdir(), "aic-web-"));
	atEnd(async () => rmSync(dir, { recursive: true, force: true }));
	return dir;
}

/* -------- a system -------- */

async function freePort() {
	const server = createServer().listen(0, "127.0.0.1");
	await once(server, "listening");
	const { port } = /** @type {import("node:net").AddressInfo} */ (
		server.address()
	);
	server.close();
	await once(server, "close");
	return port;
}

class System {
	/** @type {import("node:child_process").ChildProcess | undefined} */
	#up;
	#log = "";

	constructor(port, dir, settings) {
		this.port = port;
		/** Where it answers, without a slash at the end. */
		this.url = `http://127.0.0.1:${port}`;
		this.dir = dir;
		this.settings = settings;
	}

	/** What its processes have logged. */
	get log() {
		return this.#log;
	}

	/** Starts it, again after a stop on the same port with the same data. */
	async start() {
		assert.equal(this.#up, undefined, "the system runs already");
		let said = "";
		let gone = false;
		const up = spawn(
			"setpriv",
			["--pdeathsig", "TERM", join(top, "deploy/up")],
			{
				stdio: ["ignore", "pipe", "pipe"],
				env: {
					...process.env,
					AIC_BUILD_DIR: buildDir,
					AIC_DATA_DIR: this.dir,
					AIC_HTTP_LISTEN: `127.0.0.1:${this.port}`,
					AIC_GATEWAY_WORKERS: "1",
					...this.settings,
				},
			},
		);
		up.stdout.on("data", (text) => (said += text));
		up.stderr.on("data", (text) => (this.#log += text));
		up.on("exit", () => (gone = true));
		up.on("error", () => (gone = true));
		this.#up = up;
		await until(
			"deploy/up",
			() => gone || said.includes("is ready at"),
			READY_MS,
		);
		if (gone) {
			this.#up = undefined;
			throw new Error(
				`deploy/up ended: ${this.#log.slice(-2000)}`,
			);
		}
	}

	/** Stops it; nothing when it does not run. */
	async stop() {
		const up = this.#up;
		if (up === undefined) {
			return;
		}
		this.#up = undefined;
		if (up.exitCode === null && up.signalCode === null) {
			const exit = once(up, "exit");
			const late = setTimeout(
				() => up.kill("SIGKILL"),
				STOP_MS,
			);
			up.kill("SIGTERM");
			await exit;
			clearTimeout(late);
		}
		assert.equal(
			up.exitCode,
			0,
			`deploy/up did not end well: ${this.#log.slice(-2000)}`,
		);
	}
}

/**
 * Starts a system and returns it, with url, stop() and start(). Settings are
 * AIC_... variables of its environment.
 *
 * @param {{settings?: Record<string, string>}} [options]
 */
export async function startSystem({ settings = {} } = {}) {
	const dir = join(scratch(), "data");
	for (let tries = 3; ; tries--) {
		const system = new System(await freePort(), dir, settings);
		/* Somebody else may have taken the port meanwhile. */
		try {
			atEnd(() => system.stop());
			await system.start();
			return system;
		} catch (error) {
			if (
				tries === 1 ||
				!/already|in use/.test(String(error))
			) {
				throw error;
			}
		}
	}
}

/* -------- its API -------- */

/**
 * Asks the API. The answer's body is parsed when it is JSON.
 *
 * @param {System} system
 * @param {string} method
 * @param {string} path
 * @param {{body?: unknown, headers?: Record<string, string>}} [request]
 * @returns {Promise<{status: number, headers: Headers, body: any}>}
 */
export async function api(system, method, path, request = {}) {
	const response = await fetch(system.url + path, {
		method,
		headers: {
			...(request.body === undefined
				? {}
				: { "Content-Type": "application/json" }),
			...request.headers,
		},
		...(request.body === undefined
			? {}
			: { body: JSON.stringify(request.body) }),
		signal: AbortSignal.timeout(WAIT_MS),
	});
	const text = await response.text();
	const json = /json/.test(response.headers.get("content-type") ?? "");
	return {
		status: response.status,
		headers: response.headers,
		body: json ? JSON.parse(text) : text,
	};
}

/** An e-mail address that nobody has yet, and a password. */
export function newCredentials() {
	return {
		email: `${randomBytes(8).toString("hex")}@example.com`,
		/* A random one is too simple for cracklib now and then. */
		password: "violet gravel anthem 5",
	};
}

/** Registers an account; bearer is what its requests carry. */
export async function register(/** @type {System} */ system) {
	const credentials = newCredentials();
	const { status, body } = await api(
		system,
		"POST",
		"/api/v1/auth/register",
		{ body: credentials },
	);
	assert.equal(status, 201, JSON.stringify(body));
	return {
		...credentials,
		bearer: { Authorization: `Bearer ${body.token}` },
	};
}

/**
 * Makes a key and returns what the API says of it: id, key, publishableKey...
 *
 * @param {System} system
 * @param {{bearer: Record<string, string>}} account
 * @param {object} [settings]
 */
export async function createKey(system, account, settings = {}) {
	const { status, body } = await api(system, "POST", "/api/v1/api-keys", {
		body: { name: "test", ...settings },
		headers: account.bearer,
	});
	assert.equal(status, 201, JSON.stringify(body));
	return body;
}

/** Changes a key's settings. */
export async function changeKey(system, account, key, settings) {
	const { status, body } = await api(
		system,
		"PATCH",
		`/api/v1/api-keys/${key.id}`,
		{ body: settings, headers: account.bearer },
	);
	assert.equal(status, 200, JSON.stringify(body));
}

/** Revokes a key. */
export async function revokeKey(system, account, key) {
	const { status } = await api(
		system,
		"DELETE",
		`/api/v1/api-keys/${key.id}`,
		{ headers: account.bearer },
	);
	assert.equal(status, 204);
}

/**
 * The answer to a challenge {text, digits, instruction}, as a text.
 *
 * @returns {Promise<string>}
 */
export function oracle(/** @type {object} */ challenge) {
	return new Promise((answer, fail) => {
		const program = execFile(
			join(buildDir, "bin/oracle"),
			{ timeout: WAIT_MS },
			(error, out, err) =>
				error
					? fail(new Error(`oracle: ${err}`))
					: answer(out.trim()),
		);
		program.stdin?.end(JSON.stringify(challenge));
	});
}

/* -------- a browser -------- */

/** @type {Promise<import("playwright-core").Browser> | undefined} */
let chromium;

/** The chromium of this file's tests, with a profile of its own. */
export function browser() {
	chromium ??= launch();
	return chromium;
}

async function launch() {
	const launched = await playwright.chromium.launch({
		executablePath: "/usr/bin/chromium",
		args: [
			"--no-sandbox",
			"--disable-gpu",
			"--disable-quic",
			"--no-first-run",
			"--disable-background-networking",
			"--disable-component-update",
			"--disable-sync",
			/* No name is looked up: what is foreign stays out. */
			"--host-resolver-rules=MAP * ~NOTFOUND, " +
				"EXCLUDE 127.0.0.1, EXCLUDE localhost",
		],
	});
	atEnd(() => launched.close());
	return launched;
}

/** @type {WeakMap<import("playwright-core").Page, RegExp[]>} */
const expected = new WeakMap();

/**
 * What matches the pattern is meant to go wrong in the page, once or more.
 *
 * @param {import("playwright-core").Page} page
 * @param {RegExp} pattern
 */
export function expectProblem(page, pattern) {
	expected.get(page)?.push(pattern);
}

function isForeign(/** @type {string} */ address) {
	const url = new URL(address);
	return (
		/^(http|ws)s?:$/.test(url.protocol) &&
		!["127.0.0.1", "localhost"].includes(url.hostname)
	);
}

/** The list of what goes wrong in the page from now on. */
function watch(/** @type {import("playwright-core").Page} */ page) {
	/** @type {string[]} */
	const problems = [];
	page.on("console", (message) => {
		if (message.type() === "error") {
			const { url } = message.location();
			problems.push(`console: ${message.text()} (${url})`);
		}
	});
	page.on("pageerror", (error) => {
		problems.push(`exception: ${error.stack ?? error}`);
	});
	page.on("request", (request) => {
		if (isForeign(request.url())) {
			problems.push(`foreign request: ${request.url()}`);
		}
	});
	return problems;
}

function assertNone(/** @type {string} */ what, /** @type {string[]} */ list) {
	assert.ok(list.length === 0, `${what}:\n${list.join("\n")}`);
}

function judge(
	/** @type {string[]} */ problems,
	/** @type {RegExp[]} */ patterns,
) {
	const meant = (/** @type {string} */ problem) =>
		patterns.some((pattern) => pattern.test(problem));
	assertNone(
		"went wrong in the page",
		problems.filter((problem) => !meant(problem)),
	);
	for (const pattern of patterns) {
		assert.ok(
			problems.some((problem) => pattern.test(problem)),
			`${pattern} did not happen in the page`,
		);
	}
}

/**
 * A new page with cookies and a cache of its own, closed and judged at the end
 * of test t.
 *
 * @param {import("node:test").TestContext} t
 * @param {{theme?: "light" | "dark", width?: number, height?: number,
 *     context?: import("playwright-core").BrowserContextOptions}} [options]
 */
export async function newPage(t, options = {}) {
	const { theme = "light", width = 1280, height = 800 } = options;
	const context = await (
		await browser()
	).newContext({
		colorScheme: theme,
		viewport: { width, height },
		locale: "en-US",
		timezoneId: "UTC",
		reducedMotion: "reduce",
		...options.context,
	});
	const page = await context.newPage();
	page.setDefaultTimeout(WAIT_MS);
	const problems = watch(page);
	expected.set(page, []);
	t.after(async () => {
		/* Behind its answer nothing is still on its way here. */
		await page.evaluate(() => 0).catch(() => {});
		await context.close();
		judge(problems, expected.get(page) ?? []);
	});
	return page;
}

/**
 * Fails when axe-core finds anything against WCAG 2.2 AA or its own best
 * practices in the page, or in the part of it that the selector names.
 *
 * @param {import("playwright-core").Page} page
 * @param {string} [selector]
 */
export async function axe(page, selector) {
	/* evaluate(), unlike a script element, is not subject to the CSP. */
	await page.evaluate(axeSource);
	const { violations } = await page.evaluate(
		(part) =>
			/** @type {any} */ (globalThis).axe.run(
				part ?? globalThis.document,
				{ resultTypes: ["violations"] },
			),
		selector,
	);
	const found = violations.flatMap((/** @type {any} */ rule) =>
		rule.nodes.map(
			(/** @type {any} */ node) =>
				`${rule.id}: ${node.target.join(" ")}: ` +
				`${node.failureSummary.replace(/\s+/g, " ")}`,
		),
	);
	assertNone("found by axe-core", found);
}

/* Pixels that somebody who looks at a picture of a page will look at. */
const LOOKED_AT = 2400;

/**
 * Writes what the page looks like to screenshots/NAME.png, without its end
 * when it is very long.
 */
export async function screenshot(
	/** @type {import("playwright-core").Page} */ page,
	/** @type {string} */ name,
) {
	const dir = join(buildDir, "screenshots");
	mkdirSync(dir, { recursive: true });
	const [width = 0, height = 0] = await page.evaluate(() => {
		const root = /** @type {any} */ (globalThis).document
			.documentElement;
		return [root.scrollWidth, root.scrollHeight];
	});
	await page.screenshot({
		path: join(dir, `${name}.png`),
		fullPage: true,
		clip: {
			x: 0,
			y: 0,
			width,
			height: Math.min(height, LOOKED_AT),
		},
	});
}
