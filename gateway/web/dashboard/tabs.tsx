/*
 * Tabs: the arrow keys go from one to the next, Tab into what it shows.
 */
import type { ComponentChildren } from "preact";
import { useId, useState } from "preact/hooks";
import { stepTo } from "./size";

export interface Tab {
	id: string;
	name: string;
	content: () => ComponentChildren;
}

export function Tabs({ label, tabs }: { label: string; tabs: Tab[] }) {
	const [at, setAt] = useState(0);
	const id = useId();
	const tab = tabs[at];
	if (tab === undefined) return null;
	const onKeyDown = (event: KeyboardEvent) => {
		const next = stepTo(event.key, at, tabs.length);
		if (next === null) return;
		event.preventDefault();
		setAt(next);
		document.getElementById(`${id}-${tabs[next]!.id}`)?.focus();
	};
	return (
		<div class="tabs">
			<div
				class="tab-list"
				role="tablist"
				aria-label={label}
				onKeyDown={onKeyDown}
			>
				{tabs.map((each, i) => (
					<button
						key={each.id}
						id={`${id}-${each.id}`}
						type="button"
						role="tab"
						aria-selected={i === at}
						aria-controls={`${id}-panel`}
						tabIndex={i === at ? 0 : -1}
						onClick={() => setAt(i)}
					>
						{each.name}
					</button>
				))}
			</div>
			<div
				id={`${id}-panel`}
				class="tab-panel"
				role="tabpanel"
				aria-labelledby={`${id}-${tab.id}`}
			>
				{tab.content()}
			</div>
		</div>
	);
}
