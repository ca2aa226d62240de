import {describe, expect, test} from 'vitest';
import type {RecipeQuestion} from '../../src/model/recipe.ts';
import {keys} from '../support/virtual-terminal.ts';
import {afterBoot, buildDecision, openApp} from './fake-walk.tsx';

const recipe: Extract<RecipeQuestion, {kind: 'recipe'}> = {
	kind: 'recipe',
	folder: '/home/me/linux-rust',
	digest: 'ab'.repeat(32),
	facts: [
		{label: 'commit', value: '669dcd6a1b2c of 2026-11-20 by Ada: 7.2.13'},
		{label: 'reviewed', value: 'never here'}
	],
	flags: [
		{
			id: 'network.download',
			severity: 'red',
			file: 'PKGBUILD',
			line: 19,
			text: 'curl https://example.org/x | sh',
			why: 'This fetches something unchecked.'
		},
		{id: 'sums.skip', severity: 'amber', file: 'PKGBUILD', line: 4, text: 'SKIP', why: 'Nothing checks it.'}
	],
	difference: undefined,
	files: [{path: 'PKGBUILD', text: Array.from({length: 40}, (_, index) => `line ${index + 1}`).join('\n')}]
};

async function asking(question: RecipeQuestion, given: Omit<Parameters<typeof openApp>[0], 'looks'> = {}) {
	const app = openApp({looks: [buildDecision, afterBoot], ...given});
	await app.settle();
	await app.press(keys.enter);
	const cancelling = new AbortController();
	const answer = app.desk.questions.ask(question, cancelling.signal);
	await app.settle();
	return {...app, answer, stop: () => cancelling.abort()};
}

describe('a recipe before it runs', () => {
	test('flags first, the red before the amber, then the question', async () => {
		const app = await asking(recipe);
		const screen = app.screen();
		expect(screen).toMatch(/What to look at {2}1 of 2[\s\S]*1 red, 1 amber[\s\S]*red {2}PKGBUILD:19\n {3}curl/);
		expect(screen.indexOf('PKGBUILD:19')).toBeLessThan(screen.indexOf('PKGBUILD:4'));
		expect(screen).toMatch(/1 red flag\. Understood, and may it run\?\n y yes, build it {2}n no, run nothing/);
		app.app.unmount();
	});

	test('the files with their lines; pages turn, lines scroll', async () => {
		const app = await asking(recipe);
		expect(await app.press(keys.right)).toMatch(/PKGBUILD {2}2 of 2 {2}lines 1 to 19 of 40\n {3}1 line 1\n/);
		expect(await app.press(keys.end)).toMatch(/lines 22 to 40 of 40/);
		app.app.unmount();
	});

	test('a long line is shown to its end', async () => {
		const app = await asking({...recipe, files: [{path: 'PKGBUILD', text: `x=${'a'.repeat(200)} # the end`}]});
		expect(await app.press(keys.right)).toContain('# the end');
		app.app.unmount();
	});

	test('what changed since the last review has a page of its own', async () => {
		const app = await asking({...recipe, difference: '-pkgver=1\n+pkgver=2\n'});
		expect(await app.press(keys.right)).toMatch(
			/What changed since your last review {2}2 of 3\n -pkgver=1\n \+pkgver=2/
		);
		app.app.unmount();
	});

	test.each([
		['y', true],
		['n', false],
		['\u001b', false]
	])('%j answers %s', async (key, agreed) => {
		const app = await asking(recipe);
		await app.press(key);
		expect(await app.answer).toEqual({agreed});
		expect(app.screen()).not.toContain('may it run?');
		app.app.unmount();
	});

	test('Enter, and keys pressed before it was asked, answer nothing', async () => {
		const app = openApp({looks: [buildDecision, afterBoot]});
		await app.settle();
		await app.press(keys.enter);
		await app.press('yyy\r');
		const answer = app.desk.questions.ask(recipe, new AbortController().signal);
		await app.press('\r');
		const first = await Promise.race([answer, new Promise(resolve => setTimeout(() => resolve('nothing'), 100))]);
		expect(first).toBe('nothing');
		expect(app.screen()).toContain('may it run?');
		app.app.unmount();
	});

	test('a run that is stopped is a no', async () => {
		const app = await asking(recipe);
		app.stop();
		expect(await app.answer).toEqual({agreed: false});
		app.app.unmount();
	});

	test.each([
		[40, 12],
		[20, 6]
	])('%ix%i: never higher than the terminal, and the answers are there', async (columns, rows) => {
		const app = await asking(recipe, {columns, rows});
		const lines = app.screen().split('\n');
		expect(lines.length).toBeLessThan(rows);
		expect(lines.at(-1)).toMatch(/^ y n/);
		app.app.unmount();
	});
});

test('a key: its fingerprint whole, whose it is, and the command', async () => {
	const app = await asking({
		kind: 'key',
		fingerprint: '647F28654894E3BD457199BE38DBBDC86092693E',
		owner: 'Greg Kroah-Hartman',
		command: 'gpg --batch --recv-keys 647F28654894E3BD457199BE38DBBDC86092693E'
	});
	const screen = app.screen();
	expect(screen).toMatch(/fingerprint {2}647F 2865 4894 E3BD 4571 {2}99BE 38DB BDC8 6092 693E\n/);
	expect(screen).toMatch(/owner {8}Greg Kroah-Hartman\n/);
	expect(screen).toContain('gpg --batch --recv-keys 647F28654894E3BD457199BE38DBBDC86092693E');
	expect(screen).toMatch(/Trust this key, and import it\?\n y yes, import it {2}n no, run nothing/);
	app.app.unmount();
});
