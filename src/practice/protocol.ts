/** One line of the guest's answers. */
export type GuestWord =
	| {readonly kind: 'beat'}
	/** The shell was left. */
	| {readonly kind: 'left'}
	| {readonly kind: 'ready'; readonly release: string}
	| {readonly kind: 'answer'; readonly id: string; readonly code: number; readonly output: Uint8Array};

/** A request: its head line, then the bytes. `-` runs them as a script, a path keeps them as a file. */
export function request(id: string, bytes: Uint8Array, file = '-'): Uint8Array {
	const head = new TextEncoder().encode(`${id} ${bytes.length} ${file}\n`);
	const whole = new Uint8Array(head.length + bytes.length);
	whole.set(head);
	whole.set(bytes, head.length);
	return whole;
}

/** Reads one line; undefined for what is none of the guest's own words: any module may write to the port. */
export function parseWord(line: string): GuestWord | undefined {
	if (line === 'beat' || line === 'left') return {kind: line};
	const ready = /^ready (\S+)$/.exec(line);
	if (ready) return {kind: 'ready', release: ready[1] ?? ''};
	const answer = /^answer (\S+) (\d{1,3}) ([A-Za-z0-9+/=]*)$/.exec(line);
	if (!answer) return undefined;
	return {kind: 'answer', id: answer[1] ?? '', code: Number(answer[2]), output: Buffer.from(answer[3] ?? '', 'base64')};
}

/** Whether a console line says that the kernel is lost (kernel/panic.c: the one sentence that every panic begins with). */
export const isPanic = (line: string): boolean => /Kernel panic - not syncing/.test(line);

/** A script's word, in quotes that sh takes as they are. */
export const quoted = (word: string): string => `'${word.replaceAll("'", "'\\''")}'`;

const marker = 'file';

/** A script that prints files of /proc and /sys, each as a line of its own: `file INDEX CODE BASE64`. */
export const readScript = (paths: readonly string[]): string =>
	paths
		.map((path, index) => {
			const file = quoted(path);
			return `if [ -f ${file} ]; then echo "${marker} ${index} 0 $(head -c 4194304 ${file} 2>/dev/null | base64 -w0)"; elif [ -d ${file} ]; then echo "${marker} ${index} 2 $(ls -a ${file} | base64 -w0)"; else echo "${marker} ${index} 1 "; fi`;
		})
		.join('\n');

export type GuestFile =
	| {readonly kind: 'file'; readonly bytes: Uint8Array}
	| {readonly kind: 'folder'; readonly names: readonly string[]}
	| {readonly kind: 'absent'};

/** What `readScript` printed, in the order it was asked for. */
export function parseFiles(output: string, count: number): readonly GuestFile[] {
	const found = new Map<number, GuestFile>();
	for (const [, index, code, data = ''] of output.matchAll(/^file (\d+) (\d) ([A-Za-z0-9+/=]*)$/gm)) {
		const bytes = Buffer.from(data, 'base64');
		found.set(
			Number(index),
			code === '0'
				? {kind: 'file', bytes}
				: code === '2'
					? {
							kind: 'folder',
							names: bytes
								.toString()
								.split('\n')
								.filter(name => name !== '' && name !== '.' && name !== '..')
						}
					: {kind: 'absent'}
		);
	}
	return Array.from({length: count}, (_, index) => found.get(index) ?? {kind: 'absent'});
}
