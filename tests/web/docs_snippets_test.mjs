/*
 * Runs the snippets of the quick start as a reader would: copied off the page
 * without JavaScript, with the reader's own address and key put in, the answer
 * given by somebody who understands the instruction.
 */
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { test } from "node:test";

import {
	createKey,
	newPage,
	oracle,
	register,
	scratch,
	startSystem,
} from "./rig.mjs";

const RUN_MS = 20000;

const system = await startSystem();
const account = await register(system);
const { key } = await createKey(system, account, { difficulty: "easy" });
const dir = scratch();

/** The snippets of one language on /docs, ready to run. */
async function snippets(
	/** @type {import("node:test").TestContext} */ t,
	/** @type {string} */ language,
) {
	const page = await newPage(t, {
		context: { javaScriptEnabled: false },
	});
	await page.goto(`${system.url}/docs`);
	const texts = await page
		.locator(`code.language-${language}`)
		.allTextContents();
	assert.ok(texts.length > 0, `there is nothing in ${language}`);
	return texts.map((text) =>
		text
			.replaceAll("http://127.0.0.1:8080", system.url)
			.replaceAll("aic_sk_your_key_here", key),
	);
}

const bash = (/** @type {string} */ text) =>
	JSON.parse(
		execFileSync("bash", ["-euc", text], {
			encoding: "utf8",
			stdio: ["ignore", "pipe", "ignore"],
			timeout: RUN_MS,
		}),
	);

/**
 * Runs a program that prints a challenge, reads the answer and prints two
 * verdicts; returns these.
 */
async function converse(
	/** @type {string} */ program,
	/** @type {string[]} */ args,
) {
	const child = spawn(program, args, {
		cwd: dir,
		stdio: ["pipe", "pipe", "inherit"],
		timeout: RUN_MS,
	});
	const exit = once(child, "exit");
	const lines = [];
	for await (const line of createInterface({ input: child.stdout })) {
		const said = JSON.parse(line);
		lines.push(said);
		if (lines.length === 1) {
			const answer = await oracle(said.challenge ?? said);
			child.stdin.end(`${answer}\n`);
		}
	}
	assert.deepEqual(await exit, [0, null]);
	return lines.slice(1);
}

function judge(/** @type {any[]} */ [verdict, proof]) {
	assert.equal(verdict.success, true);
	assert.equal(verdict.allowed, true);
	assert.equal(proof.success, true);
	assert.equal(proof.difficulty, "easy");
}

test("curl_snippets_run_one_after_the_other", async (t) => {
	const [create, verify, siteverify, ...more] = await snippets(t, "bash");
	assert.ok(create && verify && siteverify);
	assert.deepEqual(more, []);
	const { token, challenge } = bash(create);
	const answer = await oracle(challenge);
	assert.match(verify, /"answer": 5}/);
	const verdict = bash(
		verify
			.replace("uuid-from-step-2", token)
			.replace('"answer": 5', `"answer": ${answer}`),
	);
	const proof = bash(
		siteverify.replace(
			"verification-token-from-step-3",
			verdict.verificationToken,
		),
	);
	judge([verdict, proof]);
});

test("node_snippet_runs", async (t) => {
	const [text = ""] = await snippets(t, "js");
	writeFileSync(join(dir, "quickstart.mjs"), text);
	judge(await converse("node", ["quickstart.mjs"]));
});

test("python_snippet_runs", async (t) => {
	const [text = ""] = await snippets(t, "python");
	writeFileSync(join(dir, "quickstart.py"), text);
	judge(await converse("python3", ["quickstart.py"]));
});

test("c_snippet_compiles_without_a_warning_and_runs", async (t) => {
	const [text = ""] = await snippets(t, "c");
	writeFileSync(join(dir, "quickstart.c"), text);
	execFileSync(
		"gcc",
		[
			"-Wall",
			"-Wextra",
			"-Werror",
			"quickstart.c",
			"-o",
			"quickstart",
			"-lcurl",
		],
		{ cwd: dir, stdio: "inherit", timeout: RUN_MS },
	);
	judge(await converse(join(dir, "quickstart"), []));
});
