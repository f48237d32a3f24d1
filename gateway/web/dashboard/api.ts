/*
 * Calls of the API. The session is a cookie that no script can read; what can
 * go wrong comes back as one class, Problem. Whether the gateway answers at all
 * is kept for the whole page.
 */
import { createStore } from "./store";

/* Why a call did not do what it was to. status 0: nobody answered. */
export class Problem extends Error {
	readonly status: number;
	readonly code: string;
	/* Seconds, from Retry-After; null where the server said nothing. */
	readonly retryAfter: number | null;
	readonly errors: { field: string; detail: string }[];
	readonly requestId: string | null;

	constructor(
		status: number,
		body: ProblemBody,
		retryAfter: number | null,
	) {
		super(body.detail ?? body.title ?? "The server failed");
		this.status = status;
		this.code = body.code ?? "";
		this.retryAfter = retryAfter;
		this.errors = body.errors ?? [];
		this.requestId = body.requestId ?? null;
	}
}

interface ProblemBody {
	title?: string;
	detail?: string;
	code?: string;
	requestId?: string;
	errors?: { field: string; detail: string }[];
}

/* False from a call that nobody answered until one that somebody did. */
export const online = createStore(true);

/* What to do when the session has ended; session.ts sets it. */
let onSignedOut: () => void = () => {};

export function whenSignedOut(action: () => void): void {
	onSignedOut = action;
}

export interface CallOptions {
	body?: unknown;
	/* An API key: the call is made with it and without the session. */
	key?: string;
	signal?: AbortSignal;
	/* True where a 401 speaks of what was sent, not of the session. */
	guest?: boolean;
}

async function send(
	method: string,
	path: string,
	options: CallOptions,
): Promise<Response> {
	const headers: Record<string, string> = { Accept: "application/json" };
	const init: RequestInit = { method, headers, cache: "no-store" };
	if (options.body !== undefined) {
		headers["Content-Type"] = "application/json";
		init.body = JSON.stringify(options.body);
	}
	if (options.key !== undefined) headers["X-API-Key"] = options.key;
	init.credentials = options.key === undefined ? "same-origin" : "omit";
	if (options.signal !== undefined) init.signal = options.signal;
	try {
		const response = await fetch(path, init);
		online.set(true);
		return response;
	} catch (error) {
		if (options.signal?.aborted) throw error;
		online.set(false);
		throw new Problem(
			0,
			{
				detail: "The gateway does not answer.",
				code: "offline",
			},
			null,
		);
	}
}

async function problemOf(response: Response): Promise<Problem> {
	const retry = Number(response.headers.get("Retry-After") ?? "x");
	let body: ProblemBody = {};
	try {
		body = (await response.json()) as ProblemBody;
	} catch {
		/* A proxy's own page: the status says what there is to say. */
		body = { detail: `The server answered ${response.status}.` };
	}
	return new Problem(
		response.status,
		body,
		Number.isFinite(retry) ? retry : null,
	);
}

/** Calls the API; the body of its answer, or a Problem is thrown. */
export async function call<T>(
	method: string,
	path: string,
	options: CallOptions = {},
): Promise<T> {
	const response = await send(method, path, options);
	if (response.ok) {
		if (response.status === 204) return undefined as T;
		return (await response.json()) as T;
	}
	const problem = await problemOf(response);
	const ofSession = options.key === undefined && options.guest !== true;
	if (problem.status === 401 && ofSession) onSignedOut();
	throw problem;
}

/** What a person is told of an error, whatever it is. */
export function messageOf(error: unknown): string {
	if (!(error instanceof Problem)) return "Something went wrong.";
	if (error.status === 429 || error.retryAfter !== null)
		return `${sentence(error.message)} ${retryText(error)}`;
	return sentence(error.message);
}

function retryText(problem: Problem): string {
	const seconds = problem.retryAfter;
	if (seconds === null) return "Try again in a while.";
	if (seconds <= 1) return "Try again in a second.";
	if (seconds < 90) return `Try again in ${seconds} seconds.`;
	const at = new Date(Date.now() + seconds * 1000);
	const time = at.toLocaleTimeString([], {
		hour: "2-digit",
		minute: "2-digit",
	});
	return `Try again at ${time}.`;
}

/* The API's details begin in lower case and have no stop. */
export function sentence(text: string): string {
	const whole = text.charAt(0).toUpperCase() + text.slice(1);
	return /[.!?]$/.test(whole) ? whole : `${whole}.`;
}
