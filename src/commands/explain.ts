import {access, readFile} from 'node:fs/promises';
import {dirname, resolve} from 'node:path';
import {promisify} from 'node:util';
import {gunzip} from 'node:zlib';
import {explainLog} from '../failures/explain.ts';
import {failurePage} from '../failures/page.ts';
import {type Config, parseConfig} from '../kernel/config.ts';
import type {Kconfig} from '../kernel/kconfig.ts';
import {type RustSupport, rustSupport} from '../kernel/rust-support.ts';
import {messageOf} from '../machine/message.ts';
import {createLocalReader} from '../machine/reader.ts';
import type {FailurePage} from '../model/failure.ts';
import {failureLines, pageLines} from '../plain/trouble.ts';
import {findKconfig, kconfigOf} from '../survey/kconfig.ts';
import {safeLine} from '../text/safe-text.ts';
import type {Options} from './options.ts';
import {exitCodes, say, sayJson} from './output.ts';
import {UsageError} from './usage-error.ts';

const mostBytes = 256 * 1024 * 1024;

/** `explain [file]`: what a log or a kernel configuration, from a file or stdin, says; `explain ID`: what is known of a failure. */
export async function explain(options: Options): Promise<number> {
	const [word] = options.words;
	const page = word === undefined || (await isThere(word)) ? undefined : failurePage(word);
	if (page !== undefined) return explainPage(options, page);
	const text = await readInput(word);
	const config = parseConfig(text);
	if (!config.ok) return explainText(options, text);
	const support = rustSupport(config.config);
	if (support.rust !== 'off') return explainConfig(options, support);
	return explainConfig(options, rustSupport(config.config, undefined, await kconfigFor(options, config.config)));
}

/** The Kconfig files of the folder that was named, else of the one the configuration lies in, else of a source of its version. */
async function kconfigFor(options: Options, config: Config): Promise<Kconfig | undefined> {
	const reader = createLocalReader();
	const [file] = options.words;
	if (options.kdir === undefined)
		return findKconfig(reader, file === undefined || file === '-' ? undefined : dirname(resolve(file)), config);
	const folder = resolve(options.kdir);
	const kconfig = await kconfigOf(reader, folder, config);
	if (kconfig === undefined)
		throw new UsageError(
			'no-kconfig',
			`${folder} has no init/Kconfig that can be read.`,
			'Name a kernel’s source, or headers that carry its Kconfig files; Debian’s do not. Without --kdir the conditions come from a table by version.'
		);
	return kconfig;
}

const isThere = (file: string): Promise<boolean> =>
	access(file).then(
		() => true,
		() => false
	);

async function explainPage(options: Options, page: FailurePage): Promise<number> {
	if (options.json) await sayJson({schema: 1, kind: 'failure', ...page});
	else if (!options.quiet) await say(`${page.severity}: ${page.id}\n${pageLines(page).join('\n')}\n`);
	return exitCodes.done;
}

/** 0: clean or explained; 1: it holds an error that is not known. */
async function explainText(options: Options, text: string): Promise<number> {
	const {failures, firstError} = explainLog(text);
	const code = firstError === undefined ? exitCodes.done : exitCodes.open;
	if (options.json) {
		const unknown =
			firstError === undefined ? {} : {unexplained: {line: firstError.line, text: safeLine(firstError.text)}};
		await sayJson({schema: 1, kind: 'log', failures, ...unknown});
		return code;
	}
	if (options.quiet) return code;
	for (const [index, failure] of failures.entries()) {
		if (index > 0) await say('\n');
		await say(`${failure.severity}: ${failure.id}\n${failureLines(failure).join('\n')}\n`);
	}
	if (firstError !== undefined)
		await say(
			`${failures.length > 0 ? '\n' : ''}An error that this program does not know:\n   line ${firstError.line}: ${safeLine(firstError.text, 500)}\n`
		);
	else if (failures.length === 0) await say('Nothing in it looks like an error.\n');
	return code;
}

async function explainConfig(options: Options, support: RustSupport): Promise<number> {
	const {rust, kernel, rules, conflicts, notes} = support;
	if (options.json) {
		await sayJson({schema: 1, kind: 'config', kernel: kernel ?? null, rust, rules: rules ?? null, conflicts, notes});
		return exitCodes.done;
	}
	if (options.quiet) return exitCodes.done;
	await say(`kernel ${kernel ?? 'of unknown version'}: Rust is ${rust}\n`);
	for (const one of conflicts) {
		await say(`   ${safeLine(`${one.option}=${one.value}, needs ${one.needs}: ${one.why}`, 1000)}\n`);
		if (one.change !== undefined) await say(`      To have Rust: ${safeLine(one.change, 1000)}.\n`);
	}
	for (const note of notes) await say(`   ${note}\n`);
	if (rules !== undefined) await say(`   The conditions are those of ${safeLine(rules, 1000)}.\n`);
	return exitCodes.done;
}

async function readInput(file: string | undefined): Promise<string> {
	if (file === undefined && process.stdin.isTTY) {
		throw new UsageError(
			'no-input',
			'explain needs a file or a log on its standard input.',
			'For instance: make 2>&1 | linux-rust-setup explain, or linux-rust-setup explain build.log'
		);
	}
	let bytes: Buffer;
	try {
		bytes = file === undefined || file === '-' ? await readStdin() : await readFile(file);
	} catch (error) {
		const isAbsent = (error as NodeJS.ErrnoException).code === 'ENOENT';
		throw new UsageError(
			'unreadable-input',
			`${file ?? 'Standard input'} could not be read: ${isAbsent ? 'there is no such file' : messageOf(error)}.`,
			'Name a file that exists and that you may read, or a failure by its id, such as E0514.'
		);
	}
	if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return new TextDecoder().decode(bytes);
	try {
		return new TextDecoder().decode(await promisify(gunzip)(bytes, {maxOutputLength: mostBytes}));
	} catch {
		throw new UsageError(
			'damaged-input',
			`${file ?? 'Standard input'} is gzip data that cannot be unpacked.`,
			'Fetch or copy the file again.'
		);
	}
}

async function readStdin(): Promise<Buffer> {
	const chunks: Buffer[] = [];
	for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
	return Buffer.concat(chunks);
}
