/** A line of the kernel log. `text` and `module` come from the kernel and its modules: untrusted, to be made safe before a terminal sees them. */
export type KernelRecord = {
	/** 0 (emergency) to 7 (debug). Where the form of the line has none, 6 (information). */
	readonly level: number;
	/** 0 is the kernel; anything else was written to /dev/kmsg by a program. */
	readonly facility: number;
	/** Only in /dev/kmsg records. */
	readonly sequence?: number;
	/** Since boot. */
	readonly microseconds: number;
	readonly text: string;
	/** The identifier before the first `: `, which is how a module's lines begin. A guess: any line can begin so. */
	readonly module?: string;
};

const information = 6;

const levelNames = ['emerg', 'alert', 'crit', 'err', 'warn', 'notice', 'info', 'debug'];
const facilityNames =
	'kern user mail daemon auth syslog lpr news uucp cron authpriv ftp res0 res1 res2 res3 local0 local1 local2 local3 local4 local5 local6 local7'.split(
		' '
	);

const record = (fields: Omit<KernelRecord, 'module'>): KernelRecord => {
	const module = /^([A-Za-z_]\w{0,63}):(?: |$)/.exec(fields.text)?.[1];
	return module === undefined ? fields : {...fields, module};
};

/** `\xNN` is one byte of UTF-8; the kernel writes every byte outside printable ASCII, and the backslash, like this. */
const unescapeBytes = (text: string): string => {
	if (!text.includes('\\x')) return text;
	const bytes: number[] = [];
	const encoder = new TextEncoder();
	for (const [part, digits] of text.matchAll(/\\x([0-9a-fA-F]{2})|\\|[^\\]+/g)) {
		if (digits === undefined) for (const byte of encoder.encode(part)) bytes.push(byte);
		else bytes.push(Number.parseInt(digits, 16));
	}
	return new TextDecoder().decode(Uint8Array.from(bytes));
};

/**
 * One record as a read from /dev/kmsg gives it: `6,1234,451297415,-;text`, then lines ` KEY=value`, which are left out
 * (Documentation/ABI/testing/dev-kmsg). Undefined for any other text.
 */
export function parseKmsgRecord(raw: string): KernelRecord | undefined {
	const match = /^(\d{1,10}),(\d{1,15}),(\d{1,15})(?:,[^;\n]*)?;([^\n]*)/.exec(raw);
	if (!match) return undefined;
	const priority = Number(match[1]);
	return record({
		level: priority % 8,
		facility: Math.floor(priority / 8),
		sequence: Number(match[2]),
		microseconds: Number(match[3]),
		text: unescapeBytes(match[4] ?? '')
	});
}

/**
 * One line of `dmesg` (plain, `--raw` or `-x`), of a kernel console, or of `journalctl -k -o short-monotonic`, which puts
 * `host kernel: ` before the text. Undefined where no time since boot stands at its beginning.
 */
export function parseDmesgLine(line: string): KernelRecord | undefined {
	const match =
		/^(?:<(\d{1,10})>|([a-z0-9]+) *:([a-z]+) *: ?)?\[ *(\d{1,10})\.(\d{6})\](?: ?\[ *[TC]\d+\])? ?([\s\S]*?)\r?$/.exec(
			line.replace(/\n$/, '')
		);
	if (!match) return undefined;
	const priority = Number(match[1] ?? information);
	const level = match[3] === undefined ? priority % 8 : levelNames.indexOf(match[3]);
	const facility = match[2] === undefined ? Math.floor(priority / 8) : facilityNames.indexOf(match[2]);
	return record({
		level: level < 0 ? information : level,
		facility: Math.max(facility, 0),
		microseconds: Number(match[4]) * 1_000_000 + Number(match[5]),
		text: (match[6] ?? '').replace(/^[A-Za-z0-9][A-Za-z0-9._-]* kernel: /, '')
	});
}
