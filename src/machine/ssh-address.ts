/** A machine that is reached over ssh, as the user wrote it and in its parts. */
export type SshAddress = {
	/** `ssh://me@box:2222`, as it was written. */
	readonly text: string;
	readonly user?: string;
	/** A name (of DNS, or of the user's ssh configuration), or an address; IPv6 without its brackets. */
	readonly host: string;
	readonly port?: number;
};

/** Letters, digits and what names are made of: nothing that ssh could take for a flag, or a ProxyCommand's shell for its own. */
const host = /^[A-Za-z0-9_](?:[A-Za-z0-9._-]{0,252}[A-Za-z0-9_])?\.?$/;
const ipv6 = /^[0-9A-Fa-f]*:[0-9A-Fa-f:.]+(?:%[A-Za-z0-9._-]+)?$/;
const user = /^[A-Za-z0-9_][A-Za-z0-9._+-]{0,63}$/;

/** Reads `ssh://[user@]host[:port]`. Gives the sentence that says what is wrong where it is none. */
export function parseSshAddress(text: string): SshAddress | string {
	const [, named, bracketed, plain, digits] =
		/^ssh:\/\/(?:([^@/]*)@)?(?:\[([^\]]*)\]|([^:/[\]@]*))(?::([^/]*))?\/?$/.exec(text) ?? [];
	const name = bracketed ?? plain;
	if (name === undefined) return 'is not of the form ssh://[user@]host[:port]';
	if (!(bracketed === undefined ? host : ipv6).test(name))
		return 'names no host: letters, digits, dots, - and _ make a name, and it begins with none of . and -';
	if (named !== undefined && !user.test(named)) return 'names no user that ssh could be told';
	if (digits !== undefined && !(/^\d{1,5}$/.test(digits) && Number(digits) >= 1 && Number(digits) <= 65_535))
		return 'names no port: 1 to 65535';
	return {
		text,
		host: name,
		...(named === undefined ? {} : {user: named}),
		...(digits === undefined ? {} : {port: Number(digits)})
	};
}
