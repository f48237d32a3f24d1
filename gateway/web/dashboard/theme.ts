/*
 * Light or dark: as the system has it, unless the reader chose.
 */
import { createStore, remember, remembered } from "./store";

export type Theme = "system" | "light" | "dark";

function chosen(): Theme {
	const kept = remembered("theme");
	return kept === "light" || kept === "dark" ? kept : "system";
}

export const theme = createStore<Theme>(chosen());

const systemDark = matchMedia("(prefers-color-scheme: dark)");

/* Counts up when colours change: what is painted on a canvas has to follow. */
export const repaint = createStore(0);

function apply(): void {
	const root = document.documentElement;
	if (theme.get() === "system") delete root.dataset.theme;
	else root.dataset.theme = theme.get();
	repaint.set(repaint.get() + 1);
}

apply();
theme.subscribe(apply);
systemDark.addEventListener("change", apply);

export function setTheme(value: Theme): void {
	remember("theme", value === "system" ? null : value);
	theme.set(value);
}

export function isDark(): boolean {
	return theme.get() === "system"
		? systemDark.matches
		: theme.get() === "dark";
}

/** The colour that a custom property of base.css is at this moment. */
export function colour(name: string): string {
	const probe = document.createElement("span");
	probe.style.color = `var(--${name})`;
	document.body.append(probe);
	const value = getComputedStyle(probe).color;
	probe.remove();
	return value;
}
