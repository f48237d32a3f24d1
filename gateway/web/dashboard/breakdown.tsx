/*
 * Counts by something: by level, by key, by operation, and wrong answers by how
 * they came about. Tables, with a bar in each row.
 */
import { useState } from "preact/hooks";
import { count, share } from "./format";
import { setQuery } from "./route";
import type { Overview, Totals } from "./wire";
import { LEVELS, misreading, plain } from "./words";

const FIRST_ROWS = 8;

interface Row {
	id: string;
	name: string;
	totals: Totals;
	onChoose?: () => void;
}

function Bar({
	part,
	all,
	tone,
}: {
	part: number;
	all: number;
	tone?: string;
}) {
	const width = all === 0 ? 0 : (100 * part) / all;
	return (
		<span class="meter" aria-hidden="true">
			<span
				class={
					tone === undefined
						? "meter-fill"
						: `meter-fill ${tone}`
				}
				style={{ width: `${width}%` }}
			/>
		</span>
	);
}

function PassRow({ row }: { row: Row }) {
	const { verifications, solved, allowed } = row.totals;
	return (
		<tr>
			<th scope="row">
				{row.onChoose === undefined ? (
					row.name
				) : (
					<button
						type="button"
						class="link"
						onClick={row.onChoose}
					>
						{row.name}
						<span class="unseen">
							, show this key alone
						</span>
					</button>
				)}
				<Bar part={allowed} all={verifications} />
			</th>
			<td class="number">{count(verifications)}</td>
			<td class="number">{share(solved, verifications)}</td>
			<td class="number">{share(allowed, verifications)}</td>
		</tr>
	);
}

interface PassProps {
	id: string;
	title: string;
	of: string;
	rows: Row[];
	none: string;
}

function PassCard({ id, title, of, rows, none }: PassProps) {
	const [all, setAll] = useState(false);
	const shown = all ? rows : rows.slice(0, FIRST_ROWS);
	return (
		<section class="card" aria-labelledby={id}>
			<h2 id={id}>{title}</h2>
			{rows.length === 0 ? (
				<p class="muted">{none}</p>
			) : (
				<table class="breakdown">
					<thead>
						<tr>
							<th scope="col">
								{of}
							</th>
							<th
								scope="col"
								class="number"
							>
								Answers
							</th>
							<th
								scope="col"
								class="number"
							>
								Right
							</th>
							<th
								scope="col"
								class="number"
							>
								Allowed
							</th>
						</tr>
					</thead>
					<tbody>
						{shown.map((row) => (
							<PassRow
								key={row.id}
								row={row}
							/>
						))}
					</tbody>
				</table>
			)}
			{rows.length > FIRST_ROWS && (
				<button
					type="button"
					class="button button-small"
					aria-expanded={all}
					onClick={() => setAll(!all)}
				>
					{all
						? "Show fewer"
						: `Show all ${rows.length}`}
				</button>
			)}
		</section>
	);
}

const byAnswers = (a: Row, b: Row) =>
	b.totals.verifications - a.totals.verifications;

export function LevelCard({ of }: { of: Overview }) {
	const order = Object.keys(LEVELS);
	const rows = of.byDifficulty
		.map((row) => ({
			id: row.difficulty,
			name: LEVELS[row.difficulty].name,
			totals: row,
		}))
		.sort((a, b) => order.indexOf(a.id) - order.indexOf(b.id));
	return (
		<PassCard
			id="by-level"
			title="By level"
			of="Level"
			rows={rows}
			none="No challenge in this period."
		/>
	);
}

export function KeyCard({ of }: { of: Overview }) {
	const rows = of.byKey
		.map((row) => ({
			id: row.apiKeyId,
			name: row.name ?? "A key without a name",
			totals: row,
			onChoose: () => setQuery({ key: row.apiKeyId }),
		}))
		.sort(byAnswers);
	return (
		<PassCard
			id="by-key"
			title="By key"
			of="Key"
			rows={rows}
			none="No key was used in this period."
		/>
	);
}

export function OperationCard({ of }: { of: Overview }) {
	const rows = of.byOperation
		.map((row) => ({
			id: row.operationId,
			name: plain(row.operationId),
			totals: row,
		}))
		.sort(byAnswers);
	return (
		<PassCard
			id="by-operation"
			title="By operation"
			of="Operation"
			rows={rows}
			none="No challenge in this period."
		/>
	);
}

export function MisreadingCard({ of }: { of: Overview }) {
	const rows = (of.byMisreading ?? [])
		.filter((row) => row.count > 0)
		.sort((a, b) => b.count - a.count);
	const all = rows.reduce((sum, row) => sum + row.count, 0);
	return (
		<section class="card" aria-labelledby="misread">
			<h2 id="misread">Wrong answers, by misreading</h2>
			{rows.length === 0 ? (
				<p class="muted">
					No wrong answer in this period.
				</p>
			) : (
				<table class="breakdown">
					<thead>
						<tr>
							<th scope="col">
								What was done
								instead
							</th>
							<th
								scope="col"
								class="number"
							>
								Answers
							</th>
							<th
								scope="col"
								class="number"
							>
								Share
							</th>
						</tr>
					</thead>
					<tbody>
						{rows.map((row) => {
							const { name, hint } =
								misreading(
									row.misreading,
								);
							return (
								<tr
									key={
										row.misreading
									}
								>
									<th scope="row">
										{
											name
										}
										{hint !==
											"" && (
											<span class="hint">
												{
													hint
												}
											</span>
										)}
										<Bar
											part={
												row.count
											}
											all={
												all
											}
											tone="meter-bad"
										/>
									</th>
									<td class="number">
										{count(
											row.count,
										)}
									</td>
									<td class="number">
										{share(
											row.count,
											all,
										)}
									</td>
								</tr>
							);
						})}
					</tbody>
				</table>
			)}
		</section>
	);
}
