/*
 * What every page is made of: a heading that takes the focus when the page is
 * entered, and the states that it may be in before it has something to show.
 */
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { messageOf, Problem } from "./api";

export interface PageProps {
	title: string;
	lead?: ComponentChildren;
	/* Buttons beside the heading. */
	actions?: ComponentChildren;
	children: ComponentChildren;
}

export function Page({ title, lead, actions, children }: PageProps) {
	const heading = useRef<HTMLHeadingElement>(null);
	useEffect(() => {
		document.title = `${title} · aiCAPTCHA`;
		/* The skip link and the top of the page come first on a fresh one. */
		heading.current?.focus({ preventScroll: true });
		scrollTo(0, 0);
	}, [title]);
	return (
		<>
			<div class="page-head">
				<div>
					<h1 ref={heading} tabIndex={-1}>
						{title}
					</h1>
					{lead !== undefined && (
						<div class="lead muted">
							{lead}
						</div>
					)}
				</div>
				{actions !== undefined && (
					<div class="page-actions">
						{actions}
					</div>
				)}
			</div>
			{children}
		</>
	);
}

/** Grey bars where something is about to stand. */
function Loading({ what }: { what: string }) {
	return (
		<div class="loading card">
			<p role="status">Loading {what} …</p>
			<div class="bone" />
			<div class="bone" />
			<div class="bone" />
		</div>
	);
}

export interface AwaitedProps {
	what: string;
	/* Why it could not be loaded, undefined as long as it may come. */
	error: unknown;
	retry: () => void;
}

/** Instead of something that is not there: not yet, or not to be had. */
export function Awaited({ what, error, retry }: AwaitedProps) {
	return error === undefined ? (
		<Loading what={what} />
	) : (
		<Trouble what={what} error={error} retry={retry} />
	);
}

function Trouble({ what, error, retry }: AwaitedProps) {
	const id = error instanceof Problem ? error.requestId : null;
	return (
		<div class="card trouble" role="alert">
			<h2>Could not load {what}</h2>
			<p>{messageOf(error)}</p>
			{id !== null && (
				<p class="small muted">
					For the operator's log: request{" "}
					<code>{id}</code>
				</p>
			)}
			<button type="button" class="button" onClick={retry}>
				Try again
			</button>
		</div>
	);
}

/** Shows the figures of a plot as a table, and hides them again. */
export function TableButton({
	shown,
	onToggle,
}: {
	shown: boolean;
	onToggle: () => void;
}) {
	return (
		<button
			type="button"
			class="button button-small"
			aria-expanded={shown}
			onClick={onToggle}
		>
			{shown ? "Hide the table" : "Show as a table"}
		</button>
	);
}
