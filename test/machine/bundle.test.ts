import {spawnSync} from 'node:child_process';
import {createHash} from 'node:crypto';
import {chownSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {beforeAll, describe, expect, it} from 'vitest';
import {buildProgram, makePlace} from '../support/program.ts';
import {scratchFolder} from '../support/scratch.ts';

const bundle = join(import.meta.dirname, '../../src/machine/bundle.ts');

/** Loads a part in a process of its own, calls its `answer` and prints what that gives. */
const caller = `
	const [, file, folder, cache, wait] = process.argv;
	const {openBundle} = await import(file);
	const {load, keepCompiledCode} = openBundle(folder, cache);
	keepCompiledCode();
	console.log(load('./part.cjs').answer());
	if (wait !== undefined) {
		await new Promise(resolve => setTimeout(resolve, Number(wait)));
		process.kill(process.pid, 'SIGKILL');
	}
`;

/** A bundle of one part whose `answer` is the word; all parts of words of one length have one length, which is all that V8 looks at. */
function makeBundle(word: string) {
	const [folder, cache] = [scratchFolder(), join(scratchFolder(), 'below/cache')];
	const kept = join(cache, 'part.cjs');
	const write = (answer: string): void => {
		const text = `(function (exports, require, module) {
			exports.answer = () => ${JSON.stringify(answer)};
			exports.other = () => 'what nobody calls';
		})\n`;
		writeFileSync(join(folder, 'part.cjs'), `${text}//${createHash('sha256').update(text).digest('hex')}`);
	};
	write(word);
	return {
		kept,
		write,
		answer(...wait: string[]): string {
			const {stdout, stderr} = spawnSync(
				process.execPath,
				['--input-type=module', '--disable-warning=ExperimentalWarning', '-e', caller, bundle, folder, cache, ...wait],
				{encoding: 'utf8'}
			);
			return stdout.trim() + stderr;
		}
	};
}

/** A kept file that was used stays; one that was not is replaced. */
const inode = (file: string): number => statSync(file).ino;

describe('code that was compiled before', () => {
	it('is kept with what was called, and used by the next run', () => {
		const one = makeBundle('the answer');
		expect(one.answer()).toBe('the answer');
		const kept = readFileSync(one.kept);
		expect([kept.includes('the answer'), kept.includes('what nobody calls')]).toEqual([true, false]);
		expect(statSync(one.kept).mode & 0o777).toBe(0o600);
		const before = inode(one.kept);
		expect(one.answer()).toBe('the answer');
		expect(inode(one.kept)).toBe(before);
	});

	it('is kept of a run that had begun, however that ends', () => {
		const one = makeBundle('the answer');
		expect(one.answer('3000')).toBe('the answer');
		expect(readFileSync(one.kept).includes('the answer')).toBe(true);
	});

	it('is not used for another text of the same length', () => {
		const one = makeBundle('one answer');
		one.answer();
		one.write('two answer');
		expect(one.answer()).toBe('two answer');
		expect(one.answer()).toBe('two answer');
	});

	it('counts as not kept where it is damaged', () => {
		const one = makeBundle('the answer');
		one.answer();
		const whole = readFileSync(one.kept);
		const half = (whole.length - 64) / 2;
		const damaged = [
			Buffer.alloc(0),
			Buffer.alloc(whole.length),
			whole.subarray(0, -1),
			whole.subarray(-64),
			...[10, 40, half - 50, half - 1, half + 40, whole.length - 65, whole.length - 1].map(at =>
				whole.with(at, 255 - (whole[at] ?? 0))
			)
		];
		for (const bytes of damaged) {
			writeFileSync(one.kept, bytes);
			expect(one.answer()).toBe('the answer');
			expect(readFileSync(one.kept).length).toBeGreaterThan(1000);
		}
	});

	it.runIf(process.getuid?.() === 0)('counts as not kept where another user wrote it', () => {
		const one = makeBundle('the answer');
		one.answer();
		chownSync(one.kept, 65_534, 65_534);
		expect(one.answer()).toBe('the answer');
		expect(statSync(one.kept).uid).toBe(0);
	});

	it('is done without where it cannot be kept', () => {
		const one = makeBundle('the answer');
		writeFileSync(join(one.kept, '../../..', 'below'), 'a file in place of a folder');
		expect(one.answer()).toBe('the answer');
		expect(existsSync(one.kept)).toBe(false);
	});
});

describe('the program', () => {
	beforeAll(buildProgram, 60_000);

	it('keeps the code of the parts that ran, and starts from it', async () => {
		const [place, home] = [makePlace(), scratchFolder()];
		const environment = {HOME: home};
		const compiled = join(home, '.cache/linux-rust-setup/compiled');
		await place.run(['check'], {environment});
		expect(readdirSync(compiled).sort()).toEqual(['cli.cjs', 'commands-check.cjs']);
		const before = inode(join(compiled, 'commands-check.cjs'));
		await place.run(['check'], {environment});
		expect(inode(join(compiled, 'commands-check.cjs'))).toBe(before);
	});

	it('keeps nothing where a package manager runs it', async () => {
		const [place, home] = [makePlace(), scratchFolder()];
		await place.run(['check', '--hook'], {environment: {HOME: home}});
		expect(readdirSync(home)).toEqual([]);
	});
});
