/*
 * The account: whose it is, its password, and the colours of this browser.
 */
import { useState } from "preact/hooks";
import { call } from "./api";
import { Failure, type Errors, Input, textOf, useSending } from "./form";
import { date } from "./format";
import { Page } from "./page";
import { signOut, user } from "./session";
import { checkNewPassword } from "./sign_in";
import { useStore } from "./store";
import { setTheme, type Theme, theme } from "./theme";
import { PASSWORD_MIN } from "./wire";

function checkChange(data: FormData): Errors {
	const errors: Errors = {};
	if (textOf(data, "currentPassword") === "")
		errors.currentPassword = "Please give your present password.";
	const wrong = checkNewPassword(textOf(data, "newPassword"));
	if (wrong !== undefined) errors.newPassword = wrong;
	return errors;
}

function PasswordForm() {
	const [done, setDone] = useState(false);
	const form = useSending(checkChange, async (data, element) => {
		setDone(false);
		await call("POST", "/api/v1/auth/password", {
			body: {
				currentPassword: textOf(
					data,
					"currentPassword",
				),
				newPassword: textOf(data, "newPassword"),
			},
		});
		element.reset();
		setDone(true);
	});
	return (
		<form class="form" noValidate onSubmit={form.submit}>
			<Failure text={form.failure} />
			{/* Password managers want to know whose password it is. */}
			<input
				type="hidden"
				name="username"
				autocomplete="username"
				value={user.get()?.email ?? ""}
			/>
			<Input
				label="Present password"
				name="currentPassword"
				type="password"
				autocomplete="current-password"
				error={form.errors.currentPassword}
			/>
			<Input
				label="New password"
				name="newPassword"
				type="password"
				autocomplete="new-password"
				hint={`At least ${PASSWORD_MIN} characters. You stay signed in here; every other session ends.`}
				error={form.errors.newPassword}
			/>
			<div class="row">
				<button
					class="button button-main"
					disabled={form.busy}
				>
					{form.busy
						? "One moment …"
						: "Change password"}
				</button>
				<span role="status">
					{done && "The password is changed."}
				</span>
			</div>
		</form>
	);
}

const THEMES: [Theme, string][] = [
	["system", "As the system"],
	["light", "Light"],
	["dark", "Dark"],
];

function ThemeChoice() {
	const chosen = useStore(theme);
	return (
		<fieldset class="segments">
			<legend class="unseen">Colours</legend>
			{THEMES.map(([value, label]) => (
				<label key={value}>
					<input
						type="radio"
						name="theme"
						value={value}
						checked={chosen === value}
						onChange={() => setTheme(value)}
					/>
					<span>{label}</span>
				</label>
			))}
		</fieldset>
	);
}

export function Account() {
	const me = useStore(user);
	if (!me) return null;
	return (
		<Page title="Account">
			<div class="columns">
				<section class="card" aria-labelledby="who">
					<h2 id="who">Who you are</h2>
					<dl class="facts">
						<dt>E-mail address</dt>
						<dd>{me.email}</dd>
						{me.name !== null &&
							me.name !== "" && (
								<>
									<dt>
										Name
									</dt>
									<dd>
										{
											me.name
										}
									</dd>
								</>
							)}
						<dt>Account since</dt>
						<dd>{date(me.createdAt)}</dd>
					</dl>
					<button
						type="button"
						class="button"
						onClick={() => void signOut()}
					>
						Sign out
					</button>
				</section>
				<section
					class="card"
					aria-labelledby="password"
				>
					<h2 id="password">Password</h2>
					<PasswordForm />
				</section>
				<section class="card" aria-labelledby="colours">
					<h2 id="colours">Colours</h2>
					<p class="muted">
						Kept in this browser, for all
						pages of the dashboard.
					</p>
					<ThemeChoice />
				</section>
			</div>
		</Page>
	);
}
