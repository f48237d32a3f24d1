/*
 * The first steps of an account: a key, a program that uses it, and the watch
 * until its first challenge has gone all the way.
 */
import { useState } from "preact/hooks";
import { call, messageOf } from "./api";
import { CopyButton, CopyLine } from "./copy";
import { Failure, Input, textOf, useSending } from "./form";
import { leaveFirstSteps, loadEver } from "./home";
import { Tick } from "./icons";
import { LevelChoice } from "./key_form";
import { useKeys } from "./keys";
import { useLive } from "./live";
import { Awaited, Page } from "./page";
import { keepSecret, secretOf } from "./secrets";
import { SNIPPETS, type Snippet } from "./snippets";
import { Tabs } from "./tabs";
import {
	type ApiKey,
	type Level,
	MIN_SCORE,
	NAME_MAX,
	type Totals,
} from "./wire";

const WATCH_MS = 2000;

/* -------- 1. a key -------- */

function FirstKey({ onDone }: { onDone: () => void }) {
	const [level, setLevel] = useState<Level>("easy");
	const form = useSending(
		(data) =>
			textOf(data, "name").trim() === ""
				? { name: "A key needs a name." }
				: {},
		async (data) => {
			const name = textOf(data, "name").trim();
			const key = await call<ApiKey>(
				"POST",
				"/api/v1/api-keys",
				{
					body: { name, difficulty: level },
				},
			);
			if (key.key !== undefined) keepSecret(key.id, key.key);
			onDone();
		},
	);
	return (
		<form class="form" noValidate onSubmit={form.submit}>
			<Failure text={form.failure} />
			<Input
				label="Name of the key"
				name="name"
				maxLength={NAME_MAX}
				autocomplete="off"
				defaultValue="My first key"
				error={form.errors.name}
			/>
			<LevelChoice value={level} onChange={setLevel} />
			<p class="hint">
				Easy lets you answer by hand in your own time,
				which is what you want for these steps. You can
				raise it afterwards.
			</p>
			<div class="row">
				<button
					class="button button-main"
					disabled={form.busy}
				>
					{form.busy
						? "One moment …"
						: "Create the key"}
				</button>
			</div>
		</form>
	);
}

function KeyMade({ of }: { of: ApiKey }) {
	const secret = secretOf(of.id);
	if (secret === undefined)
		return (
			<p>
				You have the key <strong>{of.name}</strong>,{" "}
				<code>
					{of.prefix}…{of.last4}
				</code>
				. Its secret was shown when it was made; if you
				do not have it, make{" "}
				<a href="#/keys">a new secret</a>.
			</p>
		);
	return (
		<>
			<p class="note note-warn">
				<strong>
					You will not see this secret again
				</strong>{" "}
				once you leave this page. Copy it now and keep
				it where only your server finds it.
			</p>
			<CopyLine text={secret} what="the secret key" />
		</>
	);
}

/* -------- 2. a program -------- */

function Program({ snippet, of }: { snippet: Snippet; of: ApiKey }) {
	const secret = secretOf(of.id) ?? `${of.prefix}YOUR_SECRET_KEY`;
	const text = snippet.text(location.origin, secret);
	return (
		<>
			<div class="card-head">
				<p class="small">
					Save it as <code>{snippet.file}</code>{" "}
					and run <code>{snippet.run}</code>
				</p>
				<CopyButton
					text={text}
					what={`the ${snippet.name} program`}
				/>
			</div>
			<pre
				tabIndex={0}
				aria-label={`The ${snippet.name} program`}
			>
				<code>{text}</code>
			</pre>
		</>
	);
}

/* -------- 3. the watch -------- */

interface Sign {
	done: boolean;
	name: string;
	hint: string;
}

function signsOf(totals: Totals | undefined): Sign[] {
	const of = totals ?? {
		challenges: 0,
		verifications: 0,
		solved: 0,
		allowed: 0,
		siteverified: 0,
	};
	let hint = "";
	if (of.verifications > 0 && of.allowed === 0)
		hint =
			of.solved === 0
				? "An answer came, and it was wrong: run it once more."
				: "The answer was right, but slower than the key allows: try again, or use an easy key.";
	return [
		{
			done: of.challenges > 0,
			name: "A challenge was created",
			hint: "",
		},
		{
			done: of.allowed > 0,
			name: "A right answer was verified",
			hint,
		},
		{
			done: of.siteverified > 0,
			name: "Your server checked the token by siteverify",
			hint: "",
		},
	];
}

function Signs({ signs }: { signs: Sign[] }) {
	return (
		<ul class="signs" aria-live="polite">
			{signs.map(({ done, name, hint }) => (
				<li
					key={name}
					class={done ? "sign sign-done" : "sign"}
				>
					<span class="sign-mark">
						{done && <Tick />}
					</span>
					<span>
						{name}
						<span class="unseen">
							{done
								? ": done"
								: ": not yet"}
						</span>
						{hint !== "" && (
							<span class="hint">
								{hint}
							</span>
						)}
					</span>
				</li>
			))}
		</ul>
	);
}

function RaiseLevel({ of }: { of: ApiKey }) {
	const [said, setSaid] = useState("");
	if (of.difficulty !== "easy") return null;
	const raise = async () => {
		try {
			await call("PATCH", `/api/v1/api-keys/${of.id}`, {
				body: {
					difficulty: "medium",
					minScore: MIN_SCORE.medium,
				},
			});
			setSaid("The key asks medium challenges now.");
		} catch (error) {
			setSaid(messageOf(error));
		}
	};
	return (
		<>
			<p>
				Your key asks easy challenges, which do not stop
				a patient person. Before it guards anything,
				raise it.
			</p>
			<div class="row">
				<button
					type="button"
					class="button"
					onClick={() => void raise()}
				>
					Raise it to medium
				</button>
				<span role="status">{said}</span>
			</div>
		</>
	);
}

function Done({ of }: { of: ApiKey }) {
	return (
		<div class="note note-good finish">
			<h3>It works, from end to end</h3>
			<RaiseLevel of={of} />
			<div class="row">
				<a
					class="button button-main"
					href="#/"
					onClick={leaveFirstSteps}
				>
					Go to the overview
				</a>
				<a class="button" href="/docs">
					Read how to build it in
				</a>
			</div>
		</div>
	);
}

function Watch({ of }: { of: ApiKey }) {
	const ever = useLive(of.id, (signal) => loadEver(of.id, signal), {
		everyMs: WATCH_MS,
	});
	const signs = signsOf(ever.data);
	return (
		<>
			<p>
				This page is watching the key. Each step is
				ticked off as soon as it has happened.
			</p>
			<Signs signs={signs} />
			{ever.error !== undefined && (
				<p class="small muted">
					{messageOf(ever.error)}
				</p>
			)}
			{signs.every((sign) => sign.done) && <Done of={of} />}
		</>
	);
}

/* -------- all of it -------- */

function Steps({ of, reload }: { of: ApiKey | undefined; reload: () => void }) {
	return (
		<ol class="steps">
			<li class="card">
				<h2>Create a key</h2>
				{of === undefined ? (
					<FirstKey onDone={reload} />
				) : (
					<KeyMade of={of} />
				)}
			</li>
			<li
				class={
					of === undefined
						? "card step-later"
						: "card"
				}
			>
				<h2>Run one of these</h2>
				<p>
					It gets a challenge, asks you or your
					agent for the answer, has it verified,
					and checks the result as your server
					will.
				</p>
				{of !== undefined && (
					<Tabs
						label="Languages"
						tabs={SNIPPETS.map(
							(snippet) => ({
								id: snippet.id,
								name: snippet.name,
								content: () => (
									<Program
										snippet={
											snippet
										}
										of={
											of
										}
									/>
								),
							}),
						)}
					/>
				)}
			</li>
			<li
				class={
					of === undefined
						? "card step-later"
						: "card"
				}
			>
				<h2>See it arrive</h2>
				{of === undefined ? (
					<p>
						Three signs, ticked off as they
						happen.
					</p>
				) : (
					<Watch key={of.id} of={of} />
				)}
			</li>
		</ol>
	);
}

export function FirstRun() {
	const keys = useKeys();
	const usable = keys.data?.find(
		(key) => key.revokedAt === null && key.enabled,
	);
	return (
		<Page
			title="Your first challenge"
			lead="Three steps, a few minutes. Then everything else is here for you."
			actions={
				keys.data !== undefined &&
				keys.data.length > 0 && (
					<a
						class="button"
						href="#/"
						onClick={leaveFirstSteps}
					>
						Skip to the overview
					</a>
				)
			}
		>
			{keys.data !== undefined ? (
				<Steps of={usable} reload={keys.reload} />
			) : (
				<Awaited
					what="your keys"
					error={keys.error}
					retry={keys.reload}
				/>
			)}
		</Page>
	);
}
