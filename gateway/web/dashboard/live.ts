/*
 * Data that is asked for again and again. What was shown stays until the new
 * is there; nothing is asked while the page is hidden or paused; errors make
 * the pauses longer; and as soon as the gateway answers again, so does this.
 */
import { useEffect, useRef, useState } from "preact/hooks";
import { online } from "./api";

const SLOWEST_MS = 60000;

export interface Live<T> {
	data: T | undefined;
	/* What `data` was asked with; differs from what is asked for now while
	 * the new is on its way. */
	of: string | undefined;
	error: unknown;
	updatedAt: number | undefined;
	reload: () => void;
}

export interface LiveOptions {
	everyMs: number;
	paused?: boolean;
}

/**
 * Loads what `what` names, and again every so often. A new `what` is loaded at
 * once.
 */
export function useLive<T>(
	what: string,
	load: (signal: AbortSignal) => Promise<T>,
	{ everyMs, paused = false }: LiveOptions,
): Live<T> {
	const [state, setState] = useState<Omit<Live<T>, "reload">>({
		data: undefined,
		of: undefined,
		error: undefined,
		updatedAt: undefined,
	});
	const loader = useRef(load);
	loader.current = load;
	const now = useRef<() => void>(() => {});
	const loaded = useRef<string | undefined>(undefined);

	useEffect(() => {
		let timer: ReturnType<typeof setTimeout> | undefined;
		let running: AbortController | undefined;
		let failures = 0;

		const plan = () => {
			clearTimeout(timer);
			if (paused) return;
			const pause = Math.min(
				everyMs * 2 ** failures,
				SLOWEST_MS,
			);
			timer = setTimeout(run, pause);
		};
		const run = async () => {
			clearTimeout(timer);
			if (document.hidden) return;
			running?.abort();
			const mine = new AbortController();
			running = mine;
			try {
				const data = await loader.current(mine.signal);
				if (mine.signal.aborted) return;
				failures = 0;
				loaded.current = what;
				setState({
					data,
					of: what,
					error: undefined,
					updatedAt: Date.now(),
				});
			} catch (error) {
				if (mine.signal.aborted) return;
				failures++;
				setState((old) => ({ ...old, error }));
			}
			plan();
		};
		const wake = () => {
			if (document.hidden) return;
			if (!paused || loaded.current !== what) void run();
		};
		const back = () => {
			if (online.get() && failures > 0) void run();
		};

		now.current = () => void run();
		document.addEventListener("visibilitychange", wake);
		const stopWatching = online.subscribe(back);
		if (!paused || loaded.current !== what) void run();
		return () => {
			clearTimeout(timer);
			running?.abort();
			document.removeEventListener("visibilitychange", wake);
			stopWatching();
		};
	}, [what, everyMs, paused]);

	return { ...state, reload: () => now.current() };
}
