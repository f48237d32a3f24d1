/*
 * Who is signed in. The cookie is the browser's; here is only whose it is.
 */
import { call, messageOf, Problem, whenSignedOut } from "./api";
import { replace } from "./route";
import { createStore } from "./store";
import { forgetSecrets } from "./secrets";
import type { User } from "./wire";

/* undefined until the server was asked; null when nobody is signed in. */
export const user = createStore<User | null | undefined>(undefined);

/* What the sign-in page says first, as why somebody finds it there. */
export const notice = createStore<string | null>(null);

/* Why signing out did not work. */
export const trouble = createStore<string | null>(null);

const SESSION = "/api/v1/session";

interface SessionAnswer {
	expiresIn: number;
	user: User;
}

function leave(why: string | null): void {
	forgetSecrets();
	trouble.set(null);
	notice.set(why);
	user.set(null);
}

whenSignedOut(() => {
	if (user.get()) leave("Your session is over. Please sign in again.");
});

/** Asks who the cookie belongs to. Throws when the server cannot tell. */
export async function resume(): Promise<void> {
	try {
		user.set(
			await call<User>("GET", "/api/v1/auth/me", {
				guest: true,
			}),
		);
	} catch (error) {
		if (!(error instanceof Problem) || error.status !== 401)
			throw error;
		user.set(null);
	}
}

function enter(answer: SessionAnswer): void {
	notice.set(null);
	user.set(answer.user);
}

export async function signIn(email: string, password: string): Promise<void> {
	const body = { email, password };
	enter(await call("POST", SESSION, { body, guest: true }));
}

export async function signUp(
	email: string,
	password: string,
	name: string,
): Promise<void> {
	const body =
		name === "" ? { email, password } : { email, password, name };
	enter(await call("POST", `${SESSION}/register`, { body, guest: true }));
}

/** Ends the session; what kept it from ending is said on the page. */
export async function signOut(): Promise<void> {
	trouble.set(null);
	try {
		await call("DELETE", SESSION, { guest: true });
		leave(null);
		/* Who comes next begins at the beginning. */
		replace("/");
	} catch (error) {
		trouble.set(`You are still signed in. ${messageOf(error)}`);
	}
}
