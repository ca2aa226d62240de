import {existsSync, readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, test} from 'vitest';
import {bundleProgram} from '../support/bundle.ts';
import {borrowRoot, emptyFolder, ofPractice, run} from './practice.ts';
import {firstQuestion, later, openWizard, press, sign, soon, type Wizard} from './wizard.ts';

const place = borrowRoot();

/** From the first decision in the practice machine to a module that spoke and was unloaded. */
async function walkWithNumbers(wizard: Wizard): Promise<void> {
	await press(wizard, firstQuestion, '2\r', later);
	await press(wizard, 'Name of the module', '\r');
	await press(wizard, 'Enter write them', '\r');
	await press(wizard, 'numbers is not built yet. Build it', '\r', later);
	await press(wizard, 'Load it and watch the kernel log?', '\r', later);
	await wizard.waitFor(/▌ +\d+\.\d{3} {2}Rust out-of-tree sample \(init\)/, later);
	await press(wizard, 'u unload', 'u');
	await wizard.waitFor('Your module spoke in a running kernel.', later);
}

describe('practice by keys', () => {
	test('from its start to the module’s words; q throws the guest away and all done is 0', async () => {
		const cwd = emptyFolder();
		const wizard = openWizard(place, ['practice'], {cwd});
		await walkWithNumbers(wizard);
		expect(wizard.screen()).toMatch(sign);
		// the receipt
		await wizard.waitFor(/▌ +\d+\.\d{3} {2}My numbers are \[72, 108, 200\]/, soon);
		expect(wizard.text()).toMatch(/ ✔ boot {2}the practice VM runs \d\S+\n {5}\$ linux-rust-setup practice\n/);
		expect(ofPractice(place.folder).length).toBeGreaterThan(0);
		wizard.type('q');
		expect((await wizard.exit).exitCode).toBe(0);
		expect(ofPractice(place.folder)).toEqual([]);
		expect(existsSync(join(cwd, 'numbers/numbers.rs'))).toBe(true);
		expect(readdirSync(join(place.folder, 'guest'))).toEqual([]);
	});

	test('q before the end: 1, the guest is gone, and the way on is said', async () => {
		const wizard = openWizard(place, ['practice']);
		await press(wizard, firstQuestion, 'q', later);
		expect((await wizard.exit).exitCode).toBe(1);
		expect(wizard.text()).toMatch(/Still open: module, build, load\.\nlinux-rust-setup practice goes on from here\.$/);
		expect(ofPractice(place.folder)).toEqual([]);
	});

	test('a second one is refused on its screen, and told by whom', async () => {
		const first = openWizard(place, ['practice']);
		await first.waitFor(firstQuestion, later);
		const second = openWizard(place, ['practice']);
		await press(second, `practice mode is in use already, by process ${first.pid}`, '\r');
		await press(second, 'Start the practice VM', 'q');
		expect((await second.exit).exitCode).toBe(1);
		first.type('q');
		await first.exit;
	});
});

const offersPractice = /"id": "practise"/.test((await run(['check', '--json'], {at: place})).stdout);

describe.runIf(offersPractice)('the wizard, on a machine without a Rust kernel', () => {
	test('offers practising as its default and does it; the walk goes on there, and comes back', async () => {
		const wizard = openWizard(place, []);
		await press(wizard, ' ❯ Practise in a disposable VM, on a real Rust kernel', '\r');
		await wizard.waitFor(firstQuestion, later);
		expect(wizard.screen()).toMatch(sign);
		wizard.type('\u001b[F\r');
		await expect.poll(() => wizard.screen(), {timeout: soon}).not.toMatch(sign);
		await expect.poll(() => wizard.screen(), {timeout: soon}).toContain(' ❯ Practise in a disposable VM');
		expect(ofPractice(place.folder)).toEqual([]);
		wizard.type('q');
		expect((await wizard.exit).exitCode).toBe(1);
	});
});

test('a module is tried in a copy before this machine meets it: what is built here stays, and the walk comes back', async () => {
	const cwd = emptyFolder();
	await bundleProgram('test/practice-vm/programs/try.tsx', join(cwd, 'try.mjs'));
	const folder = join(cwd, 'numbers');
	await run(['practice', '--yes'], {cwd, at: place});
	const built = join(folder, 'numbers.ko');
	writeFileSync(built, 'built for another kernel');
	const wizard = openWizard(place, [folder], {cwd, script: join(cwd, 'try.mjs')});
	await press(wizard, `linux-rust-setup load --on practice`, '\r');
	await press(wizard, 'numbers is not built yet. Build it', '\r', later);
	await press(wizard, 'Load it and watch the kernel log?', '\r', later);
	await press(wizard, 'u unload', 'u', later);
	await press(wizard, 'This machine has not met it yet.', '\r', later);
	await expect.poll(() => wizard.screen(), {timeout: soon}).toContain('Load numbers on this machine?');
	expect(wizard.text()).toMatch(/▌ +\d+\.\d{3} {2}My numbers are \[72, 108, 200\]/);
	expect(readFileSync(built, 'utf8')).toBe('built for another kernel');
	expect(ofPractice(place.folder)).toEqual([]);
	wizard.type('q');
	expect((await wizard.exit).exitCode).toBe(1);
});
