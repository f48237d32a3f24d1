/*
 * Says that the gateway does not answer, and finds out when it does again.
 */
import { useEffect } from "preact/hooks";
import { call, online } from "./api";
import { useStore } from "./store";

const FIRST_MS = 1000;
const SLOWEST_MS = 10000;

/* Asks until somebody answers: `call` then says so to everybody. */
function watch(): () => void {
	let timer: ReturnType<typeof setTimeout>;
	let pause = FIRST_MS;
	const ask = async () => {
		/* A 503 is an answer too: what failed is asked for again. */
		await call("GET", "/healthz", { guest: true }).catch(() => {});
		pause = Math.min(pause * 2, SLOWEST_MS);
		plan();
	};
	const plan = () => {
		timer = setTimeout(() => void ask(), pause);
	};
	const now = () => {
		pause = FIRST_MS;
		clearTimeout(timer);
		void ask();
	};
	addEventListener("online", now);
	plan();
	return () => {
		clearTimeout(timer);
		removeEventListener("online", now);
	};
}

export function ConnectionBanner() {
	const answering = useStore(online);
	useEffect(() => (answering ? undefined : watch()), [answering]);
	return (
		<div role="status">
			{!answering && (
				<p class="banner">
					<strong>
						The gateway does not answer.
					</strong>{" "}
					What you see is the last that it said.
					It is asked again every few seconds.
				</p>
			)}
		</div>
	);
}
