/*
 * The few drawings: all of them beside text, so none has a name of its own.
 */
const stroke = {
	fill: "none",
	stroke: "currentColor",
	"stroke-width": 1.8,
	"stroke-linecap": "round",
	"stroke-linejoin": "round",
} as const;

export function Mark() {
	return (
		<svg viewBox="0 0 32 32" aria-hidden="true">
			<rect
				class="mark-ground"
				width="32"
				height="32"
				rx="8"
			/>
			<path
				class="mark-tick"
				d="M9 16.5l4.5 4.5L23 11"
				{...stroke}
				stroke-width={3.5}
			/>
		</svg>
	);
}

export function Tick() {
	return (
		<svg class="icon" viewBox="0 0 20 20" aria-hidden="true">
			<path
				d="M4.5 10.5l3.5 3.5 7.5-8"
				{...stroke}
				stroke-width={2.4}
			/>
		</svg>
	);
}

export function Cross() {
	return (
		<svg class="icon" viewBox="0 0 20 20" aria-hidden="true">
			<path
				d="M5.5 5.5l9 9M14.5 5.5l-9 9"
				{...stroke}
				stroke-width={2.4}
			/>
		</svg>
	);
}

/* A change: up, down, or none. */
export function Arrow({ sign }: { sign: number }) {
	const d =
		sign > 0
			? "M10 16V4M5 9l5-5 5 5"
			: sign < 0
				? "M10 4v12M5 11l5 5 5-5"
				: "M4 10h12";
	return (
		<svg class="icon" viewBox="0 0 20 20" aria-hidden="true">
			<path d={d} {...stroke} stroke-width={2.2} />
		</svg>
	);
}
