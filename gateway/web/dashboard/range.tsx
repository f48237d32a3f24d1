/*
 * The period that the overview is of. It stands in the page's address, so that
 * it can be kept and passed on: ?range=7d, or ?from=…&to=… in milliseconds.
 */
import { useState } from "preact/hooks";
import { Dialog } from "./dialog";
import { dateTime } from "./format";
import { Input, textOf, useSending } from "./form";
import { setQuery } from "./route";

const MINUTE_MS = 60000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const MOST_MS = 400 * DAY_MS;

/* Without `to`, up to now by the server's clock. */
export interface Period {
	from: number;
	to?: number;
}

export interface Range {
	/* Of what is chosen: "24h", or "custom". */
	id: string;
	/* "24 hours": as in "the 24 hours before". */
	words: string;
	/* What it comes to at this moment. */
	period: () => Period;
}

const SPANS: [string, string, string, number][] = [
	["1h", "1 h", "hour", HOUR_MS],
	["24h", "24 h", "24 hours", DAY_MS],
	["7d", "7 d", "7 days", 7 * DAY_MS],
	["30d", "30 d", "30 days", 30 * DAY_MS],
	["90d", "90 d", "90 days", 90 * DAY_MS],
];
const USUAL = "24h";

export function rangeOf(query: URLSearchParams): Range {
	const from = Number(query.get("from") ?? "x");
	const to = Number(query.get("to") ?? "x");
	if (Number.isInteger(from) && Number.isInteger(to) && from < to)
		return {
			id: "custom",
			words: "period of the same length",
			period: () => ({ from, to }),
		};
	const asked = query.get("range") ?? USUAL;
	const span =
		SPANS.find(([id]) => id === asked) ??
		SPANS.find(([id]) => id === USUAL)!;
	return {
		id: span[0],
		words: span[2],
		period: () => ({ from: Date.now() - span[3] }),
	};
}

/* What <input type="datetime-local"> takes: local time without a zone. */
function toInput(at: number): string {
	const local = new Date(
		at - new Date(at).getTimezoneOffset() * MINUTE_MS,
	);
	return local.toISOString().slice(0, 16);
}

function CustomDialog({
	range,
	onClose,
}: {
	range: Range;
	onClose: () => void;
}) {
	const { from, to = Date.now() } = range.period();
	const form = useSending(
		(data) => {
			const start = Date.parse(textOf(data, "from"));
			const end = Date.parse(textOf(data, "to"));
			if (Number.isNaN(start))
				return { from: "Please give a time." };
			if (Number.isNaN(end))
				return { to: "Please give a time." };
			if (start >= end)
				return {
					to: "The end comes after the beginning.",
				};
			if (end - start > MOST_MS)
				return {
					from: "A period has at most 400 days.",
				};
			return {};
		},
		async (data) => {
			setQuery({
				range: null,
				from: String(Date.parse(textOf(data, "from"))),
				to: String(Date.parse(textOf(data, "to"))),
			});
			onClose();
		},
	);
	return (
		<Dialog title="A period of your own" onClose={onClose}>
			<form class="form" noValidate onSubmit={form.submit}>
				<Input
					label="From"
					name="from"
					type="datetime-local"
					defaultValue={toInput(from)}
					error={form.errors.from}
				/>
				<Input
					label="To"
					name="to"
					type="datetime-local"
					defaultValue={toInput(to)}
					error={form.errors.to}
					hint="Your local time."
				/>
				<div class="row row-end">
					<button
						type="button"
						class="button"
						onClick={onClose}
					>
						Cancel
					</button>
					<button class="button button-main">
						Show it
					</button>
				</div>
			</form>
		</Dialog>
	);
}

export function RangePicker({ range }: { range: Range }) {
	const [asking, setAsking] = useState(false);
	const { from, to = Date.now() } = range.period();
	return (
		<>
			<fieldset class="segments">
				<legend class="unseen">Period</legend>
				{SPANS.map(([id, label, words]) => (
					<label key={id}>
						<input
							type="radio"
							name="range"
							value={id}
							checked={
								range.id === id
							}
							onChange={() =>
								setQuery({
									range: id,
									from: null,
									to: null,
								})
							}
						/>
						<span>
							<span aria-hidden="true">
								{label}
							</span>
							<span class="unseen">
								The last {words}
							</span>
						</span>
					</label>
				))}
			</fieldset>
			<button
				type="button"
				class={
					range.id === "custom"
						? "button button-on"
						: "button"
				}
				onClick={() => setAsking(true)}
			>
				{range.id === "custom" ? (
					<>
						{dateTime(from)} –{" "}
						{dateTime(to)}
						<span class="unseen">
							, change it
						</span>
					</>
				) : (
					"Custom …"
				)}
			</button>
			{asking && (
				<CustomDialog
					range={range}
					onClose={() => setAsking(false)}
				/>
			)}
		</>
	);
}
