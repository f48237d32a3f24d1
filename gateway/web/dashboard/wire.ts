/*
 * What the API answers, as far as the dashboard reads it. The names and bounds
 * are those of proto/messages.def.
 */

export type Level = "easy" | "medium" | "hard";

export interface User {
	id: string;
	email: string;
	name: string | null;
	createdAt: number;
}

/* What an owner may set of a key. */
export interface KeySettings {
	name: string;
	difficulty: Level;
	minScore: number;
	minSolveMs: number;
	ttlSeconds: number;
	allowedOrigins: string[];
	rateLimit: number;
	enabled: boolean;
}

export interface ApiKey extends KeySettings {
	id: string;
	prefix: string;
	last4: string;
	publishableKey: string;
	createdAt: number;
	lastUsedAt: number | null;
	revokedAt: number | null;
	previousKeyExpiresAt?: number;
	/* The secret itself: only in the answer to its creation or rotation. */
	key?: string;
}

export interface Totals {
	challenges: number;
	verifications: number;
	solved: number;
	allowed: number;
	incorrect: number;
	expired: number;
	siteverified: number;
}

export interface SolveTime {
	avg: number | null;
	p50: number | null;
	p90: number | null;
	p99: number | null;
}

export interface TimeCount {
	fromMs: number;
	toMs: number;
	count: number;
}

export interface Overview {
	from: number;
	to: number;
	totals: Totals;
	previous: Totals;
	solveTimeMs: SolveTime;
	score: { avg: number | null };
	byKey: (Totals & { apiKeyId: string; name: string | null })[];
	byDifficulty: (Totals & { difficulty: Level })[];
	byOperation: (Totals & { operationId: string })[];
	byMisreading?: { misreading: string; count: number }[];
	solveTimes?: TimeCount[];
}

export interface Point extends Totals {
	ts: number;
	solveTimeMsAvg: number | null;
}

export interface Series {
	from: number;
	to: number;
	interval: "minute" | "hour" | "day";
	points: Point[];
}

export interface Challenge {
	token: string;
	challenge: { text: string; digits: number[]; instruction: string };
	expiresIn: number;
}

export interface Verdict {
	success: boolean;
	allowed: boolean;
	score: number;
	solveTimeMs: number | null;
	verificationToken: string | null;
	"error-codes"?: string[];
}

/* Bounds that the forms tell before the server has to. */
export const PASSWORD_MIN = 12;
export const PASSWORD_MAX = 1024;
export const NAME_MAX = 100;
export const TTL_MIN = 10;
export const TTL_MAX = 3600;
export const SOLVE_MAX = 60000;
export const RATE_MAX = 1000000;
export const ORIGINS_MAX = 16;

/* What a key of a level asks for unless it is told otherwise. */
export const MIN_SCORE: Record<Level, number> = {
	easy: 0,
	medium: 40,
	hard: 60,
};
