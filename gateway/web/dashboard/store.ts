/*
 * A value that components share: whoever reads it by useStore is drawn again
 * when it changes.
 */
import { useEffect, useState } from "preact/hooks";

export interface Store<T> {
	get(): T;
	set(value: T): void;
	subscribe(listener: () => void): () => void;
}

export function createStore<T>(initial: T): Store<T> {
	const listeners = new Set<() => void>();
	let current = initial;
	return {
		get: () => current,
		set(value) {
			if (Object.is(value, current)) return;
			current = value;
			for (const listener of [...listeners]) listener();
		},
		subscribe(listener) {
			listeners.add(listener);
			return () => listeners.delete(listener);
		},
	};
}

export function useStore<T>(store: Store<T>): T {
	const [value, setValue] = useState({ of: store.get() });
	useEffect(() => {
		const update = () => setValue({ of: store.get() });
		/* It may have changed since the component was drawn. */
		if (!Object.is(store.get(), value.of)) update();
		return store.subscribe(update);
	}, [store]);
	return value.of;
}

/* For as long as the page lives, where the browser stores nothing. */
const kept = new Map<string, string>();

/** What the browser remembers of this reader's choices; no secrets. */
export function remembered(name: string): string | null {
	try {
		return localStorage.getItem(`aicaptcha-${name}`);
	} catch {
		return kept.get(name) ?? null;
	}
}

/** Remembers a choice; null forgets it. */
export function remember(name: string, value: string | null): void {
	try {
		if (value === null)
			localStorage.removeItem(`aicaptcha-${name}`);
		else localStorage.setItem(`aicaptcha-${name}`, value);
	} catch {
		if (value === null) kept.delete(name);
		else kept.set(name, value);
	}
}
