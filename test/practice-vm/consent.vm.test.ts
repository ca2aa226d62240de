import {execFileSync} from 'node:child_process';
import {existsSync, mkdirSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, test} from 'vitest';
import {emptyPlace} from './practice.ts';
import {openWizard, press} from './wizard.ts';

/** In a mount namespace of its own, the programs named are none. */
const without = (programs: readonly string[]): readonly string[] => [
	...['unshare', '--mount', 'sh', '-euc'],
	`for one in ${programs.join(' ')}; do mount --bind /dev/null "$(command -v "$one")"; done; exec "$@"`,
	'sh'
];

describe('what it takes is agreed to first', () => {
	test('nothing is made, installed or fetched without a yes; the costs and the command are seen', async () => {
		const at = emptyPlace();
		const wizard = openWizard(at, ['practice'], {before: without(['debootstrap', 'qemu-system-x86_64'])});
		await wizard.waitFor(' ❯ Go on');
		expect(wizard.screen()).toMatch(/ {3}fetched +about 550 MB\n {3}disk +4\.5 GB/);
		expect(wizard.screen()).toMatch(/ {3}mirror +(?:https?:\/\/\S+|debootstrap’s own; --mirror URL names another)\n/);
		expect(wizard.screen()).toMatch(/ debootstrap\s+qemu-system-x86\n {3}why(?:, as root)?: /);
		wizard.type('b');
		await press(wizard, 'Start the practice VM', 'q');
		expect((await wizard.exit).exitCode).toBe(1);
		expect(existsSync(at.root)).toBe(false);
		expect(existsSync(join(at.folder, 'stamps.json'))).toBe(false);
	});

	test('a mirror that does not answer: cause and cure, then the decision', async () => {
		const wizard = openWizard(emptyPlace(), ['practice', '--mirror', 'http://127.0.0.1:9/debian']);
		await press(wizard, 'mirror      http://127.0.0.1:9/debian', '\r');
		await wizard.waitFor('debootstrap could not read http://127.0.0.1:9/debian');
		expect(wizard.screen()).toContain('linux-rust-setup practice --mirror URL');
		expect(wizard.screen()).toContain('more linux-rust-setup explain practice.mirror');
		await press(wizard, 'Look again and go on from there', '\r');
		await press(wizard, /Start it\?[\s\S]* ❯ Start the practice VM/, 'q');
		expect((await wizard.exit).exitCode).toBe(1);
	});

	test('a full disk is said before anything is fetched', async () => {
		const at = emptyPlace();
		mkdirSync(at.cache, {recursive: true});
		execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64m', 'tmpfs', at.cache]);
		const wizard = openWizard(at, ['practice']);
		await press(wizard, ' ❯ Go on', '\r');
		await wizard.waitFor(/practice mode needs 4\.5 GB below/);
		wizard.type('q');
		expect((await wizard.exit).exitCode).toBe(1);
	});
});
