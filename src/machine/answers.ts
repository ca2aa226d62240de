import {readFileSync, statSync} from 'node:fs';
import {dirname, join} from 'node:path';
import type {Found, ProbeOutput, Reader} from '../model/machine.ts';
import {keepFile} from './keep-file.ts';

const form = 1;
const mostKept = 100;
/** The first bytes of a program that is no script: a script's answer is somebody else's, and changes without the script. */
const elf = '\x7fELF';

type Kept = {readonly key: string; readonly stdout: string};

/** How long a file has been as it is before an answer about it is kept, in milliseconds: within one tick of its clock it may change unseen. */
const settled = 1000;

/** The running kernel's configuration: packed, and read by every look at a machine. Unpacking it is a tenth of the whole look. */
const packedConfig = '/proc/config.gz';

/**
 * A reader that knows what was found out before, as long as path, inode, size and time are the same of all files it was taken from:
 * the answers of programs (only probes marked `lasting`, only those that ended with code 0), and what was derived from a file. What
 * it knows is in `file`, and the running kernel's unpacked configuration beside it; what is damaged there, or somebody else's,
 * counts as empty.
 */
export function withKnownAnswers(reader: Reader, file: string): Reader {
	let known: Kept[] | undefined;
	const recalled = (key: string): string | undefined => {
		known ??= readKnown(file, reader.user.uid);
		return known.find(one => one.key === key)?.stdout;
	};
	const keep = (key: string, stdout: string): void => {
		// others may have been asked meanwhile, here and by another process
		known = [{key, stdout}, ...readKnown(file, reader.user.uid)].slice(0, mostKept);
		write(file, `${JSON.stringify({schema: form, answers: known})}\n`, reader);
	};
	const unpacked = join(dirname(file), 'config');
	return {
		...reader,
		async probe(argv, options) {
			const key = options?.lasting ? await keyOf(reader, argv, options.of ?? []) : undefined;
			if (key === undefined) return reader.probe(argv, options);
			const before = recalled(key);
			if (before !== undefined) return {status: 'found', value: {stdout: before, stderr: '', code: 0}};
			const answer = await reader.probe(argv, options);
			if (isLasting(answer)) keep(key, answer.value.stdout);
			return answer;
		},
		async derived(path, question, derive, limit) {
			const [facts, stat] = await Promise.all([factsOf(reader, path, false), reader.stat(path)]);
			if (facts === undefined || stat.status !== 'found') return reader.derived(path, question, derive, limit);
			const key = [question, reader.root, path, facts].join('\0');
			const before = recalled(key);
			if (before !== undefined) return {status: 'found', value: before};
			const answer = await reader.derived(path, question, derive, limit);
			if (answer.status === 'found' && answer.value.length < mostText && Date.now() - stat.value.modified > settled)
				keep(key, answer.value);
			return answer;
		},
		async readText(path, limit) {
			if (path !== packedConfig || reader.root !== '/') return reader.readText(path, limit);
			const packed = await reader.readBytes(path, limit);
			if (packed.status !== 'found') return packed;
			const before = unpackedBefore(unpacked, packed.value, reader.user.uid);
			if (before !== undefined) return {status: 'found', value: before};
			const text = await reader.readText(path, limit);
			if (text.status === 'found') write(unpacked, withPacked(packed.value, text.value), reader);
			return text;
		}
	};
}

const mostText = 4096;

const isLasting = (answer: Found<ProbeOutput>): answer is {readonly status: 'found'; readonly value: ProbeOutput} =>
	answer.status === 'found' && answer.value.code === 0 && answer.value.stdout.length < mostText;

async function keyOf(
	reader: Reader,
	[program, ...words]: readonly [string, ...string[]],
	files: readonly string[]
): Promise<string | undefined> {
	const facts = await Promise.all([program, ...files].map((file, index) => factsOf(reader, file, index === 0)));
	const [own, ...others] = facts.filter(one => one !== undefined);
	if (own === undefined || others.length < files.length) return undefined;
	return [program, own, ...words, ...others].join('\0');
}

/** Which file this is, as it is now; undefined for a script, and where that cannot be seen. */
async function factsOf(reader: Reader, file: string, isProgram: boolean): Promise<string | undefined> {
	const [real, facts] = await Promise.all([reader.realPath(file), reader.stat(file)]);
	if (real.status !== 'found' || facts.status !== 'found') return undefined;
	const {inode, size, modified, mode} = facts.value;
	if (isProgram || (mode & 0o111) !== 0) {
		const head = await reader.readBytes(file, elf.length);
		if (head.status !== 'found' || String.fromCharCode(...head.value) !== elf) return undefined;
	}
	return [real.value, inode, size, modified].join('\0');
}

function readKnown(file: string, owner: number): Kept[] {
	try {
		if (statSync(file).uid !== owner) return [];
		const value: unknown = JSON.parse(readFileSync(file, 'utf8'));
		if (typeof value !== 'object' || value === null || !('schema' in value) || value.schema !== form) return [];
		if (!('answers' in value) || !Array.isArray(value.answers)) return [];
		return value.answers.filter(
			(one): one is Kept => typeof one === 'object' && typeof one?.key === 'string' && typeof one.stdout === 'string'
		);
	} catch {
		return [];
	}
}

/** The length of the packed bytes, these, and the text they hold: the text is known where the packed bytes are the very same. */
function withPacked(packed: Uint8Array, text: string): Uint8Array {
	const length = Buffer.alloc(4);
	length.writeUInt32LE(packed.length);
	return Buffer.concat([length, packed, Buffer.from(text)]);
}

function unpackedBefore(file: string, packed: Uint8Array, owner: number): string | undefined {
	try {
		if (statSync(file).uid !== owner) return undefined;
		const kept = readFileSync(file);
		const end = 4 + kept.readUInt32LE();
		return end - 4 === packed.length && kept.subarray(4, end).equals(packed) ? kept.toString('utf8', end) : undefined;
	} catch {
		return undefined;
	}
}

/** Not into somebody else's home, as under sudo with HOME kept. A file that cannot be kept is asked again next time. */
function write(file: string, content: string | Uint8Array, reader: Reader): void {
	try {
		if (statSync(reader.user.home).uid === reader.user.uid) keepFile(file, content);
	} catch {
		// no home folder
	}
}
