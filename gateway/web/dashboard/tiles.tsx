/*
 * The totals of a period, each with its change against the period before.
 */
import type { ComponentChildren } from "preact";
import { count, milliseconds, score, share } from "./format";
import { Arrow } from "./icons";
import type { Overview, Totals } from "./wire";

interface Change {
	sign: number;
	text: string;
}

/* Of a count: in per cent of what it was. */
function changeOf(now: number, before: number): Change | null {
	if (now === before) return { sign: 0, text: "no change" };
	if (before === 0) return { sign: 0, text: "none before" };
	const percent = (100 * (now - before)) / before;
	const size = Math.abs(percent);
	const text = size < 0.1 ? "< 0.1" : size.toFixed(size < 10 ? 1 : 0);
	return { sign: Math.sign(percent), text: `${text} %` };
}

/* Of a share: in points. */
function shareChange(
	part: keyof Totals,
	{ totals, previous }: Overview,
): Change | null {
	if (totals.verifications === 0 || previous.verifications === 0)
		return null;
	const now = totals[part] / totals.verifications;
	const before = previous[part] / previous.verifications;
	const points = 100 * (now - before);
	if (Math.abs(points) < 0.05) return { sign: 0, text: "no change" };
	return {
		sign: Math.sign(points),
		text: `${Math.abs(points).toFixed(1)} points`,
	};
}

const WAYS = ["down", "", "up"];

function ChangeText({ of, words }: { of: Change | null; words: string }) {
	if (of === null) return <p class="change muted">nothing to compare</p>;
	return (
		<p class="change muted">
			{of.sign !== 0 && (
				<>
					<Arrow sign={of.sign} />
					<span class="unseen">
						{WAYS[of.sign + 1]}{" "}
					</span>
				</>
			)}
			{of.text}
			<span class="unseen"> against the {words} before</span>
		</p>
	);
}

interface TileProps {
	label: string;
	about: string;
	value: ComponentChildren;
	children: ComponentChildren;
}

function Tile({ label, about, value, children }: TileProps) {
	return (
		<div class="tile card">
			<h3>{label}</h3>
			<p class="tile-value">{value}</p>
			{children}
			<p class="hint">{about}</p>
		</div>
	);
}

export function Tiles({ of, words }: { of: Overview; words: string }) {
	const { totals, previous } = of;
	const answers = totals.verifications;
	const counted = (part: keyof Totals) => (
		<ChangeText
			of={changeOf(totals[part], previous[part])}
			words={words}
		/>
	);
	return (
		<div class="tiles">
			<Tile
				label="Challenges"
				about="handed out"
				value={count(totals.challenges)}
			>
				{counted("challenges")}
			</Tile>
			<Tile
				label="Solved"
				about={`${count(totals.solved)} of ${count(answers)} answers were right`}
				value={share(totals.solved, answers)}
			>
				<ChangeText
					of={shareChange("solved", of)}
					words={words}
				/>
			</Tile>
			<Tile
				label="Allowed"
				about={`${count(totals.allowed)} answers were right and fast enough`}
				value={share(totals.allowed, answers)}
			>
				<ChangeText
					of={shareChange("allowed", of)}
					words={words}
				/>
			</Tile>
			<Tile
				label="Wrong answers"
				about="each used its challenge up"
				value={count(totals.incorrect)}
			>
				{counted("incorrect")}
			</Tile>
			<Tile
				label="Expired"
				about="nobody answered in time"
				value={count(totals.expired)}
			>
				{counted("expired")}
			</Tile>
			<Tile
				label="Site-verified"
				about="tokens that your servers checked"
				value={count(totals.siteverified)}
			>
				{counted("siteverified")}
			</Tile>
			<Tile
				label="Median solve time"
				about="half of the right answers were faster"
				value={milliseconds(of.solveTimeMs.p50)}
			>
				<p class="change muted">
					average{" "}
					{milliseconds(of.solveTimeMs.avg)}
				</p>
			</Tile>
			<Tile
				label="Average score"
				about="100 is at once, 0 as slow as a person"
				value={score(of.score.avg)}
			>
				<p class="change muted">of 100</p>
			</Tile>
		</div>
	);
}
