/*
 * How long right answers took: a histogram over a logarithmic axis of time,
 * with the percentiles marked.
 */
import { useRef, useState } from "preact/hooks";
import { count, milliseconds, millisecondsShort, share } from "./format";
import { stepTo, useWidth } from "./size";
import type { SolveTime, TimeCount } from "./wire";
import { TableButton } from "./page";

const HEIGHT = 240;
const TOP = 44; /* room for the names of the percentiles */
const BOTTOM = 24; /* and for the axis */
const SIDE = 8;
const TICK_SPACE = 64; /* pixels between two of the axis, at least */

/* The times that an axis may show. */
const TICKS = [
	10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000, 20000, 60000,
	120000, 300000, 600000, 1800000, 3600000,
];

/* The first bucket begins at 0, which has no logarithm. */
const LEAST_MS = 2;

type Scale = (ms: number) => number;

function scaleOf(times: TimeCount[], width: number): Scale {
	const log = (ms: number) => Math.log2(Math.max(ms, LEAST_MS));
	const lo = log(times[0]!.fromMs);
	const hi = log(times[times.length - 1]!.toMs);
	return (ms) =>
		SIDE +
		((log(ms) - lo) / (hi - lo)) * Math.max(1, width - 2 * SIDE);
}

function ticksOf(x: Scale, width: number): number[] {
	let last = -TICK_SPACE;
	return TICKS.filter((tick) => {
		const at = x(tick);
		if (at < SIDE || at > width - TICK_SPACE / 3) return false;
		if (at - last < TICK_SPACE) return false;
		last = at;
		return true;
	});
}

function bucketText({ fromMs, toMs, count: many }: TimeCount, all: number) {
	return `${millisecondsShort(fromMs)} to ${millisecondsShort(toMs)}: ${count(many)} (${share(many, all)})`;
}

interface MarksProps {
	of: SolveTime;
	x: Scale;
	width: number;
}

/* Each on a line of its own, so that close ones do not cover each other. */
function Marks({ of, x, width }: MarksProps) {
	const marks: [string, number | null][] = [
		["p50", of.p50],
		["p90", of.p90],
		["p99", of.p99],
	];
	return (
		<>
			{marks.map(([name, ms], i) => {
				if (ms === null) return null;
				const at = Math.min(
					Math.max(x(ms), SIDE),
					width - SIDE,
				);
				const left = at > width / 2;
				return (
					<g key={name}>
						<line
							class="times-mark"
							x1={at}
							x2={at}
							y1={4 + 13 * i}
							y2={HEIGHT - BOTTOM}
						/>
						<text
							class="times-name"
							x={
								left
									? at - 5
									: at + 5
							}
							y={12 + 13 * i}
							text-anchor={
								left
									? "end"
									: "start"
							}
						>
							{name}{" "}
							{milliseconds(ms)}
						</text>
					</g>
				);
			})}
		</>
	);
}

interface BarsProps {
	times: TimeCount[];
	x: Scale;
	at: number | null;
	onPoint: (index: number | null) => void;
}

function Bars({ times, x, at, onPoint }: BarsProps) {
	const most = Math.max(...times.map((time) => time.count), 1);
	const room = HEIGHT - TOP - BOTTOM;
	return (
		<>
			{times.map((time, i) => {
				const left = x(time.fromMs);
				const width = x(time.toMs) - left;
				const height =
					time.count === 0
						? 0
						: Math.max(
								2,
								(time.count /
									most) *
									room,
							);
				return (
					<g
						key={time.fromMs}
						onPointerEnter={() =>
							onPoint(i)
						}
					>
						<rect
							class="times-bar"
							data-at={
								i === at
									? ""
									: undefined
							}
							x={left + 0.5}
							y={
								HEIGHT -
								BOTTOM -
								height
							}
							width={Math.max(
								1,
								width - 1,
							)}
							height={height}
						/>
						<rect
							class="times-touch"
							x={left}
							y={TOP}
							width={width}
							height={room}
						/>
					</g>
				);
			})}
		</>
	);
}

interface HistogramProps {
	times: TimeCount[];
	of: SolveTime;
	at: number | null;
	onPoint: (index: number | null) => void;
}

function Histogram({ times, of, at, onPoint }: HistogramProps) {
	const box = useRef<HTMLDivElement>(null);
	const width = useWidth(box);
	const all = times.reduce((sum, time) => sum + time.count, 0);
	const bucket = at === null ? undefined : times[at];
	const x = scaleOf(times, width);
	return (
		<div
			ref={box}
			class="times"
			role="slider"
			tabIndex={0}
			aria-label="Bars of the distribution; the arrow keys go from one to the next"
			aria-valuemin={0}
			aria-valuemax={times.length - 1}
			aria-valuenow={at ?? 0}
			aria-valuetext={
				bucket === undefined
					? `${times.length} bars`
					: bucketText(bucket, all)
			}
			onKeyDown={(event) => {
				const next = stepTo(
					event.key,
					at,
					times.length,
				);
				if (next === null) return;
				event.preventDefault();
				onPoint(next);
			}}
			onPointerLeave={() => onPoint(null)}
			onBlur={() => onPoint(null)}
		>
			{width > 0 && (
				<svg
					width={width}
					height={HEIGHT}
					aria-hidden="true"
				>
					<line
						class="times-axis"
						x1={0}
						x2={width}
						y1={HEIGHT - BOTTOM}
						y2={HEIGHT - BOTTOM}
					/>
					{ticksOf(x, width).map((tick) => (
						<text
							key={tick}
							class="times-tick"
							x={x(tick)}
							y={HEIGHT - 6}
							text-anchor="middle"
						>
							{millisecondsShort(
								tick,
							)}
						</text>
					))}
					<Bars
						times={times}
						x={x}
						at={at}
						onPoint={onPoint}
					/>
					<Marks of={of} x={x} width={width} />
				</svg>
			)}
		</div>
	);
}

function Table({ times }: { times: TimeCount[] }) {
	const all = times.reduce((sum, time) => sum + time.count, 0);
	return (
		<div
			class="scroll scroll-tall"
			role="region"
			aria-label="The distribution as a table"
			tabIndex={0}
		>
			<table>
				<thead>
					<tr>
						<th scope="col">Took</th>
						<th scope="col" class="number">
							Right answers
						</th>
						<th scope="col" class="number">
							Share
						</th>
					</tr>
				</thead>
				<tbody>
					{times.map((time) => (
						<tr key={time.fromMs}>
							<th scope="row">
								{millisecondsShort(
									time.fromMs,
								)}{" "}
								to{" "}
								{millisecondsShort(
									time.toMs,
								)}
							</th>
							<td class="number">
								{count(
									time.count,
								)}
							</td>
							<td class="number">
								{share(
									time.count,
									all,
								)}
							</td>
						</tr>
					))}
				</tbody>
			</table>
		</div>
	);
}

export function TimesCard({
	times,
	of,
}: {
	times: TimeCount[];
	of: SolveTime;
}) {
	const [at, setAt] = useState<number | null>(null);
	const [table, setTable] = useState(false);
	const all = times.reduce((sum, time) => sum + time.count, 0);
	const bucket = at === null ? undefined : times[at];
	return (
		<section class="card" aria-labelledby="times">
			<div class="card-head">
				<h2 id="times">Solve times</h2>
				{times.length > 0 && (
					<TableButton
						shown={table}
						onToggle={() =>
							setTable(!table)
						}
					/>
				)}
			</div>
			{times.length === 0 ? (
				<p class="muted">
					No right answer in this period.
				</p>
			) : (
				<>
					<p class="legend-time small muted">
						{bucket === undefined
							? `${count(all)} right answers, by the time that they took`
							: bucketText(
									bucket,
									all,
								)}
					</p>
					<Histogram
						times={times}
						of={of}
						at={at}
						onPoint={setAt}
					/>
					<p class="hint">
						Half of the answers came within
						p50, 90 % within p90, 99 %
						within p99. The time axis is
						logarithmic.
					</p>
					{table && <Table times={times} />}
				</>
			)}
		</section>
	);
}
