/*
 * The first page: the overview, or the first steps for an account that has not
 * come to the end of them.
 */
import { useEffect } from "preact/hooks";
import { useKeys } from "./keys";
import { useLive } from "./live";
import { loadOverview, OverviewPage } from "./overview";
import { Awaited, Page } from "./page";
import { replace } from "./route";
import { user } from "./session";
import { remember, remembered } from "./store";
import type { Totals } from "./wire";

const HOUR_MS = 3600000;
/* As long as a period may be. */
const EVER_MS = 399 * 24 * HOUR_MS;

/* Per account: its first steps are done, or were left. */
const mark = () => `started-${user.get()?.id}`;

export function leaveFirstSteps(): void {
	remember(mark(), "yes");
}

/** What a key has done ever, or all keys. */
export async function loadEver(
	key: string | null,
	signal: AbortSignal,
): Promise<Totals> {
	const period = { from: Date.now() - EVER_MS };
	return (await loadOverview(period, key, signal)).totals;
}

export function Home() {
	const keys = useKeys();
	const left = remembered(mark()) !== null;
	const ever = useLive("ever", (signal) => loadEver(null, signal), {
		everyMs: HOUR_MS,
	});
	const started =
		left ||
		(ever.data === undefined
			? undefined
			: ever.data.siteverified > 0);
	const first = keys.data?.length === 0 || started === false;
	useEffect(() => {
		if (first) replace("/start");
		else if (started) leaveFirstSteps();
	}, [first, started]);

	if (keys.data !== undefined && started === true && !first)
		return <OverviewPage keys={keys.data} />;
	const error = keys.error ?? ever.error;
	return (
		<Page title="Overview">
			<Awaited
				what="your overview"
				error={error}
				retry={() => {
					keys.reload();
					ever.reload();
				}}
			/>
		</Page>
	);
}
