/*
 * Tests of the rig: it sees what goes wrong in a page, and leaves nothing.
 */
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { once } from "node:events";
import { test } from "node:test";

import {
	api,
	atEnd,
	axe,
	createKey,
	expectProblem,
	newPage,
	oracle,
	register,
	startSystem,
} from "./rig.mjs";

/** The origin of a site that answers each path with a page of it. */
async function site(/** @type {Record<string, string>} */ pages) {
	const server = createServer((request, response) => {
		const page = pages[request.url ?? ""];
		response.writeHead(page === undefined ? 404 : 200, {
			"Content-Type": "text/html",
			"Content-Security-Policy": "script-src 'unsafe-inline'",
		});
		response.end(page ?? "nothing");
	}).listen(0, "127.0.0.1");
	await once(server, "listening");
	atEnd(async () => {
		server.closeAllConnections();
		server.close();
	});
	const { port } = /** @type {import("node:net").AddressInfo} */ (
		server.address()
	);
	return `http://127.0.0.1:${port}`;
}

const page = (/** @type {string} */ body) =>
	`<!doctype html><html lang="en"><link rel="icon" href="data:,">` +
	`<title>page</title><main><h1>page</h1>${body}</main></html>`;

const origin = await site({
	"/good": page("good"),
	"/console": page("<script>console.error('spoken')</script>"),
	"/exception": page("<script>throw new Error('thrown')</script>"),
	"/policy": page("<script src='data:text/javascript,1'></script>"),
	"/foreign": page("<img alt='far' src='http://192.0.2.1/far.png'>"),
	"/unnamed": page("<input>"),
});

for (const [path, pattern] of /** @type {[string, RegExp][]} */ ([
	["/console", /^console: spoken/],
	["/exception", /^exception: .*thrown/],
	["/policy", /Content Security Policy/],
	["/missing", /status of 404/],
])) {
	test(`rig_sees_${path.slice(1)}`, async (t) => {
		const page = await newPage(t);
		expectProblem(page, pattern);
		await page.goto(origin + path);
	});
}

test("rig_sees_a_foreign_request_and_refuses_it", async (t) => {
	const page = await newPage(t);
	expectProblem(page, /^foreign request: http:\/\/192\.0\.2\.1/);
	expectProblem(page, /ERR_NAME_NOT_RESOLVED/);
	await page.goto(`${origin}/foreign`);
});

test("rig_fails_a_test_whose_page_went_wrong", async (t) => {
	/** @type {(() => Promise<void>)[]} */
	const ends = [];
	const inner = /** @type {any} */ ({
		after: (/** @type {() => Promise<void>} */ end) =>
			ends.push(end),
	});
	const wrong = await newPage(inner);
	await wrong.goto(`${origin}/console`);
	const idle = await newPage(inner);
	expectProblem(idle, /never/);
	await idle.goto(`${origin}/good`);
	for (const end of ends) {
		await assert.rejects(end(), assert.AssertionError);
	}
	assert.equal(ends.length, 2);
	t.diagnostic("both were told");
});

test("axe_tells_an_input_without_a_name", async (t) => {
	const page = await newPage(t);
	await page.goto(`${origin}/good`);
	await axe(page);
	await page.goto(`${origin}/unnamed`);
	await assert.rejects(axe(page), /label/);
});

test("system_answers_stops_and_comes_back_with_its_data", async () => {
	const system = await startSystem();
	const account = await register(system);
	const key = await createKey(system, account, { difficulty: "easy" });
	await system.stop();
	await assert.rejects(api(system, "GET", "/healthz"));
	await system.start();
	const headers = { "X-API-Key": key.key };
	const made = await api(system, "POST", "/api/v2/challenges", {
		headers,
	});
	const verdict = await api(system, "POST", "/api/v2/challenges/verify", {
		headers,
		body: {
			token: made.body.token,
			answer: await oracle(made.body.challenge),
		},
	});
	assert.equal(verdict.body.success, true);
	await system.stop();
});
