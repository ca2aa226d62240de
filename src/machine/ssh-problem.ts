import {safeLine} from '../text/safe-text.ts';
import type {SshAddress} from './ssh-address.ts';

/** Why a machine could not be asked over ssh: a code that stays the same, what happened, and what to do about it. "It" is that machine. */
export type SshProblem = {readonly code: SshProblemCode; readonly message: string; readonly remedy: string};

export type SshProblemCode =
	| 'no-ssh'
	| 'name-unknown'
	| 'unreachable'
	| 'timeout'
	| 'host-key-unknown'
	| 'host-key-changed'
	| 'key-refused'
	| 'no-shell'
	| 'silent'
	| 'lost'
	| 'ssh-failed';

/** How a connection ended. */
export type SshEnd =
	| {readonly kind: 'no-ssh'}
	| {readonly kind: 'too-much'}
	/** Nothing came for `after` milliseconds, after the question about `what`, or before the shell's first word. */
	| {readonly kind: 'silent'; readonly after: number; readonly what: string | undefined}
	/** ssh ended; `greeted`: the shell had answered before. */
	| {readonly kind: 'ended'; readonly code: number; readonly errors: string; readonly greeted: boolean};

/**
 * What ssh says before it ends with 255, and what it means (OpenSSH 9.2, sshconnect.c, sshconnect2.c, misc.c). The first that
 * matches: the warning of a changed key ends with "Host key verification failed" too.
 */
const meanings: readonly {
	readonly pattern: RegExp;
	readonly code: SshProblemCode;
	readonly what: string;
	remedy(address: SshAddress): string;
}[] = [
	{
		pattern: /REMOTE HOST IDENTIFICATION HAS CHANGED/,
		code: 'host-key-changed',
		what: 'shows another host key than the one known of it',
		remedy: address =>
			`If it was installed anew, forget the old key, then log in once and compare the new one: ssh-keygen -R ${knownName(address)}`
	},
	{
		pattern: /Host key verification failed|No \S+ host key is known for/,
		code: 'host-key-unknown',
		what: 'has a host key that is not known here',
		remedy: address => `Log in once and compare its fingerprint: ${login(address)}`
	},
	{
		pattern: /Permission denied|Too many authentication failures|no more authentication methods/i,
		code: 'key-refused',
		what: 'accepts none of your keys',
		remedy: address => `Give it one, or load it into your agent: ssh-copy-id ${loginWords(address)}`
	},
	{
		pattern: /Could not resolve hostname/,
		code: 'name-unknown',
		what: 'is a name that nobody knows',
		remedy: () => 'Look at its spelling, and at Host in ~/.ssh/config.'
	},
	{
		pattern: /timed out/i,
		code: 'timeout',
		what: 'did not answer in time',
		remedy: address => `See whether it is up and lets ssh through: ${login(address)}`
	},
	{
		pattern:
			/Connection refused|No route to host|Network is unreachable|Connection (?:closed|reset)|kex_exchange_ident/,
		code: 'unreachable',
		what: 'cannot be reached',
		remedy: address => `See whether it is up and its sshd runs: ${login(address)}`
	}
];

/** The sentence for the end of a connection. What ssh itself said comes along, made safe, where it says more. */
export function problemOf(address: SshAddress, end: SshEnd): SshProblem {
	switch (end.kind) {
		case 'no-ssh':
			return {
				code: 'no-ssh',
				message: 'There is no program ssh here.',
				remedy: 'Install OpenSSH: its package is openssh or openssh-client.'
			};
		case 'too-much':
			return {
				code: 'lost',
				message: 'It sent more than it was asked for.',
				remedy: `See what its shell prints: ${login(address)}`
			};
		case 'silent': {
			const seconds = Math.round(end.after / 1000);
			return end.what === undefined
				? {
						code: 'timeout',
						message: `It did not answer within ${seconds} s.`,
						remedy: `See whether a login there gets to a prompt: ${login(address)}`
					}
				: {
						code: 'silent',
						message: `It stopped answering: it was silent for ${seconds} s when it was asked for ${safeLine(end.what, 200)}.`,
						remedy: `Look at that there: ${login(address)}`
					};
		}
		case 'ended':
			return problemOfEnd(address, end);
	}
}

function problemOfEnd(address: SshAddress, {code, errors, greeted}: Extract<SshEnd, {kind: 'ended'}>): SshProblem {
	const said = lastLine(errors);
	if (greeted)
		return {
			code: 'lost',
			message: `The connection was lost${said === '' ? '' : `: ${said}`}.`,
			remedy: 'Check again.'
		};
	const known = code === 255 ? meanings.find(one => one.pattern.test(errors)) : undefined;
	if (known !== undefined) {
		const detail = known.code === 'host-key-changed' || said === '' ? '' : ` (ssh: ${said})`;
		return {code: known.code, message: `It ${known.what}${detail}.`, remedy: known.remedy(address)};
	}
	if (code === 255)
		return {
			code: 'ssh-failed',
			message: `ssh could not connect${said === '' ? '' : `: ${said}`}.`,
			remedy: `Try it by hand: ${login(address)}`
		};
	return {
		code: 'no-shell',
		message: `It gave no POSIX shell: that ended with code ${code}${said === '' ? '' : ` (${said})`}.`,
		remedy: `A shell named sh is all that is needed there: ${login(address)} sh -c id`
	};
}

/** The last line with words, without ssh's own name; it ends a sentence with a full stop or without. */
const lastLine = (text: string): string =>
	safeLine(
		text
			.split(/\r?\n/)
			.map(line => line.trim())
			.findLast(line => line !== '' && !/^@+$/.test(line)) ?? '',
		300
	)
		.replace(/^ssh: /, '')
		.replace(/\.$/, '');

const loginWords = ({host, user, port}: SshAddress): string =>
	`${port === undefined ? '' : `-p ${port} `}${user === undefined ? '' : `${user}@`}${host}`;

const login = (address: SshAddress): string => `ssh ${loginWords(address)}`;

/** As known_hosts has it (sshd(8), SSH_KNOWN_HOSTS FILE FORMAT). */
const knownName = ({host, port}: SshAddress): string =>
	port === undefined || port === 22 ? host : `'[${host}]:${port}'`;
