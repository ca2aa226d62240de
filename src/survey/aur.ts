import type {Reader} from '../model/machine.ts';
import {type AurAnswer, parseAurAnswer} from '../packages/aur.ts';

/** Where the AUR is, unless `--aur` names another place of its shape. */
export const aurAddress = 'https://aur.archlinux.org';

/** How long the AUR is waited for, in seconds. */
const patience = 4;

/** Exit codes of curl (its manual, EXIT CODES) that mean a machine without a network, and what the others mean. */
const offline: Readonly<Record<number, string>> = {
	5: 'the name of the proxy cannot be resolved',
	6: 'its name cannot be resolved'
};
const unreachable: Readonly<Record<number, string>> = {
	7: 'the connection was refused',
	22: 'it answered with an error',
	28: `no answer within ${patience} s`,
	35: 'the encrypted connection failed',
	60: 'its certificate was not accepted'
};

/** The question to the AUR about one package. */
export const aurQuestion = (address: string, name: string): string =>
	`${address}/rpc/v5/info?arg%5B%5D=${encodeURIComponent(name)}`;

/**
 * Asks the AUR about a package, with a time limit. Through curl, which pacman brings along and which knows the user's proxies.
 * Never throws.
 */
export async function askAur(reader: Reader, question: string, name: string): Promise<AurAnswer> {
	const asked = await reader.probe(
		['curl', '--silent', '--fail', '--proto', '=http,https', '--max-time', String(patience), '--', question],
		{timeout: (patience + 1) * 1000}
	);
	if (asked.status === 'absent') return {kind: 'unreachable', why: 'curl is not installed'};
	if (asked.status === 'unknown') return {kind: 'unreachable', why: asked.why};
	const {code, stdout} = asked.value;
	if (code === 0) return parseAurAnswer(stdout, name);
	const why = offline[code];
	return why === undefined
		? {kind: 'unreachable', why: unreachable[code] ?? `curl ended with ${code}`}
		: {kind: 'offline', why};
}
