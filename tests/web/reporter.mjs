/*
 * Reports tests of node:test as cmocka does, so that tests/run counts them.
 */
import { inspect } from "node:util";

function why(/** @type {any} */ error) {
	const cause = error?.cause ?? error;
	return cause instanceof Error
		? (cause.stack ?? String(cause))
		: inspect(cause);
}

export default async function* report(
	/** @type {AsyncIterable<any>} */ events,
) {
	for await (const { type, data } of events) {
		if (type === "test:pass" && data.details.type !== "suite") {
			const ms = Math.round(data.details.duration_ms);
			yield `[       OK ] ${data.name} (${ms} ms)\n`;
		} else if (type === "test:fail") {
			yield (
				`[  FAILED  ] ${data.name}\n` +
				`${why(data.details.error)}\n`
			);
		} else if (type === "test:diagnostic" && data.nesting > 0) {
			yield `${data.message}\n`;
		}
	}
}
