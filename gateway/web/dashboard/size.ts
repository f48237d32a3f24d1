/*
 * How wide an element is, as it changes.
 */
import type { RefObject } from "preact";
import { useEffect, useState } from "preact/hooks";

/** The width of what ref holds, in whole pixels; 0 until it is known. */
export function useWidth(ref: RefObject<HTMLElement | null>): number {
	const [width, setWidth] = useState(0);
	useEffect(() => {
		if (ref.current === null) return;
		const observer = new ResizeObserver(([entry]) => {
			if (entry !== undefined)
				setWidth(Math.floor(entry.contentRect.width));
		});
		observer.observe(ref.current);
		return () => observer.disconnect();
	}, [ref]);
	return width;
}

/** Where the arrow keys lead among `length` things; null for other keys. */
export function stepTo(
	key: string,
	at: number | null,
	length: number,
): number | null {
	const last = length - 1;
	if (last < 0) return null;
	switch (key) {
		case "ArrowLeft":
			return at === null ? last : Math.max(0, at - 1);
		case "ArrowRight":
			return at === null ? 0 : Math.min(last, at + 1);
		case "Home":
			return 0;
		case "End":
			return last;
		default:
			return null;
	}
}
