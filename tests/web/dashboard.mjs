/*
 * What the dashboard's tests share: coming to its pages as a person would.
 */
import { spawn } from "node:child_process";

import { expectProblem, newCredentials, newPage, oracle } from "./rig.mjs";

/** What a test signs up and in with. */
export function credentials() {
	return newCredentials();
}

/**
 * The dashboard as who is not signed in finds it. That it asks whether somebody
 * is, is a 401 on the console.
 *
 * @param {import("node:test").TestContext} t
 * @param {{url: string}} system
 * @param {Parameters<typeof newPage>[1]} [options]
 */
export async function visit(t, system, options) {
	const page = await newPage(t, options);
	expectProblem(page, /401/);
	await page.goto(system.url);
	await page.getByRole("heading", { name: "Sign in" }).waitFor();
	return page;
}

/**
 * Signs in on the sign-in page.
 *
 * @param {import("playwright-core").Page} page
 * @param {{email: string, password: string}} account
 */
export async function signIn(page, { email, password }) {
	await page.getByLabel("E-mail address").fill(email);
	await page.getByLabel("Password").fill(password);
	await page.getByRole("button", { name: "Sign in" }).click();
	await page.getByRole("navigation", { name: "Pages" }).waitFor();
}

/**
 * Goes to a page by the bar at the top.
 *
 * @param {import("playwright-core").Page} page
 * @param {string} name
 */
export async function goTo(page, name) {
	const pages = page.getByRole("navigation", { name: "Pages" });
	await pages.getByRole("link", { name, exact: true }).click();
	await page.getByRole("heading", { level: 1, name }).waitFor();
}

/**
 * The challenge on the playground, as the API gave it out.
 *
 * @param {import("playwright-core").Page} page
 */
export async function getChallenge(page) {
	const answer = page.waitForResponse(/\/api\/v2\/challenges$/);
	await page.getByRole("button", { name: /^Get a/ }).click();
	const { challenge } = await (await answer).json();
	await page.getByLabel("Your answer").waitFor();
	return challenge;
}

/**
 * Runs a program of the first steps, which asks for the answer to the challenge
 * that it has printed; gives what it printed and its status.
 *
 * @param {string} command
 * @param {string[]} args
 * @returns {Promise<{out: string, status: number | null}>}
 */
export function answerProgram(command, args) {
	return new Promise((done, fail) => {
		const program = spawn(command, args, {
			stdio: ["pipe", "pipe", "inherit"],
			timeout: 15000,
		});
		let out = "";
		let asked = false;
		program.stdout.on("data", (text) => {
			out += text;
			if (asked || !out.includes("Answer: ")) return;
			asked = true;
			const { challenge } = JSON.parse(
				out.slice(0, out.indexOf("Answer: ")),
			);
			oracle(challenge)
				.then((answer) =>
					program.stdin.end(`${answer}\n`),
				)
				.catch(fail);
		});
		program.on("error", fail);
		program.on("close", (status) => done({ out, status }));
	});
}
