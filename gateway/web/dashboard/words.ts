/*
 * Names of the API in plain words. What each misreading and code means is said
 * in docs/challenges.md and proto/messages.def; these tables only word it.
 */
import type { Level } from "./wire";

export const LEVELS: Record<Level, { name: string; explanation: string }> = {
	easy: {
		name: "Easy",
		explanation:
			"One step over 3 to 5 digits. Stops simple scripts, not a patient person: good for trying things out.",
	},
	medium: {
		name: "Medium",
		explanation:
			"One operation and a further step, a rule or a correction. The one to use for anything that matters.",
	},
	hard: {
		name: "Hard",
		explanation:
			"Two to four steps over 10 to 14 digits. For what is worth an attack; a slow model may miss the time.",
	},
};

/* How wrong answers came about: a name, and what it hints at. */
const MISREADINGS: Record<string, [string, string]> = {
	other: ["No known misreading", "a guess, or a slip in the sum"],
	"plain-sum": ["Added all digits", "typical of a script"],
	extreme: ["Gave the largest or smallest digit", "typical of a script"],
	"plain-rule": [
		"Product, count, first or last digit",
		"typical of a script",
	],
	"ignored-exception": ["Ignored what was to be left out", ""],
	"ignored-correction": ["Took what had been corrected", ""],
	"wrong-branch": ["Took the other branch of a condition", ""],
	"skipped-step": ["Left out a step", ""],
	"wrong-operator": ["Added for subtracted, and the like", ""],
	opposite: ["Took the opposite", "even for odd, largest for smallest"],
	"ignored-selection": ["Took all digits, not the ones meant", ""],
	"wrong-name": ["Mixed up two names", ""],
	"wrong-rule": ["Followed the rule not to be followed", ""],
	"swapped-order": ["Swapped two parts", "typical of a weak model"],
};

export function misreading(id: string): { name: string; hint: string } {
	const [name, hint] = MISREADINGS[id] ?? [plain(id), ""];
	return { name, hint };
}

/** "SUM_BY_BOUND", "plain-sum" -> "Sum by bound", "Plain sum" */
export function plain(id: string): string {
	const text = id.replace(/[_-]/g, " ").toLowerCase();
	return text.charAt(0).toUpperCase() + text.slice(1);
}

/* Why a verdict is not "allowed", to the person who answered. */
export const CODES: Record<string, string> = {
	"incorrect-answer":
		"The answer is wrong. One answer uses a challenge up, right or wrong.",
	"timeout-or-duplicate":
		"The challenge has run out of time, or was answered already.",
	"invalid-input-response":
		"The gateway does not know this challenge: its token is not valid.",
	"score-below-threshold":
		"The answer is right, but it came too late: the score is below the key's minimum.",
	"implausibly-fast":
		"The answer is right, but it came faster than the key accepts.",
};

export function reason(code: string): string {
	return CODES[code] ?? plain(code);
}
