/*
 * One widget: gets a challenge, shows it, hands in the answer, keeps the
 * verification token until that is too old, and starts again.
 *
 *   idle -> loading -> ready -> verifying -> solved -> expired
 *                        |          |
 *                     expired     wrong         any request -> error
 *
 * Whatever begins ends what was under way: the request by its AbortController,
 * and what was planned for later.
 */
import {
	createChallenge,
	Failure,
	verifyAnswer,
	type Issued,
	type Verdict,
} from "./api";
import { warn, type Callback, type Options } from "./options";
import { fill, type Texts } from "./texts";
import { View, type Look, type State } from "./view";

type CallbackName =
	"callback" | "error-callback" | "expired-callback" | "timeout-callback";

/* Why a right answer was not enough, and what is said then. */
const VERDICTS: Record<string, keyof Texts> = {
	"incorrect-answer": "wrong",
	"score-below-threshold": "slow",
	"implausibly-fast": "fast",
};

const FAILURES: Record<string, keyof Texts> = {
	"network-error": "offline",
	timeout: "offline",
	"rate-limited": "busy",
	busy: "busy",
	"service-unavailable": "busy",
	"invalid-api-key": "badKey",
	unauthorized: "badKey",
	"origin-not-allowed": "badOrigin",
};

/* What the console says besides, to whoever builds the page. */
const ADVICE: Record<string, string> = {
	"network-error":
		"the gateway was not reached; does connect-src of this page's " +
		"Content-Security-Policy allow it?",
	"invalid-api-key": "the site key is unknown, disabled or revoked",
	"origin-not-allowed": "add this origin to the key's allowedOrigins: ",
};

/* What is to come: at a time of the wall clock, and perhaps only once the page
 * is seen. */
interface Plan {
	at: number;
	then: () => void;
	seen: boolean;
}

export class Widget {
	readonly #options: Options;
	readonly #view: View;
	#state: State = "idle";
	#request: AbortController | undefined;
	#plan: Plan | undefined;
	#timer: ReturnType<typeof setTimeout> | undefined;
	#issued: Issued | undefined;
	#response: string | undefined;
	#expired = false;

	constructor(
		readonly id: string,
		readonly container: HTMLElement,
		options: Options,
	) {
		this.#options = options;
		this.#view = new View(
			container,
			id,
			options,
			(answer) => void this.#submit(answer),
			() => void this.#load(),
		);
		this.#begin();
	}

	/* -------- what the page may ask of it -------- */

	/** The verification token, while it is good. */
	get response(): string | undefined {
		this.catchUp();
		return this.#response;
	}

	/** Whether it had a token that is too old now. */
	get expired(): boolean {
		this.catchUp();
		return this.#expired;
	}

	/** Gets a challenge, unless there is one or it was passed. */
	execute(): void {
		if (["loading", "ready", "verifying"].includes(this.#state)) {
			warn(`${this.id} is at it already; reset it first`);
		} else if (this.#state === "solved") {
			warn(`${this.id} is solved already; reset it first`);
		} else {
			void this.#load();
		}
	}

	/** Begins anew. */
	reset(): void {
		this.#stop();
		this.#begin();
	}

	/** Ends what is under way and takes it out of the page. */
	remove(): void {
		this.#stop();
		this.#state = "idle";
		this.#view.remove();
	}

	/**
	 * Does what is due. Timers stand still while a machine sleeps or a page
	 * is kept for the way back, so this is called when the page is seen again.
	 */
	catchUp(): void {
		const plan = this.#plan;
		if (
			plan !== undefined &&
			Date.now() >= plan.at &&
			!(plan.seen && document.hidden)
		) {
			this.#dropPlan();
			plan.then();
		}
	}

	/* -------- common to all steps -------- */

	#begin(): void {
		if (this.#options.execution === "render") {
			void this.#load();
		} else {
			const { idle, start } = this.#view.texts;
			this.#show({
				state: "idle",
				status: idle,
				button: start,
			});
		}
	}

	#stop(): void {
		this.#request?.abort();
		this.#request = undefined;
		this.#dropPlan();
		this.#issued = undefined;
		this.#setResponse(undefined);
		this.#expired = false;
	}

	#dropPlan(): void {
		clearTimeout(this.#timer);
		this.#plan = undefined;
	}

	#after(ms: number, then: () => void, seen = false): void {
		const plan = { at: Date.now() + ms, then, seen };
		clearTimeout(this.#timer);
		this.#plan = plan;
		this.#timer = setTimeout(() => {
			plan.at = 0;
			this.catchUp();
		}, ms);
	}

	#setResponse(token: string | undefined): void {
		this.#response = token;
		this.#view.response = token ?? "";
	}

	#show(look: Look): void {
		const { appearance } = this.#options;
		const quiet =
			look.state === "idle" ||
			(look.state === "loading" &&
				appearance === "interaction-only" &&
				!this.#view.visible);
		this.#state = look.state;
		this.#view.update(look);
		this.#view.visible = appearance === "always" || !quiet;
	}

	#emit(name: string, detail: object = {}): void {
		this.container.dispatchEvent(
			new CustomEvent(`aic:${name}`, {
				bubbles: true,
				detail: { widgetId: this.id, ...detail },
			}),
		);
	}

	/* The page's own mistakes are reported, and stay its own. */
	#call(name: CallbackName, ...args: unknown[]): unknown {
		const given = this.#options[name];
		const found =
			typeof given === "string"
				? (
						window as unknown as Record<
							string,
							unknown
						>
					)[given]
				: given;
		if (given === undefined) {
			return undefined;
		}
		if (typeof found !== "function") {
			warn(`${name}: there is no function "${given}"`);
			return undefined;
		}
		try {
			return (found as Callback)(...args);
		} catch (error) {
			reportError(error);
			return undefined;
		}
	}

	/*
	 * Runs a request as the only one. What it gave is lost when it was
	 * aborted meanwhile, since something else has begun then.
	 */
	async #ask<T>(
		request: (signal: AbortSignal) => Promise<T>,
		then: (answer: T) => void,
	): Promise<void> {
		const controller = new AbortController();
		this.#request?.abort();
		this.#request = controller;
		let answer: T;
		try {
			answer = await request(controller.signal);
		} catch (error) {
			if (!controller.signal.aborted) {
				this.#fail(
					error instanceof Failure
						? error
						: new Failure(
								"internal-error",
								false,
							),
				);
			}
			return;
		}
		if (!controller.signal.aborted) {
			then(answer);
		}
	}

	/* -------- the challenge -------- */

	#load(status = this.#view.texts.loading): Promise<void> {
		const { endpoint, sitekey, action, cdata } = this.#options;
		this.#stop();
		this.#show({ state: "loading", status });
		return this.#ask(
			(signal) =>
				createChallenge(
					endpoint,
					sitekey,
					{
						...(action === ""
							? {}
							: { action }),
						...(cdata === ""
							? {}
							: { cdata }),
					},
					signal,
				),
			(issued) => this.#offer(issued),
		);
	}

	#offer(issued: Issued): void {
		const { again, ready } = this.#view.texts;
		this.#issued = issued;
		this.#show({
			state: "ready",
			status: ready,
			issued,
			button: again,
		});
		this.#after(issued.expiresIn * 1000, () => this.#timeOut());
		this.#emit("ready", { challenge: issued.challenge });
	}

	#timeOut(): void {
		this.#lapse(
			this.#view.texts.timeout,
			this.#options["refresh-timeout"],
		);
		this.#call("timeout-callback");
		this.#emit("timeout");
	}

	/* -------- the answer -------- */

	async #submit(answer: string): Promise<void> {
		const issued = this.#issued;
		const { endpoint, sitekey } = this.#options;
		const { number, verifying } = this.#view.texts;
		if (this.#state !== "ready" || issued === undefined) {
			return;
		}
		if (!/^[-+]?\d{1,12}$/.test(answer)) {
			this.#view.complain(number);
			return;
		}
		this.#dropPlan();
		this.#show({ state: "verifying", status: verifying, issued });
		await this.#ask(
			(signal) =>
				verifyAnswer(
					endpoint,
					sitekey,
					issued.token,
					answer.replace("+", ""),
					signal,
				),
			(verdict) => this.#judge(verdict),
		);
	}

	#judge(verdict: Verdict): void {
		const code = verdict["error-codes"]?.[0] ?? "internal-error";
		this.#issued = undefined;
		if (verdict.allowed && verdict.verificationToken !== null) {
			this.#pass(verdict, verdict.verificationToken);
		} else if (code === "timeout-or-duplicate") {
			this.#timeOut();
		} else if (VERDICTS[code] !== undefined) {
			this.#reject(code, this.#view.texts[VERDICTS[code]]);
		} else {
			this.#fail(new Failure(code, false));
		}
	}

	#pass(verdict: Verdict, token: string): void {
		const { score, solveTimeMs } = verdict;
		this.#setResponse(token);
		this.#show({
			state: "solved",
			status: this.#view.texts.solved,
		});
		this.#after(this.#options["response-lifetime"] * 1000, () =>
			this.#expire(),
		);
		this.#call("callback", token);
		this.#emit("success", { token, score, solveTimeMs });
	}

	#reject(code: string, status: string): void {
		const { again } = this.#view.texts;
		this.#show({ state: "wrong", status, button: again });
		this.#call("error-callback", code);
		this.#emit("wrong", { code });
	}

	#expire(): void {
		this.#lapse(
			this.#view.texts.expired,
			this.#options["refresh-expired"],
		);
		this.#expired = true;
		this.#call("expired-callback");
		this.#emit("expired");
	}

	/* -------- another try -------- */

	/* Time is up for a challenge or a token. */
	#lapse(status: string, refresh: "auto" | "manual" | "never"): void {
		this.#stop();
		this.#show({
			state: "expired",
			status,
			button:
				refresh === "never"
					? undefined
					: this.#view.texts.again,
		});
		if (refresh === "auto") {
			/* The page's callbacks come first, and may decide otherwise. */
			this.#loadLater(0, status);
		}
	}

	/* A page that nobody sees takes no challenges, one after the other. */
	#loadLater(ms: number, status?: string): void {
		this.#after(ms, () => void this.#load(status), true);
	}

	#fail(failure: Failure): void {
		const { code, passing, retryAfter } = failure;
		const texts = this.#view.texts;
		const text = fill(texts[FAILURES[code] ?? "failed"], {
			origin: location.origin,
		});
		const automatic = passing && this.#options.retry === "auto";
		this.#stop();
		this.#show({
			state: "error",
			status: `${text} (${code})`,
			/* Before that time it would only be refused again. */
			button: retryAfter > 0 ? undefined : texts.retry,
		});
		if (retryAfter > 0) {
			this.#countDown(retryAfter, automatic);
		} else if (automatic) {
			this.#loadLater(this.#options["retry-interval"]);
		}
		if (this.#call("error-callback", code) !== true) {
			this.#advise(code);
		}
		this.#emit("error", { code });
	}

	#advise(code: string): void {
		const advice = ADVICE[code] ?? "";
		const origin =
			code === "origin-not-allowed" ? location.origin : "";
		warn(`${this.id}: ${code}${advice && `: ${advice}${origin}`}`);
	}

	#countDown(seconds: number, automatic: boolean): void {
		const { wait, retry } = this.#view.texts;
		if (seconds > 0) {
			this.#view.wait = fill(wait, { seconds: `${seconds}` });
			this.#after(1000, () =>
				this.#countDown(seconds - 1, automatic),
			);
		} else if (automatic) {
			this.#loadLater(0);
		} else {
			this.#view.wait = "";
			this.#view.offer(retry);
		}
	}
}
