/*
 * Sign in and sign up.
 */
import { useEffect, useRef, useState } from "preact/hooks";
import { type Errors, Failure, Input, textOf, useSending } from "./form";
import { Mark } from "./icons";
import { notice, signIn, signUp } from "./session";
import { useStore } from "./store";
import { PASSWORD_MAX, PASSWORD_MIN } from "./wire";

/* Characters, as the server counts: bytes of UTF-8 are more, and checked there. */
export function checkNewPassword(password: string): string | undefined {
	if ([...password].length < PASSWORD_MIN)
		return `A password has at least ${PASSWORD_MIN} characters.`;
	if (new TextEncoder().encode(password).length > PASSWORD_MAX)
		return `A password has at most ${PASSWORD_MAX} characters.`;
	return undefined;
}

function checkAccount(data: FormData, isNew: boolean): Errors {
	const errors: Errors = {};
	const password = textOf(data, "password");
	if (!textOf(data, "email").includes("@"))
		errors.email = "Please give your e-mail address.";
	if (password === "") errors.password = "Please give your password.";
	else if (isNew) {
		const wrong = checkNewPassword(password);
		if (wrong !== undefined) errors.password = wrong;
	}
	return errors;
}

function AccountForm({ isNew }: { isNew: boolean }) {
	const form = useSending(
		(data) => checkAccount(data, isNew),
		async (data) => {
			const email = textOf(data, "email").trim();
			const password = textOf(data, "password");
			if (isNew)
				await signUp(
					email,
					password,
					textOf(data, "name").trim(),
				);
			else await signIn(email, password);
		},
	);
	return (
		<form class="form" noValidate onSubmit={form.submit}>
			<Failure text={form.failure} />
			<Input
				label="E-mail address"
				name="email"
				type="email"
				autocomplete="username"
				required
				error={form.errors.email}
			/>
			{isNew && (
				<Input
					label="Your name (optional)"
					name="name"
					autocomplete="name"
					maxLength={100}
					error={form.errors.name}
				/>
			)}
			<Input
				label="Password"
				name="password"
				type="password"
				autocomplete={
					isNew
						? "new-password"
						: "current-password"
				}
				required
				hint={
					isNew
						? `At least ${PASSWORD_MIN} characters, any that you like. A few unrelated words do well.`
						: undefined
				}
				error={form.errors.password}
			/>
			<button class="button button-main" disabled={form.busy}>
				{form.busy
					? "One moment …"
					: isNew
						? "Create account"
						: "Sign in"}
			</button>
		</form>
	);
}

export function SignIn() {
	const [isNew, setNew] = useState(false);
	const why = useStore(notice);
	const heading = useRef<HTMLHeadingElement>(null);
	const title = isNew ? "Create an account" : "Sign in";
	useEffect(() => {
		document.title = `${title} · aiCAPTCHA`;
		heading.current?.focus();
	}, [title]);
	return (
		<main class="gate" id="main">
			<div class="gate-card card">
				<div class="gate-mark">
					<Mark />
					<span>aiCAPTCHA</span>
				</div>
				<h1 ref={heading} tabIndex={-1}>
					{title}
				</h1>
				{why !== null && (
					<p class="note note-warn" role="status">
						{why}
					</p>
				)}
				<AccountForm key={title} isNew={isNew} />
				<p class="gate-other">
					{isNew
						? "You have an account?"
						: "New here?"}{" "}
					<button
						type="button"
						class="link"
						onClick={() => setNew(!isNew)}
					>
						{isNew
							? "Sign in"
							: "Create an account"}
					</button>
				</p>
			</div>
			<p class="gate-about muted">
				aiCAPTCHA lets AI agents in and keeps everybody
				else out. <a href="/docs">Read how it works</a>
			</p>
		</main>
	);
}
