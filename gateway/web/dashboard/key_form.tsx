/*
 * The settings of a key, as a form: of a new one and of one that there is.
 */
import { useState } from "preact/hooks";
import { call } from "./api";
import {
	type Errors,
	Failure,
	Field,
	Input,
	type Sending,
	textOf,
	useSending,
} from "./form";
import { duration } from "./format";
import {
	type ApiKey,
	type KeySettings,
	type Level,
	MIN_SCORE,
	NAME_MAX,
	ORIGINS_MAX,
	RATE_MAX,
	SOLVE_MAX,
	TTL_MAX,
	TTL_MIN,
} from "./wire";
import { LEVELS } from "./words";

const NEW_KEY: KeySettings = {
	name: "",
	difficulty: "medium",
	minScore: MIN_SCORE.medium,
	minSolveMs: 0,
	ttlSeconds: 320,
	allowedOrigins: [],
	rateLimit: 0,
	enabled: true,
};

const RANGES: Record<string, [number, number]> = {
	minScore: [0, 100],
	minSolveMs: [0, SOLVE_MAX],
	ttlSeconds: [TTL_MIN, TTL_MAX],
	rateLimit: [0, RATE_MAX],
};

function originsOf(data: FormData): string[] {
	return textOf(data, "allowedOrigins")
		.split(/[\s,]+/)
		.filter((origin) => origin !== "");
}

function checkKey(data: FormData): Errors {
	const errors: Errors = {};
	if (textOf(data, "name").trim() === "")
		errors.name = "A key needs a name, so that you know it later.";
	for (const [name, [lo, hi]] of Object.entries(RANGES)) {
		const value = Number(textOf(data, name));
		const text = textOf(data, name).trim();
		if (
			text === "" ||
			!Number.isInteger(value) ||
			value < lo ||
			value > hi
		)
			errors[name] = `A whole number from ${lo} to ${hi}.`;
	}
	if (originsOf(data).length > ORIGINS_MAX)
		errors.allowedOrigins = `At most ${ORIGINS_MAX} origins.`;
	return errors;
}

function settingsOf(data: FormData): Omit<KeySettings, "enabled"> {
	return {
		name: textOf(data, "name").trim(),
		difficulty: textOf(data, "difficulty") as Level,
		minScore: Number(textOf(data, "minScore")),
		minSolveMs: Number(textOf(data, "minSolveMs")),
		ttlSeconds: Number(textOf(data, "ttlSeconds")),
		allowedOrigins: originsOf(data),
		rateLimit: Number(textOf(data, "rateLimit")),
	};
}

export function LevelChoice(props: {
	value: Level;
	onChange: (level: Level) => void;
}) {
	return (
		<fieldset class="field choices">
			<legend>Level</legend>
			{Object.entries(LEVELS).map(
				([level, { name, explanation }]) => (
					<label key={level} class="choice">
						<input
							type="radio"
							name="difficulty"
							value={level}
							checked={
								props.value ===
								level
							}
							onChange={() =>
								props.onChange(
									level as Level,
								)
							}
						/>
						<span>
							<strong>{name}</strong>
							<span class="hint">
								{explanation}
							</span>
						</span>
					</label>
				),
			)}
		</fieldset>
	);
}

function scoreHint(minScore: number, level: Level): string {
	const usual = `Usual for ${level}: ${MIN_SCORE[level]}.`;
	if (!(minScore > 0))
		return `Any right answer is allowed, however slow. ${usual}`;
	return `A right answer is allowed when it comes within ${100 - minScore} % of a fast person’s time. ${usual}`;
}

function MinScore(props: {
	level: Level;
	value: string;
	onChange: (value: string) => void;
	error: string | undefined;
}) {
	return (
		<Input
			label="Lowest score (0 to 100)"
			name="minScore"
			type="number"
			min={0}
			max={100}
			value={props.value}
			onInput={(event) =>
				props.onChange(event.currentTarget.value)
			}
			hint={scoreHint(Number(props.value), props.level)}
			error={props.error}
		/>
	);
}

function Origins({
	value,
	error,
}: {
	value: string[];
	error?: string | undefined;
}) {
	return (
		<Field
			label="Origins that may use the publishable key"
			name="allowedOrigins"
			hint="One a line, such as https://example.com. Only pages of these sites can get challenges with the publishable key; this dashboard always can."
			error={error}
		>
			{(attributes) => (
				<textarea
					{...attributes}
					rows={3}
					spellcheck={false}
					defaultValue={value.join("\n")}
				/>
			)}
		</Field>
	);
}

function Limits({ of, errors }: { of: KeySettings; errors: Errors }) {
	return (
		<div class="field-pair">
			<Input
				label="Time to answer, in seconds"
				name="ttlSeconds"
				type="number"
				min={TTL_MIN}
				max={TTL_MAX}
				defaultValue={String(of.ttlSeconds)}
				hint={`After that a challenge is expired. Usual: 320, which is ${duration(320)}.`}
				error={errors.ttlSeconds}
			/>
			<Input
				label="Requests a minute"
				name="rateLimit"
				type="number"
				min={0}
				max={RATE_MAX}
				defaultValue={String(of.rateLimit)}
				hint="Past it, callers of this key are told to wait. 0: no limit."
				error={errors.rateLimit}
			/>
			<Input
				label="Fastest answer, in milliseconds"
				name="minSolveMs"
				type="number"
				min={0}
				max={SOLVE_MAX}
				defaultValue={String(of.minSolveMs)}
				hint="Right answers that come faster are refused: below about 150 ms no language model has read the question. 0: none is too fast."
				error={errors.minSolveMs}
			/>
		</div>
	);
}

function Buttons(props: {
	form: Sending;
	label: string;
	onCancel: () => void;
}) {
	return (
		<div class="row row-end">
			<button
				type="button"
				class="button"
				onClick={props.onCancel}
			>
				Cancel
			</button>
			<button
				class="button button-main"
				disabled={props.form.busy}
			>
				{props.form.busy ? "One moment …" : props.label}
			</button>
		</div>
	);
}

export interface KeyFormProps {
	/* The key to be changed; without it, a new one is made. */
	of?: ApiKey;
	onDone: (key: ApiKey) => void;
	onCancel: () => void;
}

export function KeyForm({ of, onDone, onCancel }: KeyFormProps) {
	const start = of ?? NEW_KEY;
	const [level, setLevel] = useState(start.difficulty);
	const [minScore, setMinScore] = useState(String(start.minScore));
	const form = useSending(checkKey, async (data) => {
		const body = settingsOf(data);
		onDone(
			of === undefined
				? await call<ApiKey>(
						"POST",
						"/api/v1/api-keys",
						{ body },
					)
				: await call<ApiKey>(
						"PATCH",
						`/api/v1/api-keys/${of.id}`,
						{
							body,
						},
					),
		);
	});
	const changeLevel = (next: Level) => {
		/* A minimum that nobody chose follows the level. */
		if (Number(minScore) === MIN_SCORE[level])
			setMinScore(String(MIN_SCORE[next]));
		setLevel(next);
	};
	const advanced = ["minScore", "ttlSeconds", "rateLimit", "minSolveMs"];
	const wrong = advanced.some((name) => form.errors[name] !== undefined);
	return (
		<form class="form" noValidate onSubmit={form.submit}>
			<Failure text={form.failure} />
			<Input
				label="Name"
				name="name"
				maxLength={NAME_MAX}
				autocomplete="off"
				defaultValue={start.name}
				hint="For you: where the key is used, such as “Shop, production”."
				error={form.errors.name}
			/>
			<LevelChoice value={level} onChange={changeLevel} />
			<Origins
				value={start.allowedOrigins}
				error={form.errors.allowedOrigins}
			/>
			<details class="more" open={of !== undefined || wrong}>
				<summary>Score, time and limits</summary>
				<div class="form">
					<MinScore
						level={level}
						value={minScore}
						onChange={setMinScore}
						error={form.errors.minScore}
					/>
					<Limits
						of={start}
						errors={form.errors}
					/>
				</div>
			</details>
			<Buttons
				form={form}
				label={of === undefined ? "Create key" : "Save"}
				onCancel={onCancel}
			/>
		</form>
	);
}
