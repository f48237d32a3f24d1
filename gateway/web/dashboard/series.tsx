/*
 * Counts over time: a plot by uPlot, a legend that shows the values under the
 * pointer and turns lines on and off, and all of it as a table. The plot takes
 * the focus, and the arrow keys go from point to point.
 */
import uPlot from "uplot";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { count, countShort } from "./format";
import { setQuery } from "./route";
import { stepTo, useWidth } from "./size";
import { useStore } from "./store";
import { colour, repaint } from "./theme";
import type { Point, Series, Totals } from "./wire";
import { TableButton } from "./page";

import "uplot/dist/uPlot.min.css";

interface Line {
	id: keyof Totals;
	name: string;
	/* A custom property of base.css. */
	colour: string;
	/* Lines differ by more than their colour. */
	dash: number[];
	shown: boolean;
}

const LINES: Line[] = [
	{
		id: "challenges",
		name: "Challenges",
		colour: "accent",
		dash: [],
		shown: true,
	},
	{
		id: "solved",
		name: "Solved",
		colour: "good",
		dash: [7, 4],
		shown: true,
	},
	{
		id: "allowed",
		name: "Allowed",
		colour: "ink",
		dash: [12, 4],
		shown: false,
	},
	{
		id: "incorrect",
		name: "Wrong",
		colour: "bad",
		dash: [2, 3],
		shown: true,
	},
	{
		id: "expired",
		name: "Expired",
		colour: "warn",
		dash: [8, 3, 2, 3],
		shown: false,
	},
	{
		id: "siteverified",
		name: "Site-verified",
		colour: "muted",
		dash: [4, 4],
		shown: false,
	},
];

const HEIGHT = 280;
const NO_SELECTION = { left: 0, top: 0, width: 0, height: 0 };
const DAY_S = 86400;
const ZOOM_LEAST_PX = 8;

/* Steps of the axis: of counts, so whole ones only. */
const STEPS = Array.from({ length: 15 }, (_, i) => 10 ** i).flatMap((of) => [
	of,
	2 * of,
	5 * of,
]);

type Zone = { timeZone?: "UTC" };

/* Days are counted as UTC has them, all else is in the reader's time. */
function zoneOf(interval: Series["interval"]): Zone {
	return interval === "day" ? { timeZone: "UTC" } : {};
}

function pointTime(point: Point, interval: Series["interval"]): string {
	const at = new Date(point.ts);
	const day = at.toLocaleDateString([], {
		weekday: "short",
		month: "short",
		day: "numeric",
		...zoneOf(interval),
	});
	if (interval === "day") return day;
	return `${day}, ${at.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" })}`;
}

function pointText(point: Point, series: Series, shown: Set<string>): string {
	const values = LINES.filter((line) => shown.has(line.id)).map(
		(line) => `${line.name} ${count(point[line.id])}`,
	);
	return `${pointTime(point, series.interval)}: ${values.join(", ")}`;
}

function columns({ points }: Series): uPlot.AlignedData {
	return [
		points.map((point) => point.ts / 1000),
		...LINES.map((line) => points.map((point) => point[line.id])),
	];
}

/* Days by their date, times of a day without; a day that begins, by both. */
function axisTimes(zone: Zone, ticks: number[]): string[] {
	const [first = 0, second = 0] = ticks;
	const byDay = second - first >= DAY_S;
	let last = "";
	return ticks.map((tick) => {
		const at = new Date(tick * 1000);
		const day = at.toLocaleDateString([], {
			...zone,
			month: "short",
			day: "numeric",
		});
		const time = at.toLocaleTimeString([], {
			...zone,
			hour: "2-digit",
			minute: "2-digit",
		});
		const isNew = day !== last;
		last = day;
		if (byDay) return day;
		return isNew ? `${time}\n${day}` : time;
	});
}

interface PlotEvents {
	onPoint: (index: number | null) => void;
	onZoom: (fromMs: number, toMs: number) => void;
}

/* Its colours are asked for at each drawing: the theme may have changed. */
function optionsOf(
	width: number,
	interval: Series["interval"],
	events: PlotEvents,
): uPlot.Options {
	const zone = zoneOf(interval);
	const axis = (): uPlot.Axis => ({
		stroke: () => colour("muted"),
		grid: { stroke: () => colour("line"), width: 1 },
		ticks: { show: false },
		font: "12px system-ui, sans-serif",
	});
	return {
		width,
		height: HEIGHT,
		legend: { show: false },
		padding: [8, 28, 0, 0],
		...(interval === "day"
			? {
					tzDate: (at: number) =>
						uPlot.tzDate(
							new Date(at * 1000),
							"Etc/UTC",
						),
				}
			: {}),
		cursor: {
			y: false,
			drag: { x: true, y: false, setScale: false },
			points: { size: 7 },
		},
		scales: {
			y: {
				range: (_, __, max) => [
					0,
					Math.max(4, max * 1.08),
				],
			},
		},
		axes: [
			{
				...axis(),
				space: 64,
				values: (_, ticks) => axisTimes(zone, ticks),
			},
			{
				...axis(),
				size: 48,
				incrs: STEPS,
				values: (_, ticks) => ticks.map(countShort),
			},
		],
		series: [
			{},
			...LINES.map((line): uPlot.Series => ({
				label: line.name,
				stroke: () => colour(line.colour),
				width: 2,
				dash: line.dash,
				show: line.shown,
				points: { show: false },
			})),
		],
		hooks: {
			setCursor: [
				(plot) =>
					events.onPoint(plot.cursor.idx ?? null),
			],
			setSelect: [
				(plot) => {
					const { left, width } = plot.select;
					if (width < ZOOM_LEAST_PX) return;
					plot.setSelect(NO_SELECTION, false);
					events.onZoom(
						1000 * plot.posToVal(left, "x"),
						1000 *
							plot.posToVal(
								left + width,
								"x",
							),
					);
				},
			],
		},
	};
}

function zoomTo(from: number, to: number): void {
	const minute = 60000;
	const start = Math.floor(from / minute) * minute;
	const end = Math.max(Math.ceil(to / minute) * minute, start + minute);
	setQuery({ range: null, from: String(start), to: String(end) });
}

interface PlotProps {
	of: Series;
	shown: Set<string>;
	at: number | null;
	onPoint: (index: number | null) => void;
}

function Plot({ of, shown, at, onPoint }: PlotProps) {
	const box = useRef<HTMLDivElement>(null);
	const plot = useRef<uPlot>(undefined);
	const width = useWidth(box);
	const painted = useStore(repaint);
	const data = useMemo(() => columns(of), [of]);

	useEffect(() => {
		if (box.current === null || width === 0) return;
		if (plot.current === undefined) {
			const options = optionsOf(width, of.interval, {
				onPoint,
				onZoom: zoomTo,
			});
			plot.current = new uPlot(options, data, box.current);
		} else {
			plot.current.setSize({ width, height: HEIGHT });
		}
	}, [width]);
	useEffect(() => plot.current?.setData(data), [data]);
	useEffect(() => plot.current?.redraw(), [painted]);
	useEffect(() => {
		LINES.forEach((line, i) =>
			plot.current?.setSeries(i + 1, {
				show: shown.has(line.id),
			}),
		);
	}, [shown, width > 0]);
	useEffect(() => () => plot.current?.destroy(), []);

	const onKeyDown = (event: KeyboardEvent) => {
		const next = stepTo(event.key, at, of.points.length);
		const point = next === null ? undefined : of.points[next];
		if (plot.current === undefined || point === undefined) return;
		event.preventDefault();
		const left = plot.current.valToPos(point.ts / 1000, "x");
		plot.current.setCursor({ left, top: 0 });
	};
	const point = at === null ? undefined : of.points[at];
	return (
		<div
			ref={box}
			class="plot"
			role="slider"
			tabIndex={0}
			aria-label="Points of the plot; the arrow keys go from one to the next"
			aria-valuemin={0}
			aria-valuemax={Math.max(0, of.points.length - 1)}
			aria-valuenow={at ?? 0}
			aria-valuetext={
				point === undefined
					? `${of.points.length} points`
					: pointText(point, of, shown)
			}
			onKeyDown={onKeyDown}
		/>
	);
}

function Sample({ line }: { line: Line }) {
	return (
		<svg class="sample" viewBox="0 0 24 8" aria-hidden="true">
			<line
				x1="1"
				x2="23"
				y1="4"
				y2="4"
				class={`stroke-${line.colour}`}
				stroke-dasharray={line.dash.join(" ")}
			/>
		</svg>
	);
}

interface LegendProps {
	of: Series;
	shown: Set<string>;
	at: number | null;
	toggle: (id: string) => void;
}

function Legend({ of, shown, at, toggle }: LegendProps) {
	const point = at === null ? undefined : of.points[at];
	const sum = (id: keyof Totals) =>
		of.points.reduce((total, { [id]: value }) => total + value, 0);
	return (
		<div class="legend">
			<p class="legend-time small muted">
				{point === undefined
					? "In the whole period"
					: pointTime(point, of.interval)}
			</p>
			<div class="legend-lines">
				{LINES.map((line) => (
					<button
						key={line.id}
						type="button"
						class="legend-line"
						aria-pressed={shown.has(
							line.id,
						)}
						onClick={() => toggle(line.id)}
					>
						<Sample line={line} />
						{line.name}{" "}
						<span class="legend-value">
							{count(
								point ===
									undefined
									? sum(
											line.id,
										)
									: point[
											line
												.id
										],
							)}
						</span>
					</button>
				))}
			</div>
		</div>
	);
}

function Table({ of }: { of: Series }) {
	return (
		<div
			class="scroll scroll-tall"
			role="region"
			aria-label="The points as a table"
			tabIndex={0}
		>
			<table>
				<thead>
					<tr>
						<th scope="col">
							{of.interval === "day"
								? "Day (UTC)"
								: "From"}
						</th>
						{LINES.map((line) => (
							<th
								key={line.id}
								scope="col"
								class="number"
							>
								{line.name}
							</th>
						))}
					</tr>
				</thead>
				<tbody>
					{[...of.points]
						.reverse()
						.map((point) => (
							<tr key={point.ts}>
								<th scope="row">
									{pointTime(
										point,
										of.interval,
									)}
								</th>
								{LINES.map(
									(
										line,
									) => (
										<td
											key={
												line.id
											}
											class="number"
										>
											{count(
												point[
													line
														.id
												],
											)}
										</td>
									),
								)}
							</tr>
						))}
				</tbody>
			</table>
		</div>
	);
}

export function SeriesCard({ of }: { of: Series }) {
	const [at, setAt] = useState<number | null>(null);
	const [table, setTable] = useState(false);
	const [shown, setShown] = useState(
		() =>
			new Set<string>(
				LINES.filter((l) => l.shown).map((l) => l.id),
			),
	);
	const toggle = (id: string) => {
		const next = new Set(shown);
		if (!next.delete(id)) next.add(id);
		setShown(next);
	};
	return (
		<section class="card wide" aria-labelledby="series">
			<div class="card-head">
				<h2 id="series">Over time</h2>
				<TableButton
					shown={table}
					onToggle={() => setTable(!table)}
				/>
			</div>
			<Legend of={of} shown={shown} at={at} toggle={toggle} />
			<Plot
				key={of.interval}
				of={of}
				shown={shown}
				at={at}
				onPoint={setAt}
			/>
			<p class="hint">
				Counted by the {of.interval}. Drag over a part
				to look at it alone.
			</p>
			{table && <Table of={of} />}
		</section>
	);
}
