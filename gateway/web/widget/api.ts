/*
 * What the widget asks the gateway, and how that can fail.
 */
export interface Challenge {
	text: string;
	digits: number[];
	instruction: string;
}

export interface Issued {
	token: string;
	challenge: Challenge;
	/** Seconds. */
	expiresIn: number;
}

export interface Verdict {
	success: boolean;
	allowed: boolean;
	score: number;
	solveTimeMs: number | null;
	verificationToken: string | null;
	"error-codes"?: string[];
}

/* No answer for so long counts as none. */
const PATIENCE_MS = 10000;

/** Why there was no answer. */
export class Failure extends Error {
	/**
	 * code is that of the gateway's problem, "network-error" or "timeout";
	 * retryAfter what the gateway asked for, in seconds, or 0; passing
	 * whether trying again may help.
	 */
	constructor(
		readonly code: string,
		readonly passing: boolean,
		readonly retryAfter = 0,
	) {
		super(code);
	}
}

async function failureOf(response: Response): Promise<Failure> {
	const { status, headers } = response;
	const problem: unknown = await response.json().catch(() => null);
	const code = (problem as { code?: unknown } | null)?.code;
	const wait = Number(headers.get("retry-after"));
	return new Failure(
		typeof code === "string" ? code : `http-${status}`,
		status >= 500 || status === 408 || status === 429,
		wait > 0 ? wait : 0,
	);
}

async function post(
	url: string,
	key: string,
	body: object,
	signal: AbortSignal,
): Promise<unknown> {
	const response = await fetch(url, {
		method: "POST",
		credentials: "omit",
		cache: "no-store",
		headers: {
			"Content-Type": "application/json",
			"X-API-Key": key,
		},
		body: JSON.stringify(body),
		signal,
	});
	if (!response.ok) {
		throw await failureOf(response);
	}
	return response.json();
}

/**
 * Posts to a path of the API. Rejects with a Failure, or with the signal's
 * reason when that was aborted.
 */
async function ask(
	endpoint: string,
	path: string,
	key: string,
	body: object,
	signal: AbortSignal,
): Promise<unknown> {
	const inner = new AbortController();
	const stop = () => inner.abort();
	const timer = setTimeout(stop, PATIENCE_MS);
	signal.addEventListener("abort", stop);
	try {
		return await post(endpoint + path, key, body, inner.signal);
	} catch (error) {
		signal.throwIfAborted();
		if (error instanceof Failure) {
			throw error;
		}
		throw new Failure(
			inner.signal.aborted ? "timeout" : "network-error",
			true,
		);
	} finally {
		clearTimeout(timer);
		signal.removeEventListener("abort", stop);
	}
}

/* Whatever answers at a wrong address is no gateway. */
function check<T>(answer: unknown, field: keyof T): T {
	if (
		typeof answer !== "object" ||
		answer === null ||
		!(field in answer)
	) {
		throw new Failure("unknown-answer", false);
	}
	return answer as T;
}

/** Gets a challenge. */
export async function createChallenge(
	endpoint: string,
	key: string,
	extra: { action?: string; cdata?: string },
	signal: AbortSignal,
): Promise<Issued> {
	const path = "/api/v2/challenges";
	const answer = await ask(endpoint, path, key, extra, signal);
	return check<Issued>(answer, "challenge");
}

/** Hands in the one answer that a challenge takes. */
export async function verifyAnswer(
	endpoint: string,
	key: string,
	token: string,
	answer: string,
	signal: AbortSignal,
): Promise<Verdict> {
	const path = "/api/v2/challenges/verify";
	const body = { token, answer };
	const verdict = await ask(endpoint, path, key, body, signal);
	return check<Verdict>(verdict, "success");
}
