import {existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {describe, expect, test} from 'vitest';
import type {Stage} from '../../src/actions/stage.ts';
import {createLocalReader} from '../../src/machine/reader.ts';
import type {Exit, Runner} from '../../src/model/machine.ts';
import {plainStage} from '../../src/plain/stage.ts';
import {practicePaths} from '../../src/practice/paths.ts';
import {preparePractice} from '../../src/practice/prepare.ts';
import {scratchFolder} from '../support/scratch.ts';
import {phases} from './phases.ts';

const shown = (name: string): string => readFileSync(join(import.meta.dirname, '../fixtures/practice', name), 'utf8');

/** Enough lines to be a configuration. */
const config = (rust: string): string =>
	`${rust}\nCONFIG_CC_VERSION_TEXT="x86_64-linux-gnu-gcc-16 (Debian 16.2.0-3) 16.2.0"\nCONFIG_MODULES=y\nCONFIG_64BIT=y\n`;
const withRust = config(
	'CONFIG_RUST=y\nCONFIG_RUSTC_VERSION_TEXT="rustc 1.97.1 (8bab26f4f 2026-07-14) (built from a source tarball)"'
);

type Suite = {readonly packages: string; readonly config: string};
const built = '7.2.13-practice';
const forky: Suite = {packages: shown('forky-7.2.12.txt'), config: withRust};
const sid: Suite = {packages: shown('sid-7.2.13.txt'), config: withRust};
const ahead = (suite: Suite): Suite => ({
	...suite,
	packages: suite.packages.replaceAll('1.97.1+dfsg1', '1.98.1+dfsg1')
});

/** A fake machine: it makes the folders that debootstrap, mv and the rebuild would make, and notes down what was run. */
function fakeMachine(suites: Readonly<Record<string, Suite>>, fails?: {test(line: string): boolean}) {
	const cache = scratchFolder();
	const host = createLocalReader({environment: {...process.env, XDG_CACHE_HOME: cache}});
	const paths = practicePaths(host);
	const ran: string[] = [];
	let failing = fails;
	let made = '';
	const answer = (words: readonly string[]): string => {
		const line = words.join(' ');
		const current = suites[made];
		if (line.includes('debootstrap')) {
			made = words[words.indexOf('--variant=minbase') + 1] ?? '';
			mkdirSync(paths.rootPart, {recursive: true});
		} else if (words[0] === 'mv') renameSync(words.at(-2) ?? '', words.at(-1) ?? '');
		else if (words.at(-4) === 'rm' && !line.includes('chroot'))
			rmSync(words.at(-1) ?? '', {recursive: true, force: true});
		else if (line.includes('apt-cache show')) return current?.packages ?? '';
		else if (line.includes('dpkg-deb')) return current?.config ?? '';
		else if (line.includes('tinyconfig')) return '';
		else if (line.includes('kernelrelease')) {
			const kdir = join(paths.root, 'usr/lib/linux-rust-setup', built);
			for (const file of ['Makefile', 'rust/libcore.rmeta', 'scripts/target.json']) {
				mkdirSync(dirname(join(kdir, file)), {recursive: true});
				writeFileSync(join(kdir, file), 'metadata');
			}
			return `built ${built}\n`;
		} else if (line.includes('--print-uris')) return "'http://mirror.example/a.deb' a.deb 480000000 MD5Sum:0\n";
		else if (line.includes('install --yes')) {
			const headers = words.find(word => word.startsWith('linux-headers-')) ?? '';
			const file = join(paths.root, 'usr/src', headers, '.config');
			mkdirSync(dirname(file), {recursive: true});
			writeFileSync(file, current?.config ?? '');
		} else if (line.includes('target.json') && line.includes('.part')) {
			const kdir = words.find(word => word.startsWith('/usr/lib/linux-rust-setup/')) ?? '';
			mkdirSync(join(paths.root, kdir), {recursive: true});
			writeFileSync(join(paths.root, kdir, 'Makefile'), 'x');
			for (const file of ['rust/libcore.rmeta', 'scripts/target.json']) {
				mkdirSync(dirname(join(paths.root, kdir, file)), {recursive: true});
				writeFileSync(join(paths.root, kdir, file), 'metadata');
			}
		}
		return '';
	};
	const runner: Runner = {
		async run(command, options) {
			const line = command.argv.join(' ');
			if (failing?.test(line)) {
				options?.onOutput?.('E: something failed\n');
				return {exit: Promise.resolve<Exit>({kind: 'exited', code: 1}), cancel() {}};
			}
			ran.push(line);
			const output = answer(command.argv);
			if (output !== '') options?.onOutput?.(output);
			return {exit: Promise.resolve<Exit>({kind: 'exited', code: 0}), cancel() {}};
		},
		canBeRoot: async () => true,
		followKernelLog: async () => ({source: undefined, why: 'a fake'}),
		writeNew: async () => ({ok: true, written: []}),
		newLog: async name => join(cache, name)
	};
	const said: string[] = [];
	const begun: string[] = [];
	const cancelling = new AbortController();
	const plain = plainStage({
		reader: host,
		runner,
		remember: async () => undefined,
		voice: {say: text => said.push(text), remark: text => said.push(text)},
		signal: cancelling.signal,
		mayAsk: () => false
	});
	const stage: Stage = {
		...plain,
		emit(event) {
			if (event.kind === 'phase') begun.push(event.text);
			plain.emit(event);
		}
	};
	return {
		paths,
		said,
		/** The phases of all that was done. */
		begun,
		/** What was run since the last look. */
		taken: () => ran.splice(0),
		mend: () => (failing = undefined),
		prepare: (mirror: string | undefined = 'http://mirror.example/debian') =>
			preparePractice({stage, paths, host, mirror, jobs: 2})
	};
}

const count = (lines: readonly string[], part: string): number => lines.filter(line => line.includes(part)).length;

describe('the practice root', () => {
	test('is made once, and then found whole', async () => {
		const machine = fakeMachine({forky});
		const first = await machine.prepare();
		expect(first).toMatchObject({
			ok: true,
			practice: {release: '7.2.12+deb14-amd64', kdir: '/usr/lib/linux-rust-setup/7.2.12+deb14-amd64'}
		});
		expect(count(machine.taken(), 'debootstrap')).toBe(1);
		expect(machine.said.join('')).toContain('480 MB are fetched now');
		expect(await machine.prepare()).toEqual(first);
		expect(machine.taken()).toEqual([]);
	});

	test('takes the mirror it was told, and sid’s script where debootstrap knows no forky', async () => {
		const machine = fakeMachine({forky});
		await machine.prepare('http://mirror.example/other');
		const line = machine.taken().find(one => one.includes('debootstrap')) ?? '';
		expect(line).toMatch(/--variant=minbase forky \S+root\.part http:\/\/mirror\.example\/other( \S+\/sid)?$/);
	});

	test('is refused where the mirror is none', async () => {
		expect(await fakeMachine({forky}).prepare('nonsense')).toEqual({
			ok: false,
			outcome: {
				kind: 'refused',
				why: '--mirror nonsense is no address to fetch packages from; it begins with http:// or https://'
			}
		});
	});
});

describe('the suite', () => {
	test.each([
		['whose kernel has no Rust', {...forky, config: config('# CONFIG_RUST is not set')}, 'is built without Rust'],
		['whose compiler has moved ahead of its kernel', ahead(forky), 'the suite has moved on to rustc 1.98.1']
	])('%s is left for the next one', async (_what, other, said) => {
		const machine = fakeMachine({forky: other, sid});
		expect(await machine.prepare()).toMatchObject({ok: true, practice: {release: '7.2.13+deb14-amd64'}});
		expect(machine.said.join('')).toContain(said);
		expect(count(machine.taken(), 'linux-binary-7.2.12')).toBe(0);
	});

	test('none of which has the compiler of its kernel: said of each, and a small kernel is built, once', async () => {
		const machine = fakeMachine({forky: ahead(forky), sid: ahead(sid)});
		const first = await machine.prepare();
		expect(first).toMatchObject({
			ok: true,
			practice: {release: built, kdir: `/usr/lib/linux-rust-setup/${built}`}
		});
		const said = machine.said.join('');
		expect(said).toMatch(/forky will not do: 7\.2\.12[\s\S]*sid will not do: 7\.2\.13[\s\S]*a small kernel is built/);
		const ran = machine.taken();
		expect([count(ran, ' bzImage modules'), count(ran, 'metadata.mk -j')]).toEqual([1, 0]);
		expect(ran.find(line => line.includes('tools/testing'))).toContain('/usr/src/linux-source-7.2.tar.xz');
		expect(await machine.prepare()).toEqual(first);
		expect(machine.taken()).toEqual([]);
	});

	test('and whose small kernel lost a file: it is built again, or left for a suite that will do by now', async () => {
		const suitesThen: Record<string, Suite> = {forky: ahead(forky), sid: ahead(sid)};
		const machine = fakeMachine(suitesThen);
		await machine.prepare();
		rmSync(join(machine.paths.root, 'usr/lib/linux-rust-setup', built, 'rust/libcore.rmeta'));
		machine.taken();
		expect(await machine.prepare()).toMatchObject({ok: true, practice: {release: built}});
		expect(count(machine.taken(), ' bzImage modules')).toBe(1);
		rmSync(join(machine.paths.root, 'usr/lib/linux-rust-setup', built, 'rust/libcore.rmeta'));
		suitesThen['forky'] = forky;
		expect(await machine.prepare()).toMatchObject({ok: true, practice: {release: '7.2.12+deb14-amd64'}});
	});

	test('none of which can build one either: each one’s reason', async () => {
		const bare: Suite = {...forky, packages: forky.packages.replace(/Package: linux-source\n[\s\S]*?\n\n/, '')};
		const result = await fakeMachine({forky: ahead(bare), sid: ahead(bare)}).prepare();
		expect(result).toMatchObject({ok: false, outcome: {kind: 'refused'}});
		expect(JSON.stringify(result)).toMatch(/forky: .*sid: /);
	});
});

describe('interrupted', () => {
	test.each([
		['while the base is made', /debootstrap/, 1],
		['while packages are installed', /install --yes/, 0],
		['while the metadata is compiled', /metadata\.mk -j/, 0]
	])('%s, the next start goes on from the last whole stage', async (_when, fails, bases) => {
		const machine = fakeMachine({forky}, fails);
		expect(await machine.prepare()).toMatchObject({ok: false, outcome: {kind: 'failed'}});
		machine.taken();
		machine.mend();
		expect(await machine.prepare()).toMatchObject({ok: true});
		const again = machine.taken();
		expect(count(again, 'debootstrap')).toBe(bases);
		expect(count(again, 'metadata.mk -j')).toBe(1);
	});

	test('while the root of a suite that will not do is removed: what is left of that counts no more', async () => {
		let removals = 0;
		const machine = fakeMachine(
			{forky: ahead(forky), sid},
			{test: line => /rm -rf \S+ \S+\/root$/.test(line) && ++removals === 2}
		);
		expect(await machine.prepare()).toMatchObject({ok: false, outcome: {kind: 'failed'}});
		expect(JSON.parse(readFileSync(machine.paths.stamps, 'utf8'))).not.toHaveProperty('suite');
		expect(await machine.prepare()).toMatchObject({ok: true, practice: {release: '7.2.13+deb14-amd64'}});
	});

	test('a root that was removed by hand is made again', async () => {
		const machine = fakeMachine({forky});
		await machine.prepare();
		machine.taken();
		rmSync(machine.paths.root, {recursive: true});
		expect(await machine.prepare()).toMatchObject({ok: true});
		expect(count(machine.taken(), 'debootstrap')).toBe(1);
		expect(existsSync(machine.paths.root)).toBe(true);
	});

	test.each([
		['is gone', (kdir: string) => rmSync(kdir, {recursive: true})],
		['lost a file', (kdir: string) => rmSync(join(kdir, 'rust/libcore.rmeta'))],
		['was cut off', (kdir: string) => writeFileSync(join(kdir, 'scripts/target.json'), 'meta')]
	])('metadata that %s is made again, and nothing else', async (_what, harm) => {
		const machine = fakeMachine({forky});
		const first = await machine.prepare();
		machine.taken();
		if (!first.ok) throw new Error('not made');
		harm(join(machine.paths.root, first.practice.kdir ?? ''));
		expect(await machine.prepare()).toMatchObject({ok: true});
		const again = machine.taken();
		expect([count(again, 'debootstrap'), count(again, 'install'), count(again, 'metadata.mk -j')]).toEqual([0, 0, 1]);
	});
});

test('every phase has its row among those that are interrupted for real, and every row its phase', async () => {
	const machines = [fakeMachine({forky}), fakeMachine({forky: ahead(forky), sid: ahead(sid)})];
	const begun: string[] = [];
	for (const machine of machines) {
		await machine.prepare();
		begun.push(...machine.begun);
	}
	const titles = phases.map(phase => phase.title);
	expect(begun.filter(text => !titles.some(title => title.test(text)))).toEqual([]);
	expect(titles.filter(title => !begun.some(text => title.test(text)))).toEqual([]);
});
