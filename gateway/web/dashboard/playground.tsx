/*
 * The playground: a challenge with one of the account's keys, answered by hand
 * against the clock, and what comes of it.
 */
import { useEffect, useRef, useState } from "preact/hooks";
import { call, messageOf } from "./api";
import { Failure, Input, textOf, useSending } from "./form";
import { milliseconds, score } from "./format";
import { Cross, Tick } from "./icons";
import { useKeys } from "./keys";
import { Awaited, Page } from "./page";
import type { ApiKey, Challenge, Verdict } from "./wire";
import { LEVELS, reason } from "./words";

const CHALLENGES = "/api/v2/challenges";
const TICK_MS = 100;

interface Round {
	challenge: Challenge;
	key: ApiKey;
	/* By this page's own clock, which never jumps. */
	startedAt: number;
}

interface Played {
	verdict: Verdict;
	round: Round;
	answer: string;
}

/* -------- the clock -------- */

function useElapsed(startedAt: number): number {
	const [now, setNow] = useState(() => performance.now());
	useEffect(() => {
		const timer = setInterval(
			() => setNow(performance.now()),
			TICK_MS,
		);
		return () => clearInterval(timer);
	}, [startedAt]);
	return Math.max(0, now - startedAt);
}

function Clock({ round }: { round: Round }) {
	const elapsed = useElapsed(round.startedAt);
	const left = round.challenge.expiresIn - elapsed / 1000;
	return (
		<p
			class="clock"
			role="timer"
			aria-label="Time since it was given out"
		>
			<span class="clock-time">
				{(elapsed / 1000).toFixed(1)} s
			</span>
			<span class="small muted">
				{left > 0
					? `expires in ${Math.ceil(left)} s`
					: "has expired: get another one"}
			</span>
		</p>
	);
}

/* -------- a challenge -------- */

interface RoundProps {
	round: Round;
	onPlayed: (played: Played) => void;
}

function RoundCard({ round, onPlayed }: RoundProps) {
	const form = useRef<HTMLFormElement>(null);
	const { challenge } = round;
	const sending = useSending(
		(data) =>
			/^-?\d+$/.test(textOf(data, "answer").trim())
				? {}
				: { answer: "The answer is a whole number." },
		async (data) => {
			const answer = textOf(data, "answer").trim();
			const verdict = await call<Verdict>(
				"POST",
				`${CHALLENGES}/verify`,
				{
					key: round.key.publishableKey,
					body: {
						token: challenge.token,
						answer,
					},
				},
			);
			onPlayed({ verdict, round, answer });
		},
	);
	/* The clock is running: to the answer, which the question describes. */
	useEffect(() => {
		form.current?.querySelector("input")?.focus();
	}, [challenge.token]);
	return (
		<section class="card round" aria-labelledby="round">
			<div class="card-head">
				<h2 id="round">Your challenge</h2>
				<Clock round={round} />
			</div>
			<div id="question" class="question">
				<p class="round-text mono">
					{challenge.challenge.text}
				</p>
				<p class="round-instruction">
					{challenge.challenge.instruction}
				</p>
				<p class="small muted">
					Digits, in order:{" "}
					<span class="mono">
						{challenge.challenge.digits.join(
							" ",
						)}
					</span>
				</p>
			</div>
			<form
				ref={form}
				class="form round-form"
				noValidate
				onSubmit={sending.submit}
			>
				<Failure text={sending.failure} />
				<Input
					label="Your answer"
					name="answer"
					inputMode="numeric"
					autocomplete="off"
					about="question"
					error={sending.errors.answer}
				/>
				<button
					class="button button-main"
					disabled={sending.busy}
				>
					{sending.busy
						? "One moment …"
						: "Verify"}
				</button>
			</form>
		</section>
	);
}

/* -------- a verdict -------- */

/* A person’s time, which the score tells: score = 100 (1 - solve / human). */
function humanTime({ success, score: points, solveTimeMs }: Verdict) {
	if (!success || solveTimeMs === null || points <= 0) return null;
	return solveTimeMs / (1 - points / 100);
}

function ScoreText({ of, minScore }: { of: Verdict; minScore: number }) {
	const human = humanTime(of);
	const took = milliseconds(of.solveTimeMs);
	if (!of.success)
		return (
			<p>
				A wrong answer scores 0. So there is nothing to
				tell a person’s time from.
			</p>
		);
	if (human === null)
		return (
			<p>
				The score is 100 × (1 − solve time ÷ a person’s
				time), and never below 0. You took {took}: at
				least as long as the fastest person is taken to
				need for this very challenge.
			</p>
		);
	const limit = (human * (100 - minScore)) / 100;
	return (
		<p>
			{score(of.score)} = 100 × (1 − {took} ÷{" "}
			<strong>{milliseconds(human)}</strong>). The fastest
			person is taken to need about {milliseconds(human)} for
			this very challenge: reading it, looking at each digit,
			each step in the mind, typing the answer.
			{minScore > 0 && (
				<>
					{" "}
					The key asks for a score of {minScore},
					which means within {milliseconds(limit)}
					.
				</>
			)}
		</p>
	);
}

function VerdictCard({ of, onNext }: { of: Played; onNext: () => void }) {
	const heading = useRef<HTMLHeadingElement>(null);
	const { verdict, round, answer } = of;
	const codes = verdict["error-codes"] ?? [];
	useEffect(() => heading.current?.focus(), [of]);
	return (
		<section
			class={
				verdict.allowed
					? "card verdict verdict-allowed"
					: "card verdict"
			}
			aria-labelledby="verdict"
		>
			<h2 id="verdict" ref={heading} tabIndex={-1}>
				{verdict.allowed ? <Tick /> : <Cross />}
				{verdict.allowed
					? "Allowed"
					: verdict.success
						? "Right, but not allowed"
						: "Not allowed"}
			</h2>
			<dl class="verdict-facts">
				<div>
					<dt>Your answer</dt>
					<dd>{answer}</dd>
				</div>
				<div>
					<dt>Score</dt>
					<dd>{score(verdict.score)}</dd>
				</div>
				<div>
					<dt>Solve time</dt>
					<dd>
						{milliseconds(
							verdict.solveTimeMs,
						)}
					</dd>
				</div>
			</dl>
			{codes.map((code) => (
				<p key={code}>
					{reason(code)} <code>{code}</code>
				</p>
			))}
			<ScoreText of={verdict} minScore={round.key.minScore} />
			<p class="round-instruction small muted">
				<span class="mono">
					{round.challenge.challenge.text}
				</span>
				<br />
				{round.challenge.challenge.instruction}
			</p>
			<div class="row">
				<button
					type="button"
					class="button button-main"
					onClick={onNext}
				>
					Another one
				</button>
			</div>
		</section>
	);
}

/* -------- what was played -------- */

function History({ played }: { played: Played[] }) {
	if (played.length === 0) return null;
	return (
		<section class="card history" aria-labelledby="history">
			<h2 id="history">Your rounds</h2>
			<table>
				<thead>
					<tr>
						<th scope="col">Level</th>
						<th scope="col">Result</th>
						<th scope="col" class="number">
							Solve time
						</th>
						<th scope="col" class="number">
							Score
						</th>
					</tr>
				</thead>
				<tbody>
					{played.map(({ verdict, round }) => (
						<tr key={round.challenge.token}>
							<td>
								{
									LEVELS[
										round
											.key
											.difficulty
									].name
								}
							</td>
							<td>
								{verdict.allowed
									? "Allowed"
									: verdict.success
										? "Not allowed"
										: "Wrong or late"}
							</td>
							<td class="number">
								{milliseconds(
									verdict.solveTimeMs,
								)}
							</td>
							<td class="number">
								{score(
									verdict.score,
								)}
							</td>
						</tr>
					))}
				</tbody>
			</table>
		</section>
	);
}

/* -------- all of it -------- */

interface StartProps {
	keys: ApiKey[];
	chosen: ApiKey;
	choose: (id: string) => void;
	busy: boolean;
	onStart: () => void;
	again: boolean;
}

function Start({ keys, chosen, choose, busy, onStart, again }: StartProps) {
	return (
		<div class="toolbar">
			<label class="filter">
				<span>Key</span>
				<select
					value={chosen.id}
					onChange={(event) =>
						choose(
							event.currentTarget
								.value,
						)
					}
				>
					{keys.map((key) => (
						<option
							key={key.id}
							value={key.id}
						>
							{key.name} (
							{
								LEVELS[
									key
										.difficulty
								].name
							}
							)
						</option>
					))}
				</select>
			</label>
			<button
				type="button"
				class={again ? "button" : "button button-main"}
				disabled={busy}
				onClick={onStart}
			>
				{again
					? "Get another challenge"
					: "Get a challenge"}
			</button>
		</div>
	);
}

function Table({ keys }: { keys: ApiKey[] }) {
	const [id, choose] = useState<string>();
	const [round, setRound] = useState<Round>();
	const [last, setLast] = useState<Played>();
	const [played, setPlayed] = useState<Played[]>([]);
	const [busy, setBusy] = useState(false);
	const [failure, setFailure] = useState<string>();
	const key = keys.find((each) => each.id === id) ?? keys[0]!;

	const start = async () => {
		setBusy(true);
		setFailure(undefined);
		try {
			const challenge = await call<Challenge>(
				"POST",
				CHALLENGES,
				{
					key: key.publishableKey,
					body: { action: "playground" },
				},
			);
			setRound({
				challenge,
				key,
				startedAt: performance.now(),
			});
			setLast(undefined);
		} catch (error) {
			setFailure(messageOf(error));
		}
		setBusy(false);
	};
	const onPlayed = (of: Played) => {
		setRound(undefined);
		setLast(of);
		setPlayed((before) => [of, ...before]);
	};
	return (
		<>
			<Start
				keys={keys}
				chosen={key}
				choose={choose}
				busy={busy}
				onStart={() => void start()}
				again={
					round !== undefined ||
					last !== undefined
				}
			/>
			<Failure text={failure} />
			{round !== undefined && (
				<RoundCard
					key={round.challenge.token}
					round={round}
					onPlayed={onPlayed}
				/>
			)}
			{last !== undefined && (
				<VerdictCard
					of={last}
					onNext={() => void start()}
				/>
			)}
			<History played={played} />
		</>
	);
}

function Empty() {
	return (
		<div class="card empty">
			<h2>No key to play with</h2>
			<p>
				The playground needs a key that is not disabled
				or revoked.
			</p>
			<div class="row">
				<a class="button button-main" href="#/keys">
					Go to the keys
				</a>
			</div>
		</div>
	);
}

export function Playground() {
	const keys = useKeys();
	const usable = keys.data?.filter(
		(key) => key.revokedAt === null && key.enabled,
	);
	return (
		<Page
			title="Playground"
			lead="See what your visitors’ agents see. You are expected to fail: at medium and hard the time is too short for a person, and that is the point. Your rounds are counted in the overview."
		>
			{usable === undefined ? (
				<Awaited
					what="your keys"
					error={keys.error}
					retry={keys.reload}
				/>
			) : usable.length === 0 ? (
				<Empty />
			) : (
				<Table keys={usable} />
			)}
		</Page>
	);
}
