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

export function Sun() {
	return (
		<svg class="icon" viewBox="0 0 20 20" aria-hidden="true">
			<circle cx="10" cy="10" r="3.4" {...stroke} />
			<path
				d="M10 1.8v2M10 16.2v2M1.8 10h2M16.2 10h2M4.2 4.2l1.4 1.4M14.4 14.4l1.4 1.4M4.2 15.8l1.4-1.4M14.4 5.6l1.4-1.4"
				{...stroke}
			/>
		</svg>
	);
}

export function Moon() {
	return (
		<svg class="icon" viewBox="0 0 20 20" aria-hidden="true">
			<path
				d="M16.5 11.8A7 7 0 0 1 8.2 3.5a7 7 0 1 0 8.3 8.3z"
				{...stroke}
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
