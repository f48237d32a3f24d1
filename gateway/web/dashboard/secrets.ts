/*
 * Secrets of keys, from the answer that showed them until the page is left:
 * the snippets of the first steps hold them. Never stored anywhere.
 */
const secrets = new Map<string, string>();

export function keepSecret(keyId: string, secret: string): void {
	secrets.set(keyId, secret);
}

export function secretOf(keyId: string): string | undefined {
	return secrets.get(keyId);
}

export function forgetSecrets(): void {
	secrets.clear();
}
