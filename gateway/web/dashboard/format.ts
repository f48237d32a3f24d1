/*
 * Numbers and times as people read them, by the reader's own locale where it
 * has one for numbers and dates.
 */

const whole = new Intl.NumberFormat();
const short = new Intl.NumberFormat(undefined, {
	notation: "compact",
	maximumFractionDigits: 1,
});

export function count(value: number): string {
	return whole.format(value);
}

/* For axes: 12K, 3.4M. */
export function countShort(value: number): string {
	return short.format(value);
}

/* What stands where there is nothing to share. */
export const NOTHING = "–";

/** part of all in per cent; a dash of nothing. */
export function share(part: number, all: number): string {
	if (all === 0) return NOTHING;
	const value = (100 * part) / all;
	/* Not "100 %" of what is not all, nor "0 %" of what is something. */
	if (part < all && value > 99.9) return "> 99.9 %";
	if (part > 0 && value < 0.1) return "< 0.1 %";
	const digits = value > 0 && value < 100 ? 1 : 0;
	return `${value.toFixed(digits)} %`;
}

export function milliseconds(value: number | null): string {
	if (value === null) return NOTHING;
	if (value < 1000) return `${Math.round(value)} ms`;
	if (value < 100000)
		return `${(value / 1000).toFixed(value < 10000 ? 2 : 1)} s`;
	return `${Math.round(value / 60000)} min`;
}

/* For axes of time that something took: 20 ms, 1 s, 5 min. */
export function millisecondsShort(value: number): string {
	if (value < 1000) return `${Math.round(value)} ms`;
	if (value < 60000) return `${+(value / 1000).toFixed(1)} s`;
	return `${+(value / 60000).toFixed(1)} min`;
}

export function score(value: number | null): string {
	return value === null ? NOTHING : value.toFixed(1);
}

/** A duration in words: "5 minutes 20 seconds". */
export function duration(seconds: number): string {
	const parts: string[] = [];
	let rest = seconds;
	for (const [name, size] of [
		["day", 86400],
		["hour", 3600],
		["minute", 60],
		["second", 1],
	] as const) {
		const times = Math.floor(rest / size);
		rest -= times * size;
		if (times > 0)
			parts.push(`${times} ${name}${times === 1 ? "" : "s"}`);
	}
	return parts.length === 0 ? "0 seconds" : parts.slice(0, 2).join(" ");
}

export function dateTime(at: number): string {
	return new Date(at).toLocaleString([], {
		year: "numeric",
		month: "short",
		day: "numeric",
		hour: "2-digit",
		minute: "2-digit",
	});
}

export function date(at: number): string {
	return new Date(at).toLocaleDateString([], {
		year: "numeric",
		month: "short",
		day: "numeric",
	});
}

export function clock(at: number): string {
	return new Date(at).toLocaleTimeString([], {
		hour: "2-digit",
		minute: "2-digit",
		second: "2-digit",
	});
}

/** How long ago, in plain words. */
export function ago(at: number, now: number): string {
	const seconds = Math.max(0, Math.round((now - at) / 1000));
	if (seconds < 60) return "just now";
	if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
	if (seconds < 86400) return `${Math.floor(seconds / 3600)} h ago`;
	const days = Math.floor(seconds / 86400);
	if (days < 31) return `${days} ${days === 1 ? "day" : "days"} ago`;
	return date(at);
}
