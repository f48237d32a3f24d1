/*
 * The overview: what an account's keys have done in a period, kept up to date.
 */
import { useState } from "preact/hooks";
import { call, messageOf, Problem } from "./api";
import { KeyCard, LevelCard, MisreadingCard, OperationCard } from "./breakdown";
import { clock } from "./format";
import { type Live, useLive } from "./live";
import { Awaited, Page } from "./page";
import { type Period, type Range, RangePicker, rangeOf } from "./range";
import { route, setQuery } from "./route";
import { SeriesCard } from "./series";
import { useStore } from "./store";
import { Tiles } from "./tiles";
import { TimesCard } from "./times";
import type { ApiKey, Overview, Series } from "./wire";

const EVERY_MS = 3000;

interface Both {
	overview: Overview;
	series: Series;
}

/** The overview of a period, of one key or of all. */
export function loadOverview(
	period: Period,
	key: string | null,
	signal: AbortSignal,
): Promise<Overview> {
	return call(
		"GET",
		`/api/v1/analytics/overview?${question(period, key)}`,
		{ signal },
	);
}

function question(period: Period, key: string | null) {
	const query = new URLSearchParams({ from: String(period.from) });
	if (period.to !== undefined) query.set("to", String(period.to));
	if (key !== null) query.set("apiKeyId", key);
	return query;
}

async function loadBoth(
	range: Range,
	key: string | null,
	signal: AbortSignal,
): Promise<Both> {
	const period = range.period();
	const [overview, series] = await Promise.all([
		loadOverview(period, key, signal),
		call<Series>(
			"GET",
			`/api/v1/analytics/timeseries?${question(period, key)}`,
			{ signal },
		),
	]);
	return { overview, series };
}

function KeyFilter({
	keys,
	chosen,
}: {
	keys: ApiKey[];
	chosen: string | null;
}) {
	return (
		<label class="filter">
			<span>Key</span>
			<select
				value={chosen ?? ""}
				onChange={(event) =>
					setQuery({
						key:
							event.currentTarget
								.value || null,
					})
				}
			>
				<option value="">All keys</option>
				{keys.map((key) => (
					<option key={key.id} value={key.id}>
						{key.name}
						{key.revokedAt === null
							? ""
							: " (revoked)"}
					</option>
				))}
			</select>
		</label>
	);
}

/* That nobody answers at all is said by the banner already. */
function isTrouble(error: unknown): boolean {
	return (
		error !== undefined &&
		!(error instanceof Problem && error.status === 0)
	);
}

interface UpdatedProps {
	live: Live<Both>;
	paused: boolean;
	setPaused: (paused: boolean) => void;
}

function Updated({ live, paused, setPaused }: UpdatedProps) {
	const at = live.updatedAt;
	return (
		<div class="updated small muted">
			<span>
				{at !== undefined && (
					<>
						Updated at{" "}
						<time
							dateTime={new Date(
								at,
							).toISOString()}
						>
							{clock(at)}
						</time>
						{paused && ", paused"}
					</>
				)}
			</span>
			<button
				type="button"
				class="button button-small"
				onClick={() => setPaused(!paused)}
			>
				{paused ? "Go on updating" : "Pause updates"}
			</button>
		</div>
	);
}

function Quiet() {
	return (
		<div class="note">
			<p>
				<strong>
					Nothing happened in this period.
				</strong>{" "}
				Choose a longer one, try the{" "}
				<a href="#/playground">playground</a>, or see
				the <a href="#/start">first steps</a>.
			</p>
		</div>
	);
}

function Figures({ of, range }: { of: Both; range: Range }) {
	const { overview, series } = of;
	const quiet = Object.values(overview.totals).every(
		(value) => value === 0,
	);
	return (
		<>
			{quiet && <Quiet />}
			<h2 class="unseen">Totals</h2>
			<Tiles of={overview} words={range.words} />
			<p class="hint compared">
				Changes are against the {range.words} before.
			</p>
			<div class="cards">
				<SeriesCard of={series} />
				<TimesCard
					times={overview.solveTimes ?? []}
					of={overview.solveTimeMs}
				/>
				<MisreadingCard of={overview} />
				<OperationCard of={overview} />
				<div class="stack">
					<LevelCard of={overview} />
					<KeyCard of={overview} />
				</div>
			</div>
		</>
	);
}

export function OverviewPage({ keys }: { keys: ApiKey[] }) {
	const { query } = useStore(route);
	const [paused, setPaused] = useState(false);
	const range = rangeOf(query);
	const key = query.get("key");
	const what = `${query.get("range")} ${query.get("from")} ${query.get("to")} ${key}`;
	const live = useLive(what, (signal) => loadBoth(range, key, signal), {
		everyMs: EVERY_MS,
		paused,
	});
	return (
		<Page
			title="Overview"
			lead={
				<Updated
					live={live}
					paused={paused}
					setPaused={setPaused}
				/>
			}
		>
			<div class="toolbar">
				<RangePicker range={range} />
				<KeyFilter keys={keys} chosen={key} />
			</div>
			{live.data !== undefined && isTrouble(live.error) && (
				<div class="note note-bad row">
					<p role="alert">
						These figures are not the
						newest: {messageOf(live.error)}
					</p>
					<button
						type="button"
						class="button button-small"
						onClick={live.reload}
					>
						Try now
					</button>
				</div>
			)}
			{live.data !== undefined ? (
				<div
					class="figures"
					aria-busy={live.of !== what}
				>
					<Figures of={live.data} range={range} />
				</div>
			) : (
				<Awaited
					what="the figures"
					error={live.error}
					retry={live.reload}
				/>
			)}
		</Page>
	);
}
