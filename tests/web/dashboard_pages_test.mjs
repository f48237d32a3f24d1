/*
 * Every page of the dashboard in both themes: nothing for axe-core to find,
 * nothing wider than the screen, and a picture of each at two widths.
 */
import { test } from "node:test";

import { getChallenge, goTo, signIn, visit } from "./dashboard.mjs";
import {
	api,
	axe,
	createKey,
	oracle,
	register,
	screenshot,
	startSystem,
	until,
} from "./rig.mjs";

const WIDTHS = [1280, 360];

const system = await startSystem();

/** An account with keys and with traffic of all kinds on them. */
async function busyAccount() {
	const account = await register(system);
	const keys = [
		await createKey(system, account, {
			name: "Shop, production",
			allowedOrigins: ["https://shop.example"],
		}),
		await createKey(system, account, {
			name: "Try-out",
			difficulty: "easy",
		}),
	];
	for (let i = 0; i < 12; i++) {
		const headers = { "X-API-Key": keys[i % 2].key };
		const path = "/api/v2/challenges";
		const { body } = await api(system, "POST", path, { headers });
		const right = await oracle(body.challenge);
		const answer = i % 4 === 3 ? Number(right) + 1 : right;
		const verified = await api(system, "POST", `${path}/verify`, {
			headers,
			body: { token: body.token, answer },
		});
		const token = verified.body.verificationToken;
		if (token !== null)
			await api(system, "POST", `${path}/siteverify`, {
				headers,
				body: { token },
			});
	}
	return account;
}

/** Looks at the page as it is: axe-core, and pictures at each width. */
async function look(page, name, theme) {
	await axe(page);
	for (const width of WIDTHS) {
		await page.setViewportSize({ width, height: 800 });
		/* What follows its width, as the plots do, takes a moment. */
		await until(`${name} to fit ${width} pixels`, () =>
			page.evaluate(
				() =>
					document.documentElement.scrollWidth <=
					document.documentElement.clientWidth,
			),
		);
		await screenshot(page, `dashboard-${name}-${theme}-${width}`);
	}
	await page.setViewportSize({ width: 1280, height: 800 });
}

const busy = await busyAccount();
const fresh = await register(system);

for (const theme of /** @type {const} */ (["light", "dark"])) {
	test(`pages_without_a_session_in_${theme}_colours`, async (t) => {
		const page = await visit(t, system, { theme });
		await look(page, "sign-in", theme);
		await page
			.getByRole("button", { name: "Create an account" })
			.click();
		await page
			.getByRole("button", { name: "Create account" })
			.click();
		await page.getByText("Please give your password").waitFor();
		await look(page, "sign-up", theme);
	});

	test(`pages_of_a_fresh_account_in_${theme}_colours`, async (t) => {
		const page = await visit(t, system, { theme });
		await signIn(page, fresh);
		await page.getByLabel("Name of the key").waitFor();
		await look(page, "first-steps", theme);
		await goTo(page, "Keys");
		await page
			.getByRole("heading", { name: "No key yet" })
			.waitFor();
		await look(page, "keys-empty", theme);
		await goTo(page, "Playground");
		await page
			.getByRole("heading", { name: "No key to play" })
			.waitFor();
		await look(page, "playground-empty", theme);
		await goTo(page, "Account");
		await look(page, "account", theme);
	});

	test(`pages_of_a_busy_account_in_${theme}_colours`, async (t) => {
		const page = await visit(t, system, { theme });
		await signIn(page, busy);
		const value = page.locator(".tile-value").first();
		await until("the figures", async () => {
			return (
				(await value.count()) > 0 &&
				Number(await value.textContent()) >= 12
			);
		});
		await page.getByText("Show as a table").first().click();
		await look(page, "overview", theme);
		await goTo(page, "Keys");
		await page.getByRole("heading", { name: "Try-out" }).waitFor();
		await look(page, "keys", theme);
		await page
			.getByRole("button", { name: "Edit Try-out" })
			.click();
		await look(page, "key-form", theme);
		await page.keyboard.press("Escape");
		await page
			.getByRole("button", { name: "Revoke Try-out" })
			.click();
		await look(page, "revoke", theme);
		await page.getByRole("button", { name: "Keep it" }).click();
		await page
			.getByRole("button", { name: "New secret for Try" })
			.click();
		await page.getByRole("button", { name: "Make a new" }).click();
		await page.getByText("You will not see this again.").waitFor();
		await look(page, "secret", theme);
		await page
			.getByRole("button", { name: "I have stored" })
			.click();
		await goTo(page, "Playground");
		const challenge = await getChallenge(page);
		await look(page, "playground", theme);
		await page
			.getByLabel("Your answer")
			.fill(await oracle(challenge));
		await page.keyboard.press("Enter");
		await page.getByRole("heading", { name: /llowed/ }).waitFor();
		await look(page, "verdict", theme);
		await page.goto(`${system.url}/#/start`);
		await page.getByRole("heading", { name: "It works" }).waitFor();
		await look(page, "first-steps-done", theme);
	});
}
