/*
 * The dashboard as its owner goes through it: from signing up by the first
 * steps to numbers that move, and what becomes of keys.
 */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import {
	answerProgram,
	credentials,
	getChallenge,
	goTo,
	signIn,
	visit,
} from "./dashboard.mjs";
import {
	api,
	createKey,
	expectProblem,
	oracle,
	register,
	revokeKey,
	scratch,
	startSystem,
	until,
} from "./rig.mjs";

const system = await startSystem();

/** Tabs to what has the name, as far as it takes. */
async function tabTo(page, name) {
	for (let i = 0; i < 40; i++) {
		await page.keyboard.press("Tab");
		const focused = await page.evaluate(() => {
			const at = /** @type {any} */ (document.activeElement);
			return (
				at?.labels?.[0]?.textContent ??
				at?.textContent ??
				""
			);
		});
		if (focused.includes(name)) return;
	}
	throw new Error(`Tab does not lead to ${name}`);
}

/** Makes files of the programs that the page shows, and runs each. */
async function runPrograms(page) {
	const dir = scratch();
	const run = {
		curl: ["first.sh", "sh", "first.sh"],
		Node: ["first.mjs", process.execPath, "first.mjs"],
		Python: ["first.py", "python3", "first.py"],
		C: ["first.c", "./first"],
	};
	for (const [name, [file, command, ...args]] of Object.entries(run)) {
		await page.getByRole("tab", { name, exact: true }).click();
		const panel = page.getByRole("tabpanel");
		const text = await panel.locator("pre").textContent();
		assert.doesNotMatch(text ?? "", /YOUR_SECRET_KEY/);
		const path = join(dir, file ?? "");
		writeFileSync(path, text ?? "");
		if (name === "C")
			execFileSync("gcc", [
				"-Wall",
				"-Wextra",
				"-Werror",
				path,
				"-lcurl",
				"-o",
				join(dir, "first"),
			]);
		const { out, status } = await answerProgram(
			name === "C" ? join(dir, "first") : (command ?? ""),
			args.map((arg) => join(dir, arg)),
		);
		assert.equal(status, 0, `${name}: ${out}`);
		assert.match(out, /"operationId"/, `${name}: ${out}`);
	}
}

test("first_run_by_keyboard_leads_from_sign_up_to_moving_numbers", async (t) => {
	const page = await visit(t, system);
	const { email, password } = credentials();

	await tabTo(page, "Create an account");
	await page.keyboard.press("Enter");
	await page
		.getByRole("heading", { name: "Create an account" })
		.waitFor();
	await tabTo(page, "E-mail address");
	await page.keyboard.type(email);
	await tabTo(page, "Password");
	await page.keyboard.type(password);
	await page.keyboard.press("Enter");

	await page
		.getByRole("heading", { name: "Your first challenge" })
		.waitFor();
	await tabTo(page, "Name of the key");
	await tabTo(page, "Easy");
	await tabTo(page, "Create the key");
	await page.keyboard.press("Enter");
	await page.getByText("You will not see this secret again").waitFor();
	assert.equal(await page.locator(".sign-done").count(), 0);

	await runPrograms(page);
	await page.getByRole("heading", { name: "It works" }).waitFor();
	assert.equal(await page.locator(".sign-done").count(), 3);
	await page.getByRole("button", { name: "Raise it to medium" }).click();
	await page.getByText("asks medium challenges now").waitFor();

	await page.getByRole("link", { name: "Go to the overview" }).click();
	await page.getByRole("heading", { name: "Overview" }).waitFor();
	const tile = (/** @type {string} */ name) =>
		page.locator(".tile", { hasText: name }).locator(".tile-value");
	await until("4 challenges", async () =>
		(await tile("Challenges").textContent())?.startsWith("4"),
	);
	assert.equal(await tile("Site-verified").textContent(), "4");

	/* The page is left open: what happens now shows by itself. */
	const more = await page.evaluate(async () => {
		const keys = await (await fetch("/api/v1/api-keys")).json();
		return keys.items[0].publishableKey;
	});
	const created = await api(system, "POST", "/api/v2/challenges", {
		headers: { "X-API-Key": more, Origin: system.url },
	});
	assert.equal(created.status, 200, JSON.stringify(created.body));
	await until("the 5th challenge", async () =>
		(await tile("Challenges").textContent())?.startsWith("5"),
	);
});

test("secret_is_shown_once_and_a_revoked_key_is_refused", async (t) => {
	const account = await register(system);
	const page = await visit(t, system);
	await signIn(page, account);
	await goTo(page, "Keys");

	await page.getByRole("button", { name: "Create a key" }).click();
	await page.getByRole("button", { name: "Create key" }).click();
	await page.getByText("A key needs a name").waitFor();
	await page.getByLabel("Name", { exact: true }).fill("Shop");
	await page.getByLabel("Origins that may").fill("not an origin");
	await page.getByRole("button", { name: "Create key" }).click();
	expectProblem(page, /400/);
	await page.getByText("An origin is like https://example.com").waitFor();
	await page.getByLabel("Origins that may").fill("https://shop.example");
	await page.getByRole("button", { name: "Create key" }).click();

	const shown = page.getByRole("dialog", { name: /secret of “Shop”/ });
	await shown.getByText("You will not see this again.").waitFor();
	const secret =
		(await shown.locator("code").first().textContent()) ?? "";
	assert.match(secret, /^aic_sk_/);
	await shown
		.getByRole("button", { name: "Copy the secret key" })
		.click();
	await shown.getByText("Copied the secret key.").waitFor();
	await page.context().grantPermissions(["clipboard-read"]);
	assert.equal(
		await page.evaluate(() => navigator.clipboard.readText()),
		secret,
	);
	await page.keyboard.press("Escape");
	await page.keyboard.press("Escape");
	await shown.getByRole("button", { name: "I have stored it" }).click();
	await page.getByRole("heading", { name: "Shop" }).waitFor();
	assert.ok(!(await page.content()).includes(secret));

	const ask = () =>
		api(system, "POST", "/api/v2/challenges", {
			headers: { "X-API-Key": secret },
		});
	assert.equal((await ask()).status, 200);
	await page.getByRole("button", { name: "Disable Shop" }).click();
	await page.getByText("The key Shop is disabled.").waitFor();
	await until(
		"the refusal",
		async () =>
			(await ask()).status === 401 ||
			(await ask()).status === 403,
	);
	await page.getByRole("button", { name: "Enable Shop" }).click();
	await until(
		"the key to work",
		async () => (await ask()).status === 200,
	);

	await page.getByRole("button", { name: "New secret for Shop" }).click();
	await page.getByLabel("The old secret").selectOption("0");
	await page.getByRole("button", { name: "Make a new secret" }).click();
	await page.getByRole("dialog", { name: /secret of “Shop”/ }).waitFor();
	await page.getByRole("button", { name: "I have stored it" }).click();
	await until(
		"the old secret's end",
		async () => (await ask()).status === 401,
	);

	await page.getByRole("button", { name: "Revoke Shop" }).click();
	await page.getByRole("button", { name: "Keep it" }).click();
	await page.getByRole("button", { name: "Revoke Shop" }).click();
	await page.getByRole("button", { name: "Revoke the key" }).click();
	await page.getByText("1 revoked key").waitFor();
	assert.equal(
		await page.getByRole("heading", { name: "Shop" }).count(),
		0,
	);
});

test("playground_says_why_and_tells_of_a_key_revoked_elsewhere", async (t) => {
	const account = await register(system);
	const key = await createKey(system, account, { difficulty: "easy" });
	const page = await visit(t, system);
	await signIn(page, account);
	await goTo(page, "Playground");

	const challenge = await getChallenge(page);
	await page.getByLabel("Your answer").fill(await oracle(challenge));
	await page.keyboard.press("Enter");
	await page
		.getByRole("heading", { name: "Allowed", exact: true })
		.waitFor();
	await page.getByText("The fastest person is taken to need").waitFor();

	await getChallenge(page);
	await page.getByLabel("Your answer").fill("seven");
	await page.keyboard.press("Enter");
	await page.getByText("The answer is a whole number.").waitFor();
	await page.getByLabel("Your answer").fill("999999");
	await page.keyboard.press("Enter");
	await page.getByRole("heading", { name: "Not allowed" }).waitFor();
	await page.getByText("incorrect-answer").waitFor();

	await revokeKey(system, account, key);
	expectProblem(page, /401/);
	await until("the refusal", async () => {
		await page.getByRole("button", { name: "Get another" }).click();
		await page
			.getByRole("button", { name: "Get another" })
			.isEnabled();
		return page.getByText("The API key is not valid").count();
	});
	/* It is the key's end, not the session's. */
	assert.equal(
		await page.getByRole("heading", { name: "Sign in" }).count(),
		0,
	);
});

test("expired_challenge_is_told_from_a_wrong_answer", async (t) => {
	const account = await register(system);
	await createKey(system, account, {
		difficulty: "easy",
		ttlSeconds: 10,
	});
	const page = await visit(t, system);
	await signIn(page, account);
	await goTo(page, "Playground");
	const challenge = await getChallenge(page);
	await page.getByText("has expired").waitFor();
	await page.getByLabel("Your answer").fill(await oracle(challenge));
	await page.keyboard.press("Enter");
	await page.getByText("timeout-or-duplicate").waitFor();
	await page.getByText("has run out of time").waitFor();
});
