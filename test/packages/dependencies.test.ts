import {execFileSync} from 'node:child_process';
import {expect, test} from 'vitest';
import {performInstallBuildDependencies} from '../../src/actions/install-build-dependencies.ts';
import type {Stage} from '../../src/actions/stage.ts';
import {agreedBeforehand} from '../../src/commands/perform.ts';
import type {RecipeQuestion} from '../../src/model/recipe.ts';
import {planScript} from '../../src/plain/script.ts';
import {fakeStage} from '../actions/fake-stage.ts';
import {scratchFolder} from '../support/scratch.ts';
import {planOf, tinyRecipe, writeRecipe} from './aur.ts';

const info = `pkgbase = linux-rust
	pkgver = 7.2.13
	pkgrel = 1
	makedepends = bc
	makedepends = rust>=1.85

pkgname = linux-rust
`;

/** A stage whose makepkg declares two dependencies, and whose pacman has what is not in `missing`. */
async function installing(missing: readonly string[], parts: Parameters<typeof fakeStage>[0] = {}) {
	const folder = scratchFolder();
	writeRecipe(`${folder}/recipe`, {PKGBUILD: tinyRecipe()});
	const {actions, recipe} = planOf(folder);
	const {stage, noted} = fakeStage({...parts, programs: {bash: {output: info}, ...parts.programs}});
	const {recipeNow} = await import('../../src/actions/recipe-consent.ts');
	const now = await recipeNow(stage.reader, recipe);
	const reader: Stage['reader'] = {
		...stage.reader,
		which: async () => ({status: 'found', value: '/usr/bin/makepkg'}),
		probe: async () => ({
			status: 'found',
			value: {stdout: missing.map(one => `${one}\n`).join(''), stderr: '', code: missing.length === 0 ? 0 : 127}
		})
	};
	const action = actions.find(one => one.kind === 'install-build-dependencies');
	if (action === undefined || !now.ok) throw new Error('no plan');
	const consents = new Map([[recipe.folder, {digest: now.digest, place: recipe.folder}]]);
	const root = {
		argv: ['pacman'],
		as: 'root',
		terminal: 'handed-over',
		interrupt: 'never',
		why: 'for the build'
	} as const;
	const outcome = await performInstallBuildDependencies(action.build, root, {...stage, reader}, consents);
	return {outcome, ...noted};
}

test('what is there is not installed, and root is not asked for', async () => {
	const {outcome, ran, handedOver} = await installing([], {handOver: true});
	expect(outcome).toEqual({kind: 'ok'});
	expect([ran, handedOver]).toEqual([[expect.stringMatching(/^bash [\s\S]*source \.\/PKGBUILD/)], []]);
});

test('what bash alone does not understand, makepkg is asked', async () => {
	const {outcome, ran} = await installing([], {programs: {bash: {output: ''}, makepkg: {output: info}}});
	expect(outcome).toEqual({kind: 'ok'});
	expect(ran.at(-1)).toBe('makepkg --printsrcinfo');
});

test('what is missing is installed by one command on the user’s terminal, where pacman asks', async () => {
	const {outcome, ran, handedOver} = await installing(['rust>=1.85'], {handOver: true});
	expect(outcome).toEqual({kind: 'ok'});
	expect(ran.at(-1)).toBe('pacman -S --needed --asdeps -- rust>=1.85');
	expect(handedOver).toEqual([expect.stringMatching(/^sudo pacman -S --needed --asdeps -- 'rust>=1\.85'\n {3}why: /)]);
});

test('where nobody is asked: behind sudo -n, and refused with the command where that gives no root', async () => {
	const given = await installing(['bc'], {root: [true]});
	expect(given.outcome).toEqual({kind: 'ok'});
	expect(given.ran.at(-1)).toBe('pacman -S --needed --asdeps --noconfirm -- bc');
	const refused = await installing(['bc'], {root: [false]});
	expect(refused.outcome).toMatchObject({
		kind: 'refused',
		command: 'sudo pacman -S --needed --asdeps --noconfirm -- bc'
	});
});

test('pacman that fails is explained', async () => {
	const {outcome} = await installing(['bc'], {
		root: [true],
		programs: {
			pacman: {output: 'error: target not found: bc\n', exit: {kind: 'exited', code: 1}}
		}
	});
	expect(outcome).toMatchObject({kind: 'failed', trouble: {cause: {id: 'pkg.target'}}});
});

test('the script stops where the recipe is to be read, and goes on when told that this was done', () => {
	const {actions} = planOf('/home/me', {kind: 'git', url: 'https://aur.archlinux.org/linux-rust.git'});
	const verdict = {
		status: 'todo',
		reason: 'kernel.rust-off',
		summary: 's',
		question: 'q',
		evidence: [],
		remedies: []
	} as const;
	const script = planScript([{step: {id: 'kernel', question: 'q', verdict}, plan: {ok: true, actions}}], {
		asRoot: false,
		version: '1',
		at: '2026-11-23'
	});
	execFileSync('sh', ['-n'], {input: script});
	expect(script).toMatch(
		/if \[ ! -e \S+\/PKGBUILD \]; then\n[\s\S]*git clone [\s\S]*\nfi\n[\s\S]*\[ "\$\{REVIEWED:-\}" = yes \] \|\| \{ echo .* exit 4; \}\n[\s\S]*makepkg --force/
	);
});

test('a key is never agreed to beforehand, not even with --reviewed', async () => {
	const key: RecipeQuestion = {kind: 'key', fingerprint: 'AB'.repeat(20), owner: undefined, command: 'gpg --import x'};
	expect(await agreedBeforehand({yes: true, reviewed: 'ab'.repeat(32)})(key)).toMatchObject({
		agreed: false,
		why: expect.stringContaining('(gpg --import x)')
	});
});
