/*
 * The dashboard when something is wrong: passwords, sessions, the gateway.
 */
import assert from "node:assert/strict";
import { test } from "node:test";

import { credentials, goTo, signIn, visit } from "./dashboard.mjs";
import {
	api,
	createKey,
	expectProblem,
	oracle,
	register,
	startSystem,
	until,
} from "./rig.mjs";

const system = await startSystem();

test("wrong_password_is_said_and_guessing_is_told_when_to_go_on", async (t) => {
	const account = await register(system);
	const page = await visit(t, system);
	await page.getByLabel("E-mail address").fill(account.email);
	await page.getByLabel("Password").fill("not the password");
	await page.getByRole("button", { name: "Sign in" }).click();
	await page
		.getByText("The e-mail address or the password is wrong.")
		.waitFor();

	expectProblem(page, /429/);
	for (let tries = 0; tries < 30; tries++) {
		const body = {
			email: account.email,
			password: "not this either",
		};
		const { status } = await api(
			system,
			"POST",
			"/api/v1/auth/login",
			{
				body,
			},
		);
		if (status === 429) break;
	}
	await page.getByRole("button", { name: "Sign in" }).click();
	await page
		.getByText(/wait before the next one\. Try again in/)
		.waitFor();
});

test("server_s_word_on_a_password_stands_beside_the_field", async (t) => {
	const page = await visit(t, system);
	await page.getByRole("button", { name: "Create an account" }).click();
	const password = page.getByLabel("Password");
	const { email } = credentials();
	await page.getByLabel("E-mail address").fill(email);
	await password.fill("short");
	await page.getByRole("button", { name: "Create account" }).click();
	await page.getByText("at least 12 characters.").waitFor();
	assert.equal(
		await password.evaluate(
			(field) => field === document.activeElement,
		),
		true,
	);

	expectProblem(page, /422/);
	await password.fill("passwordpassword");
	await page.getByRole("button", { name: "Create account" }).click();
	const error = page.locator(".field-error");
	await until("the server's word", async () =>
		/password/i.test((await error.textContent()) ?? ""),
	);
	const about = await password.getAttribute("aria-describedby");
	assert.ok(about?.includes((await error.getAttribute("id")) ?? "none"));

	expectProblem(page, /409/);
	const { email: taken } = await register(system);
	await page.getByLabel("E-mail address").fill(taken);
	await password.fill("violet gravel anthem 7");
	await page.getByRole("button", { name: "Create account" }).click();
	await page.getByText("with this e-mail address exists").waitFor();
});

test("changed_password_ends_other_sessions_and_sign_out_ends_this", async (t) => {
	const account = await register(system);
	const page = await visit(t, system);
	const other = await visit(t, system);
	await signIn(page, account);
	await signIn(other, account);
	await goTo(other, "Keys");

	await goTo(page, "Account");
	await page.getByLabel("Present password").fill("not the password");
	await page.getByLabel("New password").fill("violet gravel anthem 7");
	await page.getByRole("button", { name: "Change password" }).click();
	expectProblem(page, /422/);
	await page.getByText("The current password is wrong.").waitFor();
	await page.getByLabel("Present password").fill(account.password);
	await page.getByRole("button", { name: "Change password" }).click();
	await page.getByText("The password is changed.").waitFor();

	await other.getByRole("link", { name: "Playground" }).click();
	await other.getByText("Your session is over.").waitFor();
	await signIn(other, { ...account, password: "violet gravel anthem 7" });
	/* Back where the session had ended. */
	await other.getByRole("heading", { name: "Playground" }).waitFor();

	await page.getByRole("button", { name: "Sign out" }).first().click();
	await page.getByRole("heading", { name: "Sign in" }).waitFor();
	assert.deepEqual(await page.context().cookies(), []);
});

test("gateway_that_is_away_is_said_and_recovered_from", async (t) => {
	const account = await register(system);
	const key = await createKey(system, account, { difficulty: "easy" });
	const asking = { headers: { "X-API-Key": key.key } };
	const challenges = "/api/v2/challenges";
	const { body } = await api(system, "POST", challenges, asking);
	const verified = await api(system, "POST", `${challenges}/verify`, {
		...asking,
		body: {
			token: body.token,
			answer: await oracle(body.challenge),
		},
	});
	await api(system, "POST", `${challenges}/siteverify`, {
		...asking,
		body: { token: verified.body.verificationToken },
	});

	const page = await visit(t, system);
	await signIn(page, account);
	await until("the events", async () => {
		await goTo(page, "Keys");
		await page.getByRole("link", { name: "Overview" }).click();
		return page.locator(".tile-value").first().isVisible();
	});
	const value = page.locator(".tile-value").first();
	assert.equal(await value.textContent(), "1");

	expectProblem(page, /ERR_CONNECTION_REFUSED|ERR_EMPTY_RESPONSE|503/);
	await system.stop();
	await page.getByText("The gateway does not answer.").waitFor();
	/* What was shown stays. */
	assert.equal(await value.textContent(), "1");

	await system.start();
	await page
		.getByText("The gateway does not answer.")
		.waitFor({ state: "detached" });
	await api(system, "POST", challenges, asking);
	await until(
		"the number to move again",
		async () => (await value.textContent()) === "2",
	);

	await page.route("**/api/v1/auth/me", (route) => route.abort());
	expectProblem(page, /ERR_FAILED/);
	await page.reload();
	await page.getByRole("heading", { name: "Could not load" }).waitFor();
	await page.unroute("**/api/v1/auth/me");
	await page.getByRole("heading", { name: "Overview" }).waitFor();
});
